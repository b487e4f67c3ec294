"""Gradients made smaller before a step, so that a single steep place does not throw a model off.

A gradient that is infinite or NaN is left as it is: the optimizer's step refuses it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd_mini import Value

from .arguments import as_rate

__all__ = ["clip_norm", "clip_value"]


def clip_norm(parameters: Sequence[Value], largest: float) -> float:
    """Scale all gradients alike so that the root of the sum of their squares is at most `largest`.

    Args:
        parameters: Values whose `.grad` is to change, such as `model.parameters()`.
        largest: what is allowed.

    Returns:
        The norm as it was.

    >>> x, y = Value(0.0), Value(0.0)
    >>> x.grad, y.grad = 3.0, 4.0
    >>> clip_norm([x, y], 1.0), x.grad, y.grad
    (5.0, 0.6000000000000001, 0.8)
    """
    largest = as_rate(largest, "largest")
    norm = math.hypot(*[parameter.grad for parameter in parameters])
    if largest < norm < math.inf:
        scale = largest / norm
        for parameter in parameters:
            parameter.grad *= scale
    return norm


def clip_value(parameters: Sequence[Value], largest: float) -> None:
    """Move every gradient into the interval from −largest to largest.

    >>> x = Value(0.0)
    >>> x.grad = -3.0
    >>> clip_value([x], 1.0)
    >>> x.grad
    -1.0
    """
    largest = as_rate(largest, "largest")
    for parameter in parameters:
        if math.isfinite(parameter.grad):
            parameter.grad = max(-largest, min(largest, parameter.grad))
