"""Labels in the notation of one's choice."""

from typing import Any

import pytest

from autograd_mini import Value
from nn import MLP, NOTATIONS, Layer, Module, Neuron, Notation
from viz.label import with_indices


def labels(model: Module) -> str:
    return " ".join([with_indices(p.label) for p in model.parameters()])


@pytest.mark.parametrize(
    ("notation", "parameters", "outputs"),
    [
        ("from_to", "w¹₁₁ w¹₂₁ b¹₁ w¹₁₂ w¹₂₂ b¹₂ w²₁₁ w²₂₁ b²₁", "I(O³₁) O³₁"),
        (
            "matrix",
            "w⁽⁰⁾₀₀ w⁽⁰⁾₀₁ b⁽⁰⁾₀ w⁽⁰⁾₁₀ w⁽⁰⁾₁₁ b⁽⁰⁾₁ w⁽¹⁾₀₀ w⁽¹⁾₀₁ b⁽¹⁾₀",
            "y⁽¹⁾₀ x⁽²⁾₀",
        ),
    ],
)
def test_a_notation_names_parameters_sums_and_outputs(
    notation: str, parameters: str, outputs: str
) -> None:
    model = MLP(2, [2, 1], output_activation="tanh", notation=notation)
    assert labels(model) == parameters
    (output,) = model([1.0, 2.0])
    (weighted_sum,) = output.operands
    assert isinstance(weighted_sum, Value)
    assert f"{with_indices(weighted_sum.label)} {with_indices(output.label)}" == outputs


def test_in_matrix_notation_an_index_pair_is_the_row_and_column_of_w() -> None:
    layer = Layer(3, 2, notation="matrix")
    for m, neuron in enumerate(layer.neurons):
        for n, weight in enumerate(neuron.weights):
            assert weight.label == f"w^{{(0)}}_{{{m}{n}}}"


def test_a_layer_can_be_told_its_number_in_either_notation() -> None:
    assert labels(Layer(1, 1, notation="matrix", number=2)) == "w⁽²⁾₀₀ b⁽²⁾₀"
    assert labels(Layer(1, 1, number=2)) == "w²₁₁ b²₁"
    assert labels(Neuron(1, notation="matrix", layer=1, unit=3)) == "w⁽¹⁾₃₀ b⁽¹⁾₃"


def test_a_notation_of_ones_own() -> None:
    words = Notation(
        first=1,
        input=lambda i: f"in {i}",
        weight=lambda layer, i, j: f"weight {layer}.{i}.{j}",
        bias=lambda layer, j: f"bias {layer}.{j}",
        weighted_sum=lambda layer, j: f"sum {layer}.{j}",
        output=lambda layer, j: f"out {layer}.{j}",
    )
    model = MLP(1, [1, 1], activation="tanh", notation=words)
    names = [p.label for p in model.parameters()]
    assert names == ["weight 1.1.1", "bias 1.1", "weight 2.1.1", "bias 2.1"]
    assert model([1.0])[0].label == "out 2.1"


@pytest.mark.parametrize("name", NOTATIONS)
def test_no_two_parameters_have_one_label(name: str) -> None:
    found = [p.label for p in MLP(12, [12, 11], notation=name).parameters()]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"notation": "latex"}, ValueError, "no notation is named 'latex': write one of 'from_to'"),
        ({"notation": 1}, TypeError, "notation must be a name or a Notation, not int 1"),
        ({"notation": "matrix", "unit": -1}, ValueError, "unit must be at least 0, not -1"),
        ({"layer": 0}, ValueError, "layer must be at least 1, not 0"),
    ],
)
def test_a_notation_that_is_none_is_refused(
    arguments: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        Neuron(1, **arguments)
