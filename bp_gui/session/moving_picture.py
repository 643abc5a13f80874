"""Moving pictures from single ones: APNG and GIF by Pillow, or the single pictures themselves.

Pictures come from files and are read one at a time, so that a long film takes no more memory than
a short one. What is being written stands under another name until it is whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_SHORTEST_GIF_MS = 20  # players slow shorter ones down to 100 ms


class PictureFormat(Enum):
    """How a recording is saved; the value is the key in settings."""

    APNG = "apng"
    GIF = "gif"
    PNG_SEQUENCE = "png_sequence"

    @property
    def label(self) -> str:
        """What a person reads."""
        return {"apng": "Animated PNG", "gif": "GIF", "png_sequence": "PNG pictures in a folder"}[
            self.value
        ]

    @property
    def suffix(self) -> str:
        """How the file's name ends; empty for a folder."""
        return {"apng": ".png", "gif": ".gif", "png_sequence": ""}[self.value]


class CancelledError(Exception):
    """Whoever was asked to report progress wants no more of it."""


@dataclass(frozen=True)
class _Pictures:
    """Pictures that are opened when their turn comes; may be gone through more than once."""

    paths: Sequence[Path]
    report: Callable[[int], bool]
    colours: int | None

    def __iter__(self) -> Iterator[Image]:
        from PIL import Image

        for number, path in enumerate(self.paths, start=1):
            if not self.report(number):
                raise CancelledError
            with Image.open(path) as picture:
                whole = picture.convert("RGB")
                yield whole if self.colours is None else whole.quantize(self.colours)


def write(
    pictures: Sequence[Path],
    target: Path,
    kind: PictureFormat,
    milliseconds: int,
    report: Callable[[int], bool],
) -> None:
    """Make a moving picture, or move the single ones to where they are wanted.

    Parameters
    ----------
    pictures
        PNG files of one size, in order.
    target
        The file, or the folder for `PictureFormat.PNG_SEQUENCE`; replaced if it is there.
    milliseconds
        How long each picture stands.
    report
        Told how many pictures are done; returns whether to go on.

    Raises
    ------
    CancelledError
        If ``report`` said not to go on; nothing is left behind.
    OSError
        If something cannot be written; nothing is left behind.
    """
    if not pictures:
        raise ValueError("a moving picture needs at least one picture")
    partial = target.with_name(f".{target.name}.partial")
    try:
        if kind is PictureFormat.PNG_SEQUENCE:
            _copy(pictures, partial, report)
            if target.is_dir():
                shutil.rmtree(target)
        else:
            _encode(pictures, partial, kind, milliseconds, report)
        partial.replace(target)
    except BaseException:
        if partial.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
        else:
            partial.unlink(missing_ok=True)
        raise


def _copy(pictures: Sequence[Path], folder: Path, report: Callable[[int], bool]) -> None:
    folder.mkdir()
    digits = max(len(str(len(pictures))), 4)
    for number, picture in enumerate(pictures, start=1):
        if not report(number):
            raise CancelledError
        shutil.copyfile(picture, folder / f"{number:0{digits}d}.png")


def _encode(
    pictures: Sequence[Path],
    partial: Path,
    kind: PictureFormat,
    milliseconds: int,
    report: Callable[[int], bool],
) -> None:
    is_gif = kind is PictureFormat.GIF
    colours = 255 if is_gif else None
    first = next(iter(_Pictures(pictures[:1], report, colours)))
    rest = _Pictures(pictures[1:], lambda number: report(number + 1), colours)
    with partial.open("wb") as file:
        if is_gif:
            duration = max(milliseconds, _SHORTEST_GIF_MS)
            first.save(
                file,
                "GIF",
                save_all=True,
                append_images=rest,
                duration=duration,
                loop=0,
                disposal=1,
            )
        else:
            first.save(
                file, "PNG", save_all=True, append_images=rest, duration=milliseconds, loop=0
            )
