"""Training: a model, data, a loss and an optimizer, and what comes of them.

Gradients are autograd_mini's, and steps the optimizer's; here they only take turns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from time import perf_counter
from typing import Any, cast

from autograd_mini import Value, detect_anomaly, mean, no_grad

from .arguments import (
    as_count,
    as_functions,
    as_named,
    as_random,
    as_rate,
    as_vector,
    check_kind,
)
from .clipping import clip_norm as clip
from .data import Dataset
from .history import Epoch, History
from .losses import LOSSES, Loss
from .module import Module, listed
from .optimizers import Optimizer
from .progress import progress_bar
from .replay import Replay
from .schedules import Schedule

__all__ = ["evaluate", "fit", "predict"]

Metric = Callable[[Sequence[float], Any], float]
Penalty = Callable[[Module], Value]
Outputs = list[list[float]]
Gradients = Callable[[Dataset], tuple[float, Outputs]]
"""From a batch to its loss and the model's outputs, leaving `.grad` on the parameters."""


def fit(
    model: Module,
    data: Dataset,
    *,
    loss: str | Loss,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None = None,
    schedule: Schedule | None = None,
    penalty: Penalty | None = None,
    clip_norm: float | None = None,
    metrics: Mapping[str, Metric] | None = None,
    validation: Dataset | None = None,
    callbacks: Iterable[Callable[[History], Any]] = (),
    progress: bool = True,
    engine: str = "auto",
    rng: Random | int | None = None,
) -> History:
    """Let a model learn from data; Ctrl-C ends it early and keeps what was learned.

    Args:
        model: what learns.
        data: samples to learn from.
        loss: a name in `LOSSES`, or a function from predictions and a target to one number.
        optimizer: changes the parameters that it was made with, once per batch.
        epochs: how many times to go through the data.
        batch_size: how many samples a step is of, drawn in random order; None for all of them.
        schedule: a function from the epoch, counted from 0, to the optimizer's learning rate.
        penalty: a function from the model to a number that is added to the loss of every batch,
            such as `lambda model: 1e-4 * l2(model.parameters())`.
        clip_norm: the largest norm of a step's gradients; longer ones are scaled down.
        metrics: functions of predictions, as floats, and a target, such as
            `{"accuracy": accuracy}`.
        validation: samples for which loss and metrics are worked out after every epoch.
        callbacks: functions of the history so far, called after every epoch; one that returns True
            ends the training.
        progress: show a bar when the work takes longer than a second, in a terminal, with rich.
        engine: "eager" builds the graph of each batch; "compiled" records that of one sample and
            replays it in native code; "auto" takes the compiled one where it is installed, unless
            the model or the loss looks at numbers that differ from sample to sample.
        rng: where the order of samples is drawn from: a random.Random, an int seed, or None for an
            order that differs from run to run.

    Raises:
        TypeError: if an argument is of the wrong kind.
        ValueError: if a number is out of its range, there is no loss or engine of that name, or
            the optimizer changes no parameter of the model.
        FloatingPointError: if the loss or a gradient is infinite or NaN: the sentence names the
            epoch and the first operation that went wrong. The model is left as it was before.
        RuntimeError: if engine is "compiled" and that engine is not installed.
        TypeError: if it is "compiled" and the model or the loss cannot be recorded.

    >>> from nn import MLP, SGD, xor
    >>> model = MLP(2, [4, 1], activation="tanh", rng=0)
    >>> optimizer = SGD(model.parameters(), 0.5)
    >>> history = fit(model, xor(), loss="binary_cross_entropy", optimizer=optimizer, epochs=200)
    >>> [[z > 0] for (z,) in predict(model, xor().inputs)]
    [[False], [True], [True], [False]]
    """
    loss_of = cast("Loss", as_named(loss, "loss", LOSSES))
    epochs, random = as_count(epochs, "epochs"), as_random(rng)
    largest = None if clip_norm is None else as_rate(clip_norm, "clip_norm")
    size = None if batch_size is None else as_count(batch_size, "batch_size")
    wanted, told = _by_name(metrics), as_functions(callbacks, "callbacks")
    check_kind(model, Module, "model", "MLP(2, [4, 1]), say")
    check_kind(data, Dataset, "data", "Dataset(inputs, targets)")
    if validation is not None:
        check_kind(validation, Dataset, "validation", "Dataset(inputs, targets)")
    check_kind(optimizer, Optimizer, "optimizer", "Adam(model.parameters()), say")
    if not set(model.parameters()).intersection(optimizer.parameters):
        raise ValueError(
            "the optimizer changes no parameter of the model: make it with model.parameters()"
        )
    eager = _eager(model, loss_of, penalty)
    replay = _replay(engine, model, loss_of, penalty, optimizer, data)
    gradients = eager if replay is None else _replayed(replay, model, outputs=bool(wanted))
    is_bare = not (size or schedule or largest or wanted or validation or told)
    history = History()
    with progress_bar(epochs, shown=progress) as advance:
        try:
            if replay is not None and is_bare:
                for value, seconds in replay.descend(data, epochs):
                    history.epochs.append(Epoch(value, {}, optimizer.learning_rate, seconds))
                    advance(f"loss {value:.4g}")
            for epoch in range(len(history), epochs):
                start = perf_counter()
                if schedule is not None:
                    optimizer.learning_rate = schedule(epoch)
                batches = [data] if size is None else data.batches(size, rng=random)
                found = _pass((gradients, eager), batches, optimizer, largest, wanted, epoch)
                if validation is not None:
                    checked = evaluate(model, validation, loss=loss_of, metrics=wanted)
                    found |= {f"validation_{name}": number for name, number in checked.items()}
                value = found.pop("loss")
                history.epochs.append(
                    Epoch(value, found, optimizer.learning_rate, perf_counter() - start)
                )
                advance(f"loss {value:.4g}")
                answers = [callback(history) for callback in told]
                if any(answer is True for answer in answers):
                    history.stopped = f"a callback ended it after epoch {epoch}"
                    break
        except KeyboardInterrupt:
            history.stopped = f"interrupted after {len(history)} of {epochs} epochs"
    return history


