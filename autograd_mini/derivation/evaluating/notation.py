"""Notations: what the symbols of a document stand for, as Values of a model built at random.

A notation says, for each part of a document, how to build the model from a random generator and
sizes, and what each symbol is. How symbols are combined is not its business.
"""

from __future__ import annotations

import inspect
import re
import runpy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

__all__ = ["Builder", "Layout", "Notation", "Scope", "load_notation"]

Layout = Literal["denominator", "numerator", "mixed"]
Builder = Callable[..., Mapping[str, Any]]
Build = TypeVar("Build", bound=Builder)


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


def load_notation(source: Notation | Builder | str | Path) -> Notation:
    """A notation from itself, from a function that builds a model, or from a Python file.

    Args:
        source: a file defines `notation`; or it is the name of one that ships with the project,
            `two_two_one` or `dense_layers`.

    Raises:
        FileNotFoundError: if there is no such file.
        TypeError: if the source is none of these.
        ValueError: if the file defines no notation, or raises.
    """
    if isinstance(source, Notation):
        return source
    if callable(source):
        notation = Notation()
        notation.scope(source)
        return notation
    if not isinstance(source, str | Path):
        raise TypeError(
            f"a notation is not {source!r:.60}: give a Notation, a function that builds a model, "
            "or the path of a Python file"
        )
    path = Path(source)
    shipped = Path(__file__).parents[1] / "notations" / f"{source}.py"
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
