"""Functions from floats to a float that never raise: where `math` would, the IEEE 754 result.

Each is within a few units in the last place of the true value wherever that is representable.
Which function is whose derivative is not said here but in `operations`.
"""

from __future__ import annotations

import math
from math import inf, nan

__all__ = [
    "cos",
    "div",
    "dot",
    "exp",
    "exponent_rule",
    "log",
    "power",
    "power_rule",
    "reciprocal",
    "relu",
    "sech_squared",
    "sigmoid",
    "sigmoid_prime",
    "sign",
    "sin",
    "sqrt",
    "step",
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


def exp(x: float) -> float:
    """e to the power x.

    >>> exp(1000.0)
    inf
    """
    try:
        return math.exp(x)
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


def sqrt(x: float) -> float:
    """The square root.

    >>> sqrt(-1.0), sqrt(-0.0)
    (nan, -0.0)
    """
    return nan if x < 0.0 else math.sqrt(x)


def sin(x: float) -> float:
    """The sine of x radians; NaN at either infinity."""
    return math.sin(x) if math.isfinite(x) else nan


def cos(x: float) -> float:
    """The cosine of x radians; NaN at either infinity."""
    return math.cos(x) if math.isfinite(x) else nan


def sech_squared(x: float) -> float:
    """1 − tanh²x, which cancels as written once tanh x is near 1.

    >>> sech_squared(20.0)
    1.6993417021166355e-17
    """
    if -0.5 < x < 0.5:
        t = math.tanh(x)
        return 1.0 - t * t
    e = math.exp(-2.0 * abs(x))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


def sigmoid(x: float) -> float:
    """1 / (1 + exp(−x)), by an exponential that cannot overflow."""
    e = math.exp(-abs(x))
    return 1.0 / (1.0 + e) if x >= 0.0 else e / (1.0 + e)


def sigmoid_prime(x: float) -> float:
    """σ(x)(1 − σ(x)), which cancels as written once σ is near 1.

    >>> sigmoid_prime(40.0)
    4.248354255291589e-18
    """
    e = math.exp(-abs(x))
    return e / ((1.0 + e) * (1.0 + e))


def relu(x: float) -> float:
    """The larger of x and 0."""
    return x if x > 0.0 or x != x else 0.0


def step(x: float) -> float:
    """1 above 0, else 0."""
    if x > 0.0:
        return 1.0
    return 0.0 if x == x else nan


def sign(x: float) -> float:
    """−1, 0 or 1."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return 0.0 if x == x else nan


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
    exponent = y - 1.0
    shift = exponent - y
    lost = (y - (exponent - shift)) + (-1.0 - shift)  # y − 1 = exponent + lost, exactly
    slope = y * power(x, exponent)
    if lost and 0.0 < abs(x) < inf and abs(slope) < inf:
        slope += slope * (lost * math.log(abs(x)))
    if abs(slope) == inf and x:
        slope = y * power(x, y) / x  # a small y may bring the overflow back into range
    return slope


def exponent_rule(x: float, y: float) -> float:
    """x^y ln x, 0 where x^y is 0.

    >>> exponent_rule(0.0, 2.0), exponent_rule(0.0, -2.0)
    (0.0, -inf)
    """
    if x == 0.0 and y == 0.0:
        return 0.0
    result = power(x, y)
    if x < 0.0 or y != y:
        return nan
    return 0.0 if result == 0.0 else result * log(x)


def total(operands: tuple[float, ...]) -> float:
    """The sum from left to right, the same on every version of Python (builtin `sum` is not)."""
    result = 0.0
    for x in operands:
        result += x
    return result


def dot(operands: tuple[float, ...]) -> float:
    """w₁x₁ + w₂x₂ + … + b from left to right, of the operands w₁, w₂, …, x₁, x₂, …, b."""
    width = len(operands) // 2
    result = 0.0
    for w, x in zip(operands[:width], operands[width:-1], strict=True):
        result += w * x
    return result + operands[-1]
