"""From the graph of one sample, or a function of scalars, to a tape; refuses what cannot replay."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograd_mini.primitive import Primitive
from autograd_mini.value import Value

from .guard import watched
from .tape import Kind, Tape

__all__ = ["Recording", "paused_collection", "record_function", "record_graph"]


@dataclass(frozen=True)
class Recording:
    """A graph and the tape that computes its values.

    Derivatives follow the nodes rather than the slots, so that flows are added in the order in
    which the eager engine adds them. Nodes are numbered in topological order; constants are among
    them.

    Attributes:
        tape: the operations.
        slots: for each node where the tape has its number; two that are the same sum share one.
        primitives: for each node its operation, None for a leaf.
        operands: for each node the numbers of its operands.
        outputs: the numbers of the output nodes.
        inputs: the numbers of the input nodes.
        parameters: the numbers of the parameter nodes.
        uniforms: the Values whose data each call reads, and their slots; the parameters first.
    """

    tape: Tape
    slots: list[int] = field(default_factory=list)
    primitives: list[Primitive | None] = field(default_factory=list)
    operands: list[tuple[int, ...]] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    uniforms: list[tuple[Value, int]] = field(default_factory=list)

    def depending_on(self, numbers: Iterable[int]) -> bytearray:
        """For each node whether it is one of some nodes or depends on them."""
        found = bytearray(len(self.slots))
        for number in numbers:
            found[number] = 1
        for number, operands in enumerate(self.operands):
            for operand in operands:
                if found[operand]:
                    found[number] = 1
                    break
        return found


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
    recording = Recording(tape)
    slots, primitives, operands_of = recording.slots, recording.primitives, recording.operands
    numbers: dict[Value, int] = {}
    constants: dict[int, int] = {}  # the numbers of nodes by slot

    def leaf(slot: int) -> int:
        slots.append(slot)
        primitives.append(None)
        operands_of.append(())
        return len(slots) - 1

    def constant(number: float) -> int:
        slot = tape.constant(float(number))
        if slot not in constants:
            constants[slot] = leaf(slot)
        return constants[slot]

    def uniform(value: Value) -> int:
        slot = tape.leaf(Kind.UNIFORM)
        recording.uniforms.append((value, slot))
        return leaf(slot)

    for parameter in parameters:
        numbers[parameter] = uniform(parameter)
    for x in inputs:
        numbers[x] = leaf(tape.leaf(Kind.VARYING))
    for value, operands in _walk(outputs, numbers):
        if not operands:
            numbers[value] = uniform(value)
            continue
        primitive = value._primitive
        _check_fresh(value, primitive, operands)
        found = tuple([numbers[o] if o.__class__ is Value else constant(o) for o in operands])
        numbers[value] = len(slots)
        slots.append(tape.apply(primitive, tuple(map(slots.__getitem__, found))))
        primitives.append(primitive)
        operands_of.append(found)
    recording.outputs.extend([numbers[output] for output in outputs])
    recording.inputs.extend([numbers[x] for x in inputs])
    recording.parameters.extend([numbers[parameter] for parameter in parameters])
    reached = recording.depending_on([*recording.inputs, *recording.parameters])
    for i, output in enumerate(outputs):
        if not reached[numbers[output]]:
            raise ValueError(
                f"output {i}, {output!r}, depends on none of the inputs and parameters that were "
                "given: give those that it was made from"
            )
    return recording


def _walk(
    outputs: Sequence[Value], numbers: Mapping[Value, int]
) -> Iterator[tuple[Value, tuple[Any, ...]]]:
    """The nodes without a number and their operands, in the order of `graph.topological_order`.

    Each is to be given its number before the next is asked for.
    """
    pending = [*outputs][::-1]
    while pending:
        value = pending[-1]
        if value in numbers:
            pending.pop()
            continue
        x, y = value._x, value._y
        operands: tuple[Any, ...]
        if x.__class__ is Value and (y is None or y.__class__ is Value):
            operands = (x,) if y is None else (x, y)  # those of the property, sooner
        else:
            operands = value.operands
        count = len(pending)
        for operand in operands[::-1]:
            if operand.__class__ is Value and operand not in numbers:
                pending.append(operand)
        if len(pending) == count:
            pending.pop()
            yield value, operands


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
