"""Activations of neurons and their slopes, as mathematics has them."""

from __future__ import annotations

import math
from typing import Any

from tests.operations.reference_arithmetic import constant
from tests.operations.reference_functions import (
    normal_cdf,
    normal_pdf,
    sigmoid,
    sigmoid_prime,
    softplus,
)
from tests.operations.sampling import Reference, mp, span

__all__ = ["ACTIVATIONS"]

REAL = (span(),)
TANH_LINEAR = 2 * mp.sqrt(2 / mp.pi)
TANH_CUBIC = TANH_LINEAR * mp.mpf("0.044715")
SELU_SCALE = mp.mpf("1.0507009873554804934193349852946")
SELU_ALPHA = mp.mpf("1.6732632423543772848170429916717")

# Where a slope or the slope of a slope is 0.
GELU_SLOPE_ZERO, GELU_TANH_SLOPE_ZERO = -0.7517915246935645, -0.7524614
SILU_SLOPE_ZERO, SILU_BEND_ZERO = -1.2784645427610738, 2.3993572805154
MISH_SLOPE_ZERO, MISH_BEND_ZEROS = -1.1924312, (-2.2564, 1.4906)


def elu(x: Any, alpha: Any) -> Any:
    return x if x > 0 else alpha * mp.expm1(x)


def elu_prime(x: Any, alpha: Any) -> Any:
    return mp.mpf(1) if x > 0 else alpha * mp.exp(x)


def below(x: Any) -> Any:
    return mp.mpf(x <= 0)


def gelu_prime(x: Any) -> Any:
    return normal_cdf(x) + x * normal_pdf(x)


def gelu_terms(x: Any) -> Any:
    return max(normal_cdf(x), abs(x * normal_pdf(x)))


def tanh_argument(x: Any) -> Any:
    return TANH_LINEAR * x + TANH_CUBIC * x**3


def tanh_argument_prime(x: Any) -> Any:
    return TANH_LINEAR + 3 * TANH_CUBIC * x**2


def tanh_gate(x: Any) -> Any:
    return sigmoid(tanh_argument(x))


def tanh_gate_prime(x: Any) -> Any:
    return sigmoid_prime(tanh_argument(x)) * tanh_argument_prime(x)


def gelu_tanh_prime(x: Any) -> Any:
    return tanh_gate(x) + x * tanh_gate_prime(x)


def gelu_tanh_terms(x: Any) -> Any:
    return max(tanh_gate(x), abs(x * tanh_gate_prime(x)))


def gelu_tanh_bend(x: Any) -> Any:
    return mp.fsum(gelu_tanh_bend_terms(x))


def gelu_tanh_bend_terms(x: Any) -> list[Any]:
    v, slope = tanh_argument(x), tanh_argument_prime(x)
    terms = (2 * slope, 6 * TANH_CUBIC * x**2, -x * slope**2 * mp.tanh(v / 2))
    return [sigmoid_prime(v) * term for term in terms]


def silu_prime(x: Any) -> Any:
    return sigmoid(x) + x * sigmoid_prime(x)


def silu_terms(x: Any) -> Any:
    return max(sigmoid(x), abs(x * sigmoid_prime(x)))


def mish_gate(x: Any) -> Any:
    e = mp.exp(x)
    return e * (e + 2) / (e * (e + 2) + 2)


def mish_gate_prime(x: Any) -> Any:
    e = mp.exp(x)
    return 4 * e * (1 + e) / (e * (e + 2) + 2) ** 2


def mish_gate_bend(x: Any) -> Any:
    return mish_gate_prime(x) * (sigmoid(-x) - 2 * mish_gate(x) * sigmoid(x))


def mish_prime(x: Any) -> Any:
    return mish_gate(x) + x * mish_gate_prime(x)


def mish_terms(x: Any) -> Any:
    return max(mish_gate(x), abs(x * mish_gate_prime(x)))


