"""The optimizers of `bp_gui.engine.optimizers`, in place."""

from __future__ import annotations

import math

from bp_gui.engine.compiled.codes import OPTIMIZER_CODES
from bp_gui.engine.compiled.part import part

_GRADIENT_DESCENT = OPTIMIZER_CODES["gradient_descent"]
_MOMENTUM = OPTIMIZER_CODES["momentum"]
_NESTEROV = OPTIMIZER_CODES["nesterov"]
_ADAGRAD = OPTIMIZER_CODES["adagrad"]
_RMSPROP = OPTIMIZER_CODES["rmsprop"]
_LARGEST = 1.7976931348623157e308


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
    bad = 0
    if code == _GRADIENT_DESCENT:
        for p in range(P):
            new = theta[p] - eta * g[p]
            new = new if moves[p] != 0.0 else theta[p]
            theta[p] = new
            bad += 0 if abs(new) <= _LARGEST else 1
    elif code in (_MOMENTUM, _NESTEROV):
        mu = settings[0]
        for p in range(P):
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
        for p in range(P):
            s = kept * slots[p] + added * (g[p] * g[p])
            slots[p] = s
            new = theta[p] - eta * g[p] / (math.sqrt(s) + epsilon)
            new = new if moves[p] != 0.0 else theta[p]
            theta[p] = new
            bad += 0 if abs(new) <= _LARGEST else 1
    else:
        bad = _adam(theta, g, eta, settings, slots, moves, n, P)
    return bad


@part
def _adam(theta, g, eta, settings, slots, moves, n, P):
    beta1, beta2, epsilon = settings[0], settings[1], settings[2]
    rest1, rest2 = 1.0 - math.pow(beta1, n), 1.0 - math.pow(beta2, n)
    bad = 0
    for p in range(P):
        m = beta1 * slots[p] + (1.0 - beta1) * g[p]
        v = beta2 * slots[P + p] + (1.0 - beta2) * (g[p] * g[p])
        slots[p], slots[P + p] = m, v
        new = theta[p] - eta * (m / rest1) / (math.sqrt(v / rest2) + epsilon)
        new = new if moves[p] != 0.0 else theta[p]
        theta[p] = new
        bad += 0 if abs(new) <= _LARGEST else 1
    return bad
