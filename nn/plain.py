"""Layers on plain floats: what a model computes, without a graph.

The numbers are those of the graph to the bit: products are added from left to right, and the bias
last. For several samples numpy does so for all of them at once, where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from autograd_mini import relu

__all__ = ["PlainLayer", "outputs"]

PlainLayer = tuple[Sequence[Sequence[float]], Callable[[float], float] | None]
"""For each unit its weights and then its bias; and the activation or None."""

_MANY = 8  # samples from which numpy is quicker
_WIDEST = 128  # inputs up to which their sum is written out in one line


def outputs(layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """What layers, one after another, make of each row of inputs.

    >>> outputs([([[1.0, 2.0, 0.5], [0.0, 1.0, 0.0]], abs)], [[-3.0, 1.0], [0.0, 2.0]])
    [[0.5, 1.0], [4.5, 2.0]]
    """
    numpy = _numpy() if len(rows) >= _MANY else None
    return _one_by_one(layers, rows) if numpy is None else _together(numpy, layers, rows)


def _one_by_one(layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    signals = [list(row) for row in rows]
    for weights, activation in layers:
        weighted_sums = _weighted_sums(len(weights[0]))
        sums = [weighted_sums(weights, [*row, 1.0]) for row in signals]
        signals = sums if activation is None else [list(map(activation, row)) for row in sums]
    return signals


@cache
def _weighted_sums(width: int) -> Callable[[Sequence[Sequence[float]], list[float]], list[float]]:
    """The function that weighs a row of inputs for each unit.

    A loop costs Python more than the arithmetic, so the sum is written out in a line.
    """
    if width > _WIDEST:
        return _long_weighted_sums
    inputs, weights = (", ".join([f"{letter}{i}" for i in range(width)]) for letter in "xw")
    products = "".join([f" + w{i} * x{i}" for i in range(width)])
    source = (
        f"lambda rows, inputs: [0.0{products} for ({inputs},) in (inputs,) "
        f"for ({weights},) in rows]"
    )
    return eval(source)  # type: ignore[no-any-return]  # noqa: S307  # our own text


def _long_weighted_sums(rows: Sequence[Sequence[float]], inputs: list[float]) -> list[float]:
    sums = []
    for weights in rows:
        total = 0.0
        for w, x in zip(weights, inputs, strict=True):
            total += w * x
        sums.append(total)
    return sums


def _together(
    numpy: Any, layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]
) -> list[list[float]]:
    signals = numpy.array(rows, dtype=float).T  # a row per signal, a column per sample
    with numpy.errstate(all="ignore"):
        for rows_of_weights, activation in layers:
            *weights, biases = numpy.array(rows_of_weights).T[:, :, None]
            sums = numpy.zeros((len(biases), len(rows)))
            products = numpy.empty_like(sums)
            for w, x in zip(weights, signals, strict=True):
                numpy.multiply(w, x, out=products)
                sums += products  # not a matrix product, which adds in another order
            sums += biases
            signals = _activated(numpy, activation, sums)
    found: list[list[float]] = signals.T.tolist()
    return found


def _activated(numpy: Any, activation: Callable[[float], float] | None, sums: Any) -> Any:
    if activation is None:
        return sums
    if activation is relu.forward:
        return numpy.where((sums > 0.0) | numpy.isnan(sums), sums, 0.0)
    # One number at a time: numpy's functions differ from Python's in the last bits.
    activated = map(activation, sums.ravel().tolist())
    return numpy.fromiter(activated, float, sums.size).reshape(sums.shape)


def _numpy() -> Any:
    try:
        import numpy  # noqa: ICN001, PLC0415  # only who has many samples waits for it
    except ImportError:
        return None
    return numpy
