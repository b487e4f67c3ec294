"""Arithmetic, powers, logarithms and trigonometry on floats, without exceptions.

Where `math` would raise, the IEEE 754 result: infinite, NaN, a signed zero. Which function is
whose derivative is not said here but in `operations`.
"""

from __future__ import annotations

import math
from math import inf, nan

__all__ = [
    "acos",
    "acosh",
    "asin",
    "atan2_slope",
    "atan_prime",
    "atanh",
    "cos",
    "cosh",
    "div",
    "dot",
    "exp",
    "expm1",
    "exponent_rule",
    "floor_quotient",
    "hypot",
    "hypot_slope",
    "log",
    "log1p",
    "log2",
    "log10",
    "mean",
    "mod",
    "power",
    "power_rule",
    "reciprocal",
    "sin",
    "sinh",
    "sqrt",
    "tan",
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


def sin(x: float) -> float:
    """The sine of x radians; NaN at either infinity."""
    return math.sin(x) if math.isfinite(x) else nan


def cos(x: float) -> float:
    """The cosine of x radians; NaN at either infinity."""
    return math.cos(x) if math.isfinite(x) else nan


def tan(x: float) -> float:
    """The tangent of x radians; NaN at either infinity."""
    return math.tan(x) if math.isfinite(x) else nan


def asin(x: float) -> float:
    """The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1]."""
    return math.asin(x) if -1.0 <= x <= 1.0 else nan


def acos(x: float) -> float:
    """The angle in [0, π] whose cosine is x; NaN outside [−1, 1]."""
    return math.acos(x) if -1.0 <= x <= 1.0 else nan


def atan_prime(x: float) -> float:
    """1 / (1 + x²), also where x² overflows."""
    return 1.0 / (1.0 + x * x) if abs(x) < 1e150 else (1.0 / x) / x


def atan2_slope(x: float, y: float) -> float:
    """x / (x² + y²), 0 at the origin."""
    h = hypot(x, y)
    if h in (0.0, inf):
        return 0.0
    return x / h / h


def hypot(x: float, y: float) -> float:
    """√(x² + y²)."""
    return math.hypot(x, y)


def hypot_slope(x: float, y: float) -> float:
    """x / √(x² + y²), 0 at the origin."""
    if x != x or y != y:
        return nan
    if x == 0.0 or (abs(y) == inf and abs(x) < inf):
        return 0.0 * x
    if abs(x) == inf:
        return math.copysign(1.0, x) if abs(y) < inf else nan
    h = math.hypot(x, y)
    return x / h if h < inf else 0.5 * x / math.hypot(0.5 * x, 0.5 * y)


def sinh(x: float) -> float:
    """The hyperbolic sine."""
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(inf, x)


def cosh(x: float) -> float:
    """The hyperbolic cosine."""
    try:
        return math.cosh(x)
    except OverflowError:
        return inf


def acosh(x: float) -> float:
    """The number x ≥ 0 whose hyperbolic cosine is x; NaN below 1."""
    return math.acosh(x) if x >= 1.0 else nan


def atanh(x: float) -> float:
    """The number whose hyperbolic tangent is x; infinite at ±1, NaN beyond."""
    if abs(x) == 1.0:
        return math.copysign(inf, x)
    return math.atanh(x) if abs(x) < 1.0 else nan


def total(operands: tuple[float, ...]) -> float:
    """The sum from left to right, the same on every version of Python (builtin `sum` is not)."""
    result = 0.0
    for x in operands:
        result += x
    return result


def mean(operands: tuple[float, ...]) -> float:
    """The sum divided by the number of operands; NaN of none."""
    return div(total(operands), float(len(operands)))


def dot(operands: tuple[float, ...]) -> float:
    """w₁x₁ + w₂x₂ + … + b from left to right, of the operands w₁, w₂, …, x₁, x₂, …, b."""
    width = len(operands) // 2
    result = 0.0
    for w, x in zip(operands[:width], operands[width:-1], strict=True):
        result += w * x
    return result + operands[-1]
