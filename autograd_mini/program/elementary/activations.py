"""Activations of neurons and the normal distribution on lanes: the formulas of the table's kernels.

`kernels.activations` and `kernels.special` say why each has the form that it has. Written with the
same roundings here, they differ from these only by what the exponentials do.
"""

from __future__ import annotations

import math
from math import inf, nan

from autograd_mini.kernels.activations import (
    _GELU_CUBIC_LOW,
    _GELU_LINEAR_LOW,
    GELU_CUBIC,
    GELU_LINEAR,
)
from autograd_mini.kernels.special import _INVERSE_SQRT_TAU, _SQRT_HALF, _SQRT_HALF_LOW
from autograd_mini.operations.activations import SELU_ALPHA, SELU_SCALE

from .exponential import decay, exp, expm1, tanh, two_sum
from .lanes import Lanes, Mask, absolute, call_c, copy_sign, fma, unless
from .logarithm import log1p

__all__ = [
    "elu",
    "elu_prime",
    "gauss",
    "gelu",
    "gelu_prime",
    "gelu_tanh",
    "gelu_tanh_gate",
    "gelu_tanh_prime",
    "logsigmoid",
    "mish",
    "mish_gate",
    "mish_gate_prime",
    "mish_prime",
    "normal_cdf",
    "normal_pdf",
    "sech_squared",
    "selu",
    "sigmoid",
    "sigmoid_prime",
    "silu",
    "silu_prime",
    "softplus",
]


def sigmoid(x: Lanes) -> Lanes:
    """1 / (1 + exp(−x)), by an exponential that cannot overflow."""
    e = _decay(x)
    return (x >= 0.0).choose(x.constant(1.0), e) / (1.0 + e)


def sigmoid_prime(x: Lanes) -> Lanes:
    """σ(x)(1 − σ(x))."""
    e = _decay(x)
    return e / (1.0 + e * (2.0 + e))


def sech_squared(x: Lanes) -> Lanes:
    """1 − tanh²x."""
    t, (*_, e) = tanh(x), decay(x)  # whose common part is worked out once
    return (absolute(x) < 0.5).choose(1.0 - t * t, 4.0 * e / (1.0 + e * (2.0 + e)))


def softplus(x: Lanes) -> Lanes:
    """log(1 + exp(x))."""
    return (x < 0.0).choose(x.constant(0.0), x) + log1p(_decay(x))


def logsigmoid(x: Lanes) -> Lanes:
    """log σ(x)."""
    return (x > 0.0).choose(x.constant(0.0), x) - log1p(_decay(x))


def elu(x: Lanes, alpha: Lanes) -> Lanes:
    """x above 0, α(exp(x) − 1) below."""
    return (x > 0.0).choose(x, alpha * expm1(x))


def elu_prime(x: Lanes, alpha: Lanes) -> Lanes:
    """1 above 0, α exp(x) below."""
    slope = unless(_not_far(x), alpha * exp(x), lambda: _faded(alpha, x))
    return (x > 0.0).choose(x.constant(1.0), slope)


def selu(x: Lanes) -> Lanes:
    """The self-normalizing unit."""
    return SELU_SCALE * elu(x, x.constant(SELU_ALPHA))


def silu(x: Lanes) -> Lanes:
    """x σ(x)."""
    return unless(_not_far(x), x * sigmoid(x), lambda: _faded(_bounded(x), x))


def silu_prime(x: Lanes) -> Lanes:
    """The slope of `silu`."""
    slope = unless(_not_far(x), _gated_slope(x, _decay(x), x), lambda: _faded(1.0 + _bounded(x), x))
    return x.equals(inf).choose(x.constant(1.0), slope)


def mish(x: Lanes) -> Lanes:
    """x tanh(log(1 + exp(x)))."""
    return unless(_not_far(x), x * mish_gate(x), lambda: _faded(_bounded(x), x))


def mish_gate(x: Lanes) -> Lanes:
    """tanh(log(1 + exp(x))), as a fraction in e = exp(−|x|)."""
    e = _decay(x)
    right = (1.0 + 2.0 * e) / (1.0 + 2.0 * e + 2.0 * e * e)
    return (x >= 0.0).choose(right, e * (2.0 + e) / (2.0 + e * (2.0 + e)))


def mish_gate_prime(x: Lanes) -> Lanes:
    """The slope of `mish_gate`."""
    e = _decay(x)
    below = 1.0 + 2.0 * e * (1.0 + e)
    right = 4.0 * exp(-2.0 * x) * (1.0 + e) / (below * below)
    below = 2.0 + e * (2.0 + e)
    return (x >= 0.0).choose(right, 4.0 * e * (1.0 + e) / (below * below))


