"""Data sets: their shapes, their seeds, their batches."""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import Dataset, blobs, circles, curve, moons, spiral, xor

CLASSES: dict[Callable[..., Dataset], int] = {moons: 2, circles: 2, spiral: 3, blobs: 3}


@pytest.mark.parametrize("make", CLASSES)
@given(n=st.integers(6, 50), seed=st.integers(0, 2**40))
def test_classes_are_of_nearly_equal_size_and_a_seed_gives_the_same_bits(
    make: Callable[..., Dataset], n: int, seed: int
) -> None:
    data = make(n, rng=seed)
    sizes = Counter(data.targets)
    assert sorted(sizes) == list(range(CLASSES[make]))
    assert sum(sizes.values()) == len(data) == n
    assert max(sizes.values()) - min(sizes.values()) <= 1
    assert {len(row) for row in data.inputs} == {2}
    assert data == make(n, rng=seed)
    assert data != make(n, rng=seed + 1)


@pytest.mark.parametrize(
    ("make", "distance"),
    [
        (moons, lambda k, x, y: math.hypot(x, y) if k == 0 else math.hypot(x - 1, y - 0.5)),
        (circles, lambda k, x, y: math.hypot(x, y) * (1 + k)),
        (blobs, lambda k, x, y: math.hypot(x, y)),
    ],
)
def test_without_noise_the_samples_lie_on_circles(
    make: Callable[..., Dataset], distance: Callable[[Any, float, float], float]
) -> None:
    for (x, y), k in make(20, noise=0.0):
        assert distance(k, x, y) == pytest.approx(1.0, rel=1e-14)


def test_the_halves_of_the_moons_reach_into_one_another() -> None:
    heights = [[y for (_, y), k in moons(22, noise=0.0) if k == moon] for moon in range(2)]
    assert (min(heights[0]), max(heights[0])) == (0.0, 1.0)
    assert (min(heights[1]), max(heights[1])) == (-0.5, 0.5)


def test_the_points_of_a_circle_are_all_different() -> None:
    rounded = {(round(x, 9), round(y, 9)) for x, y in circles(20, noise=0.0).inputs}
    assert len(rounded) == 20


def test_the_arms_of_a_spiral_start_together_and_turn_into_one_another() -> None:
    data = spiral(30, classes=3, noise=0.0)
    arms = [[complex(x, y) for (x, y), k in data if k == arm] for arm in range(3)]
    assert [arm[0] for arm in arms] == [0.0] * 3
    turn = complex(math.cos(2 * math.pi / 3), -math.sin(2 * math.pi / 3))
    for one, other in zip(arms[0], arms[1], strict=True):
        assert abs(one * turn - other) < 1e-14
    assert [abs(z) for z in arms[0]] == pytest.approx([i / 9 for i in range(10)], abs=1e-14)


def test_a_curve_runs_evenly_from_end_to_end_with_noise_about_it() -> None:
    data = curve(lambda x: 3.0 * x, 5, low=-1.0, high=3.0)
    assert data.inputs == ((-1.0,), (0.0,), (1.0,), (2.0,), (3.0,))
    assert data.targets == (-3.0, 0.0, 3.0, 6.0, 9.0)
    noisy = curve(lambda x: 0.0, 4000, noise=0.5, rng=0)
    assert noisy == curve(lambda x: 0.0, 4000, noise=0.5, rng=0)
    assert np.std(noisy.targets) == pytest.approx(0.5, rel=0.05)


