"""Neurons, layers and networks: what they compute, their labels, their gradients."""

import copy
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, exp, gradients, tanh
from autograd_mini.graph import topological_order
from autograd_mini.value import inputs_of
from nn import MLP, Layer, Module, Neuron, Sequential, mse
from nn.module import listed

Duals = list[tuple[Any, Any]]  # numbers with their derivative by one parameter


def constant(nin: int, nout: int, rng: random.Random) -> float:
    return 0.5


# ---------------------------------------------------------------------------- what a call returns


@pytest.mark.parametrize(
    ("module", "width"),
    [
        (Layer(2, 1), 1),
        (Layer(2, 3, activation="tanh", bias=False), 3),
        (MLP(2, [1]), 1),
        (MLP(2, [4, 1]), 1),
        (MLP(2, [4, 2], output_activation="sigmoid"), 2),
        (Sequential(Layer(2, 3), Layer(3, 1)), 1),
    ],
)
@pytest.mark.parametrize(
    "inputs", [[1.0, 2.0], (1, Fraction(2)), [Value(1.0), Value(2.0)], [Value(1.0), 2.0]]
)
def test_layers_and_networks_return_a_list_of_values_whatever_its_length(
    module: Module, width: int, inputs: Any
) -> None:
    outputs = module(inputs)
    assert type(outputs) is list
    assert [type(output) for output in outputs] == [Value] * width


@pytest.mark.parametrize(("bias", "operands"), [(True, 5), (False, 5)])
def test_a_weighted_sum_is_one_node(bias: bool, operands: int) -> None:  # noqa: FBT001
    output = Neuron(2, activation="tanh", bias=bias)([1.0, 2.0])
    (weighted_sum,) = output.operands
    assert isinstance(weighted_sum, Value)
    assert (output.op, weighted_sum.op) == ("tanh", "dot")
    assert len(weighted_sum.operands) == operands


def test_a_neuron_computes_its_activation_of_the_weighted_sum() -> None:
    neuron = Neuron(3, activation="relu", rng=0)
    neuron.load_state_dict({"weights.0": 2.0, "weights.1": -1.0, "weights.2": 0.5, "bias": 0.25})
    assert neuron([1.0, 0.5, 4.0]).data == 3.75
    assert neuron([-1.0, 0.5, 4.0]).data == 0.0


def test_the_last_layer_alone_has_the_output_activation() -> None:
    model = MLP(1, [2, 2, 1], activation="tanh", output_activation="sigmoid")
    operations = [node.op for node in nodes(model([1.0])) if node.op not in ("", "dot")]
    assert operations == ["tanh", "tanh", "tanh", "tanh", "sigmoid"]


def test_a_sequential_feeds_each_module_with_what_the_one_before_returned() -> None:
    first, second = Layer(2, 3, rng=0), Layer(3, 2, rng=1)
    inputs = [0.3, -0.4]
    expected = [y.data for y in second(first(inputs))]
    assert [y.data for y in Sequential(first, second)(inputs)] == expected


def nodes(outputs: Sequence[Value]) -> list[Value]:
    return topological_order(
        outputs, lambda node: [o for o in node.operands if isinstance(o, Value)]
    )


# ----------------------------------------------------------------------------------------- labels


def test_parameters_are_labelled_by_layer_and_units() -> None:
    assert [p.label for p in MLP(2, [2, 1]).parameters()] == [
        "w^{1}_{11}",
        "w^{1}_{21}",
        "b^{1}_{1}",
        "w^{1}_{12}",
        "w^{1}_{22}",
        "b^{1}_{2}",
        "w^{2}_{11}",
        "w^{2}_{21}",
        "b^{2}_{1}",
    ]


@pytest.mark.parametrize(
    ("nin", "nout", "labels"),
    [
        (9, 9, {"w^{1}_{99}"}),
        (10, 2, {"w^{1}_{91}", "w^{1}_{10,1}", "w^{1}_{10,2}"}),
        (1, 11, {"w^{1}_{19}", "w^{1}_{1,10}", "w^{1}_{1,11}", "b^{1}_{11}"}),
        (11, 11, {"w^{1}_{1,11}", "w^{1}_{11,1}", "w^{1}_{11}"}),
    ],
)
def test_indices_of_two_digits_are_set_apart_by_a_comma(
    nin: int, nout: int, labels: set[str]
) -> None:
    found = [p.label for p in Layer(nin, nout).parameters()]
    assert labels <= set(found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("activation", "output_activation", "labels"),
    [
        ("tanh", "tanh", "I_{O^{2}_{1}} O^{2}_{1} I_{O^{2}_{2}} O^{2}_{2} I_{O^{3}_{1}} O^{3}_{1}"),
        ("tanh", None, "I_{O^{2}_{1}} O^{2}_{1} I_{O^{2}_{2}} O^{2}_{2} O^{3}_{1}"),
        (None, None, "O^{2}_{1} O^{2}_{2} O^{3}_{1}"),
        (lambda x: x, None, "O^{2}_{1} O^{2}_{2} O^{3}_{1}"),
        (None, lambda x: 2.0 * tanh(x), "O^{2}_{1} O^{2}_{2} I_{O^{3}_{1}}  O^{3}_{1}"),
    ],
)
def test_a_call_labels_weighted_sums_and_outputs(
    activation: Any, output_activation: Any, labels: str
) -> None:
    model = MLP(2, [2, 1], activation=activation, output_activation=output_activation)
    assert [node.label for node in nodes(model([1.0, 2.0])) if node.op] == labels.split(" ")


