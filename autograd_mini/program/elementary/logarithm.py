"""Logarithms and sums of exponentials on lanes.

With x = 2ᵏ (1 + f), √½ ≤ 1 + f < √2, and s = f / (2 + f), log(1 + f) is the series
2 (s + s³/3 + s⁵/5 + …), arranged as f − (f²/2 − s (f²/2 + R)) so that the small terms alone are
rounded before the last additions. The arrangement is that of Kwok Ng's log for FreeBSD's C library
(fdlibm, Sun Microsystems, 1993), which states its error as less than 1 ulp.
"""

from __future__ import annotations

from math import inf, nan
from typing import Any

from .exponential import LN2_HIGH, LN2_LOW, exp, polynomial, two_sum
from .lanes import Lanes, Mask, absolute, from_integers

__all__ = ["log", "log1p", "logaddexp", "logistic_share", "logsumexp", "softmax_share"]

SERIES = tuple(2.0 / (2 * k + 1) for k in range(1, 11))  # of R / s²; what follows is below 2⁻⁶⁰
SMALLEST_NORMAL = 2.0**-1022
SQRT_HALF_BITS = 0x3FE6A09E00000000  # √½, its last bits off


def log(x: Lanes) -> Lanes:
    """The natural logarithm; −inf at 0, NaN below."""
    result = _log_of_sum(x, x.constant(0.0))
    result = (x.equals(inf)).choose(x, result)
    return (x > 0.0).choose(result, x.equals(0.0).choose(x.constant(-inf), nan))


def log1p(x: Lanes) -> Lanes:
    """log(1 + x), 1 + x being held to twice the digits; −inf at −1, NaN below."""
    high, low = two_sum(x.constant(1.0), x)
    result = _log_of_sum(high, low / high)
    result = (x.equals(0.0) | x.equals(inf)).choose(x, result)
    return (x > -1.0).choose(result, x.equals(-1.0).choose(x.constant(-inf), nan))


def _log_of_sum(x: Lanes, relative_rest: Lanes) -> Lanes:
    """log(x (1 + rest)) for a finite x > 0 and a rest below an ulp."""
    normal, k = _normal(x)
    builder = x.builder
    # Adding 1 − √½ to the bits carries into the exponent from √2 on.
    shift = x.integer(0x3FF0000000000000 - SQRT_HALF_BITS)
    bits = builder.add(normal.bits(), shift)
    k = k + from_integers(x, builder.sub(builder.lshr(bits, x.integer(52)), x.integer(1023)))
    fraction = builder.and_(bits, x.integer((1 << 52) - 1))
    f = x.from_bits(builder.add(fraction, x.integer(SQRT_HALF_BITS))) - 1.0
    s = f / (2.0 + f)
    square = s * s
    half_square = 0.5 * f * f
    series = s * (half_square + square * polynomial(square, SERIES))
    small = series + (k * LN2_LOW + relative_rest)
    return k * LN2_HIGH - ((half_square - small) - f)


def _normal(x: Lanes) -> tuple[Lanes, Lanes]:
    """x without the subnormal numbers' missing exponent, and the exponent to add again."""
    tiny = x < SMALLEST_NORMAL
    return tiny.choose(x * 2.0**54, x), tiny.choose(x.constant(-54.0), 0.0)


def exponent(x: Lanes) -> Any:
    """The n with 2ⁿ⁻¹ ≤ x < 2ⁿ as an integer, for a finite x > 0."""
    normal, offset = _normal(x)
    builder = x.builder
    n = builder.sub(builder.lshr(normal.bits(), x.integer(52)), x.integer(1022))
    missing = builder.select((offset < 0.0).value, x.integer(54), x.integer(0))
    return builder.sub(n, missing)


# ------------------------------------------------------------------- sums of exponentials


def logaddexp(x: Lanes, y: Lanes) -> Lanes:
    """log(exp(x) + exp(y))."""
    larger, smaller = (x >= y).choose(x, y), (x >= y).choose(y, x)
    result = larger + log1p(exp_of_difference(smaller, larger))
    return (x.is_nan() | y.is_nan()).choose(x.constant(nan), result)


def logistic_share(x: Lanes, y: Lanes) -> Lanes:
    """σ(x − y), without the rounding of x − y."""
    first = x >= y
    weight = exp_of_difference(first.choose(y, x), first.choose(x, y))
    return first.choose(x.constant(1.0), weight) / (1.0 + weight)


def logsumexp(*operands: Lanes) -> Lanes:
    """log Σ exp(xᵢ), of which the largest term is taken out."""
    top, unknown = largest(operands)
    others = exact_total([top.constant(-1.0), *[exp_of_difference(x, top) for x in operands]])
    result = absolute(top).equals(inf).choose(top, top + log1p(others))
    return unknown.choose(top.constant(nan), result)


def softmax_share(*operands: Lanes) -> Lanes:
    """The part of the first in the softmax of the others, of which it is one."""
    x, *others = operands
    top, unknown = largest(tuple(others))
    whole = exact_total([exp_of_difference(other, top) for other in others])
    share = exp_of_difference(x, top) / whole
    return (unknown | x.is_nan()).choose(x.constant(nan), share)


def exp_of_difference(x: Lanes, y: Lanes) -> Lanes:
    """exp(x − y), the rounding of x − y put back to first order."""
    high, low = two_sum(x, -y)
    e = exp(high)
    corrected = absolute(high).equals(inf).choose(e, e + e * low)
    return x.equals(y).choose(x.constant(1.0), corrected)


def largest(operands: tuple[Lanes, ...]) -> tuple[Lanes, Mask]:
    """The largest, and where one is NaN."""
    top, *rest = operands
    unknown = top.is_nan()
    for x in rest:
        top, unknown = (x > top).choose(x, top), unknown | x.is_nan()
    return top, unknown


def exact_total(terms: list[Lanes]) -> Lanes:
    """The sum, its roundings added up aside (Neumaier, ZAMM 54, 1974)."""
    high, *rest = terms
    lost = high.constant(0.0)
    for term in rest:
        high, low = two_sum(high, term)
        lost = lost + low
    return high + lost
