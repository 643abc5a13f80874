"""Hostile project files of the size that takes most: refused within a second and 100 MB."""

from __future__ import annotations

import json
import time
import tracemalloc

import pytest

from bp_gui.session.examples import load_named
from bp_gui.session.project_file import ProjectFileError, dumps, loads

N = 5_000_000  # bytes
CASES = {
    "zeros": ("data.x", "[[" + "0," * (N // 2) + "0]]"),
    "rows": ("data.x", "[" + "[]," * (N // 3) + "[]]"),
    "locks": ("network.locked", "[" + '"b1[1]",' * (N // 8) + '"b1[1]"]'),
    "names": ("data.input_names", "[" + '"",' * (N // 3) + '""]'),
    "settings": ("training.settings", "{" + ",".join(f'"{i}":1' for i in range(N // 10)) + "}"),
    "a long name": ("cost", '"' + "x" * N + '"'),
    "escapes": ("cost", '"' + "\\u0000" * (N // 6) + '"'),
    "many digits": ("training.eta", "1" * N),
    "brackets": ("network.W", "[" * N),
}


@pytest.mark.parametrize("case", CASES)
def test_a_large_hostile_file_is_refused_soon_and_in_little_memory(case: str) -> None:
    place, text = CASES[case]
    project = json.loads(dumps(load_named("example:worked")))
    holder = project
    *parents, last = place.split(".")
    for key in parents:
        holder = holder[key]
    holder[last] = "@"
    raw = json.dumps(project).replace('"@"', text).encode()
    begin = time.perf_counter()
    with pytest.raises(ProjectFileError) as refusal:
        loads(raw)
    assert time.perf_counter() - begin < 1
    assert len(str(refusal.value)) < 400
    tracemalloc.start()
    try:
        with pytest.raises(ProjectFileError):
            loads(raw)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
