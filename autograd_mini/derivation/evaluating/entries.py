"""Families of symbols: what a notation gives for x_i, w^{l}_{ij}, h_t; and functions of vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["FROM_NOTATION", "Entries", "Whole", "entries", "whole"]


@dataclass(frozen=True, eq=False)
class Entries:
    """A family of numbers or arrays, one for each value of one or more indices; see `entries`."""

    items: Mapping[tuple[int, ...], Any]
    depth: int
    letters: str | None = None
    keyed: bool = False  # by indices of its own, rather than by position


@dataclass(frozen=True)
class Whole:
    """A function that takes a whole vector; see `whole`."""

    function: Callable[..., Any]


def entries(values: Any, letters: str | None = None, *, first: int | None = None) -> Entries:
    r"""Make a family of numbers or arrays, for a symbol with indices such as `"x_i"`.

    Args:
        values: nested lists, or a dict from an index (or a tuple of them) to a number, a vector
            or a matrix. Where lists go deeper than the key has letters, they are vectors.
        letters: which letters of the key are the indices, where it has others.
        first: the first index, in place of the notation's `first_index`. A dict has its own.

    >>> entries({1: 0.5, 2: 0.25}).items
    {(1,): 0.5, (2,): 0.25}
    """
    if isinstance(values, Mapping):
        items = {k if isinstance(k, tuple) else (k,): v for k, v in values.items()}
        depths = {len(index) for index in items}
        if len(depths) != 1:
            raise ValueError("the indices of entries() must all be of one length, and one at least")
        return Entries(items, depths.pop(), letters, keyed=True)
    depth = len(letters) if letters is not None else _depth(values)
    start = FROM_NOTATION if first is None else first
    return Entries(dict(_positions(values, depth, start)), depth, letters)


def whole(function: Callable[..., Any]) -> Whole:
    """Mark a function of a whole vector, such as softmax, from a list to a list or a number.

    A function that is not marked is applied to each entry of a vector.
    """
    return Whole(function)


def _depth(values: Any) -> int:
    depth = 0
    while isinstance(values, Sequence):
        depth, values = depth + 1, values[0]
    return depth


def _positions(values: Any, depth: int, first: int) -> Iterator[tuple[tuple[int, ...], Any]]:
    if depth == 0:
        yield (), values
        return
    for i, value in enumerate(values):
        for index, entry in _positions(value, depth - 1, first):
            yield (first + i, *index), entry


FROM_NOTATION = -(10**6)
"""Stands for the notation's own first index until that is known."""
