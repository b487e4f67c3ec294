"""The forward and the backward pass of a graph, told step by step in finished sentences.

Numbers are written here once and for all; whoever shows the steps only copies them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from autograd_mini.snapshot import Edge, Graph, Node, notation

from .label import in_product, number, short_number

__all__ = ["Step", "about", "passes", "with_gradients"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens.

    Attributes:
        phase: "forward" or "backward".
        title: what happens.
        lines: why, in symbols and in numbers.
        nodes: the indices of the nodes that receive something.
        edge: the index of the edge that something flows back along, None for none.
        gradient: what these nodes show as their gradient from now on, "" if that stays as it is.
    """

    phase: str
    title: str
    lines: tuple[str, ...]
    nodes: tuple[int, ...]
    edge: int | None = None
    gradient: str = ""


def with_gradients(graph: Graph) -> Graph:
    """The graph with the gradients that a backward pass from its only output finds."""
    adjoints = [0.0] * len(graph.nodes)
    adjoints[graph.outputs[0]] = 1.0
    for _, edge in _backwards(graph):
        adjoints[edge.source] += edge.backflow(adjoints[edge.target])
    nodes = [replace(n, gradient=g) for n, g in zip(graph.nodes, adjoints, strict=True)]
    return replace(graph, nodes=tuple(nodes))


def passes(graph: Graph) -> list[Step]:
    """Both passes of a readable graph with a single output and the gradients of `with_gradients`.

    The leaves are given at once; then each operation is a step, the output's own derivative is
    one, and so is each edge on the way back.
    """
    nodes, root = graph.nodes, graph.nodes[graph.outputs[0]]
    leaves = tuple([node.index for node in nodes if not node.operation])
    shown = [f"{nodes[i].name} = {number(nodes[i].value)}" for i in leaves]
    steps = [Step("forward", "The numbers to start from are given", _cut(shown), leaves)]
    written = {node.index: _written(graph, node) for node in nodes if node.operation}
    lines: tuple[str, ...]
    for node in nodes:
        if node.operation:
            formula, numbers, derivatives = written[node.index]
            lines = (
                f"{node.name} = {formula}",
                f"= {numbers} = {number(node.value)}",
                *_cut([text for text in derivatives if text]),
            )
            title = f"{node.name} is computed, with its local derivatives"
            steps.append(Step("forward", title, lines, (node.index,)))
    start = f"∂{root.name}/∂{root.name} = 1"
    steps.append(
        Step(
            phase="backward",
            title=f"The way back begins at {root.name}",
            lines=(start, "Each step multiplies by one local derivative: the chain rule."),
            nodes=(root.index,),
            gradient=_gradient(1.0),
        )
    )
    uses = Counter([edge.source for edge in graph.edges])
    parts = Counter[int]()
    sums: dict[int, float] = defaultdict(float)
    for i, edge in _backwards(graph):
        source, target = nodes[edge.source], nodes[edge.target]
        adjoint = target.gradient or 0.0
        before = sums[edge.source]
        flow = edge.backflow(adjoint)
        sums[edge.source] += flow
        parts[edge.source] += 1
        part, count = parts[edge.source], uses[edge.source]
        equals = "=" if count == 1 else "+="
        by_source, by_target = (f"∂{root.name}/∂{name}" for name in (source.name, target.name))
        rule = written[target.index][2][edge.position]
        if not edge.selected:
            lines = (f"{target.name} passed {source.name} over: nothing flows back to it",)
        elif target is root and count == 1:
            lines = (rule,)
        else:
            lines = (
                f"{by_source} {equals} ∂{target.name}/∂{source.name} · {by_target}",
                f"= {in_product(edge.local_derivative)} · {in_product(adjoint)} = {number(flow)}",
                f"where {rule}",
            )
        if count > 1:
            total = f"{short_number(before)} + {in_product(flow)} = " if part > 1 else ""
            total += number(sums[edge.source])
            lines = (
                *lines,
                f"{source.name} is used {count} times; sum of the first {part}: {total}",
            )
        steps.append(
            Step(
                phase="backward",
                title=f"Back from {target.name} to {source.name}",
                lines=lines,
                nodes=(edge.source,),
                edge=i,
                gradient=_gradient(sums[edge.source]),
            )
        )
    reached = {i for step in steps if step.gradient for i in step.nodes}
    others = tuple([node.index for node in nodes if node.index not in reached])
    if others:
        lines = tuple([f"∂{root.name}/∂{nodes[i].name} = 0" for i in others])
        title = f"Nothing flows back to the other{'s' * (len(others) > 1)}"
        steps.append(Step("backward", title, _cut(list(lines)), others, gradient=_gradient(0.0)))
    return steps


def about(graph: Graph, node: Node) -> list[str]:
    """What there is to know of a node from the forward pass."""
    if not node.operation:
        return [f"{node.name}, {node.role}", f"{node.name} = {number(node.value)}"]
    formula, numbers, derivatives = _written(graph, node)
    return [
        f"{node.name}, {node.role}",
        f"{node.name} = {formula} = {numbers} = {number(node.value)}",
        *_cut([text for text in derivatives if text]),
    ]


def _backwards(graph: Graph) -> list[tuple[int, Edge]]:
    """The edges as the backward sweep goes along them: last node first, first operand first."""
    order = sorted(enumerate(graph.edges), key=lambda pair: (-pair[1].target, pair[1].position))
    reached = {graph.outputs[0]}
    found = []
    for i, edge in order:
        if edge.target in reached:
            found.append((i, edge))
            if edge.selected:
                reached.add(edge.source)
    return found


def _written(graph: Graph, node: Node) -> tuple[str, str, list[str]]:
    """An operation in symbols and in numbers, and "∂z/∂x = … = 0.5" by operand position."""
    edges = {edge.position: edge for edge in graph.edges if edge.target == node.index}
    constants = dict(node.constants)
    symbols, numbers = [], []
    for position in range(len(edges) + len(constants)):
        if position in edges:
            operand = graph.nodes[edges[position].source]
            symbols.append(operand.name)
            numbers.append(short_number(operand.value))
        else:
            symbols.append(short_number(constants[position]))
            numbers.append(short_number(constants[position]))
    formula, rules = notation(node.operation, symbols, node.name)
    derivatives = []
    for position, written in enumerate(rules):
        if position not in edges:
            derivatives.append("")
            continue
        edge = edges[position]
        value = short_number(edge.local_derivative)
        name = f"∂{node.name}/∂{graph.nodes[edge.source].name}"
        rule = _LOWER_POWER.sub(_lowered, written)
        derivatives.append(f"{name} = {rule}" + ("" if rule == value else f" = {value}"))
    return formula, notation(node.operation, numbers, node.name)[0], derivatives


_LOWER_POWER = re.compile(r"\^\((\d+) − 1\)")


def _lowered(power: re.Match[str]) -> str:
    """x^(2 − 1) as x, x^(3 − 1) as x^2."""
    exponent = int(power[1]) - 1
    return "" if exponent == 1 else f"^{exponent}"


def _gradient(adjoint: float) -> str:
    return f"∇ {number(adjoint)}"


def _cut(lines: list[str]) -> tuple[str, ...]:
    """The lines, or the first of them if there are many."""
    return tuple(lines if len(lines) <= 9 else [*lines[:8], f"… and {len(lines) - 8} more"])
