"""Project files: every bit comes back, and nothing damaged or hostile gets in."""

from __future__ import annotations

import base64
import json
import random
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp_gui.engine.names import parse_name
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.optimizers import OptimizerState
from bp_gui.session.data import Data
from bp_gui.session.edits import SetValue, restarted
from bp_gui.session.edits_training import SetOptimizer
from bp_gui.session.examples import load_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_file import ProjectFileError, dumps, load, loads, save
from bp_gui.session.project_schema import MAX_BYTES, MAX_BYTES_OF_LISTS
from bp_gui.session.training import advance

finite = st.floats(allow_nan=False, allow_infinity=False)


def document(experiment: Experiment | None = None) -> dict[str, Any]:
    return json.loads(dumps(load_named("example:worked") if experiment is None else experiment))


def assert_same(one: Experiment, other: Experiment) -> None:
    assert one.architecture == other.architecture
    for a, b in (
        (one.parameters.theta, other.parameters.theta),
        (one.x, other.x),
        (one.t, other.t),
        (one.start, other.start),
        (one.optimizer_state.slots, other.optimizer_state.slots),
        (one.history.updates, other.history.updates),
        (one.history.costs, other.history.costs),
    ):
        assert a.tobytes() == b.tobytes()
    plain = ("eta", "bias_policy", "locked", "cost_name", "optimizer_name", "seed", "updates")
    assert all(getattr(one, key) == getattr(other, key) for key in plain)
    assert (one.last_update is None) == (other.last_update is None)
    if one.last_update is not None and other.last_update is not None:
        for key in ("before", "gradient", "after"):
            a, b = getattr(one.last_update, key), getattr(other.last_update, key)
            assert a.tobytes() == b.tobytes()


@given(st.lists(finite, min_size=13, max_size=13), finite.map(abs), st.integers(0, 2**31 - 1))
def test_any_finite_numbers_come_back_bit_for_bit(
    theta: list[float], eta: float, seed: int
) -> None:
    architecture = Architecture((2, 3, 1), ("tanh", "linear"))
    parameters = Parameters(architecture, np.array(theta))
    x, t = np.array([theta[:2], theta[2:4]]), np.array([[theta[4]], [theta[5]]])
    experiment = replace(
        restarted(load_named("example:worked"), parameters).with_samples(x, t),
        eta=eta,
        seed=seed,
        bias_policy=BiasPolicy.PER_NEURON,
        locked=frozenset({parse_name("W1[3,2]"), parse_name("b2[1]")}),
    )
    assert_same(loads(dumps(experiment)), experiment)


def test_training_progress_comes_back_bit_for_bit(worked: Experiment) -> None:
    trained = advance(worked, 137).experiment
    again = loads(dumps(trained))
    assert_same(again, trained)
    assert_same(advance(again, 10).experiment, advance(trained, 10).experiment)


def test_a_long_history_is_thinned_and_the_rest_is_exact(worked: Experiment) -> None:
    trained = advance(worked, 12_000).experiment
    again = loads(dumps(trained))
    assert len(again.history) == 10_000
    assert again.updates == 12_000
    assert again.parameters.theta.tobytes() == trained.parameters.theta.tobytes()


@pytest.fixture
def wide() -> Experiment:
    """A network and data with more numbers than a list should have."""
    generator = np.random.default_rng(5)
    architecture = Architecture((70, 60, 3), ("tanh", "linear"))
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    x, t = generator.normal(size=(80, 70)), generator.normal(size=(80, 3))
    experiment = restarted(load_named("example:worked"), parameters).with_samples(x, t)
    return SetOptimizer("adam").apply(replace(experiment, bias_policy=BiasPolicy.PER_NEURON))


def test_long_arrays_are_packed_and_come_back_bit_for_bit(wide: Experiment) -> None:
    trained = advance(wide, 3).experiment
    written = document(trained)
    assert written["version"] == 2
    assert set(written["network"]["W"][0]) == set(written["data"]["x"]) == {"float64"}
    assert isinstance(written["network"]["W"][1], list)
    assert isinstance(written["data"]["t"], list)
    packed = base64.b64decode(written["network"]["W"][0]["float64"])
    assert np.frombuffer(packed, "<f8")[71] == trained.parameters.W[0][1, 1]
    assert_same(loads(dumps(trained)), trained)


