"""Small arrays of numbers or Values: the matrices, columns and tensors that formulas are about.

A vector is a column, of shape (n, 1). Shapes are checked; nothing is broadcast but plain numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from autograd_mini import Value

__all__ = [
    "Array",
    "Mismatch",
    "add",
    "from_nested",
    "map_entries",
    "multiply",
    "pairwise",
    "shape_of",
]

Shape = tuple[int, ...]


class Mismatch(Exception):  # noqa: N818  # a finding about a formula
    """Shapes that do not go together."""


@dataclass(frozen=True, eq=False)
class Array:
    """Entries in row-major order, of a shape of two or more dimensions."""

    shape: Shape
    entries: tuple[Any, ...]

    def at(self, *index: int) -> Any:
        """The entry at an index counted from 0."""
        position = 0
        for i, size in zip(index, self.shape, strict=True):
            position = position * size + i
        return self.entries[position]

    @property
    def transposed(self) -> Array:
        """Rows for columns."""
        if len(self.shape) != 2:
            raise Mismatch(f"an array of shape {write_shape(self.shape)} has no transpose")
        rows, columns = self.shape
        entries = [self.at(i, j) for j in range(columns) for i in range(rows)]
        return Array((columns, rows), tuple(entries))

    @property
    def is_column(self) -> bool:
        """Whether it is a vector."""
        return len(self.shape) == 2 and self.shape[1] == 1

    @property
    def is_row(self) -> bool:
        """Whether it is a transposed vector."""
        return len(self.shape) == 2 and self.shape[0] == 1


def from_nested(given: Any) -> Any:
    """A number, or nested lists as an Array.

    Raises:
        TypeError: if it is neither.
        ValueError: if rows differ in length or are empty.

    >>> from_nested([1.0, 2.0]).shape
    (2, 1)
    """
    if isinstance(given, (Array, Value)):
        return given
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return float(given)
    if isinstance(given, Sequence) and not isinstance(given, str) and given:
        rows = [row if isinstance(row, Sequence) else [row] for row in given]
        if len({len(row) for row in rows}) != 1 or not rows[0]:
            raise ValueError(f"rows of a matrix differ in length: {given!r:.80}")
        entries = [from_nested(entry) for row in rows for entry in row]
        if any(isinstance(entry, Array) for entry in entries):
            raise ValueError(f"a matrix holds numbers, not {given!r:.80}")
        return Array((len(rows), len(rows[0])), tuple(entries))
    raise TypeError(
        f"a symbol stands for a number, a Value, a list of them or a list of such lists, "
        f"not {type(given).__name__} {given!r:.60}"
    )


def shape_of(x: Any) -> Shape:
    """The shape, () for a number; an array of one entry counts as a number."""
    return x.shape if isinstance(x, Array) and len(x.entries) != 1 else ()


def write_shape(shape: Shape) -> str:
    """2×3, or "a number"."""
    return "×".join(map(str, shape)) or "a number"


def scalar(x: Any) -> Any:
    """The number in an array of one, anything else as it is."""
    return x.entries[0] if isinstance(x, Array) and len(x.entries) == 1 else x


def map_entries(f: Callable[[Any], Any], x: Any) -> Any:
    """f of a number, or of every entry."""
    return Array(x.shape, tuple(map(f, x.entries))) if isinstance(x, Array) else f(x)


def pairwise(f: Callable[[Any, Any], Any], x: Any, y: Any, sign: str) -> Any:
    """f of two numbers, or of the entries of two arrays of one shape.

    Raises:
        Mismatch: if the shapes differ.
    """
    x, y = scalar(x), scalar(y)
    if not isinstance(x, Array) and not isinstance(y, Array):
        return f(x, y)
    if shape_of(x) != shape_of(y):
        raise Mismatch(
            f"shapes {write_shape(shape_of(x))} and {write_shape(shape_of(y))} around {sign}"
        )
    return Array(x.shape, tuple(map(f, x.entries, y.entries)))


def add(x: Any, y: Any, sign: int = 1) -> Any:
    """The sum; a number is added to every entry of a vector, as in 1 − y, a plain one of a matrix.

    Raises:
        Mismatch: if the shapes differ.
    """
    x, y = scalar(x), scalar(y)
    if _is_spread(x, y):
        return map_entries(lambda entry: x + entry if sign > 0 else x - entry, y)
    if _is_spread(y, x):
        return map_entries(lambda entry: entry + y if sign > 0 else entry - y, x)
    combine: Callable[[Any, Any], Any] = (lambda a, b: a + b) if sign > 0 else (lambda a, b: a - b)
    return pairwise(combine, x, y, "+" if sign > 0 else "−")


def _is_spread(number: Any, array: Any) -> bool:
    if not isinstance(array, Array) or isinstance(number, Array):
        return False
    return type(number) is float or array.is_column or array.is_row


def multiply(x: Any, y: Any) -> Any:
    """The product of numbers, or of matrices; a tensor's last axis meets the next one's first.

    Raises:
        Mismatch: if the shapes do not conform.
    """
    x, y = scalar(x), scalar(y)
    if not isinstance(x, Array):
        return map_entries(lambda entry: x * entry, y)
    if not isinstance(y, Array):
        return map_entries(lambda entry: entry * y, x)
    if x.shape[-1] != y.shape[0]:
        raise Mismatch(f"shapes {write_shape(x.shape)} and {write_shape(y.shape)} in a product")
    inner = x.shape[-1]
    rows = len(x.entries) // inner
    columns = len(y.entries) // inner
    entries = []
    for i, j in product(range(rows), range(columns)):
        total = x.entries[i * inner] * y.entries[j]
        for k in range(1, inner):
            total = total + x.entries[i * inner + k] * y.entries[k * columns + j]
        entries.append(total)
    shape = (*x.shape[:-1], *y.shape[1:])
    if len(shape) > 2:
        shape = tuple(size for k, size in enumerate(shape) if size != 1 or k < 2)
    return Array(shape, tuple(entries))
