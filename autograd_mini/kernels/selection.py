"""Functions of floats that choose: signs, comparisons, roundings to an integer.

A NaN gives NaN, wherever the choice would depend on it.
"""

from __future__ import annotations

import math
from math import nan

__all__ = [
    "at_most",
    "ceil",
    "clamp",
    "exceeds",
    "floor",
    "maximum",
    "minimum",
    "round_half_even",
    "sign",
    "step",
    "where",
]


def sign(x: float) -> float:
    """−1, 0 or 1."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return 0.0 if x == x else nan


def step(x: float) -> float:
    """1 above 0, else 0."""
    if x > 0.0:
        return 1.0
    return 0.0 if x == x else nan


def maximum(x: float, y: float) -> float:
    """The larger of two; NaN if either is."""
    return x if x >= y else y if y > x else nan


def minimum(x: float, y: float) -> float:
    """The smaller of two; NaN if either is."""
    return x if x <= y else y if y < x else nan


def exceeds(x: float, y: float) -> float:
    """1 if x > y, ½ at a tie, 0 if x < y."""
    if x > y:
        return 1.0
    if x < y:
        return 0.0
    return 0.5 if x == y else nan


def at_most(x: float, y: float) -> float:
    """1 if x ≤ y, else 0."""
    if x <= y:
        return 1.0
    return 0.0 if x > y else nan


def clamp(x: float, low: float, high: float) -> float:
    """The number in [low, high] that is nearest to x."""
    return minimum(maximum(x, low), high)


def where(condition: float, x: float, y: float) -> float:
    """x if the condition is not 0, else y."""
    return x if condition else y


def floor(x: float) -> float:
    """The largest integer up to x."""
    return math.copysign(math.floor(x), x) if math.isfinite(x) else x


def ceil(x: float) -> float:
    """The smallest integer from x on."""
    return math.copysign(math.ceil(x), x) if math.isfinite(x) else x


def round_half_even(x: float) -> float:
    """The nearest integer, the even one of two."""
    return math.copysign(round(x), x) if math.isfinite(x) else x
