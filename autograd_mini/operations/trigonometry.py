"""Circular and hyperbolic functions and their inverses."""

from __future__ import annotations

import math

from autograd_mini.kernels import activations, trigonometry
from autograd_mini.primitive import define

from .arithmetic import reciprocal, sqrt

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atan2_slope",
    "atan_prime",
    "atanh",
    "cos",
    "cosh",
    "hypot",
    "hypot_slope",
    "sech_squared",
    "sin",
    "sinh",
    "tan",
    "tanh",
]

sin = define(
    "sin",
    trigonometry.sin,
    lambda x, z: cos(x),
    latex=r"\sin({0})",
    doc="The sine of x radians.",
)
cos = define(
    "cos",
    trigonometry.cos,
    lambda x, z: -sin(x),
    latex=r"\cos({0})",
    doc="The cosine of x radians.",
)
tan = define(
    "tan",
    trigonometry.tan,
    lambda x, z: 1.0 + z * z,
    latex=r"\tan({0})",
    doc="The tangent of x radians.",
)
asin = define(
    "asin",
    trigonometry.asin,
    lambda x, z: 1.0 / sqrt((1.0 - x) * (1.0 + x)),  # 1 − x² rounds before it cancels
    latex=r"\arcsin({0})",
    doc="The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1].",
)
acos = define(
    "acos",
    trigonometry.acos,
    lambda x, z: -1.0 / sqrt((1.0 - x) * (1.0 + x)),
    latex=r"\arccos({0})",
    doc="The angle in [0, π] whose cosine is x; NaN outside [−1, 1].",
)
atan = define(
    "atan",
    math.atan,
    lambda x, z: atan_prime(x),
    latex=r"\arctan({0})",
    doc="The angle in [−π/2, π/2] whose tangent is x.",
)
atan_prime = define(
    "atan_prime",
    trigonometry.atan_prime,
    lambda x, z: -2.0 * atan2_slope(x, 1.0) * z,
    text="1 / (1 + {0:4}^2)",
    latex=r"\frac{{1}}{{1 + {{{0:4}}}^2}}",
    precedence=2,
)
atan2 = define(
    "atan2",
    math.atan2,
    lambda y, x, z: atan2_slope(x, y),
    lambda y, x, z: -atan2_slope(y, x),
    doc="The angle of the point (x, y), given y and x in this order.",
)
atan2_slope = define(  # x / (x² + y²)
    "atan2_slope",
    trigonometry.atan2_slope,
    lambda x, y, z: (atan2_slope(y, x) - z) * (atan2_slope(y, x) + z),
    lambda x, y, z: -2.0 * z * atan2_slope(y, x),
    text="{0:2} / ({0:4}^2 + {1:4}^2)",
    latex=r"\frac{{{0}}}{{{{{0:4}}}^2 + {{{1:4}}}^2}}",
    precedence=2,
)
hypot = define(
    "hypot",
    math.hypot,
    lambda x, y, z: hypot_slope(x, y),
    lambda x, y, z: hypot_slope(y, x),
    text="√({0:4}^2 + {1:4}^2)",
    latex=r"\sqrt{{{{{0:4}}}^2 + {{{1:4}}}^2}}",
    precedence=3,
    doc="√(x² + y²), also where a square would overflow.",
)
hypot_slope = define(  # x / √(x² + y²)
    "hypot_slope",
    trigonometry.hypot_slope,
    lambda x, y, z: hypot_slope(y, x) * hypot_slope(y, x) / hypot(x, y),
    lambda x, y, z: -z * hypot_slope(y, x) / hypot(x, y),
    text="{0:2} / √({0:4}^2 + {1:4}^2)",
    latex=r"\frac{{{0}}}{{\sqrt{{{{{0:4}}}^2 + {{{1:4}}}^2}}}}",
    precedence=2,
)
sinh = define(
    "sinh",
    trigonometry.sinh,
    lambda x, z: cosh(x),
    latex=r"\sinh({0})",
    doc="The hyperbolic sine.",
)
cosh = define(
    "cosh",
    trigonometry.cosh,
    lambda x, z: sinh(x),
    latex=r"\cosh({0})",
    doc="The hyperbolic cosine.",
)
tanh = define(
    "tanh",
    math.tanh,
    lambda x, z: sech_squared(x),
    latex=r"\tanh({0})",
    doc="The hyperbolic tangent.",
)
sech_squared = define(
    "sech_squared",
    activations.sech_squared,
    lambda x, z: -2.0 * z * tanh(x),
    symbol="sech²",
    text="sech²({0})",
    latex=r"\operatorname{{sech}}^2({0})",
)
asinh = define(
    "asinh",
    math.asinh,
    lambda x, z: 1.0 / hypot(x, 1.0),
    doc="The number whose hyperbolic sine is x.",
)
acosh = define(
    "acosh",
    trigonometry.acosh,
    lambda x, z: 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)),
    doc="The number from 0 on whose hyperbolic cosine is x; NaN below 1.",
)
atanh = define(
    "atanh",
    trigonometry.atanh,
    lambda x, z: reciprocal((1.0 - x) * (1.0 + x)),
    doc="The number whose hyperbolic tangent is x; infinite at ±1, NaN beyond.",
)
