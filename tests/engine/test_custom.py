"""An operation of a user's own is checked before it is let in, and is then like any other."""

from __future__ import annotations

import copy
import inspect
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import viz
from autograd_mini import (
    Value,
    define_operation,
    detect_anomaly,
    exp,
    grad,
    gradcheck,
    gradients,
    hessian,
    logsumexp,
    maximum,
    no_grad,
    sigmoid,
    sin,
    tanh,
)
from autograd_mini.derivation import derive
from autograd_mini.expression import symbol, write
from autograd_mini.kernels import trigonometry
from autograd_mini.operations import OPERATIONS
from autograd_mini.primitive import Primitive, define
from autograd_mini.snapshot import snapshot

BUILT_IN = dict(OPERATIONS)


def swish() -> Primitive:
    """x σ(2x), as a user would define it."""
    return define_operation(
        "swish",
        lambda x: x * sigmoid(2.0 * x) if x > -math.inf else 0.0,
        lambda x, z: sigmoid(2.0 * x) + 2.0 * z * sigmoid(-2.0 * x),
        symbol="sw",
        text="swish({0})",
        latex=r"\operatorname{{swish}}({0})",
        doc="x σ(2x).",
    )


def norm() -> Primitive:
    """The square root of x² + y² + 1, whose notation binds as a sum does."""
    return define_operation(
        "norm",
        lambda x, y: math.hypot(x, y, 1.0),
        lambda x, y, z: x / z,
        lambda x, y, z: y / z,
        text="{0:2} ⊕ {1:2}",
        latex=r"{0:2} \oplus {1:2}",
        precedence=1,
    )


def larger() -> Primitive:
    """The larger of two, of which the other receives nothing."""
    return define_operation(
        "larger",
        lambda x, y: max(x, y) if x == x and y == y else math.nan,
        lambda x, y, z: OPERATIONS["exceeds"](x, y),
        lambda x, y, z: OPERATIONS["exceeds"](y, x),
        selects=True,
    )


EXAMPLES: dict[str, tuple[Callable[[], Primitive], Callable[..., Any], tuple[float, ...]]] = {
    "swish": (swish, lambda x: x * sigmoid(2.0 * x), (0.7,)),
    "norm": (norm, lambda x, y: (x * x + y * y + 1.0).sqrt(), (0.7, -1.2)),
    "larger": (larger, maximum, (0.7, -1.2)),
}
EVERY = pytest.mark.parametrize(("make", "same", "at"), EXAMPLES.values(), ids=EXAMPLES)


def test_a_test_leaves_the_table_as_it_was() -> None:
    assert list(OPERATIONS.items()) == list(BUILT_IN.items())
    swish()
    assert list(OPERATIONS)[-1] == "swish"


def test_a_test_finds_the_table_as_it_was() -> None:
    assert list(OPERATIONS.items()) == list(BUILT_IN.items())


@EVERY
def test_it_runs_on_floats_and_values(
    make: Callable[[], Primitive], same: Callable[..., Any], at: tuple[float, ...]
) -> None:
    operation = make()
    xs = tuple(map(Value, at))
    z = operation(*xs)
    assert OPERATIONS[z.op] is operation
    assert z.operands == xs
    assert type(operation(*at)) is float
    assert z.data == operation(*at) == pytest.approx(same(*xs).data, rel=1e-15)
    z.backward()
    expected = gradients(same(*xs), xs)
    assert [x.grad for x in xs] == list(z.local_derivatives)
    assert list(z.local_derivatives) == pytest.approx(expected, rel=1e-15)
    assert operation(*map(int, at)) == operation(*map(float, map(int, at)))


@EVERY
def test_it_is_differentiated_to_any_order(
    make: Callable[[], Primitive], same: Callable[..., Any], at: tuple[float, ...]
) -> None:
    operation = make()
    found, expected = (hessian(lambda xs, f=f: f(*xs))(list(at)) for f in (operation, same))
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-14)
    assert grad(grad(grad(operation)))(*at) == pytest.approx(grad(grad(grad(same)))(*at), rel=1e-13)


@EVERY
def test_it_passes_gradcheck_among_others(
    make: Callable[[], Primitive], same: Callable[..., Any], at: tuple[float, ...]
) -> None:
    operation = make()
    assert gradcheck(lambda xs: tanh(operation(*xs)) * sin(operation(*xs[::-1])), [list(at)])


@EVERY
def test_it_obeys_the_modes_and_is_copied(
    make: Callable[[], Primitive], same: Callable[..., Any], at: tuple[float, ...]
) -> None:
    operation = make()
    with no_grad():
        assert operation(*map(Value, at)).operands == ()
    with detect_anomaly():
        assert operation(*map(Value, at)).operands != ()
    z = copy.deepcopy(operation(*map(Value, at)))
    assert (z.op, z.data) == (operation.name, operation(*at))


