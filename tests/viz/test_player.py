"""The page that plays both passes, played in a browser."""

import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import viz
from autograd_mini import Value, dot, maximum, sigmoid
from viz.label import number

HOSTILE = "</script><img src=x onerror=\"document.title='taken'\">"


def leaf(label: str, data: float) -> Value:
    return Value(data, label=label)


def network() -> tuple[Value, list[Value]]:
    """The squared error of a 2-1 network whose input is also used afterwards, and its leaves."""
    x, y = leaf("x_1", 0.35), leaf("x_2", 0.9)
    w, v, b = leaf("w_1", -0.8), leaf("w_2", 0.5), leaf("b", 0.1)
    target = leaf("target", 1.0)
    loss = (target - sigmoid(dot([w, v], [x, y], b)) * x) ** 2
    loss.label = "L"
    return loss, [x, y, w, v, b, target]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return viz.player(network()[0], tmp_path / "page.html")


def shown(browser: Any) -> dict[str, str]:
    """The gradient on every card that has one, by the name on the card."""
    cards: list[list[str]] = browser.run(
        "[...document.querySelectorAll('#graph .node')].map("
        "node => [...node.querySelectorAll('text')].map(text => text.textContent))"
    )
    return {
        lines[0]: lines[2].removeprefix("∇ ") for lines in cards if len(lines) == 3 and lines[2]
    }


def told(browser: Any) -> str:
    text: str = browser.run("document.getElementById('told').innerText")
    return text


def place(browser: Any) -> int:
    return int(browser.run("document.getElementById('slider').value"))


# ------------------------------------------------------------------------------ in a browser


def test_at_the_end_the_page_shows_the_gradients_of_backward(browser: Any, page: Path) -> None:
    loss, leaves = network()
    loss.backward()
    browser.open(page)
    assert shown(browser) == {}
    for _ in range(100):
        browser.press("ArrowRight")
    found = shown(browser)
    assert {name: found[name] for name in ("x₁", "x₂", "w₁", "w₂", "b", "target")} == {
        name: number(value.grad)
        for name, value in zip(("x₁", "x₂", "w₁", "w₂", "b", "target"), leaves, strict=True)
    }
    assert len(found) == 11
    at_the_end = place(browser)
    browser.press("Home")
    assert (place(browser), shown(browser)) == (0, {})
    browser.press("End")
    assert (place(browser), shown(browser)) == (at_the_end, found)


