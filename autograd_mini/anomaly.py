"""Finding the operation that first made a number which is not finite, forward or backward."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .caller import user_line
from .primitive import OPERATIONS

__all__ = ["check_backward", "note"]


def note(node: Any, origins: dict[Any, str]) -> None:
    """Remember the line that made a node.

    Raises:
        FloatingPointError: if the node's number is not finite and no operand is to blame.
    """
    line = user_line()
    if _is_new(node.data, [_number(operand) for operand in node.operands]):
        raise FloatingPointError(f"{_call(node)} gave {node.data}, at {line}")
    origins[node] = line


def check_backward(order: Sequence[Any], seed: float, origins: dict[Any, str]) -> None:
    """Raise at the first derivative of a backward pass that is not finite.

    Args:
        order: the nodes to go through in topological order, the output last.
        seed: the output's own adjoint.
        origins: the lines that made the nodes, as far as they are known.

    Raises:
        FloatingPointError: naming the operation, its operands and the line that made it.
    """
    adjoints = {order[-1]: seed} if order else {}
    within = set(order)
    for node in reversed(order):
        if node not in adjoints:  # nothing flows to it
            continue
        adjoint = adjoints[node]
        for i, (operand, derivative) in enumerate(
            zip(node.operands, node.local_derivatives, strict=True)
        ):
            if isinstance(operand, float) or operand not in within:
                continue
            if derivative == 0.0 and OPERATIONS[node.op].selects:
                continue
            flow = adjoint * derivative
            before = adjoints.get(operand, 0.0)
            if _is_new(flow, [adjoint]) or _is_new(before + flow, [before, flow]):
                raise FloatingPointError(
                    f"the derivative of {_call(node)} by operand {i} is {derivative}, which makes "
                    f"a gradient of {before + flow}; the operation was made at "
                    f"{origins.get(node, 'a line outside detect_anomaly()')}"
                )
            adjoints[operand] = before + flow


def _is_new(result: float, sources: list[float]) -> bool:
    if math.isnan(result):
        return not any(map(math.isnan, sources))
    return math.isinf(result) and all(map(math.isfinite, sources))


def _call(node: Any) -> str:
    return f"{node.op}({', '.join(str(_number(operand)) for operand in node.operands)})"


def _number(operand: Any) -> float:
    number: float = operand if isinstance(operand, float) else operand.data
    return number
