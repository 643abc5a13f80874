"""Blocks of numbers that hold several quantities, or only a part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bp_gui.diagnose.blocks import Block
from bp_gui.diagnose.outcome import Outcome
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.quantities import MATRICES, OF_SAMPLES, Quantity
from bp_gui.engine.arrays import Array


def layer_by_layer(
    blocks: Sequence[Block],
    right: Outcome,
    fits: Callable[[Block], bool],
    is_right: Callable[[Block], bool],
) -> Iterator[Block]:
    """Yield the blocks, with what holds several layers taken apart.

    That is a list of equally long vectors, one a layer; or all weights in one row, as w1 … w8 are
    told in order, perhaps with the biases of each layer behind its weights, perhaps from the output
    layer back.

    Parameters
    ----------
    blocks
        From `read_numbers`.
    right
        The right numbers.
    fits
        Whether a block is a quantity as it is.
    is_right
        Whether it is even a right one: a vector a layer can look like a vector a sample.
    """
    n_layers = right.problem.architecture.n_layers
    for block in blocks:
        vectors = _vectors(block, n_layers)
        if fits(block):
            apart = vectors and not is_right(block) and all(map(is_right, vectors))
            yield from vectors if apart else [block]
        elif vectors and any(map(fits, vectors)):
            yield from vectors
        else:
            yield from _of_all_layers(block, right) or [block]


def _vectors(block: Block, n_layers: int) -> list[Block]:
    """Return a labelled list of equally long vectors, one a layer, as a block for each."""
    if not block.label or len(block.shape) != 2 or not block.shape[0] == n_layers > 1:
        return []
    width = block.shape[1]
    return [
        Block(
            f"{block.label} {layer + 1}",
            block.numbers[layer * width : (layer + 1) * width],
            (width,),
            block.is_single,
        )
        for layer in range(n_layers)
    ]


def _of_all_layers(block: Block, right: Outcome) -> list[Block]:
    """Return a row of all weights, or of all parameters, as a block for each matrix and vector."""
    architecture = right.problem.architecture
    flat, count = len(block.shape) < 2 or 1 in block.shape, len(block.numbers)
    weights = int(np.count_nonzero(~architecture.bias_mask))
    if block.shape == () or not flat or count not in (architecture.n_parameters, weights):
        return []
    letters = "Wb" if count == architecture.n_parameters else "W"
    layers = range(architecture.n_layers)
    given = np.array([number.value for number in block.numbers])

    def parts(theta: Array, order: Sequence[int]) -> list[Array]:
        by_letter = dict(zip("Wb", architecture.views(theta), strict=True))
        return [by_letter[letter][layer].ravel() for layer in order for letter in letters]

    before, order = min(
        ((before, order) for order in (layers, layers[::-1]) for before in ("", "d")),
        key=lambda way: _far(given, parts(right.gradient if way[0] else right.theta, way[1])),
    )
    names = [f"{before}{letter}{layer + 1}" for layer in order for letter in letters]
    found, start = [], 0
    for name, part in zip(names, parts(right.theta, order), strict=True):
        numbers = block.numbers[start : start + part.size]
        is_last_first = order[0] > order[-1]
        found.append(Block(name, numbers, (part.size,), block.is_single, is_last_first))
        start += part.size
    return found


def _far(given: Array, parts: Sequence[Array]) -> float:
    return float(np.linalg.norm(given - np.concatenate(parts)))


def places_of(quantity: Quantity, problem: Problem, count: int) -> Iterator[NDArray[np.int64]]:
    """Yield where so many numbers can stand together in a quantity."""
    shape = quantity.shape(problem.architecture, len(problem.x))
    everything = np.arange(int(np.prod(shape))).reshape(shape)
    if quantity.what in OF_SAMPLES:
        everything = everything[problem.sample]
    if count == 1:
        yield from everything.reshape(-1, 1)
    elif quantity.what in MATRICES:
        yield from (line for line in everything if len(line) == count)
        yield from (line for line in everything.T if len(line) == count)
