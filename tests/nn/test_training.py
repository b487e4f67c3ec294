"""Training: what fit does step by step, how it ends early, and what it leaves behind."""

import io
import json
import math
import random
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, exp, log, mean
from nn import (
    MLP,
    SGD,
    Adam,
    Dataset,
    Epoch,
    History,
    Layer,
    Module,
    Neuron,
    accuracy,
    circles,
    clip_norm,
    curve,
    evaluate,
    fit,
    hinge,
    l2,
    moons,
    mse,
    predict,
    xor,
)
from nn import progress as nn_progress
from nn.schedules import linear
from tests.nn.interrupts import interrupt_at_line

LINE = curve(lambda x: 2.0 * x + 1.0, 7)


def small(seed: int = 0) -> MLP:
    return MLP(2, [3, 1], activation="tanh", rng=seed)


# ------------------------------------------------------------------------------- what a step does


def test_an_epoch_of_all_samples_is_one_step_of_the_mean_loss() -> None:
    model, twin = small(), small()
    optimizer = SGD(twin.parameters(), 0.5)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = mean([mse(twin(x), t) for x, t in circles_data])
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    trained = SGD(model.parameters(), 0.5)
    history = fit(model, circles_data, loss="mse", optimizer=trained, epochs=3, engine="eager")
    assert model.state_dict() == twin.state_dict()
    assert history.loss == losses
    assert (len(history), history.stopped) == (3, "")


circles_data = circles(10, rng=0)


def test_penalty_schedule_and_clipping_enter_every_step() -> None:
    model, twin = small(), small()
    optimizer = SGD(twin.parameters(), 1.0)
    norms = []
    for rate in (0.5, 0.25):
        optimizer.learning_rate = rate
        optimizer.zero_grad()
        loss = mean([mse(twin(x), t) for x, t in circles_data]) + 0.1 * l2(twin.parameters())
        loss.backward()
        norms.append(clip_norm(twin.parameters(), 0.3))
        optimizer.step()
    history = fit(
        model,
        circles_data,
        loss=mse,
        optimizer=SGD(model.parameters(), 1.0),
        epochs=2,
        schedule=lambda epoch: 0.5 / 2**epoch,
        penalty=lambda module: 0.1 * l2(module.parameters()),
        clip_norm=0.3,
        engine="eager",
    )
    assert model.state_dict() == twin.state_dict()
    assert max(norms) > 0.3
    assert history.loss[1] == loss.data
    assert [epoch.learning_rate for epoch in history.epochs] == [0.5, 0.25]


def test_a_step_is_taken_for_every_batch_and_every_sample_is_in_one() -> None:
    seen: list[tuple[float, ...]] = []

    class Watching(Module):
        def __init__(self) -> None:
            self.inner = Layer(1, 1, rng=0)

        def __call__(self, inputs: Sequence[Any], /) -> list[Value]:
            seen.append(tuple(inputs))
            return self.inner(inputs)

    model = Watching()
    optimizer = SGD(model.parameters(), 0.01)
    steps = 0

    def counting() -> None:
        nonlocal steps
        steps += 1
        SGD.step(optimizer)

    optimizer.step = counting  # type: ignore[method-assign]  # to count
    settings: dict[str, Any] = {"epochs": 2, "batch_size": 3, "rng": 0, "engine": "eager"}
    fit(model, LINE, loss="mse", optimizer=optimizer, **settings)
    assert steps == 2 * 3
    assert sorted(seen[:7]) == sorted(seen[7:]) == sorted(LINE.inputs)  # type: ignore[type-var]
    assert seen[:7] != seen[7:]


@given(seed=st.integers(0, 2**40), size=st.sampled_from([None, 1, 4]))
def test_the_same_seed_gives_the_same_bits(seed: int, size: int | None) -> None:
    def trained() -> tuple[list[float], dict[str, float]]:
        data, model = moons(8, rng=seed), small(seed)
        optimizer = Adam(model.parameters(), 0.05)
        history = fit(
            model,
            data,
            loss="binary_cross_entropy",
            optimizer=optimizer,
            epochs=2,
            batch_size=size,
            rng=seed,
        )
        return history.loss, model.state_dict()

    assert trained() == trained()


