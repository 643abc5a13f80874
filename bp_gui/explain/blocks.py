"""Every matrix of a moment: parameters, passes and slopes, with the names that equations use."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bp_gui.engine.activations import ACTIVATIONS, Activation
from bp_gui.engine.names import COST, Kind, Ref
from bp_gui.engine.network import Architecture
from bp_gui.explain.mathematics import PRIME, Fenced, Scripts, Symbol, row
from bp_gui.explain.matrices import Block, column, letter_of
from bp_gui.explain.numpy_code import numpy_code
from bp_gui.explain.scene import quotient
from bp_gui.explain.subject import Setup, Subject
from bp_gui.explain.targets import Derivative


@dataclass(frozen=True, eq=False)
class Blocks:
    """The matrices of one moment; layers are 0-based.

    Attributes
    ----------
    subject
        The moment.
    """

    subject: Subject

    @property
    def setup(self) -> Setup:
        """The network and how it is trained."""
        return self.subject.experiment

    @property
    def architecture(self) -> Architecture:
        """Layer sizes and activations."""
        return self.setup.parameters.architecture

    @property
    def last(self) -> int:
        """The output layer."""
        return self.architecture.n_layers - 1

    def activation(self, layer: int) -> Activation:
        """Return a layer's activation function."""
        return ACTIVATIONS[self.architecture.activations[layer]]

    def weights(self, layer: int) -> Block:
        """Return ``W_l``."""
        return Block(
            letter_of("W", layer),
            f"W{layer + 1}",
            self.setup.parameters.W[layer],
            lambda to, source: Ref(Kind.WEIGHT, layer, to, source),
        )

    def biases(self, layer: int) -> Block:
        """Return ``b_l``."""
        values = self.setup.parameters.b[layer]
        return column("b", layer, values, lambda to, _: Ref(Kind.BIAS, layer, to))

    def source(self, layer: int) -> Block:
        """Return what feeds a layer: ``x`` or ``a_{l−1}``."""
        if layer > 0:
            return self.activations(layer - 1)
        values = self.subject.forward.x[0]
        return Block(Symbol("x"), "x", values[:, None], lambda i, _: Ref(Kind.INPUT, to=i))

    def targets(self) -> Block:
        """Return ``t``."""
        values = self.setup.t[self.subject.sample]
        return Block(Symbol("t"), "t", values[:, None], lambda k, _: Ref(Kind.TARGET, to=k))

    def net_inputs(self, layer: int) -> Block:
        """Return ``z_l``."""
        values = self.subject.forward.z[layer][0]
        return column("z", layer, values, lambda j, _: Ref(Kind.NET_INPUT, layer, j))

    def activations(self, layer: int) -> Block:
        """Return ``a_l``."""
        values = self.subject.forward.a[layer][0]
        return column("a", layer, values, lambda j, _: Ref(Kind.ACTIVATION, layer, j))

    def errors(self, layer: int) -> Block:
        """Return ``δ_l``."""
        values = self.subject.backward.delta[layer][0]
        block = column("δ", layer, values, lambda j, _: Ref(Kind.DELTA, layer, j))
        return replace(block, code=f"delta{layer + 1}")

    def slopes(self, layer: int) -> Block:
        """Return ``f′(z_l)`` of a layer whose neurons do not depend on each other."""
        z, a = self.subject.forward.z[layer], self.subject.forward.a[layer]
        activation = self.activation(layer)
        with np.errstate(all="ignore"):
            values = activation.pull_back(z, a, np.ones_like(z))[0]
        prime = Scripts(Symbol(activation.symbol, upright=True), sup=PRIME)
        code = numpy_code(activation.derivative_formula, self.letters(layer))
        return Block(
            row(prime, Fenced(letter_of("z", layer))),
            f"({code})",
            values[:, None],
            lambda j, _: Derivative(Ref(Kind.ACTIVATION, layer, j), Ref(Kind.NET_INPUT, layer, j)),
        )

    def cost_slopes(self) -> Block:
        """Return ``∂C/∂a_L``."""
        t = self.setup.t[self.subject.sample][None]
        with np.errstate(all="ignore"):
            values = self.setup.cost.gradient(t, self.subject.forward.output)[0]
        code = numpy_code(self.setup.cost.derivative_formula, self.letters(self.last))
        return Block(
            quotient(Symbol("C"), letter_of("a", self.last)),
            f"({code})",
            values[:, None],
            lambda k, _: Derivative(COST, Ref(Kind.ACTIVATION, self.last, k)),
        )

    def jacobian(self) -> Block:
        """Return ``∂a_k/∂z_j`` of outputs that depend on each other: row k, column j."""
        last, z, a = self.last, self.subject.forward.z[-1], self.subject.forward.a[-1]
        count = z.shape[1]
        rows = (np.repeat(z, count, axis=0), np.repeat(a, count, axis=0), np.eye(count))
        with np.errstate(all="ignore"):
            values = self.activation(last).pull_back(*rows)
        place = f"np.arange({count})"
        letters = {"a_k": f"a{last + 1}", "a_j": f"a{last + 1}.T"}
        letters |= {"k": f"{place}[:, None]", "j": f"{place}[None, :]"}
        return Block(
            Fenced(quotient(letter_of("a", last), letter_of("z", last))),
            f"({numpy_code(self.activation(last).derivative_formula, letters)})",
            values,
            lambda k, j: Derivative(Ref(Kind.ACTIVATION, last, k), Ref(Kind.NET_INPUT, last, j)),
        )

    def weight_gradient(self, layer: int) -> Block:
        """Return ``∂C/∂W_l`` of the shown sample."""
        return Block(
            quotient(Symbol("C"), letter_of("W", layer)),
            f"dW{layer + 1}",
            self.subject.backward.dW[layer],
            lambda to, source: Derivative(COST, Ref(Kind.WEIGHT, layer, to, source)),
        )

    def bias_gradient(self, layer: int) -> Block:
        """Return ``∂C/∂b_l`` of the shown sample, each bias by itself."""
        return Block(
            quotient(Symbol("C"), letter_of("b", layer)),
            f"db{layer + 1}",
            self.errors(layer).values,
            lambda to, _: Ref(Kind.DELTA, layer, to),
        )

    def letters(self, layer: int) -> dict[str, str]:
        """Return what the letters of a formula are called in code, for a layer."""
        z, a = f"z{layer + 1}", f"a{layer + 1}"
        count = str(self.architecture.n_outputs)
        return {"z": z, "z_k": z, "z_j": z, "a": a, "a_k": a, "t": "t", "t_j": "t", "n": count}
