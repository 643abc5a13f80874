"""Weights from a file into the present network: what would change, before anything does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.session.edits import EditError, LoneEdit, with_parameters
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.archives import read_npz, read_safetensors
from bp_gui.session.imports.layers import FoundLayers, Orientation, is_wanted, to_layers
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.imports.tables import NamedValues, read_text

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
        architecture = experiment.architecture
        if self.theta.shape != (architecture.n_parameters,):
            raise EditError(
                f"{self.theta.size:,} numbers do not fit {architecture.n_parameters:,} parameters"
            )
        parameters = Parameters(architecture, self.theta)
        if not np.isfinite(self.theta).all():
            at = int(np.flatnonzero(~np.isfinite(self.theta))[0])
            raise EditError(
                f"{_name(architecture, at)} cannot be {self.theta[at]}: use finite ones"
            )
        if experiment.bias_policy is BiasPolicy.SHARED:
            for layer, biases in enumerate(parameters.b, start=1):
                if np.any(biases != biases[0]):
                    raise EditError(
                        f"the biases of layer {layer} are one number here, and the file has "
                        "several: choose biases per neuron first"
                    )
        return with_parameters(experiment, parameters)


@dataclass(frozen=True)
class Change:
    """One parameter, before and after."""

    name: str
    old: float
    new: float


@dataclass(frozen=True, eq=False)
class Preview:
    """What an import would do.

    Attributes
    ----------
    edit
        What makes the change.
    rows
        Every parameter that the file gives, in the order of θ.
    orientation
        How matrices were read; None for a table by name, which has no orientation.
    can_switch
        Whether they would also fit the other way.
    warnings
        What a person should know, a sentence each.
    """

    edit: ImportWeights
    rows: Sequence[Change]
    orientation: Orientation | None
    can_switch: bool
    warnings: tuple[str, ...]

    @property
    def n_changed(self) -> int:
        """How many parameters get another value."""
        return sum(row.old != row.new for row in self.rows)


def read_weights(content: bytes) -> Source:
    """Return the weights that a file holds; what kind of file it is, its first bytes say.

    Raises
    ------
    ImportProblem
        If it is none of the kinds that are read, or damaged, or too large.
    """
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return to_layers(read_npz(content, is_wanted))
    if content[8:9] == b"{" and content[6:8] == b"\0\0":
        return to_layers(read_safetensors(content, is_wanted))
    if content[:1] == b"\x80" or content[:6] == b"\x93NUMPY":
        raise ImportProblem(
            "", "this is a pickle or a single array; NPZ, safetensors, CSV and TSV are read"
        )
    found = read_text(content)
    return found if isinstance(found, NamedValues) else to_layers(found)


def preview(
    source: Source, experiment: Experiment, title: str, orientation: Orientation | None = None
) -> Preview:
    """Return what an import would do to an experiment.

    Parameters
    ----------
    source
        What was read.
    experiment
        Where it would go.
    title
        Where it comes from.
    orientation
        How matrices are read; None for what fits, and what the names speak for if both fit.

    Raises
    ------
    ImportProblem
        If the numbers do not fit the network; the message says both structures.
    """
    if isinstance(source, NamedValues):
        given = frozenset(source.values)
        return _previewed(experiment, ImportWeights(_by_name(source, experiment), title), given)
    sizes = experiment.architecture.sizes
    fitting = [each for each in Orientation if source.sizes(each) == sizes]
    if not fitting:
        raise ImportProblem("", _misfit(source, sizes))
    if orientation is None:
        orientation = source.usual if source.usual in fitting else fitting[0]
    elif orientation not in fitting:
        raise ImportProblem("", f"read so that {orientation.value}, {_misfit(source, sizes)}")
    warnings = []
    if len(fitting) > 1:
        warnings.append("All matrices are square, so their shape does not tell rows from columns")
    elif orientation is not source.usual:
        warnings.append("The names speak for the other orientation, but only this one fits")
    without = [f"b{layer}" for layer, b in enumerate(source.b, start=1) if b is None]
    if without:
        warnings.append(f"The file has no {', '.join(without)}: these biases stay")
    edit = ImportWeights(_theta(source, experiment.parameters, orientation), title)
    given = frozenset(
        ref
        for ref in experiment.architecture.refs()
        if ref.kind is Kind.WEIGHT or source.b[ref.layer] is not None
    )
    shown = _previewed(experiment, edit, given)
    return replace(
        shown,
        orientation=orientation,
        can_switch=len(fitting) > 1,
        warnings=(*warnings, *shown.warnings),
    )


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


def _previewed(experiment: Experiment, edit: ImportWeights, given: frozenset[Ref]) -> Preview:
    """Return what an edit would do to the parameters that a file gives."""
    architecture, theta = experiment.architecture, edit.theta
    bad = np.flatnonzero(~np.isfinite(theta))
    if len(bad):
        name = _name(architecture, int(bad[0]))
        raise ImportProblem(name, f"{theta[bad[0]]} is not a finite number")
    numbers = zip(experiment.parameters.theta.tolist(), theta.tolist(), strict=True)
    pairs = zip(architecture.refs(), numbers, strict=True)
    changes = {ref: Change(ref.name, *both) for ref, both in pairs if ref in given}
    locked = sum(changes[r].old != changes[r].new for r in experiment.locked if r in changes)
    warnings = (f"{locked} locked parameters change as well",) if locked else ()
    return Preview(edit, tuple(changes.values()), None, False, warnings)


def _misfit(source: FoundLayers, sizes: tuple[int, ...]) -> str:
    found = [each for each in (source.sizes(o) for o in Orientation) if each is not None]
    own = "-".join(map(str, sizes))
    if not found:
        shapes = ", ".join("×".join(map(str, W.shape)) for W in source.W)
        return f"the matrices {shapes} do not connect to a network in either orientation"
    given = " or ".join(dict.fromkeys("-".join(map(str, each)) for each in found))
    return (
        f"the file holds a {given} network, and this one is {own}: "
        "give this one the same layers first, on the page Network"
    )


def _name(architecture: Architecture, index: int) -> str:
    return next(ref.name for i, ref in enumerate(architecture.refs()) if i == index)
