"""A layer is its neurons: an affine map gives the dots, their derivatives and theirs again."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd_mini import (
    Value,
    affine,
    detect_anomaly,
    dot,
    gradients,
    jacobian,
    no_grad,
    sum,
    tanh,
)
from autograd_mini.operations import dot_product
from autograd_mini.rows import WIDEST

AWKWARD = (0.0, -0.0, 1.0, -2.5, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan, 0.1, 1 / 3)


def by_table(weights: Sequence[Sequence[Any]], inputs: Sequence[Any], biases: Sequence[Any]) -> Any:
    """A layer as the table has it: a neuron at a time, nothing shared."""
    return [
        dot_product.of((*row, *inputs, bias)) for row, bias in zip(weights, biases, strict=True)
    ]


def by_dots(weights: Sequence[Sequence[Any]], inputs: Sequence[Any], biases: Sequence[Any]) -> Any:
    return [dot(row, inputs, bias) for row, bias in zip(weights, biases, strict=True)]


def number(x: Any) -> float:
    return x.data if isinstance(x, Value) else x


# How the operands are given: which of them are Values.
KINDS: dict[str, Callable[[random.Random, float], Any]] = {
    "Values": lambda rng, x: Value(x),
    "floats": lambda rng, x: x,
    "some of each": lambda rng, x: rng.choice([x, Value(x)]),
    "numbers of all kinds": lambda rng, x: rng.choice([Value(x), x, np.float64(x), Value(x)]),
}


def layer(
    kind: str, nin: int, nout: int, seed: int
) -> tuple[list[list[Any]], list[Any], list[Any]]:
    """Weights, inputs and biases of any size and sign, every other time awkward ones among them."""
    rng = random.Random(f"{kind} {nin} {nout} {seed}")

    def draw() -> Any:
        x = (
            rng.choice(AWKWARD)
            if seed % 2 and rng.random() < 0.1
            else rng.gauss() * 2.0 ** rng.randint(-4, 4)
        )
        return KINDS[kind](rng, x)

    return (
        [[draw() for _ in range(nin)] for _ in range(nout)],
        [draw() for _ in range(nin)],
        [draw() for _ in range(nout)],
    )


SIZES = [(0, 2), (1, 1), (1, 3), (2, 0), (2, 2), (3, 4), (7, 2), (WIDEST + 1, 2)]
EVERY_SIZE = pytest.mark.parametrize(("nin", "nout"), SIZES)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


@EVERY_KIND
@EVERY_SIZE
def test_a_layers_nodes_are_those_of_dots(kind: str, nin: int, nout: int) -> None:
    for seed in range(20):
        given = layer(kind, nin, nout, seed)
        expected = by_table(*given)
        for found in (affine(*given), by_dots(*given)):
            assert list(map(type, found)) == list(map(type, expected))
            assert repr(list(map(number, found))) == repr(list(map(number, expected)))
            for mine, tables in zip(found, expected, strict=True):
                if isinstance(mine, Value):
                    assert (mine.op, mine.label, mine.grad) == ("dot", "", 0.0)
                    assert repr(mine.local_derivatives) == repr(tables.local_derivatives)
                    for operand, its in zip(mine.operands, tables.operands, strict=True):
                        assert operand is its or repr(operand) == repr(its)
                        assert type(operand) is type(its)


@EVERY_KIND
@EVERY_SIZE
def test_a_layers_gradients_are_those_of_dots(kind: str, nin: int, nout: int) -> None:
    for seed in range(10):
        rng = random.Random(seed)
        given = layer(kind, nin, nout, seed)
        leaves = [x for row in (*given[0], *given[1:]) for x in row if isinstance(x, Value)]
        swept = []
        for make in (by_table, by_dots, affine):
            outputs = make(*given)
            rng.seed(seed)
            total = sum([rng.gauss() * tanh(y) for y in outputs]) + Value(0.0)
            for leaf in leaves:
                leaf.grad = 0.0
            total.backward()
            swept.append([leaf.grad for leaf in leaves])
            assert repr(swept[-1]) == repr([0.0 + g for g in gradients(total, leaves)])
        for found in swept[1:]:
            if kind == "Values":
                assert repr(found) == repr(swept[0])
            else:  # what is not shared by all the neurons may be added up in another order
                assert found == pytest.approx(swept[0], rel=1e-13, nan_ok=True)


@pytest.mark.parametrize("make", [by_dots, affine])
@pytest.mark.parametrize("values", [(0, 1, 2), (0,), (1,), (2,)])
def test_a_layers_second_derivatives_are_those_of_dots(
    make: Callable[..., Any], values: tuple[int, ...]
) -> None:
    rng = random.Random("second derivatives")
    point = [[rng.gauss() for _ in range(count)] for count in (6, 3, 2)]
    flat = [x for place in values for x in point[place]]

    def second(make: Callable[..., Any]) -> Any:
        def outputs(numbers: Sequence[Any]) -> list[Any]:
            rest = iter(numbers)
            parts = [[next(rest) for _ in p] if i in values else p for i, p in enumerate(point)]
            ws, xs, bs = parts
            return [tanh(y) * y for y in make([ws[:3], ws[3:]], xs, bs)]

        return jacobian(lambda xs: [d for row in jacobian(outputs)(xs) for d in row])(flat)

    assert repr(second(make)) == repr(second(by_table))


@pytest.mark.parametrize("make", [by_table, by_dots, affine])
def test_a_layer_of_integers_has_exact_gradients_however_its_inputs_are_shared(
    make: Callable[..., Any],
) -> None:
    """Two layers on the same inputs and weights, which are used beside them too."""
    ws = [[Value(3.0), Value(-1.0)], [Value(2.0), Value(5.0)]]
    xs, bs = [Value(7.0), Value(4.0)], [Value(1.0), Value(-6.0)]
    hidden = make(ws, xs, bs)  # 18, 28
    again = make(ws, hidden, bs)  # 27, 170
    once_more = make(ws, xs, [xs[0], again[0]])  # 24, 61
    (2.0 * again[1] + again[0] * xs[1] + once_more[0] + once_more[1]).backward(2.0)

    def f(*numbers: int) -> int:
        w00, w01, w10, w11, x0, x1, b0, b1 = numbers
        h0, h1 = w00 * x0 + w01 * x1 + b0, w10 * x0 + w11 * x1 + b1
        a0, a1 = w00 * h0 + w01 * h1 + b0, w10 * h0 + w11 * h1 + b1
        c0, c1 = w00 * x0 + w01 * x1 + x0, w10 * x0 + w11 * x1 + a0
        return 2 * a1 + a0 * x1 + c0 + c1

    leaves = [*itertools.chain(*ws), *xs, *bs]
    at = [int(leaf.data) for leaf in leaves]
    for i, leaf in enumerate(leaves):
        # Cubic in each number, so that differences of four points are exact.
        along = [f(*at[:i], at[i] + h, *at[i + 1 :]) for h in (-2, -1, 1, 2)]
        slope = Fraction(along[0] - 8 * along[1] + 8 * along[2] - along[3], 12)
        assert leaf.grad == 2 * slope, i


def test_rows_may_be_any_sequences_and_are_kept_as_they_were() -> None:
    w, x = [Value(2.0), Value(3.0)], [Value(5.0), Value(7.0)]
    expected = by_table([w], x, [1.0])[0]
    kinds: tuple[Callable[[Any], Any], ...] = (list, tuple, np.array)
    for kind in kinds:
        (y,) = affine([kind(w)], kind(x), kind([1.0]))
        assert (y.data, y.operands[:4]) == (32.0, expected.operands[:4])
    row = list(w)
    (y,) = affine([row], x, [1.0])
    row[0] = x[0] = Value(100.0)
    assert y.operands[:2] == tuple(w)
    y.backward()
    assert (w[0].grad, x[1].grad, x[0].grad) == (5.0, 3.0, 0.0)


def test_a_layer_obeys_the_modes() -> None:
    given = layer("Values", 3, 2, 0)
    with no_grad():
        for y, expected in zip(affine(*given), by_table(*given), strict=True):
            assert (y.operands, y.op, repr(y.data)) == ((), "", repr(expected.data))
    with detect_anomaly(), pytest.raises(FloatingPointError, match=r"dot\(1e\+308, 10\.0, 0\.0\)"):
        affine([[Value(1e308)]], [Value(10.0)], [0.0])


WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a weight too few": (
        lambda: affine([[Value(1.0), 2.0], [Value(1.0)]], [3.0, 4.0], [0.0, 0.0]),
        ValueError,
        r"dot\(\) of 1 weights and 2 inputs: give as many of each",
    ),
    "a weight too many": (
        lambda: dot([Value(1.0), Value(2.0)], [Value(3.0)]),
        ValueError,
        r"dot\(\) of 2 weights and 1 inputs: give as many of each",
    ),
    "a bias too few": (
        lambda: affine([[Value(1.0)], [Value(2.0)]], [3.0], [0.0]),
        ValueError,
        r"affine\(\) of 2 rows and 1 biases: give as many of each",
    ),
    "a weight that is no number": (
        lambda: affine([[Value(1.0), "2.0"]], [3.0, 4.0], [0.0]),
        TypeError,
        r"an operand of dot\(\) must be a real number or a Value, not str '2\.0'",
    ),
    "an input that is no number": (
        lambda: dot([Value(1.0)], [None]),
        TypeError,
        r"an operand of dot\(\) must be a real number or a Value, not NoneType None",
    ),
    "a bias that is no number": (
        lambda: affine([[Value(1.0)]], [Value(2.0)], [1j]),
        TypeError,
        r"an operand of dot\(\) must be a real number or a Value, not complex 1j",
    ),
    "an input that is a list": (
        lambda: affine([[Value(1.0)]], [[Value(2.0)]], [0.0]),
        TypeError,
        r"an operand of dot\(\) must be a real number or a Value, not list",
    ),
}


@pytest.mark.parametrize(("call", "kind", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_layer_is_refused_with_a_sentence(
    call: Callable[[], Any], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        call()


@pytest.mark.parametrize("samples", [1, 2, 3])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_weights_that_serve_steps_and_samples_receive_from_all_of_them(
    steps: int, samples: int
) -> None:
    rng = random.Random(f"{steps} {samples}")

    def whole() -> Value:
        return Value(float(rng.randint(-3, 3)))

    weights = [(whole(), whole()) for _ in range(2)]
    starts = [[whole(), whole()] for _ in range(samples)]
    leaves = [*itertools.chain(*weights, *starts)]

    def total(layer: Callable[..., Any]) -> Value:
        ends: list[Value] = []
        for state in starts:
            for _ in range(steps):
                state = layer(weights, state, [1.0, 0.0])  # noqa: PLW2901  # it goes on
            ends += state
        found: Value = sum([(-1.0) ** i * end for i, end in enumerate(ends)])
        return found

    assert gradients(total(affine), leaves) == gradients(total(by_table), leaves)
