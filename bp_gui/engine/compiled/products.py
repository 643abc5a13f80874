"""The three products of a layer: net inputs, errors passed back, and the gradient.

Activations of a batch lie as (n, w): the m samples of one neuron side by side, so that the inner
loop runs over samples and needs no reordering. Rows are filled up to a width w of whole lanes, see
`padded`; what stands there counts for nothing, because δ is 0 there. A single sample is a vector.
From some size on the product belongs to BLAS.
"""

from __future__ import annotations

from bp_gui.engine.compiled.lanes import (
    LANES,
    loaded,
    multiply_add,
    spread,
    store,
    sum_of,
)
from bp_gui.engine.compiled.part import part, part_in_any_order
from bp_gui.engine.compiled.pointers import at, call_gemm

_PLAIN, _TRANSPOSED = 111, 112


@part_in_any_order
def dot(u, v, n):
    """Return ``Σ u v`` over n numbers."""
    total = 0.0
    for k in range(n):
        total += u[k] * v[k]
    return total


@part_in_any_order
def total(u, n):
    """Return ``Σ u`` over n numbers."""
    result = 0.0
    for k in range(n):
        result += u[k]
    return result


@part
def padded(m):
    """Return the width of a row that has room for m samples of a batch."""
    return (m + LANES - 1) // LANES * LANES


@part
def clear_padding(rows, n, m, width):
    """Write 0 behind the m samples of each of n rows."""
    if m < width:
        for i in range(n):
            for s in range(m, width):
                rows[i * width + s] = 0.0


@part
def _combine(out, first, weights, stride, rows, count, width):
    """Write ``first + Σ_j weights[j · stride] rows_j``; out (width,), rows (count, width)."""
    for s in range(0, width, LANES):
        sums = spread(first)
        for j in range(count):
            sums = multiply_add(spread(weights[j * stride]), loaded(at(rows, j * width + s)), sums)
        store(at(out, s), sums)


@part
def _row_sum(row, width):
    sums = spread(0.0)
    for s in range(0, width, LANES):
        sums = multiply_add(spread(1.0), loaded(at(row, s)), sums)
    return sum_of(sums)


@part
def _row_products(row, others, out, count, width, share):
    """Write ``share · row · others_j`` to ``out``, (count,); others (count, width)."""
    j = 0
    while j + 4 <= count:
        rows0, rows1 = at(others, j * width), at(others, (j + 1) * width)
        rows2, rows3 = at(others, (j + 2) * width), at(others, (j + 3) * width)
        sums0 = sums1 = sums2 = sums3 = spread(0.0)
        for s in range(0, width, LANES):
            values = loaded(at(row, s))
            sums0 = multiply_add(values, loaded(at(rows0, s)), sums0)
            sums1 = multiply_add(values, loaded(at(rows1, s)), sums1)
            sums2 = multiply_add(values, loaded(at(rows2, s)), sums2)
            sums3 = multiply_add(values, loaded(at(rows3, s)), sums3)
        out[j], out[j + 1] = share * sum_of(sums0), share * sum_of(sums1)
        out[j + 2], out[j + 3] = share * sum_of(sums2), share * sum_of(sums3)
        j += 4
    while j < count:
        sums = spread(0.0)
        for s in range(0, width, LANES):
            sums = multiply_add(loaded(at(row, s)), loaded(at(others, j * width + s)), sums)
        out[j] = share * sum_of(sums)
        j += 1


@part
def net_inputs(W, b, a, z, n_from, n_to, m, width, gemm, a_by_rows):
    """Write ``z = W a + b``; a (n_from, w), or (w, n_from) when ``a_by_rows``, z (n_to, w)."""
    if width == 1:
        for i in range(n_to):
            z[i] = dot(at(W, i * n_from), a, n_from) + b[i]
        return
    if gemm == 0:
        for i in range(n_to):
            _combine(at(z, i * width), b[i], at(W, i * n_from), 1, a, n_from, width)
        return
    for i in range(n_to):
        for s in range(width):
            z[i * width + s] = b[i]
    if a_by_rows:
        call_gemm(
            gemm, _PLAIN, _TRANSPOSED, n_to, m, n_from, 1.0, W, n_from, a, n_from, 1.0, z, width
        )
    else:
        call_gemm(gemm, _PLAIN, _PLAIN, n_to, m, n_from, 1.0, W, n_from, a, width, 1.0, z, width)


@part
def passed_back(W, delta, v, n_from, n_to, m, width, gemm):
    """Write ``v = Wᵀ δ``; delta (n_to, w), v (n_from, w)."""
    if width == 1:
        for j in range(n_from):
            v[j] = delta[0] * W[j]
        for i in range(1, n_to):
            for j in range(n_from):
                v[j] += delta[i] * W[i * n_from + j]
    elif gemm == 0:
        for j in range(n_from):
            _combine(at(v, j * width), 0.0, at(W, j), n_from, delta, n_to, width)
    else:
        call_gemm(
            gemm, _TRANSPOSED, _PLAIN, n_from, m, n_to, 1.0, W, n_from, delta, width,
            0.0, v, width,
        )  # fmt: skip
        clear_padding(v, n_from, m, width)


@part
def gradient(delta, a, dW, db, n_from, n_to, m, width, gemm, a_by_rows):
    """Write ``dW = δ aᵀ / m`` and ``db = Σ δ / m``; shapes as in `net_inputs`."""
    if width == 1:
        for i in range(n_to):
            db[i] = delta[i]
            for j in range(n_from):
                dW[i * n_from + j] = delta[i] * a[j]
        return
    share = 1.0 / m
    for i in range(n_to):
        db[i] = share * _row_sum(at(delta, i * width), width)
    if gemm == 0:
        for i in range(n_to):
            _row_products(at(delta, i * width), a, at(dW, i * n_from), n_from, width, share)
    elif a_by_rows:
        call_gemm(
            gemm, _PLAIN, _PLAIN, n_to, n_from, m, share, delta, width, a, n_from,
            0.0, dW, n_from,
        )  # fmt: skip
    else:
        call_gemm(
            gemm, _PLAIN, _TRANSPOSED, n_to, n_from, m, share, delta, width, a, width,
            0.0, dW, n_from,
        )  # fmt: skip
