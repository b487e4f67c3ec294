"""What mathematics says once its notation is known: trees that can be evaluated.

The nodes are plain data; `resolve` makes them and `evaluate` works them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from .indices import Index

__all__ = [
    "Add", "Apply", "Big", "Cases", "Condition", "Constant", "Derivative", "Entry", "Grid",
    "IndexNumber", "Indicator", "Inverse", "Kronecker", "Meaning", "Modulus", "Mul", "Number",
    "Parameter", "Pattern", "Power", "Reference", "Root", "Run", "Size", "Total", "Transposed",
    "Unresolved", "indices_in", "letters_in", "rebuild", "same", "walk",
]  # fmt: skip


class Unresolved(Exception):  # noqa: N818  # a finding about a document
    """Mathematics whose meaning is not known, and where."""

    def __init__(self, message: str, at: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


@dataclass(frozen=True, eq=False)
class Meaning:
    """A piece of mathematics and its place in the document."""

    at: int
    end: int


@dataclass(frozen=True, eq=False)
class Number(Meaning):
    """A number."""

    value: float


@dataclass(frozen=True, eq=False)
class Reference(Meaning):
    """A symbol of the notation or of a definition, by its key and the indices in its slots."""

    key: str
    slots: tuple[Index, ...]


@dataclass(frozen=True, eq=False)
class Parameter(Meaning):
    """A free variable, or the argument of a function that the document defines."""

    name: str


@dataclass(frozen=True, eq=False)
class IndexNumber(Meaning):
    """An index or a dimension where a number stands."""

    index: Index


@dataclass(frozen=True, eq=False)
class Size(Meaning):
    """A size that the model was built with, as a number."""

    name: str


@dataclass(frozen=True, eq=False)
class Entry(Meaning):
    """An entry of an array, by its indices."""

    base: Meaning
    indices: tuple[Index, ...]


@dataclass(frozen=True, eq=False)
class Add(Meaning):
    """Terms with their signs."""

    terms: tuple[tuple[int, Meaning], ...]


@dataclass(frozen=True, eq=False)
class Mul(Meaning):
    """Factors, each with the sign before it: "" or · for a product, / ⊙ ⊗."""

    items: tuple[tuple[str, Meaning], ...]


@dataclass(frozen=True, eq=False)
class Power(Meaning):
    """A power."""

    base: Meaning
    exponent: Meaning


@dataclass(frozen=True, eq=False)
class Root(Meaning):
    """A square root, or one of another degree."""

    inner: Meaning
    degree: Meaning | None


@dataclass(frozen=True, eq=False)
class Transposed(Meaning):
    """A transpose."""

    base: Meaning


@dataclass(frozen=True, eq=False)
class Inverse(Meaning):
    """A reciprocal."""

    base: Meaning


@dataclass(frozen=True, eq=False)
class Apply(Meaning):
    """A function of the notation, or a known one, and its arguments."""

    function: str
    primes: int
    arguments: tuple[Meaning, ...]
    known: bool


@dataclass(frozen=True, eq=False)
class Derivative(Meaning):
    """∂top/∂bottoms; with `gradient` in the shape of the bottom, whatever the layout."""

    top: Meaning
    bottoms: tuple[Meaning, ...]
    gradient: bool = False


@dataclass(frozen=True, eq=False)
class Condition(Meaning):
    """A relation that holds or does not, between numbers."""

    left: Meaning
    sign: str
    right: Meaning


@dataclass(frozen=True, eq=False)
class Big(Meaning):
    """A sum, product, max or min over letters."""

    sign: str
    letters: tuple[str, ...]
    lower: Meaning | None
    upper: Meaning | None
    conditions: tuple[Condition, ...]
    body: Meaning


@dataclass(frozen=True, eq=False)
class Total(Meaning):
    """A sum without bounds: over the entries, and over letters that occur in it alone."""

    sign: str
    body: Meaning


@dataclass(frozen=True, eq=False)
class Run(Meaning):
    """a₀ + a₁ + … + aₙ: the terms written out, the rule they follow, and where it ends."""

    first: Meaning
    rule: Meaning
    letter: str
    start: Index
    stop: Index
    sign: str


@dataclass(frozen=True, eq=False)
class Grid(Meaning):
    """A matrix, entry by entry."""

    rows: tuple[tuple[Meaning, ...], ...]


@dataclass(frozen=True, eq=False)
class Pattern(Meaning):
    """A matrix with dots: what is written out, the rule, and where rows and columns end."""

    rows: tuple[tuple[Meaning, ...], ...]
    rule: Meaning
    row: tuple[str, Index, Index] | None
    column: tuple[str, Index, Index] | None


@dataclass(frozen=True, eq=False)
class Cases(Meaning):
    """The value of the first branch whose conditions hold."""

    branches: tuple[tuple[Meaning, tuple[Condition, ...]], ...]


@dataclass(frozen=True, eq=False)
class Modulus(Meaning):
    """|x| or ‖x‖."""

    inner: Meaning
    norm: bool
    order: str


@dataclass(frozen=True, eq=False)
class Kronecker(Meaning):
    """1 where two indices agree, else 0."""

    left: Index
    right: Index


@dataclass(frozen=True, eq=False)
class Constant(Meaning):
    """The identity matrix, kind "I", or the vector of ones, kind "1"; its size may be open."""

    kind: str
    size: Meaning | None

    @property
    def mark(self) -> str:
        """What its size is called where it is not written."""
        return f"#{self.kind}{self.at}"


@dataclass(frozen=True, eq=False)
class Indicator(Meaning):
    """1 where the conditions hold, else 0."""

    conditions: tuple[Condition, ...]


def walk(node: Any) -> Iterator[Meaning]:
    """The node and all that are in it."""
    if isinstance(node, Meaning):
        yield node
        for name in node.__dataclass_fields__:
            yield from walk(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from walk(item)


def indices_in(node: Any) -> Iterator[Index]:
    """Every index in a node, one by one."""
    if isinstance(node, Index):
        yield node
    elif isinstance(node, Meaning):
        for name in node.__dataclass_fields__:
            yield from indices_in(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from indices_in(item)


def letters_in(node: Any) -> set[str]:
    """Every letter of an index in a node."""
    return {letter for index in indices_in(node) for letter, _ in index.letters}


def rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    """The node with `change` applied to every node and index in it, innermost first."""
    if isinstance(node, Meaning):
        parts = {part.name: getattr(node, part.name) for part in fields(node)}
        changed = {name: rebuild(part, change) for name, part in parts.items()}
        if any(changed[name] is not part for name, part in parts.items()):
            node = replace(node, **changed)
        return change(node)
    if isinstance(node, Index):
        return change(node)
    if isinstance(node, tuple):
        items = tuple(rebuild(item, change) for item in node)
        return items if any(a is not b for a, b in zip(items, node, strict=True)) else node
    return node


def same(a: Any, b: Any) -> bool:
    """Whether two nodes say the same in the same words."""
    if isinstance(a, Meaning):
        return type(a) is type(b) and all(
            same(getattr(a, part.name), getattr(b, part.name))
            for part in fields(a)
            if part.name not in ("at", "end")
        )
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)
