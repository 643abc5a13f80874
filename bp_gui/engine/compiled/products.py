"""The three products of a layer: net inputs, errors passed back, and the gradient.

Activations of a batch lie as (n, m): the samples of one neuron side by side, so that the inner
loop runs over samples and needs no reordering. A single sample is a vector. From some size on the
product belongs to BLAS.
"""

from __future__ import annotations

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
def _add_products(out, w, w_stride, v, count, m):
    """Add ``Σ_j w[j · w_stride] v[j]`` to ``out`` (m,), with v (count, m)."""
    j = 0
    while j + 4 <= count:
        w0, w1 = w[j * w_stride], w[(j + 1) * w_stride]
        w2, w3 = w[(j + 2) * w_stride], w[(j + 3) * w_stride]
        v0, v1, v2, v3 = at(v, j * m), at(v, (j + 1) * m), at(v, (j + 2) * m), at(v, (j + 3) * m)
        for s in range(m):
            out[s] = out[s] + w0 * v0[s] + w1 * v1[s] + w2 * v2[s] + w3 * v3[s]
        j += 4
    while j < count:
        w0, v0 = w[j * w_stride], at(v, j * m)
        for s in range(m):
            out[s] += w0 * v0[s]
        j += 1


@part
def net_inputs(W, b, a, z, n_from, n_to, m, gemm, a_by_rows):
    """Write ``z = W a + b``; a (n_from, m), or (m, n_from) when ``a_by_rows``, z (n_to, m)."""
    if m == 1:
        for i in range(n_to):
            z[i] = dot(at(W, i * n_from), a, n_from) + b[i]
        return
    for i in range(n_to):
        for s in range(m):
            z[i * m + s] = b[i]
    if gemm == 0:
        for i in range(n_to):
            _add_products(at(z, i * m), at(W, i * n_from), 1, a, n_from, m)
    elif a_by_rows:
        call_gemm(gemm, _PLAIN, _TRANSPOSED, n_to, m, n_from, 1.0, W, n_from, a, n_from, 1.0, z, m)
    else:
        call_gemm(gemm, _PLAIN, _PLAIN, n_to, m, n_from, 1.0, W, n_from, a, m, 1.0, z, m)


@part
def passed_back(W, delta, v, n_from, n_to, m, gemm):
    """Write ``v = Wᵀ δ``; delta (n_to, m), v (n_from, m)."""
    if m == 1:
        for j in range(n_from):
            v[j] = delta[0] * W[j]
        for i in range(1, n_to):
            for j in range(n_from):
                v[j] += delta[i] * W[i * n_from + j]
    elif gemm == 0:
        for j in range(n_from):
            for s in range(m):
                v[j * m + s] = 0.0
            _add_products(at(v, j * m), at(W, j), n_from, delta, n_to, m)
    else:
        call_gemm(gemm, _TRANSPOSED, _PLAIN, n_from, m, n_to, 1.0, W, n_from, delta, m, 0.0, v, m)


@part
def gradient(delta, a, dW, db, n_from, n_to, m, gemm, a_by_rows):
    """Write ``dW = δ aᵀ / m`` and ``db = Σ δ / m``; shapes as in `net_inputs`."""
    if m == 1:
        for i in range(n_to):
            db[i] = delta[i]
            for j in range(n_from):
                dW[i * n_from + j] = delta[i] * a[j]
        return
    for i in range(n_to):
        db[i] = total(at(delta, i * m), m) / m
    if gemm == 0:
        for i in range(n_to):
            for j in range(n_from):
                dW[i * n_from + j] = dot(at(delta, i * m), at(a, j * m), m) / m
        return
    if a_by_rows:
        call_gemm(
            gemm, _PLAIN, _PLAIN, n_to, n_from, m, 1.0 / m, delta, m, a, n_from, 0.0, dW, n_from
        )
    else:
        call_gemm(
            gemm, _PLAIN, _TRANSPOSED, n_to, n_from, m, 1.0 / m, delta, m, a, m, 0.0, dW, n_from
        )
