"""What would make a false claim true: another symbol, a prime, a factor, a sign, a reading.

Every suggestion is tried like a claim before it is made. Whether a claim is false is not decided
here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from autograd_mini.derivation.checking.claim import Claim, has_hadamard
from autograd_mini.derivation.checking.model import Model
from autograd_mini.derivation.checking.trial import try_claim
from autograd_mini.derivation.evaluating.point import OutOfTime, Reading
from autograd_mini.derivation.report import Finding

from .factors import factor_between, scaled_terms, split_products
from .repairs import best_symbol, changed_symbols
from .variant import is_true

__all__ = ["diagnose"]

TIME = 2.5  # seconds for one claim


def diagnose(model: Model, claim: Claim, finding: Finding, claims: Sequence[Claim] = ()) -> Finding:
    """The finding with a diagnosis, if one is found.

    Args:
        model: what the symbols stand for.
        claim: the false claim.
        finding: what was found of it.
        claims: those of the document: a repair that makes the claim repeat one of them is unlikely.
    """
    deadline = time.monotonic() + TIME
    try:
        says, cause = _diagnosis(model, claim, deadline, claims)
    except OutOfTime:
        return finding
    parts = [says] if says else []
    if _holds_for_one_unit(model, claim, deadline):
        parts.append("true only when every layer has one unit")
    return replace(finding, diagnosis="; ".join(parts), cause=cause)


def _diagnosis(
    model: Model, claim: Claim, deadline: float, claims: Sequence[Claim]
) -> tuple[str, str]:
    if _holds_from_left_to_right(model, claim, deadline):
        return "holds if you read it from left to right, as (A ⊙ B) C", "reading"
    factor = factor_between(model, claim, deadline)
    if factor:
        return factor
    symbol = best_symbol(model, claim, deadline, claims)
    if symbol:
        return symbol
    for variant in (*scaled_terms(model, claim), *split_products(model, claim)):
        if is_true(model, variant.claim, deadline):
            return variant.says, variant.cause
    # Two slips at once: another symbol makes the shapes fit, and a factor makes it true.
    for variant in changed_symbols(model, claim):
        outcome = try_claim(model, variant.claim, 1, deadline=deadline)
        if outcome.problem is None and outcome.failure and not outcome.failure.shapes:
            for scaled in scaled_terms(model, variant.claim):
                if is_true(model, scaled.claim, deadline):
                    return f"{variant.says}, and {scaled.says}", scaled.cause
    return "", ""


def _holds_from_left_to_right(model: Model, claim: Claim, deadline: float) -> bool:
    other = Reading(left_to_right=True)
    return (
        has_hadamard(claim) and try_claim(model, claim, 3, deadline=deadline, reading=other).holds
    )


def _holds_for_one_unit(model: Model, claim: Claim, deadline: float) -> bool:
    names = claim.scope.dimensions
    first = model.notation.first_index
    for single in ((1, 0) if first == 0 else (1,)) if names else ():
        size = dict.fromkeys(names, single)
        try:
            outcome = try_claim(model, claim, 3, deadline=deadline, sizes=[size])
        except (OutOfTime, RuntimeError, ValueError, TypeError):
            continue
        if outcome.holds:
            return True
    return False
