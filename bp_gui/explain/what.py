"""What a quantity is, in words: a title, and a sentence on what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from bp_gui.engine.names import Kind, Ref
from bp_gui.explain.scene import Scene, joined


def _weight_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    source = scene.text(scene.source(ref.layer, ref.source))
    to = scene.text(Ref(Kind.ACTIVATION, ref.layer, ref.to))
    return (
        f"Weight {scene.text(ref)}, from {source} to {to}",
        joined(f"It says how strongly {source} acts on {to}.", _filed(scene, ref)),
    )


def _bias_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    to = scene.text(Ref(Kind.ACTIVATION, ref.layer, ref.to))
    owner = f"layer {ref.layer + 1}" if scene.is_shared else to
    text = f"It is added to the net input of {to}, whatever the inputs are."
    return f"Bias {scene.text(ref)} of {owner}", joined(text, _filed(scene, ref))


def _filed(scene: Scene, ref: Ref) -> str:
    """Return what a quantity is called in files and commands, where that is another name."""
    return "" if scene.text(ref) == ref.name else f"In files and commands it is {ref.name}."


def _net_input_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    neuron = scene.text(Ref(Kind.ACTIVATION, ref.layer, ref.to))
    text = f"What reaches {neuron}, before its activation function."
    return f"Net input {scene.text(ref)} of {neuron}", text


def _activation_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    name = scene.text(ref)
    if ref.layer == scene.last:
        return f"Output {name}", "What the network answers; the cost compares it with the target."
    return f"Hidden neuron {name}", "What this neuron hands on to every neuron of the next layer."


def _delta_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    neuron = scene.text(Ref(Kind.ACTIVATION, ref.layer, ref.to))
    text = (
        f"How fast the cost grows with the net input of {neuron}. Times an incoming value it is "
        "the gradient of that value's weight."
    )
    return f"Error {scene.text(ref)} of {neuron}", text


def _input_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    return f"Input {scene.text(ref)}", "What the network is given. Training does not change it."


def _target_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    output = scene.text(Ref(Kind.ACTIVATION, scene.last, ref.to))
    return f"Target {scene.text(ref)}", f"What {output} should be."


def _output_cost_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    output = scene.text(Ref(Kind.ACTIVATION, scene.last, ref.to))
    return f"Cost of output {output}", f"What {output} adds to the cost of this sample."


def _cost_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    return "Cost C", "How wrong the network is: the number that training makes small."


def _eta_words(scene: Scene, ref: Ref) -> tuple[str, str]:
    text = "How far an update goes: the optimizer multiplies by it."
    return f"Learning rate {scene.text(ref)}", text


Words = Callable[[Scene, Ref], tuple[str, str]]
WORDS: Final[Mapping[Kind, Words]] = MappingProxyType(
    {
        Kind.WEIGHT: _weight_words,
        Kind.BIAS: _bias_words,
        Kind.NET_INPUT: _net_input_words,
        Kind.ACTIVATION: _activation_words,
        Kind.DELTA: _delta_words,
        Kind.INPUT: _input_words,
        Kind.TARGET: _target_words,
        Kind.OUTPUT_COST: _output_cost_words,
        Kind.COST: _cost_words,
        Kind.ETA: _eta_words,
    }
)