def test_a_single_neuron_and_a_loss_with_methods_can_be_trained() -> None:
    neuron = Neuron(1, rng=0)
    seen: list[Value] = []

    def loss(predictions: Sequence[Value], target: float) -> Value:
        seen.append((predictions[0] - target).tanh() ** 2)
        return seen[-1]

    optimizer = SGD(neuron.parameters(), 0.1)
    history = fit(neuron, LINE, loss=loss, optimizer=optimizer, epochs=5, validation=LINE)
    assert history.loss[-1] < history.loss[0]
    assert predict(neuron, [[0.0]]) == [[neuron.bias.data]]  # type: ignore[union-attr]
    seen.clear()
    found = evaluate(neuron, LINE, loss=loss)["loss"]
    assert found == pytest.approx(sum(value.data for value in seen) / len(LINE), rel=1e-14)
    assert [value.operands for value in seen] == [()] * len(LINE)


def test_only_the_optimizers_parameters_learn() -> None:
    model = small()
    frozen, last = model.layers[0].state_dict(), model.layers[1]
    optimizer = SGD(last.parameters(), 0.1)
    fit(model, circles_data, loss="mse", optimizer=optimizer, epochs=2)
    assert model.layers[0].state_dict() == frozen


# --------------------------------------------------------------------------------- what is recorded


def test_metrics_are_of_the_predictions_that_the_loss_was_of() -> None:
    model = small()
    before = evaluate(model, circles_data, loss="binary_cross_entropy", metrics={"hits": accuracy})
    optimizer = SGD(model.parameters(), 0.1)
    history = fit(
        model,
        circles_data,
        loss="binary_cross_entropy",
        optimizer=optimizer,
        epochs=2,
        metrics={"hits": accuracy},
        validation=xor(),
    )
    after = evaluate(model, xor(), loss="binary_cross_entropy", metrics={"hits": accuracy})
    assert history.loss[0] == pytest.approx(before["loss"], rel=1e-14)
    assert history.metrics["hits"][0] == before["hits"]
    assert history.metrics["validation_loss"][-1] == after["loss"]
    assert history.metrics["validation_hits"][-1] == after["hits"]


def test_the_loss_of_an_epoch_of_batches_is_the_mean_over_its_samples() -> None:
    model = Layer(1, 1, rng=0)
    optimizer = SGD(model.parameters(), 0.0)
    whole, parts = (
        fit(model, LINE, loss="mse", optimizer=optimizer, epochs=1, batch_size=size, rng=0)
        for size in (None, 3)
    )
    assert parts.loss == pytest.approx(whole.loss, rel=1e-14)


def test_a_history_is_plain_numbers() -> None:
    model = small()
    history = fit(
        model,
        circles_data,
        loss="mse",
        optimizer=SGD(model.parameters(), 0.1),
        epochs=2,
        metrics={"hits": accuracy},
    )
    found = json.loads(json.dumps(history.to_dict(), allow_nan=False))
    assert found.keys() == {"loss", "metrics", "learning_rate", "seconds", "stopped"}
    assert found["loss"] == history.loss
    assert found["metrics"] == {"hits": history.metrics["hits"]}
    assert history.seconds > 0.0
    assert repr(history) == f"<history of 2 epochs, loss {history.loss[-1]:.6g}>"
    assert repr(History()) == "<history of 0 epochs>"
    assert History().metrics == {}


# ------------------------------------------------------------------------------------- predictions


