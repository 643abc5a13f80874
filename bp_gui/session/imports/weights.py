"""Weights from a file into the present network: what would change, before anything does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.session.edits import EditError, LoneEdit, with_parameters
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.archives import read_npz, read_safetensors
from bp_gui.session.imports.changes import Changes
from bp_gui.session.imports.layers import FoundLayers, Orientation, is_wanted, to_layers
from bp_gui.session.imports.origin import activations_of
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.imports.rebuild import RebuildNetwork, losses, suggested_activations
from bp_gui.session.imports.tables import NamedValues, missing_layers, read_text
from bp_gui.session.imports.theta import check_theta, parameter_at

Source = NamedValues | FoundLayers


@dataclass(frozen=True, eq=False)
class ImportWeights(LoneEdit):
    """Take all weights and biases from elsewhere; data and settings stay.

    Attributes
    ----------
    theta
        In the order of θ, (P,), finite.
    title
        Where from, for instance the name of the file.
    """

    theta: Array
    title: str

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return f"Import weights: {self.title}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`."""
        check_theta(self.theta, experiment.architecture, experiment.bias_policy)
        return with_parameters(experiment, Parameters(experiment.architecture, self.theta))


@dataclass(frozen=True, eq=False)
class Preview:
    """What an import would do.

    Attributes
    ----------
    edit
        What makes the change: weights into the present network, or another network.
    rows
        Every parameter that the file gives, in the order of θ.
    orientation
        How matrices were read; None for a table by name, which has no orientation.
    can_switch
        Whether they make a network the other way as well.
    warnings
        What a person should know, a sentence each.
    """

    edit: ImportWeights | RebuildNetwork
    rows: Changes
    orientation: Orientation | None
    can_switch: bool
    warnings: tuple[str, ...]

    @property
    def n_changed(self) -> int:
        """How many parameters get another value."""
        return self.rows.n_changed


def read_weights(content: bytes) -> Source:
    """Return the weights that a file holds; what kind of file it is, its first bytes say.

    Raises
    ------
    ImportProblem
        If it is none of the kinds that are read, or damaged, or too large.
    """
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        layers = to_layers(read_npz(content, is_wanted))
    elif content[8:9] == b"{" and content[6:8] == b"\0\0":
        layers = to_layers(read_safetensors(content, is_wanted))
    elif content[:1] == b"\x80" or content[:6] == b"\x93NUMPY":
        raise ImportProblem(
            "", "this is a pickle or a single array; NPZ, safetensors, CSV and TSV are read"
        )
    else:
        found = read_text(content)
        return found if isinstance(found, NamedValues) else to_layers(found)
    return replace(layers, activations=activations_of(content))


def preview(
    source: Source,
    experiment: Experiment,
    title: str,
    orientation: Orientation | None = None,
    activations: tuple[str, ...] | None = None,
) -> Preview:
    """Return what an import would do to an experiment.

    Weights of another network than the present one rebuild it.

    Parameters
    ----------
    source
        What was read.
    experiment
        Where it would go.
    title
        Where it comes from.
    orientation
        How matrices are read; None for what fits the present network, else for what the names
        speak for.
    activations
        Of a network that is rebuilt, one a layer; None for what the file or the present network
        suggests.

    Raises
    ------
    ImportProblem
        If the numbers make no network.
    """
    if isinstance(source, NamedValues):
        others = missing_layers(source, experiment.architecture)
        if others is None:
            edit = ImportWeights(_by_name(source, experiment), title)
            places = sorted(experiment.architecture.index(ref) for ref in source.values)
            return _previewed(experiment, edit, np.array(places))
        rebuilt = _rebuilt(others, Orientation.TO_FROM, activations, experiment, title)
        return replace(rebuilt, orientation=None)
    possible = [each for each in Orientation if source.sizes(each) is not None]
    if not possible:
        shapes = ", ".join("×".join(map(str, W.shape)) for W in source.W)
        raise ImportProblem(
            "", f"the matrices {shapes} do not connect to a network in either orientation"
        )
    fitting = [o for o in possible if source.sizes(o) == experiment.architecture.sizes]
    if orientation is None:
        candidates = fitting or possible
        orientation = source.usual if source.usual in candidates else candidates[0]
    elif orientation not in possible:
        raise ImportProblem("", f"read so that {orientation.value}, the matrices do not connect")
    if orientation in fitting:
        shown = _replaced(source, orientation, experiment, title)
    else:
        shown = _rebuilt(source, orientation, activations, experiment, title)
    warnings = [*_doubts(source, orientation, fitting), *shown.warnings]
    return replace(
        shown,
        orientation=orientation,
        can_switch=len(possible) > 1,
        warnings=tuple(warnings),
    )


