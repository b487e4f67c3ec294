"""The functions of analysis, as mathematics has them: circular, hyperbolic, error and gamma."""

from __future__ import annotations

import math
import random
from typing import Any

from tests.operations.reference_arithmetic import constant, two
from tests.operations.sampling import Point, Reference, mp, span

__all__ = ["SPECIAL", "TRIGONOMETRY", "normal_cdf", "normal_pdf", "sech_squared", "sigmoid"]

REAL = (span(),)
REALS = (span(), span())
ANGLES = (span(-math.inf, math.inf, math.pi / 2, math.pi),)
UP_TO_ONE = (span(-1.0, 1.0),)
DIGAMMA_ZERO = 1.4616321449683622


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def sigmoid_prime(x: Any) -> Any:
    return mp.sech(x / 2) ** 2 / 4


def sech_squared(x: Any) -> Any:
    return mp.sech(x) ** 2


def gauss(x: Any) -> Any:
    return mp.exp(-(x**2))


def normal_pdf(x: Any) -> Any:
    return mp.exp(-(x**2) / 2) / mp.sqrt(2 * mp.pi)


def normal_cdf(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def log_gamma(x: Any) -> Any:
    return mp.re(mp.loggamma(x))


def reflection_terms(order: Any, x: Any) -> Any:
    """The larger of the terms that the reflection formula adds up, or that the recurrence does."""
    size = max(abs(mp.psi(int(order), abs(x) + (x < 0))), order == 0)
    if x < 0:
        size = max(size, abs(mp.psi(int(order), x)), mp.pi * abs(mp.cot(mp.pi * x)))
    return size


def softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(x))


def gamma_points(rng: random.Random) -> Point:
    center = rng.choice([1.0, 2.0, DIGAMMA_ZERO, -1.0, -2.0, -3.0])
    while True:
        x = rng.choice(
            [
                10.0 ** rng.uniform(-300, 300),
                10.0 ** rng.uniform(-5, 5),
                -(10.0 ** rng.uniform(-10, 2)),
                rng.uniform(-30, 20),
                center + rng.choice([1.0, -1.0]) * 2.0 ** rng.uniform(-52, -2),
            ]
        )
        if x > 0.0 or not x.is_integer():
            return (x,)


def polygamma_points(rng: random.Random) -> Point:
    near_half = 0.5 - rng.randint(1, 25) + rng.choice([1.0, -1.0]) * 10.0 ** rng.uniform(-12, -2)
    x = rng.choice([10.0 ** rng.uniform(-3, 5), rng.uniform(0, 60), rng.uniform(-30, 0), near_half])
    order = rng.randint(0, 4)
    return (float(order), x) if x < 0.0 else (float(8 * order), x)


def plane_points(rng: random.Random) -> Point:
    """Pairs whose squares' squares are floats."""
    x, y = (rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-60, 60) for _ in range(2))
    return x, rng.choice([y, x * rng.uniform(-2.0, 2.0)])


