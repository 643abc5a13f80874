"""BLAS's matrix product, found in the library that NumPy brings along."""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Iterator
from typing import Any

# NumPy's own builds export OpenBLAS with 64-bit integers, under one of these pairs of affixes.
_AFFIXES = (("scipy_", "64_"), ("", "64_"))
_MODULE = "numpy._core._multiarray_umath"


def gemm_address() -> int:
    """Return where ``cblas_dgemm`` lies in memory, or 0 if this NumPy does not show it."""
    for function in _found("cblas_dgemm"):
        return int(ctypes.cast(function, ctypes.c_void_p).value or 0)
    return 0


def use_one_thread() -> None:
    """Have BLAS compute in the thread that asks.

    The products here are small, and its threads wait for more work by keeping their cores busy:
    the window's is one of them. On two cores a product that is split also takes several times as
    long when anything else runs.
    """
    for function in _found("openblas_set_num_threads"):
        function(1)


def _found(name: str) -> Iterator[Any]:
    """Yield the functions of this name in NumPy's library."""
    try:
        library = ctypes.CDLL(importlib.import_module(_MODULE).__file__)
    except (ImportError, OSError):
        return
    for before, after in _AFFIXES:
        function = getattr(library, f"{before}{name}{after}", None)
        if function is not None:
            yield function
