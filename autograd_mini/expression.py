"""Formulas: symbols and numbers joined by operations, which can be written out or worked out.

A rule of the table becomes an expression by being called on symbols, once; whoever wants the
derivative on Values, in print or as code reads the expression.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NoReturn

from .graph import topological_order
from .primitive import Primitive, to_float
from .traced import Traced

__all__ = ["Expression", "formulas", "interpret", "parts", "symbol", "write"]

Style = Literal["text", "latex"]

_NO_BRANCH = (
    "a formula is written down before the numbers are known, so it cannot branch on them: "
    "use relu, maximum, clamp, sign or another operation that chooses"
)


class Expression(Traced):
    """A symbol (it has a name) or an operation of expressions and floats.

    >>> x = symbol("x")
    >>> print(2.0 * x + x.sin())
    2 · x + sin(x)
    """

    __slots__ = ("name", "operands", "primitive")

    def __init__(
        self,
        primitive: Primitive | None,
        operands: tuple[Expression | float, ...],
        name: str = "",
    ) -> None:
        self.primitive = primitive
        self.operands = operands
        self.name = name

    def apply_operation(self, primitive: Primitive, operands: tuple[Any, ...]) -> Expression:
        """The operation written down; a TypeError if an operand is no number."""
        if any(_operand(operand) is NotImplemented for operand in operands):
            raise TypeError(f"an expression is made of numbers and expressions, not {operands!r}")
        return Expression(primitive, tuple([_operand(operand) for operand in operands]))

    def apply_infix(self, primitive: Primitive, x: Any, y: Any) -> Any:
        """The operator written down; NotImplemented if an operand is no number."""
        x, y = _operand(x), _operand(y)
        if x is NotImplemented or y is NotImplemented:
            return NotImplemented
        return Expression(primitive, (x, y))

    def __bool__(self) -> bool:
        raise TypeError(f"if {self}: {_NO_BRANCH}")

    def __lt__(self, other: object) -> bool:
        raise TypeError(f"{self} < {other}: {_NO_BRANCH}")

    def __le__(self, other: object) -> bool:
        raise TypeError(f"{self} <= {other}: {_NO_BRANCH}")

    def __gt__(self, other: object) -> bool:
        raise TypeError(f"{self} > {other}: {_NO_BRANCH}")

    def __ge__(self, other: object) -> bool:
        raise TypeError(f"{self} >= {other}: {_NO_BRANCH}")

    def __float__(self) -> NoReturn:
        raise TypeError(
            f"{self} is a formula, not a number: in place of a function of math use the one of "
            "autograd_mini, as in autograd_mini.exp(x)"
        )

    def __str__(self) -> str:
        return write(self)

    def __repr__(self) -> str:
        return f"<expression {write(self)}>"


def symbol(name: str) -> Expression:
    """An expression that stands for whatever it is bound to."""
    return Expression(None, (), name)


@cache
def formulas(primitive: Primitive) -> tuple[tuple[Expression, ...], tuple[Expression | float, ...]]:
    """The symbols of an operation (its operands, then its result) and its local derivatives.

    Raises:
        TypeError: if a rule branches on an operand instead of using an operation.

    >>> from autograd_mini.operations import div
    >>> symbols, (by_x, by_y) = formulas(div)
    >>> print(by_x, "and", by_y)
    1 / y and (−z) / y
    """
    names = list(inspect.signature(primitive.rules[0]).parameters)
    symbols = tuple([symbol(name) for name in names])
    derivatives = []
    for rule in primitive.rules:
        derivative = _operand(found := rule(*symbols))
        if derivative is NotImplemented:
            raise TypeError(
                f"a derivative of {primitive.name} must be a number or made of the operands and "
                f"the result by operations, not {type(found).__name__} {found!r:.60}"
            )
        derivatives.append(derivative)
    return symbols, tuple(derivatives)


def interpret(
    expressions: Sequence[Expression | float], bindings: Mapping[Expression, Any]
) -> list[Any]:
    """The expressions worked out on whatever their symbols are bound to.

    >>> x = symbol("x")
    >>> interpret([x * x, 1.0], {x: 3.0})
    [9.0, 1.0]
    """
    results = dict(bindings)
    for node in topological_order(parts(expressions), lambda e: parts(e.operands)):
        if node.primitive is not None:
            operands = [results[o] if isinstance(o, Expression) else o for o in node.operands]
            results[node] = node.primitive(*operands)
    return [results[e] if isinstance(e, Expression) else e for e in expressions]


def parts(operands: Iterable[Expression | float]) -> list[Expression]:
    """The expressions among operands, without the numbers."""
    return [operand for operand in operands if isinstance(operand, Expression)]


def write(
    expression: Expression | float,
    style: Style = "text",
    names: Mapping[Expression, str] | None = None,
) -> str:
    r"""The expression in Unicode text or in LaTeX.

    Args:
        expression: what to write.
        style: "text" or "latex".
        names: what to write for an expression, in place of its own name or its operation.

    >>> x, y = symbol("x"), symbol("y")
    >>> write((x - y) * x, "latex")
    '\\left(x - y\\right) \\, x'
    """
    names = names or {}
    written: dict[Expression, _Written] = {e: _Written(name, 4, style) for e, name in names.items()}
    for node in topological_order(parts([expression]), lambda e: parts(e.operands)):
        if node not in written:
            written[node] = _write_node(node, written, style)
    if isinstance(expression, Expression):
        return written[expression].text
    return _write_number(expression, style).text


class _Written:
    """A piece of notation that knows how tightly it binds; formatted, it takes parentheses."""

    __slots__ = ("precedence", "style", "text")

    def __init__(self, text: str, precedence: int, style: Style) -> None:
        self.text = text
        self.precedence = precedence
        self.style = style

    def __format__(self, required: str) -> str:
        if self.precedence >= int(required or 0):
            return self.text
        return rf"\left({self.text}\right)" if self.style == "latex" else f"({self.text})"


def _write_node(node: Expression, written: Mapping[Expression, _Written], style: Style) -> _Written:
    primitive = node.primitive
    if primitive is None:
        return _Written(node.name, 4, style)
    operands = [
        written[o] if isinstance(o, Expression) else _write_number(o, style) for o in node.operands
    ]
    template = primitive.latex if style == "latex" else primitive.text
    if isinstance(template, str):
        text = template.format(*operands)
    else:
        text = template([format(operand, "2") for operand in operands])
    return _Written(text, primitive.precedence, style)


def _write_number(number: float, style: Style) -> _Written:
    digits, _, exponent = f"{abs(number):.12g}".partition("e")
    precedence = 4
    if not math.isfinite(number):
        digits = _NOT_FINITE[style][digits]
    elif exponent and style == "text":
        digits += f"e{int(exponent)}"
    elif exponent:
        power = f"10^{{{int(exponent)}}}"
        digits, precedence = (power, 3) if digits == "1" else (rf"{digits} \cdot {power}", 2)
    if number >= 0.0 or number != number:
        return _Written(digits, precedence, style)
    return _Written(("-" if style == "latex" else "−") + digits, 1, style)


_NOT_FINITE = {
    "text": {"inf": "∞", "nan": "NaN"},
    "latex": {"inf": r"\infty", "nan": r"\text{NaN}"},
}


def _operand(given: Any) -> Any:
    return given if isinstance(given, Expression) else to_float(given)
