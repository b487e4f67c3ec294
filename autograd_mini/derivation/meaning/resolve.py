"""From syntax to meaning: which symbol each name is, what is a function of what, what a sum covers.

A `Resolver` knows the symbols of one part of a document and what the document has defined so far.
It computes nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.syntax import parse
from autograd_mini.derivation.reading.tokens import SyntaxProblem, Token
from autograd_mini.derivation.reading.vocabulary import COMPARISONS

from . import applications, brackets, differentials, sums
from . import nodes as m
from .indices import TRANSPOSITIONS, Index, read_indices
from .names import match_name
from .protocol import Items
from .symbols import CONSTANTS, Symbols, UnknownName, written_name

__all__ = ["Resolver", "is_label"]


class Resolver:
    """Resolves the syntax trees of one claim.

    Args:
        symbols: what is known.
        free: names that stand for free variables.
    """

    def __init__(self, symbols: Symbols, free: frozenset[str] = frozenset()) -> None:
        self.symbols = symbols
        self.free = free
        self.bound: list[str] = []
        self.depth = 0  # of dots within dots

    def resolve(self, node: s.Node) -> m.Meaning:
        """The meaning of a syntax tree.

        Raises:
            Unresolved: if a symbol is not known, or the notation is not understood.
        """
        if isinstance(node, s.Product):
            return self.product(list(node.items), node)
        if isinstance(node, s.Sum):
            return sums.sum_of(self, node)
        return self.product([("", node)], node)

    def atom(self, node: s.Node) -> m.Meaning:
        """A factor that is no function, sign or derivative operator."""
        if isinstance(node, s.Name):
            return self._name(node)
        if isinstance(node, s.Fraction):
            found = differentials.derivative(self, node)
            if found is None:
                items = (("", self.resolve(node.top)), ("/", self.resolve(node.bottom)))
                found = m.Mul(node.at, node.end, items)
            return self.scripted(found, node.scripts)
        if isinstance(node, s.Group):
            inner = replace(brackets.group(self, node), at=node.at, end=node.end)
            return self.scripted(inner, node.scripts)
        if isinstance(node, s.Braces):
            return self.scripted(self.resolve(node.inner), node.scripts)
        if isinstance(node, s.Number):
            return self.scripted(m.Number(node.at, node.end, node.value), node.scripts)
        if isinstance(node, s.Root):
            degree = self.expression(node.degree) if node.degree else None
            found = m.Root(node.at, node.end, self.resolve(node.inner), degree)
            return self.scripted(found, node.scripts)
        if isinstance(node, s.Bars):
            order = "".join(t.text for t in node.scripts.sub or ())
            found = m.Modulus(node.at, node.end, self.resolve(node.inner), node.norm, order)
            return self.scripted(found, s.Scripts(None, node.scripts.sups, node.scripts.primes))
        if isinstance(node, s.Matrix):
            return self.scripted(brackets.matrix(self, node), node.scripts)
        if isinstance(node, s.Dots):
            raise m.Unresolved("dots stand where no pattern shows what they leave out", node.at)
        if isinstance(node, (s.Product, s.Sum)):
            return self.resolve(node)
        raise m.Unresolved("this sign has nothing to apply to", node.at)

    def expression(self, tokens: Sequence[Token]) -> m.Meaning:
        """The meaning of tokens, such as those of a script."""
        try:
            return self.resolve(parse(tokens, self.symbols.words))
        except SyntaxProblem as problem:
            raise m.Unresolved(problem.message, problem.at) from None

    def product(self, items: Items, node: s.Node) -> m.Meaning:
        """The meaning of factors side by side, which may be a function and its argument."""
        out: list[tuple[str, m.Meaning]] = []
        i = 0
        while i < len(items):
            operator = items[i][0]
            found, i = self.factor(items, i)
            out.append((operator, found))
        if len(out) == 1 and out[0][0] == "":
            return out[0][1]
        return m.Mul(out[0][1].at, out[-1][1].end, tuple(out))

    def factor(self, items: Items, i: int) -> tuple[m.Meaning, int]:
        """The factor that begins at a place, and the place after it."""
        _, node = items[i]
        if isinstance(node, s.BigSign):
            return sums.big(self, node, items[i + 1 :]), len(items)
        if isinstance(node, s.Sign):
            return differentials.sign(self, node, items, i)
        if isinstance(node, s.Fraction) and differentials.is_operator(self, node):
            return differentials.operator(self, node, items, i)
        if isinstance(node, s.Name):
            if brackets.is_indicator(self, node):
                return brackets.indicator(self, node, items, i)
            if differentials.is_differential(self, items, i):
                return differentials.inline(self, items, i)
            function = applications.function_of(self, node)
            if function is not None:
                return applications.application(self, node, function, items, i)
            if applications.is_argument(self, items, i + 1):
                return self.atom(node), i + 2  # J(w): J, which is made from w
        if isinstance(node, s.Group) and node.opening == "[":
            conditions = [r for r in node.items if r.signs]
            if conditions and len(conditions) == len(node.items):
                found = m.Indicator(node.at, node.end, self.conditions(node.items))
                return self.scripted(found, node.scripts), i + 1
        return self.atom(node), i + 1

    def is_function(self, node: s.Name) -> bool:
        """Whether a name is a function's."""
        return applications.function_of(self, node) is not None

    def conditions(self, relations: Sequence[s.Relation]) -> tuple[m.Condition, ...]:
        """Conditions on indices or numbers, such as i ≠ j."""
        found = []
        for relation in relations:
            operands = [self.number(operand) for operand in relation.operands]
            for left, sign, right in zip(operands, relation.signs, operands[1:], strict=False):
                if sign not in COMPARISONS:
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

    def _name(self, node: s.Name) -> m.Meaning:
        if any(t.text in ("\\cdot", ":") for t in node.scripts.sub or ()):
            raise m.Unresolved("a row or column, as in A_{·j}, is not understood", node.at)
        if _has_size(node):
            raise m.Unresolved("a size written as a subscript is not tested", node.at)
        if node.text in self.free:
            found: m.Meaning = m.Parameter(node.at, node.end, node.text)
            return self.scripted(found, node.scripts)
        matched = match_name(node, list(self.symbols.keys.values()))
        plain = node.scripts.sub is None and not node.scripts.primes
        if plain and node.text in self.bound:
            number = m.IndexNumber(node.at, node.end, Index(((node.text, 1),)))
            return self.scripted(number, node.scripts)
        if matched is not None and plain and node.text in self.symbols.dimensions:
            number = m.IndexNumber(node.at, node.end, Index(((node.text, 1),)))
            return self.scripted(number, node.scripts)
        if matched is None or (matched.entries and self._is_kronecker(node)):
            return self.unknown(node)
        if node.text == "e" and plain and matched.key.sup is None and self._is_exponent(node):
            return self.scripted(m.Number(node.at, node.end, CONSTANTS["e"]), node.scripts)
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
            found = self.raised(found, tokens)
        return found

    def _is_kronecker(self, node: s.Name) -> bool:
        indices = read_indices(node.scripts.sub) if node.scripts.sub is not None else None
        return node.text == "\\delta" and indices is not None and len(indices) == 2

    def _is_exponent(self, node: s.Name) -> bool:
        """Whether a superscript of e is more than a number or a transpose: e is Euler's then."""
        sup = node.scripts.sups[0] if node.scripts.sups else ()
        text = "".join(t.text for t in sup if t.kind not in ("LBRACE", "RBRACE"))
        return bool(text) and not text.isdigit() and text not in TRANSPOSITIONS

    def unknown(self, node: s.Name) -> m.Meaning:
        """A symbol that is known without a notation.

        Raises:
            UnknownName: if it is not.
        """
        sub = node.scripts.sub
        indices = read_indices(sub) if sub is not None else None
        if indices is not None and self._is_kronecker(node):
            return m.Kronecker(node.at, node.end, *indices)
        kind = _MATRIX_CONSTANTS.get(node.text)
        if kind and (sub is None or all(t.text in self.symbols.dimensions for t in sub)):
            size = self.expression(sub) if sub is not None else None
            constant = m.Constant(node.at, node.end, kind, size)
            return self.scripted(constant, replace(node.scripts, sub=None))
        if sub is None and node.text in CONSTANTS:
            number = m.Number(node.at, node.end, CONSTANTS[node.text])
            return self.scripted(number, node.scripts)
        written = written_name(node)
        if self.symbols.knows(node.text):
            forms = sorted({k.text for k in self.symbols.keys.values() if k.name == node.text})
            raise UnknownName(
                f"`{written}` is not in the notation; it has {', '.join(forms)}", node
            )
        near = difflib.get_close_matches(
            written, [*self.symbols.keys, *{k.name for k in self.symbols.keys.values()}], 1, 0.5
        )
        hint = f"; the nearest that is known is `{near[0]}`" if near else ""
        raise UnknownName(f"`{written}` is not in the notation{hint}", node)

    def scripted(self, base: m.Meaning, scripts: s.Scripts) -> m.Meaning:
        """A meaning with an index, powers or transposes."""
        if scripts.primes:
            raise m.Unresolved("a prime on something that is no function", base.at)
        if scripts.sub is not None:
            indices = read_indices(scripts.sub)
            if indices is None:
                raise m.Unresolved("this subscript is not understood", base.at)
            base = m.Entry(base.at, base.end, base, indices)
        for tokens in scripts.sups:
            base = self.raised(base, tokens)
        return base

    def raised(self, base: m.Meaning, tokens: tuple[Token, ...]) -> m.Meaning:
        """A meaning with one superscript."""
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
        if is_label(tokens):
            raise m.Unresolved(f"the superscript `{text}` is not in the notation", base.at)
        if text == "\\prime":
            raise m.Unresolved("a prime on something that is no function", base.at)
        return m.Power(base.at, end, base, self.expression(tokens))


def is_label(sup: Sequence[Token]) -> bool:
    """Whether a superscript is a mark such as that of x^* or x^+."""
    return "".join(t.text for t in sup) in ("*", "+", "-", "\\ast", "\\star", "\\dagger")


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


_MATRIX_CONSTANTS = {"I": "I", "\\mathbf{1}": "1", "\\mathbb{1}": "1"}
