"""References of 50 digits, the points at which operations are compared with them, and the error.

Every draw comes from a generator that is passed in, so a test sees the same points each time.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath

__all__ = ["Point", "Reference", "Span", "error_in_ulp", "mp", "ordinary_points", "points", "span"]

mp: Any = mpmath.mp.clone()
mp.dps = 50

SMALLEST = mp.mpf(2) ** -1074
LARGEST = mp.mpf(sys.float_info.max)

Function = Callable[..., Any]
Point = tuple[float, ...]


@dataclass(frozen=True)
class Span:
    """An open interval, and the numbers in it near which an operation is delicate."""

    low: float
    high: float
    near: tuple[float, ...]

    def __contains__(self, x: float) -> bool:
        return self.low < x < self.high


def span(low: float = -math.inf, high: float = math.inf, *near: float) -> Span:
    return Span(low, high, near)


@dataclass(frozen=True)
class Reference:
    """What an operation and its local derivatives are in mathematics.

    The results are numbered: 0 is the value, 1 the derivative by the first operand, and so on;
    all derivatives of a variadic operation are 1.

    Attributes:
        value: the function.
        derivatives: its partial derivatives, or one function that gives all of them.
        on: a span for each operand, or a function that draws a point.
        largest_term: by result, the size of the largest term of a sum that may cancel: the error
            is measured against it.
        underflow: by result, what an intermediate that underflows is multiplied with afterwards.
        limit: by result, the ulp that are allowed where 4 are not enough.
        reason: why they are not.
        ordinary: a function that draws a point far from every edge, where the spans do not do.
    """

    value: Function
    derivatives: tuple[Function, ...] | Function
    on: tuple[Span, ...] | Callable[[random.Random], Point]
    largest_term: Mapping[int, Function] = field(default_factory=dict)
    underflow: Mapping[int, Function] = field(default_factory=dict)
    limit: Mapping[int, float] = field(default_factory=dict)
    reason: str = ""
    ordinary: Callable[[random.Random], Point] | None = None

    def exact(self, operands: Sequence[Any]) -> list[Any]:
        """The value, followed by each derivative."""
        if callable(self.derivatives):
            return [self.value(*operands), *self.derivatives(*operands)]
        return [f(*operands) for f in (self.value, *self.derivatives)]

    def errors(self, point: Point, results: Sequence[float]) -> list[float]:
        """How far value and derivatives are from the truth, in parts of what is allowed."""
        operands = [mp.mpf(x) for x in point]
        found = []
        for i, (result, truth) in enumerate(zip(results, self.exact(operands), strict=True)):
            kind = min(i, 1) if callable(self.derivatives) else i
            term = self.largest_term[kind](*operands) if kind in self.largest_term else 0
            error = error_in_ulp(result, mp.mpf(truth), term)
            if error > self.limit.get(kind, 4.0) and kind in self.underflow:
                error -= float(self.underflow[kind](*operands) * SMALLEST / _ulp(truth, term))
            found.append(error / self.limit.get(kind, 4.0))
        return found


def error_in_ulp(result: float, truth: Any, term: Any = 0) -> float:
    """The distance from the truth in units of the last place of a float of its size, or a term's.

    Subnormal numbers have the smallest one's; of what is beyond the largest float infinity is 0
    away.
    """
    if mp.isnan(truth) or math.isnan(result):
        return 0.0 if mp.isnan(truth) and math.isnan(result) else math.inf
    if abs(truth) > LARGEST * (1 - mp.mpf(2) ** -50):
        right = (math.copysign(math.inf, truth), math.copysign(sys.float_info.max, truth))
        return 0.0 if result in right else math.inf
    return float(abs(result - truth) / _ulp(truth, term))


def _ulp(truth: Any, term: Any) -> Any:
    size = min(max(abs(truth), abs(term)), LARGEST)
    return mp.mpf(2) ** max(mp.mag(size) - 53, -1074) if size else SMALLEST


def points(reference: Reference, count: int, seed: str) -> Iterator[Point]:
    """As many points; every magnitude, ordinary numbers, and close to the delicate ones."""
    rng = random.Random(seed)
    for _ in range(count):
        if callable(reference.on):
            yield reference.on(rng)
        else:
            drawn = [_draw(rng, operand) for operand in reference.on]
            if len(drawn) > 1 and rng.random() < 0.3:  # two that are almost equal, or opposite
                other = rng.choice([1.0, 1.0, -1.0]) * drawn[-2] * (1.0 + _either_sign(rng, -53, 3))
                drawn[-1] = other if other in reference.on[-1] else drawn[-1]
            yield tuple(drawn)


def ordinary_points(reference: Reference, count: int, seed: str) -> Iterator[Point]:
    """As many points of ordinary size, none at an edge, where differences find derivatives."""
    rng = random.Random(seed)
    for _ in range(count):
        if reference.ordinary is not None:
            yield reference.ordinary(rng)
        else:
            assert not callable(reference.on)
            yield tuple(
                rng.uniform(max(s.low + 0.1, -3.0), min(s.high - 0.1, 3.0)) for s in reference.on
            )


def _draw(rng: random.Random, allowed: Span) -> float:
    largest = math.log2(min(max(abs(allowed.low), abs(allowed.high)), sys.float_info.max))
    marked = [p for p in (allowed.low, *allowed.near, allowed.high) if abs(p) < math.inf]
    while True:
        kind = rng.random()
        if kind < 0.3:
            x = rng.uniform(max(allowed.low, -8.0), min(allowed.high, 8.0))
        elif kind < 0.6 and marked:
            center = rng.choice(marked)
            x = center + max(1.0, abs(center)) * _either_sign(rng, -60, -1)
        else:
            low, high = rng.choice([(-1074, 1024), (-1074, -960), (960, 1024), (-60, 60), (-4, 4)])
            x = _either_sign(rng, min(low, largest), min(high, largest))
        if x in allowed and abs(x) < math.inf:
            return x


def _either_sign(rng: random.Random, low: float, high: float) -> float:
    """A number of either sign whose magnitude is between two powers of 2, each as likely."""
    return rng.choice([-1.0, 1.0]) * math.exp2(min(rng.uniform(low, high), 1023.9999))
