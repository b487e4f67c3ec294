"""Learning rates from epoch to epoch."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.schedules import cosine, exponential, linear, steps, warmup

RATES = st.floats(0.0, 10.0)


@pytest.mark.parametrize("make", [linear, cosine])
@given(start=RATES, end=RATES, epochs=st.integers(1, 50))
def test_a_schedule_between_two_rates_stays_between_them_and_arrives(
    make: Callable[..., Callable[[int], float]], start: float, end: float, epochs: int
) -> None:
    rate = make(start, end, epochs)
    found = [rate(epoch) for epoch in range(epochs + 3)]
    assert found[0] == pytest.approx(start, rel=1e-15)
    assert found[epochs:] == [end] * 3
    low, high = min(start, end), max(start, end)
    assert all(low - 1e-14 * high <= r <= high + 1e-14 * high for r in found)
    assert all((b - a) * (end - start) >= -1e-14 * high for a, b in pairwise(found))


def test_a_warmup_rises_to_the_schedule_and_then_follows_it_from_its_start() -> None:
    inner = exponential(0.8, 0.5)
    rate = warmup(inner, 2)
    assert [rate(epoch) for epoch in range(5)] == [0.4, 0.8, 0.8, 0.4, 0.2]


@pytest.mark.parametrize(
    ("make", "arguments", "sentence"),
    [
        (linear, (-1.0, 0.1, 5), "start must be finite and not negative"),
        (linear, (1.0, 0.1, 0), "epochs must be at least 1, not 0"),
        (cosine, (1.0, float("nan"), 5), "end must be finite and not negative"),
        (exponential, (1.0, -0.5), "factor must be finite and not negative"),
        (steps, (1.0, 0.5, 0), "every must be at least 1, not 0"),
        (warmup, (exponential(1.0, 0.5), 0), "epochs must be at least 1, not 0"),
    ],
)
def test_settings_out_of_range_are_refused(
    make: Callable[..., Any], arguments: tuple[Any, ...], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        make(*arguments)
