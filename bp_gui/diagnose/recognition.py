"""Measures which mistakes and pairs of them are recognised from the new weights of one update.

``python -m bp_gui.diagnose.recognition`` prints docs/mistakes.md; a test holds the page against
what is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bp_gui.diagnose.catalogue import MISTAKES
from bp_gui.diagnose.diagnosis import Diagnosis, Verdict, diagnose
from bp_gui.diagnose.outcome import run
from bp_gui.diagnose.problem import Problem
from bp_gui.diagnose.search import Hypothesis, Search
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, BiasPolicy, Parameters
from bp_gui.engine.objective import Objective

DIGITS = 8
TWELVE = (
    "output_weights_first",
    "missing_transpose",
    "bias_omitted_in_derivative",
    "missing_transpose_and_bias",
    "raw_error_through_weights",
    "no_hidden_derivative",
    "no_output_derivative",
    "derivative_at_activation",
    "no_half",
    "mean_of_half_squares",
    "one_path_only",
    "sign_flipped",
)
_WORKED_W = ([[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]])
_WORKED_B = ([0.35, 0.35], [0.6, 0.6])


@dataclass(frozen=True)
class Recognition:
    """What became of one set of mistakes.

    Attributes
    ----------
    made
        The mistakes' names, as they were applied.
    found
        Every explanation that was given, each the names of its mistakes.
    is_right
        Whether the numbers are the right ones, to the digits given.
    """

    made: tuple[str, ...]
    found: tuple[frozenset[str], ...]
    is_right: bool

    @property
    def is_recognised(self) -> bool:
        """Whether the mistakes made are among the explanations."""
        return parts_of(self.made) in self.found


def parts_of(names: Sequence[str]) -> frozenset[str]:
    """Return the names with combined mistakes taken apart."""
    return frozenset(part for name in names for part in MISTAKES[name].parts or (name,))


def networks() -> dict[str, Problem]:
    """Return the worked example and two random networks, by what they are called."""
    objective = Objective(COSTS["half_squared_error"], bias_policy=BiasPolicy.FIXED)
    sigmoid = ("sigmoid", "sigmoid")
    worked = Parameters.from_layers(Architecture((2, 2, 2), sigmoid), _WORKED_W, _WORKED_B)
    found = {
        "worked 2-2-2": Problem(
            worked, np.array([[0.05, 0.1]]), np.array([[0.01, 0.99]]), 0.5, objective
        )
    }
    generator = np.random.default_rng(7)
    for sizes in ((2, 3, 1), (3, 4, 2)):
        architecture = Architecture(sizes, sigmoid)
        theta = generator.normal(size=architecture.n_parameters)
        x = generator.uniform(-1.0, 1.0, (1, sizes[0]))
        t = generator.uniform(0.0, 1.0, (1, sizes[-1]))
        name = f"random {'-'.join(map(str, sizes))}"
        found[name] = Problem(Parameters(architecture, theta), x, t, 0.5, objective)
    return found


def sets_of_mistakes() -> Iterator[tuple[str, ...]]:
    """Yield every one of the twelve, then every pair in the order of the list."""
    yield from ((name,) for name in TWELVE)
    yield from combinations(TWELVE, 2)


def recognise(search: Search, made: tuple[str, ...]) -> Recognition:
    """Return what is found from the new weights, written with eight digits."""
    hypothesis = Hypothesis.of(*(MISTAKES[name] for name in made))
    outcome = run(search.problem, hypothesis.algorithm)
    W, _ = search.problem.architecture.views(outcome.theta)
    diagnosis = diagnose(search, "\n".join(_as_text(f"W{n}", w) for n, w in enumerate(W, start=1)))
    return Recognition(made, _ways(diagnosis), diagnosis.verdict is Verdict.AGREES)


def _as_text(label: str, W: np.ndarray) -> str:
    rows = [", ".join(f"{w:.{DIGITS}g}" for w in row) for row in W.tolist()]
    return f"{label} = [[{'], ['.join(rows)}]]"


def _ways(diagnosis: Diagnosis) -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(mistake.name for mistake in way)
        for explanation in diagnosis.explanations
        if explanation.is_complete
        for way in (explanation.mistakes, *explanation.same_numbers)
    )


def page() -> str:
    """Return docs/mistakes.md."""
    lines = [_INTRODUCTION, *_catalogue(), "", _IN_THE_WINDOW, "", _MEASURED]
    for name, problem in networks().items():
        search = Search(problem)
        found = [recognise(search, made) for made in sets_of_mistakes()]
        lines += ["", f"### {name}", "", *_table(found)]
    return "\n".join(lines) + "\n"


_INTRODUCTION = """# Known mistakes

