"""Derivatives as functions: their forms, their nesting, and what they must not touch."""

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd_mini import (
    Value,
    dot,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    log,
    maximum,
    no_grad,
    relu,
    sin,
    sum,
    value_and_grad,
)


def cube(x: Any) -> Any:
    return x**3


def product(xs: Sequence[Any]) -> Any:
    return xs[0] ** 2 * xs[1]


def both(xs: Sequence[Any]) -> list[Any]:
    return [xs[0] * xs[1], xs[0] + 3.0 * xs[1], 5.0 * xs[0]]


def numbers(result: Any) -> Any:
    """The same structure with floats for Values."""
    if isinstance(result, (list, tuple)):
        return [numbers(r) for r in result]
    return result.data if isinstance(result, Value) else result


# name: what is called on x, at which x, with what result
FORMS: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "grad of a number": (grad(cube), 2.0, 12.0),
    "grad of a list": (grad(product), [2.0, 3.0], [12.0, 4.0]),
    "grad of a list of one": (grad(lambda xs: xs[0] ** 2), [3.0], [6.0]),
    "grad of an empty list": (grad(lambda xs: 2.0), [], []),
    "value_and_grad of a number": (value_and_grad(cube), 2.0, [8.0, 12.0]),
    "value_and_grad of a list": (value_and_grad(product), [2.0, 3.0], [12.0, [12.0, 4.0]]),
    "jacobian of a number by a number": (jacobian(cube), 2.0, 12.0),
    "jacobian of a number by a list": (jacobian(product), [2.0, 3.0], [12.0, 4.0]),
    "jacobian of a list by a number": (jacobian(lambda x: [x, x * x]), 3.0, [1.0, 6.0]),
    "jacobian of a list by a list": (
        jacobian(both),
        [2.0, 5.0],
        [[5.0, 2.0], [1.0, 3.0], [5.0, 0.0]],
    ),
    "jacobian of a tuple": (jacobian(lambda x: (x, 2.0 * x)), 3.0, [1.0, 2.0]),
    "jacobian of no outputs": (jacobian(lambda x: []), 3.0, []),
    "hessian by a number": (hessian(cube), 2.0, 12.0),
    "hessian by a list": (hessian(product), [2.0, 3.0], [[6.0, 4.0], [4.0, 0.0]]),
    "hvp by a number": (lambda x: hvp(cube, x, 2.0), 2.0, 24.0),
    "hvp by a list": (lambda x: hvp(product, x, [1.0, 2.0]), [2.0, 3.0], [14.0, 4.0]),
    "jvp of a number": (lambda x: jvp(cube, x, 2.0), 2.0, [8.0, 24.0]),
    "jvp by a list": (lambda x: jvp(product, x, [1.0, 2.0]), [2.0, 3.0], [12.0, 20.0]),
    "jvp of a list": (
        lambda x: jvp(both, x, [1.0, 2.0]),
        [2.0, 5.0],
        [[10.0, 17.0, 10.0], [9.0, 7.0, 5.0]],
    ),
}


def leaves(result: Any) -> Iterator[Any]:
    if isinstance(result, (list, tuple)):
        for r in result:
            yield from leaves(r)
    else:
        yield result


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", [float, int, Fraction, np.float64])
def test_floats_in_give_floats_out_in_the_form_of_the_argument(
    name: str, kind: Callable[[float], Any]
) -> None:
    f, x, expected = FORMS[name]
    result = f([kind(number) for number in x] if isinstance(x, list) else kind(x))
    assert numbers(result) == expected
    assert {type(r) for r in leaves(result)} <= {float}


@pytest.mark.parametrize("name", FORMS)
def test_values_in_give_values_out_and_no_gradient_is_touched(name: str) -> None:
    f, x, expected = FORMS[name]
    values = [Value(number) for number in x] if isinstance(x, list) else Value(x)
    result = f(values)
    assert numbers(result) == expected
    assert {type(r) for r in leaves(result)} <= {Value}
    assert {v.grad for v in leaves(values)} <= {0.0}


@pytest.mark.parametrize("make", [tuple, np.array], ids=["tuple", "array"])
def test_any_sequence_is_an_argument_and_derivatives_come_as_lists(
    make: Callable[[list[float]], Any],
) -> None:
    assert grad(product)(make([2.0, 3.0])) == [12.0, 4.0]
    assert jvp(product, make([2.0, 3.0]), make([1.0, 2.0])) == (12.0, 20.0)
    assert hvp(product, make([2.0, 3.0]), make([1.0, 2.0])) == [14.0, 4.0]


