"""Explanations: every line of numbers is arithmetic that comes to the engine's number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.batches import Batches
from bp_gui.engine.costs import COSTS
from bp_gui.engine.names import COST, ETA, Kind, Ref, UnknownNameError
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.explain.arithmetic import evaluate as arithmetic
from bp_gui.explain.explanation import Explanation, Line, Style
from bp_gui.explain.mathematics import Linked, walk
from bp_gui.explain.naming import Naming, NeuronNames, ParameterNames, quantities
from bp_gui.explain.numbers import Decimals
from bp_gui.explain.targets import Derivative, Gradient, Target, Update
from bp_gui.explain.why import explain
from bp_gui.explain.written import to_latex, to_text
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.training import advance

REFERENCE = Path(__file__).parents[1] / "reference" / "worked_example.json"
OUTPUT_ACTIVATIONS = tuple(ACTIVATIONS)
HIDDEN_ACTIVATIONS = tuple(a.name for a in ACTIVATIONS.values() if not a.output_only)


def experiment(
    sizes: tuple[int, ...] = (2, 3, 1),
    activations: tuple[str, ...] = ("tanh", "sigmoid"),
    samples: int = 1,
    seed: int = 1,
    **settings: object,
) -> Experiment:
    """Return a network with random weights, biases and data; targets lie between 0 and 1."""
    generator = np.random.default_rng(seed)
    architecture = Architecture(sizes, activations)
    theta = generator.normal(0.0, 0.8, architecture.n_parameters)
    t = generator.uniform(0.05, 0.95, (samples, sizes[-1]))
    data = Data.of(generator.normal(0.0, 1.0, (samples, sizes[0])), t)
    optimizer = OPTIMIZERS[str(settings.get("optimizer_name", "gradient_descent"))]
    base = Experiment(
        parameters=Parameters(architecture, theta),
        data=data,
        eta=0.3,
        bias_policy=BiasPolicy.PER_NEURON,
        start=theta,
        optimizer_state=optimizer.initial_state(architecture.n_parameters),
        optimizer_settings=optimizer.defaults,
    )
    return replace(base, **settings)  # type: ignore[arg-type]


def all_targets(snapshot: Snapshot) -> Iterator[Target]:
    architecture = snapshot.experiment.architecture
    yield from quantities(architecture)
    for ref in architecture.refs():
        yield Gradient(ref)
        yield Update(ref)
        yield Derivative(COST, ref)


def assert_arithmetic(line: Line) -> None:
    if line.substituted is None:
        return
    found = arithmetic(line.substituted)
    scale = max(1.0, abs(line.value))
    assert found == pytest.approx(line.value, rel=1e-12, abs=1e-12 * scale), to_text(
        line.equation, 17
    )


def expected(snapshot: Snapshot, target: Target) -> float:
    """Return the engine's number for a target, from the arrays that the snapshot holds."""
    experiment, backward = snapshot.experiment, snapshot.backward
    match target:
        case Ref():
            return snapshot.value(target)
        case Gradient(ref):
            return float(snapshot.used_gradient[experiment.architecture.index(ref)])
        case Update(ref):
            return float(snapshot.next_theta[experiment.architecture.index(ref)])
        case Derivative(_, Ref(Kind.WEIGHT, layer, to, source)):
            return float(backward.dW[layer][to, source])
        case Derivative(_, Ref(_, layer, to)):
            shared = experiment.bias_policy is BiasPolicy.SHARED
            return float(backward.db[layer].sum() if shared else backward.db[layer][to])


def assert_explained(snapshot: Snapshot, style: Style | None = None) -> None:
    """Every target has the engine's value, and every line with numbers comes to its value."""
    for target in all_targets(snapshot):
        explanation = explain(snapshot, target, style)
        assert explanation.value == pytest.approx(
            expected(snapshot, target), rel=1e-12, abs=1e-14, nan_ok=True
        )
        for line in explanation.lines:
            assert_arithmetic(line)
        assert_well_written(explanation)


