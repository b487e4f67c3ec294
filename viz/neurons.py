"""Which neuron and which layer each node of a graph belongs to, found from the graph alone.

It says what belongs together; drawing it so is up to the reader.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from autograd_mini.snapshot import ACTIVATIONS, Graph

__all__ = ["Neuron", "Structure", "structure"]

# Functions that activate where they follow a weighted sum at once, though they do much else.
_ALSO_ACTIVATE = frozenset({"atan", "cos", "erf", "sin"})


@dataclass(frozen=True, slots=True)
class Neuron:
    """A weighted sum and what activates it, for one sample or for several.

    Attributes:
        name: the name of its output, or "neuron 2.1": the first one of layer 2.
        layer: the number of its layer; the inputs are layer 1.
        members: the indices of its nodes, weights included.
        outputs: those of them that are used outside, one per sample.
        symbol: of its activation, "" for none.
    """

    name: str
    layer: int
    members: tuple[int, ...]
    outputs: tuple[int, ...]
    symbol: str


@dataclass(frozen=True, slots=True)
class Structure:
    """A graph seen as a network.

    Attributes:
        neurons: in the order of the layers.
        layers: for each node the number of its layer.
        after: the indices of the operations that no neuron depends on, as a loss.
    """

    neurons: tuple[Neuron, ...]
    layers: tuple[int, ...]
    after: frozenset[int]


def structure(graph: Graph) -> Structure:
    """The neurons and layers of a graph.

    A neuron begins where a weight is multiplied, by `dot` or by ×; sums of nothing but such
    products, weights and plain numbers continue it, and an activation ends it. Neurons that share
    a weight are one neuron, seen with several samples.

    >>> from autograd_mini import Value, dot, tanh
    >>> from autograd_mini.snapshot import snapshot
    >>> w, x = Value(0.5, label="w"), Value(2.0, label="x")
    >>> graph = snapshot(tanh(dot([w], [x])))
    >>> [(neuron.layer, neuron.members) for neuron in structure(graph).neurons]
    [(2, (0, 2, 3))]
    """
    nodes = graph.nodes
    operands: dict[int, list[int]] = defaultdict(list)
    for edge in graph.edges:
        operands[edge.target].append(edge.source)
    chief = list(range(len(nodes)))  # of each node, another in the same neuron

    def find(i: int) -> int:
        while chief[i] != i:
            chief[i] = chief[chief[i]]
            i = chief[i]
        return i

    layers = [0 if node.role == "weight" else 1 for node in nodes]
    sums: set[int] = set()  # of weighted inputs, not activated yet
    inside: set[int] = set()
    symbols: dict[int, str] = {}
    for node in nodes:
        i = node.index
        if not node.operation:
            continue
        weights = [o for o in operands[i] if nodes[o].role == "weight"]
        others = [o for o in operands[i] if nodes[o].role != "weight"]
        layers[i] = max([layers[o] for o in operands[i]], default=1) or 1
        multiplies = node.operation == "mul" and len(weights) == 1
        if weights and (node.operation == "dot" or multiplies):
            layers[i] += 1
            joined = weights
        elif node.operation == "sub" and node.constants:  # from a target, more likely than a bias
            continue
        elif node.operation in ("add", "sub", "sum") and others and sums.issuperset(others):
            joined = operands[i]
        elif node.operation in ACTIVATIONS | _ALSO_ACTIVATE and sums.issuperset(others):
            joined = others
            symbols[i] = node.symbol
        else:
            continue
        inside |= {i, *joined}
        if i not in symbols:
            sums.add(i)
        for o in joined:
            chief[find(o)] = find(i)

    members: dict[int, list[int]] = defaultdict(list)
    for i in sorted(inside):
        members[find(i)].append(i)
    used_outside = {edge.source for edge in graph.edges if find(edge.source) != find(edge.target)}
    used_outside.update(graph.outputs)
    counts: dict[int, int] = defaultdict(int)
    neurons = []
    for group in sorted(members.values()):
        layer = min([layers[i] for i in group if nodes[i].operation])
        counts[layer] += 1
        outputs = tuple([i for i in group if i in used_outside and nodes[i].operation])
        names = {nodes[i].name for i in outputs}
        neurons.append(
            Neuron(
                name=names.pop() if len(names) == 1 else f"neuron {layer}.{counts[layer]}",
                layer=layer,
                members=tuple(group),
                outputs=outputs,
                symbol=next((symbols[i] for i in group if i in symbols), ""),
            )
        )
    fed = set(inside)
    for edge in reversed(graph.edges):
        if edge.target in fed:
            fed.add(edge.source)
    return Structure(
        neurons=tuple(sorted(neurons, key=lambda neuron: neuron.layer)),
        layers=tuple(layers),
        after=frozenset([n.index for n in nodes if n.operation and n.index not in fed and inside]),
    )
