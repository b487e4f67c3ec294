"""What a check found, as plain data and as plain text. Other formats are in `formats`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Report", "Verdict"]

Verdict = Literal["true", "false", "unchecked", "vacuous", "definition", "condition"]


@dataclass(frozen=True)
class Finding:
    """One claim and what became of it.

    Attributes:
        verdict: "true" (no counterexample was found), "false", "unchecked", "vacuous" (nothing was
            there to be tested), "definition" or "condition" (which says where claims hold, and
            is not counted among them).
        claim: the claim as it is written.
        line: its line, that of the relation, from 1.
        column: the relation's column, from 1.
        end_line: the line on which its right side ends.
        span: where it begins and ends in the document.
        reason: why it is not checked, or what is to be known beside the verdict.
        left: the left side's value at a point where the claim fails.
        right: the right side's there.
        where: that point, the indices included.
        diagnosis: what would make a false claim true, "" if nothing was found.
        cause: findings with the same cause share this, "" for none.
        points: at how many points it was tested.
    """

    verdict: Verdict
    claim: str
    line: int
    column: int
    end_line: int
    span: tuple[int, int]
    reason: str = ""
    left: str = ""
    right: str = ""
    where: str = ""
    diagnosis: str = ""
    cause: str = ""
    points: int = 0


@dataclass(frozen=True)
class Report:
    """Every claim of a document with its verdict.

    Attributes:
        document: the document's name.
        text: its text.
        findings: one per claim, in the document's order.
        points: at how many random points, of each size, a claim was tested.
        seed: the seed of the points.

    >>> Report("notes.md", "", (), points=5, seed=0).summary()
    '0 claims: 0 true, 0 false, 0 unchecked'
    """

    document: str
    text: str
    findings: tuple[Finding, ...]
    points: int
    seed: int

    def count(self, verdict: Verdict) -> int:
        """How many claims have a verdict."""
        return Counter(finding.verdict for finding in self.findings)[verdict]

    def of(self, verdict: Verdict) -> list[Finding]:
        """The findings with a verdict."""
        return [finding for finding in self.findings if finding.verdict == verdict]

    @property
    def ok(self) -> bool:
        """Whether nothing is false."""
        return self.count("false") == 0

    def summary(self) -> str:
        """The closing count: `55 claims: 53 true, 2 false, 0 unchecked`."""
        total = len(self.findings) - self.count("condition")
        always: tuple[Verdict, ...] = ("true", "false", "unchecked")
        parts = [f"{self.count(verdict)} {verdict}" for verdict in always]
        kinds: tuple[tuple[Verdict, str], ...] = (
            ("definition", "definitions"), ("vacuous", "vacuous"),
        )  # fmt: skip
        for verdict, plural in kinds:
            count = self.count(verdict)
            if count:
                parts.append(f"{count} {verdict if count == 1 else plural}")
        return f"{total} {'claim' if total == 1 else 'claims'}: {', '.join(parts)}"

    def __str__(self) -> str:
        return text(self)


def text(report: Report, *, every: bool = False) -> str:
    """The report as plain text.

    Args:
        report: the report.
        every: list the true claims and the conditions as well.
    """
    lines = []
    causes: Counter[str] = Counter(f.cause for f in report.findings if f.cause)
    told: set[str] = set()
    for finding in report.findings:
        if not every and (
            finding.verdict == "condition" or (finding.verdict == "true" and not finding.reason)
        ):
            continue
        shown = finding.verdict.upper() if finding.verdict == "false" else finding.verdict
        lines.append(f"{report.document}:{finding.line}:{finding.column}: {shown}: {finding.claim}")
        if finding.reason:
            lines.append(f"    {finding.reason}")
        if finding.left or finding.right:
            lines.append(f"    left {finding.left}, right {finding.right} {finding.where}".rstrip())
        if finding.diagnosis:
            lines.append(f"    {finding.diagnosis}")
        if causes[finding.cause] > 1:
            if finding.cause in told:
                lines.append("    (the same cause as above)")
            else:
                others = [str(f.line) for f in report.findings if f.cause == finding.cause][1:]
                lines.append(f"    the same cause on lines {', '.join(others)}")
                told.add(finding.cause)
    lines.append(report.summary())
    lines.append(
        f"A claim counts as true where no counterexample was found in {report.points} random "
        f"points of each size (seed {report.seed}); that is no proof."
    )
    return "\n".join(lines)
