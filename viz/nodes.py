"""A graph as a scene with a card for each node: a number, its gradient and what made it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from autograd_mini.snapshot import Edge, Graph, Node

from .card import Card, Line, Scene
from .label import all_digits, clean, number, short_number, superscript, with_indices
from .neurons import structure

__all__ = ["backflow", "node_card", "node_scene", "readable"]


def readable(graph: Graph) -> Graph:
    """The graph with names that can be shown: clean, and with their indices raised and lowered."""
    names = [with_indices(clean(node.name)) for node in graph.nodes]
    nodes = [
        replace(node, name=name if name.strip() else "?")
        for node, name in zip(graph.nodes, names, strict=True)
    ]
    return replace(graph, nodes=tuple(nodes))


def node_scene(
    graph: Graph,
    *,
    kept: Collection[int] | None = None,
    grouped: bool = False,
    path_labels: Mapping[int, tuple[str, ...]] | None = None,
) -> Scene:
    """The scene of a readable graph, or of a part of it.

    Args:
        graph: names as `readable` makes them.
        kept: the indices of the nodes to draw, None for all.
        grouped: whether there are frames around neurons and layers.
        path_labels: for the index of an edge that is to be looked at, what to write beside it;
            the others then do not show what flows.
    """
    kept = range(len(graph.nodes)) if kept is None else kept
    operands = Counter([edge.target for edge in graph.edges])
    frames = _frames(graph) if grouped else {}
    cards, lines = [], []
    incoming: dict[int, list[tuple[int, Edge]]] = defaultdict(list)
    for i, edge in enumerate(graph.edges):
        incoming[edge.target].append((i, edge))
    for node in [node for node in graph.nodes if node.index in kept]:
        key, frame = f"n{node.index}", frames.get(node.index, ())
        operand_count = operands[node.index] + len(node.constants)
        cards.append(replace(node_card(node, operand_count), frames=frame))
        for position, constant in _separate_constants(node, operand_count):
            cards.append(
                Card(f"{key}c{position}", (short_number(constant),), "constant", frames=frame)
            )
            lines.append(Line(f"{key}c{position}", key))
        cut = False
        for i, edge in incoming[node.index]:
            if edge.source in kept:
                line = _line(graph, edge, (path_labels or {}).get(i))
                elsewhere = path_labels is not None and i not in path_labels
                lines.append(replace(line, flow=None) if elsewhere else line)
            else:
                cut = True
        if cut:
            cards.append(Card(f"{key}before", ("…",), "constant"))
            lines.append(Line(f"{key}before", key, look="cut"))
    leads_on = {e.source: None for e in graph.edges if e.source in kept and e.target not in kept}
    for i in leads_on:
        cards.append(Card(f"n{i}after", ("…",), "constant"))
        lines.append(Line(f"n{i}", f"n{i}after", look="cut"))
    sizes = [abs(graph.nodes[i].gradient or 0.0) for i in kept]
    roots = ", ".join([graph.nodes[i].name for i in graph.outputs])
    part = "" if len(kept) == len(graph.nodes) else "part of "
    counts = Counter([node.role for node in graph.nodes if node.index in kept])
    kinds = [f"{count} {role}{'s' * (count > 1)}" for role, count in counts.items()]
    what = clean(f"{part}the computation graph of {roots}")
    return Scene(
        cards=tuple(cards),
        lines=tuple(lines),
        largest=max([size for size in sizes if math.isfinite(size)], default=0.0),
        what=what,
        description=f"{what[0].upper()}{what[1:]}: {', '.join(kinds)}.",
    )


def node_card(node: Node, operand_count: int) -> Card:
    """The card of one node."""
    operation = _written_operation(node, operand_count)
    lines = [f"{node.name}   {operation}" if operation else node.name, number(node.value)]
    kind = f"{node.role}, {node.operation}" if node.operation else node.role
    about = [f"{node.name} ({kind})", f"value {all_digits(node.value)}"]
    if node.gradient is not None:
        lines.append(f"∇ {number(node.gradient)}")
        about.append(f"gradient {all_digits(node.gradient)}")
    return Card(f"n{node.index}", tuple(lines), node.role, node.gradient, "\n".join(about))


def backflow(graph: Graph, edge: Edge) -> float | None:
    """What flows back along an edge, None before `backward()`."""
    adjoint = graph.nodes[edge.target].gradient
    return None if adjoint is None else edge.backflow(adjoint)


def _written_operation(node: Node, operand_count: int) -> str:
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


# Their operands are alike, and easier told apart as cards than in a list.
_OF_MANY = frozenset({"dot", "logsumexp", "mean", "sum"})


def _separate_constants(node: Node, operand_count: int) -> list[tuple[int, float]]:
    """The plain numbers among the operands that get a card of their own, beside the node's."""
    if node.operation not in _OF_MANY:
        return []
    absent_bias = (operand_count - 1, 0.0) if node.operation == "dot" else None
    return [constant for constant in node.constants if constant != absent_bias]


def _line(graph: Graph, edge: Edge, path_label: tuple[str, ...] | None) -> Line:
    source, target = graph.nodes[edge.source].name, graph.nodes[edge.target].name
    derivative = edge.local_derivative
    label = () if derivative == 1.0 else (f"∂ {short_number(derivative)}",)
    return Line(
        source=f"n{edge.source}",
        target=f"n{edge.target}",
        label=label if path_label is None else path_label,
        flow=backflow(graph, edge),
        about=f"{source} → {target}\n∂{target}/∂{source} = {all_digits(derivative)}",
        look="" if path_label is None else "path",
    )


def _frames(graph: Graph) -> dict[int, tuple[str, ...]]:
    """For each node the titles of the frames around it; every frame has a title of its own."""
    found = structure(graph)
    frames: dict[int, tuple[str, ...]] = {}
    for node in graph.nodes:
        if node.index in found.after:
            frames[node.index] = ("loss" if graph.nodes[-1].role == "loss" else "afterwards",)
        elif not node.operation and node.role == "input":
            frames[node.index] = ("inputs",)
        elif node.role == "target":
            frames[node.index] = ("loss",) if found.after else ()
    taken = Counter([neuron.name for neuron in found.neurons])
    for place, neuron in enumerate(found.neurons, start=1):
        title = neuron.name if taken[neuron.name] == 1 else f"{neuron.name} ({place})"
        for i in neuron.members:
            frames[i] = (f"layer {neuron.layer}", title)
    return frames
