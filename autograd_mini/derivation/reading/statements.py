"""From mathematics in a text to claims: chains cut at their relations, conditions told apart.

It says what is claimed and under what conditions; whether it holds is for the checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .conditions import REASONS, condition_in, is_inequality
from .document import Document, Segment
from .latex import tokenize
from .lines import Piece, joined, outer, pieces, rows, trimmed, unwrapped
from .macros import Macro
from .phrases import (
    ASIDE,
    DEFINES,
    FOLLOWS,
    GOALS,
    IMPLIED,
    SENTENCE_END,
    WORDED,
    last_words,
)  # fmt: skip
from .tokens import SyntaxProblem, Token

__all__ = ["Reader", "Statement"]


@dataclass(eq=False)
class Statement:
    """One step of a chain, `left relation right`, or mathematics that could not be cut into steps.

    Attributes:
        at: where the relation stands.
        start: where the left side begins.
        end: where the right side ends.
        relation: "=", ":=", "≡".
        left: its left side.
        right: its right side.
        segment: the piece of mathematics it is part of.
        first: whether it begins its chain.
        conditions: conditions on indices that it is under.
        assumptions: equations that it is under, such as those after "if".
        is_condition: whether it is no claim but says where claims hold.
        defines: whether the words before it introduce a definition.
        reason: why it cannot be checked, "" if nothing speaks against it.
    """

    at: int
    start: int
    end: int
    relation: str
    left: list[Token]
    right: list[Token]
    segment: Segment | None
    first: bool = True
    conditions: list[list[Token]] = field(default_factory=list)
    assumptions: list[list[Token]] = field(default_factory=list)
    is_condition: bool = False
    defines: bool = False
    reason: str = ""


class Reader:
    """Reads the statements of a document, piece by piece.

    Args:
        document: the document.
        macros: its commands and those of the notation.
    """

    def __init__(self, document: Document, macros: dict[str, Macro]) -> None:
        self.document = document
        self.macros = macros
        self.tail: list[Token] = []  # the last side of the last chain
        self.sentence: list[Statement] = []  # the statements since the last full stop
        self.pending: list[list[Token]] = []  # conditions that the sentence opened with
        self.assumed: list[list[Token]] = []  # assumptions that it opened with
        self.listed: list[Statement] = []  # conditions of the piece that is read
        self.words = ""  # those of the sentence so far

    def read(self, segment: Segment, is_symbol: Callable[[str], bool]) -> list[Statement]:
        """The statements of a piece of mathematics.

        Args:
            segment: the piece.
            is_symbol: whether a letter is a symbol of the notation, rather than an index.
        """
        before = segment.before
        if SENTENCE_END.search(before):
            self.sentence, self.pending, self.assumed, self.words = [], [], [], ""
        self.listed = []
        cue = last_words(before)
        self.words = last_words(f"{self.words} {before}")
        try:
            text = self.document.text[segment.start : segment.end]
            tokens = tokenize(text, segment.start, self.macros)
            lines = rows(tokens)
        except SyntaxProblem as problem:
            at = problem.at if problem.at >= 0 else segment.start
            return [self._unread(segment, at, problem.message)]
        except RecursionError:
            return [self._unread(segment, segment.start, "it is nested too deeply")]
        tokens = [token for line in lines for token in line]
        found: list[Statement] = []
        if not tokens:
            return []
        is_expression = not any(t.kind in ("RELATION", "OTHER", "TEXT") for t in tokens)
        if is_expression and segment.display and self.tail and IMPLIED.search(self.words):
            self._step(found, segment, tokens[0], "=", self.tail, trimmed(tokens), first=True)
            self.tail = trimmed(tokens)
            self.sentence += found
            return found
        for row in joined(lines):
            self._row(row, segment, cue, is_symbol, found)
        self.sentence += [s for s in found if s not in self.sentence]
        after = WORDED.match(segment.after)
        if after and found:
            for statement in found:
                statement.conditions.append(tokenize(after[1], segment.end + after.start(1)))
        for statement in found:
            statement.conditions += [c for c in self.pending if c not in statement.conditions]
            statement.assumptions += [a for a in self.assumed if a not in statement.assumptions]
            _aim(statement, segment, cue)
        return found + self.listed

    def _row(
        self, row: list[Token], segment: Segment, cue: str,
        is_symbol: Callable[[str], bool], found: list[Statement],
    ) -> None:  # fmt: skip
        mine: list[Statement] = []
        loose = False  # something without a relation that a comma follows: part of a list
        range_open = False
        for number, piece in enumerate(pieces(row)):
            words = piece.cue or (cue if number == 0 and not found else "")
            relations, others = piece.relations(), piece.others()
            tokens = unwrapped(piece.tokens)
            if tokens is not piece.tokens:
                piece = Piece(tokens, piece.separator, piece.cue)  # noqa: PLW2901
                relations, others = piece.relations(), piece.others()
            if not relations and not others:
                if range_open:  # i = 1, …, n
                    self.listed[-1].end = piece.tokens[-1].end
                elif piece.tokens and piece.separator in ("", "COMMA"):
                    loose = loose or number == 0
                continue
            condition = condition_in(piece, words, is_symbol, first=number == 0, follows=bool(mine))
            if condition:
                range_open = True
                self._list(tokens, segment, REASONS[condition])
                follows = not segment.display and FOLLOWS.match(segment.before) is not None
                targets = mine or (self.sentence if follows else [])
                if condition == "index":
                    for statement in targets:
                        statement.conditions.append(tokens)
                    if not targets:
                        self.pending.append(tokens)
                elif condition == "assumption":
                    for statement in targets:
                        statement.assumptions.append(tokens)
                    if not targets:
                        self.assumed.append(tokens)
                continue
            range_open = False
            if not relations:
                sign = piece.tokens[others[0]]
                if sign.text in ("\\approx", "\\simeq", "\\propto", "\\cong"):
                    left, right = piece.tokens[: others[0]], piece.tokens[others[0] + 1 :]
                    self._step(mine, segment, sign, sign.text, left, right, first=True)
                    mine[-1].reason = f"`{sign.text}` is no equation"
                else:
                    self._inequality(sign, piece.tokens, segment)
                continue
            tail = self.tail
            self._chain(piece, segment, words, mine, loose=loose and piece.separator == "COMMA")
            if tail and mine and ASIDE.match(piece.cue):
                self.tail = tail  # "= b since c = d": the next line goes on from b
        found += mine

    def _chain(
        self, piece: Piece, segment: Segment, cue: str, out: list[Statement], *, loose: bool
    ) -> None:
        """The steps of a = b = c."""
        tokens = trimmed(piece.tokens)
        cuts = [i for i in piece.relations() if i < len(tokens)]
        belongs = [i for i in piece.others() if tokens[i : i + 1] and tokens[i].text == "\\in"]
        if cuts and belongs == piece.others() and len(belongs) == 1 and belongs[0] > cuts[-1]:
            tokens = tokens[: belongs[0]]  # A = X, which is in some space
        left = tokens[: cuts[0]] if cuts else tokens
        first = True
        if not left:
            if not self.tail:
                at = tokens[0].at
                out.append(self._unread(segment, at, "the relation has no left side"))
                return
            left, first = self.tail, False
        for cut, following in zip(cuts, [*cuts[1:], len(tokens)], strict=True):
            right = tokens[cut + 1 : following]
            relation = tokens[cut]
            self._step(out, segment, relation, relation.text, left, right, first=first)
            step = out[-1]
            step.defines = DEFINES.search(cue or self.words) is not None
            others = [t for _, t in outer([*left, *right], ("OTHER", "FORALL"))]
            if loose:
                step.reason = "a list on the left of a relation is not understood"
            elif others:
                step.reason = f"`{others[0].text}` in a chain of equations is not tested"
            elif not right:
                step.reason = "the relation has no right side"
            left, first = right, False
        self.tail = left

    def _step(
        self, out: list[Statement], segment: Segment, sign: Token, text: str,
        left: list[Token], right: list[Token], *, first: bool,
    ) -> None:  # fmt: skip
        relation = _RELATIONS.get(text, text)
        start = left[0].at if left and left[0].at >= segment.start else sign.at
        end = right[-1].end if right else sign.end
        out.append(
            Statement(sign.at, min(start, sign.at), end, relation, left, right, segment, first)
        )

    def _list(self, tokens: Sequence[Token], segment: Segment, reason: str) -> None:
        """Note a condition, so that it is listed."""
        at, end = tokens[0].at, max(t.end for t in tokens)
        self.listed.append(
            Statement(at, at, end, "", [], [], segment, is_condition=True, reason=reason)
        )

    def _inequality(self, sign: Token, tokens: list[Token], segment: Segment) -> None:
        """List an inequality: one between symbols says what they are, another is a claim."""
        if is_inequality(sign, tokens):
            self._list(tokens, segment, "an inequality is not tested")
            self.listed[-1].is_condition = False
        else:
            self._list(tokens, segment, REASONS["remark"])

    def _unread(self, segment: Segment | None, at: int, reason: str) -> Statement:
        end = segment.end if segment else at
        start = segment.start if segment else at
        return Statement(at, start, end, "", [], [], segment, reason=reason)


_RELATIONS = {
    "=": "=", ":=": ":=", "\\equiv": "≡", "\\triangleq": ":=", "\\doteq": ":=",
    "\\gets": ":=", "\\leftarrow": ":=", "\\coloneq": ":=",
}  # fmt: skip


def _aim(statement: Statement, segment: Segment, cue: str) -> None:
    """An equation that is to be solved rather than one that holds."""
    is_zero = len(statement.right) == 1 and statement.right[0].text == "0"
    after = segment.after[:40].split(".")[0]
    if is_zero and not statement.reason and (
        GOALS.search(cue) or re.match(r"\s*(?:to be solved|at the (?:min|max|opt))", after)
    ):  # fmt: skip
        statement.reason = "an equation to be solved, not one that holds everywhere"
