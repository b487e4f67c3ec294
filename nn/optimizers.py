"""How parameters follow their gradients.

An optimizer reads `.grad` and changes `.data`; computing gradients is the loss's `backward`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import final

from autograd_mini import Value

from .arguments import as_rate
from .module import Module, replace_data

__all__ = ["SGD", "Optimizer"]

State = tuple[float, ...]


class Optimizer(ABC):
    """What every optimizer has in common: a step changes all of its parameters, or none.

    A new optimizer states its rule for a single parameter in `_update`; what the rule remembers
    from step to step (a velocity, say) is a tuple of floats per parameter.

    Args:
        parameters: the leaf Values to change, such as `model.parameters()`.
        learning_rate: the size of a step; it can be set anew between steps.
        state: what the rule remembers of a parameter before the first step.
    """

    def __init__(
        self, parameters: Iterable[Value], learning_rate: float, *, state: State = ()
    ) -> None:
        self.parameters = _checked(parameters)
        self.learning_rate = learning_rate
        self._states = [state] * len(self.parameters)

    @property
    def learning_rate(self) -> float:
        """The size of a step, finite and not negative."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: float) -> None:
        self._learning_rate = as_rate(learning_rate, "learning_rate")

    @abstractmethod
    def _update(self, data: float, gradient: float, state: State) -> tuple[float, State]:
        """A parameter's next number and the rule's next state."""

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self) -> None:
        """Change every parameter according to its gradient.

        Raises:
            FloatingPointError: if a gradient, or a number that a parameter would get, is infinite
                or NaN; nothing has changed then.
        """
        data, states = [], []
        for parameter, state in zip(self.parameters, self._states, strict=True):
            gradient = parameter.grad
            number, next_state = self._update(parameter.data, gradient, state)
            if not (math.isfinite(gradient) and math.isfinite(number)):
                raise FloatingPointError(
                    f"{parameter!r} would become {number} by its gradient {gradient}, so no "
                    "parameter was changed: a smaller learning rate may help, and "
                    "detect_anomaly() finds where a gradient went wrong"
                )
            data.append(number)
            states.append(next_state)
        replace_data(self.parameters, data)
        self._states = states


@final
class SGD(Optimizer):
    """Gradient descent: a parameter moves against its gradient, p := p − learning_rate · g.

    With momentum, a velocity v := momentum · v + g takes the place of g; with Nesterov's momentum,
    g + momentum · v does.

    Args:
        parameters: the leaf Values to change, such as `model.parameters()`.
        learning_rate: the size of a step.
        momentum: how much of the velocity is kept from step to step, less than 1.
        nesterov: whether the momentum is Nesterov's.
        weight_decay: how much of the parameter itself is added to its gradient.

    Raises:
        TypeError: if an argument is of the wrong kind.
        ValueError: if a parameter occurs twice or is not a leaf, if there is none, if a number is
            out of its range, or if there is Nesterov's momentum without momentum.

    >>> x = Value(3.0)
    >>> (x * x).backward()
    >>> SGD([x], learning_rate=0.25).step()
    >>> x.data
    1.5
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float,
        momentum: float = 0.0,
        *,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, state=(0.0,))
        self.momentum = as_rate(momentum, "momentum")
        self.nesterov = nesterov
        self.weight_decay = as_rate(weight_decay, "weight_decay")
        if self.momentum >= 1.0:
            raise ValueError(f"momentum must be less than 1, not {self.momentum}")
        if nesterov and not self.momentum:
            raise ValueError("nesterov=True needs a momentum: write momentum=0.9, say")

    def _update(self, data: float, gradient: float, state: State) -> tuple[float, State]:
        (velocity,) = state
        gradient += self.weight_decay * data
        velocity = self.momentum * velocity + gradient
        direction = gradient + self.momentum * velocity if self.nesterov else velocity
        return data - self.learning_rate * direction, (velocity,)


def _checked(parameters: Iterable[Value]) -> tuple[Value, ...]:
    """The parameters as a tuple, if they are distinct leaves."""
    if isinstance(parameters, Module | Value):
        raise TypeError(
            f"parameters must be a list of Values, not {parameters!r:.60}: write "
            "model.parameters() for those of a model, [value] for a single one"
        )
    values = tuple(parameters)
    if not values:
        raise ValueError("there is no parameter to change: give at least one Value")
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(
                f"a parameter must be a Value, not {type(value).__name__} {value!r:.60}"
            )
        if value.op:
            raise ValueError(f"{value!r} is the result of {value.op}: only a leaf can be changed")
    if len({id(value) for value in values}) < len(values):
        raise ValueError("a parameter occurs twice, so a step would count its gradient twice")
    return values
