"""Operations on numbers that all samples share: passes over numbers that lie side by side.

Passes of one length over the same numbers take turns, chunk by chunk, so that what one leaves the
next finds in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .instructions import Line, Offsets, Table
from .state import WIDTH

__all__ = ["Passes", "whole"]

CHUNK = 512  # numbers
MOST = 32  # passes that take turns; what more of them leave would not stay in the cache


@dataclass(frozen=True)
class Pass:
    """An operation on numbers side by side.

    Attributes:
        section: of the instructions.
        name: of the kernel.
        count: how many numbers.
        places: where results and operands begin, each with 1, or 0 if a single one serves for all.
        said: words for a listing.
        slot: the first that is computed.
    """

    section: int
    name: str
    count: int
    places: list[tuple[int, int]]
    said: str
    slot: int

    def can_follow(self, earlier: Pass) -> bool:
        """Whether the two may take turns: each number meets the other pass only at its position."""
        size = whole(self.count)
        (made, _), *used = self.places
        (made_before, _), *used_before = earlier.places
        return (self.section, self.count) == (earlier.section, earlier.count) and all(
            place == result or place + max(1, step * size) <= result or result + size <= place
            for result, places in ((made_before, used), (made, used_before))
            for place, step in places
        )

    def makes(self, places: Offsets) -> bool:
        """Whether any of the places is a result."""
        result, _ = self.places[0]
        return bool(((places >= result) & (places < result + whole(self.count))).any())


class Passes:
    """Passes that wait for others to take turns with.

    Args:
        sections: where their lines go.
        table: a function that makes a table of places.
        space: a function that finds room for so many numbers.
    """

    def __init__(
        self,
        sections: tuple[list[Line], ...],
        table: Callable[[list[int] | Offsets], Table],
        space: Callable[[int], int],
    ) -> None:
        self._sections, self._table, self._space = sections, table, space
        self._waiting: list[Pass] = []

    def add(
        self, section: int, name: str, places: Offsets, operands: Offsets, said: str, slot: int
    ) -> None:
        """An operation of a group: the places of the results, and a row of places for each."""
        columns = [self._column(section, operands[:, i]) for i in range(operands.shape[1])]
        new = Pass(section, name, len(places), [(int(places[0]), 1), *columns], said, slot)
        if len(self._waiting) == MOST or not all(map(new.can_follow, self._waiting)):
            self.finish()
        self._waiting.append(new)
        if new.count <= CHUNK:  # there is one turn
            self.finish()

    def finish(self) -> None:
        """Write down what waits: all passes over the first numbers, then all over the next."""
        passes, self._waiting = self._waiting, []
        count = passes[0].count if passes else 0
        for start in range(0, count, CHUNK):
            length = whole(min(CHUNK, count - start))
            for each in passes:
                tables = [self._table([place + step * start]) for place, step in each.places]
                said = f"{each.said}{', in chunks' * (count > CHUNK)}" if start == 0 else ""
                line = Line(each.name, (1, length, *tables), said, each.slot)
                self._sections[each.section].append(line)

    def _column(self, section: int, places: Offsets) -> tuple[int, int]:
        """Where numbers lie side by side, or a copy; and 1, or 0 if they are all the same."""
        count = len(places)
        if count == 1 or bool((np.diff(places) == 1).all()):
            return int(places[0]), 1
        if any(each.makes(places) for each in self._waiting):
            self.finish()
        if bool((places == places[0]).all()):
            size = whole(min(count, CHUNK))
            copy, step = self._space(size), 0
            tables = self._table([copy]), self._table(places[:1])
            line = Line("splat", (1, size, *tables), "one number, side by side with itself")
        else:
            copy, step = self._space(whole(count)), 1
            line = Line("gather", (count, copy, self._table(places)), f"gather {count}")
        self._sections[section].append(line)
        return copy, step


def whole(count: int) -> int:
    """A count rounded up to whole vectors."""
    return -(-count // WIDTH) * WIDTH