def assert_well_written(explanation: Explanation) -> None:
    for line in explanation.lines:
        text = to_latex(line.equation, 17)
        assert text.count("{") == text.count("}")
        assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
        assert text.count(r"\begin") == text.count(r"\end")
        assert text.isascii(), text
        assert to_text(line.equation, Decimals(4))


def test_the_worked_example_is_explained_to_the_last_digit(worked: Experiment) -> None:
    assert_explained(evaluate(worked))
    assert_explained(evaluate(advance(worked, 100).experiment))


@pytest.mark.parametrize("policy", BiasPolicy)
def test_a_2_3_1_is_explained_under_every_bias_policy(policy: BiasPolicy) -> None:
    subject = experiment(bias_policy=policy)
    if policy is BiasPolicy.SHARED:
        W, b = subject.parameters.W, [np.full_like(b, b[0]) for b in subject.parameters.b]
        parameters = Parameters.from_layers(subject.architecture, W, b)
        subject = replace(subject, parameters=parameters)
    assert_explained(evaluate(subject))


@pytest.mark.parametrize("cost", ["categorical_cross_entropy", "half_squared_error"])
def test_a_3_4_4_2_with_softmax_is_explained(cost: str) -> None:
    activations = ("relu", "tanh", "softmax")
    subject = experiment((3, 4, 4, 2), activations, samples=3, cost_name=cost)
    assert_explained(evaluate(subject, 1))


@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
def test_every_hidden_activation_is_explained(hidden: str) -> None:
    assert_explained(evaluate(experiment(activations=(hidden, "linear"))))


@pytest.mark.parametrize(
    ("cost", "output"),
    [(c, o) for c in COSTS for o in OUTPUT_ACTIVATIONS if COSTS[c].is_defined_for(o)],
)
def test_every_cost_is_explained_on_every_output(cost: str, output: str) -> None:
    subject = experiment((2, 3, 2), ("tanh", output), cost_name=cost)
    assert_explained(evaluate(subject))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_is_explained_from_the_first_update_and_later(name: str) -> None:
    subject = experiment(optimizer_name=name, samples=3)
    assert_explained(evaluate(subject))
    assert_explained(evaluate(advance(subject, 3).experiment, 2))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_remembers_is_the_engines(name: str) -> None:
    snapshot = evaluate(advance(experiment(optimizer_name=name), 2).experiment)
    slots = snapshot.experiment.optimizer.slots
    for index, ref in enumerate(snapshot.experiment.architecture.refs()):
        lines = {to_text(line.left, 6): line for line in explain(snapshot, Update(ref)).lines}
        for position, slot in enumerate(slots):
            assert lines[slot].value == snapshot.next_state.slots[position, index]


@pytest.mark.parametrize(
    "settings",
    [
        {"penalty": Penalty(l1=0.01)},
        {"penalty": Penalty(l2=0.02)},
        {"penalty": Penalty(l1=0.01, l2=0.02), "clip": 0.05},
        {"clip": 0.01, "bias_policy": BiasPolicy.SHARED},
        {"clip": 100.0},
        {"batches": Batches(2)},
        {"batches": Batches(2, shuffle=True), "penalty": Penalty(l2=0.1), "clip": 0.1},
        {"batches": Batches(1)},
        {"locked": frozenset({Ref(Kind.WEIGHT, 0, 1, 0), Ref(Kind.BIAS, 1, 0)})},
    ],
    ids=str,
)
@pytest.mark.parametrize("samples", [1, 5])
def test_every_setting_of_training_is_explained(settings: dict[str, object], samples: int) -> None:
    subject = experiment(samples=samples, **settings)
    if subject.bias_policy is BiasPolicy.SHARED:
        W, b = subject.parameters.W, [np.full_like(b, b[0]) for b in subject.parameters.b]
        subject = replace(subject, parameters=Parameters.from_layers(subject.architecture, W, b))
    for sample in {0, samples - 1}:
        assert_explained(evaluate(subject, sample))
    assert_explained(evaluate(advance(subject, 1).experiment))


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    depth = draw(st.integers(1, 4))
    sizes = tuple(draw(st.integers(1, 4)) for _ in range(depth + 1))
    hidden = tuple(draw(st.sampled_from(HIDDEN_ACTIVATIONS)) for _ in range(depth - 1))
    output = draw(st.sampled_from(OUTPUT_ACTIVATIONS))
    costs = [name for name, cost in COSTS.items() if cost.is_defined_for(output)]
    samples = draw(st.integers(1, 4))
    return experiment(
        sizes,
        (*hidden, output),
        samples,
        draw(st.integers(0, 10_000)),
        cost_name=draw(st.sampled_from(costs)),
        optimizer_name=draw(st.sampled_from(sorted(OPTIMIZERS))),
        penalty=draw(st.sampled_from([Penalty(), Penalty(0.01, 0.1)])),
        clip=draw(st.sampled_from([None, 0.1])),
        batches=Batches(draw(st.sampled_from([None, 1, 2])), draw(st.booleans())),
    )


