"""Losses of predictions and targets."""

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, gradients
from nn import mse

EIGHTHS = st.integers(-64, 64).map(lambda k: k / 8)


@given(st.lists(st.tuples(EIGHTHS, EIGHTHS), min_size=1, max_size=8))
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


@pytest.mark.parametrize(
    ("predictions", "targets", "kind"),
    [
        ([1.0, 2.0], [0.0, 0.0], float),
        ([Value(1.0), 2.0], [0.0, 0.0], Value),
        ([1.0, 2.0], (Value(0.0), 0.0), Value),
    ],
)
def test_mse_of_floats_is_a_float_and_of_any_value_a_value(
    predictions: Any, targets: Any, kind: type
) -> None:
    loss = mse(predictions, targets)
    assert type(loss) is kind
    assert loss == 2.5


@pytest.mark.parametrize(
    ("predictions", "targets", "error", "sentence"),
    [
        ([1.0], [1.0, 2.0], ValueError, "there are 1 predictions and 2 targets"),
        ([1.0, 2.0], [1.0], ValueError, "there are 2 predictions and 1 targets"),
        ([], [], ValueError, "and one at least: there are 0 predictions and 0 targets"),
        (Value(1.0), [1.0], TypeError, "predictions must be a sequence of numbers, not Value"),
        ([1.0], 1.0, TypeError, "targets must be a sequence of numbers, not float 1.0"),
        ([1.0], "1", TypeError, "targets must be a sequence of numbers, not str '1'"),
    ],
)
def test_mse_needs_as_many_targets_as_predictions(
    predictions: Any, targets: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        mse(predictions, targets)
