"""Derivatives that a claim asks for: by which nodes, and to which order."""

from __future__ import annotations

import math
from typing import Any

from autograd_mini import Value
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.graph import topological_order
from autograd_mini.value import inputs_of

from . import derivatives
from .arrays import Array, map_entries
from .protocol import Evaluating

__all__ = ["derivative"]


def derivative(evaluator: Evaluating, node: m.Derivative) -> Any:
    """A derivative, taken by one variable after the other."""
    top: Any = None
    bottoms = [_variable(evaluator, bottom) for bottom in node.bottoms]
    evaluator.differentiable += 1
    top = evaluator.value(node.top)
    evaluator.differentiable -= 1
    layout = "mixed" if node.gradient else evaluator.point.layout
    for k, (bottom, by) in enumerate(zip(reversed(bottoms), reversed(node.bottoms), strict=True)):
        last = k == len(bottoms) - 1
        if k and isinstance(top, Array) and top.is_row and isinstance(bottom, Array):
            top = top.transposed
        bottom = _linked(evaluator, top, bottom, by)  # noqa: PLW2901
        top = derivatives.derivative(
            top, bottom, layout, create_graph=bool(evaluator.differentiable) or not last
        )
    return top


def _variable(evaluator: Evaluating, node: m.Meaning) -> Any:
    """What to differentiate by: a symbol, or an array of symbols."""
    for part in m.walk(node):
        plain = (m.Reference, m.Entry, m.Transposed, m.Grid, m.Pattern, m.Parameter)
        if not isinstance(part, plain):
            raise m.Unresolved("it is not a symbol that the derivative is taken by", node.at)
    found = evaluator.value(node)
    entries = found.entries if isinstance(found, Array) else (found,)
    if not all(isinstance(entry, Value) for entry in entries):
        raise m.Unresolved(
            "the derivative is taken by a number: make it a Value in the notation", node.at
        )
    return found


def _linked(evaluator: Evaluating, top: Any, bottom: Any, by: m.Meaning) -> Any:
    """The nodes to differentiate by, where the document defines what the model has under way.

    A document may define z = wx + b where the notation's L goes through a z of its own: that
    is the node of L's graph with the number that z has.
    """
    defined = [p for p in m.walk(by)
               if isinstance(p, m.Reference) and p.key in evaluator.point.definitions]  # fmt: skip
    outputs = [t for t in (top.entries if isinstance(top, Array) else (top,))
               if isinstance(t, Value)]  # fmt: skip
    if not defined or not outputs:
        return bottom
    order = topological_order(outputs, inputs_of)
    reached = set(map(id, order))
    entries = bottom.entries if isinstance(bottom, Array) else (bottom,)
    if any(id(entry) in reached for entry in entries):
        return bottom

    def node_of(entry: Value) -> Value:
        for node in order:
            if math.isclose(node.data, entry.data, rel_tol=1e-12) and abs(node.data) > 1e-9:
                return node
        raise m.Unresolved(
            f"`{defined[0].key}` is defined by the document alone, and what is differentiated "
            "is not made from it: put it into the notation",
            by.at,
        )

    return map_entries(node_of, bottom)
