"""Syntax trees of mathematics, read by the grammar beside this file.

A product is left as a flat list, because what stands in it may be a function and its argument:
that is for `resolve`, which knows the notation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Transformer
from lark import Token as LarkToken
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import Lexer

from .tokens import DEEPEST, SyntaxProblem, Token

__all__ = [
    "Bars",
    "BigSign",
    "Braces",
    "Dots",
    "Fraction",
    "Group",
    "Matrix",
    "Name",
    "Node",
    "Number",
    "Product",
    "Relation",
    "Root",
    "Scripts",
    "Sign",
    "Sum",
    "parse",
    "prepare",
]


@dataclass(frozen=True, eq=False)
class Scripts:
    """What hangs on an atom: a subscript, superscripts in order, primes."""

    sub: tuple[Token, ...] | None = None
    sups: tuple[tuple[Token, ...], ...] = ()
    primes: int = 0


NONE = Scripts()


@dataclass(frozen=True, eq=False)
class Node:
    """A piece of mathematics with its place in the document and its scripts."""

    at: int
    end: int
    scripts: Scripts


@dataclass(frozen=True, eq=False)
class Name(Node):
    """A symbol."""

    text: str
    style: str


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A number."""

    value: float


@dataclass(frozen=True, eq=False)
class Sign(Node):
    """∂ or ∇."""

    text: str


@dataclass(frozen=True, eq=False)
class BigSign(Node):
    """A sum or product sign; what it ranges over follows it in the product."""

    text: str


@dataclass(frozen=True, eq=False)
class Dots(Node):
    """An ellipsis."""


@dataclass(frozen=True, eq=False)
class Relation:
    """a = b < c, or a alone: operands and what stands between them."""

    operands: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Group(Node):
    """(a, b): what stands between parentheses or brackets."""

    items: tuple[Relation, ...]
    opening: str


@dataclass(frozen=True, eq=False)
class Braces(Node):
    """What stands in braces that carry scripts of their own."""

    inner: Node


@dataclass(frozen=True, eq=False)
class Bars(Node):
    """|a| or ‖a‖."""

    inner: Node
    norm: bool


@dataclass(frozen=True, eq=False)
class Fraction(Node):
    """A fraction, which may be a derivative."""

    top: Node
    bottom: Node


@dataclass(frozen=True, eq=False)
class Root(Node):
    """A root."""

    inner: Node
    degree: tuple[Token, ...]


@dataclass(frozen=True, eq=False)
class Matrix(Node):
    """Rows of cells, each a list of relations and words."""

    rows: tuple[tuple[tuple[Any, ...], ...], ...]
    kind: str


@dataclass(frozen=True, eq=False)
class Product(Node):
    """Factors and the signs before them: "" for juxtaposition, else · / ⊙ ⊗."""

    items: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, eq=False)
class Sum(Node):
    """Terms with their signs."""

    terms: tuple[tuple[int, Node], ...]


