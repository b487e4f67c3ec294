"""The state of a call: the places of an array of integers by which Python and kernels share things.

Nothing is imported for it, so that a program whose kernels are kept on disk needs no compiler.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["WIDTH", "State"]

WIDTH = 8
"""Samples to a vector, on every processor, so that sums have one order everywhere."""


class State(IntEnum):
    """The places in the state of a call."""

    BASE = 0  # the address of the numbers
    BATCH = 1  # that of the samples, one after the other
    BATCH_WIDTH = 2
    OUT = 3  # that of the outputs, likewise
    OUT_WIDTH = 4
    HISTORY = 5  # that of a number per step
    BOUNDS = 6  # that of the first and the last sample of each step, the last excluded
    STEPS = 7
    BLOCK = 8  # samples that are worked on together, at most
    BEFORE = 9  # the instructions before the samples: address and length
    DURING = 11  # for a block of samples
    AFTER = 13
    # set by `run` itself
    STEP = 15
    FIRST = 16  # the first sample of the step
    LAST = 17
    START = 18  # the first sample of the block
    VALID = 19  # samples in the block
    LANES = 20  # the same rounded up to whole vectors
    IS_NAN = 21  # whether a number that is watched is NaN
    COUNT = 22  # how many places there are
