"""A picture is saved whole or not at all, and shows itself without ever raising."""

import sys
from pathlib import Path
from typing import Any

import pytest

import viz
from autograd_mini import Value
from viz import picture as picture_module

DOT = viz.draw(Value(2.0, label="x") * 3.0)
DRAWING = viz.Drawing("a drawing", "<svg/>\n")
PICTURES = pytest.mark.parametrize("picture", [DOT, DRAWING], ids=["graph", "drawing"])


@pytest.fixture
def fake_renderers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renderers that take no time and no program."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    monkeypatch.setattr(picture_module, "render", lambda _, kind: svg if kind == "svg" else b"%")
    monkeypatch.setattr(picture_module, "rasterize", lambda _, kind: b"%")


@pytest.mark.usefixtures("fake_renderers")
@PICTURES
@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".PNG"])
def test_the_ending_says_what_is_written(picture: Any, suffix: str, tmp_path: Path) -> None:
    path = picture.save(str(tmp_path / f"a{suffix}"))
    assert path == tmp_path / f"a{suffix}"
    content = path.read_bytes()
    assert content == (picture.svg().encode() if suffix == ".svg" else b"%")
    assert list(tmp_path.iterdir()) == [path]


def test_the_dot_text_can_be_saved_without_a_renderer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    assert DOT.save(tmp_path / "a.dot").read_text(encoding="utf-8") == DOT.source


@PICTURES
@pytest.mark.parametrize("name", ["a.jpg", "a", "svg", ".svg"])
def test_an_unknown_ending_is_refused(picture: Any, name: str, tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"does not say which kind of file .*: end it in \.svg, \.png"
    ):
        picture.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@PICTURES
def test_a_folder_that_is_not_there_is_named(picture: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"the folder '.*deep' does not exist: make it"):
        picture.save(tmp_path / "deep" / "a.svg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("fake_renderers")
def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(OSError, match=r"a\.svg"):
        DOT.save(tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.svg"]


def test_a_picture_that_cannot_be_drawn_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.svg").write_text("old")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(ImportError, match="needs Graphviz"):
        DOT.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text() == "old"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_saved_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    assert DOT.save(tmp_path / "a.dot").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.usefixtures("fake_renderers")
@PICTURES
def test_a_notebook_is_given_svg_and_plain_text(picture: Any) -> None:
    bundle = picture._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"image/svg+xml": picture.svg(), "text/plain": repr(picture)}


@pytest.mark.parametrize("error", [ImportError("no dot"), TimeoutError("late"), KeyError("odd")])
def test_a_notebook_is_given_the_dot_text_where_drawing_fails(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_source: str, _kind: str) -> bytes:
        raise error

    monkeypatch.setattr(picture_module, "render", fail)
    assert DOT._repr_mimebundle_() == {"text/plain": f"// {error}\n{DOT.source}"}


@PICTURES
def test_a_repr_is_one_short_line(picture: Any) -> None:
    assert repr(picture) in ("<picture: the computation graph of u₁>", "<picture: a drawing>")
