"""Losses of predictions and targets."""

import math
import random
import re
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, gradients
from nn import (
    ACTIVATIONS,
    LOSSES,
    MLP,
    accuracy,
    binary_cross_entropy,
    hinge,
    huber,
    l2,
    mae,
    mse,
    softmax,
    softmax_cross_entropy,
)
from tests.nn.references import ACTIVATIONS as EXACT_ACTIVATIONS
from tests.nn.references import LOSSES as EXACT_LOSSES

EIGHTHS = st.integers(-64, 64).map(lambda k: k / 8)
PAIRS = st.lists(st.tuples(EIGHTHS, EIGHTHS), min_size=1, max_size=8)


# ------------------------------------------------------------------------------ exact references


@given(PAIRS)
def test_mse_is_the_mean_of_the_squares_and_its_gradient_two_nths_of_the_error(
    pairs: list[tuple[float, float]],
) -> None:
    n = len(pairs)
    predictions, targets = ([Value(pair[side]) for pair in pairs] for side in (0, 1))
    loss = mse(predictions, targets)
    mean = sum((Fraction(p) - Fraction(t)) ** 2 for p, t in pairs) / n
    assert loss.data == float(mean)
    by_prediction = gradients(loss, predictions)
    assert by_prediction == pytest.approx(
        [float(2 * Fraction(p - t) / n) for p, t in pairs], rel=1e-15
    )
    assert gradients(loss, targets) == [-slope for slope in by_prediction]


@given(PAIRS)
def test_mae_and_huber_have_their_exact_values_and_slopes(
    pairs: list[tuple[float, float]],
) -> None:
    n = len(pairs)
    predictions, targets = [Value(p) for p, _ in pairs], [t for _, t in pairs]
    errors = [Fraction(p) - Fraction(t) for p, t in pairs]
    loss = mae(predictions, targets)
    assert loss.data == float(sum(map(abs, errors)) / n)
    signs = [(e > 0) - (e < 0) for e in errors]
    assert gradients(loss, predictions) == pytest.approx([s / n for s in signs], rel=1e-15)
    loss = huber(predictions, targets, delta=2.0)
    terms = [e * e / 2 if abs(e) <= 2 else 2 * (abs(e) - 1) for e in errors]
    assert loss.data == float(sum(terms) / n)
    slopes = [max(Fraction(-2), min(Fraction(2), e)) for e in errors]
    assert gradients(loss, predictions) == pytest.approx([float(s / n) for s in slopes], rel=1e-15)


@given(st.lists(st.tuples(EIGHTHS, st.sampled_from([-1, 1])), min_size=1, max_size=8))
def test_hinge_is_what_margins_lack_to_one(pairs: list[tuple[float, int]]) -> None:
    n = len(pairs)
    predictions, targets = [Value(p) for p, _ in pairs], [t for _, t in pairs]
    loss = hinge(predictions, targets)
    assert loss.data == float(sum(max(Fraction(0), 1 - t * Fraction(p)) for p, t in pairs) / n)
    slopes = [-t / n if t * p < 1 else 0.0 for p, t in pairs]
    assert gradients(loss, predictions) == pytest.approx(slopes, rel=1e-15)


