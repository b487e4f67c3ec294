"""Whatever is done to graphs in whatever order, a plain model of them has the same numbers."""

# ruff: noqa: D102  # the name of a rule says what it does

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from autograd_mini import Dense, Value, dot, gradients, maximum, no_grad, relu, sum

HALF = Fraction(1, 2)


@dataclass(eq=False)
class Model:
    """What a Value should be: exact numbers, and the edges recorded when it was made."""

    data: Fraction
    kind: str  # "leaf", "interior" or "detached"
    edges: list[tuple["Model", Fraction]] = field(default_factory=list)
    grad: Fraction = Fraction(0)
    label: str = ""


Pair = tuple[Value, Model]


def share(a: Fraction, b: Fraction) -> Fraction:
    return HALF if a == b else Fraction(a > b)


# What is applied to Values, the exact result, and the exact derivatives; operands may be integers.
OPERATIONS: dict[str, tuple[int, Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = {
    "add": (2, lambda a, b: a + b, lambda a, b: a + b, lambda a, b: (1, 1)),
    "sub": (2, lambda a, b: a - b, lambda a, b: a - b, lambda a, b: (1, -1)),
    "mul": (2, lambda a, b: a * b, lambda a, b: a * b, lambda a, b: (b, a)),
    "neg": (1, lambda a: -a, lambda a: -a, lambda a: (-1,)),
    "relu": (1, relu, lambda a: max(a, 0), lambda a: (a > 0,)),
    "maximum": (2, maximum, max, lambda a, b: (share(a, b), share(b, a))),
    "sum": (3, lambda *xs: sum(xs), lambda a, b, c: a + b + c, lambda *xs: (1, 1, 1)),
    "dot": (
        3,
        lambda a, b, c: dot([a, b], [b, 2], c),
        lambda a, b, c: a * b + 2 * b + c,
        lambda a, b, c: (b, a + 2, 1),
    ),
    "neuron": (
        3,
        lambda a, b, c: Dense([[a, b]], [c], relu)([b, 2])[0],
        lambda a, b, c: max(a * b + 2 * b + c, 0),
        lambda a, b, c: [d * (a * b + 2 * b + c > 0) for d in (b, a + 2, 1)],
    ),
}


def ancestors(roots: Sequence[Model]) -> list[Model]:
    """The models that the roots depend on, each before those that use it."""
    found: dict[Model, None] = {}

    def visit(model: Model) -> None:
        if model not in found:
            for operand, _ in model.edges:
                visit(operand)
            found[model] = None

    for root in roots:
        visit(root)
    return list(found)


def adjoints(root: Model, seed: Fraction) -> dict[Model, Fraction] | None:
    """The exact derivatives; None where floats might round."""
    order = ancestors([root])
    exact, size = dict.fromkeys(order, Fraction(0)), dict.fromkeys(order, Fraction(0))
    exact[root], size[root] = seed, abs(seed)
    for model in reversed(order):
        for operand, partial in model.edges:
            exact[operand] += partial * exact[model]
            size[operand] += abs(partial) * size[model]
    large = any(s >= 2**25 for s in size.values())
    return None if large or any(e.denominator > 2**20 for e in exact.values()) else exact


numbers = st.integers(-3, 3)
places = st.integers(0, 1000)


class Graphs(RuleBasedStateMachine):
    """Pairs of a Value and its model, to which the same is done."""

    def __init__(self) -> None:
        super().__init__()
        self.all = [(Value(number), Model(Fraction(number), "leaf")) for number in (1, 2, -3)]

    def at(self, place: int) -> Pair:
        """One of the last pairs: with them graphs grow."""
        return self.all[-1 - place % min(len(self.all), 6)]

    @rule(number=numbers, label=st.sampled_from(["", "x"]))
    def leaf(self, number: int, label: str) -> None:
        self.all.append((Value(number, label=label), Model(Fraction(number), "leaf", label=label)))

    @rule(
        name=st.sampled_from(list(OPERATIONS)),
        chosen=st.lists(places, min_size=3, max_size=3),
        constant=st.none() | numbers,
        recorded=st.sampled_from([True, True, True, False]),
    )
    def operation(
        self,
        name: str,
        chosen: list[int],
        constant: int | None,
        *,
        recorded: bool,
    ) -> None:
        arity, apply, value, partials = OPERATIONS[name]
        pairs: list[tuple[Any, Model]] = [self.at(place) for place in chosen[:arity]]
        if constant is not None and arity > 1:
            pairs[1] = constant, Model(Fraction(constant), "constant")
        exact = [model.data for _, model in pairs]
        data = Fraction(value(*exact))
        if abs(data) > 2**20:
            return
        if recorded:
            result = apply(*[operand for operand, _ in pairs])
            slopes = map(Fraction, partials(*exact))
            edges = [(model, slope) for (_, model), slope in zip(pairs, slopes, strict=True)]
            self.all.append((result, Model(data, "interior", edges)))
        else:
            with no_grad():
                result = apply(*[operand for operand, _ in pairs])
            self.all.append((result, Model(data, "detached")))

    @rule(place=places)
    def detach(self, place: int) -> None:
        value, model = self.at(place)
        self.all.append((value.detach(), Model(model.data, "detached", label=model.label)))

    @rule(place=places, number=numbers)
    def set_data(self, place: int, number: int) -> None:
        value, model = self.at(place)
        value.data, model.data = number, Fraction(number)

    @rule(place=places, number=numbers)
    def set_grad(self, place: int, number: int) -> None:
        value, model = self.at(place)
        value.grad, model.grad = number, Fraction(number)

    @rule()
    def zero(self) -> None:
        for value, model in self.all:
            value.grad, model.grad = 0.0, Fraction(0)

    @rule(place=places, seed=st.sampled_from([1, 1, -2, 3]))
    def backward(self, place: int, seed: int) -> None:
        root, model = self.at(place)
        exact = adjoints(model, Fraction(seed))
        if exact is None:
            return
        root.backward(seed)
        for node, adjoint in exact.items():
            if node.kind == "leaf":
                node.grad += adjoint
            elif node.kind == "interior":
                node.grad = adjoint

    @rule(place=places, chosen=st.lists(places, max_size=3))
    def gradients(self, place: int, chosen: list[int]) -> None:
        output, model = self.at(place)
        exact = adjoints(model, Fraction(1))
        if exact is None:
            return
        inputs = [self.at(i) for i in chosen]
        found = gradients(output, [value for value, _ in inputs])
        assert found == [exact.get(node, Fraction(0)) for _, node in inputs]

    @rule()
    def deep_copy(self) -> None:
        last = self.all[-4:]
        copies: dict[Model, Model] = {}
        for model in ancestors([model for _, model in last]):
            edges = [(copies[operand], slope) for operand, slope in model.edges]
            copies[model] = Model(model.data, model.kind, edges, model.grad, model.label)
        values = copy.deepcopy([value for value, _ in last])
        self.all += [(value, copies[model]) for value, (_, model) in zip(values, last, strict=True)]

    @rule(place=places)
    def forget(self, place: int) -> None:
        if len(self.all) > 3:
            self.all.remove(self.at(place))

    @invariant()
    def every_value_is_as_its_model(self) -> None:
        for value, model in self.all:
            assert [value.data, value.grad] == [float(model.data), float(model.grad)]
            assert value.label == model.label
            assert (value.op != "") == (model.kind == "interior")

    def teardown(self) -> None:
        for place in range(6):
            self.backward(place, 1)
            self.every_value_is_as_its_model()


Graphs.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestGraphs = Graphs.TestCase
