"""The calculator shows coarse before fine, never goes back, and leaves no thread behind."""

import threading
import time

import pytest

from bp_gui.controller.calculator import Calculator


@pytest.fixture
def calculator(qtbot):
    made = Calculator()
    made.results = []
    made.found.connect(made.results.append)
    yield made
    qtbot.waitUntil(lambda: not made.is_busy)
    made.deleteLater()


def test_what_is_quick_is_there_at_once(calculator):
    calculator.ask(lambda: iter([1, None, 2]), quick=True)
    assert calculator.results == [1, 2]
    assert not calculator.is_busy


def test_stages_arrive_in_order_from_another_thread(calculator, qtbot):
    here, there = threading.get_ident(), []

    def stages():
        for stage in (1, 2, 3):
            there.append(threading.get_ident())
            yield stage

    calculator.ask(stages, quick=False)
    qtbot.waitUntil(lambda: calculator.results == [1, 2, 3])
    assert here not in there


def test_a_newer_computation_takes_over_between_two_stages(calculator, qtbot):
    begun, may_go_on = threading.Event(), threading.Event()

    def slow():
        yield "coarse"
        begun.set()
        may_go_on.wait(10)
        yield "middle"
        yield "never"

    calculator.ask(slow, quick=False)
    assert begun.wait(10)
    calculator.ask(lambda: iter(["newer"]), quick=False)
    may_go_on.set()
    qtbot.waitUntil(lambda: "newer" in calculator.results)
    assert "never" not in calculator.results
    assert calculator.results[-1] == "newer"


def test_what_was_forgotten_is_not_shown(calculator, qtbot):
    begun, may_go_on = threading.Event(), threading.Event()

    def slow():
        begun.set()
        may_go_on.wait(10)
        yield "stale"

    calculator.ask(slow, quick=False)
    assert begun.wait(10)
    calculator.ask(lambda: iter(["quick"]), quick=True)
    may_go_on.set()
    qtbot.waitUntil(lambda: not calculator.is_busy)
    qtbot.wait(1)
    assert calculator.results == ["quick"]


def test_it_rests_between_two_computations_and_the_last_one_counts(qtbot):
    began = []
    resting = Calculator(rest=0.1)
    resting.found.connect(lambda _: began.append(time.monotonic()))
    resting.ask(lambda: iter(["first"]), quick=False)
    qtbot.waitUntil(lambda: len(began) == 1)
    resting.ask(lambda: iter(["never"]), quick=False)
    resting.ask(lambda: iter(["last"]), quick=False)
    qtbot.waitUntil(lambda: len(began) == 2)
    assert began[1] - began[0] > 0.08
    resting.shut_down()
    assert not resting.is_busy
