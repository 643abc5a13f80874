"""The conventions in force, and the names that a reader can choose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bp_gui.engine.batches import Batches
from bp_gui.engine.names import ETA, Kind, Ref, UnknownNameError
from bp_gui.engine.network import Architecture, BiasPolicy
from bp_gui.engine.objective import Penalty
from bp_gui.explain.conventions import conventions
from bp_gui.explain.name_choice import NameChoice, labels
from bp_gui.explain.naming import Naming, NeuronNames, ParameterNames, quantities
from bp_gui.explain.written import to_text
from bp_gui.session.experiment import Experiment


def test_conventions_say_what_holds(worked: Experiment) -> None:
    short = {c.key: c.short for c in conventions(worked)}
    assert short["cost"] == "C = Σ ½ (t − a)²"
    assert short["batch"] == "one sample"
    assert short["biases"] == "biases fixed"
    changed = replace(
        worked.with_samples(worked.x.repeat(6, axis=0), worked.t.repeat(6, axis=0)),
        bias_policy=BiasPolicy.SHARED,
        batches=Batches(2),
        penalty=Penalty(l2=0.1),
        clip=2.0,
    )
    short = {c.key: c.short for c in conventions(changed)}
    assert short["batch"] == "mean of 2 of 6 samples"
    assert short["biases"] == "one bias a layer"
    assert short["penalty"] == "penalty ½ λ₂ Σ w²"
    assert short["clipping"] == "‖g‖ ≤ 2"


def test_every_convention_says_what_others_do(worked: Experiment) -> None:
    for convention in conventions(worked):
        assert len(convention.paragraph.split()) > 30
        assert convention.title


def test_textbook_names_are_those_of_the_worked_example(worked: Experiment) -> None:
    naming = Naming.of(worked.parameters, worked.bias_policy)
    weights = [naming.text(ref) for ref in worked.architecture.refs() if ref.kind is Kind.WEIGHT]
    assert weights == [f"w{number}" for number in range(1, 9)]
    assert naming.text(Ref(Kind.BIAS, 0, 1)) == "b1"
    assert naming.text(Ref(Kind.BIAS, 1, 0)) == "b2"
    per_neuron = Naming.of(worked.parameters, BiasPolicy.PER_NEURON)
    assert per_neuron.text(Ref(Kind.BIAS, 1, 0)) == "b3"


@pytest.mark.parametrize(
    ("ref", "lettered", "layered"),
    [
        (Ref(Kind.WEIGHT, 1, 0, 2), "w9", "W2[1,3]"),
        (Ref(Kind.BIAS, 1, 0), "b4", "b2[1]"),
        (Ref(Kind.INPUT, to=1), "i2", "x2"),
        (Ref(Kind.ACTIVATION, 0, 2), "h3", "a¹₃"),
        (Ref(Kind.ACTIVATION, 1, 0), "o1", "a²₁"),
        (Ref(Kind.NET_INPUT, 0, 0), "z_h1", "z¹₁"),
        (Ref(Kind.DELTA, 1, 0), "δ_o1", "δ²₁"),
        (Ref(Kind.TARGET, to=0), "t1", "t1"),
        (Ref(Kind.OUTPUT_COST, to=0), "C_o1", "C1"),
        (ETA, "η", "η"),
    ],
    ids=str,
)
def test_a_reader_chooses_between_two_ways_of_naming(ref: Ref, lettered: str, layered: str) -> None:
    architecture = Architecture((2, 3, 1), ("tanh", "sigmoid"))
    other = Naming(architecture, ParameterNames.INDEXED, NeuronNames.LAYERED)
    assert Naming(architecture).text(ref) == lettered
    assert other.text(ref) == layered


def test_a_neuron_of_several_hidden_layers_is_called_as_on_the_graph() -> None:
    naming = Naming(Architecture((2, 3, 2, 1), ("tanh", "tanh", "sigmoid")))
    assert naming.text(Ref(Kind.ACTIVATION, 0, 1)) == "h1·2"
    assert naming.text(Ref(Kind.NET_INPUT, 1, 0)) == "z_h2·1"
    assert naming.find("h1.2") == Ref(Kind.ACTIVATION, 0, 1)


@pytest.mark.parametrize("parameters", ParameterNames)
def test_a_parameter_is_called_alike_in_a_line_of_text_and_in_a_formula(
    parameters: ParameterNames,
) -> None:
    naming = Naming(Architecture((2, 3, 1), ("tanh", "sigmoid")), parameters)
    for ref in naming.architecture.refs():
        assert naming.text(ref) == to_text(naming.node(ref), 6)


def test_a_label_says_both_names_until_one_is_chosen(worked: Experiment) -> None:
    weight = Ref(Kind.WEIGHT, 1, 0, 1)
    chosen = NameChoice(ParameterNames.INDEXED)
    for names, expected in ((None, "w6 = W2[1,2]"), (NameChoice(), "w6"), (chosen, "W2[1,2]")):
        assert labels(names, worked.parameters, worked.bias_policy).text(weight) == expected


@pytest.mark.parametrize("parameters", ParameterNames)
@pytest.mark.parametrize("neurons", NeuronNames)
def test_every_name_is_one_quantitys_alone_and_finds_it(
    parameters: ParameterNames, neurons: NeuronNames
) -> None:
    naming = Naming(Architecture((3, 2, 4, 2), ("tanh", "relu", "softmax")), parameters, neurons)
    refs = list(quantities(naming.architecture))
    assert len({naming.text(ref) for ref in refs}) == len(refs)
    for ref in refs:
        assert naming.find(naming.text(ref)) == ref
        assert naming.find(ref.name) == ref
    with pytest.raises(UnknownNameError):
        naming.find("w999")
