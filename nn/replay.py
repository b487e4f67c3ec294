"""Training by replay: the graph of one sample, recorded once and run for whole batches.

It needs numpy and llvmlite. What is learned is the same as with the eager engine, to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

from autograd_mini import Value
from autograd_mini.program import compile

from .data import Dataset
from .losses import FOR_ANY_TARGET, Loss, softmax_cross_entropy
from .module import Module, listed, replace_data
from .optimizers import SGD, Optimizer

__all__ = ["Replay"]

Target = int | float | tuple[float, ...]

COMPARED = 3  # samples on which the program is compared with the eager engine
LONGEST = 0.1  # seconds in native code, where Ctrl-C has to wait


class Replay:
    """The loss of a model as a program; called with a batch, it leaves `.grad` on the parameters.

    Args:
        model: what learns.
        loss_of: the loss of one sample.
        penalty: what is added to the loss, or None.
        optimizer: whose parameters to differentiate by.
        sample: a data set whose first sample shows how wide inputs and targets are.

    Raises:
        ImportError: if numpy or llvmlite is not installed.
        TypeError: if the model or the loss looks at numbers that differ from sample to sample.
    """

    def __init__(
        self,
        model: Module,
        loss_of: Loss,
        penalty: Callable[[Module], Value] | None,
        optimizer: Optimizer,
        sample: Dataset,
    ) -> None:
        self._loss_of, self._optimizer = loss_of, optimizer
        width = len(sample.inputs[0])
        outputs = listed(model(list(sample.inputs[0])))
        self._outputs = len(outputs)
        self._classes = loss_of is softmax_cross_entropy
        replayed = FOR_ANY_TARGET.get(loss_of, loss_of)
        target = self._row(sample.targets[0])
        is_vector = self._classes or isinstance(sample.targets[0], tuple)

        def loss(*numbers: Value) -> Any:
            predictions = listed(model(list(numbers[:width])))
            targets = list(numbers[width:])
            found = replayed(predictions, targets if is_vector else targets[0])
            return found if penalty is None else found + penalty(model)

        self._program = compile(loss, width + len(target), optimizer.parameters)
        self._last: tuple[Dataset, Any] | None = None
        for x, t in list(sample)[:COMPARED]:
            found = loss_of(listed(model(list(x))), t)
            total = found if penalty is None else found + penalty(model)
            self._compare(x, t, total.data if isinstance(total, Value) else float(total))

    def __call__(self, batch: Dataset) -> float:
        """The mean loss of a batch."""
        value, _ = self._program.value_and_gradient(self._array(batch))
        return float(value)

    def descend(self, batch: Dataset, epochs: int) -> Iterator[tuple[float, float]]:
        """Epochs of one step each by the optimizer, without coming back to Python in between.

        Yields for each epoch the loss before its step, and its seconds. It ends early, with nothing
        changed since the last epoch, before a number becomes infinite or NaN; and at once if the
        optimizer does more than plain gradient descent.
        """
        optimizer = self._optimizer
        if not isinstance(optimizer, SGD) or "step" in vars(optimizer):
            return
        if optimizer.momentum or optimizer.weight_decay:
            return
        steps = 1
        while epochs:
            steps = min(steps, epochs)
            start = perf_counter()
            losses = self._steps(batch, steps)
            if losses is None:
                return
            seconds = perf_counter() - start
            yield from [(loss, seconds / steps) for loss in losses]
            epochs -= steps
            if seconds < LONGEST / 2:
                steps *= 2

    def _compare(self, inputs: Sequence[float], target: Target, expected: float) -> None:
        """Recording does not hear of chance, nor of a question what kind of thing a target is."""
        ((found,),) = self._program([(*inputs, *self._row(target))]).tolist()
        if not (math.isclose(found, expected, rel_tol=1e-6, abs_tol=1e-9) or found != found):
            raise TypeError(
                f"the loss at {inputs!r:.60} and the target {target!r:.60} is {expected}, but "
                f"{found} when its graph is replayed, which must not depend on chance or on "
                "the target's type: write engine='eager'"
            )

    def _steps(self, batch: Dataset, steps: int) -> list[float] | None:
        optimizer = self._optimizer
        before = [p.data for p in optimizer.parameters]
        found = self._program.descend(self._array(batch), optimizer.learning_rate, steps)
        losses: list[float] = found.tolist()
        after = [p.data for p in optimizer.parameters]
        if all(map(math.isfinite, (*losses, *after))):
            return losses
        replace_data(optimizer.parameters, before)
        return None

    def _array(self, batch: Dataset) -> Any:
        """Inputs and targets of every sample, side by side."""
        if self._last is None or self._last[0] is not batch:
            if self._loss_of in FOR_ANY_TARGET:
                for target in set(batch.targets):
                    self._loss_of([0.0] * self._outputs, target)  # refuses what it cannot take
            from numpy import array  # noqa: PLC0415  # the program needs it anyway

            rows = [(*x, *self._row(t)) for x, t in zip(batch.inputs, batch.targets, strict=True)]
            self._last = batch, array(rows)
        return self._last[1]

    def _row(self, target: Target) -> tuple[float, ...]:
        if isinstance(target, tuple):
            return target
        if self._classes:
            return tuple([float(k == target) for k in range(self._outputs)])
        return (float(target),)
