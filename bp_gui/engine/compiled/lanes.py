"""Eight numbers at a time: what a loop over a handful of samples is not turned into by itself.

The compiler makes vector code of a loop for many rounds, with another loop for the rest, and asks
before each whether there are enough rounds and whether memory overlaps. Where a loop has one or two
rounds, that takes longer than the work. So rows of samples have a length that is a multiple of
`LANES`, and their products are written in these. A processor with shorter vectors takes several.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

LANES = 8
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_ALIGNMENT = 8  # rows begin wherever a number may


class _Lanes(types.Type):
    def __init__(self) -> None:
        super().__init__(name="lanes")


_lanes = _Lanes()


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)


@intrinsic
def spread(typingctx: Any, number: Any) -> Any:
    """Return a number in every lane."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        first = ir.Constant(ir.IntType(32), 0)
        alone = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), arguments[0], first)
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(alone, alone, everywhere)

    return _lanes(types.float64), generate


@intrinsic
def loaded(typingctx: Any, pointer: Any) -> Any:
    """Return the numbers from a pointer on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.bitcast(arguments[0], _VECTOR.as_pointer())
        return builder.load(place, align=_ALIGNMENT)

    return _lanes(pointer), generate


@intrinsic
def store(typingctx: Any, pointer: Any, values: Any) -> Any:
    """Write numbers from a pointer on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.bitcast(arguments[0], _VECTOR.as_pointer())
        builder.store(arguments[1], place, align=_ALIGNMENT)
        return context.get_dummy_value()

    return types.void(pointer, values), generate


@intrinsic
def multiply_add(typingctx: Any, u: Any, v: Any, w: Any) -> Any:
    """Return ``u v + w`` lane by lane, in one instruction where there is one."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        name = f"llvm.fmuladd.v{LANES}f64"
        function = get_or_insert_function(builder.module, kind, name)
        return builder.call(function, arguments)

    return _lanes(u, v, w), generate


@intrinsic
def sum_of(typingctx: Any, values: Any) -> Any:
    """Return the sum over the lanes: halves added to halves."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (vector,) = arguments
        width = LANES
        while width > 1:
            width //= 2
            halves = [
                builder.shuffle_vector(
                    vector,
                    vector,
                    ir.Constant(ir.VectorType(ir.IntType(32), width), list(range(at, at + width))),
                )
                for at in (0, width)
            ]
            vector = builder.fadd(*halves)
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return types.float64(values), generate
