"""The registries' formulas: what is shown is what is computed. Numbers come from the engine."""

from __future__ import annotations

import numpy as np
import pytest

from bp_gui.engine.activations import ACTIVATIONS, Activation
from bp_gui.engine.costs import COSTS, Cost
from bp_gui.engine.optimizers import OPTIMIZERS, Optimizer
from bp_gui.explain.expressions import (
    Expression,
)
from bp_gui.explain.formulas import FormulaError, parse_formula, parse_steps
from bp_gui.explain.mathematics import Number
from bp_gui.explain.typesetting import (
    Bindings,
    letter,
    resolve,
    typeset,
    value,
)
from bp_gui.explain.written import to_text

POINTS = (-3.7, -1.0, -0.2, 0.0, 0.4, 1.0, 2.9)
ELEMENTWISE = [a for a in ACTIVATIONS.values() if not a.output_only]


def numbers(**values: float) -> dict[str, Number]:
    return {name: Number(v) for name, v in values.items()}


def result(text: str, names: dict[str, Number], **families: list[float]) -> float:
    formula = parse_formula(text)
    bound = dict(names)
    members = {name: tuple(map(Number, values)) for name, values in families.items()}
    for name, definition in formula.definitions:
        bound[name] = Number(value(definition, Bindings(bound, members)))
    return value(formula.body, Bindings(bound, members))


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=lambda a: a.name)
@pytest.mark.parametrize("z", POINTS)
def test_an_activations_formulas_are_its_value_and_its_derivative(
    activation: Activation, z: float
) -> None:
    at = np.array([[z]])
    a = activation.value(at)
    names = numbers(z=z, a=float(a[0, 0]))
    slope = activation.pull_back(at, a, np.ones((1, 1)))
    assert result(activation.formula, names) == pytest.approx(float(a[0, 0]), rel=1e-12, abs=1e-15)
    assert result(activation.derivative_formula, names) == pytest.approx(
        float(slope[0, 0]), rel=1e-12, abs=1e-15
    )


def test_softmax_formulas_are_its_value_and_its_jacobian() -> None:
    softmax = ACTIVATIONS["softmax"]
    z = np.array([[0.3, -1.2, 0.8]])
    a = softmax.value(z)
    for k in range(3):
        names = numbers(z_k=z[0, k], a_k=a[0, k])
        found = result(softmax.formula, names, z_j=z[0].tolist())
        assert found == pytest.approx(a[0, k], rel=1e-13)
        jacobian_row = softmax.pull_back(z, a, np.eye(3)[[k]])[0]
        for j in range(3):
            both = names | numbers(a_j=a[0, j], j=j, k=k)
            found = result(softmax.derivative_formula, both)
            assert found == pytest.approx(jacobian_row[j], rel=1e-13)


@pytest.mark.parametrize("cost", COSTS.values(), ids=lambda c: c.name)
@pytest.mark.parametrize(("t", "a"), [(0.2, 0.7), (0.9, 0.1), (0.5, 0.5), (0.99, 0.01)])
def test_a_costs_formulas_are_its_term_and_its_derivative(cost: Cost, t: float, a: float) -> None:
    at, out = np.array([[t, 0.4]]), np.array([[a, 0.6]])
    names = numbers(t=t, a=a, n=2)
    term, slope = cost.terms(at, out)[0, 0], cost.gradient(at, out)[0, 0]
    assert result(cost.formula, names) == pytest.approx(float(term), rel=1e-13, abs=1e-16)
    assert result(cost.derivative_formula, names) == pytest.approx(float(slope), rel=1e-13)


@pytest.mark.parametrize("a", [-2.5, 0.3, 4.0])
def test_hubers_formulas_hold_in_each_of_its_three_ranges(a: float) -> None:
    huber, at, out = COSTS["huber"], np.array([[0.5]]), np.array([[a]])
    names = numbers(t=0.5, a=a)
    assert result(huber.formula, names) == pytest.approx(float(huber.terms(at, out)[0, 0]))
    slope = float(huber.gradient(at, out)[0, 0])
    assert result(huber.derivative_formula, names) == pytest.approx(slope)


