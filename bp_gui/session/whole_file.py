"""Writing files so that nobody ever finds half of one, or one of two."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that at every moment either the old or the new one is whole.

    It is written beside the old one and then takes its name. A pipe or a device, such as
    ``/dev/stdout``, is written to as it is: it has no whole, and must not be replaced by a file.
    Who may read and write it stays as it was; a file that is read-only is refused.

    Raises
    ------
    OSError
        If it cannot be written; the old file is untouched, and nothing is left beside it.
    """
    write_together({path: content})


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files as `write_whole` does; none takes its name before all are complete.

    Raises
    ------
    OSError
        If one cannot be written; all old files are untouched, and nothing is left beside them.
    """
    moves: dict[Path, tuple[Path, Path]] = {}
    try:
        for path, content in contents.items():
            if not _is_stream(path):
                with _naming(path):
                    target = path.resolve()  # a link stays a link
                    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
                    moves[path] = beside, target
                    _prepare(beside, target, content)
        for path, content in contents.items():
            if path not in moves:
                with _naming(path):
                    path.write_bytes(content)
        for path, (beside, target) in moves.items():
            with _naming(path):
                beside.replace(target)
    except BaseException:
        for beside, _ in moves.values():
            with suppress(OSError):
                beside.unlink()
        raise


def _is_stream(path: Path) -> bool:
    return path.exists() and not (path.is_file() or path.is_dir())


def _prepare(beside: Path, target: Path, content: bytes) -> None:
    """Write what is to take the place of a file, as far as that can be done beside it."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        shutil.copymode(target, beside)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let an error name the file that was asked for, not the one beside it, which nobody knows."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            error.filename = str(path)
        raise
