"""Products and sums of floats without rounding: each gives two floats that add up to it.

Where rounding an intermediate would cost digits, the low part is carried along and put back.
"""

from __future__ import annotations

from math import inf

__all__ = ["exact_product", "exact_sum"]


def exact_product(x: float, y: float) -> tuple[float, float]:
    """x y as the sum of two floats, by Dekker's product (Numerische Mathematik 18, 1971).

    >>> exact_product(1.0 + 2.0**-52, 1.0 + 2.0**-52) == (1.0 + 2.0**-51, 2.0**-104)
    True
    """
    high = x * y
    x_split, y_split = 134217729.0 * x, 134217729.0 * y  # 2²⁷ + 1
    x_high, y_high = x_split - (x_split - x), y_split - (y_split - y)
    x_low, y_low = x - x_high, y - y_high
    low = ((x_high * y_high - high) + x_high * y_low + x_low * y_high) + x_low * y_low
    return high, low


def exact_sum(x: float, y: float) -> tuple[float, float]:
    """x + y as the sum of two floats, by Knuth's sum (The Art of Computer Programming, 4.2.2).

    >>> exact_sum(1.0, 1e-20)
    (1.0, 1e-20)
    """
    high = x + y
    if abs(high) == inf:
        return high, 0.0
    shift = high - x
    return high, (x - (high - shift)) + (y - shift)
