"""Circular functions, angles and distances on lanes.

Sine and cosine take off the nearest multiple of π/2, π/2 being held to three doubles' digits (Cody
and Waite, Software Manual for the Elementary Functions, 1980), and sum Taylor series of what is
left, the rounding of which is carried along. Arguments beyond 10⁹ go to the C library.
"""

from __future__ import annotations

import math
from math import inf, nan
from typing import Any

from .exponential import fast_sum, polynomial, two_sum
from .lanes import Lanes, absolute, call_c, copy_sign, fma, intrinsic, scaled, shifted, unless
from .logarithm import exponent

__all__ = ["atan", "atan2_slope", "atan_prime", "cos", "hypot", "hypot_slope", "sin"]

HALF_PI = (math.pi / 2, 6.123233995736766e-17, -1.4973849048591833e-33)  # adding up to π/2
SIN_SERIES = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(1, 9))
COS_SERIES = tuple((-1.0) ** k / math.factorial(2 * k) for k in range(2, 9))
LARGEST_REDUCED = 1e9
# (atan(t) − t) / t³ as a polynomial in t² for |t| ≤ tan(π/8): interpolated at Chebyshev's points,
# as `mpmath.chebyfit(g, [0, tan(π/8)²], 12)` does; the relative error of atan is below 2⁻⁵⁸.
ATAN_SERIES = (
    -0.3333333333333333,
    0.19999999999999804,
    -0.14285714285659828,
    0.11111111105155447,
    -0.09090908753500877,
    0.07692296375032143,
    -0.06666424885738255,
    0.05878928997834775,
    -0.05230454270650244,
    0.04551593220626549,
    -0.034570561981427744,
    0.016285756855221028,
)
TAN_EIGHTH = math.sqrt(2.0) - 1.0  # tan(π/8), and below its inverse tan(3π/8)


def sin(x: Lanes) -> Lanes:
    """The sine of x radians."""
    return _circular("sin", x, 0, x)


def cos(x: Lanes) -> Lanes:
    """The cosine: the sine a quarter further on."""
    return _circular("cos", x, 1, x.constant(1.0))


def _circular(name: str, x: Lanes, quarters: int, sign: Lanes) -> Lanes:
    """±sin r or ±cos r where |x| = (n + …) π/2 + r, as n + quarters says."""
    builder = x.builder
    size = absolute(x)
    n, integer = shifted(size, 2.0 / math.pi)
    integer = builder.add(integer, x.integer(quarters))
    near = fma(n, -HALF_PI[0], size)  # without rounding: its bits do not reach below those of x
    product = n * HALF_PI[1]
    r, r_low = two_sum(near, -product)
    r_low = r_low - fma(n, HALF_PI[1], -product) - n * HALF_PI[2]
    square = r * r
    sine = r + (r_low + r * square * polynomial(square, SIN_SERIES))
    half_square = 0.5 * square
    high, low = fast_sum(r.constant(1.0), -half_square)
    bend = fma(square * square, polynomial(square, COS_SERIES), -(r * r_low))
    cosine = high + (low + bend)
    odd = builder.and_(integer, x.integer(1))
    result = builder.select(
        builder.icmp_unsigned("==", odd, x.integer(0)), sine.value, cosine.value
    )
    # The second bit of the quarter is the sign.
    flip = builder.shl(builder.and_(integer, x.integer(2)), x.integer(62))
    flipped = x.from_bits(builder.xor(x.of(result).bits(), flip))
    signed = flipped * copy_sign(x.constant(1.0), sign)
    common = ~(size > LARGEST_REDUCED)
    finite = size < inf
    return finite.choose(unless(common, signed, lambda: call_c(name, x)), nan)


