"""The cost history: shared storage that never shows."""

from __future__ import annotations

import threading
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.session.history import CostHistory

pieces = st.lists(st.lists(st.floats(0, 10), max_size=90), max_size=8)


def extended(history: CostHistory, costs: list[float]) -> CostHistory:
    return history.extended(range(len(history), len(history) + len(costs)), costs)


@given(pieces, pieces, pieces)
def test_branches_from_one_prefix_never_see_each_other(
    common: list[list[float]], left: list[list[float]], right: list[list[float]]
) -> None:
    prefix = CostHistory()
    for part in common:
        prefix = extended(prefix, part)
    one = other = prefix
    for k in range(max(len(left), len(right))):
        one = extended(one, left[k]) if k < len(left) else one
        other = extended(other, right[k]) if k < len(right) else other
    trunk = list(chain(*common))
    np.testing.assert_array_equal(prefix.costs, trunk)
    np.testing.assert_array_equal(one.costs, [*trunk, *chain(*left)])
    np.testing.assert_array_equal(other.costs, [*trunk, *chain(*right)])
    np.testing.assert_array_equal(one.updates, np.arange(len(one)))


def test_two_threads_may_extend_the_same_history() -> None:
    base = extended(CostHistory(), [0.0] * 10)
    results: list[CostHistory] = []

    def extend(value: float) -> None:
        history = base
        for _ in range(200):
            history = extended(history, [value])
        results.append(history)

    threads = [threading.Thread(target=extend, args=(value,)) for value in (1.0, 2.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for history in results:
        assert len(set(history.costs[10:].tolist())) == 1


def test_what_it_shows_cannot_be_written() -> None:
    history = extended(CostHistory(), [1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        history.costs[0] = 3.0


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        CostHistory().extended([0, 1], [1.0])


def test_thinning_keeps_the_ends_and_at_most_so_many() -> None:
    history = extended(CostHistory(), [float(k) for k in range(1000)])
    thin = history.thinned(100)
    assert len(thin) == 100
    assert thin.updates[0] == 0
    assert thin.updates[-1] == 999
    np.testing.assert_array_equal(thin.costs, thin.updates)
    assert history.thinned(1000) is history


def test_a_million_updates_extend_quickly_and_share_storage() -> None:
    history = extended(CostHistory(), [1.0] * 1_000_000)
    longer = extended(history, [2.0])
    even_longer = extended(longer, [2.0])
    assert np.shares_memory(longer.costs, even_longer.costs)
