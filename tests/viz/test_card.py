"""A graph drawn as cards shows what the graph holds."""

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

import viz
from autograd_mini import Value, clamp, dot, exp, maximum, sigmoid, sum
from viz.palette import LIGHT


def leaf(label: str, data: float = 0.5) -> Value:
    return Value(data, label=label)


def network_loss() -> Value:
    """The squared error of a 2-2-1 network of sigmoids."""
    inputs = [leaf("I_1", 0.35), leaf("I_2", 0.9)]
    w = {ij: leaf(f"w^{{1}}_{{{ij}}}", 0.1) for ij in ("11", "21", "12", "22")}
    v = [leaf("w^{2}_{11}", 0.3), leaf("w^{2}_{21}", -0.9)]
    hidden = [sigmoid(dot([w["1" + j], w["2" + j]], inputs)) for j in "12"]
    loss: Value = (leaf("target") - sigmoid(dot(v, hidden))) ** 2
    return loss


def attributes(source: str) -> dict[str, str]:
    """The attributes of every node and edge, by the beginning of its line."""
    lines = re.findall(r"^\t(n\d+\w*(?: -> n\d+)?) \[(.*)\]$", source, re.MULTILINE)
    return dict(lines)


def label(source: str, node: str) -> str:
    found = re.search(r'label="?((?:[^"\\]|\\.)*?)"?( \w+=|$)', attributes(source)[node])
    assert found is not None
    return found[1]


# ------------------------------------------------------------------------------ what a card says


def test_a_card_shows_name_value_and_gradient() -> None:
    x, w = leaf("x", 1.2), leaf("w^{2}_{11}", -0.10384)
    y = x * w
    y.backward()
    source = viz.draw(y).source
    assert label(source, "n0") == r"x\n1.2000\n∇ −0.1038"
    assert label(source, "n1") == r"w²₁₁\n−0.1038\n∇ 1.2000"
    assert label(source, "n2") == r"u₁   ×\n−0.1246\n∇ 1"


def test_no_card_shows_a_gradient_before_backward() -> None:
    loss = network_loss()
    assert "∇" not in viz.draw(loss).source
    loss.backward()
    assert viz.draw(loss).source.count("∇") == 17


@pytest.mark.parametrize(
    ("result", "operation"),
    [
        (leaf("x") - 2.0, "− 2"),
        (1.0 - leaf("x"), "1 −"),
        (leaf("x") * 0.5, "× 0.5"),
        (-1.5 / leaf("x"), "−1.5 ÷"),
        (leaf("x") ** 2, "x²"),
        (leaf("x") ** -1, "x⁻¹"),
        (leaf("x") ** 0.5, "x^0.5"),
        (2 ** leaf("x"), "2ʸ"),
        (leaf("x") ** leaf("y"), "xʸ"),
        (sigmoid(leaf("x")), "σ"),
        (maximum(leaf("x"), 0.0), "max(·, 0)"),
        (maximum(-1.0, leaf("x")), "max(−1, ·)"),
        (clamp(leaf("x"), 0.0, 1.5), "clamp(·, 0, 1.5)"),
    ],
)
def test_a_plain_number_is_written_beside_the_operator(result: Value, operation: str) -> None:
    picture = viz.draw(result)
    assert f"u₁   {operation}\\n" in picture.source


def test_plain_numbers_among_many_operands_have_small_cards_of_their_own() -> None:
    found = attributes(viz.draw(dot([leaf("w"), leaf("w2")], [0.35, 0.9], 1.0)).source)
    constants = [name for name, text in found.items() if "class=constant" in text]
    assert constants == ["n2c2", "n2c3", "n2c4"]
    assert "n2c2 -> n2" in found


def test_a_bias_that_is_not_there_is_not_drawn() -> None:
    assert "class=constant" not in viz.draw(dot([leaf("w")], [leaf("x")])).source
    assert "class=constant" in viz.draw(sum([leaf("x"), leaf("y"), 0.0])).source