def atan(x: Lanes) -> Lanes:
    """The angle in [−π/2, π/2] whose tangent is x: a multiple of π/4 and a rest of at most π/8."""
    size = absolute(x)
    near, far = size < TAN_EIGHTH, size > 1.0 / TAN_EIGHTH
    zero = size.constant(0.0)
    above, above_low = two_sum(far.choose(zero, size), near.choose(zero, -1.0))
    below = near.choose(zero, size) + far.choose(zero, 1.0)
    inverse = 1.0 / below
    t = above * inverse
    t_low = (fma(-t, below, above) + above_low) * inverse
    base = near.choose(zero, far.choose(size.constant(math.pi / 2), math.pi / 4))
    square = t * t
    series = t * square * polynomial(square, ATAN_SERIES)
    high, low = fast_sum(base, t)
    base_low = base * (HALF_PI[1] / HALF_PI[0])
    result = high + (low + (base_low + (series + t_low)))
    result = size.equals(0.0).choose(size, size.equals(inf).choose(base, result))
    return copy_sign(result, x)


def atan_prime(x: Lanes) -> Lanes:
    """1 / (1 + x²), also where x² overflows."""
    inverse = 1.0 / x
    return (absolute(x) < 1e150).choose(1.0 / (1.0 + x * x), inverse / x)


def hypot(x: Lanes, y: Lanes) -> Lanes:
    """√(x² + y²), scaled by a power of 2 so that no square overflows."""
    x, y = absolute(x), absolute(y)
    n = exponent((x > y).choose(x, y))
    minus = x.builder.neg(n)
    result = scaled(_distance(scaled(x, minus), scaled(y, minus)), n)
    result = (x.equals(0.0) & y.equals(0.0)).choose(x, result)
    infinite = x.equals(inf) | y.equals(inf)
    return infinite.choose(
        x.constant(inf), (x.is_nan() | y.is_nan()).choose(x.constant(nan), result)
    )


def hypot_slope(x: Lanes, y: Lanes) -> Lanes:
    """x / √(x² + y²), 0 at the origin, and at infinity the limit if there is one."""
    n = x.builder.neg(_exponent(x, y))
    near, aside = scaled(x, n), scaled(y, n)
    slope = near / _distance(near, aside)
    infinite = absolute(x).equals(inf)
    far = absolute(y).equals(inf)
    slope = infinite.choose(far.choose(x.constant(nan), copy_sign(x.constant(1.0), x)), slope)
    slope = (x.equals(0.0) | far & ~infinite).choose(copy_sign(x.constant(0.0), x), slope)
    return (x.is_nan() | y.is_nan()).choose(x.constant(nan), slope)


def atan2_slope(x: Lanes, y: Lanes) -> Lanes:
    """x / (x² + y²), 0 at the origin and at infinity."""
    n = x.builder.neg(_exponent(x, y))
    near, aside = scaled(x, n), scaled(y, n)
    h = _distance(near, aside)
    slope = scaled(near, n) / h / h
    zero = x.equals(0.0) | absolute(x).equals(inf) | absolute(y).equals(inf)
    slope = zero.choose(copy_sign(x.constant(0.0), x), slope)
    return (x.is_nan() | y.is_nan()).choose(x.constant(nan), slope)


def _distance(x: Lanes, y: Lanes) -> Lanes:
    """√(x² + y²) of scaled operands: the squares held to twice the digits, the root corrected."""
    square, other = x * x, y * y
    high, low = two_sum(square, other)
    low = low + (fma(x, x, -square) + fma(y, y, -other))
    root = intrinsic("sqrt", high)
    return fma(fma(-root, root, high) + low, 0.5 / root, root)


def _exponent(x: Lanes, y: Lanes) -> Any:
    """That of the power of 2 by which both are divided, as `kernels.trigonometry` has it."""
    x, y = absolute(x), absolute(y)
    n = exponent((x > y).choose(x, y))
    builder = x.builder
    below = builder.icmp_signed("<", n, x.integer(0))
    return builder.add(n, builder.select(below, x.integer(1), x.integer(-1)))
