"""Diagnoses: published numbers, known mistakes, conventions, and numbers that are right."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bp_gui.diagnose.algorithm import RIGHT
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.diagnose.catalogue.conventions import other_eta
from bp_gui.diagnose.diagnosis import Diagnosis, Verdict, diagnose
from bp_gui.diagnose.outcome import Outcome, run
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.quantities import What, in_order, values
from bp_gui.diagnose.reading import ReadingError
from bp_gui.diagnose.recognition import networks, page, recognise, sets_of_mistakes
from bp_gui.diagnose.search import Hypothesis, Search
from bp_gui.diagnose.words import as_data, headline, sentences
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.engine.objective import Objective, Penalty
from bp_gui.engine.propagation import backward, forward
from bp_gui.session import examples
from bp_gui.session.exports.registry import EXPORTS
from bp_gui.session.problem import problem_of
from bp_gui.session.snapshot import evaluate
from tests.diagnose.problems import random_problem

ROOT = Path(__file__).parents[2]
REFERENCE = json.loads((ROOT / "tests" / "reference" / "worked_example.json").read_text())
# 10,000 in `make test-long`.
CASES = int(os.environ.get("AGREEMENT_CASES", "300"))
WORKED = networks()["worked 2-2-2"]
ARCHITECTURE = WORKED.architecture
_NEEDS_A_LABEL = (What.OLD_WEIGHTS, What.OLD_BIASES, What.TERMS, What.NEXT_OUTPUT)


def names(diagnosis: Diagnosis) -> list[list[str]]:
    return [[m.name for m in e.mistakes] for e in diagnosis.explanations]


@pytest.fixture(scope="module")
def search() -> Search:
    return Search(WORKED)


def as_text(outcome: Outcome, digits: int, *names: str) -> str:
    """Return some quantities as somebody would paste them."""
    lines = []
    for quantity in in_order(outcome.problem.architecture):
        if quantity.name in names:
            array = np.asarray(values(outcome, quantity))
            rounded = [float(f"{v:.{digits}g}") for v in array.ravel()]
            lines.append(f"{quantity.name} = {np.reshape(rounded, array.shape).tolist()}")
    return "\n".join(lines)


# Published numbers, as they stand in print


@pytest.mark.parametrize(
    "text",
    [
        "[[0.14976095, 0.1995219], [0.24969829, 0.29939658]]",
        "W1 = [[0.14976095, 0.1995219], [0.24969829, 0.29939658]]",
        "array([[0.14976095, 0.1995219 ],\n       [0.24969829, 0.29939658]])",
        "h_in [0.3775 0.3925]\nh_out [0.59326999 0.59688438]\no_in [1.10590597 1.2249214 ]\n"
        "o_out [0.75136507 0.77292847]\nW2 = [[0.35891648 0.40866619]\n [0.51130127 0.56137012]]\n"
        "dW2 = [[ 0.08216704  0.08266763]\n [-0.02260254 -0.02274024]]\n"
        "W1 = [[0.14976095 0.1995219 ]\n [0.24969829 0.29939658]]",
    ],
)
def test_the_notebook_has_no_transpose_and_no_bias_in_the_derivative(
    search: Search, text: str
) -> None:
    found = diagnose(search, text)
    assert found.verdict is Verdict.MISTAKE
    assert names(found) == [["missing_transpose", "bias_omitted_in_derivative"]]
    assert headline(found, ARCHITECTURE) == (
        "Your W1 is what you get when W2 is not transposed on the way back and the bias is left "
        "out of f′."
    )


@pytest.mark.parametrize("text", ["0.291027924", "cost after 1 update: 0.291027924"])
def test_the_tutorials_cost_comes_from_weights_updated_first(search: Search, text: str) -> None:
    found = diagnose(search, text)
    assert found.verdict is Verdict.MISTAKE
    assert names(found) == [["output_weights_first"]]


def test_the_tutorials_weights_are_right_and_its_cost_is_not_theirs(search: Search) -> None:
    printed = REFERENCE["published"]["tutorial"]
    text = (
        f"W = {printed['W_after_1']}\ncost before: {printed['cost_0']}\n"
        f"cost after: {printed['cost_after_1_printed']}"
    )
    found = diagnose(search, text)
    assert found.verdict is Verdict.PARTLY
    assert names(found) == [["output_weights_first"]]
    assert [c.quantity.name for c in found.comparisons if not c.agrees] == ["cost after the update"]
    assert "different computations" in headline(found, ARCHITECTURE)


def test_the_numbers_of_the_notebook_that_are_right_agree(search: Search) -> None:
    text = "w1_new = 0.1497807161327628\nw2_to_w4_new = [0.19956, 0.2497, 0.2995]"
    found = diagnose(search, text)
    assert found.verdict is Verdict.AGREES
    assert any(c.is_cut_off for c in found.comparisons)  # 0.24975 is printed as 0.2497


# Known mistakes


@pytest.mark.parametrize("name", list(networks()))
def test_every_single_mistake_and_every_pair_is_recognised_or_named_with_its_equals(
    name: str,
) -> None:
    problem = networks()[name]
    search = Search(problem)
    for made in sets_of_mistakes():
        found = recognise(search, made)
        if found.is_right or found.is_recognised:
            continue
        # Then a simpler explanation gives the very same weights.
        ours = run(problem, Hypothesis.of(*(MISTAKES[n] for n in made)).algorithm).theta
        assert found.found, made
        for way in found.found:
            known = [MISTAKES[n] for n in MISTAKES if n in way]
            if len(known) == len(way):
                theirs = run(problem, Hypothesis.of(*known).algorithm).theta
                np.testing.assert_allclose(theirs, ours, rtol=1e-7)


def test_the_page_of_mistakes_is_what_is_measured() -> None:
    assert (ROOT / "docs" / "mistakes.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("wrong", "quantity"),
    [
        ("no_half", "dW2"),
        ("derivative_at_activation", "delta1"),
        ("sign_flipped", "dW1"),
        ("one_path_only", "dW1"),
        ("bias_added_twice", "a1"),
        ("no_bias_forward", "z2"),
    ],
)
def test_one_quantity_with_three_digits_is_enough_for_some(
    search: Search, wrong: str, quantity: str
) -> None:
    outcome = run(WORKED, MISTAKES[wrong].change(RIGHT))
    found = diagnose(search, as_text(outcome, 3, quantity))
    ways = [
        {m.name for m in way} for e in found.explanations for way in (e.mistakes, *e.same_numbers)
    ]
    assert {wrong} in ways


def test_mistakes_are_recognised_without_labels_too(search: Search) -> None:
    outcome = run(WORKED, MISTAKES["sign_flipped"].change(RIGHT))
    dW = values(outcome, next(q for q in in_order(ARCHITECTURE) if q.name == "dW2"))
    found = diagnose(search, repr(dW))
    assert names(found) == [["sign_flipped"]]


def test_several_mistakes_with_the_same_six_decimals_are_all_named(search: Search) -> None:
    found = diagnose(search, "cost after: 0.291024")
    assert names(found) == [["raw_error_through_weights"], ["no_hidden_derivative"]]
    assert found.ask_for is not None
    assert found.ask_for.name == "dW1"
    assert "2 ways" in headline(found, ARCHITECTURE)


def test_a_pair_that_fits_one_number_by_chance_says_so(search: Search) -> None:
    found = diagnose(search, "cost after: 0.2910246")
    assert all(e.may_be_chance for e in found.explanations)


# Conventions


def test_another_learning_rate_is_found_with_the_digits_that_the_numbers_allow(
    search: Search,
) -> None:
    outcome = run(WORKED, other_eta(0.13).change(RIGHT))
    found = diagnose(search, as_text(outcome, 8, "W1", "W2"))
    assert found.verdict is Verdict.CONVENTION
    assert "the learning rate is 0.13" in headline(found, ARCHITECTURE)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("bias_per_neuron", ("b1", "b2")),
        ("bias_shared", ("b1", "b2")),
        ("no_update", ("W1", "W2")),
        ("two_updates", ("W1", "W2")),
        ("squared_error", ("cost", "dW1", "dW2")),
        ("mean_over_outputs", ("cost", "W1", "W2")),
        ("cost_without_half", ("cost", "W1", "W2")),
    ],
)
def test_a_convention_is_recognised(search: Search, name: str, given: tuple[str, ...]) -> None:
    found = diagnose(search, as_text(run(WORKED, MISTAKES[name].change(RIGHT)), 7, *given))
    assert found.verdict is Verdict.CONVENTION
    assert [name] in names(found)


def test_sums_over_samples_are_recognised() -> None:
    problem = random_problem(np.random.default_rng(1), plain=True)
    problem = replace(
        problem,
        x=np.repeat(problem.x, 3, axis=0) * [[1], [2], [3]],
        t=np.repeat(problem.t, 3, axis=0),
    )
    for name in ("sum_over_samples", "delta_of_mean"):
        outcome = run(problem, MISTAKES[name].change(RIGHT))
        found = diagnose(problem, as_text(outcome, 7, "cost", "delta1", "dW1"))
        assert [name] in names(found)


def batch_problem() -> Problem:
    """Return a 2-3-1 network with four samples and a penalty; the second sample is looked at."""
    generator = np.random.default_rng(4)
    architecture = Architecture((2, 3, 1), ("tanh", "sigmoid"))
    return Problem(
        parameters=Parameters(architecture, generator.normal(size=architecture.n_parameters)),
        x=generator.normal(size=(4, 2)),
        t=generator.uniform(size=(4, 1)),
        eta=0.5,
        objective=Objective(COSTS["half_squared_error"], Penalty(0.0, 0.1)),
        sample=1,
    )


def gradients_of_sample(problem: Problem) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return δ aᵀ and δ of the engine, by layer."""
    here = slice(problem.sample, problem.sample + 1)
    trace = forward(problem.parameters, problem.x[here])
    passed = backward(problem.parameters, problem.objective.cost, trace, problem.t[here])
    return list(passed.dW), list(passed.db)


