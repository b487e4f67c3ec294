"""A document with its notation: the symbols of each part, and random points to evaluate at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd_mini import Value
from autograd_mini.derivation.evaluating.arrays import Array
from autograd_mini.derivation.evaluating.entries import Whole
from autograd_mini.derivation.evaluating.notation import Notation, Scope
from autograd_mini.derivation.evaluating.point import Definition, Point
from autograd_mini.derivation.evaluating.tables import Table, build_table
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.symbols import Symbols
from autograd_mini.derivation.reading.document import Document

__all__ = ["Model"]


class Model:
    """What is known of a document's symbols.

    Args:
        document: the document.
        notation: what its symbols stand for.
        seed: of the random points.

    Attributes:
        definitions: what the document has defined so far, by key.
        spans: sums with bounds that the document has, by the letter they run over.
        version: how often a definition has been taken down.
    """

    def __init__(self, document: Document, notation: Notation, seed: int) -> None:
        self.document = document
        self.notation = notation
        self.seed = seed
        self.definitions: dict[str, Definition] = {}
        self.spans: dict[str, m.Big] = {}
        self._tables: dict[Any, Table] = {}
        self._symbols: dict[int, Symbols] = {}
        self._points: dict[Any, Point] = {}
        self.version = 0

    def symbols(self, scope: Scope | None) -> Symbols:
        """The symbols of a part of the document, those that it defines among them."""
        if scope is None:
            return Symbols()
        if id(scope) not in self._symbols:
            table = self._table(scope, self.notation.sizes_for(scope)[0], 0)
            found = Symbols(dict(table.keys))
            for text, value in table.values.items():
                if isinstance(value, Whole) or (
                    callable(value) and not isinstance(value, (Value, Array))
                ):
                    found.functions.add(text)
            found.dimensions = set(table.dimensions)
            names = {key.name for key in table.keys.values()}
            found.words = frozenset(n for n in names if len(n) > 1 and n.isalpha())
            for definition in self.definitions.values():
                _add(found, definition)
            self._symbols[id(scope)] = found
        return self._symbols[id(scope)]

    def define(self, definition: Definition) -> None:
        """Take a definition down, in place of others of the same name."""
        name = definition.key.name
        for old in [k for k, d in self.definitions.items() if d.key.name == name]:
            del self.definitions[old]
            for known in self._symbols.values():
                known.keys.pop(old, None)
                known.functions.discard(old)
        self.version += 1
        self.definitions[definition.key.text] = definition
        for known in self._symbols.values():
            _add(known, definition)

    def sizes(self, scope: Scope) -> list[dict[str, int]]:
        """The sizes to check a part of the document at."""
        return self.notation.sizes_for(scope)

    def point(self, scope: Scope, size: Mapping[str, int], number: int) -> Point:
        """A random point of a part of the document: the same each time, but for definitions."""
        key = (id(scope), tuple(size.items()), number, self.version)
        if key not in self._points:
            self._points[key] = Point(
                self._table(scope, size, number), dict(self.definitions), self.notation.layout,
                size, f"{self.seed}/{number}",
            )  # fmt: skip
        return self._points[key]

    def source(self, at: int, end: int) -> str:
        """What the document has at a place, on one line."""
        return " ".join(self.document.text[at:end].split())

    def _table(self, scope: Scope, size: Mapping[str, int], number: int) -> Table:
        key = (id(scope), tuple(size.items()), number)
        if key not in self._tables:
            self._tables[key] = build_table(self.notation, scope, size, f"{self.seed}/{number}")
        return self._tables[key]


def _add(symbols: Symbols, definition: Definition) -> None:
    key = definition.key
    symbols.keys.setdefault(key.text, key)
    if definition.parameters:
        symbols.functions.add(key.text)
    if len(key.name) > 1 and key.name.isalpha():
        symbols.words |= {key.name}
