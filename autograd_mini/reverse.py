"""The backward sweep: the chain rule in reverse topological order.

`sweep` is the hot one, over the floats that nodes recorded; `adjoints` is the plain one, over
anything that multiplies and adds, Values included. Neither knows more of a node than its operands
and local derivatives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from .rows import plus_flow

__all__ = ["adjoints", "exclusive", "sweep"]

_lock = threading.RLock()


def exclusive() -> threading.RLock:
    """A lock to hold during a sweep, which keeps its adjoints on the nodes themselves.

    Raises:
        RuntimeError: if this thread holds it already.
    """
    # The lock is asked, since a flag of our own could be left standing by an interrupt.
    if _lock._is_owned():  # type: ignore[attr-defined]
        raise RuntimeError(
            "a backward sweep was started while another of this thread was under way: "
            "do not call backward() from a signal handler or a finalizer"
        )
    return _lock


def sweep(root: Any, seed: float) -> list[Any]:
    """Leave in `_adjoint` of every node that root depends on the derivative of seed · root by it.

    It is None for a node that nothing flows to, because whoever uses it has not selected it: a
    zero would turn into NaN at the next infinite derivative. What flows to a row of operands that
    several nodes share is summed along the row first.

    Returns the nodes in topological order, root last. Each carries the same new object in
    `_mark`, which tells it from a node that only an earlier sweep has reached. To be called
    inside `exclusive()`.
    """
    kind = root.__class__
    order, shared = _placed(root)
    root._adjoint = seed
    # For each shared row how to add to its sums, and the sums: None before anything flows.
    flows: dict[int, list[Any]] = {id(row): [plus_flow(len(row)), None] for _, row in shared}
    nodes, after = reversed(order), len(order)
    for before, shared_row in (*reversed(shared), (0, ())):
        for node in islice(nodes, after - before):
            adjoint = node._adjoint
            if adjoint is None:
                continue
            x, y = node._x, node._y
            if x.__class__ is kind:
                derivative = node._dx
                if derivative or not node._primitive.selects:
                    known = x._adjoint
                    flow = adjoint * derivative
                    x._adjoint = flow if known is None else known + flow
            elif x.__class__ is tuple:
                selects = node._primitive.selects
                for row, derivatives in zip(x, node._dx):  # noqa: B905  # made together
                    known = flows.get(id(row))
                    if known is None or selects:
                        for operand, derivative in zip(row, derivatives):  # noqa: B905
                            if operand.__class__ is kind and (derivative or not selects):
                                known = operand._adjoint
                                flow = adjoint * derivative
                                operand._adjoint = flow if known is None else known + flow
                    elif known[1] is None:
                        known[1] = [adjoint * derivative for derivative in derivatives]
                    else:
                        known[1] = known[0](known[1], adjoint, derivatives)
            if y.__class__ is kind:
                derivative = node._dy
                if derivative or not node._primitive.selects:
                    known = y._adjoint
                    flow = adjoint * derivative
                    y._adjoint = flow if known is None else known + flow
        after = before
        _, sums = flows.get(id(shared_row), (None, None))
        for operand, flow in zip(shared_row, sums or ()):  # noqa: B905  # nothing may have flowed
            if operand.__class__ is kind:
                known = operand._adjoint
                operand._adjoint = flow if known is None else known + flow
    return order


def _placed(root: Any) -> tuple[list[Any], list[tuple[int, Any]]]:
    """The nodes that root depends on in topological order, marked and without adjoints.

    The rows of operands that several nodes share, such as the inputs of a layer's neurons, come
    with them: each after the number of nodes among which all of its operands are.
    """
    kind = root.__class__
    mark = object()
    order: list[Any] = []
    path: list[Any] = []  # nodes opened and not placed, and rows with iterators over them
    rows: dict[int, tuple[int, Any]] = {}
    shared: set[int] = set()
    place, push, pop = order.append, path.append, path.pop
    node = root
    while node is not None:
        while node.__class__ is kind and node._mark is not mark:
            node._mark = mark
            node._adjoint = None
            push(node)
            node = node._x
        if node.__class__ is tuple:
            for row in node:
                if id(row) in rows:
                    shared.add(id(row))
                else:
                    push((row, iter(row)))
        node = None
        while node is None and path:
            top = pop()
            if top.__class__ is kind:
                y = top._y
                if y.__class__ is kind and y._mark is not mark:
                    push(top)
                    node = y
                else:
                    place(top)
            else:
                row, rest = top
                for operand in rest:
                    if operand.__class__ is kind and operand._mark is not mark:
                        push(top)
                        node = operand
                        break
                else:
                    if id(row) in rows:
                        shared.add(id(row))
                    else:  # not before: a node on the way here may use the same row
                        rows[id(row)] = len(order), row
    return order, [rows[key] for key in rows if key in shared and kind in map(type, rows[key][1])]


def adjoints(
    order: Sequence[Any], seed: Any, edges: Callable[[Any], Iterable[tuple[Any, Any]]]
) -> dict[Any, Any]:
    """The derivative of seed · output by every node that the output reaches through the edges.

    Args:
        order: nodes in topological order, the output last.
        seed: the output's own adjoint.
        edges: a function from a node to pairs of an operand and the local derivative by it,
            without the operands that receive nothing.
    """
    found: dict[Any, Any] = {order[-1]: seed}
    for node in reversed(order):
        if node in found:
            adjoint = found[node]
            for operand, derivative in edges(node):
                is_one = derivative.__class__ is float and derivative == 1.0
                flow = adjoint if is_one else adjoint * derivative
                found[operand] = found[operand] + flow if operand in found else flow
    return found
