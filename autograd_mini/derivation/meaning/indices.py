"""Indices: letters, numbers and such as t − 1, read off subscripts and superscripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd_mini.derivation.reading.tokens import Token
from autograd_mini.derivation.reading.vocabulary import GREEK

__all__ = ["TRANSPOSITIONS", "Index", "is_letter", "read_index", "read_indices"]


@dataclass(frozen=True, slots=True)
class Index:
    """An index: a letter, a number, or such as t − 1.

    Attributes:
        letters: each letter with its factor, in alphabetical order.
        offset: what is added.

    >>> str(Index((("t", 1),), -1))
    't-1'
    """

    letters: tuple[tuple[str, int], ...]
    offset: int = 0

    @property
    def letter(self) -> str:
        """The letter of an index that is one, else ""."""
        plain = len(self.letters) == 1 and self.letters[0][1] == 1 and self.offset == 0
        return self.letters[0][0] if plain else ""

    def __str__(self) -> str:
        parts = "".join(
            ("+" if k > 0 else "-") + ("" if abs(k) == 1 else str(abs(k))) + letter
            for letter, k in self.letters
        )
        offset = f"{self.offset:+d}" if self.offset or not parts else ""
        return (parts + offset).removeprefix("+")


def read_index(tokens: Sequence[Token]) -> Index | None:
    """The tokens as one index, None if they are none."""
    letters: dict[str, int] = {}
    offset, sign, digits, pending = 0, 1, "", False
    for token in [*tokens, None]:
        if token is not None and token.kind == "NUMBER":
            digits += token.text
            continue
        if token is not None and token.kind == "NAME" and is_letter(token.text):
            letters[token.text] = letters.get(token.text, 0) + sign * int(digits or 1)
            digits, pending, sign = "", False, 1
            if token.text in letters and letters[token.text] == 0:
                del letters[token.text]

            continue
        if digits:
            offset += sign * int(digits)
            digits, pending, sign = "", False, 1
        if token is None:
            break
        if token.kind in ("PLUS", "MINUS"):
            if pending:
                return None
            sign, pending = (1 if token.kind == "PLUS" else -1), True
        elif token.kind not in ("LBRACE", "RBRACE"):
            return None
    if pending or not tokens:
        return None
    if sum(t.kind == "NAME" for t in tokens) > 1 and not any(
        t.kind in ("PLUS", "MINUS") for t in tokens
    ):
        return None
    return Index(tuple(sorted(letters.items())), offset)


def read_indices(tokens: Sequence[Token]) -> tuple[Index, ...] | None:
    """Several indices, with or without commas: `ij`, `1,2`, `i,j+1`; None if there are others."""
    parts = _split(tokens)
    if len(parts) == 1:
        single = read_index(tokens)
        if single is not None and not (len(tokens) > 1 and all(t.kind == "NUMBER" for t in tokens)):
            return (single,)
        each = [read_index([token]) for token in tokens]
        if all(index is not None for index in each):
            return tuple(index for index in each if index is not None)
        return (single,) if single is not None else None
    indices = [read_index(part) for part in parts]
    if any(index is None for index in indices):
        return None
    return tuple(index for index in indices if index is not None)


TRANSPOSITIONS = frozenset(["T", "\\top", "\\intercal", "\\mathsf", "\\tran", "\\transpose"])


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "COMMA":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def is_letter(text: str) -> bool:
    """Whether a name can be an index: a letter, with or without primes."""
    return len(text.rstrip("'")) == 1 or text in GREEK
