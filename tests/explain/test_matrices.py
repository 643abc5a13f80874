"""Equations between matrices: their parts are the engine's, and what they export computes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.names import Kind, Ref
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.explain.mathematics import Linked, Matrix, Number, walk
from bp_gui.explain.matrices import MatrixView
from bp_gui.explain.matrix_equations import matrix_view
from bp_gui.explain.matrix_exports import matrices_as_latex, matrices_as_numpy, matrices_as_tsv
from bp_gui.explain.why import explain
from bp_gui.explain.written import to_latex, to_text
from bp_gui.session.data import Data
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot, evaluate


def experiment(
    sizes: tuple[int, ...], activations: tuple[str, ...], samples: int = 1, **settings: object
) -> Experiment:
    generator = np.random.default_rng(5)
    architecture = Architecture(sizes, activations)
    theta = generator.normal(0.0, 0.8, architecture.n_parameters)
    t = generator.uniform(0.05, 0.95, (samples, sizes[-1]))
    optimizer = OPTIMIZERS[str(settings.get("optimizer_name", "gradient_descent"))]
    base = Experiment(
        parameters=Parameters(architecture, theta),
        data=Data.of(generator.normal(0.0, 1.0, (samples, sizes[0])), t),
        eta=0.3,
        bias_policy=BiasPolicy.PER_NEURON,
        start=theta,
        optimizer_state=optimizer.initial_state(architecture.n_parameters),
        optimizer_settings=optimizer.defaults,
    )
    return replace(base, **settings)  # type: ignore[arg-type]


def run(script: str) -> dict[str, np.ndarray]:
    names: dict[str, np.ndarray] = {}
    exec(script, names)
    return names


def assert_computes_the_snapshot(snapshot: Snapshot) -> None:
    """The exported script gives every matrix of the engine, from parameters and sample alone."""
    found = run(matrices_as_numpy(matrix_view(snapshot)))
    same = np.testing.assert_allclose
    next_W, next_b = snapshot.experiment.architecture.views(snapshot.next_theta)
    for layer in range(snapshot.experiment.architecture.n_layers):
        n = layer + 1
        close = {"rtol": 1e-12, "atol": 1e-14}
        same(found[f"z{n}"][:, 0], snapshot.forward.z[layer][0], **close)
        same(found[f"a{n}"][:, 0], snapshot.forward.a[layer][0], **close)
        same(found[f"delta{n}"][:, 0], snapshot.backward.delta[layer][0], **close)
        same(found[f"dW{n}"], snapshot.backward.dW[layer], **close)
        same(found[f"db{n}"][:, 0], snapshot.backward.db[layer], **close)
        same(found[f"W{n}_new"], next_W[layer], **close)
        if snapshot.experiment.bias_policy is not BiasPolicy.FIXED:
            same(found[f"b{n}_new"][:, 0], next_b[layer], **close)


def test_the_worked_examples_script_gives_the_reference_numbers(worked: Experiment) -> None:
    assert_computes_the_snapshot(evaluate(worked))


@pytest.mark.parametrize("hidden", [a.name for a in ACTIVATIONS.values() if not a.output_only])
def test_a_script_computes_every_activation(hidden: str) -> None:
    assert_computes_the_snapshot(evaluate(experiment((2, 3, 1), (hidden, "sigmoid"))))


@pytest.mark.parametrize(
    ("cost", "output"),
    [(c, o) for c in COSTS for o in ACTIVATIONS if COSTS[c].is_defined_for(o)],
)
def test_a_script_computes_every_cost_on_every_output(cost: str, output: str) -> None:
    subject = experiment((3, 4, 4, 2), ("tanh", "relu", output), cost_name=cost)
    assert_computes_the_snapshot(evaluate(subject))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_script_ends_with_the_optimizers_update(optimizer: str) -> None:
    subject = experiment((2, 3, 1), ("tanh", "sigmoid"), 4, optimizer_name=optimizer)
    assert_computes_the_snapshot(evaluate(subject, 2))


def test_locked_weights_and_shared_biases_stay_what_they_are() -> None:
    subject = experiment((2, 3, 2), ("tanh", "sigmoid"), 3)
    locked = frozenset({Ref(Kind.WEIGHT, 0, 1, 1)})
    assert_computes_the_snapshot(evaluate(replace(subject, locked=locked)))
    shared = replace(subject, bias_policy=BiasPolicy.SHARED)
    assert_computes_the_snapshot(evaluate(shared))


def test_products_have_matching_dimensions_and_shapes_below_them() -> None:
    view = matrix_view(evaluate(experiment((2, 3, 1), ("tanh", "sigmoid"))))
    z1 = view.forward[0]
    assert to_text(z1.in_names, 6) == "z1 = W1 x + b1"
    assert [block.dimensions for block in z1.blocks] == ["3 × 1", "3 × 2", "2 × 1", "3 × 1"]
    hidden_error = view.backward[3]
    assert to_text(hidden_error.in_names, 6) == "δ1 = W2ᵀ δ2 ⊙ tanh′(z1)"
    assert [b.dimensions for b in hidden_error.blocks] == ["3 × 1", "3 × 1", "1 × 1", "3 × 1"]
    assert r"\text{3 $\times$ 2}" in to_latex(z1.in_numbers(), 6)


def test_every_cell_leads_to_its_number() -> None:
    snapshot = evaluate(experiment((2, 3, 2), ("relu", "softmax"), 3))
    for equation in matrix_view(snapshot).equations:
        for block in equation.blocks:
            for (r, c), value in np.ndenumerate(block.values):
                explained = explain(snapshot, block.target(r, c)).value
                assert explained == pytest.approx(value, rel=1e-12, abs=1e-15), block.code


def test_a_large_matrix_shows_its_corners() -> None:
    view = matrix_view(evaluate(experiment((40, 30, 2), ("tanh", "sigmoid"))))
    node = view.given[2].node(5)
    (matrix,) = [part for part in walk(node) if isinstance(part, Matrix)]
    assert matrix.shape == (30, 40)
    assert {len(cells) for cells in matrix.rows} == {5}
    assert len(matrix.rows) == 5
    assert "⋱" in to_text(node, 6)
    numbers = [n for n in walk(node) if isinstance(n, Number)]
    assert numbers[-1].ref == Ref(Kind.WEIGHT, 0, 29, 39)
    assert not any(isinstance(n, Linked) for n in walk(node))


def whole_view() -> MatrixView:
    return matrix_view(evaluate(experiment((2, 3, 2), ("tanh", "softmax"), 2)))


def test_latex_of_all_equations_is_balanced() -> None:
    text = matrices_as_latex(whole_view(), 6)
    assert text.count("{") == text.count("}")
    assert text.count(r"\begin{bmatrix}") == text.count(r"\end{bmatrix}") > 10


def test_a_table_reads_back_bit_for_bit() -> None:
    view = whole_view()
    tables = dict(t.split("\n", 1) for t in matrices_as_tsv(view).split("\n\n"))
    found = np.array([row.split("\t") for row in tables["W1"].splitlines()], dtype=float)
    assert np.array_equal(found, view.given[2].values)
    assert {"x", "t", "W1", "b2", "z1", "a2", "delta1", "dW2", "db1", "W1_new"} <= set(tables)
