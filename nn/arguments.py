"""What nn accepts as an argument: vectors, sizes, rates, sources of randomness.

Each function returns what it was given in the form that nn computes with, or raises with one
sentence. What the argument is for is the caller's business.
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from numbers import Real
from typing import Any, SupportsIndex, TypeGuard

from autograd_mini import Value

__all__ = [
    "Number",
    "as_count",
    "as_fraction",
    "as_functions",
    "as_named",
    "as_random",
    "as_rate",
    "as_vector",
    "check_kind",
    "is_integer",
]

Number = float | Value


def as_vector(given: object, what: str) -> Sequence[Any]:
    """A sequence of numbers as a list or a tuple; what its elements are is not looked at.

    Raises:
        TypeError: if it is text, a single number, or without an order or a length.

    >>> as_vector((1.0, 2.0), "inputs")
    (1.0, 2.0)
    """
    if isinstance(given, (list, tuple)):  # on a hot path: list | tuple would make a new type
        return given
    unsuitable = isinstance(given, str | bytes | Mapping | AbstractSet)
    if unsuitable or not isinstance(given, Collection):
        raise TypeError(
            f"{what} must be a sequence of numbers, not {type(given).__name__} {given!r:.60}: "
            "write [x, y] for two of them, [x] for one"
        )
    return tuple(given)


def as_count(given: object, what: str, *, least: int = 1) -> int:
    """A number of things, at least 1 or what `least` says.

    Raises:
        TypeError: if it is no integer (a bool is none).
        ValueError: if it is less than `least`.

    >>> as_count(3, "nin")
    3
    """
    if not is_integer(given):
        raise TypeError(f"{what} must be an int, not {type(given).__name__} {given!r:.60}")
    count = operator.index(given)
    if count < least:
        raise ValueError(f"{what} must be at least {least}, not {count}")
    return count


def as_fraction(given: object, what: str) -> float:
    """A number from 0 up to but not including 1, as a float.

    Raises:
        TypeError: if it is no real number.
        ValueError: if it is out of that range.

    >>> as_fraction(0.9, "momentum")
    0.9
    """
    fraction = as_rate(given, what)
    if fraction >= 1.0:
        raise ValueError(f"{what} must be less than 1, not {fraction}")
    return fraction


def as_rate(given: object, what: str) -> float:
    """A finite number that is not negative, as a float.

    Raises:
        TypeError: if it is no real number.
        ValueError: if it is negative, infinite or NaN.

    >>> as_rate(1, "learning_rate")
    1.0
    """
    if isinstance(given, bool) or not isinstance(given, Real):
        raise TypeError(f"{what} must be a number, not {type(given).__name__} {given!r:.60}")
    rate = float(given)
    if not 0.0 <= rate < math.inf:
        raise ValueError(f"{what} must be finite and not negative, not {rate}")
    return rate


def as_random(given: object) -> random.Random:
    """A generator of its own for a seed or for None, or the generator that was given.

    With None the numbers differ from run to run. The global generator is never touched.

    Raises:
        TypeError: if it is anything else (a bool is no seed).

    >>> as_random(0).random() == as_random(0).random()
    True
    """
    if isinstance(given, random.Random):
        return given
    if given is None:
        return random.Random()
    if not is_integer(given):
        raise TypeError(
            f"rng must be a random.Random, an int seed or None, not {type(given).__name__} "
            f"{given!r:.60}"
        )
    return random.Random(operator.index(given))


def as_named(given: object, what: str, table: Mapping[str, Any]) -> Any:
    """The entry of a table for a name, or the function that was given.

    Raises:
        ValueError: for a name that the table lacks.
        TypeError: for anything else that cannot be called.

    >>> as_named("largest", "reduction", {"largest": max})([1.0, 2.0])
    2.0
    """
    if isinstance(given, str):
        if given not in table:
            raise ValueError(
                f"no {what} is named {given!r}: write one of {', '.join(map(repr, table))}, "
                "or give a function"
            )
        return table[given]
    if not callable(given):
        raise TypeError(
            f"{what} must be a name or a function, not {type(given).__name__} {given!r:.60}"
        )
    return given


def as_functions(given: object, what: str) -> tuple[Callable[..., Any], ...]:
    """Several functions as a tuple.

    Raises:
        TypeError: if it is a single function, or holds something that cannot be called.

    >>> as_functions([print], "callbacks")
    (<built-in function print>,)
    """
    if callable(given) or not isinstance(given, Iterable):
        raise TypeError(
            f"{what} must be a list of functions, not {type(given).__name__} {given!r:.60}: write "
            "[f] for one of them"
        )
    functions = tuple(given)
    for function in functions:
        if not callable(function):
            raise TypeError(
                f"{what} must be functions, not {type(function).__name__} {function!r:.60}"
            )
    return functions


def check_kind(given: object, kind: type, what: str, instead: str) -> None:
    """Do nothing if it is of some kind.

    Raises:
        TypeError: if it is not; the sentence says what to write instead.

    >>> check_kind({}, dict, "a table", "{}")
    """
    if not isinstance(given, kind):
        article = "an" if kind.__name__.startswith("O") else "a"
        raise TypeError(
            f"{what} must be {article} {kind.__name__}, not {type(given).__name__} {given!r:.60}: "
            f"write {instead}"
        )


def is_integer(given: object) -> TypeGuard[SupportsIndex]:
    """Whether it is a whole number by its type; a bool is none.

    >>> is_integer(3), is_integer(3.0), is_integer(True)
    (True, False, False)
    """
    return isinstance(given, SupportsIndex) and not isinstance(given, bool)