def test_arrows_go_one_step_each_way(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    assert place(browser) == 2
    browser.press("Home", "ArrowLeft")
    assert place(browser) == 0


def test_each_step_back_states_the_chain_rule_in_symbols_and_numbers(
    browser: Any, page: Path
) -> None:
    browser.open(page)
    browser.press("End", "Home")
    steps = []
    for _ in range(int(browser.run("document.getElementById('slider').max"))):
        browser.press("ArrowRight")
        steps.append(told(browser))
    assert "Back from L to u₄" in steps[5 + 1]
    assert "∂L/∂u₄ = 2 · u₄ = 1.603" in steps[6]
    assert "∂L/∂u₃ = ∂u₄/∂u₃ · ∂L/∂u₄" in steps[8]
    assert "= (−1) · 1.603 = −1.6030" in steps[8]
    sums = [step for step in steps if "x₁ is used 2 times" in step]
    assert len(sums) == 2
    assert "∂L/∂x₁ += " in sums[0]
    assert re.search(r"sum of the first 2: \S+ \+ \S+ = \S+$", sums[1].strip())


def test_space_plays_and_pauses(browser: Any, page: Path) -> None:
    browser.open(page)
    play = "document.getElementById('play').textContent"
    browser.press(" ")
    assert browser.run(play) == "Pause"
    assert browser.run("document.getElementById('told').getAttribute('aria-live')") == "off"
    browser.press(" ")
    assert browser.run(play) == "Play"
    assert browser.run("document.getElementById('told').getAttribute('aria-live')") == "polite"


def test_playing_goes_on_to_the_end_and_stops_there(browser: Any, page: Path) -> None:
    clock = "window.setInterval = (tick) => { window.tick = tick; return 1 }"
    added = browser.send("Page.addScriptToEvaluateOnNewDocument", source=clock)
    browser.open(page)
    browser.send("Page.removeScriptToEvaluateOnNewDocument", **added)
    browser.press("End", "ArrowLeft", "ArrowLeft", " ")
    places, labels = [], []
    for _ in range(2):
        browser.run("tick()")
        places.append(place(browser))
        labels.append(browser.run("document.getElementById('play').textContent"))
    last = int(browser.run("document.getElementById('slider').max"))
    assert places == [last - 1, last]
    assert labels == ["Pause", "Play"]
    browser.press(" ")
    assert place(browser) == 0


def test_every_button_works_with_the_mouse(browser: Any, page: Path) -> None:
    browser.open(page)
    found = []
    for name in ("next", "next", "back", "last", "first"):
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            browser.mouse(kind, f"#{name}")
        found.append(place(browser))
    assert found[:3] == [1, 2, 1]
    assert found[3] == int(browser.run("document.getElementById('slider').max"))
    assert found[4] == 0


def test_the_slider_can_be_dragged(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.mouse("mousePressed", "#slider", at=0.02)
    browser.mouse("mouseMoved", "#slider", at=0.98, held=True)
    browser.mouse("mouseReleased", "#slider", at=0.98)
    last = int(browser.run("document.getElementById('slider').max"))
    assert place(browser) == last
    spoken = browser.run("document.getElementById('slider').getAttribute('aria-valuetext')")
    assert spoken.startswith(f"Step {last} of {last} · backward: Back from")


def test_pointing_at_a_node_tells_its_local_derivatives(browser: Any, page: Path) -> None:
    browser.open(page)
    hovered = "document.getElementById('hovered').innerText"
    assert browser.run(hovered) == "Nothing is pointed at."
    name = browser.run("[...document.querySelectorAll('#graph .node')].at(-1).id")
    browser.mouse("mouseMoved", f"#{name}")
    assert "L = u₄^2" in browser.run(hovered)
    assert "∂L/∂u₄ = 2 · u₄" in browser.run(hovered)
    assert "∇" not in browser.run(hovered)
    browser.press("End")
    assert browser.run(hovered).endswith("∇ 1")


def test_the_keyboard_alone_reaches_every_control_and_node(browser: Any, page: Path) -> None:
    browser.open(page)
    reached = []
    for _ in range(16):
        browser.press("Tab")
        reached.append(browser.run("document.activeElement.id"))
    nodes = browser.run("[...document.querySelectorAll('#graph .node')].map(node => node.id)")
    assert reached[:4] == ["play", "next", "last", "slider"]  # at the start there is no way back
    assert [i for i in reached if i in nodes] == nodes
    assert browser.run("document.getElementById('hovered').innerText") != "Nothing is pointed at."


def test_a_focused_button_is_clicked_by_space_once(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.press("Tab", "Tab")
    assert browser.run("document.activeElement.id") == "next"
    browser.press(" ")
    assert place(browser) == 1
    assert browser.run("document.getElementById('play').textContent") == "Play"


@pytest.mark.parametrize("width", [320, 1000])
def test_nothing_but_the_graph_needs_scrolling_sideways(
    browser: Any, page: Path, width: int
) -> None:
    browser.open(page, width=width)
    browser.press("End")
    root = "document.documentElement"
    assert browser.run(f"{root}.scrollWidth") <= browser.run(f"{root}.clientWidth") <= width


def test_what_happens_is_in_sight_on_a_narrow_screen(browser: Any, page: Path) -> None:
    browser.open(page, width=320)
    inside = (
        "(() => { const outer = document.getElementById('graph').getBoundingClientRect();"
        " const inner = document.querySelector('.node.active').getBoundingClientRect();"
        " return inner.left >= outer.left - 1 && inner.right <= outer.right + 1 })()"
    )
    for _ in range(int(browser.run("document.getElementById('slider').max"))):
        browser.press("ArrowRight")
        assert browser.run(inside)


def test_light_and_dark_have_their_own_colours(browser: Any, page: Path) -> None:
    def colours() -> list[str]:
        found: list[str] = browser.run(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body)"
            ".color, getComputedStyle(document.querySelector('.node text')).fill,"
            " getComputedStyle(document.querySelector('.node.input path')).fill]"
        )
        return found

    browser.open(page)
    light = colours()
    browser.open(page, dark=True)
    dark = colours()
    assert light == [
        "rgb(255, 255, 255)",
        "rgb(15, 23, 42)",
        "rgb(15, 23, 42)",
        "rgb(219, 234, 254)",
    ]
    assert dark == [
        "rgb(15, 23, 42)",
        "rgb(241, 245, 249)",
        "rgb(241, 245, 249)",
        "rgb(30, 58, 138)",
    ]


def test_the_page_asks_for_nothing_and_reports_nothing(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.press("End")
    asked = [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert asked == [page.as_uri()]
    assert [e for e in browser.events if e.get("method") in TROUBLE] == []


TROUBLE = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")


@pytest.mark.parametrize("label", [HOSTILE, "<!--<script>", "a & b", "$title ${x} $$"])
def test_a_hostile_label_stays_text(browser: Any, tmp_path: Path, label: str) -> None:
    x = leaf(label, 2.0)
    y = x * x
    y.label = label
    browser.open(viz.player(y, tmp_path / "page.html", title=label))
    browser.press("End", "Tab", "Tab", "Tab")
    assert browser.run("document.title") == browser.run("document.querySelector('h1').innerText")
    assert browser.run("document.title") == label
    assert browser.run("document.querySelectorAll('img').length") == 0
    assert browser.run("document.querySelectorAll('script').length") == 2
    cards = browser.run("[...document.querySelectorAll('.node text')].map(t => t.textContent)")
    assert cards[0].replace("\xa0", " ") == label
    assert label in told(browser)
    assert [e for e in browser.events if e.get("method") in TROUBLE] == []


def test_a_handler_that_got_in_all_the_same_would_not_run(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.run(
        "document.body.insertAdjacentHTML('beforeend',"
        ' \'<button id="in" onclick="document.title=1">in</button>\');'
        " document.getElementById('in').click()"
    )
    assert browser.run("document.title") == "Forward and backward to L"


# ------------------------------------------------------------------------------ as a file


def test_the_same_graph_gives_the_same_page(tmp_path: Path) -> None:
    pages = [viz.player(network()[0], tmp_path / f"{i}.html").read_bytes() for i in range(2)]
    assert pages[0] == pages[1]
    assert len(pages[0]) < 100_000


def test_a_page_can_be_made_without_the_dot_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pygraphviz")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert len(steps(viz.player(network()[0], tmp_path / "page.html"))) == 18


def test_a_page_touches_no_gradient(tmp_path: Path) -> None:
    loss, leaves = network()
    viz.player(loss, tmp_path / "page.html")
    assert [value.grad for value in [loss, *leaves]] == [0.0] * 7


def steps(page: Path) -> list[dict[str, Any]]:
    data = re.search(r'type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"))
    assert data is not None
    found: list[dict[str, Any]] = json.loads(data[1])["steps"]
    return found


def test_there_is_a_step_for_each_operation_and_for_each_edge_on_the_way_back(page: Path) -> None:
    phases = [step["phase"] for step in steps(page)]
    assert phases == ["forward"] * (1 + 5) + ["backward"] * (1 + 11)


def test_an_operand_that_was_passed_over_is_said_to_receive_nothing(tmp_path: Path) -> None:
    x, y = leaf("x", 1.0), leaf("y", math.inf)
    last = steps(viz.player(maximum(x, y), tmp_path / "page.html"))
    assert ["u₁ passed x over: nothing flows back to it"] in [step["lines"] for step in last]


def test_nothing_comes_to_what_is_behind_an_operand_that_was_passed_over(tmp_path: Path) -> None:
    x, y = leaf("x", 0.0), leaf("y", 2.0)
    z = maximum(x.log(), y)  # the slope of the logarithm is infinite there
    *_, before, last = steps(viz.player(z, tmp_path / "page.html"))
    assert before["title"] == "Back from u₂ to y"
    assert (last["title"], last["lines"]) == ("Nothing flows back to the other", ["∂u₂/∂x = 0"])
    assert (last["nodes"], last["gradient"]) == (["n0"], "∇ 0")


def test_a_graph_that_is_too_long_to_follow_is_refused(tmp_path: Path) -> None:
    x = leaf("x", 1.0)
    for _ in range(150):
        x = x + 1.0
    with pytest.raises(ValueError, match="plays 151 nodes cannot be followed: play a graph of at"):
        viz.player(x, tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["page.svg", "page", "html"])
def test_a_page_ends_in_html(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"does not say which kind of file .*: end it in \.html"):
        viz.player(leaf("x", 1.0), tmp_path / name)


@pytest.mark.parametrize("given", [3.0, [Value(1.0)], None, "x"])
def test_what_is_no_value_is_not_played(tmp_path: Path, given: Any) -> None:
    with pytest.raises(TypeError, match="plays the passes of one Value, not of"):
        viz.player(given, tmp_path / "page.html")


def test_the_script_is_correct_javascript() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs the program node: install the package nodejs")
    script = Path(viz.__file__).parent / "player.js"
    checked = subprocess.run([node, "--check", script], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr.decode()
