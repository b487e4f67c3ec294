"""The rules of the table: what is generated from them equals them, and they are right again.

A rule is itself differentiated for the derivatives of higher order, here against the derivatives
that mpmath finds of the function alone.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import pytest

from autograd_mini import Value, grad, gradients, tanh
from autograd_mini.expression import formulas, interpret
from autograd_mini.fuse import fuse
from autograd_mini.operations import OPERATIONS
from tests.operations.reference import REFERENCES
from tests.operations.sampling import mp, ordinary_points, points

ROWS = tuple(OPERATIONS)
FIXED = [name for name in ROWS if not OPERATIONS[name].variadic]
VARIADIC = [name for name in ROWS if OPERATIONS[name].variadic]
BINARY = [name for name in FIXED if len(OPERATIONS[name].rules) == 2]

AWKWARD = (0.0, -0.0, 1.0, -1.0, 0.5, -3.0, math.inf, -math.inf, math.nan, 5e-324, 1e308, -1e200)

ODD = ["identity", "neg", "cbrt", "sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh"]
ODD += ["erf", "sign"]
EVEN = ["abs", "cos", "cosh", "gauss", "normal_pdf", "atan_prime", "sech_squared", "sigmoid_prime"]


def bits(numbers: Any) -> list[str]:
    """Numbers told apart by sign and by being NaN."""
    return list(map(repr, numbers))


@pytest.mark.parametrize("name", FIXED)
def test_generated_code_gives_what_the_rules_give(name: str) -> None:
    operation = OPERATIONS[name]
    evaluate = operation.evaluate or fuse(operation)
    symbols, derivatives = formulas(operation)
    width = len(operation.rules)
    for point in (
        *itertools.product(AWKWARD[: 12 if width < 3 else 6], repeat=width),
        *points(REFERENCES[name], 100, name),
    ):
        value = operation(*point)
        bindings = dict(zip(symbols, (*point, value), strict=True))
        assert bits(evaluate(*point)) == bits([value, *interpret(derivatives, bindings)]), point


@pytest.mark.parametrize("name", VARIADIC)
def test_a_rule_for_many_operands_gives_on_values_what_it_gives_on_floats(name: str) -> None:
    operation = OPERATIONS[name]
    evaluate = operation.evaluate or fuse(operation)
    for point in points(REFERENCES[name], 100, name):
        value, derivatives = evaluate(point)
        assert repr(value) == repr(operation(*point))
        xs = tuple(map(Value, point))
        on_values = operation.rules[0](xs, operation(*xs))
        numbers = [d.data if isinstance(d, Value) else d for d in on_values]
        assert numbers == pytest.approx(list(derivatives), rel=1e-15, abs=0.0)


@pytest.mark.parametrize("name", ROWS)
def test_second_derivatives_are_those_of_the_function(name: str) -> None:
    reference = REFERENCES[name]
    for point in ordinary_points(reference, 8, name):
        xs = [Value(x) for x in point]
        z = OPERATIONS[name](*xs)
        operands = tuple(map(mp.mpf, point))
        exact = reference.exact(operands)
        first = gradients(z, xs, create_graph=True)
        for i, by_i in enumerate(first):
            for j, second in enumerate(gradients(by_i, xs)):
                if math.isnan(z.local_derivatives[i]) or math.isnan(z.local_derivatives[j]):
                    continue  # the order of a polygamma
                orders = tuple([(i == k) + (j == k) for k in range(len(xs))])
                expected = mp.diff(reference.value, operands, orders)
                size = max(abs(x) for x in (expected, exact[0], exact[1 + i], exact[1 + j]))
                assert abs(second - expected) <= 1e-14 * size, (point, i, j, second, expected)


@pytest.mark.parametrize("name", ODD + EVEN)
def test_the_derivative_of_an_odd_function_is_even_and_the_other_way_round(name: str) -> None:
    operation = OPERATIONS[name]
    odd = name in ODD
    for (x,) in points(REFERENCES[name], 200, name):
        right, left = Value(abs(x)), Value(-abs(x))
        at_right, at_left = operation(right), operation(left)
        slope, mirrored = (
            gradients(z, [v], create_graph=True)[0] for z, v in ((at_right, right), (at_left, left))
        )
        bend, mirrored_bend = gradients(slope, [right])[0], gradients(mirrored, [left])[0]
        assert at_left.data == (-at_right.data if odd else at_right.data)
        assert mirrored.data == (slope.data if odd else -slope.data)
        assert mirrored_bend == (-bend if odd else bend), x


@pytest.mark.parametrize("name", BINARY)
def test_the_derivative_along_the_diagonal_is_the_sum_of_the_partial_ones(name: str) -> None:
    rng = random.Random(name)
    for x in (*AWKWARD, *(rng.uniform(-4.0, 4.0) for _ in range(50))):
        v = Value(x)
        z = OPERATIONS[name](v, v)
        z.backward()
        partial = z.local_derivatives
        assert bits([v.grad + 0.0]) == bits([0.0 + partial[0] + partial[1]]), x


@pytest.mark.parametrize("x", [0.0, 0.05, 0.4, -0.7, 1.3, 3.0, -6.0, 12.0, 30.0])
def test_the_seventh_derivative_of_tanh_keeps_its_digits(x: float) -> None:
    seventh: Callable[[float], float] = tanh
    for _ in range(7):
        seventh = grad(seventh)
    expected = mp.diff(mp.tanh, mp.mpf(x), 7)
    terms = 272 * mp.sech(x) ** 2  # the largest coefficient, of the polynomial in tanh x
    assert abs(seventh(x) - expected) <= 1e-14 * terms
