"""Writing a file so that nobody ever finds half of it."""

from __future__ import annotations

import errno
import os
import shutil
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
    if path.exists() and not (path.is_file() or path.is_dir()):
        try:
            path.write_bytes(content)
        except OSError as error:
            error.filename = str(path)
            raise
        return
    target = path.resolve()  # a link stays a link
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            error.filename = str(path)  # not the file beside it, which nobody knows
        raise
