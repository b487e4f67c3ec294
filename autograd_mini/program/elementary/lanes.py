"""Vectors of doubles in a function under construction: formulas of them emit LLVM instructions.

`x * y + 1.0` on `Lanes` emits a multiplication and an addition, one lane per sample; a comparison
gives a `Mask`, which chooses between two vectors. Nothing is ever contracted or reordered: each
operator is one rounding. Functions that have no vector form are called in the C library, lane by
lane.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

__all__ = [
    "Lanes",
    "Mask",
    "absolute",
    "call_c",
    "copy_sign",
    "fma",
    "from_integers",
    "intrinsic",
    "powers_of_two",
    "register_symbols",
    "scaled",
    "shifted",
    "unless",
]

C_FUNCTIONS = (
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan2",
    "atanh",
    "cbrt",
    "cos",
    "erf",
    "erfc",
    "fmod",
    "log10",
    "log2",
    "pow",
    "sin",
    "tan",
    # which stand in for an instruction that a processor has not
    *("ceil", "floor", "fma", "rint"),
)
SHIFTER = 1.5 * 2.0**52  # x + SHIFTER − SHIFTER is x rounded to an integer, the even one of two


@dataclass(frozen=True)
class Lanes:
    """A vector of doubles, or one double, and the builder that its instructions go to."""

    builder: Any
    value: Any

    def __add__(self, other: Lanes | float) -> Lanes:
        return self.of(self.builder.fadd(self.value, self.number(other)))

    def __radd__(self, other: float) -> Lanes:
        return self.of(self.builder.fadd(self.number(other), self.value))

    def __sub__(self, other: Lanes | float) -> Lanes:
        return self.of(self.builder.fsub(self.value, self.number(other)))

    def __rsub__(self, other: float) -> Lanes:
        return self.of(self.builder.fsub(self.number(other), self.value))

    def __mul__(self, other: Lanes | float) -> Lanes:
        return self.of(self.builder.fmul(self.value, self.number(other)))

    def __rmul__(self, other: float) -> Lanes:
        return self.of(self.builder.fmul(self.number(other), self.value))

    def __truediv__(self, other: Lanes | float) -> Lanes:
        return self.of(self.builder.fdiv(self.value, self.number(other)))

    def __rtruediv__(self, other: float) -> Lanes:
        return self.of(self.builder.fdiv(self.number(other), self.value))

    def __neg__(self) -> Lanes:
        return self.of(self.builder.fneg(self.value))

    def __lt__(self, other: Lanes | float) -> Mask:
        return self._compare("<", other)

    def __le__(self, other: Lanes | float) -> Mask:
        return self._compare("<=", other)

    def __gt__(self, other: Lanes | float) -> Mask:
        return self._compare(">", other)

    def __ge__(self, other: Lanes | float) -> Mask:
        return self._compare(">=", other)

    def equals(self, other: Lanes | float) -> Mask:
        """Where both are numbers and equal."""
        return self._compare("==", other)

    def is_nan(self) -> Mask:
        """Where it is no number."""
        return Mask(self.builder, self.builder.fcmp_unordered("uno", self.value, self.value))

    def _compare(self, relation: str, other: Lanes | float) -> Mask:
        """False where either is NaN."""
        found = self.builder.fcmp_ordered(relation, self.value, self.number(other))
        return Mask(self.builder, found)

    def of(self, value: Any) -> Lanes:
        """Another value of the same function."""
        return Lanes(self.builder, value)

    def number(self, other: Lanes | float) -> Any:
        """The value of other lanes, or the same constant in every lane."""
        if isinstance(other, Lanes):
            return other.value
        kind = self.value.type
        return ir.Constant(kind, [other] * kind.count if self.width else other)

    def constant(self, number: float) -> Lanes:
        """The same number in every lane."""
        return self.of(self.number(number))

    @property
    def width(self) -> int:
        """How many lanes; 0 for a plain double."""
        return int(getattr(self.value.type, "count", 0))

    def bits(self) -> Any:
        """The same bits as integers."""
        return self.builder.bitcast(self.value, self.integers)

    @property
    def integers(self) -> Any:
        """The type of as many 64-bit integers."""
        integer = ir.IntType(64)
        return ir.VectorType(integer, self.width) if self.width else integer

    def integer(self, number: int) -> Any:
        """The same integer in every lane."""
        return ir.Constant(self.integers, [number] * self.width if self.width else number)

    def from_bits(self, bits: Any) -> Lanes:
        """The doubles with these bits."""
        return self.of(self.builder.bitcast(bits, self.value.type))


@dataclass(frozen=True)
class Mask:
    """A truth value in each lane."""

    builder: Any
    value: Any

    def choose(self, x: Lanes, y: Lanes | float) -> Lanes:
        """x where true, else y, whatever the other holds."""
        return x.of(self.builder.select(self.value, x.value, x.number(y)))

    def __and__(self, other: Mask) -> Mask:
        return Mask(self.builder, self.builder.and_(self.value, other.value))

    def __or__(self, other: Mask) -> Mask:
        return Mask(self.builder, self.builder.or_(self.value, other.value))

    def __invert__(self) -> Mask:
        return Mask(self.builder, self.builder.not_(self.value))

    def everywhere(self) -> Any:
        """Whether it is true in every lane, as one bit."""
        width = getattr(self.value.type, "count", 0)
        if not width:
            return self.value
        as_integer = self.builder.bitcast(self.value, ir.IntType(width))
        return self.builder.icmp_unsigned("==", as_integer, ir.Constant(ir.IntType(width), -1))


def intrinsic(name: str, *operands: Lanes) -> Lanes:
    """An operation that LLVM knows by name, such as `sqrt`."""
    builder, kind = operands[0].builder, operands[0].value.type
    width = operands[0].width
    full_name = f"llvm.{name}." + (f"v{width}f64" if width else "f64")
    return operands[0].of(
        builder.call(
            _declared(builder, full_name, kind, len(operands)), [x.value for x in operands]
        )
    )


def fma(x: Lanes, y: Lanes | float, z: Lanes | float) -> Lanes:
    """x y + z, rounded once."""
    return intrinsic("fma", x, x.of(x.number(y)), x.of(x.number(z)))


def absolute(x: Lanes) -> Lanes:
    """The magnitude."""
    return intrinsic("fabs", x)


def copy_sign(magnitude: Lanes, sign: Lanes) -> Lanes:
    """A magnitude with another number's sign."""
    return intrinsic("copysign", magnitude, sign)


