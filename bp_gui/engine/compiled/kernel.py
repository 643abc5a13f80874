"""The training loop: one compiled function makes any number of updates.

It is compiled once for all networks. What a network is made of arrives as numbers in tables; they
are looked at once a layer, outside the loops over neurons and samples.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numba import njit

from bp_gui.engine.compiled.activations import activate, pull_back
from bp_gui.engine.compiled.costs import cost_sum, output_error
from bp_gui.engine.compiled.optimizers import step
from bp_gui.engine.compiled.part import FAST, outer_part, part
from bp_gui.engine.compiled.pointers import at, floats, integers
from bp_gui.engine.compiled.products import dot, gradient, net_inputs, padded, passed_back, total
from bp_gui.engine.compiled.task import DENSE_EPOCHS_LOG2

# Columns of the table of layers. The first three are numbers, the others addresses: of the layer's
# weights, biases and their gradients, of what feeds it, and of z, a and δ.
N_FROM, N_TO, ACTIVATION, W, B, DW, DB, SOURCE, Z, A, DELTA, COLUMNS = range(12)

_BYTES = 8  # of a number


class Settings(NamedTuple):
    """What does not change while training runs.

    Attributes
    ----------
    n_layers, n_parameters
        L and P.
    cost, optimizer
        Codes of `bp_gui.engine.compiled.codes`.
    eta, l1, l2, clip
        Learning rate, penalties, and the largest norm of the gradient (infinite for no limit).
    shared
        Whether a layer's biases are one number.
    gemm, gemm_from
        Address of BLAS's product, and from how many multiplications on to use it.
    rows, test_rows, batch_size
        Training and test samples, and how many of them an update uses.
    reordered
        Whether every epoch has an order of its own.
    aside_width
        In blocks of how many samples the cost of many is taken.
    """

    n_layers: int
    n_parameters: int
    cost: int
    optimizer: int
    eta: float
    l1: float
    l2: float
    clip: float
    shared: bool
    gemm: int
    gemm_from: int
    rows: int
    test_rows: int
    batch_size: int
    reordered: bool
    aside_width: int


class Addresses(NamedTuple):
    """Where everything lies in memory.

    Attributes
    ----------
    layers, aside
        The table of layers for batches, and for the blocks in which the cost of many is taken.
    x, aside_x, t, aside_t
        Room for inputs and targets of the samples loaded into either.
    theta, slots, g
        θ, what the optimizer remembers, and the gradient.
    settings, moves, shares
        The optimizer's settings; for every entry of θ 1.0 where an update may change it, and its
        share in the norm.
    before, last_gradient
        Where θ before the last update goes, and the gradient there.
    samples_x, samples_t, test_x, test_t
        All samples, one a row.
    orders
        The order of the samples in each epoch from the present one on, or once for all.
    counting
        0, 1, 2, … up to the width of a block.
    record_updates, record_costs, record_tests
        Where records go.
    """

    layers: int
    aside: int
    x: int
    aside_x: int
    t: int
    aside_t: int
    theta: int
    slots: int
    g: int
    settings: int
    moves: int
    shares: int
    before: int
    last_gradient: int
    samples_x: int
    samples_t: int
    test_x: int
    test_t: int
    orders: int
    counting: int
    record_updates: int
    record_costs: int
    record_tests: int


@part
def _gemm_for(layer, m, gemm, gemm_from):
    """Return BLAS's address if the products of a layer are worth it, else 0."""
    return gemm if m > 1 and layer[N_FROM] * layer[N_TO] * m >= gemm_from else 0


@part
def _load(source, order, m, width, n, by_rows, out):
    """Copy m rows of a table (rows, n) to a block, in the order given, the last one to its end."""
    for s in range(width):
        row = at(source, order[min(s, m - 1)] * n)
        if by_rows:
            for j in range(n):
                out[s * n + j] = row[j]
        else:
            for j in range(n):
                out[j * width + s] = row[j]


@part
def _load_inputs(layers, block, source, order, m, width, n, by_rows, in_order):
    """Put m rows of the inputs at an address before the first layer.

    BLAS reads rows that follow each other where they are.
    """
    if by_rows and in_order:
        layers[SOURCE] = source + _BYTES * n * order[0]
    else:
        layers[SOURCE] = block
        _load(floats(source), order, m, width, n, by_rows, floats(block))


@part
def _forward(layers, n_layers, cost, t, m, width, gemm, gemm_from):
    """Compute z and a of every layer for m samples; return the sum of their costs."""
    layer = layers
    for index in range(n_layers):
        layer = at(layers, index * COLUMNS)
        n_to, z = layer[N_TO], floats(layer[Z])
        net_inputs(
            floats(layer[W]), floats(layer[B]), floats(layer[SOURCE]), z, layer[N_FROM], n_to,
            m, width, _gemm_for(layer, m, gemm, gemm_from), index == 0,
        )  # fmt: skip
        activate(layer[ACTIVATION], z, floats(layer[A]), n_to, width)
    return cost_sum(cost, t, floats(layer[Z]), floats(layer[A]), layer[N_TO], m, width)


