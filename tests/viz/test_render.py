"""DOT is drawn by what the machine has, and a failure is one clear sentence."""

import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from viz import render as render_module
from viz.palette import FONT
from viz.render import rasterize, render

SOURCE = 'digraph { a [label="α"]; a -> b }'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
SIGNATURES = {"svg": b"<?xml", "png": b"\x89PNG\r\n", "pdf": b"%PDF-"}

scripts = pytest.mark.skipif(sys.platform == "win32", reason="a script is no program on Windows")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no program to draw with and no module; the folder where it looks for some."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setitem(sys.modules, "cairosvg", None)
    return tmp_path


def install(folder: Path, name: str, script: str) -> None:
    """A program that first reads its input and then runs a script of Python."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport sys\ntext = sys.stdin.read()\n{script}\n")
    path.chmod(0o755)


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs the dot program")
@pytest.mark.parametrize("kind", SIGNATURES)
def test_dot_draws(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    assert render(SOURCE, kind).startswith(SIGNATURES[kind])


@pytest.mark.parametrize("kind", SIGNATURES)
def test_pygraphviz_draws_where_there_is_no_dot(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("pygraphviz")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert render(SOURCE, kind).startswith(SIGNATURES[kind])


def test_without_a_renderer_the_error_says_how_to_get_one(bare: Path) -> None:
    with pytest.raises(ImportError, match=r"install its `dot` program.*pip install pygraphviz"):
        render(SOURCE, "svg")


@scripts
def test_dot_comes_first(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", ModuleType("pygraphviz"))
    install(bare, "dot", "print(sys.argv[1:], text)")
    assert render("digraph {}", "svg").decode() == "['-Tsvg'] digraph {}\n"


@scripts
def test_a_png_is_white_and_fine_enough_to_print(bare: Path) -> None:
    install(bare, "dot", "print(sys.argv[1:])")
    assert render(SOURCE, "png").decode() == "['-Tpng', '-Gbgcolor=white', '-Gdpi=192']\n"


@scripts
def test_a_program_that_fails_is_quoted(bare: Path) -> None:
    install(bare, "dot", "sys.exit('no layout engine')")
    with pytest.raises(RuntimeError, match="dot could not draw the picture: no layout engine"):
        render(SOURCE, "svg")


@scripts
def test_a_program_that_takes_too_long_is_ended(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(bare, "dot", "import time; time.sleep(60)")
    monkeypatch.setattr(render_module, "TIME_LIMIT", 0.2)
    with pytest.raises(TimeoutError, match=r"did not finish within 0\.2 seconds: draw a smaller"):
        render(SOURCE, "svg")


def test_pygraphviz_that_takes_too_long_is_ended(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "pygraphviz.py").write_text("import time\ndef AGraph(string): time.sleep(60)\n")
    monkeypatch.delitem(sys.modules, "pygraphviz")
    monkeypatch.setattr(sys, "path", [str(bare), *sys.path])
    monkeypatch.setattr(render_module, "TIME_LIMIT", 0.5)
    with pytest.raises(TimeoutError, match=r"pygraphviz did not finish within 0\.5 seconds"):
        render(SOURCE, "svg")
    monkeypatch.delitem(sys.modules, "pygraphviz")


@pytest.mark.parametrize("renderer", ["dot", "pygraphviz"])
def test_a_text_that_is_not_dot_is_refused(
    renderer: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if renderer == "pygraphviz":
        pytest.importorskip("pygraphviz")
        monkeypatch.setenv("PATH", str(tmp_path))
    elif shutil.which("dot") is None:
        pytest.skip("needs the dot program")
    with pytest.raises(RuntimeError, match="could not draw the picture"):
        render("/etc/hosts", "svg")


def test_without_a_converter_the_error_says_how_to_get_one(bare: Path) -> None:
    with pytest.raises(ImportError, match=r"PNG needs `rsvg-convert` or `pip install cairosvg`"):
        rasterize(SVG, "png")


@scripts
def test_a_converter_program_is_given_the_svg(bare: Path) -> None:
    install(bare, "rsvg-convert", "print(sys.argv[1:], text)")
    assert rasterize(SVG, "pdf").decode() == (
        f"['--format=pdf', '--zoom=2', '--background-color=white'] {SVG}\n"
    )


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_cairosvg_converts_where_there_is_no_program(
    kind: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cairosvg: Any = ModuleType("cairosvg")
    cairosvg.svg2png = lambda bytestring, **_: b"png of " + bytestring
    cairosvg.svg2pdf = lambda bytestring, **_: b"pdf of " + bytestring
    monkeypatch.setitem(sys.modules, "cairosvg", cairosvg)
    given = SVG.replace("/>", f' font-family="{FONT}"/>')
    written = SVG.replace("/>", ' font-family="DejaVu Sans"/>')  # which has every sign
    assert rasterize(given, kind) == f"{kind} of {written}".encode()
