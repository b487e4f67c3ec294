"""Reads the chain rule off a graph: local derivatives, paths, adjoints, as expressions of names.

No derivative is stated here: they are those of the table of operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograd_mini import Value, gradients
from autograd_mini.expression import Expression, formulas, interpret, symbol
from autograd_mini.graph import topological_order
from autograd_mini.operations import OPERATIONS
from autograd_mini.value import inputs_of

__all__ = ["ChainRule", "Step", "count_paths", "reaching", "result_of"]


@dataclass(frozen=True)
class Step:
    """One line: a derivative, or a name, and the terms that add up to it.

    Attributes:
        of: what is differentiated, None where the line only names a result.
        by: what it is differentiated by, or the result that is named.
        terms: each term as its factors.
        adjoint: whether the line also gives the adjoint δ its value.
        value: the number it comes to.
    """

    of: Value | None
    by: Value
    terms: tuple[tuple[Expression | float, ...], ...]
    adjoint: bool
    value: float


class ChainRule:
    """Reads local derivatives off the table, as expressions of names."""

    def __init__(self, symbols: Mapping[Value, Expression]) -> None:
        self.symbols = symbols

    def local(self, node: Value) -> list[tuple[Value, Expression | float]]:
        """Each operand that is a Value, with the derivative by it."""
        primitive = OPERATIONS[node.op]
        operands = [self.symbols[o] if isinstance(o, Value) else o for o in node.operands]
        if primitive.variadic:
            found = primitive.rules[0](tuple(operands), self.symbols[node])
        else:
            names, rules = formulas(primitive)
            found = interpret(rules, dict(zip(names, (*operands, self.symbols[node]), strict=True)))
        return [
            (operand, _simple(slope))
            for operand, slope in zip(node.operands, found, strict=True)
            if isinstance(operand, Value)
        ]

    def paths(
        self, output: Value, by: Value, reached: set[Value]
    ) -> Iterator[tuple[Expression | float, ...]]:
        """The factors along each path, in the order in which a person writes them."""
        if by not in reached:
            yield (0.0,)
            return
        to = reaching(topological_order([output], inputs_of), (by,))
        pending: list[tuple[Value, tuple[Expression | float, ...]]] = [(output, ())]
        while pending:
            node, factors = pending.pop()
            if node is by:
                yield _ordered(factors)
                continue
            edges = [(o, slope) for o, slope in self.local(node) if o in to]
            pending.extend((operand, (*factors, slope)) for operand, slope in reversed(edges))

    def backprop(
        self, output: Value, order: list[Value], between: list[Value],
        adjoints: Mapping[Value, Expression], inputs: Sequence[Value],
        slopes: Mapping[Value, float],
    ) -> Iterator[Step]:  # fmt: skip
        """The results without a label, then the adjoints from the output down."""
        for node in order:
            if node.op and not node.label and node is not output:
                yield Step(
                    None, node, ((result_of(node, self.symbols),),), adjoint=False, value=node.data
                )
        uses: dict[Value, list[tuple[Expression | float, ...]]] = {v: [] for v in between}
        numbers = dict(zip(between, gradients(output, between), strict=True))
        for node in reversed(between):
            terms = tuple(uses[node]) or ((1.0,),)
            yield Step(output, node, terms, adjoint=True, value=numbers[node])
            for operand, slope in self.local(node) if node.op else ():
                if operand in uses:
                    uses[operand].append(_ordered((adjoints[node], slope), keep=True))
        for x in inputs:
            if x not in uses:
                yield Step(output, x, ((0.0,),), adjoint=False, value=slopes[x])


def result_of(node: Value, symbols: Mapping[Value, Expression]) -> Expression:
    """A node as its operation of its operands' names."""
    operands = [symbols[o] if isinstance(o, Value) else o for o in node.operands]
    return Expression(OPERATIONS[node.op], tuple(operands)) if node.op else symbol("v")


def _simple(slope: Expression | float) -> Expression | float:
    """The rule of a power with a plain exponent, as n xⁿ⁻¹; anything else as it is."""
    if not isinstance(slope, Expression) or slope.primitive is None:
        return slope
    if slope.primitive.name == "power_rule" and isinstance(slope.operands[1], float):
        base, exponent = slope.operands
        if exponent == 2.0:
            return Expression(OPERATIONS["mul"], (2.0, base))
        lower = Expression(OPERATIONS["pow"], (base, exponent - 1.0))
        return Expression(OPERATIONS["mul"], (exponent, lower))
    return slope


def _ordered(
    factors: tuple[Expression | float, ...], *, keep: bool = False
) -> tuple[Expression | float, ...]:
    """Numbers first, then names from the output down, then the rest from the bottom up."""
    parts: list[Expression | float] = []
    for factor in factors:
        parts.extend(_factors(factor))
    number = 1.0
    for part in parts:
        number *= part if isinstance(part, float) else 1.0
    names = [p for p in parts if isinstance(p, Expression) and p.primitive is None]
    others = [p for p in parts if isinstance(p, Expression) and p.primitive is not None]
    found = [*names, *(others if keep else others[::-1])]
    return (number, *found) if number != 1.0 or not found else tuple(found)


def _factors(factor: Expression | float) -> list[Expression | float]:
    if isinstance(factor, Expression) and factor.primitive is not None:
        if factor.primitive.name == "mul":
            return [part for operand in factor.operands for part in _factors(operand)]
        if factor.primitive.name == "neg":
            return [-1.0, *_factors(factor.operands[0])]
    return [factor]


def count_paths(order: list[Value], output: Value, by: Value) -> int:
    """How many paths lead from an output to a node."""
    counts = dict.fromkeys(order, 0)
    counts[output] = 1
    for node in reversed(order):
        if node is by:
            continue
        for operand in inputs_of(node):
            counts[operand] += counts[node]
    return counts.get(by, 0)


def reaching(order: list[Value], inputs: Sequence[Value]) -> set[Value]:
    """The nodes that depend on one of the inputs."""
    reached = set(inputs)
    for node in order:
        if any(operand in reached for operand in inputs_of(node)):
            reached.add(node)
    return reached
