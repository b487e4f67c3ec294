"""Gradients made smaller."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value
from nn import clip_norm, clip_value

SLOPES = st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=5)


def values(slopes: list[float]) -> list[Value]:
    parameters = [Value(0.0) for _ in slopes]
    for parameter, slope in zip(parameters, slopes, strict=True):
        parameter.grad = slope
    return parameters


@given(SLOPES, st.floats(1e-3, 1e3))
def test_a_long_gradient_keeps_its_direction_and_a_short_one_everything(
    slopes: list[float], largest: float
) -> None:
    parameters = values(slopes)
    norm = clip_norm(parameters, largest)
    assert norm == math.hypot(*slopes)
    after = [p.grad for p in parameters]
    if norm <= largest:
        assert after == slopes
        return
    assert math.hypot(*after) == pytest.approx(largest, rel=1e-12)
    assert after == pytest.approx([s / norm * largest for s in slopes], rel=1e-12, abs=1e-300)


@given(SLOPES, st.floats(0.0, 1e3))
def test_clipping_by_value_moves_each_gradient_to_the_nearest_allowed(
    slopes: list[float], largest: float
) -> None:
    parameters = values(slopes)
    clip_value(parameters, largest)
    for parameter, slope in zip(parameters, slopes, strict=True):
        expected = slope if abs(slope) <= largest else math.copysign(largest, slope)
        assert parameter.grad == expected


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_a_gradient_that_is_no_number_is_left_for_the_optimizer_to_refuse(bad: float) -> None:
    parameters = values([3.0, bad])
    clip_norm(parameters, 1.0)
    clip_value(parameters[1:], 1.0)
    assert repr([p.grad for p in parameters]) == repr([3.0, bad])


@pytest.mark.parametrize("clip", [clip_norm, clip_value])
def test_a_bound_below_zero_is_refused(clip: object) -> None:
    with pytest.raises(ValueError, match="largest must be finite and not negative"):
        clip([], -1.0)  # type: ignore[operator]
