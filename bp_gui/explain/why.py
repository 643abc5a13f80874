"""The answer to "why?" for any number: what it is, where it comes from, what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from bp_gui.engine.names import COST, Kind, Ref, UnknownNameError
from bp_gui.explain.chain import error_lines, parameter_lines, paths_to_source, unfolded
from bp_gui.explain.explanation import Explanation, Line, Section, Style
from bp_gui.explain.factors import (
    activation_slope,
    cost_by_output,
    net_input_by_bias,
    net_input_by_source,
    net_input_by_weight,
    output_by_net_input,
)
from bp_gui.explain.first_order import first_order_section
from bp_gui.explain.gradients import GRADIENT, GradientOf
from bp_gui.explain.mathematics import SUBTRACT, Fraction, Node, Number, Symbol, row
from bp_gui.explain.naming import Naming
from bp_gui.explain.passes import (
    activation_lines,
    net_input_line,
    output_cost_lines,
    sample_cost_line,
    whole_cost_lines,
)
from bp_gui.explain.scene import Scene, joined
from bp_gui.explain.subject import Subject
from bp_gui.explain.sums import operand
from bp_gui.explain.targets import Derivative, Gradient, Target, Update
from bp_gui.explain.updates import UpdateOf, cost_change_lines
from bp_gui.explain.what import WORDS


def explain(subject: Subject, target: Target, style: Style | None = None) -> Explanation:
    """Return why a number is what it is.

    Parameters
    ----------
    subject
        The moment.
    target
        A quantity, a derivative, a gradient or an update.
    style
        The reader's choices; the textbook's names if there are none.

    Raises
    ------
    UnknownNameError
        If the network has no such quantity, or no such derivative is a factor of its gradients.
    """
    setup = subject.experiment
    if style is None:
        style = Style(Naming.of(setup.parameters, setup.bias_policy))
    scene = Scene(subject, style)
    for ref in _refs(target):
        style.naming.require(ref)
    match target:
        case Ref():
            return _quantity(scene, target)
        case Derivative():
            return _derivative(scene, target)
        case Gradient(by):
            return _gradient(scene, target, by)
        case Update(of):
            return _update(scene, target, of)


def _refs(target: Target) -> tuple[Ref, ...]:
    match target:
        case Ref():
            return (target,)
        case Derivative(of, by):
            return (of, by)
        case Gradient(ref) | Update(ref):
            return (ref,)


# Quantities ---------------------------------------------------------------------------------


def _quantity(scene: Scene, ref: Ref) -> Explanation:
    title, text = WORDS[ref.kind](scene, ref)
    name, value = scene.name(ref), scene.value(ref)
    what = Section("What it is", (Line(name, (), None, value, "", ref),), text)
    sections = (what, *_SECTIONS[ref.kind](scene, ref))
    return Explanation(ref, name, title, value, sections)


def _parameter_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    forward = Section("Forward", (net_input_line(scene, ref.layer, ref.to),))
    chain = Section("Chain rule", parameter_lines(scene, ref), _which_cost(scene))
    deeper = unfolded(scene, ref.layer + 1, scene.style.unfold)
    gradient = GradientOf(scene, ref)
    update = UpdateOf(gradient).section()
    if gradient.is_direct:
        return (forward, chain, *deeper, update)
    return (forward, chain, *deeper, _gradient_section(gradient), update)


def _gradient_section(gradient: GradientOf) -> Section:
    return Section("Gradient of the update", gradient.lines(), _which_batch(gradient))


def _net_input_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    forward = Section("Forward", (net_input_line(scene, ref.layer, ref.to),))
    return (forward, *_error_sections(scene, ref))


def _error_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    lines = _main_first(error_lines(scene, ref.layer, ref.to))
    chain = Section("Chain rule", lines, _which_cost(scene))
    return (chain, *unfolded(scene, ref.layer + 1, scene.style.unfold))


def _activation_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    forward = (
        net_input_line(scene, ref.layer, ref.to),
        *activation_lines(scene, ref.layer, ref.to),
    )
    return (Section("Forward", forward), *_source_sections(scene, ref, ref.layer + 1))


def _source_sections(scene: Scene, ref: Ref, layer: int) -> tuple[Section, ...]:
    """Return how the cost depends on what feeds a layer, or on an output."""
    if layer > scene.last:
        lines = cost_by_output(scene, ref.to).lines
        return (Section("Chain rule", lines, _which_cost(scene)),)
    lines = _main_first(paths_to_source(scene, layer, ref.to).lines)
    chain = Section("Chain rule", lines, _which_cost(scene))
    return (chain, *unfolded(scene, layer, scene.style.unfold))


def _input_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    return (*_scaling_section(scene, ref), *_source_sections(scene, ref, 0))


def _scaling_section(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    data = scene.setup.data
    if data.scaling is None or ref.to >= len(data.scaling.mean):
        return ()
    raw = Number(float(data.raw_x[scene.subject.sample, ref.to]))
    mean, deviation = data.scaling.mean[ref.to], data.scaling.deviation[ref.to]
    symbolic = Fraction(row(Symbol("x"), SUBTRACT, Symbol("μ")), Symbol("s"))
    mean_node: Node = operand(Number(float(mean)))
    substituted = Fraction(row(raw, SUBTRACT, mean_node), Number(float(deviation)))
    caption = "Standardised: the data's x less its mean μ, over its standard deviation s."
    line = Line(scene.name(ref), (symbolic,), substituted, scene.value(ref), caption, ref)
    return (Section("From the data", (line,)),)


def _target_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    return (Section("Where it counts", output_cost_lines(scene, ref.to)),)


def _output_cost_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    output = Ref(Kind.ACTIVATION, scene.last, ref.to)
    return (
        Section("Forward", output_cost_lines(scene, ref.to)),
        *_source_sections(scene, output, scene.last + 1),
    )


def _cost_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    outputs = scene.elision(scene.architecture.n_outputs)
    shown = (*outputs.head, *outputs.tail)
    terms = [line for output in shown for line in output_cost_lines(scene, output)]
    sections = [Section("Forward", (sample_cost_line(scene), *terms))]
    whole = whole_cost_lines(scene)
    if whole:
        sections.append(Section("All samples" if scene.n_samples > 1 else "Penalty", whole))
    return (*sections, Section("After one update", cost_change_lines(scene)))


def _eta_sections(scene: Scene, ref: Ref) -> tuple[Section, ...]:
    return (Section("After one update", cost_change_lines(scene)), *first_order_section(scene))


def _main_first(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (lines[-1], *lines[:-1])


def _which_cost(scene: Scene) -> str:
    if scene.is_whole:
        return ""
    sample = scene.subject.sample + 1
    if scene.n_samples == 1:
        return f"C⁽{_raised(sample)}⁾ is the cost without the penalty."
    return f"For sample {sample}, the one shown; C⁽{_raised(sample)}⁾ is its cost."


def _raised(count: int) -> str:
    return str(count).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _which_batch(gradient: GradientOf) -> str:
    count, whole = len(gradient.batch), gradient.scene.n_samples
    if count == whole:
        return "" if whole == 1 else f"Every update uses all {whole} samples."
    samples = ", ".join(str(int(s) + 1) for s in gradient.batch[:8])
    more = ", …" if count > 8 else ""
    return f"The next update uses {count} of the {whole} samples: {samples}{more}."


# Derivatives, gradients, updates ------------------------------------------------------------


def _derivative(scene: Scene, target: Derivative) -> Explanation:
    lines = _derivative_lines(scene, target)
    of, by = scene.text(target.of), scene.text(target.by)
    title = f"How {of} depends on {by}"
    text = joined(
        f"When {by} grows by a very small amount, {of} grows by this many times that amount.",
        _which_cost(scene) if target.of == COST else "",
    )
    section = Section("Chain rule" if target.of == COST else "Derivative", lines, text)
    name = scene.partial(target.of, target.by)
    return Explanation(target, name, title, lines[0].value, (section,))


def _derivative_lines(scene: Scene, target: Derivative) -> tuple[Line, ...]:
    """Return the lines of a derivative, its own first."""
    of, by = target.of, target.by
    if of == COST:
        return _cost_derivative_lines(scene, by)
    if of.kind is Kind.ACTIVATION and by.kind is Kind.NET_INPUT and of.layer == by.layer:
        if scene.activations[of.layer].output_only:
            return _main_first(output_by_net_input(scene, of.to, by.to).lines)
        if of.to == by.to:
            return _main_first(activation_slope(scene, of.layer, of.to).lines)
    if of.kind is Kind.NET_INPUT:
        if by.is_parameter and (by.layer, by.to) == (of.layer, of.to):
            is_weight = by.kind is Kind.WEIGHT
            return (net_input_by_weight if is_weight else net_input_by_bias)(scene, by).lines
        if by == scene.source(of.layer, by.to):
            return net_input_by_source(scene, of.layer, of.to, by.to).lines
    raise UnknownNameError(f"∂{of}/∂{by} is no factor of a gradient in this network")


def _cost_derivative_lines(scene: Scene, by: Ref) -> tuple[Line, ...]:
    if by.is_parameter:
        return parameter_lines(scene, by)
    if by.kind in (Kind.NET_INPUT, Kind.DELTA):
        return _main_first(error_lines(scene, by.layer, by.to))
    if by.kind is Kind.ACTIVATION and by.layer == scene.last:
        return _main_first(cost_by_output(scene, by.to).lines)
    if by.kind in (Kind.ACTIVATION, Kind.INPUT):
        layer = 0 if by.kind is Kind.INPUT else by.layer + 1
        return _main_first(paths_to_source(scene, layer, by.to).lines)
    raise UnknownNameError(f"∂C/∂{by} is no factor of a gradient in this network")


def _gradient(scene: Scene, target: Gradient, ref: Ref) -> Explanation:
    gradient = GradientOf(scene, ref)
    chain = Section("Chain rule", parameter_lines(scene, ref), _which_cost(scene))
    title = f"Gradient that an update of {scene.text(ref)} uses"
    sections = (_gradient_section(gradient), chain)
    return Explanation(target, GRADIENT, title, gradient.used, sections)


def _update(scene: Scene, target: Update, ref: Ref) -> Explanation:
    gradient = GradientOf(scene, ref)
    update = UpdateOf(gradient).section()
    sections = (update,) if gradient.is_direct else (_gradient_section(gradient), update)
    value = float(scene.subject.next_theta[gradient.index])
    return Explanation(target, scene.name(ref), f"Update of {scene.text(ref)}", value, sections)


_SECTIONS: Final[Mapping[Kind, Callable[[Scene, Ref], tuple[Section, ...]]]] = MappingProxyType(
    {
        Kind.WEIGHT: _parameter_sections,
        Kind.BIAS: _parameter_sections,
        Kind.NET_INPUT: _net_input_sections,
        Kind.ACTIVATION: _activation_sections,
        Kind.DELTA: _error_sections,
        Kind.INPUT: _input_sections,
        Kind.TARGET: _target_sections,
        Kind.OUTPUT_COST: _output_cost_sections,
        Kind.COST: _cost_sections,
        Kind.ETA: _eta_sections,
    }
)
