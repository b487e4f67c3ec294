"""Steps along gradients."""

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value
from nn import SGD, Adam, AdamW, Neuron, Optimizer, RMSprop
from tests.nn.interrupts import interrupt_at_line

# Binary fractions of few digits, so that a few steps are exact in floats.
EIGHTHS = st.integers(-16, 16).map(lambda k: k / 8)


@given(
    start=EIGHTHS,
    gradients=st.lists(EIGHTHS, max_size=4),
    rate=st.sampled_from([0.0, 0.5, 1.0]),
    momentum=st.sampled_from([0.0, 0.5, 0.75]),
    nesterov=st.booleans(),
    weight_decay=st.sampled_from([0.0, 0.25]),
)
def test_sgd_follows_its_recurrence_exactly(
    start: float,
    gradients: list[float],
    rate: float,
    momentum: float,
    nesterov: bool,  # noqa: FBT001 - Hypothesis passes it by name
    weight_decay: float,
) -> None:
    nesterov = nesterov and momentum > 0
    still, x = Value(1.0), Value(start)
    optimizer = SGD([still, x], rate, momentum, nesterov=nesterov, weight_decay=weight_decay)
    expected, velocity = Fraction(start), Fraction(0)
    for gradient in gradients:
        x.grad, still.grad = gradient, -weight_decay * still.data
        optimizer.step()
        g = Fraction(gradient) + Fraction(weight_decay) * expected
        velocity = Fraction(momentum) * velocity + g
        if nesterov:
            expected -= Fraction(rate) * (g + Fraction(momentum) * velocity)
        else:
            expected -= Fraction(rate) * velocity
        assert Fraction(x.data) == expected
        assert still.data == 1.0


def test_plain_sgd_is_the_gradient_times_the_rate_to_the_bit() -> None:
    x = Value(0.3)
    x.grad = 0.7
    SGD([x], 0.1).step()
    assert x.data == 0.3 - 0.1 * 0.7


def test_zero_grad_sets_every_gradient_to_zero() -> None:
    x, y = Value(1.0), Value(2.0)
    optimizer = SGD([x, y], 0.1)
    (x * y).backward()
    optimizer.zero_grad()
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_the_learning_rate_can_be_set_between_steps() -> None:
    x = Value(1.0)
    x.grad = 1.0
    optimizer = SGD([x], 0.5)
    optimizer.learning_rate = 0.25
    optimizer.step()
    assert x.data == 0.75
    with pytest.raises(ValueError, match="learning_rate must be finite and not negative, not -1"):
        optimizer.learning_rate = -1.0
    assert optimizer.learning_rate == 0.25


@pytest.mark.parametrize(
    ("data", "gradient", "sentence"),
    [
        (1.0, float("nan"), "w.* would become nan by its gradient nan, so no parameter was"),
        (1.0, float("inf"), "w.* would become -inf by its gradient inf, so no parameter was"),
        (-1.7e308, 1.7e308, "w.* would become -inf by its gradient 1.7e\\+308, so no"),
        (float("nan"), 1.0, "w.* would become nan by its gradient 1.0, so no"),
    ],
)
def test_a_step_that_would_leave_the_numbers_changes_nothing(
    data: float, gradient: float, sentence: str
) -> None:
    x, w = Value(1.0), Value(data, label="w")
    optimizer = SGD([x, w], 1.0, momentum=0.5)
    x.grad, w.grad = 1.0, gradient
    with pytest.raises(FloatingPointError, match=sentence):
        optimizer.step()
    assert (x.data, repr(w.data)) == (1.0, repr(data))
    # The velocity is as it was, too: the next step is a first step.
    w.data, w.grad = 1.0, 1.0
    optimizer.step()
    assert (x.data, w.data) == (0.0, 0.0)


class Signs(Optimizer):
    """Steps of one size, however steep the way."""

    def _update(
        self, data: float, gradient: float, state: tuple[float, ...]
    ) -> tuple[float, tuple[float, ...]]:
        return data - self.learning_rate * math.copysign(1.0, gradient), state


def test_another_optimizer_only_has_to_state_its_rule_for_one_parameter() -> None:
    x, y = Value(1.0), Value(2.0)
    optimizer = Signs([x, y], 0.5)
    x.grad, y.grad = 9.0, -0.1
    optimizer.step()
    assert (x.data, y.data) == (0.5, 2.5)
    y.grad = float("nan")
    with pytest.raises(FloatingPointError, match=r"would become 2\.0 by its gradient nan"):
        optimizer.step()
    assert (x.data, y.data) == (0.5, 2.5)


