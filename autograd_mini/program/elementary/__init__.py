"""The operations of the table as instructions on vectors: one lane per sample.

`ELEMENTARY` maps an operation's name to a function from a builder and vectors to the vector of
results. Arithmetic and selections have the bits of the table's kernels, everything else is within
2 ulp of them (6 for slopes of mish). What an operation means, and its derivative, is said by the
table alone; operations that stand there and not here are run by their Python function.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from llvmlite import ir

from . import activations, circular, exponential, logarithm, powers, selection
from .lanes import Lanes, absolute, call_c, intrinsic, register_symbols

__all__ = ["ELEMENTARY", "Emitter", "emitter", "register_symbols"]

Emitter = Callable[..., Any]
"""From an `llvmlite.ir.IRBuilder` and operands, all of the type `<n x double>` or all
`<n x float>` (or all one number) to the result, of the same type. It may add basic blocks."""

_LIBRARY_ROWS = (
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan2",
    "atanh",
    "erf",
    "erfc",
    "log2",
    "log10",
    "tan",
)

_FORMULAS: dict[str, Callable[..., Lanes]] = {
    # what LLVM has
    "identity": lambda x: x,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "abs": absolute,
    "floor": partial(intrinsic, "floor"),
    "ceil": partial(intrinsic, "ceil"),
    "round": partial(intrinsic, "rint"),
    "sqrt": partial(intrinsic, "sqrt"),
    # what is made of it, by the same name
    **{
        name: getattr(module, name)
        for module in (activations, circular, exponential, logarithm, powers, selection)
        for name in module.__all__
    },
    "pow": powers.power,
    # what the C library has
    **{name: partial(call_c, name) for name in _LIBRARY_ROWS},
}


def emitter(formula: Callable[..., Lanes]) -> Emitter:
    """What emits a formula of doubles; numbers of single precision are widened for it."""

    def emit(builder: Any, *operands: Any) -> Any:
        kind = operands[0].type
        count = getattr(kind, "count", 0)
        if (kind.element if count else kind) == ir.DoubleType():
            return formula(*[Lanes(builder, x) for x in operands]).value
        wide = ir.VectorType(ir.DoubleType(), count) if count else ir.DoubleType()
        widened = [Lanes(builder, builder.fpext(x, wide)) for x in operands]
        return builder.fptrunc(formula(*widened).value, kind)

    return emit


ELEMENTARY: dict[str, Emitter] = {name: emitter(formula) for name, formula in _FORMULAS.items()}
"""By the operation's name."""
