"""Writing a file so that nobody ever finds half of it."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that at every moment either the old or the new one is whole.

    It is written beside the old one and then takes its name. A pipe or a device, such as
    ``/dev/stdout``, is written to as it is: it has no whole, and must not be replaced by a file.

    Raises
    ------
    OSError
        If it cannot be written; the old file is untouched, and nothing is left beside it.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        path.write_bytes(content)
        return
    target = path.resolve()  # a link stays a link
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            error.filename = str(path)  # not the file beside it, which nobody knows
        raise
