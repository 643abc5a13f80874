"""The numerical engine: NumPy only, pure functions on immutable values.

Notation and shapes, stated once for the whole project
------------------------------------------------------
A network has layers ``0 … L``; layer 0 is the input. Layer ``l`` has ``n_l`` neurons.

=============  ====================  ==========================================================
symbol         shape                 meaning
=============  ====================  ==========================================================
``x``          (m, n_0)              inputs, one sample a row; also ``a[0]``
``W[l]``       (n_l, n_{l-1})        weights; row = TO neuron, column = FROM neuron
``b[l]``       (n_l,)                biases
``z[l]``       (m, n_l)              net input ``z_l = W_l a_{l-1} + b_l``
``a[l]``       (m, n_l)              activation ``a_l = f_l(z_l)``; ``a[L]`` is the output
``t``          (m, n_L)              targets
``delta[l]``   (m, n_l)              ``dC_m/dz_l`` of each sample by itself
``dW``, ``db`` as ``W``, ``b``       gradient of the batch cost: the mean over the samples
``theta``      (P,)                  all parameters flat: W_1, b_1, W_2, b_2, … in row order
=============  ====================  ==========================================================

Formulas write one sample as a column vector; arrays hold samples as rows, because that is the
fast order. Layers in formulas and in parameter names count from 1 at the first hidden layer, so
``W[0]`` in code is W₁ on the screen: `bp_gui.engine.names` is the one module that converts.

The cost of a batch is the mean of its samples' costs. All parameters are updated simultaneously,
from gradients taken at the old parameters. Everything is float64 and every array is read-only.
"""
