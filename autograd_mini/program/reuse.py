"""Which slots share a row: one that nothing needs any more is used again.

What a row holds, and where it lies, is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .instructions import Offsets

__all__ = ["shared_out"]


def shared_out(slots: Offsets, ends: Sequence[int]) -> tuple[Offsets, Offsets, int]:
    """A row for each slot, and as few rows as can be: more samples fit into the cache.

    A slot keeps its row from the first instruction that touches it to the last, both included.

    Args:
        slots: what the instructions touch, in their order, with repeats.
        ends: for each instruction where its part of these ends.

    Returns:
        The slots without repeats, their rows, and how many rows there are.

    >>> shared_out(np.array([7, 7, 8, 8, 9]), [1, 3, 5])
    (array([7, 8, 9]), array([0, 1, 0]), 2)
    """
    times = np.arange(len(slots))
    first, last = np.zeros((2, int(slots.max(initial=-1)) + 1), np.intp)
    last[slots] = times  # of those for one slot the last remains
    first[slots[::-1].copy()] = times[::-1]
    begun, ended = np.flatnonzero(first[slots] == times), np.flatnonzero(last[slots] == times)
    found = slots[begun]
    first[found] = np.arange(len(found))  # from here on by slot its place in `found`
    done = first[slots[ended]].tolist()
    made = np.diff(np.searchsorted(begun, ends), prepend=0).tolist()  # by each instruction
    given_back = np.searchsorted(ended, ends).tolist()
    rows: list[int] = []
    free: list[int] = []
    count = before = 0
    for new, after in zip(made, given_back, strict=True):
        again = free[len(free) - min(new, len(free)) :]
        del free[len(free) - len(again) :]
        more = new - len(again)
        rows += [*again, *range(count, count + more)]
        count += more
        free += [rows[i] for i in done[before:after]]
        before = after
    return found, np.array(rows, np.int64), count
