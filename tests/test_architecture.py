"""The layers: imports point down only, Qt stays above the session, everything is documented."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bp_gui"
RANK = {
    "engine": 0,
    "explain": 1,
    "diagnose": 1,
    "session": 2,
    "controller": 3,
    "cli": 3,
    "cli_check": 3,
    "cli_explain": 3,
    "cli_export": 3,
    "cli_options": 3,
    "cli_progress": 3,
    "cli_sweep": 3,
    "views": 4,
    "app": 5,
    "__main__": 5,
    "__init__": 0,
}
WITHOUT_QT = (
    "engine",
    "explain",
    "diagnose",
    "session",
    "cli",
    "cli_check",
    "cli_explain",
    "cli_export",
    "cli_options",
    "cli_progress",
    "cli_sweep",
    "__main__",
    "__init__",
)
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the layer"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down_only(path: Path) -> None:
    own = RANK[layer_of(path)]
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "bp_gui" and len(parts) > 1 and parts[1] in RANK:
            assert RANK[parts[1]] <= own, f"{name} lies above"


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if layer_of(p) in WITHOUT_QT],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_nothing_below_the_controllers_imports_qt(path: Path) -> None:
    for name in imports(path):
        assert name.split(".")[0] not in ("PySide6", "shiboken6", "pyqtgraph")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_public_thing_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name
