"""Operations that only tapes have: sums of products, flows that stop, parts of a softmax."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograd_mini import operations
from autograd_mini.kernels import special
from autograd_mini.operations import step
from autograd_mini.primitive import Primitive

__all__ = [
    "GATE",
    "KEEP",
    "LEAF",
    "LOG_WHOLE",
    "OPEN",
    "TERMS",
    "TOP",
    "WEIGHT",
    "WHOLE",
    "Internal",
    "Operation",
    "apply_to_floats",
    "has_kernel",
]


@dataclass(frozen=True, eq=False)
class Internal:
    """An operation that only tapes have.

    Attributes:
        name: what a listing shows.
        forward: from a tuple of floats to a float.
    """

    name: str
    forward: Callable[[tuple[float, ...]], float]


Operation = Primitive | Internal

_IN_NATIVE_CODE = {
    operation.name for operation in vars(operations).values() if isinstance(operation, Primitive)
} - {"lgamma", "polygamma"}


def apply_to_floats(operation: Operation, numbers: Sequence[float]) -> float:
    """The result of an operation of floats, by its Python function."""
    forward: Callable[..., float] = operation.forward
    if isinstance(operation, Internal) or operation.variadic:
        return forward(tuple(numbers))
    return forward(*numbers)


def has_kernel(operation: Operation) -> bool:
    """Whether there is machine code for it; for an operation of the user's own there is none."""
    return isinstance(operation, Internal) or operation.name in _IN_NATIVE_CODE


def _terms(operands: tuple[float, ...]) -> float:
    result = 0.0
    for a, b in zip(operands[::2], operands[1::2], strict=True):
        result += a * b
    return result


def _gate(operands: tuple[float, ...]) -> float:
    flow, derivative = operands
    return 0.0 if derivative == 0.0 else flow * derivative


def _open(operands: tuple[float, ...]) -> float:
    flow, above = operands
    return _gate((flow, step.forward(above)))


def _keep(operands: tuple[float, ...]) -> float:
    flow, derivative, kept = operands
    is_absent = flow == 0.0 and str(flow) == "-0.0"
    return -0.0 if derivative == 0.0 or is_absent else kept + 0.0


def _log_whole(operands: tuple[float, ...]) -> float:
    top, *weights = operands
    return top if abs(top) == math.inf else top + math.log1p(math.fsum([-1.0, *weights]))


def _unknown(operands: tuple[float, ...]) -> float:
    raise AssertionError("a leaf has no operands")


TERMS = Internal("terms", _terms)
"""a₁b₁ + a₂b₂ + …, from left to right, each product rounded: dots, sums, sums of flows."""
GATE = Internal("gate", _gate)
"""A flow times the derivative of an operation that selects; 0 where the derivative is."""
OPEN = Internal("open", _open)
"""A flow where the second operand is above 0, else 0: a gate whose derivative is its step."""
KEEP = Internal("keep", _keep)
"""The third operand where a flow (the first) arrived and a derivative (the second) is not 0.

Elsewhere it is −0.0, which stands for "nothing flows here": added to anything, it changes nothing.
"""
TOP = Internal("softmax_top", lambda xs: math.nan if any(x != x for x in xs) else max(xs))
"""The largest of some numbers."""
WEIGHT = Internal("softmax_weight", lambda xs: special._exp_of_difference(*xs))
"""exp(x − y)."""
WHOLE = Internal("softmax_whole", lambda xs: math.fsum(xs) if max(xs) == max(xs) else math.nan)
"""The sum of some weights."""
LOG_WHOLE = Internal("softmax_log", _log_whole)
"""The largest of some numbers plus the logarithm of the sum of their weights."""
LEAF = Internal("leaf", _unknown)
