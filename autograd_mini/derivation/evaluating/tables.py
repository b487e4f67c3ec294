"""What the symbols of a notation stand for at one random point."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograd_mini import Value
from autograd_mini.derivation.meaning.names import Key, index_letters, read_key

from .arrays import Array, from_nested
from .entries import FROM_NOTATION, Entries, Whole
from .notation import Notation, Scope

__all__ = ["Table", "build_table"]


@dataclass(eq=False)
class Table:
    """What the symbols of a scope stand for at one point.

    Attributes:
        keys: the symbols.
        values: what each stands for: a number, an Array, a function, or entries by index.
        dimensions: the plain whole numbers among them, by name.
        first_index: what the entries of a vector are counted from.
        keyed: the symbols whose indices the notation gives one by one.
    """

    keys: dict[str, Key]
    values: dict[str, Any]
    dimensions: dict[str, int]
    first_index: int
    keyed: set[str] = field(default_factory=set)


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
        if isinstance(what, Entries):
            what = _fitted(what, text)  # noqa: PLW2901
            if what.keyed:
                table.keyed.add(text)
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


def _fitted(family: Entries, text: str) -> Entries:
    """A family with as many indices as its key has letters: what is below them, as vectors."""
    depth = min(family.depth, index_letters(text))
    if depth in (0, family.depth) or family.keyed or family.letters is not None:
        return family
    groups: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
    for index, value in family.items.items():
        groups.setdefault(index[:depth], {})[index[depth:]] = value
    return replace(family, items={i: _listed(group) for i, group in groups.items()}, depth=depth)


def _listed(items: Mapping[tuple[int, ...], Any]) -> Any:
    if () in items:
        return items[()]
    heads: dict[int, dict[tuple[int, ...], Any]] = {}
    for index, value in items.items():
        heads.setdefault(index[0], {})[index[1:]] = value
    return [_listed(group) for group in heads.values()]


def _normal(what: Any, first: int) -> Any:
    if isinstance(what, Entries):
        shift = first - FROM_NOTATION
        return {
            tuple(i + shift if i < FROM_NOTATION // 2 else i for i in index): from_nested(value)
            for index, value in what.items.items()
        }
    if isinstance(what, Whole) or (callable(what) and not isinstance(what, (Value, Array))):
        return what
    return from_nested(what)
