"""What the parts of the resolver ask of one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.tokens import Token

from . import nodes as m
from .symbols import Symbols

__all__ = ["Items", "Resolving"]

Items = list[tuple[str, s.Node]]  # the factors of a product, each with the sign before it


class Resolving(Protocol):
    """A resolver at work.

    Attributes:
        symbols: what is known.
        free: names that stand for free variables.
        bound: letters that a sum or a condition has made indices.
        depth: of dots within dots.
    """

    symbols: Symbols
    free: frozenset[str]
    bound: list[str]
    depth: int

    def resolve(self, node: s.Node) -> m.Meaning:
        """The meaning of a syntax tree."""

    def expression(self, tokens: Sequence[Token]) -> m.Meaning:
        """The meaning of tokens, such as those of a script."""

    def product(self, items: Items, node: s.Node) -> m.Meaning:
        """The meaning of factors side by side, which may be a function and its argument."""

    def factor(self, items: Items, i: int) -> tuple[m.Meaning, int]:
        """The factor that begins at a place, and the place after it."""

    def atom(self, node: s.Node) -> m.Meaning:
        """A factor that is no function, sign or derivative operator."""

    def number(self, node: s.Node) -> m.Meaning:
        """An expression in which a letter that is no symbol is an index."""

    def conditions(self, relations: Sequence[s.Relation]) -> tuple[m.Condition, ...]:
        """Conditions on indices or numbers, such as i ≠ j."""

    def scripted(self, base: m.Meaning, scripts: s.Scripts) -> m.Meaning:
        """A meaning with an index, powers or transposes."""

    def raised(self, base: m.Meaning, tokens: tuple[Token, ...]) -> m.Meaning:
        """A meaning with one superscript."""

    def unknown(self, node: s.Name) -> m.Meaning:
        """A symbol that is known without a notation, or an error that says it is not."""