@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(experiments(), st.sampled_from(ParameterNames), st.sampled_from(NeuronNames))
def test_random_networks_are_explained(
    subject: Experiment, parameters: ParameterNames, neurons: NeuronNames
) -> None:
    naming = Naming.of(subject.parameters, subject.bias_policy, parameters, neurons)
    assert_explained(evaluate(subject), Style(naming, longest_sum=3, unfold=2))


def test_every_part_that_leads_somewhere_can_be_explained() -> None:
    subject = experiment((2, 3, 2, 2), ("tanh", "relu", "softmax"), samples=2)
    snapshot = evaluate(subject)
    for target in all_targets(snapshot):
        for line in explain(snapshot, target).lines:
            for node in walk(line.equation):
                if isinstance(node, Linked):
                    assert explain(snapshot, node.target).value is not None  # type: ignore[arg-type]


def lines_of(explanation: Explanation, digits: int = 6) -> list[str]:
    return [to_text(line.equation, digits) for line in explanation.lines]


def test_an_output_weight_reads_as_in_a_textbook(worked: Experiment) -> None:
    found = lines_of(explain(evaluate(worked), Ref(Kind.WEIGHT, 1, 0, 0)))
    assert (
        "∂C/∂w5 = ∂C/∂o1 · ∂o1/∂z_o1 · ∂z_o1/∂w5 = (o1 − t1) · σ′(z_o1) · h1 "
        "= 0.741365 · 0.186816 · 0.59327 = 0.082167"
    ) in found
    assert "w5 ← w5 + Δw5 = w5 − η g = 0.4 − 0.5 · 0.082167 = 0.358916" in found


def test_a_hidden_weight_shows_each_path_and_their_sum(worked: Experiment) -> None:
    found = lines_of(explain(evaluate(worked), Ref(Kind.WEIGHT, 0, 0, 0)))
    assert any(line.endswith("0.0553994 − 0.0190491 = 0.0363503") for line in found)
    assert any(line.endswith("0.741365 · 0.186816 · 0.4 = 0.0553994") for line in found)
    assert any(line.endswith("= 0.0363503 · 0.241301 · 0.05 = 0.000438568") for line in found)


def test_a_deep_network_unfolds_its_errors_on_request() -> None:
    snapshot = evaluate(experiment((2, 2, 2, 2, 1), ("tanh", "tanh", "tanh", "sigmoid")))
    weight = Ref(Kind.WEIGHT, 0, 0, 0)
    naming = Naming.of(snapshot.experiment.parameters, BiasPolicy.PER_NEURON)
    titles = [
        [s.title for s in explain(snapshot, weight, Style(naming, unfold=depth)).sections]
        for depth in range(4)
    ]
    assert "The error δ_h2·1" not in titles[0]
    assert "The error δ_h2·1" in titles[1]
    assert "The error δ_h3·2" in titles[2]
    assert "The error δ_o1" in titles[3]


