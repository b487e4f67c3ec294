"""Random graphs, and the networks of nn, replay as the eager engine computes them."""

import math
from collections.abc import Callable
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_mini import (
    Value,
    clamp,
    dot,
    exp,
    gradients,
    hessian,
    log,
    logsumexp,
    maximum,
    mean,
    minimum,
    relu,
    sigmoid,
    sin,
    sum,
    tanh,
    where,
)
from autograd_mini.program import compile
from nn import MLP, hinge, l2, moons, mse

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

Grow = Callable[[Random, list[Any]], Any]

EXACT: list[Grow] = [
    lambda random, nodes: random.choice(nodes) + random.choice(nodes),
    lambda random, nodes: random.choice(nodes) - random.choice(nodes),
    lambda random, nodes: random.choice(nodes) * random.choice(nodes),
    lambda random, nodes: random.choice(nodes) / random.choice(nodes),
    lambda random, nodes: -random.choice(nodes),
    lambda random, nodes: abs(random.choice(nodes)),
    lambda random, nodes: random.choice(nodes) * random.choice([2.0, 0.0, -1.0, 1.0, math.inf]),
    lambda random, nodes: relu(random.choice(nodes)),
    lambda random, nodes: maximum(random.choice(nodes), random.choice(nodes)),
    lambda random, nodes: minimum(random.choice(nodes), 1.0),
    lambda random, nodes: clamp(random.choice(nodes), -1.0, 1.0),
    lambda random, nodes: where(random.choice(nodes), random.choice(nodes), random.choice(nodes)),
    lambda random, nodes: sum(random.choices(nodes, k=4)),
    lambda random, nodes: mean(random.choices(nodes, k=3)),
    lambda random, nodes: dot(
        random.choices(nodes, k=3), random.choices(nodes, k=3), random.choice(nodes)
    ),
]
SMOOTH: list[Grow] = [
    lambda random, nodes: exp(-(random.choice(nodes) ** 2)),
    lambda random, nodes: log(1.0 + random.choice(nodes) ** 2),
    lambda random, nodes: tanh(random.choice(nodes)),
    lambda random, nodes: sigmoid(random.choice(nodes)),
    lambda random, nodes: sin(random.choice(nodes)),
    lambda random, nodes: logsumexp(random.choices(nodes, k=3)),
    lambda random, nodes: random.choice(nodes) + random.choice(nodes),
    lambda random, nodes: random.choice(nodes) * random.choice(nodes),
]
NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.5, -3.0, 7.0, 1e200, math.inf, -math.inf, math.nan]


def grown(seed: int, operations: list[Grow], leaves: list[Any], size: int) -> Any:
    """A random graph on some leaves, the same for the same seed."""
    random = Random(seed)
    nodes = list(leaves)
    for _ in range(size):
        nodes.append(random.choice(operations)(random, nodes[-8:] + leaves))
    return sum(nodes[-3:] + leaves)


def same(found: Any, expected: Any) -> bool:
    """Whether two arrays have the same numbers, with NaN at the same places."""
    return bool(np.array_equal(np.asarray(found), np.asarray(expected), equal_nan=True))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 40))
def test_arithmetic_and_choices_replay_to_the_bit(seed: int, size: int) -> None:
    random = Random(seed)
    batch = [random.choices(NUMBERS, k=3) for _ in range(13)]
    inputs = [Value(1.0) for _ in range(3)]
    program = compile(grown(seed, EXACT, inputs, size), inputs)
    values, jacobians = program(batch), program.jacobian(batch)
    for sample, (value,), (slopes,) in zip(batch, values, jacobians, strict=True):
        leaves = [Value(x) for x in sample]
        result = grown(seed, EXACT, leaves, size)
        assert same(value, result.data)
        expected = gradients(result, leaves, create_graph=True)
        assert same(slopes, [slope.data for slope in expected])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 25))
