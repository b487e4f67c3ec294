"""Sums, written out, with dots or with a sign: what they are over and how far it reaches."""

from __future__ import annotations

from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.syntax import parse
from autograd_mini.derivation.reading.tokens import Token
from autograd_mini.derivation.reading.vocabulary import COMPARISONS

from . import nodes as m
from .ellipsis import generalise
from .indices import Index, read_indices
from .protocol import Items, Resolving

__all__ = ["big", "index_range", "sum_of"]


def sum_of(resolver: Resolving, node: s.Sum) -> m.Meaning:
    """Terms with their signs, or the rule that dots among them stand for."""
    terms = list(node.terms)
    dots = [i for i, (_, term) in enumerate(terms) if isinstance(term, s.Dots)]
    if len(dots) > 1:
        raise m.Unresolved("several dots in one sum", node.at)
    if dots:
        return _run(resolver, node, terms, dots[0])
    resolved: list[tuple[int, m.Meaning]] = []
    i = 0
    while i < len(terms):
        sign, term = terms[i]
        found = resolver.resolve(term)
        # Σᵢ aᵢ + bᵢ: the terms after a sum that use its letter belong to it.
        big = found if isinstance(found, m.Big) else None
        if isinstance(found, m.Mul) and isinstance(found.items[-1][1], m.Big):
            big = found.items[-1][1]
        if big is not None and i + 1 < len(terms):
            rest = []
            while i + 1 < len(terms) and _uses(resolver, terms[i + 1][1], big.letters):
                rest.append(terms[i + 1])
                i += 1
            if rest:
                resolver.bound += big.letters
                tail = tuple([(g, resolver.resolve(t)) for g, t in rest])
                del resolver.bound[len(resolver.bound) - len(big.letters) :]
                body = m.Add(big.at, node.end, ((1, big.body), *tail))
                wider = m.Big(big.at, node.end, big.sign, big.letters, big.lower, big.upper,
                              big.conditions, body)  # fmt: skip
                found = m.rebuild(found, lambda part: wider if part is big else part)  # noqa: B023
        resolved.append((sign, found))
        i += 1
    if len(resolved) == 1 and resolved[0][0] > 0:
        return resolved[0][1]
    return m.Add(node.at, node.end, tuple(resolved))


def _uses(resolver: Resolving, node: s.Node, letters: tuple[str, ...]) -> bool:
    """Whether a term has one of the letters as a free index."""
    resolver.bound += letters
    try:
        found = resolver.resolve(node)
    except m.Unresolved:
        return False
    finally:
        del resolver.bound[len(resolver.bound) - len(letters) :]
    rebound = {x for part in m.walk(found) if isinstance(part, m.Big) for x in part.letters}
    used = {x for index in m.indices_in(found) for x, _ in index.letters}
    return any(letter in used and letter not in rebound for letter in letters)


def _run(resolver: Resolving, node: s.Sum, terms: list[tuple[int, s.Node]], at: int) -> m.Meaning:
    if at == 0 or at + 1 >= len(terms):
        raise m.Unresolved("dots stand at an end of a sum", node.at)
    resolver.depth += 1
    before = [(sign, resolver.resolve(term)) for sign, term in terms[:at]]
    sign, last = terms[at + 1][0], resolver.resolve(terms[at + 1][1])
    resolver.depth -= 1
    letter = f"#{resolver.depth}"
    for position in range(len(before) - 1, -1, -1):
        if before[position][0] != sign:
            continue
        found = generalise(before[position][1], last, letter)
        if found is not None:
            rule, _, stop = found
            rule = rule if sign > 0 else m.Add(rule.at, rule.end, ((-1, rule),))
            first = m.Add(node.at, node.end, tuple(before))
            start = _after(resolver, before[position + 1 :], found[1])
            run = m.Run(node.at, node.end, first, rule, letter, start, stop, "+")
            rest = [(g, resolver.resolve(term)) for g, term in terms[at + 2 :]]
            return m.Add(node.at, node.end, ((1, run), *rest)) if rest else run
    raise m.Unresolved("the terms around the dots follow no common pattern", node.at)


def _after(resolver: Resolving, between: list[tuple[int, m.Meaning]], start: Index) -> Index:
    """The index after the last that is written out, given that of the term in the rule."""
    if start.letters:
        return Index(start.letters, start.offset + 1)
    numbers = [i.offset for _, term in between for i in m.indices_in(term) if not i.letters]
    return Index((), max([start.offset, *numbers]) + 1)


def big(resolver: Resolving, node: s.BigSign, rest: Items) -> m.Meaning:
    """A sum or product sign over what follows it."""
    sign = "sum" if node.text == "\\sum" else "prod"
    if not rest:
        raise m.Unresolved(f"nothing follows {node.text}", node.at)
    if not node.scripts.sub:
        return m.Total(node.at, rest[-1][1].end, sign, resolver.product(rest, node))
    letters, conditions, lower = index_range(resolver, node.scripts.sub)
    upper = resolver.expression(node.scripts.sups[0]) if node.scripts.sups else None
    resolver.bound += letters
    body = resolver.product(rest, node)
    conditions = tuple(conditions)
    del resolver.bound[len(resolver.bound) - len(letters) :]
    return m.Big(node.at, rest[-1][1].end, sign, letters, lower, upper, conditions, body)


def index_range(
    resolver: Resolving, tokens: tuple[Token, ...]
) -> tuple[tuple[str, ...], tuple[m.Condition, ...], m.Meaning | None]:
    """What stands below a sum: `i`, `i=1`, `i,j`, `j ≠ i`, `i<j`."""
    relations = [i for i, t in enumerate(tokens) if t.kind in ("RELATION", "OTHER")]
    if not relations:
        indices = read_indices(tokens)
        if indices is None or any(not index.letter for index in indices):
            raise m.Unresolved("what the sum runs over is not understood", tokens[0].at)
        return tuple(index.letter for index in indices), (), None
    cut = relations[0]
    left = read_indices(tokens[:cut])
    sign = tokens[cut].text
    if left is None or any(not index.letter for index in left) or len(relations) > 1:
        raise m.Unresolved("what the sum runs over is not understood", tokens[0].at)
    letters = tuple(index.letter for index in left)
    right = tokens[cut + 1 :]
    if sign == "=" and len(letters) == 1:
        return letters, (), resolver.expression(right)
    if sign == "\\in":
        raise m.Unresolved("a sum over a set is not understood", tokens[cut].at)
    if sign in COMPARISONS:
        resolver.bound += letters
        other = resolver.number(parse(right, resolver.symbols.words))
        del resolver.bound[len(resolver.bound) - len(letters) :]
        at, end = tokens[0].at, tokens[-1].end
        left_number = m.IndexNumber(at, end, Index(((letters[0], 1),)))
        condition = m.Condition(at, end, left_number, sign, other)
        return letters, (condition,), None
    raise m.Unresolved("what the sum runs over is not understood", tokens[0].at)
