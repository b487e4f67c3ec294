"""Evaluates what mathematics says at one point of the model, on numbers, Values and arrays of them.

Which points and which indices to try is for those who call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from autograd_mini import Value
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.indices import Index

from . import arithmetic, calls, slopes, totals
from .arrays import Array, Mismatch, map_entries, scalar, write_shape
from .linear import identity
from .point import Missing, OutOfTime, Point
from .protocol import number_in, whole_number
from .ranges import Ranges

__all__ = ["evaluate", "open_sizes"]


def evaluate(node: m.Meaning, point: Point, letters: Mapping[str, int] | None = None) -> Any:
    """The value of a piece of mathematics: a number, a Value or an Array.

    Args:
        node: the mathematics.
        point: where to evaluate it.
        letters: what generic indices stand for.

    Raises:
        Unresolved: if it cannot be evaluated.
        Mismatch: if shapes do not conform.
        OutOfTime: if it takes too long.
    """
    return _Evaluator(point, dict(letters or {})).value(node)


def open_sizes(node: Any, point: Point) -> Iterator[dict[str, int]]:
    """Sizes to try for I and the vectors of ones in a node that are written without theirs."""
    parts = [part for part in m.walk(node) if isinstance(part, m.Constant) and not part.size]
    marks = list(dict.fromkeys(part.mark for part in parts))
    if not marks:
        yield {}
        return
    if len(marks) > MOST_OPEN:
        for n in point.lengths():
            yield dict.fromkeys(marks, n)
        return
    for lengths in product(point.lengths(), repeat=len(marks)):
        yield dict(zip(marks, lengths, strict=True))


MOST_OPEN = 3  # more are taken to be of one size


class _Evaluator:
    def __init__(self, point: Point, letters: dict[str, int]) -> None:
        self.point = point
        self.letters = letters
        self.parameters: dict[str, Any] = {}
        self.differentiable = 0  # inside a derivative results must be Values with a history

    def value(self, node: m.Meaning) -> Any:
        if time.monotonic() > self.point.deadline:
            raise OutOfTime
        found = _RULES[type(node)](self, node)
        return scalar(found)

    def index(self, index: Index) -> int:
        total = index.offset
        for letter, factor in index.letters:
            if letter in self.letters:
                total += factor * self.letters[letter]
            elif letter in self.point.table.dimensions:
                total += factor * self.point.table.dimensions[letter]
            else:
                raise m.Unresolved(f"the index `{letter}` has no range here")
        return total

    def number(self, node: m.Number) -> Any:
        return node.value

    def index_number(self, node: m.IndexNumber) -> Any:
        return float(self.index(node.index))

    def size(self, node: m.Size) -> Any:
        return float(self.point.size[node.name])

    def parameter(self, node: m.Parameter) -> Any:
        if node.name in self.parameters:
            return self.parameters[node.name]
        return self.point.free_variable(node.name)

    def reference(self, node: m.Reference) -> Any:
        slots = tuple([self.index(index) for index in node.slots])
        definition = self.point.definitions.get(node.key)
        if definition is not None:
            memo = self.point.memo
            if (node.key, slots) not in memo:
                inner = _Evaluator(self.point, dict(zip(definition.key.slots, slots, strict=True)))
                inner.differentiable = 1
                memo[node.key, slots] = _as_nodes(inner.conforming(definition.tree))
            return memo[node.key, slots]
        found = self.point.table.values.get(node.key)
        if found is None:
            raise m.Unresolved(f"`{node.key}` is not in the notation at this size", node.at)
        if not node.slots:
            return found
        if slots not in found:
            raise Missing(_missing(node, slots), node.at)
        return found[slots]

    def entry(self, node: m.Entry) -> Any:
        base = self.value(node.base)
        indices = [self.index(index) for index in node.indices]
        places = [i - self.point.table.first_index for i in indices]
        if not isinstance(base, Array):
            if all(place == 0 for place in places):
                return base
            raise Missing(f"a number has no entry {indices}", node.at)
        shape = base.shape
        if len(places) == 1 and (base.is_column or base.is_row):
            places = [places[0], 0] if base.is_column else [0, places[0]]
        if len(places) != len(shape):
            raise m.Unresolved(
                f"{len(indices)} indices for an entry of a {write_shape(shape)} array", node.at
            )
        if any(not 0 <= p < size for p, size in zip(places, shape, strict=True)):
            written = ",".join(map(str, indices))
            raise Missing(f"there is no entry {written} of a {write_shape(shape)} array", node.at)
        return base.at(*places)

    def constant(self, node: m.Constant) -> Any:
        if node.size is not None:
            n = whole_number(self.value(node.size), node, "this size")
        elif node.mark in self.letters:
            n = self.letters[node.mark]
        else:
            raise m.Unresolved("its size is not known here: write it as an index", node.at)
        return identity(n) if node.kind == "I" else Array((n, 1), (1.0,) * n)

    def conforming(self, node: m.Meaning) -> Any:
        """The value at the first sizes of I and of the vector of ones at which the shapes fit."""
        problem: Mismatch | None = None
        for sizes in open_sizes(node, self.point):
            self.letters.update(sizes)
            try:
                return self.value(node)
            except Mismatch as mismatch:
                problem = problem or mismatch
        raise problem or Mismatch("no sizes fit")

    def ranges(self, node: Any, letters: tuple[str, ...]) -> dict[str, Any]:
        found = Ranges(self.point, evaluate).of(node, letters, self.letters)
        for letter in letters:
            if letter not in found:
                raise m.Unresolved(f"the range of the index `{letter}` is not known")
        return {letter: sorted(found[letter].values) for letter in letters}

    def holds(self, condition: m.Condition) -> bool:
        left, right = self.value(condition.left), self.value(condition.right)
        if isinstance(left, Array) or isinstance(right, Array):
            raise m.Unresolved("a condition on vectors is not understood", condition.at)
        a, b = number_in(left), number_in(right)
        return _COMPARE[condition.sign](a, b)

    def cases(self, node: m.Cases) -> Any:
        for value, conditions in node.branches:
            if all(self.holds(condition) for condition in conditions):
                return self.value(value)
        raise m.Unresolved("none of the cases applies", node.at)

    def indicator(self, node: m.Indicator) -> Any:
        return 1.0 if all(self.holds(condition) for condition in node.conditions) else 0.0

    def kronecker(self, node: m.Kronecker) -> Any:
        return 1.0 if self.index(node.left) == self.index(node.right) else 0.0

    def called_with(self, tree: m.Meaning, parameters: Mapping[str, Any]) -> Any:
        """The value of the right side of a definition, given its parameters."""
        inner = _Evaluator(self.point, {})
        inner.parameters = dict(parameters)
        inner.differentiable = 1
        return inner.value(tree)


def _as_nodes(x: Any) -> Any:
    """Values in place of floats, so that derivatives can be taken by what a document defines."""
    return map_entries(lambda entry: entry if isinstance(entry, Value) else Value(entry), x)


def _missing(node: m.Reference, slots: tuple[int, ...]) -> str:
    return f"`{node.key}` has no index {', '.join(map(str, slots))}"


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b, "\\neq": lambda a, b: a != b, "\\ne": lambda a, b: a != b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "\\le": lambda a, b: a <= b,
    "\\leq": lambda a, b: a <= b, "\\ge": lambda a, b: a >= b, "\\geq": lambda a, b: a >= b,
    "\\lt": lambda a, b: a < b, "\\gt": lambda a, b: a > b, "\\equiv": lambda a, b: a == b,
    "\\leqslant": lambda a, b: a <= b, "\\geqslant": lambda a, b: a >= b,
}  # fmt: skip  # fmt: skip

_RULES: dict[type[m.Meaning], Callable[[Any, Any], Any]] = {
    m.Number: _Evaluator.number,
    m.IndexNumber: _Evaluator.index_number,
    m.Parameter: _Evaluator.parameter,
    m.Size: _Evaluator.size,
    m.Reference: _Evaluator.reference,
    m.Entry: _Evaluator.entry,
    m.Add: arithmetic.sum_of,
    m.Mul: arithmetic.product_of,
    m.Power: arithmetic.power,
    m.Root: arithmetic.root,
    m.Transposed: arithmetic.transposed,
    m.Inverse: arithmetic.inverse,
    m.Modulus: arithmetic.modulus,
    m.Apply: calls.apply,
    m.Derivative: slopes.derivative,
    m.Big: totals.big,
    m.Total: totals.total,
    m.Run: totals.run,
    m.Grid: totals.grid,
    m.Pattern: totals.pattern,
    m.Cases: _Evaluator.cases,
    m.Indicator: _Evaluator.indicator,
    m.Kronecker: _Evaluator.kronecker,
    m.Constant: _Evaluator.constant,
}
