"""The backward sweep: the chain rule in reverse topological order.

`sweep` is the hot one, over the floats that nodes recorded; `adjoints` is the plain one, over
anything that multiplies and adds, Values included. Neither knows more of a node than its operands
and local derivatives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

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
    zero would turn into NaN at the next infinite derivative.

    Returns the nodes in topological order, root last. Each carries the same new object in
    `_mark`, which tells it from a node that only an earlier sweep has reached. To be called
    inside `exclusive()`.
    """
    kind = root.__class__
    mark = object()
    order: list[Any] = []
    path: list[Any] = []  # nodes opened and not placed, and iterators over rows of operands
    rows: set[int] = set()  # the rows seen; the neurons of a layer share one
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
                if id(row) not in rows:
                    push((id(row), iter(row)))
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
                    rows.add(row)  # not before: a node inside may use the same row

    root._adjoint = seed
    for node in reversed(order):
        adjoint = node._adjoint
        if adjoint is None:
            continue
        x, y = node._x, node._y
        if x.__class__ is kind:
            derivative = node._dx
            if derivative or not node._primitive.selects:
                before = x._adjoint
                flow = adjoint * derivative
                x._adjoint = flow if before is None else before + flow
        elif x.__class__ is tuple:
            selects = node._primitive.selects
            for row, derivatives in zip(x, node._dx):  # noqa: B905  # made together
                for operand, derivative in zip(row, derivatives):  # noqa: B905
                    if operand.__class__ is kind and (derivative or not selects):
                        before = operand._adjoint
                        flow = adjoint * derivative
                        operand._adjoint = flow if before is None else before + flow
        if y.__class__ is kind:
            derivative = node._dy
            if derivative or not node._primitive.selects:
                before = y._adjoint
                flow = adjoint * derivative
                y._adjoint = flow if before is None else before + flow
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
