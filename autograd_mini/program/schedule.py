"""What is to be computed on a tape, in groups: the same operation on many slots at once.

Dead slots are left out. Shared slots of one operation and one level cannot depend on one another,
so they form a group; `ordering` has the varying ones. Where numbers lie in memory is not known
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .derivatives import Pair
from .internals import LEAF, TERMS, Operation
from .tape import Kind, Tape

__all__ = ["Group", "Matrix", "Outer", "live_slots", "outers", "shared_groups"]


class Group(NamedTuple):
    """One operation on many slots.

    Attributes:
        operation: what is computed.
        kind: when.
        slots: the results.
        other: another operation on the same operands, done at the same time.
        others: its results.
    """

    operation: Operation
    kind: Kind
    slots: list[int]
    other: Operation | None = None
    others: Sequence[int] = ()


class Matrix(NamedTuple):
    """Dots over the same varying slots: W x + b.

    Attributes:
        slots: the results.
        weights: for each result a row of uniform slots.
        vector: the varying slots x.
        biases: for each result a uniform slot that is added last, or none at all.
        finish: what is done with every result, of which only the outcome is then kept.
        gates: for each result the other operand of an `open` or a `mul`.
    """

    slots: list[int]
    weights: list[tuple[int, ...]]
    vector: tuple[int, ...]
    biases: list[int]
    finish: str = ""
    gates: Sequence[int] = ()


@dataclass(frozen=True)
class Outer:
    """Sums over all samples of every product of a row with a column.

    Attributes:
        rows: varying slots.
        columns: varying slots, or uniform ones.
        sums: for each row the reduced slots to which its products with the columns are added.
    """

    rows: list[int]
    columns: tuple[int, ...]
    sums: list[tuple[int, ...]]


def live_slots(tape: Tape, roots: Iterable[int]) -> list[list[int]]:
    """The slots that some roots depend on, in order: uniform ones, varying ones, reduced ones."""
    live = bytearray(len(tape))
    for root in roots:
        live[root] = 1
    for slot, operands in zip(range(len(tape) - 1, -1, -1), reversed(tape.operands), strict=True):
        if live[slot]:
            for operand in operands:
                live[operand] = 1
    needed, kinds = np.array(live, bool), np.array(tape.kinds)
    return [np.flatnonzero(needed & (kinds == kind)).tolist() for kind in Kind]


def shared_groups(tape: Tape, slots: Sequence[int], kind: Kind) -> list[Group]:
    """The operations on uniform or on reduced slots in groups, each after what it depends on.

    Args:
        tape: the operations.
        slots: those of that kind that are needed, in order.
        kind: UNIFORM or REDUCED.
    """
    levels = [0] * len(tape)  # the longest way from what is there before
    buckets: dict[tuple[int, Operation, int], list[int]] = {}
    for slot in slots:
        operation, operands = tape.operations[slot], tape.operands[slot]
        if operation is not LEAF:
            level = levels[slot] = 1 + max(map(levels.__getitem__, operands))
            width = 0 if operation is TERMS else len(operands)
            buckets.setdefault((level, operation, width), []).append(slot)
    return [
        Group(operation, kind, members)
        for (_, operation, _), members in sorted(buckets.items(), key=lambda item: item[0][0])
    ]


def outers(reductions: Iterable[tuple[int, Sequence[Pair]]]) -> list[Outer]:
    """Sums over the samples of products of slots, as outer products where they are that.

    Args:
        reductions: reduced slots, each with the products to add up in it.
    """
    columns_of: dict[int, list[int]] = {}
    sums_of: dict[int, list[int]] = {}
    for total, pairs in reductions:
        for row, column in pairs:
            columns_of.setdefault(row, []).append(column)
            sums_of.setdefault(row, []).append(total)
    rows_of: dict[tuple[int, ...], list[int]] = {}
    for row, columns in columns_of.items():
        rows_of.setdefault(tuple(columns), []).append(row)
    return [
        Outer(rows, columns, [tuple(sums_of[row]) for row in rows])
        for columns, rows in rows_of.items()
    ]
