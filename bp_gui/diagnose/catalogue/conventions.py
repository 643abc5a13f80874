"""Other conventions: as good as the agreed ones, only not the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bp_gui.diagnose.algorithm import Algorithm
from bp_gui.diagnose.catalogue.gradients import of_samples, total
from bp_gui.diagnose.catalogue.output import one_over_outputs, scaled_error, twice_without_half
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.diagnose.problem import Problem
from bp_gui.engine.network import BiasPolicy

_COST = Line("C = Σ ½ (t − y)²", r"C = \sum \tfrac12 (t - y)^2", "C = 0.5 * ((t - y)**2).sum()")
_STEP = Line("one update", r"n = 1", "for _ in range(n): update()")
_ONE = checks(Check.ONE_UPDATE)


def _scaled_cost(factor: Callable[[Problem], float]) -> Callable[[Algorithm], Algorithm]:
    def change(algorithm: Algorithm) -> Algorithm:
        inner = algorithm.cost_factor
        return replace(algorithm, cost_factor=lambda p: inner(p) * factor(p))

    return change


def _scaled_both(factor: Callable[[Problem], float]) -> Callable[[Algorithm], Algorithm]:
    return lambda algorithm: _scaled_cost(factor)(scaled_error(factor)(algorithm))


def _samples(problem: Problem) -> float:
    return float(len(problem.rows))


def _summed_samples(algorithm: Algorithm) -> Algorithm:
    return _scaled_cost(_samples)(of_samples(total, total)(algorithm))


def _delta_of_mean(algorithm: Algorithm) -> Algorithm:
    return replace(algorithm, delta_factor=lambda problem: 1.0 / len(problem.rows))


def _biases(policy: BiasPolicy) -> Callable[[Algorithm], Algorithm]:
    return lambda algorithm: replace(algorithm, policy=lambda agreed: policy)


def _updates(count: int) -> Callable[[Algorithm], Algorithm]:
    return lambda algorithm: replace(algorithm, updates=count)


def _two_over_outputs(problem: Problem) -> float:
    """Return 2/n for n outputs where the agreed cost has a ½; 1 where it has none."""
    factor = twice_without_half(problem)
    return factor if factor == 1.0 else factor * one_over_outputs(problem)


def _convention(
    name: str,
    label: str,
    clause: str,
    cause: str,
    lines: tuple[Line, Line],
    change: Callable[[Algorithm], Algorithm],
    caught_by: frozenset[Check] = _ONE,
) -> Mistake:
    right, wrong = lines
    return Mistake(name, label, clause, cause, right, wrong, change, caught_by, is_convention=True)


CONVENTIONS = (
    _convention(
        "squared_error",
        "Squared error without ½",
        "the cost is Σ (t − y)², without the ½",
        "Cost and gradient are both twice as large.",
        (_COST, Line("C = Σ (t − y)²", r"C = \sum (t - y)^2", "C = ((t - y)**2).sum()")),
        _scaled_both(twice_without_half),
    ),
    _convention(
        "mean_over_outputs",
        "Cost averaged over the outputs",
        "the cost is the mean over the outputs instead of the sum",
        "Cost and gradient are both divided by the number of outputs.",
        (
            Line("C = Σ_k C_k", r"C = \sum_k C_k", "C = terms.sum()"),
            Line("C = (1/n) Σ_k C_k", r"C = \tfrac1n \sum_k C_k", "C = terms.mean()"),
        ),
        _scaled_both(one_over_outputs),
    ),
    _convention(
        "mean_squared_error",
        "Mean squared error",
        "the cost is the mean squared error, (1/n) Σ (t − y)²",
        "Cost and gradient are both multiplied by 2/n.",
        (
            _COST,
            Line(
                "C = (1/n) Σ (t − y)²",
                r"C = \tfrac1n \sum (t - y)^2",
                "C = np.mean((t - y)**2)",
            ),
        ),
        _scaled_both(_two_over_outputs),
    ),
    _convention(
        "cost_without_half",
        "Reported cost without ½",
        "the cost is reported without the ½, though the gradient is as agreed",
        "Only the printed cost is twice as large.",
        (_COST, Line("C = Σ (t − y)²", r"C = \sum (t - y)^2", "C = ((t - y)**2).sum()")),
        _scaled_cost(twice_without_half),
        checks(Check.GRADIENT_CHECK),
    ),
    _convention(
        "cost_mean_over_outputs",
        "Reported cost averaged over the outputs",
        "the cost is reported as a mean over the outputs, though the gradient is as agreed",
        "Only the printed cost is divided by the number of outputs.",
        (
            Line("C = Σ_k C_k", r"C = \sum_k C_k", "C = terms.sum()"),
            Line("C = (1/n) Σ_k C_k", r"C = \tfrac1n \sum_k C_k", "C = terms.mean()"),
        ),
        _scaled_cost(one_over_outputs),
        checks(Check.GRADIENT_CHECK),
    ),
    _convention(
        "sum_over_samples",
        "Sum over the samples",
        "the cost is the sum over the samples instead of the mean",
        "Cost and gradient are both as many times larger as there are samples.",
        (
            Line("C = (1/m) Σ_i C_i", r"C = \tfrac1m \sum_i C_i", "C = per_sample.mean()"),
            Line("C = Σ_i C_i", r"C = \sum_i C_i", "C = per_sample.sum()"),
        ),
        _summed_samples,
    ),
    _convention(
        "delta_of_mean",
        "δ of the mean cost",
        "δ is divided by the number of samples",
        "The mean over the samples is taken in δ instead of in the gradient.",
        (
            Line("δ = ∂C_i/∂z", r"\delta = \partial C_i/\partial z", "delta = ..."),
            Line("δ = ∂C/∂z", r"\delta = \partial C/\partial z", "delta = ... / m"),
        ),
        _delta_of_mean,
    ),
    *(
        _convention(
            f"bias_{policy.value}",
            label,
            clause,
            "The bias policy is a setting of the project.",
            (Line("the agreed policy", r"b", "# as agreed"), line),
            _biases(policy),
        )
        for policy, label, clause, line in (
            (
                BiasPolicy.FIXED,
                "Biases kept fixed",
                "the biases are kept fixed",
                Line("b ← b", r"b \leftarrow b", "# b stays"),
            ),
            (
                BiasPolicy.PER_NEURON,
                "Every bias updated by itself",
                "every bias is updated by its own gradient",
                Line("b_k ← b_k − η δ_k", r"b_k \leftarrow b_k - \eta\,\delta_k", "b -= eta * db"),
            ),
            (
                BiasPolicy.SHARED,
                "One bias a layer",
                "the biases of a layer are one number with the gradient Σ δ",
                Line(
                    "b ← b − η Σ_k δ_k",
                    r"b \leftarrow b - \eta \sum_k \delta_k",
                    "b -= eta * db.sum()",
                ),
            ),
        )
    ),
    _convention(
        "no_update",
        "One update fewer",
        "one update fewer has been made",
        "The numbers are those from before the update.",
        (_STEP, Line("no update", r"n = 0", "for _ in range(n - 1): update()")),
        _updates(0),
    ),
    _convention(
        "two_updates",
        "One update more",
        "one update more has been made",
        "The numbers are those after the following update.",
        (_STEP, Line("two updates", r"n = 2", "for _ in range(n + 1): update()")),
        _updates(2),
    ),
)

TRANSPOSED_LAYOUT = _convention(
    "transposed_layout",
    "Matrices written as (from, to)",
    "matrices are written transposed, as W[from, to]",
    "Rows and columns mean the opposite; the numbers themselves are the same.",
    (
        Line("W[to, from]", r"W_{kj}", "z = a @ W.T + b"),
        Line("W[from, to]", r"W_{jk}", "z = a @ W + b"),
    ),
    lambda algorithm: algorithm,
)

GRADIENT_OF_SAMPLE = _convention(
    "gradient_of_sample",
    "Gradient of one sample",
    "the gradient is that of one sample alone",
    "The update uses the mean over the batch, with the penalty; a single sample has its own.",
    (
        Line("g = (1/m) Σ_i δ_i a_iᵀ", r"g = \tfrac1m \sum_i \delta_i a_i^\top", "delta.T @ a / m"),
        Line("g_i = δ_i a_iᵀ", r"g_i = \delta_i a_i^\top", "np.outer(delta[i], a[i])"),
    ),
    lambda algorithm: algorithm,
)

SINGLE_PRECISION = _convention(
    "single_precision",
    "Computed with 32-bit floats",
    "the numbers are computed with 32-bit floats",
    "Single precision carries about seven digits; the rest is rounding.",
    (
        Line("64-bit", r"\mathrm{float64}", "np.float64"),
        Line("32-bit", r"\mathrm{float32}", "np.float32"),
    ),
    lambda algorithm: algorithm,
)


def other_eta(eta: float) -> Mistake:
    """Return the convention that a certain learning rate is used."""
    return _convention(
        "other_eta",
        f"Learning rate {eta:g}",
        f"the learning rate is {eta:g}",
        "The learning rate is a setting of the project.",
        (
            Line("w ← w − η g", r"w \leftarrow w - \eta\, g", "w = w - eta * g"),
            Line(f"η = {eta:g}", rf"\eta = {eta:g}", f"eta = {eta:g}"),
        ),
        lambda algorithm: replace(algorithm, eta=lambda agreed: eta),
    )
