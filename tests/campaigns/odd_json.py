"""Valid JSON with something odd at one place: what a change of bytes seldom makes.

A value becomes something else of the same or of another type, a key is renamed, left out or added,
a list is reshaped. So the text passes every test of syntax, and what stands behind is tried.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Place = tuple[Any, Any]  # what holds a value, and its key or position there

_NUMBERS = (0, -1, 1, 2, 3, 255, 256, 257, 10**6, 10**15, 2**31, 2**53, 2**63, 2**70, -(10**400))
_FRACTIONS = (0.5, -0.0, 1e-320, 5e-324, 1.7976931348623157e308, -1e308, 0.1 + 0.2)
_TEXTS = (
    "",
    "x",
    "W1[1,1]",
    "W9[9,9]",
    "sigmoid",
    "adam",
    "é" * 50,
    "\u0000",
    "a\nb",
    "🙂",
    "AAAA",
)
_OTHERS = (None, True, False, [], {}, [[]], [None], {"float64": ""}, {"float64": "AAAA"})


def odd(seed: bytes, generator: random.Random) -> bytes:
    """Return a JSON file with one or two odd things in it."""
    document = json.loads(seed)
    for _ in range(generator.choice((1, 1, 1, 2))):
        holder, key = generator.choice(list(_places(document)))
        generator.choice(_CHANGES)(holder, key, generator)
    return json.dumps(document).encode()


def _places(value: Any) -> Iterator[Place]:
    """Yield every place in a document, each list's as if it had a few entries only."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield value, key
            yield from _places(inside)
    elif isinstance(value, list):
        for position in sorted({0, 1, len(value) // 2, len(value) - 1} & set(range(len(value)))):
            yield value, position
            yield from _places(value[position])


def _replace(holder: Any, key: Any, generator: random.Random) -> None:
    """Put anything there."""
    pool = generator.choice((_NUMBERS, _FRACTIONS, _TEXTS, _OTHERS))
    holder[key] = generator.choice(pool)


def _vary(holder: Any, key: Any, generator: random.Random) -> None:
    """Put something else of the same type there."""
    value = holder[key]
    if isinstance(value, bool):
        holder[key] = not value
    elif isinstance(value, int | float):
        holder[key] = generator.choice((-value, value + 1, value * 2, value / 3, *_NUMBERS))
    elif isinstance(value, str):
        holder[key] = _other_text(value, generator)
    elif isinstance(value, list):
        _reshape(holder, key, generator)
    elif isinstance(value, dict):
        items = list(value.items())
        generator.shuffle(items)
        holder[key] = dict(items)


def _other_text(text: str, generator: random.Random) -> str:
    """Return a word with other numbers in it if it is one, or another text."""
    try:
        word = bytearray(base64.b64decode(text, validate=True))
    except ValueError:
        word = bytearray()
    if len(word) < 8 or generator.random() < 0.2:
        return generator.choice((text[:-1], text * 2, text.upper(), f" {text}", *_TEXTS))
    match generator.randrange(3):
        case 0:
            del word[-generator.choice((1, 8)) :]
        case 1:
            word += bytes(generator.choice((1, 8, 4096)))
        case _:
            at = generator.randrange(len(word) // 8) * 8
            odd_number = generator.choice(("000000000000f07f", "000000000000f8ff", "01" * 8))
            word[at : at + 8] = bytes.fromhex(odd_number)
    return base64.b64encode(word).decode()


def _reshape(holder: Any, key: Any, generator: random.Random) -> None:
    """Make a list longer, shorter, deeper, flatter or of another order."""
    value = holder[key]
    if not isinstance(value, list):
        holder[key] = [value]
        return
    holder[key] = generator.choice(
        (
            lambda: value[:-1],
            lambda: value[1:],
            lambda: value + value,
            lambda: value * 40,
            lambda: [value],
            lambda: value[::-1],
            lambda: [inner for each in value for inner in (each if isinstance(each, list) else [])],
            lambda: (
                [list(each) for each in zip(*value, strict=False)]
                if value and all(isinstance(each, list) for each in value)
                else value[:1]
            ),
        )
    )()


def _rename(holder: Any, key: Any, generator: random.Random) -> None:
    if isinstance(holder, dict):
        new = generator.choice((f"{key}s", str(key).upper(), "", "note", *map(str, holder)))
        holder[new] = holder.pop(key)


def _remove(holder: Any, key: Any, generator: random.Random) -> None:
    del holder[key]


def _add(holder: Any, key: Any, generator: random.Random) -> None:
    """Put a copy beside it, under a key that other places know."""
    if isinstance(holder, dict):
        names = ("timeline", "layout", "notes", "progress", "vectors", "after", "float64", "x_test")
        holder[generator.choice(names)] = json.loads(json.dumps(holder[key]))
    else:
        holder.insert(key, json.loads(json.dumps(holder[key])))


def _exchange(holder: Any, key: Any, generator: random.Random) -> None:
    """Let two places of an object or a list change their values."""
    others = list(holder) if isinstance(holder, dict) else range(len(holder))
    other = generator.choice(list(others))
    holder[key], holder[other] = holder[other], holder[key]


_CHANGES: tuple[Callable[[Any, Any, random.Random], None], ...] = (
    _replace,
    _replace,
    _vary,
    _vary,
    _vary,
    _reshape,
    _rename,
    _remove,
    _add,
    _exchange,
)
