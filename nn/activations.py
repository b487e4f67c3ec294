"""The activations that nn knows by name, and a module that applies one.

The functions are autograd_mini's, and so are their derivatives; here they only get their names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast, final

from autograd_mini import (
    Value,
    atan,
    elu,
    gelu,
    hardtanh,
    leaky_relu,
    logsigmoid,
    mish,
    no_grad,
    relu,
    selu,
    sigmoid,
    silu,
    softplus,
    tanh,
)

from .arguments import Number, as_named, as_vector
from .module import Module

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "ActivationFunction",
    "activation_function",
    "activation_on_floats",
]

ActivationFunction = Callable[[Any], Any]
"""From a Value to a Value."""


def gelu_tanh(x: Any) -> Any:
    """The approximation of gelu by a tanh.

    >>> gelu_tanh(1.0)
    0.8411919906082768
    """
    return gelu(x, "tanh")


ACTIVATIONS: dict[str, ActivationFunction | None] = {
    "linear": None,
    "sigmoid": sigmoid,
    "logsigmoid": logsigmoid,
    "tanh": tanh,
    "hardtanh": hardtanh,
    "atan": atan,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "selu": selu,
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "silu": silu,
    "mish": mish,
    "softplus": softplus,
}
"""Every activation by its name. None passes the weighted sum on as it is."""


@final
class Activation(Module):
    """A function applied to each of its inputs, as a module without parameters.

    Args:
        function: a name in `ACTIVATIONS`, or a function from a Value to a Value.

    >>> Activation("relu")([-1.0, 2.0])
    [0.0, 2.0]
    """

    def __init__(self, function: str | ActivationFunction) -> None:
        self.function = activation_function(function)
        self._name = function if isinstance(function, str) else repr(function)

    def __call__(self, inputs: Sequence[Number], /) -> list[Any]:
        """The function of each input: floats for floats, Values for Values."""
        vector = as_vector(inputs, "inputs")
        return list(vector) if self.function is None else [self.function(x) for x in vector]

    def on_floats(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """The function of each number, without building graphs."""
        function = activation_on_floats(self.function)
        return [list(row) if function is None else [function(x) for x in row] for row in rows]

    def __repr__(self) -> str:
        return f"Activation({self._name!r:.60})"


def activation_function(activation: str | ActivationFunction | None) -> ActivationFunction | None:
    """The function for a name, or the function that was given.

    Args:
        activation: a name in `ACTIVATIONS`, a function from a Value to a Value, or None.

    Raises:
        ValueError: for an unknown name.
        TypeError: for anything that cannot be called.

    >>> activation_function("tanh")(0.0)
    0.0
    """
    if activation is None:
        return None
    return cast("ActivationFunction | None", as_named(activation, "activation", ACTIVATIONS))


def activation_on_floats(function: ActivationFunction | None) -> Callable[[float], float] | None:
    """An activation as a function from a float to a float that builds no graph, None for None.

    >>> activation_on_floats(lambda x: x.tanh() + 1.0)(0.0)
    1.0
    """
    if isinstance(function, type(relu)):  # an operation, whose own function of floats is quick
        return function.forward
    if function in ACTIVATIONS.values():  # None among them
        return function

    def call(x: float) -> float:
        with no_grad():
            output: Value = function(Value(x))  # type: ignore[misc]  # None has gone already
        return output.data

    return call
