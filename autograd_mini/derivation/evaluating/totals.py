"""Sums, products and maxima over indices; matrices written out or with dots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import autograd_mini as engine
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.indices import Index

from .arrays import Array, Mismatch, add, multiply
from .protocol import Evaluating, fold, whole_number

__all__ = ["big", "grid", "pattern", "run", "total"]


def big(evaluator: Evaluating, node: m.Big) -> Any:
    """A sum, product, maximum or minimum over indices."""
    total: Any = None
    for value in _instances(evaluator, node):
        total = value if total is None else _JOINED[node.sign](total, value)
    if total is None:
        if node.sign in ("max", "min"):
            raise m.Unresolved("a maximum over nothing", node.at)
        return 0.0 if node.sign == "sum" else 1.0
    return total


def _instances(evaluator: Evaluating, node: m.Big) -> Iterator[Any]:
    if node.lower is not None:
        letter = node.letters[0]
        start = whole_number(evaluator.value(node.lower), node)
        if node.upper is None:
            stop = max(evaluator.ranges(node.body, (letter,))[letter])
        else:
            stop = whole_number(evaluator.value(node.upper), node)
        ranges: list[Any] = [range(start, stop + 1)]
    else:
        found = evaluator.ranges((node.body, node.conditions), node.letters)
        ranges = [found[letter] for letter in node.letters]
        for k, letter in enumerate(node.letters):
            span = evaluator.point.reading.spans.get(letter)
            if span is not None and span.lower is not None and span.upper is not None:
                start = whole_number(evaluator.value(span.lower), node)
                stop = whole_number(evaluator.value(span.upper), node)
                ranges[k] = [i for i in ranges[k] if start <= i <= stop]
        if node.upper is not None:
            ranges = [
                range(min(r), whole_number(evaluator.value(node.upper), node) + 1) for r in ranges
            ]
    saved = dict(evaluator.letters)
    try:
        # product() would make a list of a long range first
        tuples = ((i,) for i in ranges[0]) if len(ranges) == 1 else product(*ranges)
        for values in tuples:
            evaluator.letters.update(zip(node.letters, values, strict=True))
            if all(evaluator.holds(condition) for condition in node.conditions):
                yield evaluator.value(node.body)
    finally:
        evaluator.letters = saved


def total(evaluator: Evaluating, node: m.Total) -> Any:
    """A sum without bounds: over the letters that stand in it alone, or over the entries."""
    inner = {x for part in m.walk(node.body) if isinstance(part, m.Big) for x in part.letters}
    letters = tuple(
        sorted({
            letter
            for index in m.indices_in(node.body)
            for letter, _ in index.letters
            if letter not in evaluator.letters
            and letter not in evaluator.point.table.dimensions
            and letter not in inner
            and not letter.startswith("#")
        })
    )  # fmt: skip
    if letters:
        return big(
            evaluator, m.Big(node.at, node.end, node.sign, letters, None, None, (), node.body)
        )
    body = evaluator.value(node.body)
    entries = list(body.entries) if isinstance(body, Array) else [body]
    return fold(lambda x, y: x + y if node.sign == "sum" else x * y, entries)


def run(evaluator: Evaluating, node: m.Run) -> Any:
    """Terms with dots: those written out, then the rule up to where it ends."""
    total = evaluator.value(node.first)
    for i in range(evaluator.index(node.start), evaluator.index(node.stop) + 1):
        evaluator.letters[node.letter] = i
        total = add(total, evaluator.value(node.rule))
    evaluator.letters.pop(node.letter, None)
    return total


def grid(evaluator: Evaluating, node: m.Grid) -> Any:
    """A matrix written out, or made of blocks."""
    return _assembled([[evaluator.value(cell) for cell in row] for row in node.rows])


def pattern(evaluator: Evaluating, node: m.Pattern) -> Any:
    """A matrix with dots, whatever its size."""

    def positions(
        span: tuple[str, Index, Index] | None, written: int
    ) -> list[tuple[int | None, int | None]]:
        """(index, None) for what follows the rule, (None, position) for what is written out."""
        if span is None:
            return [(None, k) for k in range(written)]
        start, stop = evaluator.index(span[1]), evaluator.index(span[2])
        explicit = min(written - 1, stop - start)
        return [
            (start + k, k if k < explicit else written - 1 if start + k == stop else None)
            for k in range(stop - start + 1)
        ]

    rows = []
    for i, row_place in positions(node.row, len(node.rows)):
        row = []
        for j, column_place in positions(node.column, len(node.rows[0])):
            if row_place is not None and column_place is not None:
                row.append(evaluator.value(node.rows[row_place][column_place]))
                continue
            for span, index in ((node.row, i), (node.column, j)):
                if span is not None and index is not None:
                    evaluator.letters[span[0]] = index
            row.append(evaluator.value(node.rule))
        rows.append(row)
    for span in (node.row, node.column):
        if span is not None:
            evaluator.letters.pop(span[0], None)
    return _assembled(rows)


def _assembled(rows: list[list[Any]]) -> Any:
    """A matrix of numbers, or of blocks side by side."""
    if not any(isinstance(cell, Array) for row in rows for cell in row):
        return Array((len(rows), len(rows[0])), tuple(cell for row in rows for cell in row))
    lines: list[list[Any]] = []
    for row in rows:
        blocks = [cell if isinstance(cell, Array) else Array((1, 1), (cell,)) for cell in row]
        if len({block.shape[0] for block in blocks}) > 1 or any(len(b.shape) > 2 for b in blocks):
            raise Mismatch("blocks of a matrix that do not fit beside one another")
        lines += [
            [block.at(i, j) for block in blocks for j in range(block.shape[1])]
            for i in range(blocks[0].shape[0])
        ]
    if len({len(line) for line in lines}) > 1:
        raise Mismatch("rows of a matrix that differ in length")
    return Array((len(lines), len(lines[0])), tuple(x for line in lines for x in line))


_JOINED: dict[str, Callable[[Any, Any], Any]] = {
    "sum": add, "prod": multiply, "max": engine.maximum, "min": engine.minimum,
}  # fmt: skip  # fmt: skip
