"""Activations by name."""

import math

import pytest

from autograd_mini import Value, atan
from nn import ACTIVATIONS, Neuron
from nn.activations import activation_function

VALUES_AT_MINUS_HALF = {
    "linear": -0.5,
    "sigmoid": 1 / (1 + math.exp(0.5)),
    "tanh": math.tanh(-0.5),
    "relu": 0.0,
    "atan": math.atan(-0.5),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_name_gives_the_function_it_names(name: str) -> None:
    neuron = Neuron(1, activation=name, bias=False, init=lambda nin, nout, rng: 1.0)
    assert neuron([-0.5]).data == pytest.approx(VALUES_AT_MINUS_HALF[name], rel=1e-15)


def test_a_function_and_none_are_taken_as_they_are() -> None:
    assert activation_function(atan) is atan
    assert activation_function(None) is None


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ("softmax", ValueError, "no activation is named 'softmax': write one of 'linear', 'sigm"),
        (3, TypeError, "activation must be a name, a function or None, not int 3"),
        (Value(1.0), TypeError, "activation must be a name, a function or None, not Value"),
    ],
)
def test_an_unknown_activation_is_refused(
    given: object, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        activation_function(given)  # type: ignore[arg-type]  # that is the point
