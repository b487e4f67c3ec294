"""The error function's family, the gamma function's, and sums of exponentials, on floats.

An argument that was rounded before an exponential costs hundreds of ulp; here the rounding is
carried along and put back.
"""

from __future__ import annotations

import math
from math import inf, nan

from .compensated import exact_product, exact_sum
from .elementary import power

__all__ = [
    "gauss",
    "lgamma",
    "logaddexp",
    "logistic_share",
    "logsumexp",
    "normal_cdf",
    "normal_pdf",
    "polygamma",
    "softmax",
    "softmax_share",
]

_SQRT_HALF = math.sqrt(0.5)
_SQRT_HALF_LOW = -4.833646656726457e-17  # √½ = _SQRT_HALF + _SQRT_HALF_LOW, to 32 digits
_INVERSE_SQRT_TAU = 1.0 / math.sqrt(math.tau)
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)


def gauss(x: float) -> float:
    """exp(−x²), where the rounding of x² would cost up to 350 ulp.

    >>> gauss(20.0)
    1.9151695967140057e-174
    """
    if not abs(x) < 40.0:
        return 0.0 if x == x else nan
    high, low = exact_product(x, x)
    e = math.exp(-high)
    return e - e * low


def normal_pdf(x: float) -> float:
    """The standard normal density, exp(−x²/2) / √(2π)."""
    if not abs(x) < 60.0:
        return 0.0 if x == x else nan
    high, low = exact_product(x, x)
    e = math.exp(-0.5 * high)
    return _INVERSE_SQRT_TAU * (e - e * (0.5 * low))


def normal_cdf(x: float) -> float:
    """The standard normal distribution, erfc(−x/√2) / 2, with −x/√2 to twice the digits."""
    if not abs(x) < 60.0:
        return nan if x != x else 1.0 if x > 0.0 else 0.0
    high, low = exact_product(-x, _SQRT_HALF)
    low -= x * _SQRT_HALF_LOW
    return 0.5 * math.erfc(high) - low * gauss(high) / math.sqrt(math.pi)


def lgamma(x: float) -> float:
    """The logarithm of |Γ(x)|, as `math` has it.

    >>> lgamma(-1.0)
    inf
    """
    try:
        return math.lgamma(x)
    except (OverflowError, ValueError):
        return inf


def polygamma(order: float, x: float) -> float:
    """The (order + 1)-th derivative of log |Γ(x)|; NaN at 0 and the integers below.

    Orders end at 100, before a factorial overflows; NaN beyond.

    By the recurrence up to x ≥ 15 + order, then the asymptotic series (Abramowitz and Stegun
    6.4.11); below 0 by the reflection formula (6.4.7).

    >>> polygamma(1.0, 1.0), math.pi**2 / 6
    (1.6449340668482264, 1.6449340668482264)
    """
    if x != x or not 0.0 <= order <= 100.0 or not order.is_integer() or x == -inf:
        return nan
    n = int(order)
    if x == inf:
        return inf if n == 0 else 0.0
    if x <= 0.0:
        return nan if x.is_integer() else _reflected(n, x)
    sign = -1.0 if n % 2 else 1.0
    terms = []
    while x < 15.0 + n:
        terms.append(-sign * math.factorial(n) * power(x, -1.0 - n))
        x += 1.0
    terms.append(math.log(x) if n == 0 else -sign * math.factorial(n - 1) * power(x, -float(n)))
    terms.append(-sign * 0.5 * math.factorial(n) * power(x, -1.0 - n))
    for k, bernoulli in enumerate(_BERNOULLI, 1):
        growth = math.factorial(2 * k + n - 1) / math.factorial(2 * k)
        terms.append(-sign * bernoulli * growth * power(x, -float(2 * k + n)))
    return math.fsum(terms) if all(map(math.isfinite, terms)) else sum(terms)


def _reflected(n: int, x: float) -> float:
    """From ψ(1 − x) − ψ(x) = π cot(πx), differentiated n times: a polynomial in the cotangent."""
    beyond = x - round(x)  # without rounding, as is the distance from ½
    if abs(beyond) < 0.25:
        cotangent = 1.0 / math.tan(math.pi * beyond)
    else:
        cotangent = math.copysign(math.tan(math.pi * (0.5 - abs(beyond))), beyond)
    polynomial = [0.0, 1.0]  # coefficients, the constant first
    for _ in range(n):
        slope = [k * c for k, c in enumerate(polynomial)][1:]
        polynomial = [-(a + b) for a, b in zip([*slope, 0.0, 0.0], [0.0, 0.0, *slope], strict=True)]
    value = polynomial.pop()
    for coefficient in reversed(polynomial):
        value = value * cotangent + coefficient
    return (-1.0) ** n * polygamma(float(n), 1.0 - x) - math.pi ** (n + 1) * value


def logaddexp(x: float, y: float) -> float:
    """log(exp(x) + exp(y))."""
    if x != x or y != y:
        return nan
    return max(x, y) + math.log1p(_exp_of_difference(min(x, y), max(x, y)))


def logistic_share(x: float, y: float) -> float:
    """exp(x) / (exp(x) + exp(y)) = σ(x − y), without the rounding of x − y."""
    if x >= y:
        return 1.0 / (1.0 + _exp_of_difference(y, x))
    weight = _exp_of_difference(x, y)
    return weight / (1.0 + weight)


def logsumexp(operands: tuple[float, ...]) -> float:
    """log Σ exp(xᵢ), of which the largest term is taken out; −inf of none."""
    if not operands:
        return -inf
    top = max(operands)
    if any(x != x for x in operands) or abs(top) == inf:
        return nan if any(x != x for x in operands) else top
    others = list(operands)
    others.remove(top)
    return top + math.log1p(math.fsum([_exp_of_difference(x, top) for x in others]))


def softmax(operands: tuple[float, ...]) -> tuple[float, ...]:
    """exp(xᵢ) / Σ exp(xⱼ) for every i; operands that are infinite share alike."""
    if any(x != x for x in operands):
        return (nan,) * len(operands)
    top = max(operands)
    weights = [_exp_of_difference(x, top) for x in operands]
    whole = math.fsum(weights)
    return tuple([weight / whole for weight in weights])


def softmax_share(operands: tuple[float, ...]) -> float:
    """The first operand's part in the softmax of all the others, of which it is one."""
    x, *others = operands
    return softmax(tuple(others))[others.index(x)] if x == x else nan


def _exp_of_difference(x: float, y: float) -> float:
    if x == y:
        return 1.0
    high, low = exact_sum(x, -y)
    e = math.exp(high)
    return e + e * low
