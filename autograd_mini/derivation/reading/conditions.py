"""Conditions: what looks like a claim and says where claims hold, or what a symbol is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .lines import Piece
from .phrases import ASSUMES, LETS
from .tokens import Token

__all__ = ["REASONS", "condition_in", "is_inequality"]


def condition_in(
    piece: Piece, cue: str, is_symbol: Callable[[str], bool], *, first: bool, follows: bool
) -> str:
    """Whether a piece is no claim: "index", "assumption" or "remark"; "" if it may be one.

    Args:
        piece: the piece.
        cue: the words before it.
        is_symbol: whether a letter is a symbol of the notation, rather than an index.
        first: whether it is the first of its line.
        follows: whether statements stand before it in the line.
    """
    tokens = piece.tokens
    relations = piece.relations()
    names = [t for t in tokens if t.kind == "NAME"]
    scripted = any(t.kind in ("SUB", "SUP", "PARTIAL", "FRAC") for t in tokens)
    lone = bool(relations) and relations[0] == 1 and tokens[0].kind == "NAME"
    is_index = not scripted and all(
        len(t.text) <= 2 or t.text == "\\ell" for t in names
    ) and all(not is_symbol(t.text) for t in names)  # fmt: skip
    if piece.others() and not relations:
        signs = [tokens[i].text for i in piece.others()]
        approximate = {"\\approx", "\\simeq", "\\propto", "\\cong"}
        if approximate & set(signs):
            return ""
        if "\\in" in signs or "\\forall" in signs:
            return "remark"
        if is_index:
            return "index"
        assumed = ASSUMES.search(cue) is not None or follows
        if assumed and any(is_symbol(t.text) for t in names):
            return "assumption"
        return "remark" if assumed else ""
    if lone and (is_index or not is_symbol(tokens[0].text)) and len(tokens[0].text) == 1:
        rest = tokens[2:]
        simple = all(
            t.kind in ("NUMBER", "NAME", "DOTS", "PLUS", "MINUS", "COMMA", "LPAR", "RPAR")
            for t in rest
        )
        numeric = all(t.kind in ("NUMBER", "DOTS", "PLUS", "MINUS", "COMMA") for t in rest)
        after_text = piece.cue != "" or ASSUMES.search(cue) is not None
        plain = len(rest) == 1 and {tokens[0].text, rest[0].text} <= _INDEX_LETTERS
        if simple and is_index and (
            numeric or after_text or plain or (not first and len(rest) <= 3)
        ):  # fmt: skip
            return "index"
    if ASSUMES.search(cue):
        return "assumption"
    right = tokens[relations[-1] + 1 :] if relations else []
    is_number = right and all(t.kind in ("NUMBER", "PERIOD", "MINUS") for t in right)
    if is_number and lone and LETS.search(cue):
        return "assumption"
    return ""


def is_inequality(sign: Token, tokens: Sequence[Token]) -> bool:
    """Whether a relation claims an inequality, rather than saying of a symbol what it is."""
    worked = ("NABLA", "PARTIAL", "FRAC", "BIG", "LPAR", "PLUS")
    return sign.text in _ORDERS and any(t.kind in worked for t in tokens)


REASONS = {
    "index": "a condition on indices, not a claim",
    "assumption": "an assumption: what stands under it is tested if the model is so",
    "remark": "it says what a symbol is, not a claim",
}
_ORDERS = frozenset(
    ["<", ">", "\\le", "\\leq", "\\ge", "\\geq", "\\lt", "\\gt", "\\ll", "\\gg", "\\neq", "\\ne",
     "\\leqslant", "\\geqslant"]
)  # fmt: skip
_INDEX_LETTERS = frozenset("ijklmnpqrstKLMNT")
