"""Training by replay learns what the eager engine learns."""

import itertools
import math
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autograd_mini import Value, log, tanh
from nn import (
    MLP,
    SGD,
    Adam,
    Dataset,
    History,
    Layer,
    Module,
    accuracy,
    blobs,
    curve,
    fit,
    l2,
    moons,
    xor,
)

pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

ROOT = Path(__file__).parents[2]
WAVE = curve(lambda x: math.sin(2.0 * x + 0.3), 9)  # not symmetric: gradients do not cancel
VECTORS = Dataset([[0.1, 0.2], [0.5, -0.3], [1.0, 0.7]], [(0.0, 1.0), (1.0, 0.0), (0.3, 0.7)])


def trained(
    engine: str, data: Dataset, loss: Any, outputs: int = 1, **settings: Any
) -> tuple[History, MLP]:
    model = MLP(len(data.inputs[0]), [5, outputs], activation="tanh", rng=1)
    make = settings.pop("optimizer", SGD)
    optimizer = make(model.parameters(), 0.1)
    settings = {"epochs": 20, "rng": 0} | settings
    return fit(model, data, loss=loss, optimizer=optimizer, engine=engine, **settings), model


@pytest.mark.parametrize(
    ("data", "loss", "outputs"),
    [
        (WAVE, "mse", 1),
        (WAVE, "mae", 1),
        (WAVE, "huber", 1),
        (VECTORS, "mse", 2),
        (moons(12, rng=0).relabeled(-1, 1), "hinge", 1),
        (moons(12, rng=0), "binary_cross_entropy", 1),
        (VECTORS, "binary_cross_entropy", 2),
        (blobs(12, classes=3, rng=0), "softmax_cross_entropy", 3),
        (VECTORS, "softmax_cross_entropy", 2),
        (WAVE, lambda y, t: (tanh(y[0]) - t) ** 2, 1),
    ],
    ids=itertools.count(),
)
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"batch_size": 4},
        {"optimizer": Adam},
        {"optimizer": lambda parameters, rate: SGD(parameters, rate, momentum=0.5)},
        {"optimizer": lambda parameters, rate: SGD(parameters, rate, weight_decay=0.1)},
        {"penalty": lambda model: 0.01 * l2(model.parameters()), "clip_norm": 0.5},
        {"schedule": lambda epoch: 0.1 / (1 + epoch)},
    ],
    ids=["plain", "batches", "Adam", "momentum", "decay", "penalty", "schedule"],
)
def test_the_engines_learn_the_same(
    data: Dataset, loss: Any, outputs: int, settings: dict[str, Any]
) -> None:
    eager, expected = trained("eager", data, loss, outputs, **settings)
    compiled, found = trained("compiled", data, loss, outputs, **settings)
    assert compiled.loss == pytest.approx(eager.loss, rel=1e-9)
    assert found.state_dict() == pytest.approx(expected.state_dict(), rel=1e-7, abs=1e-10)
    rates = [epoch.learning_rate for epoch in eager.epochs]
    assert [epoch.learning_rate for epoch in compiled.epochs] == rates


def test_metrics_and_callbacks_are_those_of_the_eager_engine() -> None:
    data = moons(20, rng=0)
    settings: dict[str, Any] = {"metrics": {"accuracy": accuracy}, "validation": data}
    eager, _ = trained("eager", data, "binary_cross_entropy", **settings)
    compiled, _ = trained("compiled", data, "binary_cross_entropy", **settings)
    assert [e.metrics for e in compiled.epochs] == [pytest.approx(e.metrics) for e in eager.epochs]
    stopped, _ = trained("compiled", data, "mse", callbacks=[lambda history: len(history) == 3])
    assert len(stopped) == 3


def test_auto_replays_what_can_be_recorded() -> None:
    seen = []

    class Counted(Module):
        def __init__(self) -> None:
            self.inner = Layer(1, 1, rng=0)

        def __call__(self, inputs: Sequence[Any], /) -> list[Value]:
            seen.append(inputs)
            return self.inner(inputs)

    model = Counted()
    fit(model, WAVE, loss="mse", optimizer=SGD(model.parameters(), 0.1), epochs=50)
    assert len(seen) < 50


class Branching(Module):
    """Looks at what its unit gives."""

    def __init__(self) -> None:
        self.inner = Layer(1, 1, rng=0)

    def __call__(self, inputs: Sequence[Any], /) -> list[Value]:
        """The unit's output, a tenth of it below 0."""
        (y,) = self.inner(inputs)
        return [y if y > 0.0 else 0.1 * y]


