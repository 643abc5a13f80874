"""Fixtures for all tests; leaked windows and threads fail the test that leaks them."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from bp_gui.app import Program

REFERENCE = Path(__file__).parent / "reference" / "worked_example.json"


@pytest.fixture(scope="session")
def qapp_cls() -> object:
    """Build the application as the program does, with its style and fonts."""
    from bp_gui.app import make_application

    return lambda arguments: make_application(arguments[:1])


@pytest.fixture(autouse=True, scope="session")
def no_collection_in_threads() -> Iterator[None]:
    """Leave garbage until a test is over, as the program leaves it to the window's thread.

    Controllers and their timers hang together in cycles. Python would free them in a thread that
    happens to allocate, such as a training that a later test has begun: Qt forbids that.
    """
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """Fail a test that leaves a window or a thread behind."""
    from bp_gui.controller.garbage import collect_what_is_due

    threads = set(threading.enumerate())
    yield
    collect_what_is_due()
    from PySide6.QtCore import QCoreApplication, QEvent, QThread
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    visible = [w for w in application.topLevelWidgets() if w.isVisible()]
    assert not visible, f"windows left open: {visible}"
    running = [t for t in application.findChildren(QThread) if t.isRunning()]
    assert not running, f"threads left running: {running}"
    assert not {t for t in set(threading.enumerate()) - threads if not _ends_by_itself(t)}


def _ends_by_itself(thread: threading.Thread) -> bool:
    """Whether it is the thread that loads the compiled loops, which is waited for.

    Or one of the threads that distributed keeps as long as the process lives.
    """
    from bp_gui.controller.training import LOADER

    if thread.name == LOADER:
        thread.join()
    return thread.name == LOADER or thread.name.startswith("Dask-Offload")


@pytest.fixture
def worked() -> Experiment:
    """The worked example."""
    return load_named("example:worked")


@pytest.fixture
def make_program(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Make programs with settings of their own; each is shut down after the test."""
    from bp_gui.app import Program
    from bp_gui.controller.settings import Settings

    made: list[Program] = []

    def make(experiment: Experiment | None = None) -> Program:
        program = Program(
            load_named("example:worked") if experiment is None else experiment,
            Settings(tmp_path / "settings.ini"),
        )
        made.append(program)
        program.window.resize(1280, 800)
        program.window.show()
        qtbot.waitUntil(lambda: program.window.curve.plot is not None)
        return program

    yield make
    for program in made:
        program.shut_down()
        program.window.hide()
        program.window.deleteLater()
        program.deleteLater()


@pytest.fixture
def program(make_program: Callable[..., Program]) -> Program:
    """The window on the worked example."""
    return make_program()
