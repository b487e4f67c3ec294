"""Checks a document: every claim is evaluated at random points of the model, at several sizes.

Random points refute and never prove. What cannot be evaluated is unchecked, with the reason.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from autograd_mini import Value

from . import meaning as m
from . import syntax as s
from .arrays import Array, Mismatch, shape_of, write_shape
from .claims import Reader, Statement, prose_claims
from .document import Document, read_document
from .evaluate import Definition, Missing, OutOfTime, Point, evaluate
from .names import Key, read_index, read_indices, read_key
from .notation import Builder, Notation, Scope, Table, build_table, load_notation
from .ranges import Range, ranges_of
from .report import Finding, Report
from .resolve import ARRAY_FUNCTIONS, CONSTANTS, Resolver, Symbols, UnknownName, written_name
from .tokens import Macro, SyntaxProblem, Token, find_macros, key_of
from .vocabulary import FUNCTIONS

__all__ = ["check"]

TOLERANCE = 1e-8
MOST_INSTANCES = 400


def check(
    document: str | Path,
    model: Notation | Builder | str | Path,
    *,
    points: int = 5,
    seed: int = 0,
    time_limit: float = 10.0,
) -> Report:
    r"""Test every equation of a document against automatic differentiation.

    Args:
        document: a path of a Markdown or LaTeX file, or the text itself.
        model: a `Notation`, the path of a Python file that defines one, or a function that builds
            the model and gives what each symbol stands for.
        points: how many random points to test at, of each size.
        seed: of the random points.
        time_limit: seconds for each claim.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the document cannot be read, or the notation is not one.
        RuntimeError: if the notation raises.

    >>> def square(rng):
    ...     x = Value(rng.gauss())
    ...     return {"x": x, "y": x * x}
    >>> print(check(r"$\frac{dy}{dx} = 2x$ and $\frac{dy}{dx} = x$", square).summary())
    2 claims: 1 true, 1 false, 0 unchecked
    """
    if points < 1:
        raise ValueError(f"a claim is tested at one point or more, not {points}")
    return Checker(read_document(document), load_notation(model), points, seed, time_limit).run()


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
    text: str = ""


@dataclass(frozen=True)
class Failure:
    """Where a claim does not hold."""

    left: str
    right: str
    where: str
    shapes: str = ""


@dataclass
class Outcome:
    """What testing a claim gave: failures by size, at how many points, and what hindered it."""

    failure: Failure | None = None
    points: int = 0
    instances: int = 0
    conflict: str = ""
    notes: list[str] = field(default_factory=list)
    problem: m.Unresolved | None = None


class Checker:
    """Checks one document."""

    def __init__(
        self, document: Document, notation: Notation, points: int, seed: int, time_limit: float
    ) -> None:
        self.document = document
        self.notation = notation
        self.points = points
        self.seed = seed
        self.time_limit = time_limit
        self.definitions: dict[str, Definition] = {}
        self.tables: dict[tuple[int, tuple[tuple[str, int], ...], int], Table] = {}
        self.symbols: dict[int, Symbols] = {}
        self.claims: list[Claim] = []
        self.points_made: dict[Any, Point] = {}
        self.version = 0  # of the definitions

    def run(self) -> Report:
        """The verdict on every claim."""
        from .diagnosis import diagnose  # noqa: PLC0415  # it tests variants with this class

        macros = {name: _macro(body) for name, body in self.notation.macros.items()}
        macros |= find_macros(self.document.text)
        reader = Reader(self.document, macros)
        found: list[tuple[int, Finding, Claim | None]] = []
        for problem in self.document.problems:
            line, column = self.document.place(problem.at)
            text = self.document.text[problem.at : problem.at + 40].split("\n")[0]
            found.append((problem.at, Finding("unchecked", text, line, column, line,
                          (problem.at, problem.at + 40), problem.message), None))  # fmt: skip
        for start, end in prose_claims(self.document):
            line, column = self.document.place(start)
            text = self.document.text[start:end].strip()
            reason = "it stands in the words, not in mathematics"
            found.append(
                (start, Finding("unchecked", text, line, column, line, (start, end), reason), None)
            )
        statements: list[tuple[Statement, Scope | None]] = []
        for segment in self.document.segments:
            scope = self.notation.scope_for(segment.heading)
            symbols = self._symbols(scope)

            def is_symbol(name: str, symbols: Symbols = symbols) -> bool:
                return symbols.knows(name) and name not in symbols.dimensions

            statements += [(statement, scope) for statement in reader.read(segment, is_symbol)]
        unknown: list[tuple[int, Statement, Scope | None]] = []
        for statement, scope in statements:
            finding, claim = self._verdict(statement, scope)
            if claim is not None:
                self.claims.append(claim)
            found.append((statement.at, finding, claim))
            if claim is None and finding.verdict == "unchecked" and not statement.reason:
                unknown.append((len(found) - 1, statement, scope))
        if self.definitions:  # "…, where S = diag(p)": a definition may come after its use
            for place, statement, scope in unknown:
                finding, claim = self._verdict(statement, scope)
                if claim is not None:
                    self.claims.append(claim)
                    found[place] = (statement.at, finding, claim)
        findings = []
        for _, finding, claim in sorted(found, key=lambda item: item[0]):
            if finding.verdict == "false" and claim is not None:
                finding = diagnose(self, claim, finding)  # noqa: PLW2901
            findings.append(finding)
        return Report(
            self.document.name, self.document.text, tuple(findings), self.points, self.seed
        )

    # ------------------------------------------------------------------ one claim

    def _verdict(self, statement: Statement, scope: Scope | None) -> tuple[Finding, Claim | None]:
        blank = self._finding(statement)
        if statement.reason:
            return replace(blank, verdict="unchecked", reason=statement.reason), None
        if scope is None:
            reason = "the notation has no scope for this section"
            return replace(blank, verdict="unchecked", reason=reason), None
        symbols = self._symbols(scope)
        defined = self._defined(statement, symbols, scope)
        if defined:
            return replace(blank, verdict="definition", reason=defined), None
        try:
            claim = self.resolve(statement, scope)
        except (m.Unresolved, SyntaxProblem) as problem:
            at = problem.at if problem.at >= 0 else statement.at
            line, column = self.document.place(at)
            reason = f"{problem.message} (line {line}, column {column})"
            return replace(blank, verdict="unchecked", reason=reason), None
        except RecursionError:
            return replace(blank, verdict="unchecked", reason="it is nested too deeply"), None
        if statement.relation == ":=" and statement.first and _is_update(claim):
            return replace(blank, verdict="definition", reason="an update"), claim
        if m.same(claim.left, claim.right) and not claim.conditions:
            return replace(blank, verdict="vacuous", reason="both sides are the same"), claim
        return self._tested(claim, blank), claim

    def _tested(self, claim: Claim, blank: Finding) -> Finding:
        deadline = time.monotonic() + self.time_limit
        try:
            outcome = self.test(claim, deadline=deadline)
            reading = ""
            hadamard = any(
                isinstance(part, m.Mul) and any(op == "⊙" for op, _ in part.items[1:])
                for part in m.walk((claim.left, claim.right))
            )
            if hadamard and outcome.failure is not None and outcome.failure.shapes:
                other = self.test(claim, deadline=deadline, left_to_right=True)
                if other.problem is None and (other.failure is None or not other.failure.shapes):
                    outcome, reading = other, "read from left to right, as (A ⊙ B) C"
        except OutOfTime:
            reason = f"it takes more than {self.time_limit:g} seconds"
            return replace(blank, verdict="unchecked", reason=reason)
        except RecursionError:
            return replace(blank, verdict="unchecked", reason="it is nested too deeply")
        except (ArithmeticError, ValueError, TypeError, AttributeError) as error:
            reason = f"evaluating it raised {type(error).__name__}: {error}"
            return replace(blank, verdict="unchecked", reason=reason)
        blank = replace(blank, points=outcome.points)
        if outcome.failure is not None:
            failure = outcome.failure
            return replace(
                blank, verdict="false", left=failure.left, right=failure.right,
                where=failure.where, reason=failure.shapes or reading,
            )  # fmt: skip
        if outcome.problem is not None:
            at = outcome.problem.at
            place = ""
            if at >= 0:
                line, column = self.document.place(at)
                place = f" (line {line}, column {column})"
            return replace(blank, verdict="unchecked", reason=outcome.problem.message + place)
        if outcome.conflict:
            return replace(blank, verdict="unchecked", reason=outcome.conflict)
        if outcome.instances == 0:
            reason = "its conditions leave no index to test it at"
            return replace(blank, verdict="vacuous", reason=reason)
        if outcome.points == 0:
            reason = "its sides are not finite at any point"
            return replace(blank, verdict="unchecked", reason=reason)
        return replace(blank, verdict="true", reason=reading)

    def test(
        self, claim: Claim, *, deadline: float = math.inf, left_to_right: bool = False,
        points: int | None = None, sizes: list[dict[str, int]] | None = None,
    ) -> Outcome:  # fmt: skip
        """Evaluate a claim at every size and point, until one refutes it.

        Raises:
            OutOfTime: if the deadline passes.
        """
        outcome = Outcome()
        problem: m.Unresolved | None = None
        tested = False
        for size in sizes if sizes is not None else self.notation.sizes_for(claim.scope):
            for number in range(points or self.points):
                try:
                    self._at_point(
                        claim, size, number, outcome, deadline, left_to_right=left_to_right
                    )
                    tested = True
                except Missing as missing:
                    problem = problem or missing
                    break  # this size is too small for what is written out
                except m.Unresolved as unresolved:
                    outcome.problem = unresolved
                    return outcome
                if outcome.failure is not None:
                    return outcome
        if not tested:
            outcome.problem = problem
        return outcome

    def _at_point(
        self, claim: Claim, size: Mapping[str, int], number: int, outcome: Outcome,
        deadline: float, *, left_to_right: bool,
    ) -> None:  # fmt: skip
        point = self.point(claim.scope, size, number)
        point.deadline, point.left_to_right = deadline, left_to_right
        finite = 0
        for letters in self._instances(claim, point, outcome):
            outcome.instances += 1
            where = ", ".join(
                [f"{k} = {v}" for k, v in size.items()]
                + [f"{k} = {v}" for k, v in letters.items() if not k.startswith("#")]
            )
            try:
                left = evaluate(claim.left, point, letters)
                right = evaluate(claim.right, point, letters)
            except Mismatch as mismatch:
                outcome.failure = Failure("", "", where, f"{mismatch}{_at(where)}")
                return
            verdict = _compare(left, right)
            if isinstance(verdict, str):
                shapes = f"{verdict}{_at(where)}"
                outcome.failure = Failure(_written(left), _written(right), where, shapes)
                return
            if verdict is False:
                a, b = _worst(left, right)
                outcome.failure = Failure(a, b, f"at {where or 'a random point'}")
                return
            finite += verdict is True
        outcome.points += finite > 0

    def _instances(self, claim: Claim, point: Point, outcome: Outcome) -> Iterator[dict[str, int]]:
        """The values that the generic indices of a claim take."""
        letters = generic_letters(claim, point.table.dimensions)
        both = (claim.left, claim.right)
        ranges = ranges_of(both, letters, point, {})
        placed = {x for part in m.walk(both) if isinstance(part, (m.Reference, m.Entry))
                  for x in _letters(part)}  # fmt: skip
        first = point.table.first_index
        for letter in letters:
            if letter not in ranges and letter not in placed:  # of δᵢⱼ alone
                ranges[letter] = Range(frozenset(range(first, first + 3)), "")
        missing = [letter for letter in letters if letter not in ranges]
        if missing:
            raise m.Unresolved(f"the index `{missing[0]}` has no range", claim.statement.at)
        for letter in letters:
            outcome.conflict = outcome.conflict or ranges[letter].conflict
        spans = [sorted(ranges[letter].values) for letter in letters]
        count = 0
        for values in product(*spans):
            chosen = dict(zip(letters, values, strict=True))
            if all(_holds(condition, point, chosen) for condition in claim.conditions):
                count += 1
                if count > MOST_INSTANCES:
                    return
                yield chosen

    # ------------------------------------------------------------------ meaning

    def resolve(self, statement: Statement, scope: Scope) -> Claim:
        """What a statement says.

        Raises:
            Unresolved: if a symbol is not known or something is not understood.
            SyntaxProblem: if it is no mathematics.
        """
        symbols = self._symbols(scope)
        sides = [s.parse(side, symbols.words) for side in (statement.left, statement.right)]
        free: frozenset[str] = frozenset()
        while True:
            resolver = Resolver(symbols, free)
            try:
                resolver.bound += _index_letters(statement, symbols)
                left, right = [resolver.resolve(side) for side in sides]
                conditions = tuple(self._conditions(statement, resolver, symbols))
                break
            except UnknownName as unknown:
                name = unknown.node
                lone = name.scripts.sub is None and not name.scripts.primes
                if not lone or name.text in free or len(name.text) > 12 or len(free) > 6:
                    raise
                free |= {name.text}
                if not _is_identity(sides, symbols, free):
                    raise
        left, right = _summed(left, right)
        return Claim(statement, left, right, conditions, scope, self._text(statement))

    def _conditions(
        self, statement: Statement, resolver: Resolver, symbols: Symbols
    ) -> Iterator[m.Condition]:
        for tokens in statement.conditions:
            if any(t.kind == "DOTS" for t in tokens) or any(t.kind == "FORALL" for t in tokens):
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
                following = self.document.text[tokens[-1].end : tokens[-1].end + 20]
                if tokens[-1].kind == "NUMBER" and _RANGE.match(following):
                    continue  # i = 1, 2
            nodes = [s.parse(part, symbols.words) for part in parts]
            yield from resolver.conditions([s.Relation(tuple(nodes), tuple(signs))])

    def _defined(self, statement: Statement, symbols: Symbols, scope: Scope) -> str:
        """Take a definition down; what is said about it, "" if the statement is none."""
        try:
            left = s.parse(statement.left, symbols.words)
            name, arguments = _head(left)
            if name is None or not statement.first:
                return ""
            again = any(d.key.name == name.text for d in self.definitions.values()) and (
                statement.defines or statement.relation == ":="
            )
            known_function = name.text in FUNCTIONS or name.text in ARRAY_FUNCTIONS
            if (symbols.knows(name.text) and not again) or (
                known_function and arguments and statement.relation != ":="
            ):
                return ""
            if not _may_be_defined(name):
                return ""
            right = s.parse(statement.right, symbols.words)
            if any(part.text == name.text for part in _all_names(right)):
                return ""
            parameters = tuple(a.text for a in arguments)
            resolver = Resolver(symbols, frozenset(parameters))
            resolver.bound += _index_letters(statement, symbols)
            tree = resolver.resolve(right)
        except (m.Unresolved, SyntaxProblem, RecursionError):
            return ""
        if statement.conditions:
            return ""
        used = {letter for index in m.indices_in(tree) for letter, _ in index.letters}
        written = [
            letter
            for script in (name.scripts.sub or (), *name.scripts.sups)
            for index in (read_indices(script) or ())
            for letter, _ in index.letters
        ]
        slots = "".join(dict.fromkeys(x for x in written if x in used and len(x) == 1))
        try:
            key = read_key(written_name(name), slots, len(slots))
        except ValueError:
            return ""
        for old in [k for k, d in self.definitions.items() if d.key.name == key.name and again]:
            del self.definitions[old]
            for known in self.symbols.values():
                known.keys.pop(old, None)
                known.functions.discard(old)
        self.version += 1
        self.definitions[key.text] = Definition(key, tree, parameters)
        for known in self.symbols.values():
            known.keys[key.text] = key
            if parameters:
                known.functions.add(key.text)
            if len(key.name) > 1 and key.name.isalpha():
                known.words |= {key.name}
        return f"`{key.text}` is taken as defined here"

    def _symbols(self, scope: Scope | None) -> Symbols:
        if scope is None:
            return Symbols()
        if id(scope) not in self.symbols:
            size = self.notation.sizes_for(scope)[0]
            table = self._table(scope, size, 0)
            symbols = Symbols(dict(table.keys))
            for text, value in table.values.items():
                if (callable(value) and not isinstance(value, (Value, Array))) or hasattr(
                    value, "function"
                ):
                    symbols.functions.add(text)
            symbols.dimensions = set(table.dimensions)
            names = {key.name for key in table.keys.values()}
            symbols.words = frozenset(n for n in names if len(n) > 1 and n.isalpha())
            for key, definition in self.definitions.items():
                symbols.keys.setdefault(key, definition.key)
                if definition.parameters:
                    symbols.functions.add(key)
            self.symbols[id(scope)] = symbols
        return self.symbols[id(scope)]

    # ------------------------------------------------------------------ points

    def point(self, scope: Scope, size: Mapping[str, int], number: int) -> Point:
        """A random point of a scope: the same model each time, with fresh definitions."""
        table = self._table(scope, size, number)
        seed = f"{self.seed}/{number}"
        key = (id(scope), tuple(size.items()), number, self.version)
        if key not in self.points_made:
            self.points_made[key] = Point(
                table, dict(self.definitions), self.notation.layout, size, seed
            )
        return self.points_made[key]

    def _table(self, scope: Scope, size: Mapping[str, int], number: int) -> Table:
        key = (id(scope), tuple(size.items()), number)
        if key not in self.tables:
            self.tables[key] = build_table(self.notation, scope, size, f"{self.seed}/{number}")
        return self.tables[key]

    # ------------------------------------------------------------------ text

    def _text(self, statement: Statement) -> str:
        text = self.document.text
        if statement.left and statement.right:
            left = text[statement.left[0].at : max(t.end for t in statement.left)]
            right = text[statement.right[0].at : max(t.end for t in statement.right)]
            text = f"{left} {statement.relation} {right}"
        else:
            text = text[statement.start : statement.end]
        return " ".join(text.split())[:400]

    def _finding(self, statement: Statement) -> Finding:
        line, column = self.document.place(statement.at)
        end_line, _ = self.document.place(max(statement.end - 1, statement.at))
        span = (statement.start, statement.end)
        return Finding("true", self._text(statement), line, column, end_line, span)


def _summed(left: m.Meaning, right: m.Meaning) -> tuple[m.Meaning, m.Meaning]:
    """Σ over i ≠ j is over both where j stands nowhere else in the claim, over i where it does."""

    def change(part: Any) -> Any:
        if not isinstance(part, m.Big) or not part.conditions:
            return part
        inside = [x for index in m.indices_in(part) for x, _ in index.letters]
        other = [x for x in dict.fromkeys(_list_letters(part.conditions)) if x not in part.letters]
        more = tuple(x for x in other if inside.count(x) == total.count(x))
        return replace(part, letters=(*part.letters, *more)) if more else part

    total = [x for index in m.indices_in((left, right)) for x, _ in index.letters]
    bound = {x for part in m.walk((left, right)) if isinstance(part, m.Big) for x in part.letters}
    total += list(bound)  # a letter that another sum binds is that sum's
    found: tuple[m.Meaning, m.Meaning] = m.rebuild((left, right), change)
    return found


def _list_letters(node: Any) -> list[str]:
    return [letter for index in m.indices_in(node) for letter, _ in index.letters]


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
                fixed |= _letters(limit)
        elif isinstance(part, m.Run):
            bound.add(part.letter)
            fixed |= _letters((part.start, part.stop))
        elif isinstance(part, m.Pattern):
            for span in (part.row, part.column):
                if span is not None:
                    bound.add(span[0])
                    fixed |= _letters(span[1:])
        elif isinstance(part, m.IndexNumber):
            fixed |= {letter for letter in _letters(part) if letter in dimensions}
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


def _letters(node: Any) -> set[str]:
    return {letter for index in m.indices_in(node) for letter, _ in index.letters}


def _holds(condition: m.Condition, point: Point, letters: dict[str, int]) -> bool:
    found = evaluate(m.Indicator(condition.at, condition.end, (condition,)), point, letters)
    return bool(found == 1.0)


def _compare(left: Any, right: Any) -> bool | str | None:
    """True or False; a sentence if the shapes differ; None where a side is not finite."""
    a, b = shape_of(left), shape_of(right)
    if a != b:
        zero = right if b == () else left if a == () else None
        if zero is None or _numbers(zero) != [0.0]:
            return f"shapes {write_shape(a)} and {write_shape(b)}"
    xs, ys = _numbers(left), _numbers(right)
    if len(xs) != len(ys):
        xs, ys = (xs, ys * len(xs)) if len(ys) == 1 else (xs * len(ys), ys)
    if not all(map(math.isfinite, [*xs, *ys])):
        return None
    return all(close(x, y) for x, y in zip(xs, ys, strict=True))


def close(x: float, y: float) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(x - y) <= TOLERANCE * max(1e-3, abs(x), abs(y))


def _numbers(x: Any) -> list[float]:
    entries = x.entries if isinstance(x, Array) else (x,)
    return [entry.data if isinstance(entry, Value) else float(entry) for entry in entries]


def _worst(left: Any, right: Any) -> tuple[str, str]:
    xs, ys = _numbers(left), _numbers(right)
    if len(xs) <= 6 and len(ys) <= 6:
        return _written(left), _written(right)
    pairs = list(zip(xs, ys, strict=False))
    i = max(range(len(pairs)), key=lambda k: abs(pairs[k][0] - pairs[k][1]))
    return f"{xs[i]:.6g} (entry {i + 1})", f"{ys[i]:.6g} (entry {i + 1})"


def _written(x: Any) -> str:
    numbers = _numbers(x)
    if len(numbers) == 1:
        return f"{numbers[0]:.6g}"
    shown = ", ".join(f"{number:.6g}" for number in numbers[:6])
    return f"[{shown}{', …' if len(numbers) > 6 else ''}]"


def _at(where: str) -> str:
    return f" (at {where})" if where else ""


_RANGE = re.compile(r"[\s,;:!\\]*,[\s,;:!\\]*(?:\\?(?:[lc]?dots[cb]?\b)|\.\.\.|…|\d)|\\?[ld]dots")


def _macro(body: str) -> Macro:
    numbers = [int(digit) for digit in re.findall(r"#(\d)", body)]
    return Macro(max(numbers, default=0), body)


def _is_update(claim: Claim) -> bool:
    """Whether what is assigned to also stands on the right."""
    return any(m.same(part, claim.left) for part in m.walk(claim.right))


def _head(node: s.Node) -> tuple[s.Name | None, tuple[s.Name, ...]]:
    """The name that a left side defines, with the arguments of a function."""
    if isinstance(node, s.Name):
        return node, ()
    if isinstance(node, s.Product) and len(node.items) == 2:
        (_, name), (operator, group) = node.items
        if isinstance(name, s.Name) and isinstance(group, s.Group) and operator == "":
            arguments = [r.operands[0] for r in group.items]
            plain = [a for a in arguments if isinstance(a, s.Name) and a.scripts.sub is None]
            if len(plain) == len(arguments) and group.opening == "(":
                return name, tuple(plain)
    return None, ()


def _may_be_defined(name: s.Name) -> bool:
    return name.text not in ("d", "\\mathbb{1}") and not any(
        "".join(t.text for t in sup) in ("2", "T", "-1", "\\top") for sup in name.scripts.sups
    )


def _all_names(node: Any) -> Iterator[s.Name]:
    if isinstance(node, s.Name):
        yield node
    if isinstance(node, tuple):
        for item in node:
            yield from _all_names(item)
    elif hasattr(node, "__dataclass_fields__") and not isinstance(node, Token):
        for name in node.__dataclass_fields__:
            yield from _all_names(getattr(node, name))


def _index_letters(statement: Statement, symbols: Symbols) -> list[str]:
    """The letters that conditions speak about: they are indices where they stand as numbers."""
    return [
        token.text
        for tokens in statement.conditions
        for token in tokens
        if token.kind == "NAME" and not symbols.knows(token.text) and read_index([token])
    ]


def _is_identity(sides: list[s.Node], symbols: Symbols, free: frozenset[str]) -> bool:
    """Whether a claim is about functions and free variables alone, as log ab = log a + log b."""
    functions = symbols.functions_named() | set(FUNCTIONS) | set(ARRAY_FUNCTIONS)
    left, right = [{name.text for name in _all_names(side)} for side in sides]
    if any(symbols.knows(x) and x not in functions and x not in free for x in left | right):
        return False
    # y = sin t says what y is; sin t = 2 sin(t/2) cos(t/2) and σ(t) = … hold for every t.
    of_left, of_right = left - functions - set(CONSTANTS), right - functions - set(CONSTANTS)
    return of_left == of_right or (not of_right and bool(left & functions))


def claim_key(claim: Claim) -> str:
    """A claim in canonical spelling, to find duplicates by."""
    return key_of(claim.statement.left) + " = " + key_of(claim.statement.right)


__all__ += [
    "Checker",
    "Claim",
    "Failure",
    "Key",
    "Outcome",
    "claim_key",
    "close",
    "generic_letters",
]
