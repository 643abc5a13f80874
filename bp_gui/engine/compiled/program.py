"""One task made ready for the kernels: lays out their storage and calls them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from bp_gui.engine.arrays import Array, frozen
from bp_gui.engine.batches import Batches, Indices
from bp_gui.engine.compiled import kernel
from bp_gui.engine.compiled.blas import gemm_address, use_one_thread
from bp_gui.engine.compiled.codes import OPTIMIZER_CODES, cost_code
from bp_gui.engine.compiled.storage import Block, Records, address
from bp_gui.engine.compiled.task import DENSE_EPOCHS_LOG2, Result, Task
from bp_gui.engine.costs import COSTS
from bp_gui.engine.network import Architecture, BiasPolicy
from bp_gui.engine.objective import Objective
from bp_gui.engine.optimizers import OPTIMIZERS, OptimizerState

# From this many multiplications in a product on, BLAS is faster than the loops here.
GEMM_FROM = 20_000
_NEVER = 2**62
_GEMM = gemm_address()
_ASIDE = 256  # samples in a block when the cost of many is taken
_ORDER_NUMBERS = 2**20  # most entries of the orders of one call
_MOST_UPDATES = 2**24  # of one call, so that its records have room


class Program:
    """One task, ready to run; not for two threads at a time."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._rows = len(task.t)
        self._per_epoch = task.batches.per_epoch(self._rows)
        self._size = self._rows if self._per_epoch == 1 else task.batches.size or 1
        architecture = task.architecture
        self._theta, self._g, self._before, self._last_gradient = np.empty(
            (4, architecture.n_parameters)
        )
        self._moves = task.trainable.astype(np.float64)
        self._shares = np.ascontiguousarray(task.norm_shares)
        self._optimizer_settings = np.array([*task.optimizer_settings, 0.0])
        self._samples = [
            np.ascontiguousarray(part) for part in (task.x, task.t, task.x_test, task.t_test)
        ]
        self._batch = Block(architecture, self._size, self._theta, self._g)
        aside = min(_ASIDE, max(self._rows, len(task.t_test)))
        self._aside = Block(architecture, aside, self._theta, self._g)
        self._counting = np.arange(aside)
        self._settings = self._scalars()

    @classmethod
    def warm_up(cls) -> None:
        """Compile the loops or load them from disk."""
        use_one_thread()
        for rows in (1, 2):  # a single sample has a loop of its own
            zeros = np.zeros((rows, 1))
            task = Task(
                architecture=Architecture((1, 1), ("linear",)),
                objective=Objective(COSTS["half_squared_error"]),
                optimizer_name="gradient_descent",
                optimizer_settings=(),
                eta=1.0,
                clip=None,
                trainable=np.ones(2, dtype=bool),
                norm_shares=np.ones(2),
                x=zeros,
                t=zeros,
                x_test=zeros[:0],
                t_test=zeros[:0],
                batches=Batches(),
                shuffle_seed=0,
            )
            state = OPTIMIZERS[task.optimizer_name].initial_state(2)
            cls(task).run(np.zeros(2), state, 0, 1)

    def run(self, theta: Array, state: OptimizerState, first: int, updates: int) -> Result:
        """Make updates from θ on, or fewer where they lead to numbers that are not finite.

        Parameters
        ----------
        theta, state
            Where to begin.
        first
            The number of the first update, counted from 0 at the start of training.
        updates
            How many; very many are cut short.
        """
        updates = min(updates, self._most_updates)
        made, result = self._call(theta, state, first, updates)
        if made < updates:
            # The kernel has run into the wall. It goes the same way again, and stops before it.
            _, result = self._call(theta, state, first, made)
            return replace(result, is_finite=False)
        return result

    @property
    def _is_reordered(self) -> bool:
        return self._task.batches.shuffle and self._per_epoch > 1

    @property
    def _most_updates(self) -> int:
        if self._is_reordered:
            return max(1, _ORDER_NUMBERS // self._rows) * self._per_epoch
        return _MOST_UPDATES

    def _orders(self, first: int, updates: int) -> Indices:
        begin = first // self._per_epoch
        end = (first + updates) // self._per_epoch if self._is_reordered else begin
        batches, seed = self._task.batches, self._task.shuffle_seed
        return np.ascontiguousarray(batches.orders(self._rows, seed, begin, end - begin + 1))

    def _capacity(self, first: int, updates: int) -> int:
        """Return how many records some updates can make at most."""
        epoch = first // self._per_epoch
        spacing = 1 << max(0, epoch.bit_length() - DENSE_EPOCHS_LOG2)
        return updates // self._per_epoch // spacing + 2

    def _call(
        self, theta: Array, state: OptimizerState, first: int, updates: int
    ) -> tuple[int, Result]:
        self._theta[:] = theta
        slots = np.array(state.slots, dtype=np.float64, order="C")
        records = Records(self._capacity(first, updates))
        orders = self._orders(first, updates)
        train = kernel.train_singly if self._size == 1 else kernel.train
        made, recorded = train(
            self._settings, self._addresses(slots, orders, records), first, state.updates, updates
        )
        result = Result(
            made=updates,
            is_finite=True,
            theta=frozen(self._theta),
            optimizer_state=OptimizerState(frozen(slots), state.updates + updates),
            before=frozen(self._before),
            gradient=frozen(self._last_gradient),
            updates=records.updates[:recorded],
            costs=records.costs[:recorded],
            test_costs=records.test_costs[:recorded],
        )
        return made, result

    def _addresses(self, slots: Array, orders: Indices, records: Records) -> kernel.Addresses:
        x, t, x_test, t_test = self._samples
        return kernel.Addresses(
            layers=address(self._batch.table),
            aside=address(self._aside.table),
            x=address(self._batch.x),
            aside_x=address(self._aside.x),
            t=address(self._batch.t),
            aside_t=address(self._aside.t),
            theta=address(self._theta),
            slots=address(slots),
            g=address(self._g),
            settings=address(self._optimizer_settings),
            moves=address(self._moves),
            shares=address(self._shares),
            before=address(self._before),
            last_gradient=address(self._last_gradient),
            samples_x=address(x),
            samples_t=address(t),
            test_x=address(x_test),
            test_t=address(t_test),
            orders=address(orders),
            counting=address(self._counting),
            record_updates=address(records.updates),
            record_costs=address(records.costs),
            record_tests=address(records.test_costs),
        )

    def _scalars(self) -> kernel.Settings:
        task, penalty = self._task, self._task.objective.penalty
        architecture = task.architecture
        return kernel.Settings(
            n_layers=architecture.n_layers,
            n_parameters=architecture.n_parameters,
            cost=cost_code(task.objective.cost.name, architecture.activations[-1]),
            optimizer=OPTIMIZER_CODES[task.optimizer_name],
            eta=float(task.eta),
            l1=float(penalty.l1),
            l2=float(penalty.l2),
            clip=math.inf if task.clip is None else float(task.clip),
            shared=task.objective.bias_policy is BiasPolicy.SHARED,
            gemm=_GEMM,
            gemm_from=GEMM_FROM if _GEMM else _NEVER,
            rows=self._rows,
            test_rows=len(task.t_test),
            batch_size=self._size,
            reordered=self._is_reordered,
            aside_width=self._aside.width,
        )
