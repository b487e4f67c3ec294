"""Layers on plain floats: what a model computes, without a graph.

The numbers are those of the graph to the bit: products are added from left to right, and the bias
last. For several samples numpy does so for all of them at once, where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_mini import Dense, relu

__all__ = ["PlainLayer", "outputs"]

PlainLayer = tuple[Dense, Callable[[float], float] | None]
"""The weighted sums of each unit, and the activation or None."""

_MANY = 8  # samples from which numpy is quicker


def outputs(layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """What layers, one after another, make of each row of inputs.

    >>> layer = Dense([[1.0, 2.0], [0.0, 1.0]], [0.5, None])
    >>> outputs([(layer, abs)], [[-3.0, 1.0], [0.0, 2.0]])
    [[0.5, 1.0], [4.5, 2.0]]
    """
    numpy = _numpy() if len(rows) >= _MANY else None
    return _one_by_one(layers, rows) if numpy is None else _together(numpy, layers, rows)


def _one_by_one(layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    signals = [list(row) for row in rows]
    for dense, activation in layers:
        sums = list(map(dense.weighted_sums, signals))
        signals = sums if activation is None else [list(map(activation, row)) for row in sums]
    return signals


def _together(
    numpy: Any, layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]
) -> list[list[float]]:
    signals = numpy.array(rows, dtype=float).T  # a row per signal, a column per sample
    with numpy.errstate(all="ignore"):
        for dense, activation in layers:
            *weights, biases = numpy.array(dense.numbers()).T[:, :, None]
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
