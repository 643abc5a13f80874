"""How a project was looked at, to its section of the file and back."""

from __future__ import annotations

from bp_gui.engine.names import Kind, Ref, UnknownNameError, parse_name
from bp_gui.engine.network import Architecture
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import NeuronNames, ParameterNames
from bp_gui.session.experiment import Experiment
from bp_gui.session.project import Layout
from bp_gui.session.project_error import ProjectFileError
from bp_gui.session.project_schema import LayoutSection


def layout_section(layout: Layout) -> LayoutSection | None:
    """Return how a layout stands in a file; None where it says nothing."""
    if layout == Layout():
        return None
    names = layout.names
    return LayoutSection(
        page=layout.page,
        selected=None if layout.selected is None else layout.selected.name,
        sample=None if layout.sample is None else layout.sample + 1,
        digits=layout.digits,
        decimals=layout.decimals,
        parameter_names=None if names is None else names.parameters.value,
        neuron_names=None if names is None else names.neurons.value,
        zoom=layout.zoom,
        logarithmic=layout.logarithmic,
    )


def layout_of(section: LayoutSection, experiment: Experiment) -> Layout:
    """Return the layout that a section describes.

    Raises
    ------
    ProjectFileError
        If it is about a quantity or a sample that the experiment does not have, or names things
        by half; the message names the place.
    """
    if section.sample is not None and section.sample > len(experiment.t):
        raise ProjectFileError(
            "layout.sample", f"{section.sample} does not exist: there are {len(experiment.t)}"
        )
    return Layout(
        page=section.page,
        selected=_quantity(section.selected, experiment.architecture),
        sample=None if section.sample is None else section.sample - 1,
        digits=section.digits,
        decimals=section.decimals,
        names=_names(section),
        zoom=section.zoom,
        logarithmic=section.logarithmic,
    )


def _quantity(name: str | None, architecture: Architecture) -> Ref | None:
    if name is None:
        return None
    place = "layout.selected"
    try:
        ref = parse_name(name)
    except UnknownNameError as error:
        raise ProjectFileError(place, str(error)) from None
    if not _has(architecture, ref):
        sizes = "-".join(map(str, architecture.sizes))
        raise ProjectFileError(place, f"{ref} does not exist in a {sizes} network")
    return ref


def _has(architecture: Architecture, ref: Ref) -> bool:
    """Whether a network of this shape has a quantity."""
    inputs, outputs = architecture.n_inputs, architecture.n_outputs
    match ref.kind:
        case Kind.COST | Kind.ETA:
            return True
        case Kind.INPUT:
            return ref.to < inputs
        case Kind.TARGET | Kind.OUTPUT_COST:
            return ref.to < outputs
    sizes = architecture.sizes[ref.layer : ref.layer + 2]
    is_weight = ref.kind is Kind.WEIGHT
    return len(sizes) == 2 and ref.to < sizes[1] and (not is_weight or ref.source < sizes[0])


def _names(section: LayoutSection) -> NameChoice | None:
    parameters, neurons = section.parameter_names, section.neuron_names
    if parameters is None and neurons is None:
        return None
    if parameters is None or neurons is None:
        missing = "parameter_names" if parameters is None else "neuron_names"
        raise ProjectFileError(f"layout.{missing}", "is missing beside the other names")
    return NameChoice(ParameterNames(parameters), NeuronNames(neurons))
