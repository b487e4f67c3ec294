"""Ellipses: the rule behind a₀ + a₁ + … + aₙ, found by comparing what stands on either side.

`generalise` compares two terms; what stands around dots is found in `sums` and `brackets`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from .indices import Index
from .nodes import IndexNumber, Meaning, Number, rebuild

__all__ = ["generalise"]


def generalise(first: Meaning, last: Meaning, letter: str) -> tuple[Meaning, Index, Index] | None:
    """The rule of which two terms are instances, with the indices at which they are.

    Args:
        first: an early term, such as w₁ x₁.
        last: the last one, such as wₙ xₙ.
        letter: what to call the index that runs.

    Returns:
        The rule, with the letter in place of what differs; the index in the first term; that in
        the last. None if the terms differ in something else, or not at all.
    """
    differing: set[tuple[Index, Index]] = set()
    if not _compare(first, last, differing) or len(differing) != 1:
        return None
    start, stop = differing.pop()
    if start.letters and start.letters != stop.letters:
        return None
    places = _places(first, last)
    count = iter(range(10**9))
    running = Index(((letter, 1),))

    def change(node: Any) -> Any:
        if isinstance(node, Index):
            return running if next(count) in places else node
        if isinstance(node, IndexNumber) and node.index == running:
            return node
        return node

    prepared = rebuild(first, _numbers_to_indices(first, last))
    return rebuild(prepared, change), start, stop


def _compare(a: Any, b: Any, differing: set[tuple[Index, Index]]) -> bool:
    if isinstance(a, Index):
        if isinstance(b, Index) and a != b:
            differing.add((a, b))
        return isinstance(b, Index)
    if isinstance(a, (Number, IndexNumber)) and isinstance(b, (Number, IndexNumber)):
        x, y = _as_index(a), _as_index(b)
        if x is None or y is None:
            return isinstance(a, Number) and isinstance(b, Number) and a.value == b.value
        if x != y:
            differing.add((x, y))
        return True
    if isinstance(a, Meaning):
        return type(a) is type(b) and all(
            _compare(getattr(a, part.name), getattr(b, part.name), differing)
            for part in fields(a)
            if part.name not in ("at", "end")
        )
    if isinstance(a, tuple):
        return (
            isinstance(b, tuple)
            and len(a) == len(b)
            and all(_compare(x, y, differing) for x, y in zip(a, b, strict=True))
        )
    return bool(a == b)


def _as_index(node: Number | IndexNumber) -> Index | None:
    if isinstance(node, IndexNumber):
        return node.index
    return Index((), int(node.value)) if node.value == int(node.value) else None


def _numbers_to_indices(first: Meaning, last: Meaning) -> Any:
    """Numbers of the first term that differ from those of the last, as indices."""
    changing = {id(a) for a, b in _pairs(first, last) if isinstance(a, Number) and _differ(a, b)}

    def change(node: Any) -> Any:
        if isinstance(node, Number) and id(node) in changing:
            return IndexNumber(node.at, node.end, Index((), int(node.value)))
        return node

    return change


def _differ(a: Any, b: Any) -> bool:
    return not (isinstance(b, Number) and a.value == b.value)


def _pairs(a: Any, b: Any) -> list[tuple[Any, Any]]:
    if isinstance(a, Meaning) and isinstance(b, Meaning) and type(a) is type(b):
        inner = [
            pair
            for part in fields(a)
            for pair in _pairs(getattr(a, part.name), getattr(b, part.name))
        ]
        return [(a, b), *inner]
    if isinstance(a, tuple) and isinstance(b, tuple):
        return [pair for x, y in zip(a, b, strict=False) for pair in _pairs(x, y)]
    return [(a, b)]


def _places(first: Meaning, last: Meaning) -> set[int]:
    """Which of the indices of the first term, counted as `rebuild` meets them, differ."""
    prepared_first = rebuild(first, _numbers_to_indices(first, last))
    prepared_last = rebuild(last, _numbers_to_indices(last, first))
    mine, theirs = _indices(prepared_first), _indices(prepared_last)
    return {i for i, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b}


def _indices(node: Meaning) -> list[Index]:
    found: list[Index] = []

    def note(part: Any) -> Any:
        if isinstance(part, Index):
            found.append(part)
        return part

    rebuild(node, note)
    return found
