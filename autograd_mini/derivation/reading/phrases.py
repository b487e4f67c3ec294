"""The words around mathematics: which of them define, assume, conclude or set a goal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .document import Document

__all__ = [
    "ASIDE", "ASSUMES", "DEFINES", "FOLLOWS", "GOALS", "IMPLIED", "LETS", "SENTENCE_END", "WORDED",
    "last_words", "prose_claims",
]  # fmt: skip


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


def last_words(prose: str) -> str:
    """The end of the sentence that prose ends in."""
    sentence = re.split(r"[.!?](?=\s)", prose)[-1]
    return " ".join(sentence.split())[-120:]


WORDED = re.compile(
    r"\s*,?\s*(?:for|if|when|where)\s+\(?([a-z]\s*(?:≠|!=|=|<|>|≤|≥|\\neq?)\s*[a-z0-9])\b(?!\s*[,$])"
)


ASIDE = re.compile(r"\W*(since|because|as|using|by|where|with|from|note|if|for)\b", re.IGNORECASE)


SENTENCE_END = re.compile(r"[.!?](?=\s|$)(?<!i\.e\.)(?<!e\.g\.)|\n\s*\n(?!\s*$)|^\s*\n\s*\n")


IMPLIED = re.compile(
    r"\b(expands?|simplif\w+|becomes?|reduces?|equals?|gives?|yields?|written|rewrit\w+|evaluat\w+"
    r"|same as|get|obtain|amounts?|turns?|following)\b[^.]{0,60}:?\s*$",
    re.IGNORECASE,
)


DEFINES = re.compile(
    r"\b(let|defin\w+|denot\w+|where|write|put|introduc\w+|call\w*|with|abbreviat\w+|set|setting"
    r"|notation|shorthand|say|namely|here|stands?|using)\b[^.]{0,60}$",
    re.IGNORECASE,
)


FOLLOWS = re.compile(
    r"[\s,(]*(?:for|if|when|where|whenever|provided|with|and|as long as|unless|in the case)?"
    r"(?:\s+(?:all|every|each|any|that|the|both|case))*\s*$"
)


ASSUMES = re.compile(
    r"(?:^|\W)(if|suppos\w+|assum\w+|when|whenever|in case|in the case|provided|unless|for|at"
    r"|in which|once|as long as)(?:\s+(?:all|every|each|any|that|the|some|we|have|case|a|an))*\s*"
    r"$",
    re.IGNORECASE,
)


LETS = re.compile(
    r"\b(let|set|setting|take|taking|choose|put|with|say|fix)\b[^.]{0,20}$", re.IGNORECASE
)


GOALS = re.compile(
    r"\b(set|setting|solv\w+|stationary|vanish\w*|critical|optimality|minimum|maximum|optimum"
    r"|require|equate|equating|first.order condition)\b[^.]{0,60}$",
    re.IGNORECASE,
)


_PROSE_EQUATION = re.compile(
    r"(?<![\w<`])(?:[dD∂]\w+\s?/\s?[dD∂]\w+|\w+\([\w, ]+\))\s*=\s*[^\s,;<>`$|=][^,;<>`$|\n=]*"
)