@pytest.mark.parametrize("label", ["dW{n} = ", "dC/dW{n}: ", ""])
def test_gradients_of_one_sample_of_several_are_another_convention(label: str) -> None:
    problem = batch_problem()
    for n, dW in enumerate(gradients_of_sample(problem)[0], start=1):
        found = diagnose(problem, f"{label.format(n=n)}{np.round(dW, 6).tolist()}")
        assert found.verdict is Verdict.CONVENTION
        assert names(found) == [["gradient_of_sample"]]
        assert [c.quantity.name for c in found.comparisons] == [f"dW{n} of the sample"]
        assert "of one sample alone" in headline(found, problem.architecture)


def test_only_what_is_of_one_sample_alone_is_said_to_be() -> None:
    problem = batch_problem()
    dW = gradients_of_sample(problem)[0][1]
    text = f"cost = {run(problem).cost:.6f}\ndW2 = {np.round(dW, 6).tolist()}"
    found = diagnose(problem, text)
    assert headline(found, problem.architecture) == (
        "Your dW2 of the sample is what you get when the gradient is that of one sample alone."
    )


def test_lone_gradients_of_one_sample_are_found_too() -> None:
    problem = batch_problem()
    dW, _ = gradients_of_sample(problem)
    for number in (dW[0][2, 1], dW[1][0, 2]):
        assert names(diagnose(problem, f"{number:.7g}")) == [["gradient_of_sample"]]


