"""How the samples are dealt out to updates."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from bp_gui.session.edits_training import SetBatchSize, SetShuffle, SetShuffleSeed
from bp_gui.session.experiment import Experiment
from bp_gui.session.project_schema import MAX_NUMBERS
from bp_gui.views.panels.setup.section import Section, check, integer, seed, show_integer, taken

FIRST_SIZE = 10


class BatchesSection(Section):
    """Samples in a batch, their order, and what an epoch is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Batches", parent)
        self._experiment: Experiment | None = None
        self.batch_size = integer(1, MAX_NUMBERS, "Batch size", "Samples that one update uses")
        self.batch_size.valueChanged.connect(self._set_size)
        self.all = check("all samples", "Every update uses all training samples")
        self.all.clicked.connect(self._switch_all)
        self.add_row("Batch size", self.batch_size, self.all)
        self.seed = seed("Shuffle seed", "Seed of the order of the samples")
        self.seed.valueChanged.connect(self._set_seed)
        self.shuffle = check(
            "shuffle every epoch", "Deal the samples out in another order in every epoch"
        )
        self.shuffle.clicked.connect(self._switch_shuffle)
        self.add_row("Shuffle seed", self.seed, self.shuffle)
        self.epoch = self.add_text()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the batches of a moment."""
        before, self._experiment = self._experiment, experiment
        size, samples = experiment.batches.size, len(experiment.t)
        self.all.setChecked(size is None)
        self.batch_size.setEnabled(size is not None)
        self._show_size()
        self.shuffle.setChecked(experiment.batches.shuffle)
        self.seed.setEnabled(experiment.batches.shuffle)
        show_integer(self.seed, experiment.shuffle_seed)
        if before is None or before.batches != experiment.batches or len(before.t) != samples:
            self.epoch.setText(epoch_in_words(experiment))

    def _show_size(self) -> None:
        assert self._experiment is not None
        show_integer(self.batch_size, self._experiment.batches.size or len(self._experiment.t))

    def _set_size(self) -> None:
        assert self._experiment is not None
        shown = self._experiment.batches.size or len(self._experiment.t)
        self.edit_requested.emit(SetBatchSize(taken(self.batch_size, shown)))

    def _switch_all(self, wanted: bool) -> None:
        assert self._experiment is not None
        self.all.setChecked(self._experiment.batches.size is None)
        first = min(FIRST_SIZE, len(self._experiment.t))
        self.edit_requested.emit(SetBatchSize(None if wanted else first))

    def _switch_shuffle(self, wanted: bool) -> None:
        assert self._experiment is not None
        self.shuffle.setChecked(self._experiment.batches.shuffle)
        self.edit_requested.emit(SetShuffle(wanted))

    def _set_seed(self) -> None:
        assert self._experiment is not None
        self.edit_requested.emit(SetShuffleSeed(taken(self.seed, self._experiment.shuffle_seed)))


def epoch_in_words(experiment: Experiment) -> str:
    """Return how many updates an epoch is, and of what."""
    samples, updates = len(experiment.t), experiment.updates_per_epoch
    if updates == 1:
        what = "the one sample" if samples == 1 else f"all {samples:,} samples"
        return f"An epoch is 1 update, of {what}."
    last = experiment.batch(updates - 1)
    left = experiment.batches.size if last is None else len(last)
    uneven = f"; the last one has {left:,}" if left != experiment.batches.size else ""
    each = f"{experiment.batches.size:,} of the {samples:,} samples each{uneven}"
    return f"An epoch is {updates:,} updates, {each}."
