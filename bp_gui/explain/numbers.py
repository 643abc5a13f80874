"""Numbers as text: how a float64 is written for people, read back and stepped, whatever the locale.

Numbers are written with a decimal point, the minus sign U+2212 and an exponent without padding:
``−0.35``, ``1.2e−5``, ``1e20``. They are read with a decimal point or a decimal comma; digits in
groups are refused rather than guessed at, because ``1,234`` means two things in two countries.
"""

import math
import re
from decimal import Context, Decimal, InvalidOperation
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
MIN_DIGITS: Final = 3
MAX_DIGITS: Final = 17  # every float64 reads back from 17 significant digits

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GROUPED: Final = re.compile(r"[+-]?[0-9.,'’_\s]*(?:[eE][+-]?[0-9]+)?")
_NON_FINITE: Final = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_EXAMPLES: Final = "0.41, 0,41 or 4.1e-1"
_MAX_QUOTED: Final = 40
_FIXED_BELOW: Final = 1e15  # above, places behind the point say nothing that a float64 holds
# Exact for any two float64: 1.8e308 and 5e-324 span 632 decimal places, plus 17 digits.
_EXACT: Final = Context(prec=1000)


class Decimals(int):
    """A count of digits that all stand behind the point, so that points stand below each other.

    Wherever a count of significant digits is taken, this may be given instead. It equals no such
    count, so that nobody who remembers texts by their digits takes one for the other.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decimals) and int(self) == int(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((Decimals, int(self)))


class NumberError(ValueError):
    """A text that is not a number; the message is one sentence that can be shown as it is."""


def format_number(value: float, digits: int) -> str:
    """Write a number with at most a given count of significant digits.

    Follows ``%g``: an exponent below 1e−4 and from 10**digits on, no trailing zeros. At 17 digits
    the text is `format_exact`, so that 0.1 stays ``0.1``.

    Parameters
    ----------
    value : float
        Any float64; NaN is written ``NaN``, the infinities ``∞`` and ``−∞``, minus zero ``−0``.
    digits : int
        Significant digits, 3 to 17; or `Decimals`, as many behind the point.

    Returns
    -------
    str
        The text; at 17 significant digits `parse_number` reads a finite value back bit for bit.

    Raises
    ------
    ValueError
        If `digits` is outside 3 to 17.
    """
    if not MIN_DIGITS <= digits <= MAX_DIGITS:
        raise ValueError(f"digits is {digits}; accepted are {MIN_DIGITS} to {MAX_DIGITS}")
    if isinstance(digits, Decimals) and abs(value) < _FIXED_BELOW:
        return f"{value:.{int(digits)}f}".replace("-", MINUS)
    if digits == MAX_DIGITS or not math.isfinite(value):
        return format_exact(value)
    return _typeset(f"{value:.{digits}g}")


def format_exact(value: float) -> str:
    """Write a number with the fewest digits that read back bit for bit.

    Parameters
    ----------
    value : float
        Any float64.

    Returns
    -------
    str
        The text, in the typography of `format_number`.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _typeset(repr(float(value)))


def parse_number(text: str) -> float:
    """Read a number that a person typed or pasted.

    Parameters
    ----------
    text : str
        ASCII digits with at most one decimal point or comma, an optional sign (``+``, ``-`` or
        ``−``) and an optional exponent; surrounding white space is ignored.

    Returns
    -------
    float
        The nearest float64, always finite. A number below the smallest float64 reads as zero.

    Raises
    ------
    NumberError
        If the text is anything else, or too large for a float64.
    """
    plain = text.strip().replace(MINUS, "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise NumberError(_refusal(text, plain))
    value = float(plain)
    if math.isinf(value):
        largest = format_exact(math.nextafter(math.inf, 0.0))
        raise NumberError(
            f"{_quoted(text)} is too large for a 64-bit float; the largest is {largest}."
        )
    return value


def step_number(value: float, steps: int, step: Decimal | str) -> float:
    """Add a whole count of decimal steps, exact in decimal: 0.1 and two steps of 0.1 give 0.3.

    Parameters
    ----------
    value : float
        The finite number to start from; it counts as its shortest decimal form.
    steps : int
        How many steps, negative to step down.
    step : Decimal or str
        The size of one step, positive, such as ``"0.01"``.

    Returns
    -------
    float
        The float64 nearest to value + steps * step; `value` itself where that would overflow.

    Raises
    ------
    ValueError
        If `value` is not finite, or `step` is not a finite number above zero.
    """
    if not math.isfinite(value):
        raise ValueError(f"cannot step from {value}; accepted are finite numbers")
    size = _step_size(step)
    if steps == 0:
        return float(value)
    start = Decimal(repr(float(value)))
    result = float(_EXACT.add(start, _EXACT.multiply(Decimal(steps), size)))
    return result if math.isfinite(result) else float(value)


def _step_size(step: Decimal | str) -> Decimal:
    """Return a step as a Decimal, refusing what cannot be stepped by."""
    try:
        size = Decimal(step)
    except InvalidOperation:
        raise ValueError(f"step is {step!r}; accepted are decimal numbers above zero") from None
    if not size.is_finite() or size <= 0:
        raise ValueError(f"step is {str(step)!r}; accepted are finite decimal numbers above zero")
    return size


def _typeset(text: str) -> str:
    """Turn Python's notation of a finite float into the one shown: ``-1e-05`` into ``−1e−5``."""
    mantissa, mark, exponent = text.partition("e")
    if mark:
        exponent = str(int(exponent))
    return f"{mantissa.removesuffix('.0')}{mark}{exponent}".replace("-", MINUS)


def _refusal(text: str, plain: str) -> str:
    """Return the sentence that says why a text is no number."""
    quoted = _quoted(text)
    if not plain:
        return f"{quoted} is empty; accepted are numbers such as {_EXAMPLES}."
    if _NON_FINITE.fullmatch(plain):
        return f"{quoted} is not finite; accepted are finite numbers such as {_EXAMPLES}."
    if _GROUPED.fullmatch(plain) and plain.strip("+-.,")[:1].isdigit():
        return (
            f"{quoted} has more than one decimal mark or digits in groups; thousands separators "
            "are not accepted: write 1234.5 or 1234,5."
        )
    return (
        f"{quoted} is not a number; accepted are digits with one decimal point or comma and an "
        f"exponent, such as {_EXAMPLES}."
    )


def _quoted(text: str) -> str:
    """Return a text in quotation marks, on one line and not too long for a status bar."""
    line = "".join(c if c.isprintable() else " " for c in text.strip())
    if len(line) > _MAX_QUOTED:
        line = f"{line[:_MAX_QUOTED]}…"
    return f"“{line}”"


def told_apart(one: float, other: float, digits: int) -> tuple[str, str]:
    """Return two numbers with so many digits, or as many more as it takes to tell them apart."""
    texts = format_number(one, digits), format_number(other, digits)
    while texts[0] == texts[1] and one != other and digits < MAX_DIGITS:
        digits += 1
        texts = format_number(one, digits), format_number(other, digits)
    return texts
