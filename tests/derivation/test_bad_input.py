"""What cannot be read is said in a sentence, with its place, and nothing crashes or hangs."""

import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_mini import Value
from autograd_mini.derivation import Notation, check, entries, load_notation


def model(rng: Random, n: int) -> dict[str, Any]:
    x = [Value(rng.gauss()) for _ in range(n)]
    return {"n": n, "x": x, "x_i": entries(x), "y": x[0] * x[0], r"\hat{y}": x[1]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("$$y = x_1^2", "$$ is opened here and closed nowhere"),
        (r"\begin{align} y = 1", r"\begin{align} is opened here and closed nowhere"),
        ("$y = {x_1$", "a brace is opened here and closed nowhere"),
        ("$y = x_1}$", "a brace is closed here that was not opened"),
        (r"$y = \frac{1}$", r"\frac lacks an argument"),
        ("$y = (x_1$", "the expression ends too early"),
        ("$y = x_1)$", "`)` is not expected here"),
        ("$y = {}$", "the relation has no right side"),
        ("$= x_1$", "the relation has no left side"),
        (r"$y = \haty$", r"`\haty` is not in the notation; the nearest that is known is `\hat{y}`"),
        ("$y = x_{17}$", "has no index 17"),
        ("$y = \\frac{\\partial x}{\\partial 3}$", "it is not a symbol that the derivative"),
        ("$y = " + "{" * 5000 + "x_1" + "}" * 5000 + "^2$", "nested more than"),
        ("$y = " + "(" * 5000 + "x_1" + ")" * 5000 + "$", "nested more than"),
        ("$y = " + r"\sqrt" * 5000 + "x_1$", "nested too deeply"),
        ("$y = " + r"\sin" * 5000 + " x_1$", "nested too deeply"),
        (r"\newcommand{\a}{\a\a} $y = \a$", "grows without end"),
        (r"$y = \int_0^1 x_1$", "is not in the notation"),
        (r"$y = \frac{\partial^{99} y}{\partial x_1^{99}}$", "such a high order"),
        (r"$\sum_{i=1}^{1.5} x_i = y$", "a bound of this sum is no whole number"),
        (r"$y \approx x_1$", "is no equation"),
        ("$y = x_1 ( . 5 )$", "`.` is not understood here"),
        ("$y = " + "+".join(["x_1"] * 20_000) + "$", "is too long to be read"),
        (r"$y = x_{\cdot 1}$", "a row or column"),
    ],
)
def test_what_is_not_understood_is_unchecked_with_a_reason(text: str, reason: str) -> None:
    report = check(text + "\n", model)
    assert reason in " ".join(f.reason for f in report.of("unchecked")), str(report)
    assert report.count("true") == report.count("false") == 0


def test_an_unknown_symbol_is_placed() -> None:
    (finding,) = check("one\n\ntwo $y = q_1 x_1$\n", model).findings
    assert finding.line == 3
    assert "(line 3, column 10)" in finding.reason


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none\.md"):
        check(tmp_path / "none.md", model)
    with pytest.raises(ValueError, match="is a folder"):
        check(tmp_path, model)
    (tmp_path / "bytes.md").write_bytes(b"a\n\xff\xfe")
    with pytest.raises(ValueError, match=r"is not UTF-8 text \(line 2, byte 2\)"):
        check(tmp_path / "bytes.md", model)


def test_a_notation_that_raises_is_named() -> None:
    def broken(rng: Random) -> dict[str, Any]:
        raise ZeroDivisionError("division by zero")

    with pytest.raises(RuntimeError, match=r"broken\(rng\) .* raised ZeroDivisionError: division"):
        check("$y = 1$", broken)


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        ({"x y = 2": 1.0}, "is no symbol"),
        ({"x": "abc"}, "not str 'abc'"),
        ({"x": [[1.0], [1.0, 2.0]]}, "rows of a matrix differ in length"),
        ({"x": entries([[1.0]])}, "has the letters none for 2 indices"),
    ],
)
def test_a_notation_with_a_bad_symbol_is_refused(symbols: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        check("$y = 1$", lambda rng: symbols)


def test_what_is_no_notation_is_refused() -> None:
    wrong: Any = None
    with pytest.raises(TypeError, match="a notation is not None: give a Notation, a function"):
        load_notation(wrong)


def test_a_notation_file_must_define_one(tmp_path: Path) -> None:
    path = tmp_path / "notation.py"
    for source, message in (("x = 1", "defines no notation"), ("1/0", "raised ZeroDivisionError")):
        path.write_text(source)
        with pytest.raises(ValueError, match=message):
            load_notation(path)
    with pytest.raises(FileNotFoundError, match="no notation file"):
        load_notation(tmp_path / "other.py")
    with pytest.raises(ValueError, match='use "denominator"'):
        Notation(layout="rows")  # type: ignore[arg-type]


def test_a_claim_that_takes_too_long_is_given_up() -> None:
    started = time.monotonic()
    report = check(r"$\sum_{i=1}^{999999999} i = y$", model, time_limit=0.2)
    assert "takes more than 0.2 seconds" in report.findings[0].reason
    assert time.monotonic() - started < 20


@pytest.mark.slow
def test_a_document_of_five_megabytes_is_read() -> None:
    line = "Some words without mathematics, and a price of $5 or 6% of it.\n"
    report = check(line * 80_000 + "$y = x_1^2$\n", model)
    assert report.summary() == "1 claim: 1 true, 0 false, 0 unchecked"
    assert report.findings[0].line == 80_001


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([
            "x", "y", "x_1", "_", "^", "{", "}", "(", ")", "=", "+", "-", r"\frac", r"\partial",
            "&", r"\\", r"\sum_i", r"\hat", r"\begin{bmatrix}", r"\end{bmatrix}", ",", "'",
            r"\left(", r"\right)", "|", "[", "]", r"\text{if }", r"\quad", "2", r"\sqrt", "/",
            r"\dots", ":=", "<", r"\nabla", "d", r"\cdot", r"\log", "%", ".", r"\max",
            r"\begin{cases}", "i", "n", r"\odot",
        ]),
        max_size=14,
    )
)  # fmt: skip
def test_no_sequence_of_tokens_makes_the_checker_crash(tokens: list[str]) -> None:
    report = check("$$" + " ".join(tokens) + "$$\n", model, points=1, time_limit=2.0)
    for finding in report.findings:
        assert finding.reason or finding.verdict != "unchecked"
