"""What the parts of the evaluator ask of one another."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from autograd_mini import Value
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.indices import Index

from .arrays import Array
from .point import Point

__all__ = ["Evaluating", "fold", "number_in", "whole_number"]


class Evaluating(Protocol):
    """An evaluator at work.

    Attributes:
        point: where it evaluates.
        letters: what indices stand for.
        differentiable: above 0 inside a derivative, whose result is to be differentiated again.
    """

    point: Point
    letters: dict[str, int]
    differentiable: int

    def value(self, node: m.Meaning) -> Any:
        """The value of a meaning."""

    def index(self, index: Index) -> int:
        """The value of an index."""

    def ranges(self, node: Any, letters: tuple[str, ...]) -> dict[str, list[int]]:
        """How far letters run in a node."""

    def holds(self, condition: m.Condition) -> bool:
        """Whether a condition holds."""

    def called_with(self, tree: m.Meaning, parameters: Mapping[str, Any]) -> Any:
        """The value of the right side of a definition, given its parameters."""


def whole_number(x: Any, node: m.Meaning, what: str = "a bound of this sum") -> int:
    """What must be a whole number, as one."""
    number = math.nan if isinstance(x, Array) else number_in(x)
    if not number == number or abs(number) > 10**9 or number != int(number):
        raise m.Unresolved(f"{what} is no whole number", node.at)
    return int(number)


def number_in(x: Any) -> float:
    """A Value or a number as a plain number."""
    return x.data if isinstance(x, Value) else float(x)


def fold(combine: Callable[[Any, Any], Any], items: list[Any]) -> Any:
    """The items combined from left to right."""
    total = items[0]
    for item in items[1:]:
        total = combine(total, item)
    return total
