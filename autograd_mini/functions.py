"""Functions of numbers or Values that take more than an operation's operands: lists, defaults.

The others of the public functions are rows of the table themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

from . import operations

__all__ = [
    "clamp",
    "elu",
    "gelu",
    "hardtanh",
    "leaky_relu",
    "logsumexp",
    "mean",
    "round",
    "sum",
    "where",
]


def sum(values: Iterable[Any]) -> Any:
    """The sum of numbers or Values, from left to right, as one operation.

    >>> sum([1.0, 2.0, 3.0])
    6.0
    """
    return operations.total.of(_listed(values, "sum"))


def mean(values: Iterable[Any]) -> Any:
    """The mean of numbers or Values, as one operation.

    Raises:
        ValueError: if there are none.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    operands = _listed(values, "mean")
    if not operands:
        raise ValueError("mean() of no numbers: give at least one")
    return operations.mean.of(operands)


def logsumexp(values: Iterable[Any]) -> Any:
    """log(exp(x₁) + exp(x₂) + …), also where an exponential overflows; −inf of no numbers.

    >>> logsumexp([1000.0, 1000.0])
    1000.6931471805599
    """
    return operations.logsumexp.of(_listed(values, "logsumexp"))


def where(condition: Any, x: Any, y: Any) -> Any:
    """x if the condition holds, else y; nothing flows to the other one.

    Args:
        condition: a bool, a number or a Value; it holds if it is not 0.
        x: a number or a Value.
        y: a number or a Value.

    >>> where(2.0 > 1.0, 3.0, 4.0)
    3.0
    """
    return operations.where(condition, x, y)


def clamp(x: Any, low: Any = -math.inf, high: Any = math.inf) -> Any:
    """The number in [low, high] that is nearest to x; of slope 0 in x from the bounds outward.

    Raises:
        ValueError: if low is above high.

    >>> clamp(3.0, 0.0, 1.0)
    1.0
    """
    clamped = operations.clamp(x, low, high)
    if low > high:
        raise ValueError(f"clamp() between {low!r} and {high!r}: give the lower bound first")
    return clamped


def hardtanh(x: Any) -> Any:
    """x between −1 and 1, and these beyond; of slope 0 from there on.

    >>> hardtanh(-3.0)
    -1.0
    """
    return operations.clamp(x, -1.0, 1.0)


def round(x: Any) -> Any:
    """The nearest integer, the even one of two; of slope 0.

    >>> round(2.5)
    2.0
    """
    return operations.round_half_even(x)


def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    """x above 0, slope · x below; at 0 of the slope nearest to 0 that lies between the two.

    >>> leaky_relu(-2.0)
    -0.02
    """
    return operations.leaky_relu(x, slope)


def elu(x: Any, alpha: Any = 1.0) -> Any:
    """x above 0, α (exp(x) − 1) below; of slope α at 0.

    >>> elu(-1.0)
    -0.6321205588285577
    """
    return operations.elu(x, alpha)


def gelu(x: Any, approximate: Literal["none", "tanh"] = "none") -> Any:
    """x times the standard normal distribution at x, or its approximation by a tanh.

    Hendrycks and Gimpel, Gaussian Error Linear Units, 2016.

    Raises:
        ValueError: if approximate is neither "none" nor "tanh".

    >>> gelu(1.0), gelu(1.0, "tanh")
    (0.841344746068543, 0.8411919906082768)
    """
    if approximate not in ("none", "tanh"):
        raise ValueError(f"gelu() approximated by {approximate!r}: give 'none' or 'tanh'")
    return operations.gelu(x) if approximate == "none" else operations.gelu_tanh(x)


def _listed(values: Iterable[Any], name: str) -> tuple[Any, ...]:
    if isinstance(values, Iterable):
        return tuple(values)
    raise TypeError(f"{name}() of {values!r:.60}: give the numbers in a list, as in {name}([x, y])")