def _doubts(
    source: FoundLayers, orientation: Orientation, fitting: Sequence[Orientation]
) -> Iterator[str]:
    """Yield why the orientation may be another one."""
    if len(fitting) > 1:
        yield "All matrices are square, so their shape does not tell rows from columns"
    elif orientation is not source.usual:
        yield "The names speak for the other orientation" + (
            ", but only this one fits" if orientation in fitting else ""
        )


def _replaced(
    source: FoundLayers, orientation: Orientation, experiment: Experiment, title: str
) -> Preview:
    """Return what weights of the present network would do."""
    edit = ImportWeights(_theta(source, experiment.parameters, orientation), title)
    shown = _previewed(experiment, edit, _given(source, experiment.architecture))
    without = _without_biases(source)
    told = (f"The file has no {without}: these biases stay",) if without else ()
    return replace(shown, warnings=(*told, *shown.warnings))


def _rebuilt(
    source: FoundLayers,
    orientation: Orientation,
    activations: tuple[str, ...] | None,
    experiment: Experiment,
    title: str,
) -> Preview:
    """Return what weights of another network would do."""
    sizes = source.sizes(orientation)
    assert sizes is not None
    if activations is None:
        activations = suggested_activations(source, sizes[-1], experiment.architecture)
    architecture = Architecture(sizes, activations)
    none = Parameters(architecture, np.zeros(architecture.n_parameters))
    edit = RebuildNetwork(architecture, _theta(source, none, orientation), title)
    _check(edit.theta, architecture, experiment.bias_policy)
    rows = Changes(architecture, np.arange(len(edit.theta)), None, edit.theta)
    without = _without_biases(source)
    told = (f"The file has no {without}: these biases are 0",) if without else ()
    return Preview(edit, rows, orientation, False, (*losses(experiment, architecture), *told))


def _without_biases(source: FoundLayers) -> str:
    return ", ".join(f"b{layer}" for layer, b in enumerate(source.b, start=1) if b is None)


def _theta(source: FoundLayers, old: Parameters, orientation: Orientation) -> Array:
    b = [own if new is None else new for own, new in zip(old.b, source.b, strict=True)]
    return Parameters.from_layers(old.architecture, source.turned(orientation), b).theta


def _by_name(source: NamedValues, experiment: Experiment) -> Array:
    theta = experiment.parameters.theta.copy()
    for ref, value in source.values.items():
        try:
            theta[experiment.architecture.index(ref)] = value
        except IndexError as error:
            raise ImportProblem(ref.name, str(error)) from None
    return frozen(theta)


def _given(source: FoundLayers, architecture: Architecture) -> NDArray[np.int64]:
    """Return the places in θ of all weights, and of the biases that the file has."""
    given = ~architecture.bias_mask
    for b, (_, start), size in zip(
        source.b, architecture.offsets, architecture.sizes[1:], strict=True
    ):
        given[start : start + size] = b is not None
    return np.flatnonzero(given)


def _previewed(experiment: Experiment, edit: ImportWeights, places: NDArray[np.int64]) -> Preview:
    """Return what an edit would do to the parameters that a file gives."""
    architecture, old = experiment.architecture, experiment.parameters.theta
    _check(edit.theta, architecture, experiment.bias_policy)
    held = [architecture.index(ref) for ref in experiment.locked]
    locked = np.count_nonzero(old[held] != edit.theta[held]) if held else 0
    warnings = (f"{locked} locked parameters change as well",) if locked else ()
    return Preview(edit, Changes(architecture, places, old, edit.theta), None, False, warnings)


def _check(theta: Array, architecture: Architecture, policy: BiasPolicy) -> None:
    """Refuse before anybody is asked what the edit would refuse afterwards."""
    bad = np.flatnonzero(~np.isfinite(theta))
    if len(bad):
        name = parameter_at(architecture, int(bad[0])).name
        raise ImportProblem(name, f"{theta[bad[0]]} is not a finite number")
    try:
        check_theta(theta, architecture, policy)
    except EditError as error:
        raise ImportProblem("", str(error)) from None
