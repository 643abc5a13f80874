"""The functions of the engine's registries as code that stands by itself.

An exported script computes with the very functions that computed the numbers on screen: they are
taken from the engine's source. A new entry of a registry is therefore exported without any more
work. What a script does not need is left out: types, and what serves complex steps.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType


@dataclass(frozen=True)
class Code:
    """An expression and the definitions that it needs.

    Attributes
    ----------
    expression
        One expression, a function as a rule: ``sigmoid`` or ``lambda z: …``.
    definitions
        Statements that come before it, in the order of the source.
    """

    expression: str
    definitions: tuple[str, ...] = ()


def entry_code(module: ModuleType, kind: str, name: str, field: str) -> Code:
    """Return the function that an entry of a registry holds.

    Parameters
    ----------
    module
        Where the registry stands.
    kind, name
        The class of the entry, and its key.
    field
        Which of its functions.

    Raises
    ------
    LookupError
        If there is no such entry or field.
    """
    return _code(module, _keyword(_entry(module, kind, name), field))


def fused_code(module: ModuleType, cost: str, activation: str, field: str) -> Code:
    """Return a function of the form that a cost has with one last activation.

    Raises
    ------
    LookupError
        If the cost has no form of its own with it.
    """
    entry = _keyword(_entry(module, "Cost", cost), "fused")
    for table in (node for node in ast.walk(entry) if isinstance(node, ast.Dict)):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == activation:
                assert isinstance(value, ast.Call)
                return _code(module, _keyword(value, field))
    raise LookupError(f"{cost} has no form of its own with {activation}")


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _entry(module: ModuleType, kind: str, name: str) -> ast.Call:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == kind:
            found = next((k.value for k in node.keywords if k.arg == "name"), None)
            if isinstance(found, ast.Constant) and found.value == name:
                return node
    raise LookupError(f"{module.__name__} has no {kind} {name}")


def _keyword(call: ast.Call, field: str) -> ast.expr:
    for keyword in call.keywords:
        if keyword.arg == field:
            return keyword.value
    raise LookupError(f"{field} is not given")


def _code(module: ModuleType, expression: ast.expr) -> Code:
    """Return an expression with everything of its module that it refers to."""
    known = dict(_definitions(module))
    needed: set[str] = set()
    waiting = [expression]
    while waiting:
        for name in _names(waiting.pop()):
            if name in known and name not in needed:
                needed.add(name)
                waiting.append(known[name])  # type: ignore[arg-type]
    plain = _Plain(frozenset(known))
    statements = tuple(_text(plain, node) for name, node in known.items() if name in needed)
    return Code(_text(plain, expression), statements)


def _definitions(module: ModuleType) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a module defines for its entries: functions and constants, not the registries."""
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the names that code uses, those of types excepted."""
    stripped = _Plain(frozenset()).visit(ast.parse(ast.unparse(node)))
    yield from (each.id for each in ast.walk(stripped) if isinstance(each, ast.Name))


def _text(plain: _Plain, node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(plain.visit(ast.parse(ast.unparse(node)))))


class _Plain(ast.NodeTransformer):
    """Leaves out types, complex numbers and the underscore before what a module keeps to itself."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        for argument in node.args.args:
            argument.annotation = None
        node.name = self._renamed(node.name)
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        test = node.test
        is_complex = isinstance(test, ast.Call) and ast.unparse(test.func) == "np.iscomplexobj"
        return None if is_complex else self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return node.value if node.attr == "real" else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._renamed(node.id)
        return node

    def _renamed(self, name: str) -> str:
        return name.lstrip("_") if name in self._known else name


def for_torch(code: Code) -> Code:
    """Return code that computes with PyTorch what it computed with NumPy.

    It is meant for the rules of optimizers, whose few functions are called alike in both.
    """
    return Code(_in_torch(code.expression), tuple(map(_in_torch, code.definitions)))


def _in_torch(text: str) -> str:
    return text.replace("np.newaxis", "None").replace("np.", "torch.")