def shifted(x: Lanes, factor: float) -> tuple[Lanes, Any]:
    """x times a factor, at most 2⁵⁰, rounded to an integer: as doubles, and as 64-bit integers.

    The bits of n + 1.5 · 2⁵² end in those of n.
    """
    high = fma(x, factor, SHIFTER)
    as_integer = x.builder.sub(high.bits(), x.constant(SHIFTER).bits())
    return high - SHIFTER, as_integer


def from_integers(x: Lanes, n: Any) -> Lanes:
    """Small 64-bit integers as doubles, by the same identity."""
    bits = x.builder.add(n, x.constant(SHIFTER).bits())
    return x.from_bits(bits) - SHIFTER


def powers_of_two(x: Lanes, n: Any) -> tuple[Lanes, Lanes]:
    """Two powers of 2, the product of which is 2ⁿ, for integers −2000 < n < 2000."""
    builder = x.builder
    biased = builder.add(n, x.integer(2046))
    half = builder.lshr(biased, x.integer(1))
    rest = builder.sub(biased, half)
    first, last = [x.from_bits(builder.shl(e, x.integer(52))) for e in (half, rest)]
    return first, last


def scaled(x: Lanes, n: Any) -> Lanes:
    """x 2ⁿ, in two steps lest 2ⁿ overflow before the product does."""
    first, last = powers_of_two(x, n)
    return x * first * last


def call_c(name: str, *operands: Lanes) -> Lanes:
    """A function of the C library, called for one lane after the other."""
    builder, width = operands[0].builder, operands[0].width
    function = _declared(builder, name, ir.DoubleType(), len(operands))
    if not width:
        return operands[0].of(builder.call(function, [x.value for x in operands]))
    result = ir.Constant(operands[0].value.type, ir.Undefined)
    for i in range(width):
        lane = ir.Constant(ir.IntType(32), i)
        arguments = [builder.extract_element(x.value, lane) for x in operands]
        result = builder.insert_element(result, builder.call(function, arguments), lane)
    return operands[0].of(result)


def unless(common: Mask, usual: Lanes, rare: Callable[[], Lanes]) -> Lanes:
    """`usual` where `common` is true, else what `rare` emits; it is skipped if no lane needs it."""
    builder, before = usual.builder, usual.builder.block
    with builder.if_then(builder.not_(common.everywhere()), likely=False):
        mixed = common.choose(usual, rare())
        after = builder.block
    result = builder.phi(usual.value.type)
    result.add_incoming(usual.value, before)
    result.add_incoming(mixed.value, after)
    return usual.of(result)


def _declared(builder: Any, name: str, kind: Any, operands: int) -> Any:
    module = builder.module
    if name not in module.globals:
        ir.Function(module, ir.FunctionType(kind, [kind] * operands), name)
    return module.globals[name]


def register_symbols() -> None:
    """Tell LLVM where this process has the C library's functions, for code that calls them."""
    library = ctypes.cdll.msvcrt if os.name == "nt" else ctypes.CDLL(None)
    for name in C_FUNCTIONS:
        address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        llvm.add_symbol(name, address)
