"""The command line of the window: opens it, or draws it into a file."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QDeadlineTimer,
    QEventLoop,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from bp_gui import __version__
from bp_gui.app.program import Program
from bp_gui.cli_options import Parser, add_version, count, size
from bp_gui.controller.calculator import Calculator
from bp_gui.controller.document import WORKED_EXAMPLE, Document
from bp_gui.controller.recovery import default_folder
from bp_gui.controller.settings import Settings, ThemeChoice
from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.engine.names import UnknownNameError, parse_name
from bp_gui.session.examples import PREFIX, project_named
from bp_gui.session.experiment import Experiment
from bp_gui.session.project import Project
from bp_gui.session.project_file import ProjectFileError
from bp_gui.views import theme
from bp_gui.views.formula.sheet import Sheet
from bp_gui.views.workspaces import PAGES

_POLL_MS = 20
_PATIENCE_MS = 60_000
_SETTLED_MS = 300  # a timer that rings once, and so soon, waits for things to settle


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or draw it into a file; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.screenshot is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif _lacks_display():
        print("main.py: there is no display to open a window on; see --screenshot", file=sys.stderr)
        return 2
    # Ctrl+C in the terminal ends the program at once; Qt's loop would never let Python see it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    application = make_application(sys.argv[:1])
    try:
        project = project_named(options.file)
        if options.screenshot is not None:
            return _screenshot(options, project.experiment)
    except (ProjectFileError, UnknownNameError, IndexError) as error:
        if options.screenshot is not None:
            print(f"main.py: {error}", file=sys.stderr)
            return 2
        project, problem = project_named(WORKED_EXAMPLE), str(error)
    else:
        problem = ""
    program = Program(project.experiment, Settings())
    program.keep_safe(default_folder())
    if not problem:
        hold(program.document, options.file, project)
    program.window.show()
    if problem:
        program.window.show_error(problem)
    application.aboutToQuit.connect(program.shut_down)
    return application.exec()


def hold(document: Document, file: str, project: Project) -> None:
    """Tell the document where the project that the window opens on comes from."""
    if not file.startswith(PREFIX):
        document.take(Path(file), project)
    elif file != WORKED_EXAMPLE:
        document.call(f"Example {file.removeprefix(PREFIX)}")


def _lacks_display() -> bool:
    """Whether Qt would abort for want of a display, with a message that blames a library."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named)


def make_application(arguments: Sequence[str]) -> QApplication:
    """Return the Qt application with the program's style and fonts."""
    application = QApplication(list(arguments))
    application.setApplicationName("backprop-explorer")
    application.setApplicationDisplayName("")
    application.setApplicationVersion(__version__)
    application.setStyle("Fusion")
    theme.load_fonts()
    application.setFont(theme.interface_font())
    application.setWindowIcon(QIcon(str(theme.RESOURCES / "icons" / "app.svg")))
    return application


_EPILOG = """\
examples:
  python main.py
  python main.py example:spiral
  python main.py mine.backprop.json
  python main.py --screenshot window.png --theme dark --size 1920x1080 --updates 100

Commands that need no window: python -m bp_gui --help
"""


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python main.py",
        description="The backpropagation explorer: opens the window, or draws it into a file.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "file",
        nargs="?",
        default=WORKED_EXAMPLE,
        metavar="FILE",
        help="a project file, or example:NAME; the worked example by default",
    )
    add_version(parser)
    drawing = parser.add_argument_group("drawing the window without a display")
    drawing.add_argument(
        "--screenshot", type=Path, metavar="OUT.png", help="draw the window into a file, and exit"
    )
    drawing.add_argument(
        "--size", type=size, default=(1280, 800), metavar="WxH", help="1280x800 by default"
    )
    drawing.add_argument(
        "--theme", choices=["light", "dark"], default="light", help="light by default"
    )
    drawing.add_argument("--select", metavar="NAME", help="select a number, for instance W2[1,2]")
    drawing.add_argument(
        "--page", metavar="NAME", help="show a page or a panel, for instance data or lab"
    )
    drawing.add_argument(
        "--film", type=float, metavar="PLACE", help="show the film at a place, for instance 27.4"
    )
    drawing.add_argument(
        "--updates", type=count, default=0, metavar="N", help="train before drawing"
    )
    drawing.add_argument(
        "--mistakes",
        type=_mistakes,
        default=frozenset(),
        metavar="NAMES",
        help="draw these mistakes beside the right numbers, for instance missing_transpose",
    )
    return parser


def _mistakes(text: str) -> frozenset[str]:
    names = frozenset(text.split(","))
    unknown = ", ".join(sorted(names - MISTAKES.keys()))
    if unknown:
        raise argparse.ArgumentTypeError(f"no known mistake is called {unknown}")
    return names


def _screenshot(options: argparse.Namespace, experiment: Experiment) -> int:
    """Draw the window into a PNG file."""
    selected = None if options.select is None else parse_name(options.select)
    qInstallMessageHandler(show_message)
    program = Program(experiment, _VolatileSettings())
    try:
        if options.updates:
            program.training.step(options.updates)
        if selected is not None:
            program.store.snapshot.value(selected)
        program.choose_theme(ThemeChoice(options.theme))
        program.window.resize(*options.size)
        program.window.show()
        program.window.curve.load_plot()
        program.mistakes.controller.choose(options.mistakes)
        program.selection.select(selected)
        if options.page is not None and not program.window.workspaces.choose(options.page):
            pages = ", ".join(page.key for page in PAGES)
            print(f"main.py: {options.page!r} is not a page; there are: {pages}", file=sys.stderr)
            return 2
        if options.film is not None:
            program.film.open()
            program.film.go_to(int(options.film), options.film % 1.0 or 1.0)
        _finish_drawing(program)
        if not program.window.grab().save(str(options.screenshot), "PNG"):
            print(f"main.py: {options.screenshot}: cannot be written", file=sys.stderr)
            return 2
        return 0
    finally:
        program.shut_down()
        program.window.deleteLater()


def _finish_drawing(program: Program) -> None:
    """Let everything be laid out, computed and shown."""
    for _ in range(3):
        QApplication.processEvents()
    found = (place.findChildren(Calculator) for place in (program, program.window))
    calculators = [each for some in found for each in some]

    # What a sheet sets later is what cannot be seen.
    timers = [
        timer
        for timer in program.window.findChildren(QTimer)
        if timer.isSingleShot() and not isinstance(timer.parent(), Sheet)
    ]

    def goes_on() -> bool:
        return (
            any(t.isActive() and t.interval() <= _SETTLED_MS for t in timers)
            or program.mistakes.curves.is_busy
            or any(each.is_busy for each in calculators)
        )

    patience = QDeadlineTimer(_PATIENCE_MS)
    while goes_on() and not patience.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _POLL_MS)
    QApplication.processEvents()


def show_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Print what Qt says, but for a line that the offscreen platform says of every window."""
    if "propagateSizeHints" not in text:
        print(text, file=sys.stderr)


class _VolatileSettings(Settings):
    """Settings that start from the defaults and remember nothing."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull))