def test_an_array_of_values_is_an_output() -> None:
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert jacobian(lambda xs: matrix @ np.array(xs))([5.0, 6.0]) == matrix.tolist()


def test_results_given_values_can_be_differentiated_again() -> None:
    x = Value(2.0)
    value, slope = value_and_grad(cube)(x)
    assert gradients(value, [x]) == [12.0]
    assert gradients(slope, [x]) == [12.0]
    assert gradients(grad(grad(cube))(x), [x]) == [6.0]
    value, tangent = jvp(cube, x, 2.0)
    assert gradients(tangent, [x]) == [24.0]
    v = Value(1.0)
    assert gradients(hvp(cube, 2.0, v), [v]) == [12.0]


@pytest.mark.parametrize("argnum", [0, 1, 2, -1, -3])
def test_argnum_says_which_argument_to_differentiate_by(argnum: int) -> None:
    def f(*xs: Any) -> Any:
        return xs[0] * xs[1] ** 2 * xs[2] ** 3 if len(xs) == 3 else math.nan

    expected = [72.0, 96.0, 216.0]
    assert grad(f, argnum)(2.0, 3.0, 2.0) == expected[argnum]
    assert value_and_grad(f, argnum=argnum)(2.0, 3.0, 2.0) == (144.0, expected[argnum])


def test_the_other_arguments_may_be_anything() -> None:
    def f(name: str, x: Any, table: dict[str, float]) -> Any:
        return table[name] * x**2

    assert grad(f, 1)("a", 3.0, {"a": 2.0}) == 12.0


def test_another_argument_that_is_a_value_makes_the_result_one() -> None:
    w = Value(5.0)
    slope = grad(lambda x, w: x**2 * w)(3.0, w)
    assert gradients(slope, [w]) == [6.0]


# ------------------------------------------------------------------- unusual outputs and inputs


SPECIAL: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "the input": (lambda x: x, 3.0, 1.0),
    "the input, by plus": (lambda x: +x, 3.0, 1.0),
    "a float": (lambda x: 7.0, 3.0, 0.0),
    "an int": (lambda x: 7, 3.0, 0.0),
    "a fraction": (lambda x: Fraction(1, 2), 3.0, 0.0),
    "a new Value": (lambda x: Value(7.0), 3.0, 0.0),
    "detached in part": (lambda x: x.detach() * x, 3.0, 3.0),
    "the number in part": (lambda x: x.data * x, 3.0, 3.0),
    "one input of two": (lambda xs: xs[0], [3.0, 4.0], [1.0, 0.0]),
    "each input twice": (lambda xs: sum(xs) + sum(xs), [3.0, 4.0], [2.0, 2.0]),
    "a square": (lambda xs: dot(xs, xs), [3.0, 4.0], [6.0, 8.0]),
    "a tie": (lambda xs: maximum(xs[0], xs[1]), [4.0, 4.0], [0.5, 0.5]),
    "not selected": (lambda xs: relu(xs[0]) * xs[1], [-4.0, 4.0], [0.0, 0.0]),
    "an infinity not selected": (lambda x: relu(log(x)), 0.0, 0.0),
    "an infinity not selected, beside": (lambda x: maximum(log(x), -5.0) + x, 0.0, 1.0),
}


@pytest.mark.parametrize("name", SPECIAL)
@pytest.mark.parametrize("form", [grad, jacobian])
def test_a_derivative_where_the_output_is_special(form: Callable[..., Any], name: str) -> None:
    f, x, expected = SPECIAL[name]
    assert form(f)(x) == expected
    as_values = [Value(number) for number in x] if isinstance(x, list) else Value(x)
    assert numbers(form(f)(as_values)) == expected


def test_one_value_given_twice_has_a_derivative_in_each_place() -> None:
    x = Value(3.0)
    assert numbers(grad(lambda xs: xs[0] ** 2 * xs[1])([x, x])) == [18.0, 9.0]
    second = grad(lambda xs: xs[0] ** 2 * xs[1])([x, x])[0]
    assert gradients(second, [x]) == [12.0]  # of 2 x · x along the diagonal


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradients_are_those_by_each_input_anywhere_in_the_graph(
    create_graph: bool,  # noqa: FBT001
) -> None:
    x, y, stranger = Value(2.0), Value(3.0), Value(9.0)
    shared = x * y
    z = shared * shared + x
    z.backward()
    before = [v.grad for v in (x, y, shared, z)]

    def of(output: Value, *inputs: Value) -> Any:
        return numbers(gradients(output, inputs, create_graph=create_graph))

    assert of(z, x, y) == [37.0, 24.0]
    assert of(z, shared) == [12.0]
    assert of(z, shared, x) == [12.0, 37.0]
    assert of(z, z) == [1.0]
    assert of(z, x, x) == [37.0, 37.0]
    assert of(z, stranger, x) == [0.0, 37.0]
    assert of(shared, z) == [0.0]
    assert of(x, x, y) == [1.0, 0.0]
    assert of(z) == []
    assert [v.grad for v in (x, y, shared, z)] == before


