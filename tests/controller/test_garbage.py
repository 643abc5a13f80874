"""Garbage is collected in the window's thread only."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bp_gui.controller import garbage
from bp_gui.controller.garbage import GarbageCollection, collect_what_is_due


class Cycle:
    """Something that only a collection frees."""

    def __init__(self) -> None:
        self.itself = self
        self.freed_in: list[int] = []


def test_a_busy_thread_frees_nothing_and_the_window_does(
    qapp: QCoreApplication, qtbot: QtBot
) -> None:
    freed_in: list[int] = []
    gc.enable()
    collection = GarbageCollection()
    try:
        qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=20 * garbage._EVERY_MS)
        cycle = Cycle()
        weakref.finalize(cycle, lambda: freed_in.append(threading.get_ident()))
        del cycle
        worker = threading.Thread(target=lambda: [[] for _ in range(200_000)])
        worker.start()
        worker.join()
        assert freed_in == []
        kept = [[] for _ in range(2_000)]
        qtbot.waitUntil(lambda: bool(freed_in) or not kept, timeout=20 * garbage._EVERY_MS)
        assert freed_in == [threading.get_ident()]
    finally:
        collection.stop()
        was_given_back = gc.isenabled()
        gc.disable()
    assert was_given_back


def test_a_thread_frees_nothing_that_an_earlier_test_has_left(qapp: QCoreApplication) -> None:
    freed_in: list[int] = []
    cycle = Cycle()
    weakref.finalize(cycle, lambda: freed_in.append(threading.get_ident()))
    del cycle
    kept: list[list[int]] = []
    worker = threading.Thread(target=lambda: kept.extend([] for _ in range(200_000)))
    worker.start()
    worker.join()
    assert freed_in == []
    collect_what_is_due()
    assert freed_in == [threading.get_ident()]


def test_what_a_window_opens_with_is_not_looked_through_again(
    qapp: QCoreApplication, qtbot: QtBot
) -> None:
    collection = GarbageCollection()
    try:
        qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=20 * garbage._EVERY_MS)
    finally:
        collection.stop()
    assert gc.get_freeze_count() == 0
