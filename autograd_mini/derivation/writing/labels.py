"""Names of Values for print: from a label to LaTeX and to Unicode text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograd_mini import Value
from autograd_mini.derivation.reading.vocabulary import UNICODE

__all__ = ["Label", "labels_of", "make_label"]


@dataclass(frozen=True, slots=True)
class Label:
    """A name in LaTeX and in text."""

    latex: str
    text: str


def make_label(label: str) -> Label:
    r"""A label as it is written in LaTeX and in text.

    >>> make_label("w^{2}_{11}").text, make_label("δ₁").latex
    ('w²₁₁', '\\delta_{1}')
    """
    return Label(_latex(label), _text(label))


def labels_of(
    order: Sequence[Value], names: Mapping[Value, str] | None = None
) -> dict[Value, Label]:
    """The label of every Value that has one; two Values that share one are told apart by number.

    Args:
        order: the Values.
        names: names to use in place of the Values' own labels.
    """
    found: dict[Value, Label] = {}
    taken: set[str] = set()
    for value in order:
        given = (names or {}).get(value, value.label)
        if not given:
            continue
        label = make_label(given)
        number = 2
        while label.latex in taken:
            label = make_label(f"{_bare(given)}_{{({number})}}")
            number += 1
        taken.add(label.latex)
        found[value] = label
    return found


def fresh(letter: str, number: int) -> Label:
    """The name of a Value without a label."""
    return make_label(f"{letter}_{{{number}}}")


_SUPERSCRIPTS = dict(zip("0123456789+-()nijkTt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱʲᵏᵀᵗ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-()ijkmnt", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₘₙₜ", strict=True))
_COMMANDS = {latex.strip(): letter for letter, latex in UNICODE.items() if len(latex) > 2}


def _latex(label: str) -> str:
    out = ""
    for mark, table in (("^", _SUPERSCRIPTS), ("_", _SUBSCRIPTS)):
        back = {small: plain for plain, small in table.items()}
        pattern = f"[{''.join(map(re.escape, back))}]+"

        def lowered(run: re.Match[str], back: dict[str, str] = back, mark: str = mark) -> str:
            return f"{mark}{{{''.join([back[c] for c in run.group()])}}}"

        label = re.sub(pattern, lowered, label)
    for character in label:
        command = UNICODE.get(character, "")
        out += command if command.startswith("\\") else character
    out = re.sub(r"(\\[a-zA-Z]+) (?![a-zA-Z])", r"\1", out)
    if re.fullmatch(r"[A-Za-z]{2,}", out):
        return rf"\text{{{out}}}"
    if re.fullmatch(r"[A-Za-z]\d+", out):
        return f"{out[0]}_{{{out[1:]}}}"
    if re.search(r"[^\w\\{}^_()\[\],+\- ']", out) or (" " in out.strip() and "\\" not in out):
        return rf"\text{{{re.sub(r'[^A-Za-z0-9]', '', out) or 'value'}}}"
    return out


def _text(label: str) -> str:
    for command, letter in _COMMANDS.items():
        label = re.sub(re.escape(command) + r"(?![a-zA-Z])\s*", letter, label)
    label = re.sub(r"\\(?:text|mathrm|mathbf|operatorname)\{([^{}]*)\}", r"\1", label)
    label = re.sub(r"\\hat\{(\w)\}|\\hat (\w)", lambda m: (m[1] or m[2]) + "\u0302", label)
    for mark, table in (("^", _SUPERSCRIPTS), ("_", _SUBSCRIPTS)):

        def raised(match: re.Match[str], mark: str = mark, table: dict[str, str] = table) -> str:
            inner = match[1] or match[2]
            if all(c in table for c in inner):
                return "".join(table[c] for c in inner)
            return f"{mark}{inner}" if len(inner) == 1 else f"{mark}{{{inner}}}"

        label = re.sub(rf"{re.escape(mark)}(?:\{{([^{{}}]*)\}}|(\w))", raised, label)
    return label


def _bare(label: str) -> str:
    return re.split(r"[_^]", label)[0] or label
