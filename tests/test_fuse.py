"""Straight-line code is made from an operation's rules; that it gives the same is for the rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograd_mini import Value
from autograd_mini.fuse import function, fuse, straight_line
from autograd_mini.operations import OPERATIONS, exp, mul
from autograd_mini.primitive import Primitive, define


@pytest.fixture
def defined() -> Iterator[Callable[..., Primitive]]:
    """Define an operation that leaves the table with the test."""

    def make(forward: Callable[..., float], *rules: Callable[..., Any]) -> Primitive:
        return define("of_the_test", forward, *rules)

    yield make
    del OPERATIONS["of_the_test"]


def test_the_function_that_is_made_is_kept() -> None:
    made = fuse(mul)
    assert mul.evaluate is made
    assert made(3.0, 4.0) == (12.0, 4.0, 3.0)


def test_what_a_rule_uses_twice_is_one_line(defined: Callable[..., Primitive]) -> None:
    def rule(x: Any, z: Any) -> Any:
        growth = exp(x)
        return growth * growth + z

    operation = defined(math.fabs, rule)
    assert straight_line(operation).lines[1:] == ["t0 = exp(x)", "t1 = t0 * t0", "t2 = t1 + z"]


def test_the_result_is_reused_rather_than_worked_out_again() -> None:
    assert straight_line(exp).lines == ["z = exp(x)"]
    assert straight_line(exp).derivatives == ["z"]


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 0.1, -0.0, 1e-320])
def test_a_constant_derivative_keeps_its_bits(
    number: float, defined: Callable[..., Primitive]
) -> None:
    operation = defined(lambda x: x, lambda x, z: number)
    assert repr(fuse(operation)(1.0)) == repr((1.0, number))


def test_a_rule_may_name_its_operands_as_it_likes(defined: Callable[..., Primitive]) -> None:
    operation = defined(
        lambda weight, inputs: weight * inputs,
        lambda weight, inputs, result: result / weight,
        lambda weight, inputs, result: exp(weight) + inputs,
    )
    assert straight_line(operation).operands == ["weight", "inputs"]
    assert fuse(operation)(2.0, 3.0) == (6.0, 3.0, exp(2.0) + 3.0)


def test_an_error_in_generated_code_names_the_operation(defined: Callable[..., Primitive]) -> None:
    def broken(x: float) -> float:
        raise RuntimeError

    operation = defined(broken, lambda x, z: 1.0)
    with pytest.raises(RuntimeError) as raised:
        operation(Value(1.0))
    files = [str(entry.path) for entry in raised.traceback]
    assert "<rules of of_the_test>" in files


def test_a_function_is_made_of_its_lines() -> None:
    made = function("twice", ["x"], ["y = f(x)", "return f(y)"], {"f": lambda x: x + 1.0})
    assert made(1.0) == 3.0
    assert made.__name__ == "twice"
