"""Layers on plain floats: what a model computes, without a graph.

The numbers are those of the graph to the bit: products are added from left to right, and the bias
last. For many samples numpy does so for all of them at once, where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["PlainLayer", "outputs"]

PlainLayer = tuple[list[list[float]], list[float], Callable[[float], float] | None]
"""The weights of each unit, the biases, and the activation or None."""

_MANY = 16  # samples from which numpy is quicker


def outputs(layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """What layers, one after another, make of each row of inputs.

    >>> outputs([([[1.0, 2.0], [0.0, 1.0]], [0.5, 0.0], abs)], [[-3.0, 1.0], [0.0, 2.0]])
    [[0.5, 1.0], [4.5, 2.0]]
    """
    numpy = _numpy() if len(rows) >= _MANY else None
    return _one_by_one(layers, rows) if numpy is None else _together(numpy, layers, rows)


def _one_by_one(layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    found = []
    for row in rows:
        signals = list(row)
        for weights, biases, activation in layers:
            sums = []
            for ws, bias in zip(weights, biases, strict=True):
                total = 0.0
                for w, x in zip(ws, signals, strict=True):
                    total += w * x
                sums.append(total + bias)
            signals = sums if activation is None else list(map(activation, sums))
        found.append(signals)
    return found


def _together(
    numpy: Any, layers: Sequence[PlainLayer], rows: Sequence[Sequence[float]]
) -> list[list[float]]:
    signals = numpy.array(rows, dtype=float).T  # a row per signal, a column per sample
    with numpy.errstate(all="ignore"):
        for weights, biases, activation in layers:
            sums = numpy.zeros((len(weights), len(rows)))
            for w, x in zip(numpy.array(weights).T, signals, strict=True):
                sums += w[:, None] * x  # not a matrix product, which adds in another order
            sums += numpy.array(biases)[:, None]
            if activation is not None:  # one number at a time: numpy's functions differ in bits
                activated = map(activation, sums.ravel().tolist())
                sums = numpy.fromiter(activated, float, sums.size).reshape(sums.shape)
            signals = sums
    found: list[list[float]] = signals.T.tolist()
    return found


def _numpy() -> Any:
    try:
        import numpy  # noqa: ICN001, PLC0415  # only who has many samples waits for it
    except ImportError:
        return None
    return numpy