`python -m bp_gui check FILE NUMBERS` and "Check my numbers" in the window look for these, and the
mistake lab shows them at work. Each is a change of one or more steps of the algorithm, so that they
combine; to add one, write an entry in `bp_gui/diagnose/catalogue/`. This page is printed by
`python -m bp_gui.diagnose.recognition`.

| name | what goes wrong | kind | caught by |
|---|---|---|---|"""

_IN_THE_WINDOW = """## In the window

The page "Mistakes" has three parts. In the **mistake lab** a tick switches a mistake on; grey ones
change nothing in the present network. While any is on, a line below the tool bar names it on every
page and switches it off (its button, or Ctrl+Shift+X), and wrong numbers stand beside right ones:

- on the graph, below each z, a, δ and C that differs, and above each weight as the right and the
  wrong value after the update; where the weights have no boxes, a broad line marks the wrong ones;
- in the explanation, with the wrong line of mathematics below the right one where the mistake
  enters, or the wrong numbers that a right line is computed from where it is only handed on;
- in the matrices, with the cells that differ marked; heat maps stand side by side on one scale;
- in the table of parameters, as a column beside the next values;
- in the lab itself, as a table and as two cost curves, with a sentence on whether it learns all the
  same. Some mistakes do, and some even end with a lower cost: a falling cost proves nothing.

The gradient check, in the lab and on the page "Analysis", is then the one of somebody whose code
has the mistakes in it: it holds their gradient against the derivative of the cost that the same
code computes. So it is red where the way back is wrong. It stays green where a mistake comes after
the gradient, such as a learning rate applied twice, and where cost and gradient are others
together, such as a cost without the ½.

**Check my numbers** takes pasted or dropped numbers as NumPy, PyTorch, TensorFlow, R, Julia,
Mathematica, C, JSON, CSV, TSV, LaTeX and people write them, rounded as one likes and only some of
them; a label before a number (`w5: 0.3589`, `dW1 = …`, `cost after: …`) says what it is, and
without one its shape and value decide. A diagnosis leads to the lab.

**Predict** asks about the next update, accepts correct rounding, and tells what a wrong answer
comes from; the same seed asks the same questions. They can be saved as a worksheet with an answer
key, as PDF, web page or text."""

_MEASURED = f"""## What the new weights of one update tell

Every one of the twelve best-known mistakes and every pair of them was made on three networks, for
one update with fixed biases, and the new weights were written with {DIGITS} digits. "Recognised"
means that the diagnosis names the mistakes made; what stands in the last column gives the very same
weights, and the diagnosis names that beside them, or instead of them where it is simpler."""


def _catalogue() -> Iterator[str]:
    for mistake in MISTAKES.values():
        kind = "convention" if mistake.is_convention else "mistake"
        caught = ", ".join(
            sorted(check.name.lower().replace("_", " ") for check in mistake.caught_by)
        )
        clause = mistake.clause.format(W="W of the layer above")
        yield f"| `{mistake.name}` | {clause} | {kind} | {caught} |"


def _table(found: Sequence[Recognition]) -> Iterator[str]:
    alone = [f for f in found if f.is_recognised and set(f.found) == {parts_of(f.made)}]
    yield f"{len(alone)} of {len(found)} are recognised and told apart from all else. The others:"
    yield ""
    yield "| made | found | the same numbers also come from |"
    yield "|---|---|---|"
    for each in found:
        if each in alone:
            continue
        others = [way for way in each.found if way != parts_of(each.made)]
        if each.is_right:
            outcome = "no effect in this network"
        elif each.is_recognised:
            outcome = "recognised"
        else:
            outcome = "**missed**" if not others else "as a simpler one"
        yield f"| {_names(each.made)} | {outcome} | {'; '.join(map(_names, others)) or '–'} |"


def _names(names: Sequence[str] | frozenset[str]) -> str:
    ordered = [name for name in (*MISTAKES, "other_eta") if name in names]
    return " + ".join(f"`{name}`" for name in ordered)


if __name__ == "__main__":
    print(page(), end="")
