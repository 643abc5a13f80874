"""The conversation of a measured process with the one that measures: one line of JSON each way.

The first line in is a workload; the answer says with which versions the peer runs. Then each line
``{"updates": n}`` is answered by ``{"seconds": s}``, the time that n updates took by this process's
own clock, and ``{"parameters": true}`` by ``{"W": …, "b": …}``. The end of input ends the process.

This file imports nothing but the standard library, so that it runs in any peer's environment.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

Workload = dict[str, Any]
Layers = list[Any]


class Trainer(Protocol):
    """A network in training. Its maker gets the workload and does all that is done once."""

    def run(self, updates: int) -> None:
        """Do so many more updates; whole epochs."""

    def parameters(self) -> tuple[Layers, Layers]:
        """Return (W, b) as nested lists, shapes (n_l, n_{l-1}) and (n_l,)."""


def serve(versions: dict[str, str], make: Callable[[Workload], Trainer]) -> None:
    """Answer until the input ends."""
    trainer = make(json.loads(sys.stdin.readline()))
    _answer({"versions": versions})
    for line in sys.stdin:
        request = json.loads(line)
        if "updates" in request:
            began = time.perf_counter()
            trainer.run(request["updates"])
            _answer({"seconds": time.perf_counter() - began})
        else:
            W, b = trainer.parameters()
            _answer({"W": W, "b": b})


def _answer(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)