@given(
    nin=st.integers(1, 5),
    nouts=st.lists(st.integers(1, 20), min_size=1, max_size=3),
    activation=st.sampled_from(["relu", "tanh", "gelu", "elu", "linear"]),
    bias=st.booleans(),
    samples=st.sampled_from([1, 3, 20]),
    seed=st.integers(0, 2**32),
)
def test_predictions_are_the_bits_of_a_call(
    nin: int,
    nouts: list[int],
    activation: str,
    bias: bool,  # noqa: FBT001 - Hypothesis passes it by name
    samples: int,
    seed: int,
) -> None:
    rng = random.Random(seed)
    model = MLP(nin, nouts, activation=activation, bias=bias, rng=rng)
    for parameter in model.parameters():
        parameter.data = rng.gauss()
    rows = [[rng.gauss() for _ in range(nin)] for _ in range(samples)]
    assert predict(model, rows) == [[y.data for y in model(row)] for row in rows]


@pytest.mark.parametrize("width", [1, 128, 129])
@pytest.mark.parametrize("samples", [1, 7, 8])
def test_predictions_from_inputs_of_any_width_are_those_of_a_call(width: int, samples: int) -> None:
    rng = random.Random(width)
    layer = Layer(width, 3, activation="relu", rng=rng)
    rows = [[rng.gauss() for _ in range(width)] for _ in range(samples)]
    assert predict(layer, rows) == [[y.data for y in layer(row)] for row in rows]


@pytest.mark.parametrize("activation", ["elu", "relu"])
@pytest.mark.parametrize("samples", [1, 16])
@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, -0.0, 1e308])
def test_predictions_with_awkward_numbers_are_those_of_a_call(
    number: float, samples: int, activation: str
) -> None:
    layer = Layer(2, 1, activation=activation, rng=0)
    layer.neurons[0].weights[1].data = number
    rows = [[-0.0, 10.0]] * samples
    assert repr(predict(layer, rows)) == repr([[y.data for y in layer(row)] for row in rows])


def test_without_numpy_predictions_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, model = [[k / 7, -k / 3] for k in range(50)], small()
    found = predict(model, rows)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert predict(model, rows) == found


def test_predicting_builds_no_graph_and_follows_the_parameters() -> None:
    model = Layer(1, 1, activation=lambda x: seen.append(x) or x * 1.0, init=lambda *_: 2.0)  # type: ignore[func-returns-value]
    seen: list[Value] = []
    assert predict(model, [[1.0]]) == [[2.0]]
    assert all(value.operands == () for value in seen)
    model.neurons[0].weights[0].data = 3.0
    assert predict(model, [(1,)]) == [[3.0]]
    assert predict(model, []) == []


def test_a_module_of_ones_own_predicts_too_without_a_graph() -> None:
    made: list[Value] = []

    class Residual(Module):
        def __init__(self) -> None:
            self.inner = Layer(2, 2, rng=0)

        def __call__(self, inputs: Sequence[Any], /) -> list[Value]:
            made[:] = [x.tanh() + y for x, y in zip(inputs, self.inner(inputs), strict=True)]
            return made

    model = Residual()
    expected = [y.data for y in model([Value(0.3), Value(-0.1)])]
    assert predict(model, [[0.3, -0.1]]) == [expected]
    assert [value.operands for value in made] == [(), ()]


@pytest.mark.parametrize("model", [small(), Layer(2, 1), Neuron(2)])
def test_predicting_from_inputs_of_the_wrong_width_says_both(model: Module) -> None:
    with pytest.raises(ValueError, match=r"inputs of width 1 were given, but Neuron\(2\) takes w"):
        predict(model, [[1.0, 2.0], [1.0]])


@pytest.mark.parametrize("inputs", [[1.0, 2.0], ["ab"], [{1.0, 2.0}]])
def test_predicting_from_something_else_than_rows_is_refused(inputs: Any) -> None:
    with pytest.raises(TypeError, match=r"inputs\[0\] must be a sequence of numbers, not"):
        predict(small(), inputs)


# --------------------------------------------------------------------------------- ending too early


