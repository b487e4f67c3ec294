"""Functions of numbers or Values that are more than one row of the table with another name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from . import operations

__all__ = ["dot", "sum"]


def dot(ws: Sequence[Any], xs: Sequence[Any], bias: Any = 0.0) -> Any:
    """w₁x₁ + w₂x₂ + … + b, as one operation: a neuron's pre-activation.

    Args:
        ws: weights, n numbers or Values.
        xs: inputs, as many.
        bias: what is added at the end.

    Raises:
        ValueError: if there are not as many weights as inputs.
        TypeError: if an operand is not a real number or a Value.

    >>> dot([1.0, 2.0], [3.0, 4.0], 5.0)
    16.0
    """
    if len(ws) != len(xs):
        raise ValueError(f"dot() of {len(ws)} weights and {len(xs)} inputs: give as many of each")
    return operations.dot_product(*ws, *xs, bias)


def sum(values: Iterable[Any]) -> Any:
    """The sum of numbers or Values, from left to right, as one operation.

    >>> sum([1.0, 2.0, 3.0])
    6.0
    """
    return operations.total(*values)
