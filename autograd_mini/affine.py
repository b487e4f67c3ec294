"""Dots and layers of dots on Values, faster than one operation at a time.

A layer's neurons share their inputs, and a neuron's weights serve every sample: each is kept as
one row of operands, which the nodes of the layer and the samples share. The nodes are those that
the table's `dot` makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .kernels import elementary
from .operations import dot_product
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
    row = tuple(inputs)
    xs = tuple([x._data if x.__class__ is Value else x for x in row])
    outputs = []
    for weight_row, bias in zip(weights, biases, strict=True):
        if len(weight_row) != len(row):
            raise ValueError(
                f"dot() of {len(weight_row)} weights and {len(row)} inputs: give as many of each"
            )
        data: Any = None
        if weight_row and weight_row[0].__class__ is Value:
            ws = tuple([w._data if w.__class__ is Value else w for w in weight_row])
            try:
                data = elementary.dot(ws, xs, bias._data if bias.__class__ is Value else bias)
            except TypeError:  # an operand is no number: the table's operation says which
                data = None
        if data.__class__ is float:
            rows = (tuple(weight_row), row)
            outputs.append(make_node(dot_product, data, rows, bias, (xs, ws), 1.0))
        else:
            outputs.append(dot_product.of((*weight_row, *row, bias)))
    return outputs
