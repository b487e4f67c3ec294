"""Running an assembly: its memory, its instructions as numbers, and the calls into native code."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from . import native
from .instructions import Assembly, Job, PythonStep, Table
from .state import WIDTH, State

__all__ = ["Machine"]

Numbers = npt.NDArray[Any]

# Looking a member up costs more than the place it names.
_BATCH, _OUT, _IS_NAN = int(State.BATCH), int(State.OUT), int(State.IS_NAN)

_KERNEL = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


class Machine:
    """A job that is ready to run, for one thread at a time.

    Attributes:
        results: after the last step; derivatives have 0.0 in place of −0.0.
        history: a number for each step.

    Args:
        assembly: the instructions and the memory.
        job: what they do.
    """

    def __init__(self, assembly: Assembly, job: Job) -> None:
        self._block = assembly.block
        self.dtype = assembly.numbers.dtype
        self._outputs = len(job.outputs)
        numbers = _aligned(assembly.numbers)
        first = -(-len(job.parameters) // WIDTH) * WIDTH
        self._numbers = numbers
        self._parameters = numbers[: len(job.parameters)]
        self._others = numbers[first : first + len(job.others)]
        self._rate: Any = self._others[-1:].data  # to which writing a number is quicker
        self.results = numbers[assembly.results]
        pool = assembly.pool.ctypes.data
        self._pools = pool, pool + 8 * assembly.rows_begin
        self._kept: list[Any] = [numbers, assembly.pool]  # what native code points to
        self._addresses: dict[str, int] = {}
        self._failures: list[BaseException] = []
        self._batch: Numbers | None = None
        self._steps: Sequence[tuple[int, int]] | int = -1
        self._state = state = (ctypes.c_int64 * State.COUNT)()
        self._run = partial(native.run(self.dtype.name), ctypes.byref(state))
        state[State.BASE] = numbers.ctypes.data
        state[State.BATCH_WIDTH], state[State.OUT_WIDTH] = assembly.inputs, self._outputs
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
        others: Numbers | None = None,
        rate: float | None = None,
        bounds: Sequence[tuple[int, int]] = (),
    ) -> tuple[Any, bool]:
        """Work through some samples.

        Args:
            batch: samples × inputs.
            parameters: the numbers of the leaves that a call sets.
            others: those of more of them.
            rate: that of the last, if it is a learning rate.
            bounds: for each step its first and its last sample, the last excluded; a single step
                with all of them if there are none.

        Returns:
            Samples × outputs, if there are outputs (derivatives have 0.0 in place of −0.0); whether
            a derivative among them, a result or a number of the history is NaN.
        """
        state = self._state
        if batch is not self._batch:
            state[_BATCH] = batch.ctypes.data
            self._batch = batch  # so that it lives
        steps = bounds or len(batch)
        if steps != self._steps:
            self._set_steps(bounds or [(0, len(batch))])
            self._steps = steps
        self._parameters[...] = parameters
        if others is not None:
            self._others[: len(others)] = others
        if rate is not None:
            self._rate[0] = rate
        out = None
        if self._outputs:
            out = np.empty((len(batch), self._outputs), self.dtype)
            state[_OUT] = _address(out)
        self._run()
        if self._failures:
            raise self._failures.pop()
        return out, state[_IS_NAN] != 0

    def _set_steps(self, bounds: Sequence[tuple[int, int]]) -> None:
        limits = np.array(bounds, np.int64)
        self._limits = limits
        self.history = np.zeros(len(limits), self.dtype)
        state = self._state
        state[State.BOUNDS], state[State.STEPS] = _address(limits), len(limits)
        state[State.HISTORY] = _address(self.history)
        most = int((limits[:, 1] - limits[:, 0]).max())
        state[State.BLOCK] = _block(most, self._block)

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


def _address(numbers: Any) -> int:
    """Where an array begins; an attribute of numpy's says it too, in a µs."""
    return ctypes.addressof(ctypes.c_char.from_buffer(numbers)) if numbers.size else 0


def _aligned(numbers: Numbers) -> Numbers:
    """A copy that begins where a line of the cache does."""
    room = np.zeros(len(numbers) + 64 // numbers.itemsize, numbers.dtype)
    shift = -room.ctypes.data % 64 // numbers.itemsize
    aligned = room[shift : shift + len(numbers)]
    aligned[:] = numbers
    return aligned
