"""A report as JSON, SARIF, GitHub annotations, a rich table, or an annotated copy in HTML."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any, get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .report import Finding, Report, Verdict, text

__all__ = ["FORMATS", "github", "page", "print_table", "sarif", "to_json"]


def to_json(*reports: Report) -> str:
    """What the reports hold but the documents' text, as JSON: an object, or a list of several."""
    found = [_plain(report) for report in reports]
    return json.dumps(found if len(found) > 1 else found[0], indent=2, ensure_ascii=False)


def _plain(report: Report) -> dict[str, Any]:
    counts = {verdict: report.count(verdict) for verdict in get_args(Verdict)}
    findings = [
        {
            "verdict": f.verdict, "line": f.line, "column": f.column, "end_line": f.end_line,
            "claim": f.claim, "reason": f.reason, "left": f.left, "right": f.right,
            "where": f.where, "diagnosis": f.diagnosis, "cause": f.cause, "points": f.points,
        }
        for f in report.findings
    ]  # fmt: skip
    return {
        "document": report.document, "seed": report.seed, "points": report.points,
        "counts": counts, "claims": findings,
    }  # fmt: skip


def sarif(*reports: Report) -> str:
    """The false claims as errors and the unchecked ones as notes, in SARIF 2.1.0."""
    rules = [
        {"id": "false-claim", "shortDescription": {"text": "An equation that does not hold"}},
        {"id": "unchecked-claim", "shortDescription": {"text": "An equation that was not checked"}},
    ]
    results = []
    for report, finding in ((r, f) for r in reports for f in r.findings):
        if finding.verdict not in ("false", "unchecked"):
            continue
        region = {
            "startLine": finding.line, "startColumn": finding.column, "endLine": finding.end_line,
        }  # fmt: skip
        location = {
            "physicalLocation": {"artifactLocation": {"uri": report.document}, "region": region}
        }
        results.append({
            "ruleId": f"{finding.verdict}-claim",
            "level": "error" if finding.verdict == "false" else "note",
            "message": {"text": _message(finding)},
            "locations": [location],
        })  # fmt: skip
    tool = {"driver": {"name": "autograd-mini", "rules": rules}}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": tool, "results": results}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def github(*reports: Report) -> str:
    """Workflow commands that GitHub shows beside the lines of the document."""
    lines = []
    for report, finding in ((r, f) for r in reports for f in r.findings):
        if finding.verdict not in ("false", "unchecked"):
            continue
        level = "error" if finding.verdict == "false" else "warning"
        message = _escaped(_message(finding))
        name = _escaped(report.document).replace(",", "%2C").replace(":", "%3A")
        lines.append(f"::{level} file={name},line={finding.line},col={finding.column}::{message}")
    lines += [report.summary() for report in reports]
    return "\n".join(lines)


def page(report: Report) -> str:
    """The document as a page of HTML with its false and unchecked claims marked."""
    parts: list[str] = []
    at = 0
    for finding in sorted(report.findings, key=lambda f: f.span):
        start, end = finding.span
        if start < at or finding.verdict in ("true", "definition", "condition", "vacuous"):
            continue
        note = html.escape(_message(finding), quote=True)
        parts.append(html.escape(report.text[at:start]))
        marked = html.escape(report.text[start:end])
        parts.append(f'<mark class="{finding.verdict}" title="{note}">{marked}</mark>')
        parts.append(f'<span class="note">{finding.verdict.upper()}: {note}</span>')
        at = end
    parts.append(html.escape(report.text[at:]))
    return _PAGE.format(
        title=html.escape(report.document),
        summary=html.escape(report.summary()),
        body="".join(parts),
    )


def print_table(report: Report, console: Console, *, every: bool = False) -> None:
    """The report as a table."""
    table = Table(title=report.document, title_justify="left")
    table.add_column("line", justify="right")
    table.add_column("verdict")
    table.add_column("claim", overflow="fold")
    table.add_column("what was found", overflow="fold")
    causes: set[str] = set()
    for finding in report.findings:
        if finding.verdict in ("true", "condition") and not every:
            continue
        note = _message(finding, claim=False)
        if finding.cause and finding.cause in causes:
            note = f"the same cause as above: {finding.diagnosis}"
        causes.add(finding.cause)
        style = _STYLES[finding.verdict]
        verdict = "FALSE" if finding.verdict == "false" else finding.verdict
        table.add_row(str(finding.line), Text(verdict, style), Text(finding.claim), Text(note))
    if table.row_count:
        console.print(table)
    console.print(Text(text(report).rsplit("\n", 2)[-2], "bold"))
    console.print(Text(text(report).rsplit("\n", 1)[-1], "dim"))


FORMATS: dict[str, Callable[..., str]] = {
    "json": to_json,
    "sarif": sarif,
    "github": github,
    "html": page,
}
"""Each format's function from reports to a string; a page is of one report."""

_STYLES = {
    "true": "green", "false": "bold red", "unchecked": "yellow", "vacuous": "dim",
    "definition": "cyan", "condition": "dim",
}  # fmt: skip


def _message(finding: Finding, *, claim: bool = True) -> str:
    parts = [finding.claim] if claim else []
    if finding.reason:
        parts.append(finding.reason)
    if finding.left or finding.right:
        parts.append(f"left {finding.left}, right {finding.right} {finding.where}".strip())
    if finding.diagnosis:
        parts.append(finding.diagnosis)
    return "; ".join(parts) if not claim else ": ".join([parts[0], "; ".join(parts[1:])])


def _escaped(message: str) -> str:
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font-family: sans-serif; }}
pre {{ white-space: pre-wrap; line-height: 1.5; }}
mark.false {{ background: #ffd6d6; color: inherit; }}
mark.unchecked {{ background: #fff3c4; color: inherit; }}
.note {{ font-size: 85%; color: #8a1c1c; margin-left: 0.5em; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{summary}</p>
<pre>{body}</pre>
</body>
</html>
"""
