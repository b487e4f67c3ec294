"""Slips of size: a lost 1/n, a factor 2, a sign, a + that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from autograd_mini.derivation.checking.claim import Claim, generic_letters
from autograd_mini.derivation.checking.model import Model
from autograd_mini.derivation.checking.trial import PLAIN
from autograd_mini.derivation.evaluating.arrays import Mismatch
from autograd_mini.derivation.evaluating.comparison import close, numbers_of
from autograd_mini.derivation.evaluating.evaluate import evaluate
from autograd_mini.derivation.evaluating.point import Reading
from autograd_mini.derivation.evaluating.ranges import Ranges
from autograd_mini.derivation.meaning import nodes as m

from .variant import Variant, quoted, replaced, with_side

__all__ = ["factor_between", "scaled_terms", "split_products"]


def factor_between(model: Model, claim: Claim, deadline: float) -> tuple[str, str] | None:
    """A factor between the sides that is the same everywhere, or depends on the size alone."""
    by_size: list[tuple[dict[str, int], float]] = []
    for size in model.sizes(claim.scope):
        ratios = []
        for number in range(3):
            found = _ratios(model, claim, size, number, deadline)
            if found is None:
                return None
            ratios += found
        if not ratios or not all(close(ratio, ratios[0]) for ratio in ratios):
            return None
        point = model.point(claim.scope, size, 0)
        by_size.append((dict(size) | point.table.dimensions, ratios[0]))
    name = _name_of(by_size)
    if name is None:
        return None
    if name == "-1":
        return "the sign: left is minus right everywhere", ""
    if name.startswith("-"):
        return f"left is {name} times right everywhere: a sign and a factor", f"factor {name}"
    return f"left is {_spoken(name)} right everywhere: a factor {name}", f"factor {name}"


def _ratios(
    model: Model, claim: Claim, size: dict[str, int], number: int, deadline: float
) -> list[float] | None:
    point = model.point(claim.scope, size, number)
    point.deadline = deadline
    letters = generic_letters(claim, point.table.dimensions)
    ranges = Ranges(point, evaluate).of((claim.left, claim.right), letters, {})
    chosen = {x: max(ranges[x].values) for x in letters if x in ranges and ranges[x].values}
    for point.reading in (PLAIN, Reading(left_to_right=True)):
        point.memo.clear()
        try:
            left = numbers_of(evaluate(claim.left, point, chosen))
            right = numbers_of(evaluate(claim.right, point, chosen))
        except Mismatch:
            continue
        except (m.Unresolved, ArithmeticError, ValueError, TypeError):
            return None
        if len(left) != len(right):
            return None
        ratios = []
        for a, b in zip(left, right, strict=True):
            if abs(a) < 1e-12 and abs(b) < 1e-12:
                continue
            if abs(b) < 1e-12 or abs(a) < 1e-12:
                return None
            ratios.append(a / b)
        return ratios
    return None


def _name_of(by_size: list[tuple[dict[str, int], float]]) -> str | None:
    """A name for a number that is known at several sizes."""
    candidates: list[tuple[str, Any]] = [
        ("-1", lambda d: -1.0), ("1/2", lambda d: 0.5), ("2", lambda d: 2.0),
        ("-2", lambda d: -2.0), ("-1/2", lambda d: -0.5), ("4", lambda d: 4.0),
        ("1/4", lambda d: 0.25), ("3", lambda d: 3.0), ("1/3", lambda d: 1 / 3),
    ]  # fmt: skip
    for name in by_size[0][0]:
        candidates += [
            (f"1/{name}", lambda d, n=name: 1 / d[n] if d[n] else 0.0),
            (name, lambda d, n=name: float(d[n])),
            (f"-1/{name}", lambda d, n=name: -1 / d[n] if d[n] else 0.0),
            (f"2/{name}", lambda d, n=name: 2 / d[n] if d[n] else 0.0),
            (f"1/(2{name})", lambda d, n=name: 0.5 / d[n] if d[n] else 0.0),
            (f"1/({name}+1)", lambda d, n=name: 1 / (d[n] + 1)),
        ]
    sized = len({tuple(d.items()) for d, _ in by_size}) > 1
    for name, number in candidates if sized else candidates[:9]:
        if all(close(number(dimensions), ratio) for dimensions, ratio in by_size):
            return name
    return None


def _spoken(name: str) -> str:
    """½ of, 1/n of, 2 times."""
    small = {"1/2": "½", "1/4": "¼", "1/3": "⅓"}.get(name, name)
    return f"{small} of" if "/" in name else f"{name} times"


def scaled_terms(model: Model, claim: Claim) -> Iterator[Variant]:
    """The claim with one term of a sum multiplied by a factor."""
    names = claim.scope.dimensions
    factors: list[tuple[str, m.Meaning]] = [("-1", m.Number(-1, -1, -1.0))]
    for name in names:
        one = m.Number(-1, -1, 1.0)
        size = m.Size(-1, -1, name)
        factors.append((f"1/{name}", m.Mul(-1, -1, (("", one), ("/", size)))))
        factors.append((name, size))
    factors += [("1/2", m.Number(-1, -1, 0.5)), ("2", m.Number(-1, -1, 2.0))]
    for side in ("right", "left"):
        tree: m.Meaning = getattr(claim, side)
        for part in list(m.walk(tree)):
            if not isinstance(part, m.Add):
                continue
            for _, term in part.terms:
                for label, factor in factors:
                    scaled = m.Mul(term.at, term.end, (("", factor), ("", term)))
                    changed = replaced(tree, term, scaled)
                    variant = with_side(claim, side, changed)
                    source = quoted(model, term)
                    what = "with the other sign" if label == "-1" else f"times {label}"
                    says = f"true if the term `{source}` on the {side} is {what}"
                    cause = "" if label == "-1" else f"factor {label}"
                    yield Variant(variant, says, cause)


def split_products(model: Model, claim: Claim) -> Iterator[Variant]:
    """The claim with a + where two factors stand side by side."""
    for side in ("right", "left"):
        tree: m.Meaning = getattr(claim, side)
        for part in m.walk(tree):
            if not isinstance(part, m.Mul):
                continue
            for cut in range(1, len(part.items)):
                if part.items[cut][0] != "":
                    continue
                halves = [
                    items[0][1] if len(items) == 1 else replace(part, items=items)
                    for items in (part.items[:cut], part.items[cut:])
                ]
                new = m.Add(part.at, part.end, ((1, halves[0]), (1, halves[1])))
                changed = replaced(tree, part, new)
                source = quoted(model, part.items[cut][1])
                says = f"true if a + stands before `{source}` on the {side}"
                yield Variant(with_side(claim, side, changed), says, "")