@given(n=st.integers(1, 20), size=st.integers(1, 25), seed=st.integers(0, 2**40))
def test_batches_have_every_sample_once(n: int, size: int, seed: int) -> None:
    data = Dataset([[float(i)] for i in range(n)], list(range(n)))
    batches = list(data.batches(size, rng=seed))
    assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert len(batches) == -(-n // size)
    samples = [sample for batch in batches for sample in batch]
    assert sorted(samples) == sorted(data)
    assert samples == [sample for batch in data.batches(size, rng=seed) for sample in batch]


def test_batches_come_in_random_order() -> None:
    data = Dataset([[float(i)] for i in range(20)], list(range(20)))
    (whole,) = data.batches(20, rng=0)
    assert whole.targets != data.targets
    (other,) = data.batches(20, rng=1)
    assert whole.targets != other.targets


@given(n=st.integers(2, 20), share=st.floats(0.0, 0.9), seed=st.integers(0, 2**40))
def test_a_split_has_every_sample_on_one_side(n: int, share: float, seed: int) -> None:
    data = Dataset([[float(i)] for i in range(n)], list(range(n)))
    if max(1, round(share * n)) == n:
        with pytest.raises(ValueError, match="leaves none for the first part"):
            data.split(share, rng=seed)
        return
    first, second = data.split(share, rng=seed)
    assert len(second) == max(1, round(share * n))
    assert sorted([*first, *second]) == sorted(data)


def test_classes_can_be_called_otherwise() -> None:
    assert xor().relabeled(-1, 1).targets == (-1, 1, 1, -1)
    assert xor().relabeled([1, 0], [0, 1]).targets[1] == (0.0, 1.0)
    with pytest.raises(ValueError, match="targets must be classes from 0 to 0, not 1"):
        xor().relabeled(5)
    with pytest.raises(ValueError, match=r"targets must be classes from 0 to 1, not 0.5"):
        Dataset([[1.0]], [0.5]).relabeled(0, 1)


def test_arrays_and_other_numbers_become_floats_and_classes_stay_ints() -> None:
    data = Dataset(np.array([[1, 2], [3, 4]]), np.array([0, 1]))  # type: ignore[arg-type]
    assert data == Dataset([[1.0, 2.0], [3.0, 4.0]], [0, 1])
    assert [type(t) for t in data.targets] == [int, int]
    data = Dataset([(1, True)], np.array([[0.5, 1.0]]))  # type: ignore[arg-type]
    assert data == Dataset([[1.0, 1.0]], [(0.5, 1.0)])
    assert [type(t) for t in Dataset([[1.0]], [np.float64(0.5)]).targets] == [float]


@pytest.mark.parametrize(
    ("inputs", "targets", "error", "sentence"),
    [
        ([], [], ValueError, "one sample at least: there are 0 inputs and 0 targets"),
        ([[1.0]], [1, 2], ValueError, "there are 1 inputs and 2 targets"),
        ([[1.0], [1.0, 2.0]], [0, 1], ValueError, r"inputs\[1\] is of width 2, but inputs\[0\] of"),
        ([[1.0, math.nan]], [0], ValueError, r"inputs\[0\] holds nan: leave such samples out"),
        ([[1.0]], [math.inf], ValueError, r"targets\[0\] holds inf: leave such samples out"),
        ([1.0], [0], TypeError, r"inputs\[0\] must be a sequence of numbers, not float 1.0"),
        ([["a"]], [0], TypeError, r"inputs\[0\] holds 'a', which is no number"),
        ([[1.0]], ["a"], TypeError, r"targets\[0\] must be a sequence of numbers, not str 'a'"),
        ([[1.0]], [None], TypeError, r"targets\[0\] holds None, which is no number"),
        (3, [1], TypeError, "inputs must be a sequence of numbers, not int 3"),
    ],
)
def test_samples_that_are_none_are_refused(
    inputs: Any, targets: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        Dataset(inputs, targets)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: moons(3), "n must be at least 4, not 3"),
        (lambda: spiral(9, classes=5), "n must be at least 10, not 9"),
        (lambda: circles(10, noise=-1.0), "noise must be finite and not negative"),
        (lambda: curve(math.sin, 1), "n must be at least 2, not 1"),
        (lambda: xor().batches(0), "size must be at least 1, not 0"),
        (lambda: xor().split(1.0), "share must be less than 1, not 1.0"),
    ],
)
def test_a_size_that_cannot_be_is_refused(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
