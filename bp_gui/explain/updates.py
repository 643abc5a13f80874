"""The update of a parameter: old value, gradient, the optimizer's own terms, new value."""

from __future__ import annotations

from dataclasses import dataclass

from bp_gui.engine.names import COST, ETA, Kind, Ref
from bp_gui.engine.network import BiasPolicy
from bp_gui.explain.explanation import Line, Section
from bp_gui.explain.expressions import (
    Negated,
    Total,
    Variable,
)
from bp_gui.explain.formulas import Step, parse_steps
from bp_gui.explain.gradients import GRADIENT, GradientOf
from bp_gui.explain.mathematics import BECOMES, SUBTRACT, Linked, Node, Number, Scripts, Symbol, row
from bp_gui.explain.scene import IN_CAPTIONS, Scene, joined
from bp_gui.explain.sums import plus
from bp_gui.explain.targets import Gradient, Update
from bp_gui.explain.typesetting import (
    Bindings,
    letter,
    typeset,
    value,
)
from bp_gui.explain.written import to_text


@dataclass(frozen=True, eq=False)
class UpdateOf:
    """The next update of one parameter.

    Attributes
    ----------
    gradient
        The gradient that it uses.
    """

    gradient: GradientOf

    @property
    def scene(self) -> Scene:
        """The moment."""
        return self.gradient.scene

    @property
    def ref(self) -> Ref:
        """The parameter."""
        return self.gradient.ref

    @property
    def is_trained(self) -> bool:
        """Whether the update may change it."""
        return bool(self.scene.setup.trainable[self.gradient.index])

    def section(self) -> Section:
        """Return the update from the old value to the new one."""
        name, w = self.scene.name(self.ref), self.ref
        old = Line(name, (), None, self.scene.value(w), "Before the update.", w)
        new = float(self.scene.subject.next_theta[self.gradient.index])
        if not self.is_trained:
            stays = Line(name, (name,), self.scene.number(w), new, "", Update(w), BECOMES)
            return Section("Update", (old, stays), self._why_it_stays())
        steps, change = self._steps()
        return Section(
            "Update",
            (old, *self._gradient_again(), *steps, self._new_line(change, new)),
            joined(self._optimizer_text(), "All parameters change at once, from the old values."),
        )

    def _gradient_again(self) -> tuple[Line, ...]:
        if self.gradient.is_direct:
            return self.gradient.lines()
        caption = "The gradient from above."
        return (Line(GRADIENT, (), None, self.gradient.used, caption, Gradient(self.ref)),)

    def _why_it_stays(self) -> str:
        name, policy = self.scene.text(self.ref), self.scene.setup.bias_policy
        if self.ref in self.scene.setup.locked:
            return f"{name} is locked: training leaves it alone."
        if self.ref.kind is Kind.BIAS and policy is BiasPolicy.FIXED:
            return "Biases are fixed: training leaves them alone."
        return "One bias of this layer is locked, and the layer has only one."

    def _optimizer_text(self) -> str:
        setup = self.scene.setup
        told = ", ".join(
            f"{s.symbol} = {to_text(Number(v), IN_CAPTIONS)}"
            for s, v in zip(setup.optimizer.settings, setup.optimizer_settings, strict=True)
        )
        return f"{setup.optimizer.label} with {told}." if told else f"{setup.optimizer.label}."

    def _steps(self) -> tuple[list[Line], float]:
        """Return a line for each step of the optimizer, and Δ."""
        names, numbers = self._bindings()
        lines = []
        for step in parse_steps(self.scene.setup.optimizer.formula):
            found = self._value_of(step, numbers)
            left = letter(step.name)
            if step.name == "Δw":
                left = row(Symbol("Δ"), self.scene.name(self.ref))
            caption = self._step_caption(step, numbers)
            symbolic, substituted = typeset(step.body, names), typeset(step.body, numbers)
            line = Line(left, (symbolic,), substituted, found, caption, Update(self.ref))
            if step.is_remembered:
                line = Line(left, (symbolic,), substituted, found, caption, line.target, BECOMES)
            lines.append(line)
            numbers = Bindings({**numbers.nodes, step.name: Number(found)})
        return lines, found

    def _value_of(self, step: Step, numbers: Bindings) -> float:
        if step.is_remembered:
            slot = self.scene.setup.optimizer.slots.index(step.name)
            return float(self.scene.subject.next_state.slots[slot, self.gradient.index])
        return value(step.body, numbers)

    def _step_caption(self, step: Step, numbers: Bindings) -> str:
        if step.is_remembered:
            before = to_text(numbers.node(step.name), IN_CAPTIONS)
            return f"Remembered from update to update; {before} before this one."
        return "The change." if step.name == "Δw" else ""

    def _bindings(self) -> tuple[Bindings, Bindings]:
        setup = self.scene.setup
        state = setup.optimizer_state
        w, eta = self.scene.name(self.ref), self.scene.name(ETA)
        numbers: dict[str, Node] = {
            "w": self.scene.number(self.ref),
            "g": Linked(Number(self.gradient.used), Gradient(self.ref)),
            "η": self.scene.number(ETA),
            "n": Symbol(str(state.updates + 1)),
        }
        for setting, told in zip(setup.optimizer.settings, setup.optimizer_settings, strict=True):
            numbers[setting.symbol] = Number(told)
        for slot, remembered in zip(setup.optimizer.slots, state.slots, strict=True):
            numbers[slot] = Number(float(remembered[self.gradient.index]))
        return Bindings({"w": w, "η": eta}), Bindings(numbers)

    def _new_line(self, change: float, new: float) -> Line:
        """Return ``w ← w + Δw``; where nothing is remembered, also with the change written out."""
        name, number = self.scene.name(self.ref), self.scene.number(self.ref)
        forms: list[Node] = [plus(name, row(Symbol("Δ"), name))]
        substituted = plus(number, Number(change))
        steps = parse_steps(self.scene.setup.optimizer.formula)
        if len(steps) == 1:
            names, numbers = self._bindings()
            (step,) = steps
            body = step.body
            sign, term = (-1, body.inner) if isinstance(body, Negated) else (1, body)
            whole = Total(((1, Variable("w")), (sign, term)))
            forms.append(typeset(whole, names))
            substituted = typeset(whole, numbers)
        caption = "The new value."
        return Line(name, tuple(forms), substituted, new, caption, Update(self.ref), BECOMES)


def cost_change_lines(scene: Scene) -> tuple[Line, ...]:
    """Return what one update does to the cost."""
    now, after = scene.subject.cost, scene.subject.next_cost
    name = row(Symbol("Δ"), scene.name(COST))
    later = Scripts(scene.name(COST), Symbol("next", upright=True))
    difference = plus(Number(after), Number(-now))
    lines = [
        Line(later, (), None, after, "The cost after one update."),
        Line(
            name,
            (row(later, SUBTRACT, scene.name(COST)),),
            difference,
            after - now,
            "What the update changes.",
        ),
    ]
    return tuple(lines)