def test_a_backward_pass_is_that_of_the_sample_or_of_the_batch() -> None:
    problem = batch_problem()
    dW, db = gradients_of_sample(problem)
    batch_W, batch_b = problem.architecture.views(run(problem).gradient)
    for weights, biases in ((dW, db), (batch_W, batch_b)):
        lines = [f"  dW{n} {w.tolist()}" for n, w in enumerate(weights, start=1)]
        lines += [f"  db{n} {b.tolist()}" for n, b in enumerate(biases, start=1)]
        found = diagnose(problem, "\n".join(["backward", *lines]))
        assert found.verdict is Verdict.AGREES


def test_wrong_gradients_are_not_taken_for_those_of_one_sample() -> None:
    problem = batch_problem()
    outcome = run(problem, MISTAKES["sign_flipped"].change(RIGHT))
    found = diagnose(problem, as_text(outcome, 6, "dW1", "dW2"))
    assert found.verdict is Verdict.MISTAKE
    assert [c.quantity.name for c in found.comparisons] == ["dW2", "dW1"]


@pytest.mark.parametrize("network", ["worked 2-2-2", "random 3-4-2"])
def test_transposed_matrices_are_another_convention(network: str) -> None:
    problem = networks()[network]
    W, _ = problem.architecture.views(run(problem).theta)
    text = "\n".join(f"W{n} = {np.round(w.T, 8).tolist()}" for n, w in enumerate(W, start=1))
    found = diagnose(problem, text)
    assert found.verdict is Verdict.CONVENTION
    assert names(found) == [["transposed_layout"]]
    said = "\n".join(f"W{n}.T = {np.round(w.T, 8).tolist()}" for n, w in enumerate(W, start=1))
    if network == "random 3-4-2":
        assert diagnose(problem, said).verdict is Verdict.AGREES