TRIGONOMETRY = {
    "sin": Reference(mp.sin, (mp.cos,), on=ANGLES),
    "cos": Reference(mp.cos, (lambda x: -mp.sin(x),), on=ANGLES),
    "tan": Reference(mp.tan, (lambda x: mp.sec(x) ** 2,), on=ANGLES),
    "asin": Reference(mp.asin, (lambda x: 1 / mp.sqrt((1 - x) * (1 + x)),), on=UP_TO_ONE),
    "acos": Reference(mp.acos, (lambda x: -1 / mp.sqrt((1 - x) * (1 + x)),), on=UP_TO_ONE),
    "atan": Reference(mp.atan, (lambda x: 1 / (1 + x**2),), on=REAL),
    "atan_prime": Reference(
        lambda x: 1 / (1 + x**2),
        (lambda x: -2 * x / (1 + x**2) ** 2,),
        on=(span(-math.inf, math.inf, 1e150, -1e150),),
    ),
    "atan2": Reference(
        mp.atan2,
        (lambda y, x: x / (x**2 + y**2), lambda y, x: -y / (x**2 + y**2)),
        on=REALS,
    ),
    "atan2_slope": Reference(
        lambda x, y: x / (x**2 + y**2),
        (
            lambda x, y: (y - x) * (y + x) / (x**2 + y**2) ** 2,
            lambda x, y: -2 * x * y / (x**2 + y**2) ** 2,
        ),
        on=plane_points,
        ordinary=two,
        largest_term={1: lambda x, y: 1 / (x**2 + y**2)},
        limit={1: 8.0, 2: 8.0},
        reason="a product of two slopes, each of 2.7 ulp",
    ),
    "hypot": Reference(
        mp.hypot, (lambda x, y: x / mp.hypot(x, y), lambda x, y: y / mp.hypot(x, y)), on=REALS
    ),
    "hypot_slope": Reference(
        lambda x, y: x / mp.hypot(x, y),
        (lambda x, y: y**2 / mp.hypot(x, y) ** 3, lambda x, y: -x * y / mp.hypot(x, y) ** 3),
        on=plane_points,
        ordinary=two,
        limit={1: 8.0, 2: 8.0},
        reason="two slopes and a distance, of 1.3 ulp each",
    ),
    "sinh": Reference(mp.sinh, (mp.cosh,), on=(span(-715.0, 715.0),)),
    "cosh": Reference(mp.cosh, (mp.sinh,), on=(span(-715.0, 715.0),)),
    "tanh": Reference(mp.tanh, (sech_squared,), on=(span(-400.0, 400.0, 0.5, -0.5),)),
    "sech_squared": Reference(
        sech_squared,
        (lambda x: -2 * sech_squared(x) * mp.tanh(x),),
        on=(span(-400.0, 400.0, 0.5, -0.5),),
        underflow={1: constant(2)},
        limit={1: 8.0},
        reason="a product of sech² and tanh, of 3 and 1.5 ulp",
    ),
    "asinh": Reference(mp.asinh, (lambda x: 1 / mp.sqrt(1 + x**2),), on=REAL),
    "acosh": Reference(mp.acosh, (lambda x: 1 / mp.sqrt((x - 1) * (x + 1)),), on=(span(1.0),)),
    "atanh": Reference(mp.atanh, (lambda x: 1 / ((1 - x) * (1 + x)),), on=UP_TO_ONE),
}

SPECIAL = {
    "erf": Reference(mp.erf, (lambda x: 2 * gauss(x) / mp.sqrt(mp.pi),), on=(span(-30.0, 30.0),)),
    "erfc": Reference(
        mp.erfc, (lambda x: -2 * gauss(x) / mp.sqrt(mp.pi),), on=(span(-30.0, 30.0),)
    ),
    "gauss": Reference(
        gauss,
        (lambda x: -2 * x * gauss(x),),
        on=(span(-30.0, 30.0),),
        underflow={1: lambda x: 2 * abs(x)},
    ),
    "normal_cdf": Reference(normal_cdf, (normal_pdf,), on=(span(-40.0, 40.0),)),
    "normal_pdf": Reference(
        normal_pdf,
        (lambda x: -x * normal_pdf(x),),
        on=(span(-40.0, 40.0),),
        underflow={1: abs},
    ),
    "lgamma": Reference(
        log_gamma,
        (lambda x: mp.psi(0, x),),
        on=gamma_points,
        ordinary=lambda rng: (rng.choice([0.1, -0.9, -1.9]) + 0.8 * rng.random(),),
        largest_term={0: constant(1), 1: lambda x: reflection_terms(0, x)},
        limit={0: 16.0},
        reason="the standard library's",
    ),
    "polygamma": Reference(
        lambda order, x: mp.psi(int(order), x),
        (constant(math.nan), lambda order, x: mp.psi(int(order) + 1, x)),
        on=polygamma_points,
        ordinary=lambda rng: (float(rng.randint(0, 3)), rng.uniform(0.1, 3.0)),
        largest_term={0: reflection_terms, 2: lambda order, x: reflection_terms(order + 1, x)},
        limit={0: 16.0, 2: 16.0},
        reason="below 0 a power of the cotangent, whose error grows with the order",
    ),
    "logaddexp": Reference(
        lambda x, y: max(x, y) + softplus(-abs(x - y)),
        (lambda x, y: sigmoid(x - y), lambda x, y: sigmoid(y - x)),
        on=REALS,
        largest_term={0: lambda x, y: max(abs(max(x, y)), softplus(-abs(x - y)))},
    ),
    "logistic_share": Reference(
        lambda x, y: sigmoid(x - y),
        (lambda x, y: sigmoid_prime(x - y), lambda x, y: -sigmoid_prime(x - y)),
        on=REALS,
    ),
}
