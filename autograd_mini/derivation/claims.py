"""From mathematics in a text to claims: chains cut at their relations, conditions told apart.

It says what is claimed and under what conditions; whether it holds is for the checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .document import Document, Segment
from .tokens import Macro, SyntaxProblem, Token, tokenize

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
    defines: bool = False
    reason: str = ""
    chain: int = 0


@dataclass(eq=False)
class _Piece:
    """What stands between two separators."""

    tokens: list[Token]
    separator: str  # the kind of what is before it
    cue: str  # the words before it

    def relations(self) -> list[int]:
        return [i for i, _ in _outer(self.tokens, ("RELATION",))]

    def others(self) -> list[int]:
        return [i for i, _ in _outer(self.tokens, ("OTHER", "FORALL"))]


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
        self.assumption = ""
        self.chains = 0
        self.words = ""  # those of the sentence so far

    def read(self, segment: Segment, is_symbol: Callable[[str], bool]) -> list[Statement]:
        """The statements of a piece of mathematics.

        Args:
            segment: the piece.
            is_symbol: whether a letter is a symbol of the notation, rather than an index.
        """
        before = segment.before
        if _SENTENCE_END.search(before):
            self.sentence, self.pending, self.assumption, self.words = [], [], "", ""
        cue = _last_words(before)
        self.words = _last_words(f"{self.words} {before}")
        try:
            text = self.document.text[segment.start : segment.end]
            tokens = tokenize(text, segment.start, self.macros)
            rows = _rows(tokens)
        except SyntaxProblem as problem:
            at = problem.at if problem.at >= 0 else segment.start
            return [self._unread(segment, at, problem.message)]
        except RecursionError:
            return [self._unread(segment, segment.start, "it is nested too deeply")]
        tokens = [token for row in rows for token in row]
        found: list[Statement] = []
        if not tokens:
            return []
        is_expression = not any(t.kind in ("RELATION", "OTHER", "TEXT") for t in tokens)
        if is_expression and segment.display and self.tail and _IMPLIED.search(self.words):
            self._step(found, segment, tokens[0], "=", self.tail, _trimmed(tokens), first=True)
            self.tail = _trimmed(tokens)
            self.sentence += found
            return found
        for row in _joined(rows):
            self._row(row, segment, cue, is_symbol, found)
        self.sentence += [s for s in found if s not in self.sentence]
        after = _WORDED.match(segment.after)
        if after and found:
            for statement in found:
                statement.conditions.append(tokenize(after[1], segment.end + after.start(1)))
        for statement in found:
            statement.conditions += [c for c in self.pending if c not in statement.conditions]
            if self.assumption and not statement.reason:
                statement.reason = self.assumption
            _aim(statement, segment, cue)
        return found

    def _row(
        self, row: list[Token], segment: Segment, cue: str,
        is_symbol: Callable[[str], bool], found: list[Statement],
    ) -> None:  # fmt: skip
        mine: list[Statement] = []
        loose = False  # something without a relation that a comma follows: part of a list
        range_open = False
        for number, piece in enumerate(_pieces(row)):
            words = piece.cue or (cue if number == 0 and not found else "")
            relations, others = piece.relations(), piece.others()
            tokens = _unwrapped(piece.tokens)
            if tokens is not piece.tokens:
                piece = _Piece(tokens, piece.separator, piece.cue)  # noqa: PLW2901
                relations, others = piece.relations(), piece.others()
            if not relations and not others:
                if not range_open and piece.tokens and piece.separator in ("", "COMMA"):
                    loose = loose or number == 0
                continue
            condition = self._condition(piece, words, is_symbol, number=number, mine=mine)
            if condition:
                range_open = True
                kind, sentence = condition
                follows = not segment.display and _FOLLOWS.match(segment.before) is not None
                targets = mine or (self.sentence if follows else [])
                if kind == "index":
                    for statement in targets:
                        statement.conditions.append(tokens)
                    if not targets:
                        self.pending.append(tokens)
                else:
                    for statement in targets:
                        statement.reason = statement.reason or sentence
                    if not targets:
                        self.assumption = sentence
                continue
            range_open = False
            if not relations:
                sign = piece.tokens[others[0]]
                if sign.text in ("\\approx", "\\simeq", "\\propto", "\\cong"):
                    left, right = piece.tokens[: others[0]], piece.tokens[others[0] + 1 :]
                    self._step(mine, segment, sign, sign.text, left, right, first=True)
                    mine[-1].reason = f"`{sign.text}` is no equation"
                continue
            tail = self.tail
            self._chain(piece, segment, words, mine, loose=loose and piece.separator == "COMMA")
            if tail and mine and _ASIDE.match(piece.cue):
                self.tail = tail  # "= b since c = d": the next line goes on from b
        found += mine

    def _chain(
        self, piece: _Piece, segment: Segment, cue: str, out: list[Statement], *, loose: bool
    ) -> None:
        """The steps of a = b = c."""
        tokens = _trimmed(piece.tokens)
        cuts = [i for i in piece.relations() if i < len(tokens)]
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
            step.defines = _DEFINES.search(cue or self.words) is not None
            others = [t for _, t in _outer([*left, *right], ("OTHER", "FORALL"))]
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
        if first:
            self.chains += 1
        start = left[0].at if left and left[0].at >= segment.start else sign.at
        end = right[-1].end if right else sign.end
        out.append(
            Statement(sign.at, min(start, sign.at), end, relation, left, right, segment, first,
                      chain=self.chains)
        )  # fmt: skip

    def _condition(
        self, piece: _Piece, cue: str, is_symbol: Callable[[str], bool], *,
        number: int, mine: list[Statement],
    ) -> tuple[str, str] | None:  # fmt: skip
        """("index", "") for a condition on indices, ("other", why) for an assumption."""
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
            if is_index and not approximate & set(signs) and "\\forall" not in signs:
                return ("index", "") if "\\in" not in signs else None
            assumed = _ASSUMES.search(cue) is not None or bool(mine)
            if assumed and not approximate & set(signs) and "\\forall" not in signs:
                if "\\in" in signs or not any(is_symbol(t.text) for t in names):
                    return None
                return "other", f"it is under the condition {self._source(tokens)}, not tested"
            return None
        if lone and (is_index or not is_symbol(tokens[0].text)) and len(tokens[0].text) == 1:
            rest = tokens[2:]
            simple = all(
                t.kind in ("NUMBER", "NAME", "DOTS", "PLUS", "MINUS", "COMMA", "LPAR", "RPAR")
                for t in rest
            )
            numeric = all(t.kind in ("NUMBER", "DOTS", "PLUS", "MINUS", "COMMA") for t in rest)
            after_text = piece.cue != "" or _ASSUMES.search(cue) is not None
            if simple and is_index and (numeric or after_text or (number > 0 and len(rest) <= 3)):
                return "index", ""
        if _ASSUMES.search(cue):
            return "other", f"it is under the condition {self._source(tokens)}, not tested"
        right = tokens[relations[-1] + 1 :] if relations else []
        is_number = right and all(t.kind in ("NUMBER", "PERIOD", "MINUS") for t in right)
        if is_number and lone and _LETS.search(cue):
            return "other", f"it is under the condition {self._source(tokens)}, not tested"
        return None

    def _source(self, tokens: Sequence[Token]) -> str:
        text = self.document.text[tokens[0].at : max(t.end for t in tokens)]
        return "`" + " ".join(text.split()) + "`"

    def _unread(self, segment: Segment | None, at: int, reason: str) -> Statement:
        end = segment.end if segment else at
        start = segment.start if segment else at
        return Statement(at, start, end, "", [], [], segment, reason=reason)


def prose_claims(document: Document) -> Iterable[tuple[int, int]]:
    """Where the words of a document, outside of its mathematics, hold an equation."""
    covered = [(s.start, s.end) for s in document.segments]
    position = 0
    for match in _PROSE_EQUATION.finditer(document.text):
        while position < len(covered) and covered[position][1] <= match.start():
            position += 1
        inside = position < len(covered) and covered[position][0] <= match.end()
        if not inside:
            yield match.start(), match.end()


_PROSE_EQUATION = re.compile(
    r"(?<![\w<`])(?:[dD∂]\w+\s?/\s?[dD∂]\w+|\w+\([\w, ]+\))\s*=\s*[^\s,;<>`$|=][^,;<>`$|\n=]*"
)
_WORDED = re.compile(
    r"\s*,?\s*(?:for|if|when|where)\s+\(?([a-z]\s*(?:≠|!=|=|<|>|≤|≥|\\neq?)\s*[a-z0-9])\b(?!\s*[,$])"
)
_ASIDE = re.compile(r"\W*(since|because|as|using|by|where|with|from|note|if|for)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)(?<!i\.e\.)(?<!e\.g\.)|\n\s*\n(?!\s*$)|^\s*\n\s*\n")
_IMPLIED = re.compile(
    r"\b(expands?|simplif\w+|becomes?|reduces?|equals?|gives?|yields?|written|rewrit\w+|evaluat\w+"
    r"|same as|get|obtain|amounts?|turns?|following)\b[^.]{0,60}:?\s*$",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(let|defin\w+|denot\w+|where|write|put|introduc\w+|call\w*|with|abbreviat\w+|set|setting"
    r"|notation|shorthand|say|namely|here|stands?|using)\b[^.]{0,60}$",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"[\s,(]*(?:for|if|when|where|whenever|provided|with|and|as long as|unless|in the case)?"
    r"(?:\s+(?:all|every|each|any|that|the|both|case))*\s*$"
)
_ASSUMES = re.compile(
    r"(?:^|\W)(if|suppos\w+|assum\w+|when|whenever|in case|in the case|provided|unless|for|at"
    r"|in which|once|as long as)(?:\s+(?:all|every|each|any|that|the|some|we|have|case|a|an))*\s*"
    r"$",
    re.IGNORECASE,
)
_LETS = re.compile(
    r"\b(let|set|setting|take|taking|choose|put|with|say|fix)\b[^.]{0,20}$", re.IGNORECASE
)
_GOALS = re.compile(
    r"\b(set|setting|solv\w+|stationary|vanish\w*|critical|optimality|minimum|maximum|optimum"
    r"|require|equate|equating|first.order condition)\b[^.]{0,60}$",
    re.IGNORECASE,
)
_RELATIONS = {
    "=": "=", ":=": ":=", "\\equiv": "≡", "\\triangleq": ":=", "\\doteq": ":=",
    "\\gets": ":=", "\\leftarrow": ":=", "\\coloneq": ":=",
}  # fmt: skip


def _aim(statement: Statement, segment: Segment, cue: str) -> None:
    """An equation that is to be solved rather than one that holds."""
    is_zero = len(statement.right) == 1 and statement.right[0].text == "0"
    after = segment.after[:40].split(".")[0]
    if is_zero and not statement.reason and (
        _GOALS.search(cue) or re.match(r"\s*(?:to be solved|at the (?:min|max|opt))", after)
    ):  # fmt: skip
        statement.reason = "an equation to be solved, not one that holds everywhere"


def _last_words(prose: str) -> str:
    sentence = re.split(r"[.!?](?=\s)", prose)[-1]
    return " ".join(sentence.split())[-120:]


def _rows(tokens: list[Token]) -> list[list[Token]]:
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


_DEPTH = {"LPAR": 1, "RPAR": -1, "LBRACE": 1, "RBRACE": -1, "BEGIN": 1, "END": -1}
_CONTINUING = ("PLUS", "TIMES", "SLASH", "HADAMARD", "OUTER", "RPAR")


def _joined(rows: list[list[Token]]) -> list[list[Token]]:
    """The lines, with one that continues a formula joined to the one before."""
    out: list[list[Token]] = []
    for row in rows:
        relation = any(t.kind == "RELATION" for _, t in _outer(row, ("RELATION",)))
        continues = row[0].kind in _CONTINUING or (row[0].kind == "MINUS" and not relation)
        hangs = bool(out) and out[-1][-1].kind in ("MINUS", "RELATION", *_CONTINUING[:-1])
        if out and (continues or hangs):
            out[-1] += row
        else:
            out.append(list(row))
    return out


def _outer(tokens: Sequence[Token], kinds: tuple[str, ...]) -> list[tuple[int, Token]]:
    """The tokens of some kinds that stand in no bracket."""
    found = []
    depth = 0
    for i, token in enumerate(tokens):
        depth += _DEPTH.get(token.kind, 0)
        if depth == 0 and token.kind in kinds:
            found.append((i, token))
    return found


def _pieces(row: list[Token]) -> list[_Piece]:
    cuts = [i for i, _ in _outer(row, ("IMPLIES", "QUAD", "COMMA", "TEXT", "PERIOD"))]
    cuts = [
        i for i in cuts
        if not (row[i].kind == "PERIOD" and i + 1 < len(row) and row[i + 1].kind == "NUMBER")
    ]  # fmt: skip
    pieces: list[_Piece] = []
    start, separator, cue = 0, "", ""
    for cut in [*cuts, len(row)]:
        part = row[start:cut]
        if part:
            pieces.append(_Piece(part, separator, cue))
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


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """(i ≠ j) as i ≠ j."""
    if len(tokens) > 2 and tokens[0].kind == "LPAR" and tokens[-1].kind == "RPAR":
        inner = tokens[1:-1]
        if any(t.kind in ("OTHER", "RELATION") for t in inner) and not any(
            t.kind in ("LPAR", "RPAR") for t in inner
        ):
            return inner
    return tokens


def _trimmed(tokens: list[Token]) -> list[Token]:
    """Without the punctuation at the end."""
    end = len(tokens)
    while end and tokens[end - 1].kind in ("COMMA", "PERIOD", "COLON", "QUAD"):
        end -= 1
    return tokens[:end]
