"""Slips of symbols: another index, a prime, a transpose, another letter would make a claim true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograd_mini.derivation.checking.claim import Claim
from autograd_mini.derivation.checking.model import Model
from autograd_mini.derivation.evaluating.point import OutOfTime
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.indices import Index

from .variant import Variant, is_true, quoted, replaced, with_side

__all__ = ["best_symbol", "changed_symbols"]

MANY = 24  # symbols on one side


def best_symbol(
    model: Model, claim: Claim, deadline: float, claims: Sequence[Claim]
) -> tuple[str, str] | None:
    """The change of one symbol that makes a claim true and fits best what stands around it."""
    found: list[Variant] = []
    try:
        for variant in changed_symbols(model, claim):
            if found and len(_parts(getattr(claim, variant.side))) > MANY:
                break
            if is_true(model, variant.claim, deadline):
                found.append(variant)
                if len(found) > 12:
                    break
    except OutOfTime:
        if not found:
            raise
    if not found:
        return None

    def rank(variant: Variant) -> tuple[bool, bool, int]:
        mine = variant.claim
        said = any(
            other is not claim and m.same(other.left, mine.left) and m.same(other.right, mine.right)
            for other in claims
        )
        beside = 0
        if variant.new is not None:
            beside = sum(
                m.same(part, variant.new)
                for other in claims
                if other.statement.segment is claim.statement.segment
                for part in m.walk((other.left, other.right))
            )
        return said, variant.side == "left", -beside

    best = min(found, key=rank)
    return best.says, best.cause


def changed_symbols(model: Model, claim: Claim) -> Iterator[Variant]:
    """The claim with one symbol changed: an index, a prime, a transpose, then the symbol itself."""
    sides = ("right", "left")
    few = [side for side in sides if len(_parts(getattr(claim, side))) <= MANY]
    # A matrix written out has a great many symbols: it comes last.
    for group in (few, [side for side in sides if side not in few]):
        for vary in (_changed, _replacements):
            for side in group:
                for part in _parts(getattr(claim, side)):
                    for new, text in vary(model, claim, part):
                        yield _variant(model, claim, side, part, new, text)


def _replacements(model: Model, claim: Claim, part: m.Meaning) -> Iterator[tuple[m.Meaning, str]]:
    """The part with another symbol in its place, its entry or transpose kept."""
    base = part.base if isinstance(part, (m.Entry, m.Transposed)) else part
    if not isinstance(base, m.Reference):
        return
    for new, text in _others(model, claim, base):
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
    model: Model, claim: Claim, side: str, part: m.Meaning, new: m.Meaning, text: str
) -> Variant:
    changed = replaced(getattr(claim, side), part, new)
    old = quoted(model, part)
    says = f"true if `{old}` on the {side} is `{text}`"
    return Variant(with_side(claim, side, changed), says, f"`{old}` is `{text}`", new, side)


def _changed(model: Model, claim: Claim, part: m.Meaning) -> Iterator[tuple[m.Meaning, str]]:
    if isinstance(part, m.Reference):
        yield from _reindexed(model, claim, part)
        yield m.Transposed(part.at, part.end, part), quoted(model, part) + "^T"
        square = m.Power(part.at, part.end, part, m.Number(part.at, part.end, 2.0))
        yield square, quoted(model, part) + "^2"
    elif isinstance(part, m.Entry):
        for indices in _other_indices(model, claim, part.indices, None):
            written = ",".join(map(str, indices))
            base = part.base.key if isinstance(part.base, m.Reference) else quoted(model, part.base)
            yield replace(part, indices=indices), f"{base}_{{{written}}}"
    elif isinstance(part, m.Apply):
        if part.primes:
            yield replace(part, primes=part.primes - 1), _primed(model, part, part.primes - 1)
        yield replace(part, primes=part.primes + 1), _primed(model, part, part.primes + 1)
    elif isinstance(part, m.Transposed):
        yield part.base, _TURNED.sub("", quoted(model, part))
        if isinstance(part.base, m.Reference):
            for new, text in _reindexed(model, claim, part.base):
                yield replace(part, base=new), f"{text}^T"
    elif isinstance(part, m.Power) and isinstance(part.exponent, m.Number):
        yield part.base, quoted(model, part.base)
        for step in (-2.0, -1.0, 1.0, 2.0):
            exponent = replace(part.exponent, value=part.exponent.value + step)
            text = f"{quoted(model, part.base)}^{{{exponent.value:g}}}"
            yield replace(part, exponent=exponent), text


_TURNED = re.compile(r"\s*\^\s*(?:\{\s*)?(?:T|\\top|\\intercal)(?:\s*\})?$")


def _primed(model: Model, part: m.Apply, primes: int) -> str:
    source = quoted(model, part)
    head, bracket, rest = source.partition("(")
    return head.replace("'", "").replace("^{\\prime}", "").rstrip() + "'" * primes + bracket + rest


def _reindexed(model: Model, claim: Claim, part: m.Reference) -> Iterator[tuple[m.Meaning, str]]:
    values = model.point(claim.scope, model.sizes(claim.scope)[0], 0).table.values
    items = values.get(part.key)
    for slots in _other_indices(model, claim, part.slots, items):
        new = replace(part, slots=slots)
        yield new, _written(model, claim, new)


def _other_indices(
    model: Model, claim: Claim, indices: tuple[Index, ...], items: Any
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
            first = model.notation.first_index
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


def _others(model: Model, claim: Claim, part: m.Reference) -> Iterator[tuple[m.Meaning, str]]:
    symbols = model.symbols(claim.scope)
    count = 0
    for text, key in symbols.keys.items():
        if text == part.key or text in symbols.functions or key.name in symbols.dimensions:
            continue
        if len(key.slots) == len(part.slots) and count < 60:
            count += 1
            new = replace(part, key=text)
            yield new, _written(model, claim, new)
    for text, key in symbols.keys.items():  # Y for y₀, where a whole stands for an entry
        if not part.slots and len(key.slots) == 1 and text not in symbols.functions:
            first = model.notation.first_index
            for value in (first, first + 1):
                new = m.Reference(part.at, part.end, text, (Index((), value),))
                yield new, _written(model, claim, new)


def _written(model: Model, claim: Claim, node: m.Reference) -> str:
    """A reference as its key, with the indices in place of the letters of the slots."""
    key = model.symbols(claim.scope).keys[node.key]
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
