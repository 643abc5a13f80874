"""Which quantity of the update a block of numbers is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.blocks import Block
from bp_gui.diagnose.labels import Meaning, meaning, without_after
from bp_gui.diagnose.outcome import Outcome
from bp_gui.diagnose.parts import layer_by_layer, places_of
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.quantities import (
    MATRICES,
    OF_SAMPLES,
    SCALARS,
    Quantity,
    What,
    in_order,
    values,
)
from bp_gui.diagnose.written import Written
from bp_gui.engine.arrays import Array

# What rounding may do to a number: relative to its array, and relative to what cancels in it.
_DOUBLE = (1e-11, 1e-14)
_SINGLE = (1e-6, 3e-7)
_WITHOUT_LABEL = frozenset(What) - {
    What.OLD_WEIGHTS,
    What.OLD_BIASES,
    What.TERMS,
    What.NEXT_OUTPUT,
}
_TERMS = (Quantity(What.TERMS),)
_NEAR = 0.02  # so near, relatively, two numbers without a label must be to be the two costs
Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Observation:
    """Numbers that are known to be some elements of one quantity.

    Attributes
    ----------
    quantity
        Which one.
    positions
        Where in its flat array the numbers stand.
    numbers
        As they were written.
    label
        What stood before them.
    is_single
        Whether they are 32-bit floats.
    is_transposed
        Whether the matrix was recognised as transposed by its shape alone.
    is_of_sample
        Whether a gradient was recognised as that of one sample alone by its numbers alone.
    """

    quantity: Quantity
    positions: Positions
    numbers: tuple[Written, ...]
    label: str = ""
    is_single: bool = False
    is_transposed: bool = False
    is_of_sample: bool = False

    @cached_property
    def given(self) -> Array:
        """The values, (k,)."""
        return np.array([n.value for n in self.numbers])

    @cached_property
    def low(self) -> Array:
        """The smallest values that the digits allow, (k,)."""
        return np.array([n.low for n in self.numbers])

    @cached_property
    def high(self) -> Array:
        """The largest values that the digits allow, (k,)."""
        return np.array([n.high for n in self.numbers])

    def expected(self, outcome: Outcome) -> Array:
        """Return what an outcome has at these places, (k,)."""
        return np.asarray(values(outcome, self.quantity)).reshape(-1)[self.positions]

    def slack(self, right: Outcome) -> float:
        """Return by how much rounding in a right computation may move the numbers."""
        relative, cancelled = _SINGLE if self.is_single else _DOUBLE
        whole = np.abs(np.asarray(values(right, self.quantity)))
        return relative * _largest(whole) + cancelled * scale(right)

    def agrees(self, expected: Array, slack: float) -> NDArray[np.bool_]:
        """Return which numbers are those expected, to the digits given."""
        with np.errstate(invalid="ignore"):
            inside = (expected >= self.low - slack) & (expected <= self.high + slack)
        same = (expected == self.given) | (np.isnan(expected) & np.isnan(self.given))
        agreeing: NDArray[np.bool_] = inside | same
        return agreeing

    def turned(self, right: Outcome) -> Observation:
        """Return the observation with a square matrix read as (from, to)."""
        shape = np.shape(values(right, self.quantity))
        if self.quantity.what not in MATRICES or shape[0] != shape[-1]:
            return self
        row, column = np.divmod(self.positions, shape[1])
        return replace(self, positions=column * shape[0] + row)


def scale(right: Outcome) -> float:
    """Return the size of what may cancel in a computation: 1 or more."""
    problem = right.problem
    sizes = [np.abs(problem.parameters.theta), np.abs(problem.x), np.abs(problem.t)]
    sizes += [np.abs(a) for a in right.forward.a]
    return float(np.prod([max(1.0, _largest(size)) for size in sizes[:2]])) * max(
        1.0, *(_largest(size) for size in sizes[2:])
    )


def _largest(sizes: Array) -> float:
    return float(np.max(sizes[np.isfinite(sizes)], initial=0.0))


@dataclass(frozen=True)
class Matched:
    """Blocks that were recognised, and the labels or shapes of those that were not.

    Attributes
    ----------
    observations
        What was recognised.
    unknown
        The labels or shapes of what was not.
    is_last_first
        Whether a row of all layers was read with the output layer first.
    """

    observations: tuple[Observation, ...]
    unknown: tuple[str, ...]
    is_last_first: bool = False


def match(
    blocks: Sequence[Block], right: Outcome, others: Callable[[], Iterable[Outcome]]
) -> Matched:
    """Return which quantity each block is.

    A block without a clear label is the quantity of its shape that it agrees with; if there is
    none, one that a known mistake gives; if there is none either, the nearest.

    Parameters
    ----------
    blocks
        From `read_numbers`.
    right
        The right numbers.
    others
        Outcomes of the known mistakes; asked for only if they are needed.
    """
    observations, unknown, is_last_first = [], [], False
    taken: set[Quantity] = set()
    known = [part for block in _old_beside_new(blocks) for part in _costs_apart(block, right)]
    taken_apart = layer_by_layer(
        known, right, lambda b: any(_candidates(b, right.problem)), lambda b: _is_right(b, right)
    )
    for block in taken_apart:
        is_last_first |= block.is_last_first
        # A matrix that fits as it stands is not taken for another one turned round.
        candidates = sorted(_candidates(block, right.problem), key=lambda c: c.is_transposed)
        free = [c for c in candidates if c.quantity not in taken]
        if all(c.is_of_sample for c in free):
            free = candidates
        if not free:
            unknown.append(block.label or f"{_shape_text(block.shape)} without a label")
            continue
        chosen = _chosen(block, free, right, others)
        if chosen is None:
            unknown.append(block.label)
            continue
        if not block.label:
            taken.add(chosen.quantity)
        observations.append(chosen)
    return Matched(tuple(observations), tuple(unknown), is_last_first)


def _old_beside_new(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks; beside ``w5+`` or ``new w5`` what is only called ``w5`` is the old one."""
    renewed = {without_after(b.label) for b in blocks if without_after(b.label) != b.label}
    return [
        replace(block, label=f"old {block.label}") if block.label in renewed - {""} else block
        for block in blocks
    ]


