"""Circular and hyperbolic functions of floats and the slopes of angles and distances.

Without exceptions, and where a square would overflow or underflow without that either.
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
    "hypot_slope",
    "sin",
    "sinh",
    "tan",
]


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
    """x / (x² + y²), 0 at the origin and at infinity.

    >>> atan2_slope(1e308, 1e308), atan2_slope(0.0, 0.0)
    (5e-309, 0.0)
    """
    if x != x or y != y:
        return nan
    if x == 0.0 or inf in (abs(x), abs(y)):
        return math.copysign(0.0, x)
    exponent = _exponent(x, y)
    h = math.hypot(math.ldexp(x, -exponent), math.ldexp(y, -exponent))
    try:
        return math.ldexp(x, -2 * exponent) / h / h
    except OverflowError:
        return math.copysign(inf, x)


def hypot_slope(x: float, y: float) -> float:
    """x / √(x² + y²), 0 at the origin, and at infinity the limit if there is one.

    >>> hypot_slope(1e308, 1e308), hypot_slope(0.0, 0.0)
    (0.7071067811865475, 0.0)
    """
    if x != x or y != y:
        return nan
    if x == 0.0 or abs(y) == inf > abs(x):
        return math.copysign(0.0, x)
    if abs(x) == inf:
        return math.copysign(1.0, x) if abs(y) < inf else nan
    exponent = _exponent(x, y)
    x, y = math.ldexp(x, -exponent), math.ldexp(y, -exponent)
    return x / math.hypot(x, y)


def _exponent(x: float, y: float) -> int:
    """That of the power of 2 to divide two floats by for their distance to be near 1.

    Of what is scaled up the distance comes out below 1, else above it: so nothing overflows
    before the quotient does, nor loses more bits.
    """
    exponent = math.frexp(max(abs(x), abs(y)))[1]
    return exponent + 1 if exponent < 0 else exponent - 1


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
