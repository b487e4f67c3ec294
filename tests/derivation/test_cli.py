"""The command, and the formats that it writes."""

import json
from pathlib import Path

import pytest

from autograd_mini.derivation import assert_derivation
from autograd_mini.derivation.cli import main
from autograd_mini.derivation.listing import symbols_in
from autograd_mini.derivation.reading.document import read_document

NOTATION = """
from autograd_mini import Value
from autograd_mini.derivation import Notation

notation = Notation()


@notation.scope
def model(rng):
    x = Value(rng.gauss())
    return {"x": x, "y": x * x}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notation.py").write_text(NOTATION)
    (tmp_path / "good.md").write_text("$y = x^2$\n")
    (tmp_path / "bad.md").write_text("Here\n\n$y = x^2$ and $\\frac{dy}{dx} = x$ <b>\n")
    (tmp_path / "open.md").write_text("$y = x q$\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", "good.md"], 0),
        (["check", "bad.md"], 1),
        (["check", "open.md"], 0),
        (["check", "open.md", "--strict"], 1),
        (["check", "good.md", "bad.md"], 1),
        (["check", "none.md"], 2),
        (["check", "good.md", "--points", "0"], 2),
    ],
)
def test_the_exit_status_says_what_was_found(
    folder: Path, arguments: list[str], status: int
) -> None:
    assert main([*arguments, "--notation", "notation.py"]) == status


def test_what_keeps_the_command_from_running_is_said_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "none.md", "--notation", "notation.py"]) == 2
    assert capsys.readouterr().err == "autograd-mini: there is no file none.md\n"
    assert main(["check", "good.md", "--notation", "other.py"]) == 2
    assert capsys.readouterr().err == "autograd-mini: there is no notation file other.py\n"


def written(format_: str, capsys: pytest.CaptureFixture[str]) -> str:
    main(["check", "bad.md", "--notation", "notation.py", "--format", format_])
    return capsys.readouterr().out


def test_text_has_the_place_both_values_and_the_count(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = written("text", capsys)
    assert r"bad.md:3:30: FALSE: \frac{dy}{dx} = x" in out
    assert "left is 2 times right everywhere: a factor 2" in out
    assert "2 claims: 1 true, 1 false, 0 unchecked" in out
    assert "no counterexample" in out


def test_the_table_has_the_false_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = written("table", capsys)
    assert "FALSE" in out
    assert "1 true, 1 false" in out


def test_json_has_every_claim(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(written("json", capsys))
    assert found["counts"]["false"] == 1
    assert [(c["verdict"], c["line"]) for c in found["claims"]] == [("true", 3), ("false", 3)]


def test_sarif_names_the_file_and_the_region(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(written("sarif", capsys))
    assert found["version"] == "2.1.0"
    (result,) = found["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "bad.md"
    assert place["region"]["startLine"] == 3
    assert result["level"] == "error"


def test_github_annotations_stand_on_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *_ = written("github", capsys).splitlines()
    assert first.startswith("::error file=bad.md,line=3,col=30::")


def test_the_page_marks_the_false_line_and_escapes_the_rest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = written("html", capsys)
    assert '<mark class="false"' in out
    assert "&lt;b&gt;" in out
    assert out.count("<mark") == 1


def test_a_report_can_be_written_to_a_file(folder: Path) -> None:
    main(["check", "bad.md", "--notation", "notation.py", "--format", "json", "--output", "r.json"])
    assert json.loads((folder / "r.json").read_text())["document"] == "bad.md"


def test_a_notation_is_started_from_the_symbols_of_a_document(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.md").write_text(
        "$\\delta_1 = w_{12}\\, target$ and $\\hat y = \\sin \\alpha$\n"
    )
    assert main(["notation", "notes.md"]) == 0
    out = capsys.readouterr().out
    for symbol in (r'r"\delta_i"', '"w_{ij}"', '"target"', r'r"\hat{y}"', r'r"\alpha"'):
        assert f"# {symbol}: ...," in out
    (folder / "started.py").write_text(out)
    assert main(["check", "notes.md", "--notation", "started.py"]) == 0


def test_a_graph_is_derived_from_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "graph.py").write_text(
        "from autograd_mini import Value\nx = Value(3.0)\ny = x.sin()\n"
    )
    assert main(["derive", "graph.py", "y", "x"]) == 0
    assert capsys.readouterr().out == "∂y/∂x = cos(x)\n"
    assert main(["derive", "graph.py", "y", "q"]) == 2
    assert "has no Value called 'q'" in capsys.readouterr().err


def test_the_helper_for_tests_fails_with_the_report(folder: Path) -> None:
    assert assert_derivation("good.md", "notation.py").ok
    with pytest.raises(AssertionError, match="1 claim: 0 true, 0 false, 1 unchecked"):
        assert_derivation("open.md", "notation.py", strict=True)
    with pytest.raises(AssertionError, match="FALSE"):
        assert_derivation("bad.md", "notation.py")
    (folder / "empty.md").write_text("nothing\n")
    with pytest.raises(AssertionError, match="holds no claim"):
        assert_derivation("empty.md", "notation.py")


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        (r"$\sigma^2 + \sigma^4 + x_i^2$", [r"\sigma", "x_i"]),  # powers
        (r"$O^{1}_{2} = w^{2}_{12} O^{2}_{1} w^{1}_{11}$", ["O^l_i", "w^l_{ij}"]),  # layers
        (r"$z^{[l]} = W^{[l]T} a^{[l-1]} + z^{[3]}$", ["W^{[l]}", "a^{[l]}", "z^{[l]}"]),
        (r"$h_t = h_{t-1} + h_0 + \mu_B$", [r"\mu_B", "h_t"]),
        (r"$A^{{(2)}^T} = B^{(2)T} C^{-1} D^{1/2}$", ["A^{(l)}", "B^{(l)}", "C", "D"]),
    ],
)
def test_symbols_that_differ_in_indices_alone_are_one(text: str, symbols: list[str]) -> None:
    assert list(symbols_in(read_document(text))) == symbols


def test_several_documents_make_one_json_or_sarif_and_no_page(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    several = ["check", "good.md", "bad.md", "--notation", "notation.py", "--format"]
    assert main([*several, "json"]) == 1
    names = [report["document"] for report in json.loads(capsys.readouterr().out)]
    assert names == ["good.md", "bad.md"]
    assert main([*several, "sarif"]) == 1
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert len(run["results"]) == 1
    assert main([*several, "html"]) == 2
    assert "one document at a time" in capsys.readouterr().err
