"""The activations of `bp_gui.engine.activations` as loops over a block of numbers.

A block holds a layer's numbers for all samples, (n, m) with the samples side by side. Which
function it is decides once a block, not once a number.
"""

from __future__ import annotations

import math

from bp_gui.engine.activations import LEAK
from bp_gui.engine.compiled.codes import ACTIVATION_CODES
from bp_gui.engine.compiled.elementary import decay, decay_minus_one, sigmoid, softplus, tanh
from bp_gui.engine.compiled.part import part

_SIGMOID = ACTIVATION_CODES["sigmoid"]
_TANH = ACTIVATION_CODES["tanh"]
_LINEAR = ACTIVATION_CODES["linear"]
_RELU = ACTIVATION_CODES["relu"]
_LEAKY_RELU = ACTIVATION_CODES["leaky_relu"]
_ELU = ACTIVATION_CODES["elu"]
_SOFTPLUS = ACTIVATION_CODES["softplus"]
_GELU = ACTIVATION_CODES["gelu"]
_SILU = ACTIVATION_CODES["silu"]
_GELU_SCALE = math.sqrt(2.0 / math.pi)
_GELU_CUBE = 0.044715
_GELU_FLAT = 10.0
_SIGMOID_FLAT = 1000.0


@part
def _held(z, limit):
    """Return z, or the limit with its sign; NaN stays NaN."""
    return limit if z > limit else (-limit if z < -limit else z)


@part
def _gelu_tangent(z):
    near = _held(z, _GELU_FLAT)
    return tanh(_GELU_SCALE * (near + _GELU_CUBE * (near * near * near)))


@part
def _gelu(z):
    return 0.5 * (0.0 if z < -_GELU_FLAT else z) * (1.0 + _gelu_tangent(z))


@part
def _gelu_slope(z):
    tangent = _gelu_tangent(z)
    near = _held(z, _GELU_FLAT)
    inner_slope = _GELU_SCALE * (1.0 + 3.0 * _GELU_CUBE * (near * near))
    return 0.5 * (1.0 + tangent) + 0.5 * near * (1.0 - tangent * tangent) * inner_slope


@part
def _silu_slope(z):
    s = sigmoid(z)
    return s * (1.0 + _held(z, _SIGMOID_FLAT) * (1.0 - s))


@part
def _softmax(z, a, n, m):
    for s in range(m):
        largest = z[s]
        for i in range(1, n):
            largest = max(largest, z[i * m + s])
        total = 0.0
        for i in range(n):
            e = decay(z[i * m + s] - largest)
            a[i * m + s] = e
            total += e
        for i in range(n):
            a[i * m + s] /= total


@part
def _softmax_pull_back(a, v, n, m):
    for s in range(m):
        mean = 0.0
        for i in range(n):
            mean += a[i * m + s] * v[i * m + s]
        for i in range(n):
            v[i * m + s] = a[i * m + s] * (v[i * m + s] - mean)


@part
def activate(code, z, a, n, m):
    """Write ``f(z)`` to ``a``, both (n, m)."""
    count = n * m
    if code == _SIGMOID:
        for k in range(count):
            a[k] = sigmoid(z[k])
    elif code == _TANH:
        for k in range(count):
            a[k] = tanh(z[k])
    elif code == _LINEAR:
        for k in range(count):
            a[k] = z[k]
    elif code == _RELU:
        for k in range(count):
            a[k] = z[k] if z[k] > 0.0 else 0.0
    elif code == _LEAKY_RELU:
        for k in range(count):
            a[k] = z[k] if z[k] > 0.0 else LEAK * z[k]
    elif code == _ELU:
        for k in range(count):
            a[k] = z[k] if z[k] > 0.0 else decay_minus_one(z[k])
    elif code == _SOFTPLUS:
        for k in range(count):
            a[k] = softplus(z[k])
    elif code == _GELU:
        for k in range(count):
            a[k] = _gelu(z[k])
    elif code == _SILU:
        for k in range(count):
            a[k] = (0.0 if z[k] < -_SIGMOID_FLAT else z[k]) * sigmoid(z[k])
    else:
        _softmax(z, a, n, m)


@part
def pull_back(code, z, a, v, n, m):
    """Replace ``v`` by ``f'(z)ᵀ v``, all (n, m)."""
    count = n * m
    if code == _SIGMOID:
        for k in range(count):
            v[k] = v[k] * (a[k] * (1.0 - a[k]))
    elif code == _TANH:
        for k in range(count):
            v[k] = v[k] * (1.0 - a[k] * a[k])
    elif code == _LINEAR:
        pass
    elif code == _RELU:
        for k in range(count):
            v[k] = v[k] if z[k] > 0.0 else 0.0
    elif code == _LEAKY_RELU:
        for k in range(count):
            v[k] = v[k] if z[k] > 0.0 else LEAK * v[k]
    elif code == _ELU:
        for k in range(count):
            v[k] = v[k] if z[k] > 0.0 else v[k] * (a[k] + 1.0)
    elif code == _SOFTPLUS:
        for k in range(count):
            v[k] = v[k] * sigmoid(z[k])
    elif code == _GELU:
        for k in range(count):
            v[k] = v[k] * _gelu_slope(z[k])
    elif code == _SILU:
        for k in range(count):
            v[k] = v[k] * _silu_slope(z[k])
    else:
        _softmax_pull_back(a, v, n, m)
