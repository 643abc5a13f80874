"""Random edits and training, undone and made again: every state comes back bit for bit."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QCoreApplication

from bp_gui.controller.store import Store
from bp_gui.engine.activations import ACTIVATIONS
from bp_gui.engine.costs import COSTS
from bp_gui.engine.initializers import INITIALIZERS
from bp_gui.engine.names import ETA, Kind, Ref
from bp_gui.engine.network import BiasPolicy
from bp_gui.engine.optimizers import OPTIMIZERS
from bp_gui.session import edits, edits_structure, edits_training
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import dumps, loads
from bp_gui.session.training import advance

LAYERS = st.integers(0, 4)
SMALL = st.integers(0, 4)
VALUES = st.floats(-2.0, 2.0)
REFS = st.one_of(
    st.builds(Ref, st.just(Kind.WEIGHT), SMALL, SMALL, SMALL),
    st.builds(Ref, st.just(Kind.BIAS), SMALL, SMALL),
    st.builds(Ref, st.just(Kind.INPUT), st.just(0), SMALL),
    st.builds(Ref, st.just(Kind.TARGET), st.just(0), SMALL),
    st.just(ETA),
)
PARAMETERS = REFS.filter(lambda ref: ref.is_parameter)
SETTINGS = sorted({s.name for each in OPTIMIZERS.values() for s in each.settings})
EDITS = st.one_of(
    st.builds(edits.SetValue, REFS, VALUES),
    st.builds(edits.SetBiasPolicy, st.sampled_from(BiasPolicy)),
    st.builds(edits.SetLocked, PARAMETERS, st.booleans()),
    st.builds(edits.SetSeed, SMALL),
    st.builds(edits.RandomWeights, SMALL),
    st.builds(edits.ResetTraining),
    st.builds(edits_structure.AddLayer, LAYERS, SMALL, st.sampled_from(list(ACTIVATIONS))),
    st.builds(edits_structure.RemoveLayer, LAYERS),
    st.builds(edits_structure.ResizeLayer, LAYERS, SMALL),
    st.builds(edits_structure.AddNeuron, LAYERS),
    st.builds(edits_structure.RemoveNeuron, LAYERS, SMALL),
    st.builds(edits_structure.SetActivation, LAYERS, st.sampled_from(list(ACTIVATIONS))),
    st.builds(edits_training.SetCost, st.sampled_from(list(COSTS))),
    st.builds(edits_training.SetOptimizer, st.sampled_from(list(OPTIMIZERS))),
    st.builds(edits_training.SetOptimizerSetting, st.sampled_from(SETTINGS), VALUES),
    st.builds(edits_training.SetPenalty, VALUES, VALUES),
    st.builds(edits_training.SetClip, st.one_of(st.none(), VALUES)),
    st.builds(edits_training.SetBatchSize, st.one_of(st.none(), SMALL)),
    st.builds(edits_training.SetShuffle, st.booleans()),
    st.builds(edits_training.SetShuffleSeed, SMALL),
    st.builds(edits_training.SetInitializer, st.sampled_from(list(INITIALIZERS))),
    st.builds(edits_training.SetInitializerSetting, VALUES),
)


def same(one: Any, other: Any) -> bool:
    """Whether two values of state are equal to the last bit, NaN and −0 included."""
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and one.tobytes() == other.tobytes()
    if hasattr(one, "test_costs"):
        columns = ("updates", "costs", "test_costs")
        return all(same(getattr(one, name), getattr(other, name)) for name in columns)
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and all(
            same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
        )
    return bool(one == other)


class Person(RuleBasedStateMachine):
    """Somebody who edits, trains, undoes and redoes at random."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store(load_named("example:worked"))
        self.first = self.store.experiment

    @rule(edit=EDITS)
    def edit(self, edit: edits.Edit) -> None:
        before = self.store.experiment
        text = dumps(before)
        accepted = self.store.submit(edit)
        assert accepted or self.store.experiment is before
        assert dumps(before) == text

    @rule(updates=st.integers(1, 5))
    def train(self, updates: int) -> None:
        before = self.store.experiment
        self.store.show(advance(before, updates).experiment)
        self.store.record(before, "Train")

    @rule()
    def undo(self) -> None:
        self.store.undo_stack.undo()

    @rule()
    def redo(self) -> None:
        self.store.undo_stack.redo()

    @rule()
    def undo_and_redo_everything(self) -> None:
        stack, present = self.store.undo_stack, self.store.experiment
        at = stack.index()
        stack.setIndex(stack.count())
        last = self.store.experiment
        text = dumps(last)
        stack.setIndex(0)
        assert same(self.store.experiment, self.first)
        stack.setIndex(stack.count())
        assert same(self.store.experiment, last)
        assert dumps(self.store.experiment) == text
        stack.setIndex(at)
        assert same(self.store.experiment, present)

    @invariant()
    def a_project_file_keeps_every_bit(self) -> None:
        present = self.store.experiment
        again = loads(dumps(present))
        for name in Experiment.__dataclass_fields__:
            assert same(getattr(again, name), getattr(present, name)), name


def test_undo_and_redo_bring_back_every_state(qapp: QCoreApplication) -> None:
    run_state_machine_as_test(
        Person,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_undo_restores_adam_moments(qapp: QCoreApplication) -> None:
    store = Store(load_named("example:worked"))
    store.submit(edits_training.SetOptimizer("adam"))
    store.show(advance(store.experiment, 6).experiment)
    moments = store.experiment.optimizer_state
    assert np.all(moments.slots[1][:4] > 0)
    for edit in (edits_training.SetOptimizer("rmsprop"), edits_structure.RemoveNeuron(1, 0)):
        store.submit(edit)
        assert store.experiment.optimizer_state.slots.shape != moments.slots.shape
        store.undo_stack.undo()
        assert store.experiment.optimizer_state is moments
