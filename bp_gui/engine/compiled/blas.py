"""BLAS's matrix product, found in the library that NumPy brings along."""

from __future__ import annotations

import ctypes
import importlib

# The names under which NumPy's own builds export ``cblas_dgemm`` with 64-bit integers.
_NAMES = ("scipy_cblas_dgemm64_", "cblas_dgemm64_")
_MODULES = ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath")


def gemm_address() -> int:
    """Return where ``cblas_dgemm`` lies in memory, or 0 if this NumPy does not show it."""
    for module_name in _MODULES:
        try:
            path = importlib.import_module(module_name).__file__
            library = ctypes.CDLL(path)
        except (ImportError, OSError):
            continue
        for name in _NAMES:
            function = getattr(library, name, None)
            if function is not None:
                return int(ctypes.cast(function, ctypes.c_void_p).value or 0)
    return 0
