"""Operations at the points where engines differ: they never raise, and what they give is stated."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest

import autograd_mini
from autograd_mini import Value, clamp, exp, gradients, hardtanh, log, maximum, minimum, relu, where
from autograd_mini.operations import OPERATIONS
from tests.operations.edges import EDGES, EDGES_OF_MANY, HUGE, Row

INFIX: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "mod": operator.mod,
    "pow": operator.pow,
    "neg": operator.neg,
    "abs": abs,
}


def function(name: str) -> Callable[..., Any]:
    """The public function or operator, else the row of the table."""
    if name == "gelu_tanh":
        return lambda x: autograd_mini.gelu(x, "tanh")
    found: Callable[..., Any] = INFIX[name] if name in INFIX else getattr(autograd_mini, name)
    return found


# A where has its condition first, and a method the Value that it is of.
OF_METHODS = [row for row in EDGES if hasattr(Value, row[0]) and row[0] != "where"]

ROWS = tuple(OPERATIONS)
FIXED = [name for name in ROWS if not OPERATIONS[name].variadic]

AWKWARD = (
    *(0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, inf, -inf, nan, 5e-324, -1e-310, 1e308, -1e308),
    *(1e200, -1e-200, 745.2, -745.2, 1e16, math.nextafter(1.0, 2.0)),
)
VERY_AWKWARD = (0.0, -0.0, -1.0, 2.0, inf, -inf, nan, 5e-324, -1e308)

# Which derivatives do not depend on which operand, so that a NaN there leaves them alone: those
# that are constant, by row and operand, and those that are linear in that operand.
CONSTANT = {
    *((name, 0) for name in ("identity", "neg", "sign", "step", "floor", "ceil", "round", "mod")),
    *((name, i) for name in ("add", "sub", "exceeds", "at_most", "floor_quotient") for i in (0, 1)),
    ("leaky_step", 0),
}
LINEAR = {("mul", 0), ("mul", 1), ("div", 0)}
LINEAR |= {(name, 1) for name in ("leaky_relu", "leaky_step", "elu", "elu_prime")}


def written(edges: list[Row]) -> list[str]:
    """Each edge as the call that it is."""
    return [f"{name}({', '.join(map(str, operands))})" for name, operands, *_ in edges]


def same(x: float, y: float) -> bool:
    """Equal to the bit, but for the bits of a NaN."""
    return repr(x) == repr(y)


def equal(x: float, y: float) -> bool:
    """Equal as numbers, and NaN as NaN."""
    return x == y or (math.isnan(x) and math.isnan(y))


@pytest.mark.parametrize(("name", "operands", "value", "derivatives"), EDGES, ids=written(EDGES))
def test_an_edge_has_its_value_and_local_derivatives(
    name: str, operands: tuple[float, ...], value: float, derivatives: tuple[float, ...]
) -> None:
    xs = [Value(x) for x in operands]
    z = function(name)(*xs)
    by_operand = zip(z.operands, z.local_derivatives, strict=True)
    given = [d for operand, d in by_operand if any(operand is x for x in xs)]
    assert same(z.data, value)
    assert len(given) == len(xs)
    assert all(map(same, given, derivatives)), given


@pytest.mark.parametrize(("name", "operands", "value", "derivatives"), EDGES, ids=written(EDGES))
def test_backward_gives_an_edge_its_derivatives(
    name: str, operands: tuple[float, ...], value: float, derivatives: tuple[float, ...]
) -> None:
    xs = [Value(x) for x in operands]
    function(name)(*xs).backward()
    assert all(map(equal, [x.grad for x in xs], derivatives)), xs


@pytest.mark.parametrize(("name", "operands", "value", "derivatives"), EDGES, ids=written(EDGES))
def test_an_edge_has_its_value_on_floats(
    name: str, operands: tuple[float, ...], value: float, derivatives: tuple[float, ...]
) -> None:
    row = OPERATIONS.get(name)
    f = row if row is not None and len(row.rules) == len(operands) else function(name)
    assert same(f(*operands), value)


@pytest.mark.parametrize(
    ("name", "operands", "value", "derivatives"), OF_METHODS, ids=written(OF_METHODS)
)
def test_the_method_of_that_name_gives_an_edge_the_same(
    name: str, operands: tuple[float, ...], value: float, derivatives: tuple[float, ...]
) -> None:
    x, *others = xs = [Value(operand) for operand in operands]
    z = getattr(x, name)(*others)
    assert same(z.data, value)
    z.backward()
    assert all(map(equal, [x.grad for x in xs], derivatives))


@pytest.mark.parametrize(
    ("name", "operands", "value", "derivatives"), EDGES_OF_MANY, ids=written(EDGES_OF_MANY)
)
def test_an_edge_of_many_operands_has_its_value_and_derivatives(
    name: str, operands: tuple[float, ...], value: float, derivatives: tuple[float, ...]
) -> None:
    assert same(function(name)(operands), value)
    xs = [Value(x) for x in operands]
    if xs:
        z = function(name)(xs)
        assert same(z.data, value)
        assert all(map(same, z.local_derivatives, derivatives)), z.local_derivatives


@pytest.mark.parametrize("name", [name for name in FIXED if name != "where"])
def test_a_nan_gives_a_nan_and_a_nan_derivative(name: str) -> None:
    width = len(OPERATIONS[name].rules)
    for ordinary, position in itertools.product((-0.5, -2.0), range(width)):
        xs = [Value(ordinary) for _ in range(width)]
        xs[position] = Value(nan)
        z = OPERATIONS[name](*xs)
        assert math.isnan(z.data)
        for i, derivative in enumerate(z.local_derivatives):
            known = (name, i) in CONSTANT or ((name, i) in LINEAR and i == position)
            assert math.isnan(derivative) is not known, (i, xs)


def test_a_nan_in_the_exponents_base_leaves_the_power_0_alone() -> None:
    x = Value(nan)
    (x**0).backward()
    assert x.grad == 0.0


def test_x_to_the_x_is_flat_at_0() -> None:
    x = Value(0.0)
    (x**x).backward()
    assert x.grad == 0.0


@pytest.mark.parametrize("exponent", range(5))
def test_a_power_at_0_has_the_derivatives_of_a_polynomial(exponent: int) -> None:
    x = Value(0.0)
    derivative: Value = x**exponent
    for order in range(1, 7):
        (derivative,) = gradients(derivative, [x], create_graph=True)
        assert derivative.data == (math.factorial(order) if order == exponent else 0.0)


def test_a_negative_base_needs_no_derivative_by_a_constant_exponent() -> None:
    x = Value(-2.0)
    (x**3).backward()
    assert x.grad == 12.0


@pytest.mark.parametrize("name", FIXED)
def test_an_operation_never_raises(name: str) -> None:
    operation = OPERATIONS[name]
    grid = {1: AWKWARD, 2: AWKWARD, 3: VERY_AWKWARD}[len(operation.rules)]
    for operands in itertools.product(grid, repeat=len(operation.rules)):
        value = operation(*operands)
        assert type(value) is float
        xs = [Value(x) for x in operands]
        z = operation(*xs)
        assert same(z.data, value)
        z.backward()
        for first in gradients(z, xs, create_graph=True):
            gradients(first, xs, create_graph=True)


@pytest.mark.parametrize("name", ["sum", "mean", "dot", "logsumexp", "softmax_share"])
def test_an_operation_of_many_operands_never_raises(name: str) -> None:
    for operands in itertools.product(VERY_AWKWARD[:7], repeat=3):
        xs = [Value(x) for x in operands]
        point = (xs[0], *xs) if name == "softmax_share" else xs
        z = OPERATIONS[name](*point)
        z.backward()
        for first in gradients(z, xs, create_graph=True):
            gradients(first, xs, create_graph=True)


@pytest.mark.parametrize("name", [name for name in INFIX if len(OPERATIONS[name].rules) == 2])
def test_an_operator_never_raises_whichever_side_is_a_value(name: str) -> None:
    operate, forward = INFIX[name], OPERATIONS[name].forward
    for x, y in itertools.product(AWKWARD, repeat=2):
        left, right = Value(x), Value(y)
        for z in (operate(left, y), operate(x, right), operate(left, right)):
            assert same(z.data, forward(x, y))
            z.backward()


@pytest.mark.parametrize("x", [0, 1, -3, 10**200])
def test_an_integer_is_as_good_as_a_float_beside_a_value(x: int) -> None:
    for operate in (f for f in INFIX.values() if f not in (abs, operator.neg)):
        assert same(operate(x, Value(0.0)).data, operate(Value(float(x)), 0.0).data)
        assert same(operate(Value(0.0), x).data, operate(0.0, Value(float(x))).data)


# Operations whose second derivative at infinity would need a limit of its own.
NO_BEND_AT_INFINITY = {("cbrt", inf), ("cbrt", -inf), ("acosh", inf)}


@pytest.mark.parametrize("name", [name for name in FIXED if len(OPERATIONS[name].rules) == 1])
@pytest.mark.parametrize("at", [1e200, -1e200, HUGE, -HUGE, inf, -inf])
def test_far_out_the_second_derivative_exists_where_the_first_does(name: str, at: float) -> None:
    x = Value(at)
    z = OPERATIONS[name](x)
    (first,) = gradients(z, [x], create_graph=True)
    (second,) = gradients(first, [x])
    expected = math.isnan(z.data) or math.isnan(first.data) or (name, at) in NO_BEND_AT_INFINITY
    assert math.isnan(second) == expected


# What of an operand that was not selected is multiplied by, an infinite or undefined derivative.
NOT_SELECTED: dict[str, tuple[float, Callable[[Any], Any]]] = {
    "relu(log x)": (0.0, lambda x: relu(log(x))),
    "maximum(log x, -5)": (0.0, lambda x: maximum(log(x), -5.0)),
    "maximum(-5, log x)": (0.0, lambda x: maximum(-5.0, log(x))),
    "minimum(1/x, 5)": (0.0, lambda x: minimum(1.0 / x, 5.0)),
    "minimum(5, 1/√x)": (0.0, lambda x: minimum(5.0, x**-0.5)),
    "clamp(log x)": (0.0, lambda x: clamp(log(x), -5.0, 5.0)),
    "clamp, a bound not reached": (0.0, lambda x: clamp(0.0, log(x), 5.0)),
    "hardtanh(log x)": (0.0, lambda x: hardtanh(log(x))),
    "where x > 0": (0.0, lambda x: where(x > 0.0, log(x), 0.0)),
    "where x <= 0": (0.0, lambda x: where(x <= 0.0, 0.0, x**0.5 / x)),
    "where, undefined": (-1.0, lambda x: where(x > 0.0, log(x), 0.0)),
    "the square of relu(log x)": (0.0, lambda x: relu(log(x)) ** 2 + relu(log(x))),
    "relu of an overflow": (1000.0, lambda x: relu(-exp(exp(x)))),
}


@pytest.mark.parametrize(("at", "f"), NOT_SELECTED.values(), ids=NOT_SELECTED)
def test_nothing_flows_to_what_was_not_selected(at: float, f: Callable[[Any], Any]) -> None:
    x = Value(at)
    f(x).backward()
    assert same(x.grad, 0.0)
    (first,) = gradients(f(x), [x], create_graph=True)
    assert same(first.data, 0.0)
    assert gradients(first, [x]) == [0.0]


def test_what_is_selected_keeps_its_derivative() -> None:
    x = Value(4.0)
    (relu(log(x)) + maximum(1.0 / x, -5.0) + clamp(x, 0.0, 5.0)).backward()
    assert x.grad == 0.25 - 1.0 / 16.0 + 1.0


def test_bounds_that_meet_share_the_derivative_as_one() -> None:
    x = Value(2.0)
    OPERATIONS["clamp"](x, x, x).backward()
    assert x.grad == 1.0