def trained(model: MLP, after_step: Callable[[], object] = lambda: None) -> History:
    """Two epochs of five steps."""
    optimizer = Adam(model.parameters(), 0.1)
    step = optimizer.step

    def watched() -> None:
        step()
        after_step()

    optimizer.step = watched  # type: ignore[method-assign]  # to look on
    data = circles_data
    return fit(model, data, loss="mse", optimizer=optimizer, epochs=2, batch_size=2, rng=0)


@given(line=st.integers(0, 6000))
def test_an_interrupt_at_any_line_keeps_whole_steps_and_whole_epochs(line: int) -> None:
    whole, model = small(), small()
    states = [whole.state_dict()]
    full = trained(whole, lambda: states.append(whole.state_dict()))
    try:
        with interrupt_at_line(line):
            history = trained(model)
    except KeyboardInterrupt:  # before the first step or after the last
        assert model.state_dict() in (states[0], states[-1])
        return
    assert len(states) == 11
    assert model.state_dict() in states[5 * len(history) :]
    assert history.loss == full.loss[: len(history)]
    if history.stopped:
        assert history.stopped == f"interrupted after {len(history)} of 2 epochs"
    else:
        assert model.state_dict() == states[-1]


def test_a_callback_sees_the_history_and_can_end_the_training() -> None:
    model, seen = small(), []

    def enough(history: History) -> bool:
        seen.append(history.loss[-1])
        return len(history) == 2

    others: list[int] = []
    history = fit(
        model,
        circles_data,
        loss="mse",
        optimizer=SGD(model.parameters(), 0.1),
        epochs=9,
        callbacks=[enough, lambda history: others.append(len(history)) or 1],  # type: ignore[func-returns-value]
    )
    assert seen == history.loss
    assert len(history) == 2
    assert others == [1, 2]
    assert history.stopped == "a callback ended it after epoch 1"


@pytest.mark.parametrize(
    ("loss", "rate", "sentence"),
    [
        ("mse", 1e200, "in epoch 1, and the .* is inf. It went wrong first where .* gave inf"),
        (lambda y, t: exp(1e4 * y[0]) - t, 1.0, r"epoch 0.*It went wrong first where exp\(10000"),
        (lambda y, t: log(y[0] * 0.0), 1.0, r"epoch 0.*where log\(0.0\) gave -inf"),
        (lambda y, t: (y[0] - 1.0).sqrt(), 1.0, r"epoch 0.* the derivative of sqrt\(0.0\) by oper"),
        (lambda y, t: 1e300 * y[0], 1e300, "epoch 0.* finite number, so it is the step that went"),
    ],
)
def test_a_loss_that_diverges_stops_with_the_epoch_and_the_first_bad_operation(
    loss: Any, rate: float, sentence: str
) -> None:
    layer = Layer(1, 1, bias=False, init=lambda *_: 1.0)
    kept = []
    with pytest.raises(FloatingPointError, match=sentence):
        fit(
            layer,
            Dataset([[1.0]], [0.5]),
            loss=loss,
            optimizer=SGD(layer.parameters(), rate),
            epochs=5,
            callbacks=[lambda history: kept.append(layer.state_dict())],
        )
    assert layer.state_dict() == (kept or [{"neurons.0.weights.0": 1.0}])[-1]


# ----------------------------------------------------------------------------------- progress bars


