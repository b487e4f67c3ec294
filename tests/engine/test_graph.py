"""A topological order has every node once, after all of its inputs, and is always the same."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value
from autograd_mini.graph import topological_order
from autograd_mini.value import inputs_of

# The inputs of nodes 0, 1, 2, …: each of them a node before, with repeats.
graphs = st.lists(st.lists(st.integers(0, 30), max_size=4), min_size=1, max_size=12).map(
    lambda rows: [[i % n for i in row] if n else [] for n, row in enumerate(rows)]
)


@pytest.mark.parametrize(
    ("inputs", "outputs", "order"),
    [
        ({"x": ""}, "x", "x"),
        ({"z": "xy", "x": "", "y": ""}, "z", "xyz"),
        ({"z": "yx", "x": "", "y": ""}, "z", "yxz"),
        ({"z": "xx", "x": ""}, "z", "xz"),
        ({"z": "xy", "y": "x", "x": ""}, "z", "xyz"),
        ({"z": "yx", "y": "x", "x": ""}, "z", "xyz"),
        ({"z": "xyab", "a": "b", "b": "", "x": "", "y": "b"}, "z", "xbyaz"),
        ({"p": "x", "q": "xy", "x": "", "y": ""}, "pq", "xpyq"),
        ({"p": "x", "q": "xy", "x": "", "y": ""}, "qpq", "xyqp"),
        ({"x": ""}, "", ""),
    ],
)
def test_the_order_is_that_of_a_depth_first_walk(
    inputs: Mapping[str, str], outputs: str, order: str
) -> None:
    assert "".join(topological_order(outputs, inputs.__getitem__)) == order


@given(graphs, st.lists(st.integers(0, 11), max_size=3))
def test_every_node_that_is_needed_comes_once_after_its_inputs(
    graph: Sequence[Sequence[int]], chosen: Sequence[int]
) -> None:
    outputs = [i % len(graph) for i in chosen]
    order = topological_order(outputs, graph.__getitem__)
    needed = set(outputs)
    for node in reversed(range(len(graph))):
        if node in needed:
            needed.update(graph[node])
    assert sorted(order) == sorted(needed)
    position = {node: i for i, node in enumerate(order)}
    assert all(position[i] < position[node] for node in order for i in graph[node])


def test_values_of_equal_numbers_are_different_nodes() -> None:
    x, y = Value(1.0), Value(1.0)
    z = x * y
    order = topological_order([z], inputs_of)
    assert [id(node) for node in order] == [id(x), id(y), id(z)]


def test_inputs_of_a_value_are_its_operands_that_are_values() -> None:
    x, y = Value(1.0), Value(2.0)
    assert [id(i) for i in inputs_of(x * x + 3.0)[0].operands] == [id(x), id(x)]
    assert [id(i) for i in inputs_of(x.where(y, 3.0))] == [id(y), id(x)]
    assert inputs_of(x) == []
