"""Tries a claim at random points: at each size, for all values of its indices.

Random points refute and never prove. What the outcome means for the report is decided elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograd_mini.derivation.evaluating.arrays import Mismatch
from autograd_mini.derivation.evaluating.comparison import compare, worst, written
from autograd_mini.derivation.evaluating.evaluate import evaluate, open_sizes
from autograd_mini.derivation.evaluating.point import Missing, Point, Reading
from autograd_mini.derivation.evaluating.ranges import Range, Ranges
from autograd_mini.derivation.meaning import nodes as m

from .claim import Claim, generic_letters
from .model import Model

__all__ = ["PLAIN", "Failure", "Outcome", "try_claim"]

MOST_INSTANCES = 400
PLAIN = Reading()


@dataclass(frozen=True)
class Failure:
    """Where a claim does not hold.

    Attributes:
        left: the left side's value there.
        right: the right side's.
        where: the sizes and indices.
        shapes: what does not conform, "" if the numbers differ.
        open: whether I stands in it, may be no identity matrix, and fits nowhere as one.
    """

    left: str
    right: str
    where: str
    shapes: str = ""
    open: bool = False


@dataclass
class Outcome:
    """What trying a claim gave.

    Attributes:
        failure: where it fails first, None if it does not.
        points: at how many points it was tested.
        instances: at how many values of its indices.
        conflict: a sentence if symbols disagree about where an index ends.
        problem: what kept it from being evaluated.
    """

    failure: Failure | None = None
    points: int = 0
    instances: int = 0
    conflict: str = ""
    problem: m.Unresolved | None = None

    @property
    def holds(self) -> bool:
        """Whether it was tested and not refuted."""
        return (
            self.failure is None and self.problem is None and self.points > 0 and not self.conflict
        )


def try_claim(
    model: Model, claim: Claim, points: int, *, deadline: float = math.inf,
    reading: Reading = PLAIN, sizes: list[dict[str, int]] | None = None,
) -> Outcome:  # fmt: skip
    """Evaluate a claim at every size and point, until one refutes it.

    Args:
        model: what the symbols stand for.
        claim: the claim.
        points: how many points of each size.
        deadline: the time, by `time.monotonic`, at which to give up.
        reading: how to read what can be read in several ways.
        sizes: sizes in place of the notation's.

    Raises:
        OutOfTime: if the deadline passes.
    """
    outcome = Outcome()
    problem: m.Unresolved | None = None
    tested = False
    for size in sizes if sizes is not None else model.sizes(claim.scope):
        for number in range(points):
            point = model.point(claim.scope, size, number)
            point.deadline = deadline
            if point.reading is not reading:
                point.reading = reading
                point.memo.clear()
            try:
                _at_point(claim, point, outcome)
                tested = True
            except Missing as missing:
                problem = problem or missing
                break  # this size is too small for what is written out
            except m.Unresolved as unresolved:
                outcome.problem = unresolved
                return outcome
            except RecursionError:
                outcome.problem = m.Unresolved("it is nested too deeply")
                return outcome
            except (ArithmeticError, ValueError, TypeError, AttributeError) as error:
                message = f"evaluating it raised {type(error).__name__}: {error}"
                outcome.problem = m.Unresolved(message)
                return outcome
            if outcome.failure is not None:
                return outcome
    if not tested:
        outcome.problem = problem
    return outcome


def _at_point(claim: Claim, point: Point, outcome: Outcome) -> None:
    finite = 0
    for letters in _instances(claim, point, outcome):
        outcome.instances += 1
        verdict = _at_instance(claim, point, letters)
        if isinstance(verdict, Failure):
            outcome.failure = verdict
            return
        finite += verdict
    outcome.points += finite > 0


def _at_instance(claim: Claim, point: Point, letters: dict[str, int]) -> bool | Failure:
    """Whether both sides are finite and the same; else where they fail.

    Where the size of I or of a vector of ones is open, one size at which the sides agree is enough.
    """
    where = ", ".join(
        [f"{k} = {v}" for k, v in point.size.items()]
        + [f"{k} = {v}" for k, v in letters.items() if not k.startswith("#")]
    )
    at = f" (at {where})" if where else ""
    constants = claim.open_constants
    is_open = any(constant.kind == "I" for constant in constants)
    shapes: Failure | None = None
    numbers: Failure | None = None
    for sizes in open_sizes(constants, point):
        try:
            left = evaluate(claim.left, point, letters | sizes)
            right = evaluate(claim.right, point, letters | sizes)
        except Mismatch as mismatch:
            shapes = shapes or Failure("", "", where, f"{mismatch}{at}", is_open)
            continue
        verdict = compare(left, right)
        if isinstance(verdict, str):
            shapes = shapes or Failure(
                written(left), written(right), where, f"{verdict}{at}", is_open
            )
        elif verdict is False:
            numbers = numbers or Failure(*worst(left, right), f"at {where or 'a random point'}")
        else:
            return verdict is True
    failure = numbers or shapes
    return False if failure is None else failure


def _instances(claim: Claim, point: Point, outcome: Outcome) -> Iterator[dict[str, int]]:
    """The values that the generic indices of a claim take."""
    dimensions = point.table.dimensions
    letters = generic_letters(claim, dimensions)
    if point.reading.sizes_fixed:
        letters = tuple(letter for letter in letters if letter not in dimensions)
    both = (claim.left, claim.right)
    finder = Ranges(point, evaluate)
    ranges = finder.of(both, letters, {})
    placed = {
        letter
        for part in m.walk(both)
        if isinstance(part, (m.Reference, m.Entry))
        for letter in m.letters_in(part)
    }
    first = point.table.first_index
    for letter in letters:
        if letter not in ranges and letter not in placed:  # of δᵢⱼ alone
            ranges[letter] = Range(frozenset(range(first, first + 3)), "")
    missing = [letter for letter in letters if letter not in ranges]
    if missing:
        raise m.Unresolved(f"the index `{missing[0]}` has no range", claim.statement.at)
    count = 0
    for chosen, conflict in finder.together(both, letters, ranges):
        if all(_holds(condition, point, chosen) for condition in claim.conditions):
            outcome.conflict = outcome.conflict or conflict
            count += 1
            if count > MOST_INSTANCES:
                return
            yield chosen


def _holds(condition: m.Condition, point: Point, letters: Mapping[str, int]) -> bool:
    found: Any = evaluate(m.Indicator(condition.at, condition.end, (condition,)), point, letters)
    return bool(found == 1.0)
