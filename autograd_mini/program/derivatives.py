"""Derivatives of a recording, recorded on its tape by the table's own rules.

Two sweeps: backward over the nodes of the graph, in the order of the eager engine, and forward
over slots, which differentiates what the first has recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from autograd_mini.expression import Expression, formulas, parts
from autograd_mini.graph import topological_order
from autograd_mini.operations import add, mul
from autograd_mini.primitive import Primitive, to_operand

from .internals import KEEP, OPEN, TERMS, Internal
from .recording import Recording
from .tape import Handle, Tape

__all__ = ["Pair", "flows_to", "tangents"]

Pair = tuple[int, int]
"""A flow: the slots of two factors, an adjoint and a local derivative."""

Argument = int | float
"""What a step takes: a number, or the place of an operand, the result, or what came before."""

Rule = tuple[list[tuple[Primitive, list[int]]], int]
"""A rule on a tape: its steps, each with what it takes, and the place of the derivative.

A number is there as ~slot.
"""


def flows_to(
    recording: Recording, output: int, wanted: Sequence[int], *, strict: bool
) -> list[list[Pair]]:
    """The flows that arrive at nodes when an output's adjoint is 1; their sum is the derivative.

    Args:
        recording: the graph.
        output: the node to differentiate.
        wanted: the leaves to differentiate by.
        strict: keep what an operation has not selected from receiving anything, even 0 · ∞ from
            further up. Without it such a product is NaN, and nothing else differs.
    """
    tape, constants = recording.tape, recording.tape.constants
    slots, operands_of = recording.slots, recording.operands
    needed = recording.depending_on(wanted)
    rules = _Rules(tape)
    flows: list[list[Pair] | None] = [None] * len(slots)
    flows[output] = [(tape.one, tape.one)]
    present = bytearray(len(slots))  # if strict, whether something arrives whatever is selected
    present[output] = 1
    for number in range(output, -1, -1):
        pairs, primitive = flows[number], recording.primitives[number]
        if pairs is None or primitive is None or not needed[number]:
            continue
        flows[number] = None
        absent = strict and not present[number]
        adjoint = _sum(tape, pairs) if absent else tape.sum_of_flows(pairs)
        operands, selects = operands_of[number], primitive.selects
        given = [*map(slots.__getitem__, operands), slots[number]]
        local = rules.of(primitive, given)
        for position, operand in enumerate(operands):
            if not needed[operand]:
                continue
            derivative = rules.derivative(local[position], given)
            flow = adjoint, derivative
            if selects or strict:
                gated = selects and derivative not in constants
                if selects and not gated and constants[derivative] == 0.0:
                    continue
                if strict and (gated or absent):
                    arrived = adjoint if absent else tape.one  # a true −0.0 is no absence
                    kept = (arrived, derivative if gated else tape.one, tape.record(mul, flow))
                    flow = tape.record(KEEP, kept), tape.one
                elif gated:
                    flow = tape.gate(*flow), tape.one
                if not (gated or absent):
                    present[operand] = 1
            arriving = flows[operand]
            if arriving is None:
                flows[operand] = [flow]
            else:
                arriving.append(flow)
    return [flows[number] or [] for number in wanted]


def tangents(tape: Tape, slots: Iterable[int], directions: Mapping[int, int]) -> dict[int, int]:
    """The slots of the derivatives of slots along a direction.

    Args:
        tape: where the derivatives are recorded.
        slots: what to differentiate.
        directions: for leaves the slot of the direction's component; others are constant.

    Returns:
        A slot for every slot that is not constant along the direction, those between included.
    """
    found, rules = dict(directions), _Rules(tape)
    for slot in topological_order(slots, lambda slot: tape.as_stated(slot)[1]):
        operation, operands = tape.as_stated(slot)
        moving = [i for i, operand in enumerate(operands) if operand in found]
        if not moving or slot in found:
            continue
        if isinstance(operation, Internal):
            found[slot] = _internal_tangent(tape, operation, operands, found)
            continue
        pairs = []
        given = [*operands, slot]
        local = rules.of(operation, given)
        for i in moving:
            derivative = rules.derivative(local[i], given)
            flow = found[operands[i]], derivative
            known = tape.constants.get(derivative)
            if operation.selects and known is None:
                flow = tape.gate(*flow), tape.one
            if not (operation.selects and known == 0.0):
                pairs.append(flow)
        if pairs:
            found[slot] = tape.sum_of_flows(pairs)
    return found


def _internal_tangent(
    tape: Tape, operation: Internal, operands: tuple[int, ...], found: Mapping[int, int]
) -> int:
    if operation is KEEP:
        flow, derivative, kept = operands
        return tape.record(KEEP, (flow, derivative, found.get(kept, tape.zero)))
    if operation is OPEN:
        flow, above = operands
        return tape.record(OPEN, (found.get(flow, tape.zero), above))
    pairs = []
    for a, b in zip(operands[::2], operands[1::2], strict=True):
        if a in found:
            pairs.append((found[a], b))
        if b in found:
            pairs.append((a, found[b]))
    product = tape.sum_of_flows(pairs)
    if operation is TERMS:
        return product
    _, derivative = operands  # of a gate: the product where it is open
    return tape.record(KEEP, (tape.one, derivative, product))


def _sum(tape: Tape, pairs: list[Pair]) -> int:
    """The sum of flows all of which may be absent, for which −0.0 stands."""
    result = pairs[0][0]  # in strict sweeps the other factor is 1
    for flow, _ in pairs[1:]:
        result = tape.record(add, (result, flow))
    return result


class _Rules:
    """The table's rules, ready to be recorded on a tape."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._known: dict[Primitive, list[Rule]] = {}

    def of(self, primitive: Primitive, given: list[int]) -> Sequence[Rule]:
        """The rule for each operand.

        Args:
            primitive: the operation.
            given: the slots of its operands and of its result. A variadic operation's derivatives
                are all recorded now, and appended.
        """
        if primitive.variadic:
            *operands, result = [Handle(self.tape, slot) for slot in given]
            first = len(given)
            derivatives = primitive.rules[0](tuple(operands), result)
            given += [_slot(self.tape, derivative, primitive) for derivative in derivatives]
            return [([], place) for place in range(first, len(given))]
        rules = self._known.get(primitive)
        if rules is None:
            rules = [self._rule(primitive, i) for i in range(len(primitive.rules))]
            self._known[primitive] = rules
        return rules

    def derivative(self, rule: Rule, given: list[int]) -> int:
        """The slot of a local derivative."""
        steps, last = rule
        if steps:
            given = given.copy()
            for operation, places in steps:
                operands = tuple([given[i] if i >= 0 else ~i for i in places])
                given.append(self.tape.apply(operation, operands))
        return given[last] if last >= 0 else ~last

    def _rule(self, primitive: Primitive, position: int) -> Rule:
        """The rule for one operand."""
        steps, last = _steps(primitive, position)
        placed = [(operation, [self._place(a) for a in given]) for operation, given in steps]
        return placed, self._place(last)

    def _place(self, argument: Argument) -> int:
        return argument if isinstance(argument, int) else ~self.tape.constant(argument)


@cache
def _steps(
    primitive: Primitive, position: int
) -> tuple[list[tuple[Primitive, list[Argument]]], Argument]:
    """A local derivative as operations on the operands, the result, and what earlier steps gave."""
    symbols, derivatives = formulas(primitive)
    places: dict[Expression, int] = {s: i for i, s in enumerate(symbols)}
    steps = []
    for node in topological_order(parts([derivatives[position]]), lambda e: parts(e.operands)):
        if node.primitive is not None:
            places[node] = len(places)
            steps.append((node.primitive, [_argument(places, o) for o in node.operands]))
    return steps, _argument(places, derivatives[position])


def _argument(places: Mapping[Expression, int], operand: Expression | float) -> Argument:
    return places[operand] if isinstance(operand, Expression) else operand


def _slot(tape: Tape, derivative: Any, primitive: Primitive) -> int:
    if isinstance(derivative, Handle):
        return derivative.slot
    return tape.constant(to_operand(derivative, primitive))
