"""Where mathematics is evaluated: a model at random, what the document defines, how to read."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd_mini import Value
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.names import Key

from .arrays import Array
from .notation import Layout
from .tables import Table

__all__ = ["Definition", "Missing", "OutOfTime", "Point", "Reading"]


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


@dataclass(frozen=True, eq=False)
class Reading:
    """How to read what can be read in several ways.

    Attributes:
        left_to_right: ⊙ binds no looser than a product.
        sizes_fixed: a size such as T in h_T is that size, not an index that stands for any.
        spans: how far letters run in sums without bounds, where the document says so elsewhere.
        says: the reading in words, "" for the plain one.
    """

    left_to_right: bool = False
    sizes_fixed: bool = False
    spans: Mapping[str, m.Big] = field(default_factory=dict)
    says: str = ""


@dataclass(eq=False)
class Point:
    """A model at random numbers.

    Attributes:
        table: what the symbols of the notation stand for.
        definitions: what the document defines, by key.
        layout: how derivatives of vectors are laid out.
        size: the dimensions the model was built with.
        seed: for the numbers of free variables.
        deadline: the time, by `time.monotonic`, at which to give up.
        reading: how to read what can be read in several ways.
    """

    table: Table
    definitions: dict[str, Definition]
    layout: Layout
    size: Mapping[str, int]
    seed: str
    deadline: float = math.inf
    reading: Reading = field(default_factory=Reading)
    memo: dict[tuple[str, tuple[int, ...]], Any] = field(default_factory=dict)
    _parameters: dict[str, Any] = field(default_factory=dict)

    def free_variable(self, name: str) -> Any:
        """A number for a free variable: the same each time at this point."""
        if name not in self._parameters:
            self._parameters[name] = Value(random.Random(self.seed + name).gauss() + 0.1)
        return self._parameters[name]

    def lengths(self) -> list[int]:
        """The lengths that vectors and matrices of the model have, the sizes first."""
        found = [*self.size.values(), *self.table.dimensions.values()]
        for value in self.table.values.values():
            for item in value.values() if isinstance(value, dict) else (value,):
                if isinstance(item, Array):
                    found += [n for n in item.shape if n > 1]
        return [n for n in dict.fromkeys(found) if n > 0]