def prepare(tokens: Sequence[Token], words: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens with numbers and words of several characters joined, and bars told apart."""
    out: list[Token] = []
    i = 0
    longest = max(map(len, words), default=0)
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "NUMBER" or (token.kind == "PERIOD" and _digit_at(tokens, i + 1)):
            end = i + 1
            while end < len(tokens) and tokens[end].at == tokens[end - 1].end:
                kind = tokens[end].kind
                decimal = kind == "PERIOD" and _digit_at(tokens, end + 1)
                if kind != "NUMBER" and not decimal:
                    break
                end += 1
            text = "".join(t.text for t in tokens[i:end])
            if text.count(".") > 1:
                raise SyntaxProblem(f"{text} is no number", token.at)
            out.append(replace(token, kind="NUMBER", text=text, end=tokens[end - 1].end))
            i = end
            continue
        if token.kind == "NAME" and len(token.text) == 1 and longest > 1:
            width = next(
                (n for n in range(longest, 1, -1) if _word(tokens[i : i + n], n) in words), 0
            )
            if width:
                end = i + width
                text = _word(tokens[i:end], width)
                out.append(replace(token, text=text, end=tokens[end - 1].end))
                i = end
                continue
        out.append(token)
        i += 1
    return _bars(out)


def _digit_at(tokens: Sequence[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].kind == "NUMBER"


def _word(tokens: Sequence[Token], width: int) -> str:
    joined = len(tokens) == width and all(
        t.kind == "NAME" and len(t.text) == 1 and (k == 0 or t.at == tokens[k - 1].end)
        for k, t in enumerate(tokens)
    )
    return "".join(t.text for t in tokens) if joined else ""


_BEFORE_OPENING = frozenset(
    [
        "PLUS",
        "MINUS",
        "TIMES",
        "SLASH",
        "HADAMARD",
        "OUTER",
        "LBRACE",
        "LPAR",
        "LBAR",
        "LNORM",
        "RELATION",
        "OTHER",
        "COMMA",
        "BIG",
    ]
) | {"AMP", "ROW", "BEGIN", "PARTIAL", "NABLA", "TEXT"}


def _bars(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    opened: list[str] = []
    for token in tokens:
        if token.kind in ("BAR", "NORM"):
            before = out[-1].kind if out else "LPAR"
            if before in _BEFORE_OPENING or token.kind not in opened:
                opened.append(token.kind)
                out.append(replace(token, kind="L" + token.kind))
            else:
                opened.remove(token.kind)
                out.append(replace(token, kind="R" + token.kind))
        else:
            out.append(token)
    return out


def parse(tokens: Sequence[Token], words: frozenset[str] = frozenset()) -> Node:
    """The syntax tree of an expression.

    Raises:
        SyntaxProblem: if the tokens make no expression.
    """
    if not tokens:
        raise SyntaxProblem("there is nothing on one side", 0)
    prepared = prepare(tokens, words)
    depth = 0
    for token in prepared:
        depth += token.kind in _OPENING
        depth -= token.kind in _CLOSING
        if depth > DEEPEST:
            raise SyntaxProblem(f"parentheses are nested more than {DEEPEST} deep", token.at)
        if token.kind in _UNREADABLE:
            raise SyntaxProblem(f"`{token.text}` is not understood here", token.at)
    try:
        tree: Any = _parser().parse(prepared)
    except UnexpectedToken as error:
        found = error.token.value
        if isinstance(found, Token):
            raise SyntaxProblem(f"`{found.text}` is not expected here", found.at) from None
        raise SyntaxProblem("the expression ends too early", prepared[-1].end) from None
    except UnexpectedInput:
        raise SyntaxProblem("the expression is not understood", prepared[0].at) from None
    result: Node = tree
    return result


_OPENING = frozenset(["LPAR", "LBRACE", "LBAR", "LNORM", "BEGIN"])
_CLOSING = frozenset(["RPAR", "RBRACE", "RBAR", "RNORM", "END"])
_UNREADABLE = frozenset(
    ["UNKNOWN", "PERIOD", "COLON", "FORALL", "IMPLIES", "BAR", "NORM", "char", "command"]
)


class _Prepared(Lexer):
    """Hands the parser tokens that are made already."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, tokens: Any) -> Iterator[LarkToken]:  # type: ignore[override]
        for token in tokens:
            yield LarkToken(token.kind, token)


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer=_Prepared, transformer=_Build(), maybe_placeholders=True
    )


