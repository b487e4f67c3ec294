"""A snapshot says what a graph is, as plain data."""

import dataclasses
import math
import pickle
from typing import Any

import pytest

from autograd_mini import Value, dot, exp, maximum, relu, sigmoid, sum
from autograd_mini.primitive import OPERATIONS
from autograd_mini.snapshot import notation, snapshot


def leaf(label: str, data: float = 0.5) -> Value:
    return Value(data, label=label)


def roles(*outputs: Value, **options: Any) -> dict[str, str]:
    return {node.name: node.role for node in snapshot(outputs, **options).nodes}


def test_nodes_come_after_their_operands_and_know_their_index() -> None:
    x, y = leaf("x"), leaf("y")
    graph = snapshot((x + y) * exp(x))
    assert [node.index for node in graph.nodes] == list(range(len(graph.nodes)))
    assert all(edge.source < edge.target for edge in graph.edges)
    assert graph.outputs == (len(graph.nodes) - 1,)


def test_a_node_records_operation_symbol_and_value() -> None:
    node = snapshot(leaf("x", 3.0) * 4.0).nodes[-1]
    assert (node.operation, node.symbol, node.value) == ("mul", "×", 12.0)


def test_a_value_used_twice_has_two_edges_each_with_its_derivative() -> None:
    x = leaf("x", 3.0)
    edges = snapshot(x / x).edges
    assert [(e.source, e.target, e.position) for e in edges] == [(0, 1, 0), (0, 1, 1)]
    assert [e.local_derivative for e in edges] == [1 / 3, -1 / 3]


def test_plain_numbers_are_constants_of_the_node_at_their_position() -> None:
    x = leaf("x")
    assert snapshot(2.0 - x).nodes[-1].constants == ((0, 2.0),)
    assert snapshot(dot([x], [7.0])).nodes[-1].constants == ((1, 7.0), (2, 0.0))


def test_there_is_no_gradient_before_backward() -> None:
    assert {node.gradient for node in snapshot(leaf("x") * 2.0).nodes} == {None}


def test_gradients_are_those_of_the_sweep() -> None:
    x, y = leaf("x", 3.0), leaf("y", 0.0)
    z = x * y
    z.backward()
    assert [node.gradient for node in snapshot(z).nodes] == [0.0, 3.0, 1.0]


def test_gradients_that_leaves_keep_from_an_earlier_graph_are_not_shown() -> None:
    x = leaf("x")
    (x * 2.0).backward()
    assert {node.gradient for node in snapshot(x * 3.0).nodes} == {None}


def test_a_leaf_alone_shows_its_gradient() -> None:
    x = leaf("x")
    (x * 2.0).backward()
    assert snapshot(x).nodes[0].gradient == 2.0


def test_a_gradient_that_is_nan_is_a_gradient() -> None:
    x = leaf("x")
    (x * math.nan).backward()
    gradient = snapshot(x).nodes[0].gradient
    assert gradient is not None
    assert math.isnan(gradient)


def test_results_without_a_label_are_numbered_in_order_past_names_in_use() -> None:
    x = Value(1.0, label="u₁")
    graph = snapshot(exp(exp(x) + Value(2.0)))
    assert [node.name for node in graph.nodes] == ["u₁", "u₂", "v₁", "u₃", "u₄"]


def test_given_names_replace_labels() -> None:
    x = leaf("x")
    y = exp(x)
    assert [node.name for node in snapshot(y, names={x: "a", y: "b"}).nodes] == ["a", "b"]


def test_variables_name_the_values_that_have_no_label() -> None:
    x, rows, labelled, _ = Value(1.0), [[Value(2.0)], (Value(3.0),)], leaf("given"), Value(4.0)
    result = sum([x, *rows[0], *rows[1], labelled, _])
    deep = [[[Value(5.0)]]]
    names = [node.name for node in snapshot(result + deep[0][0][0], names=locals()).nodes]
    assert names == ["x", "rows[0][0]", "rows[1][0]", "given", "v₁", "result", "v₂", "u₁"]