def test_a_call_leaves_the_labels_of_the_inputs_alone() -> None:
    inputs = [Value(1.0, label="age"), Value(2.0)]
    MLP(2, [2, 1])(inputs)
    assert [x.label for x in inputs] == ["age", ""]


def test_a_layer_or_a_neuron_can_be_told_its_place() -> None:
    layer = Layer(1, 2, number=3)
    assert [p.label for p in layer.parameters()][2:] == ["w^{3}_{12}", "b^{3}_{2}"]
    assert [y.label for y in layer([1.0])] == ["O^{4}_{1}", "O^{4}_{2}"]
    assert Neuron(1, layer=2, unit=5)([1.0]).label == "O^{3}_{5}"


# ------------------------------------------------------------------------------------- randomness


@given(seed=st.integers(0, 2**70), nouts=st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_the_same_seed_gives_the_same_bits(seed: int, nouts: list[int]) -> None:
    states = [MLP(2, nouts, rng=rng).state_dict() for rng in (seed, seed, random.Random(seed))]
    assert states[0] == states[1] == states[2]


def test_a_generator_is_drawn_from_in_turn() -> None:
    rng = random.Random(0)
    layers = [Layer(2, 2, rng=rng), Layer(2, 2, rng=rng), Layer(2, 2, rng=1)]
    weights = [p.data for layer in layers for p in layer.parameters() if p.data]
    assert len(set(weights)) == 12


@pytest.mark.parametrize(("kind", "sizes"), [(Neuron, (2,)), (Layer, (2, 2)), (MLP, (2, [2, 1]))])
def test_without_a_seed_models_differ_and_the_global_generator_is_left_alone(
    kind: Callable[..., Module], sizes: tuple[Any, ...]
) -> None:
    state = random.getstate()
    assert kind(*sizes).state_dict() != kind(*sizes).state_dict()
    assert random.getstate() == state


# --------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    "module", [Neuron(2), Layer(2, 3), MLP(2, [3, 1]), Sequential(Layer(2, 1))]
)
@pytest.mark.parametrize(
    ("inputs", "error", "sentence"),
    [
        ([1.0], ValueError, r"inputs of width 1 were given, but Neuron\(2\) takes width 2"),
        ([1.0, 2.0, 3.0], ValueError, "inputs of width 3 were given, but .* takes width 2"),
        ([], ValueError, "inputs of width 0 were given, but .* takes width 2"),
        ("12", TypeError, "inputs must be a sequence of numbers, not str '12'"),
        (1.0, TypeError, r"inputs must be a sequence of numbers, not float 1\.0"),
        (Value(1.0), TypeError, "inputs must be a sequence of numbers, not Value"),
        (["1", "2"], TypeError, "must be a real number or a Value, not str '1'"),
        ([[1.0], [2.0]], TypeError, "must be a real number or a Value, not list"),
    ],
)
def test_wrong_inputs_are_refused(
    module: Module, inputs: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        module(inputs)


@pytest.mark.parametrize(
    ("kind", "sizes", "settings", "error", "sentence"),
    [
        (Neuron, [0], {}, ValueError, "nin must be at least 1, not 0"),
        (Neuron, [1], {"unit": 0}, ValueError, "unit must be at least 1, not 0"),
        (Layer, [0, 2], {}, ValueError, "nin must be at least 1, not 0"),
        (Layer, [2, 0], {}, ValueError, "nout must be at least 1, not 0"),
        (Layer, [2, 2], {"number": 0}, ValueError, "layer must be at least 1, not 0"),
        (MLP, [2, []], {}, ValueError, "nouts must name at least one layer"),
        (MLP, [2, 3], {}, TypeError, "nouts must be a sequence of numbers, not int 3"),
        (MLP, [2, [2.5]], {}, TypeError, r"nout must be an int, not float 2\.5"),
        (MLP, [2, [1]], {"rng": True}, TypeError, r"rng must be a random\.Random, an int seed"),
        (MLP, [2, [1]], {"activation": "rely"}, ValueError, "no activation is named 'rely'"),
        (MLP, [2, [1]], {"output_activation": 1}, TypeError, "activation must be a name"),
        (MLP, [2, [1]], {"init": "zero"}, ValueError, "no initializer is named 'zero'"),
        (Sequential, [], {}, ValueError, "there is no module to call"),
        (Sequential, [tanh], {}, TypeError, "Sequential is made of modules, not"),
    ],
)
def test_a_model_that_cannot_be_built_is_refused(
    kind: Callable[..., Module],
    sizes: list[Any],
    settings: dict[str, Any],
    error: type[Exception],
    sentence: str,
) -> None:
    with pytest.raises(error, match=sentence):
        kind(*sizes, **settings)


def test_an_activation_that_drops_the_graph_is_refused() -> None:
    with pytest.raises(TypeError, match="an activation must return a Value, not float"):
        Neuron(1, activation=lambda x: 1.0)([1.0])


@pytest.mark.parametrize(
    "text", ["Neuron(2)", "Layer(2, 3)", "MLP(2, [3, 1])", "Sequential(Layer(2, 3), Neuron(3))"]
)
def test_a_repr_says_the_sizes(text: str) -> None:
    assert repr(eval(text)) == text  # noqa: S307 - of our own text


# -------------------------------------------------------------------------------------- gradients


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, list[int], bool]:
    """Inputs, units of each layer, whether there are biases; a power of two of outputs."""
    hidden = draw(st.lists(st.integers(1, 3), max_size=2))
    return draw(st.integers(1, 3)), [*hidden, draw(st.sampled_from([1, 2, 4]))], draw(st.booleans())


