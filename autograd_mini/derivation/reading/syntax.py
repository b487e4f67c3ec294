"""The grammar at work: tokens to syntax trees, with the grammar beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Transformer
from lark import Token as LarkToken
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import Lexer

from . import trees as s
from .tokens import DEEPEST, SyntaxProblem, Token

__all__ = ["parse"]


def prepare(tokens: Sequence[Token], words: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens with numbers and words of several characters joined, and bars told apart."""
    out: list[Token] = []
    i = 0
    longest = max(map(len, words), default=0)
    while i < len(tokens):
        token = tokens[i]
        is_decimal = (
            token.kind == "PERIOD" and _digit_at(tokens, i + 1) and tokens[i + 1].at == token.end
        )
        if token.kind == "NUMBER" or is_decimal:
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
    ["PLUS", "MINUS", "TIMES", "SLASH", "HADAMARD", "OUTER", "LBRACE", "LPAR", "LBAR", "LNORM",
     "RELATION", "OTHER", "COMMA", "BIG", "AMP", "ROW", "BEGIN", "PARTIAL", "NABLA", "TEXT"]
)  # fmt: skip


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
        elif token.kind == "RBAR" and not any(t.kind == "LBAR" for t in out):
            raise SyntaxProblem("a value at a point, as in f|_{x=0}, is not understood", token.at)
        else:
            out.append(token)
    return out


def parse(tokens: Sequence[Token], words: frozenset[str] = frozenset()) -> s.Node:
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
    result: s.Node = tree
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
        terms: list[tuple[int, s.Node]] = []
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
        return s.Sum(terms[0][1].at, terms[-1][1].end, s.NONE, tuple(terms))

    def sign(self, children: list[Any]) -> int:
        return 1 if children[0].value.kind == "PLUS" else -1

    def product(self, children: list[Any]) -> Any:
        items = tuple(children)
        if len(items) == 1 and items[0][0] == "":
            return items[0][1]
        return s.Product(items[0][1].at, items[-1][1].end, s.NONE, items)

    def item(self, children: list[Any]) -> tuple[str, s.Node]:
        return "", children[0]

    def operation(self, children: list[Any]) -> tuple[str, s.Node]:
        operator, *signs, factor = children
        if signs.count(-1) % 2:
            factor = s.Sum(factor.at, factor.end, s.NONE, ((-1, factor),))
        return operator, factor

    def operator(self, children: list[Any]) -> str:
        return _OPERATORS[children[0].value.kind]

    def factor(self, children: list[Any]) -> s.Node:
        atom: s.Node = children[0]
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
        return replace(atom, end=end, scripts=s.Scripts(sub, tuple(sups), primes))

    def script(self, children: list[Any]) -> Any:
        return children[0].value

    def name(self, children: list[Any]) -> s.Node:
        token = children[0].value
        return s.Name(token.at, token.end, s.NONE, token.text, token.style)

    def number(self, children: list[Any]) -> s.Node:
        token = children[0].value
        return s.Number(token.at, token.end, s.NONE, float(token.text))

    def dots(self, children: list[Any]) -> s.Node:
        token = children[0].value
        return s.Dots(token.at, token.end, s.NONE)

    def partial(self, children: list[Any]) -> s.Node:
        token = children[0].value
        return s.Sign(token.at, token.end, s.NONE, "∂")

    def nabla(self, children: list[Any]) -> s.Node:
        token = children[0].value
        return s.Sign(token.at, token.end, s.NONE, "∇")

    def big(self, children: list[Any]) -> s.Node:
        token = children[0].value
        return s.BigSign(token.at, token.end, s.NONE, token.text)

    def braces(self, children: list[Any]) -> s.Node:
        opening, inner, closing = children
        return s.Braces(opening.value.at, closing.value.end, s.NONE, inner)

    def sequence(self, children: list[Any]) -> tuple[s.Relation, ...]:
        return tuple(child for child in children if isinstance(child, s.Relation))

    def relation(self, children: list[Any]) -> s.Relation:
        return s.Relation(tuple(children[::2]), tuple(children[1::2]))

    def comparison(self, children: list[Any]) -> str:
        text: str = children[0].value.text
        return text

    def group(self, children: list[Any]) -> s.Node:
        opening, items, closing = children
        return s.Group(opening.value.at, closing.value.end, s.NONE, items, opening.value.text)

    def bars(self, children: list[Any]) -> s.Node:
        opening, inner, closing = children
        return s.Bars(opening.value.at, closing.value.end, s.NONE, inner, norm=False)

    def norm(self, children: list[Any]) -> s.Node:
        opening, inner, closing = children
        return s.Bars(opening.value.at, closing.value.end, s.NONE, inner, norm=True)

    def fraction(self, children: list[Any]) -> s.Node:
        sign, _, top, _, _, bottom, closing = children
        return s.Fraction(sign.value.at, closing.value.end, s.NONE, top, bottom)

    def root(self, children: list[Any]) -> s.Node:
        sign, degree, _, inner, closing = children
        order = degree.value.inner if degree is not None else ()
        return s.Root(sign.value.at, closing.value.end, s.NONE, inner, order)

    def matrix(self, children: list[Any]) -> s.Node:
        opening, rows, closing = children
        return s.Matrix(opening.value.at, closing.value.end, s.NONE, rows, opening.value.text)

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