def test_an_edit_after_the_last_update_is_not_taken_for_it(wide: Experiment) -> None:
    trained = advance(wide, 1).experiment
    assert "after" not in document(trained)["progress"]["last_update"]
    edited = SetValue(parse_name("b2[1]"), 7.0).apply(trained)
    assert_same(loads(dumps(edited)), edited)


def test_a_memory_that_has_left_float64_is_packed_too(wide: Experiment) -> None:
    experiment = advance(SetOptimizer("adagrad").apply(wide), 1).experiment
    slots = experiment.optimizer_state.slots.copy()
    slots[0, 4] = np.inf
    experiment = replace(experiment, optimizer_state=OptimizerState(slots, 1))
    assert_same(loads(dumps(experiment)), experiment)


def test_a_file_without_long_arrays_is_of_version_1(worked: Experiment) -> None:
    written = document(advance(worked, 5_000).experiment)
    assert written["version"] == 1
    assert isinstance(written["progress"]["history"]["costs"], list)


def changed(path: str, value: Any) -> str:
    """Return the worked example's text with one place changed; ``DELETE`` removes it."""
    project = deepcopy(document())
    *parents, last = path.split(".")
    place = project
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    key = int(last) if isinstance(place, list) else last
    if value == "DELETE":
        del place[key]
    else:
        place[key] = value
    return json.dumps(project)


def word(content: bytes) -> dict[str, str]:
    return {"float64": base64.b64encode(content).decode()}


