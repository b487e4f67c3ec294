"""What is understood of mathematics as people write it, one construct at a time."""

from random import Random
from typing import Any

import pytest

from autograd_mini import Value, dot, log, sigmoid
from autograd_mini.derivation import Notation, check, entries

notation = Notation()


@notation.scope
def model(rng: Random, n: int) -> dict[str, Any]:
    x, w = ([Value(rng.gauss()) for _ in range(n)] for _ in range(2))
    b, y = Value(rng.gauss()), Value(rng.random())
    z = dot(w, x, b)
    a = sigmoid(z)
    loss = -(y * log(a) + (1 - y) * log(1 - a))
    matrix = [[Value(rng.gauss()) for _ in range(n)] for _ in range(n)]
    form = dot(x, [dot(row, x) for row in matrix])
    return {
        "n": n, "x": x, "w": w, "b": b, "y": y, "z": z, "a": a, "L": loss, "A": matrix, "f": form,
        r"\sigma": sigmoid, r"\varphi": Value(rng.gauss()), "h_t": entries({0: b, 1: z, 2: a}),
    }  # fmt: skip


TRUE = [
    r"$\frac{\mathrm{d}a}{\mathrm{d}z} = a(1-a)$.",
    r"$\frac{da}{dz}=\sigma(z)(1-\sigma(z))$,",
    r"$\partial L / \partial w_i = (a-y) x_i$",
    r"$dz/dw_1 = x_1$",
    r"$\nabla_w L = (a - y)\, x$",
    r"$\frac{\partial L}{\partial \mathbf{w}} = (a-y)\mathbf{x}$",
    r"$\frac{\partial}{\partial w_i} \sigma(w^T x + b) = \sigma'(z) x_i$",
    r"$\frac{\partial}{\partial w_i}\left( z^2 \right) = 2 z x_i$",
    r"$\partial_{w_i} z = x_i$",
    r"$\nabla_x f = (A + A^\top) x$",
    r"$\sin\varphi \cos\varphi = \frac12 \sin 2\varphi$",
    r"$\sin^2\varphi + \cos^2\varphi = 1$",
    r"$\frac{\partial^2 L}{\partial w \partial w^T} = a(1-a) x x^T$",
    r"$\frac{\partial^2 L}{\partial w_i \partial w_j} = a(1-a)x_i x_j$",
    r"$\frac{\partial^2 L}{\partial z^2} = a(1-a)$",
    r"$z=w_1 x_1 + w_2 x_2 + \cdots + w_n x_n + b$",
    r"$z = w \cdot x + b$",
    r"$z = \langle w, x\rangle + b$",
    r"$\ln e^{z} = z$",
    r"$\tanh'(u) = 1 - \tanh^2(u)$",
    r"$\frac{\partial \|x\|^2}{\partial x} = 2x$",
    r"$\frac{\partial |b|}{\partial b} = \operatorname{sign}(b)$",
    r"$\operatorname{tr}(A x x^\top) = f$",
    r"$\max(0, z) = \tfrac{z + |z|}{2}$",
    r"$\max_i x_i = \max(x)$",
    r"$\begin{pmatrix} x_1 \\ \vdots \\ x_n \end{pmatrix} = x$",
    r"$\nabla_w z = [x_1, \dots, x_n]^\top$",
    r"$\frac{\partial x_i}{\partial x_j} = \mathbf{1}_{i=j}$",
    r"$\frac{\partial x_i}{\partial x_j} = 0 \quad (i \neq j)$",
    r"$\frac{\partial x_i}{\partial x_j} = 0$ for $i \neq j$",
    r"For $i \neq j$ we have $\frac{\partial x_i}{\partial x_j} = 0$",
    r"$\frac{\partial f}{\partial x_k} = \sum_{j} A_{kj} x_j + \sum_i A_{ik} x_i$",
    r"$\sum_{i \neq j} x_i x_j = \Bigl(\sum_i x_i\Bigr)^2 - \sum_i x_i^2$",
    r"$h_{t-1} = h_t + h_{t-1} - h_t$",
    r"$x \otimes w = x w^T$",
    r"$\sqrt[3]{e^{3b}} = e^b$",
    r"$\exp(z) \exp(-z) = 1$",
    r"$\boxed{\Large \text{so } z = w^{\mathsf T} x + b}$",
    r"$\frac{\partial x^T A x}{\partial A} = x x^T$",
    r"$\prod_{i=1}^{2} h_i = h_1 h_2$",
    r"$\frac{\partial a}{\partial w^T} = a(1-a)\, x^T$",
    r"$\frac{\partial Ax}{\partial x^T} = A$",
    r"Let $p = \sigma(z)$; then $\frac{\partial L}{\partial p} = \frac{p - y}{p(1-p)}$",
]
TRUE += [
    # L(w) is L, which is made from w, under a function too
    r"$\exp(-\log a(w)) = a^{-1}$",
    r"$z = w^T x + b \in \mathbb{R}$",
    r"$\nabla L(w) = (a - y) x$ and $L(w) = L$",
    # n is a size of the model, and d a differential all the same
    r"$\mathrm{d}a/\mathrm{d}z = a(1-a)$",
    # a remark beside a line is no part of the chain
    (
        r"$$\begin{aligned} z &= w^T x + b && \text{since } x^T w = w^T x \\ &= b + \sum_i w_i x_i"
        r"\end{aligned}$$"
    ),
]
FALSE = [
    r"$\frac{\partial L}{\partial w_i} = (a-y) w_i$",
    r"$\frac{\partial L}{\partial w} = (a-y) x^T$",
    r"$\frac{dL}{dz} = y - a$",
    r"$\frac{\partial L}{\partial a} = -\frac{y}{a} - \frac{1-y}{1-a}$",
    r"$\frac{\partial^2 L}{\partial z^2} = a$",
    r"$\frac{\partial f}{\partial x_k} = \sum_{j} A_{kj} x_j + \sum_i A_{ki} x_i$",
    r"$\frac{\partial x_i}{\partial x_j} = 0$",
    r"$\sin^2\varphi - \cos^2\varphi = 1$",
    r"$z=w_1 x_1 + w_2 x_2 + \cdots + w_n x_1 + b, \quad z = w_1 x_1$",
    r"$\max(0, z) = z$",
    r"Let $p = \sigma(z)$; then $\frac{\partial L}{\partial p} = p - y$",
]
UNCHECKED = [
    (r"If $y = 1$, then $L = -\log a$.", "under the condition `y = 1`"),
    (r"Set $\nabla_w L = 0$.", "to be solved"),
    (r"$\mathbb{E}[x] = 0$", "not in the notation"),
    (r"$L \approx 0$", "is no equation"),
    (r"$x, w = w, x$", "a list"),
    ("As dL/dw = 2 shows, in words.\n", "it stands in the words"),
    (r"$q = r s$", "not in the notation"),
]


