"""Every action of the window: one table with text, shortcut, icon and explanation."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from bp_gui.views.icons import icon
from bp_gui.views.theme import Theme

_Standard = QKeySequence.StandardKey


@dataclass(frozen=True)
class ActionSpec:
    """What an action is made of; ``tip`` says what it does in one sentence."""

    key: str
    text: str
    tip: str
    shortcuts: tuple[str | QKeySequence.StandardKey, ...] = ()
    icon: str | None = None
    short: str = ""


SPECS = (
    ActionSpec("worked", "&Worked example", "Open the 2-2-2 worked example", ("Ctrl+Shift+N",)),
    ActionSpec("open", "&Open…", "Open a project file", (_Standard.Open,), "open"),
    ActionSpec("save", "&Save", "Save the project", (_Standard.Save,), "save"),
    ActionSpec("save_as", "Save &as…", "Save the project in another file", ("Ctrl+Shift+S",)),
    ActionSpec(
        "notes",
        "&Notes…",
        "Write down what the project is about; it is saved in its file",
        ("F9",),
    ),
    ActionSpec(
        "export",
        "&Export…",
        "Write numbers, programs and documents: CSV, NPZ, Python, notebooks, LaTeX",
        ("Ctrl+Shift+E",),
    ),
    ActionSpec(
        "import_weights",
        "&Import weights…",
        "Take weights and biases from CSV, NPZ or safetensors, after a preview",
        ("Ctrl+I",),
    ),
    ActionSpec(
        "share_copy",
        "&Copy share text",
        "Copy the present state as one word to send to somebody",
        ("Ctrl+Shift+C",),
    ),
    ActionSpec(
        "share_paste",
        "&Paste share text…",
        "Use a state that somebody sent, or an address of TensorFlow Playground",
        ("Ctrl+Shift+V",),
    ),
    ActionSpec("quit", "&Quit", "Close the program", ("Ctrl+Q",)),
    ActionSpec("undo", "&Undo", "Take back the last change", (_Standard.Undo,), "undo"),
    ActionSpec("redo", "&Redo", "Make the change again", ("Ctrl+Y", "Ctrl+Shift+Z"), "redo"),
    ActionSpec(
        "copy_value",
        "&Copy the number",
        "Copy the selected number with all its digits, when the graph has the focus",
        (_Standard.Copy,),
    ),
    ActionSpec(
        "copy_picture",
        "Copy the gr&aph as a picture",
        "Copy the graph as it looks, to be pasted into a document",
        ("Ctrl+Alt+C",),
    ),
    ActionSpec(
        "copy_costs",
        "Copy the co&sts as a table",
        "Copy the cost at each update, or one an epoch with smaller batches, for a spreadsheet",
    ),
    ActionSpec("lock", "&Lock or unlock", "Keep training from changing what is selected", ("L",)),
    ActionSpec(
        "step",
        "&One update",
        "Make one update of all parameters, with the next batch",
        ("N",),
        "step",
        short="One update",
    ),
    ActionSpec(
        "epoch",
        "One &epoch",
        "Train to the end of this epoch, when every sample has been used once more",
        ("E",),
        "epoch",
        short="One epoch",
    ),
    ActionSpec(
        "train",
        "N &updates",
        "Make as many updates as the box says",
        ("T",),
        "train",
        short="N updates",
    ),
    ActionSpec("run", "&Run", "Train until paused", ("Space",), "run"),
    ActionSpec(
        "reset",
        "R&eset",
        "Go back to the parameters that training began from",
        ("Ctrl+Home",),
        "reset",
    ),
    ActionSpec(
        "random",
        "New random &weights",
        "Draw new weights from the seed on the page Network, then move on to the next seed; "
        "biases and locked weights stay",
        ("Ctrl+R",),
        "random",
        short="New weights",
    ),
    ActionSpec(
        "film",
        "&Film",
        "Watch the next update happen step by step: forward, error, backward, gradient, update",
        ("F7",),
        "film",
        short="Film",
    ),
    ActionSpec("film_play", "&Play or pause the film", "Let the film go on, or stop it", ("P",)),
    ActionSpec("film_back", "Film: one frame &back", "Go back one step of the film", ("B",)),
    ActionSpec("film_on", "Film: one frame o&n", "Play the next step of the film", ("F",)),
    ActionSpec(
        "record", "&Record…", "Save the film or the training as a moving picture", ("Ctrl+Shift+R",)
    ),
    ActionSpec(
        "picture", "&Export picture…", "Save the graph or the curve as a picture", ("Ctrl+E",)
    ),
    ActionSpec(
        "compare", "&Compare two moments…", "Lay two moments side by side", ("Ctrl+Shift+D",)
    ),
    ActionSpec(
        "sweep",
        "S&weep…",
        "Train many times with other settings, and see which learn best",
        ("F8",),
    ),
    ActionSpec(
        "mistakes_off",
        "Switch &mistakes off",
        "Show the right numbers alone again, wherever mistakes are shown beside them",
        ("Ctrl+Shift+X",),
    ),
    ActionSpec(
        "decimals",
        "Digits behind the &point",
        "Show as many digits behind the point everywhere, instead of significant ones",
    ),
    ActionSpec(
        "check_gradients",
        "Check &gradients on the graph",
        "Mark every weight and bias by whether backpropagation agrees with the costs themselves",
        ("G",),
    ),
    ActionSpec("zoom_in", "Zoom &in", "Spread the graph out", ("Ctrl++", "Ctrl+=")),
    ActionSpec("zoom_out", "Zoom &out", "Draw the graph together", ("Ctrl+-",)),
    ActionSpec("zoom_all", "&Whole network", "Show the whole graph", ("Ctrl+0",)),
    ActionSpec("next_pane", "&Next pane", "Go to the graph, the plot or the table", ("F6",)),
    ActionSpec("full_screen", "&Full screen", "Use the whole screen", ("F11",)),
    ActionSpec("shortcuts", "&Keyboard", "List all keys", ("F1",)),
    ActionSpec("about", "&About", "What this program is"),
)


@dataclass
class Actions:
    """The window's actions by key; made once."""

    by_key: dict[str, QAction] = field(default_factory=dict)

    @classmethod
    def made_for(cls, window: QMainWindow) -> Actions:
        """Make every action of the table."""
        result = cls()
        for spec in SPECS:
            action = QAction(spec.text, window)
            action.setObjectName(spec.key)
            action.setShortcuts([QKeySequence(shortcut) for shortcut in spec.shortcuts])
            if spec.short:
                action.setIconText(spec.short)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{spec.tip} ({keys})" if keys else spec.tip)
            action.setStatusTip(spec.tip)
            window.addAction(action)
            result.by_key[spec.key] = action
        return result

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def recolour(self, theme: Theme, *, running: bool) -> None:
        """Draw the icons in the theme's colours."""
        for spec in SPECS:
            if spec.icon is not None:
                self[spec.key].setIcon(icon(spec.icon, theme.text))
        self["run"].setIcon(icon("pause" if running else "run", theme.on_accent))