def test_functions_replay_closely_to_second_order(seed: int, size: int) -> None:
    random = Random(seed)
    batch = [[random.uniform(-1.0, 1.0) for _ in range(3)] for _ in range(3)]
    inputs = [Value(0.5) for _ in range(3)]
    program = compile(grown(seed, SMOOTH, inputs, size), inputs)
    values, jacobians, hessians = program(batch), program.jacobian(batch), program.hessian(batch)
    for i, sample in enumerate(batch):
        leaves = [Value(x) for x in sample]
        result = grown(seed, SMOOTH, leaves, size)
        if not abs(result.data) < 1e6:
            continue
        assert values[i, 0] == pytest.approx(result.data, rel=1e-12)
        slopes = gradients(result, leaves)
        assert jacobians[i, 0] == pytest.approx(slopes, rel=1e-9, abs=1e-9)
        second = hessian(lambda xs: grown(seed, SMOOTH, list(xs), size))(sample)
        scale = 1.0 + max(abs(x) for row in second for x in row)
        assert np.abs(hessians[i] - second).max() < 1e-9 * scale


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "leaky_relu", "gelu"])
@pytest.mark.parametrize("samples", [4, 8, 13, 300])
def test_a_network_replays_with_its_gradient(activation: str, samples: int) -> None:
    model = MLP(2, [5, 7, 1], activation=activation, rng=samples)
    inputs, target = [Value(0.5), Value(-0.5)], Value(1.0)
    loss = relu(1.0 - target * model(inputs)[0]) + 0.01 * l2(model.parameters())
    program = compile(loss, [*inputs, target], model.parameters())
    data = moons(samples, rng=0).relabeled(-1, 1)
    total = mean([hinge(model(x), t) for x, t in data]) + 0.01 * l2(model.parameters())
    value, gradient = program.value_and_gradient([[*x, t] for x, t in data])
    assert value == pytest.approx(total.data, rel=1e-13)
    assert gradient == pytest.approx(gradients(total, model.parameters()), rel=1e-10, abs=1e-13)
    assert [p.grad for p in model.parameters()] == gradient.tolist()


def test_the_outputs_of_a_network_have_the_bits_of_the_eager_engine() -> None:
    model = MLP(3, [16, 6], rng=0)
    inputs = [Value(0.5) for _ in range(3)]
    program = compile(model(inputs), inputs, model.parameters())
    random = Random(0)
    batch = [[random.gauss(0.0, 1.0) for _ in range(3)] for _ in range(45)]
    assert same(program(batch), [[y.data for y in model(x)] for x in batch])


def test_a_weight_in_several_places_collects_all_of_its_flows() -> None:
    w, x, y = Value(1.5), Value(0.0), Value(0.0)
    hidden = [tanh(dot([w, 2.0], [x, y], w)), tanh(w * x + y)]
    loss = dot(hidden, [w, w]) + w * w
    program = compile(loss, [x, y], [w])
    batch = [(0.3, -0.7), (1.1, 0.2), (-0.4, 0.9)]

    def eager(w: Any) -> Any:
        losses = []
        for a, b in batch:
            units = [tanh(dot([w, 2.0], [a, b], w)), tanh(w * a + b)]
            losses.append(dot(units, [w, w]) + w * w)
        return mean(losses)

    leaf = Value(1.5)
    expected = eager(leaf)
    value, gradient = program.value_and_gradient(batch)
    assert value == pytest.approx(expected.data, rel=1e-14)
    assert gradient == pytest.approx(gradients(expected, [leaf]), rel=1e-14)
    second = hessian(lambda ws: eager(ws[0]))([1.5])
    assert program.hessian(batch)[0] == pytest.approx(second[0], rel=1e-13)


def test_second_derivatives_by_parameters_are_those_of_the_eager_engine() -> None:
    model = MLP(1, [3, 1], activation="tanh", rng=3)
    parameters = model.parameters()
    x, t = Value(0.0), Value(0.0)
    program = compile(mse(model([x]), [t]), [x, t], parameters)
    batch = [(0.5, 1.0), (-0.3, 0.2), (0.9, -0.7)]

    def eager(weights: Any) -> Any:
        first, last = weights[:6], weights[6:]
        losses = []
        for a, b in batch:
            hidden = [tanh(dot(first[2 * i : 2 * i + 1], [a], first[2 * i + 1])) for i in range(3)]
            losses.append((dot(last[:3], hidden, last[3]) - b) ** 2)
        return mean(losses)

    expected = hessian(eager)([p.data for p in parameters])
    found = program.hessian(batch)
    assert np.abs(found - expected).max() < 1e-12
    v = [0.5 * i - 1.0 for i in range(len(parameters))]
    assert program.hvp(batch, v) == pytest.approx(found @ v, rel=1e-12)


