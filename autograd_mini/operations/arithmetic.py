"""Arithmetic, powers and logarithms."""

from __future__ import annotations

import math
import operator

from autograd_mini.kernels import elementary
from autograd_mini.primitive import define

from .choices import sign, where

__all__ = [
    "absolute",
    "add",
    "cbrt",
    "div",
    "exp",
    "expm1",
    "exponent_rule",
    "floor_quotient",
    "identity",
    "log",
    "log1p",
    "log2",
    "log10",
    "mod",
    "mul",
    "neg",
    "power",
    "power_rule",
    "reciprocal",
    "sqrt",
    "sub",
]

LOG2_E = 1.0 / math.log(2.0)
LOG10_E = 1.0 / math.log(10.0)

identity = define(
    "identity", operator.pos, lambda x, z: 1.0, symbol="=", text="{0:4}", latex="{0:4}"
)
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
    elementary.div,
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
    symbol="|x|",
    text="|{0}|",
    latex=r"\left| {0} \right|",
)
reciprocal = define(  # 1/x for x ≥ 0 alone: the slope of log, and of others with its domain
    "reciprocal",
    elementary.reciprocal,
    lambda x, z: -z * z,
    text="1 / {0:3}",
    latex=r"\frac{{1}}{{{0}}}",
    precedence=2,
)
mod = define(
    "mod",
    elementary.mod,
    lambda x, y, z: 1.0,
    lambda x, y, z: -floor_quotient(x, y),
    text="{0:3} mod {1:3}",
    latex=r"{0:3} \bmod {1:3}",
    precedence=0,  # a reader would take in the terms before it
)
floor_quotient = define(
    "floor_quotient",
    elementary.floor_quotient,
    lambda x, y, z: 0.0,
    lambda x, y, z: 0.0,
    text="⌊{0:2} / {1:3}⌋",
    latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor",
)

# ------------------------------------------------------------------- powers and logarithms

power = define(
    "pow",
    elementary.power,
    lambda x, y, z: power_rule(x, y),
    lambda x, y, z: exponent_rule(x, y),
    symbol="xʸ",
    text="{0:4}^{1:4}",
    latex="{{{0:4}}}^{{{1}}}",
    precedence=3,
)
power_rule = define(  # ∂(x^y)/∂x
    "power_rule",
    elementary.power_rule,
    lambda x, y, z: where(y, y * power_rule(x, y - 1.0), 0.0),  # 0 · ∞ at x = y = 0
    lambda x, y, z: power(x, y - 1.0) + y * exponent_rule(x, y - 1.0),
    text="{1:2} · {0:4}^({1:1} − 1)",
    latex=r"{1:2} \, {{{0:4}}}^{{{1:1} - 1}}",
    precedence=2,
)
exponent_rule = define(  # ∂(x^y)/∂y
    "exponent_rule",
    elementary.exponent_rule,
    lambda x, y, z: power(x, y - 1.0) + y * exponent_rule(x, y - 1.0),
    lambda x, y, z: z * log(x),
    text="{0:4}^{1:4} · log({0})",
    latex=r"{{{0:4}}}^{{{1}}} \log({0})",
    precedence=2,
)
sqrt = define(
    "sqrt",
    elementary.sqrt,
    lambda x, z: 0.5 * reciprocal(z),
    symbol="√x",
    text="√{0:4}",
    latex=r"\sqrt{{{0}}}",
    precedence=3,
    doc="The square root; NaN below 0.",
)
cbrt = define(
    "cbrt",
    elementary.cbrt,
    lambda x, z: reciprocal(3.0 * z * z),
    symbol="∛x",
    text="∛{0:4}",
    latex=r"\sqrt[3]{{{0}}}",
    precedence=3,
    doc="The cube root, negative for a negative number.",
)
exp = define(
    "exp",
    elementary.exp,
    lambda x, z: z,
    symbol="eˣ",
    latex=r"e^{{{0}}}",
    precedence=3,
    doc="e to the power x.",
)
expm1 = define(
    "expm1",
    elementary.expm1,
    lambda x, z: exp(x),  # z + 1 has lost the digits of a small exp(x)
    symbol="eˣ−1",
    doc="exp(x) − 1, exact for small x.",
)
log = define(
    "log",
    elementary.log,
    lambda x, z: reciprocal(x),
    latex=r"\log({0})",
    doc="The natural logarithm; −inf at 0, NaN below.",
)
log1p = define(
    "log1p",
    elementary.log1p,
    lambda x, z: reciprocal(1.0 + x),
    symbol="log(1+x)",
    doc="log(1 + x), exact for small x; −inf at −1, NaN below.",
)
log2 = define(
    "log2",
    elementary.log2,
    lambda x, z: LOG2_E * reciprocal(x),
    symbol="log₂",
    text="log₂({0})",
    latex=r"\log_2({0})",
    doc="The logarithm to base 2; −inf at 0, NaN below.",
)
log10 = define(
    "log10",
    elementary.log10,
    lambda x, z: LOG10_E * reciprocal(x),
    symbol="log₁₀",
    text="log₁₀({0})",
    latex=r"\log_{{10}}({0})",
    doc="The logarithm to base 10; −inf at 0, NaN below.",
)
