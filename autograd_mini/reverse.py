"""The backward sweep: the chain rule in reverse topological order.

`sweep` is the hot one, over the floats that nodes recorded; `adjoints` is the plain one, over
anything that multiplies and adds, Values included. Neither knows more of a node than its operands
and local derivatives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .rows import Row, total_flow

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
            "a backward sweep of this thread is under way: do not call backward() or read operands "
            "in a signal handler or a finalizer"
        )
    return _lock


def sweep(root: Any, seed: float) -> list[Any]:
    """Leave in `_adjoint` of every node that root depends on the derivative of seed · root by it.

    It is None for a node that nothing flows to, because whoever uses it has not selected it: a
    zero would turn into NaN at the next infinite derivative. What flows to a row of operands is
    summed along the row first, over all the nodes that share it.

    Returns the nodes in topological order, root last. Each carries the same new object in
    `_mark`, which tells it from a node that only an earlier sweep has reached. To be called
    inside `exclusive()`.
    """
    kind = root.__class__
    order = _placed(root)
    root._adjoint = seed
    has_rows = False
    for node in reversed(order):
        if node.__class__ is Row:
            has_rows = True
            _pass_on(node, kind)
            continue
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
        elif x.__class__ is Row and y is None:
            if node._primitive.selects:
                _flow_to_selected(x.operands, adjoint, node._dx, kind)
            else:
                x.adjoints.append(adjoint)
                x.derivatives.append(node._dx)
        elif x.__class__ is Row:  # of weights, as y is of inputs
            slope = node._dx
            if slope or not node._primitive.selects:
                flow = adjoint * slope
                x.adjoints.append(flow)
                x.derivatives.append(y.numbers)
                y.adjoints.append(flow)
                y.derivatives.append(node._dy)
            continue
        if y.__class__ is kind:
            derivative = node._dy
            if derivative or not node._primitive.selects:
                known = y._adjoint
                flow = adjoint * derivative
                y._adjoint = flow if known is None else known + flow
    return [node for node in order if node.__class__ is kind] if has_rows else order


def _pass_on(row: Row, kind: Any) -> None:
    """Give the operands of a row what has flowed to it."""
    if not row.adjoints or kind not in map(type, row.operands):
        return
    if len(row.adjoints) == 1:
        flows: Sequence[float] = [row.adjoints[0] * d for d in row.derivatives[0]]
    else:
        flows = total_flow(len(row.operands))(row.adjoints, row.derivatives)
    row.adjoints, row.derivatives = [], []
    for operand, flow in zip(row.operands, flows, strict=True):
        if operand.__class__ is kind:
            known = operand._adjoint
            operand._adjoint = flow if known is None else known + flow


def _flow_to_selected(
    operands: Sequence[Any], adjoint: float, derivatives: Sequence[float], kind: Any
) -> None:
    for operand, derivative in zip(operands, derivatives, strict=True):
        if operand.__class__ is kind and derivative:
            known = operand._adjoint
            flow = adjoint * derivative
            operand._adjoint = flow if known is None else known + flow


def _placed(root: Any) -> list[Any]:
    """The nodes that root depends on, and the rows between them, in topological order.

    They come marked, with no adjoint, and with nothing flowed to a row.
    """
    kind = root.__class__
    mark = object()
    order: list[Any] = []
    path: list[Any] = []  # what is opened and not placed
    place, push, pop = order.append, path.append, path.pop
    node = root
    while node is not None:
        while node.__class__ is kind and node._mark is not mark:
            node._mark = mark
            node._adjoint = None
            push(node)
            node = node._x
        if node.__class__ is Row and node._mark is not mark:
            node._mark = mark
            node.adjoints, node.derivatives = [], []
            node.rest = iter(node.operands)
            push(node)
        node = None
        while node is None and path:
            top = pop()
            if top.__class__ is kind:
                y = top._y
                if (y.__class__ is kind or y.__class__ is Row) and y._mark is not mark:
                    push(top)
                    node = y
                else:
                    place(top)
            else:
                for operand in top.rest:
                    if operand.__class__ is kind and operand._mark is not mark:
                        push(top)
                        node = operand
                        break
                else:
                    place(top)
    return order


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
