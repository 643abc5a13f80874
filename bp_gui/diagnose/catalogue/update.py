"""Mistakes of the update: learning rate, penalty, clipping, and which gradient is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bp_gui.diagnose.algorithm import Algorithm
from bp_gui.diagnose.mistake import Check, Line, Mistake, checks
from bp_gui.diagnose.problem import Problem
from bp_gui.engine.arrays import Array

_STEP = Line("w ← w − η g", r"w \leftarrow w - \eta\, g", "w = w - eta * g")
_PENALTY = Line("g_w = ∂C/∂w + λ₂ w", r"g_w = \partial C/\partial w + \lambda_2 w", "dW += l2 * W")
_CLIP = Line(
    "g ← g min(1, c/‖g‖)",
    r"g \leftarrow g \min(1, c/\lVert g \rVert)",
    "g *= min(1, c / np.linalg.norm(g))",
)
_ALWAYS = checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE)
_UPDATE = checks(Check.ONE_UPDATE)
_LATER = checks(Check.TWO_UPDATES)


def with_eta(eta: Callable[[float], float]) -> Callable[[Algorithm], Algorithm]:
    """Return the change that uses another learning rate."""

    def change(algorithm: Algorithm) -> Algorithm:
        inner = algorithm.eta
        return replace(algorithm, eta=lambda agreed: eta(inner(agreed)))

    return change


def _ascend(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.step
    return replace(algorithm, step=lambda theta, change: inner(theta, -change))


def _stale(algorithm: Algorithm) -> Algorithm:
    def used_gradient(problem: Problem, gradient: Array) -> Array:
        old = problem.previous_gradient
        return gradient if old is None else old

    return replace(algorithm, used_gradient=used_gradient)


def _accumulated(algorithm: Algorithm) -> Algorithm:
    inner = algorithm.used_gradient

    def used_gradient(problem: Problem, gradient: Array) -> Array:
        old = problem.previous_gradient
        return inner(problem, gradient if old is None else old + gradient)

    return replace(algorithm, used_gradient=used_gradient)


def _other_penalty(
    other: Callable[[Problem, Array], Array],
) -> Callable[[Algorithm], Algorithm]:
    def change(algorithm: Algorithm) -> Algorithm:
        inner = algorithm.penalty_gradient

        def penalty_gradient(problem: Problem) -> Array | float:
            found = inner(problem)
            return found if isinstance(found, float) else other(problem, found)

        return replace(algorithm, penalty_gradient=penalty_gradient)

    return change


def _with_biases(problem: Problem, found: Array) -> Array:
    penalty, theta = problem.objective.penalty, problem.parameters.theta
    slope = penalty.l1 * np.sign(theta) + penalty.l2 * theta
    return np.where(problem.architecture.bias_mask, slope, found)


def _clip_each(gradient: Array, shares: Array, largest: float) -> Array:
    return np.clip(gradient, -largest, largest)


UPDATE = (
    Mistake(
        name="eta_twice",
        label="Learning rate applied twice",
        clause="the learning rate is applied twice",
        cause="η is in the gradient already and multiplied in again by the update.",
        right=_STEP,
        wrong=Line("w ← w − η² g", r"w \leftarrow w - \eta^{2} g", "g = eta * g\nw = w - eta * g"),
        change=with_eta(lambda eta: eta * eta),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="eta_forgotten",
        label="Learning rate forgotten",
        clause="the learning rate is left out",
        cause="The whole gradient is subtracted.",
        right=_STEP,
        wrong=Line("w ← w − g", r"w \leftarrow w - g", "w = w - g"),
        change=with_eta(lambda eta: 1.0),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="gradient_added",
        label="Gradient added",
        clause="the gradient is added instead of subtracted",
        cause="The update climbs; the gradient itself is right.",
        right=_STEP,
        wrong=Line("w ← w + η g", r"w \leftarrow w + \eta\, g", "w = w + eta * g"),
        change=_ascend,
        caught_by=checks(Check.ONE_UPDATE, Check.COST_FALLS),
    ),
    Mistake(
        name="stale_gradient",
        label="Gradient of the update before",
        clause="the gradient of the update before is used",
        cause="The update stands before the backward pass in the loop.",
        right=_STEP,
        wrong=Line("w ← w − η g_{n−1}", r"w \leftarrow w - \eta\, g_{n-1}", "w = w - eta * old_g"),
        change=_stale,
        caught_by=_LATER,
    ),
    Mistake(
        name="accumulated_gradient",
        label="Gradients not cleared",
        clause="the gradient of the update before is still in the sum",
        cause="Gradients are added up and nobody sets them to zero between two updates.",
        right=_STEP,
        wrong=Line(
            "w ← w − η (g_{n−1} + g_n)",
            r"w \leftarrow w - \eta\,(g_{n-1} + g_{n})",
            "g += backward()\nw = w - eta * g  # and g is not cleared",
        ),
        change=_accumulated,
        caught_by=_LATER,
    ),
    Mistake(
        name="penalty_forgotten",
        label="Penalty missing from the gradient",
        clause="the penalty is missing from the gradient",
        cause="The penalty is in the cost and not in the update.",
        right=_PENALTY,
        wrong=Line("g_w = ∂C/∂w", r"g_w = \partial C/\partial w", "# dW as it is"),
        change=_other_penalty(lambda problem, found: 0.0 * found),
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="penalty_doubled",
        label="Penalty without its ½",
        clause="the gradient of the penalty is twice as large",
        cause="The derivative of λ w² is taken where the penalty is ½ λ w².",
        right=_PENALTY,
        wrong=Line(
            "g_w = ∂C/∂w + 2 λ₂ w",
            r"g_w = \partial C/\partial w + 2 \lambda_2 w",
            "dW += 2 * l2 * W",
        ),
        change=_other_penalty(lambda problem, found: 2.0 * found),
        caught_by=_ALWAYS,
    ),
    Mistake(
        name="penalised_biases",
        label="Biases regularised too",
        clause="the biases are regularised too",
        cause="The penalty is applied to every parameter; it belongs to the weights alone.",
        right=Line("g_b = ∂C/∂b", r"g_b = \partial C/\partial b", "# db as it is"),
        wrong=Line(
            "g_b = ∂C/∂b + λ₂ b",
            r"g_b = \partial C/\partial b + \lambda_2 b",
            "db += l2 * b",
        ),
        change=_other_penalty(_with_biases),
        caught_by=checks(Check.GRADIENT_CHECK, Check.ONE_UPDATE, Check.LARGE_BIASES),
    ),
    Mistake(
        name="clip_forgotten",
        label="Gradient not clipped",
        clause="the gradient is not clipped",
        cause="The norm is not looked at before the update.",
        right=Line(
            "g ← g min(1, c/‖g‖)",
            r"g \leftarrow g \min(1, c/\lVert g \rVert)",
            "g *= min(1, c / np.linalg.norm(g))",
        ),
        wrong=Line("g as it is", r"g", "# g as it is"),
        change=lambda algorithm: replace(algorithm, clip=lambda g, shares, largest: g),
        caught_by=_UPDATE,
    ),
    Mistake(
        name="clipped_one_by_one",
        label="Each number of the gradient clipped by itself",
        clause="every number of the gradient is clipped by itself",
        cause="np.clip changes the direction; clipping by norm keeps it.",
        right=Line(
            "g ← g min(1, c/‖g‖)",
            r"g \leftarrow g \min(1, c/\lVert g \rVert)",
            "g *= min(1, c / np.linalg.norm(g))",
        ),
        wrong=Line(
            "g_i ← max(−c, min(c, g_i))",
            r"g_i \leftarrow \max(-c, \min(c, g_i))",
            "g = np.clip(g, -c, c)",
        ),
        change=lambda algorithm: replace(algorithm, clip=_clip_each),
        caught_by=_UPDATE,
    ),
)
