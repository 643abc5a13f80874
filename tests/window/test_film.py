"""The film in the window: playing, stopping, stepping, scrubbing, looping."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSlider, QToolButton

from bp_gui.app import Program
from bp_gui.controller.settings import Motion
from bp_gui.engine.names import Kind, parse_name
from bp_gui.engine.network import Architecture, Parameters
from bp_gui.explain.targets import Update
from bp_gui.session.edits import SetValue, restarted
from bp_gui.session.experiment import Experiment
from bp_gui.session.frames import Granularity, Phase
from bp_gui.views.network.film import VEIL
from bp_gui.views.panels.explanation import ExplanationPanel


@pytest.fixture
def film(program: Program) -> Program:
    """The window with the film open."""
    program.window.actions_["film"].trigger()
    return program


def stop_at(program: Program, beginning: str) -> int:
    """Move to the frame whose caption begins so, by the slider; return its place."""
    slider = program.window.film_bar.findChild(QSlider)
    assert isinstance(slider, QSlider)
    places = [k for k, f in enumerate(program.film.frames) if f.caption.startswith(beginning)]
    slider.setValue(places[0])
    return places[0]


def shown(program: Program, name: str) -> str:
    """Return what the graph shows beside a symbol of a card."""
    ref = parse_name(name)
    for card, face in program.window.network._neurons._drawn:
        for (row, _), text in zip(card.rows, face.values, strict=True):
            if row.ref == ref:
                return text.strip()
    raise AssertionError(name)


def test_stop_at_the_gradient_of_w5_and_step_back_one_factor(film: Program) -> None:
    stop_at(film, "∂C/∂w5 =")
    bar = film.window.film_bar
    assert bar.caption == "∂C/∂w5 = δ_o1 · h1 = 0.138499 · 0.59327 = 0.082167"
    assert film.selection.ref == parse_name("W2[1,1]")
    film.window.network.setFocus()
    QTest.keyClick(film.window.network, Qt.Key.Key_B)
    assert bar.caption == "∂z_o1/∂w5 = h1 = 0.59327"
    QTest.keyClick(film.window.network, Qt.Key.Key_B)
    assert bar.caption == "∂C/∂z_o1 = δ_o1 = 0.138499"


def test_what_is_not_computed_yet_is_hidden(film: Program) -> None:
    assert shown(film, "a2[1]") == VEIL.strip()
    place = stop_at(film, "o1 = σ")
    assert shown(film, "a2[1]") == "0.751365"
    assert shown(film, "delta2[1]") == VEIL.strip()
    film.film.go_to(place, 0.4)
    assert shown(film, "a2[1]") == VEIL.strip()
    film.window.actions_["film"].trigger()
    assert shown(film, "delta2[1]") == "0.138499"


def test_stepping_on_plays_one_frame_and_stops(film: Program) -> None:
    film.film.set_moves(True)
    film.window.actions_["film_on"].trigger()
    assert (film.film.index, film.film.progress) == (0, 0.0)
    film.film.advance(0.5)
    assert 0.3 < film.film.progress < 0.5
    film.film.advance(5.0)
    assert (film.film.index, film.film.progress) == (0, 1.0)
    assert not film.film.is_playing
    film.window.actions_["film_on"].trigger()
    film.window.actions_["film_on"].trigger()
    assert film.film.index == 2
    film.film.pause()


def test_chips_run_along_the_edge_and_change_their_number_at_the_weight(film: Program) -> None:
    place = stop_at(film, "w5 · h1")
    network = film.window.network
    (pulse,) = film.film.frames[place].pulses
    xs = []
    for progress in (0.0, 0.3, 0.6, 0.9):
        film.film.go_to(place, progress)
        (at,) = network.film.pulses.places()
        xs.append(at.x())
    assert xs == sorted(xs)
    assert (pulse.carried(0.3), pulse.carried(0.6)) == (pulse.sent, pulse.arriving)
    film.film.go_to(place, 1.0)
    assert not list(network.film.pulses.places())
    back = stop_at(film, "w5 · δ")
    film.film.go_to(back, 0.2)
    (early,) = network.film.pulses.places()
    film.film.go_to(back, 0.8)
    (late,) = network.film.pulses.places()
    assert late.x() < early.x()


def test_playing_ends_at_the_end_and_speed_counts(film: Program) -> None:
    player = film.film
    player.set_speed(10.0)
    player.play()
    player.advance(0.12)
    assert player.index + player.progress == pytest.approx(1.0)
    player.advance(100.0)
    assert player.index == len(player.frames) - 1
    assert not player.is_playing
    assert film.store.experiment.updates == 0
    player.set_speed(99.0)
    assert player.speed == 10.0


def test_looping_makes_the_update_and_tells_the_next_film(film: Program) -> None:
    expected = film.store.snapshot.next_theta
    film.film.set_looping(True)
    assert film.film.granularity is Granularity.LAYER
    film.film.play()
    film.film.advance(1.0)
    assert film.store.experiment.updates == 1
    assert (film.store.experiment.parameters.theta == expected).all()
    assert film.film.is_playing
    assert film.film.index == 0
    film.film.advance(1.0)
    assert film.store.experiment.updates == 2
    film.window.actions_["undo"].trigger()
    assert film.store.experiment.updates == 1
    film.film.set_looping(False)
    assert film.film.granularity is Granularity.STEP


def test_phases_are_chosen_and_the_place_is_kept(film: Program) -> None:
    stop_at(film, "∂C/∂w5 =")
    boxes = {box.text(): box for box in film.window.film_bar.findChildren(QCheckBox)}
    boxes["Forward"].setChecked(False)
    assert {f.phase for f in film.film.frames} == set(Phase) - {Phase.FORWARD}
    assert film.film.frames[film.film.index].caption.startswith("∂C/∂")
    for name in ("Error", "Backward", "Gradient", "Update"):
        boxes[name].setChecked(False)
    assert {f.phase for f in film.film.frames} == set(Phase)
    assert boxes["Forward"].isChecked()


def test_by_layer_and_by_neuron(film: Program) -> None:
    counts = []
    for granularity in Granularity:
        film.film.set_granularity(granularity)
        counts.append(len(film.film.frames))
    assert counts[0] > counts[1] > counts[2]


def test_without_motion_a_step_shows_its_result_at_once(film: Program) -> None:
    film.window.motion_chosen.emit(Motion.REDUCED)
    assert film.settings.motion is Motion.REDUCED
    film.film.step_forward()
    assert film.film.progress == 1.0
    assert not film.film.is_playing
    film.film.play()
    assert film.film.is_playing
    film.film.advance(0.3)
    assert not list(film.window.network.film.pulses.places())
    film.film.pause()


def test_an_edit_in_mid_film_keeps_the_place(film: Program) -> None:
    place = stop_at(film, "w5 · h1")
    film.store.submit(SetValue(parse_name("W2[1,1]"), 0.8))
    assert film.film.index == place
    assert film.window.film_bar.caption.startswith("w5 · h1 = 0.8 ·")


def test_a_run_takes_the_graph_and_gives_it_back(film: Program) -> None:
    film.training.run()
    assert film.film.frame is None
    assert shown(film, "delta2[1]") != VEIL.strip()
    film.training.pause()
    assert film.film.frame is not None


def test_the_film_shows_new_weights_beside_the_old_and_the_box_keeps_the_old(
    film: Program,
) -> None:
    stop_at(film, "new w8")
    QApplication.processEvents()
    labels = [text for _, text in film.window.network.film._news._labels]
    assert labels == ["→ 0.358916", "→ 0.408666", "→ 0.511301", "→ 0.56137"]
    assert film.window.network.editors.boxes[parse_name("W2[2,2]")].value() == 0.55


def test_another_project_restarts_the_film(film: Program) -> None:
    stop_at(film, "new w8")
    film.document.open_worked_example()
    assert film.film.frame is not None
    assert all(ref.kind is not Kind.DELTA for ref in film.film.frames[0].known)


def test_the_explanation_follows_the_film(film: Program) -> None:
    film.window.workspaces.choose("explanation")
    panel = film.window.workspaces.panel("explanation")
    assert isinstance(panel, ExplanationPanel)
    stop_at(film, "∂z_o1/∂w5")
    assert panel._target == film.film.frames[film.film.index].target
    stop_at(film, "new w5")
    assert panel._target == Update(parse_name("W2[1,1]"))
    film.window.actions_["film"].trigger()
    assert panel._target is None


def test_in_a_small_picture_the_light_is_on_the_neuron_shown_in_full(
    make_program: Callable[..., Program], worked: Experiment
) -> None:
    generator = np.random.default_rng(3)
    architecture = Architecture((2, 8, 8, 2), ("sigmoid",) * 3)
    parameters = Parameters(architecture, generator.normal(size=architecture.n_parameters))
    program = make_program(restarted(worked, parameters).with_samples(worked.x, worked.t))
    program.window.actions_["film"].trigger()
    program.film.go_to(2)
    network = program.window.network
    overlay = network._overlay()
    assert overlay is not None
    lit = [place for place in network.film._rings._places if overlay.rect.contains(place)]
    assert len(lit) == 2  # z and b


def test_keys_play_and_step(film: Program) -> None:
    film.film.set_moves(False)
    network = film.window.network
    network.setFocus()
    QTest.keyClick(network, Qt.Key.Key_F)
    assert film.film.index == 1
    QTest.keyClick(network, Qt.Key.Key_B)
    assert film.film.index == 0
    QTest.keyClick(network, Qt.Key.Key_P)
    assert film.film.is_playing
    QTest.keyClick(network, Qt.Key.Key_P)
    assert not film.film.is_playing
    QTest.keyClick(network, Qt.Key.Key_F7)
    assert not film.film.is_open
    assert film.window.film_bar.isHidden()


def test_every_control_of_the_bar_has_a_name(film: Program) -> None:
    bar = film.window.film_bar
    for kind in (QToolButton, QSlider, QComboBox):
        for control in bar.findChildren(kind):
            assert control.accessibleName(), control
            assert control.toolTip(), control
