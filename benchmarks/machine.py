"""What the measurements were made on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers.registry import PEER_PYTHON
from benchmarks.race import environment

PACKAGES = ("numpy", "numba", "PySide6-Essentials", "pyqtgraph", "msgspec")
_CALM = 0.5
_WARNING = (
    " **(others used the machine as well: times are too long, and most so where several threads "
    "share a product of matrices; measure again when it is idle)**"
)
_KERNEL = """
import json, numpy, threadpoolctl
print(json.dumps([p.get("architecture") for p in threadpoolctl.threadpool_info()]))
"""


def report() -> list[str]:
    """Return the lines of a list."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    busy = os.getloadavg()[0]
    return [
        f"- {date.today()}, {platform.system()} {platform.machine()}, {_processor()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}",
        f"- {packages}",
        f"- OpenBLAS kernel of NumPy: {_kernel()}",
        f"- tasks running or waiting when it began: {busy:.1f}{_WARNING if busy > _CALM else ''}",
    ]


def _processor() -> str:
    """Return the processor's name as Linux tells it, or what Python knows."""
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    return platform.processor() or "unknown processor"


def _kernel() -> str:
    """Ask the peers' environment, which has the library that can tell."""
    if not PEER_PYTHON.exists():
        return "unknown"
    done = subprocess.run(
        [PEER_PYTHON, "-c", _KERNEL], env=environment(), capture_output=True, text=True, check=True
    )
    return ", ".join(json.loads(done.stdout)) or "unknown"
