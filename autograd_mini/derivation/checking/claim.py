"""Claims: statements whose symbols are understood, and the indices that they are general in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograd_mini.derivation.evaluating.notation import Scope
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.indices import read_index
from autograd_mini.derivation.meaning.resolve import Resolver
from autograd_mini.derivation.meaning.symbols import (
    ARRAY_FUNCTIONS,
    CONSTANTS,
    Symbols,
    UnknownName,
)
from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.statements import Statement
from autograd_mini.derivation.reading.syntax import parse
from autograd_mini.derivation.reading.tokens import Token
from autograd_mini.derivation.reading.vocabulary import FUNCTIONS

from .model import Model

__all__ = [
    "Claim",
    "all_nodes",
    "generic_letters",
    "has_hadamard",
    "index_letters",
    "resolve_claim",
]


@dataclass(eq=False)
class Claim:
    """A statement that is understood: two meanings that should be equal.

    Attributes:
        statement: where it comes from.
        left: the left side.
        right: the right side.
        conditions: on its indices.
        scope: the part of the notation it is about.
    """

    statement: Statement
    left: m.Meaning
    right: m.Meaning
    conditions: tuple[m.Condition, ...]
    scope: Scope

    @cached_property
    def open_constants(self) -> tuple[m.Constant, ...]:
        """I and the vectors of ones that are written without their size."""
        parts = m.walk((self.left, self.right))
        return tuple(part for part in parts if isinstance(part, m.Constant) and not part.size)


def resolve_claim(model: Model, statement: Statement, scope: Scope) -> Claim:
    """What a statement says.

    Raises:
        Unresolved: if a symbol is not known or something is not understood.
        SyntaxProblem: if it is no mathematics.
    """
    symbols = model.symbols(scope)
    sides = [parse(side, symbols.words) for side in (statement.left, statement.right)]
    free: frozenset[str] = frozenset()
    bound = index_letters(statement, symbols)
    while True:
        resolver = Resolver(symbols, free)
        resolver.bound += bound
        try:
            applied = _applied(sides, resolver)
            left, right = [resolver.resolve(side) for side in applied]
            conditions = tuple(_conditions(model, statement, resolver, symbols))
            break
        except UnknownName as unknown:
            name = unknown.node
            lone = name.scripts.sub is None and not name.scripts.primes
            if lone and name.text not in bound and name.text in _script_letters(statement):
                bound.append(name.text)  # 1 − βᵗ beside mₜ: t is that index, as a number
                continue
            if not lone or name.text in free or len(name.text) > 12 or len(free) > 6:
                raise
            free |= {name.text}
            if not _is_identity(sides, symbols, free) and not _is_of_function(model, sides, free):
                raise
    here = m.letters_in((left, right)) | symbols.dimensions
    conditions = tuple(c for c in conditions if m.letters_in(c) <= here)  # others are of others
    left, right, conditions = _under_sums(left, right, conditions)
    left, right = _summed(left, right, symbols.dimensions)
    for part in m.walk((left, right)):
        if isinstance(part, m.Big) and part.lower is not None and part.upper is not None:
            model.spans.setdefault(part.letters[0], part)
    return Claim(statement, left, right, conditions, scope)


def generic_letters(claim: Claim, dimensions: Mapping[str, int]) -> tuple[str, ...]:
    """The letters that a claim is to hold for all values of, in order of appearance.

    A dimension such as n is one of them where it only stands as an index; where a sum or dots end
    with it, or it stands as a number, it is itself.
    """
    both = (claim.left, claim.right)
    bound: set[str] = set()
    fixed: set[str] = set()
    inside_totals: set[int] = set()
    for part in m.walk(both):
        if isinstance(part, m.Big):
            bound |= set(part.letters)
            for limit in (part.lower, part.upper):
                fixed |= m.letters_in(limit)
        elif isinstance(part, m.Run):
            bound.add(part.letter)
            fixed |= m.letters_in((part.start, part.stop))
        elif isinstance(part, m.Pattern):
            for span in (part.row, part.column):
                if span is not None:
                    bound.add(span[0])
                    fixed |= m.letters_in(span[1:])
        elif isinstance(part, m.IndexNumber):
            fixed |= {letter for letter in m.letters_in(part) if letter in dimensions}
        elif isinstance(part, m.Total):
            inside_totals |= {id(index) for index in m.indices_in(part)}
    outside: list[str] = []
    for index in m.indices_in(both):
        if id(index) not in inside_totals:
            outside += [letter for letter, _ in index.letters]
    return tuple(
        letter
        for letter in dict.fromkeys(outside)
        if letter not in bound and not (letter in dimensions and letter in fixed)
    )


def has_hadamard(claim: Claim) -> bool:
    """Whether ⊙ stands in a claim beside another factor, so that it may be read in two ways."""
    return any(
        isinstance(part, m.Mul) and any(operator == "⊙" for operator, _ in part.items[1:])
        for part in m.walk((claim.left, claim.right))
    )


def all_nodes(node: Any) -> Iterator[s.Node]:
    """Every node of a syntax tree, or of a tuple of them."""
    if isinstance(node, s.Node):
        yield node
    if isinstance(node, tuple):
        for item in node:
            yield from all_nodes(item)
    elif isinstance(node, (s.Node, s.Relation)):
        for name in node.__dataclass_fields__:
            yield from all_nodes(getattr(node, name))


def index_letters(statement: Statement, symbols: Symbols) -> list[str]:
    """The letters that conditions speak about: they are indices where they stand as numbers."""
    return [
        token.text
        for tokens in statement.conditions
        for token in tokens
        if token.kind == "NAME" and not symbols.knows(token.text) and read_index([token])
    ]


def _applied(sides: list[s.Node], resolver: Resolver) -> list[s.Node]:
    """g = tanh as g(u) = tanh(u)."""
    if not all(isinstance(side, s.Name) and resolver.is_function(side) for side in sides):
        return sides
    resolver.free |= {"u"}
    applied: list[s.Node] = []
    for side in sides:
        variable = s.Name(side.at, side.end, s.NONE, "u", "")
        relation = s.Relation((variable,), ())
        group = s.Group(side.at, side.end, s.NONE, (relation,), "(")
        applied.append(s.Product(side.at, side.end, s.NONE, (("", side), ("", group))))
    return applied


def _conditions(
    model: Model, statement: Statement, resolver: Resolver, symbols: Symbols
) -> Iterator[m.Condition]:
    for tokens in statement.conditions:
        if any(t.kind in ("DOTS", "FORALL") for t in tokens):
            continue  # i = 1, …, n: a range, which the symbols have already
        parts: list[list[Token]] = [[]]
        signs = []
        for token in tokens:
            if token.kind in ("RELATION", "OTHER"):
                signs.append(token.text)
                parts.append([])
            elif token.kind != "COMMA":
                parts[-1].append(token)
        if len(parts) == 2 and signs == ["="] and statement.segment is not None:
            following = model.document.text[tokens[-1].end : tokens[-1].end + 20]
            if tokens[-1].kind == "NUMBER" and _RANGE.match(following):
                continue  # i = 1, 2
        nodes = [parse(part, symbols.words) for part in parts]
        yield from resolver.conditions([s.Relation(tuple(nodes), tuple(signs))])


_RANGE = re.compile(r"[\s,;:!\\]*,[\s,;:!\\]*(?:\\?(?:[lc]?dots[cb]?\b)|\.\.\.|…|\d)|\\?[ld]dots")


def _under_sums(
    left: m.Meaning, right: m.Meaning, conditions: tuple[m.Condition, ...]
) -> tuple[m.Meaning, m.Meaning, tuple[m.Condition, ...]]:
    """A condition on the letter of a sum alone, said after the formula, is that sum's."""
    sums = [part for part in m.walk((left, right)) if isinstance(part, m.Big)]
    inside = [x for part in sums for index in m.indices_in(part) for x, _ in index.letters]
    total = [x for index in m.indices_in((left, right)) for x, _ in index.letters]
    bound = {x for part in sums for x in part.letters if inside.count(x) >= total.count(x)}
    theirs = tuple(c for c in conditions if m.letters_in(c) & bound)

    def change(part: Any) -> Any:
        if not isinstance(part, m.Big):
            return part
        more = tuple(c for c in theirs if m.letters_in(c) & set(part.letters))
        return replace(part, conditions=(*part.conditions, *more)) if more else part

    if theirs:
        left, right = m.rebuild((left, right), change)
    return left, right, tuple(c for c in conditions if c not in theirs)


