"""The documents of examples/derivations: true as they stand, false once slips are planted."""

from pathlib import Path

import pytest

from autograd_mini.derivation import check
from autograd_mini.derivation.reading.document import read_document

FOLDER = Path(__file__).parents[2] / "examples" / "derivations"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".md", ".tex"))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_of_the_examples_is_true(name: str) -> None:
    report = check(FOLDER / name, FOLDER / f"{Path(name).stem}.py")
    assert report.count("false") == 0, str(report)
    assert report.count("true") >= 10
    assert all("to be solved" in f.reason for f in report.of("unchecked")), str(report)


PLANTED = [
    # a missing prime
    ("two_layers.md", r"u_j \tanh'(z_j)", r"u_j \tanh(z_j)"),
    ("recurrent.md", r"V^T \delta_2 \odot \tanh'(a_1)", r"V^T \delta_2 \odot \tanh(a_1)"),
    ("affine_layer.tex", r"\diag(g'(\vs))\, \nabla", r"\diag(g(\vs))\, \nabla"),
    ("logistic_regression.tex", r"$\sigma'(u) =", r"$\sigma(u) ="),
    # a wrong index
    ("two_layers.md", r"\, v_{i2} \right)", r"\, v_{2i} \right)"),
    ("affine_layer.tex", r"\delta_{ij}\, x_k", r"\delta_{ij}\, x_j"),
    ("affine_layer.tex", r"\delta_i A_{ik}", r"\delta_i A_{ki}"),
    ("softmax.md", r"\delta_{ki} - p_i .", r"\delta_{ki} - p_k ."),
    ("batch_loss.md", r"r^{(i)} x^{(i)}_j", r"r^{(i)} x^{(j)}_i"),
    ("recurrent.md", r"= \sum_{t=1}^{2} \delta_t h_{t-1}^T", r"= \sum_{t=1}^{2} \delta_t h_{t}^T"),
    ("batch_normalisation.tex", r"\hat{x}_i \sum_{j=1}", r"\hat{x}_1 \sum_{j=1}"),
    # a lost 1/n or 2
    ("batch_loss.md", r"{\nabla_w \mathcal{L} = \frac{2}{N}", r"{\nabla_w \mathcal{L} = 2"),
    ("batch_loss.md", r"\frac2N \sum_i r", r"\sum_i r"),
    ("batch_normalisation.tex", r"= \frac{2}{m}(x_i", r"= 2 (x_i"),
    ("two_layers.md", r"\ell = \frac12 (", r"\ell = ("),
    # a sign
    ("softmax.md", r"p_i \sum_k t_k - t_i", r"p_i \sum_k t_k + t_i"),
    ("softmax.md", "L = p - t", "L = t - p"),
    ("logistic_regression.tex", r"X^\top (\pi - y)", r"X^\top (y - \pi)"),
    ("logistic_regression.tex", r"+ \frac{1 - y^{(i)}}{1", r"- \frac{1 - y^{(i)}}{1"),
    ("batch_normalisation.tex", r"= -\frac{1}{2} (v", r"= \frac{1}{2} (v"),
    # a missing or extra transpose
    ("affine_layer.tex", r"A^{\top} \vd", r"A \vd"),
    ("affine_layer.tex", r"\vd\, \vx^\top", r"\vd\, \vx"),
    ("recurrent.md", r"= V^T \delta_2 \\", r"= V \delta_2 \\"),
    ("softmax.md", r"- p p^\top", r"- p^\top p"),
    ("logistic_regression.tex", r"X^\top S X", r"X S X^\top"),
    # the derivative taken at the activation in place of the pre-activation
    ("two_layers.md", r"u_1 \tanh'(z_1)", r"u_1 \tanh'(h_1)"),
    ("recurrent.md", r"(h_2 - g) \odot \tanh'(a_2)", r"(h_2 - g) \odot \tanh'(h_2)"),
    ("affine_layer.tex", r"\odot g'(\vs)", r"\odot g'(\va)"),
    # a dropped term of a sum over paths
    ("two_layers.md", r"+ u_2 \tanh'(z_2)\, v_{i2}", ""),
    ("recurrent.md", r"+ \delta_2 h_1^T = \sum", r"= \sum"),
    (
        "batch_normalisation.tex",
        r"- \sum_{j=1}^{m} \frac{\partial \ell}{\partial y_j}" + "\n",
        "\n",
    ),
    ("softmax.md", r"+ \sum_{k \neq i} t_k p_i", ""),
    ("batch_loss.md", r"+ \lambda w}", "}"),
]


@pytest.mark.parametrize(("name", "right", "wrong"), PLANTED)
def test_a_planted_slip_is_found_on_its_line(name: str, right: str, wrong: str) -> None:
    document = read_document(FOLDER / name)
    assert document.text.count(right) == 1
    line, _ = document.place(document.text.index(right))
    report = check(document.text.replace(right, wrong), FOLDER / f"{Path(name).stem}.py")
    found = report.of("false")
    assert found, str(report)
    assert all(abs(f.line - line) <= 6 for f in found), str(report)