@pytest.mark.parametrize("text", TRUE)
def test_a_true_line_is_read_and_holds(text: str) -> None:
    report = check(text, notation)
    assert report.count("true") >= 1, str(report)
    assert report.count("false") == report.count("unchecked") == 0, str(report)


@pytest.mark.parametrize("text", FALSE)
def test_a_false_line_is_read_and_fails(text: str) -> None:
    report = check(text, notation)
    assert report.count("false") >= 1, str(report)


@pytest.mark.parametrize(("text", "reason"), UNCHECKED)
def test_what_is_no_claim_on_every_model_is_unchecked(text: str, reason: str) -> None:
    report = check(text, notation)
    assert report.count("true") == report.count("false") == 0, str(report)
    assert reason in " ".join(f.reason for f in report.of("unchecked")), str(report)


@pytest.mark.parametrize(
    "text",
    [r"$n \geq 1$", r"$x \in \mathbb{R}^n$", r"$\alpha > 0$", r"$i = 1, \dots, n$", r"$i = k$"],
)
def test_conditions_are_listed_and_are_no_claims(text: str) -> None:
    report = check(text, notation)
    assert [f.verdict for f in report.findings] == ["condition"]
    assert report.findings[0].line == 1
    assert report.findings[0].reason
    assert report.summary() == "0 claims: 0 true, 0 false, 0 unchecked"


def test_a_name_alone_is_no_claim() -> None:
    assert check("$L$", notation).findings == ()


