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
from .recording import Node, Recording
from .tape import Handle, Tape

__all__ = ["Pair", "flows_to", "tangents"]

Pair = tuple[int, int]
"""A flow: the slots of two factors, an adjoint and a local derivative."""


def flows_to(
    recording: Recording, output: int, wanted: Sequence[int], *, strict: bool
) -> list[list[Pair]]:
    """The flows that arrive at nodes when an output's adjoint is 1; their sum is the derivative.

    Args:
        recording: the graph.
        output: the node to differentiate.
        wanted: the nodes to differentiate by.
        strict: keep what an operation has not selected from receiving anything, even 0 · ∞ from
            further up. Without it such a product is NaN, and nothing else differs.
    """
    tape, nodes, constants = recording.tape, recording.nodes, recording.tape.constants
    needed = _between(nodes, wanted)
    flows: list[list[Pair] | None] = [None] * len(nodes)
    flows[output] = [(tape.one, tape.one)]
    present = bytearray(len(nodes))  # whether something arrives whatever is selected
    present[output] = 1
    for number in range(output, -1, -1):
        pairs, node = flows[number], nodes[number]
        primitive = node.primitive
        if pairs is None or primitive is None or not needed[number]:
            continue
        absent = strict and not present[number]
        adjoint = _sum(tape, pairs, absent=absent)
        positions = [i for i, operand in enumerate(node.operands) if needed[operand]]
        derivatives = _local_derivatives(tape, primitive, node.operand_slots, node.slot, positions)
        selects = primitive.selects
        for position, derivative in zip(positions, derivatives, strict=True):
            gated = selects and derivative not in constants
            if selects and not gated and constants[derivative] == 0.0:
                continue
            operand, flow = node.operands[position], (adjoint, derivative)
            if strict and (gated or absent):
                arrived = adjoint if absent else tape.one  # a true −0.0 is no absence
                kept = (arrived, derivative if gated else tape.one, tape.record(mul, flow))
                flow = tape.record(KEEP, kept), tape.one
            elif gated:
                flow = tape.gate(*flow), tape.one
            arriving = flows[operand]
            if arriving is None:
                flows[operand] = [flow]
            else:
                arriving.append(flow)
            if not (gated or absent):
                present[operand] = 1
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
    found = dict(directions)
    for slot in topological_order(slots, lambda slot: tape.as_stated(slot)[1]):
        operation, operands = tape.as_stated(slot)
        moving = [i for i, operand in enumerate(operands) if operand in found]
        if not moving or slot in found:
            continue
        if isinstance(operation, Internal):
            found[slot] = _internal_tangent(tape, operation, operands, found)
            continue
        pairs = []
        derivatives = _local_derivatives(tape, operation, operands, slot, moving)
        for i, derivative in zip(moving, derivatives, strict=True):
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


def _between(nodes: Sequence[Node], wanted: Sequence[int]) -> bytearray:
    """For each node whether it is one of those wanted or depends on them; and 0 for constants."""
    found = bytearray(len(nodes) + 1)  # the last stands for what has the number −1
    for number in wanted:
        found[number] = 1
    for number, node in enumerate(nodes):
        for operand in node.operands:
            if found[operand]:
                found[number] = 1
                break
    return found


def _sum(tape: Tape, pairs: list[Pair], *, absent: bool) -> int:
    """The sum of flows; if all of them may be absent, so that −0.0 stands for their absence."""
    if not absent:
        return tape.sum_of_flows(pairs)
    result = pairs[0][0]  # in strict sweeps the other factor is 1
    for flow, _ in pairs[1:]:
        result = tape.record(add, (result, flow))
    return result


def _local_derivatives(
    tape: Tape, primitive: Primitive, operands: tuple[int, ...], result: int, positions: list[int]
) -> list[int]:
    """The slots of some local derivatives of an operation."""
    if primitive.variadic:
        handles = tuple([Handle(tape, slot) for slot in operands])
        derivatives = primitive.rules[0](handles, Handle(tape, result))
        return [_slot(tape, derivatives[i], primitive) for i in positions]
    found = []
    for position in positions:
        slots = [*operands, result]
        steps, derivative = _steps(primitive, position)
        for operation, arguments in steps:
            slots.append(tape.apply(operation, tuple([_at(tape, slots, a) for a in arguments])))
        found.append(_at(tape, slots, derivative))
    return found


Argument = int | float
"""What a step takes: the place of an earlier result, or a number."""


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


def _at(tape: Tape, slots: Sequence[int], argument: Argument) -> int:
    return slots[argument] if isinstance(argument, int) else tape.constant(argument)


def _slot(tape: Tape, derivative: Any, primitive: Primitive) -> int:
    if isinstance(derivative, Handle):
        return derivative.slot
    return tape.constant(to_operand(derivative, primitive))
