"""Arithmetic, powers, logarithms and the operations that choose, as mathematics has them."""

from __future__ import annotations

import math
import random
from typing import Any

from tests.operations.sampling import Point, Reference, mp, span

__all__ = ["ARITHMETIC", "CHOICES", "constant", "two"]

REAL = (span(),)
REALS = (span(), span())
POSITIVE = (span(0.0, math.inf, 1.0),)
COMMON_EXPONENTS = (1.0, 2.0, 3.0, 0.5, -0.5, -1.0, -2.0, 1 / 3, 1.5, 7.0, 0.1, 1e-20)
LN2, LN10 = mp.log(2), mp.log(10)


def constant(number: float) -> Any:
    return lambda *_: mp.mpf(number)


def holds(condition: Any) -> Any:
    """1, 0, or ½ for "perhaps", which is None."""
    return mp.mpf(0.5) if condition is None else mp.mpf(bool(condition))


def less(x: Any, y: Any) -> Any:
    return holds(None if x == y else x < y)


def sign(x: Any) -> Any:
    return mp.mpf((x > 0) - (x < 0))


def log_of_base(x: Any, y: Any) -> Any:
    """∂(x^y)/∂y."""
    return x**y * mp.log(x) if x > 0 else mp.nan


def mixed(x: Any, y: Any) -> Any:
    """∂²(x^y)/∂x∂y."""
    return x ** (y - 1) * (1 + y * mp.log(x))


def rounded_exponent(x: Any, y: Any) -> Any:
    """What rounding y − 1 costs x^(y−1)."""
    return 1 + (1 + abs(y)) * abs(mp.log(x))


def powers(rng: random.Random) -> Point:
    """Bases of every size, negative ones too, with exponents that the floats can bear."""
    if rng.random() < 0.15:
        return -(10.0 ** rng.uniform(-9, 9)), float(rng.randint(-30, 30))
    return positive_powers(rng, 320.0, 700.0)


def moderate_powers(rng: random.Random) -> Point:
    return positive_powers(rng, 50.0, 400.0)


def positive_powers(rng: random.Random, digits: float, largest_log: float) -> Point:
    near_one = 1.0 + rng.choice([-1.0, 1.0]) * 2.0 ** rng.uniform(-52, -1)
    x = rng.choice(
        [near_one, 10.0 ** rng.uniform(-digits, min(digits, 300.0)), 10.0 ** rng.uniform(-2, 2)]
    )
    largest = largest_log / max(abs(math.log(x)), 1e-20)
    if rng.random() < 0.4 and largest > 7.0:
        return x, rng.choice(COMMON_EXPONENTS)
    return x, rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-20.0, math.log10(largest))


def two(rng: random.Random) -> Point:
    return rng.uniform(-3.0, 3.0), rng.uniform(-3.0, 3.0)


def ordinary_powers(rng: random.Random) -> Point:
    return rng.uniform(0.1, 3.0), rng.uniform(-3.0, 3.0)


def divisions(rng: random.Random) -> Point:
    """Quotients up to 10¹⁵, so that 50 digits hold both what they round to and the rest."""
    y = rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-250, 250)
    return y * rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-30, 15), y


CHOICES = {
    "sign": Reference(sign, (constant(0),), on=REAL),
    "step": Reference(lambda x: holds(x > 0), (constant(0),), on=REAL),
    "floor": Reference(mp.floor, (constant(0),), on=REAL),
    "ceil": Reference(mp.ceil, (constant(0),), on=REAL),
    "round": Reference(mp.nint, (constant(0),), on=REAL),
    "minimum": Reference(min, (less, lambda x, y: less(y, x)), on=REALS),
    "maximum": Reference(max, (lambda x, y: less(y, x), less), on=REALS),
    "exceeds": Reference(lambda x, y: less(y, x), (constant(0), constant(0)), on=REALS),
    "at_most": Reference(lambda x, y: holds(x <= y), (constant(0), constant(0)), on=REALS),
    "clamp": Reference(
        lambda x, low, high: min(max(x, low), high),
        (
            lambda x, low, high: holds(low < x < high),
            lambda x, low, high: holds(x <= low),
            lambda x, low, high: holds(x >= high),
        ),
        on=(span(), span(high=-1.0), span(low=1.0)),
    ),
    "where": Reference(
        lambda condition, x, y: x if condition else y,
        (
            constant(0),
            lambda condition, x, y: holds(condition != 0),
            lambda condition, x, y: holds(condition == 0),
        ),
        on=lambda rng: (rng.choice([0.0, 1.0, -2.5]), *two(rng)),
        ordinary=lambda rng: (rng.choice([-1.0, 1.0]), *two(rng)),
    ),
}

