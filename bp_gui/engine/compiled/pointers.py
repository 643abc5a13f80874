"""Bare pointers for the kernels: views into an array that cost nothing to make.

A slice of an array costs several nanoseconds in Numba and each index into it a test for a negative
number. Networks of a dozen parameters are trained in less time than a few slices take, so the
kernels address their storage as C would: a pointer and an offset, never checked. Every kernel is
therefore private to this package, and only `bp_gui.engine.compiled.program` lays out the storage.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_DOUBLE = ir.DoubleType()
_INT32 = ir.IntType(32)
_INT64 = ir.IntType(64)
_POINTER = types.CPointer(types.float64)


def _pointer_intrinsic(kind: Any, name: str) -> Any:
    """Return an intrinsic ``name(address) -> pointer`` to elements of one kind."""
    pointer = types.CPointer(kind)

    def typer(typingctx: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(pointer))

        return pointer(types.int64), generate

    typer.__name__ = name
    return intrinsic(typer)


floats = _pointer_intrinsic(types.float64, "floats")
integers = _pointer_intrinsic(types.int64, "integers")


@intrinsic
def at(typingctx: Any, pointer: Any, offset: Any) -> Any:
    """Return the pointer ``offset`` elements further on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, types.int64), generate


@intrinsic
def bits_of(typingctx: Any, number: Any) -> Any:
    """Return the 64 bits of a float64 as an integer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], _INT64)

    return types.int64(types.float64), generate


@intrinsic
def number_of(typingctx: Any, bits: Any) -> Any:
    """Return the float64 that has these 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], _DOUBLE)

    return types.float64(types.int64), generate


@intrinsic
def alone(typingctx: Any, number: Any) -> Any:
    """Return a whole number as it is; the compiler makes no vector code of the loop around it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_INT64, [_INT64])
        return builder.asm(kind, "", "=r,0", arguments, side_effect=True)

    return types.int64(types.int64), generate


_GEMM_ARGUMENTS = (
    [_INT32] * 3
    + [_INT64] * 3
    + [_DOUBLE, _DOUBLE.as_pointer(), _INT64, _DOUBLE.as_pointer(), _INT64]
    + [_DOUBLE, _DOUBLE.as_pointer(), _INT64]
)


@intrinsic
def call_gemm(
    typingctx: Any,
    address: Any,
    trans_a: Any,
    trans_b: Any,
    rows: Any,
    columns: Any,
    inner: Any,
    alpha: Any,
    a: Any,
    a_stride: Any,
    b: Any,
    b_stride: Any,
    beta: Any,
    c: Any,
    c_stride: Any,
) -> Any:
    """Call ``cblas_dgemm`` (64-bit integers, row order) at an address.

    ``C ← α op(A) op(B) + β C`` with op(A) (rows, inner) and op(B) (inner, columns). The address is
    an argument, not a constant, so that the compiled code can be kept on disk.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), _GEMM_ARGUMENTS)
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        row_order = ir.Constant(_INT32, 101)
        builder.call(function, [row_order, *arguments[1:]])
        return context.get_dummy_value()

    whole, real = types.int64, types.float64
    return types.void(
        whole, types.int32, types.int32, whole, whole, whole,
        real, _POINTER, whole, _POINTER, whole, real, _POINTER, whole,
    ), generate  # fmt: skip