def test_a_long_sum_shows_how_much_it_leaves_out() -> None:
    subject = experiment((40, 2), ("sigmoid",))
    explanation = explain(evaluate(subject), Ref(Kind.NET_INPUT, 0, 0))
    (line,) = [line for line in explanation.lines if line.substituted is not None][:1]
    assert "+ … + w40 · i40 + b1" in to_text(line.symbolic[0], 6)
    assert "33 more" in to_text(line.equation, 6)
    assert_arithmetic(line)


@pytest.mark.parametrize(
    "target",
    [
        Ref(Kind.WEIGHT, 5, 0, 0),
        Ref(Kind.ACTIVATION, 0, 9),
        Derivative(Ref(Kind.ACTIVATION, 0, 0), Ref(Kind.NET_INPUT, 0, 1)),
        Derivative(COST, COST),
        Gradient(Ref(Kind.BIAS, 9, 0)),
    ],
    ids=str,
)
def test_what_the_network_does_not_have_is_refused(target: Target, worked: Experiment) -> None:
    with pytest.raises(UnknownNameError):
        explain(evaluate(worked), target)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308])
def test_numbers_that_are_not_finite_are_explained_all_the_same(value: float) -> None:
    subject = experiment((2, 3, 2), ("relu", "softmax"))
    theta = subject.parameters.theta.copy()
    theta[0] = value
    snapshot = evaluate(replace(subject, parameters=Parameters(subject.architecture, theta)))
    for target in all_targets(snapshot):
        assert_well_written(explain(snapshot, target))


def first_order(subject: Experiment) -> list[Line]:
    """Return the lines that foretell the change of the cost."""
    sections = explain(evaluate(subject), ETA).sections
    return [
        line for section in sections if "first order" in section.title for line in section.lines
    ]


def central_difference(subject: Experiment, h: float = 1e-5) -> float:
    """Return how fast the cost changes along the next update, from costs alone."""
    theta = subject.parameters.theta
    step = evaluate(subject).next_theta - theta

    def cost(share: float) -> float:
        moved = Parameters(subject.architecture, theta + share * step)
        return evaluate(replace(subject, parameters=moved)).cost

    return (cost(h) - cost(-h)) / (2 * h)


@pytest.mark.parametrize("policy", BiasPolicy)
@pytest.mark.parametrize("name", ["gradient_descent", "momentum", "adam"])
def test_the_foretold_change_of_the_cost_is_its_slope_along_the_update(
    name: str, policy: BiasPolicy
) -> None:
    subject = experiment(samples=3, optimizer_name=name, bias_policy=policy, clip=0.01)
    if policy is BiasPolicy.SHARED:
        b = [np.full_like(b, b[0]) for b in subject.parameters.b]
        equal = Parameters.from_layers(subject.architecture, subject.parameters.W, b)
        subject = replace(subject, parameters=equal)
    (line,) = first_order(subject)
    assert line.value == pytest.approx(central_difference(subject), rel=1e-6)


def test_gradient_descent_foretells_a_fall_by_eta_times_the_squared_length(
    worked: Experiment,
) -> None:
    general, length, short = first_order(worked)
    gradients = json.loads(REFERENCE.read_text())["backward"]["dW"]
    expected = -0.5 * sum(g * g for layer in gradients for to in layer for g in to)
    assert general.value == pytest.approx(expected, rel=1e-9)
    assert short.value == pytest.approx(expected, rel=1e-9)
    assert short.value == -0.5 * length.value**2
    assert to_text(short.equation, 3).startswith("ΔC ≈ −η · ‖g‖² = −0.5 · ")


def test_where_nothing_is_trained_no_change_is_foretold(worked: Experiment) -> None:
    assert first_order(replace(worked, locked=frozenset(worked.architecture.refs()))) == []