def test_single_precision_is_not_taken_for_a_mistake(search: Search) -> None:
    W, _ = ARCHITECTURE.views(run(WORKED).theta)
    text = "\n".join(f"W{n} = {w.astype(np.float32).tolist()}" for n, w in enumerate(W, start=1))
    assert diagnose(search, text).verdict is Verdict.AGREES


# What nothing explains


def test_a_slip_of_the_pen_is_called_one(search: Search) -> None:
    found = diagnose(search, "W1 = [[0.14978072, 0.19956143], [0.24975114, 0.123]]")
    assert found.verdict is Verdict.UNEXPLAINED
    assert found.first_difference is not None
    assert found.first_difference.name == "W1[2,2]"
    assert "slip" in headline(found, ARCHITECTURE)


def test_numbers_from_nowhere_are_explained_by_nothing(search: Search) -> None:
    generator = np.random.default_rng(2)
    for _ in range(20):
        found = diagnose(search, f"dW1 = {generator.normal(size=(2, 2)).round(6).tolist()}")
        assert found.verdict is Verdict.UNEXPLAINED
        assert "no known mistake" in headline(found, ARCHITECTURE)


def test_the_first_difference_is_first_in_the_order_of_computation(search: Search) -> None:
    outcome = run(WORKED, MISTAKES["derivative_at_activation"].change(RIGHT))
    found = diagnose(
        search, as_text(outcome, 8, "W1", "W2", "dW1", "dW2", "delta1", "delta2", "a2")
    )
    assert found.first_difference is not None
    assert found.first_difference.name == "delta2[1]"


def test_numbers_of_another_network_are_refused(search: Search) -> None:
    with pytest.raises(ReadingError, match="no quantity"):
        diagnose(search, "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]")


def test_of_many_names_that_fit_nothing_a_few_are_told(search: Search) -> None:
    text = "\n".join(f"thing{n}: 5.5" for n in range(1, 2001))
    with pytest.raises(ReadingError, match=r"thing1, .*thing6 and 1,994 more$"):
        diagnose(search, text)


# Right numbers


def test_right_numbers_are_never_accused_whatever_their_digits() -> None:
    generator = np.random.default_rng(11)
    for case in range(CASES):
        problem = random_problem(generator)
        right = run(problem)
        if not all(np.isfinite(values(right, q)).all() for q in in_order(problem.architecture)):
            continue
        digits = int(generator.integers(3, 18))
        wanted = [q.name for q in in_order(problem.architecture) if generator.uniform() < 0.4]
        text = as_text(right, digits, *wanted)
        if text:
            found = diagnose(problem, text)
            assert found.verdict is Verdict.AGREES, (
                case,
                digits,
                text,
                sentences(found, problem.architecture),
            )


def as_traced(problem: Problem) -> str:
    """Return an update as ``trace --json`` prints it: both passes of one sample alone."""
    right, at = run(problem), problem.sample
    delta, feeds = [d[at] for d in right.delta], [problem.x[at], *(a[at] for a in right.forward.a)]
    gradient, after = (problem.architecture.views(v) for v in (right.gradient, right.theta))
    document = {
        "updates": 0,
        "cost": right.cost,
        "forward": {"z": [z[at] for z in right.forward.z], "a": feeds[1:]},
        "backward": {
            "delta": delta,
            "dW": [np.outer(d, a) for d, a in zip(delta, feeds, strict=False)],
            "db": delta,
        },
        "gradient": {"dW": gradient[0], "db": gradient[1]},
        "next": {"W": after[0], "b": after[1], "cost": right.next_cost},
    }
    return json.dumps(document, default=lambda array: array.tolist())


