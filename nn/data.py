"""Samples to learn from: data sets made from a seed, and batches of any data set.

What the numbers mean is the loss's business: a target is a number, a class counted from 0, or a
vector.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from random import Random
from typing import Any

from .arguments import as_count, as_fraction, as_random, as_rate, as_vector, is_integer

__all__ = ["Dataset", "blobs", "circles", "curve", "moons", "spiral", "xor"]

Rng = Random | int | None
Target = int | float | tuple[float, ...]


@dataclass(frozen=True)
class Dataset:
    """Inputs and targets, one of each per sample.

    Args:
        inputs: a sequence of numbers per sample, all of one length.
        targets: as many numbers, or sequences of numbers; an int stays one, so that it can be the
            number of a class.

    Raises:
        TypeError: if something is no number.
        ValueError: if there is no sample, or more inputs than targets or the reverse, if inputs
            are of different lengths, or if a number is infinite or NaN.

    >>> data = Dataset([[0.0, 1.0], [2.0, 3.0]], [0, 1])
    >>> data.inputs, data.targets, len(data)
    (((0.0, 1.0), (2.0, 3.0)), (0, 1), 2)
    """

    inputs: Sequence[Sequence[float]]
    targets: Sequence[Target]

    def __post_init__(self) -> None:
        inputs = as_vector(self.inputs, "inputs")
        targets = as_vector(self.targets, "targets")
        if len(inputs) != len(targets) or not inputs:
            raise ValueError(
                f"a data set needs a target for each of its inputs, and one sample at least: there "
                f"are {len(inputs)} inputs and {len(targets)} targets"
            )
        rows = tuple([_row(x, f"inputs[{i}]") for i, x in enumerate(inputs)])
        for i, row in enumerate(rows):
            if len(row) != len(rows[0]):
                raise ValueError(
                    f"inputs[{i}] is of width {len(row)}, but inputs[0] of width {len(rows[0])}"
                )
        object.__setattr__(self, "inputs", rows)
        object.__setattr__(
            self, "targets", tuple([_target(t, f"targets[{i}]") for i, t in enumerate(targets)])
        )

    def __len__(self) -> int:
        return len(self.inputs)

    def __iter__(self) -> Iterator[tuple[Sequence[float], Target]]:
        return zip(self.inputs, self.targets, strict=True)

    def batches(self, size: int, *, rng: Rng = None) -> Iterator[Dataset]:
        """The samples in random order, so many at a time; the last batch may be smaller.

        Args:
            size: how many samples a batch has.
            rng: where the order is drawn from: a random.Random, an int seed, or None for an order
                that differs from run to run.

        >>> [len(batch) for batch in xor().batches(3, rng=0)]
        [3, 1]
        """
        size, order = as_count(size, "size"), self._shuffled(rng)
        return (self._picked(order[i : i + size]) for i in range(0, len(order), size))

    def split(self, share: float, *, rng: Rng = None) -> tuple[Dataset, Dataset]:
        """Two data sets with the samples of this one in random order.

        Args:
            share: which part of the samples the second one gets, rounded to one sample at least.
            rng: as for `batches`.

        Raises:
            ValueError: if that leaves no sample for the first.

        >>> train, test = moons(100, rng=0).split(0.25, rng=0)
        >>> len(train), len(test)
        (75, 25)
        """
        count = max(1, round(as_fraction(share, "share") * len(self)))
        if count == len(self):
            raise ValueError(f"a split of {len(self)} samples leaves none for the first part")
        order = self._shuffled(rng)
        return self._picked(order[count:]), self._picked(order[:count])

    def relabeled(self, *labels: Any) -> Dataset:
        """The same with the k-th of some labels in place of class k.

        >>> xor().relabeled(-1, 1).targets
        (-1, 1, 1, -1)
        """
        for target in self.targets:
            if not (is_integer(target) and 0 <= operator.index(target) < len(labels)):
                raise ValueError(
                    f"relabeled() got {len(labels)} labels, so targets must be classes from 0 to "
                    f"{len(labels) - 1}, not {target!r}"
                )
        return Dataset(self.inputs, [labels[operator.index(t)] for t in self.targets])  # type: ignore[arg-type]  # an int by now

    def _shuffled(self, rng: Rng) -> list[int]:
        order = list(range(len(self)))
        as_random(rng).shuffle(order)
        return order

    def _picked(self, order: Iterable[int]) -> Dataset:
        # Its numbers have been looked at already, and a batch is made in every step.
        picked = object.__new__(Dataset)
        order = list(order)
        object.__setattr__(picked, "inputs", tuple([self.inputs[i] for i in order]))
        object.__setattr__(picked, "targets", tuple([self.targets[i] for i in order]))
        return picked


def xor() -> Dataset:
    """The four samples of the exclusive or, classes 0 and 1.

    >>> xor().targets
    (0, 1, 1, 0)
    """
    return Dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


def moons(n: int, *, noise: float = 0.1, rng: Rng = None) -> Dataset:
    """Two half circles of radius 1 that reach into one another, classes 0 and 1.

    Args:
        n: the number of samples, half of them in each class.
        noise: the standard deviation of what is added to either coordinate.
        rng: where the noise is drawn from, as for `Dataset.batches`.

    >>> moons(4, noise=0.0).inputs[2]
    (0.0, 0.5)
    """

    def point(k: int, along: float) -> tuple[float, float]:
        x, y = math.cos(math.pi * along), math.sin(math.pi * along)
        return (x, y) if k == 0 else (1.0 - x, 0.5 - y)

    return _classes(n, 2, point, noise, rng)


def circles(n: int, *, noise: float = 0.1, inner: float = 0.5, rng: Rng = None) -> Dataset:
    """A circle of radius 1, class 0, around a smaller one, class 1.

    Args:
        n: the number of samples, half of them in each class.
        noise: the standard deviation of what is added to either coordinate.
        inner: the radius of the smaller circle.
        rng: where the noise is drawn from, as for `moons`.

    >>> circles(4, noise=0.0).inputs[2]
    (0.5, 0.0)
    """
    radii = 1.0, as_rate(inner, "inner")

    def point(k: int, along: float) -> tuple[float, float]:
        # Nearly the whole way round: its end is where it started.
        angle = 2.0 * math.pi * along * (1.0 - 2.0 / n)
        return radii[k] * math.cos(angle), radii[k] * math.sin(angle)

    return _classes(n, 2, point, noise, rng)


def spiral(n: int, *, classes: int = 3, noise: float = 0.05, rng: Rng = None) -> Dataset:
    """Arms that wind out from the centre to radius 1, each a class.

    Args:
        n: the number of samples, shared among the classes.
        classes: the number of arms.
        noise: the standard deviation of what is added to either coordinate.
        rng: where the noise is drawn from, as for `moons`.

    >>> sorted(set(spiral(30, rng=0).targets))
    [0, 1, 2]
    """
    classes = as_count(classes, "classes")

    def point(k: int, along: float) -> tuple[float, float]:
        angle = 2.0 * math.pi * k / classes + 4.0 * along
        return along * math.sin(angle), along * math.cos(angle)

    return _classes(n, classes, point, noise, rng)


def blobs(n: int, *, classes: int = 3, noise: float = 0.25, rng: Rng = None) -> Dataset:
    """Clouds about points on the circle of radius 1, each a class. Arguments as for `spiral`.

    >>> blobs(4, classes=2, noise=0.0).inputs[0]
    (1.0, 0.0)
    """
    classes = as_count(classes, "classes")

    def point(k: int, along: float) -> tuple[float, float]:
        angle = 2.0 * math.pi * k / classes
        return math.cos(angle), math.sin(angle)

    return _classes(n, classes, point, noise, rng)


def curve(
    function: Callable[[float], float],
    n: int,
    *,
    low: float = -1.0,
    high: float = 1.0,
    noise: float = 0.0,
    rng: Rng = None,
) -> Dataset:
    """Points (x, function(x) + noise), evenly from low to high: a regression in one dimension.

    Args:
        function: from a float to a float.
        n: the number of samples, two at least.
        low: the first x.
        high: the last x.
        noise: the standard deviation of what is added to the function.
        rng: where the noise is drawn from, as for `moons`.

    >>> curve(abs, 3).inputs, curve(abs, 3).targets
    (((-1.0,), (0.0,), (1.0,)), (1.0, 0.0, 1.0))
    """
    n, noise, random = as_count(n, "n", least=2), as_rate(noise, "noise"), as_random(rng)
    xs = [low + (high - low) * i / (n - 1) for i in range(n)]
    return Dataset([[x] for x in xs], [float(function(x)) + random.gauss(0.0, noise) for x in xs])


def _classes(
    n: int,
    classes: int,
    point: Callable[[int, float], tuple[float, float]],
    noise: float,
    rng: Rng,
) -> Dataset:
    """Classes of nearly equal size; `point` gives the place of a class's sample along 0 … 1."""
    n, noise, random = as_count(n, "n", least=2 * classes), as_rate(noise, "noise"), as_random(rng)
    inputs, targets = [], []
    for k in range(classes):
        size = n // classes + (k < n % classes)
        for i in range(size):
            x, y = point(k, i / (size - 1))
            inputs.append((x + random.gauss(0.0, noise), y + random.gauss(0.0, noise)))
            targets.append(k)
    return Dataset(inputs, targets)


def _row(given: object, what: str) -> tuple[float, ...]:
    row = []
    for x in as_vector(given, what):
        if not isinstance(x, Real):
            raise TypeError(f"{what} holds {x!r:.60}, which is no number")
        number = float(x)
        if not math.isfinite(number):
            raise ValueError(f"{what} holds {number}: leave such samples out")
        row.append(number)
    return tuple(row)


def _target(given: Any, what: str) -> Target:
    if isinstance(given, str | bytes) or hasattr(given, "__len__"):
        return _row(given, what)
    if is_integer(given):
        return operator.index(given)
    return _row([given], what)[0]
