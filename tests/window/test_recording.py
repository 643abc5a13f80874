"""Recordings and pictures: valid files, and nothing left of what was given up."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from bp_gui.app import Program
from bp_gui.controller.recording import Recorder
from bp_gui.session.exports.stills import Still, StillFormat, Subject
from bp_gui.session.frames import Granularity
from bp_gui.session.moving_picture import CancelledError, PictureFormat, write
from bp_gui.views.dialogs.record import RecordChoice


def chosen(target: Path, kind: PictureFormat, *, training: bool = False) -> RecordChoice:
    return RecordChoice(training, kind, rate=2, pictures=4, updates=5, scale=0.5, target=target)


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if "partial" in path.name]


def record(program: Program, qtbot: QtBot, choice: RecordChoice) -> None:
    with qtbot.waitSignal(program.pictures.recorder.finished, timeout=8_000):
        program.pictures._start_recording(choice)


@pytest.mark.parametrize("kind", [PictureFormat.APNG, PictureFormat.GIF], ids=lambda k: k.value)
def test_the_film_becomes_a_moving_picture(
    program: Program, qtbot: QtBot, tmp_path: Path, kind: PictureFormat
) -> None:
    program.film.set_granularity(Granularity.LAYER)
    target = tmp_path / f"film{kind.suffix}"
    record(program, qtbot, chosen(target, kind))
    with Image.open(target) as picture:
        assert picture.format == ("PNG" if kind is PictureFormat.APNG else "GIF")
        assert picture.n_frames > 8  # equal pictures become one that stands longer
        assert picture.info["loop"] == 0
        for number in range(picture.n_frames):
            picture.seek(number)
            picture.load()
    assert not leftovers(tmp_path)
    assert not program.film.is_open


def test_training_becomes_pictures_in_a_folder_and_one_entry_of_undo(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "training"
    record(program, qtbot, chosen(folder, PictureFormat.PNG_SEQUENCE, training=True))
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["0001.png", "0002.png", "0003.png", "0004.png"]
    pictures = [QImage(str(folder / name)) for name in names]
    assert not any(picture.isNull() for picture in pictures)
    assert pictures[0] != pictures[3]
    assert program.store.experiment.updates == 15
    program.window.actions_["undo"].trigger()
    assert program.store.experiment.updates == 0
    assert not leftovers(tmp_path)


def test_cancelling_leaves_nothing_and_what_was_there_before(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "film.gif"
    target.write_bytes(b"before")
    recorder = program.pictures.recorder
    with qtbot.waitSignal(recorder.cancelled, timeout=8_000):
        recorder.progressed.connect(lambda done, total: done == 3 and recorder.cancel())
        program.pictures._start_recording(chosen(target, PictureFormat.GIF))
    assert target.read_bytes() == b"before"
    assert not recorder.is_recording
    assert not program.film.is_open
    assert not leftovers(tmp_path)


def test_cancelling_while_it_is_put_together_leaves_nothing(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    program.film.set_granularity(Granularity.LAYER)
    target, recorder = tmp_path / "film.png", program.pictures.recorder

    def stop_the_assembler(done: int, total: int) -> None:
        if done == total // 2 + 1:
            recorder.cancel()

    recorder.progressed.connect(stop_the_assembler)
    outcomes = []
    recorder.cancelled.connect(lambda: outcomes.append("cancelled"))
    recorder.finished.connect(lambda path: outcomes.append("finished"))
    program.pictures._start_recording(chosen(target, PictureFormat.APNG))
    qtbot.waitUntil(lambda: bool(outcomes), timeout=8_000)
    # The thread may have been quicker than the cancelling; then the file is whole.
    assert target.exists() is (outcomes == ["finished"])
    assert not leftovers(tmp_path)


@pytest.mark.parametrize("kind", PictureFormat, ids=lambda k: k.value)
def test_giving_up_in_the_middle_of_writing_leaves_nothing(
    tmp_path: Path, kind: PictureFormat
) -> None:
    pictures = []
    for number in range(4):
        pictures.append(tmp_path / f"{number}.png")
        Image.new("RGB", (8, 8), (number * 60, 0, 0)).save(pictures[-1])
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(CancelledError):
        write(pictures, out / f"film{kind.suffix}", kind, 100, lambda done: done < 3)
    assert list(out.iterdir()) == []
    write(pictures, out / f"film{kind.suffix}", kind, 100, lambda done: True)
    assert len(list(out.iterdir())) == 1


def test_a_file_that_cannot_be_written_is_reported(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    program.film.set_granularity(Granularity.LAYER)
    choice = chosen(tmp_path / "nowhere" / "film.gif", PictureFormat.GIF)
    with qtbot.waitSignal(program.pictures.recorder.failed, timeout=8_000) as told:
        program.pictures._start_recording(choice)
    assert "film.gif could not be written" in told.args[0]


@pytest.mark.parametrize("subject", Subject, ids=lambda s: s.name.lower())
@pytest.mark.parametrize("kind", StillFormat, ids=lambda k: k.value)
def test_still_pictures(
    program: Program, tmp_path: Path, subject: Subject, kind: StillFormat
) -> None:
    path = tmp_path / f"picture{kind.value}"
    assert program.pictures.export(Still(kind, subject, scale=2.0), path)
    assert not list(tmp_path.glob("*.partial"))
    if kind is StillFormat.PNG:
        assert QImage(str(path)).width() >= 2 * 400
    elif kind is StillFormat.PDF:
        assert path.read_bytes().startswith(b"%PDF")
    else:
        root = ElementTree.parse(path).getroot()
        texts = {
            "".join(each.itertext()).strip() for each in root.iter() if each.tag.endswith("text")
        }
        if subject is not Subject.CURVE:
            assert {"0.15", "0.45", "h1"} <= texts  # the boxes' numbers too


def test_a_picture_that_cannot_be_written_leaves_the_old_one(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(program.window, "show_error", said.append)
    assert not program.pictures.export(Still(StillFormat.PNG), tmp_path / "nowhere" / "picture.png")
    reason = os.strerror(errno.ENOENT)
    assert said == [f"picture.png could not be written: {reason}"]


def test_a_picture_of_too_many_pixels_is_refused_with_the_reason(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(program.window, "show_error", said.append)
    monkeypatch.setattr("bp_gui.views.stills.MOST_PIXELS", 1000)
    assert not program.pictures.export(Still(StillFormat.PNG), tmp_path / "picture.png")
    assert said[0].endswith("it has more than 1,000 pixels")
    assert not (tmp_path / "picture.png").exists()


def test_shutting_down_ends_a_recording(program: Program, tmp_path: Path) -> None:
    program.pictures._start_recording(chosen(tmp_path / "film.gif", PictureFormat.GIF))
    recorder: Recorder = program.pictures.recorder
    assert recorder.is_recording
    program.shut_down()
    assert not recorder.is_recording
