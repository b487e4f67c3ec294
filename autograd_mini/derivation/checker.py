"""Checks a document: every claim is tried at random points of the model, at several sizes.

Random points refute and never prove. What cannot be evaluated is unchecked, with the reason.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

from .checking.claim import Claim
from .checking.model import Model
from .checking.verdict import Judge
from .diagnosing.diagnosis import diagnose
from .evaluating.notation import Builder, Notation, Scope, load_notation
from .reading.document import read_document
from .reading.macros import Macro, find_macros
from .reading.phrases import prose_claims
from .reading.statements import Reader, Statement
from .report import Finding, Report

__all__ = ["check"]

PATIENCE = 60.0  # seconds for the diagnoses of one document


def check(
    document: str | Path,
    model: Notation | Builder | str | Path,
    *,
    points: int = 5,
    seed: int = 0,
    time_limit: float = 10.0,
) -> Report:
    r"""Test every equation of a document against automatic differentiation.

    Args:
        document: a path of a Markdown or LaTeX file, or the text itself.
        model: a `Notation`, the path of a Python file that defines one, or a function that builds
            the model and gives what each symbol stands for.
        points: how many random points to test at, of each size.
        seed: of the random points.
        time_limit: seconds for each claim.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the document cannot be read, or the notation is not one.
        RuntimeError: if the notation raises.

    >>> from autograd_mini import Value
    >>> def square(rng):
    ...     x = Value(rng.gauss())
    ...     return {"x": x, "y": x * x}
    >>> print(check(r"$\frac{dy}{dx} = 2x$ and $\frac{dy}{dx} = x$", square).summary())
    2 claims: 1 true, 1 false, 0 unchecked
    """
    if points < 1:
        raise ValueError(f"a claim is tested at one point or more, not {points}")
    read = read_document(document)
    found = Model(read, load_notation(model), seed)
    findings = _findings(found, Judge(found, points, time_limit))
    return Report(read.name, read.text, tuple(findings), points, seed)


@dataclass
class _Found:
    """A finding on the way to the report."""

    finding: Finding
    claim: Claim | None = None
    statement: Statement | None = None
    scope: Scope | None = None


def _findings(model: Model, judge: Judge) -> list[Finding]:
    found = [_Found(finding) for finding in _unread(model)]
    for statement, scope in _statements(model):
        finding, claim = judge.verdict(statement, scope)
        found.append(_Found(finding, claim, statement, scope))
    if model.definitions:  # "…, where S = diag(p)": a definition may come after its use
        for item in found:
            said = item.statement
            if said and item.claim is None and item.finding.verdict == "unchecked":
                finding, claim = judge.verdict(said, item.scope)
                if finding.verdict != "unchecked" or claim is not None:
                    item.finding, item.claim = finding, claim
    _explain(model, judge, found)
    found.sort(key=lambda item: (item.finding.line, item.finding.column))
    return [item.finding for item in found]


def _explain(model: Model, judge: Judge, found: list[_Found]) -> None:
    """Read false claims again and diagnose those that stay false, each wording once."""
    claims = [item.claim for item in found if item.claim is not None]
    explained: dict[tuple[str, int], Finding] = {}
    deadline = time.monotonic() + PATIENCE
    for item in found:
        claim, finding = item.claim, item.finding
        if finding.verdict != "false" or claim is None:
            continue
        known = explained.get((finding.claim, id(item.scope)))
        if known is None:
            known = judge.read_again(claim, finding)
            if known.verdict == "false" and time.monotonic() < deadline:
                known = diagnose(model, claim, known, claims)
            explained[finding.claim, id(item.scope)] = known
        item.finding = replace(
            known, line=finding.line, column=finding.column, end_line=finding.end_line,
            span=finding.span,
        )  # fmt: skip


def _statements(model: Model) -> list[tuple[Statement, Scope | None]]:
    macros = {name: _macro(body) for name, body in model.notation.macros.items()}
    macros |= find_macros(model.document.text)
    reader = Reader(model.document, macros)
    found: list[tuple[Statement, Scope | None]] = []
    for segment in model.document.segments:
        scope = model.notation.scope_for(segment.heading)
        symbols = model.symbols(scope)

        def is_symbol(name: str) -> bool:
            return symbols.knows(name) and name not in symbols.dimensions  # noqa: B023

        found += [(statement, scope) for statement in reader.read(segment, is_symbol)]
    return found


def _unread(model: Model) -> list[Finding]:
    """What cannot be read: mathematics that is not closed, equations among the words."""
    document = model.document
    spans = [(p.at, p.at + 40, p.message) for p in document.problems]
    reason = "it stands in the words, not in mathematics"
    spans += [(start, end, reason) for start, end in prose_claims(document)]
    found = []
    for start, end, message in spans:
        line, column = document.place(start)
        text = document.text[start:end].split("\n")[0].strip()
        found.append(Finding("unchecked", text, line, column, line, (start, end), message))
    return found


def _macro(body: str) -> Macro:
    numbers = [int(digit) for digit in re.findall(r"#(\d)", body)]
    return Macro(max(numbers, default=0), body)
