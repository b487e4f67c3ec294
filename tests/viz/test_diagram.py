"""The neuron diagram shows every unit and every weight of a network, and no more."""

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

import viz
from autograd_mini import Value
from nn import MLP, Layer, Neuron, Sequential
from nn.activations import Activation
from viz.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def parse(model: Any) -> ET.Element:
    return ET.fromstring(viz.network(model).svg())  # noqa: S314 - our own picture


def neuron(*weights: float, label: str = "w") -> SimpleNamespace:
    """What a diagram reads of a neuron."""
    values = tuple(Value(weight, label=label) for weight in weights)
    return SimpleNamespace(weights=values, bias=None, activation=None)


def lines(root: ET.Element) -> list[ET.Element]:
    return list(root.iter(f"{SVG}line"))


def circles(root: ET.Element) -> list[ET.Element]:
    return list(root.iter(f"{SVG}circle"))


def texts(root: ET.Element) -> list[str]:
    return [t.text or "" for t in root.iter(f"{SVG}text") if t.get("class") != "halo"]


def network_221(*, bias: bool = False) -> MLP:
    return MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid", bias=bias, rng=1)


def test_each_unit_is_a_circle_of_radius_32_and_each_weight_a_line() -> None:
    root = parse(network_221())
    assert {circle.get("r") for circle in circles(root)} == {"32"}
    assert (len(circles(root)), len(lines(root))) == (5, 6)


def test_units_are_named_by_layer_and_place_and_show_their_activation() -> None:
    shown = [text for text in texts(parse(network_221())) if not text.startswith("w")]
    assert shown == ["x₁", "x₂", "O²₁", "σ", "O²₂", "σ", "O³₁", "σ"]


def test_units_are_named_in_the_notation_of_the_network() -> None:
    shown = texts(parse(MLP(2, [2, 1], notation="matrix", bias=False)))
    names = [text for text in shown if text.startswith("x")]
    assert names == ["x⁽⁰⁾₀", "x⁽⁰⁾₁", "x⁽¹⁾₀", "x⁽¹⁾₁", "x⁽²⁾₀"]


def test_units_are_coloured_by_what_they_are() -> None:
    root = parse(MLP(1, [1, 1], activation="tanh"))
    roles = [g.get("class") for g in root.iter(f"{SVG}g") if g.find(f"{SVG}circle") is not None]
    assert roles == ["input", "activation", "operation"]
    assert [circle.get("fill") for circle in circles(root)] == [
        LIGHT.cards[role or ""].fill for role in roles
    ]


def test_a_line_is_as_wide_as_its_weight_is_large_and_coloured_by_its_sign() -> None:
    found = lines(parse(neuron(2.0, -1.0, 0.0)))
    assert [line.get("stroke-width") for line in found] == ["6.00", "3.50", "1.00"]
    colours = [LIGHT.positive, LIGHT.negative, LIGHT.neutral]
    assert [line.get("stroke") for line in found] == colours


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, 0.0])
def test_any_weight_can_be_drawn(weight: float) -> None:
    assert 1.0 <= float(lines(parse(neuron(weight)))[0].get("stroke-width", "")) <= 6.0


def test_a_line_joins_the_centres_of_its_units() -> None:
    root = parse(network_221())
    centres = [(circle.get("cx"), circle.get("cy")) for circle in circles(root)]
    ends = [[(line.get(f"x{i}"), line.get(f"y{i}")) for i in (1, 2)] for line in lines(root)]
    pairs = [(0, 2), (1, 2), (0, 3), (1, 3), (2, 4), (3, 4)]
    assert ends == [[centres[i], centres[j]] for i, j in pairs]


def test_a_weight_is_written_along_its_line_at_three_tenths_from_its_source() -> None:
    root = parse(network_221())
    turned = [g for g in root.iter(f"{SVG}g") if g.get("transform")]
    assert len(turned) == 6
    for line, group in zip(lines(root), turned, strict=True):
        x1, y1, x2, y2 = (float(line.get(end, "")) for end in ("x1", "y1", "x2", "y2"))
        x, y, angle = map(float, re.findall(r"-?\d+\.\d", group.get("transform", "")))
        assert (x, y) == pytest.approx((x1 + 0.3 * (x2 - x1), y1 + 0.3 * (y2 - y1)), abs=0.06)
        assert angle == pytest.approx(math.degrees(math.atan2(y2 - y1, x2 - x1)), abs=0.06)


def test_weights_and_biases_are_written_with_name_and_number() -> None:
    model = network_221(bias=True)
    model.layers[0].neurons[1].weights[0].data = -0.25
    shown = texts(parse(model))
    assert "w¹₁₂ −0.2500" in shown
    assert "b²₁ 0" in shown
    assert not any(text.startswith("b") for text in texts(parse(network_221())))


