"""What would be if: lines and planes through the present, on the worked example and 2-3-1.

Numbers of the worked example are those of the reference file; the others come from changing one
number by an edit and evaluating again.
"""

from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.names import COST, ETA, parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.edits import EditError, SetValue, restarted
from bp_gui.session.edits_whatif import MoveParameters
from bp_gui.session.planes import main_plane, parameter_plane, random_plane
from bp_gui.session.snapshot import evaluate
from bp_gui.session.training import advance
from bp_gui.session.whatif import line


def lopsided(worked, policy=BiasPolicy.PER_NEURON):
    """Return a 2-3-1 experiment with four samples."""
    generator = np.random.default_rng(4)
    architecture = Architecture((2, 3, 1), ("tanh", "sigmoid"))
    theta = generator.normal(size=architecture.n_parameters)
    if policy is BiasPolicy.SHARED:
        theta[6:9] = 0.2
    parameters = Parameters(architecture, theta)
    experiment = worked.with_samples(generator.normal(size=(4, 2)), generator.uniform(size=(4, 1)))
    optimizer = experiment.optimizer
    return replace(
        experiment,
        parameters=parameters,
        start=theta,
        bias_policy=policy,
        optimizer_state=optimizer.initial_state(len(theta)),
    )


def cost_with(snapshot, name, value):
    return evaluate(
        SetValue(parse_name(name), value, snapshot.sample).apply(snapshot.experiment),
        snapshot.sample,
    ).cost


def test_the_tangent_of_the_worked_example_is_its_published_gradient(worked):
    """Mazur's w5: gradient 0.082167041, from 0.4 to 0.35891648."""
    found = line(evaluate(worked), parse_name("W2[1,1]"))
    assert found.slope == pytest.approx(0.08216704056423078, rel=1e-13)
    assert (found.present, found.step.end) == (0.4, pytest.approx(0.35891647971788465))
    assert found.step.predicted == pytest.approx(-0.5 * 0.08216704056423078**2, rel=1e-12)
    assert found.actual == pytest.approx(
        cost_with(evaluate(worked), "W2[1,1]", found.step.end) - 0.2983711087600027, rel=1e-10
    )