def remembering(row: Any) -> dict[str, Any]:
    return {"updates": 3, "start": [0.0] * 12, "optimizer_state": [row]}


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "JSON"),
    "cut off": (dumps(load_named("example:worked"))[:200], "JSON"),
    "not JSON": ("hello", "JSON"),
    "a list": ("[]", "not a project file of this program: expected `object`, got `array`"),
    "another JSON file": ('{"name": "x", "version": "1.2"}', "not a project file of this program"),
    "another format that has a network": (
        changed("format", {"network": 1}),
        'not a project file of this program: its "format" is not "backprop-explorer"',
    ),
    "no format": (changed("format", "DELETE"), 'this program: it has no "format"'),
    "invalid UTF-8": (b'{"format": "\xff\xfe"}', ""),
    "nothing but a byte order mark": (b"\xef\xbb\xbf", "it is empty"),
    "two byte order marks": (b"\xef\xbb\xbf" * 2 + b"{}", "JSON"),
    "nested deeply": ('{"format":' + "[" * 100_000, ""),
    "nested deeply under an unknown key": (
        '{"format":"backprop-explorer","version":1,"x":' + "[" * 100_000 + "]" * 100_000 + "}",
        "",
    ),
    "too large": (b" " * (MAX_BYTES_OF_LISTS + 1), "limit"),
    "too large for packed numbers": (b'"float64"' + b" " * MAX_BYTES, "limit"),
    "an integer of 5,000 digits": (
        changed("training.eta", 0).replace(": 0,", ": " + "9" * 5000 + ","),
        "",
    ),
    "another program's": (changed("format", "other"), "format"),
    "a newer version": (changed("version", 3), "newer"),
    "version zero": (changed("version", 0), "version"),
    "no version": (changed("version", "DELETE"), "version"),
    "a version that is a text": (changed("version", "2"), "version: expected `int`, got `str`"),
    "unknown key at the top": (changed("wat", 1), "wat"),
    "unknown key in the network": (changed("network.wat", 1), "wat"),
    "unknown key in the data": (changed("data.wat", 1), "wat"),
    "unknown key in training": (changed("training.wat", 1), "wat"),
    "missing network": (changed("network", "DELETE"), "network"),
    "missing targets": (changed("data.t", "DELETE"), "t"),
    "NaN": (changed("network.W.0.0.0", 0).replace("[[[0,", "[[[NaN,"), ""),
    "Infinity": (changed("network.W.0.0.0", 0).replace("[[[0,", "[[[Infinity,"), ""),
    "1e999": (changed("network.W.0.0.0", 0).replace("[[[0,", "[[[1e999,"), ""),
    "a boolean for a number": (changed("network.W.0.0.0", True), "W[0][0][0]"),
    "a text for a number": (changed("network.b.1.0", "0.6"), "b[1][0]"),
    "null for a number": (changed("data.x.0.1", None), "x[0][1]"),
    "a short row": (changed("network.W.1.0", [0.4]), "W[1][0]"),
    "a missing row": (changed("network.W.1", [[0.4, 0.45]]), "W[1]"),
    "a missing matrix": (changed("network.W", []), "network.W"),
    "a missing bias": (changed("network.b.0", [0.35]), "b[0]"),
    "no layers": (changed("network.sizes", [2]), "sizes: fewer than 2 sizes"),
    "too many layers": (changed("network.sizes", [2] * 10), "sizes: more than 9 sizes: 8 layers"),
    "too many units": (changed("network.sizes", [2, 257, 2]), "sizes[1]: more than 256 neurons"),
    "a negative size": (changed("network.sizes", [2, -1, 2]), "sizes[1]: a layer has at least"),
    "an unknown activation": (changed("network.activations.1", "sigmoidal"), "activations[1]"),
    "a missing activation": (changed("network.activations", ["sigmoid"]), "activations"),
    "an unknown bias policy": (changed("network.bias_policy", "free"), "bias_policy"),
    "an unknown cost": (changed("cost", "squared"), "cost"),
    "an unknown optimizer": (changed("training.optimizer", "sgd"), "optimizer"),
    "a lock outside the network": (changed("network.locked", ["W3[1,1]"]), "locked[0]"),
    "a lock on no name": (changed("network.locked", ["b1[1]", "w"]), "locked[1]"),
    "unequal shared biases": (
        changed("network.b.0", [0.1, 0.2]).replace('"fixed"', '"shared"'),
        "b[0]",
    ),
    "a negative eta": (changed("training.eta", -0.5), "eta"),
    "a seed too large": (changed("training.seed", 2**31), "seed"),
    "a batch size of none": (changed("training.batch_size", 0), "batch_size"),
    "no sample": (changed("data", {"x": [], "t": []}), "data.x"),
    "more inputs than targets": (changed("data.x", [[0.0, 0.0], [1.0, 1.0]]), "data.t"),
    "a sample of another width": (changed("data.x", [[0.0, 0.0, 0.0]]), "x[0]"),
    "a short start": (changed("progress", {"updates": 3, "start": [1.0]}), "start"),
    "a history past the present": (
        changed(
            "progress",
            {"updates": 1, "start": [0.0] * 12, "history": {"updates": [1], "costs": [0.1]}},
        ),
        "history",
    ),
    "a history of two lengths": (
        changed(
            "progress",
            {"updates": 9, "start": [0.0] * 12, "history": {"updates": [1], "costs": []}},
        ),
        "history",
    ),
    "packed numbers that are not whole": (changed("data.x", word(b"1234567")), "data.x"),
    "packed numbers without a whole row": (changed("data.x", word(bytes(24))), "data.x"),
    "packed numbers of another count": (changed("network.W.1", word(bytes(24))), "W[1]"),
    "a packed number that is none": (
        changed("network.W.1", word(np.array([1.0, 2.0, np.nan, 4.0]).tobytes())),
        "W[1][2]",
    ),
    "packed numbers that are no base64": (changed("data.x", {"float64": "??"}), "data.x"),
    "packed numbers of another kind": (changed("data.x", {"float32": "AAAA"}), "float32"),
    "a packed memory that is none": (
        changed("progress", remembering(word(np.full(12, -np.inf).tobytes()))).replace(
            "gradient_descent", "adagrad"
        ),
        "optimizer_state[0]",
    ),
    "a key that stands twice": (
        changed("training.seed", 3).replace('"seed": 3', '"seed": 3, "seed": 4'),
        "seed",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_damaged_or_hostile_file_gets_one_sentence_with_the_place(case: str) -> None:
    text, place = HOSTILE[case]
    with pytest.raises(ProjectFileError) as refusal:
        loads(text, "mine.backprop.json")
    message = str(refusal.value)
    assert message.startswith("mine.backprop.json: ")
    assert "\n" not in message
    assert len(message) < 400
    assert place in message


def test_random_damage_is_refused_or_harmless() -> None:
    whole = dumps(advance(load_named("example:worked"), 3).experiment).encode()
    generator = random.Random(0)
    for _ in range(1500):
        raw = bytearray(whole)
        for _ in range(generator.randint(1, 6)):
            at = generator.randrange(len(raw))
            action = generator.random()
            if action < 0.5:
                raw[at] = generator.randrange(256)
            elif action < 0.75:
                del raw[at : at + generator.randint(1, 30)]
            else:
                raw[at:at] = bytes(generator.choices(b'[]{},:"0123456789.eE-nulltrue', k=3))
        try:
            experiment = loads(bytes(raw))
        except ProjectFileError:
            continue
        assert np.isfinite(experiment.parameters.theta).all()


def test_infinite_test_costs_and_squares_of_gradients_do_not_spoil_the_file(
    worked: Experiment,
) -> None:
    """Training goes on with both, and JSON has no infinity."""
    architecture = Architecture((2, 3, 1), ("linear", "linear"))
    x, t = np.ones((2, 2)), np.ones((2, 1))
    experiment = replace(
        restarted(worked, Parameters(architecture, np.full(13, 0.1))),
        data=Data(x, t, np.full((1, 2), 1e200), t[:1]),
    )
    experiment = advance(SetOptimizer("adagrad").apply(experiment), 3).experiment
    slots = experiment.optimizer_state.slots.copy()
    slots[0, 4] = np.inf
    experiment = replace(
        experiment, optimizer_state=OptimizerState(slots, experiment.optimizer_state.updates)
    )
    assert np.isinf(experiment.history.test_costs).all()
    again = loads(dumps(experiment))
    assert again.history.costs.tobytes() == experiment.history.costs.tobytes()
    assert not np.isfinite(again.history.test_costs).any()
    np.testing.assert_array_equal(again.optimizer_state.slots, slots)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.json"):
        with pytest.raises(ProjectFileError, match=path.name):
            load(path)


def test_a_failed_save_leaves_the_old_file_and_nothing_else(
    worked: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.backprop.json"
    save(worked, path)
    before = path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        save(replace(worked, eta=9.0), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_saved_file_has_the_ordinary_mode_and_a_link_stays_a_link(
    worked: Experiment, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    path, link = tmp_path / "mine.backprop.json", tmp_path / "link.backprop.json"
    link.symlink_to(path)
    save(worked, link)
    assert link.is_symlink()
    assert path.stat().st_mode == plain.stat().st_mode
    assert_same(load(path), worked)


def test_a_file_that_an_editor_put_a_byte_order_mark_before_is_read(
    tmp_path: Path, worked: Experiment
) -> None:
    path = tmp_path / "notepad.backprop.json"
    path.write_text(dumps(worked).replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    assert_same(load(path), worked)
    assert_same(loads(path.read_text(encoding="utf-8")), worked)
    with pytest.raises(ProjectFileError, match="line 1, column 2"):
        loads(b"\xef\xbb\xbf{NaN}")


def test_the_shipped_examples_are_valid() -> None:
    assert load_named("example:worked").architecture.sizes == (2, 2, 2)
    with pytest.raises(ProjectFileError, match="worked"):
        load_named("example:nothing")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not valid JSON: it is empty"),
        (b'{\n "eta": NaN}', "not valid JSON: invalid character in line 2, column 9, near “"),
    ],
)
def test_broken_json_is_pointed_at_by_line_and_column(text: bytes, said: str) -> None:
    with pytest.raises(ProjectFileError, match=said):
        loads(text)