class Terminal(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:  # noqa: D102 - the class says it
        return True


def progress_of(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, delay: float, **settings: Any
) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(nn_progress, "DELAY", delay)
    monkeypatch.setenv("TERM", "xterm")
    model = small()
    optimizer = SGD(model.parameters(), 0.1)
    fit(model, circles_data, loss="mse", optimizer=optimizer, epochs=3, **settings)
    return stream.getvalue()


def test_long_work_in_a_terminal_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "3/3 loss" in progress_of(monkeypatch, Terminal(), 0.0)


@pytest.mark.parametrize(
    ("stream", "delay", "settings"),
    [
        (io.StringIO, 0.0, {}),
        (Terminal, 1e9, {}),
        (Terminal, 0.0, {"progress": False}),
    ],
)
def test_short_work_or_no_terminal_shows_none(
    monkeypatch: pytest.MonkeyPatch,
    stream: Callable[[], io.StringIO],
    delay: float,
    settings: dict[str, Any],
) -> None:
    assert progress_of(monkeypatch, stream(), delay, **settings) == ""


def test_without_rich_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert progress_of(monkeypatch, Terminal(), 0.0) == ""


# ---------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"loss": "mean"}, ValueError, "no loss is named 'mean': write one of 'mse', 'mae'"),
        ({"loss": 3}, TypeError, "loss must be a name or a function, not int 3"),
        ({"loss": lambda y, t: 1.0}, TypeError, "the loss must be a Value that depends on"),
        ({"epochs": 0}, ValueError, "epochs must be at least 1, not 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1, not 0"),
        ({"clip_norm": -1.0}, ValueError, "clip_norm must be finite and not negative"),
        ({"engine": "fast"}, ValueError, "there is no engine 'fast': write 'auto', 'eager'"),
        (
            {"data": [[1.0, 2.0]]},
            TypeError,
            r"data must be a Dataset, not list .*: write Dataset\(",
        ),
        ({"metrics": {"loss": accuracy}}, ValueError, "a metric cannot be called 'loss'"),
        ({"metrics": [accuracy]}, TypeError, 'metrics must be a Mapping, not list .* {"accuracy"'),
        ({"metrics": {"a": 1}}, TypeError, "metrics must be functions, not int 1"),
        ({"callbacks": print}, TypeError, r"callbacks must be a list of functions, .* write \[f\]"),
        ({"callbacks": [3]}, TypeError, "callbacks must be functions, not int 3"),
        ({"optimizer": "adam"}, TypeError, r"must be an Optimizer, not str 'adam': write Adam\("),
        ({"optimizer": SGD}, TypeError, r"optimizer must be an Optimizer, not ABCMeta"),
        ({"optimizer": SGD([Value(1.0)], 0.1)}, ValueError, r"no parameter of the model: make it"),
        ({"model": abs}, TypeError, r"model must be a Module, not builtin_function_or_method"),
        ({"validation": 1.0}, TypeError, "validation must be a Dataset, not float"),
        ({"data": Dataset([[1.0]], [1])}, ValueError, "inputs of width 1 were given, but Neuron"),
    ],
)
def test_a_training_that_cannot_be_is_refused_before_the_first_step(
    settings: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    model = small()
    before = model.state_dict()
    arguments: dict[str, Any] = {
        "data": xor(),
        "loss": "mse",
        "optimizer": SGD(model.parameters(), 0.1),
        "epochs": 1,
    } | settings
    with pytest.raises(error, match=sentence):
        fit(arguments.pop("model", model), arguments.pop("data"), **arguments)
    assert model.state_dict() == before


@pytest.mark.parametrize("engine", ["auto", "eager"])
def test_the_engines_that_are_there_can_be_asked_for(engine: str) -> None:
    model = small()
    fit(model, xor(), loss="mse", optimizer=SGD(model.parameters(), 0.1), epochs=1, engine=engine)


@pytest.mark.slow
def test_the_moons_network_of_micrograd_reaches_all_of_its_training_set() -> None:
    data = moons(100, rng=1).relabeled(-1, 1)
    model = MLP(2, [16, 16, 1], rng=1)
    history = fit(
        model,
        data,
        loss=hinge,
        optimizer=SGD(model.parameters(), 1.0),
        epochs=100,
        schedule=linear(1.0, 0.1, epochs=100),
        penalty=lambda module: 1e-4 * l2(module.parameters()),
    )
    assert evaluate(model, data, loss=hinge, metrics={"hits": accuracy})["hits"] == 1.0
    assert [epoch.learning_rate for epoch in history.epochs] == pytest.approx(
        [1.0 - 0.9 * k / 100 for k in range(100)], rel=1e-15
    )


def test_an_epoch_is_plain_data() -> None:
    assert Epoch(0.5, {}, 0.1, 1.0) == Epoch(0.5, {}, 0.1, 1.0)
