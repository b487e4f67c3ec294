"""What the symbols of least_squares.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot, sum
from autograd_mini.derivation import Notation, entries

notation = Notation(sizes=[{"n": 4, "p": 2}, {"n": 5, "p": 3}])


@notation.scope
def regression(rng: Random, n: int, p: int) -> dict[str, Any]:
    """A regression with more rows than columns."""
    rows = [[Value(rng.gauss()) for _ in range(p)] for _ in range(n)]
    y, beta = [[Value(rng.gauss()) for _ in range(length)] for length in (n, p)]
    squares = sum([(t - dot(row, beta)) ** 2 for t, row in zip(y, rows, strict=True)])
    weight = Value(rng.uniform(0.5, 2.0))
    return {
        "n": n, "p": p, "X": rows, "x_{ij}": entries(rows), "y": y, r"\beta": beta,
        "RSS": squares, r"\lambda": weight, "R": squares + weight * sum([b * b for b in beta]),
    }  # fmt: skip
