"""Hostile project files of the size that takes most."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bp_gui.session.examples import load_named
from bp_gui.session.project_file import dumps

N = 5_000_000  # bytes
SIZES = {"small": [2, 2, 2], "largest": [256] * 9}
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


def hostile(case: str, sizes: list[int]) -> bytes:
    """Return a file that says it is of such a network, with one hostile value in it."""
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
    return json.dumps(project).replace('"@"', text).encode()


def all_hostile() -> Iterator[tuple[str, bytes]]:
    """Yield every such file with what it is."""
    for size, sizes in SIZES.items():
        for case in CASES:
            yield f"{case}, {size} network", hostile(case, sizes)
