"""Loading the compiled loops: without Numba, with nowhere to write, after a change of sources."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")

from bp_gui.engine import compiled
from bp_gui.engine.compiled import blas, loading

# Trains networks of several kinds and prints all bits of where they end.
DIGEST = """
import hashlib
from bp_gui.engine import compiled
from bp_gui.engine.batches import Batches
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from tests.engine.tasks import start_of, task_of

assert compiled.load()
digest = hashlib.sha256()
for optimizer in OPTIMIZERS:
    for sizes, activations in ((2, 3, 1), ("gelu", "sigmoid")), ((70, 40, 9), ("silu", "softmax")):
        task = task_of(
            sizes, activations, "categorical_cross_entropy", optimizer, samples=37, tests=11,
            penalty=Penalty(0.01, 0.02), clip=0.3, batches=Batches(16, shuffle=True),
        )
        theta = start_of(task)
        state = OPTIMIZERS[optimizer].initial_state(len(theta))
        result = compiled.program_for(task).run(theta, state, 0, 30)
        for part in (result.theta, result.optimizer_state.slots, result.costs, result.test_costs):
            digest.update(part.tobytes())
print(digest.hexdigest())
"""


@pytest.fixture(autouse=True)
def _nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_loops", loading._Loops())


def test_importing_the_session_imports_no_numba() -> None:
    code = "import sys, bp_gui.session.training; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_numba_training_stays_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert not compiled.load()
    assert not compiled.load()
    assert not compiled.is_ready()


def test_a_compiler_that_fails_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bp_gui.engine.compiled.program import Program

    def fail() -> None:
        raise RuntimeError("no code for this machine")

    monkeypatch.setattr(Program, "warm_up", fail)
    assert not compiled.load()
    assert not compiled.load()
    assert capsys.readouterr().err.count("no code for this machine") == 1


def test_compiled_code_goes_beside_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_places", lambda: iter([tmp_path / "first", tmp_path / "second"]))
    folder = loading.cache_folder()
    assert folder.parent == tmp_path / "first"
    assert folder.is_dir()


def test_a_folder_that_cannot_be_written_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file where a folder should be stops even an administrator, whom permissions do not stop.
    (tmp_path / "first").write_text("")
    monkeypatch.setattr(loading, "_places", lambda: iter([tmp_path / "first", tmp_path / "second"]))
    assert loading.cache_folder().parent == tmp_path / "second"


def test_other_sources_get_another_folder_and_the_old_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_places", lambda: iter([tmp_path]))
    old = loading.cache_folder()
    monkeypatch.setattr(loading, "_digest", lambda: "other")
    new = loading.cache_folder()
    assert new != old
    assert [path.name for path in tmp_path.iterdir()] == [new.name]


def test_the_user_decides_where_caches_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert list(loading._places())[-1] == tmp_path / "backprop-explorer"


def test_numpy_without_a_blas_of_its_own_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas, "_AFFIXES", (("no_such_", ""),))
    assert blas.gemm_address() == 0
    blas.use_one_thread()


def test_loops_compiled_afresh_and_loops_from_disk_give_the_same_bits(tmp_path: Path) -> None:
    def digest() -> str:
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert not list(tmp_path.iterdir())
    afresh = digest()
    assert list(tmp_path.rglob("*.nbc"))
    assert digest() == afresh