def test_second_derivatives_stop_where_relu_does() -> None:
    def f(xs: Any) -> Any:
        hidden = [relu(xs[0] * xs[1] - 0.5), relu(xs[1] * xs[1]), maximum(xs[0], xs[1] * xs[0])]
        return sum([h * h * h for h in hidden])

    batch = [(0.5, 0.7), (1.5, 2.5), (-1.0, 3.0), (2.0, -0.5)]
    found = compile(lambda x, y: f([x, y]), 2).hessian(batch)
    for sample, matrix in zip(batch, found, strict=True):
        assert matrix == pytest.approx(np.array(hessian(f)(list(sample))), rel=1e-13)


def test_a_flow_back_through_a_layer_may_be_known_before_the_layer_is() -> None:
    v = [[Value(0.3), Value(-0.7)], [Value(-0.2), Value(0.9)], [Value(0.4), Value(0.1)]]
    w = [[Value(1.1), Value(0.5), Value(-2.0)], [Value(0.6), Value(-0.4), Value(1.3)]]
    parameters = [*chain(*v), *chain(*w)]

    def loss(x: Any, y: Any) -> Any:
        hidden = [relu(dot(row, [x, y])) for row in v]
        return dot([x, y], [dot(row, hidden) for row in w])

    x, y = Value(0.0), Value(0.0)
    program = compile(loss(x, y), [x, y], parameters)
    batch = [(0.5, -1.0), (-0.3, 0.8), (1.0, 1.0)]
    expected = gradients(mean([loss(a, b) for a, b in batch]), parameters)
    assert program.value_and_gradient(batch)[1] == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_a_weighted_sum_can_be_an_output_beside_its_relu() -> None:
    rows, xs = [[0.5, -1.0], [2.0, 0.3], [-0.4, 1.5]], [Value(1.0), Value(2.0)]
    ws = [[Value(w) for w in row] for row in rows]
    sums = [dot(row, xs) for row in ws]
    program = compile([*sums, *map(relu, sums)], xs, list(chain(*ws)))
    (found,) = program([(1.0, 2.0)])
    assert found[:3].tolist() == [s.data for s in sums]
    assert found[3:].tolist() == [max(s.data, 0.0) for s in sums]


@pytest.mark.parametrize("width", [21, 24])
def test_more_parameters_than_a_chunk_descend_as_one_by_one(width: int) -> None:
    model = MLP(2, [width, width, 1], rng=0)
    parameters = model.parameters()
    assert len(parameters) > 512
    inputs, target = [Value(0.5), Value(-0.5)], Value(1.0)
    weights = l2(parameters[::2]) + 0.5 * l2(parameters)
    loss = relu(1.0 - target * model(inputs)[0]) + 0.01 * weights
    program = compile(loss, [*inputs, target], parameters)
    batch = [[*x, t] for x, t in moons(40, rng=0).relabeled(-1, 1)]
    total = mean([hinge(model(x), t) for x, t in moons(40, rng=0).relabeled(-1, 1)])
    expected = gradients(total + 0.01 * (l2(parameters[::2]) + 0.5 * l2(parameters)), parameters)
    assert program.value_and_gradient(batch)[1] == pytest.approx(expected, rel=1e-11, abs=1e-14)
    by_hand = np.array([p.data for p in parameters])
    numbers = by_hand.copy()
    for _ in range(4):
        by_hand -= 0.1 * program.value_and_gradient(batch, parameters=by_hand)[1]
    program.descend(batch, 0.1, steps=4, parameters=numbers)
    assert same(numbers, by_hand)
