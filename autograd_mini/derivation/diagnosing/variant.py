"""A claim with one thing changed: what a diagnosis tries, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograd_mini.derivation.checking.claim import Claim, has_hadamard
from autograd_mini.derivation.checking.model import Model
from autograd_mini.derivation.checking.readings import readings_of
from autograd_mini.derivation.checking.trial import try_claim
from autograd_mini.derivation.evaluating.point import Reading
from autograd_mini.derivation.meaning import nodes as m

__all__ = ["Variant", "is_true", "quoted", "replaced", "with_side"]


@dataclass(frozen=True)
class Variant:
    """A claim with one thing changed.

    Attributes:
        claim: the changed claim.
        says: what was changed, as the report says it.
        cause: what other claims with the same slip have in common, "" for nothing.
        new: what was put in.
        side: where: "left" or "right".
    """

    claim: Claim
    says: str
    cause: str
    new: m.Meaning | None = None
    side: str = "right"


def is_true(model: Model, claim: Claim, deadline: float) -> bool:
    """Whether a claim holds at a few points in one of its readings.

    Raises:
        OutOfTime: if the deadline passes.
    """
    outcome = try_claim(model, claim, 3, deadline=deadline)
    others = readings_of(model, claim)
    if outcome.failure is not None and outcome.failure.shapes and has_hadamard(claim):
        others.append(Reading(left_to_right=True))
    return outcome.holds or any(
        try_claim(model, claim, 3, deadline=deadline, reading=other).holds for other in others
    )


def with_side(claim: Claim, side: str, tree: m.Meaning) -> Claim:
    """The claim with another left or right side."""
    return replace(claim, left=tree) if side == "left" else replace(claim, right=tree)


def replaced(tree: m.Meaning, old: m.Meaning, new: m.Meaning) -> m.Meaning:
    """The tree with one of its parts exchanged."""
    found: m.Meaning = m.rebuild(tree, lambda part: new if part is old else part)
    return found


def quoted(model: Model, node: m.Meaning) -> str:
    """What the document has for a meaning, shortened."""
    text = model.source(node.at, node.end)
    return text if len(text) <= 80 else text[:77] + "…"
