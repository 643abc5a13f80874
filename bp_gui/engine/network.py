"""The shape of a network and the values of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.names import Kind, Ref


class BiasPolicy(Enum):
    """What training does to biases; the value is the key saved in files.

    ``FIXED`` leaves them alone, as the worked example does. ``PER_NEURON`` updates each by its own
    gradient ``δ``. ``SHARED`` treats the biases of a layer as one number whose gradient is Σ δ.
    """

    FIXED = "fixed"
    PER_NEURON = "per_neuron"
    SHARED = "shared"


@dataclass(frozen=True)
class Architecture:
    """Layer sizes and activations.

    Attributes
    ----------
    sizes
        ``(n_0, …, n_L)``, at least two, each at least 1.
    activations
        Registry keys, one for each of the layers 1 … L.

    Raises
    ------
    ValueError
        If a size is below 1, an activation is unknown or not in its place, or the two lengths
        do not fit.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes {self.sizes} must be two or more numbers, each at least 1")
        if len(self.activations) != len(self.sizes) - 1:
            raise ValueError(
                f"{len(self.activations)} activations do not fit {len(self.sizes) - 1} layers"
            )
        for name in self.activations:
            if name not in ACTIVATIONS:
                raise ValueError(f"activation {name!r} is unknown; known: {', '.join(ACTIVATIONS)}")
        for layer, name in enumerate(self.activations[:-1], start=1):
            if ACTIVATIONS[name].output_only:
                raise ValueError(f"{name} in layer {layer}: it belongs into the last layer only")

    @property
    def n_layers(self) -> int:
        """Number of weight layers L."""
        return len(self.activations)

    @property
    def n_inputs(self) -> int:
        """Number of inputs n_0."""
        return self.sizes[0]

    @property
    def n_outputs(self) -> int:
        """Number of outputs n_L."""
        return self.sizes[-1]

    @cached_property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """Where ``W[l]`` and ``b[l]`` begin in θ, for each layer."""
        starts, at = [], 0
        for n_from, n_to in zip(self.sizes, self.sizes[1:], strict=False):
            starts.append((at, at + n_to * n_from))
            at += n_to * n_from + n_to
        return tuple(starts)

    @cached_property
    def n_parameters(self) -> int:
        """Length of θ: all weights and biases."""
        return sum(
            (n_from + 1) * n_to for n_from, n_to in zip(self.sizes, self.sizes[1:], strict=False)
        )

    def index(self, ref: Ref) -> int:
        """Return where a weight or bias stands in θ.

        Raises
        ------
        IndexError
            If the network has no such parameter; the message names it and the sizes.
        """
        known = ref.is_parameter and 0 <= ref.layer < self.n_layers
        n_from, n_to = self.sizes[ref.layer : ref.layer + 2] if known else (0, 0)
        if not (known and 0 <= ref.to < n_to and 0 <= ref.source < n_from):
            sizes = "-".join(map(str, self.sizes))
            raise IndexError(f"{ref} is not a parameter of a {sizes} network")
        w_start, b_start = self.offsets[ref.layer]
        if ref.kind is Kind.WEIGHT:
            return w_start + ref.to * n_from + ref.source
        return b_start + ref.to

    def refs(self) -> Iterator[Ref]:
        """Yield every parameter in the order of θ."""
        for layer in range(self.n_layers):
            n_from, n_to = self.sizes[layer : layer + 2]
            for to in range(n_to):
                for source in range(n_from):
                    yield Ref(Kind.WEIGHT, layer, to, source)
            for to in range(n_to):
                yield Ref(Kind.BIAS, layer, to)

    def views(self, theta: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Return (W, b): views into ``theta`` with the shapes of each layer."""
        W, b = [], []
        for layer, (w_start, b_start) in enumerate(self.offsets):
            n_from, n_to = self.sizes[layer : layer + 2]
            W.append(theta[w_start:b_start].reshape(n_to, n_from))
            b.append(theta[b_start : b_start + n_to])
        return tuple(W), tuple(b)

    @cached_property
    def bias_mask(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which entries of θ are biases."""
        mask = np.zeros(self.n_parameters, dtype=bool)
        for layer, (_, b_start) in enumerate(self.offsets):
            mask[b_start : b_start + self.sizes[layer + 1]] = True
        mask.flags.writeable = False
        return mask


@dataclass(frozen=True, eq=False)
class Parameters:
    """All weights and biases: one flat read-only vector θ, with W and b as views into it.

    Raises
    ------
    ValueError
        If ``theta`` does not have one number for every parameter.
    """

    architecture: Architecture
    theta: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "theta", frozen(self.theta))
        expected = (self.architecture.n_parameters,)
        if self.theta.shape != expected:
            raise ValueError(f"theta has shape {self.theta.shape}, expected {expected}")

    @classmethod
    def from_layers(
        cls, architecture: Architecture, W: Sequence[ArrayLike], b: Sequence[ArrayLike]
    ) -> Parameters:
        """Return parameters from one matrix and one vector a layer, shapes (n_l, n_{l-1}), (n_l,).

        Raises
        ------
        ValueError
            If a layer is missing or has another shape; the message names it.
        """
        sizes = architecture.sizes
        if len(W) != architecture.n_layers or len(b) != architecture.n_layers:
            raise ValueError(
                f"{len(W)} weight matrices and {len(b)} bias vectors "
                f"do not fit {architecture.n_layers} layers"
            )
        pieces = []
        for layer in range(architecture.n_layers):
            for name, given, shape in (
                ("W", W[layer], (sizes[layer + 1], sizes[layer])),
                ("b", b[layer], (sizes[layer + 1],)),
            ):
                array = np.asarray(given, dtype=np.float64)
                if array.shape != shape:
                    raise ValueError(f"{name}{layer + 1} has shape {array.shape}, expected {shape}")
                pieces.append(array.ravel())
        return cls(architecture, np.concatenate(pieces))

    @cached_property
    def _layers(self) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        return self.architecture.views(self.theta)

    @property
    def W(self) -> tuple[Array, ...]:
        """The weight matrices, views into θ."""
        return self._layers[0]

    @property
    def b(self) -> tuple[Array, ...]:
        """The bias vectors, views into θ."""
        return self._layers[1]

    def __getitem__(self, ref: Ref) -> float:
        return float(self.theta[self.architecture.index(ref)])

    def replaced(self, changes: dict[Ref, float]) -> Parameters:
        """Return new parameters with the given ones changed."""
        theta = self.theta.copy()
        for ref, value in changes.items():
            theta[self.architecture.index(ref)] = value
        return Parameters(self.architecture, theta)
