"""What an operation is: a function of floats, one local derivative per operand, and a notation.

The operations themselves stand in `operations`. What applying one means for something other than
floats (recording it, writing it down) is up to that something.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

__all__ = ["OPERATIONS", "Primitive", "define", "to_float"]

Rule = Callable[..., Any]
Notation = str | Callable[..., str]


@dataclass(eq=False)
class Primitive:
    """An operation z = f(x, y, …) together with its partial derivatives; made by `define`.

    Called with floats it gives a float; called with an operand that records (a `Value`, an
    expression) it gives what that operand makes of it.

    Attributes:
        name: the name that `Value.op` shows.
        forward: the function from floats to a float; it never raises for a numeric reason.
            A variadic operation's takes one tuple of floats.
        rules: one local derivative per operand, each a function of the operands and the result,
            written in operations. A variadic operation has a single rule, from the tuple of
            operands and the result to a tuple of derivatives.
        variadic: whether it takes any number of operands.
        selects: whether a derivative of zero means "not selected", so that nothing flows to that
            operand, not even zero times infinity.
        symbol: what a picture writes for it.
        text: its notation in Unicode, a template of its operands: `{0:2}` puts operand 0 in
            parentheses unless it binds at least as tightly as level 2 (0 what takes in every
            term beside it, 1 sums, 2 products, 3 powers, 4 functions and names). A variadic
            operation's is a function of strings.
        latex: the same in LaTeX.
        precedence: how tightly the operation itself binds, on the same scale.
        evaluate: value and local derivatives in one call, made from the rules on first use.
    """

    name: str
    forward: Callable[..., float]
    rules: tuple[Rule, ...]
    variadic: bool
    selects: bool
    symbol: str
    text: Notation
    latex: Notation
    precedence: int
    evaluate: Callable[..., Any] | None = field(default=None, init=False, repr=False)
    __signature__: inspect.Signature = field(init=False, repr=False)

    def __call__(self, *operands: Any) -> Any:
        """The result for these operands: a float, or what an operand makes of it."""
        return self.of(operands)

    def of(self, operands: tuple[Any, ...]) -> Any:
        """The same, of operands in a tuple."""
        if len(operands) != len(self.rules) and not self.variadic:
            raise TypeError(
                f"{self.name}() takes {len(self.rules)} operands, {len(operands)} were given"
            )
        for operand in operands:
            if operand.__class__ is not float and hasattr(operand, "apply_operation"):
                return operand.apply_operation(self, operands)
        floats = tuple([to_operand(operand, self) for operand in operands])
        return self.forward(floats) if self.variadic else self.forward(*floats)

    def __deepcopy__(self, memo: dict[int, Any]) -> Primitive:
        return self  # as a function is: a copied model computes with the same operations

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


OPERATIONS: dict[str, Primitive] = {}
"""Every operation by its name, in the order of definition."""


def define(
    name: str,
    forward: Callable[..., float],
    *rules: Rule,
    variadic: bool = False,
    selects: bool = False,
    symbol: str | None = None,
    text: Notation | None = None,
    latex: Notation | None = None,
    precedence: int = 4,
    doc: str = "",
) -> Primitive:
    """State an operation: its function, one local derivative per operand, its notation.

    Args are those of `Primitive`; a notation that is left out is `name(x, y)`.

    Raises:
        ValueError: if the name is taken.
    """
    if name in OPERATIONS:
        raise ValueError(f"an operation named {name!r} is defined already; choose another name")
    slots = ", ".join(f"{{{i}}}" for i in range(len(rules)))
    primitive = Primitive(
        name=name,
        forward=forward,
        rules=rules,
        variadic=variadic,
        selects=selects,
        symbol=name if symbol is None else symbol,
        text=f"{name}({slots})" if text is None else text,
        latex=_operator_latex(name, slots) if latex is None else latex,
        precedence=precedence,
    )
    primitive.__doc__ = doc or primitive.__doc__
    if not variadic:
        *operands, _ = inspect.signature(rules[0]).parameters.values()
        primitive.__signature__ = inspect.Signature(operands)
    OPERATIONS[name] = primitive
    return primitive


def _operator_latex(name: str, slots: str) -> str:
    return "\\operatorname{{" + name.replace("_", "\\_") + "}}(" + slots + ")"


def to_float(number: object) -> Any:
    """A real number as a float, infinite if beyond the floats; NotImplemented for the rest."""
    if not isinstance(number, (float, int, Real)):  # the ABC last: asking it is slow
        return NotImplemented
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf  # type: ignore[operator]


def to_operand(number: object, primitive: Primitive) -> float:
    """A real number as a float, or a TypeError that says what to write instead."""
    converted: float = to_float(number)
    if converted is NotImplemented:
        raise TypeError(not_a_number(number, f"an operand of {primitive.name}()"))
    return converted


def not_a_number(given: object, what: str, wanted: str = "a real number or a Value") -> str:
    """The sentence for something given where a real number belongs."""
    kind = type(given).__name__
    if isinstance(given, str):
        hint = "write float(text) for the number it holds"
    elif isinstance(given, complex):
        hint = "use its .real or .imag part"
    elif hasattr(given, "__float__") and not hasattr(given, "__len__"):
        hint = "write float(x) to convert it"
    elif hasattr(given, "__iter__"):
        hint = "apply it to each element, as in [f(x) for x in xs]"
    else:
        hint = "give an int, a float or a Fraction"
    return f"{what} must be {wanted}, not {kind} {given!r:.60}: {hint}"
