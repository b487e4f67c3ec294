"""Inverses, determinants and powers of small matrices of numbers or Values, by elimination."""

from __future__ import annotations

from typing import Any

from autograd_mini import Value

from .arrays import Array, Mismatch, multiply, write_shape

__all__ = ["determinant", "identity", "inverse", "power"]


def identity(n: int) -> Array:
    """The identity matrix of n rows."""
    return Array((n, n), tuple(1.0 if i == j else 0.0 for i in range(n) for j in range(n)))


def inverse(matrix: Array) -> Array:
    """The inverse.

    Raises:
        Mismatch: if the matrix is not square, or has no inverse.

    >>> inverse(Array((2, 2), (2.0, 0.0, 0.0, 4.0))).entries
    (0.5, 0.0, 0.0, 0.25)
    """
    n = _side(matrix, "inverse")
    rows = [
        [matrix.at(i, j) for j in range(n)] + [1.0 if i == j else 0.0 for j in range(n)]
        for i in range(n)
    ]
    for k in range(n):
        if _pivot(rows, k) == 0:
            raise Mismatch("the matrix has no inverse")
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k:
                factor = rows[i][k]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return Array((n, n), tuple(x for row in rows for x in row[n:]))


def determinant(matrix: Array) -> Any:
    """The determinant.

    Raises:
        Mismatch: if the matrix is not square.

    >>> determinant(Array((2, 2), (0.0, 1.0, 3.0, 4.0)))
    -3.0
    """
    n = _side(matrix, "determinant")
    rows = [[matrix.at(i, j) for j in range(n)] for i in range(n)]
    total: Any = 1.0
    for k in range(n):
        sign = _pivot(rows, k)
        if sign == 0:
            return 0.0
        total = total * rows[k][k] * float(sign)
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return total


def power(matrix: Array, exponent: int) -> Array:
    """A whole power.

    Raises:
        Mismatch: if the matrix is not square, or a negative power does not exist.
    """
    if exponent < 0:
        return power(inverse(matrix), -exponent)
    total = identity(_side(matrix, "power"))
    for _ in range(exponent):
        total = multiply(total, matrix)
    return total


def _side(matrix: Array, what: str) -> int:
    if len(matrix.shape) != 2 or matrix.shape[0] != matrix.shape[1]:
        raise Mismatch(f"a {write_shape(matrix.shape)} matrix has no {what}")
    return matrix.shape[0]


def _pivot(rows: list[list[Any]], k: int) -> int:
    """Bring the row with the largest entry of a column up: the sign of the exchange, 0 for none."""
    sizes = [abs(_number(row[k])) for row in rows[k:]]
    largest = max(sizes)
    if not largest > 1e-13:
        return 0
    best = k + sizes.index(largest)
    rows[k], rows[best] = rows[best], rows[k]
    return 1 if best == k else -1


def _number(x: Any) -> float:
    return x.data if isinstance(x, Value) else float(x)
