"""Derivatives of numbers, vectors and matrices by one another, laid out as a notation says.

The numbers come from the engine's `gradients`; here they are only put in their places.
"""

from __future__ import annotations

from typing import Any

from autograd_mini import Value, gradients

from .arrays import Array
from .notation import Layout

__all__ = ["derivative"]


def derivative(top: Any, bottom: Any, layout: Layout, *, create_graph: bool = False) -> Any:
    """∂top/∂bottom.

    Args:
        top: a number, a Value or an array of them.
        bottom: a Value or an array of Values that top is made from.
        layout: "denominator", "numerator" or "mixed"; it does not matter where bottom is a row and
            top a column, or the other way around: ∂y/∂xᵀ has a row for each entry of y.
        create_graph: give Values that can be differentiated again.

    >>> x = Array((2, 1), (Value(1.0), Value(2.0)))
    >>> derivative(x.at(0, 0) * x.at(1, 0), x, "denominator").entries
    (2.0, 1.0)
    """
    tops = top.entries if isinstance(top, Array) else (top,)
    bottoms = bottom.entries if isinstance(bottom, Array) else (bottom,)
    slopes = [_slopes(t, list(bottoms), create_graph=create_graph) for t in tops]
    if not isinstance(top, Array):
        return _by_array(slopes[0], bottom, layout)
    if not isinstance(bottom, Array):
        found = Array(top.shape, tuple(row[0] for row in slopes))
        is_vector = top.is_column or top.is_row
        return found.transposed if layout == "denominator" and is_vector else found
    n, k = len(bottoms), len(tops)
    rows_of_top = Array((k, n), tuple(x for row in slopes for x in row))
    vectors = (top.is_column or top.is_row) and (bottom.is_column or bottom.is_row)
    if vectors:
        if top.is_column and bottom.is_row and not bottom.is_column:
            return rows_of_top
        if top.is_row and not top.is_column and bottom.is_column:
            return rows_of_top.transposed
        return rows_of_top.transposed if layout == "denominator" else rows_of_top
    shape_of_top = (k,) if top.is_column else top.shape
    if layout == "denominator":
        return Array((*bottom.shape, *shape_of_top), rows_of_top.transposed.entries)
    shape_of_bottom = (n,) if bottom.is_column else bottom.shape
    return Array((*shape_of_top, *shape_of_bottom), rows_of_top.entries)


def _by_array(slopes: list[Any], bottom: Any, layout: Layout) -> Any:
    if not isinstance(bottom, Array):
        return slopes[0]
    found = Array(bottom.shape, tuple(slopes))
    return found.transposed if layout == "numerator" else found


def _slopes(top: Any, bottoms: list[Value], *, create_graph: bool) -> list[Any]:
    if not isinstance(top, Value):
        return [0.0] * len(bottoms)
    return gradients(top, bottoms, create_graph=create_graph)
