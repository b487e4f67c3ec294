"""How parameters follow their gradients.

An optimizer reads `.grad` and changes `.data`; computing gradients is the loss's `backward`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import final

from autograd_mini import Value

from .arguments import as_fraction, as_rate, as_vector
from .module import Module, replace_data

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop"]

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
            if not all(map(math.isfinite, (gradient, number, *next_state))):
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
        self.momentum = as_fraction(momentum, "momentum")
        self.nesterov = nesterov
        self.weight_decay = as_rate(weight_decay, "weight_decay")
        if nesterov and not self.momentum:
            raise ValueError("nesterov=True needs a momentum: write momentum=0.9, say")

    def _update(self, data: float, gradient: float, state: State) -> tuple[float, State]:
        (velocity,) = state
        gradient += self.weight_decay * data
        velocity = self.momentum * velocity + gradient
        direction = gradient + self.momentum * velocity if self.nesterov else velocity
        return data - self.learning_rate * direction, (velocity,)


@final
class RMSprop(Optimizer):
    """Steps divided by the root of the mean square of the latest gradients.

    s := smoothing · s + (1 − smoothing) · g², then p := p − learning_rate · g / (√s + epsilon).
    Hinton, Neural Networks for Machine Learning, lecture 6e (2012).

    Args:
        parameters: the leaf Values to change, such as `model.parameters()`.
        learning_rate: the size of a step.
        smoothing: how much of the mean square is kept from step to step, less than 1.
        epsilon: what keeps the divisor from zero.
        weight_decay: how much of the parameter itself is added to its gradient.

    >>> x = Value(3.0)
    >>> (x * x).backward()
    >>> RMSprop([x], learning_rate=0.25, smoothing=0.75).step()
    >>> round(x.data, 6)  # 3 − 0.25 · 6 / √(36 / 4)
    2.5
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 0.01,
        *,
        smoothing: float = 0.99,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, state=(0.0,))
        self.smoothing = as_fraction(smoothing, "smoothing")
        self.epsilon = _positive(epsilon, "epsilon")
        self.weight_decay = as_rate(weight_decay, "weight_decay")

    def _update(self, data: float, gradient: float, state: State) -> tuple[float, State]:
        (square,) = state
        gradient += self.weight_decay * data
        square = self.smoothing * square + (1.0 - self.smoothing) * gradient * gradient
        step = gradient / (math.sqrt(square) + self.epsilon)
        return data - self.learning_rate * step, (square,)


@final
class Adam(Optimizer):
    """Steps along the mean of the latest gradients, divided by the root of their mean square.

    Both means start at zero, and are divided by what they lack for that. Kingma and Ba, Adam: A
    Method for Stochastic Optimization (2015), algorithm 1.

    Args:
        parameters: the leaf Values to change, such as `model.parameters()`.
        learning_rate: the size of a step.
        betas: how much of the mean, and of the mean square, is kept from step to step, each less
            than 1.
        epsilon: what keeps the divisor from zero.
        weight_decay: how much of the parameter itself is added to its gradient.

    >>> x = Value(3.0)
    >>> (x * x).backward()
    >>> Adam([x], learning_rate=0.25).step()
    >>> round(x.data, 6)  # the first step is as long as the rate, whatever the gradient
    2.75
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, state=(0.0, 0.0, 0.0))
        self.betas = _pair_of_betas(betas)
        self.epsilon = _positive(epsilon, "epsilon")
        self.weight_decay = as_rate(weight_decay, "weight_decay")

    def _update(self, data: float, gradient: float, state: State) -> tuple[float, State]:
        gradient += self.weight_decay * data
        step, state = _adam_step(gradient, state, self.betas, self.epsilon)
        return data - self.learning_rate * step, state


@final
class AdamW(Optimizer):
    """Adam whose weight decay shrinks the parameters themselves, not by way of the gradient.

    Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2. Arguments as
    for `Adam`; in every step a parameter loses learning_rate · weight_decay of itself.

    >>> x = Value(4.0)
    >>> x.grad = 0.0
    >>> AdamW([x], learning_rate=0.5, weight_decay=0.25).step()
    >>> x.data
    3.5
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(parameters, learning_rate, state=(0.0, 0.0, 0.0))
        self.betas = _pair_of_betas(betas)
        self.epsilon = _positive(epsilon, "epsilon")
        self.weight_decay = as_rate(weight_decay, "weight_decay")

    def _update(self, data: float, gradient: float, state: State) -> tuple[float, State]:
        step, state = _adam_step(gradient, state, self.betas, self.epsilon)
        kept = data * (1.0 - self.learning_rate * self.weight_decay)
        return kept - self.learning_rate * step, state


def _adam_step(
    gradient: float, state: State, betas: tuple[float, float], epsilon: float
) -> tuple[float, State]:
    """A step of Adam at rate 1, and the next mean, mean square and number of steps."""
    mean, square, count = state
    beta_1, beta_2 = betas
    count += 1.0
    mean = beta_1 * mean + (1.0 - beta_1) * gradient
    square = beta_2 * square + (1.0 - beta_2) * gradient * gradient
    root = math.sqrt(square / (1.0 - beta_2**count))
    return mean / (1.0 - beta_1**count) / (root + epsilon), (mean, square, count)


def _pair_of_betas(given: object) -> tuple[float, float]:
    betas = as_vector(given, "betas")
    if len(betas) != 2:
        raise ValueError(f"betas must be two numbers, as in (0.9, 0.999), not {given!r:.60}")
    return as_fraction(betas[0], "betas[0]"), as_fraction(betas[1], "betas[1]")


def _positive(given: object, what: str) -> float:
    number = as_rate(given, what)
    if number == 0.0:
        raise ValueError(f"{what} must be more than 0: where gradients are 0, it is the divisor")
    return number


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
