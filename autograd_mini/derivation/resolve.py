"""From syntax to meaning: which symbol each name is, what is a function of what, what a sum covers.

A `Resolver` knows the symbols of one part of a document and what the document has defined so far.
It computes nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from . import meaning as m
from . import syntax as s
from .ellipsis import generalise
from .names import TRANSPOSITIONS, Index, Key, match_name, read_index, read_indices
from .tokens import SyntaxProblem, Token
from .vocabulary import FUNCTIONS

__all__ = ["Resolver", "Symbols"]

CONSTANTS = {"e": 2.718281828459045, "\\pi": 3.141592653589793, "\\infty": float("inf")}
ARRAY_FUNCTIONS = {
    "diag": "diag", "tr": "trace", "Tr": "trace", "trace": "trace", "\\det": "det",
    "softmax": "softmax", "vec": "vec", "\\max": "max", "\\min": "min", "max": "max",
    "min": "min", "Softmax": "softmax", "\\tr": "trace", "\\diag": "diag", "mean": "mean",
    "sum": "sum", "\\dim": "dim",
}  # fmt: skip


@dataclass
class Symbols:
    """The symbols that a resolver knows.

    Attributes:
        keys: the keys of the notation and of the document's definitions.
        functions: those of them that stand for functions.
        dimensions: the names of sizes.
        words: the symbols of several letters.
        bare: names met with the indices of an unbound letter, which may be generic.
    """

    keys: dict[str, Key] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    dimensions: set[str] = field(default_factory=set)
    words: frozenset[str] = frozenset()

    def functions_named(self) -> set[str]:
        """The names of the functions."""
        return {self.keys[text].name for text in self.functions}

    def knows(self, name: str) -> bool:
        """Whether some key has this name, whatever its indices."""
        return any(key.name == name for key in self.keys.values())


class Resolver:
    """Resolves the syntax trees of one claim.

    Args:
        symbols: what is known.
        free: names that stand for free variables.
        letters: letters that are indices here, since a condition or a symbol beside uses them so.
    """

    def __init__(self, symbols: Symbols, free: frozenset[str] = frozenset()) -> None:
        self.symbols = symbols
        self.free = free
        self.bound: list[str] = []
        self.letters: set[str] = set()
        self.depth = 0  # of dots within dots
        self.function_names = symbols.functions_named()

    # ------------------------------------------------------------------ expressions

    def resolve(self, node: s.Node) -> m.Meaning:
        """The meaning of a syntax tree.

        Raises:
            Unresolved: if a symbol is not known, or the notation is not understood.
        """
        if isinstance(node, s.Product):
            return self._product(list(node.items), node)
        if isinstance(node, s.Sum):
            return self._sum(node)
        return self._product([("", node)], node)

    def _atom(self, node: s.Node) -> m.Meaning:
        """A factor that is no function, sign or derivative operator."""
        if isinstance(node, s.Name):
            return self._name(node)
        if isinstance(node, s.Fraction):
            found = self._derivative(node)
            if found is None:
                items = (("", self.resolve(node.top)), ("/", self.resolve(node.bottom)))
                found = m.Mul(node.at, node.end, items)
            return self._scripted(found, node.scripts)
        if isinstance(node, s.Group):
            inner = replace(self._group(node), at=node.at, end=node.end)
            return self._scripted(inner, node.scripts)
        if isinstance(node, s.Braces):
            return self._scripted(self.resolve(node.inner), node.scripts)
        if isinstance(node, s.Number):
            return self._scripted(m.Number(node.at, node.end, node.value), node.scripts)
        if isinstance(node, s.Root):
            degree = self._tokens(node.degree) if node.degree else None
            found = m.Root(node.at, node.end, self.resolve(node.inner), degree)
            return self._scripted(found, node.scripts)
        if isinstance(node, s.Bars):
            order = "".join(t.text for t in node.scripts.sub or ())
            found = m.Modulus(node.at, node.end, self.resolve(node.inner), node.norm, order)
            return self._scripted(found, s.Scripts(None, node.scripts.sups, node.scripts.primes))
        if isinstance(node, s.Matrix):
            return self._scripted(self._matrix(node), node.scripts)
        if isinstance(node, s.Dots):
            raise m.Unresolved("dots stand where no pattern shows what they leave out", node.at)
        if isinstance(node, (s.Product, s.Sum)):
            return self.resolve(node)
        raise m.Unresolved("this sign has nothing to apply to", node.at)

    def _tokens(self, tokens: Sequence[Token]) -> m.Meaning:
        try:
            return self.resolve(s.parse(tokens, self.symbols.words))
        except SyntaxProblem as problem:
            raise m.Unresolved(problem.message, problem.at) from None

    def _sum(self, node: s.Sum) -> m.Meaning:
        terms = list(node.terms)
        dots = [i for i, (_, term) in enumerate(terms) if isinstance(term, s.Dots)]
        if len(dots) > 1:
            raise m.Unresolved("several dots in one sum", node.at)
        if dots:
            return self._run(node, terms, dots[0])
        resolved: list[tuple[int, m.Meaning]] = []
        i = 0
        while i < len(terms):
            sign, term = terms[i]
            found = self.resolve(term)
            # Σᵢ aᵢ + bᵢ: the terms after a sum that use its letter belong to it.
            big = found if isinstance(found, m.Big) else None
            if isinstance(found, m.Mul) and isinstance(found.items[-1][1], m.Big):
                big = found.items[-1][1]
            if big is not None and i + 1 < len(terms):
                rest = []
                while i + 1 < len(terms) and self._uses(terms[i + 1][1], big.letters):
                    rest.append(terms[i + 1])
                    i += 1
                if rest:
                    self.bound += big.letters
                    tail = tuple([(g, self.resolve(t)) for g, t in rest])
                    del self.bound[len(self.bound) - len(big.letters) :]
                    body = m.Add(big.at, node.end, ((1, big.body), *tail))
                    wider = m.Big(big.at, node.end, big.sign, big.letters, big.lower, big.upper,
                                  big.conditions, body)  # fmt: skip
                    found = m.rebuild(found, lambda part: wider if part is big else part)  # noqa: B023
            resolved.append((sign, found))
            i += 1
        if len(resolved) == 1 and resolved[0][0] > 0:
            return resolved[0][1]
        return m.Add(node.at, node.end, tuple(resolved))

    def _uses(self, node: s.Node, letters: tuple[str, ...]) -> bool:
        """Whether a term has one of the letters as a free index."""
        self.bound += letters
        try:
            found = self.resolve(node)
        except m.Unresolved:
            return False
        finally:
            del self.bound[len(self.bound) - len(letters) :]
        rebound = {x for part in m.walk(found) if isinstance(part, m.Big) for x in part.letters}
        used = {x for index in m.indices_in(found) for x, _ in index.letters}
        return any(letter in used and letter not in rebound for letter in letters)

    def _run(self, node: s.Sum, terms: list[tuple[int, s.Node]], at: int) -> m.Meaning:
        if at == 0 or at + 1 >= len(terms):
            raise m.Unresolved("dots stand at an end of a sum", node.at)
        self.depth += 1
        before = [(sign, self.resolve(term)) for sign, term in terms[:at]]
        sign, last = terms[at + 1][0], self.resolve(terms[at + 1][1])
        self.depth -= 1
        letter = f"#{self.depth}"
        for position in range(len(before) - 1, -1, -1):
            if before[position][0] != sign:
                continue
            found = generalise(before[position][1], last, letter)
            if found is not None:
                rule, _, stop = found
                rule = rule if sign > 0 else m.Add(rule.at, rule.end, ((-1, rule),))
                first = m.Add(node.at, node.end, tuple(before))
                start = self._after(before[position + 1 :], found[1])
                run = m.Run(node.at, node.end, first, rule, letter, start, stop, "+")
                rest = [(g, self.resolve(term)) for g, term in terms[at + 2 :]]
                return m.Add(node.at, node.end, ((1, run), *rest)) if rest else run
        raise m.Unresolved("the terms around the dots follow no common pattern", node.at)

    def _after(self, between: list[tuple[int, m.Meaning]], start: Index) -> Index:
        """The index after the last that is written out, given that of the term in the rule."""
        if start.letters:
            return Index(start.letters, start.offset + 1)
        numbers = [i.offset for _, term in between for i in m.indices_in(term) if not i.letters]
        return Index((), max([start.offset, *numbers]) + 1)

    def _product(self, items: list[tuple[str, s.Node]], node: s.Node) -> m.Meaning:
        out: list[tuple[str, m.Meaning]] = []
        i = 0
        while i < len(items):
            operator = items[i][0]
            found, i = self._factor(items, i)
            out.append((operator, found))
        if len(out) == 1 and out[0][0] == "":
            return out[0][1]
        return m.Mul(out[0][1].at, out[-1][1].end, tuple(out))

    def _factor(self, items: list[tuple[str, s.Node]], i: int) -> tuple[m.Meaning, int]:
        """The factor that begins at a place, and the place after it."""
        _, node = items[i]
        if isinstance(node, s.BigSign):
            return self._big(node, items[i + 1 :]), len(items)
        if isinstance(node, s.Sign):
            return self._sign(node, items, i)
        if isinstance(node, s.Fraction) and self._is_operator(node):
            return self._operator(node, items, i)
        if isinstance(node, s.Name):
            if self._is_indicator(node):
                return self._indicator(node, items, i)
            if self._is_differential(items, i):
                return self._inline(items, i)
            function = self._function(node)
            if function is not None:
                return self._application(node, function, items, i)
            if self._is_argument(items, i + 1):
                return self._atom(node), i + 2  # J(w): J, which is made from w
        if isinstance(node, s.Group) and node.opening == "[":
            conditions = [r for r in node.items if r.signs]
            if conditions and len(conditions) == len(node.items):
                found = m.Indicator(node.at, node.end, self.conditions(node.items))
                return self._scripted(found, node.scripts), i + 1
        return self._atom(node), i + 1

    # ------------------------------------------------------------------ functions

    def _is_argument(self, items: list[tuple[str, s.Node]], i: int) -> bool:
        """Whether (w) or (x, y) stands at a place: symbols alone, which nobody multiplies so."""
        if i >= len(items) or items[i][0] != "":
            return False
        group = items[i][1]
        return (
            isinstance(group, s.Group)
            and group.opening == "("
            and group.scripts is s.NONE
            and all(not r.signs and isinstance(r.operands[0], s.Name) for r in group.items)
        )

    def _function(self, node: s.Name) -> tuple[str, bool, s.Scripts] | None:
        """The function that a name is, with whether it is a known one and the scripts left over."""
        if node.text in self.free:
            return None
        keys = [self.symbols.keys[text] for text in self.symbols.functions]
        matched = match_name(node, keys) if node.text in self.function_names else None
        other = match_name(node, [k for k in self.symbols.keys.values()
                                  if k.text not in self.symbols.functions])  # fmt: skip
        if matched is not None and other is not None:
            exact = other.key.sub is not None or other.key.sup is not None
            matched = None if exact else matched
        if matched is not None and not matched.entries:
            sups = tuple(matched.sups)
            return matched.key.text, False, s.Scripts(None, sups, node.scripts.primes)
        if other is not None or self.symbols.knows(node.text):
            return None
        if node.text in FUNCTIONS or node.text in ARRAY_FUNCTIONS:
            return node.text, True, node.scripts
        return None

    def _application(
        self, node: s.Name, function: tuple[str, bool, s.Scripts],
        items: list[tuple[str, s.Node]], i: int,
    ) -> tuple[m.Meaning, int]:  # fmt: skip
        name, known, scripts = function
        after = i + 1
        following = items[after] if after < len(items) else None
        over: tuple[str, ...] = ()
        conditions: tuple[m.Condition, ...] = ()
        is_extremum = known and ARRAY_FUNCTIONS.get(name) in ("max", "min")
        if is_extremum and scripts.sub:
            over, conditions, _ = self._range(scripts.sub)
        elif known and scripts.sub and name == "\\log":
            base = read_index(scripts.sub)
            name = {2: "log2", 10: "log10"}.get(base.offset if base else 0, "")
            if not name:
                raise m.Unresolved("this base of a logarithm is not understood", node.at)
        elif known and scripts.sub:
            raise m.Unresolved(f"`{node.text}` has an index that is not understood", node.at)
        self.bound += over
        group = following[1] if following is not None and following[0] == "" else None
        trailing = s.NONE
        if isinstance(group, s.Group):
            arguments = self._arguments(group)
            trailing, after, end = group.scripts, after + 1, group.end
        elif isinstance(group, (s.Braces, s.Matrix)) and not known:
            arguments, after, end = (self._atom(group),), after + 1, group.end
        else:
            taken = self._bare_arguments(items, after, known=known)
            if taken == after:
                raise m.Unresolved(
                    f"the function `{node.text}` stands without an argument", node.at
                )
            arguments = (self._product(items[after:taken], node),)
            after, end = taken, items[taken - 1][1].end
        del self.bound[len(self.bound) - len(over) :]
        found: m.Meaning
        if over:
            sign = "max" if ARRAY_FUNCTIONS[name] == "max" else "min"
            found = m.Big(node.at, end, sign, over, None, None, conditions, arguments[0])
        else:
            found = m.Apply(node.at, end, name, scripts.primes, arguments, known)
        for tokens in scripts.sups:
            found = self._raised(found, tokens)
        return self._scripted(found, trailing), after

    def _arguments(self, group: s.Group) -> tuple[m.Meaning, ...]:
        for relation in group.items:
            if relation.signs:
                raise m.Unresolved("a relation stands where an argument belongs", group.at)
        return tuple([self.resolve(relation.operands[0]) for relation in group.items])

    def _bare_arguments(self, items: list[tuple[str, s.Node]], start: int, *, known: bool) -> int:
        """How far the argument of a function without parentheses reaches."""
        i = start
        while i < len(items):
            operator, node = items[i]
            if operator not in ("", "/") or (operator == "/" and i == start):
                break
            starts_anew = isinstance(node, (s.Group, s.BigSign, s.Sign, s.Matrix))
            is_function = isinstance(node, s.Name) and self._function(node) is not None
            if i > start and (starts_anew or is_function):
                break
            if is_function and i == start:
                _, i = self._factor(items, i)
                break
            i += 1
            if not known and not isinstance(node, s.Number):
                break
        return i

    # ------------------------------------------------------------------ sums

    def _big(self, node: s.BigSign, rest: list[tuple[str, s.Node]]) -> m.Meaning:
        sign = "sum" if node.text == "\\sum" else "prod"
        if not rest:
            raise m.Unresolved(f"nothing follows {node.text}", node.at)
        if not node.scripts.sub:
            return m.Total(node.at, rest[-1][1].end, sign, self._product(rest, node))
        letters, conditions, lower = self._range(node.scripts.sub)
        upper = self._tokens(node.scripts.sups[0]) if node.scripts.sups else None
        self.bound += letters
        body = self._product(rest, node)
        conditions = tuple(conditions)
        del self.bound[len(self.bound) - len(letters) :]
        return m.Big(node.at, rest[-1][1].end, sign, letters, lower, upper, conditions, body)

    def _range(
        self, tokens: tuple[Token, ...]
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
            return letters, (), self._tokens(right)
        if sign == "\\in":
            raise m.Unresolved("a sum over a set is not understood", tokens[cut].at)
        if sign in _COMPARISONS:
            self.bound += letters
            other = self.number(s.parse(right, self.symbols.words))
            del self.bound[len(self.bound) - len(letters) :]
            at, end = tokens[0].at, tokens[-1].end
            left_number = m.IndexNumber(at, end, Index(((letters[0], 1),)))
            condition = m.Condition(at, end, left_number, sign, other)
            return letters, (condition,), None
        raise m.Unresolved("what the sum runs over is not understood", tokens[0].at)

    def conditions(self, relations: Sequence[s.Relation]) -> tuple[m.Condition, ...]:
        """Conditions on indices or numbers, such as i ≠ j."""
        found = []
        for relation in relations:
            operands = [self.number(operand) for operand in relation.operands]
            for left, sign, right in zip(operands, relation.signs, operands[1:], strict=False):
                if sign not in _COMPARISONS:
                    raise m.Unresolved(f"the condition `{sign}` is not understood", left.at)
                found.append(m.Condition(left.at, right.end, left, sign, right))
        return tuple(found)

    def number(self, node: s.Node) -> m.Meaning:
        """An expression in which a letter that is no symbol is an index."""
        known = set(self.bound)
        letters = {
            part.text
            for part in _names(node)
            if not self.symbols.knows(part.text) and part.text not in known
        }
        self.bound += letters
        try:
            return self.resolve(node)
        finally:
            del self.bound[len(self.bound) - len(letters) :]

    # ------------------------------------------------------------------ derivatives

    def _is_d(self, node: s.Node) -> bool:
        if isinstance(node, s.Sign):
            return node.text == "∂" and node.scripts.sub is None
        is_letter = isinstance(node, s.Name) and node.text == "d" and not node.scripts.primes
        taken = self.symbols.knows("d") and "d" not in self.symbols.dimensions
        return is_letter and node.scripts.sub is None and not taken

    def _first(self, node: s.Node) -> tuple[s.Node, list[tuple[str, s.Node]]]:
        if isinstance(node, s.Product):
            return node.items[0][1], list(node.items[1:])
        return node, []

    def _derivative(self, node: s.Fraction) -> m.Meaning | None:
        """∂a/∂b, where the fraction is one."""
        sign, top = self._first(node.top)
        below, _ = self._first(node.bottom)
        if not self._is_d(sign) or not self._is_d(below) or not top:
            return None
        return m.Derivative(node.at, node.end, self._product(top, node), self._bottoms(node.bottom))

    def _bottoms(self, node: s.Node) -> tuple[m.Meaning, ...]:
        """∂x ∂y² as x, y, y."""
        items = list(node.items) if isinstance(node, s.Product) else [("", node)]
        bottoms: list[m.Meaning] = []
        i = 0
        while i < len(items):
            if not self._is_d(items[i][1]) or i + 1 >= len(items):
                raise m.Unresolved("what the derivative is taken by is not understood", node.at)
            end = i + 2
            while end < len(items) and not self._is_d(items[end][1]):
                end += 1
            found: m.Meaning = self._product(items[i + 1 : end], node)
            times = 1
            if isinstance(found, m.Power) and isinstance(found.exponent, m.Number):
                times, found = int(found.exponent.value), found.base
            if times > 6:
                raise m.Unresolved("a derivative of such a high order is not taken", node.at)
            bottoms += [found] * times
            i = end
        return tuple(bottoms)

    def _is_operator(self, node: s.Fraction) -> bool:
        """Whether a fraction is ∂/∂x, with what it applies to beside it."""
        sign, top = self._first(node.top)
        below, rest = self._first(node.bottom)
        return self._is_d(sign) and self._is_d(below) and not top and bool(rest)

    def _operator(
        self, node: s.Fraction, items: list[tuple[str, s.Node]], i: int
    ) -> tuple[m.Meaning, int]:
        bottoms = self._bottoms(node.bottom)
        top, after = self._operand(node, items, i + 1)
        return m.Derivative(node.at, top.end, top, bottoms), after

    def _operand(
        self, node: s.Node, items: list[tuple[str, s.Node]], start: int
    ) -> tuple[m.Meaning, int]:
        """What an operator applies to: a group, or all that follows up to a sign."""
        if start >= len(items):
            raise m.Unresolved("the derivative has nothing to apply to", node.at)
        if isinstance(items[start][1], s.Group):
            return self._factor(items, start)
        end = start + 1
        while end < len(items) and items[end][0] == "":
            end += 1
        return self._product(items[start:end], node), end

    def _sign(self, node: s.Sign, items: list[tuple[str, s.Node]], i: int) -> tuple[m.Meaning, int]:
        """∇ f, ∇_w f, ∂_w f, or ∂a / ∂b in line."""
        if node.text == "∂" and node.scripts.sub is None:
            return self._inline(items, i)
        by: m.Meaning
        if node.scripts.sub is not None:
            by = self._tokens(node.scripts.sub)
        elif self._is_argument(items, i + 2):
            by = self._atom(items[i + 2][1])
        else:
            raise m.Unresolved("∇ does not say by what: write ∇_w", node.at)
        order = 1
        for sup in node.scripts.sups:
            index = read_index(sup)
            if index is None or index.letters:
                raise m.Unresolved("this power of ∇ is not understood", node.at)
            order = index.offset
        if i + 1 >= len(items):
            raise m.Unresolved("∇ has nothing to apply to", node.at)
        top, after = self._factor(items, i + 1)
        return m.Derivative(node.at, top.end, top, (by,) * order, gradient=True), after

    def _is_differential(self, items: list[tuple[str, s.Node]], i: int) -> bool:
        """Whether dy / dx begins here."""
        if not self._is_d(items[i][1]):
            return False
        return any(op == "/" and self._is_d(node) for op, node in items[i + 1 :])

    def _inline(self, items: list[tuple[str, s.Node]], i: int) -> tuple[m.Meaning, int]:
        node = items[i][1]
        for slash in range(i + 1, len(items)):
            if items[slash][0] == "/" and self._is_d(items[slash][1]):
                break
        else:
            raise m.Unresolved("∂ stands without a ∂ below it", node.at)
        if slash + 1 >= len(items):
            raise m.Unresolved("what the derivative is taken by is missing", node.at)
        end = slash + 2
        orders = items[i][1].scripts.sups
        while orders and end + 1 < len(items) and self._is_d(items[end][1]):
            end += 2
        below = s.Product(items[slash][1].at, items[end - 1][1].end, s.NONE,
                          (("", items[slash][1]), *items[slash + 1 : end]))  # fmt: skip
        bottoms = self._bottoms(below)
        if slash == i + 1:  # ∂/∂x f
            top, end = self._operand(node, items, end)
        else:
            top = self._product(items[i + 1 : slash], node)
        return m.Derivative(node.at, max(top.end, below.end), top, bottoms), end

    # ------------------------------------------------------------------ names and scripts

    def _name(self, node: s.Name) -> m.Meaning:
        if _has_size(node):
            raise m.Unresolved("a size written as a subscript is not tested", node.at)
        if node.text in self.free:
            found: m.Meaning = m.Parameter(node.at, node.end, node.text)
            return self._scripted(found, node.scripts)
        matched = match_name(node, list(self.symbols.keys.values()))
        plain = node.scripts.sub is None and not node.scripts.primes
        if plain and node.text in self.bound:
            number = m.IndexNumber(node.at, node.end, Index(((node.text, 1),)))
            return self._scripted(number, node.scripts)
        if matched is not None and plain and node.text in self.symbols.dimensions:
            number = m.IndexNumber(node.at, node.end, Index(((node.text, 1),)))
            return self._scripted(number, node.scripts)
        if matched is None or (matched.entries and self._is_kronecker(node)):
            return self._unknown(node)
        if node.text == "e" and plain and matched.key.sup is None and self._is_exponent(node):
            return self._scripted(m.Number(node.at, node.end, CONSTANTS["e"]), node.scripts)
        if node.scripts.primes and not matched.key.primes:
            raise m.Unresolved(
                f"`{node.text}` has a prime and is no function in the notation", node.at
            )
        if matched.key.text in self.symbols.functions:
            raise m.Unresolved(f"the function `{node.text}` stands without an argument", node.at)
        found = m.Reference(node.at, node.end, matched.key.text, matched.slots)
        if matched.entries:
            found = m.Entry(node.at, node.end, found, matched.entries)
        if matched.transposed:
            found = m.Transposed(node.at, node.end, found)
        for tokens in matched.sups:
            found = self._raised(found, tokens)
        return found

    def _is_kronecker(self, node: s.Name) -> bool:
        indices = read_indices(node.scripts.sub) if node.scripts.sub is not None else None
        return node.text == "\\delta" and indices is not None and len(indices) == 2

    def _is_exponent(self, node: s.Name) -> bool:
        """Whether a superscript of e is more than a number or a transpose: e is Euler's then."""
        sup = node.scripts.sups[0] if node.scripts.sups else ()
        text = "".join(t.text for t in sup if t.kind not in ("LBRACE", "RBRACE"))
        return bool(text) and not text.isdigit() and text not in TRANSPOSITIONS

    def _unknown(self, node: s.Name) -> m.Meaning:
        sub = node.scripts.sub
        indices = read_indices(sub) if sub is not None else None
        if indices is not None and self._is_kronecker(node):
            return m.Kronecker(node.at, node.end, *indices)
        if sub is None and node.text in CONSTANTS:
            number = m.Number(node.at, node.end, CONSTANTS[node.text])
            return self._scripted(number, node.scripts)
        written = written_name(node)
        if self.symbols.knows(node.text):
            forms = sorted({k.text for k in self.symbols.keys.values() if k.name == node.text})
            raise m.Unresolved(
                f"`{written}` is not in the notation; it has {', '.join(forms)}", node.at
            )
        near = difflib.get_close_matches(
            written, [*self.symbols.keys, *{k.name for k in self.symbols.keys.values()}], 1, 0.5
        )
        hint = f"; the nearest that is known is `{near[0]}`" if near else ""
        raise UnknownName(f"`{written}` is not in the notation{hint}", node)

    def _scripted(self, base: m.Meaning, scripts: s.Scripts) -> m.Meaning:
        if scripts.primes:
            raise m.Unresolved("a prime on something that is no function", base.at)
        if scripts.sub is not None:
            indices = read_indices(scripts.sub)
            if indices is None:
                raise m.Unresolved("this subscript is not understood", base.at)
            base = m.Entry(base.at, base.end, base, indices)
        for tokens in scripts.sups:
            base = self._raised(base, tokens)
        return base

    def _raised(self, base: m.Meaning, tokens: tuple[Token, ...]) -> m.Meaning:
        content = [t for t in tokens if t.kind not in ("LBRACE", "RBRACE")]
        text = "".join(t.text for t in content)
        end = max(base.end, content[-1].end + 1 if content else base.end)
        if (text in TRANSPOSITIONS and not self.symbols.knows(text)) or text == "\\top":
            return m.Transposed(base.at, end, base)
        if text == "T":
            return m.Transposed(base.at, end, base)
        if text == "-1":
            return m.Inverse(base.at, end, base)
        if text in ("-T", "-\\top"):
            return m.Transposed(base.at, end, m.Inverse(base.at, end, base))
        if text == "\\prime":
            raise m.Unresolved("a prime on something that is no function", base.at)
        return m.Power(base.at, end, base, self._tokens(tokens))

    # ------------------------------------------------------------------ brackets

    def _group(self, node: s.Group) -> m.Meaning:
        relation = node.items[0]
        if len(node.items) == 1 and not relation.signs:
            return self.resolve(relation.operands[0])
        operands: list[s.Node | None] = [r.operands[0] for r in node.items if not r.signs]
        if any(isinstance(o, s.Dots) for o in operands) and len(operands) == len(node.items):
            cells = [operands] if node.opening == "[" else [[o] for o in operands]
            return self._pattern(node, cells, [[isinstance(c, s.Dots) for c in r] for r in cells])
        if node.opening == "\\langle" and len(operands) == len(node.items) == 2:
            left, right = [self.resolve(o) for o in operands if o is not None]
            turned = m.Transposed(left.at, left.end, left)
            return m.Mul(node.at, node.end, (("", turned), ("", right)))
        if node.opening == "[" and not any(r.signs for r in node.items):
            row = tuple([self.resolve(r.operands[0]) for r in node.items])
            return m.Grid(node.at, node.end, (row,))
        if node.opening == "(" and not any(r.signs for r in node.items):
            column = tuple([(self.resolve(r.operands[0]),) for r in node.items])
            return m.Grid(node.at, node.end, column)
        raise m.Unresolved("what stands in these brackets is not understood", node.at)

    def _is_indicator(self, node: s.Name) -> bool:
        return node.text in ("\\mathbb{1}", "\\mathbf{1}") and not self.symbols.knows(node.text)

    def _indicator(
        self, node: s.Name, items: list[tuple[str, s.Node]], i: int
    ) -> tuple[m.Meaning, int]:
        if node.scripts.sub:
            tokens = [
                t for t in node.scripts.sub if t.text not in ("\\{", "\\}", "[", "]", "(", ")")
            ]
            return m.Indicator(node.at, node.end, self.conditions([_relation(tokens)])), i + 1
        following = items[i + 1][1] if i + 1 < len(items) else None
        if isinstance(following, s.Group) and any(r.signs for r in following.items):
            found = m.Indicator(node.at, following.end, self.conditions(following.items))
            return found, i + 2
        raise m.Unresolved(f"`{node.text}` is not in the notation", node.at)

    def _matrix(self, node: s.Matrix) -> m.Meaning:
        if node.kind in ("cases", "dcases", "rcases"):
            return self._cases(node)
        if node.kind in ("vmatrix", "Vmatrix"):
            raise m.Unresolved("determinants are not understood", node.at)
        rows = [list(row) for row in node.rows if any(row)]
        width = max((len(row) for row in rows), default=0)
        rows = [row + [()] * (width - len(row)) for row in rows]
        kept = [j for j in range(width) if any(row[j] for row in rows)]
        rows = [[row[j] for j in kept] for row in rows]
        if not rows or any(
            len(cell) > 1 or (cell and isinstance(cell[0], str)) for r in rows for cell in r
        ):
            raise m.Unresolved("a cell of this matrix is not understood", node.at)
        for row in rows:
            for cell in row:
                if cell and cell[0].signs:
                    raise m.Unresolved("a cell of this matrix holds a relation", node.at)
        cells = [[cell[0].operands[0] if cell else None for cell in row] for row in rows]
        is_dots = [[isinstance(cell, s.Dots) for cell in row] for row in cells]
        if any(any(row) for row in is_dots):
            return self._pattern(node, cells, is_dots)
        if any(cell is None for row in cells for cell in row):
            raise m.Unresolved("this matrix has an empty cell", node.at)
        return m.Grid(
            node.at, node.end, tuple(tuple([self.resolve(c) for c in r if c]) for r in cells)
        )

    def _pattern(
        self, node: s.Node, cells: list[list[s.Node | None]], is_dots: list[list[bool]]
    ) -> m.Meaning:
        dotted_rows = [i for i, row in enumerate(is_dots) if all(row) and len(cells) > 1]
        dotted_columns = [
            j for j in range(len(cells[0])) if all(r[j] for r in is_dots) and len(cells[0]) > 1
        ]
        rows = [i for i in range(len(cells)) if i not in dotted_rows]
        columns = [j for j in range(len(cells[0])) if j not in dotted_columns]
        written = [[cells[i][j] for j in columns] for i in rows]
        if any(cell is None or isinstance(cell, s.Dots) for row in written for cell in row):
            raise m.Unresolved("the dots in this matrix follow no pattern", node.at)
        if any(d != len(cells) - 2 for d in dotted_rows) or any(
            d != len(cells[0]) - 2 for d in dotted_columns
        ):
            raise m.Unresolved("dots in a matrix stand before its last row or column", node.at)
        self.depth += 1
        grid = [[self.resolve(cell) for cell in row if cell is not None] for row in written]
        self.depth -= 1
        row_letter, column_letter = f"#row{self.depth}", f"#column{self.depth}"
        row_range = column_range = None
        corners = [grid[0][0], grid[0][-1]]
        if dotted_rows:
            found = [generalise(grid[0][j], grid[-1][j], row_letter) for j in (0, -1)]
            if found[0] is None or found[1] is None:
                raise m.Unresolved("the rows around the dots follow no common pattern", node.at)
            corners = [found[0][0], found[1][0]]
            row_range = found[0][1:]
        rule = corners[0]
        if dotted_columns:
            across = generalise(corners[0], corners[1], column_letter)
            if across is None:
                raise m.Unresolved("the columns around the dots follow no common pattern", node.at)
            rule, *ends = across
            column_range = (ends[0], ends[1])
        return m.Pattern(
            node.at, node.end, tuple(tuple(row) for row in grid), rule,
            row_range and (row_letter, *row_range), column_range and (column_letter, *column_range),
        )  # fmt: skip

    def _cases(self, node: s.Matrix) -> m.Meaning:
        branches = []
        for row in node.rows:
            if not any(row):
                continue
            parts = [part for cell in row for part in cell]
            values = [p for p in parts if isinstance(p, s.Relation)]
            if not values or values[0].signs or len(values) > 2:
                raise m.Unresolved("a case is not understood", node.at)
            value = self.resolve(values[0].operands[0])
            if len(values) == 2 and not values[1].signs:
                raise m.Unresolved("the condition of a case is not understood", node.at)
            conditions = self.conditions(values[1:])
            branches.append((value, conditions))
        return m.Cases(node.at, node.end, tuple(branches))


