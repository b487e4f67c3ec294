"""A notation to start from: the symbols of a document, as a Python file to fill in.

A superscript number counts as an index where 0 or 1 is among those of its symbol, as in w^1 and
w^2; otherwise it is a power. What the symbols stand for is for the reader to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from .meaning.indices import TRANSPOSITIONS, read_index
from .meaning.symbols import ARRAY_FUNCTIONS, CONSTANTS
from .reading.document import Document
from .reading.latex import tokenize
from .reading.macros import find_macros
from .reading.tokens import SyntaxProblem, Token
from .reading.vocabulary import FUNCTIONS

__all__ = ["notation_for", "symbols_in"]


@dataclass
class _Symbol:
    """Occurrences of a symbol that differ in their indices alone.

    Attributes:
        count: how many there are.
        line: of the first.
        letters: for each index, how often a letter stands there.
    """

    line: int
    count: int = 0
    letters: list[Counter[str]] = field(default_factory=list)


def symbols_in(document: Document) -> dict[str, tuple[int, int]]:
    """Every symbol of a document as a key, with how often it occurs and on which line first."""
    symbols, _ = _found(document)
    return {name: (symbol.count, symbol.line) for name, symbol in symbols.items()}


def notation_for(document: Document) -> str:
    """A Python file with the symbols of a document, ready to be filled in."""
    symbols, letters = _found(document)
    lines = []
    for name, symbol in symbols.items():
        often = f"{symbol.count} times, first on line {symbol.line}"
        times = often if symbol.count > 1 else f"line {symbol.line}"
        quoted = f'r"{name}"' if "\\" in name else f'"{name}"'
        lines.append(f"        # {quoted}: ...,  # {times}")
    if letters:
        lines.append(f"        # Indices, or sizes to be added: {', '.join(letters)}")
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


def _found(document: Document) -> tuple[dict[str, _Symbol], list[str]]:
    """The symbols by their keys, and the plain letters that also stand as indices."""
    macros = find_macros(document.text)
    occurrences: list[tuple[Token, list[Token]]] = []
    for segment in document.segments:
        try:
            tokens = tokenize(document.text[segment.start : segment.end], segment.start, macros)
        except SyntaxProblem:
            continue
        occurrences += _occurrences(_worded(tokens))
    layered = {
        name.text
        for name, scripts in occurrences
        for script in scripts
        if script.kind == "SUP" and _text(script.inner) in ("0", "1")
    }
    found: dict[str, _Symbol] = {}
    indices: set[str] = set()
    for name, scripts in occurrences:
        template, letters = _template(name, scripts, is_layered=name.text in layered)
        line = document.place(name.at)[0]
        symbol = found.setdefault(template, _Symbol(line, 0, [Counter() for _ in letters]))
        symbol.count += 1
        for counter, letter in zip(symbol.letters, letters, strict=True):
            counter[letter] += 1
            indices |= {letter} - {""}
    plain = sorted(template for template in found if template in indices)
    named = {_key(t, symbol): symbol for t, symbol in sorted(found.items()) if t not in plain}
    return named, plain


def _occurrences(tokens: Sequence[Token]) -> Iterable[tuple[Token, list[Token]]]:
    """Each symbol with its scripts."""
    for i, token in enumerate(tokens):
        skipped = token.style in ("text", "bb") or token.text in (*CONSTANTS, "d", *_ONES)
        if token.kind != "NAME" or skipped:
            continue
        if token.text in FUNCTIONS or token.text in ARRAY_FUNCTIONS:
            continue
        end = i + 1
        while end < len(tokens) and tokens[end].kind in ("SUB", "SUP"):
            end += 1
        yield token, list(tokens[i + 1 : end])


def _template(name: Token, scripts: Iterable[Token], *, is_layered: bool) -> tuple[str, list[str]]:
    """A symbol with a mark for each index, and the letters of the indices, "" for numbers."""
    text = name.text
    if name.style in ("bold", "cal"):
        text = rf"\math{'bf' if name.style == 'bold' else 'cal'}{{{text}}}"
    letters: list[str] = []
    for script in scripts:
        inner = [t for t in script.inner if not _is_transposition(t)]
        is_size = any(t.style == "text" or t.kind == "TIMES" for t in inner)  # of m × n
        is_power = script.kind == "SUP" and _is_power(inner, is_layered=is_layered)
        if not inner or is_size or is_power:
            continue
        marked = _marked(inner, letters)
        text += f"{script.text}{{{marked}}}" if len(marked) > 1 else f"{script.text}{marked}"
    return text, letters


def _is_transposition(token: Token) -> bool:
    if token.inner:
        return all(_is_transposition(part) for part in token.inner)
    return token.text in TRANSPOSITIONS or token.kind in ("LBRACE", "RBRACE")


def _is_power(inner: Sequence[Token], *, is_layered: bool) -> bool:
    return not is_layered and all(t.kind in _OF_NUMBERS for t in inner)


_ONES = ("\\mathbb{1}", "\\mathbf{1}")
_OF_NUMBERS = ("NUMBER", "MINUS", "PLUS", "SLASH")


def _marked(tokens: Sequence[Token], letters: list[str]) -> str:
    """A script with `#` for each index: a small letter, a number, or such as t − 1."""
    out = ""
    i = 0
    while i < len(tokens):
        token = tokens[i]
        is_small = token.kind == "NAME" and len(token.text) == 1 and token.text.islower()
        if is_small or token.kind == "NUMBER":
            sum_of = tokens[i : i + 3]
            is_sum = len(sum_of) == 3 and sum_of[1].kind in ("PLUS", "MINUS")
            if is_sum and read_index(sum_of) is not None:
                i += 2
            letters.append(token.text if is_small else "")
            out += "#"
        elif token.inner:
            out += f"{token.text}{{{_marked(token.inner, letters)}}}"
        else:
            out += token.text
        i += 1
    return out


def _key(template: str, symbol: _Symbol) -> str:
    """The template with the letter that is used most for each index."""
    first, *parts = template.split("#")
    used: list[str] = []
    for counter, part in zip(symbol.letters, parts, strict=True):
        known = [letter for letter, _ in counter.most_common() if letter and letter not in used]
        in_superscript = first.rfind("^") > first.rfind("_")
        free = [x for x in ("l" if in_superscript else "") + "ijkmn" if x not in used]
        letter = (known or free)[0]
        used.append(letter)
        first += letter + part
    return first


def _text(tokens: Iterable[Token]) -> str:
    return "".join(t.text for t in tokens)


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
