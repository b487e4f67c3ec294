"""Powers, cube roots and remainders on lanes, in the way of the table's kernels.

pow, cbrt and fmod are the C library's, called lane by lane; a power with one of the exponents −1,
0, 1, 2 and 3 in every lane is arithmetic.
"""

from __future__ import annotations

from math import inf, nan

from .lanes import Lanes, absolute, call_c, copy_sign, fma, intrinsic, unless
from .logarithm import log

__all__ = [
    "cbrt",
    "exponent_rule",
    "floor_quotient",
    "mod",
    "power_rule",
    "reciprocal",
]


def reciprocal(x: Lanes) -> Lanes:
    """1 / x for x ≥ 0, where either zero gives inf; NaN below."""
    return (x > 0.0).choose(1.0 / x, x.equals(0.0).choose(x.constant(inf), nan))


def cbrt(x: Lanes) -> Lanes:
    """The C library's, improved by a step of Newton's method in doubled digits."""
    tiny = absolute(x) < 1e-280  # the cube's low part would underflow
    y = tiny.choose(x * 2.0**600, x)
    root = call_c("cbrt", y)
    square = root * root
    square_low = fma(root, root, -square)
    cube = square * root
    cube_low = fma(square, root, -cube)
    root = root - ((cube - y) + (cube_low + square_low * root)) / (3.0 * square)
    ordinary = (absolute(x) > 0.0) & (absolute(x) < inf)
    return ordinary.choose(tiny.choose(root * 2.0**-200, root), x)


def power(x: Lanes, y: Lanes) -> Lanes:
    """x to the power y; NaN for a fractional power of a negative number."""
    square = x * x
    usual, known = x, y.equals(1.0)
    for exponent, found in ((2.0, square), (3.0, square * x), (-1.0, 1.0 / x), (0.0, 1.0)):
        chosen = y.equals(exponent)
        usual = (~chosen).choose(usual, found)
        known = known | chosen
    return unless(known, usual, lambda: call_c("pow", x, y))


def power_rule(x: Lanes, y: Lanes) -> Lanes:
    """y x^(y−1), with the digits that y − 1 loses put back to first order."""
    size = absolute(x)
    exponent = y - 1.0
    shift = exponent - y
    lost = (y - (exponent - shift)) + (-1.0 - shift)
    factor = power(x, exponent)
    slope = y * factor
    exact = lost.equals(0.0) | lost.is_nan() | ~((size > 0.0) & (size < inf))
    better = unless(exact, slope, lambda: slope + slope * (lost * log(size)))
    overflown = absolute(slope).equals(inf)
    # A small y may bring the overflow back into range.
    beyond = overflown & (size > 0.0) & (size < inf)
    better = unless(~beyond, overflown.choose(slope, better), lambda: y * power(x, y) / x)
    better = factor.equals(0.0).choose(x.constant(0.0), better)
    return y.equals(0.0).choose(x.constant(0.0), x.is_nan().choose(x.constant(nan), better))


def exponent_rule(x: Lanes, y: Lanes) -> Lanes:
    """x^y ln x, 0 where x^y is 0."""
    result = power(x, y)
    slope = result.equals(0.0).choose(x.constant(0.0), result * log(x))
    slope = x.equals(0.0).choose((y < 0.0).choose(x.constant(-inf), 0.0), slope)
    return ((x < 0.0) | y.is_nan()).choose(x.constant(nan), slope)


def mod(x: Lanes, y: Lanes) -> Lanes:
    """x − y ⌊x / y⌋, of the sign of y; NaN at y = 0."""
    rest = call_c("fmod", x, y)
    crossed = ((y < 0.0) & (rest > 0.0)) | ((y > 0.0) & (rest < 0.0))
    rest = rest.equals(0.0).choose(copy_sign(x.constant(0.0), y), crossed.choose(rest + y, rest))
    return y.equals(0.0).choose(x.constant(nan), rest)


def floor_quotient(x: Lanes, y: Lanes) -> Lanes:
    """⌊x / y⌋ as Python finds it: from x less its remainder, which y divides but for rounding."""
    rest = call_c("fmod", x, y)
    crossed = ((y < 0.0) & (rest > 0.0)) | ((y > 0.0) & (rest < 0.0))
    quotient = (x - rest) / y
    quotient = crossed.choose(quotient - 1.0, quotient)
    whole = intrinsic("floor", quotient)
    whole = (quotient - whole > 0.5).choose(whole + 1.0, whole)
    whole = quotient.equals(0.0).choose(copy_sign(x.constant(0.0), x / y), whole)
    return y.equals(0.0).choose(x.constant(nan), whole)
