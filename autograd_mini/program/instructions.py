"""The parts of a program that is ready to run: instructions, tables of places, memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .derivatives import Pair
from .internals import Operation, apply_to_floats

__all__ = ["Assembly", "Job", "Line", "Offsets", "PythonStep", "Table"]

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Job:
    """What a program is to do with a batch.

    Attributes:
        parameters: leaves that each call sets, in order.
        others: more of these.
        inputs: leaves that each sample sets, in order.
        outputs: slots to be written out for every sample.
        derivatives: whether these are derivatives (see `kernels.write_outputs`).
        reductions: reduced leaves, each with the products to be summed over the samples.
        results: slots to be read after the samples.
        updates: for a step of descent, the slot that replaces each parameter.
        history: the slot whose number is kept for every step.
        count: the leaf for the number of samples.
    """

    parameters: Sequence[int]
    others: Sequence[int]
    inputs: Sequence[int]
    outputs: Sequence[int] = ()
    derivatives: bool = True
    reductions: Sequence[tuple[int, Sequence[Pair]]] = ()
    results: Sequence[int] = ()
    updates: Sequence[int] = ()
    history: int | None = None
    count: int | None = None


class Table(NamedTuple):
    """Some numbers for a kernel to read: where they begin among all tables of their kind.

    Attributes:
        place: the number of the first.
        of_rows: whether they are the rows of slots, else numbers as they are.
    """

    place: int
    of_rows: bool


@dataclass
class PythonStep:
    """An operation without a kernel: its Python function, number by number.

    Attributes:
        operation: what is computed.
        is_varying: whether for every sample of the block.
        results: the slots of the results; their places, once everything has one.
        operands: the same of the operands of each.
    """

    operation: Operation
    is_varying: bool
    results: Offsets
    operands: Offsets

    def on(self, numbers: npt.NDArray[Any], lanes: int) -> None:
        """Compute the results of a block of so many samples."""
        for result, operands in zip(self.results.tolist(), self.operands.tolist(), strict=True):
            for lane in range(lanes if self.is_varying else 1):
                given = [float(numbers[place + lane]) for place in operands]
                numbers[result + lane] = apply_to_floats(self.operation, given)


class Line(NamedTuple):
    """One instruction.

    Attributes:
        what: a kernel's name, or a Python step.
        arguments: for the kernel.
        said: words for a listing.
        slot: the first of the slots that are computed, if an operation of the tape is.
    """

    what: str | PythonStep
    arguments: tuple[int | Table, ...]
    said: str
    slot: int | None = None


@dataclass(frozen=True)
class Assembly:
    """A job's instructions and the memory they work on.

    Attributes:
        numbers: how the memory looks before a call: first the numbers that all samples share, then
            the rows, one number per sample of a block.
        block: samples to a block, at most.
        pool: the numbers of all tables.
        rows_begin: where the tables of rows begin in it.
        sections: the instructions before the samples, for a block, and after them.
        results: where the results lie; for a step of descent, the parameters.
        rows: how many rows there are.
        inputs: numbers of a sample.
    """

    numbers: npt.NDArray[Any]
    block: int
    pool: Offsets
    rows_begin: int
    sections: tuple[list[Line], list[Line], list[Line]]
    results: slice
    rows: int
    inputs: int