def _costs_apart(block: Block, right: Outcome) -> Sequence[Block]:
    """Return two numbers that are the cost before and after the update as a block each.

    With a label they are if it says cost and they are no nearer to the terms of one; without, if
    they are near those two costs and right as nothing else.
    """
    if len(block.numbers) != 2 or not _is_flat(block):
        return [block]
    before, after = (
        Block(f"{block.label or 'cost'} {when}", (number,), (), block.is_single)
        for when, number in zip(("before", "after"), block.numbers, strict=True)
    )
    expected = np.array([right.cost, right.next_cost])
    far = _relative(np.array([n.value for n in block.numbers]), expected)
    if block.label:
        found = meaning(block.label, right.problem.architecture, 2)
        is_cost = found is not None and found.place is None and found.quantities == _TERMS
        others = (_distance(each, right) for each in _candidates(block, right.problem))
        nearest = min(others, default=np.inf)
        is_pair = is_cost and far < nearest
    else:
        is_pair = far < _NEAR and _right_part(block, right) is None
    return [before, after] if is_pair and not _is_right(block, right) else [block]


def _is_right(block: Block, right: Outcome) -> bool:
    """Whether a block agrees with the right numbers of a quantity that it can be."""
    return any(
        each.agrees(each.expected(right), each.slack(right)).all()
        for each in _candidates(block, right.problem)
    )


def _is_flat(block: Block) -> bool:
    return len(block.shape) < 2 or 1 in block.shape


def _shape_text(shape: tuple[int, ...]) -> str:
    if not shape:
        return "one number"
    return " × ".join(map(str, shape)) + " numbers"


def _candidates(block: Block, problem: Problem) -> Iterator[Observation]:
    """Yield every way to take a block, in the order of computation."""
    architecture = problem.architecture
    found: Meaning | None = None
    if block.label:
        found = meaning(block.label, architecture, len(block.numbers))
        if found is None and _names_something_else(block):
            return
    if found is None:
        quantities = [q for q in in_order(architecture) if q.what in _WITHOUT_LABEL]
        found = Meaning(tuple(quantities))
    is_single = block.is_single or (
        any(n.is_single for n in block.numbers)
        and all(n.is_single or n.digits < 10 for n in block.numbers)
    )
    alone = _of_sample_alone(found.quantities, problem)
    for quantity in (*found.quantities, *alone):
        placed = _placed(block, quantity, found, problem)
        if placed is not None:
            positions, transposed = placed
            yield Observation(
                quantity,
                positions,
                block.numbers,
                block.label,
                is_single,
                transposed,
                quantity in alone,
            )


def _of_sample_alone(quantities: Iterable[Quantity], problem: Problem) -> tuple[Quantity, ...]:
    """Return the gradients of one sample that gradients may also be, among several samples."""
    if len(problem.x) == 1:
        return ()
    known = tuple(quantities)
    alone = (quantity.of_sample_alone for quantity in known)
    return tuple(each for each in alone if each is not None and each not in known)


def _names_something_else(block: Block) -> bool:
    """Whether a label that is not understood stands before a single number, as a count does."""
    return block.shape == ()


