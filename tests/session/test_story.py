"""The film's numbers are the engine's, and each frame knows only what came before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bp_gui.engine.names import COST, Kind, Ref, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.explain.targets import Derivative, Gradient, Update
from bp_gui.session.edits import restarted
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.frames import Frame, Granularity, Phase
from bp_gui.session.snapshot import Snapshot, evaluate
from bp_gui.session.story import granularities, tell
from bp_gui.session.telling.teller import MOST_PULSES

REFERENCE = Path(__file__).parents[1] / "reference" / "worked_example.json"


def network(*sizes: int, last: str = "sigmoid", cost: str = "half_squared_error") -> Snapshot:
    """Return the moment of a network with seeded random numbers and trainable biases."""
    worked = load_named("example:worked")
    generator = np.random.default_rng(7)
    activations = (*("tanh",) * (len(sizes) - 2), last)
    architecture = Architecture(sizes, activations)
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    t = np.eye(sizes[-1])[:1]
    made = restarted(worked, parameters).with_samples(generator.normal(size=(1, sizes[0])), t)
    return evaluate(replace(made, bias_policy=BiasPolicy.PER_NEURON, cost_name=cost))


MOMENTS: dict[str, Callable[[], Snapshot]] = {
    "2-2-2": lambda: evaluate(load_named("example:worked")),
    "2-3-1": lambda: network(2, 3, 1),
    "3-4-4-2 softmax": lambda: network(
        3, 4, 4, 2, last="softmax", cost="categorical_cross_entropy"
    ),
    "3-4-4-2 softmax, squared error": lambda: network(3, 4, 4, 2, last="softmax"),
}


@pytest.fixture(params=MOMENTS.values(), ids=MOMENTS.keys())
def moment(request: pytest.FixtureRequest) -> Snapshot:
    made: Snapshot = request.param()
    return made


def of(frames: tuple[Frame, ...], phase: Phase) -> list[Frame]:
    return [frame for frame in frames if frame.phase is phase]


def test_every_quantity_is_given_once_with_the_engines_number(moment: Snapshot) -> None:
    given = [(frame.gives[0], frame.value) for frame in tell(moment) if frame.gives]
    sizes = moment.experiment.architecture.sizes
    assert len(given) == len({ref for ref, _ in given}) == 3 * sum(sizes[1:]) + sizes[-1]
    for ref, value in given:
        assert value == moment.value(ref), ref


def test_products_add_up_to_the_sums_of_both_passes(moment: Snapshot) -> None:
    frames = tell(moment)
    W, b = moment.experiment.parameters.W, moment.experiment.parameters.b
    for phase in (Phase.FORWARD, Phase.BACKWARD):
        sums: dict[Ref, float] = {}
        for frame in of(frames, phase):
            if frame.pulses:
                (pulse,) = frame.pulses
                weight = W[pulse.edge.layer][pulse.edge.to, pulse.edge.source]
                assert pulse.sent == moment.value(pulse.origin)
                assert frame.value == pulse.arriving == weight * pulse.sent
                sums[frame.focus] = sums.get(frame.focus, 0.0) + frame.value
        for ref, total in sums.items():
            if phase is Phase.FORWARD:
                z = moment.forward.z[ref.layer][0, ref.to]
                assert total + b[ref.layer][ref.to] == pytest.approx(z, abs=1e-14)
            else:
                above = moment.backward.delta[ref.layer + 1][0]
                assert total == pytest.approx(W[ref.layer + 1][:, ref.to] @ above, abs=1e-14)


def test_gradients_and_updates_are_the_engines(moment: Snapshot) -> None:
    frames, architecture = tell(moment), moment.experiment.architecture
    gradients = {
        frame.target.by: frame.value for frame in frames if isinstance(frame.target, Gradient)
    }
    changes = frames[-1].changes
    trainable = {
        ref for ref in architecture.refs() if moment.experiment.trainable[architecture.index(ref)]
    }
    assert set(gradients) == {change.ref for change in changes} == trainable
    for ref, value in gradients.items():
        assert value == pytest.approx(moment.gradient[architecture.index(ref)], abs=1e-14)
    for change in changes:
        k = architecture.index(change.ref)
        assert (change.old, change.new) == (moment.value(change.ref), moment.next_theta[k])


def test_the_worked_example_says_what_the_reference_says() -> None:
    frames = tell(evaluate(load_named("example:worked")), digits=9)
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    text = json.dumps(reference)
    assert "0.08216704" in text
    (w5,) = (f for f in frames if f.caption.startswith("∂C/∂w5"))
    assert w5.value == pytest.approx(0.08216704, abs=1e-8)
    assert "δ_o1 · h1 = 0.138498562 · 0.593269992 = 0.0821670406" in w5.caption


def test_hidden_errors_use_the_old_weights() -> None:
    moment = evaluate(load_named("example:worked"))
    product = of(tell(moment), Phase.BACKWARD)[0]
    assert product.caption == "w5 · δ_o1 = 0.4 · 0.138499 = 0.0553994   with the old w5"
    assert product.changes == ()


def test_old_and_new_stand_side_by_side_until_the_update_ends() -> None:
    updates = of(tell(evaluate(load_named("example:worked"))), Phase.UPDATE)
    assert [len(frame.changes) for frame in updates] == list(range(1, 9))
    assert all(isinstance(frame.target, Update) for frame in updates)


def test_nothing_is_known_before_it_is_computed(moment: Snapshot) -> None:
    known: set[Ref] = set()
    for frame in tell(moment):
        assert frame.known == known
        read = {pulse.origin for pulse in frame.pulses if pulse.origin.kind is not Kind.INPUT}
        assert read <= known
        known.update(frame.gives)


def test_coarser_tellings_give_and_change_the_same(moment: Snapshot) -> None:
    fine = tell(moment)
    for granularity in (Granularity.NEURON, Granularity.LAYER):
        frames = tell(moment, granularity)
        assert len(frames) < len(fine)
        assert frames[-1].known_at(1.0) == fine[-1].known_at(1.0)
        assert set(frames[-1].changes) == set(fine[-1].changes)
        assert [f.phase for f in frames] == sorted((f.phase for f in frames), key=list(Phase).index)


def test_large_networks_are_told_in_few_frames_with_few_pulses() -> None:
    moment = network(64, 32, 10)
    assert granularities(moment.experiment.architecture) == (Granularity.NEURON, Granularity.LAYER)
    frames = tell(moment, Granularity.STEP)
    assert frames == tell(moment, Granularity.NEURON)
    assert len(tell(moment, Granularity.LAYER)) < 12
    for frame in (*frames, *tell(moment, Granularity.LAYER)):
        assert len(frame.pulses) <= MOST_PULSES


def test_locked_parameters_are_left_out_of_gradient_and_update(worked: Experiment) -> None:
    locked = parse_name("W2[1,1]")
    frames = tell(evaluate(replace(worked, locked=frozenset({locked}))))
    for frame in (*of(frames, Phase.GRADIENT), *of(frames, Phase.UPDATE)):
        assert locked not in frame.lit


def test_output_errors_come_apart_into_their_factors() -> None:
    error = of(tell(evaluate(load_named("example:worked"))), Phase.ERROR)
    a, z = Ref(Kind.ACTIVATION, 1, 0), Ref(Kind.NET_INPUT, 1, 0)
    by_a, slope, delta = error[3:6]
    assert (by_a.target, slope.target, delta.target) == (
        Derivative(COST, a),
        Derivative(a, z),
        Ref(Kind.DELTA, 1, 0),
    )
    assert by_a.value * slope.value == pytest.approx(delta.value, abs=1e-16)
