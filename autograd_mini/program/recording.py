"""From the graph of one sample, or a function of scalars, to a tape; refuses what cannot replay."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd_mini.graph import topological_order
from autograd_mini.primitive import Primitive
from autograd_mini.value import Value, inputs_of

from .guard import watched
from .tape import Kind, Tape

__all__ = ["Recording", "paused_collection", "record_function", "record_graph"]


class Node(NamedTuple):
    """A Value of the recorded graph.

    Attributes:
        slot: where the tape has its number; two nodes that are the same sum share one.
        primitive: the operation, None for a leaf.
        operands: for each operand the node's number, −1 for a constant.
        operand_slots: for each operand its slot.
    """

    slot: int
    primitive: Primitive | None = None
    operands: tuple[int, ...] = ()
    operand_slots: tuple[int, ...] = ()


@dataclass(frozen=True)
class Recording:
    """A graph and the tape that computes its values.

    Derivatives follow the nodes rather than the slots, so that flows are added in the order in
    which the eager engine adds them.

    Attributes:
        tape: the operations.
        nodes: in topological order.
        outputs: the numbers of the output nodes.
        inputs: the numbers of the input nodes.
        parameters: the numbers of the parameter nodes.
        uniforms: the Values whose data each call reads, and their slots; the parameters first.
    """

    tape: Tape
    nodes: list[Node]
    outputs: list[int]
    inputs: list[int]
    parameters: list[int]
    uniforms: list[tuple[Value, int]]


@contextmanager
def paused_collection() -> Iterator[None]:
    """Keep the garbage collector from walking what is being built, again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def record_function(f: Callable[..., Any], count: int, parameters: Sequence[Value]) -> Recording:
    """The recording of a function of so many scalars, which may give several.

    Raises:
        TypeError: if the function looks at the number of a Value, or gives no Value.
    """
    inputs = [Value(1.0, label=f"x{i}") for i in range(count)]
    with watched([*inputs, *parameters]):
        found = f(*inputs)
    outputs = list(found) if isinstance(found, Sequence) else [found]
    return record_graph(outputs, inputs, parameters)


def record_graph(
    outputs: Sequence[Any], inputs: Sequence[Any], parameters: Sequence[Any]
) -> Recording:
    """The recording of a graph of Values.

    Raises:
        TypeError: if something given is not a Value.
        ValueError: if a Value is given twice, or an output depends on nothing that is given.
        RuntimeError: if a number in the graph was changed since it was used.
    """
    _check(outputs, inputs, parameters)
    with paused_collection():
        return _recorded(outputs, inputs, parameters)


def _recorded(
    outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]
) -> Recording:
    tape = Tape()
    nodes: list[Node] = []
    number_of: dict[Value, int] = {}
    uniforms: list[tuple[Value, int]] = []
    for leaves, kind in (parameters, Kind.UNIFORM), (inputs, Kind.VARYING):
        for leaf in leaves:
            number_of[leaf] = len(nodes)
            nodes.append(Node(tape.leaf(kind)))
            if kind == Kind.UNIFORM:
                uniforms.append((leaf, nodes[-1].slot))
    given = frozenset(number_of)
    reached = set(given)
    for value in topological_order(outputs, lambda v: [] if v in given else inputs_of(v)):
        if value in given:
            continue
        primitive, operands = value._primitive, value.operands
        if not operands:
            number_of[value] = len(nodes)
            nodes.append(Node(tape.leaf(Kind.UNIFORM)))
            uniforms.append((value, nodes[-1].slot))
            continue
        _check_fresh(value, primitive, operands)
        numbers, slots = [], []
        for operand in operands:
            if operand.__class__ is Value:
                number = number_of[operand]
                numbers.append(number)
                slots.append(nodes[number].slot)
            else:
                numbers.append(-1)
                slots.append(tape.constant(float(operand)))
        if not reached.isdisjoint(operands):
            reached.add(value)
        number_of[value] = len(nodes)
        operand_slots = tuple(slots)
        slot = tape.apply(primitive, operand_slots)
        nodes.append(Node(slot, primitive, tuple(numbers), operand_slots))
    for i, output in enumerate(outputs):
        if output not in reached:
            raise ValueError(
                f"output {i}, {output!r}, depends on none of the inputs and parameters that were "
                "given: give those that it was made from"
            )
    return Recording(
        tape,
        nodes,
        [number_of[output] for output in outputs],
        [number_of[x] for x in inputs],
        [number_of[p] for p in parameters],
        uniforms,
    )


def _check(outputs: Sequence[Any], inputs: Sequence[Any], parameters: Sequence[Any]) -> None:
    named = ("an output", outputs), ("an input", inputs), ("a parameter", parameters)
    for what, values in named:
        for value in values:
            if not isinstance(value, Value):
                raise TypeError(
                    f"{what} of a program must be a Value, not {type(value).__name__} "
                    f"{value!r:.60}: compute it from Values"
                )
    if not outputs:
        raise ValueError("a program needs an output: give the Value to compute")
    _check_distinct([*inputs, *parameters])


def _check_distinct(leaves: Iterable[Value]) -> None:
    seen = set()
    for leaf in leaves:
        if leaf in seen:
            raise ValueError(
                f"{leaf!r} is given twice among inputs and parameters: a number has one source"
            )
        seen.add(leaf)


def _check_fresh(value: Value, primitive: Primitive, operands: tuple[Any, ...]) -> None:
    numbers = tuple([o._data if o.__class__ is Value else o for o in operands])
    now = primitive.forward(numbers) if primitive.variadic else primitive.forward(*numbers)
    before = value._data
    if now != before and (now == now or before == before):
        raise RuntimeError(
            f"the graph is stale: an operand of {value.op}{numbers[:4]} was changed after "
            f"{value!r} was made from it; build the graph again before compiling it"
        )
