"""The paths from one node to another: what each contributes to the derivative."""

from __future__ import annotations

from collections import defaultdict

from autograd_mini.snapshot import Edge, Graph

from .label import clean, in_product, short_number

__all__ = ["paths_between"]

MOST_WRITTEN = 4  # paths whose products are written out
MOST_FACTORS = 24


def paths_between(
    graph: Graph, source: int, target: int
) -> tuple[dict[int, tuple[str, ...]], frozenset[int], str]:
    """The edges on the paths, the nodes on them, and the chain rule that they add up to.

    Every edge has its local derivative ∂ to show; those that leave the source have also the
    product ∏ of the local derivatives along the way, summed if there is more than one way on.

    Raises:
        ValueError: if no path leads from the source to the target.
    """
    reached = {source}
    for edge in graph.edges:
        if edge.source in reached:
            reached.add(edge.target)
    # From each node on: the number of paths to the target, and the sum of their products.
    counts, sums = defaultdict(int, {target: 1}), defaultdict(float, {target: 1.0})
    on_path: dict[int, Edge] = {}
    for i in range(len(graph.edges) - 1, -1, -1):
        edge = graph.edges[i]
        if edge.source in reached and counts[edge.target]:
            on_path[i] = edge
            counts[edge.source] += counts[edge.target]
            sums[edge.source] += edge.backflow(sums[edge.target])
    names = [graph.nodes[i].name for i in (source, target)]
    if source == target or not counts[source]:
        raise ValueError(
            f"no path leads from {names[0]} to {names[1]}: give first a node, then one that was "
            "computed from it"
        )
    labels: dict[int, tuple[str, ...]] = {}
    for i, edge in on_path.items():
        label = [f"∂ {short_number(edge.local_derivative)}"]
        if edge.source == source:
            ways = counts[edge.target]
            product = short_number(edge.backflow(sums[edge.target]))
            label.append(f"∏ {product}" if ways == 1 else f"∑∏ {product} ({ways:,} paths)")
        labels[i] = tuple(label)
    nodes = frozenset([i for edge in on_path.values() for i in (edge.source, edge.target)])
    note = [f"∂{names[1]}/∂{names[0]}", *_products(on_path, source, target, counts[source])]
    note.append(short_number(sums[source]))
    return labels, nodes, clean(" = ".join(note))


def _products(on_path: dict[int, Edge], source: int, target: int, count: int) -> list[str]:
    """The sum of products, written out if it is short."""
    if count > MOST_WRITTEN:
        return [f"the sum over {count:,} paths"]
    leaving: dict[int, list[Edge]] = defaultdict(list)
    for i in sorted(on_path):
        leaving[on_path[i].source].append(on_path[i])
    pending: list[tuple[Edge, ...]] = [(edge,) for edge in leaving[source]]
    complete = []
    while pending:
        path = pending.pop(0)
        if path[-1].target == target:
            complete.append(path)
        else:
            pending += [(*path, edge) for edge in leaving[path[-1].target]]
    if sum(map(len, complete)) > MOST_FACTORS:
        return [f"the sum over {count} paths" if count > 1 else "one product"]
    products = [" · ".join([in_product(e.local_derivative) for e in path]) for path in complete]
    return [] if max(map(len, complete)) == count == 1 else [" + ".join(products)]
