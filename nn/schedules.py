"""Learning rates that change while a model learns.

A schedule is a function from the epoch, counted from 0, to the learning rate in it; any such
function will do. Those made here stay at their last rate once they have reached it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from .arguments import as_count, as_rate

__all__ = ["Schedule", "cosine", "exponential", "linear", "steps", "warmup"]

Schedule = Callable[[int], float]


def linear(start: float, end: float, epochs: int) -> Schedule:
    """From one rate to another in a straight line, which it has gone after `epochs`.

    >>> rate = linear(1.0, 0.1, epochs=100)
    >>> rate(0), rate(50), rate(200)
    (1.0, 0.55, 0.1)
    """
    start, end = as_rate(start, "start"), as_rate(end, "end")
    epochs = as_count(epochs, "epochs")
    return lambda epoch: start + (end - start) * epoch / epochs if epoch < epochs else end


def cosine(start: float, end: float, epochs: int) -> Schedule:
    """From one rate to another along half a wave, slowly at both ends.

    Loshchilov and Hutter, SGDR (2017), equation 5.

    >>> rate = cosine(1.0, 0.0, epochs=4)
    >>> [round(rate(epoch), 3) for epoch in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    start, end = as_rate(start, "start"), as_rate(end, "end")
    epochs = as_count(epochs, "epochs")

    def rate(epoch: int) -> float:
        if epoch >= epochs:
            return end
        return end + (start - end) * 0.5 * (1.0 + math.cos(math.pi * epoch / epochs))

    return rate


def exponential(start: float, factor: float) -> Schedule:
    """Times a factor after every epoch.

    >>> exponential(1.0, 0.5)(3)
    0.125
    """
    start, factor = as_rate(start, "start"), as_rate(factor, "factor")
    return lambda epoch: start * factor**epoch


def steps(start: float, factor: float, every: int) -> Schedule:
    """Times a factor after every so many epochs.

    >>> rate = steps(1.0, 0.5, every=10)
    >>> rate(9), rate(10), rate(20)
    (1.0, 0.5, 0.25)
    """
    start, factor = as_rate(start, "start"), as_rate(factor, "factor")
    every = as_count(every, "every")
    return lambda epoch: start * factor ** (epoch // every)


def warmup(schedule: Schedule, epochs: int) -> Schedule:
    """A schedule whose first epochs rise in a straight line to where it starts.

    >>> rate = warmup(exponential(1.0, 0.5), epochs=4)
    >>> [rate(epoch) for epoch in range(6)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 0.5]
    """
    epochs = as_count(epochs, "epochs")

    def rate(epoch: int) -> float:
        if epoch < epochs:
            return schedule(0) * (epoch + 1) / epochs
        return schedule(epoch - epochs)

    return rate