def test_the_first_variable_that_holds_a_value_names_it() -> None:
    a = b = Value(1.0)
    assert snapshot(b, names=locals()).nodes[0].name == "a"
    assert a is b


def test_marks_say_where_their_values_are() -> None:
    x, y = leaf("x"), leaf("y")
    z = x * y
    assert snapshot(z, marks=(y, z, y)).marked == (1, 2, 1)


def test_an_operand_that_was_passed_over_receives_nothing_even_of_infinity() -> None:
    x, y = leaf("x", 1.0), leaf("y", 2.0)
    by_max = snapshot(maximum(x, y)).edges
    assert [edge.selected for edge in by_max] == [False, True]
    assert [edge.backflow(math.inf) for edge in by_max] == [0.0, math.inf]
    (by_product,) = snapshot(x * 0.0).edges
    assert by_product.selected
    assert math.isnan(by_product.backflow(math.inf))


@pytest.mark.parametrize(
    ("operation", "operands", "written", "derivatives"),
    [
        ("sub", ["a", "b"], "a − b", ["1", "−1"]),
        ("div", ["a", "b"], "a / b", ["1 / b", "(−u) / b"]),
        ("exp", ["a"], "exp(a)", ["u"]),
        ("dot", ["w", "x", "b"], "w · x + b", ["x", "w", "1"]),
        ("mul", ["2", "−3"], "2 · (−3)", ["−3", "2"]),
        ("tanh", ["−3"], "tanh(−3)", ["sech²(−3)"]),
    ],
)
def test_an_operation_and_its_derivatives_are_written_out(
    operation: str, operands: list[str], written: str, derivatives: list[str]
) -> None:
    assert notation(operation, operands, "u") == (written, derivatives)


def test_every_operation_can_be_written_out() -> None:
    for name, operation in OPERATIONS.items():
        operands = ["x", "y", "z"] if operation.variadic else list("xyz")[: len(operation.rules)]
        written, derivatives = notation(name, operands, "u")
        assert written
        assert len(derivatives) == len(operands)


def test_a_snapshot_does_not_follow_later_changes() -> None:
    x = leaf("x")
    y = x * 2.0
    before = snapshot(y)
    copy = pickle.loads(pickle.dumps(before))  # noqa: S301 - our own bytes
    x.data, x.label = 9.0, "changed"
    y.backward()
    assert before == copy


@pytest.mark.parametrize("part", ["graph", "node", "edge"])
def test_a_snapshot_cannot_be_changed(part: str) -> None:
    graph = snapshot(exp(leaf("x")))
    frozen: Any = {"graph": graph, "node": graph.nodes[0], "edge": graph.edges[0]}[part]
    field = dataclasses.fields(frozen)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(frozen, field, 0)


def test_several_outputs_share_their_nodes() -> None:
    x = leaf("x")
    y = exp(x)
    graph = snapshot([y, y * 2.0, x])
    assert [node.name for node in graph.nodes] == ["x", "u₁", "u₂"]
    assert graph.outputs == (1, 2, 0)


def test_depth_is_no_limit() -> None:
    x = leaf("x")
    for _ in range(20_000):
        x = x + 1.0
    assert len(snapshot(x).edges) == 20_000


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("w", "weight"),
        ("w2", "weight"),
        ("w^{2}_{11}", "weight"),
        ("W[0]", "weight"),
        ("w₁", "weight"),
        ("θ", "weight"),
        ("theta_1", "weight"),
        ("weight", "weight"),
        ("bias", "weight"),
        ("target", "target"),
        ("targets_1", "target"),
        ("wind", "input"),
        ("width", "input"),
        ("x", "input"),
        ("b", "input"),
        ("t", "input"),
        ("y", "input"),
        ("L", "input"),
        ("", "input"),
    ],
)
def test_the_role_of_a_leaf_follows_from_its_label(label: str, role: str) -> None:
    assert snapshot(exp(leaf(label))).nodes[0].role == role


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("b", "weight"),
        ("b_1", "weight"),
        ("base", "input"),
        ("t", "target"),
        ("y₁", "target"),
        ("time", "input"),
    ],
)
def test_beside_weights_a_letter_means_what_it_means_in_a_network(label: str, role: str) -> None:
    assert snapshot(leaf("w") + leaf(label)).nodes[1].role == role


