"""A computation graph as cards: each number with its value, its gradient and what made it.

The graph is read as plain data; Graphviz places the cards.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import graphviz  # type: ignore[import-untyped]  # the package has no annotations

from autograd_mini import Value
from autograd_mini.snapshot import Edge, Graph, Node, Role, snapshot

from .label import all_digits, clean, dot_label, number, short_number, superscript, with_indices
from .palette import FONT, LIGHT
from .picture import Picture
from .svg import figure_id

__all__ = ["draw", "picture"]

LARGEST = 1500


def draw(
    outputs: Value | Iterable[Value],
    *,
    names: Mapping[Value, str] | None = None,
    roles: Mapping[Value, Role] | None = None,
    title: str | None = None,
    force: bool = False,
) -> Picture:
    """A picture of everything that the outputs were computed from.

    Each card shows a name and an operation, a value and, once `backward()` has run, a gradient ∇;
    each line the local derivative ∂ where it is not 1. A line is as wide as what flows back along
    it, local derivative times gradient; it is red where that is negative, and else blue.

    Args:
        outputs: one Value or several.
        names: names to show in place of the Values' own labels.
        roles: "input", "weight", "target", "operation", "activation" or "loss" for Values whose
            role is not found from their labels as it should be.
        title: a line above the picture.
        force: draw more than 1,500 nodes, which takes minutes and cannot be read.

    Raises:
        TypeError: if something that should be a Value is not.
        ValueError: if there are no outputs, a role does not exist, or there are too many nodes.

    >>> x, w = Value(2.0, label="x"), Value(-3.0, label="w_1")
    >>> draw(w * x)
    <picture: the computation graph of u₁>
    """
    graph = snapshot(outputs, names=names, roles=roles)
    if len(graph.nodes) > LARGEST and not force:
        raise ValueError(
            f"a picture of {len(graph.nodes):,} nodes takes minutes and cannot be read: draw a "
            f"part of at most {LARGEST:,}, or pass force=True"
        )
    return picture(graph, title=title)


def picture(graph: Graph, *, title: str | None = None) -> Picture:
    """The picture of a graph that is plain data already."""
    figure = figure_id((graph, title))
    dot = graphviz.Digraph(
        graph_attr=_GRAPH if title is None else _GRAPH | {"label": dot_label([clean(title)])},
        node_attr=_NODE,
        edge_attr=_EDGE,
    )
    names = [with_indices(clean(node.name)) for node in graph.nodes]
    sizes = [abs(node.gradient or 0.0) for node in graph.nodes]
    largest = max([size for size in sizes if math.isfinite(size)], default=0.0) or 1.0
    details = {}
    edge_counts = Counter([edge.target for edge in graph.edges])
    for node in graph.nodes:
        identity = f"n{node.index}"
        operand_count = edge_counts[node.index] + len(node.constants)
        details[f"{figure}-{identity}"] = _about_node(node, names[node.index])
        dot.node(
            identity,
            id=f"{figure}-{identity}",
            label=dot_label(_card(node, names[node.index], _operation(node, operand_count))),
            penwidth=f"{1 + 2 * _share(node.gradient or 0.0, largest):.2f}",
            **_role(node.role),
        )
        for position, constant in _separate_constants(node, operand_count):
            dot.node(f"{identity}c{position}", label=short_number(constant), **_role("constant"))
            dot.edge(f"{identity}c{position}", identity, **_line(None, largest))
    for i, edge in enumerate(graph.edges):
        identity = f"{figure}-e{i}"
        details[identity] = _about_edge(edge, names)
        derivative = edge.local_derivative
        dot.edge(
            f"n{edge.source}",
            f"n{edge.target}",
            id=identity,
            label="" if derivative == 1.0 else f"∂ {short_number(derivative)}",
            **_line(_backflow(edge, graph.nodes[edge.target]), largest),
        )
    what = clean(f"the computation graph of {', '.join([names[i] for i in graph.outputs])}")
    return Picture(
        source=dot.source,
        figure=figure,
        title=what if title is None else clean(title),
        description=_describe(graph, what),
        details=details,
    )


_GRAPH = {
    "rankdir": "LR",
    "nodesep": ".16",
    "ranksep": ".42",
    "bgcolor": "transparent",
    "pad": ".12",
    "outputorder": "edgesfirst",
    "labelloc": "t",
    "fontsize": "14",
    "fontname": FONT,
    "fontcolor": LIGHT.text,
}
_NODE = {
    "shape": "box",
    "style": "filled,rounded",
    "margin": "0.10,0.05",
    "height": ".3",
    "fontsize": "11",
    "fontname": FONT,
    "fontcolor": LIGHT.text,
}
_EDGE = {"fontsize": "9", "arrowsize": ".5", "fontname": FONT, "fontcolor": LIGHT.muted}

# Their operands are alike, and easier told apart as cards than in a list.
_OF_MANY = frozenset({"dot", "logsumexp", "mean", "sum"})


def _separate_constants(node: Node, operand_count: int) -> list[tuple[int, float]]:
    """The plain numbers among the operands that get a card of their own, beside the node's."""
    if node.operation not in _OF_MANY:
        return []
    absent_bias = (operand_count - 1, 0.0) if node.operation == "dot" else None
    return [constant for constant in node.constants if constant != absent_bias]


