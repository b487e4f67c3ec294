"""Whether two sides agree, and what they are in writing."""

from __future__ import annotations

import math
from typing import Any

from autograd_mini import Value

from .arrays import Array, shape_of, write_shape

__all__ = ["close", "compare", "numbers_of", "worst", "written"]

TOLERANCE = 1e-8


def compare(left: Any, right: Any) -> bool | str | None:
    """True or False; a sentence if the shapes differ; None where a side is not finite."""
    a, b = shape_of(left), shape_of(right)
    if a != b:
        zero = right if b == () else left if a == () else None
        if zero is None or numbers_of(zero) != [0.0]:
            return f"shapes {write_shape(a)} and {write_shape(b)}"
    xs, ys = numbers_of(left), numbers_of(right)
    if len(xs) != len(ys):
        xs, ys = (xs, ys * len(xs)) if len(ys) == 1 else (xs * len(ys), ys)
    if not all(map(math.isfinite, [*xs, *ys])):
        return None
    return all(close(x, y) for x, y in zip(xs, ys, strict=True))


def close(x: float, y: float) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(x - y) <= TOLERANCE * max(1e-3, abs(x), abs(y))


def numbers_of(x: Any) -> list[float]:
    """The numbers in a number or an array."""
    entries = x.entries if isinstance(x, Array) else (x,)
    return [entry.data if isinstance(entry, Value) else float(entry) for entry in entries]


def worst(left: Any, right: Any) -> tuple[str, str]:
    """Both sides in writing; of long ones the entries that differ most."""
    xs, ys = numbers_of(left), numbers_of(right)
    if len(xs) <= 6 and len(ys) <= 6:
        return written(left), written(right)
    pairs = list(zip(xs, ys, strict=False))
    i = max(range(len(pairs)), key=lambda k: abs(pairs[k][0] - pairs[k][1]))
    return f"{xs[i]:.6g} (entry {i + 1})", f"{ys[i]:.6g} (entry {i + 1})"


def written(x: Any) -> str:
    """A number, or the first numbers of an array."""
    numbers = numbers_of(x)
    if len(numbers) == 1:
        return f"{numbers[0]:.6g}"
    shown = ", ".join(f"{number:.6g}" for number in numbers[:6])
    return f"[{shown}{', …' if len(numbers) > 6 else ''}]"
