"""Exponentials and hyperbolic functions on lanes, most of them within 0.6 ulp.

The argument is split as x = n ln 2 + r with |r| ≤ ½ ln 2, ln 2 being the sum of two doubles (Cody
and Waite, Software Manual for the Elementary Functions, 1980), and exp(r) is its Taylor series. The
part that the last addition would round away is carried along as a second number (Dekker, Numerische
Mathematik 18, 1971), so that the result is off by little more than the one rounding that nothing
can avoid.
"""

from __future__ import annotations

import math
from typing import Any

from .lanes import Lanes, absolute, copy_sign, fma, powers_of_two, scaled, shifted

__all__ = ["cosh", "exp", "expm1", "sinh", "tanh"]

LOG2_E = 1.0 / math.log(2.0)
LN2_HIGH = 0.693147180369123816490  # its last 21 bits are 0: n times it is exact, |n| < 2²¹
LN2_LOW = 1.90821492927058770002e-10  # ln 2 − LN2_HIGH, to 1e-27
LARGEST, SMALLEST = 712.0, -746.0  # beyond, exp and cosh overflow and exp rounds to 0
# exp(r) − 1 − r over r², and the even and odd parts of exp(r): next terms are below 2⁻⁵⁷
EXP_SERIES = tuple(1.0 / math.factorial(k) for k in range(2, 14))
COSH_SERIES = tuple(1.0 / math.factorial(k) for k in range(2, 15, 2))
SINH_SERIES = tuple(1.0 / math.factorial(k) for k in range(3, 16, 2))


def polynomial(x: Lanes, coefficients: tuple[float, ...]) -> Lanes:
    """c₀ + c₁ x + c₂ x² + …, its even and its odd part by Horner's rule side by side."""
    square = x * x
    even, odd = [_horner(square, coefficients[start::2]) for start in (0, 1)]
    return fma(odd, x, even)


def _horner(x: Lanes, coefficients: tuple[float, ...]) -> Lanes:
    *rest, last = coefficients
    result = x.constant(last)
    for coefficient in reversed(rest):
        result = fma(result, x, coefficient)
    return result


def two_sum(x: Lanes, y: Lanes) -> tuple[Lanes, Lanes]:
    """x + y and what its rounding lost (Knuth, The Art of Computer Programming, 4.2.2)."""
    high = x + y
    shift = high - x
    return high, (x - (high - shift)) + (y - shift)


def fast_sum(x: Lanes, y: Lanes) -> tuple[Lanes, Lanes]:
    """The same where x is 0 or |x| ≥ |y| (Dekker)."""
    high = x + y
    return high, y - (high - x)


def exp(x: Lanes) -> Lanes:
    """e to the power x."""
    r, tail, n = parts(x)
    high, low = fast_sum(r.constant(1.0), r)
    return scaled(high + (low + tail), n)


def expm1(x: Lanes) -> Lanes:
    """exp(x) − 1 = 2ⁿ ((1 − 2⁻ⁿ) + r + …), in which nothing cancels."""
    r, tail, n = parts((x < -50.0).choose(x.constant(-50.0), x))
    unit = scaled(r.constant(1.0), r.builder.neg(n))
    whole, whole_low = two_sum(r.constant(1.0), -unit)
    high, low = fast_sum(whole, r)
    return x.equals(0.0).choose(x, scaled(high + (low + (whole_low + tail)), n))


def tanh(x: Lanes) -> Lanes:
    """(1 − e) / (1 + e), the quotient corrected once."""
    (difference, low), (below, below_low), _ = decay(x)
    inverse = 1.0 / below
    found = difference * inverse
    rest = fma(-found, below, difference) + fma(-found, below_low, low)
    return copy_sign(fma(rest, inverse, found), x)


def decay(x: Lanes) -> tuple[tuple[Lanes, Lanes], tuple[Lanes, Lanes], Lanes]:
    """For e = exp(−2|x|) = 2ⁿ (1 + r + …): e − 1 and 1 + e in two parts each, and e."""
    r, tail, n = parts(-2.0 * absolute(x))
    first, last = powers_of_two(r, n)
    power = first * last
    rest, rest_low = fast_sum(r, tail)
    whole, whole_low = fast_sum(r.constant(-1.0), power)
    difference = fma(power, rest, whole)
    low = fma(power, rest_low, fma(power, rest, whole - difference) + whole_low)
    below, below_low = fast_sum(r.constant(2.0), difference)
    return (difference, low), (below, below_low + low), (1.0 + rest) * first * last


def sinh(x: Lanes) -> Lanes:
    """2ⁿ (½(1 − 4⁻ⁿ) cosh r + ½(1 + 4⁻ⁿ) sinh r), by the addition theorem."""
    difference, total, r, even, odd, n = _hyperbolic(x)
    high, low = two_sum(difference, total * r)
    low = low + fma(total, r, -(total * r))
    return copy_sign(scaled(high + (low + fma(total, odd, difference * even)), n), x)


def cosh(x: Lanes) -> Lanes:
    """2ⁿ (½(1 + 4⁻ⁿ) cosh r + ½(1 − 4⁻ⁿ) sinh r)."""
    difference, total, r, even, odd, n = _hyperbolic(x)
    high, low = two_sum(total, difference * r)
    low = low + fma(difference, r, -(difference * r))
    return scaled(high + (low + fma(difference, odd, total * even)), n)


def _hyperbolic(x: Lanes) -> tuple[Lanes, Lanes, Lanes, Lanes, Lanes, Any]:
    """½(1 − 4⁻ⁿ) and ½(1 + 4⁻ⁿ); r; cosh r − 1 and sinh r − r; n; with |x| = n ln 2 + r."""
    r, r_low, n = reduced(absolute(x))
    square = r * r
    even = fma(square, polynomial(square, COSH_SERIES), r * r_low)
    odd = fma(r * square, polynomial(square, SINH_SERIES), r_low)
    builder = r.builder
    twice, most = builder.add(n, n), r.integer(1000)
    twice = builder.select(builder.icmp_signed("<", twice, most), twice, most)
    half = r.from_bits(builder.shl(builder.sub(r.integer(1022), twice), r.integer(52)))
    return 0.5 - half, 0.5 + half, r, even, odd, n


def parts(x: Lanes) -> tuple[Lanes, Lanes, Any]:
    """r, exp(r) − 1 − r, and n."""
    r, r_low, n = reduced(x)
    return r, fma(r * r, polynomial(r, EXP_SERIES), r_low), n


def reduced(x: Lanes) -> tuple[Lanes, Lanes, Any]:
    """r and what it lacks and the integer n with x = n ln 2 + r."""
    x = (x > LARGEST).choose(x.constant(LARGEST), x)
    x = (x < SMALLEST).choose(x.constant(SMALLEST), x)
    n, integer = shifted(x, LOG2_E)
    high = fma(n, -LN2_HIGH, x)
    r = fma(n, -LN2_LOW, high)
    return r, fma(n, -LN2_LOW, high - r), integer