def _operation(node: Node, operand_count: int) -> str:
    """The operation's symbol, with the plain numbers among its operands: "× 2", "max(·, 0)"."""
    if not node.constants or node.operation in _OF_MANY:
        return node.symbol
    numerals = {position: short_number(constant) for position, constant in node.constants}
    if node.operation == "pow":  # xʸ with the number in its place
        exponent = numerals.get(1, "")
        return f"x{superscript(exponent) or '^' + exponent}" if exponent else f"{numerals[0]}ʸ"
    if operand_count == 2 and not node.symbol[0].isalpha():
        return " ".join([numerals.get(0, ""), node.symbol, numerals.get(1, "")]).strip()
    operands = [numerals.get(position, "·") for position in range(operand_count)]
    return f"{node.symbol}({', '.join(operands)})"


def _card(node: Node, name: str, operation: str) -> list[str]:
    lines = [f"{name}   {operation}" if operation else name, number(node.value)]
    return lines if node.gradient is None else [*lines, f"∇ {number(node.gradient)}"]


def _role(role: str) -> dict[str, str]:
    card = LIGHT.cards[role]
    return {"class": role, "fillcolor": card.fill, "color": card.border}


def _line(flow: float | None, largest: float) -> dict[str, str]:
    """The look of a line along which so much flows back, None if that is not known."""
    if flow is None or math.isnan(flow):
        return {"class": "neutral", "color": LIGHT.neutral}
    sign, colour = ("negative", LIGHT.negative) if flow < 0 else ("positive", LIGHT.positive)
    width = 0.7 + 3 * _share(flow, largest)
    return {"class": sign, "color": colour, "penwidth": f"{width:.2f}"}


def _backflow(edge: Edge, target: Node) -> float | None:
    if target.gradient is None:
        return None
    if edge.local_derivative == 0.0:  # nothing flows, not even 0 · ∞
        return 0.0
    return edge.local_derivative * target.gradient


def _share(amount: float, largest: float) -> float:
    """From 0 to 1, as the square root, so that an amount a hundred times smaller is still seen."""
    return 0.0 if math.isnan(amount) else math.sqrt(min(abs(amount) / largest, 1.0))


def _about_node(node: Node, name: str) -> str:
    kind = f"{node.role}, {node.operation}" if node.operation else node.role
    lines = [f"{name} ({kind})", f"value {all_digits(node.value)}"]
    if node.gradient is not None:
        lines.append(f"gradient {all_digits(node.gradient)}")
    return "\n".join(lines)


def _about_edge(edge: Edge, names: list[str]) -> str:
    source, target = names[edge.source], names[edge.target]
    return f"{source} → {target}\n∂{target}/∂{source} = {all_digits(edge.local_derivative)}"


def _describe(graph: Graph, what: str) -> str:
    counts = Counter([node.role for node in graph.nodes])
    kinds = [f"{count} {role}{'s' * (count > 1)}" for role, count in counts.items()]
    return f"{what[0].upper()}{what[1:]}: {', '.join(kinds)}."
