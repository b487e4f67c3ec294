"""Notations: what the symbols of a document stand for, as Values of a model built at random.

A notation says, for each part of a document, how to build the model from a random generator and
sizes, and what each symbol is. How symbols are combined is not its business.
"""

from __future__ import annotations

import inspect
import random
import re
import runpy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from autograd_mini import Value

from .arrays import Array, from_nested
from .names import Key, read_key

__all__ = ["Entries", "Notation", "Scope", "Whole", "entries", "load_notation", "whole"]

Layout = Literal["denominator", "numerator", "mixed"]
Builder = Callable[..., Mapping[str, Any]]
Build = TypeVar("Build", bound=Builder)


@dataclass(frozen=True, eq=False)
class Entries:
    """A family of numbers or arrays, one for each value of one or more indices; see `entries`."""

    items: Mapping[tuple[int, ...], Any]
    depth: int
    letters: str | None = None


@dataclass(frozen=True)
class Whole:
    """A function that takes a whole vector; see `whole`."""

    function: Callable[..., Any]


def entries(values: Any, letters: str | None = None, *, first: int | None = None) -> Entries:
    r"""Make a family of numbers or arrays, for a symbol with indices such as `"x_i"`.

    Args:
        values: nested lists, as deep as there are indices; or a dict from an index (or a tuple
            of them) to a number, a vector or a matrix.
        letters: which letters of the key are the indices, where it has others.
        first: the first index, in place of the notation's `first_index`. A dict has its own.

    >>> entries({1: 0.5, 2: 0.25}).items
    {(1,): 0.5, (2,): 0.25}
    """
    if isinstance(values, Mapping):
        items = {k if isinstance(k, tuple) else (k,): v for k, v in values.items()}
        depths = {len(index) for index in items}
        if len(depths) != 1:
            raise ValueError("the indices of entries() must all be of one length, and one at least")
        return Entries(items, depths.pop(), letters)
    depth = len(letters) if letters is not None else _depth(values)
    start = _FROM_NOTATION if first is None else first
    return Entries(dict(_positions(values, depth, start)), depth, letters)


_FROM_NOTATION = -(10**6)  # stands for the notation's own first index until that is known


def whole(function: Callable[..., Any]) -> Whole:
    """Mark a function of a whole vector, such as softmax, from a list to a list or a number.

    A function that is not marked is applied to each entry of a vector.
    """
    return Whole(function)


@dataclass(frozen=True, eq=False)
class Scope:
    """A part of a document and how its model is built.

    Attributes:
        build: a function of a random generator and sizes (by the names of its other parameters)
            that gives what each symbol stands for.
        section: a regular expression found in the headings of that part; None for the rest.
        dimensions: the names of the sizes.
    """

    build: Builder
    section: str | None
    dimensions: tuple[str, ...]


@dataclass
class Notation:
    r"""What the symbols of a document stand for.

    Args:
        layout: how ∂y/∂x of vectors is laid out. "denominator": as many rows as x has entries;
            "numerator": as many rows as y has; "mixed": as "numerator", but the derivative of a
            number has the shape of what it is taken by.
        first_index: what indices count from.
        sizes: the sizes to check at; None for two or three that tell every dimension apart.
        macros: LaTeX commands and what they stand for, such as {r"\Sigma": r"\sum"}.

    >>> notation = Notation()
    >>> @notation.scope
    ... def line(rng, n):
    ...     x = [Value(rng.gauss()) for _ in range(n)]
    ...     return {"n": n, "x": x, "x_i": entries(x)}
    >>> notation.scope_for("1. Introduction").dimensions
    ('n',)
    """

    layout: Layout = "denominator"
    first_index: int = 1
    sizes: Sequence[Mapping[str, int]] | None = None
    macros: Mapping[str, str] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.layout not in ("denominator", "numerator", "mixed"):
            raise ValueError(
                f'there is no layout {self.layout!r}; use "denominator", "numerator" or "mixed"'
            )

    @overload
    def scope(self, build: Build) -> Build: ...
    @overload
    def scope(self, *, section: str) -> Callable[[Build], Build]: ...
    def scope(self, build: Builder | None = None, *, section: str | None = None) -> Any:
        """A decorator: the function below builds the model for a part of the document.

        Args:
            build: that function.
            section: a regular expression found in the headings of that part; without one, the
                function serves wherever no other does.
        """
        if build is None:
            return lambda function: self._added(function, section)
        return self._added(build, section)

    def _added(self, build: Builder, section: str | None) -> Builder:
        names = list(inspect.signature(build).parameters)
        if not names:
            raise TypeError(f"{build.__name__}() must take a random generator: def f(rng, n): …")
        self.scopes.append(Scope(build, section, tuple(names[1:])))
        return build

    def scope_for(self, heading: str) -> Scope | None:
        """The scope of what stands under a heading."""
        for scope in self.scopes:
            if scope.section is not None and re.search(scope.section, heading):
                return scope
        return next((scope for scope in self.scopes if scope.section is None), None)

    def sizes_for(self, scope: Scope) -> list[dict[str, int]]:
        """Sizes to check at: at two at least the dimensions differ from one another."""
        names = scope.dimensions
        if self.sizes is not None:
            chosen = [{n: s[n] for n in names if n in s} for s in self.sizes]
            for size in chosen:
                if len(size) != len(names):
                    missing = ", ".join(n for n in names if n not in size)
                    raise ValueError(f"the sizes {size} lack {missing}, which the model asks for")
            return chosen
        if not names:
            return [{}]
        count = len(names)
        rising = {name: 3 + i for i, name in enumerate(names)}
        falling = {name: 3 + count - i for i, name in enumerate(names)}
        return [rising, falling] + ([dict.fromkeys(names, 3)] if count > 1 else [])