class _Build(Transformer[Any, Any]):
    """Makes nodes as the parser recognises them."""

    def start(self, children: list[Any]) -> Any:
        return children[0]

    def sum(self, children: list[Any]) -> Any:
        terms: list[tuple[int, Node]] = []
        sign = 1
        signed = False
        for child in children:
            if isinstance(child, int):
                sign *= child
                signed = True
            else:
                terms.append((sign, child))
                sign = 1
        if len(terms) == 1 and not signed:
            return terms[0][1]
        return Sum(terms[0][1].at, terms[-1][1].end, NONE, tuple(terms))

    def sign(self, children: list[Any]) -> int:
        return 1 if children[0].value.kind == "PLUS" else -1

    def product(self, children: list[Any]) -> Any:
        items = tuple(children)
        if len(items) == 1 and items[0][0] == "":
            return items[0][1]
        return Product(items[0][1].at, items[-1][1].end, NONE, items)

    def item(self, children: list[Any]) -> tuple[str, Node]:
        return "", children[0]

    def operation(self, children: list[Any]) -> tuple[str, Node]:
        operator, *signs, factor = children
        if signs.count(-1) % 2:
            factor = Sum(factor.at, factor.end, NONE, ((-1, factor),))
        return operator, factor

    def operator(self, children: list[Any]) -> str:
        return _OPERATORS[children[0].value.kind]

    def factor(self, children: list[Any]) -> Node:
        atom: Node = children[0]
        sub, sups, primes, end = None, list(atom.scripts.sups), 0, atom.end
        for token in children[1:]:
            end = token.end
            if token.kind == "SUB":
                sub = token.inner if sub is None else (*sub, *token.inner)
            elif token.kind == "SUP":
                sups.append(token.inner)
            elif token.kind == "PRIME":
                primes += 1
            else:
                raise SyntaxProblem("factorials are not understood", token.at)
        if len(children) == 1:
            return atom
        return replace(atom, end=end, scripts=Scripts(sub, tuple(sups), primes))

    def script(self, children: list[Any]) -> Any:
        return children[0].value

    def name(self, children: list[Any]) -> Node:
        token = children[0].value
        return Name(token.at, token.end, NONE, token.text, token.style)

    def number(self, children: list[Any]) -> Node:
        token = children[0].value
        return Number(token.at, token.end, NONE, float(token.text))

    def dots(self, children: list[Any]) -> Node:
        token = children[0].value
        return Dots(token.at, token.end, NONE)

    def partial(self, children: list[Any]) -> Node:
        token = children[0].value
        return Sign(token.at, token.end, NONE, "∂")

    def nabla(self, children: list[Any]) -> Node:
        token = children[0].value
        return Sign(token.at, token.end, NONE, "∇")

    def big(self, children: list[Any]) -> Node:
        token = children[0].value
        return BigSign(token.at, token.end, NONE, token.text)

    def braces(self, children: list[Any]) -> Node:
        opening, inner, closing = children
        return Braces(opening.value.at, closing.value.end, NONE, inner)

    def sequence(self, children: list[Any]) -> tuple[Relation, ...]:
        return tuple(child for child in children if isinstance(child, Relation))

    def relation(self, children: list[Any]) -> Relation:
        return Relation(tuple(children[::2]), tuple(children[1::2]))

    def comparison(self, children: list[Any]) -> str:
        text: str = children[0].value.text
        return text

    def group(self, children: list[Any]) -> Node:
        opening, items, closing = children
        return Group(opening.value.at, closing.value.end, NONE, items, opening.value.text)

    def bars(self, children: list[Any]) -> Node:
        opening, inner, closing = children
        return Bars(opening.value.at, closing.value.end, NONE, inner, norm=False)

    def norm(self, children: list[Any]) -> Node:
        opening, inner, closing = children
        return Bars(opening.value.at, closing.value.end, NONE, inner, norm=True)

    def fraction(self, children: list[Any]) -> Node:
        sign, _, top, _, _, bottom, closing = children
        return Fraction(sign.value.at, closing.value.end, NONE, top, bottom)

    def root(self, children: list[Any]) -> Node:
        sign, degree, _, inner, closing = children
        order = degree.value.inner if degree is not None else ()
        return Root(sign.value.at, closing.value.end, NONE, inner, order)

    def matrix(self, children: list[Any]) -> Node:
        opening, rows, closing = children
        return Matrix(opening.value.at, closing.value.end, NONE, rows, opening.value.text)

    def rows(self, children: list[Any]) -> tuple[Any, ...]:
        return tuple(child for child in children if isinstance(child, tuple))

    def row(self, children: list[Any]) -> tuple[Any, ...]:
        return tuple(child for child in children if isinstance(child, tuple))

    def cell(self, children: list[Any]) -> tuple[Any, ...]:
        return tuple(children)

    def aside(self, children: list[Any]) -> str:
        text: str = children[0].value.text
        return text


_OPERATORS = {"TIMES": "·", "SLASH": "/", "HADAMARD": "⊙", "OUTER": "⊗"}
