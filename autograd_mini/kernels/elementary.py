"""Arithmetic, powers, logarithms and sums of floats, without exceptions.

Where `math` would raise, the IEEE 754 result: infinite, NaN, a signed zero. Which function is
whose derivative is not said here but in `operations`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import inf, nan

from .compensated import exact_product

__all__ = [
    "cbrt",
    "div",
    "dot",
    "exp",
    "expm1",
    "exponent_rule",
    "floor_quotient",
    "log",
    "log1p",
    "log2",
    "log10",
    "mean",
    "mod",
    "power",
    "power_rule",
    "reciprocal",
    "sqrt",
    "total",
]


def div(x: float, y: float) -> float:
    """x / y.

    >>> div(1.0, -0.0), div(0.0, 0.0)
    (-inf, nan)
    """
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0.0 or x != x:
            return nan
        return math.copysign(inf, x) * math.copysign(1.0, y)


def reciprocal(x: float) -> float:
    """1 / x for x ≥ 0, where either zero gives inf; NaN below.

    >>> reciprocal(-0.0), reciprocal(-1.0)
    (inf, nan)
    """
    if x > 0.0:
        return 1.0 / x
    return inf if x == 0.0 else nan


def mod(x: float, y: float) -> float:
    """x − y ⌊x / y⌋, of the sign of y; NaN at y = 0."""
    return x % y if y else nan


def floor_quotient(x: float, y: float) -> float:
    """⌊x / y⌋; NaN at y = 0."""
    return x // y if y else nan


def sqrt(x: float) -> float:
    """The square root.

    >>> sqrt(-1.0), sqrt(-0.0)
    (nan, -0.0)
    """
    return nan if x < 0.0 else math.sqrt(x)


def cbrt(x: float) -> float:
    """The cube root, with the few ulp that C libraries lose put back by a step of Newton's.

    >>> cbrt(-27.0)
    -3.0
    """
    if x == 0.0 or not math.isfinite(x):
        return x
    if abs(x) < 1e-280:  # the cube's low part would underflow
        return cbrt(x * 2.0**600) * 2.0**-200
    root = math.cbrt(x)
    square, square_low = exact_product(root, root)
    cube, cube_low = exact_product(square, root)
    return root - ((cube - x) + (cube_low + square_low * root)) / (3.0 * square)


def power(x: float, y: float) -> float:
    """x to the power y; NaN, not complex, for a fractional power of a negative number.

    >>> power(-8.0, 1 / 3), power(0.0, -1.0), power(-1e200, 3.0)
    (nan, inf, -inf)
    """
    try:
        return math.pow(x, y)
    except OverflowError:
        return -inf if x < 0.0 and math.fmod(y, 2.0) != 0.0 else inf
    except ValueError:
        if x != 0.0:
            return nan
        return math.copysign(inf, x) if math.fmod(y, 2.0) in (1.0, -1.0) else inf


def power_rule(x: float, y: float) -> float:
    """y x^(y−1), with the digits that y − 1 loses put back to first order.

    >>> power_rule(0.0, 0.0), power_rule(2.0, 1e-20)
    (0.0, 5e-21)
    """
    if y == 0.0:
        return 0.0
    if x != x:
        return nan
    exponent = y - 1.0
    shift = exponent - y
    lost = (y - (exponent - shift)) + (-1.0 - shift)  # as by exact_sum, without the call
    factor = power(x, exponent)
    if factor == 0.0:
        return 0.0  # for an infinite y too
    slope = y * factor
    if abs(slope) == inf:
        # A small y may bring the overflow back into range.
        return y * power(x, y) / x if x and abs(x) < inf else slope
    if lost and 0.0 < abs(x) < inf:
        slope += slope * (lost * math.log(abs(x)))
    return slope


def exponent_rule(x: float, y: float) -> float:
    """x^y ln x, 0 where x^y is 0.

    >>> exponent_rule(0.0, 2.0), exponent_rule(0.0, -2.0)
    (0.0, -inf)
    """
    if x < 0.0 or y != y:
        return nan
    if x == 0.0:
        return -inf if y < 0.0 else 0.0
    result = power(x, y)
    return result * log(x) if result else 0.0


def exp(x: float) -> float:
    """e to the power x.

    >>> exp(1000.0)
    inf
    """
    try:
        return math.exp(x)
    except OverflowError:
        return inf


def expm1(x: float) -> float:
    """exp(x) − 1."""
    try:
        return math.expm1(x)
    except OverflowError:
        return inf


def log(x: float) -> float:
    """The natural logarithm.

    >>> log(0.0), log(-1.0)
    (-inf, nan)
    """
    if x > 0.0:
        return math.log(x)
    return -inf if x == 0.0 else nan


def log1p(x: float) -> float:
    """log(1 + x); −inf at −1, NaN below."""
    if x > -1.0:
        return math.log1p(x)
    return -inf if x == -1.0 else nan


def log2(x: float) -> float:
    """The logarithm to base 2; −inf at 0, NaN below."""
    if x > 0.0:
        return math.log2(x)
    return -inf if x == 0.0 else nan


def log10(x: float) -> float:
    """The logarithm to base 10; −inf at 0, NaN below."""
    if x > 0.0:
        return math.log10(x)
    return -inf if x == 0.0 else nan


def total(operands: tuple[float, ...]) -> float:
    """The sum from left to right, the same on every version of Python (builtin `sum` is not)."""
    result = 0.0
    for x in operands:
        result += x
    return result


def mean(operands: tuple[float, ...]) -> float:
    """The sum divided by the number of operands; NaN of none."""
    return div(total(operands), float(len(operands)))


def dot(ws: Sequence[float], xs: Sequence[float], bias: float) -> float:
    """w₁x₁ + w₂x₂ + … + bias, from left to right."""
    result = 0.0
    for w, x in zip(ws, xs, strict=True):
        result += w * x
    return result + bias
