"""Evaluates what mathematics says at one point of the model, on numbers, Values and arrays of them.

Derivatives are taken by `derivatives`; which points and which indices to try is for the checker.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

import autograd_mini as engine
from autograd_mini import Value, gradients
from autograd_mini.graph import topological_order
from autograd_mini.value import inputs_of

from . import meaning as m
from .arrays import (
    Array,
    Mismatch,
    add,
    from_nested,
    map_entries,
    multiply,
    pairwise,
    scalar,
    write_shape,
)
from .derivatives import derivative
from .names import Index, Key
from .notation import Layout, Table, Whole
from .resolve import ARRAY_FUNCTIONS
from .vocabulary import FUNCTIONS

__all__ = ["Definition", "OutOfTime", "Point", "evaluate"]


class OutOfTime(Exception):  # noqa: N818  # a finding about a claim
    """A claim that takes too long."""


class Missing(m.Unresolved):
    """A symbol whose index is outside its range at these sizes."""


@dataclass(frozen=True, eq=False)
class Definition:
    """What the document defines: `key` stands for `tree`, in which the parameters are free."""

    key: Key
    tree: m.Meaning
    parameters: tuple[str, ...] = ()


@dataclass(eq=False)
class Point:
    """Where mathematics is evaluated.

    Attributes:
        table: what the symbols of the notation stand for.
        definitions: what the document defines, by key.
        layout: how derivatives of vectors are laid out.
        size: the dimensions the model was built with.
        seed: for the numbers of free variables.
        deadline: the time, by `time.monotonic`, at which to give up.
        left_to_right: whether ⊙ binds no looser than a product.
    """

    table: Table
    definitions: dict[str, Definition]
    layout: Layout
    size: Mapping[str, int]
    seed: str
    deadline: float = math.inf
    left_to_right: bool = False
    _memo: dict[tuple[str, tuple[int, ...]], Any] = field(default_factory=dict)
    _parameters: dict[str, Any] = field(default_factory=dict)

    def free_variable(self, name: str) -> Any:
        """A number for a free variable: the same each time at this point."""
        if name not in self._parameters:
            self._parameters[name] = Value(random.Random(self.seed + name).gauss() + 0.1)
        return self._parameters[name]


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

    # ------------------------------------------------------------------ leaves

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
            memo = self.point._memo
            if (node.key, slots) not in memo:
                inner = _Evaluator(self.point, dict(zip(definition.key.slots, slots, strict=True)))
                inner.differentiable = 1
                memo[node.key, slots] = _as_nodes(inner.value(definition.tree))
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

    # ------------------------------------------------------------------ arithmetic

    def sum_of(self, node: m.Add) -> Any:
        total: Any = None
        for sign, term in node.terms:
            value = self.value(term)
            if total is None:
                total = value if sign > 0 else map_entries(lambda x: -x, value)
            else:
                total = add(total, value, sign)
        return total

    def product_of(self, node: m.Mul) -> Any:
        items = [(operator, self.value(item)) for operator, item in node.items]
        if self.point.left_to_right or all(op != "⊙" for op, _ in items):
            total = items[0][1]
            for operator, value in items[1:]:
                total = _OPERATIONS[operator](total, value)
            return total
        parts: list[Any] = [items[0][1]]  # the factors of ⊙, each a product
        for operator, value in items[1:]:
            if operator == "⊙":
                parts.append(value)
            else:
                parts[-1] = _OPERATIONS[operator](parts[-1], value)
        total = parts[0]
        for part in parts[1:]:
            total = _hadamard(total, part)
        return total

    def power(self, node: m.Power) -> Any:
        base, exponent = self.value(node.base), self.value(node.exponent)
        if isinstance(exponent, Array):
            if isinstance(base, Array):
                raise m.Unresolved("an array to the power of an array", node.at)
            if type(base) is float and base == math.e:
                return map_entries(engine.exp, exponent)
            return map_entries(lambda x: base**x, exponent)
        if isinstance(base, Array):
            if not base.is_column and not base.is_row:
                raise m.Unresolved("a power of a matrix is not understood", node.at)
            return map_entries(lambda x: x**exponent, base)
        if type(base) is float and base == math.e:
            return engine.exp(exponent)
        return _power(base, exponent)

    def root(self, node: m.Root) -> Any:
        inner = self.value(node.inner)
        if node.degree is None:
            return map_entries(engine.sqrt, inner)
        degree = self.value(node.degree)
        return map_entries(lambda x: x ** (1.0 / degree), inner)

    def transposed(self, node: m.Transposed) -> Any:
        base = self.value(node.base)
        return base.transposed if isinstance(base, Array) else base

    def inverse(self, node: m.Inverse) -> Any:
        base = self.value(node.base)
        if isinstance(base, Array):
            raise m.Unresolved("the inverse of a matrix is not understood", node.at)
        return 1.0 / base

    def modulus(self, node: m.Modulus) -> Any:
        inner = self.value(node.inner)
        if not node.norm and isinstance(inner, Array):
            raise m.Unresolved("a determinant or the modulus of a vector", node.at)
        if not node.norm:
            return abs(inner)
        entries = inner.entries if isinstance(inner, Array) else (inner,)
        if node.order == "1":
            return engine.sum([abs(x) for x in entries])
        if node.order == "\\infty":
            raise m.Unresolved("the maximum norm is not understood", node.at)
        return engine.sqrt(engine.sum([x * x for x in entries]))

    # ------------------------------------------------------------------ functions

    def apply(self, node: m.Apply) -> Any:
        arguments = [self.value(argument) for argument in node.arguments]
        definition = self.point.definitions.get(node.function)
        if definition is not None:
            function: Any = self._defined(definition)
        elif node.known:
            if node.function in ARRAY_FUNCTIONS:
                return self._array_function(node, arguments)
            name = FUNCTIONS.get(node.function, node.function)
            function = _EXTRA.get(name) or getattr(engine, name)
        else:
            function = self.point.table.values[node.function]
        if isinstance(function, Whole):
            return self._whole(node, function, arguments)
        if node.primes:
            if len(arguments) != 1:
                raise m.Unresolved("a prime on a function of several arguments", node.at)
            for _ in range(node.primes):
                function = _slope(function)
        arrays = [a for a in arguments if isinstance(a, Array)]
        if not arrays:
            return self._called(node, function, arguments)
        if len(arguments) == 1:
            return map_entries(lambda x: self._called(node, function, [x]), arguments[0])
        if len({a.shape for a in arrays}) > 1:
            raise Mismatch("arguments of different shapes in a function of entries")
        rows = [
            self._called(
                node, function, [a.entries[k] if isinstance(a, Array) else a for a in arguments]
            )
            for k in range(len(arrays[0].entries))
        ]
        return Array(arrays[0].shape, tuple(rows))

    def _called(self, node: m.Apply, function: Callable[..., Any], arguments: list[Any]) -> Any:
        try:
            return from_nested(function(*arguments))
        except TypeError as error:
            raise m.Unresolved(f"{node.function} of the notation: {error}", node.at) from None

    def _defined(self, definition: Definition) -> Callable[..., Any]:
        def function(*arguments: Any) -> Any:
            if len(arguments) != len(definition.parameters):
                raise TypeError(f"it takes {len(definition.parameters)} arguments")
            inner = _Evaluator(self.point, {})
            inner.parameters = dict(zip(definition.parameters, arguments, strict=True))
            inner.differentiable = 1
            return inner.value(definition.tree)

        return function

    def _whole(self, node: m.Apply, function: Whole, arguments: list[Any]) -> Any:
        if node.primes:
            raise m.Unresolved("a prime on a function of a whole vector", node.at)
        given = [list(a.entries) if isinstance(a, Array) and 1 in a.shape
                 else a if not isinstance(a, Array)
                 else [[a.at(i, j) for j in range(a.shape[1])] for i in range(a.shape[0])]
                 for a in arguments]  # fmt: skip
        given = [[a] if isinstance(a, (Value, float)) else a for a in given]
        return self._called(node, function.function, given)

    def _array_function(self, node: m.Apply, arguments: list[Any]) -> Any:
        name = ARRAY_FUNCTIONS[node.function]
        if node.primes:
            raise m.Unresolved(f"a prime on {node.function}", node.at)
        if name in ("max", "min") and (len(arguments) > 1 or not isinstance(arguments[0], Array)):
            choose = engine.maximum if name == "max" else engine.minimum
            total = arguments[0]
            for other in arguments[1:]:
                if not isinstance(total, Array):
                    total, other = other, total  # noqa: PLW2901
                total = (
                    pairwise(choose, total, other, name)
                    if isinstance(other, Array) or not isinstance(total, Array)
                    else map_entries(partial(choose, other), total)
                )
            return total
        x = arguments[0]
        if len(arguments) != 1:
            raise m.Unresolved(f"{node.function} of several arguments", node.at)
        if name == "diag":
            if not isinstance(x, Array):
                return x
            if x.is_column or x.is_row:
                n = len(x.entries)
                zeros = [x.entries[i] if i == j else 0.0 for i in range(n) for j in range(n)]
                return Array((n, n), tuple(zeros))
            return Array((x.shape[0], 1), tuple(x.at(i, i) for i in range(x.shape[0])))
        if name == "trace":
            if not isinstance(x, Array):
                return x
            if len(x.shape) != 2 or x.shape[0] != x.shape[1]:
                raise Mismatch(f"the trace of a {write_shape(x.shape)} matrix")
            return engine.sum([x.at(i, i) for i in range(x.shape[0])])
        entries = list(x.entries) if isinstance(x, Array) else [x]
        if name == "softmax":
            powers = [engine.exp(e) for e in entries]
            total = engine.sum(powers)
            shares = tuple(p / total for p in powers)
            return Array(x.shape, shares) if isinstance(x, Array) else shares[0]
        if name in ("sum", "mean"):
            total = engine.sum(entries)
            return total if name == "sum" else total / float(len(entries))
        if name in ("max", "min"):
            return _fold(engine.maximum if name == "max" else engine.minimum, entries)
        raise m.Unresolved(f"{node.function} is not understood", node.at)

    # ------------------------------------------------------------------ derivatives

    def derivative(self, node: m.Derivative) -> Any:
        top: Any = None
        bottoms = [self._variable(bottom) for bottom in node.bottoms]
        self.differentiable += 1
        top = self.value(node.top)
        self.differentiable -= 1
        layout = "mixed" if node.gradient else self.point.layout
        for k, (bottom, by) in enumerate(
            zip(reversed(bottoms), reversed(node.bottoms), strict=True)
        ):
            last = k == len(bottoms) - 1
            if k and isinstance(top, Array) and top.is_row and isinstance(bottom, Array):
                top = top.transposed
            bottom = self._linked(top, bottom, by)  # noqa: PLW2901
            top = derivative(
                top, bottom, layout, create_graph=bool(self.differentiable) or not last
            )
        return top

    def _variable(self, node: m.Meaning) -> Any:
        """What to differentiate by: a symbol, or an array of symbols."""
        for part in m.walk(node):
            plain = (m.Reference, m.Entry, m.Transposed, m.Grid, m.Pattern, m.Parameter)
            if not isinstance(part, plain):
                raise m.Unresolved("it is not a symbol that the derivative is taken by", node.at)
        found = self.value(node)
        entries = found.entries if isinstance(found, Array) else (found,)
        if not all(isinstance(entry, Value) for entry in entries):
            raise m.Unresolved(
                "the derivative is taken by a number: make it a Value in the notation", node.at
            )
        return found

    def _linked(self, top: Any, bottom: Any, by: m.Meaning) -> Any:
        """The nodes to differentiate by, where the document defines what the model has under way.

        A document may define z = wx + b where the notation's L goes through a z of its own: that
        is the node of L's graph with the number that z has.
        """
        defined = [p for p in m.walk(by)
                   if isinstance(p, m.Reference) and p.key in self.point.definitions]  # fmt: skip
        outputs = [t for t in (top.entries if isinstance(top, Array) else (top,))
                   if isinstance(t, Value)]  # fmt: skip
        if not defined or not outputs:
            return bottom
        order = topological_order(outputs, inputs_of)
        reached = set(map(id, order))
        entries = bottom.entries if isinstance(bottom, Array) else (bottom,)
        if any(id(entry) in reached for entry in entries):
            return bottom

        def node_of(entry: Value) -> Value:
            for node in order:
                if math.isclose(node.data, entry.data, rel_tol=1e-12) and abs(node.data) > 1e-9:
                    return node
            raise m.Unresolved(
                f"`{defined[0].key}` is defined by the document alone, and what is differentiated "
                "is not made from it: put it into the notation",
                by.at,
            )

        return map_entries(node_of, bottom)

    # ------------------------------------------------------------------ sums and matrices

    def big(self, node: m.Big) -> Any:
        total: Any = None
        for value in self._instances(node):
            total = value if total is None else _JOINED[node.sign](total, value)
        if total is None:
            if node.sign in ("max", "min"):
                raise m.Unresolved("a maximum over nothing", node.at)
            return 0.0 if node.sign == "sum" else 1.0
        return total

    def _instances(self, node: m.Big) -> Iterator[Any]:
        if node.lower is not None:
            letter = node.letters[0]
            start = _whole_number(self.value(node.lower), node)
            if node.upper is None:
                stop = max(self.ranges(node.body, (letter,))[letter])
            else:
                stop = _whole_number(self.value(node.upper), node)
            ranges = [range(start, stop + 1)]
        else:
            found = self.ranges((node.body, node.conditions), node.letters)
            ranges = [found[letter] for letter in node.letters]
            if node.upper is not None:
                ranges = [
                    range(min(r), _whole_number(self.value(node.upper), node) + 1) for r in ranges
                ]
        saved = dict(self.letters)
        try:
            # product() would make a list of a long range first
            tuples = ((i,) for i in ranges[0]) if len(ranges) == 1 else product(*ranges)
            for values in tuples:
                self.letters.update(zip(node.letters, values, strict=True))
                if all(self.holds(condition) for condition in node.conditions):
                    yield self.value(node.body)
        finally:
            self.letters = saved

    def ranges(self, node: Any, letters: tuple[str, ...]) -> dict[str, Any]:
        from .ranges import ranges_of  # noqa: PLC0415  # it evaluates what indices are taken of

        found = ranges_of(node, letters, self.point, self.letters)
        for letter in letters:
            if letter not in found:
                raise m.Unresolved(f"the range of the index `{letter}` is not known")
        return {letter: sorted(found[letter].values) for letter in letters}

    def total(self, node: m.Total) -> Any:
        inner = {x for part in m.walk(node.body) if isinstance(part, m.Big) for x in part.letters}
        letters = tuple(
            sorted({
                letter
                for index in m.indices_in(node.body)
                for letter, _ in index.letters
                if letter not in self.letters
                and letter not in self.point.table.dimensions
                and letter not in inner
                and not letter.startswith("#")
            })
        )  # fmt: skip
        if letters:
            return self.big(m.Big(node.at, node.end, node.sign, letters, None, None, (), node.body))
        body = self.value(node.body)
        entries = list(body.entries) if isinstance(body, Array) else [body]
        return _fold(lambda x, y: x + y if node.sign == "sum" else x * y, entries)

    def run(self, node: m.Run) -> Any:
        total = self.value(node.first)
        for i in range(self.index(node.start), self.index(node.stop) + 1):
            self.letters[node.letter] = i
            total = add(total, self.value(node.rule))
        self.letters.pop(node.letter, None)
        return total

    def grid(self, node: m.Grid) -> Any:
        return _assembled([[self.value(cell) for cell in row] for row in node.rows])

    def pattern(self, node: m.Pattern) -> Any:
        def positions(
            span: tuple[str, Index, Index] | None, written: int
        ) -> list[tuple[int | None, int | None]]:
            """(index, None) for what follows the rule, (None, position) for what is written out."""
            if span is None:
                return [(None, k) for k in range(written)]
            start, stop = self.index(span[1]), self.index(span[2])
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
                    row.append(self.value(node.rows[row_place][column_place]))
                    continue
                for span, index in ((node.row, i), (node.column, j)):
                    if span is not None and index is not None:
                        self.letters[span[0]] = index
                row.append(self.value(node.rule))
            rows.append(row)
        for span in (node.row, node.column):
            if span is not None:
                self.letters.pop(span[0], None)
        return _assembled(rows)

    # ------------------------------------------------------------------ conditions

    def holds(self, condition: m.Condition) -> bool:
        left, right = self.value(condition.left), self.value(condition.right)
        if isinstance(left, Array) or isinstance(right, Array):
            raise m.Unresolved("a condition on vectors is not understood", condition.at)
        a, b = _float(left), _float(right)
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


def _slope(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def slope(x: Any) -> Any:
        at = x if isinstance(x, Value) else Value(x)
        result = function(at)
        if not isinstance(result, Value):
            return 0.0
        return gradients(result, [at], create_graph=True)[0]

    return slope


def _hadamard(x: Any, y: Any) -> Any:
    x, y = scalar(x), scalar(y)
    return pairwise(lambda a, b: a * b, x, y, "⊙")


def _quotient(x: Any, y: Any) -> Any:
    if isinstance(y, Array) and not isinstance(x, Array):
        return map_entries(lambda entry: x / entry, y)
    if isinstance(y, Array):
        return pairwise(_divide, x, y, "/")
    return map_entries(lambda entry: _divide(entry, y), x)


def _divide(x: Any, y: Any) -> Any:
    if type(x) is float and type(y) is float:
        return x / y if y else (math.nan if not x or x != x else math.copysign(math.inf, x))
    return x / y


def _power(base: Any, exponent: Any) -> Any:
    if type(base) is float and type(exponent) is float:
        return (Value(base) ** exponent).data
    return base**exponent


def _outer(x: Any, y: Any) -> Any:
    if isinstance(x, Array) and isinstance(y, Array):
        x = x.transposed if x.is_row else x
        y = y.transposed if y.is_column else y
    return multiply(x, y)


def _dot_or_product(x: Any, y: Any) -> Any:
    """a · b: of two vectors their scalar product."""
    both = isinstance(x, Array) and isinstance(y, Array)
    if both and x.is_column and y.is_column and x.shape == y.shape:
        return multiply(x.transposed, y)
    return multiply(x, y)


_OPERATIONS = {"": multiply, "·": _dot_or_product, "/": _quotient, "⊙": _hadamard, "⊗": _outer}
_JOINED: dict[str, Callable[[Any, Any], Any]] = {
    "sum": add, "prod": multiply, "max": engine.maximum, "min": engine.minimum,
}  # fmt: skip
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b, "\\neq": lambda a, b: a != b, "\\ne": lambda a, b: a != b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "\\le": lambda a, b: a <= b,
    "\\leq": lambda a, b: a <= b, "\\ge": lambda a, b: a >= b, "\\geq": lambda a, b: a >= b,
    "\\lt": lambda a, b: a < b, "\\gt": lambda a, b: a > b, "\\equiv": lambda a, b: a == b,
    "\\leqslant": lambda a, b: a <= b, "\\geqslant": lambda a, b: a >= b,
}  # fmt: skip
_EXTRA: dict[str, Callable[..., Any]] = {
    "logit": lambda x: engine.log(x / (1.0 - x)),
    "sech": lambda x: 1.0 / engine.cosh(x),
    "step": lambda x: engine.where(x > 0.0, 1.0, 0.0),
}


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


def _fold(combine: Callable[[Any, Any], Any], items: list[Any]) -> Any:
    total = items[0]
    for item in items[1:]:
        total = combine(total, item)
    return total


def _float(x: Any) -> float:
    return x.data if isinstance(x, Value) else float(x)


def _as_nodes(x: Any) -> Any:
    """Values in place of floats, so that derivatives can be taken by what a document defines."""
    return map_entries(lambda entry: entry if isinstance(entry, Value) else Value(entry), x)


def _whole_number(x: Any, node: m.Meaning) -> int:
    number = math.nan if isinstance(x, Array) else _float(x)
    if not number == number or abs(number) > 10**9 or number != int(number):
        raise m.Unresolved("a bound of this sum is no whole number", node.at)
    return int(number)


def _missing(node: m.Reference, slots: tuple[int, ...]) -> str:
    return f"`{node.key}` has no index {', '.join(map(str, slots))}"


_RULES: dict[type[m.Meaning], Callable[[Any, Any], Any]] = {
    m.Number: _Evaluator.number,
    m.IndexNumber: _Evaluator.index_number,
    m.Parameter: _Evaluator.parameter,
    m.Size: _Evaluator.size,
    m.Reference: _Evaluator.reference,
    m.Entry: _Evaluator.entry,
    m.Add: _Evaluator.sum_of,
    m.Mul: _Evaluator.product_of,
    m.Power: _Evaluator.power,
    m.Root: _Evaluator.root,
    m.Transposed: _Evaluator.transposed,
    m.Inverse: _Evaluator.inverse,
    m.Modulus: _Evaluator.modulus,
    m.Apply: _Evaluator.apply,
    m.Derivative: _Evaluator.derivative,
    m.Big: _Evaluator.big,
    m.Total: _Evaluator.total,
    m.Run: _Evaluator.run,
    m.Grid: _Evaluator.grid,
    m.Pattern: _Evaluator.pattern,
    m.Cases: _Evaluator.cases,
    m.Indicator: _Evaluator.indicator,
    m.Kronecker: _Evaluator.kronecker,
}