class Noisy(Module):
    """Different at every call."""

    def __init__(self) -> None:
        self.inner = Layer(1, 1, rng=0)
        self.random = random.Random(0)

    def __call__(self, inputs: Sequence[Any], /) -> list[Value]:
        """The unit's output times a random number."""
        return [y * self.random.random() for y in self.inner(inputs)]


def by_type(predictions: Sequence[Any], target: Any) -> Any:
    return (predictions[0] - (1.0 if isinstance(target, float) else 2.0)) ** 2


@pytest.mark.parametrize(
    ("model", "loss", "sentence"),
    [
        (Branching(), "mse", r"compares \(>\) a number that depends on the inputs"),
        (Noisy(), "mse", "must not depend on chance"),
        (Layer(1, 1, rng=0), lambda y, t: y[0] ** 2 if t > 0.0 else abs(y[0]), r"compares \(>\)"),
        (Layer(1, 1, rng=0), by_type, "the target's type"),
    ],
)
def test_what_cannot_be_recorded_is_refused_or_left_to_the_eager_engine(
    model: Module, loss: Any, sentence: str
) -> None:
    optimizer = SGD(model.parameters(), 0.01)
    before = model.state_dict()
    with pytest.raises(TypeError, match=sentence):
        fit(model, WAVE, loss=loss, optimizer=optimizer, epochs=1, engine="compiled")
    assert model.state_dict() == before
    history = fit(model, WAVE, loss=loss, optimizer=optimizer, epochs=3)
    assert len(history) == 3
    assert model.state_dict() != before


@pytest.mark.parametrize("engine", ["auto", "compiled"])
def test_a_divergence_stops_as_with_the_eager_engine(engine: str) -> None:
    layer = Layer(1, 1, bias=False, init=lambda *_: 1.0)
    optimizer = SGD(layer.parameters(), 1e200)
    with pytest.raises(FloatingPointError, match=r"in epoch 1, and .* gave inf"):
        fit(
            layer,
            Dataset([[1.0]], [0.5]),
            loss="mse",
            optimizer=optimizer,
            epochs=5,
            engine=engine,
        )
    assert layer.neurons[0].weights[0].data == -1e200


def test_a_first_loss_that_is_infinite_changes_nothing() -> None:
    layer = Layer(1, 1, bias=False, init=lambda *_: 1.0)
    optimizer = SGD(layer.parameters(), 0.1)
    with pytest.raises(FloatingPointError, match=r"epoch 0.*where log\(0.0\) gave -inf"):
        fit(
            layer,
            Dataset([[1.0]], [0.5]),
            loss=lambda y, t: log(y[0] * 0.0),
            optimizer=optimizer,
            epochs=5,
            engine="compiled",
        )
    assert layer.neurons[0].weights[0].data == 1.0


def test_a_wrong_target_is_refused() -> None:
    with pytest.raises(ValueError, match="hinge takes targets −1 and 1, not 0"):
        trained("compiled", moons(12, rng=0), "hinge")


def test_a_machine_without_the_compiler_trains_eagerly() -> None:
    program = (
        "import sys; sys.modules['llvmlite'] = None\n"
        "from nn import Layer, SGD, fit, xor\n"
        "layer = Layer(2, 1, rng=0)\n"
        "settings = dict(loss='mse', optimizer=SGD(layer.parameters(), 0.1), epochs=2)\n"
        "print(len(fit(layer, xor(), **settings)))\n"
        "try: fit(layer, xor(), engine='compiled', **settings)\n"
        "except RuntimeError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("2\nthe compiled engine is not installed")
    assert "pip install 'autograd-mini[compiled]'" in run.stdout


def test_training_on_xor_by_replay_learns_it() -> None:
    history, _ = trained("compiled", xor(), "binary_cross_entropy", epochs=3000)
    assert len(history) == 3000
    assert history.loss[-1] < 0.1


def test_a_call_after_training_computes_with_what_was_learnt() -> None:
    model = MLP(2, [3, 1], rng=0)
    model([1.0, 2.0])
    optimizer = SGD(model.parameters(), 0.1)
    fit(model, xor(), loss="mse", optimizer=optimizer, engine="compiled", epochs=3, rng=0)
    assert [[y.data for y in model([1.0, 2.0])]] == model.on_floats([[1.0, 2.0]])
