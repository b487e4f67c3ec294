"""Functions that take more than an operation's operands: defaults, lists, and their errors."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import (
    Value,
    clamp,
    dot,
    elu,
    gelu,
    hardtanh,
    leaky_relu,
    logaddexp,
    logsumexp,
    maximum,
    mean,
    minimum,
    round,  # the field's name for it
    sum,  # the field's name for it
    where,
)

NUMBERS = st.floats(-1e3, 1e3)
LISTS = st.lists(NUMBERS, min_size=1, max_size=6)

# A call with its default and the same with all of its arguments.
DEFAULTS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "leaky_relu": (leaky_relu, lambda x: leaky_relu(x, 0.01)),
    "elu": (elu, lambda x: elu(x, 1.0)),
    "gelu": (gelu, lambda x: gelu(x, "none")),
    "hardtanh": (hardtanh, lambda x: clamp(x, -1.0, 1.0)),
    "clamp above": (lambda x: clamp(x, high=0.5), lambda x: clamp(x, -math.inf, 0.5)),
    "clamp below": (lambda x: clamp(x, low=-0.5), lambda x: clamp(x, -0.5, math.inf)),
    "dot": (lambda x: dot([x], [2.0]), lambda x: dot([x], [2.0], 0.0)),
}

# A call of a function and the same of a method.
METHODS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "leaky_relu": (lambda x: leaky_relu(x, 0.2), lambda x: x.leaky_relu(0.2)),
    "elu": (lambda x: elu(x, 2.0), lambda x: x.elu(2.0)),
    "gelu": (lambda x: gelu(x, "tanh"), lambda x: x.gelu("tanh")),
    "hardtanh": (hardtanh, lambda x: x.hardtanh()),
    "clamp": (lambda x: clamp(x, -0.1, 0.1), lambda x: x.clamp(-0.1, 0.1)),
    "round": (round, lambda x: x.round()),
    "where": (lambda x: where(x > 0.0, x, 3.0), lambda x: x.where(x > 0.0, 3.0)),
}


@pytest.mark.parametrize(("short", "full"), DEFAULTS.values(), ids=DEFAULTS)
@pytest.mark.parametrize("x", [-2.0, -0.3, 0.4, 1.7])
def test_a_default_is_what_it_says(
    x: float, short: Callable[[Any], Any], full: Callable[[Any], Any]
) -> None:
    v, w = Value(x), Value(x)
    first, second = short(v), full(w)
    first.backward()
    second.backward()
    assert (first.data, v.grad) == (second.data, w.grad)
    assert short(x) == first.data
    assert type(short(x)) is float


@pytest.mark.parametrize(("call", "method"), METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("x", [-2.5, -0.05, 0.7])
def test_a_method_is_the_function(
    x: float, call: Callable[[Any], Any], method: Callable[[Any], Any]
) -> None:
    v, w = Value(x), Value(x)
    first, second = call(v), method(w)
    first.backward()
    second.backward()
    assert (first.data, first.op, v.grad) == (second.data, second.op, w.grad)


def test_the_two_forms_of_gelu_are_close_and_not_the_same() -> None:
    assert gelu(1.0) == pytest.approx(math.erfc(-math.sqrt(0.5)) / 2.0, rel=1e-15)
    assert gelu(1.0, "tanh") != gelu(1.0)
    assert gelu(1.0, "tanh") == pytest.approx(gelu(1.0), abs=1e-3)


NONSENSE: dict[str, tuple[type[Exception], Callable[[], Any]]] = {
    "mean() of no numbers: give at least one": (ValueError, lambda: mean([])),
    "dot() of 2 weights and 1 inputs: give as many of each": (
        ValueError,
        lambda: dot([1.0, 2.0], [3.0]),
    ),
    "clamp() between 2.0 and 1.0: give the lower bound first": (
        ValueError,
        lambda: clamp(0.0, 2.0, 1.0),
    ),
    "clamp() between Value(2.0) and 1: give the lower bound first": (
        ValueError,
        lambda: clamp(0.0, Value(2.0), 1),
    ),
    "gelu() approximated by 'erf': give 'none' or 'tanh'": (
        ValueError,
        lambda: gelu(1.0, "erf"),  # type: ignore[arg-type]  # that is the point
    ),
    "an operand of clamp() must be a real number or a Value, not str '1': write float(text) for "
    "the number it holds": (TypeError, lambda: clamp(0.0, "1", 2.0)),
    "sum() of 2.0: give the numbers in a list, as in sum([x, y])": (
        TypeError,
        lambda: sum(2.0),  # type: ignore[arg-type]  # that is the point
    ),
    "mean() of Value(2.0): give the numbers in a list, as in mean([x, y])": (
        TypeError,
        lambda: mean(Value(2.0)),  # type: ignore[arg-type]  # that is the point
    ),
    "logsumexp() of None: give the numbers in a list, as in logsumexp([x, y])": (
        TypeError,
        lambda: logsumexp(None),  # type: ignore[arg-type]  # that is the point
    ),
}


@pytest.mark.parametrize(
    ("sentence", "error", "call"),
    [(sentence, *given) for sentence, given in NONSENSE.items()],
    ids=NONSENSE,
)
def test_a_call_that_makes_no_sense_is_refused_with_a_sentence(
    sentence: str, error: type[Exception], call: Callable[[], Any]
) -> None:
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        call()


@given(LISTS)
def test_the_sum_is_taken_from_left_to_right(numbers: list[float]) -> None:
    total = 0.0
    for x in numbers:
        total += x
    assert sum(numbers) == total
    assert sum(iter(numbers)) == total
    assert mean(numbers) == total / len(numbers)


@given(LISTS, st.randoms(use_true_random=False))
def test_the_dot_is_taken_from_left_to_right(numbers: list[float], rng: Any) -> None:
    weights = [rng.uniform(-2.0, 2.0) for _ in numbers]
    total = 0.0
    for w, x in zip(weights, numbers, strict=True):
        total += w * x
    assert dot(weights, numbers, 0.25) == total + 0.25
    assert dot([Value(w) for w in weights], numbers, 0.25).data == total + 0.25


@given(LISTS)
def test_the_log_of_a_sum_of_exponentials_weighs_its_operands_by_softmax(
    numbers: list[float],
) -> None:
    xs = [Value(x) for x in numbers]
    z = logsumexp(xs)
    z.backward()
    assert math.fsum(x.grad for x in xs) == pytest.approx(1.0, rel=1e-15)
    assert max(numbers) <= z.data <= max(numbers) + math.log(len(numbers)) + 1e-12
    shifted = logsumexp([x + 64.0 for x in numbers])
    assert shifted == pytest.approx(z.data + 64.0, rel=1e-13, abs=1e-13)


@given(NUMBERS, NUMBERS)
def test_the_log_of_a_sum_of_two_exponentials_is_logaddexp(x: float, y: float) -> None:
    assert logsumexp([x, y]) == pytest.approx(logaddexp(x, y), rel=1e-15)


@given(NUMBERS, NUMBERS)
def test_clamping_is_the_larger_and_then_the_smaller(x: float, bound: float) -> None:
    low, high = -abs(bound), abs(bound)
    assert clamp(x, low, high) == minimum(maximum(x, low), high)


@pytest.mark.parametrize("condition", [True, 1, 2.5, Value(1.0)], ids=repr)
def test_a_condition_that_holds_chooses_the_first(condition: Any) -> None:
    x, y = Value(2.0), Value(3.0)
    z = where(condition, x, y)
    z.backward()
    assert (z.data, x.grad, y.grad) == (2.0, 1.0, 0.0)


@pytest.mark.parametrize("condition", [False, 0, -0.0, Value(0.0)], ids=repr)
def test_a_condition_that_does_not_hold_chooses_the_second(condition: Any) -> None:
    x, y = Value(2.0), Value(3.0)
    z = where(condition, x, y)
    z.backward()
    assert (z.data, x.grad, y.grad) == (3.0, 0.0, 1.0)


def test_an_operand_may_be_there_twice() -> None:
    x = Value(3.0)
    (dot([x, x], [x, 2.0], x) + sum([x, x]) + mean([x, x])).backward()
    assert x.grad == 2.0 * 3.0 + 2.0 + 1.0 + 2.0 + 1.0
