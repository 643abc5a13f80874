"""Who is measured."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from types import MappingProxyType

from benchmarks.reference import SAME, Order, Rule
from benchmarks.workloads import Workload
from bp_gui.engine.network import BiasPolicy

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / "build" / "bench"
PEER_PYTHON = ENVIRONMENTS / "python" / "bin" / "python"
NODE_MODULES = ENVIRONMENTS / "node" / "node_modules"

OWN, OWN_NUMPY, C_LOOP = "own", "own_numpy", "c"


@dataclass(frozen=True)
class Peer:
    """One program that trains networks, and how to start it.

    Attributes
    ----------
    name
        Key.
    label
        What the tables call it.
    command
        What is started.
    needs
        A file without which it is not installed.
    how
        What of it is measured.
    rule
        How it trains.
    bits
        Size of its floating-point numbers.
    keeps_biases
        Whether it can train weights alone.
    most_terms
        Parameters times samples of an update up to which it is worth waiting for; None for any.
    """

    name: str
    label: str
    command: tuple[str, ...]
    needs: Path
    how: str
    rule: Rule = SAME
    bits: int = 64
    keeps_biases: bool = False
    most_terms: int | None = None

    @property
    def tolerance(self) -> float:
        """How far its parameters, near 1, may lie from the reference after the check."""
        return 1e-12 if self.bits == 64 else 2e-5

    def obstacle(self, workload: Workload) -> str | None:
        """Return why it is not measured at some work, or None."""
        if not self.needs.exists():
            return "not installed"
        if workload.bias_policy is BiasPolicy.FIXED and not self.keeps_biases:
            return "trains biases"
        terms = workload.start.architecture.n_parameters * workload.batch_size
        if self.most_terms is not None and terms > self.most_terms:
            return "too slow"
        return None


def _module(name: str, python: Path, *arguments: str) -> tuple[str, ...]:
    return (str(python), "-m", f"benchmarks.peers.{name}", *arguments)


def _script(name: str) -> tuple[str, ...]:
    return ("node", str(ROOT / "benchmarks" / "peers" / name))


_OWN_PYTHON = Path(sys.executable)
_SAMPLE_BY_SAMPLE = Rule(sample_by_sample=True)
_SYNAPTIC = Rule(cost="binary_cross_entropy", sample_by_sample=True, order=Order.BACK_TO_FRONT)

PEERS: Mapping[str, Peer] = MappingProxyType(
    {
        peer.name: peer
        for peer in (
            Peer(
                OWN,
                "this program",
                _module("own", _OWN_PYTHON),
                _OWN_PYTHON,
                "`session.training.advance` with the compiled loops, as the window calls it: costs "
                "recorded, checked for infinities",
                keeps_biases=True,
            ),
            Peer(
                OWN_NUMPY,
                "this program, NumPy",
                _module("own", _OWN_PYTHON, "numpy"),
                _OWN_PYTHON,
                "the same before the compiled loops are loaded, and where Numba is missing",
                keeps_biases=True,
            ),
            Peer(
                C_LOOP,
                "a loop in C",
                _module("c_loop", _OWN_PYTHON),
                Path(which("gcc") or "gcc"),
                "scalar loops with the sizes compiled in, `gcc -O3 -march=native`",
            ),
            Peer(
                "jax",
                "JAX",
                _module("jax_loop", PEER_PYTHON),
                PEER_PYTHON,
                "`jax.grad` inside one compiled `fori_loop`",
                keeps_biases=True,
            ),
            Peer(
                "synaptic",
                "Synaptic",
                _script("synaptic.js"),
                NODE_MODULES / "synaptic",
                "`activate` and `propagate`, compiled for the network",
                rule=_SYNAPTIC,
            ),
            Peer(
                "brain",
                "brain.js",
                _script("brain.js"),
                NODE_MODULES / "brain.js",
                "`NeuralNetwork.trainPattern`, plain JavaScript without a GPU",
                rule=_SAMPLE_BY_SAMPLE,
                bits=32,
            ),
            Peer(
                "convnet",
                "ConvNetJS",
                _script("convnet.js"),
                NODE_MODULES / "convnetjs",
                "`SGDTrainer.train` on fully connected layers",
            ),
            Peer(
                "sklearn",
                "scikit-learn",
                _module("sklearn_mlp", PEER_PYTHON),
                PEER_PYTHON,
                "`MLPRegressor.fit`, many epochs a call",
                rule=Rule(output="linear"),
            ),
            Peer(
                "torch",
                "PyTorch",
                _module("torch_sgd", PEER_PYTHON),
                PEER_PYTHON,
                "eager `torch.nn` and `torch.optim.SGD` on the CPU",
                keeps_biases=True,
            ),
            Peer(
                "micrograd",
                "micrograd",
                _module("micrograd_scalar", PEER_PYTHON),
                PEER_PYTHON,
                "its `Value` with a sigmoid added",
                keeps_biases=True,
                most_terms=10_000,
            ),
            Peer(
                "autograd",
                "autograd",
                _module("autograd_numpy", PEER_PYTHON),
                PEER_PYTHON,
                "`grad` of the cost in NumPy",
                keeps_biases=True,
            ),
        )
    }
)
