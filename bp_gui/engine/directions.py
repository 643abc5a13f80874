"""Directions in θ to look along: parameters, what training went through, and random ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.network import Architecture, Parameters


def parameter_direction(architecture: Architecture, indices: Collection[int]) -> Array:
    """Return the direction that moves the given entries of θ together by 1, (P,)."""
    direction = np.zeros(architecture.n_parameters)
    direction[list(indices)] = 1.0
    return frozen(direction)


@dataclass(frozen=True, eq=False)
class MainDirections:
    """The two directions in which a trajectory went furthest.

    Attributes
    ----------
    origin
        The last state, which the directions start from, (P,).
    first, second
        Unit vectors at right angles, (P,); the first points to where the trajectory came from.
    shares
        Which part of the squared distances from the origin each of the two accounts for.
    """

    origin: Array
    first: Array
    second: Array
    shares: tuple[float, float]


def main_directions(trajectory: Array) -> MainDirections:
    """Return the principal directions of ``θ_n − θ_last`` over a trajectory (n, P).

    Raises
    ------
    ValueError
        If the trajectory has fewer than three states or does not move in two directions.

    Source: Li, Xu, Taylor, Studer, Goldstein, Visualizing the loss landscape of neural nets,
    NeurIPS (2018), section 7.2.
    """
    origin = trajectory[-1]
    moves = trajectory[:-1] - origin
    if len(moves) < 2 or moves.shape[1] < 2:
        raise ValueError(f"{trajectory.shape} is no trajectory in two directions")
    scale = float(np.abs(moves).max())
    if not (np.isfinite(scale) and scale > 0):
        raise ValueError("the trajectory does not move, or leaves the finite numbers")
    _, sizes, rows = np.linalg.svd(moves / scale, full_matrices=False)
    if sizes[1] <= sizes[0] * 1e-12:
        raise ValueError("the trajectory moves along a single line")
    signs = [1.0 if moves[0] @ row >= 0 else -1.0 for row in rows[:2]]
    shares = sizes[:2] ** 2 / (sizes**2).sum()
    first, second = signs[0] * rows[0], signs[1] * rows[1]
    return MainDirections(
        frozen(origin), frozen(first), frozen(second), (float(shares[0]), float(shares[1]))
    )


def random_directions(parameters: Parameters, seed: int) -> tuple[Array, Array]:
    """Return two random directions, each neuron's part as long as its own weights, (P,) each.

    ``d_j ← d_j ‖w_j‖ / ‖d_j‖`` for the weights w_j into neuron j, from normal numbers; biases are
    left where they are. So a unit step changes every neuron by as much as it is worth, and the
    landscapes of networks with differently scaled weights can be compared.

    Source: Li et al., NeurIPS (2018), section 4, "filter-wise normalization".
    """
    generator = np.random.default_rng(seed)
    return _random_direction(parameters, generator), _random_direction(parameters, generator)


def _random_direction(parameters: Parameters, generator: np.random.Generator) -> Array:
    direction = np.zeros(len(parameters.theta))
    W, _ = parameters.architecture.views(direction)
    for part, weights in zip(W, parameters.W, strict=True):
        drawn = generator.normal(size=weights.shape)
        length = np.linalg.norm(drawn, axis=1, keepdims=True)
        part[...] = drawn / length * np.linalg.norm(weights, axis=1, keepdims=True)
    return frozen(direction)


def coordinates(points: Array, origin: Array, first: Array, second: Array) -> Array:
    """Return where points (n, P) fall on the plane ``origin + r first + c second``, (n, 2).

    The nearest place on the plane, by least squares, so that the two directions need not stand
    at right angles.

    Raises
    ------
    ValueError
        If the two directions do not span a plane.
    """
    plane = np.stack((first, second), axis=1)
    gram = plane.T @ plane
    if np.linalg.matrix_rank(gram) < 2:
        raise ValueError("the two directions do not span a plane")
    return frozen(np.linalg.solve(gram, plane.T @ (points - origin).T).T)
