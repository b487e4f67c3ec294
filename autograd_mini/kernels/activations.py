"""Activations of neurons as functions of floats, and their slopes, to a few ulp.

The plain formulas lose their digits where exponentials are small against 1, or turn infinities
into NaN; the forms here do not.
"""

from __future__ import annotations

import math
from math import inf, nan

from .compensated import exact_product, exact_sum
from .special import normal_cdf, normal_pdf

__all__ = [
    "elu",
    "elu_prime",
    "gelu",
    "gelu_prime",
    "gelu_tanh",
    "gelu_tanh_gate",
    "gelu_tanh_prime",
    "leaky_relu",
    "leaky_step",
    "logsigmoid",
    "mish",
    "mish_gate",
    "mish_gate_prime",
    "mish_prime",
    "relu",
    "sech_squared",
    "sigmoid",
    "sigmoid_prime",
    "silu",
    "silu_prime",
    "softplus",
]

GELU_LINEAR = 1.5957691216057308  # 2 √(2/π)
GELU_CUBIC = 0.07135481627260025  # 0.044715 of it
_GELU_LINEAR_LOW = -9.96930880911092e-17
_GELU_CUBIC_LOW = -6.175149918155315e-19


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
    return e / (1.0 + e * (2.0 + e))


def sech_squared(x: float) -> float:
    """1 − tanh²x, which cancels as written once tanh x is near 1.

    >>> sech_squared(20.0)
    1.6993417021166355e-17
    """
    if -0.5 < x < 0.5:
        t = math.tanh(x)
        return 1.0 - t * t
    e = math.exp(-2.0 * abs(x))
    return 4.0 * e / (1.0 + e * (2.0 + e))


def softplus(x: float) -> float:
    """log(1 + exp(x))."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def logsigmoid(x: float) -> float:
    """log σ(x) = −log(1 + exp(−x))."""
    return min(x, 0.0) - math.log1p(math.exp(-abs(x)))


def relu(x: float) -> float:
    """The larger of x and 0."""
    return x if x > 0.0 or x != x else 0.0


def leaky_relu(x: float, slope: float) -> float:
    """x above 0, slope · x below."""
    if x > 0.0:
        return x
    return x if x == 0.0 else slope * x


def leaky_step(x: float, slope: float) -> float:
    """1 above 0, slope below; at 0 the number nearest to 0 that lies between these two."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return slope
    return max(min(slope, 1.0), 0.0) if x == x and slope == slope else nan


def elu(x: float, alpha: float) -> float:
    """x above 0, α(exp(x) − 1) below."""
    return x if x > 0.0 else alpha * math.expm1(x)


def elu_prime(x: float, alpha: float) -> float:
    """1 above 0, α exp(x) below."""
    if x > 0.0:
        return 1.0
    return alpha * math.exp(x) if x >= -700.0 else _faded(alpha, x)


def silu(x: float) -> float:
    """x σ(x)."""
    return _faded(max(x, -1e4), x) if x < -700.0 else x * sigmoid(x)


def silu_prime(x: float) -> float:
    """The slope of `silu`."""
    if x < -700.0:
        return _faded(1.0 + max(x, -1e4), x)
    return _gated_slope(x, math.exp(-abs(x)), x) if x != inf else 1.0


def mish_gate(x: float) -> float:
    """tanh(log(1 + exp(x))), as a fraction in e = exp(−|x|)."""
    e = math.exp(-abs(x))
    if x >= 0.0:
        return (1.0 + 2.0 * e) / (1.0 + 2.0 * e + 2.0 * e * e)
    return e * (2.0 + e) / (2.0 + e * (2.0 + e))


def mish_gate_prime(x: float) -> float:
    """The slope of `mish_gate`, as a fraction in e = exp(−|x|)."""
    e = math.exp(-abs(x))
    if x >= 0.0:
        below = 1.0 + 2.0 * e * (1.0 + e)
        return 4.0 * math.exp(-2.0 * x) * (1.0 + e) / (below * below)
    below = 2.0 + e * (2.0 + e)
    return 4.0 * e * (1.0 + e) / (below * below)


def mish(x: float) -> float:
    """x tanh(log(1 + exp(x)))."""
    return _faded(max(x, -1e4), x) if x < -700.0 else x * mish_gate(x)


def mish_prime(x: float) -> float:
    """The slope of `mish`."""
    if x < -700.0:
        return _faded(1.0 + max(x, -1e4), x)
    if x < 0.0:
        e = math.exp(x)
        below = 2.0 + e * (2.0 + e)
        return e * (2.0 + 2.0 * x + e * (1.0 - 2.0 * x * e / below)) / below
    return mish_gate(x) + x * mish_gate_prime(x) if x != inf else 1.0


def _faded(factor: float, x: float) -> float:
    """factor · exp(x), the exponential in halves lest it underflow before the product does."""
    half = math.exp(0.5 * x)
    return factor * half * half


def gelu(x: float) -> float:
    """x times the standard normal distribution at x."""
    return -0.0 if x == -inf else x * normal_cdf(x)


def gelu_prime(x: float) -> float:
    """The slope of `gelu`."""
    return normal_cdf(x) + (x * normal_pdf(x) if abs(x) < inf else 0.0)


def gelu_tanh(x: float) -> float:
    """x σ(v) with v = 2 √(2/π) (x + 0.044715 x³), which is gelu's form with a tanh."""
    return -0.0 if x == -inf else x * gelu_tanh_gate(x)


def gelu_tanh_prime(x: float) -> float:
    """The slope of `gelu_tanh`."""
    if not abs(x) < 25.0:
        return gelu_tanh_gate(x)
    return _gated_slope(x, *_gelu_tanh_terms(x))


def gelu_tanh_gate(x: float) -> float:
    """σ(v), of which v is needed to twice the digits."""
    if not abs(x) < 25.0:
        return nan if x != x else 1.0 if x > 0.0 else 0.0
    e, _ = _gelu_tanh_terms(x)
    return (1.0 if x > 0.0 else e) / (1.0 + e)


def _gelu_tanh_terms(x: float) -> tuple[float, float]:
    """exp(−|v|) and x times the slope of v."""
    square, square_low = exact_product(x, x)
    cubic, cubic_low = exact_product(GELU_CUBIC, square)
    factor, factor_low = exact_sum(GELU_LINEAR, cubic)
    cubic_low += GELU_CUBIC * square_low + _GELU_CUBIC_LOW * square
    v, v_low = exact_product(x, factor)
    v_low += x * (factor_low + cubic_low + _GELU_LINEAR_LOW)
    e = math.exp(-abs(v))
    return e - e * math.copysign(1.0, v) * v_low, v + (2.0 * x * (cubic + cubic_low) + v_low)


def _gated_slope(x: float, e: float, rise: float) -> float:
    """The slope of x σ(v), where v has the sign of x, from exp(−|v|) and x times the slope of v."""
    above = 1.0 + e + e * rise if x > 0.0 else e * (1.0 + e + rise)
    return above / (1.0 + e * (2.0 + e))
