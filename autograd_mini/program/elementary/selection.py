"""Operations that choose or round, on lanes: the same bits as `kernels.selection`.

Everything is a comparison and a selection, never a multiplication by 0 or 1, so that what is not
selected has no influence, whatever it holds.
"""

from __future__ import annotations

from math import nan

from .lanes import Lanes

__all__ = [
    "at_most",
    "clamp",
    "exceeds",
    "leaky_relu",
    "leaky_step",
    "maximum",
    "minimum",
    "relu",
    "sign",
    "step",
    "where",
]


def relu(x: Lanes) -> Lanes:
    """The larger of x and 0."""
    return (x <= 0.0).choose(x.constant(0.0), x)


def leaky_relu(x: Lanes, slope: Lanes) -> Lanes:
    """x above 0, slope · x below."""
    return ((x > 0.0) | x.equals(0.0)).choose(x, slope * x)


def leaky_step(x: Lanes, slope: Lanes) -> Lanes:
    """1 above 0, slope below; at 0 the number nearest to 0 that lies between these two."""
    low = (slope > 1.0).choose(x.constant(1.0), slope)
    between = (low < 0.0).choose(x.constant(0.0), low)
    known = x.equals(0.0) & slope.equals(slope)
    flat = known.choose(between, nan)
    return (x > 0.0).choose(x.constant(1.0), (x < 0.0).choose(slope, flat))


def maximum(x: Lanes, y: Lanes) -> Lanes:
    """The larger of two; NaN if either is."""
    return (x >= y).choose(x, (y > x).choose(y, nan))


def minimum(x: Lanes, y: Lanes) -> Lanes:
    """The smaller of two; NaN if either is."""
    return (x <= y).choose(x, (y < x).choose(y, nan))


def clamp(x: Lanes, low: Lanes, high: Lanes) -> Lanes:
    """The number in [low, high] that is nearest to x."""
    return minimum(maximum(x, low), high)


def exceeds(x: Lanes, y: Lanes) -> Lanes:
    """1 if x > y, ½ at a tie, 0 if x < y."""
    tie = x.equals(y).choose(x.constant(0.5), nan)
    return (x > y).choose(x.constant(1.0), (x < y).choose(x.constant(0.0), tie))


def at_most(x: Lanes, y: Lanes) -> Lanes:
    """1 if x ≤ y, else 0."""
    return (x <= y).choose(x.constant(1.0), (x > y).choose(x.constant(0.0), nan))


def sign(x: Lanes) -> Lanes:
    """−1, 0 or 1."""
    flat = x.equals(0.0).choose(x.constant(0.0), nan)
    return (x > 0.0).choose(x.constant(1.0), (x < 0.0).choose(x.constant(-1.0), flat))


def step(x: Lanes) -> Lanes:
    """1 above 0, else 0."""
    return (x > 0.0).choose(x.constant(1.0), (x <= 0.0).choose(x.constant(0.0), nan))


def where(condition: Lanes, x: Lanes, y: Lanes) -> Lanes:
    """x if the condition is not 0 (NaN is not), else y."""
    return condition.equals(0.0).choose(y, x)
