"""Exported programs are run where they belong, and print what is on screen.

What is not installed is skipped here; ``make test-exports`` runs everything, in environments that
hold nothing but what a program needs: their interpreters are named by ``BARE_PYTHON`` (NumPy
alone) and ``NOTEBOOK_PYTHON`` (Jupyter besides).
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
import numpy as np
import pytest

from bp_gui.session.examples import load_named, names
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.snapshot import Snapshot, evaluate
from tests.session.exports.moments import moments

BARE = os.environ.get("BARE_PYTHON", sys.executable)
NOTEBOOK = os.environ.get("NOTEBOOK_PYTHON", sys.executable)
EVERYTHING = "NOTEBOOK_PYTHON" in os.environ
AGREES = "All numbers agree with those shown."
# Each program tells where it begins, so that one process runs many.
RUN_ALL = "import runpy, sys\nfor path in sys.argv[1:]:\n    print(path)\n    runpy.run_path(path)"
# As `jupyter execute` does, but the printed text comes out instead of a file.
EXECUTE = """import sys, nbformat, nbclient
for path in sys.argv[1:]:
    print(path)
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=60).execute()
    for cell in notebook.cells:
        print("".join(each.text for each in cell.get("outputs", []) if "text" in each), end="")
"""


def needs(module: str, python: str = sys.executable) -> pytest.MarkDecorator:
    """Skip a test where a module is not installed; another interpreter is taken to have it."""
    is_missing = python == sys.executable and importlib.util.find_spec(module) is None
    return pytest.mark.skipif(is_missing, reason=f"{module} is not installed: make test-exports")


@pytest.fixture(scope="module")
def every_moment() -> tuple[Snapshot, ...]:
    """Every kind of network that there is, and every example."""
    return (*moments(), *(evaluate(load_named(f"example:{name}")) for name in names()))


def outputs(
    command: Sequence[str], sources: Sequence[bytes], folder: Path, suffix: str = ".py"
) -> list[list[str]]:
    """Run programs far from this project; return the lines that each prints."""
    paths = [folder / f"program{number}{suffix}" for number in range(len(sources))]
    for path, source in zip(paths, sources, strict=True):
        path.write_bytes(source)
    done = subprocess.run(
        [*command, *map(str, paths)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr[-2000:]
    printed = re.split(r"^.*program\d+\.\w+\n", done.stdout, flags=re.MULTILINE)
    return [each.splitlines() for each in printed[1:]]


def shown(snapshot: Snapshot) -> list[str]:
    """Return what a program must print of a moment: every number with all its digits."""
    new_W, new_b = snapshot.experiment.architecture.views(snapshot.next_theta)
    quantities = {
        "z": snapshot.forward.z,
        "a": snapshot.forward.a,
        "delta": snapshot.backward.delta,
        "gradient": [snapshot.gradient],
        "new W": new_W,
        "new b": new_b,
        "cost": [snapshot.cost],
        "next cost": [snapshot.next_cost],
        "test cost": [snapshot.test_cost],
    }
    return [
        f"{name if len(values) == 1 else f'{name}{layer}'} {np.asarray(value).tolist()}"
        for name, values in quantities.items()
        for layer, value in enumerate(values, start=1)
    ] + [AGREES]


def test_numpy_scripts_print_the_numbers_on_screen_bit_for_bit(
    every_moment: tuple[Snapshot, ...], tmp_path: Path
) -> None:
    sources = [EXPORTS["numpy"].write(snapshot) for snapshot in every_moment]
    # -I: nothing of this project can be imported, and no variable changes anything.
    printed = outputs((BARE, "-I", "-W", "error", "-c", RUN_ALL), sources, tmp_path)
    assert printed == [shown(snapshot) for snapshot in every_moment]


def test_a_notebooks_cells_print_the_numbers_on_screen_bit_for_bit(
    every_moment: tuple[Snapshot, ...], tmp_path: Path
) -> None:
    sources = []
    for snapshot in every_moment:
        notebook = nbformat.reads(EXPORTS["notebook"].write(snapshot).decode(), as_version=4)
        nbformat.validate(notebook)
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        sources.append("\n\n".join(cells).encode())
    printed = outputs((BARE, "-I", "-W", "error", "-c", RUN_ALL), sources, tmp_path)
    assert printed == [shown(snapshot) for snapshot in every_moment]


@needs("ipykernel", NOTEBOOK)
@needs("nbclient", NOTEBOOK)
def test_a_notebook_runs_in_jupyter(every_moment: tuple[Snapshot, ...], tmp_path: Path) -> None:
    chosen = every_moment if EVERYTHING else every_moment[::20]
    sources = [EXPORTS["notebook"].write(snapshot) for snapshot in chosen]
    printed = outputs((NOTEBOOK, "-c", EXECUTE), sources, tmp_path, ".ipynb")
    assert printed == [shown(snapshot) for snapshot in chosen]


@needs("torch")
def test_autograd_finds_the_gradients_on_screen(
    every_moment: tuple[Snapshot, ...], tmp_path: Path
) -> None:
    sources = [EXPORTS["pytorch"].write(snapshot) for snapshot in every_moment]
    printed = outputs((sys.executable, "-c", RUN_ALL), sources, tmp_path)
    assert [lines[-1] for lines in printed] == [AGREES] * len(sources)


def test_a_script_notices_a_wrong_number(worked: Experiment, tmp_path: Path) -> None:
    source = EXPORTS["numpy"].write(evaluate(worked)).decode()
    (tmp_path / "wrong.py").write_text(source.replace("0.45", "0.46", 1), encoding="utf-8")
    done = subprocess.run(
        [BARE, tmp_path / "wrong.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "AssertionError" in done.stderr


@needs("onnx")
def test_onnx_gives_the_outputs_on_screen(every_moment: tuple[Snapshot, ...]) -> None:
    reference = pytest.importorskip("onnx.reference")
    onnx = pytest.importorskip("onnx")
    for snapshot in every_moment:
        model = onnx.load_from_string(EXPORTS["onnx"].write(snapshot))
        onnx.checker.check_model(model, full_check=True)
        (found,) = reference.ReferenceEvaluator(model).run(None, {"x": snapshot.experiment.x})
        np.testing.assert_allclose(found, snapshot.outputs, rtol=1e-12, atol=1e-15)


@needs("onnx")
@needs("onnxruntime")
def test_a_runtime_gives_the_outputs_on_screen(every_moment: tuple[Snapshot, ...]) -> None:
    runtime = pytest.importorskip("onnxruntime")
    for snapshot in every_moment:
        content = EXPORTS["onnx"].write(snapshot)
        session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
        (found,) = session.run(None, {"x": snapshot.experiment.x})
        np.testing.assert_allclose(found, snapshot.outputs, rtol=1e-13, atol=1e-15)


LATEX = next(filter(None, map(shutil.which, ("pdflatex", "lualatex"))), None)


@pytest.mark.skipif(LATEX is None, reason="no LaTeX: apt-get install texlive-latex-base")
def test_latex_compiles(every_moment: tuple[Snapshot, ...], tmp_path: Path) -> None:
    assert LATEX is not None
    chosen = every_moment[-len(names()) :] if EVERYTHING else (evaluate(load_named("example:xor")),)
    for number, snapshot in enumerate(chosen):
        (tmp_path / f"document{number}.tex").write_bytes(EXPORTS["latex"].write(snapshot))
        done = subprocess.run(
            [LATEX, "-interaction=nonstopmode", "-halt-on-error", f"document{number}.tex"],
            capture_output=True,
            text=True,
            errors="replace",
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:]
        assert "Overfull" not in done.stdout
