"""Activations of neurons."""

from __future__ import annotations

from typing import Any

from autograd_mini.kernels import activations
from autograd_mini.primitive import define

from .arithmetic import exp, expm1
from .choices import at_most, clamp, minimum, step
from .special import normal_pdf
from .trigonometry import tanh

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
    "selu",
    "sigmoid",
    "sigmoid_prime",
    "silu",
    "silu_prime",
    "softplus",
]

SELU_SCALE = 1.0507009873554804934  # Klambauer et al., Self-Normalizing Neural Networks, 2017
SELU_ALPHA = 1.6732632423543772848

sigmoid = define(
    "sigmoid",
    activations.sigmoid,
    lambda x, z: sigmoid_prime(x),
    symbol="σ",
    text="σ({0})",
    latex=r"\sigma({0})",
    doc="1 / (1 + exp(−x)), the logistic function.",
)
sigmoid_prime = define(
    "sigmoid_prime",
    activations.sigmoid_prime,
    lambda x, z: -z * tanh(0.5 * x),  # 1 − 2σ(x) = −tanh(x/2)
    symbol="σ′",
    text="σ′({0})",
    latex=r"\sigma'({0})",
)
logsigmoid = define(
    "logsigmoid",
    activations.logsigmoid,
    lambda x, z: sigmoid(-x),
    symbol="log σ",
    text="log(σ({0}))",
    latex=r"\log(\sigma({0}))",
    doc="log σ(x), which stays finite where σ(x) underflows.",
)
softplus = define(
    "softplus",
    activations.softplus,
    lambda x, z: sigmoid(x),
    doc="log(1 + exp(x)), a smooth relu.",
)
relu = define(
    "relu",
    activations.relu,
    lambda x, z: step(x),
    selects=True,
    doc="The larger of x and 0.",
)
leaky_relu = define(
    "leaky_relu",
    activations.leaky_relu,
    lambda x, slope, z: leaky_step(x, slope),
    lambda x, slope, z: minimum(x, 0.0),
    selects=True,
    latex=r"\operatorname{{leaky\_relu}}({0}, {1})",
)
leaky_step = define(
    "leaky_step",
    activations.leaky_step,
    lambda x, slope, z: 0.0,
    lambda x, slope, z: step(-x),
    latex=r"\operatorname{{leaky\_step}}({0}, {1})",
)
elu = define(
    "elu",
    activations.elu,
    lambda x, alpha, z: elu_prime(x, alpha),
    lambda x, alpha, z: expm1(minimum(x, 0.0)),
    selects=True,
)
elu_prime = define(
    "elu_prime",
    activations.elu_prime,
    lambda x, alpha, z: at_most(x, 0.0) * z,
    lambda x, alpha, z: at_most(x, 0.0) * exp(minimum(x, 0.0)),
    text="elu′({0}, {1})",
    latex=r"\operatorname{{elu}}'({0}, {1})",
)
selu = define(
    "selu",
    lambda x: SELU_SCALE * activations.elu(x, SELU_ALPHA),
    lambda x, z: SELU_SCALE * elu_prime(x, SELU_ALPHA),
    doc="The self-normalizing unit: 1.0507 times elu(x, 1.6733).",
)
gelu = define("gelu", activations.gelu, lambda x, z: gelu_prime(x))
gelu_prime = define(
    "gelu_prime",
    activations.gelu_prime,
    # Here and below a clamp keeps an infinite x from what has long been 0.
    lambda x, z: normal_pdf(x) * (2.0 - clamp(x, -60.0, 60.0) * clamp(x, -60.0, 60.0)),
    text="gelu′({0})",
    latex=r"\operatorname{{gelu}}'({0})",
)
gelu_tanh = define(
    "gelu_tanh",
    activations.gelu_tanh,
    lambda x, z: gelu_tanh_prime(x),
    latex=r"\operatorname{{gelu\_tanh}}({0})",
)
gelu_tanh_prime = define(
    "gelu_tanh_prime",
    activations.gelu_tanh_prime,
    lambda x, z: _gelu_tanh_curvature(x),
    text="gelu_tanh′({0})",
    latex=r"\operatorname{{gelu\_tanh}}'({0})",
)
gelu_tanh_gate = define(  # σ(v) with v = 2 √(2/π) (x + 0.044715 x³), which is odd: 1 − σ(v) = σ(−v)
    "gelu_tanh_gate",
    activations.gelu_tanh_gate,
    lambda x, z: z * gelu_tanh_gate(-x) * _gelu_tanh_slope(x),
    text="gelu_tanh_gate({0})",
    latex=r"\operatorname{{gelu\_tanh\_gate}}({0})",
)
silu = define("silu", activations.silu, lambda x, z: silu_prime(x), doc="x σ(x), or swish.")
silu_prime = define(
    "silu_prime",
    activations.silu_prime,
    lambda x, z: sigmoid_prime(x) * (2.0 - clamp(x, -800.0, 800.0) * tanh(0.5 * x)),
    text="silu′({0})",
    latex=r"\operatorname{{silu}}'({0})",
)
mish = define("mish", activations.mish, lambda x, z: mish_prime(x), doc="x tanh(softplus(x)).")
mish_prime = define(
    "mish_prime",
    activations.mish_prime,
    lambda x, z: mish_gate_prime(x) * (2.0 + clamp(x, -800.0, 800.0) * _mish_bend(x)),
    text="mish′({0})",
    latex=r"\operatorname{{mish}}'({0})",
)
mish_gate = define(  # tanh(softplus(x))
    "mish_gate",
    activations.mish_gate,
    lambda x, z: mish_gate_prime(x),
    text="tanh(softplus({0}))",
    latex=r"\tanh(\operatorname{{softplus}}({0}))",
)
mish_gate_prime = define(
    "mish_gate_prime",
    activations.mish_gate_prime,
    lambda x, z: z * _mish_bend(x),
    text="tanh(softplus({0}))′",
    latex=r"\tanh(\operatorname{{softplus}}({0}))'",
)


def _mish_bend(x: Any) -> Any:
    """The slope of `mish_gate_prime` divided by itself."""
    return sigmoid(-x) - 2.0 * mish_gate(x) * sigmoid(x)


def _gelu_tanh_slope(x: Any) -> Any:
    """The slope of v."""
    x = clamp(x, -25.0, 25.0)
    return activations.GELU_LINEAR + 3.0 * activations.GELU_CUBIC * x * x


def _gelu_tanh_curvature(x: Any) -> Any:
    """The second derivative of x σ(v)."""
    gate, rest, slope = gelu_tanh_gate(x), gelu_tanh_gate(-x), _gelu_tanh_slope(x)
    x = clamp(x, -25.0, 25.0)
    bend = 6.0 * activations.GELU_CUBIC * x + slope * slope * (rest - gate)
    return gate * rest * (2.0 * slope + x * bend)
