"""How operations are written: in text and LaTeX, so that nothing can be read in two ways."""

from __future__ import annotations

import itertools
import math
import random
import re
from typing import Any

import pytest

import autograd_mini
from autograd_mini import Value, functions
from autograd_mini.expression import Expression, Style, interpret, symbol, write
from autograd_mini.operations import OPERATIONS
from autograd_mini.primitive import Primitive

ROWS = tuple(OPERATIONS)
STYLES: tuple[Style, ...] = ("text", "latex")
A, B, C = SYMBOLS = (symbol("a"), symbol("b"), symbol("c"))
POINTS = ((0.3, 0.6, 0.45), (0.8, 0.2, 0.55), (1.7, 2.3, 1.1), (-0.7, 1.4, -0.2))

# Operations whose text is also Python's, once its signs are.
INFIX = ("add", "sub", "mul", "div", "neg", "pow", "sum", "dot", "mean", "identity")
CALLS = ("sin", "tanh", "sigmoid", "log", "exp", "logaddexp", "atan2", "clamp")
PYTHON = {"·": "*", "−": "-", "^": "**", "σ": "sigmoid"}


def operands_of(name: str) -> tuple[Expression, ...]:
    operation = OPERATIONS[name]
    return SYMBOLS if operation.variadic else SYMBOLS[: len(operation.rules)]


def numbers(expression: Expression) -> list[float]:
    return [interpret([expression], dict(zip(SYMBOLS, point, strict=True)))[0] for point in POINTS]


def agree(x: float, y: float) -> bool:
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(x) and math.isnan(y))


def nested(inner: str, outer: str) -> list[Expression]:
    """One operation as an operand of another, in each place."""
    within = OPERATIONS[inner](*operands_of(inner))
    found = []
    for place in range(len(operands_of(outer))):
        operands: list[Any] = list(operands_of(outer))
        operands[place] = within
        if outer == "softmax_share":  # one of the others comes first
            operands = [operands[place], *operands]
        if outer != "polygamma" or place == 1:  # whose order is a whole number
            operands[0] = 1.0 if outer == "polygamma" else operands[0]
            found.append(OPERATIONS[outer](*operands))
    return found


@pytest.mark.parametrize("style", STYLES)
def test_expressions_that_are_written_alike_are_equal(style: Style) -> None:
    written: dict[str, Expression] = {}
    names = [name for name in ROWS if name not in ("softmax_share", "polygamma")]
    for inner, outer in itertools.product(names, ROWS):
        for expression in nested(inner, outer):
            text = write(expression, style)
            first = written.setdefault(text, expression)
            if first is not expression:
                assert all(map(agree, numbers(first), numbers(expression))), text


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("style", STYLES)
def test_brackets_of_every_kind_are_closed_in_order(name: str, style: Style) -> None:
    for inner in ("add", "neg", "div", "pow", "abs", "sqrt", name):
        for expression in nested(inner, name) if inner != "softmax_share" else []:
            text = write(expression, style)
            bare = text.replace(r"\{", "").replace(r"\}", "")
            while (
                shorter := re.sub(r"\(\)|\[\]|\{\}|⌊⌋|⌈⌉", "", re.sub(r"[^()\[\]{}⌊⌋⌈⌉]", "", bare))
            ) != bare:
                bare = shorter
            assert bare == "", text
            assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
            assert "{" not in text or style == "latex"


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("style", STYLES)
def test_every_operand_is_written(name: str, style: Style) -> None:
    text = write(OPERATIONS[name](*operands_of(name)), style)
    letters = re.sub(r"\\?[a-zA-Z′_\\]{2,}", " ", text)
    assert {operand.name for operand in operands_of(name)} <= set(letters), text


@pytest.mark.parametrize("name", ROWS)
def test_no_underscore_makes_an_index_of_half_a_name(name: str) -> None:
    latex = write(OPERATIONS[name](*operands_of(name)), "latex")
    for function in re.findall(r"\\operatorname\{([^}]*)\}", latex):
        assert "_" not in function.replace(r"\_", "")


def random_expression(rng: random.Random, depth: int) -> Any:
    if depth == 0:
        return rng.choice([*SYMBOLS, 2.0, 0.5, -1.5])
    operation = OPERATIONS[rng.choice([*INFIX * 3, *CALLS])]
    width = rng.choice([1, 3]) if operation.variadic else len(operation.rules)
    return operation(*[random_expression(rng, depth - 1) for _ in range(width)])


def test_python_reads_what_is_written_as_it_was_meant() -> None:
    rng = random.Random("what is written")
    meaning = {name: OPERATIONS[name] for name in CALLS}
    read = 0
    for _ in range(1000):
        expression = random_expression(rng, rng.randint(1, 4))
        if not isinstance(expression, Expression):
            continue
        text = write(expression)
        python = text
        for sign, operator in PYTHON.items():
            python = python.replace(sign, operator)
        code = compile(python, text, "eval")
        for point, expected in zip(POINTS, numbers(expression), strict=True):
            if math.isfinite(expected) and abs(expected) < 1e6:
                names = dict(zip("abc", map(Value, point), strict=True))
                assert agree(eval(code, meaning | names).data, expected), text  # noqa: S307
                read += 1
    assert read > 1000


@pytest.mark.parametrize(
    ("expression", "text", "latex"),
    [
        (A - (B - C), "a − (b − c)", r"a - \left(b - c\right)"),
        (A - B - C, "a − b − c", "a - b - c"),
        (A / (B / C), "a / (b / c)", r"\frac{a}{\frac{b}{c}}"),
        ((A + B) * C, "(a + b) · c", r"\left(a + b\right) \, c"),
        ((A**B) ** C, "(a^b)^c", r"{\left({a}^{b}\right)}^{c}"),
        (A ** (B**C), "a^(b^c)", r"{a}^{{b}^{c}}"),
        (-(A**B), "−a^b", "-{a}^{b}"),
        ((-A) ** B, "(−a)^b", r"{\left(-a\right)}^{b}"),
        (A**-2.0, "a^(−2)", "{a}^{-2}"),
        (-2.0 * A, "(−2) · a", r"\left(-2\right) \, a"),
        (-(A + B), "−(a + b)", r"-\left(a + b\right)"),
        (A % B + C, "(a mod b) + c", r"\left(a \bmod b\right) + c"),
        (abs(A - B), "|a − b|", r"\left| a - b \right|"),
        ((A * B).sqrt() ** C, "(√(a · b))^c", r"{\left(\sqrt{a \, b}\right)}^{c}"),
        (A.exp() ** B, "(exp(a))^b", r"{\left(e^{a}\right)}^{b}"),
        (functions.sum([A, B, C]) * A, "(a + b + c) · a", r"\left(a + b + c\right) \, a"),
        (functions.mean([A, B]) / C, "(a + b) / 2 / c", r"\frac{\frac{a + b}{2}}{c}"),
        (A.sigmoid() * (1.0 - A.sigmoid()), "σ(a) · (1 − σ(a))", None),
    ],
    ids=str,
)
def test_parentheses_stand_where_they_are_needed(
    expression: Expression, text: str, latex: str | None
) -> None:
    assert write(expression) == text
    assert latex is None or write(expression, "latex") == latex


PUBLIC = [
    name
    for name in autograd_mini.__all__
    if isinstance(getattr(autograd_mini, name), Primitive) or name in functions.__all__
]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_function_says_in_a_sentence_what_it_gives(name: str) -> None:
    first = (getattr(autograd_mini, name).__doc__ or "").partition("\n")[0]
    assert first.endswith(".")
    assert first != (Primitive.__doc__ or "").partition("\n")[0]
