"""Derivatives of whole graphs, against exact fractions and against fifty-digit arithmetic.

Fractions check which local derivative flows where, to the bit; fifty digits check that what flows
is the right number. Neither needs a tolerance that a mistake could hide in.
"""

import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp

import autograd_mini as am
from autograd_mini import Value, grad, gradients, hessian, hvp, jvp
from autograd_mini.reverse import adjoints, exclusive, sweep

Step = tuple[str, Sequence[int]]
"""An operation by its name, and which of the nodes made so far are its operands."""


def programs(names: Sequence[str], most: int) -> st.SearchStrategy[list[Step]]:
    positions = st.lists(st.integers(0, 1000), min_size=5, max_size=5)
    return st.lists(st.tuples(st.sampled_from(names), positions), min_size=1, max_size=most)


def chosen(step: Step, arity: int, count: int) -> list[int]:
    """The positions of a step's operands among the last six of `count` nodes: chains grow."""
    return [count - 1 - position % min(count, 6) for position in step[1][:arity]]


# ------------------------------------------------------------------- exact fractions

HALF = Fraction(1, 2)


def larger(a: Fraction, b: Fraction) -> Fraction:
    return HALF if a == b else Fraction(a > b)


# name: arity, what it is on Values, its exact value, its exact derivatives
EXACT: dict[str, tuple[int, Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = {
    "add": (2, lambda a, b: a + b, lambda a, b: a + b, lambda a, b: (1, 1)),
    "sub": (2, lambda a, b: a - b, lambda a, b: a - b, lambda a, b: (1, -1)),
    "from": (1, lambda a: 2 - a, lambda a: 2 - a, lambda a: (-1,)),
    "mul": (2, lambda a, b: a * b, lambda a, b: a * b, lambda a, b: (b, a)),
    "double": (1, lambda a: 2 * a, lambda a: 2 * a, lambda a: (2,)),
    "neg": (1, lambda a: -a, lambda a: -a, lambda a: (-1,)),
    "square": (1, lambda a: a * a, lambda a: a * a, lambda a: (2 * a,)),
    "abs": (1, abs, abs, lambda a: ((a > 0) - (a < 0),)),
    "relu": (1, am.relu, lambda a: max(a, 0), lambda a: (a > 0,)),
    "maximum": (2, am.maximum, max, lambda a, b: (larger(a, b), larger(b, a))),
    "minimum": (2, am.minimum, min, lambda a, b: (larger(b, a), larger(a, b))),
    "clamp": (
        1,
        lambda a: am.clamp(a, -2, 2),
        lambda a: min(max(a, -2), 2),
        lambda a: (-2 < a < 2,),
    ),
    "where": (2, lambda a, b: am.where(a > b, a, b), max, lambda a, b: (a > b, a <= b)),
    "sum": (
        3,
        lambda a, b, c: am.sum([a, b, c, a]),
        lambda a, b, c: 2 * a + b + c,
        lambda a, b, c: (2, 1, 1),
    ),
    "dot": (
        5,
        lambda a, b, c, d, e: am.dot([a, b], [c, d], e),
        lambda a, b, c, d, e: a * c + b * d + e,
        lambda a, b, c, d, e: (c, d, a, b, 1),
    ),
}
# The second derivatives of those that are not linear, by pairs of operands.
CURVED = {"mul": [(0, 1)], "square": [(0, 0)], "dot": [(0, 2), (1, 3)]}


def run(program: Sequence[Step], leaves: Sequence[Any]) -> Any:
    nodes = list(leaves)
    for step in program:
        arity, apply, _, _ = EXACT[step[0]]
        nodes.append(apply(*[nodes[i] for i in chosen(step, arity, len(nodes))]))
    return nodes[-1]


def exact_gradient(numbers: Sequence[int], program: Sequence[Step]) -> list[Fraction]:
    """The reverse sweep in fractions; programs that floats might round are assumed away."""
    values = [Fraction(n) for n in numbers]
    edges: list[list[tuple[int, Fraction]]] = [[] for _ in numbers]
    for step in program:
        arity, _, value, partials = EXACT[step[0]]
        positions = chosen(step, arity, len(values))
        operands = [values[i] for i in positions]
        edges.append(list(zip(positions, map(Fraction, partials(*operands)), strict=True)))
        values.append(Fraction(value(*operands)))
        assume(abs(values[-1]) < 2**20)
    derivatives, sizes = [Fraction(0)] * len(values), [Fraction(0)] * len(values)
    derivatives[-1] = sizes[-1] = Fraction(1)
    for i in reversed(range(len(values))):
        for operand, partial in edges[i]:
            derivatives[operand] += partial * derivatives[i]
            sizes[operand] += abs(partial) * sizes[i]
    assume(all(size < 2**25 for size in sizes))
    assume(all(derivative.denominator <= 2**25 for derivative in derivatives))
    return derivatives[: len(numbers)]


def exact_hessian(numbers: Sequence[int], program: Sequence[Step]) -> list[list[Fraction]]:
    """Value, gradient and Hessian of every node by the leaves, from the leaves on."""
    n = len(numbers)
    values = [Fraction(x) for x in numbers]
    slopes = [[Fraction(i == j) for j in range(n)] for i in range(n)]
    bends = [[[Fraction(0)] * n for _ in range(n)] for _ in range(n)]
    for step in program:
        arity, _, value, partials = EXACT[step[0]]
        positions = chosen(step, arity, len(values))
        operands = [values[i] for i in positions]
        first = [Fraction(d) for d in partials(*operands)]
        slope = [
            sum((d * slopes[p][i] for d, p in zip(first, positions, strict=True)), Fraction())
            for i in range(n)
        ]
        bend = [
            [
                sum((d * bends[p][i][j] for d, p in zip(first, positions, strict=True)), Fraction())
                for j in range(n)
            ]
            for i in range(n)
        ]
        for a, b in CURVED.get(step[0], []):
            for i in range(n):
                for j in range(n):
                    s, t = slopes[positions[a]], slopes[positions[b]]
                    bend[i][j] += s[i] * t[j] + t[i] * s[j]
        values.append(Fraction(value(*operands)))
        slopes.append(slope)
        bends.append(bend)
        assume(all(abs(x) < 2**30 for row in bend for x in row))
    return bends[-1]


leaves_of = st.lists(st.integers(-3, 3), min_size=2, max_size=3)


@given(leaves_of, programs(list(EXACT), 12))
@settings(max_examples=300)
def test_graphs_of_integers_have_exact_gradients(numbers: list[int], program: list[Step]) -> None:
    expected = exact_gradient(numbers, program)
    leaves = [Value(n) for n in numbers]
    root = run(program, leaves)
    assert gradients(root, leaves) == expected
    assert [g.data for g in gradients(root, leaves, create_graph=True)] == expected
    root.backward()
    root.backward()
    assert [leaf.grad for leaf in leaves] == [2 * d for d in expected]


@given(st.integers(-3, 3), programs(list(EXACT), 10))
def test_the_derivative_along_the_diagonal_is_the_sum_of_the_partial_ones(
    number: int, program: list[Step]
) -> None:
    by_x, by_y = exact_gradient([number, number], program)
    assert grad(lambda x: run(program, [x, x]))(number) == by_x + by_y


@given(leaves_of, st.lists(st.integers(-3, 3), min_size=3, max_size=3), programs(list(EXACT), 8))
@settings(max_examples=300)
def test_every_way_to_a_second_derivative_is_exact(
    numbers: list[int], direction: list[int], program: list[Step]
) -> None:
    exact_gradient(numbers, program)  # assumes that floats do not round
    expected = exact_hessian(numbers, program)
    n = len(numbers)
    v = direction[:n]
    along = [sum((x * y for x, y in zip(row, v, strict=True)), Fraction()) for row in expected]

    def f(xs: Sequence[Any]) -> Any:
        return run(program, xs)

    assert hessian(f)(numbers) == expected
    assert hvp(f, numbers, v) == along
    assert grad(lambda xs: jvp(f, xs, v)[1])(numbers) == along
    assert grad(lambda xs: am.dot(grad(f)(xs), v))(numbers) == along
    leaves = [Value(x) for x in numbers]
    slopes = gradients(f(leaves), leaves, create_graph=True)
    assert [gradients(slope, leaves) for slope in slopes] == expected


# ------------------------------------------------------------------- fifty digits


def softmax(*xs: Any) -> list[Any]:
    weights = [mp.exp(x - max(xs)) for x in xs]
    return [w / mp.fsum(weights) for w in weights]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def gelu_tanh_terms(x: Any) -> list[Any]:
    scale, cubic = 2 * mp.sqrt(2 / mp.pi), mp.mpf("0.044715")
    s = sigmoid(scale * (x + cubic * x**3))
    return [s, x * s * (1 - s) * scale * (1 + 3 * cubic * x**2)]


def mish_terms(x: Any) -> list[Any]:
    gate = mp.tanh(mp.log1p(mp.exp(x)))
    return [gate, x * mp.sech(mp.log1p(mp.exp(x))) ** 2 * sigmoid(x)]


SELU_SCALE = mp.mpf("1.0507009873554804934")
SELU_ALPHA = mp.mpf("1.6732632423543772848")

# The derivatives of each operation as mathematics has them. A derivative that is a sum of terms
# of either sign is a list: near its zero no float can be closer than to its largest term.
PARTIALS: dict[str, Callable[..., Sequence[Any]]] = {
    "add": lambda x, y: (1, 1),
    "sub": lambda x, y: (1, -1),
    "mul": lambda x, y: (y, x),
    "div": lambda x, y: (1 / y, -x / y**2),
    "neg": lambda x: (-1,),
    "abs": lambda x: (mp.sign(x),),
    "pow": lambda x, y: (y * x ** (y - 1), x**y * mp.log(x)),
    "mod": lambda x, y: (1, -mp.floor(x / y)),
    "exp": lambda x: (mp.exp(x),),
    "expm1": lambda x: (mp.exp(x),),
    "log": lambda x: (1 / x,),
    "log1p": lambda x: (1 / (1 + x),),
    "log2": lambda x: (1 / (x * mp.log(2)),),
    "log10": lambda x: (1 / (x * mp.log(10)),),
    "sqrt": lambda x: (1 / (2 * mp.sqrt(x)),),
    "cbrt": lambda x: (1 / (3 * mp.cbrt(abs(x)) ** 2),),
    "sin": lambda x: (mp.cos(x),),
    "cos": lambda x: (-mp.sin(x),),
    "tan": lambda x: (mp.sec(x) ** 2,),
    "asin": lambda x: (1 / mp.sqrt(1 - x**2),),
    "acos": lambda x: (-1 / mp.sqrt(1 - x**2),),
    "atan": lambda x: (1 / (1 + x**2),),
    "atan2": lambda y, x: (x / (x**2 + y**2), -y / (x**2 + y**2)),
    "sinh": lambda x: (mp.cosh(x),),
    "cosh": lambda x: (mp.sinh(x),),
    "tanh": lambda x: (mp.sech(x) ** 2,),
    "asinh": lambda x: (1 / mp.sqrt(x**2 + 1),),
    "acosh": lambda x: (1 / mp.sqrt(x**2 - 1),),
    "atanh": lambda x: (1 / (1 - x**2),),
    "erf": lambda x: (2 / mp.sqrt(mp.pi) * mp.exp(-(x**2)),),
    "erfc": lambda x: (-2 / mp.sqrt(mp.pi) * mp.exp(-(x**2)),),
    "lgamma": lambda x: ([mp.log(x), mp.digamma(x) - mp.log(x)],),
    "hypot": lambda x, y: (x / mp.hypot(x, y), y / mp.hypot(x, y)),
    "logaddexp": softmax,
    "sigmoid": lambda x: (sigmoid(x) * sigmoid(-x),),
    "logsigmoid": lambda x: (sigmoid(-x),),
    "softplus": lambda x: (sigmoid(x),),
    "relu": lambda x: (int(x > 0),),
    "leaky_relu": lambda x, slope: (
        1 if x > 0 else slope if x < 0 else sorted([0, slope, 1])[1],  # of least size at the kink
        min(x, 0),
    ),
    "elu": lambda x, alpha: (1 if x > 0 else alpha * mp.exp(x), mp.expm1(min(x, 0))),
    "selu": lambda x: (SELU_SCALE * (1 if x > 0 else SELU_ALPHA * mp.exp(x)),),
    "gelu": lambda x: ([mp.ncdf(x), x * mp.npdf(x)],),
    "gelu_tanh": lambda x: (gelu_tanh_terms(x),),
    "silu": lambda x: ([sigmoid(x), x * sigmoid(x) * sigmoid(-x)],),
    "mish": lambda x: (mish_terms(x),),
    "minimum": lambda x, y: (larger(y, x), larger(x, y)),
    "maximum": lambda x, y: (larger(x, y), larger(y, x)),
    "clamp": lambda x, low, high: (int(low < x < high), int(x <= low), int(x >= high)),
    "where": lambda condition, x, y: (0, int(condition != 0), int(condition == 0)),
    "sign": lambda x: (0,),
    "floor": lambda x: (0,),
    "ceil": lambda x: (0,),
    "round": lambda x: (0,),
    "sum": lambda *xs: (1,) * len(xs),
    "mean": lambda *xs: (mp.mpf(1) / len(xs),) * len(xs),
    "logsumexp": softmax,
    "dot": lambda *xs: (*xs[len(xs) // 2 : -1], *xs[: len(xs) // 2], 1),
}

# Where an operation of PARTIALS is not the function of its name.
SPELT: dict[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, lambda x, y: x + y),
    "sub": (2, lambda x, y: x - y),
    "mul": (2, lambda x, y: x * y),
    "div": (2, lambda x, y: x / y),
    "neg": (1, lambda x: -x),
    "abs": (1, abs),
    "pow": (2, lambda x, y: x**y),
    "mod": (2, lambda x, y: x % y),
    "gelu_tanh": (1, lambda x: am.gelu(x, "tanh")),
    "clamp": (3, lambda x, y, z: am.clamp(x, *sorted([y, z]))),
    "where": (3, am.where),
    "sum": (3, lambda *xs: am.sum(xs)),
    "mean": (3, lambda *xs: am.mean(xs)),
    "logsumexp": (3, lambda *xs: am.logsumexp(xs)),
    "dot": (5, lambda a, b, c, d, e: am.dot([a, b], [c, d], e)),
}
BINARY = ("atan2", "hypot", "logaddexp", "minimum", "maximum", "leaky_relu", "elu")
FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    name: SPELT.get(name) or (2 if name in BINARY else 1, getattr(am, name)) for name in PARTIALS
}
CONSTANTS = [0.5, 2.0, -1.5]


def true_partials(node: Value) -> list[tuple[Any, Any]] | None:
    """Each local derivative and the size of its terms; None where floats cannot follow."""
    operands = [mp.mpf(o.data if isinstance(o, Value) else o) for o in node.operands]
    if node.op in ("pow", "lgamma") and operands[0] <= 0:
        return None  # a NaN, a pole, or a zero of digamma near
    if node.op == "clamp" and operands[1] == operands[2]:
        return None  # whichever of the bounds
    try:
        found = [d if isinstance(d, list) else [d] for d in PARTIALS[node.op](*operands)]
    except ZeroDivisionError:
        return None
    terms = [[mp.mpf(float(t) if isinstance(t, Fraction) else t) for t in d] for d in found]
    partials = [(mp.fsum(d), mp.fsum(map(abs, d))) for d in terms]
    in_range = [size == 0 or 1e-20 < size < 1e20 for _, size in partials]
    return partials if all(in_range) and -1e20 < node.data < 1e20 else None


def recorded_graph(numbers: Sequence[float], program: Sequence[Step]) -> list[Value]:
    """The nodes of a program in order, without those of numbers that floats cannot follow."""
    nodes = [Value(x) for x in numbers]
    for step in program:
        arity, apply = FUNCTIONS[step[0]]
        pool = [*CONSTANTS, *nodes]
        result = apply(*[pool[i] for i in chosen(step, arity, len(pool))])
        if isinstance(result, Value) and result.op and math.isfinite(result.data):
            with mp.workdps(50):
                if true_partials(result) is not None:
                    nodes.append(result)
    assume(len(nodes) > len(numbers))
    return nodes


reals = st.lists(st.floats(-3.0, 3.0).filter(lambda x: abs(x) > 1e-3), min_size=2, max_size=3)
every_operation = programs(list(FUNCTIONS), 15)


def check_against_fifty_digits(nodes: Sequence[Value]) -> None:
    """The gradients of the last node are right to a few roundings per node and edge."""
    found = gradients(nodes[-1], nodes)
    index = {id(node): i for i, node in enumerate(nodes)}
    with mp.workdps(50):
        adjoint, size, path = ([mp.mpf(0)] * len(nodes) for _ in range(3))
        adjoint[-1] = size[-1] = mp.mpf(1)
        for i in reversed(range(len(nodes))):
            partials = true_partials(nodes[i]) if nodes[i].op else []
            assert partials is not None
            for operand, (partial, magnitude) in zip(nodes[i].operands, partials, strict=True):
                if isinstance(operand, Value) and size[i]:
                    j = index[id(operand)]
                    adjoint[j] += partial * adjoint[i]
                    size[j] += magnitude * size[i]
                    path[j] = max(path[j], path[i] + 1)
        for i in range(len(nodes)):
            roundings = 10 * (path[i] + 1) + len(nodes)
            assert abs(found[i] - adjoint[i]) <= roundings * mp.mpf(2) ** -53 * size[i]


@given(reals, every_operation)
@settings(max_examples=300)
def test_gradients_of_graphs_are_those_of_fifty_digits(
    numbers: list[float], program: list[Step]
) -> None:
    check_against_fifty_digits(recorded_graph(numbers, program))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_of_an_operation_are_those_of_fifty_digits(name: str) -> None:
    arity, apply = FUNCTIONS[name]
    rng = random.Random(name)
    checked = 0
    for spread in [0.1, 1.0, 1.0, 10.0, 30.0] * 20:
        operands = [Value(rng.uniform(-spread, spread)) for _ in range(arity)]
        node = apply(*operands)
        with mp.workdps(50):
            within = math.isfinite(node.data) and true_partials(node) is not None
        if within:
            check_against_fifty_digits([*operands, node])
            checked += 1
    assert checked >= 10


@given(reals, every_operation)
@settings(max_examples=300)
def test_the_fast_sweep_equals_the_plain_one_on_the_recorded_floats(
    numbers: list[float], program: list[Step]
) -> None:
    root = recorded_graph(numbers, program)[-1]
    with exclusive():
        order = sweep(root, 0.7)
        reached = [node for node in order if node._adjoint is not None]  # noqa: SLF001
        fast = {node: node._adjoint for node in reached}  # noqa: SLF001

    def edges(node: Value) -> list[tuple[Value, float]]:
        selects = node.op in ("relu", "leaky_relu", "elu", "minimum", "maximum", "clamp", "where")
        return [
            (operand, derivative)
            for operand, derivative in zip(node.operands, node.local_derivatives, strict=True)
            if isinstance(operand, Value) and (derivative or not selects)
        ]

    assert fast == adjoints(order, 0.7, edges)


@given(reals, every_operation, st.integers(-60, 60))
def test_a_power_of_two_as_seed_scales_every_gradient_exactly(
    numbers: list[float], program: list[Step], power: int
) -> None:
    nodes = recorded_graph(numbers, program)
    expected = [math.ldexp(g, power) for g in gradients(nodes[-1], nodes)]
    nodes[-1].backward(2.0**power)
    assert [node.grad for node in nodes] == expected


# ------------------------------------------------------------------- higher derivatives

POINTS = {
    "acosh": (1.75,),
    "asin": (0.375,),
    "acos": (0.375,),
    "atanh": (0.375,),
    "leaky_relu": (-1.25, 0.25),
    "elu": (-1.25, 0.75),
    "selu": (-0.75,),
}
SMOOTH = [
    name
    for name in FUNCTIONS
    if name
    not in ("minimum", "maximum", "clamp", "where", "sign", "floor", "ceil", "round", "mod", "abs")
]


@pytest.mark.parametrize("name", SMOOTH)
def test_second_and_third_derivatives_are_those_of_fifty_digits(name: str) -> None:
    arity, apply = FUNCTIONS[name]
    point = POINTS.get(name, (0.625, 1.375, 0.875, 1.125, 0.5)[:arity])

    def f(xs: Sequence[Any]) -> Any:
        return apply(*xs)

    def partial(i: int, *xs: Any) -> Any:
        terms = PARTIALS[name](*xs)[i]
        return mp.fsum(terms) if isinstance(terms, list) else mp.mpf(terms)

    found = hessian(f)(point)
    third = grad(lambda xs: hvp(f, xs, [1.0] * arity)[0])(point)
    with mp.workdps(50):
        for i in range(arity):
            for j in range(arity):
                orders = tuple(int(k == j) for k in range(arity))
                expected = mp.diff(lambda *xs: partial(i, *xs), point, orders)  # noqa: B023
                assert found[i][j] == pytest.approx(float(expected), rel=1e-13, abs=1e-14)
            assert found[i] == pytest.approx([row[i] for row in found], rel=1e-13, abs=1e-14)

        def second(*xs: Any) -> Any:
            return mp.fsum(
                mp.diff(lambda *ys: partial(0, *ys), xs, tuple(int(k == j) for k in range(arity)))
                for j in range(arity)
            )

        expected_third = [
            float(mp.diff(second, point, tuple(int(k == j) for k in range(arity))))
            for j in range(arity)
        ]
    assert third == pytest.approx(expected_third, rel=1e-12, abs=1e-12)
