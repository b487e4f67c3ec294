"""Running an assembly: its memory, its instructions as numbers, and the calls into native code."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import native
from .frame import WIDTH, State
from .instructions import Assembly, PythonStep, Table

__all__ = ["Machine"]

Numbers = npt.NDArray[Any]

# Looking a member up costs more than the place it names.
_BATCH, _OUT, _IS_NAN = int(State.BATCH), int(State.OUT), int(State.IS_NAN)

_KERNEL = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


class Run(NamedTuple):
    """What came of a run.

    Attributes:
        out: samples × outputs, if there are outputs; derivatives have 0.0 in place of −0.0.
        results: after the last step; derivatives have 0.0 in place of −0.0.
        history: a number for each step.
        is_nan: whether a derivative among them, a result or a number of the history is NaN.
    """

    out: Numbers | None
    results: Numbers
    history: list[float]
    is_nan: bool


class Machine:
    """A job that is ready to run; calls from several threads take turns.

    Args:
        assembly: the instructions and the memory.
        parameters: how many leaves a call sets.
        others: how many more.
        outputs: how many outputs a sample has.
    """

    def __init__(self, assembly: Assembly, parameters: int, others: int, outputs: int) -> None:
        self.assembly = assembly
        self.dtype = assembly.numbers.dtype
        self.outputs = outputs
        self._lock = threading.Lock()
        numbers = _aligned(assembly.numbers)
        first = -(-parameters // WIDTH) * WIDTH
        self._numbers = numbers
        self._parameters = numbers[:parameters]
        self._others = numbers[first : first + others]
        self._results = numbers[assembly.results]
        pool = assembly.pool.ctypes.data
        self._pools = pool, pool + 8 * assembly.rows_begin
        self._kept: list[Any] = [numbers, assembly.pool]  # what native code points to
        self._addresses: dict[str, int] = {}
        self._failures: list[BaseException] = []
        self._batch: Numbers | None = None
        self._once = np.zeros((1, 2), np.int64)
        self._history = np.zeros(1, self.dtype)
        state = np.zeros(State.COUNT, np.int64)
        self._state = state.data  # to which writing is quicker
        self._run = partial(native.run(self.dtype.name), state.ctypes.data, 0)
        state[State.BASE] = numbers.ctypes.data
        state[State.BATCH_WIDTH], state[State.OUT_WIDTH] = assembly.inputs, outputs
        places = State.BEFORE, State.DURING, State.AFTER
        for place, section in zip(places, assembly.sections, strict=True):
            code = np.array(
                [word for line in section for word in self._words(line.what, line.arguments)],
                np.int64,
            )
            self._kept.append(code)
            state[place], state[place + 1] = code.ctypes.data, len(code)

    def run(
        self,
        batch: Numbers,
        parameters: Numbers,
        others: Numbers | float | None = None,
        bounds: Sequence[tuple[int, int]] = (),
    ) -> Run:
        """Work through some samples.

        Args:
            batch: samples × inputs.
            parameters: the numbers of the leaves that a call sets.
            others: those of more of them.
            bounds: for each step its first and its last sample, the last excluded; a single step
                with all of them if there are none.
        """
        with self._lock:
            state = self._state
            if bounds:
                self._set_steps(bounds)
                self._batch = None
            elif self._batch is not batch:
                self._once[0, 1] = len(batch)
                self._set_steps(self._once)
            if self._batch is not batch:
                state[_BATCH] = batch.ctypes.data
                self._batch = None if bounds else batch  # so that it lives
            self._parameters[:] = parameters
            if others is not None:
                self._others[:] = others
            out = None
            if self.outputs:
                out = np.empty((len(batch), self.outputs), self.dtype)
                state[_OUT] = out.ctypes.data
            self._run()
            if self._failures:
                failure, *_ = self._failures
                self._failures.clear()
                raise failure
            return Run(out, self._results.copy(), self._history.tolist(), state[_IS_NAN] != 0)

    def _set_steps(self, bounds: Sequence[tuple[int, int]] | Numbers) -> None:
        limits = np.ascontiguousarray(bounds, np.int64)
        self._limits = limits
        self._history = np.zeros(len(limits), self.dtype)
        state = self._state
        state[State.BOUNDS], state[State.STEPS] = limits.ctypes.data, len(limits)
        state[State.HISTORY] = self._history.ctypes.data
        most = int((limits[:, 1] - limits[:, 0]).max(initial=0))
        state[State.BLOCK] = _block(most, self.assembly.block)

    def _words(self, what: str | PythonStep, arguments: Sequence[int | Table]) -> list[int]:
        """An instruction as numbers: their count, the address of the kernel, the arguments."""
        if isinstance(what, PythonStep):
            kernel = _KERNEL(self._callback(what))
            self._kept.append(kernel)
            address = ctypes.cast(kernel, ctypes.c_void_p).value or 0
        else:
            known = self._addresses.get(what)
            address = known or native.address_of(what, self.dtype.name)
            self._addresses[what] = address
        pool, rows = self._pools
        words = [
            a if not isinstance(a, Table) else (rows if a.of_rows else pool) + 8 * a.place
            for a in arguments
        ]
        return [2 + len(words), address, *words]

    def _callback(self, step: PythonStep) -> Callable[..., None]:
        def call(*_: Any) -> None:
            if self._failures:
                return
            try:
                step.on(self._numbers, self._state[State.LANES])
            except BaseException as failure:  # noqa: BLE001  # raised again outside of native code
                self._failures.append(failure)

        return call


def _block(samples: int, most: int) -> int:
    """Samples to a block, so that blocks are of about one size."""
    blocks = max(1, -(-samples // most))
    return -(-samples // (blocks * WIDTH)) * WIDTH or WIDTH


def _aligned(numbers: Numbers) -> Numbers:
    """A copy that begins where a line of the cache does."""
    room = np.zeros(len(numbers) + 64 // numbers.itemsize, numbers.dtype)
    shift = -room.ctypes.data % 64 // numbers.itemsize
    aligned = room[shift : shift + len(numbers)]
    aligned[:] = numbers
    return aligned
