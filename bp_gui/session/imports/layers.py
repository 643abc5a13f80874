"""From arrays with names to the layers of a network, whatever program named them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.session.imports.problem import LIMITS, ImportProblem
from bp_gui.session.project_schema import MAX_LAYERS, MAX_UNITS


class Orientation(Enum):
    """What the rows of a weight matrix belong to."""

    TO_FROM = "rows are the neurons it leads to"
    FROM_TO = "rows are the neurons it comes from"

    @property
    def label(self) -> str:
        """What a person reads."""
        if self is Orientation.TO_FROM:
            return "Rows lead to neurons: as here and in PyTorch"
        return "Rows come from neurons: as in scikit-learn and Keras"


@dataclass(frozen=True, eq=False)
class FoundLayers:
    """Weights and biases of all layers, as they stood in a file.

    Attributes
    ----------
    W
        One matrix a layer, in the file's own orientation.
    b
        One vector a layer; None where the file has none.
    usual
        The orientation that the names speak for.
    activations
        One name a layer, where the file says so.
    """

    W: tuple[Array, ...]
    b: tuple[Array | None, ...]
    usual: Orientation
    activations: tuple[str, ...] | None = None

    def turned(self, orientation: Orientation) -> tuple[Array, ...]:
        """Return the matrices with a row for every neuron that they lead to."""
        is_usual = orientation is Orientation.TO_FROM
        return tuple(W if is_usual else frozen(np.ascontiguousarray(W.T)) for W in self.W)

    def sizes(self, orientation: Orientation) -> tuple[int, ...] | None:
        """Return the sizes of the network that the matrices make; None if they do not connect."""
        turned = self.turned(orientation)
        connect = all(after.shape[1] == before.shape[0] for before, after in pairwise(turned))
        fit = all(b is None or len(b) == len(W) for W, b in zip(turned, self.b, strict=True))
        return (turned[0].shape[1], *(len(W) for W in turned)) if connect and fit else None


# What a matrix and a vector may be called: the layer's own name is what is left of it.
_FORMS: Final = (
    (re.compile(r"W_?(\d+)"), re.compile(r"b_?(\d+)"), Orientation.TO_FROM),
    (re.compile(r"coefs_?_(\d+)"), re.compile(r"intercepts_?_(\d+)"), Orientation.FROM_TO),
    (re.compile(r"(.*)[./]kernel(?::0)?"), re.compile(r"(.*)[./]bias(?::0)?"), Orientation.FROM_TO),
    (re.compile(r"(.*?)\.?weight"), re.compile(r"(.*?)\.?bias"), Orientation.TO_FROM),
)
_ByLayer = dict[str, tuple[str, Array]]  # by the layer's own name
_ACCEPTED: Final = (
    "W1, b1, W2 …, coefs_0, intercepts_0 …, or names that end in .weight and .bias are accepted"
)


def is_wanted(name: str) -> bool:
    """Return whether an array may be a layer's weights or biases, by its name."""
    forms = (form for matrix, vector, _ in _FORMS for form in (matrix, vector))
    return any(form.fullmatch(name) for form in forms) or name in ("coefs_", "intercepts_")


def to_layers(arrays: Mapping[str, Array]) -> FoundLayers:
    """Return the layers that arrays make by their names.

    Raises
    ------
    ImportProblem
        If no names are known, or there are too many layers or units.
    """
    form = next((form for form in _FORMS if _by_layer(arrays, form[0])), None)
    if form is None:
        found = ", ".join(list(arrays)[:5]) or "none"
        raise ImportProblem("", f"no weights are found (arrays: {found[:80]}); {_ACCEPTED}")
    matrix, vector, usual = form
    weights, biases = _by_layer(arrays, matrix), _by_layer(arrays, vector)
    _check_layers(weights, biases)
    order = _chained(weights, usual)
    return FoundLayers(
        tuple(weights[key][1] for key in order),
        tuple(frozen(biases[key][1].ravel()) if key in biases else None for key in order),
        usual,
    )


def _check_layers(weights: _ByLayer, biases: _ByLayer) -> None:
    if len(weights) > MAX_LAYERS:
        raise ImportProblem("", f"{len(weights)} layers are too many: {LIMITS}")
    for key, (name, W) in weights.items():
        if W.ndim != 2 or not 1 <= min(W.shape) <= max(W.shape) <= MAX_UNITS:
            raise ImportProblem(name, f"has the shape {W.shape}, which is no matrix; {LIMITS}")
        if key in biases and biases[key][1].size not in W.shape:
            length = biases[key][1].size
            raise ImportProblem(biases[key][0], f"{length} biases do not fit {name} {W.shape}")
    missing = [name for key, (name, _) in biases.items() if key not in weights]
    if missing:
        raise ImportProblem(missing[0], "is there, but not its matrix")


def _by_layer(arrays: Mapping[str, Array], form: re.Pattern[str]) -> _ByLayer:
    """Return name and array by the layer's own name, in the natural order of those."""
    matches = [(form.fullmatch(name), name) for name in arrays]
    found = {match[1]: (name, arrays[name]) for match, name in matches if match is not None}
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Return what sorts ``layer10`` behind ``layer9``."""
    pieces = re.findall(r"[0-9]{1,9}|[^0-9]+|[0-9]+", name)
    return [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in pieces]


def _chained(weights: _ByLayer, usual: Orientation) -> list[str]:
    """Return the layers' names so that each takes what the one before gives, if there is such.

    Names such as ``hidden`` and ``output`` say nothing of the order; the shapes may.
    """
    names = list(weights)
    axis = 1 if usual is Orientation.TO_FROM else 0
    takes = {name: weights[name][1].shape[axis] for name in names}
    gives = {name: weights[name][1].shape[1 - axis] for name in names}

    def extended(chain: list[str]) -> list[str] | None:
        if len(chain) == len(names):
            return chain
        for name in names:
            if name not in chain and (not chain or takes[name] == gives[chain[-1]]):
                whole = extended([*chain, name])
                if whole is not None:
                    return whole
        return None

    return extended([]) or names
