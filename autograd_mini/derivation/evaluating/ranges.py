"""What an index letter runs over: the values that every symbol it stands on has an entry for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.indices import Index

from .arrays import Array, Mismatch
from .point import Point

__all__ = ["Range", "Ranges"]

Evaluate = Callable[[m.Meaning, Point, Mapping[str, int]], Any]


@dataclass(frozen=True)
class Range:
    """The values of a letter, and a sentence if two symbols disagree about where they end."""

    values: frozenset[int]
    conflict: str


class Ranges:
    """The ranges of letters at one point.

    Args:
        point: where the symbols stand for something.
        evaluate: works out what an index is taken of, where that is no symbol.
    """

    def __init__(self, point: Point, evaluate: Evaluate) -> None:
        self.point = point
        self.evaluate = evaluate

    def of(self, node: Any, letters: Sequence[str], known: Mapping[str, int]) -> dict[str, Range]:
        """The range of each letter that stands as an index in a node, a tuple of nodes, or deeper.

        Args:
            node: where the letters occur.
            letters: the letters.
            known: letters that have a value already.
        """
        found: dict[str, Range] = {}
        for letter in letters:
            uses = list(self._uses(node, letter, known))
            if not uses:
                continue
            values = frozenset.intersection(*[values for _, values, _ in uses])
            ends = {max(values): name for name, values, counts in uses if counts and values}
            conflict = ""
            if len(ends) > 1:
                parts = [f"to {end} in `{name}`" for end, name in sorted(ends.items())]
                conflict = f"the index `{letter}` runs {' and '.join(parts)}"
            found[letter] = Range(values, conflict)
        return found

    def together(
        self, node: Any, letters: Sequence[str], ranges: Mapping[str, Range]
    ) -> Iterator[tuple[dict[str, int], str]]:
        """The values that letters take together, with a sentence if two symbols disagree.

        Args:
            node: where the letters occur.
            letters: the letters.
            ranges: the range of each letter by itself.
        """
        if not self._is_ragged(node):
            conflict = next((ranges[x].conflict for x in letters if ranges[x].conflict), "")
            for values in product(*[sorted(ranges[letter].values) for letter in letters]):
                yield dict(zip(letters, values, strict=True)), conflict
            return
        # How far j runs in z^{(l)}_j depends on l: layers first, then what stands in them.
        outer = {x for part in _families(node) for index in part.slots for x, _ in index.letters}
        yield from self._nested(node, sorted(letters, key=lambda x: x not in outer), ranges, {})

    def _nested(
        self, node: Any, letters: list[str], ranges: Mapping[str, Range], known: dict[str, int]
    ) -> Iterator[tuple[dict[str, int], str]]:
        if not letters:
            yield known, ""
            return
        letter, *rest = letters
        here = self.of(node, (letter,), known).get(letter, ranges[letter])
        for value in sorted(here.values):
            for chosen, conflict in self._nested(node, rest, ranges, known | {letter: value}):
                yield chosen, conflict or here.conflict

    def _is_ragged(self, node: Any) -> bool:
        """Whether the range of an index depends on another one."""
        for part in _families(node):
            items = self.point.table.values.get(part.key)
            if not isinstance(items, dict):
                continue
            shapes = {value.shape if isinstance(value, Array) else () for value in items.values()}
            full = math.prod(len(set(positions)) for positions in zip(*items, strict=True))
            if len(shapes) > 1 or full != len(items):
                return True
        return False

    # ------------------------------------------------------------------ uses of a letter

    def _uses(
        self, node: Any, letter: str, known: Mapping[str, int]
    ) -> Iterator[tuple[str, frozenset[int], bool]]:
        """(symbol, values, whether they say how far the letter runs) for each index it is in.

        Beside an offset it does not say so, nor as the one index of a symbol such as h_t, for
        whose values the notation gives a dict.
        """
        if isinstance(node, tuple):
            for item in node:
                yield from self._uses(item, letter, known)
            return
        if not isinstance(node, m.Meaning):
            return
        if isinstance(node, m.Big) and letter in node.letters:
            return
        if isinstance(node, m.Reference):
            for position, index in enumerate(node.slots):
                if _mentions(index, letter, known):
                    values = self._of_slot(node, position, known)
                    is_time = node.key in self.point.table.keyed and len(node.slots) == 1
                    counts = bool(index.letter) and not is_time
                    yield node.key, _shifted(values, index, letter, known), counts
        if isinstance(node, m.Entry):
            for position, index in enumerate(node.indices):
                if _mentions(index, letter, known):
                    values = self._of_entry(node, position, known)
                    if values:
                        base = node.base
                        name = base.key if isinstance(base, m.Reference) else "an entry"
                        yield name, _shifted(values, index, letter, known), bool(index.letter)
        for name in node.__dataclass_fields__:
            yield from self._uses(getattr(node, name), letter, known)

    def _of_slot(
        self, node: m.Reference, position: int, known: Mapping[str, int]
    ) -> frozenset[int]:
        definition = self.point.definitions.get(node.key)
        if definition is not None:
            letter = definition.key.slots[position]
            found = self.of(definition.tree, (letter,), known)
            return found[letter].values if letter in found else frozenset()
        items = self.point.table.values.get(node.key)
        if not isinstance(items, dict):
            return frozenset()
        fixed = [None if k == position else _value(index, known)
                 for k, index in enumerate(node.slots)]  # fmt: skip
        return frozenset(index[position] for index in _chosen(items, fixed))

    def _of_entry(self, node: m.Entry, position: int, known: Mapping[str, int]) -> frozenset[int]:
        base = node.base
        items = self.point.table.values.get(base.key) if isinstance(base, m.Reference) else None
        if isinstance(base, m.Reference) and isinstance(items, dict):
            fixed = [_value(index, known) for index in base.slots]
            wholes = [items[index] for index in _chosen(items, fixed)]
        else:
            try:
                wholes = [self.evaluate(base, self.point, known)]
            except (m.Unresolved, Mismatch):
                return frozenset()
        first = self.point.table.first_index
        lengths = [_length(whole, len(node.indices), position) for whole in wholes]
        return frozenset(range(first, first + max(lengths)))


def _families(node: Any) -> list[m.Reference]:
    return [part for part in m.walk(node) if isinstance(part, m.Reference) and part.slots]


def _mentions(index: Index, letter: str, known: Mapping[str, int]) -> bool:
    """Whether a letter is in an index, all others being known."""
    factors = dict(index.letters)
    return abs(factors.pop(letter, 0)) == 1 and all(other in known for other in factors)


def _shifted(
    values: frozenset[int], index: Index, letter: str, known: Mapping[str, int]
) -> frozenset[int]:
    """The values of a letter for which the index it is in is among the values."""
    factors = dict(index.letters)
    factor = factors.pop(letter)
    rest = index.offset + sum(k * known[other] for other, k in factors.items())
    return frozenset((value - rest) * factor for value in values)


def _chosen(items: dict[tuple[int, ...], Any], fixed: list[int | None]) -> list[tuple[int, ...]]:
    """The indices of a family that agree with what is known of them; all if none does."""
    chosen = [
        index
        for index in items
        if all(f is None or f == i for f, i in zip(fixed, index, strict=True))
    ]
    return chosen or list(items)


def _value(index: Index, known: Mapping[str, int]) -> int | None:
    total = index.offset
    for letter, factor in index.letters:
        if letter not in known:
            return None
        total += factor * known[letter]
    return total


def _length(whole: Any, indices: int, position: int) -> int:
    """How many values one of the indices of an entry has."""
    if not isinstance(whole, Array):
        return 1
    if indices == 1:
        return len(whole.entries)
    return whole.shape[position] if position < len(whole.shape) else 0