def test_traces_of_any_sample_are_never_accused() -> None:
    """Vectors a layer as lists beside each other, as many layers as samples among them."""
    generator = np.random.default_rng(1)
    for case in range(CASES // 3):
        problem = random_problem(generator)
        problem = replace(problem, sample=int(generator.integers(len(problem.x))))
        right = run(problem)
        if np.isfinite([*right.theta, right.next_cost]).all():
            found = diagnose(problem, as_traced(problem))
            assert found.verdict is Verdict.AGREES, (case, found.first_difference)
            assert found.unknown == ("updates",)


@pytest.mark.parametrize(
    "text",
    [
        "x = 0.05 0.1\nt = [0.01, 0.99]\nlr = 0.5\ncost = 0.2984",
        "things = [3.5, 4.5]\ncost = 0.2984",
        "epoch 1\ncost = 0.2984",
        "W3 = [[0.1, 0.2], [0.3, 0.4]]\ncost = 0.2984",
    ],
)
def test_other_numbers_beside_right_ones_are_left_out(search: Search, text: str) -> None:
    found = diagnose(search, text)
    assert found.verdict is Verdict.AGREES
    assert found.unknown


def test_a_matrix_of_no_layer_is_named_as_it_stands(search: Search) -> None:
    found = diagnose(search, "W3 = [[0.1, 0.2], [0.3, 0.4]]\ncost = 0.2984")
    assert found.unknown == ("W3",)


def test_right_numbers_without_a_label_are_never_accused() -> None:
    """Rows, columns and lone numbers of any quantity, rounded to 3 to 17 digits."""
    generator = np.random.default_rng(5)
    for sizes in ((2, 3, 1), (3, 4, 2), (1, 5, 1), (2, 4, 3, 2)):
        architecture = Architecture(sizes, ("tanh",) * (len(sizes) - 1))
        theta = generator.normal(size=architecture.n_parameters)
        x, t = generator.normal(size=(1, sizes[0])), generator.uniform(size=(1, sizes[-1]))
        search = Search(Problem(Parameters(architecture, theta), x, t, 0.5))
        for quantity in (q for q in in_order(architecture) if q.what not in _NEEDS_A_LABEL):
            numbers = np.asarray(values(search.right, quantity)).ravel()
            digits = int(generator.integers(3, 18))
            texts = [f"{number:.{digits}g}" for number in numbers.tolist()]
            for given in (" ".join(texts), "\n".join(texts), f"[{', '.join(texts)}]", *texts):
                assert diagnose(search, given).verdict is Verdict.AGREES, (sizes, quantity, given)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0.14978 0.19956 0.24975 0.29950", id="spaces"),
        pytest.param("0.14978\n0.19956\n0.24975\n0.29950", id="a column"),
        pytest.param("0,14978; 0,19956; 0,24975; 0,29950", id="decimal commas"),
        pytest.param("w5 = 0,3589, w6 = 0,4087", id="decimal commas in a sentence"),
        pytest.param("[0,14978 0,19956; 0,24975 0,2995]", id="decimal commas in brackets"),
        pytest.param("W1 <- matrix(c(0.14978, 0.24975, 0.19956, 0.2995), 2)", id="a matrix in R"),
        pytest.param(
            "W2 <- matrix(c(0.358916, 0.511301, 0.408666, 0.56137), nrow=2)", id="nrow in R"
        ),
        pytest.param("c(0.1498, 0.1996)", id="a row in R"),
        pytest.param("[1] 0.14978 0.19956 0.24975 0.29950", id="a vector of R"),
        pytest.param("      [,1]    [,2]\n[1,] 0.14978 0.19956\n[2,] 0.24975 0.29950", id="R"),
        pytest.param("2×2 Matrix{Float64}:\n 0.14978  0.19956\n 0.24975  0.2995", id="Julia"),
        pytest.param("{{0.14978, 0.19956}, {0.24975, 0.29950}}", id="Mathematica"),
        pytest.param("double W1[2][2] = {{0.14978, 0.19956}, {0.24975, 0.2995}};", id="C"),
        pytest.param(
            "<tf.Variable 'W1:0' shape=(2, 2) dtype=float32, numpy=\n"
            "array([[0.14978, 0.19956],\n [0.24975, 0.2995]], dtype=float32)>",
            id="TensorFlow",
        ),
        pytest.param("0.14978 0.19956 0.24975 0.2995 0.35892 0.40867 0.5113 0.56137", id="w1 … w8"),
        pytest.param(
            "0.14978 0.19956 0.24975 0.2995 0.35 0.35 0.35892 0.40867 0.5113 0.56137 0.6 0.6",
            id="all parameters in a row",
        ),
        pytest.param("0.14978 0.19956", id="a row of a matrix"),
        pytest.param("0.3589", id="one weight"),
        pytest.param("delta2 = [0.138499, \N{EN DASH}0.038098]", id="a dash as a minus"),
        pytest.param(r"w_5 = 0.358\,916\,480", id="digits in groups"),
    ],
)
def test_right_numbers_are_recognised_in_the_forms_that_programs_print(
    search: Search, text: str
) -> None:
    # The worked example's weights after one update, from the reference file.
    assert diagnose(search, text).verdict is Verdict.AGREES