@pytest.mark.parametrize(
    ("parameters", "error", "sentence"),
    [
        ([], ValueError, "there is no parameter to change"),
        (Neuron(1), TypeError, r"must be a list of Values, not Neuron\(1\): write model.parameter"),
        (Value(1.0), TypeError, r"must be a list of Values, not Value\(1.0\): write"),
        ([Value(1.0), 2.0], TypeError, "a parameter must be a Value, not float 2.0"),
        ([Value(1.0) * 2.0], ValueError, "is the result of mul: only a leaf can be changed"),
        ([Value(1.0)] * 2, ValueError, "a parameter occurs twice"),
    ],
)
def test_parameters_are_distinct_leaves(
    parameters: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        SGD(parameters, 0.1)


def test_parameters_of_equal_numbers_are_distinct_all_the_same() -> None:
    assert len(SGD(iter([Value(1.0), Value(1.0)]), 0.1).parameters) == 2


OPTIMIZERS = [SGD, RMSprop, Adam, AdamW]


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_no_optimizer_changes_anything_for_a_gradient_that_is_no_number(
    kind: type[Optimizer], bad: float
) -> None:
    parameters, twins = ([Value(1.0), Value(2.0)] for _ in range(2))
    optimizer, other = kind(parameters, 0.1), kind(twins, 0.1)
    for parameter, slope in zip(parameters, (0.5, bad), strict=True):
        parameter.grad = slope
    with pytest.raises(FloatingPointError, match="so no parameter was changed"):
        optimizer.step()
    assert [p.data for p in parameters] == [1.0, 2.0]
    # What it remembers is as it was, too: it goes on as one that never met that gradient.
    for _ in range(3):
        for parameter in (*parameters, *twins):
            parameter.grad = 0.25
        optimizer.step()
        other.step()
    assert [p.data for p in parameters] == [p.data for p in twins]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_step_that_is_interrupted_at_any_line_is_taken_whole_or_not_at_all(
    kind: type[Optimizer],
) -> None:
    outcomes = []
    for line in range(1000):
        parameters = [Value(1.0), Value(2.0), Value(3.0)]
        optimizer = kind(parameters, 0.5)
        for parameter in parameters:
            parameter.grad = parameter.data
        try:
            with interrupt_at_line(line):
                optimizer.step()
        except KeyboardInterrupt:
            outcomes.append([p.data for p in parameters])
        else:
            break
    assert 10 < len(outcomes) < 999
    after = [p.data for p in parameters]
    assert all(data in ([1.0, 2.0, 3.0], after) for data in outcomes)
    assert outcomes[0] == [1.0, 2.0, 3.0] != after


@pytest.mark.parametrize("kind", [RMSprop, Adam, AdamW])
def test_a_gradient_whose_square_overflows_is_refused(kind: type[Optimizer]) -> None:
    x = Value(1.0)
    x.grad = 1e200
    with pytest.raises(FloatingPointError, match=r"by its gradient 1e\+200"):
        kind([x], 0.1).step()
    assert x.data == 1.0


@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        (RMSprop, {"smoothing": 1.0}, "smoothing must be less than 1, not 1.0"),
        (RMSprop, {"epsilon": 0.0}, "epsilon must be more than 0"),
        (RMSprop, {"weight_decay": -1.0}, "weight_decay must be finite and not negative"),
        (Adam, {"betas": (1.0, 0.5)}, r"betas\[0\] must be less than 1, not 1.0"),
        (Adam, {"betas": (0.5,)}, r"betas must be two numbers, as in \(0.9, 0.999\), not \(0.5,\)"),
        (Adam, {"betas": (0.5, -0.5)}, r"betas\[1\] must be finite and not negative"),
        (Adam, {"epsilon": 0.0}, "epsilon must be more than 0"),
        (Adam, {"weight_decay": math.inf}, "weight_decay must be finite and not negative"),
        (AdamW, {"betas": (0.5, 1.0)}, r"betas\[1\] must be less than 1, not 1.0"),
        (AdamW, {"epsilon": -1.0}, "epsilon must be finite and not negative"),
        (AdamW, {"weight_decay": -1.0}, "weight_decay must be finite and not negative"),
        (AdamW, {"learning_rate": -1.0}, "learning_rate must be finite and not negative"),
    ],
)
def test_settings_of_any_optimizer_out_of_range_are_refused(
    kind: type[Optimizer], settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        kind([Value(1.0)], **{"learning_rate": 0.1} | settings)


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"learning_rate": -0.1}, ValueError, "learning_rate must be finite and not negative"),
        ({"learning_rate": "0.1"}, TypeError, "learning_rate must be a number, not str"),
        ({"momentum": 1.0}, ValueError, "momentum must be less than 1, not 1.0"),
        ({"momentum": -0.5}, ValueError, "momentum must be finite and not negative, not -0.5"),
        ({"weight_decay": -1.0}, ValueError, "weight_decay must be finite and not negative"),
        ({"nesterov": True}, ValueError, "nesterov=True needs a momentum"),
    ],
)
def test_settings_out_of_range_are_refused(
    settings: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        SGD([Value(1.0)], **{"learning_rate": 0.1} | settings)
