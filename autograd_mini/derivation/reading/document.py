"""Documents: where the mathematics of a Markdown or LaTeX text is, and what stands around it.

The text is not changed: a piece of mathematics is known by its place. What it means is found
elsewhere.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Document", "Problem", "Segment", "read_document"]

LARGEST = 20_000_000  # characters


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of mathematics.

    Attributes:
        start: where it begins in the document, delimiters excluded.
        end: where it ends.
        display: whether it stands alone rather than in a line of prose.
        heading: the headings that it stands under, outermost first, joined by " / ".
        before: the prose since the segment before it, or since the heading.
        after: the prose up to the segment after it.
    """

    start: int
    end: int
    display: bool
    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a part of a document from being read.

    Attributes:
        at: where in the document it is.
        message: what is wrong.
    """

    at: int
    message: str


@dataclass(frozen=True)
class Document:
    """A text, the mathematics in it, and what could not be read of it.

    Attributes:
        name: the file's name, or "<text>".
        text: the text itself.
        segments: the mathematics, in order.
        problems: mathematics that is opened and not closed.
    """

    name: str
    text: str
    segments: tuple[Segment, ...]
    problems: tuple[Problem, ...]
    _starts: list[int] = field(repr=False)

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, both from 1, of a place in the text."""
        line = bisect.bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1


def read_document(source: str | Path) -> Document:
    r"""The document in a file, or in a string of more than one line or with mathematics in it.

    Args:
        source: a path, or the text itself.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is no UTF-8 text, or is too large.

    >>> document = read_document("The slope is $y' = 2x$.")
    >>> [document.text[s.start : s.end] for s in document.segments]
    ["y' = 2x"]
    """
    is_text = isinstance(source, str) and re.search(r"[\n$\\]", source) is not None
    if is_text or not str(source):
        name, text = "<text>", str(source)
    else:
        name, text = str(source), _file_text(Path(source))
    if len(text) > LARGEST:
        raise ValueError(
            f"{name} has {len(text):,} characters, more than {LARGEST:,}: check it in parts"
        )
    is_latex = name.endswith((".tex", ".ltx")) or "\\begin{document}" in text
    segments, problems = _scan(text, is_latex=is_latex)
    starts = [0, *[match.end() for match in re.finditer("\n", text)]]
    return Document(name, text, segments, problems, starts)


def _file_text(path: Path) -> str:
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}")
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name a Markdown or LaTeX file in it")
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path} is not UTF-8 text (line {line}, byte {error.start}): save it as UTF-8"
        ) from None


_ENVIRONMENTS = (
    r"equation|align|gather|multline|eqnarray|flalign|alignat|displaymath|math|dmath|IEEEeqnarray"
)
_OPENING = re.compile(
    r"(?P<fence>^[ \t]*(?P<ticks>```+|~~~+)[ \t]*(?P<language>[\w-]*)[^\n]*\n)"
    r"|(?P<code>(?<!`)(?P<tick>`+)(?!`))"
    r"|(?P<comment><!--)"
    rf"|(?P<environment>\\begin\{{(?P<name>(?:{_ENVIRONMENTS})\*?)\}})"
    r"|(?P<verbatim>\\begin\{(?:verbatim|lstlisting|minted)\*?\})"
    r"|(?P<heading>^\#{1,6}[ \t]+[^\n]*|\\(?:part|chapter|(?:sub)*section|paragraph)\*?\{[^}\n]*\})"
    r"|(?P<escaped>\\[\\$%`])"
    r"|(?P<bracket>\\\[)|(?P<paren>\\\()"
    r"|(?P<double>\$\$)|(?P<single>\$)"
    r"|(?P<percent>%[^\n]*)",
    re.MULTILINE,
)
_LATEX_LEVELS = {"part": 0, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4}


def _scan(text: str, *, is_latex: bool) -> tuple[tuple[Segment, ...], tuple[Problem, ...]]:
    spans: list[tuple[int, int, bool, str, str]] = []  # start, end, display, heading, before
    problems: list[Problem] = []
    headings: list[tuple[int, str]] = []
    prose: list[str] = []
    afters: list[str] = []
    at = 0

    def add(start: int, end: int, *, display: bool) -> None:
        before = "".join(prose)
        if spans:
            afters.append(before)
        prose.clear()
        spans.append((start, end, display, " / ".join(title for _, title in headings), before))

    while match := _OPENING.search(text, at):
        prose.append(text[at : match.start()])
        at = match.end()
        kind = match.lastgroup if match.lastgroup in _CLOSING else _kind(match)
        if kind == "heading":
            level, title = _heading(match.group())
            headings = [h for h in headings if h[0] < level] + [(level, title)]
            prose.append("\n\n")
            continue
        if kind == "percent":
            if not is_latex:
                prose.append(match.group())
            continue
        if kind == "escaped":
            prose.append(match.group())
            continue
        if kind == "fence" and match["language"] != "math":
            end = re.compile(rf"^[ \t]*{match['ticks']}", re.MULTILINE).search(text, at)
            at = end.end() if end else len(text)
            continue
        if kind == "code":
            end = re.compile(rf"(?<!`){match['tick']}(?!`)").search(text, at)
            if end and "\n\n" not in text[at : end.start()]:
                inner = text[at : end.start()]
                prose.append(inner)
                at = end.end()
            continue
        if kind == "single":
            found = _inline_end(text, at)
            if found is None:
                prose.append("$")
                continue
            add(at, found, display=False)
            at = found + 1
            continue
        closing = _CLOSING[kind](match)
        end = re.compile(closing, re.MULTILINE).search(text, at)
        if end is None:
            opening = match.group().strip()
            if kind not in ("comment", "verbatim"):
                problems.append(
                    Problem(match.start(), f"{opening} is opened here and closed nowhere")
                )
            continue
        if kind not in ("comment", "verbatim"):
            add(at, end.start(), display=kind != "paren")
        at = end.end()
    prose.append(text[at:])
    afters.append("".join(prose))
    segments = [Segment(*span, after) for span, after in zip(spans, afters, strict=False)]
    return tuple(segments), tuple(problems)


_CLOSING: dict[str, Callable[[re.Match[str]], str]] = {
    "fence": lambda match: rf"^[ \t]*{match['ticks']}",
    "comment": lambda match: "-->",
    "environment": lambda match: re.escape(rf"\end{{{match['name']}}}"),
    "verbatim": lambda match: re.escape(match.group().replace("begin", "end")),
    "bracket": lambda match: r"\\\]",
    "paren": lambda match: r"\\\)",
    "double": lambda match: r"\$\$",
}


def _kind(match: re.Match[str]) -> str:
    return next(
        kind
        for kind, found in match.groupdict().items()
        if found is not None and kind not in ("ticks", "language", "tick", "name")
    )


def _heading(text: str) -> tuple[int, str]:
    if text.startswith("#"):
        marks = len(text) - len(text.lstrip("#"))
        return marks, text.strip("# \t")
    name, _, title = text[1:].partition("{")
    return _LATEX_LEVELS.get(name.rstrip("*"), 5), title.rstrip("}")


def _inline_end(text: str, at: int) -> int | None:
    """Where the $ is that closes the one before `at`, None if that one is only a dollar."""
    if at >= len(text) or text[at].isspace():
        return None
    for match in re.compile(r"\\.|\$|\n[ \t]*\n", re.DOTALL).finditer(text, at):
        found = match.group()
        if found == "$":
            closes = not text[match.start() - 1].isspace() and not text[match.end() :][:1].isdigit()
            return match.start() if closes else None
        if found[0] == "\n":
            return None
    return None
