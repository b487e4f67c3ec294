"""Notes in other people's manners, with notations written from the documentation alone."""

from pathlib import Path

import pytest

from autograd_mini.derivation import check, checker
from autograd_mini.derivation.reading.document import read_document

FOLDER = Path(__file__).parent / "notes"
COUNTS = {
    "convolution.md": "7 claims: 7 true, 0 false, 0 unchecked",
    "layer_normalisation.tex": "12 claims: 11 true, 0 false, 0 unchecked, 1 definition",
    "layers.md": "15 claims: 14 true, 0 false, 0 unchecked, 1 definition",
    "least_squares.md": "16 claims: 12 true, 0 false, 1 unchecked, 3 definitions",
    "likelihood.tex": "11 claims: 9 true, 0 false, 0 unchecked, 2 definitions",
    "losses.md": "21 claims: 21 true, 0 false, 0 unchecked",
    "through_time.tex": "14 claims: 14 true, 0 false, 0 unchecked",
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_claim_of_the_notes_is_decided(name: str) -> None:
    report = check(FOLDER / name, FOLDER / f"{Path(name).stem}.py")
    assert report.summary() == COUNTS[name], str(report)
    assert all("to be solved" in f.reason for f in report.of("unchecked"))


PLANTED = [
    ("convolution.md", r"\sum_{i=0}^{n-K} g_i x_{i+k}", r"\sum_{i=0}^{n-K} g_i x_{i}"),
    ("convolution.md", r"g_i w_{j-i}", r"g_i w_{j}"),
    ("layer_normalisation.tex", r"\frac{x_j - \bar x}{d\,s} =", r"\frac{x_j - \bar x}{s} ="),
    ("layer_normalisation.tex", r"- \frac{y_i y_j}{d} \right)", r"- \frac{y_i}{d} \right)"),
    ("layer_normalisation.tex", r"I - \frac1d \mathbf{1}", r"I - \mathbf{1}"),
    ("layers.md", r"\odot g'(z^{[3]})", r"\odot g'(a^{[3]})"),
    ("layers.md", r"(W^{[l+1]})^T \delta^{[l+1]}", r"(W^{[l]})^T \delta^{[l+1]}"),
    ("layers.md", r"\delta^{[l]} (a^{[l-1]})^T$", r"\delta^{[l]} (a^{[l]})^T$"),
    ("layers.md", r"\delta_k^{[l+1]} W_{kj}^{[l+1]} g'", r"\delta_k^{[l+1]} W_{jk}^{[l+1]} g'"),
    ("layers.md", r"1 - g(z)^2", r"1 - g(z)"),
    ("least_squares.md", r"= -2X^T(y - X\beta), \q", r"= 2X^T(y - X\beta), \q"),
    ("least_squares.md", r"= 2X^TX.", r"= X^TX."),
    ("least_squares.md", r"+ 2\lambda\beta =", r"+ \lambda\beta ="),
    ("least_squares.md", r"\operatorname{tr}(P) = p$", r"\operatorname{tr}(P) = n$"),
    ("likelihood.tex", r"\frac{1}{\sqrt{2\pi\sigma^2}}", r"\frac{1}{\sqrt{2\pi}\sigma^2}"),
    (
        "likelihood.tex",
        r"\frac{n}{\sigma^2} (\bar{x} - \mu)",
        r"\frac{1}{\sigma^2} (\bar{x} - \mu)",
    ),
    ("likelihood.tex", r"\frac{1}{\sigma^6} \sum", r"\frac{2}{\sigma^6} \sum"),
    ("losses.md", r"-y & \text{if } m < 1", r"y & \text{if } m < 1"),
    ("losses.md", r"\frac{dp}{df} = p(1-p)$", r"\frac{dp}{df} = f(1-f)$"),
    ("losses.md", r"= \log(p_i/q_i) + 1$", r"= \log(p_i/q_i)$"),
    ("through_time.tex", r"\nabla_{\vh_\tau} L = V^\top", r"\nabla_{\vh_\tau} L = V"),
    ("through_time.tex", r" + V^\top (\nabla_{\mathbf{o}_t} L).", r"."),
    ("through_time.tex", r"L)\, \vh_{t-1}^\top", r"L)\, \vh_{t}^\top"),
]


@pytest.mark.parametrize(("name", "right", "wrong"), PLANTED)
def test_a_slip_in_the_notes_is_found_and_nothing_else(
    name: str, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checker, "diagnose", lambda model, claim, finding, claims: finding)
    document = read_document(FOLDER / name)
    assert document.text.count(right) == 1
    line, _ = document.place(document.text.index(right))
    report = check(document.text.replace(right, wrong), FOLDER / f"{Path(name).stem}.py")
    assert report.of("false"), str(report)
    assert all(abs(f.line - line) <= 3 for f in report.of("false")), str(report)
