"""A notation to start from: the symbols of a document, as a Python file to fill in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from .document import Document
from .resolve import ARRAY_FUNCTIONS, CONSTANTS
from .tokens import SyntaxProblem, Token, find_macros, tokenize
from .vocabulary import FUNCTIONS

__all__ = ["notation_for", "symbols_in"]


def symbols_in(document: Document) -> dict[str, tuple[int, int]]:
    """Every symbol of a document as it is written, with how often and on which line first."""
    macros = find_macros(document.text)
    counts: Counter[str] = Counter()
    lines: dict[str, int] = {}
    for segment in document.segments:
        try:
            tokens = tokenize(document.text[segment.start : segment.end], segment.start, macros)
        except SyntaxProblem:
            continue
        for i, token in enumerate(_worded(tokens)):
            if token.kind != "NAME" or token.style == "text" or token.text in CONSTANTS:
                continue
            if token.text in FUNCTIONS or token.text in ARRAY_FUNCTIONS or token.text == "d":
                continue
            name = _spelled(_worded(tokens), i)
            counts[name] += 1
            lines.setdefault(name, document.place(token.at)[0])
    return {name: (count, lines[name]) for name, count in sorted(counts.items())}


def notation_for(document: Document) -> str:
    """A Python file with the symbols of a document, ready to be filled in."""
    symbols = symbols_in(document)
    lines = []
    for name, (count, line) in symbols.items():
        times = f"{count} times, first on line {line}" if count > 1 else f"line {line}"
        quoted = f'r"{name}"' if "\\" in name else f'"{name}"'
        lines.append(f"        # {quoted}: ...,  # {times}")
    body = "\n".join(lines) or "        # no symbols were found"
    return _TEMPLATE.format(name=document.name, body=body)


_TEMPLATE = '''"""What the symbols of {name} stand for."""

from random import Random
from typing import Any

from autograd_mini import Value
from autograd_mini.derivation import Notation, entries

notation = Notation(layout="denominator", first_index=1)


@notation.scope
def model(rng: Random, n: int) -> dict[str, Any]:
    """The model at a random point: n is a size; take as many sizes as there are, by any name."""
    x = [Value(rng.gauss()) for _ in range(n)]
    return {{
        # A number, a Value, a list (a column), a list of rows, a function, or entries(…) for a
        # symbol with indices, such as "x_i": entries(x). Fill in what stands below:
        "n": n,
        "x": x,
{body}
    }}
'''


def _worded(tokens: list[Token]) -> list[Token]:
    """The tokens with four letters or more in a row taken as a word, as target is one."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        end = i
        while end < len(tokens) and tokens[end].kind == "NAME" and len(tokens[end].text) == 1 and (
            end == i or tokens[end].at == tokens[end - 1].end
        ):  # fmt: skip
            end += 1
        if end - i >= 4:
            word = "".join(t.text for t in tokens[i:end])
            out.append(replace(tokens[i], text=word, end=tokens[end - 1].end))
            i = end
        else:
            out.append(tokens[i])
            i += 1
    return out


def _spelled(tokens: list[Token], i: int) -> str:
    """The symbol with its scripts; the digits of a subscript are indices, and written alike."""
    text = tokens[i].text
    if tokens[i].style == "bold":
        text = rf"\mathbf{{{text}}}"
    elif tokens[i].style == "cal":
        text = rf"\mathcal{{{text}}}"
    for token in tokens[i + 1 :]:
        if token.kind not in ("SUB", "SUP"):
            break
        inner = _source(token.inner)
        if (token.kind == "SUP" and inner in ("2", "T", "-1", "\\top", "*")) or not inner:
            continue
        if token.kind == "SUB" and inner.isdigit():
            inner = "ijk"[: len(inner)]
        text += f"{token.text}{{{inner}}}" if len(inner) > 1 else f"{token.text}{inner}"
    return text


def _source(tokens: tuple[Token, ...]) -> str:
    return "".join(t.text + (f"{{{_source(t.inner)}}}" if t.inner else "") for t in tokens)