@pytest.mark.parametrize("cost", [c for c in COSTS.values() if c.fused], ids=lambda c: c.name)
def test_fused_formulas_are_the_fused_term_and_its_delta(cost: Cost) -> None:
    for name, fused in cost.fused.items():
        z, t = np.array([[0.3, -1.2, 0.8]]), np.array([[0.1, 0.2, 0.7]])
        a = ACTIVATIONS[name].value(z)
        families = {"z_j": z[0].tolist(), "t_j": t[0].tolist()}
        for k in range(3):
            names = numbers(z=z[0, k], t=t[0, k], a=a[0, k])
            term, delta = fused.terms(t, z)[0, k], fused.delta(t, a)[0, k]
            assert result(fused.formula, names, **families) == pytest.approx(term, rel=1e-13)
            assert result(fused.delta_formula, names, **families) == pytest.approx(delta, rel=1e-13)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=lambda o: o.name)
def test_an_optimizers_steps_are_its_change_and_what_it_remembers(optimizer: Optimizer) -> None:
    slots = np.array([[0.3], [0.2]])[: len(optimizer.slots)]
    g, eta, n = -0.7, 0.05, 4
    change, new = optimizer.rule(np.array([g]), eta, optimizer.defaults, slots, n)
    names = numbers(g=g, η=eta, n=n)
    names |= {
        s.symbol: Number(v) for s, v in zip(optimizer.settings, optimizer.defaults, strict=True)
    }
    names |= {name: Number(slot[0]) for name, slot in zip(optimizer.slots, slots, strict=True)}
    for step in parse_steps(optimizer.formula):
        names[step.name] = Number(value(step.body, Bindings(names)))
    assert names["Δw"].value == pytest.approx(float(change[0]), rel=1e-14)
    for name, slot in zip(optimizer.slots, new, strict=True):
        assert names[name].value == pytest.approx(float(slot[0]), rel=1e-14)


def shown(text: str, **names: float) -> str:
    bindings = Bindings(numbers(**names))
    return to_text(typeset(resolve(parse_formula(text).body, bindings), bindings), 4)


@pytest.mark.parametrize(
    ("text", "with_letters", "with_numbers"),
    [
        ("a (1 − a)", "a (1 − a)", "0.75 · (1 − 0.75)"),
        ("1 / (1 + e^(−z))", "1/(1 + e^(−z))", "1/(1 + e^(−0.4))"),
        ("½ (t − a)²", "½ (t − a)²", "½ (−0.5 − 0.75)²"),
        ("−t ln a", "−t ln a", "−(−0.5) · ln 0.75"),
        ("a − t", "a − t", "0.75 − (−0.5)"),
        ("0.01 z", "0.01 z", "0.01 · 0.4"),
        ("z if z > 0, else 0.01 z", "z if z > 0, 0.01 z otherwise", "0.4"),
    ],
)
def test_one_text_is_shown_with_letters_or_numbers(
    text: str, with_letters: str, with_numbers: str
) -> None:
    assert to_text(typeset(parse_formula(text).body, Bindings({})), 4) == with_letters
    assert shown(text, a=0.75, t=-0.5, z=0.4) == with_numbers


@pytest.mark.parametrize("name", ["z", "β₁", "m̂", "z_j", "Δw"])
def test_a_letter_is_set_with_what_belongs_to_it(name: str) -> None:
    written = {"β₁": "β1"}.get(name, name)
    assert to_text(letter(name), 4) == written


@pytest.mark.parametrize("text", ["", "a +", "(a", "a if b, else c", "a $ b", "a) b", "|a"])
def test_what_is_not_a_formula_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(FormulaError, match=r"expected|cannot be read"):
        parse_formula(text)


def test_every_formula_has_a_body_that_is_an_expression() -> None:
    for entry in (*ACTIVATIONS.values(), *COSTS.values()):
        assert isinstance(parse_formula(entry.formula).body, Expression)