ACTIVATIONS = {
    "sigmoid": Reference(sigmoid, (sigmoid_prime,), on=(span(-750.0, 750.0),)),
    "sigmoid_prime": Reference(
        sigmoid_prime,
        (lambda x: -sigmoid_prime(x) * mp.tanh(x / 2),),
        on=(span(-750.0, 750.0),),
    ),
    "logsigmoid": Reference(
        lambda x: -softplus(-x), (lambda x: sigmoid(-x),), on=(span(-1e5, 750.0),)
    ),
    "softplus": Reference(softplus, (sigmoid,), on=(span(-750.0, 1e5),)),
    "relu": Reference(lambda x: max(x, mp.mpf(0)), (lambda x: mp.mpf(x > 0),), on=REAL),
    "leaky_relu": Reference(
        lambda x, slope: x if x > 0 else slope * x,
        (lambda x, slope: mp.mpf(1) if x > 0 else slope, lambda x, slope: min(x, mp.mpf(0))),
        on=(span(), span(0.0, 1.0)),
    ),
    "leaky_step": Reference(
        lambda x, slope: mp.mpf(1) if x > 0 else slope,
        (constant(0), lambda x, slope: below(x)),
        on=(span(), span(0.0, 1.0)),
    ),
    "elu": Reference(
        elu,
        (elu_prime, lambda x, alpha: mp.expm1(min(x, mp.mpf(0)))),
        on=(span(-750.0), span(0.0)),
    ),
    "elu_prime": Reference(
        elu_prime,
        (
            lambda x, alpha: below(x) * elu_prime(x, alpha),
            lambda x, alpha: below(x) * mp.exp(min(x, 0)),
        ),
        on=(span(-750.0), span(0.0)),
    ),
    "selu": Reference(
        lambda x: SELU_SCALE * elu(x, SELU_ALPHA),
        (lambda x: SELU_SCALE * elu_prime(x, SELU_ALPHA),),
        on=(span(-750.0),),
    ),
    "gelu": Reference(
        lambda x: x * normal_cdf(x),
        (gelu_prime,),
        on=(span(-40.0, 1e5, GELU_SLOPE_ZERO),),
        largest_term={1: gelu_terms},
        underflow={0: lambda x: 2 * abs(x), 1: lambda x: 2 * abs(x)},
    ),
    "gelu_prime": Reference(
        gelu_prime,
        (lambda x: normal_pdf(x) * (2 - x**2),),
        on=(span(-40.0, 40.0, GELU_SLOPE_ZERO, -math.sqrt(2.0), math.sqrt(2.0)),),
        largest_term={0: gelu_terms, 1: lambda x: 2 * normal_pdf(x)},
        underflow={0: lambda x: 2 * abs(x), 1: lambda x: 2 * x**2},
    ),
    "gelu_tanh": Reference(
        lambda x: x * tanh_gate(x),
        (gelu_tanh_prime,),
        on=(span(-25.0, 1e5, GELU_TANH_SLOPE_ZERO),),
        largest_term={1: gelu_tanh_terms},
        underflow={0: abs, 1: lambda x: 1 + abs(x * tanh_argument_prime(x))},
    ),
    "gelu_tanh_prime": Reference(
        gelu_tanh_prime,
        (gelu_tanh_bend,),
        on=(span(-26.0, 26.0, GELU_TANH_SLOPE_ZERO, 1.4, -1.4),),
        largest_term={0: gelu_tanh_terms, 1: lambda x: max(map(abs, gelu_tanh_bend_terms(x)))},
        underflow={
            0: lambda x: 1 + abs(x * tanh_argument_prime(x)),
            1: lambda x: (2 + abs(x * tanh_argument_prime(x))) * tanh_argument_prime(x),
        },
        limit={1: 16.0},
        reason="a product of two gates and a sum, each of 2 to 3 ulp",
    ),
    "gelu_tanh_gate": Reference(
        tanh_gate,
        (tanh_gate_prime,),
        on=(span(-26.0, 26.0),),
        underflow={1: tanh_argument_prime},
        limit={1: 8.0},
        reason="a product of two gates, each of 2 ulp",
    ),
    "silu": Reference(
        lambda x: x * sigmoid(x),
        (silu_prime,),
        on=(span(-760.0, 1e5, SILU_SLOPE_ZERO, -730.0),),
        largest_term={1: silu_terms},
    ),
    "silu_prime": Reference(
        silu_prime,
        (lambda x: sigmoid_prime(x) * (2 - x * mp.tanh(x / 2)),),
        on=(span(-760.0, 760.0, SILU_SLOPE_ZERO, SILU_BEND_ZERO, -SILU_BEND_ZERO),),
        largest_term={0: silu_terms, 1: lambda x: 2 * sigmoid_prime(x)},
        underflow={1: abs},
        limit={1: 16.0},
        reason="a product of σ′ and a sum, of 3 and 2 ulp",
    ),
    "mish": Reference(
        lambda x: x * mish_gate(x),
        (mish_prime,),
        on=(span(-760.0, 1e5, MISH_SLOPE_ZERO, -730.0),),
        largest_term={1: mish_terms},
    ),
    "mish_prime": Reference(
        mish_prime,
        (lambda x: 2 * mish_gate_prime(x) + x * mish_gate_bend(x),),
        on=(span(-760.0, 760.0, MISH_SLOPE_ZERO, *MISH_BEND_ZEROS),),
        largest_term={0: mish_terms, 1: lambda x: 2 * mish_gate_prime(x)},
        underflow={1: lambda x: 4 * abs(x)},
        limit={1: 16.0},
        reason="a product of a gate's slope and a sum, of 3 ulp each",
    ),
    "mish_gate": Reference(
        mish_gate,
        (mish_gate_prime,),
        on=(span(-750.0, 750.0),),
        limit={1: 8.0},
        reason="a quotient of five factors",
    ),
    "mish_gate_prime": Reference(
        mish_gate_prime,
        (mish_gate_bend,),
        on=(span(-750.0, 400.0, -0.4),),
        largest_term={1: mish_gate_prime},
        underflow={1: constant(2)},
        limit={0: 8.0, 1: 8.0},
        reason="a quotient of five factors, and its product with a sum",
    ),
}
