"""Forward and backward pass as equations between real matrices, for the shown sample.

``z_l = W_l a_{l−1} + b_l``, ``a_l = f(z_l)``, ``δ_L = ∂C/∂a_L ⊙ f′(z_L)``,
``δ_l = W_{l+1}ᵀ δ_{l+1} ⊙ f′(z_l)``, ``∂C/∂W_l = δ_l a_{l−1}ᵀ``, ``W_l ← W_l − η ∂C/∂W_l``.
One sample is one column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bp_gui.engine.arrays import Array
from bp_gui.engine.names import Ref
from bp_gui.explain.mathematics import (
    DOTS,
    DOTS_DIAGONAL,
    DOTS_DOWN,
    EQUALS,
    TRANSPOSED,
    Linked,
    Matrix,
    Node,
    Number,
    Scripts,
    Symbol,
    Under,
    Words,
    row,
)
from bp_gui.explain.sums import Elision
from bp_gui.explain.targets import Target

Cell = Callable[[int, int], Target]


@dataclass(frozen=True, eq=False)
class Block:
    """A matrix with its name.

    Attributes
    ----------
    name
        As mathematics: ``W₂ᵀ``.
    code
        As NumPy code: ``W2.T``.
    values
        The numbers, (rows, columns).
    target
        ``(row, column)`` to what a cell is the number of.
    """

    name: Node
    code: str
    values: Array
    target: Cell

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def dimensions(self) -> str:
        """Rows and columns as text: ``2 × 3``."""
        return "{} × {}".format(*self.shape)

    def transposed(self) -> Block:
        """Return the matrix with rows and columns exchanged."""
        target = self.target
        name = self.name
        raised = Scripts(name, sup=TRANSPOSED)
        if isinstance(name, Scripts):
            raised = Scripts(name.base, name.sub, TRANSPOSED)
        return Block(raised, f"{self.code}.T", self.values.T, lambda r, c: target(c, r))

    def node(self, most: int) -> Node:
        """Return the matrix with its dimensions below; of longer sides the middle is left out.

        Parameters
        ----------
        most
            How many rows and columns are shown, at least 3.
        """
        down, across = (Elision(count, most) for count in self.shape)
        rows = [self._cells(r, across) for r in down.head]
        if down.hidden:
            dots = [DOTS_DOWN] * len(across.head)
            ending = [DOTS_DIAGONAL] * bool(across.hidden) + [DOTS_DOWN] * len(across.tail)
            rows.append((*dots, *ending))
        rows += [self._cells(r, across) for r in down.tail]
        return Under(Matrix(tuple(rows), self.shape), Words(self.dimensions))

    def _cells(self, position: int, across: Elision) -> tuple[Node, ...]:
        head = [self.cell(position, c) for c in across.head]
        dots = [DOTS] if across.hidden else []
        return (*head, *dots, *(self.cell(position, c) for c in across.tail))

    def cell(self, position: int, column: int) -> Node:
        """Return one number, which leads to its explanation."""
        value, target = float(self.values[position, column]), self.target(position, column)
        if isinstance(target, Ref):
            return Number(value, target)
        return Linked(Number(value), target)


@dataclass(frozen=True, eq=False)
class Equation:
    """``result = parts``, or ``result ← parts``.

    Attributes
    ----------
    layer
        0-based.
    title
        What it computes, in a few words.
    result
        The left side.
    symbolic
        The right side in names.
    parts
        The right side: matrices, and what stands between them.
    code
        The right side as NumPy code.
    sign
        What stands between the sides.
    caption
        One sentence; may be empty.
    """

    layer: int
    title: str
    result: Block
    symbolic: Node
    parts: tuple[Block | Node, ...]
    code: str
    sign: Symbol = EQUALS
    caption: str = ""

    @property
    def in_names(self) -> Node:
        """The equation in names."""
        return row(self.result.name, self.sign, self.symbolic)

    def in_numbers(self, most: int = 6) -> Node:
        """Return the equation with its matrices, ``most`` rows and columns of each at most."""
        return row(self.result.node(most), self.sign, *self.right_side(most))

    def right_side(self, most: int) -> tuple[Node, ...]:
        """Return the right side with its matrices."""
        return tuple(part.node(most) if isinstance(part, Block) else part for part in self.parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All matrices of the equation, the result first."""
        return (self.result, *(part for part in self.parts if isinstance(part, Block)))


@dataclass(frozen=True, eq=False)
class MatrixView:
    """Everything that the matrices of one moment are made of.

    Attributes
    ----------
    given
        The matrices that nothing computes: x, t, W and b.
    forward, backward, update
        The equations in the order of computation.
    """

    given: tuple[Block, ...]
    forward: tuple[Equation, ...]
    backward: tuple[Equation, ...]
    update: tuple[Equation, ...]

    @property
    def equations(self) -> tuple[Equation, ...]:
        """All equations."""
        return (*self.forward, *self.backward, *self.update)


def letter_of(letter: str, layer: int) -> Node:
    """Return a matrix' letter with its layer, which is counted from 1: ``W₂``."""
    return Scripts(Symbol(letter), Symbol(str(layer + 1)))


def column(letter: str, layer: int, values: Array, target: Cell) -> Block:
    """Return a vector (n,) of a layer as a matrix of one column."""
    return Block(letter_of(letter, layer), f"{letter}{layer + 1}", values[:, None], target)
