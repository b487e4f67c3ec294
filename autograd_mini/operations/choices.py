"""Operations that choose or round: constant between their jumps, so of derivative 0 or 1."""

from __future__ import annotations

from autograd_mini.kernels import selection
from autograd_mini.primitive import define

__all__ = [
    "at_most",
    "ceil",
    "clamp",
    "exceeds",
    "floor",
    "maximum",
    "minimum",
    "round_half_even",
    "sign",
    "step",
    "where",
]

sign = define("sign", selection.sign, lambda x, z: 0.0, doc="−1, 0 or 1.")
step = define("step", selection.step, lambda x, z: 0.0, text="[{0} > 0]", latex="[{0} > 0]")
floor = define(
    "floor",
    selection.floor,
    lambda x, z: 0.0,
    text="⌊{0}⌋",
    latex=r"\left\lfloor {0} \right\rfloor",
    doc="The largest integer up to x.",
)
ceil = define(
    "ceil",
    selection.ceil,
    lambda x, z: 0.0,
    text="⌈{0}⌉",
    latex=r"\left\lceil {0} \right\rceil",
    doc="The smallest integer from x on.",
)
round_half_even = define(
    "round",
    selection.round_half_even,
    lambda x, z: 0.0,
    doc="The nearest integer, the even one of two.",
)
minimum = define(
    "minimum",
    selection.minimum,
    lambda x, y, z: exceeds(y, x),
    lambda x, y, z: exceeds(x, y),
    selects=True,
    symbol="min",
    text="min({0}, {1})",
    latex=r"\min({0}, {1})",
    doc="The smaller of two; the derivative goes to it alone, or half to each at a tie.",
)
maximum = define(
    "maximum",
    selection.maximum,
    lambda x, y, z: exceeds(x, y),
    lambda x, y, z: exceeds(y, x),
    selects=True,
    symbol="max",
    text="max({0}, {1})",
    latex=r"\max({0}, {1})",
    doc="The larger of two; the derivative goes to it alone, or half to each at a tie.",
)
exceeds = define(  # ½ at a tie
    "exceeds",
    selection.exceeds,
    lambda x, y, z: 0.0,
    lambda x, y, z: 0.0,
    text="[{0} > {1}]",
    latex="[{0} > {1}]",
)
at_most = define(
    "at_most",
    selection.at_most,
    lambda x, y, z: 0.0,
    lambda x, y, z: 0.0,
    text="[{0} ≤ {1}]",
    latex=r"[{0} \le {1}]",
)
clamp = define(
    "clamp",
    selection.clamp,
    lambda x, low, high, z: (1.0 - at_most(x, low)) * (1.0 - at_most(high, x)),
    lambda x, low, high, z: at_most(x, low) * (1.0 - at_most(high, low)),
    lambda x, low, high, z: at_most(high, maximum(x, low)),
    selects=True,
)
where = define(
    "where",
    selection.where,
    lambda condition, x, y, z: 0.0,
    lambda condition, x, y, z: where(condition, 1.0, 0.0),
    lambda condition, x, y, z: where(condition, 0.0, 1.0),
    selects=True,
)