@pytest.mark.parametrize(
    "text",
    [
        "costs = [0.29837111, 0.29102777]",
        "0.2984, 0.2910",
        "0.2984\n0.2910",
        "cost,0.29837,0.29103",
        "losses: 0.29837 0.29103",
        "loss history = [[0.29837], [0.29103]]",
        '{"cost": [0.29837111, 0.29102777]}',
    ],
)
def test_two_costs_are_those_before_and_after_the_update(search: Search, text: str) -> None:
    # Mazur's network with fixed biases; both from the reference file.
    found = diagnose(search, text)
    assert found.verdict is Verdict.AGREES
    assert [c.quantity.name for c in found.comparisons] == ["cost", "cost after the update"]


def test_the_second_of_two_costs_can_be_the_mistaken_one(search: Search) -> None:
    for text in ("costs = [0.298371109, 0.291027924]", "0.298371109 0.291027924"):
        found = diagnose(search, text)
        assert names(found) == [["output_weights_first"]]


@pytest.mark.parametrize("label", ["cost terms", "cost", "E", "C"])
def test_the_terms_of_a_cost_are_no_two_costs(search: Search, label: str) -> None:
    found = diagnose(search, f"{label} = [0.274811, 0.023560]")
    assert found.verdict is Verdict.AGREES
    assert [c.quantity.name for c in found.comparisons] == ["cost terms"]


def test_costs_of_two_samples_are_no_costs_of_two_moments() -> None:
    problem = batch_problem()
    problem = replace(problem, x=problem.x[:2], t=problem.t[:2])
    found = diagnose(problem, f"costs = {run(problem).terms.ravel().round(7).tolist()}")
    assert found.verdict is Verdict.AGREES


@pytest.mark.parametrize(
    "text",
    [
        # As Mazur prints them: w5+ … w8+, then w1+ … w4+.
        "0.35891648\n0.408666186\n0.511301270\n0.561370121\n"
        "0.149780716\n0.19956143\n0.24975114\n0.29950229",
        "0.35892 0.40867 0.5113 0.56137 0.6 0.6 0.14978 0.19956 0.24975 0.2995 0.35 0.35",
        "0.0821670 0.0826676 -0.0226025 -0.0227402 0.000438568 0.000877135 0.000497713 0.000995425",
    ],
)
def test_all_weights_can_begin_with_the_output_layer(search: Search, text: str) -> None:
    found = diagnose(search, text)
    assert found.verdict is Verdict.AGREES
    assert "with the output layer first" in " ".join(sentences(found, ARCHITECTURE))


def test_all_weights_from_the_first_layer_on_need_no_words(search: Search) -> None:
    found = diagnose(search, "0.14978 0.19956 0.24975 0.2995 0.35892 0.40867 0.5113 0.56137")
    assert sentences(found, ARCHITECTURE) == (headline(found, ARCHITECTURE),)


