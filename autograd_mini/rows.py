"""Rows of operands that many nodes share: a layer's inputs, a neuron's weights.

A row is multiplied and added up without a loop, which would cost Python more than the arithmetic:
for each width the terms are written out in one line, compiled when it is first needed. The line
gives the bits that the loop gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import cache
from typing import Any

from .fuse import function

__all__ = ["WIDEST", "Row", "dots", "names", "of_dot", "terms", "total_flow"]

WIDEST = 128
"""The widest row that is written out: a longer line is no faster and slow to compile."""

Numbers = Sequence[float]


class Row:
    """Operands, Values and floats, that stand in a node's place for one: a step of the graph.

    Attributes:
        operands: a tuple.
        label: of weights, the label of the sums weighted by them.
        numbers: of the inputs of dots, the operands' numbers at that time.
        adjoints, derivatives: for each node that uses the row, in the order of the sweep, what
            flows to it and by what each operand multiplies that. With `_mark` and `rest`, the
            operands not looked at yet, they belong to the sweep.
    """

    __slots__ = ("_mark", "adjoints", "derivatives", "label", "numbers", "operands", "rest")

    operands: tuple[Any, ...]
    label: str
    numbers: Numbers
    adjoints: list[float]
    derivatives: list[Numbers]
    rest: Iterator[Any]
    _mark: object

    def __init__(self, operands: tuple[Any, ...], numbers: Numbers = (), label: str = "") -> None:
        self.operands = operands
        self.numbers = numbers
        self.label = label
        self._mark = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Row:
        return Row(deepcopy(self.operands, memo), self.numbers, self.label)


def of_dot(weights: Sequence[Any], inputs: Sequence[Any]) -> tuple[Any, ...]:
    """What stands for the operands of a dot, w and x each with the bias at the end, in order.

    >>> of_dot(["w1", "w2", "b"], ["x1", "x2", 1.0])
    ('w1', 'w2', 'x1', 'x2', 'b')
    """
    return (*weights[:-1], *inputs[:-1], weights[-1])


@cache
def dots(width: int) -> Callable[[Sequence[Numbers], Numbers], list[float]]:
    """The function w₁x₁ + w₂x₂ + … of each of some rows with x, from left to right, from 0 on.

    >>> dots(2)([(2.0, 3.0), (1.0, 0.0)], (5.0, 7.0))
    [31.0, 5.0]
    """
    if width > WIDEST:
        return _long_dots
    return function(
        f"dots of {width}",
        ["rows", "xs"],
        [
            f"[{names('x', width)}] = xs",
            "sums = []",
            f"for [{names('w', width)}] in rows:",
            f"    sums.append({terms(width)})",
            "return sums",
        ],
        {},
    )


@cache
def total_flow(width: int) -> Callable[[Sequence[float], Sequence[Numbers]], Numbers]:
    """The function from adjoints and a row of derivatives for each to Σ adjoint · derivative.

    There must be one at least. The sum for each operand starts with the first product.

    >>> total_flow(2)([10.0, 1.0], [(3.0, 4.0), (0.5, 0.0)])
    (30.5, 40.0)
    """
    if width > WIDEST:
        return _long_total_flow
    derivatives, indices = names("d", width), range(width)
    return function(
        f"flow to a row of {width}",
        ["adjoints", "rows"],
        [
            "adjoint, *adjoints = adjoints",
            f"[{derivatives}], *rows = rows",
            *[f"s{i} = adjoint * d{i}" for i in indices],
            f"for adjoint, [{derivatives}] in zip(adjoints, rows):",
            *[f"    s{i} += adjoint * d{i}" for i in indices],
            *([] if width else ["    pass"]),
            f"return ({names('s', width)})",
        ],
        {},
    )


def names(letter: str, width: int) -> str:
    """`w0, w1, ` and so on."""
    return "".join(f"{letter}{i}, " for i in range(width))


def terms(width: int) -> str:
    """`0.0 + w0 * x0 + w1 * x1` and so on."""
    return "0.0" + "".join(f" + w{i} * x{i}" for i in range(width))


def _long_dots(rows: Sequence[Numbers], xs: Numbers) -> list[float]:
    sums = []
    for ws in rows:
        total = 0.0
        for w, x in zip(ws, xs, strict=True):
            total += w * x
        sums.append(total)
    return sums


def _long_total_flow(adjoints: Sequence[float], rows: Sequence[Numbers]) -> Numbers:
    (first, *others), (derivatives, *rest) = adjoints, rows
    sums = [first * d for d in derivatives]
    for adjoint, row in zip(others, rest, strict=True):
        sums = [s + adjoint * d for s, d in zip(sums, row, strict=True)]
    return sums
