"""Parameters of a module: found, read and replaced."""

import copy
import math
import pickle
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from autograd_mini import Value
from nn import MLP, Layer, Module, Neuron, Sequential
from nn.module import replace_data


class Anything(Module):
    """A module with whatever attributes it is given."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)

    def __call__(self, inputs: Sequence[float | Value], /) -> list[Value]:  # noqa: D102
        raise NotImplementedError


A, B, C, D = (Value(float(k), label=label) for k, label in enumerate("abcd"))


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (Anything(a=A, b=B), ["a", "b"]),
        (Anything(b=B, a=A), ["b", "a"]),
        (Anything(m=[[A, B], [C, D]]), ["m.0.0", "m.0.1", "m.1.0", "m.1.1"]),
        (Anything(parts={"x": A, "y": (B, 3.0, None)}), ["parts.x", "parts.y.0"]),
        (Anything(inner=Anything(a=A), last=B), ["inner.a", "last"]),
        (Anything(a=A, again=A, inner=Anything(a=A, b=B)), ["a", "inner.b"]),
        (Anything(result=A * B, rate=0.1, name="n"), []),
        (Layer(1, 1), ["neurons.0.weights.0", "neurons.0.bias"]),
        (Layer(1, 2, bias=False), ["neurons.0.weights.0", "neurons.1.weights.0"]),
        (MLP(1, [1], bias=False), ["layers.0.neurons.0.weights.0"]),
        (Sequential(Neuron(1, bias=False)), ["modules.0.weights.0"]),
    ],
)
def test_parameters_are_the_leaves_among_the_attributes_once_each_in_order(
    module: Module, names: list[str]
) -> None:
    assert [name for name, _ in module.named_parameters()] == names
    assert list(map(id, module.parameters())) == [id(p) for _, p in module.named_parameters()]
    assert list(module.state_dict()) == names


def test_equal_numbers_in_two_parameters_are_two_parameters() -> None:
    assert len(Anything(a=Value(1.0), b=Value(1.0)).parameters()) == 2


def test_a_module_that_contains_itself_has_each_parameter_once() -> None:
    module = Anything(a=A)
    vars(module)["me"] = [module]
    assert [name for name, _ in module.named_parameters()] == ["a"]


def test_a_module_says_what_calling_it_does() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Module()  # type: ignore[abstract]  # that is the point


def test_zero_grad_sets_every_gradient_to_zero() -> None:
    model = MLP(2, [2, 1], activation="tanh", rng=0)
    model([1.0, 2.0])[0].backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert [p.grad for p in model.parameters()] == [0.0] * 9


def test_a_state_makes_another_model_the_same_to_the_bit() -> None:
    one, other = MLP(3, [4, 2], activation="tanh", rng=1), MLP(3, [4, 2], activation="tanh", rng=2)
    other.load_state_dict(one.state_dict())
    assert other.state_dict() == one.state_dict()
    assert [y.data for y in other([0.1, 0.2, 0.3])] == [y.data for y in one([0.1, 0.2, 0.3])]


@pytest.mark.parametrize("number", [-0.0, math.inf, math.nan, 5e-324, 3])
def test_a_state_may_hold_any_number(number: float) -> None:
    neuron = Neuron(1, bias=False)
    neuron.load_state_dict({"weights.0": number})
    assert repr(neuron.weights[0].data) == repr(float(number))


def test_the_order_of_a_state_does_not_matter() -> None:
    neuron = Neuron(1)
    neuron.load_state_dict({"bias": 2.0, "weights.0": 1.0})
    assert neuron.state_dict() == {"weights.0": 1.0, "bias": 2.0}


@pytest.mark.parametrize(
    ("state", "error", "sentence"),
    [
        ({"weights.0": 1.0}, ValueError, "the state has no number for the parameter 'bias'"),
        ({"weights.0": 1.0, "bias": 1.0, "scale": 1.0}, ValueError, "has no parameter 'scale'"),
        ({"weights.0": 1.0, "bias": "1"}, TypeError, "the state's number for 'bias' is none"),
        ({"weights.0": 1.0, "bias": None}, TypeError, "the state's number for 'bias' is none"),
        ({"weights.0": 1.0, "bias": Value(1.0)}, TypeError, "number for 'bias' is none"),
        ([1.0, 1.0], TypeError, "state must be a mapping from names to numbers, not list"),
    ],
)
def test_a_state_with_a_mistake_changes_nothing(
    state: Any, error: type[Exception], sentence: str
) -> None:
    neuron = Neuron(1, rng=0)
    before = neuron.state_dict()
    with pytest.raises(error, match=sentence):
        neuron.load_state_dict(state)
    assert neuron.state_dict() == before


class Interrupted(list[float]):
    """Numbers, of which the last never comes: Ctrl-C."""

    def __iter__(self) -> Iterator[float]:
        yield from self[:-1]
        raise KeyboardInterrupt


def test_numbers_are_replaced_all_or_none() -> None:
    parameters = [Value(1.0), Value(2.0), Value(3.0)]
    with pytest.raises(KeyboardInterrupt):
        replace_data(parameters, Interrupted([4.0, 5.0, 6.0]))
    assert [p.data for p in parameters] == [1.0, 2.0, 3.0]


def test_a_copy_of_a_model_has_parameters_of_its_own() -> None:
    model = MLP(2, [2, 1], rng=0)
    twin = copy.deepcopy(model)
    twin.parameters()[0].data = 9.0
    assert model.parameters()[0].data != 9.0
    assert twin.state_dict().keys() == model.state_dict().keys()


@pytest.mark.parametrize("model", [Neuron(1, activation="tanh"), MLP(1, [1, 1]), Layer(1, 1)])
def test_who_pickles_a_model_is_told_to_save_it(model: Module) -> None:
    with pytest.raises(TypeError, match=r"save the numbers instead, .* or model\.save\(path\)"):
        pickle.dumps(model)
