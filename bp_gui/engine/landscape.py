"""The cost around one point: along a direction, over a plane, all variations in batched passes.

Along a direction d of θ, ``z_l = W_l a + b_l + s (D_l a + d_l)`` with D_l, d_l the parts of d that
belong to layer l. So no variation needs matrices of its own: layers below the first that moves
are computed once, and of two directions that begin in different layers the lower one's work is
done once for each of its steps, not for each point of the plane.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batched import BLOCK, Values, weighted
from bp_gui.engine.network import Parameters
from bp_gui.engine.objective import Objective
from bp_gui.engine.update import Mask

_COMPLEX_STEP = 1e-30


@dataclass(frozen=True, eq=False)
class Direction:
    """What one unit of a variation adds; None where it adds nothing.

    Attributes
    ----------
    theta
        To θ, (P,).
    x, t
        To the inputs (m, n_0) and to the targets (m, n_L).
    """

    theta: Array | None = None
    x: Array | None = None
    t: Array | None = None

    def of_samples(self, kept: Mask) -> Direction:
        """Return the direction for some of the samples."""
        x = None if self.x is None else self.x[kept]
        t = None if self.t is None else self.t[kept]
        return Direction(self.theta, x, t)


@dataclass(frozen=True, eq=False)
class Costs:
    """The cost at every variation, shaped as the grid of steps.

    Attributes
    ----------
    per_output
        Mean over the samples of what each output adds, (…, n_L).
    penalty
        What is added for the weights, (…).
    """

    per_output: Array
    penalty: Array

    @cached_property
    def total(self) -> Array:
        """Data cost plus penalty, (…)."""
        return frozen(self.per_output.sum(axis=-1) + self.penalty)


@dataclass(frozen=True, eq=False)
class Landscape:
    """An objective as a function of whatever is varied around one point.

    Numbers that are not finite are no error here: they are costs like any other.

    Attributes
    ----------
    objective
        The cost with its penalty.
    parameters
        θ at the point.
    x, t
        Inputs (m, n_0) and targets (m, n_L).
    """

    objective: Objective
    parameters: Parameters
    x: Array
    t: Array

    def along(self, direction: Direction, steps: Array) -> Costs:
        """Return C at the point plus ``s · direction`` for each of the steps, (k,)."""
        return self._over([direction], [steps])

    def over(self, first: Direction, second: Direction, rows: Array, columns: Array) -> Costs:
        """Return C at the point plus ``r · first + c · second``, (rows, columns)."""
        if self._begins(first) <= self._begins(second):
            return self._over([first, second], [rows, columns])
        # The lower one outside: within a tile its layers are then computed once a row.
        found = self._over([second, first], [columns, rows])
        return Costs(frozen(found.per_output.swapaxes(0, 1)), frozen(found.penalty.T))

    def slope(self, direction: Direction) -> float:
        """Return ∂C/∂s at s = 0, exact to rounding."""
        return float(self.slopes(direction).total)

    def slopes(self, direction: Direction) -> Costs:
        """Return ∂/∂s at s = 0 of all that the cost is made of, by a complex step.

        ``Im C(i h) / h``; where pieces of a function meet it is the derivative of one of them.
        """
        with np.errstate(all="ignore"):
            parts = self._costs([direction], [np.array([1j * _COMPLEX_STEP])])
        per_output, penalty = (np.imag(part) / _COMPLEX_STEP for part in parts)
        shape = (self.parameters.architecture.n_outputs,)
        return Costs(frozen(per_output.reshape(-1, *shape)[0]), frozen(penalty.reshape(-1)[0]))

    def _over(self, directions: Sequence[Direction], steps: Sequence[Array]) -> Costs:
        """Return the costs on the grid of the steps; samples that do not move count once."""
        moved = _moved_samples(directions, len(self.x))
        if moved.all():
            return self._grid(directions, steps)
        found = self._of_samples(moved)._grid([d.of_samples(moved) for d in directions], steps)
        others = self._of_samples(~moved)._grid([], []).per_output
        share = float(moved.mean())
        return Costs(frozen(share * found.per_output + (1.0 - share) * others), found.penalty)

    def _of_samples(self, kept: Mask) -> Landscape:
        return Landscape(self.objective, self.parameters, self.x[kept], self.t[kept])

    def _grid(self, directions: Sequence[Direction], steps: Sequence[Array]) -> Costs:
        """Return the costs on the grid of the steps, a tile of bounded size at a time."""
        shape = tuple(len(each) for each in steps)
        per_output = np.empty((*shape, self.parameters.architecture.n_outputs))
        penalty = np.empty(shape)
        with np.errstate(all="ignore"):
            for tile in _tiles(shape, BLOCK // self._numbers_per_variation(directions)):
                axes = np.ix_(*(s[part] for s, part in zip(steps, tile, strict=True)))
                per_output[tile], penalty[tile] = self._costs(directions, axes)
        return Costs(frozen(per_output), frozen(penalty))

    def _begins(self, direction: Direction) -> int:
        """Return the 0-based layer that a direction begins in; L where it moves only targets."""
        architecture = self.parameters.architecture
        if direction.x is not None:
            return 0
        if direction.theta is None:
            return architecture.n_layers
        moved = np.flatnonzero(direction.theta)
        at = moved[0] if len(moved) else architecture.n_parameters
        return sum(int(at >= start) for start, _ in architecture.offsets[1:])

    def _numbers_per_variation(self, directions: Sequence[Direction]) -> int:
        """Return how many numbers the widest layer that varies with all of them holds."""
        above = max((self._begins(d) for d in directions), default=0) + 1
        widths = self.parameters.architecture.sizes[above:] or self.t.shape[1:]
        numbers = len(self.x) * max(widths)
        if self.objective.penalty:
            numbers = max(numbers, int(self._moved_weights(directions).sum()))
        return max(numbers, 1)

    def _costs(
        self, directions: Sequence[Direction], steps: Sequence[Values]
    ) -> tuple[Values, Values]:
        """Return each output's mean cost (…, n_L) and the penalty (…) at steps that broadcast."""
        z, a = self._outputs(directions, steps)
        t = _moved(self.t, [d.t for d in directions], steps)
        last = self.parameters.architecture.activations[-1]
        terms = self.objective.cost.terms_through(last, t, z, a)
        return terms.mean(axis=-2), self._penalty(directions, steps)

    def _outputs(
        self, directions: Sequence[Direction], steps: Sequence[Values]
    ) -> tuple[Values, Values]:
        """Return (z_L, a_L), each (…, m, n_L)."""
        parameters = self.parameters
        architecture = parameters.architecture
        parts = [None if d.theta is None else architecture.views(d.theta) for d in directions]
        a = _moved(self.x, [d.x for d in directions], steps)
        for layer, name in enumerate(architecture.activations):
            z = weighted(a, parameters.W[layer]) + parameters.b[layer]
            for part, s in zip(parts, steps, strict=True):
                if part is not None:
                    z = _added(z, s, a, part[0][layer], part[1][layer])
            a = ACTIVATIONS[name].value(z)
        return z, a

    def _penalty(self, directions: Sequence[Direction], steps: Sequence[Values]) -> Values:
        """Return the penalty of the weights, (…); those that stay put are added up once."""
        penalty, theta = self.objective.penalty, self.parameters.theta
        if not penalty:
            return np.zeros(())
        moving = self._moved_weights(directions)
        still = ~moving & ~self.parameters.architecture.bias_mask
        w = theta[moving]
        for direction, s in zip(directions, steps, strict=True):
            if direction.theta is not None:
                w = w + s[..., np.newaxis] * direction.theta[moving]
        return np.asarray(penalty.terms(theta[still]).sum() + penalty.terms(w).sum(axis=-1))

    def _moved_weights(self, directions: Sequence[Direction]) -> Mask:
        moved = np.zeros(len(self.parameters.theta), dtype=bool)
        for direction in directions:
            if direction.theta is not None:
                moved |= direction.theta != 0
        return moved & ~self.parameters.architecture.bias_mask


