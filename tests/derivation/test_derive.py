"""Derivations written out, and read back."""

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd_mini import Value, dot, sigmoid
from autograd_mini.derivation import (
    Derivation,
    check,
    dense_layer,
    derive,
    elementwise_layer,
    load_notation,
)


def two_two_one() -> tuple[Value, list[Value]]:
    w = {
        (k, i, j): Value(0.3 * k + 0.1 * i - 0.2 * j, label=f"w^{{{k}}}_{{{i}{j}}}")
        for k, i, j in ((1, 1, 1), (1, 1, 2), (1, 2, 1), (1, 2, 2), (2, 1, 1), (2, 2, 1))
    }
    o = {(1, i): Value(0.7 * i - 1.0, label=f"O^{{1}}_{{{i}}}") for i in (1, 2)}
    for layer, width in ((2, 2), (3, 1)):
        for j in range(1, width + 1):
            pre = dot([w[layer - 1, i, j] for i in (1, 2)], [o[layer - 1, i] for i in (1, 2)])
            pre.label = f"I_{{O^{{{layer}}}_{{{j}}}}}"
            o[layer, j] = sigmoid(pre)
            o[layer, j].label = f"O^{{{layer}}}_{{{j}}}"
    return o[3, 1], list(w.values())


def test_the_paths_of_the_small_network_are_the_formulas_of_the_notes() -> None:
    output, weights = two_two_one()
    assert derive(output, weights).text().splitlines() == [
        "∂O³₁/∂w¹₁₁ = w²₁₁ · O¹₁ · σ′(I_{O²₁}) · σ′(I_{O³₁})",
        "∂O³₁/∂w¹₁₂ = w²₂₁ · O¹₁ · σ′(I_{O²₂}) · σ′(I_{O³₁})",
        "∂O³₁/∂w¹₂₁ = w²₁₁ · O¹₂ · σ′(I_{O²₁}) · σ′(I_{O³₁})",
        "∂O³₁/∂w¹₂₂ = w²₂₁ · O¹₂ · σ′(I_{O²₂}) · σ′(I_{O³₁})",
        "∂O³₁/∂w²₁₁ = O²₁ · σ′(I_{O³₁})",
        "∂O³₁/∂w²₂₁ = O²₂ · σ′(I_{O³₁})",
    ]


def test_what_is_written_about_the_small_network_holds_in_the_notation_of_the_notes() -> None:
    output, weights = two_two_one()
    report = check(derive(output, weights).markdown(), "two_two_one")
    assert report.summary() == "6 claims: 6 true, 0 false, 0 unchecked"


def test_several_paths_are_added() -> None:
    x = Value(0.5, label="x")
    a, b = x.sin(), x * x
    a.label, b.label = "a", "b"
    y = a * b
    y.label = "y"
    assert derive(y, x).text() == "∂y/∂x = b · cos(x) + a · x + a · x"


def test_backprop_has_one_line_for_each_node_and_adds_the_uses() -> None:
    x = Value(0.5, label="x")
    a = x.sin()
    a.label = "a"
    y = a * x
    y.label = "y"
    assert derive(y, x, form="backprop").text().splitlines() == [
        "δ_y = ∂y/∂y = 1",
        "δ_a = ∂y/∂a = δ_y · x",
        "δ_x = ∂y/∂x = δ_y · a + δ_a · cos(x)",
    ]


def test_numbers_are_put_in_and_lead_to_the_value() -> None:
    w, x = Value(2.0, label="w"), Value(-0.5, label="x")
    y = w * x
    y.label = "y"
    assert derive(y, w).text(numbers=True) == "∂y/∂w = x = (-0.5) = -0.5"
    assert derive(y, w).latex(numbers=True).splitlines()[1] == (
        r"\frac{\partial y}{\partial w} &= x = \left(-0.5\right) = -0.5"
    )


def test_a_graph_of_many_paths_is_written_node_by_node() -> None:
    x = y = Value(0.3, label="x")
    for _ in range(40):
        y = y * y + y
    derivation = derive(y, x)
    assert derivation.form == "backprop"
    assert len(derivation.steps) < 250


def test_what_does_not_depend_on_a_value_has_derivative_zero() -> None:
    x, y = Value(1.0, label="x"), Value(2.0, label="y")
    z = x * x
    z.label = "z"
    assert derive(z, y).text() == "∂z/∂y = 0"


