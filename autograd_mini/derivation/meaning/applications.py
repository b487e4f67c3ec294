"""Functions and their arguments: f(x), sin φ, σ′(z), max over i."""

from __future__ import annotations

from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.vocabulary import FUNCTIONS

from . import nodes as m
from .indices import read_index
from .names import match_name
from .protocol import Items, Resolving
from .sums import index_range
from .symbols import ARRAY_FUNCTIONS

__all__ = ["application", "function_of", "is_argument"]


def is_argument(resolver: Resolving, items: Items, i: int) -> bool:
    """Whether (w) or (x, y) stands at a place: symbols alone, which nobody multiplies so."""
    if i >= len(items) or items[i][0] != "":
        return False
    group = items[i][1]
    return (
        isinstance(group, s.Group)
        and group.opening == "("
        and group.scripts is s.NONE
        and all(not item.signs and isinstance(item.operands[0], s.Name) for item in group.items)
    )


def function_of(resolver: Resolving, node: s.Name) -> tuple[str, bool, s.Scripts] | None:
    """The function that a name is, with whether it is a known one and the scripts left over."""
    if node.text in resolver.free:
        return None
    keys = [resolver.symbols.keys[text] for text in resolver.symbols.functions]
    matched = match_name(node, keys)
    other = match_name(node, [k for k in resolver.symbols.keys.values()
                              if k.text not in resolver.symbols.functions])  # fmt: skip
    if matched is not None and other is not None:
        exact = other.key.sub is not None or other.key.sup is not None
        matched = None if exact else matched
    if matched is not None and not matched.entries:
        sups = tuple(matched.sups)
        return matched.key.text, False, s.Scripts(None, sups, node.scripts.primes)
    if other is not None or resolver.symbols.knows(node.text):
        return None
    if node.text in FUNCTIONS or node.text in ARRAY_FUNCTIONS:
        return node.text, True, node.scripts
    return None


def application(
    resolver: Resolving, node: s.Name, function: tuple[str, bool, s.Scripts], items: Items, i: int
) -> tuple[m.Meaning, int]:
    """The function at a place applied to what follows it, and the place after that."""
    name, known, scripts = function
    after = i + 1
    following = items[after] if after < len(items) else None
    over: tuple[str, ...] = ()
    conditions: tuple[m.Condition, ...] = ()
    is_extremum = known and ARRAY_FUNCTIONS.get(name) in ("max", "min")
    if is_extremum and scripts.sub:
        over, conditions, _ = index_range(resolver, scripts.sub)
    elif known and scripts.sub and name == "\\log":
        base = read_index(scripts.sub)
        name = {2: "log2", 10: "log10"}.get(base.offset if base else 0, "")
        if not name:
            raise m.Unresolved("this base of a logarithm is not understood", node.at)
    elif known and scripts.sub:
        raise m.Unresolved(f"`{node.text}` has an index that is not understood", node.at)
    resolver.bound += over
    group = following[1] if following is not None and following[0] == "" else None
    trailing = s.NONE
    if isinstance(group, s.Group):
        arguments = _arguments(resolver, group)
        trailing, after, end = group.scripts, after + 1, group.end
    elif isinstance(group, (s.Braces, s.Matrix)) and not known:
        arguments, after, end = (resolver.atom(group),), after + 1, group.end
    else:
        taken = _bare_arguments(resolver, items, after, known=known)
        if taken == after:
            raise m.Unresolved(f"the function `{node.text}` stands without an argument", node.at)
        arguments = (resolver.product(items[after:taken], node),)
        after, end = taken, items[taken - 1][1].end
    del resolver.bound[len(resolver.bound) - len(over) :]
    found: m.Meaning
    if over:
        sign = "max" if ARRAY_FUNCTIONS[name] == "max" else "min"
        found = m.Big(node.at, end, sign, over, None, None, conditions, arguments[0])
    else:
        found = m.Apply(node.at, end, name, scripts.primes, arguments, known)
    for tokens in scripts.sups:
        found = resolver.raised(found, tokens)
    return resolver.scripted(found, trailing), after


def _arguments(resolver: Resolving, group: s.Group) -> tuple[m.Meaning, ...]:
    for relation in group.items:
        if relation.signs:
            raise m.Unresolved("a relation stands where an argument belongs", group.at)
    return tuple([resolver.resolve(relation.operands[0]) for relation in group.items])


def _bare_arguments(resolver: Resolving, items: Items, start: int, *, known: bool) -> int:
    """How far the argument of a function without parentheses reaches."""
    i = start
    while i < len(items):
        operator, node = items[i]
        if operator not in ("", "/") or (operator == "/" and i == start):
            break
        starts_anew = isinstance(node, (s.Group, s.BigSign, s.Sign, s.Matrix))
        is_function = isinstance(node, s.Name) and function_of(resolver, node) is not None
        if i > start and (starts_anew or is_function):
            break
        if is_function and i == start:
            _, i = resolver.factor(items, i)
            break
        i += 1
        if isinstance(node, s.Name) and is_argument(resolver, items, i):
            i += 1  # log D(x): D, which is made from x
        if not known and not isinstance(node, s.Number):
            break
    return i