def evaluate(
    model: Module,
    data: Dataset,
    *,
    loss: str | Loss,
    metrics: Mapping[str, Metric] | None = None,
) -> dict[str, float]:
    """The mean loss and the mean of every metric over some data, without building graphs.

    >>> from nn import Layer, accuracy, xor
    >>> evaluate(Layer(2, 1, init=lambda *_: 0.0), xor(), loss="mse", metrics={"hits": accuracy})
    {'loss': 0.5, 'hits': 0.5}
    """
    loss_of = as_named(loss, "loss", LOSSES)
    outputs = predict(model, data.inputs)
    losses = {"loss": loss_of if loss_of in LOSSES.values() else _on_floats(loss_of)}
    return _means(losses | _by_name(metrics), outputs, data.targets)


def predict(model: Module, inputs: Iterable[Sequence[float]]) -> Outputs:
    """What a model makes of each vector of inputs, as floats, without building graphs.

    Args:
        model: any module; those of nn compute with plain floats, to the bits that a call gives.
        inputs: a sequence of numbers per sample.

    Raises:
        TypeError: if a sample is no sequence of numbers.
        ValueError: if a sample has more or fewer numbers than the model takes.

    >>> from nn import Layer
    >>> predict(Layer(2, 1, init=lambda *_: 0.5), [[1.0, 2.0], [3.0, 4.0]])
    [[1.5], [3.5]]
    """
    rows = [as_vector(row, f"inputs[{i}]") for i, row in enumerate(inputs)]
    return model.on_floats([[float(x) for x in row] for row in rows])


def _pass(
    gradients: tuple[Gradients, Gradients],
    batches: Iterable[Dataset],
    optimizer: Optimizer,
    largest: float | None,
    metrics: Mapping[str, Metric],
    epoch: int,
) -> dict[str, float]:
    """A step for each batch; the mean loss and the mean of every metric over all samples."""
    sizes, seen = [], []
    for batch in batches:
        value, outputs = _step(gradients, batch, optimizer, largest, epoch)
        sizes.append(len(batch))
        seen.append({"loss": value} | _means(metrics, outputs, batch.targets))
    return {
        name: math.fsum([n * found[name] for n, found in zip(sizes, seen, strict=True)])
        / sum(sizes)
        for name in ("loss", *metrics)
    }


