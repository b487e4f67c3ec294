"""A layer is its neurons: the same nodes, derivatives and theirs again as by single operations."""

from __future__ import annotations

import copy
import itertools
import math
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd_mini import (
    Dense,
    Value,
    define_operation,
    detect_anomaly,
    dot,
    gradients,
    jacobian,
    maximum,
    no_grad,
    relu,
    sign,
    softplus,
    sqrt,
    sum,
    tanh,
)
from autograd_mini.expression import Expression, symbol, write
from autograd_mini.graph import topological_order
from autograd_mini.operations import dot_product
from autograd_mini.primitive import OPERATIONS
from autograd_mini.reverse import exclusive
from autograd_mini.rows import WIDEST
from autograd_mini.value import inputs_of

AWKWARD = (0.0, -0.0, 1.0, -2.5, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan, 0.1, 1 / 3)


def by_table(weights: Sequence[Sequence[Any]], inputs: Sequence[Any], biases: Sequence[Any]) -> Any:
    """A layer as the table has it: a neuron at a time, nothing shared."""
    return [
        dot_product.of((*row, *inputs, bias)) for row, bias in zip(weights, biases, strict=True)
    ]


def affine(weights: Sequence[Sequence[Any]], inputs: Sequence[Any], biases: Sequence[Any]) -> Any:
    return Dense(weights, biases)(inputs)


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
    "a weight too many in a layer": (
        lambda: Dense([[Value(1.0), Value(2.0)]], [None])([Value(3.0)]),
        ValueError,
        r"dot\(\) of 2 weights and 1 inputs: give as many of each",
    ),
    "a bias too few": (
        lambda: affine([[Value(1.0)], [Value(2.0)]], [3.0], [0.0]),
        ValueError,
        "a layer of 2 rows and 1 biases: give as many of each",
    ),
    "a label too few": (
        lambda: Dense([[Value(1.0)]], [None], relu, []),
        ValueError,
        "a layer of 1 rows and 0 labels: give as many of each",
    ),
    "an activation that is no operation": (
        lambda: Dense([[Value(1.0)]], [None], lambda x: x),
        TypeError,
        "an operation of one operand such as relu, not <function .*: apply any other function",
    ),
    "a row that is a number": (
        lambda: Dense([Value(1.0)], [None]),  # type: ignore[list-item]
        TypeError,
        r"a row of weights must be a sequence of numbers, not Value\(1.0\): write \[x\] for one",
    ),
    "inputs that are a number": (
        lambda: Dense([[Value(1.0)]], [None])(3.0),  # type: ignore[arg-type]
        TypeError,
        "the inputs of a layer must be a sequence of numbers, not 3.0",
    ),
    "a Value where floats are weighed": (
        lambda: Dense([[Value(1.0)]], [None]).weighted_sums([Value(2.0)]),  # type: ignore[list-item]
        TypeError,
        r"an input of weighted_sums\(\) must be a number, not Value\(2.0\): write v.data",
    ),
    "a text where floats are weighed": (
        lambda: Dense([[Value(1.0)]], [None]).weighted_sums(["2.0"]),  # type: ignore[list-item]
        TypeError,
        r"an input of weighted_sums\(\) must be a real number, not str '2.0': write float",
    ),
    "an input too many where floats are weighed": (
        lambda: Dense([[Value(1.0)]], [None]).weighted_sums([2.0, 3.0]),
        ValueError,
        r"dot\(\) of 1 weights and 2 inputs",
    ),
    "an activation of two operands": (
        lambda: Dense([[Value(1.0)]], [None], maximum),
        TypeError,
        "an operation of one operand such as relu, not <operation maximum>",
    ),
    "a weight that is a symbol, beside Values": (
        lambda: Dense([[symbol("w"), Value(1.0)]], [None])([2.0, 3.0]),
        TypeError,
        "an expression is made of numbers and expressions, not",
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


@pytest.mark.parametrize("place", ["weight", "input", "bias"])
def test_a_layer_of_symbols_is_written_down(place: str) -> None:
    w, x, b = [symbol(name) if name[0] == place[0] else 2.0 for name in ("w", "i", "b")]
    (found,) = Dense([[w, 1.0]], [b], relu)([x, 3.0])
    assert isinstance(found, Expression)
    assert write(found) == write(relu(dot_product(w, 1.0, x, 3.0, b)))


# ------------------------------------------------------------------- layers used again


@pytest.mark.parametrize("samples", [1, 2, 3])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_weights_that_serve_steps_and_samples_receive_from_all_of_them(
    steps: int, samples: int
) -> None:
    rng = random.Random(f"{steps} {samples}")

    def whole() -> Value:
        return Value(float(rng.randint(-3, 3)))

    weights, biases = [(whole(), whole()) for _ in range(2)], [1.0, 0.0]
    starts = [[whole(), whole()] for _ in range(samples)]
    leaves = [*itertools.chain(*weights, *starts)]

    def total(layer: Callable[..., Any]) -> Value:
        ends: list[Value] = []
        for state in starts:
            for _ in range(steps):
                state = layer(state)  # noqa: PLW2901  # it goes on
            ends += state
        found: Value = sum([(-1.0) ** i * end for i, end in enumerate(ends)])
        return found

    expected = gradients(total(lambda xs: by_table(weights, xs, biases)), leaves)
    assert gradients(total(Dense(weights, biases)), leaves) == expected


def test_a_layer_computes_with_the_numbers_that_its_weights_have_at_each_call() -> None:
    w, b, x = Value(2.0), Value(1.0), Value(5.0)
    layer = Dense([[w]], [b])
    (before,) = layer([x])
    w.data, b.data = 3.0, -1.0
    (after,) = layer([x])
    assert (before.data, after.data) == (11.0, 14.0)
    assert gradients(before + after, [w, b, x]) == [10.0, 2.0, 5.0]


# ------------------------------------------------------------------- layers with an activation


def cubed() -> Any:
    """An operation of a user's own, whose operand has the name of something in the layer."""
    name = f"cubed_{len(OPERATIONS)}"
    return define_operation(name, lambda ws: ws * ws * ws, lambda ws, z: 3.0 * ws * ws)


ACTIVATIONS: dict[str, Callable[[], Any]] = {
    "relu": lambda: relu,
    "tanh": lambda: tanh,
    "softplus": lambda: softplus,
    "sign": lambda: sign,
    "sqrt": lambda: sqrt,
    "one of the user's": cubed,
}
WITH_ACTIVATIONS = pytest.mark.parametrize("name", ACTIVATIONS)


def apart(given: Any, activation: Any, labels: Sequence[str]) -> list[Any]:
    """A layer with an activation as the table has it."""
    sums = by_table(*given)
    for weighted_sum, label in zip(sums, labels, strict=True):
        if isinstance(weighted_sum, Value):
            weighted_sum.label = label
    return list(map(activation, sums))


def graph_of(outputs: Sequence[Any]) -> list[Any]:
    """What is to be seen of every node of a graph."""
    roots = [output for output in outputs if isinstance(output, Value)]
    order = topological_order(roots, inputs_of)
    places = {node: i for i, node in enumerate(order)}
    return [
        [
            (node.op, node.label, repr(node.data), repr(node.grad), repr(node.local_derivatives)),
            [places[o] if isinstance(o, Value) else repr(o) for o in node.operands],
        ]
        for node in order
    ] + [repr(output) for output in outputs]


@WITH_ACTIVATIONS
@EVERY_KIND
@EVERY_SIZE
def test_a_layer_with_an_activation_is_the_graph_of_its_operations(
    name: str, kind: str, nin: int, nout: int
) -> None:
    activation, labels = ACTIVATIONS[name](), [f"s{i}" for i in range(nout)]
    for seed in range(4):
        given = layer(kind, nin, nout, seed)
        weights, inputs, biases = given
        found = Dense(weights, biases, activation, labels)(inputs)
        assert graph_of(found) == graph_of(apart(given, activation, labels))


@WITH_ACTIVATIONS
@pytest.mark.parametrize("look", ["before", "after", "never", "between"])
def test_gradients_of_a_layer_are_the_same_whenever_its_sums_are_looked_at(
    name: str, look: str
) -> None:
    activation, labels = ACTIVATIONS[name](), ["a", "b", "c"]
    for seed in range(0, 40, 2):
        graphs = []
        makes: tuple[Callable[[Any], list[Any]], ...] = (
            lambda given: apart(given, activation, labels),
            lambda given: Dense(given[0], given[2], activation, labels)(given[1]),
        )
        for make in makes:
            outputs = make(layer("Values", 4, 3, seed))
            root = outputs[0] + outputs[1] * outputs[2]
            if look == "before":
                graph_of([root])
            root.backward()
            if look == "between":
                graph_of([root])
            if look != "never":
                (root * outputs[0]).backward(0.5)
            graphs.append(graph_of([root]))
        assert graphs[0] == graphs[1]


def neuron() -> tuple[Value, Any]:
    """A weight, and the output of the neuron with it."""
    w = Value(3.0)
    (output,) = Dense([[w]], [1.0], relu, ["sum"])([2.0])
    return w, output


def test_a_copied_neuron_has_its_own_sum() -> None:
    w, output = neuron()
    output.backward()
    again, copied = copy.deepcopy([w, output])
    copied.backward()
    assert (w.grad, again.grad) == (2.0, 4.0)
    assert copied.operands[0] is not output.operands[0]
    assert graph_of([copied])[1:] == graph_of([output])[1:]


def test_nothing_flows_to_a_sum_that_its_activation_has_not_selected() -> None:
    w = Value(1.0)
    (output,) = Dense([[w]], [-3.0], relu)([2.0])
    output.backward(math.inf)
    assert (w.grad, output.operands[0].grad) == (0.0, 0.0)


def test_a_sum_is_one_node_for_all_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            _, output = neuron()
            sums = list(pool.map(lambda _, output=output: output.operands[0], range(8)))
            assert len(set(map(id, sums))) == 1


def test_a_sum_is_not_made_in_the_middle_of_a_sweep() -> None:
    w, output = neuron()
    with exclusive(), pytest.raises(RuntimeError, match="under way: do not call backward"):
        _ = output.operands
    output.backward()
    assert (w.grad, output.operands[0].grad) == (2.0, 1.0)


def test_a_layer_with_an_activation_obeys_the_modes() -> None:
    with no_grad():
        _, output = neuron()
    assert (output.data, output.op, output.operands) == (7.0, "", ())
    with detect_anomaly(), pytest.raises(FloatingPointError, match=r"dot\(1e\+308, 10\.0, 0\.0\)"):
        Dense([[Value(1e308)]], [0.0], relu)([10.0])
    _, output = neuron()
    with no_grad():
        assert output.operands[0].operands[1:] == (2.0, 1.0)


def test_a_sum_holds_the_numbers_of_its_time() -> None:
    w, output = neuron()
    w.data = 100.0
    (weighted_sum,) = output.operands
    assert (weighted_sum.data, weighted_sum.label) == (7.0, "sum")
    assert weighted_sum.local_derivatives == (2.0, 3.0, 1.0)
