"""Neurons and layers are found from the graph alone, however it was written."""

import pytest

from autograd_mini import Value, dot, exp, mean, relu, sigmoid, tanh
from autograd_mini.snapshot import Graph, snapshot
from nn import MLP
from viz.neurons import Structure, structure


def leaf(label: str, data: float = 0.5) -> Value:
    return Value(data, label=label)


def found(*outputs: Value) -> tuple[Graph, Structure]:
    graph = snapshot(outputs)
    return graph, structure(graph)


def members(*outputs: Value) -> list[set[str]]:
    """The names of the nodes of each neuron."""
    graph, network = found(*outputs)
    return [{graph.nodes[i].name for i in neuron.members} for neuron in network.neurons]


def test_each_neuron_of_a_network_is_found_with_its_weights() -> None:
    output = MLP(2, [2, 1], activation="tanh", rng=0)([leaf("x_1"), leaf("x_2")])
    graph, network = found(*output)
    assert [(neuron.name, neuron.layer, neuron.symbol) for neuron in network.neurons] == [
        ("O^{2}_{1}", 2, "tanh"),
        ("O^{2}_{2}", 2, "tanh"),
        ("O^{3}_{1}", 3, ""),
    ]
    assert members(*output)[0] == {
        "w^{1}_{11}", "w^{1}_{21}", "b^{1}_{1}", "I_{O^{2}_{1}}", "O^{2}_{1}"
    }  # fmt: skip
    layers = {node.name: network.layers[node.index] for node in graph.nodes}
    assert [layers[name] for name in ("x_1", "O^{2}_{2}", "O^{3}_{1}")] == [1, 2, 3]


def test_a_sum_of_products_is_a_neuron_too() -> None:
    w, v, b, x, y = (leaf(label) for label in ("w_1", "w_2", "b", "x", "y"))
    output = tanh(w * x + v * y + b)
    output.label = "O"
    assert members(output) == [{"w_1", "w_2", "b", "O", "u₁", "u₂", "u₃", "u₄"}]


def test_the_error_against_a_plain_number_is_no_part_of_the_neuron() -> None:
    w, x = leaf("w"), leaf("x")
    assert members((w * x - 1.0) ** 2) == [{"w", "u₁"}]
    assert members(tanh(w * x + 1.0)) == [{"w", "u₁", "u₂", "u₃"}]


def test_samples_that_share_weights_share_their_neuron() -> None:
    w = leaf("w")
    outputs = [sigmoid(dot([w], [x])) for x in (leaf("x"), leaf("y"), leaf("z"))]
    _, network = found(mean(outputs))
    (neuron,) = network.neurons
    assert len(neuron.outputs) == 3
    assert neuron.name == "neuron 2.1"


def test_what_no_neuron_depends_on_comes_after_the_network() -> None:
    w, x, target = leaf("w"), leaf("x"), leaf("target")
    graph, network = found((sigmoid(dot([w], [exp(x)])) - target) ** 2)
    assert [graph.nodes[i].operation for i in sorted(network.after)] == ["sub", "pow"]


def test_a_difference_from_a_target_is_no_part_of_the_neuron() -> None:
    assert members((dot([leaf("w")], [leaf("x")]) - leaf("t")) ** 2) == [{"w", "u₁"}]


def test_a_penalty_on_weights_is_no_neuron() -> None:
    w = leaf("w")
    assert members(w * w) == []
    assert members(dot([w], [leaf("x")]) + w**2) == [{"w", "u₁"}]


def test_an_activation_of_an_activation_is_no_part_of_the_neuron() -> None:
    assert members(relu(tanh(dot([leaf("w")], [leaf("x")])))) == [{"w", "u₁", "u₂"}]


def test_a_graph_without_weights_has_no_neurons() -> None:
    _, network = found(exp(leaf("x") * leaf("y")))
    assert (network.neurons, network.after) == ((), frozenset())


def test_weights_used_at_several_depths_still_have_a_structure() -> None:
    w, state = leaf("w"), leaf("x")
    for _ in range(3):
        state = tanh(dot([w], [state]))
    _, network = found(state)
    (neuron,) = network.neurons
    assert neuron.layer == 2


@pytest.mark.parametrize("count", [1, 3000])
def test_depth_is_no_limit(count: int) -> None:
    x = leaf("x")
    for i in range(count):
        x = tanh(leaf(f"w_{i}") * x)
    _, network = found(x)
    assert [neuron.layer for neuron in network.neurons] == list(range(2, count + 2))
