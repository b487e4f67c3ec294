"""The same numbers as PyTorch, as recorded in data/torch.json by data/record.py.

Where PyTorch's own formula loses digits, the absolute tolerance says how many: exactness is the
other tests' business.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from autograd_mini import Value, gradients
from nn import ACTIVATIONS, LOSSES, SGD, Activation, Adam, AdamW, Optimizer, RMSprop, clip_norm
from nn import schedules as nn_schedules

FIGURES = json.loads((Path(__file__).parent / "data" / "torch.json").read_text(encoding="utf-8"))
OPTIMIZERS: dict[str, type[Optimizer]] = {
    kind.__name__: kind for kind in (SGD, RMSprop, Adam, AdamW)
}


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=f"{i} {case['name']}") for i, case in enumerate(FIGURES[kind])]


@pytest.mark.parametrize("case", cases("optimizers"))
def test_an_optimizer_takes_the_same_steps(case: dict[str, Any]) -> None:
    parameters = [Value(x) for x in FIGURES["start"]]
    settings = {"learning_rate" if k == "lr" else k: v for k, v in case["settings"].items()}
    optimizer = OPTIMIZERS[case["name"]](parameters, **settings)
    for slopes, after in zip(FIGURES["gradients"], case["after"], strict=True):
        for parameter, slope in zip(parameters, slopes, strict=True):
            parameter.grad = slope
        optimizer.step()
        assert [p.data for p in parameters] == pytest.approx(after, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_was_recorded_with_settings_other_than_its_own(name: str) -> None:
    settings = [case["settings"] for case in FIGURES["optimizers"] if case["name"] == name]
    assert any("weight_decay" in given for given in settings)
    assert any("weight_decay" not in given for given in settings)


@pytest.mark.parametrize("case", cases("schedules"))
def test_a_schedule_gives_the_same_rates(case: dict[str, Any]) -> None:
    schedule = getattr(nn_schedules, case["name"])(*case["arguments"])
    found = [schedule(epoch) for epoch in range(len(case["rates"]))]
    assert found == pytest.approx(case["rates"], rel=1e-13)


@pytest.mark.parametrize("case", cases("activations"))
def test_an_activation_has_the_same_values_and_slopes(case: dict[str, Any]) -> None:
    xs = [Value(x) for x in FIGURES["points"]]
    ys = Activation(case["name"])(xs)
    assert [y.data for y in ys] == pytest.approx(case["values"], rel=1e-12, abs=1e-15)
    slopes = [gradients(y, [x])[0] for x, y in zip(xs, ys, strict=True)]
    # At −1 and 1, hardtanh has slope 0 here and there.
    assert slopes == pytest.approx(case["slopes"], rel=1e-12, abs=1e-15)


def test_every_activation_was_recorded() -> None:
    assert [case["name"] for case in FIGURES["activations"]] == list(ACTIVATIONS)


@pytest.mark.parametrize("case", cases("losses"))
def test_a_loss_has_the_same_value_and_slopes(case: dict[str, Any]) -> None:
    predictions = [Value(y) for y in case["predictions"]]
    loss = LOSSES[case["name"]](predictions, case["target"])
    assert loss.data == pytest.approx(case["loss"], rel=1e-13)
    assert gradients(loss, predictions) == pytest.approx(case["slopes"], rel=1e-12, abs=1e-15)


def test_every_loss_was_recorded() -> None:
    assert {case["name"] for case in FIGURES["losses"]} == set(LOSSES)


@pytest.mark.parametrize("case", FIGURES["clipping"], ids=lambda case: case["largest"])
def test_gradients_are_clipped_by_norm_alike(case: dict[str, Any]) -> None:
    parameters = [Value(0.0) for _ in FIGURES["start"]]
    for parameter, slope in zip(parameters, FIGURES["gradients"][2], strict=True):
        parameter.grad = slope
    assert clip_norm(parameters, case["largest"]) == pytest.approx(case["norm"], rel=1e-14)
    # There, 1e-6 is added to the norm before dividing by it.
    assert [p.grad for p in parameters] == pytest.approx(case["after"], rel=1e-6)
