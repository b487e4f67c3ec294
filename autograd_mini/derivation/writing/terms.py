"""Terms, numbers and adjoints in writing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from autograd_mini.expression import Expression, write
from autograd_mini.operations import OPERATIONS

from .labels import make_label

__all__ = ["Style", "adjoint_name", "digits", "written"]

Style = Literal["text", "latex"]


def written(
    terms: tuple[tuple[Expression | float, ...], ...], style: Style, names: Mapping[Expression, str]
) -> str:
    """Terms of factors as one sum, with names or numbers for the symbols in it."""
    total: Expression | float | None = None
    for factors in terms:
        sign = 1.0
        first, *rest = factors
        if isinstance(first, float) and first < 0:
            sign, first = -1.0, -first
            if first == 1.0 and rest:
                first, *rest = rest
        product = first
        for factor in rest:
            product = Expression(OPERATIONS["mul"], (product, factor))
        if total is None:
            total = Expression(OPERATIONS["neg"], (product,)) if sign < 0 else product
        else:
            operation = OPERATIONS["add" if sign > 0 else "sub"]
            total = Expression(operation, (total, product))
    return write(total if total is not None else 0.0, style, names)


def digits(number: float, style: Style, *, bare: bool = False) -> str:
    """A number for print, in parentheses where a sign would be misread."""
    digits = f"{number:.6g}"
    if "e" in digits:
        mantissa, _, exponent = digits.partition("e")
        digits = (
            rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
            if style == "latex"
            else f"{mantissa}e{int(exponent)}"
        )
    if number < 0 and not bare:
        return rf"\left({digits}\right)" if style == "latex" else f"({digits})"
    return digits


def adjoint_name(adjoint: Expression, style: Style) -> str:
    """The name of an adjoint: δ with the node it belongs to."""
    if style == "latex":
        return adjoint.name
    letter, _, inner = adjoint.name.partition("_{")
    name = make_label(inner.removesuffix("}")).text
    mark = make_label(letter).text
    return f"{mark}_{name}" if len(name) == 1 else f"{mark}[{name}]"
