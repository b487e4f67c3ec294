"""Dots and layers of dots on Values, faster than one operation at a time.

A layer's neurons share their inputs, and a neuron's weights serve every sample: each is kept as
one row of operands, which the nodes of the layer and the samples share. The nodes are those that
the table's `dot` makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import rows
from .operations import dot_product
from .primitive import to_float
from .value import Value, make_node

__all__ = ["affine", "dot"]


def dot(ws: Sequence[Any], xs: Sequence[Any], bias: Any = 0.0) -> Any:
    """w₁x₁ + w₂x₂ + … + b, from left to right, as one operation: a neuron's pre-activation.

    Args:
        ws: weights, n numbers or Values.
        xs: inputs, as many.
        bias: what is added at the end.

    Raises:
        ValueError: if there are not as many weights as inputs.
        TypeError: if an operand is not a real number or a Value.

    >>> dot([1.0, 2.0], [3.0, 4.0], 5.0)
    16.0
    """
    return affine((ws,), xs, (bias,))[0]


def affine(
    weights: Sequence[Sequence[Any]], inputs: Sequence[Any], biases: Sequence[Any]
) -> list[Any]:
    """W x + b: a `dot` with the same inputs for each row of W.

    Args:
        weights: rows of n numbers or Values each.
        inputs: n numbers or Values.
        biases: for each row what is added at the end.

    Returns:
        A list with a Value for each row, or a float where a row, its bias and the inputs are
        numbers alone.

    Raises:
        ValueError: if a row has not as many weights as there are inputs, or there are not as
            many biases as rows.
        TypeError: if an operand is not a real number or a Value.

    >>> affine([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0], [0.0, 0.5])
    [21.0, 43.5]
    """
    if len(weights) != len(biases):
        raise ValueError(
            f"affine() of {len(weights)} rows and {len(biases)} biases: give as many of each"
        )
    row = tuple(map(_as_operand, inputs))
    width = len(row)
    numbers, product = rows.numbers(width), rows.dot(width)
    xs = tuple([x._data if x.__class__ is Value else x for x in row])
    outputs = []
    for weight_row, given in zip(weights, biases, strict=True):
        bias = given if given.__class__ is Value else _as_operand(given)
        if len(weight_row) != width:
            raise ValueError(
                f"dot() of {len(weight_row)} weights and {width} inputs: give as many of each"
            )
        try:
            ws = numbers(weight_row)
            data = product(ws, xs) + (bias._data if bias.__class__ is Value else bias)
        except (AttributeError, TypeError):  # not Values alone
            data = None
        if data.__class__ is float and width:
            operands = (tuple(weight_row), row)
            outputs.append(make_node(dot_product, data, operands, bias, (xs, ws), 1.0))
        else:
            outputs.append(dot_product.of((*weight_row, *row, bias)))
    return outputs


def _as_operand(given: Any) -> Any:
    """A number as a float; Values, and what the table's operation is to judge, as they are."""
    if given.__class__ is Value or given.__class__ is float:
        return given
    number = to_float(given)
    return given if number is NotImplemented else number
