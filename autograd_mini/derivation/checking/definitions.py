"""What a document defines itself: a := …, let p = …, where z = …, and … ≡ G.

A definition is taken down; whether anything said with it is true is for the checker.
"""

from __future__ import annotations

from autograd_mini.derivation.evaluating.notation import Scope
from autograd_mini.derivation.evaluating.point import Definition
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.indices import read_indices
from autograd_mini.derivation.meaning.names import match_name, read_key
from autograd_mini.derivation.meaning.resolve import Resolver, is_label
from autograd_mini.derivation.meaning.symbols import (
    ARRAY_FUNCTIONS,
    CONSTANTS,
    Symbols,
    written_name,
)
from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.statements import Statement
from autograd_mini.derivation.reading.syntax import parse
from autograd_mini.derivation.reading.tokens import SyntaxProblem
from autograd_mini.derivation.reading.vocabulary import FUNCTIONS

from .claim import all_nodes, index_letters
from .model import Model

__all__ = ["take_down"]


def take_down(model: Model, statement: Statement, scope: Scope) -> str:
    """Take a definition down.

    Returns:
        What is said about it, "" if the statement is none.
    """
    symbols = model.symbols(scope)
    try:
        left, right = [parse(side, symbols.words) for side in (statement.left, statement.right)]
        name, arguments = _head(left)
        if name is None or not statement.first or not _is_new(model, name, statement, symbols):
            # … ≡ G gives a name to what stands on the left
            says_so = statement.defines or statement.relation in (":=", "≡")
            name, arguments = _head(right)
            left, right = right, left
            if not says_so or name is None or arguments or symbols.knows(name.text):
                return ""
            if name.scripts.sups or name.text in CONSTANTS:
                return ""
        known_function = name.text in FUNCTIONS or name.text in ARRAY_FUNCTIONS
        if known_function and arguments and statement.relation != ":=":
            return ""
        if not _may_be_defined(name) or _mentions(right, name.text):
            return ""
        parameters = tuple(a.text for a in arguments)
        resolver = Resolver(symbols, frozenset(parameters))
        resolver.bound += index_letters(statement, symbols)
        tree = resolver.resolve(right)
    except (m.Unresolved, SyntaxProblem, RecursionError):
        return ""
    if statement.conditions:
        return ""
    used = m.letters_in(tree)
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
    model.define(Definition(key, tree, parameters))
    return f"`{key.text}` is taken as defined here"


def _is_new(model: Model, name: s.Name, statement: Statement, symbols: Symbols) -> bool:
    """Whether a name is not known yet, or is one of the document's own that it defines again."""
    if not symbols.knows(name.text):
        return True
    words = [t.text for t in name.scripts.sub or () if t.text.startswith("\\")]
    labelled = any(symbols.knows(word) and word not in symbols.dimensions for word in words)
    if labelled or any(is_label(sup) for sup in name.scripts.sups):
        matched = match_name(name, list(symbols.keys.values()))
        # β_λ or β^* where only β is known
        return matched is None or bool(matched.entries) or bool(matched.sups)
    own = any(d.key.name == name.text for d in model.definitions.values())
    return own and (statement.defines or statement.relation == ":=")


def _mentions(node: s.Node, name: str) -> bool:
    return any(isinstance(part, s.Name) and part.text == name for part in all_nodes(node))


def _head(node: s.Node) -> tuple[s.Name | None, tuple[s.Name, ...]]:
    """The name that a side defines, with the arguments of a function."""
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
        "".join(t.text for t in sup) in ("T", "-1", "\\top") for sup in name.scripts.sups
    )