def mish_prime(x: Lanes) -> Lanes:
    """The slope of `mish`."""
    e = _decay(x)
    below = 2.0 + e * (2.0 + e)
    left = e * (2.0 + 2.0 * x + e * (1.0 - 2.0 * x * e / below)) / below
    slope = (x < 0.0).choose(left, mish_gate(x) + x * mish_gate_prime(x))
    slope = unless(_not_far(x), slope, lambda: _faded(1.0 + _bounded(x), x))
    return x.equals(inf).choose(x.constant(1.0), slope)


def gelu(x: Lanes) -> Lanes:
    """x times the standard normal distribution at x."""
    return x.equals(-inf).choose(x.constant(-0.0), x * normal_cdf(x))


def gelu_prime(x: Lanes) -> Lanes:
    """The slope of `gelu`."""
    density = (absolute(x) < inf).choose(x * normal_pdf(x), 0.0)
    return normal_cdf(x) + density


def gelu_tanh(x: Lanes) -> Lanes:
    """x σ(v), v the cubic that `kernels.activations` gives."""
    return x.equals(-inf).choose(x.constant(-0.0), x * gelu_tanh_gate(x))


def gelu_tanh_prime(x: Lanes) -> Lanes:
    """The slope of `gelu_tanh`."""
    return (absolute(x) < 25.0).choose(_gated_slope(x, *_gelu_tanh_terms(x)), _settled(x))


def gelu_tanh_gate(x: Lanes) -> Lanes:
    """σ(v), of which v is needed to twice the digits."""
    e, _ = _gelu_tanh_terms(x)
    gate = (x > 0.0).choose(x.constant(1.0), e) / (1.0 + e)
    return (absolute(x) < 25.0).choose(gate, _settled(x))


def _gelu_tanh_terms(x: Lanes) -> tuple[Lanes, Lanes]:
    """exp(−|v|) and x times the slope of v, where gelu_tanh is x σ(v)."""
    square = x * x
    cubic = GELU_CUBIC * square
    cubic_low = fma(x.constant(GELU_CUBIC), square, -cubic)
    cubic_low = cubic_low + (GELU_CUBIC * fma(x, x, -square) + _GELU_CUBIC_LOW * square)
    factor, factor_low = two_sum(x.constant(GELU_LINEAR), cubic)
    v = x * factor
    v_low = fma(x, factor, -v) + x * (factor_low + cubic_low + _GELU_LINEAR_LOW)
    e = exp(-absolute(v))
    falling = e - e * copy_sign(x.constant(1.0), v) * v_low
    return falling, v + (2.0 * x * (cubic + cubic_low) + v_low)


def gauss(x: Lanes) -> Lanes:
    """exp(−x²), the rounding of x² put back."""
    square = x * x
    e = exp(-square)
    result = e - e * fma(x, x, -square)
    return (absolute(x) < 40.0).choose(result, _vanished(x))


def normal_pdf(x: Lanes) -> Lanes:
    """exp(−x²/2) / √(2π), likewise."""
    square = x * x
    e = exp(-0.5 * square)
    result = _INVERSE_SQRT_TAU * (e - e * (0.5 * fma(x, x, -square)))
    return (absolute(x) < 60.0).choose(result, _vanished(x))


def normal_cdf(x: Lanes) -> Lanes:
    """erfc(−x/√2) / 2, with −x/√2 to twice the digits."""
    high = -x * _SQRT_HALF
    low = fma(-x, _SQRT_HALF, -high) - x * _SQRT_HALF_LOW
    result = 0.5 * call_c("erfc", high) - low * gauss(high) / math.sqrt(math.pi)
    return (absolute(x) < 60.0).choose(result, _settled(x))


def _decay(x: Lanes) -> Lanes:
    return exp(-absolute(x))


def _gated_slope(x: Lanes, e: Lanes, rise: Lanes) -> Lanes:
    """The slope of x σ(v), where v has the sign of x, from exp(−|v|) and x times the slope of v."""
    above = (x > 0.0).choose(1.0 + e + e * rise, e * (1.0 + e + rise))
    return above / (1.0 + e * (2.0 + e))


def _not_far(x: Lanes) -> Mask:
    """False from where exp(x) nears the smallest numbers."""
    return ~(x < -700.0)


def _bounded(x: Lanes) -> Lanes:
    return (x < -1e4).choose(x.constant(-1e4), x)


def _faded(factor: Lanes, x: Lanes) -> Lanes:
    """factor · exp(x), the exponential in halves lest it underflow before the product does."""
    half = exp(0.5 * x)
    return factor * half * half


def _vanished(x: Lanes) -> Lanes:
    return x.is_nan().choose(x, 0.0)


def _settled(x: Lanes) -> Lanes:
    """1 on the right and 0 on the left, where a distribution has nothing left to gain."""
    return (x > 0.0).choose(x.constant(1.0), x.is_nan().choose(x.constant(nan), 0.0))
