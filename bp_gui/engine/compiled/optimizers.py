"""The optimizers of `bp_gui.engine.optimizers`, in place."""

from __future__ import annotations

import math

from bp_gui.engine.compiled.codes import OPTIMIZER_CODES
from bp_gui.engine.compiled.part import part
from bp_gui.engine.compiled.pointers import alone, at

_GRADIENT_DESCENT = OPTIMIZER_CODES["gradient_descent"]
_MOMENTUM = OPTIMIZER_CODES["momentum"]
_NESTEROV = OPTIMIZER_CODES["nesterov"]
_ADAGRAD = OPTIMIZER_CODES["adagrad"]
_RMSPROP = OPTIMIZER_CODES["rmsprop"]
_ADAM = OPTIMIZER_CODES["adam"]
_LARGEST = 1.7976931348623157e308


# Up to so many parameters one is changed at a time. Their gradients have only just been written
# one by one, and a processor that reads them as one vector waits until all of them have arrived.
_FEW = 32


@part
def step(code, theta, g, eta, settings, slots, moves, n, P):
    """Make the optimizer's n-th update; return how many entries of θ are no longer finite.

    An entry that ``moves`` does not name stays put, but what the optimizer remembers of it goes on.

    Parameters
    ----------
    code
        Which optimizer.
    theta, g, moves
        θ, the gradient, and 1.0 or 0.0 for every entry; (P,) each.
    eta, settings
        Learning rate, and the optimizer's settings in their order.
    slots
        What it remembers, (slots, P).
    n, P
        The number of this update, counted from 1, and of the parameters.
    """
    rest1 = rest2 = 1.0
    if code == _ADAM:
        rest1, rest2 = 1.0 - math.pow(settings[0], n), 1.0 - math.pow(settings[1], n)
    if P > _FEW:
        return _move(code, theta, g, eta, settings, slots, moves, rest1, rest2, P, P)
    bad = 0
    for p in range(P):
        bad += alone(
            _move(
                code, at(theta, p), at(g, p), eta, settings, at(slots, p), at(moves, p),
                rest1, rest2, 1, P,
            )
        )  # fmt: skip
    return bad


@part
def _move(code, theta, g, eta, settings, slots, moves, rest1, rest2, count, P):
    """Move some entries of θ; the rows of ``slots`` are P apart."""
    bad = 0
    if code == _GRADIENT_DESCENT:
        for p in range(count):
            new = theta[p] - eta * g[p]
            new = new if moves[p] != 0.0 else theta[p]
            theta[p] = new
            bad += 0 if abs(new) <= _LARGEST else 1
    elif code in (_MOMENTUM, _NESTEROV):
        mu = settings[0]
        for p in range(count):
            v = mu * slots[p] - eta * g[p]
            slots[p] = v
            change = v if code == _MOMENTUM else mu * v - eta * g[p]
            new = theta[p] + change if moves[p] != 0.0 else theta[p]
            theta[p] = new
            bad += 0 if abs(new) <= _LARGEST else 1
    elif code in (_ADAGRAD, _RMSPROP):
        kept, added, epsilon = 1.0, 1.0, settings[0]
        if code == _RMSPROP:
            kept, added, epsilon = settings[0], 1.0 - settings[0], settings[1]
        for p in range(count):
            s = kept * slots[p] + added * (g[p] * g[p])
            slots[p] = s
            new = theta[p] - eta * g[p] / (math.sqrt(s) + epsilon)
            new = new if moves[p] != 0.0 else theta[p]
            theta[p] = new
            bad += 0 if abs(new) <= _LARGEST else 1
    else:
        beta1, beta2, epsilon = settings[0], settings[1], settings[2]
        for p in range(count):
            m = beta1 * slots[p] + (1.0 - beta1) * g[p]
            v = beta2 * slots[P + p] + (1.0 - beta2) * (g[p] * g[p])
            slots[p], slots[P + p] = m, v
            new = theta[p] - eta * (m / rest1) / (math.sqrt(v / rest2) + epsilon)
            new = new if moves[p] != 0.0 else theta[p]
            theta[p] = new
            bad += 0 if abs(new) <= _LARGEST else 1
    return bad
