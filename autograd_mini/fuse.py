"""Value and local derivatives in one call: an operation's rules as straight-line Python on floats.

The rules are read as expressions; what they share is worked out once. The generated functions are
what makes the eager engine fast, and they state nothing that the table does not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from .expression import Expression, formulas
from .graph import topological_order
from .primitive import Primitive

__all__ = ["fuse", "source"]

_INFIX = {
    operator.add: "{} + {}",
    operator.sub: "{} - {}",
    operator.mul: "{} * {}",
    operator.neg: "-{}",
    operator.gt: "{} > {}",
}


def fuse(primitive: Primitive) -> Callable[..., Any]:
    """Make `primitive.evaluate`: from floats to the value, followed by each local derivative.

    A variadic operation's takes one tuple of floats and returns the value and a tuple.

    >>> from autograd_mini.operations import mul
    >>> fuse(mul)(3.0, 4.0)
    (12.0, 4.0, 3.0)
    """
    if primitive.variadic:
        forward, (rule,) = primitive.forward, primitive.rules

        def evaluate(operands: tuple[float, ...]) -> tuple[float, tuple[float, ...]]:
            result = forward(operands)
            return result, rule(operands, result)

        primitive.evaluate = evaluate
    else:
        text, functions = source(primitive)
        namespace: dict[str, Any] = dict(functions)
        exec(compile(text, f"<rules of {primitive.name}>", "exec"), namespace)  # noqa: S102
        primitive.evaluate = namespace["evaluate"]
    return primitive.evaluate


def source(primitive: Primitive) -> tuple[str, dict[str, Callable[..., float]]]:
    """The generated function's text, and the functions of floats that it calls by name.

    >>> from autograd_mini.operations import div
    >>> print(source(div)[0])
    def evaluate(x, y):
        z = div(x, y)
        t0 = div(1.0, y)
        t1 = -z
        t2 = div(t1, y)
        return z, t0, t2
    """
    symbols, derivatives = formulas(primitive)
    *operands, result = symbols
    functions: dict[str, Callable[..., float]] = {}
    names = {s: s.name for s in symbols}

    def call(operation: Primitive, arguments: list[str]) -> str:
        infix = _INFIX.get(operation.forward)
        if infix is not None:
            return infix.format(*arguments)
        functions[operation.name] = operation.forward
        return f"{operation.name}({', '.join(arguments)})"

    def name(operand: Expression | float) -> str:
        return names[operand] if isinstance(operand, Expression) else _literal(operand)

    lines = [f"{result.name} = {call(primitive, [o.name for o in operands])}"]
    wanted = [d for d in derivatives if isinstance(d, Expression)]
    for node in topological_order(
        wanted, lambda e: [o for o in e.operands if isinstance(o, Expression)]
    ):
        if node.primitive is not None:
            names[node] = f"t{len(lines) - 1}"
            lines.append(
                f"{names[node]} = {call(node.primitive, [name(o) for o in node.operands])}"
            )
    lines.append(f"return {', '.join([result.name, *map(name, derivatives)])}")
    header = f"def evaluate({', '.join([o.name for o in operands])}):"
    return "\n    ".join([header, *lines]), functions


def _literal(number: float) -> str:
    return repr(number) if abs(number) < float("inf") else f"float({str(number)!r})"
