"""Real data that come with the program, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from bp_gui.session.table_columns import suggest
from bp_gui.session.table_import import TableSamples, to_samples
from bp_gui.session.table_text import decoded, read_table, sniff

_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "data"


@dataclass(frozen=True)
class BundledTable:
    """One table of real data.

    Attributes
    ----------
    name
        The file's name without its suffix; never changed.
    label
        What a person reads.
    summary, source
        What it holds, in one sentence, and where it comes from.
    """

    name: str
    label: str
    summary: str
    source: str

    @cached_property
    def samples(self) -> TableSamples:
        """What stands in the file, read when somebody asks."""
        text, _ = decoded((_FOLDER / f"{self.name}.csv").read_bytes())
        layout = sniff(text)
        table = read_table(text, layout)
        return to_samples(table, suggest(table, layout.decimal), layout.decimal)


BUNDLED: Mapping[str, BundledTable] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            BundledTable(
                name="iris",
                label="Iris",
                summary="150 flowers of three species, by four lengths in centimetres",
                source="Fisher, Annals of Eugenics 7 (1936)",
            ),
        )
    }
)