def _added(z: Values, s: Values, a: Values, W: Array, b: Array) -> Values:
    """Return ``z + s (W a + b)``, computed for those neurons only that it moves."""
    to = np.flatnonzero(W.any(axis=1) | (b != 0))
    if not len(to):
        return z
    source = np.flatnonzero(W.any(axis=0))
    change = weighted(a[..., source], W[np.ix_(to, source)]) + b[to]
    s = s[..., np.newaxis, np.newaxis]
    if len(to) == len(b):
        return np.asarray(z + s * change)
    shape = (*np.broadcast_shapes(z.shape[:-2], s.shape[:-2]), *z.shape[-2:])
    moved = np.empty(shape, dtype=np.result_type(z, s))
    moved[...] = z
    moved[..., to] += s * change
    return moved


def _moved(values: Array, directions: Sequence[Array | None], steps: Sequence[Values]) -> Values:
    """Return ``values + Σ s · direction``, (…, m, n)."""
    moved: Values = values
    for direction, s in zip(directions, steps, strict=True):
        if direction is not None:
            moved = moved + s[..., np.newaxis, np.newaxis] * direction
    return moved


def _moved_samples(directions: Sequence[Direction], m: int) -> Mask:
    """Return which samples' costs vary: all of them as soon as θ does."""
    moved = np.zeros(m, dtype=bool)
    for direction in directions:
        if direction.theta is not None:
            moved[:] = True
        for part in (direction.x, direction.t):
            if part is not None:
                moved |= part.any(axis=1)
    return moved if moved.any() else ~moved


def _tiles(shape: tuple[int, ...], variations: int) -> Iterator[tuple[slice, ...]]:
    """Yield parts of a grid of up to two axes with at most so many variations each, or with one."""
    if not shape:
        yield ()
        return
    *outer, inner = shape
    wide = min(max(variations, 1), inner)
    tall = max(variations // wide, 1)
    columns = [slice(at, at + wide) for at in range(0, inner, wide)]
    for above in _tiles(tuple(outer), tall):
        for part in columns:
            yield (*above, part)
