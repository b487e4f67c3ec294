"""The activations that nn knows by name.

The functions are autograd_mini's, and so are their derivatives; here they only get their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_mini import Value, atan, relu, sigmoid, tanh

__all__ = ["ACTIVATIONS", "Activation", "activation_function"]

Activation = Callable[[Value], Any]
"""From a Value to a Value."""

ACTIVATIONS: dict[str, Activation | None] = {
    "linear": None,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "atan": atan,
}
"""Every activation by its name. None passes the weighted sum on as it is."""


def activation_function(activation: str | Activation | None) -> Activation | None:
    """The function for a name, or the function that was given.

    Args:
        activation: a name in `ACTIVATIONS`, a function from a Value to a Value, or None.

    Raises:
        ValueError: for an unknown name.
        TypeError: for anything that cannot be called.

    >>> activation_function("tanh")(0.0)
    0.0
    """
    if isinstance(activation, str):
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"no activation is named {activation!r}: write one of "
                f"{', '.join(map(repr, ACTIVATIONS))}, or give a function"
            )
        return ACTIVATIONS[activation]
    if activation is None or callable(activation):
        return activation
    raise TypeError(
        f"activation must be a name, a function or None, not {type(activation).__name__} "
        f"{activation!r:.60}"
    )
