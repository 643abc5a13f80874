"""Hostile project files of the size that takes most: refused in 100 MB; `make fuzz` times them."""

from __future__ import annotations

import tracemalloc

import pytest

from bp_gui.session.project_file import ProjectFileError, loads
from tests.campaigns.fuzz import MOST_BYTES
from tests.campaigns.large_projects import CASES, SIZES, hostile


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_a_large_hostile_file_is_refused_in_little_memory(case: str, size: str) -> None:
    raw = hostile(case, SIZES[size])
    tracemalloc.start()
    try:
        with pytest.raises(ProjectFileError) as refusal:
            loads(raw)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    assert len(str(refusal.value)) < 400