@pytest.mark.parametrize(
    ("units", "written"), [(1, "w 0.5000"), (2, "w 0.5000"), (3, "0.5000"), (4, "0.5000"), (5, "")]
)
def test_the_more_weights_come_together_the_less_is_written(units: int, written: str) -> None:
    layer = SimpleNamespace(neurons=[neuron(0.5, 0.5) for _ in range(units)])
    found = [text for text in texts(parse(layer)) if "0.5" in text]
    assert found == [written] * 2 * units * bool(written)


@pytest.mark.parametrize("units", [2, 3, 4])
@pytest.mark.parametrize("inputs", [2, 3, 4])
def test_no_line_crosses_another_where_a_number_stands(inputs: int, units: int) -> None:
    model = Layer(inputs, units, rng=0)
    outputs = model([1.0] * inputs)
    outputs[0].backward()
    root = ET.fromstring(viz.network(model, outputs=outputs).svg())  # noqa: S314
    ends = [[float(line.get(end, "")) for end in ("x1", "y1", "x2", "y2")] for line in lines(root)]
    turned = [g for g in root.iter(f"{SVG}g") if g.get("transform")]
    assert len(turned) == 2 * len(ends)  # weights and gradients
    for place, group in enumerate(turned):
        x1, y1, x2, y2 = ends[place // 2]
        x = float(re.findall(r"-?\d+\.\d", group.get("transform", ""))[0])
        for _, v1, _, v2 in ends:
            if (y1 - v1) * (y2 - v2) < 0:
                crossing = x1 + (x2 - x1) * (v1 - y1) / (v1 - y1 - v2 + y2)
                assert abs(crossing - x) > 25


@pytest.mark.parametrize("units", [1, 2, 3, 4])
@pytest.mark.parametrize("inputs", [1, 2, 3, 4, 7])
def test_no_two_weights_are_written_at_the_same_place(inputs: int, units: int) -> None:
    layer = SimpleNamespace(neurons=[neuron(*[0.5] * inputs) for _ in range(units)])
    turned = [g.get("transform", "") for g in parse(layer).iter(f"{SVG}g") if g.get("transform")]
    heights = sorted(float(re.findall(r"-?\d+\.\d", place)[1]) for place in turned)
    assert all(b - a > 20 for a, b in pairwise(heights))


def test_of_a_wide_layer_the_middle_is_left_out_and_counted() -> None:
    root = parse(MLP(2, [15, 1], bias=False, rng=0))
    units = [c for c in circles(root) if c.get("r") == "32"]
    assert (len(units), len(lines(root))) == (2 + 9 + 1, 2 * 9 + 9)
    assert [text for text in texts(root) if "O²" in text] == [
        f"O²{index}" for index in ("₁", "₂", "₃", "₄", "₅", "₁₂", "₁₃", "₁₄", "₁₅")
    ]
    assert "6 more" in texts(root)
    heights = [float(circle.get("cy", "")) for circle in units[2:11]]
    assert [b - a for a, b in pairwise(heights)] == [110] * 4 + [220] + [110] * 3


def test_ten_units_are_all_drawn() -> None:
    assert len(circles(parse(Layer(1, 10)))) == 11


def test_lines_between_wide_layers_are_half_as_wide() -> None:
    widest = [
        max(float(line.get("stroke-width", "")) for line in lines(parse(Layer(2, n, rng=0))))
        for n in (8, 9)
    ]
    assert widest == [6.0, 3.0]


# ------------------------------------------------------------------------------ the last pass


def test_what_came_out_of_each_unit_is_shown() -> None:
    model = network_221(bias=True)
    outputs = model([0.25, 3.0])
    shown = texts(ET.fromstring(viz.network(model, outputs=outputs).svg()))  # noqa: S314
    hidden = [neuron([0.25, 3.0]).data for neuron in model.layers[0].neurons]
    by_unit = dict(pairwise(shown))
    assert by_unit["x₁"] == "0.2500"
    assert by_unit["x₂"] == "3"
    assert [by_unit["O²₁ σ"], by_unit["O²₂ σ"]] == [f"{output:.4f}" for output in hidden]
    assert by_unit["O³₁ σ"] == f"{outputs[0].data:.4f}"
    assert not any("∇" in text for text in shown)


def test_of_several_samples_the_last_one_is_shown() -> None:
    model = network_221()
    first, last = model([0.25, 3.0])[0], model([Value(-1.0), Value(2.0)])[0]
    shown = texts(ET.fromstring(viz.network(model, outputs=[first, last]).svg()))  # noqa: S314
    by_unit = dict(pairwise(shown))
    assert [by_unit["x₁"], by_unit["x₂"]] == ["−1", "2"]
    assert by_unit["O³₁ σ"] == f"{last.data:.4f}"


def test_gradients_are_shown_after_backward() -> None:
    model = network_221()
    loss = (model([0.25, 3.0])[0] - 1.0) ** 2
    loss.backward()
    root = ET.fromstring(viz.network(model, outputs=loss).svg())  # noqa: S314
    weight = model.layers[1].neurons[0].weights[0]
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert f"w²₁₁ {weight.data!r}\ngradient {weight.grad!r}".replace("-", "−") in titles
    assert len([text for text in texts(root) if "∇" in text]) == 6 + 3
    assert len([title for title in titles if "gradient" in title]) == 6 + 3
    turned = [g.get("transform", "") for g in root.iter(f"{SVG}g") if g.get("transform")]
    assert len(set(turned)) == 2 * 6


def test_a_number_too_long_for_its_circle_is_written_smaller() -> None:
    model = Layer(1, 2, init=lambda *_: 2.0, bias=False)
    outputs = model([3.0])
    outputs[0].backward(-1.5e-7)
    outputs[1].backward(-0.5)
    root = ET.fromstring(viz.network(model, outputs=outputs).svg())  # noqa: S314
    sizes = {t.text: t.get("font-size") for t in root.iter(f"{SVG}text") if t.get("font-size")}
    assert sizes["∇ −1.5×10⁻⁷"] == "9.5"
    assert sizes["∇ −0.5"] == "11"


def test_an_output_without_activation_is_the_weighted_sum() -> None:
    model = Layer(1, 1, init=lambda *_: 2.0, bias=False)
    svg = viz.network(model, outputs=model([3.0])).svg()
    assert dict(pairwise(texts(ET.fromstring(svg))))["O²₁ Σ"] == "6"  # noqa: S314


def test_an_activation_of_ones_own_shows_no_number_that_might_be_wrong() -> None:
    model = Neuron(1, activation=lambda x: (x * 0.5).exp())
    svg = viz.network(model, outputs=model([3.0])).svg()
    assert texts(ET.fromstring(svg))[-2] == "<lambda>"  # noqa: S314


def test_outputs_of_another_model_are_refused() -> None:
    with pytest.raises(ValueError, match="outputs were not computed by this model: give what it"):
        viz.network(network_221(), outputs=network_221()([1.0, 2.0]))


def test_an_activation_on_its_own_belongs_to_the_layer_before() -> None:
    model = Sequential(Layer(1, 1), Activation("tanh"), Layer(1, 1, number=2))
    picture = viz.network(model)
    assert picture.title == "a 1-1-1 network"
    shown = texts(ET.fromstring(picture.svg()))  # noqa: S314
    assert shown[shown.index("O²₁") + 1] == "tanh"


# ------------------------------------------------------------------------------ any network at all


@pytest.mark.parametrize("model", [network_221(bias=True), MLP(3, [14, 4], rng=0), neuron(1.0)])
def test_nothing_lies_outside_the_picture(model: Any) -> None:
    root = parse(model)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for circle in [c for c in circles(root) if c.get("r") == "32"]:
        assert 32 < float(circle.get("cx", "")) < width - 32
        assert 32 < float(circle.get("cy", "")) < height - 32
    captions = [t for t in root.iter(f"{SVG}text") if float(t.get("y", "")) > 0]
    assert all(float(t.get("y", "")) < height - 8 for t in captions)


@pytest.mark.parametrize(
    ("model", "title"),
    [
        (Neuron(2), "a 2-1 network"),
        (Layer(2, 3), "a 2-3 network"),
        (MLP(2, [3, 1]), "a 2-3-1 network"),
        (Sequential(MLP(2, [3, 1]), Layer(1, 2)), "a 2-3-1-2 network"),
    ],
    ids=str,
)
def test_every_kind_of_network_has_a_diagram(model: Any, title: str) -> None:
    picture = viz.network(model)
    root = ET.fromstring(picture.svg())  # noqa: S314 - our own picture
    assert picture.title == root.findtext(f"{SVG}title") == title
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}desc")


def test_any_function_can_be_an_activation() -> None:
    def squash(value: Value) -> Value:
        halved: Value = value * 0.5
        return halved

    assert "squash" in texts(parse(Neuron(1, activation=squash)))


def test_a_label_can_do_no_harm() -> None:
    root = parse(neuron(1.0, label='<script>&"\x00\ud800'))
    assert '<script>&" 1' in texts(root)
    assert not list(root.iter(f"{SVG}script"))


def test_the_same_network_gives_the_same_bytes_and_another_another_id() -> None:
    assert viz.network(network_221()).svg() == viz.network(network_221()).svg()
    assert parse(network_221()).get("id") != parse(network_221(bias=True)).get("id")


@pytest.mark.parametrize(
    "given", [Value(1.0, label="x"), "MLP", None, {}, SimpleNamespace(layers=3)]
)
def test_what_is_no_network_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="shows a Neuron, a Layer, an MLP or a Sequential of them"):
        viz.network(given)


def test_layers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"layer 2 takes 3 inputs, .* before it has 1 outputs"):
        viz.network(Sequential(Layer(2, 1), Layer(3, 1)))
