"""Setting many values is one edit: all of them or none."""

from __future__ import annotations

import pytest

from bp_gui.engine.names import parse_name
from bp_gui.session.edits import EditError
from bp_gui.session.edits_values import SetValues
from bp_gui.session.experiment import Experiment


def test_all_values_are_set_and_the_start_follows(worked: Experiment) -> None:
    values = ((parse_name("W1[2,1]"), 0.75), (parse_name("b2[1]"), -1.0))
    changed = SetValues(values).apply(worked)
    for ref, value in values:
        assert changed.parameters[ref] == value
    assert (changed.start == changed.parameters.theta).all()
    assert worked.parameters[values[0][0]] == 0.25


def test_one_bad_value_refuses_all(worked: Experiment) -> None:
    edit = SetValues(((parse_name("W1[1,1]"), 0.5), (parse_name("W9[1,1]"), 0.5)))
    with pytest.raises(EditError, match=r"W9\[1,1\]"):
        edit.apply(worked)
    with pytest.raises(EditError, match="no values"):
        SetValues(()).apply(worked)


def test_the_undo_menu_counts_them() -> None:
    assert SetValues(((parse_name("b1[1]"), 1.0),)).label == "Set 1 value"
    assert SetValues(((parse_name("b1[1]"), 1.0),) * 3).label == "Set 3 values"