def test_labels_in_unicode_and_words_become_latex() -> None:
    theta, target = Value(1.0, label="θ₁"), Value(2.0, label="target")
    z = theta * target
    z.label = "z"
    assert derive(z, theta).latex().splitlines()[1] == (
        r"\frac{\partial z}{\partial \theta_{1}} &= \text{target}"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.0, Value(1.0)), "not float 1.0"),
        ((Value(1.0), []), "give one Value or several"),
        ((Value(1.0), [2.0]), "not float 2.0"),
    ],
)
def test_what_is_no_value_is_refused(arguments: tuple[object, object], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        derive(*arguments)  # type: ignore[arg-type]


def random_graph(seed: int) -> tuple[Value, list[Value]]:
    """A labelled graph of a few operations on two or three leaves, none of them degenerate."""
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(0.4, 1.6), label=name) for name in "xyw"[: rng.choice((2, 3))]]
    nodes = list(leaves)
    for number in range(rng.randint(2, 6)):
        a, b = rng.choice(nodes), rng.choice(nodes)
        operations: list[Callable[[Value, Value], Value]] = [
            lambda a, b: a * b, lambda a, b: a + b, lambda a, b: a - 2.0 * b,
            lambda a, b: a / (b * b + 1.0),
            lambda a, b: a.sin(), lambda a, b: a.tanh(), lambda a, b: a.sigmoid(),
            lambda a, b: (0.3 * a).exp(), lambda a, b: a**2, lambda a, b: dot([a, 0.5], [b, b]),
        ]  # fmt: skip
        node = rng.choice(operations)(a, b)
        if rng.random() < 0.7:
            node.label = f"h_{{{number}}}"
        nodes.append(node)
    output = nodes[-1] * leaves[0] + leaves[1]
    output.label = "L"
    return output, leaves


def written(seed: int) -> Derivation:
    output, leaves = random_graph(seed)
    return derive(output, leaves, form="backprop" if seed % 2 else None)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
@example(425)  # more than nine results without a label
def test_what_is_written_about_a_random_graph_is_read_back_as_true(seed: int) -> None:
    derivation = written(seed)
    report = check(derivation.markdown(), derivation.notation(), points=2)
    assert report.findings
    assert report.count("true") == len(report.findings), derivation.latex() + "\n" + str(report)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_one_edit_of_what_is_written_is_noticed(seed: int, rng: random.Random) -> None:
    derivation = written(seed)
    text = derivation.markdown()
    tokens = list(re.finditer(r"(?<=&= )[^\\&]*?([xyw+-])|\\(?:sin|cos|tanh)\b", text))
    if not tokens:
        return
    token = rng.choice(tokens)
    place = token.end() - 1 if token[1] else token.start()
    swaps = {"x": "y", "y": "x", "w": "x", "+": "-", "-": "+"}
    edited = (
        text[:place] + swaps[token[1]] + text[place + 1 :]
        if token[1]
        else text[:place] + r"\exp" + text[token.end() :]
    )
    before = check(text, derivation.notation(), points=2)
    report = check(edited, derivation.notation(), points=2)
    if report.count("true") == before.count("true"):  # then the edit must be an identity
        again = check(edited, derivation.notation(), points=20, seed=99)
        assert again.count("true") == before.count("true")
    else:
        assert report.count("true") < before.count("true")


def layer() -> tuple[list[Value], list[list[Value]], list[Value], list[Value]]:
    x, b = [Value(1.0), Value(2.0), Value(-1.0)], [Value(0.1), Value(0.2)]
    w = [[Value(0.3 * i - j) for j in range(3)] for i in range(2)]
    return [dot(row, x, bias) for row, bias in zip(w, b, strict=True)], w, x, b


def test_a_dense_layer_is_collected_into_matrices_that_hold() -> None:
    outputs, w, x, b = layer()
    text = dense_layer(outputs, w, x, b)
    assert check(f"$${text}$$", load_notation("dense_layers")).count("true") == 3


def test_a_layer_that_is_wired_otherwise_is_not_collected() -> None:
    outputs, w, x, b = layer()
    with pytest.raises(ValueError, match=r"output 0 is not dot\(weights\[0\], inputs"):
        dense_layer(outputs, w[::-1], x, b)
    with pytest.raises(ValueError, match="one function of each input"):
        elementwise_layer([v.tanh() for v in x], x[::-1])


def test_a_negative_number_has_one_pair_of_parentheses() -> None:
    x = Value(-2.0, label="x")
    y = x.sigmoid()
    y.label = "y"
    assert derive(y, x).text(numbers=True).endswith("σ′(x) = σ′(-2) = 0.104994")
    assert r"\sigma'(-2)" in derive(y, x).latex(numbers=True)