def test_gradients_with_create_graph_are_values_and_floats_without() -> None:
    x = Value(2.0)
    assert [type(g) for g in gradients(x * x, [x, Value(1.0)])] == [float, float]
    assert [type(g) for g in gradients(x * x, [x, Value(1.0)], create_graph=True)] == [Value] * 2


def test_derivatives_of_any_order_come_from_gradients_of_gradients() -> None:
    x = Value(2.0)
    y = x**6
    orders = []
    for _ in range(7):
        (y,) = gradients(y, [x], create_graph=True)
        orders.append(y.data)
    assert orders == [192.0, 480.0, 960.0, 1440.0, 1440.0, 720.0, 0.0]


def test_a_derivative_created_as_a_graph_goes_backward_with_the_rest() -> None:
    x, y = Value(2.0), Value(3.0)
    (slope,) = gradients(x**2 * y, [x], create_graph=True)
    (slope + y).backward()
    assert (x.grad, y.grad) == (6.0, 5.0)


# ------------------------------------------------------------------- one inside another

NESTED: dict[str, tuple[Callable[[Any], Any], float, float]] = {
    "outer variable added inside": (
        lambda x: x * grad(lambda y: x + y)(1.0),
        1.0,
        1.0,
    ),
    "outer variable times inner": (lambda x: x * grad(lambda y: x * y)(2.0), 3.0, 6.0),
    "inner at the outer variable": (lambda x: x * grad(lambda y: x * y)(x), 3.0, 6.0),
    "inner at a function of the outer": (lambda x: grad(lambda y: x * y**2)(x * x), 2.0, 24.0),
    "inner as the whole": (grad(lambda x: x**3), 2.0, 12.0),
    "inner constant in its own variable": (lambda x: grad(lambda y: x)(x), 2.0, 0.0),
    "inner that ignores the outer": (lambda x: grad(lambda y: y**2)(3.0) * x, 2.0, 6.0),
    "inner of an inner": (
        lambda x: grad(lambda y: grad(lambda z: x * y * z)(1.0) * y)(x),
        3.0,
        12.0,
    ),
    "inner that ignores the one around it": (
        lambda x: grad(lambda y: y * grad(lambda z: x * z)(1.0))(2.0),
        3.0,
        1.0,
    ),
    "value of the outer in the inner": (lambda x: grad(lambda y: x.data * y * x)(1.0), 3.0, 3.0),
    "jvp inside": (lambda x: x * jvp(lambda y: x + y, 1.0, 1.0)[1], 1.0, 1.0),
    "jvp inside at the outer": (lambda x: jvp(lambda y: x * y**2, x, 1.0)[1], 3.0, 12.0),
    "jvp inside along the outer": (lambda x: jvp(lambda y: y**2, 3.0, x)[1], 5.0, 6.0),
    "jvp inside, value alone": (lambda x: jvp(lambda y: x * y, 3.0, 1.0)[0], 5.0, 3.0),
    "hvp inside": (lambda x: hvp(lambda y: x * y**3, 2.0, 1.0), 5.0, 12.0),
    "hessian inside": (lambda x: hessian(lambda y: x * y**3)(2.0), 5.0, 12.0),
    "jacobian inside": (
        lambda x: sum(jacobian(lambda y: [x * y, y**x])(2.0)),
        3.0,
        1.0 + 4.0 + 12.0 * math.log(2.0),
    ),
    "value_and_grad inside": (lambda x: sum(value_and_grad(lambda y: x * y**2)(3.0)), 2.0, 15.0),
    "gradients inside": (
        lambda x: gradients(x**3, [x], create_graph=True)[0],
        2.0,
        12.0,
    ),
    "gradients inside as floats": (lambda x: gradients(x**3, [x])[0] * x, 2.0, 12.0),
    "list inside": (
        lambda x: dot(grad(lambda ys: ys[0] * ys[1] * x)([x, 2.0]), [1.0, x]),
        3.0,
        29.0,
    ),
    "backward inside": (lambda x: backward_by_hand(x) * x, 3.0, 6.0),
    "inner under no_grad": (lambda x: without_grad(lambda: grad(cube)(x)) * x, 2.0, 12.0),
}