def _placed(
    block: Block, quantity: Quantity, found: Meaning, problem: Problem
) -> tuple[Positions, bool] | None:
    """Return where a block's numbers stand in a quantity, and whether that is transposed."""
    samples = len(problem.x)
    shape = quantity.shape(problem.architecture, samples)
    count = len(block.numbers)
    if found.place is not None:
        return _element(quantity, shape, found, count, problem.sample)
    size = int(np.prod(shape))
    if quantity.what in SCALARS:
        return (np.zeros(1, dtype=np.int64), False) if count == 1 else None
    everything = np.arange(size).reshape(shape)
    if quantity.what in MATRICES:
        return _in_matrix(block, everything, labelled=bool(block.label), turned=found.transposed)
    if quantity.what in OF_SAMPLES:
        if block.shape == shape and samples > 1:
            return everything.ravel(), False
        if block.shape == shape[::-1] and samples > 1:
            return everything.T.ravel(), True
        if quantity.what is What.TERMS and shape[1] == 1 and _is_vector(block, samples):
            return everything.ravel(), False  # of a single output, one for each sample
        return (everything[problem.sample], False) if _is_vector(block, shape[1]) else None
    if _is_vector(block, size):
        return everything, False
    if block.label and count == 1 and np.ptp(problem.parameters.b[quantity.layer]) == 0:
        return everything[:1], False  # "b1 = 0.35" where all biases of the layer are equal
    return None


def _is_vector(block: Block, size: int) -> bool:
    return (
        _is_flat(block)
        and len(block.numbers) == size
        and (size > 1 or bool(block.label) or block.shape != ())
    )


def _in_matrix(
    block: Block, everything: Positions, *, labelled: bool, turned: bool
) -> tuple[Positions, bool] | None:
    shape = everything.shape
    if turned and block.shape == shape[::-1]:
        return everything.T.ravel(), False
    if block.shape == shape:
        return everything.ravel(), False
    if block.shape == shape[::-1]:
        return everything.T.ravel(), True
    # One number is a matrix only if something says so: a label.
    if (
        _is_flat(block)
        and (labelled or block.shape != ())
        and len(block.numbers) == everything.size
    ):
        return everything.ravel(), False
    return None


def _element(
    quantity: Quantity, shape: tuple[int, ...], found: Meaning, count: int, sample: int
) -> tuple[Positions, bool] | None:
    place = found.place or ()
    if quantity.what in OF_SAMPLES and len(place) == 1:
        place = (sample, *place)
    inside = len(place) == len(shape) and all(0 <= i < n for i, n in zip(place, shape, strict=True))
    if not inside:
        return None
    start = int(np.ravel_multi_index(place, shape))
    if count != found.count or start + count > int(np.prod(shape)):
        return None
    return np.arange(start, start + count), False


def _chosen(
    block: Block,
    candidates: list[Observation],
    right: Outcome,
    others: Callable[[], Iterable[Outcome]],
) -> Observation | None:
    """Return the way to take a block; None if its label says nothing and nothing agrees."""
    architecture = right.problem.architecture
    is_clear = not block.label or meaning(block.label, architecture, len(block.numbers))
    if is_clear and len(candidates) == 1:
        return candidates[0]
    # Only right numbers are taken for those of one sample alone.
    of_batch = [each for each in candidates if not each.is_of_sample]
    for outcome in _then(right, others):
        for each in candidates if outcome is right else of_batch:
            if each.agrees(each.expected(outcome), each.slack(right)).all():
                return each
        part = _right_part(block, right) if outcome is right else None
        if part is not None:
            return part
        if is_clear and len(of_batch) == 1:
            return of_batch[0]
    return min(of_batch, key=lambda each: _distance(each, right)) if is_clear else None


def _right_part(block: Block, right: Outcome) -> Observation | None:
    """Return numbers without a label as the part of a right quantity that they agree with.

    One number can be any element, several a row or a column of a matrix.
    """
    if block.label or not _is_flat(block):
        return None
    count = len(block.numbers)
    of_update = in_order(right.problem.architecture)
    alone = _of_sample_alone(of_update, right.problem)
    for quantity in (*of_update, *alone):
        if quantity.what in _WITHOUT_LABEL - SCALARS:
            for positions in places_of(quantity, right.problem, count):
                each = Observation(
                    quantity,
                    positions,
                    block.numbers,
                    "",
                    block.is_single,
                    is_of_sample=quantity in alone,
                )
                if each.agrees(each.expected(right), each.slack(right)).all():
                    return each
    return None


def _then(right: Outcome, others: Callable[[], Iterable[Outcome]]) -> Iterator[Outcome]:
    yield right
    yield from others()


def _distance(observation: Observation, right: Outcome) -> float:
    return _relative(observation.given, observation.expected(right))


def _relative(given: Array, expected: Array) -> float:
    """Return how far numbers are from others, relative to their size; those not finite left out."""
    is_finite = np.isfinite(given)
    if not is_finite.any():
        return np.inf
    scale = float(np.linalg.norm(expected[is_finite])) + 1e-300
    distance = float(np.linalg.norm((given - expected)[is_finite])) / scale
    return distance if np.isfinite(distance) else np.inf
