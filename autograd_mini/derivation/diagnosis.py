"""What would make a false claim true: another symbol, a prime, a factor, a sign, a reading.

Every suggestion is tested like a claim before it is made. Whether a claim is false is not decided
here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from autograd_mini import Value

from . import meaning as m
from .arrays import Array, Mismatch
from .checker import Checker, Claim, close, generic_letters
from .evaluate import OutOfTime, evaluate
from .names import Index
from .ranges import ranges_of
from .report import Finding

__all__ = ["diagnose"]

TIME = 3.0  # seconds for one claim
MANY = 24  # symbols on one side


@dataclass(frozen=True)
class _Variant:
    """A claim with one thing changed, and how to say so."""

    claim: Claim
    says: str
    cause: str
    new: m.Meaning | None = None
    side: str = "right"


def diagnose(checker: Checker, claim: Claim, finding: Finding) -> Finding:
    """The finding with a diagnosis, if one is found."""
    deadline = time.monotonic() + TIME
    try:
        says, cause = _diagnosis(checker, claim, deadline)
    except OutOfTime:
        return finding
    parts = [says] if says else []
    if _holds_for_one_unit(checker, claim, deadline):
        parts.append("true only when every layer has one unit")
    return replace(finding, diagnosis="; ".join(parts), cause=cause)


def _diagnosis(checker: Checker, claim: Claim, deadline: float) -> tuple[str, str]:
    reading = _other_reading(checker, claim, deadline)
    if reading:
        return reading, "reading"
    factor = _factor(checker, claim, deadline)
    if factor:
        return factor
    symbol = _best_symbol(checker, claim, deadline)
    if symbol:
        return symbol
    for variant in (*_scaled_terms(checker, claim), *_split_products(checker, claim)):
        if _true(checker, variant.claim, deadline):
            return variant.says, variant.cause
    # Two slips at once: another symbol makes the shapes fit, and a factor makes it true.
    for variant in _symbols(checker, claim):
        outcome = checker.test(variant.claim, deadline=deadline, points=1)
        if outcome.problem is None and outcome.failure and not outcome.failure.shapes:
            for scaled in _scaled_terms(checker, variant.claim):
                if _true(checker, scaled.claim, deadline):
                    return f"{variant.says}, and {scaled.says}", scaled.cause
    return "", ""


def _true(checker: Checker, claim: Claim, deadline: float) -> bool:
    for left_to_right in (False, True):
        outcome = checker.test(claim, deadline=deadline, left_to_right=left_to_right, points=3)
        if outcome.failure is not None and outcome.failure.shapes and not left_to_right:
            continue
        return (
            outcome.failure is None
            and outcome.problem is None
            and outcome.points > 0
            and not outcome.conflict
        )
    return False


# ---------------------------------------------------------------------- readings and sizes


def _other_reading(checker: Checker, claim: Claim, deadline: float) -> str:
    for part in m.walk((claim.left, claim.right)):
        if isinstance(part, m.Mul) and any(operator == "⊙" for operator, _ in part.items[1:]):
            outcome = checker.test(claim, deadline=deadline, left_to_right=True)
            if outcome.failure is None and outcome.problem is None and outcome.points:
                return "holds if you read it from left to right, as (A ⊙ B) C"
            break
    return ""


def _holds_for_one_unit(checker: Checker, claim: Claim, deadline: float) -> bool:
    names = claim.scope.dimensions
    if not names:
        return False
    first = checker.notation.first_index
    for single in (1, 0) if first == 0 else (1,):
        try:
            outcome = checker.test(
                claim, deadline=deadline, points=3, sizes=[dict.fromkeys(names, single)]
            )
        except (OutOfTime, RuntimeError, ValueError, TypeError):
            continue
        if outcome.failure is None and outcome.problem is None and outcome.points:
            return single == 1 or first == 0
    return False


# ---------------------------------------------------------------------- factors


def _factor(checker: Checker, claim: Claim, deadline: float) -> tuple[str, str] | None:
    """A factor between the sides that is the same everywhere, or depends on the size alone."""
    by_size: list[tuple[dict[str, int], float]] = []
    for size in checker.notation.sizes_for(claim.scope):
        ratios = []
        for number in range(3):
            found = _ratios(checker, claim, size, number, deadline)
            if found is None:
                return None
            ratios += found
        if not ratios or not all(close(ratio, ratios[0]) for ratio in ratios):
            return None
        point = checker.point(claim.scope, size, 0)
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
    checker: Checker, claim: Claim, size: dict[str, int], number: int, deadline: float
) -> list[float] | None:
    point = checker.point(claim.scope, size, number)
    point.deadline = deadline
    letters = generic_letters(claim, point.table.dimensions)
    ranges = ranges_of((claim.left, claim.right), letters, point, {})
    chosen = {x: max(ranges[x].values) for x in letters if x in ranges and ranges[x].values}
    for point.left_to_right in (False, True):
        try:
            left = _numbers(evaluate(claim.left, point, chosen))
            right = _numbers(evaluate(claim.right, point, chosen))
        except Mismatch:
            continue
        except (m.Unresolved, ArithmeticError):
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


def _scaled_terms(checker: Checker, claim: Claim) -> Iterator[_Variant]:
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
                    changed = _replaced(tree, term, scaled)
                    variant = _with(claim, side, changed)
                    source = _source(checker, term)
                    what = "with the other sign" if label == "-1" else f"times {label}"
                    says = f"true if the term `{source}` on the {side} is {what}"
                    cause = "" if label == "-1" else f"factor {label}"
                    yield _Variant(variant, says, cause)


def _with(claim: Claim, side: str, tree: m.Meaning) -> Claim:
    return replace(claim, left=tree) if side == "left" else replace(claim, right=tree)


def _replaced(tree: m.Meaning, old: m.Meaning, new: m.Meaning) -> m.Meaning:
    found: m.Meaning = m.rebuild(tree, lambda part: new if part is old else part)
    return found


def _split_products(checker: Checker, claim: Claim) -> Iterator[_Variant]:
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
                changed = _replaced(tree, part, new)
                source = _source(checker, part.items[cut][1])
                says = f"true if a + stands before `{source}` on the {side}"
                yield _Variant(_with(claim, side, changed), says, "")


# ---------------------------------------------------------------------- symbols


def _best_symbol(checker: Checker, claim: Claim, deadline: float) -> tuple[str, str] | None:
    found: list[_Variant] = []
    try:
        for variant in _symbols(checker, claim):
            if found and len(_parts(getattr(claim, variant.side))) > MANY:
                break
            if _true(checker, variant.claim, deadline):
                found.append(variant)
                if len(found) > 12:
                    break
    except OutOfTime:
        if not found:
            raise
    if not found:
        return None

    def rank(variant: _Variant) -> tuple[bool, bool, int]:
        mine = variant.claim
        said = any(
            other is not claim and m.same(other.left, mine.left) and m.same(other.right, mine.right)
            for other in checker.claims
        )
        beside = 0
        if variant.new is not None:
            beside = sum(
                m.same(part, variant.new)
                for other in checker.claims
                if other.statement.segment is claim.statement.segment
                for part in m.walk((other.left, other.right))
            )
        return said, variant.side == "left", -beside

    best = min(found, key=rank)
    return best.says, best.cause


def _symbols(checker: Checker, claim: Claim) -> Iterator[_Variant]:
    """The claim with one symbol changed: an index, a prime, a transpose, then the symbol itself."""
    sides = ("right", "left")
    few = [side for side in sides if len(_parts(getattr(claim, side))) <= MANY]
    # A matrix written out has a great many symbols: it comes last.
    for group in (few, [side for side in sides if side not in few]):
        for vary in (_changed, _replacements):
            for side in group:
                for part in _parts(getattr(claim, side)):
                    for new, text in vary(checker, claim, part):
                        yield _variant(checker, claim, side, part, new, text)


def _replacements(
    checker: Checker, claim: Claim, part: m.Meaning
) -> Iterator[tuple[m.Meaning, str]]:
    """The part with another symbol in its place, its entry or transpose kept."""
    base = part.base if isinstance(part, (m.Entry, m.Transposed)) else part
    if not isinstance(base, m.Reference):
        return
    for new, text in _others(checker, claim, base):
        if isinstance(part, m.Transposed):
            yield replace(part, base=new), f"{text}^T"
        elif not isinstance(part, m.Entry):
            yield new, text
        elif isinstance(new, m.Reference) and not new.slots:
            yield replace(part, base=new), f"{text}_{{{','.join(map(str, part.indices))}}}"


def _parts(tree: m.Meaning) -> list[m.Meaning]:
    """The parts to change; a symbol with an entry or a transpose counts as one with it."""
    kinds = (m.Reference, m.Entry, m.Apply, m.Transposed, m.Power)
    inner = {
        id(part.base)
        for part in m.walk(tree)
        if isinstance(part, (m.Entry, m.Transposed)) and isinstance(part.base, m.Reference)
    }
    return [part for part in m.walk(tree) if isinstance(part, kinds) and id(part) not in inner]


def _variant(
    checker: Checker, claim: Claim, side: str, part: m.Meaning, new: m.Meaning, text: str
) -> _Variant:
    changed = _replaced(getattr(claim, side), part, new)
    old = _source(checker, part)
    says = f"true if `{old}` on the {side} is `{text}`"
    return _Variant(_with(claim, side, changed), says, f"`{old}` is `{text}`", new, side)


def _changed(checker: Checker, claim: Claim, part: m.Meaning) -> Iterator[tuple[m.Meaning, str]]:
    if isinstance(part, m.Reference):
        yield from _reindexed(checker, claim, part)
        yield m.Transposed(part.at, part.end, part), _source(checker, part) + "^T"
    elif isinstance(part, m.Entry):
        for indices in _other_indices(checker, claim, part.indices, None):
            written = ",".join(map(str, indices))
            base = (
                part.base.key if isinstance(part.base, m.Reference) else _source(checker, part.base)
            )
            yield replace(part, indices=indices), f"{base}_{{{written}}}"
    elif isinstance(part, m.Apply):
        if part.primes:
            yield replace(part, primes=part.primes - 1), _primed(checker, part, part.primes - 1)
        yield replace(part, primes=part.primes + 1), _primed(checker, part, part.primes + 1)
    elif isinstance(part, m.Transposed):
        yield part.base, _TURNED.sub("", _source(checker, part))
    elif isinstance(part, m.Power) and isinstance(part.exponent, m.Number):
        yield part.base, _source(checker, part.base)


_TURNED = re.compile(r"\s*\^\s*(?:\{\s*)?(?:T|\\top|\\intercal)(?:\s*\})?$")


def _primed(checker: Checker, part: m.Apply, primes: int) -> str:
    source = _source(checker, part)
    head, bracket, rest = source.partition("(")
    return head.replace("'", "").replace("^{\\prime}", "").rstrip() + "'" * primes + bracket + rest


def _reindexed(
    checker: Checker, claim: Claim, part: m.Reference
) -> Iterator[tuple[m.Meaning, str]]:
    values = checker.point(claim.scope, checker.notation.sizes_for(claim.scope)[0], 0).table.values
    items = values.get(part.key)
    for slots in _other_indices(checker, claim, part.slots, items):
        new = replace(part, slots=slots)
        yield new, _written(checker, new)


def _other_indices(
    checker: Checker, claim: Claim, indices: tuple[Index, ...], items: Any
) -> Iterator[tuple[Index, ...]]:
    letters = sorted(
        {x for i in m.indices_in((claim.left, claim.right)) for x, _ in i.letters if x[0] != "#"}
    )
    for k, index in enumerate(indices):
        choices = [Index(((letter, 1),), 0) for letter in letters] if index.letters else []
        if index.letters:
            choices += [replace(index, offset=index.offset + d) for d in (-1, 1)]
        elif isinstance(items, dict):
            choices += [Index((), value) for value in sorted({key[k] for key in items})]
        else:
            first = checker.notation.first_index
            choices += [Index((), value) for value in range(first, first + 3)]
        for choice in choices:
            if choice != index:
                yield (*indices[:k], choice, *indices[k + 1 :])
    for a in range(len(indices)):
        for b in range(a + 1, len(indices)):
            if indices[a] != indices[b]:
                swapped = list(indices)
                swapped[a], swapped[b] = swapped[b], swapped[a]
                yield tuple(swapped)


def _others(checker: Checker, claim: Claim, part: m.Reference) -> Iterator[tuple[m.Meaning, str]]:
    symbols = checker._symbols(claim.scope)
    count = 0
    for text, key in symbols.keys.items():
        if text == part.key or text in symbols.functions or key.name in symbols.dimensions:
            continue
        if len(key.slots) == len(part.slots) and count < 60:
            count += 1
            new = replace(part, key=text)
            yield new, _written(checker, new)
    for text, key in symbols.keys.items():  # Y for y₀, where a whole stands for an entry
        if not part.slots and len(key.slots) == 1 and text not in symbols.functions:
            first = checker.notation.first_index
            for value in (first, first + 1):
                new = m.Reference(part.at, part.end, text, (Index((), value),))
                yield new, _written(checker, new)


def _written(checker: Checker, node: m.Reference) -> str:
    """A reference as its key, with the indices in place of the letters of the slots."""
    key = next(
        key for symbols in checker.symbols.values() for text, key in symbols.keys.items()
        if text == node.key
    )  # fmt: skip
    places = [
        (token.at, token.end, node.slots[key.slots.index(token.text)])
        for script in (key.sub, key.sup)
        for token in script or ()
        if token.kind == "SLOT"
    ]
    text = key.text
    for at, end, index in sorted(places, key=lambda place: place[0], reverse=True):
        text = text[:at] + str(index) + text[end:]
    return text


def _source(checker: Checker, node: m.Meaning) -> str:
    text = " ".join(checker.document.text[node.at : node.end].split())
    return text if len(text) <= 80 else text[:77] + "…"


def _numbers(x: Any) -> list[float]:
    entries = x.entries if isinstance(x, Array) else (x,)
    return [entry.data if isinstance(entry, Value) else float(entry) for entry in entries]
