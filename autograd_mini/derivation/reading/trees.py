"""Syntax trees of mathematics: plain data.

A product is left as a flat list, because what stands in it may be a function and its argument:
that is for the resolver, which knows the notation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .tokens import Token

__all__ = [
    "NONE", "Bars", "BigSign", "Braces", "Dots", "Fraction", "Group", "Matrix", "Name", "Node",
    "Number", "Product", "Relation", "Root", "Scripts", "Sign", "Sum",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scripts:
    """What hangs on an atom: a subscript, superscripts in order, primes."""

    sub: tuple[Token, ...] | None = None
    sups: tuple[tuple[Token, ...], ...] = ()
    primes: int = 0


NONE = Scripts()


@dataclass(frozen=True, eq=False)
class Node:
    """A piece of mathematics with its place in the document and its scripts."""

    at: int
    end: int
    scripts: Scripts


@dataclass(frozen=True, eq=False)
class Name(Node):
    """A symbol."""

    text: str
    style: str


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A number."""

    value: float


@dataclass(frozen=True, eq=False)
class Sign(Node):
    """∂ or ∇."""

    text: str


@dataclass(frozen=True, eq=False)
class BigSign(Node):
    """A sum or product sign; what it ranges over follows it in the product."""

    text: str


@dataclass(frozen=True, eq=False)
class Dots(Node):
    """An ellipsis."""


@dataclass(frozen=True, eq=False)
class Relation:
    """a = b < c, or a alone: operands and what stands between them."""

    operands: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Group(Node):
    """(a, b): what stands between parentheses or brackets."""

    items: tuple[Relation, ...]
    opening: str


@dataclass(frozen=True, eq=False)
class Braces(Node):
    """What stands in braces that carry scripts of their own."""

    inner: Node


@dataclass(frozen=True, eq=False)
class Bars(Node):
    """|a| or ‖a‖."""

    inner: Node
    norm: bool


@dataclass(frozen=True, eq=False)
class Fraction(Node):
    """A fraction, which may be a derivative."""

    top: Node
    bottom: Node


@dataclass(frozen=True, eq=False)
class Root(Node):
    """A root."""

    inner: Node
    degree: tuple[Token, ...]


@dataclass(frozen=True, eq=False)
class Matrix(Node):
    """Rows of cells, each a list of relations and words."""

    rows: tuple[tuple[tuple[Any, ...], ...], ...]
    kind: str


@dataclass(frozen=True, eq=False)
class Product(Node):
    """Factors and the signs before them: "" for juxtaposition, else · / ⊙ ⊗."""

    items: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, eq=False)
class Sum(Node):
    """Terms with their signs."""

    terms: tuple[tuple[int, Node], ...]