TARGETS: dict[str, list[Any]] = {
    "mse": [[0.3, -1.2, 0.8]],
    "mae": [[0.3, -1.2, 0.8]],
    "huber": [[0.3, -1.2, 5.0]],
    "hinge": [[1, -1, 1]],
    "binary_cross_entropy": [[1, 0, 0.25]],
    "softmax_cross_entropy": [2, [0.5, 0.0, 0.5]],
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_of_every_loss_and_activation_are_those_of_long_arithmetic(
    loss: str, activation: str
) -> None:
    rng = random.Random(f"{loss} {activation}")
    model = MLP(2, [2, 3], activation=activation, output_activation=activation)
    inputs = [rng.gauss(), rng.gauss()]
    for target in TARGETS[loss]:
        for parameter in model.parameters():
            parameter.data = rng.gauss()
        value = LOSSES[loss](model(inputs), target)
        found = gradients(value, model.parameters())
        with mp.workdps(60):
            state = [mp.mpf(p.data) for p in model.parameters()]
            exact = _exact_loss(state, inputs, loss, activation, target)
            assert abs(value.data - exact) <= 1e-14 * (1 + abs(exact))
            step = mp.mpf(10) ** -30
            for k, slope in enumerate(found):
                moved = [p + step * (i == k) for i, p in enumerate(state)]
                right = (_exact_loss(moved, inputs, loss, activation, target) - exact) / step
                assert abs(slope - right) <= 1e-13 * (1 + abs(right))


def _exact_loss(
    state: list[Any], inputs: list[float], loss: str, activation: str, target: Any
) -> Any:
    signals, rest = [mp.mpf(x) for x in inputs], iter(state)
    for width in (2, 3):
        sums = []
        for _ in range(width):
            terms = [next(rest) * x for x in signals]
            sums.append(mp.fsum(terms) + next(rest))
        signals = [EXACT_ACTIVATIONS[activation](s) for s in sums]
    return EXACT_LOSSES[loss](signals, target)


# -------------------------------------------------------------------- digits where little is lost

LOGITS = st.floats(-700, 700)


@given(LOGITS, st.sampled_from([0, 1]))
def test_binary_cross_entropy_keeps_its_digits_however_small_it_is(z: float, t: int) -> None:
    logit = Value(z)
    loss = binary_cross_entropy([logit], t)
    with mp.workdps(700):
        exact = EXACT_LOSSES["binary_cross_entropy"]([mp.mpf(z)], [t])
        assert abs(loss.data - exact) <= 1e-15 * exact
        slope = 1 / (1 + mp.exp(-mp.mpf(z))) - t
        assert abs(gradients(loss, [logit])[0] - slope) <= 1e-15 * abs(slope)


@given(st.lists(st.integers(-320, 320), min_size=2, max_size=5), st.data())
def test_softmax_cross_entropy_keeps_its_digits_however_small_it_is(
    zs: list[int], data: st.DataObject
) -> None:
    k = data.draw(st.integers(0, len(zs) - 1))
    logits = [Value(z) for z in zs]
    loss = softmax_cross_entropy(logits, k)
    with mp.workdps(700):
        exact = EXACT_LOSSES["softmax_cross_entropy"]([mp.mpf(z) for z in zs], k)
        # The margin is rounded once, at the size of the logits.
        assert abs(loss.data - exact) <= (4 + max(map(abs, zs))) * 2**-51 * exact
        for j, slope in enumerate(gradients(loss, logits)):
            share = mp.exp(zs[j]) / mp.fsum([mp.exp(z) for z in zs])
            right = share - 1 if j == k else share
            if j == k:  # 1 − share, without its cancellation
                right = -mp.fsum([mp.exp(z) for i, z in enumerate(zs) if i != k]) / mp.fsum(
                    [mp.exp(z) for z in zs]
                )
            assert abs(slope - right) <= (8 + 2 * max(map(abs, zs))) * 2**-51 * abs(right)


@pytest.mark.parametrize("z", [1e4, 1e300, -1e300])
def test_logits_of_any_size_give_a_number(z: float) -> None:
    assert binary_cross_entropy([z], 0) == max(z, 0.0)
    assert binary_cross_entropy([z], 1) == max(-z, 0.0)
    assert softmax_cross_entropy([z, 0.0], 1) == max(z, 0.0)


@given(st.lists(st.floats(-800, 800), min_size=1, max_size=6))
def test_softmax_gives_probabilities(zs: list[float]) -> None:
    shares = softmax(zs)
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert math.fsum(shares) == pytest.approx(1.0, rel=1e-12)
    top = max(zs)
    weights = [math.exp(z - top) for z in zs]
    assert shares == pytest.approx([w / math.fsum(weights) for w in weights], rel=1e-11, abs=1e-300)


# ---------------------------------------------------------------------------------- what is taken


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_of_floats_is_a_float_and_of_any_value_a_value(name: str) -> None:
    loss = LOSSES[name]
    for target in TARGETS[name]:
        assert type(loss([0.5, -0.5, 2.0], target)) is float
        of_values = loss([Value(0.5), -0.5, 2.0], target)
        assert type(of_values) is Value
        assert of_values == loss((0.5, -0.5, 2.0), target)


@pytest.mark.parametrize("loss", [mse, mae, huber, hinge, binary_cross_entropy])
def test_a_number_stands_for_a_target_of_one(loss: Any) -> None:
    for prediction in (0.25, Value(0.25)):
        assert loss([prediction], 1) == loss([prediction], [1.0])


def test_a_target_may_be_a_value_to_be_learned() -> None:
    target = Value(0.25)
    loss = binary_cross_entropy([2.0], [target])
    assert gradients(loss, [target]) == pytest.approx([-2.0], rel=1e-14)


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "hinge", "binary_cross_entropy"])
@pytest.mark.parametrize(
    ("predictions", "target", "error", "sentence"),
    [
        ([1.0], [1.0, 2.0], ValueError, "there are 1 predictions and 2 targets"),
        ([1.0, 2.0], [1.0], ValueError, "there are 2 predictions and 1 targets"),
        ([1.0, 2.0], 1.0, ValueError, "there are 2 predictions and 1 targets"),
        ([], [], ValueError, "and one at least: there are 0 predictions and 0 targets"),
        (Value(1.0), [1.0], TypeError, "predictions must be a sequence of numbers, not Value"),
        ([1.0], "1", TypeError, "target must be a sequence of numbers, not str '1'"),
    ],
)
def test_a_loss_needs_as_many_targets_as_predictions(
    name: str, predictions: Any, target: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        LOSSES[name](predictions, target)


@pytest.mark.parametrize(
    ("name", "predictions", "target", "error", "sentence"),
    [
        ("hinge", [1.0], 0, ValueError, "hinge takes targets −1 and 1, not 0: data.relabeled"),
        ("binary_cross_entropy", [1.0], -1, ValueError, "takes targets from 0 to 1, not -1"),
        ("binary_cross_entropy", [1.0], math.nan, ValueError, "takes targets from 0 to 1, not nan"),
        ("softmax_cross_entropy", [1.0], 0, ValueError, "a logit per class, two at least, not 1"),
        ("softmax_cross_entropy", [1.0, 2.0], 2, ValueError, "there is no class 2: 2 logits"),
        ("softmax_cross_entropy", [1.0, 2.0], -1, ValueError, "there is no class -1: 2 logits"),
        ("softmax_cross_entropy", [1.0, 2.0], 1.0, TypeError, "if it is not an int, must be a seq"),
        ("softmax_cross_entropy", [1.0, 2.0], [1.0], ValueError, "needs a probability for each"),
        ("softmax_cross_entropy", [1.0, 2.0], [-1.0, 2.0], ValueError, "a probability for each"),
        ("softmax_cross_entropy", [1.0, 2.0], [0.5, 0.6], ValueError, "must add up to 1: [0.5, 0."),
    ],
)
def test_a_target_that_a_loss_cannot_mean_is_refused(
    name: str, predictions: Any, target: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        LOSSES[name](predictions, target)


def test_l2_is_the_sum_of_the_squares_and_its_slopes_twice_the_numbers() -> None:
    parameters = [Value(0.5), Value(-3.0)]
    penalty = l2(parameters)
    assert penalty.data == 9.25
    assert gradients(penalty, parameters) == [1.0, -6.0]


@pytest.mark.parametrize(
    ("predictions", "target", "right"),
    [
        ([0.5], 1, 1.0),
        ([-0.5], 0, 1.0),
        ([-0.5], -1, 1.0),
        ([0.5], [-1], 0.0),
        ([Value(0.5)], 0, 0.0),
        ([0.1, 0.3, 0.2], 1, 1.0),
        ([0.1, 0.3, 0.2], 2, 0.0),
        ([Value(0.1), Value(0.3)], [0.2, 0.8], 1.0),
        ([0.5, 0.3], [0.2, 0.8], 0.0),
    ],
)
def test_accuracy_says_whether_the_class_is_right(
    predictions: Any, target: Any, right: float
) -> None:
    assert accuracy(predictions, target) == right