@EVERY
def test_it_shows_in_pictures_and_derivations(
    make: Callable[[], Primitive], same: Callable[..., Any], at: tuple[float, ...]
) -> None:
    operation = make()
    xs = [Value(x, label=name) for x, name in zip(at, "xy", strict=False)]
    z = operation(*xs)
    z.label = "z"
    y = exp(z)
    y.label = "L"
    y.backward()
    assert snapshot(y).nodes[len(xs)].symbol == operation.symbol
    assert operation.symbol in viz.draw(y).source
    symbols = [symbol(x.label) for x in xs]
    local = write(operation.rules[0](*symbols, symbol("z")))
    assert local in derive(z, xs[0]).text()
    steps = derive(y, xs[0], form="backprop")
    assert "δ" in steps.text()
    assert steps.steps[-1].value == xs[0].grad


def test_its_notation_takes_parentheses_where_they_are_needed() -> None:
    x, y = symbol("x"), symbol("y")
    operation = norm()
    assert write(operation(x + y, x * y) * y) == "((x + y) ⊕ x · y) · y"
    assert write(operation(x, y), "latex") == r"x \oplus y"
    assert write(swish()(x) ** 2.0) == "swish(x)^2"


def test_a_notation_that_is_left_out_is_that_of_a_function() -> None:
    operation = larger()
    assert write(operation(symbol("x"), 2.0)) == "larger(x, 2)"
    assert operation.symbol == "larger"


def test_help_shows_its_operands_and_its_sentence() -> None:
    assert str(inspect.signature(norm())) == "(x, y)"
    assert swish().__doc__ == "x σ(2x)."


def test_nothing_flows_to_what_it_did_not_select() -> None:
    x = Value(0.0)
    larger()(x.log(), -5.0).backward()
    assert x.grad == 0.0
    assert repr(larger()(Value(0.0).log(), -5.0).local_derivatives) == "(0.0, 1.0)"


def test_a_rule_may_use_another_operation_of_the_user_or_of_many_operands() -> None:
    inner = swish()
    outer = define_operation(
        "outer",
        lambda x: 0.5 * x * x,
        lambda x, z: inner(x) + logsumexp([x, x]) - math.log(2.0) - inner(x),
    )
    assert grad(outer)(1.3) == pytest.approx(1.3)
    assert grad(grad(outer))(1.3) == pytest.approx(1.0)


def test_points_say_where_an_operation_is_checked() -> None:
    def rule(x: Any, z: Any) -> Any:
        return 0.5 / z

    def root(x: float) -> float:
        return math.sqrt(x - 5.0) if x >= 5.0 else math.nan

    with pytest.raises(ValueError, match=r"root is finite at none of 4 points, the first of which"):
        define_operation("root", root, rule)
    operation = define_operation("root", root, rule, points=([x] for x in (5.5, 8.0, 1.0)))
    assert grad(operation)(9.0) == 0.25
    with detect_anomaly(), pytest.raises(FloatingPointError, match=r"root\(4\.0\) gave nan, at"):
        operation(Value(4.0))
    with pytest.raises(AssertionError, match=r"at x = 8\.0"):
        define_operation(
            "root", root, lambda x, z: 0.5 / z + (x - 5.5) / 9.0, points=[[5.5], [8.0]]
        )


def test_an_operation_that_is_defined_again_is_replaced() -> None:
    first = swish()
    second = swish()
    assert first is not second
    assert OPERATIONS["swish"] is second
    assert list(OPERATIONS)[-1] == "swish"
    assert first(Value(1.0)).data == second(Value(1.0)).data


def test_every_operand_of_many_is_checked() -> None:
    def product(*xs: float) -> float:
        return math.prod(xs)

    rules: list[Callable[..., Any]] = [
        lambda a, b, c, d, z: b * c * d,
        lambda a, b, c, d, z: a * c * d,
        lambda a, b, c, d, z: a * b * d,
        lambda a, b, c, d, z: a * b * c,
    ]
    assert define_operation("product", product, *rules)(1.0, 2.0, 3.0, 4.0) == 24.0
    for i, j in itertools.permutations(range(4), 2):
        wrong = list(rules)
        wrong[i] = rules[j]
        with pytest.raises(AssertionError, match=f"in wrong, the derivative by {'abcd'[i]} at "):
            define_operation("wrong", product, *wrong)


Call = tuple[Callable[[], Any], type[Exception], str]

