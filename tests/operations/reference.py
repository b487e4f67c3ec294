"""What every operation of the table and its local derivatives are in mathematics.

The formulas are those of a textbook, stated apart from the table's, and evaluated to 50 digits.
"""

from __future__ import annotations

import random
from typing import Any

from tests.operations.reference_activations import ACTIVATIONS
from tests.operations.reference_arithmetic import ARITHMETIC, CHOICES
from tests.operations.reference_functions import SPECIAL, TRIGONOMETRY
from tests.operations.sampling import Point, Reference, mp

__all__ = ["REFERENCES"]


def magnitudes(*operands: Any) -> Any:
    return mp.fsum(abs(x) for x in operands)


def dot(*operands: Any) -> Any:
    width = len(operands) // 2
    return mp.fdot(operands[:width], operands[width:-1]) + operands[-1]


def dot_slopes(*operands: Any) -> list[Any]:
    width = len(operands) // 2
    return [*operands[width:-1], *operands[:width], mp.mpf(1)]


def dot_magnitudes(*operands: Any) -> Any:
    return dot(*map(abs, operands))


def logsumexp(*operands: Any) -> Any:
    *others, top = sorted(operands)
    return top + mp.log1p(mp.fsum(mp.exp(x - top) for x in others))


def softmax_share(x: Any, *others: Any) -> Any:
    return mp.exp(x - logsumexp(*others))


def several(rng: random.Random) -> Point:
    """One to eight numbers, of one magnitude or of any, or one near 0 and others far below."""
    kind, width = rng.choice("OAN"), rng.randint(1, 8)
    if kind == "O":
        return tuple(rng.uniform(-30, 30) for _ in range(width))
    if kind == "A":
        return tuple(rng.gauss() * 10.0 ** rng.uniform(-100, 100) for _ in range(width))
    return (10.0 ** rng.uniform(-30, -1), *(rng.uniform(-60, -5) for _ in range(width)))


def moderate(rng: random.Random) -> Point:
    return tuple(rng.uniform(-3, 3) for _ in range(3))


def weights_and_inputs(rng: random.Random) -> Point:
    width = rng.randint(0, 4)
    return tuple(rng.gauss() * 10.0 ** rng.uniform(-50, 50) for _ in range(2 * width + 1))


def one_of_several(rng: random.Random) -> Point:
    scale = 10.0 ** rng.uniform(-3, 3)
    others = [scale * rng.gauss() for _ in range(rng.randint(1, 8))]
    return (rng.choice(others), *others)


MANY = {
    "sum": Reference(
        lambda *xs: mp.fsum(xs),
        lambda *xs: [mp.mpf(1)] * len(xs),
        on=several,
        ordinary=moderate,
        largest_term={0: magnitudes},
    ),
    "mean": Reference(
        lambda *xs: mp.fsum(xs) / len(xs),
        lambda *xs: [1 / mp.mpf(len(xs))] * len(xs),
        on=several,
        ordinary=moderate,
        largest_term={0: lambda *xs: magnitudes(*xs) / len(xs)},
    ),
    "dot": Reference(
        dot,
        dot_slopes,
        on=weights_and_inputs,
        ordinary=lambda rng: (*moderate(rng), 0.3, -0.6),
        largest_term={0: dot_magnitudes},
    ),
    "logsumexp": Reference(
        logsumexp,
        lambda *xs: [softmax_share(x, *xs) for x in xs],
        on=several,
        ordinary=moderate,
        largest_term={0: lambda *xs: max(abs(max(xs)), logsumexp(*xs) - max(xs))},
    ),
    "softmax_share": Reference(
        softmax_share,
        lambda x, *others: [
            softmax_share(x, *others),
            *[-softmax_share(x, *others) * softmax_share(other, *others) for other in others],
        ],
        on=one_of_several,
        ordinary=lambda rng: (x := rng.uniform(-3, 3), *moderate(rng), x),
        limit={1: 8.0},
        reason="a product of two shares",
    ),
}

REFERENCES: dict[str, Reference] = {
    **CHOICES,
    **ARITHMETIC,
    **TRIGONOMETRY,
    **SPECIAL,
    **ACTIVATIONS,
    **MANY,
}
