"""Tokens: the words of LaTeX mathematics, each with its place in the document."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from . import vocabulary as words

__all__ = ["DEEPEST", "SyntaxProblem", "Token", "raw_tokens"]

DEEPEST = 60  # levels of braces and parentheses


class SyntaxProblem(Exception):  # noqa: N818  # a finding about a document, reported with its place
    """Mathematics that cannot be read, and where."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    r"""A word of the language.

    Attributes:
        kind: what it is, as the grammar names it.
        text: what it says, free of style: `\hat{y}`, `x`, `2`, `\cdot`.
        at: where in the document it begins.
        end: where it ends.
        style: "bold", "cal" or "bb" for a letter that is set so.
        inner: the content of a script, or the parts of a command with arguments.
    """

    kind: str
    text: str
    at: int
    end: int
    style: str = ""
    inner: tuple[Token, ...] = ()


def raw_tokens(text: str, offset: int) -> list[Token]:
    """Commands, digits and characters, comments and spaces gone, Unicode signs as LaTeX."""
    tokens: list[Token] = []
    for match in _RAW.finditer(text):
        kind = match.lastgroup or ""
        if kind in ("comment", "space"):
            continue
        found = match.group()
        if kind == "command" and found[1] == " ":
            continue
        if found in words.UNICODE:
            at, end = match.start() + offset, match.end() + offset
            parts = raw_tokens(words.UNICODE[found], 0)
            tokens.extend(replace(part, at=at, end=end) for part in parts)
            continue
        if kind == "command" and found.endswith("*") and found[:-1] not in words.STARRED:
            at = match.start() + offset
            tokens.append(Token("command", found[:-1], at, match.end() + offset - 1))
            tokens.append(Token("char", "*", match.end() + offset - 1, match.end() + offset))
            continue
        tokens.append(Token(kind, found, match.start() + offset, match.end() + offset))
    return tokens


_RAW = re.compile(
    r"(?P<comment>(?<!\\)%[^\n]*\n?)|(?P<space>\s+)|(?P<command>\\(?:[a-zA-Z]+\*?|.))"
    r"|(?P<dots>\.\.\.)|(?P<digit>\d)|(?P<define>:=|::=)|(?P<char>.)",
    re.DOTALL,
)
