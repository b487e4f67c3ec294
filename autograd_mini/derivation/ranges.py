"""What an index letter runs over: the values that every symbol it stands on has an entry for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import meaning as m
from .arrays import Array, Mismatch
from .evaluate import Point, evaluate
from .names import Index

__all__ = ["Range", "ranges_of"]


@dataclass(frozen=True)
class Range:
    """The values of a letter, and a sentence if two symbols disagree about where they end."""

    values: frozenset[int]
    conflict: str


def ranges_of(
    node: Any, letters: tuple[str, ...], point: Point, known: Mapping[str, int]
) -> dict[str, Range]:
    """The range of each letter that stands as an index in a node, a tuple of nodes, or deeper.

    Args:
        node: where the letters occur.
        letters: the letters.
        point: where the symbols stand for something.
        known: letters that have a value already.
    """
    found: dict[str, Range] = {}
    for letter in letters:
        uses = list(_uses(node, letter, point, known))
        if not uses:
            continue
        values = frozenset.intersection(*[values for _, values, _ in uses])
        ends = {max(values): name for name, values, bare in uses if bare and values}
        conflict = ""
        if len(ends) > 1:
            parts = [f"to {end} in `{name}`" for end, name in sorted(ends.items())]
            conflict = f"the index `{letter}` runs {' and '.join(parts)}"
        found[letter] = Range(values, conflict)
    return found


def _uses(
    node: Any, letter: str, point: Point, known: Mapping[str, int]
) -> Iterator[tuple[str, frozenset[int], bool]]:
    """(symbol, values, whether the letter stands alone) for each index that it is in."""
    if isinstance(node, tuple):
        for item in node:
            yield from _uses(item, letter, point, known)
        return
    if not isinstance(node, m.Meaning):
        return
    if isinstance(node, m.Big) and letter in node.letters:
        return
    if isinstance(node, m.Reference):
        for position, index in enumerate(node.slots):
            if _mentions(index, letter):
                values = _slot_values(node, position, point, known)
                yield node.key, _shifted(values, index), bool(index.letter)
    if isinstance(node, m.Entry):
        for position, index in enumerate(node.indices):
            if _mentions(index, letter):
                values = _entry_values(node, position, point, known)
                if values:
                    base = node.base
                    name = base.key if isinstance(base, m.Reference) else "an entry"
                    yield name, _shifted(values, index), bool(index.letter)
    for name in node.__dataclass_fields__:
        yield from _uses(getattr(node, name), letter, point, known)


def _mentions(index: Index, letter: str) -> bool:
    return len(index.letters) == 1 and index.letters[0] in ((letter, 1), (letter, -1))


def _shifted(values: frozenset[int], index: Index) -> frozenset[int]:
    """The values of a letter for which letter + offset is among the values."""
    factor = index.letters[0][1]
    return frozenset((value - index.offset) * factor for value in values)


def _slot_values(
    node: m.Reference, position: int, point: Point, known: Mapping[str, int]
) -> frozenset[int]:
    definition = point.definitions.get(node.key)
    if definition is not None:
        letter = definition.key.slots[position]
        found = ranges_of(definition.tree, (letter,), point, known)
        return found[letter].values if letter in found else frozenset()
    items = point.table.values.get(node.key)
    if not isinstance(items, dict):
        return frozenset()
    fixed = [
        (k, value)
        for k, index in enumerate(node.slots)
        if k != position and (value := _value(index, point, known)) is not None
    ]
    chosen = [index for index in items if all(index[k] == value for k, value in fixed)]
    return frozenset(index[position] for index in chosen or items)


def _value(index: Index, point: Point, known: Mapping[str, int]) -> int | None:
    total = index.offset
    for letter, factor in index.letters:
        if letter not in known:
            return None
        total += factor * known[letter]
    return total


def _entry_values(
    node: m.Entry, position: int, point: Point, known: Mapping[str, int]
) -> frozenset[int]:
    base: Any = None
    if isinstance(node.base, m.Reference) and isinstance(
        point.table.values.get(node.base.key), dict
    ):
        base = next(iter(point.table.values[node.base.key].values()))
    else:
        try:
            base = evaluate(node.base, point, known)
        except (m.Unresolved, Mismatch):
            return frozenset()
    first = point.table.first_index
    if not isinstance(base, Array):
        return frozenset([first])
    if len(node.indices) == 1:
        return frozenset(range(first, first + len(base.entries)))
    if position < len(base.shape):
        return frozenset(range(first, first + base.shape[position]))
    return frozenset()
