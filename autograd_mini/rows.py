"""Rows of numbers multiplied and added without a loop, which costs Python more than the arithmetic.

For each width the terms are written out in one line, compiled when it is first needed. The line
gives the bits that the loop gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from .fuse import function

__all__ = ["WIDEST", "dot", "numbers", "plus_flow"]

WIDEST = 128
"""The widest row that is written out: a longer line is no faster and slow to compile."""

Row = Sequence[Any]


@cache
def dot(width: int) -> Callable[[Row, Row], float]:
    """The function w₁x₁ + w₂x₂ + … of two rows, from left to right.

    >>> dot(2)((2.0, 3.0), (5.0, 7.0))
    31.0
    """
    if width > WIDEST:
        return _long_dot
    terms = "".join(f" + w{i} * x{i}" for i in range(width))
    return _written(["ws", "xs"], width, f"return 0.0{terms}")


@cache
def plus_flow(width: int) -> Callable[[Row, float, Row], Row]:
    """The function from rows of sums and of derivatives to each sum + adjoint · derivative.

    >>> plus_flow(2)((1.0, 2.0), 10.0, (3.0, 4.0))
    (31.0, 42.0)
    """
    if width > WIDEST:
        return _long_plus_flow
    terms = "".join(f"s{i} + adjoint * d{i}, " for i in range(width))
    return _written(["sums", "adjoint", "derivatives"], width, f"return ({terms})")


@cache
def numbers(width: int) -> Callable[[Row], Row]:
    """The function from a row of Values to their numbers.

    Raises:
        AttributeError: when called, if one is no Value.
    """
    if width > WIDEST:
        return _long_numbers
    return _written(["values"], width, f"return ({''.join(f'v{i}._data, ' for i in range(width))})")


def _written(parameters: list[str], width: int, result: str) -> Callable[..., Any]:
    """A function that takes its rows apart, each into its first letter and a number."""
    rows = [name for name in parameters if name != "adjoint"]
    names = [f"{''.join(f'{row[0]}{i}, ' for i in range(width))}= {row}" for row in rows]
    return function(f"rows of {width}", parameters, [*(names if width else []), result], {})


def _long_dot(ws: Row, xs: Row) -> float:
    result = 0.0
    for w, x in zip(ws, xs, strict=True):
        result += w * x
    return result


def _long_plus_flow(sums: Row, adjoint: float, derivatives: Row) -> Row:
    return [s + adjoint * d for s, d in zip(sums, derivatives, strict=True)]


def _long_numbers(values: Row) -> Row:
    return tuple([value._data for value in values])