ARITHMETIC = {
    "identity": Reference(lambda x: x, (constant(1),), on=REAL),
    "add": Reference(lambda x, y: x + y, (constant(1), constant(1)), on=REALS),
    "sub": Reference(lambda x, y: x - y, (constant(1), constant(-1)), on=REALS),
    "mul": Reference(lambda x, y: x * y, (lambda x, y: y, lambda x, y: x), on=REALS),
    "div": Reference(
        lambda x, y: x / y,
        (lambda x, y: 1 / y, lambda x, y: -x / y**2),
        on=REALS,
        underflow={2: lambda x, y: 1 / abs(y)},
    ),
    "neg": Reference(lambda x: -x, (constant(-1),), on=REAL),
    "abs": Reference(abs, (sign,), on=REAL),
    "reciprocal": Reference(
        lambda x: 1 / x,
        (lambda x: -1 / x**2,),
        on=(span(0.0),),
    ),
    "mod": Reference(
        lambda x, y: x - y * mp.floor(x / y),
        (constant(1), lambda x, y: -mp.floor(x / y)),
        on=divisions,
        ordinary=two,
    ),
    "floor_quotient": Reference(
        lambda x, y: mp.floor(x / y), (constant(0), constant(0)), on=divisions, ordinary=two
    ),
    "pow": Reference(
        lambda x, y: x**y,
        (lambda x, y: y * x ** (y - 1), log_of_base),
        on=powers,
        ordinary=ordinary_powers,
        underflow={1: lambda x, y: abs(y), 2: lambda x, y: abs(mp.log(abs(x)))},
    ),
    "power_rule": Reference(
        lambda x, y: y * x ** (y - 1),
        (lambda x, y: y * (y - 1) * x ** (y - 2), mixed),
        on=moderate_powers,
        ordinary=ordinary_powers,
        largest_term={
            1: lambda x, y: y * (y - 1) * x ** (y - 2) * rounded_exponent(x, y),
            2: lambda x, y: x ** (y - 1) * rounded_exponent(x, y) ** 2,
        },
        reason="y − 1 is rounded before it is an exponent",
    ),
    "exponent_rule": Reference(
        log_of_base,
        (mixed, lambda x, y: x**y * mp.log(x) ** 2),
        on=moderate_powers,
        ordinary=ordinary_powers,
        largest_term={1: lambda x, y: x ** (y - 1) * rounded_exponent(x, y) ** 2},
        reason="y − 1 is rounded before it is an exponent",
    ),
    "sqrt": Reference(mp.sqrt, (lambda x: 1 / (2 * mp.sqrt(x)),), on=POSITIVE),
    "cbrt": Reference(
        lambda x: sign(x) * mp.cbrt(abs(x)), (lambda x: 1 / (3 * mp.cbrt(x**2)),), on=REAL
    ),
    "exp": Reference(mp.exp, (mp.exp,), on=(span(-750.0, 715.0),)),
    "expm1": Reference(mp.expm1, (mp.exp,), on=(span(-750.0, 715.0),)),
    "log": Reference(mp.log, (lambda x: 1 / x,), on=POSITIVE),
    "log1p": Reference(mp.log1p, (lambda x: 1 / (1 + x),), on=(span(-1.0),)),
    "log2": Reference(lambda x: mp.log(x) / LN2, (lambda x: 1 / (x * LN2),), on=POSITIVE),
    "log10": Reference(
        lambda x: mp.log(x) / LN10,
        (lambda x: 1 / (x * LN10),),
        on=(span(1e-308, math.inf, 1.0),),  # below, 1/x overflows before 1/(x log 10)
    ),
}
