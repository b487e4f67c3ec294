"""The table: every operation beside its derivative.

A rule states one local derivative, of the result z by one operand, in terms of the operands and
z; it is written in operations, so that it can itself be differentiated, printed and compiled.
Rules are read once, on symbols; a condition in a rule is therefore an operation too.

Several rows exist for the sake of a derivative: sech², σ′ and their kin lose their digits if they
are composed from the function whose slope they are.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

from . import ieee
from .primitive import OPERATIONS, define

__all__ = [
    "OPERATIONS",
    "absolute",
    "add",
    "atan",
    "cos",
    "div",
    "dot_product",
    "exp",
    "exponent_rule",
    "identity",
    "log",
    "mul",
    "neg",
    "power",
    "power_rule",
    "reciprocal",
    "relu",
    "sech_squared",
    "sigmoid",
    "sigmoid_prime",
    "sign",
    "sin",
    "sqrt",
    "step",
    "sub",
    "tanh",
    "total",
]

# ------------------------------------------------------------------------------ arithmetic

identity = define("identity", lambda x: x, lambda x, z: 1.0, symbol="=", text="{0}", latex="{0}")

add = define(
    "add",
    operator.add,
    lambda x, y, z: 1.0,
    lambda x, y, z: 1.0,
    symbol="+",
    text="{0:1} + {1:1}",
    latex="{0:1} + {1:1}",
    precedence=1,
)
sub = define(
    "sub",
    operator.sub,
    lambda x, y, z: 1.0,
    lambda x, y, z: -1.0,
    symbol="−",
    text="{0:1} − {1:2}",
    latex="{0:1} - {1:2}",
    precedence=1,
)
mul = define(
    "mul",
    operator.mul,
    lambda x, y, z: y,
    lambda x, y, z: x,
    symbol="×",
    text="{0:2} · {1:2}",
    latex=r"{0:2} \, {1:2}",
    precedence=2,
)
div = define(
    "div",
    ieee.div,
    lambda x, y, z: 1.0 / y,
    lambda x, y, z: -z / y,  # −x / y² would overflow where z does not
    symbol="÷",
    text="{0:2} / {1:3}",
    latex=r"\frac{{{0}}}{{{1}}}",
    precedence=2,
)
neg = define(
    "neg",
    operator.neg,
    lambda x, z: -1.0,
    symbol="−",
    text="−{0:2}",
    latex="-{0:2}",
    precedence=1,
)
absolute = define(
    "abs",
    abs,
    lambda x, z: sign(x),
    symbol="|·|",
    text="|{0}|",
    latex=r"\left| {0} \right|",
)
reciprocal = define(  # the slope of log, and of others with log's domain
    "reciprocal",
    ieee.reciprocal,
    lambda x, z: -z * z,
    text="1 / {0:3}",
    latex=r"\frac{{1}}{{{0}}}",
    precedence=2,
)

# ---------------------------------------------------------------------- powers and logarithms

power = define(
    "pow",
    ieee.power,
    lambda x, y, z: power_rule(x, y),
    lambda x, y, z: exponent_rule(x, y),
    symbol="xʸ",
    text="{0:4}^{1:4}",
    latex="{{{0:4}}}^{{{1}}}",
    precedence=3,
)
power_rule = define(  # ∂(x^y)/∂x
    "power_rule",
    ieee.power_rule,
    lambda x, y, z: y * power_rule(x, y - 1.0),
    lambda x, y, z: power(x, y - 1.0) + y * exponent_rule(x, y - 1.0),
    text="{1:2} · {0:4}^({1:1} − 1)",
    latex=r"{1:2} \, {{{0:4}}}^{{{1:1} - 1}}",
    precedence=2,
)
exponent_rule = define(  # ∂(x^y)/∂y
    "exponent_rule",
    ieee.exponent_rule,
    lambda x, y, z: power(x, y - 1.0) + y * exponent_rule(x, y - 1.0),
    lambda x, y, z: z * log(x),
    text="{0:4}^{1:4} · log({0})",
    latex=r"{{{0:4}}}^{{{1}}} \log({0})",
    precedence=2,
)
sqrt = define(
    "sqrt",
    ieee.sqrt,
    lambda x, z: 0.5 * reciprocal(z),
    symbol="√",
    text="√{0:4}",
    latex=r"\sqrt{{{0}}}",
)
exp = define(
    "exp",
    ieee.exp,
    lambda x, z: z,
    symbol="eˣ",
    latex=r"e^{{{0}}}",
    doc="e to the power x.\n\n>>> exp(0.0)\n1.0",
)
log = define(
    "log",
    ieee.log,
    lambda x, z: reciprocal(x),
    latex=r"\log({0})",
    doc="The natural logarithm; −inf at 0, NaN below.\n\n>>> log(1.0)\n0.0",
)

# ------------------------------------------------------------------------------ trigonometry

sin = define("sin", ieee.sin, lambda x, z: cos(x), latex=r"\sin({0})")
cos = define("cos", ieee.cos, lambda x, z: -sin(x), latex=r"\cos({0})")
atan = define("atan", math.atan, lambda x, z: 1.0 / (1.0 + x * x), latex=r"\arctan({0})")
tanh = define("tanh", math.tanh, lambda x, z: sech_squared(x), latex=r"\tanh({0})")
sech_squared = define(
    "sech_squared",
    ieee.sech_squared,
    lambda x, z: -2.0 * z * tanh(x),
    symbol="sech²",
    text="sech²({0})",
    latex=r"\operatorname{{sech}}^2({0})",
)

# ------------------------------------------------------------------------------- activations

sigmoid = define(
    "sigmoid",
    ieee.sigmoid,
    lambda x, z: sigmoid_prime(x),
    symbol="σ",
    text="σ({0})",
    latex=r"\sigma({0})",
)
sigmoid_prime = define(
    "sigmoid_prime",
    ieee.sigmoid_prime,
    lambda x, z: -z * tanh(0.5 * x),  # 1 − 2σ(x) = −tanh(x/2)
    symbol="σ′",
    text="σ′({0})",
    latex=r"\sigma'({0})",
)
relu = define("relu", ieee.relu, lambda x, z: step(x), selects=True)
step = define("step", ieee.step, lambda x, z: 0.0, text="[{0} > 0]", latex="[{0} > 0]")
sign = define("sign", ieee.sign, lambda x, z: 0.0)

# ---------------------------------------------------------------- operations of many operands


def _products(terms: Sequence[str], times: str) -> str:
    """`w₁ · x₁ + w₂ · x₂ + b` from the operands of a dot."""
    width = len(terms) // 2
    products = [w + times + x for w, x in zip(terms[:width], terms[width:-1], strict=True)]
    return " + ".join(products + [b for b in terms[-1:] if b != "0"])


total = define(
    "sum",
    ieee.total,
    lambda operands, z: (1.0,) * len(operands),
    variadic=True,
    symbol="Σ",
    text=" + ".join,
    latex=" + ".join,
    precedence=1,
)
dot_product = define(  # of w₁, w₂, …, x₁, x₂, …, b
    "dot",
    ieee.dot,
    lambda operands, z: (
        *operands[len(operands) // 2 : -1],
        *operands[: len(operands) // 2],
        1.0,
    ),
    variadic=True,
    symbol="Σ",
    text=lambda terms: _products(terms, " · "),
    latex=lambda terms: _products(terms, r" \, "),
    precedence=1,
)