def loss_and_derivative(
    model: MLP,
    inputs: Sequence[float],
    targets: Sequence[float],
    parameter: Value,
    number: Callable[[float], Any],
    activation: Callable[[Any], tuple[Any, Any]],
) -> tuple[Any, Any]:
    """Mean squared error and its derivative by one parameter, by dual numbers, front to back.

    It computes with what `number` makes of a float; the activation, which is that of the hidden
    layers, gives value and slope.
    """

    def dual(p: Value) -> tuple[Any, Any]:
        return number(p.data), int(p is parameter)

    signals: Duals = [(number(x), 0) for x in inputs]
    for layer in model.layers:
        sums: Duals = []
        for neuron in layer.neurons:
            value, slope = (number(0.0), 0) if neuron.bias is None else dual(neuron.bias)
            for (w, dw), (x, dx) in zip(map(dual, neuron.weights), signals, strict=True):
                value, slope = value + w * x, slope + dw * x + w * dx
            sums.append((value, slope))
        signals = sums
        if layer is not model.layers[-1]:
            signals = [
                (y, derivative * dx)
                for (y, derivative), dx in ((activation(x), dx) for x, dx in sums)
            ]
    errors = [(y - number(t), dy) for (y, dy), t in zip(signals, targets, strict=True)]
    n = len(errors)
    return sum(e * e for e, _ in errors) / n, sum(2 * e * de for e, de in errors) / n


@pytest.mark.parametrize("name", ["relu", "linear"])
@given(networks(), st.data())
def test_gradients_of_a_piecewise_linear_network_are_exact(
    name: str, sizes: tuple[int, list[int], bool], data: st.DataObject
) -> None:
    nin, nouts, bias = sizes
    model = MLP(nin, nouts, activation=name, bias=bias, rng=0)
    integers = st.integers(-4, 4)
    for parameter in model.parameters():
        parameter.data = data.draw(integers)
    inputs = data.draw(st.lists(integers, min_size=nin, max_size=nin))
    targets = data.draw(st.lists(integers, min_size=nouts[-1], max_size=nouts[-1]))

    def activation(x: Fraction) -> tuple[Fraction, int]:
        return (x, 1) if name == "linear" or x > 0 else (Fraction(0), 0)

    loss = mse(model(inputs), targets)
    loss.backward()
    for parameter in model.parameters():
        value, slope = loss_and_derivative(model, inputs, targets, parameter, Fraction, activation)
        assert loss.data == value
        assert parameter.grad == slope


