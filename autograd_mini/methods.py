"""The operators and one-operand methods of Values, generated from the table: every hot path.

A method does in one frame what `Value.apply_infix` and `apply_operation` do in three: it checks
the other operand, runs the operation's straight-line code on floats and makes the node. It gives
the same node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import operations
from .fuse import Body, function, fuse, straight_line
from .primitive import OPERATIONS, Primitive
from .rows import WIDEST, dots, names, terms
from .traced import Traced

__all__ = ["layer", "methods"]

_UNARY = {
    "__neg__": operations.neg,
    "__abs__": operations.absolute,
    **{
        name: operation
        for name, operation in OPERATIONS.items()
        if name in vars(Traced)
        and not operation.variadic
        and vars(Traced)[name].__code__.co_argcount == len(operation.rules) == 1
    },
}
_INFIX = {
    "add": operations.add,
    "sub": operations.sub,
    "mul": operations.mul,
    "truediv": operations.div,
    "pow": operations.power,
    "mod": operations.mod,
}


def methods(namespace: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Every infix operator, its reflection, and every method of no argument, by name.

    Args:
        namespace: `Value`, `new` to make an empty one, `to_float`, `modes`, and `in_mode`, which
            says what the modes that are entered make of a new node.
    """
    made = {name: _unary(name, operation, namespace) for name, operation in _UNARY.items()}
    for suffix, operation in _INFIX.items():
        x, y = straight_line(operation).operands
        made[f"__{suffix}__"] = _infix(f"__{suffix}__", operation, namespace, (x, y))
        made[f"__r{suffix}__"] = _infix(f"__r{suffix}__", operation, namespace, (y, x))
    return made


def _unary(name: str, operation: Primitive, namespace: Mapping[str, Any]) -> Callable[..., Any]:
    (x,) = straight_line(operation).operands
    return _method(name, ["self"], operation, namespace, [f"{x} = self._data"], "self, None")


def _infix(
    name: str, operation: Primitive, namespace: Mapping[str, Any], names: tuple[str, str]
) -> Callable[..., Any]:
    mine, others = names
    checks = [
        "if other.__class__ is Value:",
        f"    {others} = other._data",
        "elif other.__class__ is float:",
        f"    {others} = other",
        "else:",
        f"    {others} = other = to_float(other)",
        "    if other is NotImplemented:",
        "        return other",
        f"{mine} = self._data",
    ]
    operands = "other, self" if name.startswith("__r") else "self, other"
    return _method(name, ["self", "other"], operation, namespace, checks, operands)


def _method(
    name: str,
    parameters: list[str],
    operation: Primitive,
    namespace: Mapping[str, Any],
    checks: list[str],
    operands: str,
) -> Callable[..., Any]:
    body = straight_line(operation)
    derivatives = ", ".join([*body.derivatives, "None"][:2])
    lines = [
        *checks,
        *body.lines,
        *_node(body.result, operands, derivatives),
        "return in_mode(node) if modes.entered else node",
    ]
    scope = {**namespace, **body.functions, "primitive": operation}
    return function(name, parameters, lines, scope)


def layer(
    operation: Primitive | None, width: int, namespace: Mapping[str, Any]
) -> Callable[..., Any]:
    """The function that makes the nodes of a layer: of an operation applied to dots, or of dots.

    Its arguments are the rows of weights, for each its numbers, and the row of inputs.
    """
    if operation is None:
        body = Body(["x"], [], "x", ["1.0"], {})
    elif operation in _UNARY.values():
        body = straight_line(operation)
    else:  # whose operand may have any name
        body = Body(["x"], ["z, slope = f(x)"], "z", ["slope"], {"f": fuse(operation)})
    (x,) = body.operands
    product, unpacked_xs, unpacked_ws = "dots([ws], xs)[0]", [], []
    if width <= WIDEST:
        product = terms(width)
        unpacked_xs, unpacked_ws = [[f"[{names(name, width)}] = {name}s"] for name in "xw"]
    each = [
        *unpacked_ws,
        f"{x} = {product}",
        *body.lines,
        *_node(body.result, "weights, inputs", f"{body.derivatives[0]}, ws"),
        "nodes.append(in_mode(node) if modes.entered else node)",
    ]
    lines = [
        "nodes, xs = [], inputs.numbers",
        *unpacked_xs,
        "for weights, ws in zip(rows, numbers):",
        *["    " + line for line in each],
        "return nodes",
    ]
    scope = {**namespace, **body.functions, "primitive": operation or operations.dot_product}
    scope["dots"] = dots(width)
    return function("layer", ["rows", "numbers", "inputs"], lines, scope)


def _node(data: str, operands: str, derivatives: str) -> list[str]:
    return [
        "node = new(Value)",
        f"node._data = {data}",
        f"node._dx, node._dy = {derivatives}",
        f"node._x, node._y = {operands}",
        "node._primitive = primitive",
        "node._grad = 0.0",
        "node._mark = None",
        "node.label = ''",
    ]
