"""Addresses of TensorFlow Playground become configurations."""

from __future__ import annotations

import numpy as np
import pytest

from bp_gui.engine.objective import Penalty
from bp_gui.session.experiment import Experiment
from bp_gui.session.imports.playground import read_playground
from bp_gui.session.imports.problem import ImportProblem
from bp_gui.session.project_file import dumps, loads

# As the page itself writes it.
ADDRESS = (
    "https://playground.tensorflow.org/#activation=relu&regularization=L2&batchSize=7"
    "&dataset=spiral&regDataset=reg-plane&learningRate=0.1&regularizationRate=0.003&noise=5"
    "&networkShape=6,5,2&seed=0.46055&showTestData=false&discretize=false&percTrainData=70"
    "&x=true&y=true&xTimesY=true&xSquared=false&ySquared=false&cosX=false&sinX=false"
    "&cosY=false&sinY=false&collectStats=false&problem=classification&initZero=false"
)


def test_an_address_sets_everything_up(worked: Experiment) -> None:
    found = read_playground(ADDRESS)
    experiment = found.edit.apply(worked)
    assert experiment.architecture.sizes == (2, 6, 5, 2, 1)
    assert experiment.architecture.activations == ("relu", "relu", "relu", "tanh")
    assert experiment.eta == 0.1
    assert experiment.penalty == Penalty(l2=0.003)
    assert experiment.batches.size == 7
    assert len(experiment.t) == 350
    assert len(experiment.t_test) == 150
    assert set(np.unique(experiment.t)) == {-1.0, 1.0}
    assert experiment.updates == 0
    assert loads(dumps(experiment)).architecture == experiment.architecture


def test_it_is_said_that_there_are_no_weights_and_what_differs() -> None:
    notes = " ".join(read_playground(ADDRESS).notes)
    assert "carry no weights" in notes
    assert "xTimesY" in notes
    assert "Gaussian" in notes


def test_the_bare_address_gives_the_pages_defaults(worked: Experiment) -> None:
    experiment = read_playground("http://playground.tensorflow.org/").edit.apply(worked)
    assert experiment.architecture.sizes == (2, 4, 2, 1)
    assert experiment.eta == 0.03


def test_an_empty_shape_has_no_hidden_layers(worked: Experiment) -> None:
    address = "https://playground.tensorflow.org/#networkShape=&activation=&regularization="
    experiment = read_playground(address).edit.apply(worked)
    assert experiment.architecture.sizes == (2, 1)


def test_weights_begin_at_zero_where_the_address_asks_for_it(worked: Experiment) -> None:
    found = read_playground(ADDRESS.replace("initZero=false", "initZero=true"))
    experiment = found.edit.apply(worked)
    assert not experiment.parameters.theta.any()
    assert experiment.initializer_name == "zeros"
    assert "begin at 0" in found.notes[0]
    assert read_playground(ADDRESS).edit.apply(worked).parameters.theta.any()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.org/#activation=tanh", "none of TensorFlow Playground"),
        ("http://playground.tensorflow.org/#activation=cube", "'cube' is not known"),
        ("http://playground.tensorflow.org/#problem=regression", "not regression"),
        ("http://playground.tensorflow.org/#networkShape=4,99", "from 1 to 8"),
        (
            "http://playground.tensorflow.org/#networkShape=4,2.7",
            "networkShape: '2.7' is not a whole number from 1 to 8",
        ),
        (
            "http://playground.tensorflow.org/#batchSize=2.5",
            "batchSize: '2.5' is not a whole number from 1 to 500",
        ),
        ("http://playground.tensorflow.org/#networkShape=" + "2," * 20, "too many"),
        ("http://playground.tensorflow.org/#learningRate=nan", "'nan' is not a number"),
        ("x" * 10_001, "10,001 characters"),
        ("http://[", "address"),
    ],
)
def test_other_addresses_are_refused(address: str, said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        read_playground(address)
