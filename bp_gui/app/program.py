"""One window on one project, and the controllers behind it, wired together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from bp_gui.app.carrying import Carrier
from bp_gui.app.cinema import Cinema
from bp_gui.app.interchange import Interchange
from bp_gui.app.mistakes import Mistakes
from bp_gui.app.pictures import Pictures
from bp_gui.app.sweeps import Sweeps
from bp_gui.controller.calculator import Calculator
from bp_gui.controller.document import SUFFIX, Document
from bp_gui.controller.garbage import GarbageCollection
from bp_gui.controller.gradients import GradientWatch
from bp_gui.controller.paths import PathsController
from bp_gui.controller.recovery import INTERVAL_MS, Left, Recovery
from bp_gui.controller.selection import Selection
from bp_gui.controller.settings import Motion, Settings, ThemeChoice
from bp_gui.controller.store import Store
from bp_gui.controller.timeline import TimelineController
from bp_gui.controller.training import TrainingController
from bp_gui.engine.names import Ref
from bp_gui.explain.name_choice import NameChoice
from bp_gui.explain.numbers import Decimals
from bp_gui.session.edits import RandomWeights, ResetTraining, SetLocked
from bp_gui.session.experiment import Experiment
from bp_gui.session.snapshot import Snapshot
from bp_gui.session.training import Divergence
from bp_gui.views import theme
from bp_gui.views.main_window import MainWindow
from bp_gui.views.motion import things_move
from bp_gui.views.questions import Answer, Conflict

if TYPE_CHECKING:
    from bp_gui.views.dialogs.compare import CompareDialog


class Program(QObject):
    """One window on one project, and the controllers behind it.

    Parameters
    ----------
    experiment
        What the window opens on.
    settings
        What the program remembers between starts.
    """

    def __init__(self, experiment: Experiment, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.garbage = GarbageCollection(self)
        self.store = Store(experiment, self)
        self.selection = Selection(self)
        self.training = TrainingController(self.store, self)
        self.timeline = TimelineController(self.store, self)
        self.paths = PathsController(self.timeline, self)
        self.gradients = GradientWatch(self.store, self)
        self.document = Document(self.store, settings, self)
        self.recovery: Recovery | None = None
        self.window = MainWindow()
        # Before the window follows the store: see `MistakeController`.
        self.mistakes = Mistakes(self.store, self.window, self)
        self._theme = theme.LIGHT
        self.cinema = Cinema(self.window, self.selection, self.training, self)
        self.film = self.cinema.film
        self.pictures = Pictures(
            self.window, self.store, self.timeline, self.document, self.film, self
        )
        self.interchange = Interchange(
            self.store, self.selection, self.document, self.window, lambda: self._theme
        )
        self.sweeps = Sweeps(self.store, self.timeline, settings, self.window)
        self.carrier = Carrier(
            self.store,
            self.selection,
            self.timeline,
            self.document,
            self.window,
            show_digits=self._show_digits,
            show_names=self._show_names,
        )
        self._branches_shown: tuple[list[int], list[int]] = ([], [])
        self._connect_store()
        self._connect_timeline()
        self._connect_actions()
        self._apply_settings()
        self.window.workspaces.begin()
        self._show(self.store.snapshot, None)
        self._show_timeline()
        self._show_title()
        self._show_undo()

    # Wiring

    def _connect_store(self) -> None:
        window, store = self.window, self.store
        store.snapshot_changed.connect(self._show)
        store.edit_refused.connect(self._refuse)
        store.undo_stack.indexChanged.connect(self._show_undo)
        self.selection.changed.connect(window.show_selected)
        self.selection.hover_changed.connect(window.show_hovered)
        self.training.running_changed.connect(window.set_running)
        self.training.diverged.connect(self._show_divergence)
        self.document.changed.connect(self._show_title)
        self.document.failed.connect(window.show_error)
        self.document.not_saved.connect(self._offer_another_place)
        window.edit_requested.connect(store.submit)
        window.rejected.connect(window.note)
        window.selected.connect(self.selection.select)
        window.hovered.connect(self.selection.hover)
        window.open_requested.connect(self.open)
        window.theme_chosen.connect(self.choose_theme)
        window.digits_chosen.connect(self.choose_digits)
        window.rate_chosen.connect(self._choose_rate)
        window.closing.connect(self._close)
        window.actions_["check_gradients"].toggled.connect(self.gradients.set_on)
        self.gradients.checked.connect(window.network.show_verdicts)
        self.mistakes.controller.compared.connect(self.gradients.take_comparison)
        window.curve.logarithmic_changed.connect(self._choose_axis)
        window.workspaces.panel_made.connect(self._connect_panel)
        window.shown.connect(window.curve.load_plot)
        window.shown.connect(self.training.load_compiled)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def _connect_panel(self, key: str, panel: Any) -> None:
        """Connect what only some panels ask for; their modules are not imported before."""
        match key:
            case "samples":
                panel.sample_chosen.connect(self.store.show_sample)
            case "datasets":
                panel.import_requested.connect(self._import_table)
            case "explanation":
                panel.naming_chosen.connect(self.choose_names)
            case "surface":
                panel.paths_requested.connect(self.paths.request)
                panel.refinement_requested.connect(self.paths.refine)
                self.paths.found.connect(panel.set_paths)
            case "gradients":
                panel.marks_wanted.connect(self.window.actions_["check_gradients"].setChecked)
                self.window.actions_["check_gradients"].toggled.connect(panel.show_marks_wanted)
                panel.show_marks_wanted(self.gradients.is_on)

    def _import_table(self) -> None:
        """Read samples from a file that a person chooses."""
        from bp_gui.views.dialogs.csv_import import import_file

        edit = import_file(self._theme, self.window)
        if edit is not None:
            self.training.pause()
            self.store.submit(edit)

    def _connect_timeline(self) -> None:
        timeline, bar, curve = self.timeline, self.window.timeline_bar, self.window.curve
        timeline.leaving.connect(self.training.pause)
        timeline.changed.connect(self._show_timeline)
        timeline.refused.connect(self.window.note)
        bar.update_chosen.connect(timeline.go_to_update)
        bar.lowest_chosen.connect(timeline.go_to_lowest)
        bar.branch_chosen.connect(timeline.go_to_tip)
        bar.rename_requested.connect(timeline.rename)
        bar.delete_requested.connect(timeline.delete)
        bar.compare_requested.connect(self.compare)
        curve.update_chosen.connect(timeline.go_to_update)

    def _connect_actions(self) -> None:
        slots = {
            "worked": self._open_worked_example,
            "open": self._ask_and_open,
            "save": self.save,
            "save_as": self._save_as,
            "undo": self._undo,
            "redo": self._redo,
            "lock": self._lock,
            "step": self._step,
            "epoch": self._epoch,
            "train": self._train,
            "run": self._toggle_run,
            "reset": self._reset,
            "random": self._random_weights,
            "compare": self.compare,
            "record": self._record,
            "picture": self._ask_and_export,
            "copy_picture": self.pictures.copy_graph,
            **self.cinema.slots(),
            **self.interchange.slots(),
            **self.carrier.slots(),
            **self.sweeps.slots(),
            **self.mistakes.slots(),
        }
        for key, slot in slots.items():
            self.window.actions_[key].triggered.connect(lambda _=False, slot=slot: self._act(slot))

    def _act(self, slot: object) -> None:
        """Do what an action says, after taking over a number that is half typed."""
        if self.window.commit_pending() and callable(slot):
            slot()

    def _apply_settings(self) -> None:
        window, settings = self.window, self.settings
        window.tool_bar.updates.setValue(settings.train_updates)
        window.tool_bar.rate.setCurrentIndex(max(window.tool_bar.rate.findData(settings.rate), 0))
        self.training.set_rate(settings.rate)
        self.choose_theme(settings.theme)
        window.actions_["decimals"].setChecked(settings.decimals)
        self.choose_digits(settings.digits)
        window.actions_["decimals"].toggled.connect(self.choose_decimals)
        if settings.names is not None:
            self._show_names(settings.names)
        window.motion_chosen.connect(self.choose_motion)
        self.choose_motion(settings.motion)
        window.set_recent_files(settings.recent_files)
        window.curve.set_logarithmic(settings.logarithmic)
        if settings.geometry is None or not window.restoreGeometry(settings.geometry):
            window.resize(1280, 800)

    # What happens

    def _show(self, new: Snapshot, old: Snapshot | None) -> None:
        if not _has(new, self.selection.ref):
            self.selection.select(None)
        self.window.show_snapshot(new, old)
        self.film.show_snapshot(new)
        if old is None:
            self.selection.select(None)

    def compare(self) -> CompareDialog:
        """Open a dialog that lays two moments side by side."""
        from bp_gui.views.dialogs.compare import CompareDialog

        self.training.pause()
        dialog = CompareDialog(self.timeline.timeline, self.settings.digits, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.failed.connect(self.window.show_error)
        dialog.open()
        return dialog

    def _record(self) -> None:
        self.training.pause()
        self.pictures.record()

    def _ask_and_export(self) -> None:
        self.training.pause()
        self.pictures.ask_and_export()

    def choose_motion(self, choice: Motion) -> None:
        """Let things move or not, now and at the next start."""
        self.settings.motion = choice
        self.film.set_moves(things_move(choice))
        self.window.show_motion(choice)

    def _show_timeline(self) -> None:
        """Show the place of the present, and the curves of the other branches."""
        timeline = self.timeline.timeline
        self.window.timeline_bar.show_timeline(timeline)
        shown = [timeline.branch.number, *(branch.number for branch in timeline.branches)]
        lasts = [branch.last for branch in timeline.branches if branch is not timeline.branch]
        lasts.append(timeline.is_at_tip)
        if (shown, lasts) != self._branches_shown:
            self._branches_shown = (shown, lasts)
            self.window.show_branches(timeline)

    def _refuse(self, sentence: str) -> None:
        self.window.note(sentence)
        # The box still shows what was refused: give it the number that stands.
        self.window.show_snapshot(self.store.snapshot, self.store.snapshot)

    def _show_title(self) -> None:
        self.window.set_title(self.document.name, modified=self.document.is_modified)
        self.window.set_recent_files(self.settings.recent_files)

    def _show_undo(self) -> None:
        stack = self.store.undo_stack
        self.window.set_undo_texts(stack.undoText(), stack.redoText())

    def _show_divergence(self, found: Divergence) -> None:
        number = {"inf": "+∞", "-inf": "−∞"}.get(str(found.value), "not a number")
        self.window.message_bar.show_message(
            f"Training diverged: {found.quantity} became {number} in update {found.update:,}. "
            f"The window shows update {found.update - 1:,}, the last with finite numbers. "
            "A smaller learning rate η may help."
        )

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Use other colours, now and at the next start."""
        self.settings.theme = choice
        self._follow_system()

    def _follow_system(self) -> None:
        chosen = self._theme = theme.theme_for(self.settings.theme)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(theme.palette(chosen))
        application.setStyleSheet(theme.style_sheet(chosen))
        self.window.set_theme(chosen, self.settings.theme)
        self.sweeps.set_theme(chosen)
        self.window.show_branches(self.timeline.timeline)

    def choose_names(self, names: NameChoice) -> None:
        """Call things like this, now and at the next start."""
        self.settings.names = names
        self._show_names(names)

    def _show_names(self, names: NameChoice) -> None:
        self.window.set_names(names)
        self.film.set_names(names)

    def choose_digits(self, digits: int) -> None:
        """Show so many significant digits, now and at the next start."""
        self.settings.digits = digits
        self._show_digits(digits, self.window.actions_["decimals"].isChecked())

    def choose_decimals(self, decimals: bool) -> None:
        """Count digits behind the point or from the first that counts, now and ever after."""
        self.settings.decimals = decimals
        self._show_digits(self.window.tool_bar.digits.value(), decimals)

    def _show_digits(self, digits: int, behind_point: bool) -> None:
        shown = Decimals(digits) if behind_point else digits
        self.window.set_digits(shown)
        self.film.set_digits(shown)
        self.sweeps.set_digits(shown)

    def _choose_rate(self, rate: int) -> None:
        self.settings.rate = rate
        self.training.set_rate(rate)

    def _choose_axis(self, logarithmic: bool) -> None:
        self.settings.logarithmic = logarithmic

    def _begin(self) -> None:
        self.window.message_bar.clear()

    def _step(self) -> None:
        self._begin()
        self.training.step()

    def _epoch(self) -> None:
        """Train to the end of the epoch that the next update belongs to."""
        self._begin()
        self.training.pause()
        experiment = self.store.experiment
        updates = experiment.updates_per_epoch
        self.training.run(updates - experiment.updates % updates)

    def _train(self) -> None:
        self._begin()
        updates = self.window.tool_bar.updates.value()
        self.settings.train_updates = updates
        self.training.run(updates)

    def _toggle_run(self) -> None:
        if self.training.is_running:
            self.training.pause()
        else:
            self._begin()
            self.training.run()

    def _reset(self) -> None:
        self._begin()
        self.training.pause()
        self.store.submit(ResetTraining())

    def _random_weights(self) -> None:
        self._begin()
        self.training.pause()
        self.store.submit(RandomWeights(self.store.experiment.seed))

    def _undo(self) -> None:
        self._begin()
        self.training.pause()
        self.store.undo_stack.undo()

    def _redo(self) -> None:
        self._begin()
        self.training.pause()
        self.store.undo_stack.redo()

    def _lock(self) -> None:
        ref = self.selection.ref
        if ref is not None and ref.is_parameter:
            self.store.submit(SetLocked(ref, ref not in self.store.experiment.locked))

    def open(self, path: Path) -> bool:
        """Open a project file, after asking about unsaved changes; return whether it worked."""
        self.training.pause()
        # Read first: nobody should decide about changes for a file that cannot be opened.
        project = self.document.read(path)
        if project is None or not self._may_leave():
            return False
        self.document.take(path, project)
        return True

    def _ask_and_open(self) -> None:
        path = self.window.ask_file_to_open()
        if path is not None:
            self.open(path)

    def _open_worked_example(self) -> None:
        self.training.pause()
        if self._may_leave():
            self.document.open_worked_example()

    def save(self) -> bool:
        """Save; a project without a file is asked where to."""
        path = self.document.path
        if path is None:
            return self._save_as()
        if self.document.is_changed_elsewhere:
            answer = self.window.ask_about_conflict(path)
            if answer is not Conflict.REPLACE:
                return answer is Conflict.SAVE_AS and self._save_as()
        return self._save_to(path)

    def _save_as(self) -> bool:
        path = self.window.ask_file_to_save(f"{self.document.name}{SUFFIX}")
        return path is not None and self._save_to(path)

    def _save_to(self, path: Path) -> bool:
        """Save; return whether it is saved, there or where else the person then chose."""
        return self.document.save(path) or not self.document.is_modified

    def _offer_another_place(self, sentence: str) -> None:
        if self.window.ask_to_save_elsewhere(sentence):
            self._save_as()

    def _may_leave(self) -> bool:
        """Return whether the open project may be left behind."""
        if not self.document.is_modified:
            return True
        answer = self.window.ask_about_changes(self.document.name)
        return answer is Answer.DISCARD or (answer is Answer.SAVE and self.save())

    def _close(self) -> None:
        self.window.commit_pending()
        self.training.pause()
        self.window.may_close = self._may_leave()
        if self.window.may_close:
            self.settings.geometry = self.window.saveGeometry()
            if self.recovery is not None:
                self.recovery.close()
            self.shut_down()

    def keep_safe(self, folder: Path, interval_ms: int = INTERVAL_MS) -> Recovery:
        """Keep unsaved work in a folder, and offer what was left there once the window shows."""
        recovery = Recovery(self.store, self.document, self.training, folder, interval_ms)
        recovery.failed.connect(self.window.message_bar.show_message)
        self.window.shown.connect(self.offer_recovery)
        self.recovery = recovery
        return recovery

    def offer_recovery(self) -> None:
        """Ask what to do with what windows left that did not end well, if any did."""
        assert self.recovery is not None
        left, problems = self.recovery.left_behind()
        if left:
            from bp_gui.views.dialogs.recovery import RecoveryDialog

            dialog = RecoveryDialog(left, problems, self.window)
            dialog.restore_requested.connect(self._restore)
            dialog.open()
        elif problems:
            self.window.message_bar.show_message(" ".join(problems))

    def _restore(self, left: Left) -> None:
        assert self.recovery is not None
        self.training.pause()
        if not self._may_leave():
            left.keep()
            return
        sentence = self.recovery.restore(left)
        if sentence:
            self.window.show_error(sentence)

    def shut_down(self) -> None:
        """End all work in the background."""
        self.sweeps.shut_down()
        self.mistakes.shut_down()
        self.pictures.recorder.shut_down()
        self.film.close()
        self.training.shut_down()
        self.garbage.stop()
        self.interchange.shut_down()
        for calculator in (*self.findChildren(Calculator), *self.window.findChildren(Calculator)):
            calculator.shut_down()


def _has(snapshot: Snapshot, ref: Ref | None) -> bool:
    """Whether a quantity exists at a moment: the network may have become smaller."""
    try:
        if ref is not None:
            snapshot.value(ref)
    except IndexError:
        return False
    return True