@pytest.mark.parametrize("name", ["W1[3,2]", "b1[2]", "W2[1,3]", "b2[1]", "x[2]", "t[1]"])
@pytest.mark.parametrize("policy", [BiasPolicy.PER_NEURON, BiasPolicy.SHARED])
def test_a_point_of_the_line_costs_what_setting_the_value_costs(worked, name, policy):
    snapshot = evaluate(lopsided(worked, policy), 2)
    found = line(snapshot, parse_name(name))
    values = found.present + np.array([-0.7, 0.0, 0.3])
    expected = [cost_with(snapshot, name, float(value)) for value in values]
    np.testing.assert_allclose(found.costs(values).total, expected, rtol=1e-12)
    assert found.costs(values).total[1] == pytest.approx(found.cost, rel=1e-13)
    near = found.costs(found.present + np.array([-1e-5, 1e-5])).total
    assert found.slope == pytest.approx((near[1] - near[0]) / 2e-5, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_line_of_eta_gives_the_next_cost_whatever_the_optimizer(worked, name):
    optimizer = OPTIMIZERS[name]
    experiment = replace(
        lopsided(worked),
        optimizer_name=name,
        optimizer_settings=optimizer.defaults,
        optimizer_state=optimizer.initial_state(13),
        clip=0.05,
    )
    experiment = advance(experiment, 5).experiment
    etas = np.array([0.0, 0.01, 0.5, 3.0])
    found = line(evaluate(experiment), ETA)
    expected = [evaluate(replace(experiment, eta=float(eta))).next_cost for eta in etas]
    np.testing.assert_allclose(found.costs(etas).total, expected, rtol=1e-12)
    assert found.cost == pytest.approx(evaluate(experiment).next_cost, rel=1e-12)


def test_what_is_computed_cannot_be_varied(worked):
    snapshot = evaluate(worked)
    assert line(snapshot, COST) is None
    assert line(snapshot, None) is None
    assert line(snapshot, parse_name("a1[1]")) is None


def test_of_what_no_update_moves_the_step_is_minus_eta_times_the_slope(worked):
    """b2[1] is fixed: its gradient is δ of o1, 0.1384985616 in the reference."""
    for name in ("b2[1]", "x[2]", "t[1]"):
        found = line(evaluate(worked), parse_name(name))
        assert not found.step.is_made
        assert found.step.change == pytest.approx(-0.5 * found.slope, rel=1e-12)
    found = line(evaluate(worked), parse_name("b2[1]"))
    assert found.slope == pytest.approx(0.13849856162855698, rel=1e-12)
    assert line(evaluate(worked), parse_name("W1[1,1]")).step.is_made


def test_the_step_of_eta_is_the_update_itself(worked):
    """The tangent at η = 0 promises −η |g|², as gradient descent does."""
    snapshot = evaluate(lopsided(worked))
    found = line(snapshot, ETA)
    eta = snapshot.experiment.eta
    assert (found.step.start, found.step.end) == (0.0, eta)
    assert found.step.predicted == pytest.approx(-eta * snapshot.gradient @ snapshot.gradient)
    assert found.actual == pytest.approx(snapshot.next_cost - snapshot.cost, rel=1e-9)


def test_the_range_of_the_step_holds_it_four_times(worked):
    found = line(evaluate(worked), parse_name("W2[1,1]"))
    low, high = found.range_of_step
    assert high - low == pytest.approx(4 * abs(found.step.change))
    assert low < found.step.end < found.step.start < high
    still = line(evaluate(replace(worked, eta=0.0)), parse_name("W2[1,1]"))
    assert still.range_of_step is None


def test_what_outputs_add_along_a_line_is_what_each_costs_after_the_edit(worked):
    snapshot = evaluate(worked)
    found = line(snapshot, parse_name("W1[2,1]")).costs(np.array([-1.0, 0.7])).per_output
    for row, value in zip(found, (-1.0, 0.7), strict=True):
        edit = SetValue(parse_name("W1[2,1]"), value, 0)
        np.testing.assert_allclose(row, evaluate(edit.apply(worked)).cost_terms, rtol=1e-12)


@pytest.mark.parametrize("names", [("W1[3,2]", "W2[1,1]"), ("W2[1,3]", "W1[1,1]")])
def test_a_place_of_the_plane_costs_what_both_edits_cost(worked, names):
    snapshot = evaluate(lopsided(worked))
    plane = parameter_plane(snapshot, *map(parse_name, names))
    horizontal, vertical = np.array([-0.4, 0.9]), np.array([0.0, 1.5, -2.0])
    found = plane.costs(horizontal, vertical).total
    for row, second in enumerate(vertical):
        for column, first in enumerate(horizontal):
            edit = MoveParameters(plane.theta_at(float(first), float(second)), plane.label)
            moved = edit.apply(snapshot.experiment)
            assert moved.parameters[parse_name(names[0])] == pytest.approx(first)
            assert moved.parameters[parse_name(names[1])] == pytest.approx(second)
            assert found[row, column] == pytest.approx(evaluate(moved).cost, rel=1e-12)


def test_the_gradient_and_the_step_in_a_plane_are_those_of_its_parameters(worked):
    snapshot = evaluate(worked)
    plane = parameter_plane(snapshot, parse_name("W2[1,1]"), parse_name("W2[2,1]"))
    assert plane.present == (0.4, 0.5)
    assert plane.slopes() == pytest.approx((0.08216704056423078, -0.022602540477475067))
    assert plane.uphill() == plane.slopes()
    step = np.array(plane.following) - plane.present
    assert step == pytest.approx((-0.04108352028211539, 0.0113012702387375))
    # W2[1,1] leads to the first output alone, W2[2,1] to the second.
    assert plane.slopes(0) == pytest.approx((0.08216704056423078, 0.0), rel=1e-13, abs=1e-300)
    assert plane.slopes(1) == pytest.approx((0.0, -0.022602540477475067), rel=1e-13, abs=1e-300)


@pytest.mark.parametrize("kind", ["random", "main"])
def test_a_plain_step_leads_down_the_drawn_gradient_on_every_plane(worked, kind):
    """With plain gradient descent the next update is −η times the arrow, on any two directions."""
    experiment = lopsided(worked)
    states = [advance(experiment, n).experiment.parameters.theta for n in (0, 30, 90, 200)]
    snapshot = evaluate(advance(experiment, 60).experiment)
    plane = random_plane(snapshot, 5) if kind == "random" else main_plane(snapshot, [states])
    step = np.array(plane.following) - plane.present
    np.testing.assert_allclose(step, -experiment.eta * np.array(plane.uphill()), rtol=1e-8)


def test_a_plane_that_is_kept_holds_still_while_training_leaves_it(worked):
    experiment = lopsided(worked)
    plane = random_plane(evaluate(experiment), 5)
    assert plane.holds_present
    later = plane.seen_from(evaluate(advance(experiment, 40).experiment))
    assert not later.holds_present
    assert later.present != plane.present
    side = np.linspace(-1, 1, 5)
    np.testing.assert_array_equal(later.costs(side, side).total, plane.costs(side, side).total)


def test_what_lies_on_a_plane_stays_on_it_when_it_is_moved_along(worked):
    experiment = lopsided(worked)
    plane = random_plane(evaluate(experiment), 5)
    moved = MoveParameters(plane.theta_at(0.3, -0.8), plane.label).apply(experiment)
    later = plane.seen_from(evaluate(moved))
    assert later.holds_present
    assert later.present == pytest.approx((0.3, -0.8))


def test_biases_that_are_one_number_span_no_plane(worked):
    snapshot = evaluate(lopsided(worked, BiasPolicy.SHARED))
    with pytest.raises(ValueError, match=r"b1\[1\] and b1\[2\] are one number"):
        parameter_plane(snapshot, parse_name("b1[1]"), parse_name("b1[2]"))


def test_the_main_plane_ends_at_the_present_and_holds_the_way_there(worked):
    experiment, states = worked, [worked.parameters.theta]
    for _ in range(30):
        experiment = advance(experiment, 10).experiment
        states.append(experiment.parameters.theta)
    snapshot = evaluate(experiment)
    plane = main_plane(snapshot, [np.stack(states)])
    assert plane.present == pytest.approx((0.0, 0.0), abs=1e-12)
    places = plane.places(np.stack(states))
    assert places[-1] == pytest.approx((0.0, 0.0), abs=1e-12)
    assert places[0, 0] > 0
    found = plane.costs(places[-1:, 0], places[-1:, 1]).total
    assert found[0, 0] == pytest.approx(snapshot.cost, rel=1e-12)


def test_a_network_that_has_not_trained_has_no_main_directions(worked):
    with pytest.raises(ValueError, match="has not gone in two yet"):
        main_plane(evaluate(worked), [worked.parameters.theta[np.newaxis]])


def test_a_random_plane_goes_through_the_present_and_is_the_seeds_own(worked):
    snapshot = evaluate(lopsided(worked))
    first, again, other = (random_plane(snapshot, seed) for seed in (3, 3, 4))
    zero = np.zeros(1)
    assert first.costs(zero, zero).total[0, 0] == pytest.approx(snapshot.cost, rel=1e-12)
    np.testing.assert_array_equal(first.first, again.first)
    assert not np.array_equal(first.first, other.first)


def test_moving_refuses_what_is_not_a_state_and_says_why(worked):
    with pytest.raises(EditError, match="finite"):
        MoveParameters(np.full(12, np.nan), "W1[1,1] and W1[1,2]").apply(worked)
    with pytest.raises(EditError, match="shape"):
        MoveParameters(np.zeros(3), "W1[1,1] and W1[1,2]").apply(worked)


def test_moving_along_the_same_two_merges_and_along_others_does_not():
    here, there, other = (
        MoveParameters(np.zeros(1), along).merge_key for along in ("a and b", "a and b", "a and c")
    )
    assert here == there != other


def test_a_single_weight_has_no_two_random_directions(worked):
    parameters = Parameters(Architecture((1, 1), ("sigmoid",)), np.array([0.7, 0.1]))
    single = restarted(worked, parameters).with_samples(np.ones((2, 1)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match="span no plane"):
        random_plane(evaluate(single), 0)
    plane = parameter_plane(evaluate(single), parse_name("W1[1,1]"), parse_name("b1[1]"))
    assert plane.present == (0.7, 0.1)
