"""Programs: a graph recorded once, which runs for a batch of samples at the speed of C."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from autograd_mini.value import Value, set_data, set_grad

from .assembly import assembled
from .instructions import Assembly, Job
from .jobs import JOBS, Way
from .listing import listing
from .machine import Machine
from .recording import Recording, paused_collection

__all__ = ["Program"]

Array = npt.NDArray[Any]

# Used in one call into C, which neither a signal nor another thread can interrupt.
_data = attrgetter("_data")


class Program:
    """A recorded graph; made by `compile`.

    Every call reads the parameters' data. Attributes:
        inputs: how many numbers a sample has.
        outputs: how many numbers come out for it.
        parameters: the Values that are read.
        dtype: "float64" or "float32".
        reduction: "mean" or "sum", over the samples of a batch.
    """

    def __init__(
        self,
        recording: Recording,
        parameters: Sequence[Value],
        *,
        dtype: str = "float64",
        reduction: Literal["mean", "sum"] = "mean",
    ) -> None:
        self.inputs = len(recording.inputs)
        self.outputs = len(recording.outputs)
        self.parameters = tuple(parameters)
        self.dtype = dtype
        self._type = np.dtype(dtype)  # a name would be looked up at every call
        self.reduction = reduction
        self._recording = recording
        self._others = [value for value, _ in recording.uniforms[len(parameters) :]]
        self._lock = threading.Lock()
        self._seen: Array | None = None  # the last batch that needed no conversion
        self._seen_shape: tuple[int, ...] = ()
        self._assemblies: dict[tuple[str, bool], tuple[Assembly, Job]] = {}
        self._idle: tuple[dict[str, list[Machine]], ...] = defaultdict(list), defaultdict(list)

    def __call__(self, batch: Any) -> Array:
        """The outputs of every sample.

        Args:
            batch: samples × inputs.

        Returns:
            Samples × outputs.

        Raises:
            ValueError: if the batch is of another shape.
        """
        out, *_ = self._run("values", self._samples(batch))
        return out

    def value_and_gradient(self, batch: Any, *, parameters: Any = None) -> tuple[Any, Array]:
        """The mean (or sum) over the batch of the one output, and its derivative by parameter.

        The derivatives are also left in the parameters' `.grad`, in place of what was there.
        Without parameters, the value of every sample, and its derivatives by the inputs.

        Args:
            batch: samples × inputs.
            parameters: numbers to use in place of the parameters' own; then no `.grad` is set.

        Returns:
            A float and an array of one number per parameter; without parameters, an array of one
            number per sample and one of samples × inputs.

        Raises:
            ValueError: if there are several outputs, or an array is of another shape.

        >>> from autograd_mini.program import compile
        >>> w, x = Value(3.0), Value(0.0)
        >>> program = compile(w * x * x, inputs=[x], parameters=[w])
        >>> program.value_and_gradient([[1.0], [2.0]])
        (7.5, array([2.5]))
        """
        samples = self._samples(batch, least=1)
        if not self.parameters:
            out, *_ = self._run("rows", samples)
            return out[:, 0], out[:, 1:]
        _, gradient, history = self._run("gradient", samples, parameters)
        if parameters is None:
            set_grad(self.parameters, gradient.tolist())
        return history.item(), gradient

    def jacobian(self, batch: Any) -> Array:
        """The derivative of every output by every input, for each sample.

        Args:
            batch: samples × inputs.

        Returns:
            Samples × outputs × inputs.

        >>> from autograd_mini.program import compile
        >>> compile(lambda x, y: [x * y, x + y], 2).jacobian([[2.0, 3.0]])
        array([[[3., 2.],
                [1., 1.]]])
        """
        samples = self._samples(batch)
        out, *_ = self._run("jacobian", samples)
        by_output: Array = out.reshape(len(samples), self.outputs, self.inputs)
        return by_output

    def hvp(self, batch: Any, v: Any) -> Array:
        """The matrix of second derivatives times a direction.

        Args:
            batch: samples × inputs.
            v: a number per parameter; without parameters, a number per input, or such a row for
                every sample.

        Returns:
            A number per parameter, of the mean (or sum) over the batch; without parameters,
            samples × inputs.

        >>> from autograd_mini.program import compile
        >>> compile(lambda x, y: x * x * y, 2).hvp([[2.0, 3.0]], [1.0, 0.0])
        array([[6., 4.]])
        """
        samples = self._samples(batch, least=1)
        if self.parameters:
            _, results, *_ = self._run("hvp", samples, direction=self._given(v, "v"))
            return results
        try:
            directions = np.broadcast_to(np.asarray(v, self._type), samples.shape)
        except ValueError:
            raise ValueError(
                f"v of shape {np.shape(v)}, where a number per input is needed, {self.inputs} of "
                "them, or such a row for every sample"
            ) from None
        out, *_ = self._run("hvp", np.hstack([samples, directions]))
        return out

    def hessian(self, batch: Any) -> Array:
        """The matrix of second derivatives.

        Args:
            batch: samples × inputs.

        Returns:
            Parameters × parameters, of the mean (or sum) over the batch; without parameters,
            samples × inputs × inputs.

        >>> from autograd_mini.program import compile
        >>> compile(lambda x, y: x * x * y, 2).hessian([[2.0, 3.0]])
        array([[[6., 4.],
                [4., 0.]]])
        """
        samples = self._samples(batch)
        if self.parameters:
            return np.stack([self.hvp(samples, v) for v in np.eye(len(self.parameters))])
        count = self.inputs
        found = self.hvp(
            np.repeat(samples, count, axis=0), np.tile(np.eye(count), (len(samples), 1))
        )
        return found.reshape(len(samples), count, count)

    def descend(
        self,
        batch: Any,
        learning_rate: float,
        steps: int = 1,
        *,
        parameters: Array | None = None,
        bounds: Sequence[tuple[int, int]] | None = None,
    ) -> Array:
        """Steps of gradient descent, without coming back to Python between them.

        The parameters' data are read at the beginning, and set at the end.

        Args:
            batch: samples × inputs.
            learning_rate: a step changes a parameter by −learning_rate times its derivative.
            steps: how many, each over the whole batch.
            parameters: numbers to use in place of the parameters' own, an array that is changed.
            bounds: in place of steps, the first sample of each step and its last, which is
                excluded.

        Returns:
            The value before each step.

        >>> from autograd_mini.program import compile
        >>> w, x = Value(1.0), Value(0.0)
        >>> program = compile((w - x) ** 2, inputs=[x], parameters=[w])
        >>> program.descend([[3.0]], 0.25, steps=2), w.data
        (array([4., 1.]), 2.5)
        """
        if not self.parameters:
            raise ValueError("there are no parameters to change: compile with parameters=[...]")
        if parameters is not None and not isinstance(parameters, np.ndarray):
            raise TypeError(
                f"parameters that are changed must be an array, not {parameters!r:.60}: "
                "write numpy.array([...])"
            )
        samples = self._samples(batch, least=1)
        if steps < 1 or (bounds is not None and not len(bounds)):
            raise ValueError(f"descend() of {steps} steps, {bounds=}: give one at least")
        parts: Sequence[tuple[int, int]] = ()
        if bounds is not None:
            parts = [(first, last) for first, last in bounds]
            if any(not 0 <= first < last <= len(samples) for first, last in parts):
                raise ValueError(
                    f"bounds outside the {len(samples)} samples, or of no sample: {parts}"
                )
        elif steps > 1:
            parts = [(0, len(samples))] * steps
        _, results, history = self._run(
            "descend", samples, parameters, None, learning_rate, parts, parameters
        )
        if parameters is None:
            set_data(self.parameters, results.tolist())
        return history

    def explain(self) -> str:
        """The instructions, section by section, for a reader; those of the gradient if it has one.

        An instruction does one operation for a number of results, the first of which is shown.

        >>> from autograd_mini.program import compile
        >>> print(compile(lambda x, y: (x * y).sin(), 2).explain())
        2 inputs, 0 parameters, 1 outputs, float64
        for every 256 samples, in 3 rows:
            read the inputs
            mul 1                                   #4 = x0 · x1
            sin 1                                   #5 = sin(#4)
            write the outputs
        """
        job = "gradient" if self.parameters and self.outputs == 1 else "values"
        counts = f"{self.inputs} inputs, {len(self.parameters)} parameters"
        first = f"{counts}, {self.outputs} outputs, {self.dtype}"
        slots, inputs = self._recording.slots, self._recording.inputs
        names = {slots[number]: f"x{i}" for i, number in enumerate(inputs)}
        for i, (value, slot) in enumerate(self._recording.uniforms):
            names[slot] = value.label or f"p{i}"
        assembly, _ = self._assembly(job, strict=False)
        return f"{first}\n{listing(self._recording.tape, assembly, names)}"

    # ------------------------------------------------------------------ running

    def _run(
        self,
        job: str,
        samples: Array,
        parameters: Any = None,
        direction: Array | None = None,
        rate: float | None = None,
        bounds: Sequence[tuple[int, int]] = (),
        into: Array | None = None,
        *,
        strict: bool = False,
    ) -> tuple[Array, Array, Array]:
        """What comes of a job: outputs, results (in an array, if one is given), history.

        A NaN may have come of a number that no operation selected: then the job is done again by
        a longer program, in which nothing flows there. Every thread has a machine to itself.
        """
        if parameters is None:
            numbers = self._numbers(self.parameters)
        else:
            numbers = self._given(parameters, "parameters")
        others = direction
        if self._others:
            others = self._numbers(self._others)
            others = others if direction is None else np.append(others, direction)
        idle = self._idle[strict][job]
        try:
            machine = idle.pop()
        except IndexError:
            machine = Machine(*self._assembly(job, strict=strict))
        try:
            out, is_nan = machine.run(samples, numbers, others, rate, bounds)
            if strict or not is_nan:
                if into is None:
                    into = machine.results.copy()
                else:
                    into[...] = machine.results
                return out, into, machine.history.copy()
        finally:
            idle.append(machine)
        return self._run(job, samples, parameters, direction, rate, bounds, into, strict=True)

    def _assembly(self, job: str, *, strict: bool) -> tuple[Assembly, Job]:
        """The instructions of a job, made on first use."""
        if self.outputs != 1 and job not in ("values", "jacobian"):
            raise ValueError(
                f"only a single output is differentiated like this, and this program has "
                f"{self.outputs}: compile the one that is meant, or use jacobian()"
            )
        key = job, strict
        with self._lock:
            if key not in self._assemblies:
                with paused_collection():
                    made = JOBS[job](self._recording, Way(self.reduction, strict))
                    assembly = assembled(self._recording.tape, made, self.dtype)
                self._assemblies[key] = assembly, made
            return self._assemblies[key]

    def _numbers(self, values: Sequence[Value]) -> Array:
        """The data of Values."""
        return np.fromiter(map(_data, values), self._type, len(values))

    def _samples(self, batch: Any, least: int = 0) -> Array:
        """A batch as an array of the program's numbers, if it is of the right shape."""
        seen = self._seen
        if seen is not None and batch is seen and seen.shape == self._seen_shape:
            return seen
        try:
            samples = np.asarray(batch, self._type, order="C")
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"a batch must be an array of numbers, samples × {self.inputs}: {error}"
            ) from None
        if samples.shape[1:] != (self.inputs,):
            raise ValueError(
                f"a batch of shape {samples.shape}, where samples × {self.inputs} is needed: "
                "give a row of inputs for every sample"
            )
        if len(samples) < least:
            raise ValueError("a batch of no samples has no mean: give one sample at least")
        if samples is batch and len(samples):
            self._seen_shape = samples.shape
            self._seen = samples
        return samples

    def _given(self, numbers: Any, name: str) -> Array:
        found: Array = numbers if isinstance(numbers, np.ndarray) else np.array(numbers, self._type)
        if found.shape != (len(self.parameters),):
            raise ValueError(
                f"{name} of shape {found.shape}, where a number for each of the "
                f"{len(self.parameters)} parameters is needed"
            )
        return found
