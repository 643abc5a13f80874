"""PyTorch on the CPU, eager: `torch.nn` layers, autograd and `torch.optim.SGD`."""

from __future__ import annotations

from itertools import pairwise

import torch

from benchmarks.peers.serve import Layers, Workload, serve
from benchmarks.peers.threads import give_best


class Trainer:
    """Float64 modules; one `backward` and one `step` an update."""

    def __init__(self, workload: Workload) -> None:
        torch.set_default_dtype(torch.float64)
        self._linear = [torch.nn.Linear(*shape) for shape in pairwise(workload["sizes"])]
        with torch.no_grad():
            for layer, W, b in zip(self._linear, workload["W"], workload["b"], strict=True):
                layer.weight.copy_(torch.tensor(W))
                layer.bias.copy_(torch.tensor(b))
                layer.bias.requires_grad_(workload["train_biases"])
        stack = [part for layer in self._linear for part in (layer, torch.nn.Sigmoid())]
        self._network = torch.nn.Sequential(*stack)
        trained = [p for p in self._network.parameters() if p.requires_grad]
        self._optimizer = torch.optim.SGD(trained, lr=workload["eta"])
        size = workload["batch_size"]
        x, t = torch.tensor(workload["x"]), torch.tensor(workload["t"])
        self._batches = list(zip(x.split(size), t.split(size), strict=True))
        give_best(torch.set_num_threads, (1, torch.get_num_threads()), self._gradients)

    def _gradients(self) -> None:
        for x, t in self._batches[:2]:
            self._cost(x, t).backward()

    def _cost(self, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return 0.5 * torch.square(self._network(x) - t).sum() / len(x)

    def run(self, updates: int) -> None:
        optimizer, batches = self._optimizer, self._batches
        for _ in range(updates // len(batches)):
            for x, t in batches:
                optimizer.zero_grad()
                self._cost(x, t).backward()
                optimizer.step()

    def parameters(self) -> tuple[Layers, Layers]:
        W = [layer.weight.tolist() for layer in self._linear]
        return W, [layer.bias.tolist() for layer in self._linear]


if __name__ == "__main__":
    serve({"torch": torch.__version__}, Trainer)