def backward_by_hand(x: Value) -> float:
    y = Value(x.data)
    (y * y).backward()
    return y.grad


def without_grad(f: Callable[[], Any]) -> Any:
    with no_grad():
        return f()


def by_jvp(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: jvp(f, x, 1.0)[1]


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("outer", [grad, by_jvp, jacobian])
def test_one_differentiation_inside_another_is_not_confused_with_it(
    name: str, outer: Callable[..., Any]
) -> None:
    f, x, expected = NESTED[name]
    assert outer(f)(x) == pytest.approx(expected, rel=1e-15)


def test_grad_of_grad_of_grad_is_the_third_derivative() -> None:
    third = grad(grad(grad(lambda x: sin(x) * x)))
    assert third(0.5) == pytest.approx(-3.0 * math.sin(0.5) - 0.5 * math.cos(0.5), rel=1e-14)


def test_a_value_of_the_user_in_a_closure_leaves_floats_floats() -> None:
    w = Value(5.0)
    slope = grad(lambda x: w * x**2)(3.0)
    assert (slope, type(slope), w.grad) == (30.0, float, 0.0)


# ------------------------------------------------------------------- products and symmetry


def curved(xs: Sequence[Any]) -> Any:
    x, y, z = xs
    return exp(x * y) + sin(y / z) * log(z) + x**y


def outputs(xs: Sequence[Any]) -> list[Any]:
    x, y, z = xs
    return [x * y * z, exp(x - z), curved(xs), y]


POINT = [0.7, 1.3, 2.1]
DIRECTION = [0.3, -1.1, 0.6]


def times(rows: Sequence[Sequence[float]]) -> list[float]:
    return [math.fsum(a * b for a, b in zip(row, DIRECTION, strict=True)) for row in rows]


def test_jvp_is_the_jacobian_times_the_direction() -> None:
    values, tangents = jvp(outputs, POINT, DIRECTION)
    assert values == numbers(outputs(list(map(Value, POINT))))
    assert tangents == pytest.approx(times(jacobian(outputs)(POINT)), rel=1e-14)


def test_hvp_is_the_hessian_times_the_direction() -> None:
    expected = pytest.approx(times(hessian(curved)(POINT)), rel=1e-13)
    assert hvp(curved, POINT, DIRECTION) == expected


def test_a_hessian_is_symmetric() -> None:
    rows = hessian(curved)(POINT)
    for i, row in enumerate(rows):
        assert row == pytest.approx([other[i] for other in rows], rel=1e-13)
    assert all(any(row) for row in rows)


def test_grad_is_the_row_of_the_jacobian() -> None:
    assert jacobian(curved)(POINT) == grad(curved)(POINT) == jacobian(outputs)(POINT)[2]


# ------------------------------------------------------------------- modes and changes


@pytest.mark.parametrize("name", FORMS)
def test_a_derivative_under_no_grad_is_the_same_number(name: str) -> None:
    f, x, expected = FORMS[name]
    assert numbers(without_grad(lambda: f(x))) == expected


@pytest.mark.parametrize("name", FORMS)
def test_a_derivative_given_values_under_no_grad_is_detached(name: str) -> None:
    f, x, expected = FORMS[name]
    values = [Value(number) for number in x] if isinstance(x, list) else Value(x)
    result = without_grad(lambda: f(values))
    assert numbers(result) == expected
    assert {r.operands for r in leaves(result)} <= {()}


def test_no_grad_inside_a_function_hides_what_it_computes() -> None:
    assert grad(lambda x: x * without_grad(lambda: x * x))(3.0) == 9.0


@pytest.mark.parametrize("change", ["leaf", "interior", "output"])
def test_a_graph_whose_numbers_changed_is_not_differentiated_as_a_graph(change: str) -> None:
    x = Value(2.0)
    square = x * x
    root = square * x
    {"leaf": x, "interior": square, "output": root}[change].data = 5.0
    with pytest.raises(RuntimeError, match="changed"):
        gradients(root, [x], create_graph=True)
    assert gradients(root, [x]) == [12.0]
    assert x.grad == 0.0


def test_a_change_is_noticed_in_the_second_differentiation_too() -> None:
    x, w = Value(2.0), Value(3.0)
    (slope,) = gradients(x**3 * w, [x], create_graph=True)
    w.data = 7.0
    with pytest.raises(RuntimeError, match="changed"):
        gradients(slope, [w], create_graph=True)
    assert gradients(slope, [w]) == [12.0]


def test_a_change_beside_the_way_to_the_inputs_does_not_matter() -> None:
    x, w = Value(2.0), Value(3.0)
    root = x * exp(w)
    w.data = 7.0
    assert gradients(root, [x], create_graph=True)[0].data == math.exp(3.0)


def test_a_number_changed_and_changed_back_is_unchanged() -> None:
    x = Value(2.0)
    root = x * x
    x.data = 5.0
    x.data = 2.0
    assert gradients(root, [x], create_graph=True)[0].data == 4.0


def changing(xs: list[Any]) -> Any:
    xs[0] = xs[0] * 2.0
    xs.append(xs[1])
    return xs[0] * xs[1]


def test_a_function_may_change_the_list_that_it_is_given() -> None:
    point = [3.0, 5.0]
    assert grad(changing)(point) == [10.0, 6.0]
    assert jvp(changing, point, [1.0, 0.0]) == (30.0, 10.0)
    assert point == [3.0, 5.0]


# ------------------------------------------------------------------- wrong calls

WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a text": (lambda: grad(cube)("2"), TypeError, "'2'"),
    "nothing": (lambda: grad(cube)(None), TypeError, "None"),
    "a complex number": (lambda: grad(cube)(1j), TypeError, "1j"),
    "rows": (lambda: grad(cube)([[1.0], [2.0]]), TypeError, r"\[1\.0\]"),
    "a dict": (lambda: grad(product)({0: 5.0, 1: 7.0}), TypeError, "dict"),
    "a list for an output of grad": (lambda: grad(both)([1.0, 2.0]), TypeError, "jacobian"),
    "no output of grad": (lambda: grad(lambda x: None)(1.0), TypeError, "None"),
    "a text for an output of grad": (lambda: grad(lambda x: "y")(1.0), TypeError, "'y'"),
    "no output of jacobian": (lambda: jacobian(lambda x: None)(1.0), TypeError, "None"),
    "texts for outputs of jacobian": (lambda: jacobian(lambda x: ["y"])(1.0), TypeError, "'y'"),
    "rows of outputs of jacobian": (lambda: jacobian(lambda x: [[x]])(1.0), TypeError, "list"),
    "rows of outputs of jvp": (lambda: jvp(lambda x: [[x]], 1.0, 1.0), TypeError, "list"),
    "a list for an output of hessian": (lambda: hessian(both)([1.0, 2.0]), TypeError, "jacobian"),
    "an argnum too far": (lambda: grad(cube, 1)(2.0), TypeError, "argument 1 of 1"),
    "no argument": (grad(cube), TypeError, "argument 0 of 0"),
    "a direction too short": (
        lambda: jvp(product, [1.0, 2.0], [1.0]),
        ValueError,
        r"\[1\.0, 2\.0\].*\[1\.0\]",
    ),
    "a number for a direction": (lambda: hvp(product, [1.0, 2.0], 1.0), ValueError, "direction"),
    "a list for a direction": (lambda: jvp(cube, 1.0, [1.0]), ValueError, "direction"),
    "a text in a direction": (lambda: jvp(product, [1.0, 2.0], ["1", 2.0]), TypeError, "'1'"),
    "a float as output": (lambda: gradients(2.0, [Value(1.0)]), TypeError, "float 2.0"),  # type: ignore[arg-type]
    "a float as input": (lambda: gradients(Value(1.0), [2.0]), TypeError, "float 2.0"),  # type: ignore[list-item]
    "a single input": (lambda: gradients(Value(1.0), Value(2.0)), TypeError, r"\[.*\]"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_is_refused_with_a_sentence(name: str) -> None:
    call, kind, sentence = WRONG[name]
    with pytest.raises(kind, match=sentence):
        call()


def test_inputs_that_can_be_gone_through_once_are_gone_through_once() -> None:
    x, y = Value(2.0), Value(3.0)
    inputs: Any = (v for v in (x, y))
    assert gradients(x * y, inputs) == [3.0, 2.0]


def test_an_exception_of_the_function_passes_through() -> None:
    def fails(x: Any) -> Any:
        raise LookupError

    for transform in (grad, value_and_grad, jacobian, hessian):
        with pytest.raises(LookupError):
            transform(fails)(1.0)


def test_a_differentiation_that_has_ended_leaves_nothing_behind() -> None:
    kept: list[Value] = []

    def keep(x: Any) -> Any:
        kept.append(x)
        if len(kept) > 1:
            raise ValueError
        return x * x

    grad(keep)(2.0)
    with pytest.raises(ValueError):  # noqa: PT011  # its own
        grad(keep)(3.0)
    for x in kept:
        assert type(grad(lambda y, x=x: x * y)(5.0)) is float