@outer_part
def _backward(layers, n_layers, cost, t, m, width, gemm, gemm_from):
    """Compute δ and the gradient of the mean cost of m samples, after `_forward`."""
    for index in range(n_layers - 1, -1, -1):
        layer = at(layers, index * COLUMNS)
        n_from, n_to = layer[N_FROM], layer[N_TO]
        z, a, delta = floats(layer[Z]), floats(layer[A]), floats(layer[DELTA])
        is_fused = False
        if index == n_layers - 1:
            is_fused = output_error(cost, t, a, delta, n_to, m, width)
        else:
            above = at(layers, (index + 1) * COLUMNS)
            use = _gemm_for(above, m, gemm, gemm_from)
            W_above, delta_above = floats(above[W]), floats(above[DELTA])
            passed_back(W_above, delta_above, delta, n_to, above[N_TO], m, width, use)
        if not is_fused:
            pull_back(layer[ACTIVATION], z, a, delta, n_to, width)
        source, dW, db = floats(layer[SOURCE]), floats(layer[DW]), floats(layer[DB])
        use = _gemm_for(layer, m, gemm, gemm_from)
        gradient(delta, source, dW, db, n_from, n_to, m, width, use, index == 0)


@part
def _share_biases(layers, n_layers):
    """Give every bias of a layer the sum of the layer's gradients."""
    for index in range(n_layers):
        layer = at(layers, index * COLUMNS)
        db = floats(layer[DB])
        whole = total(db, layer[N_TO])
        for i in range(layer[N_TO]):
            db[i] = whole


@part
def _penalty(layers, n_layers, l1, l2):
    """Return ``λ₁ Σ |w| + ½ λ₂ Σ w²``."""
    sizes, squares = 0.0, 0.0
    for index in range(n_layers):
        layer = at(layers, index * COLUMNS)
        w, n = floats(layer[W]), layer[N_FROM] * layer[N_TO]
        for k in range(n):
            sizes += abs(w[k])
        squares += dot(w, w, n)
    return l1 * sizes + 0.5 * l2 * squares


@part
def _add_penalty_gradient(layers, n_layers, l1, l2):
    for index in range(n_layers):
        layer = at(layers, index * COLUMNS)
        w, dw = floats(layer[W]), floats(layer[DW])
        for k in range(layer[N_FROM] * layer[N_TO]):
            sign = 1.0 if w[k] > 0.0 else (-1.0 if w[k] < 0.0 else 0.0)
            dw[k] += l1 * sign + l2 * w[k]


@part
def _clip(g, shares, largest, P):
    squares = 0.0
    for p in range(P):
        squares += shares[p] * g[p] * g[p]
    norm = math.sqrt(squares)
    if norm > largest:
        factor = largest / norm
        for p in range(P):
            g[p] *= factor


@part
def _copy(source, out, n):
    for k in range(n):
        out[k] = source[k]


@outer_part
def _mean_cost(settings, layers, x_block, t_block, x, t, counting, rows):
    """Return the mean cost of all rows, taken block by block."""
    result, first = 0.0, 0
    last = at(layers, (settings.n_layers - 1) * COLUMNS)
    n_inputs, n_outputs = layers[N_FROM], last[N_TO]
    while first < rows:
        m = min(settings.aside_width, rows - first)
        width = padded(m)
        by_rows = _gemm_for(layers, m, settings.gemm, settings.gemm_from) != 0
        here = x + _BYTES * first * n_inputs
        _load_inputs(layers, x_block, here, counting, m, width, n_inputs, by_rows, True)
        _load(at(t, first * n_outputs), counting, m, width, n_outputs, False, t_block)
        result += _forward(
            layers, settings.n_layers, settings.cost, t_block, m, width,
            settings.gemm, settings.gemm_from,
        )  # fmt: skip
        first += m
    return result / rows


@outer_part
def _update(settings, layers, t, m, width, addresses, n, is_last):
    """Make the optimizer's n-th update from the samples loaded; return how many θ went wrong."""
    P = settings.n_parameters
    theta, g = floats(addresses.theta), floats(addresses.g)
    _backward(
        layers, settings.n_layers, settings.cost, t, m, width, settings.gemm, settings.gemm_from
    )
    if settings.shared:
        _share_biases(layers, settings.n_layers)
    if settings.l1 > 0.0 or settings.l2 > 0.0:
        _add_penalty_gradient(layers, settings.n_layers, settings.l1, settings.l2)
    if is_last:
        _copy(theta, floats(addresses.before), P)
        _copy(g, floats(addresses.last_gradient), P)
    if settings.clip < math.inf:
        _clip(g, floats(addresses.shares), settings.clip, P)
    return step(
        settings.optimizer, theta, g, settings.eta, floats(addresses.settings),
        floats(addresses.slots), floats(addresses.moves), n, P,
    )  # fmt: skip


