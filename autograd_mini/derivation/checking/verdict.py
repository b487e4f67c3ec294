"""The verdict on a statement: definition, condition, true, false, vacuous or unchecked, and why."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from autograd_mini.derivation.evaluating.notation import Scope
from autograd_mini.derivation.evaluating.point import OutOfTime, Reading
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.reading.statements import Statement
from autograd_mini.derivation.reading.tokens import SyntaxProblem, Token
from autograd_mini.derivation.report import Finding

from .claim import Claim, has_hadamard, resolve_claim
from .definitions import take_down
from .model import Model
from .readings import readings_of
from .trial import PLAIN, Outcome, try_claim

__all__ = ["Judge"]


class Judge:
    """Gives verdicts on the statements of one document.

    Args:
        model: what its symbols stand for.
        points: how many random points of each size to try a claim at.
        time_limit: seconds for each claim.
    """

    def __init__(self, model: Model, points: int, time_limit: float) -> None:
        self.model = model
        self.points = points
        self.time_limit = time_limit
        self._assumed: dict[int, str] = {}
        self._tried_before: dict[object, Finding] = {}

    def verdict(self, statement: Statement, scope: Scope | None) -> tuple[Finding, Claim | None]:
        """The finding about a statement, and the claim that it is, if it is one."""
        blank = self._blank(statement)
        if statement.is_condition:
            return replace(blank, verdict="condition", reason=statement.reason), None
        if statement.reason:
            return replace(blank, verdict="unchecked", reason=statement.reason), None
        if scope is None:
            reason = "the notation has no scope for this section"
            return replace(blank, verdict="unchecked", reason=reason), None
        for tokens in statement.assumptions:
            reason = self._assumption(tokens, statement, scope)
            if reason:
                return replace(blank, verdict="unchecked", reason=reason), None
        defined = take_down(self.model, statement, scope)
        if defined:
            return replace(blank, verdict="definition", reason=defined), None
        try:
            claim = resolve_claim(self.model, statement, scope)
        except (m.Unresolved, SyntaxProblem) as problem:
            at = problem.at if problem.at >= 0 else statement.at
            reason = problem.message + self._place(at)
            return replace(blank, verdict="unchecked", reason=reason), None
        except RecursionError:
            return replace(blank, verdict="unchecked", reason="it is nested too deeply"), None
        if statement.relation == ":=" and statement.first and _is_update(claim):
            return replace(blank, verdict="definition", reason="an update"), claim
        if m.same(claim.left, claim.right) and not claim.conditions:
            return replace(blank, verdict="vacuous", reason="both sides are the same"), claim
        key = (
            statement.relation, _spelt(statement.left), _spelt(statement.right), id(scope),
            tuple(map(_spelt, statement.conditions)), self.model.version,
        )  # fmt: skip
        if key not in self._tried_before:
            finding = self._tried(claim, blank)
            if finding.verdict == "unchecked":  # its reason has a place
                return finding, claim
            self._tried_before[key] = finding
        known = self._tried_before[key]
        return replace(
            blank, verdict=known.verdict, reason=known.reason, left=known.left, right=known.right,
            where=known.where, points=known.points,
        ), claim  # fmt: skip

    def read_again(self, claim: Claim, finding: Finding) -> Finding:
        """The finding on a false claim, true where what is ambiguous in it can be read so."""
        deadline = time.monotonic() + self.time_limit
        for reading in readings_of(self.model, claim):
            try:
                outcome = try_claim(
                    self.model, claim, self.points, deadline=deadline, reading=reading
                )
            except OutOfTime:
                continue
            if outcome.holds:
                return replace(
                    finding, verdict="true", reason=reading.says, left="", right="", where="",
                    points=outcome.points,
                )  # fmt: skip
        return finding

    def _tried(self, claim: Claim, blank: Finding) -> Finding:
        deadline = time.monotonic() + self.time_limit
        reading = PLAIN
        try:
            outcome = try_claim(self.model, claim, self.points, deadline=deadline)
            if has_hadamard(claim) and outcome.failure is not None and outcome.failure.shapes:
                other = Reading(left_to_right=True, says="read from left to right, as (A ⊙ B) C")
                again = try_claim(self.model, claim, self.points, deadline=deadline, reading=other)
                if again.problem is None and (again.failure is None or not again.failure.shapes):
                    outcome, reading = again, other
        except OutOfTime:
            reason = f"it takes more than {self.time_limit:g} seconds"
            return replace(blank, verdict="unchecked", reason=reason)
        return self._read_off(claim, outcome, replace(blank, points=outcome.points), reading)

    def _read_off(
        self, claim: Claim, outcome: Outcome, blank: Finding, reading: Reading
    ) -> Finding:
        free = {
            f"`{part.name}`"
            for part in m.walk((claim.left, claim.right))
            if isinstance(part, m.Parameter)
        }
        failure = outcome.failure
        if failure is not None and failure.open:
            reason = "`I` is not in the notation, and as the identity matrix it fits nowhere"
            return replace(blank, verdict="unchecked", reason=reason)
        if failure is not None and failure.shapes and free:
            reason = f"the free variable {', '.join(sorted(free))} is taken as a number: "
            return replace(blank, verdict="unchecked", reason=reason + failure.shapes)
        if failure is not None:
            return replace(
                blank, verdict="false", left=failure.left, right=failure.right,
                where=failure.where, reason=failure.shapes or reading.says,
            )  # fmt: skip
        if outcome.problem is not None:
            at = outcome.problem.at
            place = self._place(at) if at >= 0 else ""
            return replace(blank, verdict="unchecked", reason=outcome.problem.message + place)
        if outcome.conflict:
            return replace(blank, verdict="unchecked", reason=outcome.conflict)
        if outcome.instances == 0:
            reason = "its conditions leave no index to test it at"
            return replace(blank, verdict="vacuous", reason=reason)
        if outcome.points == 0:
            reason = "its sides are not finite at any point"
            return replace(blank, verdict="unchecked", reason=reason)
        return replace(blank, verdict="true", reason=reading.says)

    # ------------------------------------------------------------------ assumptions

    def _assumption(self, tokens: list[Token], statement: Statement, scope: Scope) -> str:
        """Why a claim under an assumption is not tested; "" if the model is as assumed."""
        at = tokens[0].at
        if at not in self._assumed:
            self._assumed[at] = self._judged(tokens, statement, scope)
        return self._assumed[at]

    def _judged(self, tokens: list[Token], statement: Statement, scope: Scope) -> str:
        source = self.model.source(at := tokens[0].at, max(t.end for t in tokens))
        untested = f"it is under the condition `{source}`, not tested"
        cuts = [i for i, t in enumerate(tokens) if t.kind == "RELATION"]
        if len(cuts) != 1 or any(t.kind == "OTHER" for t in tokens):
            return untested
        left, right = tokens[: cuts[0]], tokens[cuts[0] + 1 :]
        said = Statement(at, at, tokens[-1].end, "=", left, right, statement.segment)
        try:
            claim = resolve_claim(self.model, said, scope)
        except (m.Unresolved, SyntaxProblem, RecursionError):
            return untested
        finding = self._tried(claim, self._blank(said))
        if finding.verdict == "false":
            return f"it is under the condition `{source}`, which is not so in the model"
        return "" if finding.verdict == "true" else untested

    # ------------------------------------------------------------------ text

    def _blank(self, statement: Statement) -> Finding:
        place = self.model.document.place
        line, column = place(statement.at)
        end_line, _ = place(max(statement.end - 1, statement.at))
        span = (statement.start, statement.end)
        return Finding("true", self._text(statement), line, column, end_line, span)

    def _text(self, statement: Statement) -> str:
        source = self.model.source
        if not statement.left or not statement.right:
            return source(statement.start, statement.end)[:400]
        left = source(statement.left[0].at, max(t.end for t in statement.left))
        right = source(statement.right[0].at, max(t.end for t in statement.right))
        return f"{left} {statement.relation} {right}"[:400]

    def _place(self, at: int) -> str:
        line, column = self.model.document.place(at)
        return f" (line {line}, column {column})"


def _spelt(tokens: Iterable[Token]) -> object:
    """Tokens without their places, to know a claim that is said again."""
    return tuple((t.kind, t.text, t.style, _spelt(t.inner)) for t in tokens)


def _is_update(claim: Claim) -> bool:
    """Whether what is assigned to also stands on the right."""
    return any(m.same(part, claim.left) for part in m.walk(claim.right))
