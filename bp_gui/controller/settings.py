"""What the program remembers between starts, read with suspicion."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.naming import NeuronNames, ParameterNames

MAX_RECENT = 8
DEFAULT_DIGITS = 6
FEWEST_DIGITS, MOST_DIGITS = 3, 17


class ThemeChoice(Enum):
    """Which colours the window uses; the value is the key saved in the settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Motion(Enum):
    """Whether things may move; the value is the key saved in the settings."""

    SYSTEM = "system"
    FULL = "full"
    REDUCED = "reduced"


class Settings:
    """Typed access to QSettings; anything unreadable in the file counts as not there.

    Parameters
    ----------
    path
        An INI file; None uses the person's own settings.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._store = QSettings("backprop-explorer", "backprop-explorer")
        else:
            self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        """The chosen colours."""
        try:
            return ThemeChoice(self._store.value("theme", ThemeChoice.SYSTEM.value))
        except ValueError:
            return ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", choice.value)

    @property
    def motion(self) -> Motion:
        """Whether things may move."""
        try:
            return Motion(self._store.value("motion", Motion.SYSTEM.value))
        except ValueError:
            return Motion.SYSTEM

    @motion.setter
    def motion(self, motion: Motion) -> None:
        self._store.setValue("motion", motion.value)

    @property
    def digits(self) -> int:
        """How many significant digits numbers show, 3 to 17."""
        return self._integer("digits", DEFAULT_DIGITS, FEWEST_DIGITS, MOST_DIGITS)

    @digits.setter
    def digits(self, digits: int) -> None:
        self._store.setValue("digits", digits)

    @property
    def decimals(self) -> bool:
        """Whether digits are counted behind the point, and not from the first that counts."""
        return self._integer("decimals", 0, 0, 1) == 1

    @decimals.setter
    def decimals(self, decimals: bool) -> None:
        self._store.setValue("decimals", int(decimals))

    @property
    def train_updates(self) -> int:
        """How many updates the Train button makes."""
        return self._integer("train_updates", 100, 1, 10**9)

    @train_updates.setter
    def train_updates(self, updates: int) -> None:
        self._store.setValue("train_updates", updates)

    @property
    def rate(self) -> int:
        """Updates a second of a run; 0 is full speed."""
        return self._integer("rate", 1000, 0, 10**9)

    @rate.setter
    def rate(self, rate: int) -> None:
        self._store.setValue("rate", rate)

    @property
    def logarithmic(self) -> bool:
        """Whether the cost axis is logarithmic."""
        return self._integer("logarithmic", 0, 0, 1) == 1

    @logarithmic.setter
    def logarithmic(self, logarithmic: bool) -> None:
        self._store.setValue("logarithmic", int(logarithmic))

    @property
    def names(self) -> NameChoice | None:
        """What the reader has chosen things to be called; None before any choice."""
        parameters, _, neurons = str(self._store.value("names", "")).partition(" ")
        try:
            return NameChoice(ParameterNames(parameters), NeuronNames(neurons))
        except ValueError:
            return None

    @names.setter
    def names(self, names: NameChoice) -> None:
        self._store.setValue("names", f"{names.parameters.value} {names.neurons.value}")

    @property
    def recent_files(self) -> list[Path]:
        """The project files opened or saved last, newest first."""
        found = self._store.value("recent_files", [])
        found = [found] if isinstance(found, str) else found
        if not isinstance(found, list):
            return []
        return [Path(item) for item in found if isinstance(item, str) and item][:MAX_RECENT]

    def add_recent_file(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        others = [other for other in self.recent_files if other != path]
        self._store.setValue("recent_files", [str(p) for p in [path, *others][:MAX_RECENT]])

    def forget_recent_file(self, path: Path) -> None:
        """Take a file out of the recent ones."""
        others = [str(other) for other in self.recent_files if other != path]
        self._store.setValue("recent_files", others)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window stood."""
        found = self._store.value("geometry")
        return found if isinstance(found, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    @property
    def sweep_geometry(self) -> QByteArray | None:
        """Where the window for sweeps stood."""
        found = self._store.value("sweep_geometry")
        return found if isinstance(found, QByteArray) else None

    @sweep_geometry.setter
    def sweep_geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("sweep_geometry", geometry)

    def _integer(self, key: str, default: int, lowest: int, highest: int) -> int:
        try:
            value = int(str(self._store.value(key, default)))
        except ValueError:
            return default
        return value if lowest <= value <= highest else default
