"""An experiment as text: bit for bit there and back, and what is refused."""

from __future__ import annotations

import base64
import re
import zlib

import pytest

from bp_gui.session.examples import load_named, names
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.project_file import dumps
from bp_gui.session.share import PREFIX, _checksum, from_share_text, to_share_text
from bp_gui.session.training import advance


@pytest.mark.parametrize("name", names())
def test_every_example_comes_back_bit_for_bit(name: str) -> None:
    experiment = advance(load_named(f"example:{name}"), 5).experiment
    text = to_share_text(experiment)
    assert re.fullmatch(r"[\w.\-]+", text, re.ASCII)
    assert dumps(from_share_text(text)) == dumps(experiment)


def test_mail_may_break_its_lines(worked: Experiment) -> None:
    text = to_share_text(worked)
    broken = "\r\n ".join(text[i : i + 60] for i in range(0, len(text), 60))
    assert dumps(from_share_text(f"  {broken}\n")) == dumps(worked)


def packed(raw: bytes) -> str:
    payload = base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")
    return f"{PREFIX}.{payload}.{_checksum(payload)}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no shared text"),
        ("hello", "no shared text"),
        ("backprop1.abc", "no shared text"),
        ("backprop9.YWJj.00", "version 'backprop9'"),
        (f"{PREFIX}.YWJj.00", "checksum"),
        (f"{PREFIX}.YWJj.{_checksum('YWJj')}", "cannot be unpacked"),
        (packed(b"{}"), "shared text"),
        (packed(bytes(50_000_000)), "longer than 5 MB"),
        (f"{PREFIX}.é.00", "no shared text"),
    ],
)
def test_what_is_no_shared_text_is_refused(text: str, said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        from_share_text(text)


def test_every_cut_and_every_changed_character_is_noticed(worked: Experiment) -> None:
    text = to_share_text(worked)
    for length in range(0, len(text), 7):
        with pytest.raises(ImportProblem):
            from_share_text(text[:length])
    for position in range(0, len(text), 11):
        other = "A" if text[position] != "A" else "B"
        with pytest.raises(ImportProblem):
            from_share_text(f"{text[:position]}{other}{text[position + 1 :]}")
