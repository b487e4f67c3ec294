"""Sums of terms, products, powers, roots, transposes and norms, of numbers and arrays."""

from __future__ import annotations

import math
from typing import Any

import autograd_mini as engine
from autograd_mini import Value
from autograd_mini.derivation.meaning import nodes as m

from . import linear
from .arrays import Array, add, map_entries, multiply, pairwise, scalar
from .protocol import Evaluating, whole_number

__all__ = ["inverse", "modulus", "power", "product_of", "root", "sum_of", "transposed"]


def sum_of(evaluator: Evaluating, node: m.Add) -> Any:
    """Terms with their signs."""
    total: Any = None
    for sign, term in node.terms:
        value = evaluator.value(term)
        if total is None:
            total = value if sign > 0 else map_entries(lambda x: -x, value)
        else:
            total = add(total, value, sign)
    return total


def product_of(evaluator: Evaluating, node: m.Mul) -> Any:
    """Factors from left to right; ⊙ waits for the products on both sides, if not read so."""
    items = [(operator, evaluator.value(item)) for operator, item in node.items]
    if evaluator.point.reading.left_to_right or all(op != "⊙" for op, _ in items):
        total = items[0][1]
        for operator, value in items[1:]:
            total = _OPERATIONS[operator](total, value)
        return total
    parts: list[Any] = [items[0][1]]  # the factors of ⊙, each a product
    for operator, value in items[1:]:
        if operator == "⊙":
            parts.append(value)
        else:
            parts[-1] = _OPERATIONS[operator](parts[-1], value)
    total = parts[0]
    for part in parts[1:]:
        total = _hadamard(total, part)
    return total


def power(evaluator: Evaluating, node: m.Power) -> Any:
    """A power: of a matrix the matrix product, of a vector entry by entry."""
    base, exponent = evaluator.value(node.base), evaluator.value(node.exponent)
    if isinstance(exponent, Array):
        if isinstance(base, Array):
            raise m.Unresolved("an array to the power of an array", node.at)
        if type(base) is float and base == math.e:
            return map_entries(engine.exp, exponent)
        return map_entries(lambda x: base**x, exponent)
    if isinstance(base, Array):
        if not base.is_column and not base.is_row:
            return linear.power(base, whole_number(exponent, node, "the power of this matrix"))
        return map_entries(lambda x: x**exponent, base)
    if type(base) is float and base == math.e:
        return engine.exp(exponent)
    return _power(base, exponent)


def root(evaluator: Evaluating, node: m.Root) -> Any:
    """A root, entry by entry."""
    inner = evaluator.value(node.inner)
    if node.degree is None:
        return map_entries(engine.sqrt, inner)
    degree = evaluator.value(node.degree)
    return map_entries(lambda x: x ** (1.0 / degree), inner)


def transposed(evaluator: Evaluating, node: m.Transposed) -> Any:
    """A transpose; of a number the number."""
    base = evaluator.value(node.base)
    return base.transposed if isinstance(base, Array) else base


def inverse(evaluator: Evaluating, node: m.Inverse) -> Any:
    """A reciprocal, or the inverse of a matrix."""
    base = evaluator.value(node.base)
    return linear.inverse(base) if isinstance(base, Array) else 1.0 / base


def modulus(evaluator: Evaluating, node: m.Modulus) -> Any:
    """|x|, a norm, or the determinant of a matrix."""
    inner = evaluator.value(node.inner)
    if not node.norm:
        return linear.determinant(inner) if isinstance(inner, Array) else abs(inner)
    entries = inner.entries if isinstance(inner, Array) else (inner,)
    if node.order == "1":
        return engine.sum([abs(x) for x in entries])
    if node.order == "\\infty":
        raise m.Unresolved("the maximum norm is not understood", node.at)
    return engine.sqrt(engine.sum([x * x for x in entries]))


def _hadamard(x: Any, y: Any) -> Any:
    x, y = scalar(x), scalar(y)
    return pairwise(lambda a, b: a * b, x, y, "⊙")


def _quotient(x: Any, y: Any) -> Any:
    if isinstance(y, Array) and not isinstance(x, Array):
        return map_entries(lambda entry: x / entry, y)
    if isinstance(y, Array):
        return pairwise(_divide, x, y, "/")
    return map_entries(lambda entry: _divide(entry, y), x)


def _divide(x: Any, y: Any) -> Any:
    if type(x) is float and type(y) is float:
        return x / y if y else (math.nan if not x or x != x else math.copysign(math.inf, x))
    return x / y


def _power(base: Any, exponent: Any) -> Any:
    if type(base) is float and type(exponent) is float:
        return (Value(base) ** exponent).data
    return base**exponent


def _outer(x: Any, y: Any) -> Any:
    if isinstance(x, Array) and isinstance(y, Array):
        x = x.transposed if x.is_row else x
        y = y.transposed if y.is_column else y
    return multiply(x, y)


def _dot_or_product(x: Any, y: Any) -> Any:
    """a · b: of two vectors their scalar product."""
    both = isinstance(x, Array) and isinstance(y, Array)
    if both and x.is_column and y.is_column and x.shape == y.shape:
        return multiply(x.transposed, y)
    return multiply(x, y)


_OPERATIONS = {"": multiply, "·": _dot_or_product, "/": _quotient, "⊙": _hadamard, "⊗": _outer}
