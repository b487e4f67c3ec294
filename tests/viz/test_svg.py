"""The SVG of a graph: it can be read, it says what it shows, and no label can do it harm."""

import inspect
import json
import math
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from autograd_mini import Value, dot, exp, sigmoid
from viz.label import clean, with_indices
from viz.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"
# With control characters and surrogates, but no longer than what is shown whole.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=150)
needs_graphviz = pytest.mark.skipif(
    shutil.which("dot") is None and find_spec("pygraphviz") is None,
    reason="needs Graphviz: its program dot, or pip install pygraphviz",
)


@pytest.fixture(params=["dot", "pygraphviz"])
def renderer(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> str:
    """Each way to draw, alone."""
    name: str = request.param
    if name == "pygraphviz":
        pytest.importorskip("pygraphviz")
        monkeypatch.setenv("PATH", str(tmp_path))
    elif shutil.which("dot") is None:
        pytest.skip("needs the dot program")
    return name


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own picture


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


def groups(svg: str, kind: str) -> list[ET.Element]:
    """The groups of an SVG that belong to a kind of element: node or edge."""
    found = parse(svg).iter(f"{SVG}g")
    return [group for group in found if kind in group.get("class", "").split()]


def texts(group: ET.Element) -> list[str]:
    return [(text.text or "").replace("\xa0", " ") for text in group.iter(f"{SVG}text")]


# ------------------------------------------------------------------------------ what it says


def test_x_times_x_has_two_lines(renderer: str) -> None:
    x = leaf("x", 3.0)
    edges = groups(viz.draw(x * x).svg(), "edge")
    assert [texts(edge)[0] for edge in edges] == ["∂ 3", "∂ 3"]


@pytest.mark.parametrize("gradient", [math.inf, -math.inf, math.nan, 0.0, 1e-320, 1e308])
def test_a_gradient_of_any_size_can_be_drawn(gradient: float, renderer: str) -> None:
    x = leaf("x")
    (x * gradient + 0.0 * x).backward()
    y = x * 1e300
    y.grad = gradient
    assert "nan" not in viz.draw(y).source
    parse(viz.draw(y).svg())


def test_what_one_points_at_is_told_with_every_digit(renderer: str) -> None:
    x = leaf("x", 1 / 3)
    y = -2.0 * x
    y.backward()
    svg = viz.draw(y).svg()
    titles = [group.findtext(f"{SVG}title") for group in groups(svg, "node")]
    assert titles == [
        "x (input)\nvalue 0.3333333333333333\ngradient −2.0",
        "u₁ (operation, mul)\nvalue −0.6666666666666666\ngradient 1.0",
    ]
    (edge,) = groups(svg, "edge")
    assert edge.findtext(f"{SVG}title") == "x → u₁\n∂u₁/∂x = −2.0"


def test_the_picture_says_what_it_is_to_those_who_cannot_see_it(renderer: str) -> None:
    root = parse(viz.draw(network_loss()).svg())
    by_id = {element.get("id"): element.text for element in root.iter()}
    assert root.get("role") == "img"
    assert by_id[root.get("aria-labelledby")] == "the computation graph of u₈"
    assert by_id[root.get("aria-describedby")] == (
        "The computation graph of u₈: 1 target, 6 weights, 2 inputs, 4 operations, "
        "3 activations, 1 loss."
    )


def test_two_pictures_on_a_page_share_no_id(renderer: str) -> None:
    def ids(picture: viz.Picture) -> set[str]:
        found = [element.get("id") for element in parse(picture.svg()).iter()]
        assert len([i for i in found if i]) == len({i for i in found if i})
        return {i for i in found if i}

    first, second = viz.draw(exp(leaf("x"))), viz.draw(exp(leaf("y")))
    assert ids(first).isdisjoint(ids(second))
    assert all(i.startswith(first.figure) for i in ids(first))


def test_the_style_sheet_belongs_to_the_picture(renderer: str) -> None:
    picture = viz.draw(leaf("x"))
    root = parse(picture.svg())
    assert root.get("id") == picture.figure
    assert f"#{picture.figure} .input path" in (root.findtext(f"{SVG}style") or "")


def test_every_node_and_line_has_the_class_that_the_style_sheet_recolours(renderer: str) -> None:
    loss = network_loss()
    loss.backward()
    svg = viz.draw(loss).svg()
    for kind, classes in (("node", set(LIGHT.cards)), ("edge", {"positive", "negative"})):
        found = [set(group.get("class", "").split()) & classes for group in groups(svg, kind)]
        assert {len(names) for names in found} == {1}


# ------------------------------------------------------------------------------ any label at all


def assert_harmless(svg: str) -> ET.Element:
    """It parses, and holds shapes and text only: nothing that runs, and nothing that leads away."""
    root = parse(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "g", "title", "desc", "style", "path", "polygon", "ellipse", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert [name for name in names if name.startswith("on") or "href" in name] == []
    return root


def shown_name(svg: str) -> str:
    """The name on the only card of a picture, without its spaces."""
    (node,) = groups(svg, "node")
    *name, _value = texts(node)
    return "".join("".join(name).split())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<a & b>", "<a & b>"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("a &amp; b", "a &amp; b"),
        ("&lt;&#65;&#x41;", "&lt;&#65;&#x41;"),
        ("trailing \\", "trailing \\"),
        ("two \\\\", "two \\\\"),
        (r"\N \G \l \r \n", r"\N \G \l \r \n"),
        ('a "quoted" \\" name', 'a "quoted" \\" name'),
        (r"{ } \| < >", r"{ } \| < >"),
        ("a\x00b", "ab"),
        ("a\x01b\x1bc\x7fd\x85e", "abcde"),
        ("a\ud800b", "ab"),
        ("a\ufffeb\uffffc", "abc"),
        ("x" * 20_000, "x" * 199 + "…"),
        ("a:b:n", "a:b:n"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('a" onload="x', 'a" onload="x'),
        ("node", "node"),
        ("3.5", "3.5"),
        ("]]> <!-- -->", "]]> <!-- -->"),
        ("α β 漢字 🙂 שלום", "α β 漢字 🙂 שלום"),
        ("line\nbreak\ttab", "line break tab"),
    ],
)
def test_a_label_is_shown_as_it_was_given(given: str, shown: str, renderer: str) -> None:
    svg = viz.draw(leaf(given)).svg()
    assert_harmless(svg)
    assert shown_name(svg) == "".join(shown.split())


@pytest.mark.parametrize("name", ["<b>", "a\\", "a:b", "\x00"])
def test_a_label_anywhere_is_harmless(name: str, renderer: str) -> None:
    x = leaf(name)
    y = exp(x * x + 1.0)
    y.label = name
    assert_harmless(viz.draw([y, x], title=name).svg())


@needs_graphviz
@settings(max_examples=30)
@given(ANY_TEXT)
def test_any_label_gives_a_picture_that_parses_and_shows_it(name: str) -> None:
    svg = viz.draw(leaf(name)).svg()
    assert_harmless(svg)
    kept = [c for c in name if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs")]
    visible = "".join("".join(kept).replace("\ufffe", "").replace("\uffff", "").split())
    if not set("^_") & set(name):  # those may be indices
        assert shown_name(svg) == (visible or "?" if name else "v₁")


@given(ANY_TEXT)
def test_any_label_in_a_diagram_is_text(name: str) -> None:
    unit = SimpleNamespace(weights=[leaf(name)], bias=leaf(name), activation=None)
    root = parse(viz.network(unit).svg())
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "g", "title", "desc", "style", "line", "circle", "text"}
    shown = "".join(f"{with_indices(clean(name))}0.5000".split())
    assert shown in ["".join(text.split()) for text in texts(root)]


@needs_graphviz
@settings(max_examples=15)
@given(ANY_TEXT)
def test_any_label_in_a_page_is_text(name: str) -> None:
    x = leaf(name)
    y = x * x
    y.label = name
    with TemporaryDirectory() as folder:
        page = viz.player(y, Path(folder, "page.html"), title=name).read_text("utf-8")
    elements = Elements()
    elements.feed(page)
    assert elements.count["script"] == 2
    assert elements.count["img"] == elements.count["iframe"] == elements.count["a"] == 0
    assert elements.handlers == []
    data = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    shown = json.loads(data[1])["nodes"]["n0"][0]
    visible = with_indices(clean(name))
    assert shown == f"{visible if visible.strip() else '?' if name else 'v₁'}, input"


class Elements(HTMLParser):
    """What an HTML text consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.count = Counter[str]()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count it, and note what it would run."""
        self.count[tag] += 1
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_no_caller_can_name_a_font_a_colour_or_an_address() -> None:
    for function in (viz.draw, viz.network, viz.player):
        names = " ".join(inspect.signature(function).parameters)
        assert not re.search("font|colou?r|url|href|link|style|attr", names)


# ------------------------------------------------------------------------------ always the same


DRAW = """
import viz
from autograd_mini import Value, dot, tanh
x, w = Value(0.5, label="x"), Value(-2.0, label="w_1")
y = tanh(dot([w, x], [x, 3.0])) * x
y.backward()
for options in ({"title": "Twice"}, {"grouped": True}, {"path": (x, y)}, {"detail": "layers"}):
    picture = viz.draw([y, w * x], roles={x: "target"}, **options)
    print(picture.source, picture.svg())
"""


@needs_graphviz
def test_the_same_graph_gives_the_same_bytes_in_every_process() -> None:
    root = Path(__file__).parents[2]
    drawn = {
        subprocess.run(
            [sys.executable, "-c", DRAW],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(drawn) == 1
