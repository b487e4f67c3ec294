"""The operators of Values, generated from the table: the hot path of every program.

A method does in one frame what `Value.apply_infix` does in three: it checks the other operand,
runs the operation's straight-line code on floats and makes the node. It gives the same node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import operations
from .fuse import function, straight_line
from .primitive import Primitive

__all__ = ["infix_methods"]

_OPERATORS = {
    "add": operations.add,
    "sub": operations.sub,
    "mul": operations.mul,
    "truediv": operations.div,
    "pow": operations.power,
    "mod": operations.mod,
}


def infix_methods(namespace: Mapping[str, Any]) -> dict[str, Callable[[Any, Any], Any]]:
    """Every infix operator and its reflection, by the name of the method.

    Args:
        namespace: `Value`, `new` to make an empty one, `to_float`, `modes`, and `in_mode`, which
            says what the modes that are entered make of a new node.
    """
    return {
        name: _method(name, operator, namespace, reflected=reflected)
        for suffix, operator in _OPERATORS.items()
        for name, reflected in ((f"__{suffix}__", False), (f"__r{suffix}__", True))
    }


def _method(
    name: str, operator: Primitive, namespace: Mapping[str, Any], *, reflected: bool
) -> Callable[[Any, Any], Any]:
    body = straight_line(operator)
    x, y = body.operands
    mine, others = (y, x) if reflected else (x, y)
    lines = [
        "if other.__class__ is Value:",
        f"    {others} = other._data",
        "elif other.__class__ is float:",
        f"    {others} = other",
        "else:",
        f"    {others} = other = to_float(other)",
        "    if other is NotImplemented:",
        "        return other",
        f"{mine} = self._data",
        *body.lines,
        "node = new(Value)",
        f"node._data = {body.result}",
        f"node._dx, node._dy = {', '.join(body.derivatives)}",
        f"node._x, node._y = {'other, self' if reflected else 'self, other'}",
        "node._primitive = primitive",
        "node._grad = 0.0",
        "node._mark = None",
        "node.label = ''",
        "return in_mode(node) if modes.entered else node",
    ]
    return function(
        f"def {name}(self, other):", lines, {**namespace, **body.functions, "primitive": operator}
    )