def test_a_b_that_is_multiplied_is_no_bias() -> None:
    assert snapshot(leaf("w") * leaf("b")).nodes[1].role == "input"


def test_weights_and_bias_of_a_dot_need_no_label() -> None:
    w, x, b = Value(1.0), Value(2.0), Value(3.0)
    assert roles(dot([w], [x], b)) == {
        "v₁": "weight",
        "v₂": "input",
        "v₃": "weight",
        "u₁": "operation",
    }


def test_activations_are_told_from_other_operations() -> None:
    x = leaf("x")
    assert roles(sigmoid(x), relu(x), exp(x)) == {
        "x": "input",
        "u₁": "activation",
        "u₂": "activation",
        "u₃": "operation",
    }


@pytest.mark.parametrize("label", ["L", "L_1", "loss", "Loss", "error", "E", "cost", "C"])
def test_a_single_output_with_the_name_of_a_loss_is_one(label: str) -> None:
    x, y = leaf("x"), leaf("x2")
    y = x * y
    y.label = label
    assert snapshot(y).nodes[-1].role == "loss"
    assert snapshot([y, x]).nodes[-1].role == "operation"


def test_an_unnamed_output_is_the_loss_where_something_is_learned_from_targets() -> None:
    w, x, t = leaf("w"), leaf("x"), leaf("t")
    assert snapshot(w * x - t).nodes[-1].role == "loss"
    assert snapshot((w * x - 1.0) ** 2).nodes[-1].role == "loss"
    assert snapshot(w * x).nodes[-1].role == "operation"
    assert snapshot(sigmoid(w * x)).nodes[-1].role == "activation"
    assert snapshot((x - t) ** 2).nodes[-1].role == "operation"
    assert snapshot((x - leaf("target")) ** 2).nodes[-1].role == "loss"


def test_a_named_output_of_a_model_is_not_the_loss() -> None:
    prediction = leaf("w") * leaf("x") - leaf("t")
    prediction.label = "O"
    assert snapshot(prediction).nodes[-1].role == "operation"


def test_a_given_role_wins() -> None:
    w = leaf("w")
    y = w * 2.0
    assert roles(y, roles={w: "input", y: "loss"}) == {"w": "input", "u₁": "loss"}


@pytest.mark.parametrize(
    ("outputs", "options", "error", "sentence"),
    [
        (3.0, {}, TypeError, "starts from a Value or several, not float 3.0"),
        ([leaf("x"), "y"], {}, TypeError, "starts from a Value or several, not str 'y'"),
        ([], {}, ValueError, "no Values were given; pass at least one"),
        (leaf("x"), {"names": {leaf("x"): 1}}, TypeError, "names maps Values to strings"),
        (leaf("x"), {"names": {leaf("x"): "a", "y": 1}}, TypeError, "names maps Values to strings"),
        (leaf("x"), {"marks": ["x"]}, TypeError, "a node of a graph is a Value, not str 'x'"),
        (leaf("x"), {"marks": [leaf("x")]}, ValueError, "is not part of the graph: give a Value"),
        (leaf("x"), {"roles": {leaf("x"): 1}}, TypeError, "roles maps Values to strings"),
        (leaf("x"), {"roles": {leaf("x"): "hero"}}, ValueError, "no role 'hero'; use one of input"),
    ],
)
def test_a_wrong_call_is_told_what_to_write(
    outputs: Any, options: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        snapshot(outputs, **options)