@dataclass(eq=False)
class Table:
    """What the symbols of a scope stand for at one point.

    Attributes:
        keys: the symbols.
        values: what each stands for: a number, an Array, a function, or entries by index.
        dimensions: the plain whole numbers among them, by name.
        first_index: what the entries of a vector are counted from.
    """

    keys: dict[str, Key]
    values: dict[str, Any]
    dimensions: dict[str, int]
    first_index: int


def build_table(notation: Notation, scope: Scope, size: Mapping[str, int], seed: str) -> Table:
    """The model of a scope at a random point.

    Raises:
        RuntimeError: if the notation raises.
        ValueError: if a key is no symbol.
        TypeError: if something is no number, list, function or entries.
    """
    rng = random.Random(seed)
    name = getattr(scope.build, "__name__", "the notation")
    try:
        given = scope.build(rng, **size)
    except Exception as error:
        where = ", ".join(f"{k}={v}" for k, v in size.items())
        raise RuntimeError(
            f"{name}(rng{', ' if where else ''}{where}) of the notation raised "
            f"{type(error).__name__}: {error}"
        ) from error
    if not isinstance(given, Mapping):
        raise TypeError(f"{name}() must give a dict of symbols, not {type(given).__name__}")
    table = Table({}, {}, {}, notation.first_index)
    for text, what in given.items():
        depth, letters = (what.depth, what.letters) if isinstance(what, Entries) else (0, None)
        key = read_key(text, letters, depth)
        table.keys[text] = key
        try:
            table.values[text] = _normal(what, notation.first_index)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name}(): {text}: {error}") from None
        if isinstance(what, int) and not isinstance(what, bool):
            table.dimensions[key.name] = what
    return table


def load_notation(source: Notation | Builder | str | Path) -> Notation:
    """A notation from itself, from a function that builds a model, or from a Python file.

    Args:
        source: a file defines `notation`; or it is the name of one that ships with the project,
            `two_two_one` or `dense_layers`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file defines no notation, or raises.
    """
    if isinstance(source, Notation):
        return source
    if callable(source):
        notation = Notation()
        notation.scope(source)
        return notation
    path = Path(source)
    shipped = Path(__file__).parent / "notations" / f"{source}.py"
    if not path.exists() and shipped.exists():
        path = shipped
    if not path.is_file():
        raise FileNotFoundError(f"there is no notation file {source}")
    try:
        found = runpy.run_path(str(path)).get("notation")
    except Exception as error:
        raise ValueError(f"{path} raised {type(error).__name__}: {error}") from error
    if not isinstance(found, Notation) or not found.scopes:
        raise ValueError(
            f"{path} defines no notation: write notation = Notation() and a function below "
            "@notation.scope that builds the model"
        )
    return found


def _normal(what: Any, first: int) -> Any:
    if isinstance(what, Entries):
        shift = first - _FROM_NOTATION
        return {
            tuple(i + shift if i < _FROM_NOTATION // 2 else i for i in index): from_nested(value)
            for index, value in what.items.items()
        }
    if isinstance(what, Whole) or (callable(what) and not isinstance(what, (Value, Array))):
        return what
    return from_nested(what)


def _depth(values: Any) -> int:
    depth = 0
    while isinstance(values, Sequence):
        depth, values = depth + 1, values[0]
    return depth


def _positions(values: Any, depth: int, first: int) -> Iterator[tuple[tuple[int, ...], Any]]:
    if depth == 0:
        yield (), values
        return
    for i, value in enumerate(values):
        for index, entry in _positions(value, depth - 1, first):
            yield (first + i, *index), entry
