"""What is drawn of a graph: all of it, a part, a path, or its neurons and layers."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

import viz
from autograd_mini import Value, dot, exp, maximum, sigmoid, tanh
from nn import MLP, mse


def leaf(label: str, data: float = 0.5) -> Value:
    return Value(data, label=label)


def cards(source: str) -> list[str]:
    """The first line of each card."""
    return [
        (quoted or plain).split("\\n")[0].split("   ")[0]
        for quoted, plain in re.findall(
            r"^\t+(?:n|u|layer|after|operations|inputs|targets|weights)\w* "
            r'\[label=(?:"(.*?)"|(\S+?))[ \]]',
            source,
            re.MULTILINE,
        )
    ]


def note(source: str) -> str:
    """What stands above the picture."""
    found = re.search(r'graph \[.*?label="(.*?)"', source)
    return found[1] if found else ""


def edges(source: str) -> list[str]:
    return re.findall(r"^\t+(\w+ -> \w+)", source, re.MULTILINE)


@pytest.fixture
def chain() -> list[Value]:
    """Seven nodes in a row: x, u₁ = x + 1, u₂ = u₁ + 1 and so on."""
    values = [leaf("x")]
    for _ in range(6):
        values.append(values[-1] + 1.0)
    return values


def loss_of(model: MLP, inputs: list[float]) -> Value:
    loss: Value = mse(model(inputs), [0.0] * len(model(inputs)))
    loss.backward()
    return loss


# ------------------------------------------------------------------------------ names


def test_the_users_variables_name_what_has_no_label() -> None:
    a, b = Value(2.0), leaf("given")
    product = a * b
    assert cards(viz.draw(product, names=locals()).source) == ["a", "given", "product"]


def test_names_in_a_notebook_that_are_no_names_are_passed_over() -> None:
    value = Value(1.0)
    source = viz.draw(value, names={"_": value, "_12": value, "In": ["a"], "v": value}).source
    assert cards(source) == ["v"]


# ------------------------------------------------------------------------------ a part of it


def test_around_draws_what_so_many_lines_lead_to(chain: list[Value]) -> None:
    source = viz.draw(chain[-1], around=chain[3], radius=1).source
    assert cards(source) == ["u₂", "…", "u₃", "u₄", "…"]
    assert note(source) == "3 of 7 nodes: up to 1 line from u₃"
    assert edges(source) == ["n2before -> n2", "n2 -> n3", "n3 -> n4", "n4 -> n4after"]


def test_what_else_a_leaf_is_used_for_is_not_near() -> None:
    r, state = leaf("r"), leaf("x")
    for _ in range(100):
        state = r * state.tanh()
    near = set(cards(viz.draw(state, around=state, radius=3).source)) - {"…"}
    assert near == {"r", "u₁₉₇", "u₁₉₈", "u₁₉₉", "u₂₀₀"}
    assert len(cards(viz.draw(state, around=r, radius=1, force=True).source)) > 100


def test_names_are_those_of_the_whole_graph(chain: list[Value]) -> None:
    assert "u₅" in cards(viz.draw(chain[-1], around=chain[6], radius=1).source)


def test_depth_draws_what_is_so_near_the_end(chain: list[Value]) -> None:
    source = viz.draw(chain[-1], depth=2).source
    assert cards(source) == ["u₄", "…", "u₅", "u₆"]
    assert note(source) == "3 of 7 nodes: up to 2 lines before the end"


def test_a_part_that_is_the_whole_is_not_called_a_part(chain: list[Value]) -> None:
    assert viz.draw(chain[-1], depth=99).title == "the computation graph of u₆"
    assert viz.draw(chain[-1], depth=1).title == "part of the computation graph of u₆"


def test_one_neuron_is_drawn_with_its_inputs() -> None:
    model = MLP(2, [2, 1], activation="tanh", rng=0)
    (output,) = model([leaf("x_1"), leaf("x_2")])
    hidden = output.operands[2]
    assert isinstance(hidden, Value)
    source = viz.draw(output, neuron=hidden).source
    assert cards(source) == ["w¹₁₁", "w¹₂₁", "x₁", "x₂", "b¹₁", "I(O²₁)", "O²₁"] + ["…"] * 3
    assert note(source) == "7 of 16 nodes: one neuron and its inputs"


def test_a_part_of_a_graph_of_any_size_can_be_drawn() -> None:
    x = leaf("x")
    for _ in range(20_000):
        x = x + 1.0
    assert cards(viz.draw(x, around=x, radius=3).source)[1:] == ["…", "u₁₉₉₉₈", "u₁₉₉₉₉", "u₂₀₀₀₀"]


# ------------------------------------------------------------------------------ a path


def test_a_path_shows_every_local_derivative_and_their_product() -> None:
    x = leaf("x", 3.0)
    y = -2.0 * (x + 1.0)
    y.label = "y"
    source = viz.draw(y, path=(x, y)).source
    assert note(source) == "∂y/∂x = 1 · (−2) = −2"
    labels = re.findall(r'-> n\d \[label="(.*?)" class=path', source)
    assert labels == [r"∂ 1\n∏ −2\n ", r"∂ −2\n "]  # a line so thick would touch the last one


def test_several_paths_add_up() -> None:
    x = leaf("x", 3.0)
    y = x * x + exp(x - 3.0)
    y.label = "y"
    assert note(viz.draw(y, path=(x, y)).source) == "∂y/∂x = 3 · 1 + 3 · 1 + 1 · 1 · 1 = 7"


def test_more_paths_than_can_be_written_are_counted_and_summed() -> None:
    x = y = leaf("x", 1.0)
    for _ in range(40):
        y = y + y
    source = viz.draw(y, path=(x, y)).source
    assert note(source) == "∂u₄₀/∂x = the sum over 1,099,511,627,776 paths = 1.100×10¹²".replace(
        "1.100", "1.1"
    )
    assert source.count(r"\n∑∏ 5.498×10¹¹ (549,755,813,888 paths)") == 2


def test_what_is_not_on_a_path_is_not_highlighted() -> None:
    x, y = leaf("x"), leaf("y")
    z = exp(x) * y
    source = viz.draw(z, path=(x, z)).source
    assert len(re.findall("class=path", source)) == 2
    assert re.search(r"n2 -> n3 \[.*class=neutral", source)


def test_beside_a_path_no_line_is_wide_or_coloured() -> None:
    x, y = leaf("x"), leaf("y", 40.0)
    z = exp(x) * y
    z.backward()
    (line,) = re.findall(r"n2 -> n3 \[(.*)\]", viz.draw(z, path=(x, z)).source)
    assert "class=neutral" in line
    assert "penwidth" not in line


def test_nothing_comes_through_an_operand_that_was_passed_over() -> None:
    x, y = leaf("x", 1.0), leaf("y", 2.0)
    z = maximum(x, y) * 3.0
    assert note(viz.draw(z, path=(x, z)).source) == "∂u₂/∂x = 0 · 3 = 0"


def test_a_path_in_a_part_is_drawn_whole(chain: list[Value]) -> None:
    source = viz.draw(chain[-1], around=chain[0], radius=1, path=(chain[3], chain[5])).source
    assert cards(source) == ["x", "u₁", "u₃", "…", "u₄", "u₅", "…", "…"]


# ------------------------------------------------------------------------------ frames


def test_neurons_and_layers_are_framed_on_request() -> None:
    (output,) = MLP(2, [2, 1], activation="tanh", rng=0)([leaf("x_1"), leaf("x_2")])
    loss = (output - leaf("target")) ** 2
    loss.label = "L"
    source = viz.draw(loss, grouped=True).source
    frames = re.findall(r'subgraph (cluster_\w+) \{\n.*label="?(.*?)"? margin', source)
    assert frames == [
        ("cluster_0", "layer 3"),
        ("cluster_0_0", "O³₁"),
        ("cluster_1", "layer 2"),
        ("cluster_1_0", "O²₁"),
        ("cluster_1_1", "O²₂"),
        ("cluster_2", "inputs"),
        ("cluster_3", "loss"),
    ]
    assert sorted(cards(source)) == sorted(cards(viz.draw(loss).source))
    assert sorted(edges(source)) == sorted(edges(viz.draw(loss).source))


def test_frames_stand_beside_one_another() -> None:
    (output,) = MLP(2, [2, 1], activation="tanh", rng=0)([leaf("x_1"), leaf("x_2")])
    source = viz.draw(output, grouped=True).source
    between = re.findall(r"\t(n\d+ -> n\d+) \[.*minlen=2", source)
    assert len(between) == 2 * 2 + 2  # from the inputs, and from layer to layer


def test_neurons_of_the_same_name_have_frames_of_their_own() -> None:
    outputs = [tanh(dot([leaf("w")], [leaf("x")])) for _ in range(2)]
    for output in outputs:
        output.label = "O"
    source = viz.draw(outputs[0] + outputs[1], grouped=True).source
    assert re.findall(r'label="(O \(\d\))"', source) == ["O (1)", "O (2)"]


# ------------------------------------------------------------------------------ by size


def test_up_to_150_nodes_each_has_a_card() -> None:
    loss = loss_of(MLP(2, [16, 4], rng=0, bias=False), [1.0, 2.0])
    assert "drawn as" not in viz.draw(loss).source


def test_a_larger_network_is_drawn_by_neurons_and_says_so() -> None:
    loss = loss_of(MLP(4, [12, 8, 1], rng=0), [1.0, 2.0, 3.0, 4.0])
    source = viz.draw(loss).source
    assert re.fullmatch(
        r"\d+ nodes, drawn as 21 neurons; detail='nodes' draws them all", note(source)
    )
    assert len([name for name in cards(source) if name.startswith("O²")]) == 12
    assert r"\n5 weights" in source
    assert len([line for line in source.split("\n") if "detail" not in line and "∂ " in line]) <= 2


def test_a_still_larger_one_is_drawn_by_layers_and_says_so() -> None:
    loss = loss_of(MLP(20, [30, 30, 2], rng=0), [0.1] * 20)
    source = viz.draw(loss).source
    assert re.fullmatch(r"[\d,]+ nodes, drawn as 3 layers", note(source))
    assert r"layer 2   relu\n30 neurons\n630 weights" in source
    assert re.search(r"layer2 -> layer3 \[label=\"900 edges\"", source)


def test_neurons_of_a_layer_stand_below_one_another_in_order() -> None:
    loss = loss_of(MLP(2, [11, 2], rng=0), [1.0, 2.0])
    found = ET.fromstring(viz.draw(loss, detail="neurons").svg())  # noqa: S314 - our own picture
    heights = {}
    for group in found.iter("{http://www.w3.org/2000/svg}g"):
        texts = list(group.iter("{http://www.w3.org/2000/svg}text"))
        if texts and group.get("class", "").startswith("node"):
            heights[(texts[0].text or "").split()[0]] = float(texts[0].get("y", ""))
    hidden = [name for name in heights if name.startswith("O²")]
    assert len(hidden) == 11
    assert sorted(hidden, key=heights.__getitem__) == sorted(hidden, key=lambda n: (len(n), n))


def test_neurons_that_feed_one_another_can_be_drawn() -> None:
    w, u, x = leaf("w_1"), leaf("w_2"), leaf("x")
    state, other = tanh(dot([w], [x])), tanh(dot([u], [x]))
    for _ in range(2):
        state, other = tanh(dot([w], [other])), tanh(dot([u], [state]))
    assert "invis" not in viz.draw([state, other], detail="neurons").source


def test_the_columns_are_further_apart_where_many_lines_cross() -> None:
    pictures = [
        viz.draw(exp(leaf("x"))),
        viz.draw(loss_of(MLP(2, [12, 12, 1], rng=0), [1.0, 2.0]), detail="neurons"),
    ]
    gaps = [float(re.findall(r"ranksep=(\S+?)[ \]]", p.source)[0]) for p in pictures]
    assert gaps[0] == 0.42
    assert gaps[1] > 1.0


def test_the_flow_between_neurons_is_the_sum_over_their_edges() -> None:
    w, x = leaf("w_1", 2.0), leaf("x", 3.0)
    loss = dot([w, w], [x, x]) * 0.5 - 1.0
    loss.backward()
    (line,) = re.findall(r"n\d -> u0 \[(.*)\]", viz.draw(loss, detail="neurons").source)
    assert 'label="2 edges"' in line  # along each of them flows 2 · 0.5, and the sum is 2
    assert "class=positive" in line
    assert f"penwidth={0.7 + 3 * (2.0 / 2.0) ** 0.5:.2f}" in line


def test_a_batch_is_drawn_with_the_number_of_its_values() -> None:
    model = MLP(1, [2, 1], activation="tanh", rng=0)
    outputs = [model([float(i)])[0] for i in range(3)]
    source = viz.draw(mse(outputs, [0.0] * 3), detail="neurons").source
    assert source.count(r"\n3 values") == 3


def test_a_large_graph_without_neurons_is_drawn_in_full(chain: list[Value]) -> None:
    x = chain[-1]
    for _ in range(200):
        x = x + 1.0
    assert viz.draw(x).source.count("->") == 206
    with pytest.raises(ValueError, match="no neurons in this graph: use detail='nodes'"):
        viz.draw(x, detail="layers")


@pytest.mark.parametrize("detail", ["neurons", "layers"])
def test_any_detail_can_be_asked_for(detail: Any) -> None:
    loss = loss_of(MLP(2, [2, 1], rng=0), [1.0, 2.0])
    assert "drawn as" in note(viz.draw(loss, detail=detail).source)


def test_neurons_beyond_the_limit_are_refused() -> None:
    outputs = [dot([leaf(f"w_{i}")], [leaf("x")]) for i in range(800)]
    with pytest.raises(ValueError, match=r"1,600 neurons and other nodes takes minutes"):
        viz.draw(outputs, detail="neurons")


@pytest.mark.parametrize("detail", ["auto", "nodes"])
def test_nodes_beyond_the_limit_are_refused_even_framed(detail: Any) -> None:
    x = leaf("x")
    for _ in range(1_500):
        x = x + 1.0
    with pytest.raises(ValueError, match=r"1,501 nodes takes minutes .* around=, depth="):
        viz.draw(x, detail=detail, grouped=True)


# ------------------------------------------------------------------------------ wrong calls

X = leaf("x")
Y = exp(X)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"detail": "all"}, ValueError, "no detail 'all'; use one of auto, nodes, neurons, layers"),
        ({"around": "x"}, TypeError, "a node of a graph is a Value, not str 'x'"),
        ({"around": leaf("z")}, ValueError, r"label='z'\) is not part of the graph"),
        ({"around": X, "radius": -1}, ValueError, "radius is a number of lines, 0 or more, not -1"),
        ({"depth": 1.5}, ValueError, "depth is a number of lines, 0 or more, not 1.5"),
        ({"around": X, "depth": 1}, ValueError, "each choose a part of the graph: give one"),
        ({"neuron": X}, ValueError, "x belongs to no neuron: give a weight, a weighted sum"),
        ({"path": X}, ValueError, r"path is a pair of Values, as in \(x, y\)"),
        ({"path": (Y, X)}, ValueError, "no path leads from u₁ to x: give first a node"),
        ({"path": (X, X)}, ValueError, "no path leads from x to x"),
    ],
)
def test_a_wrong_call_is_told_what_to_write(
    options: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        viz.draw(Y, **options)


def test_sigmoid_of_nothing_but_labels_is_harmless_everywhere() -> None:
    name = '<b>"&\\N{|}\x00'
    w, x = leaf(name), leaf(name)
    y = sigmoid(dot([w], [x]))
    y.label = name
    for options in ({"grouped": True}, {"path": (x, y)}, {"around": y}, {"detail": "layers"}):
        assert "<script" not in viz.draw(y, roles={w: "weight"}, title=name, **options).svg()
