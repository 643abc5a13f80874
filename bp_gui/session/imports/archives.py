"""Arrays from NPZ and safetensors, none of which is unpacked before its size is known."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Any, Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray
from safetensors import SafetensorError, deserialize

from bp_gui.engine.arrays import Array, frozen
from bp_gui.session.imports.problem import LIMITS, MAX_ARCHIVE, MAX_MEMBERS, ImportProblem
from bp_gui.session.project_schema import MAX_NUMBERS

Arrays = Mapping[str, Array]
_STORED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MOST_HEADER: Final = 10_000  # bytes; the header of an array of numbers has some 100
_MOST_DIMENSIONS: Final = 2
_TENSOR_TYPES: Final = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    OverflowError,
    SyntaxError,
    MemoryError,
    RecursionError,
    TypeError,
)


def read_npz(content: bytes, wanted: Callable[[str], bool]) -> Arrays:
    """Return the arrays of an NPZ file that somebody wants, by their names.

    A file of 195 kB can claim 200 MB. So the sizes that the header of an array and the archive
    state are compared with each other and with the limits before a number is unpacked, and no
    more than that is unpacked. Objects, which only pickle could read, are refused.

    Parameters
    ----------
    content
        The file.
    wanted
        Whether an array is wanted, by its name; others are not looked at.

    Raises
    ------
    ImportProblem
        If it is damaged, too large, or an array that is wanted holds anything but numbers.
    """
    _check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise ImportProblem("", f"{len(members):,} arrays are too many: {LIMITS}")
            names = {m: m.filename.removesuffix(".npy") for m in members}
            chosen = [m for m in members if m.filename.endswith(".npy") and wanted(names[m])]
            left, arrays = MAX_NUMBERS, {}
            for member in chosen:
                if names[member] in arrays:
                    raise ImportProblem(names[member], "is there twice")
                arrays[names[member]] = _member(archive, member, names[member], left)
                left -= arrays[names[member]].size
            return arrays
    except ImportProblem:
        raise
    except _BROKEN as error:
        raise ImportProblem("", f"this is not a whole NPZ file: {_first_line(error)}") from None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, left: int) -> Array:
    """Return one array, with no more than ``left`` numbers."""
    if member.compress_type not in _STORED:
        raise ImportProblem(name, "is packed in a way that NumPy does not use")
    try:
        with archive.open(member) as file:
            dtype, shape, is_turned = _header(file, name)
            count = math.prod(shape)
            if count > left:
                raise ImportProblem(name, f"{count:,} numbers are too many: {LIMITS}")
            size = count * dtype.itemsize
            if member.file_size - file.tell() != size:
                stated = member.file_size - file.tell()
                raise ImportProblem(
                    name, f"its header needs {size:,} bytes, and there are {stated:,}"
                )
            raw = file.read(size + 1)
    except ImportProblem:
        raise
    except _BROKEN as error:
        raise ImportProblem(name, f"is damaged: {_first_line(error)}") from None
    if len(raw) != size:
        raise ImportProblem(name, f"ends after {len(raw):,} of {size:,} bytes")
    return _as_numbers(np.frombuffer(raw, dtype).reshape(shape, order="F" if is_turned else "C"))


def _header(file: IO[bytes], name: str) -> tuple[np.dtype[np.generic], tuple[int, ...], bool]:
    """Return type, shape and whether columns come first, read from the beginning of an array."""
    version = npy.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise ImportProblem(name, f"version {version} of the format is not read")
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, is_turned, dtype = read(file, max_header_size=_MOST_HEADER)
    if dtype.hasobject:
        raise ImportProblem(
            name,
            "holds Python objects, which are never read because they can run code; save each "
            "matrix as an array of its own: np.savez(file, coefs_0=…, intercepts_0=…)",
        )
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise ImportProblem(name, f"holds {dtype}, not numbers of up to 64 bits")
    if len(shape) > _MOST_DIMENSIONS or any(side < 0 for side in shape):
        raise ImportProblem(name, f"has the shape {shape}: a matrix or a vector is accepted")
    return dtype, shape, is_turned


def read_safetensors(content: bytes, wanted: Callable[[str], bool]) -> Arrays:
    """Return the arrays of a safetensors file that somebody wants, by their names.

    Raises
    ------
    ImportProblem
        If it is damaged, too large, or an array that is wanted is of another kind.
    """
    _check_size(content)
    try:
        tensors: list[tuple[str, dict[str, Any]]] = deserialize(content)  # type: ignore[no-untyped-call]
    except (SafetensorError, ValueError, OverflowError, MemoryError) as error:
        raise ImportProblem(
            "", f"this is no whole safetensors file: {_first_line(error)}"
        ) from None
    if len(tensors) > MAX_MEMBERS:
        raise ImportProblem("", f"{len(tensors):,} arrays are too many: {LIMITS}")
    left, arrays = MAX_NUMBERS, {}
    for name, tensor in tensors:
        if wanted(name):
            arrays[name] = _tensor(name, tensor, left)
            left -= arrays[name].size
    return arrays


def _tensor(name: str, tensor: Mapping[str, Any], left: int) -> Array:
    shape, kind, raw = tensor["shape"], tensor["dtype"], tensor["data"]
    if math.prod(shape) > left:
        raise ImportProblem(name, f"{math.prod(shape):,} numbers are too many: {LIMITS}")
    if len(shape) > _MOST_DIMENSIONS:
        raise ImportProblem(name, f"has the shape {tuple(shape)}: a matrix or a vector is accepted")
    if kind == "BF16":  # the upper half of a float32
        upper = np.frombuffer(raw, "<u2").astype(np.uint32) << 16
        return _as_numbers(upper.view(np.float32).reshape(shape))
    if kind not in _TENSOR_TYPES:
        raise ImportProblem(name, f"numbers of the kind {kind} are not read")
    return _as_numbers(np.frombuffer(raw, _TENSOR_TYPES[kind]).reshape(shape))


def _as_numbers(array: NDArray[np.generic]) -> Array:
    with np.errstate(all="ignore"):
        return frozen(array.astype(np.float64))


def _check_size(content: bytes) -> None:
    if len(content) > MAX_ARCHIVE:
        size, most = len(content) / 1e6, MAX_ARCHIVE // 1_000_000
        raise ImportProblem("", f"{size:.1f} MB are too much, at most {most} MB; {LIMITS}")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
