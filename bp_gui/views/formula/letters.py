"""Letters, signs, words and numbers: the boxes that contain no others."""

from __future__ import annotations

from dataclasses import dataclass

from bp_gui.explain.mathematics import Number, Symbol, Words
from bp_gui.views.formula.box import Box, Ink
from bp_gui.views.formula.font import MathFont
from bp_gui.views.formula.style import ATOM_OF, THIN, Atom, Style

INVISIBLE_TIMES = "\N{INVISIBLE TIMES}"
_PLANCK = "\N{PLANCK CONSTANT}"  # Unicode keeps the italic h outside its alphabet
_ITALIC_CAPITAL_A = 0x1D434
_ITALIC_A = 0x1D44E
_ITALIC_ALPHA = 0x1D6FC
_ITALIC_PARTIAL = "\U0001d715"
_PRIME = "′"
MOST_WORDS = 4096  # that are remembered: far more than one page shows, and about 6 MB


@dataclass(frozen=True, slots=True)
class _Word:
    """Glyphs beside each other, and how much room they take."""

    ink: Ink
    width: float
    height: float
    depth: float
    lean: float


def italic(text: str) -> str:
    """Return the text in mathematical italics; capital Greek and digits stay upright."""
    return "".join(map(_italic_letter, text))


def _italic_letter(letter: str) -> str:
    if letter == "h":
        return _PLANCK
    if "a" <= letter <= "z":
        return chr(_ITALIC_A + ord(letter) - ord("a"))
    if "A" <= letter <= "Z":
        return chr(_ITALIC_CAPITAL_A + ord(letter) - ord("A"))
    if "α" <= letter <= "ω":
        return chr(_ITALIC_ALPHA + ord(letter) - ord("α"))
    return _ITALIC_PARTIAL if letter == "∂" else letter


class Letters:
    """Makes the boxes of leaves, and remembers the words that it has measured.

    While a network learns, nearly every number is a new word. So as not to grow for ever, it
    forgets them all when there are `MOST_WORDS`; a page is measured anew in a millisecond or two.

    Parameters
    ----------
    font
        The font.
    scales
        The size of each level, in em of the text.
    """

    def __init__(self, font: MathFont, scales: tuple[float, ...]) -> None:
        self._font = font
        self._scales = scales
        self._words: dict[tuple[str, Style], _Word] = {}

    @property
    def remembered(self) -> int:
        """How many words are remembered."""
        return len(self._words)

    def symbol(self, node: Symbol, style: Style) -> Box:
        """Return the box of a letter, sign or function."""
        if node.text == INVISIBLE_TIMES:
            return Box(node, style, THIN * self._scales[style.level], 0.0, 0.0)
        atom = ATOM_OF[node.space]
        upright = node.upright or atom is Atom.OP
        box = self._box(node, node.text if upright else italic(node.text), style, atom)
        box.ref = node.ref
        return box

    def words(self, node: Words, style: Style) -> Box:
        """Return the box of upright words."""
        return self._box(node, node.text, style, Atom.ORD)

    def sign(self, text: str, style: Style, atom: Atom = Atom.ORD) -> Box:
        """Return the box of a sign that no node stands for."""
        return self._box(None, text, style, atom)

    def number(self, node: Number, text: str, style: Style) -> Box:
        """Return the box of a number written as ``text``; all numbers are equally high."""
        mantissa, mark, exponent = text.partition("e")
        word, zero = self._word(mantissa, style), self._word("0", style)
        whole, _, _ = mantissa.partition(".")
        box = Box(node, style, word.width, zero.height, zero.depth, ink=(word.ink,), text=text)
        box.ref = node.ref
        box.point = self._word(whole, style).width
        if mark:
            self._add_power(box, exponent)
        return box

    def _add_power(self, box: Box, exponent: str) -> None:
        """Continue a number with × 10 and its exponent."""
        style = box.style
        scale = self._scales[style.level]
        raised = self._font.constant("superscript_shift_up") * scale
        gap = THIN * scale
        times, ten = self._word("×", style), self._word("10", style)
        power = self._word(exponent, style.sup)
        x = box.width + gap
        ink = [_moved(times.ink, x, 0.0)]
        x += times.width + gap
        ink.append(_moved(ten.ink, x, 0.0))
        x += ten.width
        ink.append(_moved(power.ink, x, -raised))
        box.ink += tuple(ink)
        box.width = x + power.width
        box.height = max(box.height, raised + power.height)

    def _box(self, node: Symbol | Words | None, text: str, style: Style, atom: Atom) -> Box:
        word = self._word(text, style)
        return Box(
            node,
            style,
            word.width,
            word.height,
            word.depth,
            ink=(word.ink,),
            left=atom,
            right=atom,
            lean=word.lean,
        )

    def _word(self, text: str, style: Style) -> _Word:
        found = self._words.get((text, style))
        if found is None:
            if len(self._words) >= MOST_WORDS:
                self._words.clear()
            found = self._words[text, style] = self._measured(text, style)
        return found

    def _measured(self, text: str, style: Style) -> _Word:
        scale = self._scales[style.level]
        x = height = depth = lean = 0.0
        indices, places = [], []
        for character in text:
            glyph = self._font.glyph(character)
            indices.append(glyph.index)
            places.append((x, 0.0))
            lean = glyph.lean * scale
            x += glyph.advance * scale + lean
            height = max(height, glyph.height * scale)
            depth = max(depth, glyph.depth * scale)
        return _Word(Ink(scale, tuple(indices), tuple(places)), x, height, depth, lean)


def _moved(ink: Ink, x: float, y: float) -> Ink:
    return ink._replace(places=tuple((x + px, y + py) for px, py in ink.places))