REFUSED: dict[str, Call] = {
    "a sign": (
        lambda: define_operation("op", trigonometry.cos, lambda x, z: sin(x)),
        AssertionError,
        r"in op, the derivative by x at x = -2\.3 is .*: the sign is wrong",
    ),
    "a name that is taken": (
        lambda: define_operation("exp", exp.forward, lambda x, z: z),
        ValueError,
        "named 'exp' is defined already; choose another name",
    ),
    "a name that is none": (
        lambda: define_operation("my op", abs, lambda x, z: z),
        ValueError,
        "an operation named 'my op': give a name as of a Python function",
    ),
    "a name that Python has": (
        lambda: define_operation("lambda", abs, lambda x, z: z),
        ValueError,
        "an operation named 'lambda'",
    ),
    "no derivatives": (
        lambda: define_operation("op", abs),
        TypeError,
        "op has no derivatives: give one for each operand",
    ),
    "a derivative of the operands alone": (
        lambda: define_operation("op", lambda x: x * x, lambda x: 2.0 * x),
        TypeError,
        r"which has 1 of them, must be a function of 1 operands and the result, not of \(x\)",
    ),
    "a forward of other operands": (
        lambda: define_operation("op", lambda x, y: x, lambda x, z: 1.0),
        TypeError,
        r"which has 1 derivatives, must be a function of 1 operands, not of \(x, y\)",
    ),
    "a forward that raises": (
        lambda: define_operation("op", math.log, lambda x, z: 1.0 / x),
        ValueError,
        r"forward of op raised ValueError.* at \[0\.0\]: let it return math\.nan or math\.inf",
    ),
    "a forward that raises in the third operand": (
        lambda: define_operation(
            "op", lambda x, y, z: x + y + math.log(z), *[lambda x, y, z, r: 1.0] * 3
        ),
        ValueError,
        r"forward of op raised ValueError.* at \[0\.0, 1\.0, 0\.0\]",
    ),
    "a forward that is complex somewhere": (
        lambda: define_operation("op", lambda x: abs(x) and x**0.5, lambda x, z: 0.5 / z),
        TypeError,
        r"forward of op gave complex .* at \[-1\.0\]: let it return a float",
    ),
    "a forward that gives numbers of NumPy": (
        lambda: define_operation("op", np.float64, lambda x, z: 1.0),
        TypeError,
        "forward of op gave float64 .*: let it return a float",
    ),
    "a rule that branches": (
        lambda: define_operation("op", abs, lambda x, z: 1.0 if x > 0.0 else -1.0),
        TypeError,
        "cannot branch on them: use relu, maximum, clamp, sign or another operation that chooses",
    ),
    "a rule that uses math": (
        lambda: define_operation("op", lambda x: x, lambda x, z: math.exp(x)),
        TypeError,
        "x is a formula, not a number: in place of a function of math",
    ),
    "a rule that gives nothing": (
        lambda: define_operation("op", lambda x: x, lambda x, z: None),
        TypeError,
        "a derivative of op must be a number or made of the operands",
    ),
    "a text of other operands": (
        lambda: define_operation("op", lambda x: x, lambda x, z: 1.0, text="op({1})"),
        ValueError,
        r"the text of op, 'op\(\{1\}\)', does not fit its 1 operands: write \{0\} for the first",
    ),
    "braces that stand once": (
        lambda: define_operation("op", lambda x: x, lambda x, z: 1.0, latex=r"\mathrm{op}({0})"),
        ValueError,
        r"the latex of op, .* braces that are to stand twice",
    ),
    "a brace that is not closed": (
        lambda: define_operation("op", lambda x: x, lambda x, z: 1.0, latex=r"\mathrm{"),
        ValueError,
        r"the latex of op",
    ),
    "no number anywhere": (
        lambda: define_operation("op", lambda x: math.nan, lambda x, z: 1.0),
        ValueError,
        r"op is finite at none of 4 points, the first of which is \(-2\.3,\)",
    ),
}


@pytest.mark.parametrize(("call", "kind", "sentence"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("before", ["new", "again"])
def test_what_is_refused_leaves_the_table_unchanged(
    call: Callable[[], Any], kind: type[Exception], sentence: str, before: str
) -> None:
    if before == "again":
        define_operation("op", lambda x: x + x, lambda x, z: 2.0)
        swish()
    table = list(OPERATIONS.items())
    with pytest.raises(kind, match=sentence):
        call()
    assert list(OPERATIONS.items()) == table


def test_a_second_derivative_that_is_wrong_is_found() -> None:
    wrong = define("wrong", trigonometry.cos, lambda x, z: z)
    with pytest.raises(AssertionError, match="in op differentiated by x, the derivative by x at "):
        define_operation("op", trigonometry.sin, lambda x, z: wrong(x))
