"""Value and local derivatives in one call: an operation's rules as straight-line Python on floats.

The rules are read as expressions; what they have in common, with one another or with the result,
is worked out once. The generated functions are what makes the eager engine fast, and they state
nothing that the table does not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .expression import Expression, formulas, parts
from .graph import topological_order
from .primitive import Primitive

__all__ = ["Body", "function", "fuse", "straight_line"]

_INFIX = {
    operator.add: "{} + {}",
    operator.sub: "{} - {}",
    operator.mul: "{} * {}",
    operator.neg: "-{}",
}


@dataclass(frozen=True)
class Body:
    """An operation and its local derivatives as straight-line Python on floats.

    Attributes:
        operands: the names of the operands.
        lines: assignments, the first of which is the result's.
        result: the name of the result.
        derivatives: for each operand a name or a literal.
        functions: the functions of floats that the lines call, by name.
    """

    operands: list[str]
    lines: list[str]
    result: str
    derivatives: list[str]
    functions: dict[str, Callable[..., float]]


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
        body = straight_line(primitive)
        returned = f"return {', '.join([body.result, *body.derivatives])}"
        primitive.evaluate = function(
            primitive.name, body.operands, [*body.lines, returned], body.functions
        )
    return primitive.evaluate


def straight_line(primitive: Primitive) -> Body:
    """The rules of an operation as assignments, none of which works out what another has.

    >>> from autograd_mini.operations import div
    >>> body = straight_line(div)
    >>> body.lines, body.derivatives
    (['z = div(x, y)', 't0 = div(1.0, y)', 't1 = -z', 't2 = div(t1, y)'], ['t0', 't2'])
    """
    symbols, derivatives = formulas(primitive)
    *operands, result = [s.name for s in symbols]
    names: dict[Expression | Primitive, str] = {s: s.name for s in symbols}

    def unused(name: str) -> str:
        return unused(f"{name}_") if name in names.values() else name

    def written(operands: Iterable[Expression | float]) -> list[str]:
        return [names[o] if isinstance(o, Expression) else _literal(o) for o in operands]

    def call(operation: Primitive, arguments: list[str]) -> str:
        infix = _INFIX.get(operation.forward)
        if infix is not None:
            return infix.format(*arguments)
        function = names.setdefault(operation, unused(operation.name))
        listed = ", ".join(arguments)
        return f"{function}(({listed},))" if operation.variadic else f"{function}({listed})"

    assigned = {call(primitive, operands): result}
    for node in topological_order(parts(derivatives), lambda e: parts(e.operands)):
        if node.primitive is not None:
            formula = call(node.primitive, written(node.operands))
            names[node] = assigned.setdefault(formula, unused(f"t{len(assigned) - 1}"))
    lines = [f"{name} = {formula}" for formula, name in assigned.items()]
    functions = {name: p.forward for p, name in names.items() if isinstance(p, Primitive)}
    return Body(operands, lines, result, written(derivatives), functions)


def function(
    name: str, parameters: Sequence[str], lines: Sequence[str], namespace: Mapping[str, Any]
) -> Callable[..., Any]:
    """The function with these parameters and lines, which may use the names of a namespace."""
    source = "\n    ".join([f"def generated({', '.join(parameters)}):", *lines])
    scope = dict(namespace)
    exec(compile(source, f"<rules of {name}>", "exec"), scope)  # noqa: S102  # our own text
    made: Callable[..., Any] = scope["generated"]
    made.__name__ = made.__qualname__ = name
    return made


def _literal(number: float) -> str:
    # No name is safe, since an operand may have it: 1e999 is infinite.
    return repr(number).replace("inf", "1e999").replace("nan", "(1e999 - 1e999)")
