"""Lines of a display, and the pieces between the commas, words and arrows of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .tokens import Token

__all__ = ["Piece", "joined", "outer", "pieces", "rows", "trimmed", "unwrapped"]


@dataclass(eq=False)
class Piece:
    """What stands between two separators."""

    tokens: list[Token]
    separator: str  # the kind of what is before it
    cue: str  # the words before it

    def relations(self) -> list[int]:
        """Where its = stand."""
        return [i for i, _ in outer(self.tokens, ("RELATION",))]

    def others(self) -> list[int]:
        """Where other relations stand."""
        return [i for i, _ in outer(self.tokens, ("OTHER", "FORALL"))]


def rows(tokens: list[Token]) -> list[list[Token]]:
    r"""The lines of a display: cut at \\ outside of brackets and matrices, & left out."""
    rows: list[list[Token]] = [[]]
    depth = matrices = 0
    for token in tokens:
        depth += _DEPTH.get(token.kind, 0)
        matrices += {"BEGIN": 1, "END": -1}.get(token.kind, 0)
        if matrices == 0 and token.kind == "AMP":
            continue
        if matrices == 0 and token.kind == "ROW":
            if depth <= 0:
                rows.append([])
                depth = 0
            continue
        rows[-1].append(token)
    if depth > 0:  # an interval such as [0, 1) leaves a bracket open: cut at every line
        flat: list[list[Token]] = [[]]
        for token in tokens:
            matrices += {"BEGIN": 1, "END": -1}.get(token.kind, 0)
            if matrices == 0 and token.kind in ("AMP", "ROW"):
                flat += [[]] if token.kind == "ROW" else []
            else:
                flat[-1].append(token)
        rows = flat
    return [row for row in rows if row]


def joined(rows: list[list[Token]]) -> list[list[Token]]:
    """The lines, with one that continues a formula joined to the one before."""
    out: list[list[Token]] = []
    for row in rows:
        relation = any(t.kind == "RELATION" for _, t in outer(row, ("RELATION",)))
        continues = row[0].kind in _CONTINUING or (row[0].kind == "MINUS" and not relation)
        hangs = bool(out) and out[-1][-1].kind in ("MINUS", "RELATION", *_CONTINUING[:-1])
        if out and (continues or hangs):
            out[-1] += row
        else:
            out.append(list(row))
    return out


def outer(tokens: Sequence[Token], kinds: tuple[str, ...]) -> list[tuple[int, Token]]:
    """The tokens of some kinds that stand in no bracket."""
    found = []
    depth = 0
    for i, token in enumerate(tokens):
        depth += _DEPTH.get(token.kind, 0)
        if depth == 0 and token.kind in kinds:
            found.append((i, token))
    return found


def pieces(row: list[Token]) -> list[Piece]:
    """What stands between the commas, full stops, wide spaces, words and arrows of a line."""
    cuts = [i for i, _ in outer(row, ("IMPLIES", "QUAD", "COMMA", "TEXT", "PERIOD"))]
    cuts = [
        i for i in cuts
        if not (row[i].kind == "PERIOD" and i + 1 < len(row) and row[i + 1].kind == "NUMBER")
    ]  # fmt: skip
    pieces: list[Piece] = []
    start, separator, cue = 0, "", ""
    for cut in [*cuts, len(row)]:
        part = row[start:cut]
        if part:
            pieces.append(Piece(part, separator, cue))
            cue = ""
        if cut < len(row):
            token = row[cut]
            separator = token.kind
            if token.kind == "TEXT":
                cue = token.text
            elif part:
                cue = ""
        start = cut + 1
    return pieces


def unwrapped(tokens: list[Token]) -> list[Token]:
    """(i ≠ j) as i ≠ j."""
    if len(tokens) > 2 and tokens[0].kind == "LPAR" and tokens[-1].kind == "RPAR":
        inner = tokens[1:-1]
        if any(t.kind in ("OTHER", "RELATION") for t in inner) and not any(
            t.kind in ("LPAR", "RPAR") for t in inner
        ):
            return inner
    return tokens


def trimmed(tokens: list[Token]) -> list[Token]:
    """Without the punctuation at the end."""
    end = len(tokens)
    while end and tokens[end - 1].kind in ("COMMA", "PERIOD", "COLON", "QUAD"):
        end -= 1
    return tokens[:end]


_DEPTH = {"LPAR": 1, "RPAR": -1, "LBRACE": 1, "RBRACE": -1, "BEGIN": 1, "END": -1}


_CONTINUING = ("PLUS", "TIMES", "SLASH", "HADAMARD", "OUTER", "RPAR")
