"""The costs of `bp_gui.engine.costs` over a block: its sum, and the error of the output layer."""

from __future__ import annotations

import math

from bp_gui.engine.compiled.codes import COST_CODES, FUSED_CODES
from bp_gui.engine.compiled.elementary import decay, softplus
from bp_gui.engine.compiled.part import part
from bp_gui.engine.compiled.pointers import at
from bp_gui.engine.compiled.products import clear_padding

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
def _categorical_from_z(t, z, n, m, width):
    total = 0.0
    for s in range(m):
        largest = z[s]
        for i in range(1, n):
            largest = max(largest, z[i * width + s])
        exponentials = 0.0
        for i in range(n):
            exponentials += decay(z[i * width + s] - largest)
        log_sum = math.log(exponentials)
        for i in range(n):
            t_k = t[i * width + s]
            total += t_k * (log_sum - (0.0 if t_k == 0.0 else z[i * width + s] - largest))
    return total


@part
def _terms(code, t, z, a, n, count):
    """Return the sum of some terms of a network with n outputs."""
    total = 0.0
    if code == _HALF_SQUARED:
        for s in range(count):
            e = t[s] - a[s]
            total += 0.5 * (e * e)
    elif code == _MEAN_SQUARED:
        for s in range(count):
            e = t[s] - a[s]
            total += e * e / n
    elif code == _BINARY:
        for s in range(count):
            total -= _times_log(t[s], a[s]) + _times_log(1.0 - t[s], 1.0 - a[s])
    elif code == _CATEGORICAL:
        for s in range(count):
            total -= _times_log(t[s], a[s])
    elif code == _BINARY_SIGMOID:
        for s in range(count):
            line = (1.0 - t[s] if z[s] > 0.0 else -t[s]) * z[s]
            total += line + softplus(-abs(z[s]))
    else:
        for s in range(count):
            total += _huber(t[s] - a[s])
    return total


@part
def cost_sum(code, t, z, a, n, m, width):
    """Return the sum of all terms of a block; t, z and a (n, w), of which m samples count."""
    if code == _CATEGORICAL_SOFTMAX:
        return _categorical_from_z(t, z, n, m, width)
    rows, count = (1, n * m) if m == width else (n, m)
    total = 0.0
    for i in range(rows):
        row = i * width
        total += _terms(code, at(t, row), at(z, row), at(a, row), n, count)
    return total


@part
def output_error(code, t, a, delta, n, m, width):
    """Write ``∂C/∂a`` of the output layer to ``delta``, or ``∂C/∂z`` where the cost is fused.

    Behind the m samples that count it is 0, and so is all that is passed back from there.

    Returns
    -------
    is_fused
        Whether it is ``∂C/∂z``.
    """
    count = n * width
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
        for s in range(width):
            total = 0.0
            for i in range(n):
                total += t[i * width + s]
            for i in range(n):
                delta[i * width + s] = a[i * width + s] * total - t[i * width + s]
    else:
        for k in range(count):
            e = a[k] - t[k]
            delta[k] = 1.0 if e > 1.0 else (-1.0 if e < -1.0 else e)
    clear_padding(delta, n, m, width)
    return code in (_BINARY_SIGMOID, _CATEGORICAL_SOFTMAX)