class UnknownName(m.Unresolved):
    """A symbol that neither the notation nor the document defines."""

    def __init__(self, message: str, node: s.Name) -> None:
        super().__init__(message, node.at)
        self.node = node


def written_name(node: s.Name) -> str:
    """A symbol as it is written, indices included."""

    def spell(tokens: Sequence[Token]) -> str:
        return "".join(t.text if not t.inner else f"{t.text}{{{spell(t.inner)}}}" for t in tokens)

    sub = f"_{{{spell(node.scripts.sub)}}}" if node.scripts.sub else ""
    sups = "".join(f"^{{{spell(sup)}}}" for sup in node.scripts.sups)
    return node.text + "'" * node.scripts.primes + sups + sub


def _has_size(node: s.Name) -> bool:
    """Whether a subscript says m × n."""
    return any(t.kind == "TIMES" or t.style == "text" for t in node.scripts.sub or ())


def _names(node: object) -> list[s.Name]:
    if isinstance(node, s.Name):
        return [node]
    if isinstance(node, s.Product):
        return [name for _, item in node.items for name in _names(item)]
    if isinstance(node, s.Sum):
        return [name for _, term in node.terms for name in _names(term)]
    return []


def _relation(tokens: Sequence[Token]) -> s.Relation:
    operands: list[s.Node] = []
    signs: list[str] = []
    part: list[Token] = []
    for token in tokens:
        if token.kind in ("RELATION", "OTHER"):
            operands.append(s.parse(part))
            signs.append(token.text)
            part = []
        else:
            part.append(token)
    operands.append(s.parse(part))
    return s.Relation(tuple(operands), tuple(signs))


_COMPARISONS: Mapping[str, str] = {
    "=": "=", "\\neq": "≠", "\\ne": "≠", "<": "<", ">": ">", "\\le": "≤", "\\leq": "≤",
    "\\ge": "≥", "\\geq": "≥", "\\lt": "<", "\\gt": ">", "\\equiv": "=", "\\leqslant": "≤",
    "\\geqslant": "≥",
}  # fmt: skip