@pytest.mark.parametrize("name", ["sign_flipped", "no_half"])
def test_mistakes_are_found_in_weights_that_begin_with_the_output_layer(
    search: Search, name: str
) -> None:
    outcome = run(WORKED, MISTAKES[name].change(RIGHT))
    W, _ = ARCHITECTURE.views(outcome.theta)
    found = diagnose(search, " ".join(f"{w:.8g}" for w in (*W[1].ravel(), *W[0].ravel())))
    assert [name] in names(found)


def test_beside_new_values_what_has_no_mark_is_old(search: Search) -> None:
    text = "w6,0.45\nw8,0.55\ng:w6,0.08266763\nnew:w6,0.40866619\nnew:w8,0.56137012"
    diagnosis = diagnose(search, text)
    assert diagnosis.verdict is Verdict.AGREES
    compared = [c.quantity.name for c in diagnosis.comparisons]
    assert compared == ["old W2", "old W2", "dW2", "W2", "W2"]


@pytest.mark.parametrize("format_", ["parameters-csv", "parameters-tsv"])
@pytest.mark.parametrize("name", ["worked", "spiral", "xor"])
def test_the_exported_parameters_agree_with_their_own_project(name: str, format_: str) -> None:
    experiment = examples.load_named(f"example:{name}")
    text = EXPORTS[format_].write(evaluate(experiment)).decode()
    found = diagnose(problem_of(experiment), text)
    assert found.verdict is Verdict.AGREES
    assert sum(c.count for c in found.comparisons) == 3 * experiment.architecture.n_parameters


@pytest.mark.parametrize("text", ["W2 = [[0. 0.]\n [0. 0.]]", "cost = 0", "o1 = 0.0"])
def test_zeros_are_not_roundings_of_what_is_no_zero(search: Search, text: str) -> None:
    assert diagnose(search, text).verdict is not Verdict.AGREES


def test_zeros_agree_with_what_is_too_small_for_the_digits(search: Search) -> None:
    assert diagnose(search, "dW1 = [[0.00, 0.00], [0.00, 0.00]]").verdict is Verdict.AGREES


def test_nan_does_not_hide_what_the_other_numbers_are(search: Search) -> None:
    diagnosis = diagnose(search, "0.35891648, nan, 0.5113, 0.5613")
    assert [c.quantity.name for c in diagnosis.comparisons] == ["W2"]


def test_nan_in_an_array_is_a_number_that_differs(search: Search) -> None:
    found = diagnose(search, "W1 = [[nan, 0.19956], [0.24975, 0.2995]]")
    assert found.first_difference is not None
    assert found.first_difference.name == "W1[1,1]"
    assert found.differing == 1


@pytest.mark.parametrize(
    "text", ["0.14976 0.19952 0.24970 0.29940", "0.14976\n0.19952\n0.24970\n0.2994"]
)
def test_the_notebooks_weights_in_a_row_get_its_diagnosis(search: Search, text: str) -> None:
    found = diagnose(search, text)
    assert {m.name for m in found.explanations[0].mistakes} == {
        "missing_transpose",
        "bias_omitted_in_derivative",
    }


def test_right_numbers_from_another_computation_agree_to_all_17_digits(search: Search) -> None:
    # The reference was computed in pure Python, in another order of operations.
    after = REFERENCE["after_updates_by_bias_policy"]["fixed"]["1"]
    text = json.dumps(
        {"forward": REFERENCE["forward"], "backward": REFERENCE["backward"], "next": after}
    )
    found = diagnose(search, text)
    assert found.verdict is Verdict.AGREES
    assert set(found.unknown) <= {"backward WT_delta", "forward cost_terms"}


# Speed and machines


def test_a_diagnosis_takes_well_under_a_second() -> None:
    start = time.perf_counter()
    diagnose(WORKED, "dW1 = [[0.1, 0.2], [0.3, 0.4]]")  # tries every pair
    assert time.perf_counter() - start < 1.0


def test_a_diagnosis_can_be_written_as_json(search: Search) -> None:
    found = as_data(diagnose(search, "cost after: 0.291024"), ARCHITECTURE)
    assert json.loads(json.dumps(found)) == found
    assert found["verdict"] == "mistake"
    assert found["explanations"][0]["mistakes"] == ["raw_error_through_weights"]
