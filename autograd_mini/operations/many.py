"""Operations of any number of operands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_mini.kernels import elementary, special
from autograd_mini.primitive import define

__all__ = ["dot_product", "dot_rows", "logsumexp", "mean", "softmax_share", "total"]


def dot_rows(operands: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any], Any]:
    """The weights, the inputs and the bias among the operands of a dot."""
    width = len(operands) // 2
    return operands[:width], operands[width:-1], operands[-1]


def _products(terms: Sequence[str], times: str) -> str:
    """`w₁ · x₁ + w₂ · x₂ + b` from the operands of a dot."""
    ws, xs, bias = dot_rows(terms)
    products = [w + times + x for w, x in zip(ws, xs, strict=True)]
    return " + ".join(products if bias == "0" else [*products, bias])


def _softmax(operands: tuple[Any, ...], _: Any) -> tuple[Any, ...]:
    if all(isinstance(x, float) for x in operands):
        return special.softmax(operands)  # the same in linear rather than quadratic time
    return tuple([softmax_share(x, *operands) for x in operands])


def _softmax_share_rule(operands: tuple[Any, ...], z: Any) -> tuple[Any, ...]:
    _, *others = operands
    return z, *[-z * softmax_share(x, *others) for x in others]


total = define(
    "sum",
    elementary.total,
    lambda operands, z: (1.0,) * len(operands),
    variadic=True,
    symbol="Σ",
    text=" + ".join,
    latex=" + ".join,
    precedence=1,
)
mean = define(
    "mean",
    elementary.mean,
    lambda operands, z: (1.0 / len(operands),) * len(operands),
    variadic=True,
    text=lambda terms: f"({' + '.join(terms)}) / {len(terms)}",
    latex=lambda terms: rf"\frac{{{' + '.join(terms)}}}{{{len(terms)}}}",
    precedence=2,
)
dot_product = define(  # of w₁, w₂, …, x₁, x₂, …, b
    "dot",
    lambda operands: elementary.dot(*dot_rows(operands)),
    lambda operands, z: (*dot_rows(operands)[1], *dot_rows(operands)[0], 1.0),
    variadic=True,
    symbol="Σ",
    text=lambda terms: _products(terms, " · "),
    latex=lambda terms: _products(terms, r" \, "),
    precedence=1,
)
logsumexp = define(
    "logsumexp",
    special.logsumexp,
    _softmax,
    variadic=True,
    text=lambda terms: f"logsumexp({', '.join(terms)})",
    latex=lambda terms: rf"\operatorname{{logsumexp}}({', '.join(terms)})",
)
softmax_share = define(  # the part of one number in several: of x, x₁, x₂, …
    "softmax_share",
    special.softmax_share,
    _softmax_share_rule,
    variadic=True,
    text=lambda terms: f"softmax({terms[0]}; {', '.join(terms[1:])})",
    latex=lambda terms: rf"\operatorname{{softmax}}({terms[0]}; {', '.join(terms[1:])})",
)
