"""The costs of `bp_gui.engine.costs` over a block: its sum, and the error of the output layer."""

from __future__ import annotations

import math

from bp_gui.engine.compiled.codes import COST_CODES, FUSED_CODES
from bp_gui.engine.compiled.elementary import decay, softplus
from bp_gui.engine.compiled.part import part

_HALF_SQUARED = COST_CODES["half_squared_error"]
_MEAN_SQUARED = COST_CODES["mean_squared_error"]
_BINARY = COST_CODES["binary_cross_entropy"]
_CATEGORICAL = COST_CODES["categorical_cross_entropy"]
_BINARY_SIGMOID = FUSED_CODES["binary_cross_entropy", "sigmoid"]
_CATEGORICAL_SOFTMAX = FUSED_CODES["categorical_cross_entropy", "softmax"]


@part
def _times_log(t, y):
    return 0.0 if t == 0.0 else t * math.log(y)


@part
def _over(t, y):
    return 0.0 if t == 0.0 else t / y


@part
def _huber(e):
    size = abs(e)
    return 0.5 * (e * e) if size <= 1.0 else size - 0.5


@part
def _categorical_from_z(t, z, n, m):
    total = 0.0
    for s in range(m):
        largest = z[s]
        for i in range(1, n):
            largest = max(largest, z[i * m + s])
        exponentials = 0.0
        for i in range(n):
            exponentials += decay(z[i * m + s] - largest)
        log_sum = math.log(exponentials)
        for i in range(n):
            t_k = t[i * m + s]
            total += t_k * (log_sum - (0.0 if t_k == 0.0 else z[i * m + s] - largest))
    return total


@part
def cost_sum(code, t, z, a, n, m):
    """Return the sum of all terms of a block; t, z and a (n, m)."""
    count, total = n * m, 0.0
    if code == _HALF_SQUARED:
        for k in range(count):
            e = t[k] - a[k]
            total += 0.5 * (e * e)
    elif code == _MEAN_SQUARED:
        for k in range(count):
            e = t[k] - a[k]
            total += e * e / n
    elif code == _BINARY:
        for k in range(count):
            total -= _times_log(t[k], a[k]) + _times_log(1.0 - t[k], 1.0 - a[k])
    elif code == _CATEGORICAL:
        for k in range(count):
            total -= _times_log(t[k], a[k])
    elif code == _BINARY_SIGMOID:
        for k in range(count):
            line = (1.0 - t[k] if z[k] > 0.0 else -t[k]) * z[k]
            total += line + softplus(-abs(z[k]))
    elif code == _CATEGORICAL_SOFTMAX:
        total = _categorical_from_z(t, z, n, m)
    else:
        for k in range(count):
            total += _huber(t[k] - a[k])
    return total


@part
def output_error(code, t, a, delta, n, m):
    """Write ``∂C/∂a`` of the output layer to ``delta``, or ``∂C/∂z`` where the cost is fused.

    Returns
    -------
    is_fused
        Whether it is ``∂C/∂z``.
    """
    count = n * m
    if code in (_HALF_SQUARED, _BINARY_SIGMOID):
        for k in range(count):
            delta[k] = a[k] - t[k]
    elif code == _MEAN_SQUARED:
        for k in range(count):
            delta[k] = 2.0 * (a[k] - t[k]) / n
    elif code == _BINARY:
        for k in range(count):
            delta[k] = _over(1.0 - t[k], 1.0 - a[k]) - _over(t[k], a[k])
    elif code == _CATEGORICAL:
        for k in range(count):
            delta[k] = -_over(t[k], a[k])
    elif code == _CATEGORICAL_SOFTMAX:
        for s in range(m):
            total = 0.0
            for i in range(n):
                total += t[i * m + s]
            for i in range(n):
                delta[i * m + s] = a[i * m + s] * total - t[i * m + s]
    else:
        for k in range(count):
            e = a[k] - t[k]
            delta[k] = 1.0 if e > 1.0 else (-1.0 if e < -1.0 else e)
    return code in (_BINARY_SIGMOID, _CATEGORICAL_SOFTMAX)
