"""Straight-line code is made from an operation's rules; that it gives the same is for the rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import autograd_mini
from autograd_mini import Value, dot, grad, logsumexp, mean
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


def test_what_a_rule_writes_twice_is_one_line_too(defined: Callable[..., Primitive]) -> None:
    operation = defined(
        math.hypot,
        lambda x, y, z: (exp(x) + y) * (exp(x) + y),
        lambda x, y, z: (exp(x) + y) * exp(y),
    )
    lines = ["t0 = exp(x)", "t1 = t0 + y", "t2 = t1 * t1", "t3 = exp(y)", "t4 = t1 * t3"]
    assert straight_line(operation).lines[1:] == lines


@pytest.mark.parametrize("name", [name for name in OPERATIONS if not OPERATIONS[name].variadic])
def test_no_line_works_out_what_another_has(name: str) -> None:
    formulas = [line.partition(" = ")[2] for line in straight_line(OPERATIONS[name]).lines]
    assert len(set(formulas)) == len(formulas)


OF_MANY: dict[str, Callable[..., Any]] = {
    "sum": lambda x, y, z: autograd_mini.sum([x * y, z, 1.0]),
    "mean": lambda x, y, z: mean([x, y, y]) + mean([z]),
    "dot": lambda x, y, z: dot([x, 2.0], [y, z], x),
    "logsumexp": lambda x, y, z: logsumexp([x, y]) * logsumexp([x, y]),
    "sum of none": lambda x, y, z: x + autograd_mini.sum([]),
}


@pytest.mark.parametrize("rule", OF_MANY.values(), ids=OF_MANY)
def test_a_rule_may_use_operations_of_any_number_of_operands(
    rule: Callable[..., Any], defined: Callable[..., Primitive]
) -> None:
    operation = defined(lambda x, y: x - y, rule, lambda x, y, z: 0.5)
    assert fuse(operation)(2.0, 3.0) == (-1.0, rule(2.0, 3.0, -1.0), 0.5)
    assert operation(Value(2.0), 3.0).local_derivatives == (rule(2.0, 3.0, -1.0), 0.5)
    assert grad(grad(operation))(2.0, 3.0) == grad(lambda x: rule(x, 3.0, operation(x, 3.0)))(2.0)


def test_operations_of_one_name_are_told_apart(defined: Callable[..., Primitive]) -> None:
    other = defined(lambda x: x + 1.0, lambda x, z: 1.0)
    del OPERATIONS["of_the_test"]
    operation = defined(lambda x: 2.0 * x, lambda x, z: other(x))
    assert fuse(operation)(3.0) == (6.0, 4.0)


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


def test_names_of_operands_hide_nothing_that_the_lines_use(
    defined: Callable[..., Primitive],
) -> None:
    operation = defined(
        lambda exp, t0: exp * t0,
        lambda exp, t0, of_the_test: OPERATIONS["exp"](exp) + OPERATIONS["exp"](t0) * t0,
        lambda exp, t0, of_the_test: math.inf,
    )
    assert fuse(operation)(2.0, 0.5) == (1.0, math.exp(2.0) + math.exp(0.5) * 0.5, math.inf)


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
