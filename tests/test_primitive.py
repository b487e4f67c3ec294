"""An operation is defined once, and takes real numbers, whatever their type, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd_mini import Value, atan2, dot, exp, logsumexp, sin, where
from autograd_mini.expression import symbol, write
from autograd_mini.operations import dot_product
from autograd_mini.primitive import OPERATIONS, Primitive, define, not_a_number, to_float


@pytest.fixture
def cube() -> Iterator[Primitive]:
    """An operation that is in the table for the length of a test."""
    yield define("cube", lambda x: x * x * x, lambda x, z: 3.0 * x * x)
    del OPERATIONS["cube"]


def test_an_operation_is_found_by_its_name(cube: Primitive) -> None:
    assert OPERATIONS["cube"] is cube
    assert list(OPERATIONS)[-1] == "cube"


def test_an_operation_runs_on_floats_values_and_symbols(cube: Primitive) -> None:
    x = Value(2.0)
    z = cube(x)
    z.backward()
    assert (cube(2.0), z.data, z.op, z.operands, x.grad) == (8.0, 8.0, "cube", (x,), 12.0)
    assert write(cube(symbol("a"))) == "cube(a)"


def test_a_name_that_is_taken_is_refused_and_leaves_the_operation_as_it_was() -> None:
    before = OPERATIONS["exp"]
    with pytest.raises(ValueError, match=r"named 'exp' is defined already; choose another name"):
        define("exp", abs, lambda x, z: 1.0)
    assert OPERATIONS["exp"] is before


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((), r"sin\(\) takes 1 operands, 0 were given"),
        ((1.0, 2.0), r"sin\(\) takes 1 operands, 2 were given"),
        ((Value(1.0), 2.0), r"sin\(\) takes 1 operands, 2 were given"),
    ],
)
def test_a_wrong_number_of_operands_is_refused(given: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence):
        sin(*given)


@pytest.mark.parametrize(
    "half",
    [0.5, Fraction(1, 2), np.float64(0.5), np.float32(0.5), np.float16(0.5)],
    ids=lambda half: type(half).__name__,
)
def test_a_real_number_of_any_type_is_taken_as_a_float(half: Any) -> None:
    assert type(exp(half)) is float
    assert exp(half) == exp(0.5)
    mixed = atan2(half, Value(2.0))
    assert mixed.data == atan2(0.5, 2.0)
    assert type(mixed.operands[0]) is float


@pytest.mark.parametrize("one", [1, True, np.int64(1), np.uint8(1)], ids=repr)
def test_an_integer_or_a_truth_value_is_taken_as_a_float(one: Any) -> None:
    assert exp(one) == exp(1.0)
    assert where(one, Value(2.0), 3.0).operands[0] == 1.0


NOT_NUMBERS: list[tuple[Any, str]] = [
    ("1.5", "str '1.5': write float(text) for the number it holds"),
    (1 + 2j, "complex (1+2j): use its .real or .imag part"),
    (Decimal("1.5"), "Decimal Decimal('1.5'): write float(x) to convert it"),
    (None, "NoneType None: give an int, a float or a Fraction"),
    ([1.0, 2.0], "list [1.0, 2.0]: apply it to each element, as in [f(x) for x in xs]"),
    ((1.0,), "tuple (1.0,): apply it to each element, as in [f(x) for x in xs]"),
    (np.array([1.0]), "ndarray array([1.]): apply it to each element"),
    ({1.0: 2.0}, "dict {1.0: 2.0}: apply it to each element"),
    (sin, "Primitive <operation sin>: give an int, a float or a Fraction"),
]


@pytest.mark.parametrize(("given", "sentence"), NOT_NUMBERS)
def test_what_is_no_number_is_refused_with_what_to_write_instead(given: Any, sentence: str) -> None:
    calls: list[tuple[str, Callable[[], Any]]] = [
        ("exp", lambda: exp(given)),
        ("atan2", lambda: atan2(1.0, given)),
        ("atan2", lambda: atan2(given, Value(1.0))),
        ("logsumexp", lambda: logsumexp([given, 1.0])),
        ("logsumexp", lambda: logsumexp([Value(1.0), given])),
        ("dot", lambda: dot([Value(1.0)], [given])),
        ("dot", lambda: dot([1.0], [1.0], given)),
    ]
    for name, call in calls:
        with pytest.raises(TypeError) as raised:
            call()
        expected = f"an operand of {name}() must be a real number or a Value, not {sentence}"
        assert str(raised.value).startswith(expected)


def test_a_long_offender_is_shown_in_part() -> None:
    assert len(not_a_number("x" * 1000, "a label")) < 200


def test_whatever_is_no_number_has_no_float() -> None:
    assert to_float(Fraction(1, 4)) == 0.25
    assert all(to_float(given) is NotImplemented for given, _ in NOT_NUMBERS)


def test_help_shows_the_operands_and_a_sentence() -> None:
    assert str(inspect.signature(atan2)) == "(y, x)"
    assert exp.__doc__ == "e to the power x."
    assert repr(exp) == "<operation exp>"


def test_an_operation_of_many_operands_takes_any_number_of_them() -> None:
    assert dot_product(2.0, 3.0, 1.0) == 7.0
    assert dot_product(5.0) == 5.0
    assert dot_product(Value(2.0), 3.0, 1.0).operands[1:] == (3.0, 1.0)
