"""The tape: operations on numbered slots, each recorded once, constants worked out.

It knows neither Values nor machine code. A slot is uniform (the same for all samples), varying
(one number per sample) or reduced (known once all samples have been seen).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any

from autograd_mini import operations
from autograd_mini.operations import (
    add,
    dot_product,
    logsumexp,
    mean,
    mul,
    neg,
    relu,
    softmax_share,
    step,
    total,
)
from autograd_mini.operations.many import dot_rows
from autograd_mini.primitive import Primitive, to_operand
from autograd_mini.traced import Traced

from .internals import (
    GATE,
    LEAF,
    LOG_WHOLE,
    OPEN,
    TERMS,
    TOP,
    WEIGHT,
    WHOLE,
    Operation,
    apply_to_floats,
)

__all__ = ["Handle", "Kind", "Tape"]


class Kind(IntEnum):
    """When a slot is worked out."""

    UNIFORM = 0  # once per call, before the samples
    VARYING = 1  # for every sample
    REDUCED = 2  # once per call, after the samples


VARYING = int(Kind.VARYING)  # a member of an enumeration is slow to look up

# Operations that a constant operand may simplify
_FOLDABLE = frozenset([mul, operations.div, operations.sub, operations.identity, operations.power])


class Tape:
    """Operations in the order of recording, by slot.

    Attributes:
        operations: for each slot what makes it; `LEAF` for constants, inputs and the like.
        operands: for each slot the slots that it is made from.
        kinds: for each slot when it is worked out.
        constants: the numbers of the slots that are constant.
        stated: for slots that are computed otherwise than the table states, the operation and the
            operands that it states.
    """

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.operands: list[tuple[int, ...]] = []
        self.kinds = bytearray()
        self.constants: dict[int, float] = {}
        self.stated: dict[int, tuple[Operation, tuple[int, ...]]] = {}
        self._known: defaultdict[Operation, dict[tuple[int, ...], int]] = defaultdict(dict)
        self._numbers: dict[float | str, int] = {}
        self.one = self.constant(1.0)
        self.zero = self.constant(0.0)

    def __len__(self) -> int:
        return len(self.operations)

    def leaf(self, kind: Kind) -> int:
        """A new slot that someone else will fill."""
        self.operations.append(LEAF)
        self.operands.append(())
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def constant(self, number: float) -> int:
        """The slot of a number; 0.0 and −0.0 have one each."""
        key = number or repr(number)  # 0.0 and −0.0 are equal
        slot = self._numbers.get(key)
        if slot is None:
            slot = self._numbers[key] = self.leaf(Kind.UNIFORM)
            self.constants[slot] = number
        return slot

    def record(self, operation: Operation, operands: tuple[int, ...]) -> int:
        """The slot of an operation of slots: an earlier one, if it was recorded before."""
        known = self._known[operation]
        slot = known.get(operands)
        if slot is None:
            slot = known[operands] = self._record(operation, operands)
        return slot

    def apply(self, primitive: Primitive, operands: tuple[int, ...]) -> int:
        """The same for a row of the table: sums and dots become terms."""
        if not primitive.variadic:
            return self.record(primitive, operands)
        if primitive is dot_product:
            ws, xs, bias = dot_rows(operands)
            pairs = list(zip(ws, xs, strict=True))
            # The sum began with 0.0, so it is not −0.0, and adding 0.0 changes nothing.
            if self.constants.get(bias) != 0.0:
                pairs.append((bias, self.one))
            return self.terms(pairs)
        if primitive is total:
            return self.terms([(x, self.one) for x in operands])
        if primitive is mean:
            count = self.constant(float(len(operands)))
            return self.record(operations.div, (self.apply(total, operands), count))
        if primitive is logsumexp and operands:
            self._write_out(primitive, operands, operands)
        elif primitive is softmax_share:
            self._write_out(primitive, operands, operands[1:])
        return self.record(primitive, operands)

    def as_stated(self, slot: int) -> tuple[Operation, tuple[int, ...]]:
        """The operation and the operands by which a slot is to be differentiated."""
        return self.stated.get(slot) or (self.operations[slot], self.operands[slot])

    def _write_out(
        self, primitive: Primitive, operands: tuple[int, ...], of: tuple[int, ...]
    ) -> None:
        """Record sums of exponentials from parts that logsumexp and all of softmax share."""
        if operands in self._known[primitive]:
            return
        top = self.record(TOP, of)
        weights = tuple([self.record(WEIGHT, (x, top)) for x in of])
        if primitive is logsumexp:
            parts: tuple[Operation, tuple[int, ...]] = LOG_WHOLE, (top, *weights)
        else:
            share = self.record(WEIGHT, (operands[0], top))
            parts = operations.div, (share, self.record(WHOLE, weights))
        slot = self.record(primitive, operands)
        if slot not in self.constants:
            self.stated[slot] = primitive, operands
            self.operations[slot], self.operands[slot] = parts

    def terms(self, pairs: Iterable[tuple[int, int]]) -> int:
        """The sum of products of slots."""
        return self.record(TERMS, tuple([slot for pair in pairs for slot in pair]))

    def gate(self, flow: int, derivative: int) -> int:
        """The slot of a flow times the derivative of an operation that selects."""
        if self.operations[derivative] is step:
            (x,) = self.operands[derivative]
            # relu(x) is above 0 where x is; using it, x itself need not be kept.
            return self.record(OPEN, (flow, self._known[relu].get((x,), x)))
        return self.record(GATE, (flow, derivative))

    def sum_of_flows(self, pairs: Sequence[tuple[int, int]]) -> int:
        """The same where the sign of a zero is of no account."""
        kinds, constants = self.kinds, self.constants
        if len(pairs) == 1:
            a, b = pairs[0]
            if b == self.one:
                return a
            # A shared factor makes it a column of a matrix.
            is_column = kinds[a] + kinds[b] == VARYING and not (a in constants or b in constants)
            return self.record(TERMS if is_column else mul, (a, b))
        slots = tuple([slot for pair in pairs for slot in pair])
        if len(pairs) < 4 and VARYING not in map(kinds.__getitem__, slots):
            # Uniform slots are many of one kind: elementwise, they share their instructions.
            result = self.record(mul, pairs[0])
            for pair in pairs[1:]:
                result = self.record(add, (result, self.record(mul, pair)))
            return result
        return self.record(TERMS, slots)

    def _record(self, operation: Operation, operands: tuple[int, ...]) -> int:
        kinds, constants = self.kinds, self.constants
        kind, has_constant = 0, operation is operations.identity
        for slot in operands:
            if kinds[slot] > kind:
                kind = kinds[slot]
            elif slot in constants:
                has_constant = True
        if has_constant:
            known = [constants[slot] for slot in operands if slot in constants]
            if len(known) == len(operands):
                return self.constant(apply_to_floats(operation, known))
            if operation in _FOLDABLE:
                simpler = self._simpler(operation, operands)
                if simpler is not None:
                    return simpler
        self.operations.append(operation)
        self.operands.append(operands)
        kinds.append(kind)
        return len(kinds) - 1

    def _simpler(self, operation: Operation, operands: tuple[int, ...]) -> int | None:
        """A slot of the same number that costs less: by identities that hold to the bit.

        Small whole powers are the exception: the product is rounded better than the power.
        """
        if operation is operations.identity:
            return operands[0]
        first, last = operands
        if operation is mul and self.constants.get(first) in (1.0, -1.0):
            first, last = last, first
        number = self.constants.get(last)
        if number is None:
            return None
        if operation is operations.sub:
            return first if number == 0.0 and str(number) == "0.0" else None
        if number == 1.0:
            return first
        if operation is mul and number == -1.0:
            return self.record(neg, (first,))
        if operation is operations.power and number == 2.0:
            return self.record(mul, (first, first))
        return None


class Handle(Traced):
    """A slot to which operations can be applied: each is recorded."""

    __slots__ = ("slot", "tape")

    def __init__(self, tape: Tape, slot: int) -> None:
        self.tape = tape
        self.slot = slot

    def apply_operation(self, primitive: Primitive, operands: tuple[Any, ...]) -> Handle:
        """The operation recorded."""
        slots = tuple([self.slot_of(operand, primitive) for operand in operands])
        return Handle(self.tape, self.tape.apply(primitive, slots))

    def apply_infix(self, primitive: Primitive, x: Any, y: Any) -> Handle:
        """The operator recorded."""
        return self.apply_operation(primitive, (x, y))

    def slot_of(self, operand: Any, primitive: Primitive) -> int:
        """The slot of a handle or of a number."""
        if isinstance(operand, Handle):
            return operand.slot
        return self.tape.constant(to_operand(operand, primitive))
