"""Which registry entries have a compiled form, and the number by which kernels know them."""

from __future__ import annotations

ACTIVATION_CODES = {
    name: code
    for code, name in enumerate(
        (
            "sigmoid",
            "tanh",
            "linear",
            "relu",
            "leaky_relu",
            "elu",
            "softplus",
            "gelu",
            "silu",
            "softmax",
        )
    )
}
COST_CODES = {
    name: code
    for code, name in enumerate(
        (
            "half_squared_error",
            "mean_squared_error",
            "binary_cross_entropy",
            "categorical_cross_entropy",
            "huber",
        )
    )
}
FUSED_CODES = {
    ("binary_cross_entropy", "sigmoid"): 100,
    ("categorical_cross_entropy", "softmax"): 101,
}
OPTIMIZER_CODES = {
    name: code
    for code, name in enumerate(
        ("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
    )
}


def cost_code(cost: str, last_activation: str) -> int:
    """Return the code of a cost taken through the last activation."""
    return FUSED_CODES.get((cost, last_activation), COST_CODES[cost])


def is_known(activations: tuple[str, ...], cost: str, optimizer: str) -> bool:
    """Whether all of these have a compiled form."""
    return (
        all(name in ACTIVATION_CODES for name in activations)
        and cost in COST_CODES
        and optimizer in OPTIMIZER_CODES
    )
