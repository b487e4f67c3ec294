"""Formulas are written down once, and worked out on whatever their symbols are bound to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograd_mini import Value, gradients
from autograd_mini.expression import Expression, formulas, interpret, parts, symbol, write
from autograd_mini.operations import OPERATIONS, div, mul, tanh
from autograd_mini.primitive import Primitive, define

X, Y = symbol("x"), symbol("y")


def test_an_operation_of_symbols_is_written_down_not_worked_out() -> None:
    expression = X * 2.0 + tanh(Y)
    assert isinstance(expression, Expression)
    assert expression.primitive is OPERATIONS["add"]
    assert parts(expression.operands[:1])[0].operands == (X, 2.0)
    assert str(expression) == "x · 2 + tanh(y)"
    assert repr(expression) == "<expression x · 2 + tanh(y)>"


def test_a_symbol_is_itself_alone() -> None:
    assert symbol("x") != X
    assert write(X + symbol("x")) == "x + x"


@pytest.mark.parametrize("name", [n for n in OPERATIONS if not OPERATIONS[n].variadic])
def test_the_formulas_of_an_operation_are_read_once_for_each_operand(name: str) -> None:
    operation = OPERATIONS[name]
    symbols, derivatives = formulas(operation)
    assert len(symbols) == len(operation.rules) + 1
    assert len(derivatives) == len(operation.rules)
    assert all(isinstance(d, (float, Expression)) for d in derivatives)
    assert formulas(operation) is formulas(operation)


def test_bindings_may_be_floats_values_or_expressions() -> None:
    formula = [X * Y, X / 2.0, 7.0]
    assert interpret(formula, {X: 3.0, Y: 4.0}) == [12.0, 1.5, 7.0]
    x = Value(3.0)
    product, half, seven = interpret(formula, {X: x, Y: x})
    assert (product.data, half.data, seven) == (9.0, 1.5, 7.0)
    assert gradients(product, [x]) == [6.0]
    assert write(interpret(formula, {X: Y, Y: X + 1.0})[0]) == "y · (x + 1)"


def test_what_is_shared_is_worked_out_once() -> None:
    x = Value(2.0)
    shared = X * X
    first, second = interpret([shared + 1.0, shared - 1.0], {X: x})
    assert first.operands[0] is second.operands[0]


def test_a_deep_formula_needs_no_deep_stack() -> None:
    expression: Any = X
    for _ in range(5000):
        expression = expression + 1.0
    assert interpret([expression], {X: 0.0}) == [5000.0]
    assert write(expression).startswith("x + 1 + 1")


def test_a_part_can_be_written_under_a_name() -> None:
    inner = X + Y
    assert write(inner * inner, names={inner: "s"}) == "s · s"
    assert write(inner * 2.0, "latex", {X: "w_{1}"}) == r"\left(w_{1} + y\right) \, 2"


@pytest.mark.parametrize(
    ("number", "text", "latex"),
    [
        (2.0, "2", "2"),
        (0.1, "0.1", "0.1"),
        (-3.5, "−3.5", "-3.5"),
        (1 / 3, "0.333333333333", "0.333333333333"),
        (1e20, "1e20", "10^{20}"),
        (-1e-5, "−1e-5", "-10^{-5}"),
        (2.5e-7, "2.5e-7", r"2.5 \cdot 10^{-7}"),
        (math.inf, "∞", r"\infty"),
        (-math.inf, "−∞", r"-\infty"),
        (math.nan, "NaN", r"\text{NaN}"),
    ],
)
def test_a_number_is_written_to_twelve_digits(number: float, text: str, latex: str) -> None:
    assert write(number) == text
    assert write(number, "latex") == latex


def test_a_power_of_ten_binds_as_one() -> None:
    assert write(X * 1e-5, "latex") == r"x \, 10^{-5}"
    assert write(X**1e-5, "latex") == r"{x}^{10^{-5}}"
    assert write(1e-5**X, "latex") == r"{\left(10^{-5}\right)}^{x}"
    assert write(X / 2.5e-5, "latex") == r"\frac{x}{2.5 \cdot 10^{-5}}"
    assert write(2.5e-5**X, "latex") == r"{\left(2.5 \cdot 10^{-5}\right)}^{x}"
    assert write(-X * 2.5e-5, "latex") == r"\left(-x\right) \, 2.5 \cdot 10^{-5}"


@pytest.fixture
def branching() -> Iterator[Callable[[Callable[..., Any]], Primitive]]:
    """Define an operation by a rule; it leaves the table with the test."""
    yield lambda rule: define("branching", math.fabs, rule)
    del OPERATIONS["branching"]


BRANCHES: dict[str, Callable[..., Any]] = {
    "if x > 0": lambda x, z: 1.0 if x > 0.0 else -1.0,
    "if x <= z": lambda x, z: 1.0 if x <= z else -1.0,
    "if x >= z": lambda x, z: 1.0 if x >= z else -1.0,
    "if 0 > x": lambda x, z: 1.0 if 0.0 > x else -1.0,  # noqa: SIM300  # reflected: x < 0
    "and": lambda x, z: x and z,
    "max": lambda x, z: max(x, 0.0, z),
}


@pytest.mark.parametrize("rule", BRANCHES.values(), ids=BRANCHES)
def test_a_rule_that_branches_is_refused_with_what_to_write_instead(
    rule: Callable[..., Any], branching: Callable[[Callable[..., Any]], Primitive]
) -> None:
    with pytest.raises(TypeError, match="use relu, maximum, clamp, sign or another operation"):
        formulas(branching(rule))


@pytest.mark.parametrize("found", [None, "x", (1.0, 2.0), Value(1.0)], ids=repr)
def test_a_rule_that_gives_no_formula_is_refused(
    found: Any, branching: Callable[[Callable[..., Any]], Primitive]
) -> None:
    with pytest.raises(TypeError, match="a derivative of branching must be a number or made of"):
        formulas(branching(lambda x, z: found))


def test_a_function_of_math_in_a_rule_is_refused_with_what_to_write_instead(
    branching: Callable[[Callable[..., Any]], Primitive],
) -> None:
    with pytest.raises(TypeError, match=r"2 · x is a formula.*use the one of autograd_mini"):
        formulas(branching(lambda x, z: math.exp(2.0 * x)))


@pytest.mark.parametrize("stranger", ["text", [1.0], None, 1j, Value(1.0)], ids=repr)
def test_a_formula_is_made_of_numbers_and_symbols_alone(stranger: Any) -> None:
    with pytest.raises(TypeError):
        X + stranger
    with pytest.raises(TypeError, match="made of numbers and expressions"):
        mul(X, stranger)


def test_the_quotients_rules_read_as_they_are_stated() -> None:
    (x, y, z), (by_x, by_y) = formulas(div)
    assert [x.name, y.name, z.name] == ["x", "y", "z"]
    assert [write(by_x), write(by_y)] == ["1 / y", "(−z) / y"]
