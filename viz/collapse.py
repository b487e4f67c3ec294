"""A graph as a scene with a card for each neuron, or for each layer."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

from autograd_mini.snapshot import Graph

from .card import Card, Line, Scene
from .label import clean, number
from .neurons import Neuron, Structure, structure
from .nodes import backflow, node_card

__all__ = ["collapsed"]


def collapsed(graph: Graph, by: Literal["neurons", "layers"]) -> Scene:
    """The scene of a readable graph whose neurons, or whole layers, are one card each.

    Raises:
        ValueError: if there is no neuron in the graph.
    """
    found = structure(graph)
    if not found.neurons:
        raise ValueError(
            "there are no neurons in this graph: use detail='nodes', or label weights w_1, w_2, …"
        )
    groups = _by_neurons(graph, found) if by == "neurons" else _by_layers(graph, found)
    home = {i: group.key for group in groups for i in group.members}
    operands = Counter([edge.target for edge in graph.edges])
    cards = []
    for group in sorted(groups, key=lambda group: group.members[-1]):
        if len(group.members) == 1:
            node = graph.nodes[group.members[0]]
            card = node_card(node, operands[node.index] + len(node.constants))
            cards.append(Card(group.key, card.lines, card.role, card.gradient, card.about))
        else:
            cards.append(_card(graph, group))
    flows: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for edge in graph.edges:
        ends = home[edge.source], home[edge.target]
        if ends[0] != ends[1]:
            flows[ends].append(backflow(graph, edge))
    names = {card.key: card.lines[0] for card in cards}
    lines = []
    for (source, target), parts in flows.items():
        known = [part for part in parts if part is not None]
        lines.append(
            Line(
                source=source,
                target=target,
                label=() if len(parts) == 1 else (f"{len(parts):,} edges",),
                flow=sum(known) if known else None,
                about=f"{names[source]} → {names[target]}\n{_count(len(parts), 'edge')}",
            )
        )
    sizes = [abs(line.flow or 0.0) for line in lines] + [
        abs(card.gradient or 0.0) for card in cards
    ]
    roots = ", ".join([graph.nodes[i].name for i in graph.outputs])
    what = clean(f"the {by} of the computation graph of {roots}")
    counted = len(found.neurons) if by == "neurons" else len({n.layer for n in found.neurons})
    note = f"{len(graph.nodes):,} nodes, drawn as {_count(counted, by[:-1])}"
    return Scene(
        cards=tuple(cards),
        lines=tuple(lines),
        largest=max([size for size in sizes if math.isfinite(size)], default=0.0),
        what=what,
        description=f"{what[0].upper()}{what[1:]}: {note}.",
        notes=(note,),
        columns=_columns(found, lines) if by == "neurons" else (),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Nodes that are drawn as one: what it is called, what it consists of, and its outputs."""

    key: str
    name: str
    role: str
    members: tuple[int, ...]
    outputs: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()


def _by_neurons(graph: Graph, found: Structure) -> list[_Group]:
    groups = []
    for place, neuron in enumerate(found.neurons):
        name = f"{neuron.name}   {neuron.symbol or 'Σ'}"
        role = "activation" if neuron.symbol else "operation"
        parts = (_weights(graph, neuron),)
        groups.append(_Group(f"u{place}", name, role, neuron.members, neuron.outputs, parts))
    inside = {i for neuron in found.neurons for i in neuron.members}
    alone = [node for node in graph.nodes if node.index not in inside]
    return groups + [_Group(f"n{n.index}", n.name, n.role, (n.index,)) for n in alone]


def _columns(found: Structure, lines: list[Line]) -> tuple[tuple[str, ...], ...]:
    """The keys of the neurons of each layer, but not of one whose neurons feed one another."""
    layer_of = {f"u{place}": neuron.layer for place, neuron in enumerate(found.neurons)}
    ends = [(layer_of.get(line.source), layer_of.get(line.target)) for line in lines]
    recurrent = {source for source, target in ends if source == target}
    columns: dict[int, list[str]] = defaultdict(list)
    for key, layer in layer_of.items():
        if layer not in recurrent:
            columns[layer].append(key)
    return tuple(map(tuple, columns.values()))


def _by_layers(graph: Graph, found: Structure) -> list[_Group]:
    layers: dict[int, list[Neuron]] = defaultdict(list)
    for neuron in found.neurons:
        layers[neuron.layer].append(neuron)
    groups = []
    inside: set[int] = set()
    for layer, neurons in layers.items():
        members = tuple(sorted([i for neuron in neurons for i in neuron.members]))
        inside.update(members)
        symbols = {neuron.symbol for neuron in neurons}
        symbol = symbols.pop() if len(symbols) == 1 else ""
        weights = len([i for i in members if graph.nodes[i].role == "weight"])
        parts = (_count(len(neurons), "neuron"), _count(weights, "weight"))
        name = f"layer {layer}   {symbol or 'Σ'}"
        role = "activation" if symbol else "operation"
        groups.append(_Group(f"layer{layer}", name, role, members, parts=parts))
    rest: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for node in graph.nodes:
        if node.index in inside:
            continue
        if node.index in found.after:
            role = "loss" if graph.nodes[-1].role == "loss" else "operation"
            rest["after", "operation", role].append(node.index)
        elif node.operation:
            layer = found.layers[node.index]
            rest[f"operations{layer}", "operation", "operation"].append(node.index)
        else:
            rest[f"{node.role}s", node.role, node.role].append(node.index)
    for (key, kind, role), indices in rest.items():
        outputs = tuple([i for i in graph.outputs if i in indices])
        name = graph.nodes[outputs[0]].name if len(outputs) == 1 else f"{kind}s"
        counted = (_count(len(indices), kind),)
        groups.append(_Group(key, name, role, tuple(indices), outputs, counted))
    return groups


def _card(graph: Graph, group: _Group) -> Card:
    lines, gradient = [group.name], None
    if len(group.outputs) == 1:
        output = graph.nodes[group.outputs[0]]
        lines.append(number(output.value))
        gradient = output.gradient
        if gradient is not None:
            lines.append(f"∇ {number(gradient)}")
    elif group.outputs:
        lines.append(_count(len(group.outputs), "value"))
    lines += group.parts
    about = "\n".join([*lines, _count(len(group.members), "node")])
    return Card(group.key, tuple(lines), group.role, gradient, about)


def _weights(graph: Graph, neuron: Neuron) -> str:
    return _count(len([i for i in neuron.members if graph.nodes[i].role == "weight"]), "weight")


def _count(count: int, kind: str) -> str:
    return f"{count:,} {kind}{'s' * (count != 1)}"
