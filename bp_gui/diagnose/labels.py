"""What a label before some numbers means: ``dW2``, ``w5+``, ``hidden.weight.grad``, ``E_total``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bp_gui.diagnose.quantities import OF_SAMPLE_ALONE, Quantity, What
from bp_gui.engine.network import Architecture


@dataclass(frozen=True)
class Meaning:
    """What a label can mean.

    Attributes
    ----------
    quantities
        In the order in which they are considered; a label without a layer has one for each. None
        at all for something else than what is compared, such as Δw.
    place
        0-based indices into the quantity's array (of one sample), if the label names an element.
    count
        How many elements follow one another from there, as in ``w2_to_w4``.
    transposed
        Whether the label says that the matrix is transposed.
    """

    quantities: tuple[Quantity, ...]
    place: tuple[int, ...] | None = None
    count: int = 1
    transposed: bool = False


_AFTER = re.compile(r"\b(new|after|next|updated?|upd)\b|[+⁺'′*]\s*$|[+⁺]")
_BEFORE = re.compile(r"\b(old|before|initial|init|start|previous|prev)\b")
_GRADIENT = re.compile(r"\b(grad|grads|gradient|gradients|nabla)\b|∇|\bg(?= [wb])")
_BY_PARAMETER = re.compile(
    r"(?:(?:\bd|∂)\w*\s*/\s*(?:d|∂)\s*"
    r"|\bd(?:[celj]|cost|loss|error)? ?d? ?)(?=(?:w|b|weights?|bias(?:es)?)(?:\d|\b|[io]h|ho|out))"
)
# A backward pass may be that of one sample, and its gradients then that sample's.
_BACKWARD = re.compile(r"backward\b")
_DELTA = re.compile(
    r"\bdeltas?(?=\d|\b)|δ|(?:\bd|∂)\w*\s*/\s*(?:d|∂)\s*(?:z|net)"
    r"|\bdz(?=\d|\b)|\berror signal"
)
_CHANGE = re.compile(r"Δ|\b[Ww] ?[Tt] delta|\bdelta ?[wb](?=\d|\b)|\bchange")
_COST = re.compile(
    r"\b(costs?|loss(?:es)?|error|e|c|j|mse|sse|total)\b|\be ?total\b|\betotal\b|\bce\b",
    re.IGNORECASE,
)
_KINDS = (
    ("weights", re.compile(r"\b(?:w(?=\d|\b)|w(?=[io]h|ho|out|hid)|weights?|theta)")),
    ("biases", re.compile(r"\b(?:b(?=\d|\b)|b(?=[io]?h\b|o\b|out|hid)|bias(?:es)?)")),
    ("z", re.compile(r"\b(?:z(?=\d|\b)|net|pre ?activations?|[ho]\d* in|in(?= ?[ho]\d*\b))")),
    ("a", re.compile(
        r"\b(?:a(?=\d|\b)|out(?:puts?)?|activations?|y ?(?:hat|pred)?\b|pred(?:ictions?)?"
        r"|[ho](?=\d|\b)|hidden)"
    )),
)  # fmt: skip
_GIVEN = re.compile(
    r"(?:x|t|inputs?|targets?|labels?|y ?true|eta|η|lr|alpha|learning ?rate|momentum|sizes?) ?\d*"
)
_INDEX = re.compile(r"\[([\d,\s]+)\]")
_TORCH = re.compile(r"(?:^|[\s.])(\d+)\.(?:weight|bias)")
_TRANSPOSED = re.compile(r"\.T\b|ᵀ|transposed")
_LAST = re.compile(r"\b(?:output|outputs|out|o)(?=\d*\b)|\b[wb] ?(?:ho|oh|out|o)\b")
_FIRST = re.compile(r"\b(?:hidden|hid|h)(?=\d*\b)|\b[wb] ?(?:ih|hi|xh|h|hid)\b")
_NEURON = re.compile(r"\b(?:net|out|in|e|error|delta|δ)? ?([ho])(\d+)\b")
_FLAT = re.compile(r"\bw ?(\d+)(?:(?: to |\.\.\.?|-) ?w?(\d+))?")
_NUMBER = re.compile(r"(?<!\d)(\d+)")
_TIME = re.compile(
    r"\b(?:after|step|epoch|iter(?:ation)?|update|sample) ?\d+"
    r"|\b\d+ ?(?:steps?|epochs?|iter(?:ation)?s?|updates?|samples?)\b"
)

_NOW = {"z": What.NET_INPUT, "a": What.ACTIVATION}


def meaning(label: str, architecture: Architecture, count: int) -> Meaning | None:
    """Return what a label means before ``count`` numbers, None if nothing is known of it.

    A label that does not say which layer, or which side of the update, means several quantities.
    """
    found = _meaning(label, architecture, count)
    if found is not None and _TRANSPOSED.search(label):
        return replace(found, transposed=True)
    return found


def _meaning(label: str, architecture: Architecture, count: int) -> Meaning | None:
    index = _INDEX.search(label)
    place = None if index is None else _place(index.group(1))
    text = _INDEX.sub(" ", label)
    words = re.sub(r"[_^{}\\()|:]+", " ", text).strip()
    lower = re.sub(r"(?<=[a-z])\.(?=[a-z])", " ", words.lower()).strip()
    if _GIVEN.fullmatch(lower):
        return Meaning(())
    if _CHANGE.search(words) and not _DELTA.fullmatch(lower):
        return Meaning(())  # understood, but nothing that is compared here
    after = _AFTER.search(lower) is not None
    before = _BEFORE.search(lower) is not None
    lower = _BY_PARAMETER.sub("grad ", lower)
    gradient = _GRADIENT.search(lower) is not None
    kind = next((name for name, pattern in _KINDS if pattern.search(lower)), "")
    layer = _layer(lower, architecture)
    if kind in ("weights", "biases"):
        matrix = kind == "weights"
        whats = _parameters(matrix, gradient=gradient, before=before)
        if gradient and _BACKWARD.match(lower):
            whats += tuple(OF_SAMPLE_ALONE[what] for what in whats)
        # Scalars called w1, w2, … count through all weights, as tutorials do.
        flat = _FLAT.search(lower) if matrix and place is None and index is None else None
        if flat is not None and _counts_through(flat, words, architecture, count):
            return _numbered(flat, whats, architecture, count)
        return _of_layers(whats, layer, architecture, place)
    if _DELTA.search(lower):
        return _with_neuron(lower, (What.DELTA,), layer, architecture, place)
    if _is_cost(lower):
        return _cost(lower, place, count, after=after, before=before)
    if kind:
        return _with_neuron(lower, (_NOW[kind],), layer, architecture, place, after=after)
    return None


def without_after(label: str) -> str:
    """Return a label without what says that the update has been made."""
    return _AFTER.sub("", label).rstrip("^{} ").replace("  ", " ").strip()


def _place(text: str) -> tuple[int, ...]:
    return tuple(int(part) - 1 for part in text.split(",") if part.strip())


def _parameters(matrix: bool, *, gradient: bool, before: bool) -> tuple[What, ...]:
    if gradient:
        return (What.WEIGHT_GRADIENT if matrix else What.BIAS_GRADIENT,)
    if before:
        return (What.OLD_WEIGHTS if matrix else What.OLD_BIASES,)
    return (What.WEIGHTS if matrix else What.BIASES,)


def _layer(lower: str, architecture: Architecture) -> int | None:
    """Return the 0-based layer that a label names, even if the network has no such layer."""
    last = architecture.n_layers - 1
    torch = _TORCH.search(lower)
    if torch is not None:
        number = int(torch.group(1))
        # Modules that hold activations are counted as well: 0, 2, 4 …
        return min(number // 2 if number > last or number == 2 else number, last)
    neuron = _NEURON.search(lower)
    if neuron is not None:
        return last if neuron.group(1) == "o" else 0
    numbers = [int(n) for n in _NUMBER.findall(_TIME.sub("", lower))]
    if numbers and numbers[0] >= 1:
        return numbers[0] - 1
    if _FIRST.search(lower):
        return 0
    if _LAST.search(lower) or re.search(r"\by\b|\by ?(hat|pred)|\bpred", lower):
        return last
    return None


def _of_layers(
    whats: tuple[What, ...],
    layer: int | None,
    architecture: Architecture,
    place: tuple[int, ...] | None,
) -> Meaning:
    layers = range(architecture.n_layers)
    if layer is not None:
        layers = range(layer, min(layer + 1, architecture.n_layers))  # none beyond the last
    return Meaning(tuple(Quantity(what, at) for what in whats for at in layers), place)


def _counts_through(
    flat: re.Match[str], words: str, architecture: Architecture, count: int
) -> bool:
    """Whether ``w5`` is the fifth weight and not the weights of layer 5."""
    if flat.group(2) is not None:
        return count == int(flat.group(2)) - int(flat.group(1)) + 1
    number = int(flat.group(1))
    if count != 1:
        return False
    sizes = architecture.sizes
    single = number <= architecture.n_layers and sizes[number] * sizes[number - 1] == 1
    return not (single and "W" in words)


def _numbered(
    flat: re.Match[str], whats: tuple[What, ...], architecture: Architecture, count: int
) -> Meaning | None:
    position = int(flat.group(1)) - 1
    for layer in range(architecture.n_layers):
        n_from, n_to = architecture.sizes[layer : layer + 2]
        if position < n_from * n_to:
            place = divmod(position, n_from)
            return Meaning(tuple(Quantity(what, layer) for what in whats), place, count)
        position -= n_from * n_to
    return None


def _with_neuron(
    lower: str,
    whats: tuple[What, ...],
    layer: int | None,
    architecture: Architecture,
    place: tuple[int, ...] | None,
    *,
    after: bool = False,
) -> Meaning:
    neuron = _NEURON.search(lower)
    if neuron is not None and place is None:
        place = (int(neuron.group(2)) - 1,)
    last = architecture.n_layers - 1
    if whats == (What.ACTIVATION,) and layer in (None, last) and "hidden" not in lower:
        if after:
            return Meaning((Quantity(What.NEXT_OUTPUT),), place)
        if re.search(r"\bout(put)?s?\b|\by\b|pred", lower) and neuron is None:
            both = (Quantity(What.ACTIVATION, last), Quantity(What.NEXT_OUTPUT))
            return Meaning(both, place)
    return _of_layers(whats, layer, architecture, place)


def _is_cost(lower: str) -> bool:
    return _COST.search(lower) is not None


def _cost(
    lower: str, place: tuple[int, ...] | None, count: int, *, after: bool, before: bool
) -> Meaning:
    if place is not None or count > 1 or re.search(r"\bterms?\b", lower):
        return Meaning((Quantity(What.TERMS),), place)
    neuron = _NEURON.search(lower)
    term = re.search(r"\b[ce](\d+)\b", lower)
    if neuron is not None and neuron.group(1) == "o":
        return Meaning((Quantity(What.TERMS),), (int(neuron.group(2)) - 1,))
    if term is not None and not re.search(r"cost|loss|error", lower):
        return Meaning((Quantity(What.TERMS),), (int(term.group(1)) - 1,))
    if re.search(r"\bafter\b|\bnext\b|\bnew\b|\bupdated\b", lower) or (after and not before):
        return Meaning((Quantity(What.NEXT_COST),))
    if before:
        return Meaning((Quantity(What.COST),))
    return Meaning((Quantity(What.COST), Quantity(What.NEXT_COST)))
