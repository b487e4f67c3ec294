"""Walking a graph: operands before the nodes that use them, by a loop.

It knows nothing of what the nodes are: the caller says what a node's inputs are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["topological_order"]

Node = TypeVar("Node")


def topological_order(
    outputs: Iterable[Node], inputs_of: Callable[[Node], Iterable[Node]]
) -> list[Node]:
    """Every node that the outputs depend on, once, each after all of its inputs.

    The order is that of a depth-first walk, first input first, so it is the same every time.

    Args:
        outputs: the nodes to start from.
        inputs_of: a function from a node to the nodes that it is made from.

    >>> inputs = {"z": "xy", "y": "x", "x": ""}
    >>> topological_order("z", inputs.__getitem__)
    ['x', 'y', 'z']
    """
    order: list[Node] = []
    placed: set[Node] = set()
    pending: list[Node] = list(outputs)[::-1]
    opened: set[Node] = set()
    while pending:
        node = pending[-1]
        if node not in opened:
            opened.add(node)
            pending.extend(list(inputs_of(node))[::-1])
            continue
        pending.pop()
        if node not in placed:
            placed.add(node)
            order.append(node)
    return order