@outer_part
def _costs_aside(settings, addresses, cost, penalty, is_full):
    """Return the costs of all training samples and of all test samples.

    The first is ``cost`` already where those are one batch.
    """
    test_cost = math.nan
    for is_test in range(2):
        rows = settings.test_rows if is_test else settings.rows
        if rows == 0 or (is_full and not is_test):
            continue
        mean = _mean_cost(
            settings, integers(addresses.aside), addresses.aside_x, floats(addresses.aside_t),
            addresses.test_x if is_test else addresses.samples_x,
            floats(addresses.test_t if is_test else addresses.samples_t),
            integers(addresses.counting), rows,
        )  # fmt: skip
        if is_test:
            test_cost = mean
        else:
            cost = mean + penalty
    return cost, test_cost


@outer_part
def _train(settings, addresses, first_update, made_before, updates, singly):
    """Make the updates of `train`; ``singly`` says that each is of one sample."""
    rows, size, n_layers = settings.rows, settings.batch_size, settings.n_layers
    layers, t = integers(addresses.layers), floats(addresses.t)
    n_inputs, n_outputs = layers[N_FROM], at(layers, (n_layers - 1) * COLUMNS)[N_TO]
    orders, row_step = integers(addresses.orders), rows if settings.reordered else 0
    has_penalty = settings.l1 > 0.0 or settings.l2 > 0.0
    per_epoch = (rows + size - 1) // size
    is_full = per_epoch == 1
    epoch, position = first_update // per_epoch, first_update % per_epoch
    spacing, m, width, is_loaded, recorded = 1, 1, 1, False, 0
    while epoch >= spacing << DENSE_EPOCHS_LOG2:
        spacing <<= 1
    for made in range(updates + 1):
        if not (is_full and is_loaded):
            if not singly:
                m = min(size, rows - position * size)
                width = padded(m)
            order = at(orders, position * size)
            by_rows = _gemm_for(layers, m, settings.gemm, settings.gemm_from) != 0
            _load_inputs(
                layers, addresses.x, addresses.samples_x, order, m, width, n_inputs, by_rows,
                not settings.reordered,
            )  # fmt: skip
            _load(floats(addresses.samples_t), order, m, width, n_outputs, False, t)
            is_loaded = True
        cost = _forward(
            layers, n_layers, settings.cost, t, m, width, settings.gemm, settings.gemm_from
        )
        penalty = _penalty(layers, n_layers, settings.l1, settings.l2) if has_penalty else 0.0
        cost = cost / m + penalty
        # The pass of an update shows whether the one before it led to a finite cost.
        if made > 0 and not abs(cost) < math.inf:
            return made - 1, recorded
        if made == updates:
            break
        if position == 0 and epoch & (spacing - 1) == 0:
            test_cost = math.nan
            if not is_full or settings.test_rows > 0:
                cost, test_cost = _costs_aside(settings, addresses, cost, penalty, is_full)
            integers(addresses.record_updates)[recorded] = first_update + made
            floats(addresses.record_costs)[recorded] = cost
            floats(addresses.record_tests)[recorded] = test_cost
            recorded += 1
        n, is_last = made_before + made + 1, made == updates - 1
        if _update(settings, layers, t, m, width, addresses, n, is_last) > 0:
            return made, recorded
        position += 1
        if position == per_epoch:
            position, epoch, orders = 0, epoch + 1, at(orders, row_step)
            if epoch >= spacing << DENSE_EPOCHS_LOG2:
                spacing <<= 1
    return updates, recorded


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def train(settings, addresses, first_update, made_before, updates):
    """Make updates in place until one leads to a number that is not finite.

    Parameters
    ----------
    settings, addresses
        What to do, and where everything lies.
    first_update
        Number of the first update, counted from 0 at the start of training.
    made_before
        How many updates the optimizer has made.
    updates
        How many to make.

    Returns
    -------
    made, recorded
        How many updates led to finite numbers, and how many records were written. Where ``made``
        is below ``updates``, the state is not finite and there may be one record too many.
    """
    return _train(settings, addresses, first_update, made_before, updates, False)


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def train_singly(settings, addresses, first_update, made_before, updates):
    """Do what `train` does where each update is of one sample, knowing so when it is compiled."""
    return _train(settings, addresses, first_update, made_before, updates, True)
