"""Differences agree with derivatives that are right, and say what is wrong with the others."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd_mini
import nn
from autograd_mini import (
    Value,
    atan2,
    clamp,
    exp,
    grad,
    gradcheck,
    hardtanh,
    hypot,
    jacobian,
    leaky_relu,
    log,
    logsumexp,
    maximum,
    minimum,
    relu,
    sign,
    sin,
    sqrt,
    tanh,
    where,
)
from autograd_mini.operations import OPERATIONS
from tests.operations.reference import REFERENCES
from tests.operations.sampling import ordinary_points

# Defined on part of the plane alone: whole orders, and a number that comes again among the others.
SPARSE = ("polygamma", "softmax_share")
ROWS = [name for name in OPERATIONS if name not in SPARSE]


def of_one_list(name: str) -> Callable[[Sequence[Any]], Any]:
    return lambda xs: OPERATIONS[name](*xs)


@pytest.mark.parametrize("name", ROWS)
def test_every_operation_passes(name: str) -> None:
    for point in ordinary_points(REFERENCES[name], 5, name):
        assert gradcheck(of_one_list(name), [list(point)]) is True
    if not OPERATIONS[name].variadic:
        assert gradcheck(OPERATIONS[name], point)


@pytest.mark.parametrize("name", [n for n in ROWS if not OPERATIONS[n].variadic])
def test_the_derivatives_of_every_operation_pass(name: str) -> None:
    (point,) = ordinary_points(REFERENCES[name], 1, name)
    for i in range(len(point)):
        assert gradcheck(grad(OPERATIONS[name], i), point)


@pytest.mark.parametrize("name", ROWS)
def test_an_error_in_the_fifth_digit_is_found(name: str) -> None:
    for point in ordinary_points(REFERENCES[name], 2, name):
        right = jacobian(of_one_list(name))(list(point))
        for i, derivative in enumerate(right):
            if derivative != 0.0:
                wrong = [*right[:i], derivative * (1.0 + 1e-5), *right[i + 1 :]]
                with pytest.raises(AssertionError, match=rf"by xs\[{i}\] at "):
                    gradcheck(of_one_list(name), [point], gradient=lambda xs, wrong=wrong: wrong)


NETWORKS: dict[str, Callable[[], tuple[Callable[..., Any], list[Any]]]] = {
    "an MLP by its inputs": lambda: (nn.MLP(2, [3, 1], rng=1), [[0.3, -0.7]]),
    "two outputs": lambda: (nn.MLP(2, [3, 2], activation="tanh", rng=2), [[0.3, -0.7]]),
    "a neuron": lambda: (nn.Neuron(3, activation="gelu", rng=3), [[0.3, -0.7, 0.1]]),
    "a loss of weights": lambda: (
        lambda w, v: (sum(a * b.sigmoid() for a, b in zip(w, v, strict=True)) - 1.0) ** 2,
        [[0.1, -0.4], [0.7, 0.2]],
    ),
}


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
def test_a_network_passes(make: Callable[[], tuple[Callable[..., Any], list[Any]]]) -> None:
    assert gradcheck(*make())


# What is right at a kink, at a tie or at the edge of a domain has two slopes or one.
KINKS: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "relu": (relu, [0.0]),
    "abs": (abs, [0.0]),
    "abs elsewhere": (lambda x: abs(x - 3.0) * x, [3.0]),
    "leaky_relu": (leaky_relu, [0.0]),
    "clamp": (lambda x: clamp(x, -1.0, 2.0), [2.0]),
    "hardtanh": (hardtanh, [-1.0]),
    "maximum": (maximum, [2.0, 2.0]),
    "minimum of squares": (lambda x, y: minimum(x * x, y * y), [1.5, -1.5]),
    "hypot": (hypot, [0.0, 0.0]),
    "sqrt at its edge": (sqrt, [0.0]),
    "x sqrt(x) at its edge": (lambda x: x * sqrt(x), [0.0]),
    "asin at its edge": (autograd_mini.asin, [1.0]),
    "cbrt where it is steep": (autograd_mini.cbrt, [0.0]),
    "sign from one side": (sign, [1e-9]),
    "floor at a jump": (autograd_mini.floor, [2.0]),
    "where with an undefined branch": (lambda x: where(x > 0.0, log(abs(x)), x), [-1.0]),
    "close to a kink": (lambda x: relu(x - 1.0), [1.0 + 1e-7]),
    "on the near side of a kink": (lambda x: relu(x - 1.0), [1.0 - 1e-7]),
    "many jumps": (lambda x, y: x % y, [-0.8452910280560033, 0.19530891525376948]),
    "many kinks": (lambda x: abs(sin(40.0 * x)), [0.3]),
}


@pytest.mark.parametrize(("f", "inputs"), KINKS.values(), ids=KINKS)
def test_a_kink_is_no_error(f: Callable[..., Any], inputs: list[Any]) -> None:
    assert gradcheck(f, inputs)


@pytest.mark.parametrize("slope", [-1.0, -0.4, 0.0, 1.0])
def test_any_slope_between_those_of_the_sides_passes_at_a_kink(slope: float) -> None:
    assert gradcheck(abs, [0.0], gradient=lambda x: slope)


@pytest.mark.parametrize("slope", [-1.01, 1.01, math.nan, math.inf])
def test_no_slope_beyond_those_of_the_sides_passes_at_a_kink(slope: float) -> None:
    with pytest.raises(AssertionError, match=r"at x = 0\.0 is .*, differences give -1 to 1: "):
        gradcheck(abs, [0.0], gradient=lambda x: slope)


HARD: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "a large number": (lambda x: x**3, [1e7]),
    "a small number": (lambda x: 1.0 / x, [1e-7]),
    "a steep function": (lambda x: exp(30.0 * x), [1.0]),
    "a flat one": (tanh, [30.0]),
    "a slope of 0": (lambda x: x**10, [0.0]),
    "periods that fit the step": (lambda x: sin(16.0 * math.pi * x), [0.0]),
    "a small slope beside a large one": (lambda x, y: 1e8 * sin(x) + y, [1.0, 1.0]),
    "a sum that cancels": (lambda x, y: (1e6 + x) - 1e6 + y, [0.5, 0.25]),
}


@pytest.mark.parametrize(("f", "inputs"), HARD.values(), ids=HARD)
def test_what_is_hard_for_differences_passes(f: Callable[..., Any], inputs: list[Any]) -> None:
    assert gradcheck(f, inputs)


Wrong = tuple[Callable[..., Any], list[Any], Callable[..., Any], str]

# A function, its arguments, derivatives that are wrong, and what is said of them.
WRONG: dict[str, Wrong] = {
    "a sign": (
        lambda x: x.cos(),
        [0.5],
        sin,
        ("by x at x = 0.5 is 0.479425538604203, differences give -0.479425539: the sign is wrong"),
    ),
    "a factor 2": (
        lambda x: x**2,
        [3.0],
        lambda x: x,
        "by x at x = 3.0 is 3.0, differences give 6: a factor 2 is missing",
    ),
    "1/n": (
        lambda xs: autograd_mini.mean([x**2 for x in xs]),
        [[1.0, 2.0, 4.0]],
        lambda xs: [2.0 * x for x in xs],
        (
            "by xs[0] at xs[0] = 1.0, xs[1] = 2.0, xs[2] = 4.0 is 2.0, differences give "
            "0.666666667: a factor 1/3 is missing"
        ),
    ),
    "a term of 0": (
        lambda x, y: x * y,
        [2.0, 3.0],
        lambda x, y: [y, 0.0],
        (
            "by y at x = 2.0, y = 3.0 is 0.0, differences give 2: a term is missing, or "
            "a Value became a float on the way"
        ),
    ),
    "a term of several": (
        lambda x, y: x * y + x,
        [2.0, 3.25],
        lambda x, y: [y, x],
        (
            "by x at x = 2.0, y = 3.25 is 3.25, differences give 4.25: they differ by "
            "-1, a term may be missing or wrong"
        ),
    ),
    "another's": (
        lambda x, y: x * y**3,
        [2.0, 3.0],
        lambda x, y: [3.0 * x * y**2, y**3],
        ("by x at x = 2.0, y = 3.0 is 54.0, differences give 27: a factor 1/2 is missing"),
    ),
    "operands the wrong way round": (
        atan2,
        [1.0, 3.0],
        lambda y, x: [-y / (x * x + y * y), x / (x * x + y * y)],
        ("by y at y = 1.0, x = 3.0 is -0.1, differences give 0.3: this is the derivative by x"),
    ),
    "not finite": (
        lambda x: x,
        [1.0],
        lambda x: math.nan,
        (
            "by x at x = 1.0 is nan, differences give 1: the function and its "
            "derivative do not agree on where it is smooth"
        ),
    ),
    "a number where there is none": (
        log,
        [-1.0],
        lambda x: -1.0,
        (
            "by x at x = -1.0 is -1.0, differences do not settle: the function and its "
            "derivative do not agree on where it is smooth"
        ),
    ),
    "one of several outputs": (
        lambda x, y: [x + y, x * y],
        [2.0, 5.0],
        lambda x, y: [[1.0, 1.0], [x, y]],
        (
            "of output 1 by x at x = 2.0, y = 5.0 is 2.0, differences give 5: this is the "
            "derivative by y"
        ),
    ),
    "a small one beside a large one": (
        lambda x, y: 1e8 * x + y,
        [1.0, 1.0],
        lambda x, y: [1e8, 0.5],
        ("by y at x = 1.0, y = 1.0 is 0.5, differences give 0.999999924: a factor 2 is missing"),
    ),
}


@pytest.mark.parametrize(("f", "inputs", "gradient", "sentence"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_argument_point_numbers_and_likely_slip(
    f: Callable[..., Any], inputs: list[Any], gradient: Callable[..., Any], sentence: str
) -> None:
    with pytest.raises(AssertionError) as raised:
        gradcheck(f, inputs, gradient=gradient)
    assert str(raised.value) == f"the derivative {sentence}"


def test_a_value_that_became_a_float_on_the_way_is_found() -> None:
    with pytest.raises(AssertionError, match="a Value became a float on the way"):
        gradcheck(lambda x: math.sin(x.data), [0.5])
    with pytest.raises(AssertionError, match=r"by argument 1 .* a term is missing"):
        gradcheck(lambda *xs: xs[0] + xs[1].data ** 2, [1.0, 3.0])


def test_the_tolerance_is_relative_to_the_slope() -> None:
    for scale, tolerance in itertools.product([1.0, 1e-6, 1e9], [1e-3, 1e-6]):

        def line(x: Any, scale: float = scale) -> Any:
            return scale * x

        inside, outside = (scale * (1.0 + part * tolerance) for part in (0.9, 1.2))
        assert gradcheck(line, [1.0], gradient=lambda x, g=inside: g, tolerance=tolerance)
        with pytest.raises(AssertionError):
            gradcheck(line, [1.0], gradient=lambda x, g=outside: g, tolerance=tolerance)


FORMS: dict[str, tuple[Callable[..., Any], Any]] = {
    "a number": (lambda x: x**2, 3.0),
    "an int": (lambda x: x**2, [3]),
    "a fraction": (lambda x: x**2, [Fraction(1, 3)]),
    "a Value": (lambda x: x**2, [Value(3.0)]),
    "numbers as one argument": (lambda xs: xs[0] * xs[1], [2.0, 3.0]),
    "a list and a number": (lambda xs, y: xs[0] * xs[1] * y, [[2.0, 3.0], 4.0]),
    "arrays": (lambda xs: [xs[0] ** 2, xs[1]], [np.array([2.0, 3.0])]),
    "an array": (lambda xs: (xs[0] ** 2, xs[1] * 2.0), np.array([2.0, 3.0])),
    "any number of arguments": (lambda *xs: logsumexp(xs), [2.0, 3.0, 4.0]),
    "a default": (lambda x, factor=3.0: x**2 * factor, [2.0]),
    "a built-in function": (max, [2.0, 3.0]),
    "results that are numbers": (lambda x: [1.0, x], [2.0]),
}


@pytest.mark.parametrize(("f", "inputs"), FORMS.values(), ids=FORMS)
def test_inputs_and_results_come_in_any_form(f: Callable[..., Any], inputs: Any) -> None:
    assert gradcheck(f, inputs)


@pytest.mark.parametrize(
    "gradient",
    [
        lambda xs, y: [xs[1] * y, xs[0] * y, xs[0] * xs[1]],
        lambda xs, y: ([xs[1] * y, xs[0] * y], xs[0] * xs[1]),
        lambda xs, y: np.array([xs[1] * y, xs[0] * y, xs[0] * xs[1]]),
        lambda xs, y: [Value(xs[1] * y), xs[0] * y, Fraction(6)],
    ],
    ids=["flat", "shaped", "array", "mixed"],
)
def test_derivatives_come_in_lists_or_not(gradient: Callable[..., Any]) -> None:
    assert gradcheck(lambda xs, y: xs[0] * xs[1] * y, [[2.0, 3.0], 4.0], gradient=gradient)


def test_no_gradient_of_the_inputs_is_touched() -> None:
    x = Value(3.0)
    x.grad = 7.0
    assert gradcheck(lambda x: x**2, [x])
    assert (x.data, x.grad, x.operands) == (3.0, 7.0, ())


BAD: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "no inputs": (
        lambda: gradcheck(lambda: Value(1.0), []),
        ValueError,
        r"gradcheck\(\) at no numbers: give at least one to differentiate by",
    ),
    "an empty list": (
        lambda: gradcheck(autograd_mini.sum, [[]]),
        ValueError,
        "at no numbers",
    ),
    "text": (
        lambda: gradcheck(lambda x: x, ["3.0"]),
        TypeError,
        r"an input of gradcheck\(\) must be a real number or a Value, not str '3\.0': write float",
    ),
    "a matrix": (
        lambda: gradcheck(lambda rows: rows[0][0], [[[1.0]]]),
        TypeError,
        r"an input of gradcheck\(\) must be a real number or a Value, not list \[1\.0\]",
    ),
    "no result": (
        lambda: gradcheck(lambda x: None, [1.0]),
        TypeError,
        "a result of a function to check must be a real number or a Value, not NoneType None",
    ),
    "a matrix of results": (
        lambda: gradcheck(lambda x: [[x]], [1.0]),
        TypeError,
        "a result of a function to check must be a real number or a Value, not list",
    ),
    "derivatives that are no numbers": (
        lambda: gradcheck(lambda x: x, [1.0], gradient=lambda x: None),
        TypeError,
        r"a derivative of gradcheck\(\) must be a real number or a Value, not NoneType None",
    ),
    "too few derivatives": (
        lambda: gradcheck(lambda x, y: x * y, [1.0, 2.0], gradient=lambda x, y: y),
        ValueError,
        r"gradcheck\(\) of 1 derivatives: give 2, one for each of 2 inputs and 1 outputs",
    ),
    "derivatives of one output": (
        lambda: gradcheck(lambda x, y: [x, y], [1.0, 2.0], gradient=lambda x, y: [1.0, 0.0]),
        ValueError,
        r"gradcheck\(\) of 2 derivatives: give 4, one for each of 2 inputs and 2 outputs",
    ),
    "a negative tolerance": (
        lambda: gradcheck(lambda x: x, [1.0], tolerance=-1.0),
        ValueError,
        r"with tolerance -1\.0: give a number from 0 on",
    ),
    "a tolerance that is NaN": (
        lambda: gradcheck(lambda x: x, [1.0], tolerance=math.nan),
        ValueError,
        "with tolerance nan",
    ),
}


@pytest.mark.parametrize(("call", "kind", "sentence"), BAD.values(), ids=BAD)
def test_a_wrong_call_is_refused_with_a_sentence(
    call: Callable[[], Any], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        call()


def test_an_exception_of_the_function_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        gradcheck(lambda x: 1 // 0, [1.0])
