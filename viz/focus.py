"""Parts of a graph, as the indices of their nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from autograd_mini.snapshot import Graph

from .neurons import structure

__all__ = ["around", "before", "of_neuron"]


def around(graph: Graph, centre: int, radius: int) -> frozenset[int]:
    """The nodes that a walk of so many edges leads to, along the arrows or against them.

    It does not pass through a leaf: what else a number is used for is not near for that.
    """
    against = [(edge.target, edge.source) for edge in graph.edges]
    along = [
        (source, target)
        for target, source in against
        if graph.nodes[source].operation or source == centre
    ]
    return _within([centre], along + against, radius)


def before(graph: Graph, depth: int) -> frozenset[int]:
    """The nodes that a walk of so many edges leads to from an output, against the arrows."""
    return _within(graph.outputs, [(edge.target, edge.source) for edge in graph.edges], depth)


def of_neuron(graph: Graph, index: int) -> frozenset[int]:
    """The neuron that a node belongs to, with its inputs.

    Raises:
        ValueError: if the node belongs to none.
    """
    for neuron in structure(graph).neurons:
        if index in neuron.members:
            members = set(neuron.members)
            return frozenset(members | {e.source for e in graph.edges if e.target in members})
    raise ValueError(
        f"{graph.nodes[index].name} belongs to no neuron: give a weight, a weighted sum or what "
        "activates it, or look at what is around the node with around="
    )


def _within(starts: Iterable[int], steps: list[tuple[int, int]], most: int) -> frozenset[int]:
    leads_to: dict[int, list[int]] = defaultdict(list)
    for a, b in steps:
        leads_to[a].append(b)
    found = set(starts)
    edge_of_it = list(found)
    for _ in range(most):
        edge_of_it = [b for a in edge_of_it for b in dict.fromkeys(leads_to[a]) if b not in found]
        found.update(edge_of_it)
        if not edge_of_it:
            break
    return frozenset(found)