def _summed(left: m.Meaning, right: m.Meaning, sizes: set[str]) -> tuple[m.Meaning, m.Meaning]:
    """Σ over i ≠ j is over both where j stands nowhere else in the claim, over i where it does."""

    def change(part: Any) -> Any:
        if not isinstance(part, m.Big) or not part.conditions:
            return part
        inside = [x for index in m.indices_in(part) for x, _ in index.letters]
        conditioned = [x for index in m.indices_in(part.conditions) for x, _ in index.letters]
        settled = {*part.letters, *sizes}
        other = [x for x in dict.fromkeys(conditioned) if x not in settled]
        more = tuple(x for x in other if inside.count(x) == total.count(x))
        return replace(part, letters=(*part.letters, *more)) if more else part

    total = [x for index in m.indices_in((left, right)) for x, _ in index.letters]
    bound = {x for part in m.walk((left, right)) if isinstance(part, m.Big) for x in part.letters}
    total += list(bound)  # a letter that another sum binds is that sum's
    found: tuple[m.Meaning, m.Meaning] = m.rebuild((left, right), change)
    return found


def _is_identity(sides: list[s.Node], symbols: Symbols, free: frozenset[str]) -> bool:
    """Whether a claim is about functions and free variables alone, as log ab = log a + log b."""
    functions = symbols.functions_named() | set(FUNCTIONS) | set(ARRAY_FUNCTIONS)
    left, right = [set(_written_names(side)) for side in sides]
    if any(symbols.knows(x) and x not in functions and x not in free for x in left | right):
        return False
    # y = sin t says what y is; sin t = 2 sin(t/2) cos(t/2) and σ(t) = … hold for every t.
    of_left, of_right = left - functions - set(CONSTANTS), right - functions - set(CONSTANTS)
    return of_left == of_right or (not of_right and bool(left & functions))


def _is_of_function(model: Model, sides: list[s.Node], free: frozenset[str]) -> bool:
    """Whether a claim is about a function of the document, as φ″(t) = 2a is."""
    left = sides[0]
    if not isinstance(left, s.Product) or len(left.items) != 2 or not free:
        return False
    (_, name), (_, group) = left.items
    own = {d.key.name for d in model.definitions.values() if d.parameters}
    return isinstance(name, s.Name) and name.text in own and isinstance(group, s.Group)


def _written_names(node: s.Node) -> Iterator[str]:
    """The symbols of a side, those in exponents among them."""
    pending: list[Token] = []
    for part in all_nodes(node):
        if isinstance(part, s.Name):
            yield part.text
        pending += [token for sup in part.scripts.sups for token in sup]
    while pending:
        token = pending.pop()
        if token.kind == "NAME":
            yield token.text
        pending += token.inner


def _script_letters(statement: Statement) -> set[str]:
    """The letters that stand alone, or beside a number, in the scripts of a statement's symbols."""
    return {
        letter
        for side in (statement.left, statement.right)
        for token in side
        if token.kind == "SUB"
        for index in [read_index(token.inner)]
        if index is not None
        for letter, _ in index.letters
    }
