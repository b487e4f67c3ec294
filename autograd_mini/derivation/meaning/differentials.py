"""Derivatives as they are written: fractions of ∂ or d, operators, ∇, dy/dx in line."""

from __future__ import annotations

from dataclasses import replace

from autograd_mini.derivation.reading import trees as s

from . import nodes as m
from .applications import is_argument
from .indices import TRANSPOSITIONS, read_index
from .protocol import Items, Resolving

__all__ = ["derivative", "inline", "is_differential", "is_operator", "operator", "sign"]


def _is_d(resolver: Resolving, node: s.Node) -> bool:
    if isinstance(node, s.Sign):
        return node.text == "∂" and node.scripts.sub is None
    is_letter = isinstance(node, s.Name) and node.text == "d" and not node.scripts.primes
    taken = resolver.symbols.knows("d") and "d" not in resolver.symbols.dimensions
    return is_letter and node.scripts.sub is None and not taken


def _first(resolver: Resolving, node: s.Node) -> tuple[s.Node, Items]:
    if isinstance(node, s.Product):
        return node.items[0][1], list(node.items[1:])
    return node, []


def derivative(resolver: Resolving, node: s.Fraction) -> m.Meaning | None:
    """∂a/∂b, where the fraction is one."""
    sign, top = _first(resolver, node.top)
    below, _ = _first(resolver, node.bottom)
    if not _is_d(resolver, sign) or not _is_d(resolver, below) or not top:
        return None
    return m.Derivative(
        node.at, node.end, resolver.product(top, node), _bottoms(resolver, node.bottom)
    )


def _bottoms(resolver: Resolving, node: s.Node) -> tuple[m.Meaning, ...]:
    """∂x ∂y² as x, y, y."""
    items = list(node.items) if isinstance(node, s.Product) else [("", node)]
    bottoms: list[m.Meaning] = []
    i = 0
    while i < len(items):
        if not _is_d(resolver, items[i][1]) or i + 1 >= len(items):
            raise m.Unresolved("what the derivative is taken by is not understood", node.at)
        end = i + 2
        while end < len(items) and not _is_d(resolver, items[end][1]):
            end += 1
        found: m.Meaning = resolver.product(items[i + 1 : end], node)
        times = 1
        if isinstance(found, m.Power) and isinstance(found.exponent, m.Number):
            times, found = int(found.exponent.value), found.base
        if times > 6:
            raise m.Unresolved("a derivative of such a high order is not taken", node.at)
        bottoms += [found] * times
        i = end
    return tuple(bottoms)


def is_operator(resolver: Resolving, node: s.Fraction) -> bool:
    """Whether a fraction is ∂/∂x, with what it applies to beside it."""
    sign, top = _first(resolver, node.top)
    below, rest = _first(resolver, node.bottom)
    return _is_d(resolver, sign) and _is_d(resolver, below) and not top and bool(rest)


def operator(resolver: Resolving, node: s.Fraction, items: Items, i: int) -> tuple[m.Meaning, int]:
    """∂/∂x and what it applies to, and the place after that."""
    bottoms = _bottoms(resolver, node.bottom)
    top, after = _operand(resolver, node, items, i + 1)
    return m.Derivative(node.at, top.end, top, bottoms), after


def _operand(resolver: Resolving, node: s.Node, items: Items, start: int) -> tuple[m.Meaning, int]:
    """What an operator applies to: a group, or all that follows up to a sign."""
    if start >= len(items):
        raise m.Unresolved("the derivative has nothing to apply to", node.at)
    if isinstance(items[start][1], s.Group):
        return resolver.factor(items, start)
    end = start + 1
    while end < len(items) and items[end][0] == "":
        end += 1
    return resolver.product(items[start:end], node), end


def sign(resolver: Resolving, node: s.Sign, items: Items, i: int) -> tuple[m.Meaning, int]:
    """∇ f, ∇_w f, ∂_w f, or ∂a / ∂b in line."""
    if node.text == "∂" and node.scripts.sub is None:
        return inline(resolver, items, i)
    by: m.Meaning
    if node.scripts.sub is not None:
        by = resolver.expression(node.scripts.sub)
    elif i + 2 < len(items) and is_argument(resolver, [_bare(items[i + 2])], 0):
        return _gradient_at(resolver, node, items, i)
    else:
        raise m.Unresolved("∇ does not say by what: write ∇_w", node.at)
    order = _order(node)
    if i + 1 >= len(items):
        raise m.Unresolved("∇ has nothing to apply to", node.at)
    if _is_beginning(items[i + 1][1]):
        top, after = _operand(resolver, node, items, i + 1)
    else:
        top, after = resolver.factor(items, i + 1)
    return m.Derivative(node.at, top.end, top, (by,) * order, gradient=True), after


def _gradient_at(resolver: Resolving, node: s.Sign, items: Items, i: int) -> tuple[m.Meaning, int]:
    """∇f(x), by x; in ∇f(x)ᵀ the transpose is the gradient's."""
    group = items[i + 2]
    by = resolver.atom(_bare(group)[1])
    top, _ = resolver.factor([*items[: i + 2], _bare(group)], i + 1)
    found = m.Derivative(node.at, group[1].end, top, (by,) * _order(node), gradient=True)
    return resolver.scripted(found, group[1].scripts), i + 3


def is_differential(resolver: Resolving, items: Items, i: int) -> bool:
    """Whether dy / dx begins here."""
    if not _is_d(resolver, items[i][1]):
        return False
    return any(op == "/" and _is_d(resolver, node) for op, node in items[i + 1 :])


def inline(resolver: Resolving, items: Items, i: int) -> tuple[m.Meaning, int]:
    """dy/dx or ∂/∂x f, written in line, and the place after it."""
    node = items[i][1]
    for slash in range(i + 1, len(items)):
        if items[slash][0] == "/" and _is_d(resolver, items[slash][1]):
            break
    else:
        raise m.Unresolved("∂ stands without a ∂ below it", node.at)
    if slash + 1 >= len(items):
        raise m.Unresolved("what the derivative is taken by is missing", node.at)
    end = slash + 2
    orders = items[i][1].scripts.sups
    while orders and end + 1 < len(items) and _is_d(resolver, items[end][1]):
        end += 2
    below = s.Product(items[slash][1].at, items[end - 1][1].end, s.NONE,
                      (("", items[slash][1]), *items[slash + 1 : end]))  # fmt: skip
    bottoms = _bottoms(resolver, below)
    if slash == i + 1:  # ∂/∂x f
        top, end = _operand(resolver, node, items, end)
    else:
        top = resolver.product(items[i + 1 : slash], node)
    return m.Derivative(node.at, max(top.end, below.end), top, bottoms), end


def _is_beginning(node: s.Node) -> bool:
    """Whether ∇ goes on past a factor: it is a number or a row, as in ∇ ½ xᵀ A x."""
    if isinstance(node, s.Fraction):
        return _is_beginning(node.top) and _is_beginning(node.bottom)
    if isinstance(node, s.Name):
        scripts = ["".join(t.text for t in sup) for sup in node.scripts.sups]
        return any(text in TRANSPOSITIONS for text in scripts)
    return isinstance(node, s.Number)


def _bare(item: tuple[str, s.Node]) -> tuple[str, s.Node]:
    operator, node = item
    return operator, replace(node, scripts=s.NONE)


def _order(node: s.Sign) -> int:
    """The power of ∇."""
    for sup in node.scripts.sups:
        index = read_index(sup)
        if index is None or index.letters:
            raise m.Unresolved("this power of ∇ is not understood", node.at)
        return index.offset
    return 1
