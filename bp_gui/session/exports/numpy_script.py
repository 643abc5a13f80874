"""The shown moment as a NumPy program: passes, gradient and one update, checked at its end.

The program is a sequence of `Part`; a script sets them one below the other, a notebook gives each
a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bp_gui.engine import activations, costs, optimizers
from bp_gui.engine.network import BiasPolicy
from bp_gui.session.experiment import Experiment
from bp_gui.session.exports.engine_code import Code, entry_code, fused_code
from bp_gui.session.exports.literals import (
    array_literal,
    check_size,
    list_literal,
    number_literal,
)
from bp_gui.session.snapshot import Snapshot


@dataclass(frozen=True)
class Part:
    """A piece of a program.

    Attributes
    ----------
    title
        A few words.
    text
        What it does, as sentences.
    code
        Its statements.
    """

    title: str
    text: str
    code: str


def numpy_script(snapshot: Snapshot) -> bytes:
    """Return a script that needs NumPy alone.

    Raises
    ------
    ExportError
        If there are too many numbers to write into a source.
    """
    head = '"""One update by backpropagation, with NumPy alone; it checks its own numbers."""\n'
    return (head + "".join(map(as_comment, numpy_parts(snapshot)))).encode()


def as_comment(part: Part) -> str:
    """Return a part of a script, its title and text as a comment above the code."""
    lines = "\n".join(f"# {line}" for line in (f"{part.title}.", *part.text.splitlines()) if line)
    return f"\n{lines}\n\n{part.code}\n"


def numpy_parts(snapshot: Snapshot) -> tuple[Part, ...]:
    """Return the program in parts, each of which needs those before it.

    Raises
    ------
    ExportError
        If there are too many numbers to write into a source.
    """
    check_size(snapshot)
    experiment = snapshot.experiment
    return (
        Part("Numbers", _NUMBERS, f"import numpy as np\n\n{numbers_code(snapshot, 'np.array')}"),
        Part("Functions of this network", "", _functions(experiment)),
        Part("Forward pass", _FORWARD_TEXT, _FORWARD),
        Part("Cost", _COST_TEXT, _COST),
        Part("Backward pass", _BACKWARD_TEXT, _BACKWARD),
        Part("Gradient of the update", gradient_text(experiment), _gradient(experiment)),
        Part("Update", "", _UPDATE),
        Part("Everything", "One sample in full, then all of them.", _RUN),
        Part("Check", CHECK_TEXT, _check(snapshot)),
    )


_NUMBERS = (
    "W[l] has a row for every neuron it leads to and a column for every neuron it comes from.\n"
    "Samples are rows. They stand as the network sees them."
)


def numbers_code(snapshot: Snapshot, maker: str) -> str:
    """Return the statements that hold the numbers of a moment; ``maker`` makes an array."""
    experiment = snapshot.experiment
    batch = snapshot.batch
    lines = [
        f"x = {array_literal(experiment.x, maker)}",
        f"t = {array_literal(experiment.t, maker)}",
        f"x_test = {array_literal(experiment.x_test, maker)}",
        f"t_test = {array_literal(experiment.t_test, maker)}",
        f"W = {list_literal(array_literal(W, maker) for W in experiment.parameters.W)}",
        f"b = {list_literal(array_literal(b, maker) for b in experiment.parameters.b)}",
        f"eta = {number_literal(experiment.eta)}",
        f"l1, l2 = {experiment.penalty.l1!r}, {experiment.penalty.l2!r}",
        f"sample = {snapshot.sample}  # the one shown, counted from 0",
        "batch = slice(None)  # every update uses all samples"
        if batch is None
        else f"batch = {batch.tolist()}  # the samples that the next update uses, from 0",
        f"trainable = {array_literal(experiment.trainable, maker)}  # what an update may change",
        f"slots = {array_literal(experiment.optimizer_state.slots, maker)}  # of the optimizer",
        f"settings = {experiment.optimizer_settings!r}",
        f"n = {experiment.optimizer_state.updates + 1}  # the optimizer's count of this update",
    ]
    if experiment.clip is not None:
        lines += [
            f"longest = {experiment.clip!r}  # norm of the gradient",
            f"shares = {array_literal(experiment.norm_shares, maker)}  # what counts in it",
        ]
    return "\n".join(lines)


def _functions(experiment: Experiment) -> str:
    names = experiment.architecture.activations
    values = [entry_code(activations, "Activation", name, "value") for name in names]
    backs = [entry_code(activations, "Activation", name, "pull_back") for name in names]
    terms, delta = _cost_codes(experiment, backs[-1])
    rule = entry_code(optimizers, "Optimizer", experiment.optimizer_name, "rule")
    lines = [*definitions((*values, *backs, terms, delta, rule)), ""]
    lines += [
        f"f = {list_literal(code.expression for code in values)}",
        "# z, a, v to the product of v with the slope of f.",
        f"pull_back = {list_literal(code.expression for code in backs)}",
        "# What each output adds to the cost, and δ of the output layer.",
        f"terms = {terms.expression}",
        f"output_delta = {delta.expression}",
        f"rule = {rule.expression}",
    ]
    return "\n".join(lines)


def _cost_codes(experiment: Experiment, back: Code) -> tuple[Code, Code]:
    """Return ``(t, z, a) -> terms`` and ``(t, z, a) -> δ_L``, by the fused form if there is one."""
    name, last = experiment.cost_name, experiment.architecture.activations[-1]
    if last in experiment.cost.fused:
        terms = fused_code(costs, name, last, "terms")
        delta = fused_code(costs, name, last, "delta")
        return (
            Code(f"lambda t, z, a: ({terms.expression})(t, z)", terms.definitions),
            Code(f"lambda t, z, a: ({delta.expression})(t, a)", delta.definitions),
        )
    terms = entry_code(costs, "Cost", name, "terms")
    slope = entry_code(costs, "Cost", name, "gradient")
    through = f"lambda t, z, a: ({back.expression})(z, a, ({slope.expression})(t, a))"
    return (
        Code(f"lambda t, z, a: ({terms.expression})(t, a)", terms.definitions),
        Code(through, (*back.definitions, *slope.definitions)),
    )


def definitions(codes: Iterable[Code]) -> Iterator[str]:
    """Yield every definition once, with room around functions."""
    for text in dict.fromkeys(text for code in codes for text in code.definitions):
        yield f"\n{text}\n" if text.startswith("def ") else text


_FORWARD_TEXT = "z_l = W_l a_(l-1) + b_l and a_l = f_l(z_l)."
_FORWARD = '''def forward(W, b, x):
    """Return the net inputs and the activations of every layer."""
    zs, activations = [], [x]
    for layer in range(len(W)):
        zs.append(activations[-1] @ W[layer].T + b[layer])
        activations.append(f[layer](zs[-1]))
    return zs, activations
'''
_COST_TEXT = "The mean over the samples, plus l1 Σ|w| + ½ l2 Σw² over all weights."
_COST = '''def data_cost(W, b, x, t):
    """Return the mean cost of some samples."""
    zs, activations = forward(W, b, x)
    return terms(t, zs[-1], activations[-1]).sum() / len(t)


def penalty(W):
    """Return what is added for the weights."""
    w = np.concatenate([layer.ravel() for layer in W])
    return (l1 * np.abs(w) + 0.5 * l2 * (w * w)).sum() if l1 or l2 else 0.0
'''
_BACKWARD_TEXT = (
    "δ_L from the cost, δ_l = W_(l+1)ᵀ δ_(l+1) ⊙ f'(z_l), dW_l = δ_l a_(l-1)ᵀ, db_l = δ_l."
)
_BACKWARD = '''def backward(W, zs, activations, t):
    """Return δ of every layer and sample, and the mean gradient by every W and b."""
    deltas = [output_delta(t, zs[-1], activations[-1])]
    for layer in reversed(range(len(W) - 1)):
        handed_back = deltas[0] @ W[layer + 1]
        deltas.insert(0, pull_back[layer](zs[layer], activations[layer + 1], handed_back))
    dW = [delta.T @ a / len(t) for delta, a in zip(deltas, activations)]
    db = [delta.sum(axis=0) / len(t) for delta in deltas]
    return deltas, dW, db
'''


def gradient_text(experiment: Experiment) -> str:
    """Return what the gradient of an update is made of, in words."""
    sentences = ["It is taken over the batch; weights get the slope of the penalty."]
    if experiment.bias_policy is BiasPolicy.SHARED:
        sentences.append("The biases of a layer are one number: its gradient is their sum.")
    if experiment.bias_policy is BiasPolicy.FIXED:
        sentences.append("Biases are fixed: their gradient exists, and no update uses it.")
    if experiment.clip is not None:
        sentences.append("A longer gradient is shortened to the largest norm.")
    return "\n".join(sentences)


def _gradient(experiment: Experiment) -> str:
    is_shared = experiment.bias_policy is BiasPolicy.SHARED
    share = "    db = [np.full_like(d, d.sum()) for d in db]\n" if is_shared else ""
    clip = ""
    if experiment.clip is not None:
        clip = '''

def clipped(g):
    """Return the gradient, no longer than allowed."""
    norm = np.sqrt((shares * g * g).sum())
    return g * (longest / norm) if norm > longest else g
'''
    return (
        f'''def flat(W, b):
    """Return all parameters in one vector: W1, b1, W2, b2, …"""
    return np.concatenate([part.ravel() for layer in zip(W, b) for part in layer])


def layers(theta):
    """Return W and b of such a vector."""
    new_W, new_b, at = [], [], 0
    for w in W:
        new_W.append(theta[at : at + w.size].reshape(w.shape))
        new_b.append(theta[at + w.size : at + w.size + len(w)])
        at += w.size + len(w)
    return new_W, new_b


def gradient(W, b, x, t):
    """Return the gradient by every parameter."""
    zs, activations = forward(W, b, x)
    _, dW, db = backward(W, zs, activations, t)
    dW = [d + (l1 * np.sign(w) + l2 * w) for d, w in zip(dW, W)]
{share}    return flat(dW, db)
{clip}'''.rstrip()
        + ("\n\n\nused = clipped" if clip else "\n\n\nused = lambda g: g")
    )


_UPDATE = '''def update(W, b, g):
    """Return the parameters after one update with the gradient g."""
    change, _ = rule(used(g), eta, settings, slots, n)
    theta = flat(W, b)
    return layers(np.where(trainable, theta + change, theta))
'''
_RUN = """np.seterr(all="ignore")  # numbers that are not finite are a state as well
zs, activations = forward(W, b, x[sample : sample + 1])
deltas, _, _ = backward(W, zs, activations, t[sample : sample + 1])
g = gradient(W, b, x[batch], t[batch])
new_W, new_b = update(W, b, g)
found = {
    "z": zs,
    "a": activations[1:],
    "delta": deltas,
    "gradient": [g],
    "new W": new_W,
    "new b": new_b,
    "cost": [data_cost(W, b, x, t) + penalty(W)],
    "next cost": [data_cost(new_W, new_b, x, t) + penalty(new_W)],
    "test cost": [data_cost(W, b, x_test, t_test) if len(x_test) else np.nan],
}
for name, values in found.items():
    for layer, value in enumerate(values, start=1):
        print(name if len(values) == 1 else f"{name}{layer}", np.asarray(value).tolist())"""
CHECK_TEXT = "The numbers that the window showed when this was written."


def _check(snapshot: Snapshot) -> str:
    return f"{expected_code(snapshot, 'np.array')}\n{_COMPARE}"


def expected_code(snapshot: Snapshot, maker: str) -> str:
    """Return the statement that holds what the window shows, by the names that scripts print."""
    new_W, new_b = snapshot.experiment.architecture.views(snapshot.next_theta)
    entries = {
        "z": snapshot.forward.z,
        "a": snapshot.forward.a,
        "delta": snapshot.backward.delta,
        "gradient": (snapshot.gradient,),
        "new W": new_W,
        "new b": new_b,
    }
    numbers = {
        "cost": snapshot.cost,
        "next cost": snapshot.next_cost,
        "test cost": snapshot.test_cost,
    }
    lines = [
        f'"{name}": {list_literal(array_literal(value, maker) for value in values)},'
        for name, values in entries.items()
    ]
    lines += [f'"{name}": [{number_literal(value)}],' for name, value in numbers.items()]
    return "expected = {\n" + "\n".join(lines) + "\n}"


_COMPARE = """for name, values in expected.items():
    for value, shown in zip(found[name], values, strict=True):
        np.testing.assert_allclose(value, shown, rtol=1e-9, atol=1e-12, err_msg=name)
print("All numbers agree with those shown.")"""