def test_a_definition_extends_the_notation_and_may_stand_after_its_use() -> None:
    report = check(r"$\frac{\partial q}{\partial z} = -a q$ where $q := 1 - a$.", notation)
    assert [f.verdict for f in report.findings] == ["true", "definition"]


def test_an_update_is_a_definition_and_its_next_step_a_claim() -> None:
    text = r"$$w := w - \frac12 \nabla_w L := w - \frac12 (a - y) x$$"
    assert [f.verdict for f in check(text, notation).findings] == ["definition", "true"]


def test_the_layout_is_the_notations() -> None:
    text = r"$\frac{\partial Ax}{\partial x} = A$"
    for layout, verdict in (("numerator", "true"), ("mixed", "true"), ("denominator", "false")):
        other = Notation(layout=layout, scopes=notation.scopes)  # type: ignore[arg-type]
        assert check(text, other).findings[0].verdict == verdict


def test_a_product_binds_tighter_than_the_sign_of_entrywise_products_unless_shapes_forbid() -> None:
    report = check(r"$x \odot w x^T = (x \odot w) x^T$ and $A x \odot w = (A x) \odot w$", notation)
    assert [f.verdict for f in report.findings] == ["true", "true"]
    assert "read from left to right" in report.findings[0].reason


def test_comments_and_code_are_left_alone() -> None:
    text = "$$\n% z = 1\nz = w^T x + b\n$$\n<!-- $z = 1$ -->\n`$z = 1$`\n"
    text += "```python\nz = '$z = 2$'\n```\n"
    assert check(text, notation).summary() == "1 claim: 1 true, 0 false, 0 unchecked"


def test_a_fenced_block_of_mathematics_is_read() -> None:
    assert check("```math\nz = w^T x\n```\n", notation).count("false") == 1


def test_sections_choose_their_scope() -> None:
    other = Notation(scopes=list(notation.scopes))

    @other.scope(section="Squares")
    def squares(rng: Random) -> dict[str, Any]:
        return {"z": 2.0}

    text = "# Lines\n$z = w^T x + b$\n\n## Squares\n$z = 2$\n\n# Lines again\n$z = 2$\n"
    assert [f.verdict for f in check(text, other).findings] == ["true", "true", "false"]


layered = Notation()


@layered.scope
def layers(rng: Random, n: int, k: int, o: int) -> dict[str, Any]:
    """Two layers of different widths, a sequence that begins at 0, and inputs from 1."""

    def vector(size: int) -> list[Value]:
        return [Value(rng.gauss()) for _ in range(size)]

    w = {1: [vector(n) for _ in range(k)], 2: [vector(k) for _ in range(o)]}
    a, z = {0: vector(n)}, {}
    for level in (1, 2):
        z[level] = [dot(row, a[level - 1]) for row in w[level]]
        a[level] = [sigmoid(x) for x in z[level]]
    h, x = {t: Value(rng.gauss()) for t in range(4)}, {t: Value(rng.gauss()) for t in (1, 2, 3)}
    rows = [vector(n) for _ in range(k)]
    return {
        "n": n, "k": k, "T": 3, "X": rows, "q": vector(n), "g": sigmoid, r"\sigma": sigmoid,
        "W^{[l]}": entries(w), "a^{[l]}": entries(a), "z^{[l]}": entries(z),
        "h_t": entries(h), "x_t": entries(x), "r_i": entries(rows),
        "s": sum(h[t] * x[t] for t in (1, 2, 3)), "S": h[1] + h[2] + h[3], "b": h[3] ** 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        # how far j runs depends on l
        r"$\frac{\partial a^{[l]}_j}{\partial z^{[l]}_j} = g'(z^{[l]}_j)$",
        r"$z^{[l]}_j = \sum_k W^{[l]}_{jk} a^{[l-1]}_k$",
        r"$a^{[l]} = g(W^{[l]} a^{[l-1]})$",
        # what the model has holds: the claims under it are tested
        r"If $g = \sigma$, then $g'(u) = g(u)(1 - g(u))$.",
        r"For $b = h_3^2$ we get $\frac{\partial b}{\partial h_3} = 2 h_3$.",
        # a size as an index is the size, or any index
        r"$b = h_T^2$",
        # how far a sum goes is said elsewhere
        r"$S = \sum_{t=1}^{T} h_t$ and $S = \sum_t h_t$",
        r"$s = \sum_t h_t x_t$",
        # lists in lists with one letter are vectors
        r"$\sum_i r_i = X^\top \mathbf{1}$",
        # an index as a number
        r"$x_t^t = x_t \, x_t^{t-1}$",
        # matrices
        r"$X I = X$",
        r"$X I_n = X$",
        r"$(X^\top X + I)(X^\top X + I)^{-1} = I$",
        r"$\mathbf{1}^\top q = \sum_i q_i$",
        r"$\det(X X^\top + I) = |I + X X^\top|$",
        r"$(X^\top X)^2 = X^\top X X^\top X$",
        r"$\frac{\partial \log \det(X^\top X + I)}{\partial X} = 2 X (X^\top X + I)^{-1}$",
        r"$\nabla_q \frac12 q^\top q = q$",
        r"$\nabla_q \, q^\top q = 2 q$",
        r"$q - q^\top q = q - \sum_i q_i^2 \mathbf{1}$",
        r"$\sigma'(v) = \frac{e^{-v}}{(1 + e^{-v})^2}$",
        r"$\frac{\partial b}{\partial h_3} = 2 h_3 \equiv G$ and $\frac12 G = h_3$",
    ],
)
def test_a_true_line_about_layers_and_matrices_holds(text: str) -> None:
    report = check(text, layered)
    assert report.count("true") >= 1, str(report)
    assert report.count("false") == report.count("unchecked") == 0, str(report)


