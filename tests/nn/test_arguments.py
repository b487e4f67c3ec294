"""What nn accepts as an argument, and the sentence for what it does not."""

import random
from array import array
from fractions import Fraction

import pytest

from autograd_mini import Value
from nn.arguments import as_count, as_random, as_rate, as_vector


@pytest.mark.parametrize("given", [[1.0, 2.0], (1.0, 2.0), array("d", [1.0, 2.0]), range(1, 3)])
def test_a_vector_is_any_sequence_of_numbers(given: object) -> None:
    assert list(as_vector(given, "inputs")) == [1.0, 2.0]


@pytest.mark.parametrize(
    "given",
    [3.0, Value(3.0), None, "text", b"12", {1.0, 2.0}, {1.0: 2.0}, (x for x in (1.0, 2.0))],
)
def test_what_has_no_order_or_no_length_is_no_vector(given: object) -> None:
    with pytest.raises(TypeError, match="inputs must be a sequence of numbers, not"):
        as_vector(given, "inputs")


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        (0, ValueError, "nin must be at least 1, not 0"),
        (-2, ValueError, "nin must be at least 1, not -2"),
        (True, TypeError, "nin must be an int, not bool True"),
        (2.0, TypeError, r"nin must be an int, not float 2\.0"),
        ("2", TypeError, "nin must be an int, not str '2'"),
        (None, TypeError, "nin must be an int, not NoneType None"),
    ],
)
def test_a_count_is_an_integer_of_at_least_one(
    given: object, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        as_count(given, "nin")


@pytest.mark.parametrize("given", [0, 0.0, 0.5, Fraction(1, 2), 10**6])
def test_a_rate_is_a_real_number_made_a_float(given: float) -> None:
    rate = as_rate(given, "momentum")
    assert isinstance(rate, float)
    assert rate == given


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        (-0.1, ValueError, r"momentum must be finite and not negative, not -0\.1"),
        (float("inf"), ValueError, "not inf"),
        (float("nan"), ValueError, "not nan"),
        (True, TypeError, "momentum must be a number, not bool True"),
        ("0.9", TypeError, r"momentum must be a number, not str '0\.9'"),
        (Value(0.9), TypeError, "momentum must be a number, not Value"),
    ],
)
def test_a_rate_is_finite_and_not_negative(
    given: object, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        as_rate(given, "momentum")


def test_a_generator_is_used_itself_and_a_seed_starts_a_new_one() -> None:
    generator = random.Random(7)
    assert as_random(generator) is generator
    assert as_random(7).random() == random.Random(7).random()


def test_no_generator_means_one_of_its_own_and_never_the_global_one() -> None:
    state = random.getstate()
    assert as_random(None).random() != as_random(None).random()
    assert random.getstate() == state


@pytest.mark.parametrize("given", [True, 1.5, "1", random])
def test_what_is_neither_a_generator_nor_a_seed_is_refused(given: object) -> None:
    with pytest.raises(TypeError, match=r"rng must be a random\.Random, an int seed or None, not"):
        as_random(given)