@given(networks(), st.integers(0, 2**32))
def test_gradients_of_a_sigmoid_network_are_those_of_long_arithmetic(
    sizes: tuple[int, list[int], bool], seed: int
) -> None:
    nin, nouts, bias = sizes
    rng = random.Random(seed)
    model = MLP(nin, nouts, activation="sigmoid", bias=bias, rng=rng)
    for parameter in model.parameters():
        parameter.data = rng.gauss(0, 3)
    inputs, targets = ([rng.gauss() for _ in range(n)] for n in (nin, nouts[-1]))

    def activation(x: Any) -> tuple[Any, Any]:
        y = 1 / (1 + mpmath.exp(-x))
        return y, y * (1 - y)

    loss = mse(model(inputs), targets)
    found = gradients(loss, model.parameters())
    with mpmath.workdps(50):
        expected = [
            loss_and_derivative(model, inputs, targets, p, mpmath.mpf, activation)
            for p in model.parameters()
        ]
        assert abs(loss.data - expected[0][0]) <= 1e-13 * (1 + expected[0][0])
        largest = max(abs(slope) for _, slope in expected)
        for slope, (_, right) in zip(found, expected, strict=True):
            assert abs(slope - right) <= 1e-13 * (1 + largest)


def test_an_activation_with_parameters_of_its_own_learns_them_too() -> None:
    class Scaled(Module):
        def __init__(self) -> None:
            self.scale = Value(2.0)

        def __call__(self, inputs: Any, /) -> Value:
            return self.scale * tanh(inputs)  # type: ignore[no-any-return]

    scaled = Scaled()
    layer = Layer(1, 2, activation=scaled, init=constant)
    assert sum(p is scaled.scale for p in layer.parameters()) == 1
    mse(layer([1.0]), [0.0, 0.0]).backward()
    assert scaled.scale.grad == pytest.approx(4.0 * tanh(0.5) ** 2, rel=1e-15)


def replace_a_list_element(neuron: Any) -> None:
    neuron.weights = list(neuron.weights)
    neuron([1.0, 2.0])
    neuron.weights[0] = Value(-4.0)


CHANGES: dict[str, Callable[[Any], object]] = {
    "other weights": lambda n: setattr(n, "weights", (Value(3.0), Value(-1.0))),
    "an element of a list of weights": replace_a_list_element,
    "a weight's number": lambda n: setattr(n.weights[1], "data", 7.0),
    "no bias": lambda n: setattr(n, "bias", None),
    "another bias": lambda n: setattr(n, "bias", Value(5.0)),
    "no activation": lambda n: setattr(n, "activation", None),
    "another operation": lambda n: setattr(n, "activation", exp),
    "a function": lambda n: setattr(n, "activation", lambda x: x * 2.0),
    "another label": lambda n: setattr(n, "sum_label", "s"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("is_layer", [False, True])
def test_what_is_changed_in_a_neuron_counts_from_the_next_call(
    change: Callable[[Any], object], *, is_layer: bool
) -> None:
    def called(module: Any) -> list[Any]:
        *_, output = topological_order(listed(module([1.0, 2.0])), inputs_of)
        (weighted_sum,) = output.operands if output.op not in ("dot", "mul") else [output]
        gradient = gradients(output, module.parameters())
        return [output.op, output.data, weighted_sum.label, gradient]

    layers = [Layer(2, 2, activation="tanh", init=constant) for _ in range(2)]
    neurons: list[Any] = [layer.neurons[1] for layer in layers]
    used, fresh = layers if is_layer else neurons
    before = called(used)
    for neuron in neurons:
        neuron.bias.data = 0.25
        change(neuron)
    assert called(used) == called(fresh) != before


def test_a_copied_neuron_computes_with_the_same_operation() -> None:
    neuron = Neuron(1, activation="tanh")
    assert copy.deepcopy(neuron).activation is tanh


def test_other_neurons_of_a_layer_count_from_the_next_call() -> None:
    numbers = iter([1.0, 2.0])
    layer = Layer(1, 2, init=lambda nin, nout, rng: next(numbers), rng=0)
    assert [y.data for y in layer([1.0])] == [1.0, 2.0]
    layer.neurons = layer.neurons[::-1]
    assert [y.data for y in layer([1.0])] == [2.0, 1.0]
    neurons: Any = list(layer.neurons)
    layer.neurons = neurons
    assert [y.data for y in layer([1.0])] == [2.0, 1.0]
    neurons[0] = neurons[1]
    assert [y.data for y in layer([1.0])] == [1.0, 1.0]


def test_neurons_of_a_layer_may_have_activations_of_their_own() -> None:
    model = MLP(2, [2, 1], activation="tanh", rng=0)
    model.layers[0].neurons[1].activation = exp
    rows = [[1.0, 2.0], [-0.5, 0.25]]
    assert [output.op for output in model.layers[0](rows[0])] == ["tanh", "exp"]
    assert [[y.data for y in model(row)] for row in rows] == model.on_floats(rows)
    assert model.layers[0].on_floats(rows) == [[y.data for y in model.layers[0](r)] for r in rows]