def _step(
    gradients: tuple[Gradients, Gradients],
    batch: Dataset,
    optimizer: Optimizer,
    largest: float | None,
    epoch: int,
) -> tuple[float, Outputs]:
    """One step of the optimizer; the loss and the outputs before it.

    The first of the gradients makes the step, the second says what was wrong with it.
    """
    optimizer.zero_grad()
    try:
        value, outputs = gradients[0](batch)
        if not math.isfinite(value):
            raise FloatingPointError(f"the loss of a batch is {value}")  # noqa: TRY301
        if largest is not None:
            clip(optimizer.parameters, largest)
        optimizer.step()
    except FloatingPointError as error:
        raise FloatingPointError(
            f"training stopped in epoch {epoch}, and the model is as it was before: {error}. "
            f"{_first_bad_node(gradients[1], batch)}"
        ) from None
    return value, outputs


def _first_bad_node(gradients: Gradients, batch: Dataset) -> str:
    try:
        with detect_anomaly():
            gradients(batch)
    except FloatingPointError as error:
        return f"It went wrong first where {error}"
    return "Every operation of the model gave a finite number, so it is the step that went too far"


def _eager(model: Module, loss_of: Loss, penalty: Penalty | None) -> Gradients:
    def gradients(batch: Dataset) -> tuple[float, Outputs]:
        outputs = [listed(model(x)) for x in batch.inputs]
        total = mean([loss_of(y, t) for y, t in zip(outputs, batch.targets, strict=True)])
        if penalty is not None:
            total = total + penalty(model)
        if not isinstance(total, Value):
            raise TypeError(f"the loss must be a Value that depends on the model, not {total!r}")
        total.backward()
        return total.data, [[y.data if isinstance(y, Value) else y for y in row] for row in outputs]

    return gradients


def _on_floats(loss_of: Loss) -> Loss:
    """A loss that may use methods of Values as a function of floats."""

    def call(predictions: Sequence[float], target: Any) -> float:
        with no_grad():
            value = loss_of([Value(y) for y in predictions], target)
        return value.data if isinstance(value, Value) else float(value)

    return call


def _replay(
    engine: str,
    model: Module,
    loss_of: Loss,
    penalty: Penalty | None,
    optimizer: Optimizer,
    data: Dataset,
) -> Replay | None:
    """The compiled engine, or None for the eager one."""
    if engine not in ("auto", "eager", "compiled"):
        raise ValueError(f"there is no engine {engine!r}: write 'auto', 'eager' or 'compiled'")
    if engine == "eager":
        return None
    try:
        return Replay(model, loss_of, penalty, optimizer, data)
    except ImportError as error:
        if engine == "auto":
            return None
        raise RuntimeError(f"the compiled engine is not installed: {error}") from error
    except Exception:
        # Of a model or a loss that looks at its numbers, or is wrong: the eager engine says how.
        if engine == "auto":
            return None
        raise


def _replayed(replay: Replay, model: Module, *, outputs: bool) -> Gradients:
    def gradients(batch: Dataset) -> tuple[float, Outputs]:
        found = predict(model, batch.inputs) if outputs else [[] for _ in batch.inputs]
        return replay(batch), found

    return gradients


def _by_name(metrics: Mapping[str, Metric] | None) -> dict[str, Metric]:
    if metrics is None:
        return {}
    check_kind(metrics, Mapping, "metrics", '{"accuracy": accuracy}, say')
    if "loss" in metrics:
        raise ValueError("a metric cannot be called 'loss', since the loss is: call it otherwise")
    return dict(zip(metrics, as_functions(metrics.values(), "metrics"), strict=True))


def _means(
    functions: Mapping[str, Callable[[Any, Any], Any]], outputs: Outputs, targets: Sequence[Any]
) -> dict[str, float]:
    """The mean of every function of outputs and target over some samples."""
    return {
        name: math.fsum([f(y, t) for y, t in zip(outputs, targets, strict=True)]) / len(outputs)
        for name, f in functions.items()
    }
