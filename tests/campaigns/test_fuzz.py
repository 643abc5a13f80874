"""The campaign in small: some hundred mutated files a reader, the same ones every time."""

from __future__ import annotations

import pytest

from tests.campaigns.fuzz import TARGETS, FuzzTarget, run


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_is_read_there_is_one_kind_of_error(target: FuzzTarget) -> None:
    assert list(run(150, seed=1, targets=[target])) == []


def test_the_campaign_finds_what_is_wrong() -> None:
    def careless(content: bytes) -> object:
        return content.decode("ascii")

    target = FuzzTarget("careless", lambda: [b"good"], careless)
    failures = list(run(200, targets=[target]))
    assert failures
    assert failures[0].reason.startswith("UnicodeDecodeError")
