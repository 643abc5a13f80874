"""Hostile project files of the size that takes most: refused within a second and 100 MB."""

from __future__ import annotations

import json
import time
import tracemalloc

import pytest

from bp_gui.session.examples import load_named
from bp_gui.session.project_file import ProjectFileError, dumps, loads

N = 5_000_000  # bytes
LARGEST = [256] * 9
PLACE = {"branch": 0, "moment": 0, "kept": False}
MOMENT = '{"updates":0,"theta":0,"start":0},'
CASES = {
    "zeros": ("data.x", "[[" + "0," * (N // 2) + "0]]"),
    "rows": ("data.x", "[" + "[]," * (N // 3) + "[]]"),
    "rows of one": ("data.x", "[" + "[0]," * (N // 4) + "[0]]"),
    "a flat list": ("network.W", "[" + "0," * (N // 2) + "0]"),
    "biases": ("network.b", "[" + "[]," * (N // 3) + "[]]"),
    "locks": ("network.locked", "[" + '"b1[1]",' * (N // 8) + '"b1[1]"]'),
    "names": ("data.input_names", "[" + '"",' * (N // 3) + '""]'),
    "settings": ("training.settings", "{" + ",".join(f'"{i}":1' for i in range(N // 10)) + "}"),
    "a long name": ("cost", '"' + "x" * N + '"'),
    "escapes": ("cost", '"' + "\\u0000" * (N // 6) + '"'),
    "backslashes": ("cost", '"' + "\\\\" * (N // 2) + '"'),
    "quotes": ("cost", '"' + '\\"' * (N // 2) + '"'),
    "many digits": ("training.eta", "1" * N),
    "brackets": ("network.W", "[" * N),
    "a start": ("progress.start", "[" + "0," * (N // 2) + "0]"),
    "a memory": ("progress.optimizer_state", "[[" + "null," * (N // 5) + "0]]"),
    "a history": ("progress.history.costs", "[" + "0," * (N // 2) + "0]"),
    "a word": ("data.x", '{"float64":"' + "A" * N + '"}'),
    "a long word": ("data.x", '{"float64":"' + "A" * 20_000_000 + '"}'),
    "notes": ("notes", '"' + "é" * (N // 2) + '"'),
    "vectors": ("timeline.vectors", "[" + '"AAAAAAAAAAA=",' * (N // 15) + '""]'),
    "moments": (
        "timeline.branches",
        '[{"number":0,"name":"a","parent":null,"moments":[' + MOMENT * (N // 34) + "0]}]",
    ),
    "many moments": (
        "timeline.branches",
        '[{"number":0,"name":"a","parent":null,"moments":[' + MOMENT * 60_000 + MOMENT[:-1] + "]}]",
    ),
}


@pytest.mark.parametrize("sizes", [[2, 2, 2], LARGEST], ids=["small", "largest"])
@pytest.mark.parametrize("case", CASES)
def test_a_large_hostile_file_is_refused_soon_and_in_little_memory(
    case: str, sizes: list[int]
) -> None:
    place, text = CASES[case]
    project = json.loads(dumps(load_named("example:worked")))
    project["network"]["sizes"] = sizes
    project["timeline"] = {"present": PLACE, "branches": []}
    project["progress"] = {"updates": 3, "start": [], "history": {"updates": [], "costs": []}}
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
