"""Compiling or loading the loops once, and where the compiled code is kept."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bp_gui.engine import activations
from bp_gui.engine.compiled.task import Task

if TYPE_CHECKING:
    from bp_gui.engine.compiled.program import Program

_PACKAGE = Path(__file__).parent
_PREFIX = "kernels-"


class _Loops:
    """The compiled loops of this process: not asked for yet, ready, or not to be had."""

    def __init__(self) -> None:
        self.loading = threading.Lock()
        self.tried = False
        self.program: type[Program] | None = None


_loops = _Loops()


def is_ready() -> bool:
    """Whether the loops can run at once."""
    return _loops.program is not None


def load() -> bool:
    """Compile the loops, or load them from disk; return whether they are ready.

    Takes half a second from disk and half a minute without. Another thread may do it while
    this one trains with NumPy; a second call waits for the first. Where Numba is missing or does
    not work on this machine, the answer is no, now and from then on.
    """
    with _loops.loading:
        if not _loops.tried:
            _loops.tried = True
            _loops.program = _loaded()
    return is_ready()


def program_for(task: Task) -> Program | None:
    """Return the task ready to run, or None while or where there are no loops for it."""
    if _loops.program is None or not task.is_compilable:
        return None
    return _loops.program(task)


def _loaded() -> type[Program] | None:
    try:
        config = importlib.import_module("numba").config
    except ImportError:
        return None
    if not os.environ.get("NUMBA_CACHE_DIR"):
        config.CACHE_DIR = str(cache_folder())
    _use_wide_vectors(config)
    try:
        program: type[Program] = importlib.import_module(f"{__package__}.program").Program
        program.warm_up()
    except Exception as problem:  # a compiler can fail in many ways, and training goes on without
        print(f"bp_gui: training stays with NumPy: {problem}", file=sys.stderr)
        return None
    return program


def _use_wide_vectors(config: Any) -> None:
    """Let the compiler use the longest vectors of processors that do not slow down for them.

    By itself it keeps to half of them on all processors with AVX-512, for the sake of the first,
    which knew none of the extensions that are asked for here.
    """
    codegen = importlib.import_module("numba.core.codegen")
    if config.CPU_NAME is None and config.CPU_FEATURES is None:
        features = codegen.get_host_cpu_features()
        if "+avx512vbmi2" in features.split(","):
            config.CPU_FEATURES = f"{features},-prefer-256-bit"


def cache_folder() -> Path:
    """Return a writable folder for the compiled code of exactly these sources.

    Numba looks for changes in the one file only that holds the outermost loop. So the folder is
    named after what all files say that are compiled, and folders of other versions are removed.
    """
    name = f"{_PREFIX}{_digest()}"
    for parent in _places():
        folder = parent / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        for other in parent.glob(f"{_PREFIX}*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return folder
    return Path(tempfile.mkdtemp(prefix=f"{name}-"))


def _places() -> Iterator[Path]:
    """Yield where compiled code may be kept, the best place first."""
    yield _PACKAGE / "__pycache__"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    yield base / "backprop-explorer"


def _digest() -> str:
    """Return what tells these sources from others, in a few letters."""
    digest = hashlib.sha256()
    for path in (*sorted(_PACKAGE.glob("*.py")), Path(activations.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