@pytest.mark.parametrize(
    "text",
    [
        r"$z^{[l]}_j = \sum_k W^{[l]}_{jk} a^{[l]}_k$",
        r"$b = h_T$",
        r"$S = \sum_{t=1}^{T} h_t$ and $S = \sum_t x_t$",
        r"$(X^\top X + I)^{-1} = X^\top X + I$",
        r"$\det(X^\top X + I) = \operatorname{tr}(X^\top X)$",
        r"$\nabla_q \frac12 q^\top q = 2 q$",
        r"If $g = \sigma$, then $g'(u) = g(u)$.",
    ],
)
def test_a_false_line_about_layers_and_matrices_fails(text: str) -> None:
    assert check(text, layered).count("false") == 1, str(check(text, layered))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"If $g = \tanh$, then $g'(u) = 1 - g(u)^2$.", "which is not so in the model"),
        (r"$\left. \frac{\partial b}{\partial h_3} \right|_{h_3 = 0} = 0$", "a value at a point"),
        (r"$u = R I$", "not in the notation"),
        (r"$b = x I$", "not in the notation"),
        (r"$\sum_t h_t^2 \geq b + 1$", "an inequality is not tested"),
    ],
)
def test_what_cannot_be_tested_is_listed_with_its_reason(text: str, reason: str) -> None:
    (finding,) = check(text, layered).of("unchecked")
    assert reason in finding.reason
    assert finding.line == 1


def test_a_first_assignment_defines_and_a_second_updates() -> None:
    text = r"$$p := h_1 \quad p := p + x_1 \quad b := b - x_1 \frac{\partial b}{\partial h_3}$$"
    reasons = [(f.verdict, f.reason) for f in check(text, layered).findings]
    assert reasons == [
        ("definition", "`p` is taken as defined here"),
        ("definition", "an update"),
        ("definition", "an update"),
    ]


def test_a_condition_on_a_letter_that_a_claim_lacks_does_not_keep_it_from_being_tested() -> None:
    assert check(r"With $u = 3$ we have $z = w^T x + b$.", notation).count("true") == 1


def test_a_claim_that_is_said_again_has_its_own_place_and_the_same_verdict() -> None:
    report = check("$z = w^T x$\n\nand again\n\n$z = w^T x$", notation)
    assert [(f.verdict, f.line) for f in report.findings] == [("false", 1), ("false", 5)]
    assert report.findings[0].diagnosis == report.findings[1].diagnosis


def test_a_definition_may_need_one_that_comes_after_it() -> None:
    report = check(
        r"$r = g^2$ with $g = a - y$, so $\frac{\partial r}{\partial a} = 2 g$.", notation
    )
    assert report.summary() == "3 claims: 1 true, 0 false, 0 unchecked, 2 definitions"
