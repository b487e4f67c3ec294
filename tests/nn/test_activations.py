"""Activations by name, and as modules."""

from typing import Any

import mpmath as mp
import pytest

from autograd_mini import Value, atan, sigmoid
from nn import ACTIVATIONS, Activation, Layer, Neuron, Sequential, predict
from nn.activations import activation_function, activation_on_floats
from tests.nn.references import ACTIVATIONS as EXACT


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_name_gives_the_function_it_names(name: str) -> None:
    neuron = Neuron(1, activation=name, bias=False, init=lambda nin, nout, rng: 1.0)
    with mp.workdps(30):
        assert neuron([-0.5]).data == pytest.approx(float(EXACT[name](mp.mpf(-0.5))), rel=1e-15)


@pytest.mark.parametrize("function", [*ACTIVATIONS, lambda x: (2.0 * x).tanh()])
def test_a_module_applies_its_function_to_each_number(function: object) -> None:
    activation = Activation(function)  # type: ignore[arg-type]  # names and functions alike
    numbers = [-1.5, 0.0, 0.3]
    outputs = activation([Value(x) for x in numbers])
    assert [type(y) for y in outputs] == [Value] * 3
    assert activation.on_floats([numbers]) == [[y.data for y in outputs]]
    assert activation.parameters() == []


def test_a_layer_and_its_activation_can_be_two_modules() -> None:
    one = Layer(2, 3, activation="tanh", rng=0)
    two = Sequential(Layer(2, 3, init="xavier", rng=0), Activation("tanh"))
    assert [y.data for y in two([0.1, 0.2])] == [y.data for y in one([0.1, 0.2])]
    assert predict(two, [[0.1, 0.2]]) == predict(one, [[0.1, 0.2]])
    assert repr(two) == "Sequential(Layer(2, 3), Activation('tanh'))"


def test_a_function_and_none_are_taken_as_they_are() -> None:
    assert activation_function(atan) is atan
    assert activation_function(None) is None
    assert activation_on_floats(None) is None


def test_on_floats_no_graph_is_built() -> None:
    made = []

    def watched(x: Value) -> Any:
        made.append(sigmoid(x))
        return made[-1]

    function = activation_on_floats(watched)
    assert function is not None
    assert function(0.0) == 0.5
    assert made[0].operands == ()


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ("softmax", ValueError, "no activation is named 'softmax': write one of 'linear', 'sigm"),
        (3, TypeError, "activation must be a name or a function, not int 3"),
        (Value(1.0), TypeError, "activation must be a name or a function, not Value"),
    ],
)
def test_an_unknown_activation_is_refused(
    given: object, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        activation_function(given)  # type: ignore[arg-type]  # that is the point