def test_roles_are_coloured() -> None:
    found = attributes(viz.draw(network_loss()).source)
    roles = [re.findall(r"class=(\w+)", text)[0] for name, text in found.items() if ">" not in name]
    assert sorted(set(roles)) == ["activation", "input", "loss", "operation", "target", "weight"]
    for name, text in found.items():
        if ">" not in name:
            card = LIGHT.cards[re.findall(r"class=(\w+)", text)[0]]
            assert f'fillcolor="{card.fill}"' in text
            assert f' color="{card.border}"' in text


def test_names_and_roles_can_be_given() -> None:
    x = leaf("x")
    source = viz.draw(exp(x), names={x: "time"}, roles={x: "weight"}).source
    assert label(source, "n0") == r"time\n0.5000"
    assert "class=weight" in attributes(source)["n0"]


def test_a_title_stands_above_the_picture_and_names_it() -> None:
    picture = viz.draw(exp(leaf("x")), title="An exponential")
    assert picture.title == "An exponential"
    assert 'label="An exponential"' in picture.source


# ------------------------------------------------------------------------------ what a line says


def test_a_local_derivative_of_one_is_left_out() -> None:
    source = viz.draw(leaf("x") - leaf("y")).source
    assert "∂" not in attributes(source)["n0 -> n2"]
    assert "∂ −1" in attributes(source)["n1 -> n2"]


def test_a_second_line_beside_the_first_keeps_off_its_label() -> None:
    x, y = leaf("x", 3.0), leaf("y", 2.0)
    assert viz.draw(x * x).source.count(r'label="∂ 3\n "') == 2
    assert viz.draw(x * y).source.count(r"\n ") == 0


def test_lines_are_neutral_before_backward() -> None:
    source = viz.draw(leaf("x") - leaf("y")).source
    assert source.count("class=neutral") == 2


def test_a_line_is_coloured_by_the_sign_of_what_flows_and_as_wide_as_that_is_large() -> None:
    x, y = leaf("x", 3.0), leaf("y", -12.0)
    z = x * y
    z.backward()  # the largest gradient is 12, of x
    found = attributes(viz.draw(z).source)
    assert "class=negative" in found["n0 -> n2"]
    assert f'color="{LIGHT.negative}"' in found["n0 -> n2"]
    assert "penwidth=3.70" in found["n0 -> n2"]
    assert "class=positive" in found["n1 -> n2"]
    assert f"penwidth={0.7 + 3 * math.sqrt(3 / 12):.2f}" in found["n1 -> n2"]
    assert "penwidth=3.00" in found["n0"]
    assert f"penwidth={1 + 2 * math.sqrt(1 / 12):.2f}" in found["n2"]


def test_nothing_flows_along_a_derivative_of_zero_even_from_infinity() -> None:
    x = leaf("x", -1.0)
    y = x.relu()
    y.grad = math.inf
    assert "class=positive" in attributes(viz.draw(y).source)["n0 -> n1"]


def test_a_flow_that_is_nan_has_no_sign() -> None:
    x = leaf("x")
    y = x * math.nan
    y.backward()
    assert "class=neutral" in attributes(viz.draw(y).source)["n0 -> n1"]


# ------------------------------------------------------------------------------ limits


def test_a_graph_too_large_to_read_is_refused_unless_forced() -> None:
    x = leaf("x")
    for _ in range(1_500):
        x = x + 1.0
    with pytest.raises(ValueError, match=r"a picture of 1,501 nodes .* or pass force=True"):
        viz.draw(x)
    assert viz.draw(x, force=True).source.count("->") == 1_500


def test_importing_viz_loads_neither_networks_nor_renderers_nor_plots() -> None:
    program = (
        "import sys, viz; print(*{'nn', 'matplotlib', 'pygraphviz', 'numpy'} & set(sys.modules))"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []
