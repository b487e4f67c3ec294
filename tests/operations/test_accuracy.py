"""Value and local derivatives of every operation against 50 digits, in units of the last place."""

from __future__ import annotations

import pytest

from autograd_mini import Value
from autograd_mini.operations import OPERATIONS
from tests.operations.reference import REFERENCES
from tests.operations.sampling import mp, ordinary_points, points

ROWS = tuple(OPERATIONS)


def worst_error(name: str, count: int) -> tuple[float, object, int]:
    """The largest part of the allowed error, where, and in which result (0 is the value)."""
    reference = REFERENCES[name]
    worst: tuple[float, object, int] = (0.0, None, 0)
    for point in points(reference, count, name):
        z = OPERATIONS[name](*map(Value, point))
        for i, error in enumerate(reference.errors(point, (z.data, *z.local_derivatives))):
            if not error <= worst[0]:
                worst = error, point, i
    return worst


@pytest.mark.parametrize("name", ROWS)
def test_value_and_derivatives_are_right_to_a_few_ulp(name: str) -> None:
    error, point, result = worst_error(name, 300)
    assert error <= 1.0, (point, result)


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_value_and_derivatives_are_right_to_a_few_ulp_at_many_points(name: str) -> None:
    error, point, result = worst_error(name, 10_000)
    assert error <= 1.0, (point, result)


def test_every_reference_is_that_of_an_operation() -> None:
    assert set(REFERENCES) == set(ROWS)


@pytest.mark.parametrize("name", [name for name in REFERENCES if REFERENCES[name].limit])
def test_a_bound_that_is_wider_than_4_ulp_has_its_reason(name: str) -> None:
    assert REFERENCES[name].reason
    assert max(REFERENCES[name].limit.values()) <= 16.0


@pytest.mark.parametrize("name", REFERENCES)
def test_the_derivatives_of_a_reference_are_those_of_its_function(name: str) -> None:
    reference = REFERENCES[name]
    for point in ordinary_points(reference, 3, name):
        operands = tuple(map(mp.mpf, point))
        for i, derivative in enumerate(reference.exact(operands)[1:]):
            if not mp.isnan(derivative):
                orders = tuple(int(i == j) for j in range(len(point)))
                expected = mp.diff(reference.value, operands, orders)
                assert mp.almosteq(derivative, expected, 1e-20, 1e-20), (point, i)
