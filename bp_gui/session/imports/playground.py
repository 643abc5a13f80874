"""Addresses of TensorFlow Playground: what they configure; they carry no weights.

Source of the keys and their defaults: github.com/tensorflow/playground, src/state.ts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import numpy as np

from bp_gui.engine.arrays import frozen
from bp_gui.engine.batches import Batches
from bp_gui.engine.datasets import DATASETS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Penalty
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session.data import Data, Origin
from bp_gui.session.edits import MAX_SEED, EditError, LoneEdit, RandomWeights, restarted
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.problem import LIMITS, ImportProblem
from bp_gui.session.project_schema import MAX_LAYERS
from bp_gui.session.samples import drawn

_MOST_CHARACTERS: Final = 10_000
_MOST_UNITS: Final = 8  # the most that Playground's page lets one have
_SAMPLES: Final = 500
_ACTIVATIONS: Final = ("relu", "tanh", "sigmoid", "linear")
_DATASETS: Final = {"circle": "circle", "xor": "xor", "gauss": "gauss", "spiral": "spiral"}
_EXTRA_FEATURES: Final = ("xTimesY", "xSquared", "ySquared", "cosX", "sinX", "cosY", "sinY")
NO_WEIGHTS: Final = "Playground's addresses carry no weights: new ones are drawn from the seed"
ALL_ZEROS: Final = "All weights and biases begin at 0, as the address asks"


@dataclass(frozen=True)
class UsePlayground(LoneEdit):
    """Set everything up as an address says: data, network and training, from update 0.

    Attributes
    ----------
    activation, hidden
        Of the hidden layers, and their sizes.
    dataset, noise, test_share, seed
        What the samples are drawn from.
    zeros
        Whether all weights begin at 0 rather than drawn.
    eta, penalty, batch_size
        How training goes.
    """

    activation: str
    hidden: tuple[int, ...]
    dataset: str
    noise: float
    test_share: float
    seed: int
    zeros: bool
    eta: float
    penalty: Penalty
    batch_size: int

    @property
    def label(self) -> str:
        """See `Edit.label`."""
        return "Set up as in TensorFlow Playground"

    @property
    def title(self) -> str:
        """What the project is called that comes by it."""
        return f"Playground {self.dataset}"

    def apply(self, experiment: Experiment) -> Experiment:
        """See `Edit.apply`; targets are −1 and 1 and the output is a tanh, as they are there."""
        try:
            data = self._data()
        except ValueError as error:
            raise EditError(str(error)) from error
        architecture = Architecture(
            (2, *self.hidden, 1), (*(self.activation for _ in self.hidden), "tanh")
        )
        parameters = Parameters(architecture, np.zeros(architecture.n_parameters))
        changed = replace(
            experiment,
            parameters=parameters,
            data=data,
            eta=self.eta,
            bias_policy=BiasPolicy.PER_NEURON,
            locked=frozenset(),
            cost_name="half_squared_error",
            penalty=self.penalty,
            optimizer_name="gradient_descent",
            optimizer_settings=OPTIMIZERS["gradient_descent"].defaults,
            clip=None,
            batches=Batches(self.batch_size, shuffle=True),
            seed=self.seed,
        )
        if self.zeros:
            changed = replace(changed, initializer_name="zeros", initializer_setting=0.0)
        return RandomWeights(self.seed).apply(restarted(changed, parameters))

    def _data(self) -> Data:
        data = drawn(Origin(self.dataset, _SAMPLES, self.noise, self.seed, self.test_share))
        signs = (frozen(2.0 * t - 1.0) for t in (data.t, data.t_test))
        t, t_test = signs
        return replace(data, t=t, t_test=t_test, origin=None)


@dataclass(frozen=True)
class Playground:
    """What an address asks for.

    Attributes
    ----------
    edit
        What sets it up.
    notes
        What is different here, a sentence each.
    """

    edit: UsePlayground
    notes: tuple[str, ...]


def read_playground(address: str) -> Playground:
    """Return what an address of TensorFlow Playground configures.

    Raises
    ------
    ImportProblem
        If it is no such address, or asks for what this program does not have.
    """
    if len(address) > _MOST_CHARACTERS:
        raise ImportProblem("address", f"{len(address):,} characters are over {_MOST_CHARACTERS:,}")
    try:
        parts = urlsplit(address.strip())
        pairs = parse_qsl(parts.fragment, keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise ImportProblem("address", str(error)) from None
    # Only the shape says something by being empty: that there are no hidden layers.
    given = {key: value for key, value in pairs if value or key == "networkShape"}
    if "playground" not in f"{parts.netloc}{parts.path}".lower():
        raise ImportProblem(
            "address", "this is none of TensorFlow Playground: playground.tensorflow.org/#…"
        )
    if given.get("problem", "classification") != "classification":
        raise ImportProblem("problem", "only its classification data are here, not regression")
    zeros = given.get("initZero") == "true"
    notes = [ALL_ZEROS if zeros else NO_WEIGHTS]
    extra = [name for name in _EXTRA_FEATURES if given.get(name) == "true"]
    if extra:
        notes.append(f"The inputs {', '.join(extra)} are left out: only x and y are here")
    if "false" in (given.get("x"), given.get("y")):
        notes.append("Both x and y are inputs here, though the address leaves one out")
    edit = UsePlayground(
        activation=_choice(given, "activation", "tanh", _ACTIVATIONS),
        hidden=_hidden(given),
        dataset=_DATASETS[_choice(given, "dataset", "circle", tuple(_DATASETS))],
        noise=_number(given, "noise", 0.0, 0.0, 50.0) / 100.0,
        test_share=round(1.0 - _number(given, "percTrainData", 50.0, 10.0, 90.0) / 100.0, 12),
        seed=_seed(given),
        zeros=zeros,
        eta=_number(given, "learningRate", 0.03, 0.0, 1e6),
        penalty=_penalty(given),
        batch_size=_count(given, "batchSize", 10, _SAMPLES),
    )
    if edit.noise:
        kind = DATASETS[edit.dataset].label
        notes.append(f"Noise of {kind} is Gaussian here: the samples are alike, not the same")
    return Playground(edit, tuple(notes))


def _choice(given: Mapping[str, str], key: str, usual: str, known: tuple[str, ...]) -> str:
    value = given.get(key, usual)
    if value not in known:
        raise ImportProblem(key, f"{value[:40]!r} is not known; known: {', '.join(known)}")
    return value


def _number(
    given: Mapping[str, str], key: str, usual: float, lowest: float, highest: float
) -> float:
    text = given.get(key, str(usual))
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not lowest <= value <= highest:
        raise ImportProblem(key, f"{text[:40]!r} is not a number from {lowest:g} to {highest:g}")
    return value


def _count(given: Mapping[str, str], key: str, usual: int, highest: int) -> int:
    value = _number(given, key, usual, 1, highest)
    if not value.is_integer():
        raise ImportProblem(key, f"{given[key][:40]!r} is not a whole number from 1 to {highest}")
    return int(value)


def _hidden(given: Mapping[str, str]) -> tuple[int, ...]:
    text = given.get("networkShape", "4,2")
    sizes = text.split(",") if text else []
    if len(sizes) > MAX_LAYERS - 1:
        raise ImportProblem("networkShape", f"{len(sizes)} hidden layers are too many: {LIMITS}")
    key = "networkShape"
    return tuple(_count({key: size}, key, 1, _MOST_UNITS) for size in sizes)


def _seed(given: Mapping[str, str]) -> int:
    """Return a whole number that follows from Playground's seed, a text such as 0.46055."""
    text = given.get("seed", "0")
    digits = "".join(c for c in text[:20] if c in "0123456789")
    return int(digits or "0") % (MAX_SEED + 1)


def _penalty(given: Mapping[str, str]) -> Penalty:
    kind = _choice(given, "regularization", "", ("", "L1", "L2"))
    rate = _number(given, "regularizationRate", 0.0, 0.0, 1e6)
    return Penalty(l1=rate if kind == "L1" else 0.0, l2=rate if kind == "L2" else 0.0)
