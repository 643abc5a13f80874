"""Exponentials that the compiler can turn into vector code.

The C library's ``exp`` is one call for one number. These are plain arithmetic without branches, so
that a loop over them runs four or eight numbers at a time, and they are only ever asked for the
exponential of a number that is not positive, which is all that stable activations need.

Source: Cody, Waite, Software Manual for the Elementary Functions (1980), chapter 6: the argument
is reduced to ``x = k ln 2 + r`` with ``|r| ≤ ½ ln 2``. There e^r is ``1 + r + r² p(r)`` with the p
of degree 9 that meets ``(e^r − 1 − r)/r²`` at the ten Chebyshev nodes. It is off by 1.6e-17 of e^r
at most; float64 rounds to 1.1e-16 of it.
"""

from __future__ import annotations

import math

from bp_gui.engine.compiled.part import part
from bp_gui.engine.compiled.pointers import bits_of, number_of

_LOWEST = -746.0  # e^x is 0 from here down
_LOG2_E = 1.0 / math.log(2.0)
_LN2_HIGH = 6.93147180369123816490e-01  # 32 bits of it: k · this is exact
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 · 2^52: adding it leaves the nearest integer in the low bits
_ONE_BITS = 1023 << 52
_C2, _C3, _C4, _C5, _C6, _C7, _C8, _C9, _C10, _C11 = (
    0.5000000000000001,
    0.16666666666666669,
    0.041666666666624164,
    0.008333333333330065,
    0.0013888888917196719,
    0.00019841269863040545,
    2.4801521322368692e-05,
    2.7557268480310024e-06,
    2.7620075879983367e-07,
    2.5100375832561234e-08,
)


@part
def _reduced(x):
    """Return ``(e^r − 1, 2^k)`` for x ≤ 0 or NaN."""
    x = _LOWEST if x < _LOWEST else x
    shifted = x * _LOG2_E + _ROUND
    k = shifted - _ROUND
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    # Two factors, because 2^k alone is not a normal number for the smallest results.
    first = 0.5 * k + _ROUND
    second = (k - (first - _ROUND)) + _ROUND
    scale = number_of((bits_of(first) << 52) + _ONE_BITS)
    rest = number_of((bits_of(second) << 52) + _ONE_BITS)
    r2 = r * r
    r4 = r2 * r2
    low = (_C2 + _C3 * r) + r2 * (_C4 + _C5 * r)
    middle = (_C6 + _C7 * r) + r2 * (_C8 + _C9 * r)
    high = _C10 + _C11 * r
    return r + r2 * (low + r4 * (middle + r4 * high)), scale * rest


@part
def decay(x):
    """Return ``e^x`` for x ≤ 0."""
    p, scale = _reduced(x)
    return scale + scale * p


@part
def decay_minus_one(x):
    """Return ``e^x − 1`` for x ≤ 0, to the last bits also near 0."""
    p, scale = _reduced(x)
    return scale * p + (scale - 1.0)


@part
def sigmoid(z):
    """Return ``1 / (1 + e^(−z))``."""
    e = decay(-abs(z))
    return (1.0 if z >= 0.0 else e) / (1.0 + e)


@part
def tanh(z):
    """Return the hyperbolic tangent, ``−q / (2 + q)`` with ``q = e^(−2|z|) − 1``, signed as z."""
    q = decay_minus_one(-2.0 * abs(z))
    size = -q / (2.0 + q)
    return size if z >= 0.0 else -size


@part
def softplus(z):
    """Return ``ln(1 + e^z)``."""
    return (z if z > 0.0 else 0.0) + math.log1p(decay(-abs(z)))
