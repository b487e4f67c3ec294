"""The order in which varying slots are computed, many of one operation at a time.

Of the operations whose operands are there, the one that most slots wait for comes next. A matrix
comes as soon as its vector is there, and takes with it what is done to its results.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from autograd_mini.operations import cos, relu, sech_squared, sigmoid, sigmoid_prime, sin, tanh

from .internals import LEAF, OPEN, TERMS, Operation
from .schedule import Group, Matrix
from .tape import Kind, Tape

__all__ = ["varying_groups"]

SMALLEST = 4  # products that a matrix must have to be worth an instruction of its own

# Operations that have most of their work in common, mostly a function and its slope
PAIRS: tuple[tuple[Operation, Operation], ...] = (
    (tanh, sech_squared),
    (sigmoid, sigmoid_prime),
    (sin, cos),
)

Key = tuple[Operation, object]


class Row(NamedTuple):
    """Terms that are a row of a matrix: weights, the vector, and the bias if there is one."""

    weights: tuple[int, ...]
    vector: tuple[int, ...]
    bias: tuple[int, ...]


def varying_groups(tape: Tape, slots: Sequence[int], roots: Iterable[int]) -> list[Group | Matrix]:
    """The operations on varying slots in groups, each after what it depends on.

    Args:
        tape: the operations.
        slots: those that are needed.
        roots: those that are needed for themselves.
    """
    return _Ordering(tape, slots, roots).groups()


class _Ordering:
    def __init__(self, tape: Tape, slots: Sequence[int], roots: Iterable[int]) -> None:
        self.tape = tape
        kinds, varying = tape.kinds, int(Kind.VARYING)
        self.rows: dict[int, Row] = {}  # of slots that are a row of a matrix
        self.keys: dict[int, Key] = {}
        self.users: dict[int, list[int]] = {}
        self.waiting: dict[int, int] = {}  # for how many operands
        self.ready: dict[Key, list[int]] = {}
        self.matrices: list[Key] = []  # those that are ready
        self.done: set[int] = set()
        self.roots = frozenset(roots)
        for slot in slots:
            if kinds[slot] != varying:
                continue
            operation, operands = tape.operations[slot], tape.operands[slot]
            if operation is LEAF:
                self.done.add(slot)
                continue
            alike: object = len(operands)
            if operation is TERMS:
                row = _matrix_row(tape, operands)
                alike = None if row is None else (row.vector, bool(row.bias))
                if row is not None:
                    self.rows[slot] = row
            self.keys[slot] = operation, alike
            needed = [operand for operand in operands if kinds[operand] == varying]
            for operand in needed:
                self.users.setdefault(operand, []).append(slot)
            self.waiting[slot] = len(needed)
        self._dissolve_small_matrices()

    def groups(self) -> list[Group | Matrix]:
        """All of them, in order."""
        found: list[Group | Matrix] = []
        for slot in list(self.done):
            self._finish(slot)
        while self.ready:
            if self.matrices:
                key = self.matrices.pop(0)
            else:
                key = max(self.ready, key=lambda key: len(self.ready[key]))
            members = self.ready.pop(key)
            for group in self._made(key, members):
                found.append(group)
                slots = group.slots if isinstance(group, Matrix) else group.slots + group.others
                self.done.update(slots)
                for slot in slots:
                    self._finish(slot)
        return found

    def _made(self, key: Key, members: list[int]) -> list[Group | Matrix]:
        """What computes slots that are ready."""
        operation, alike = key
        if isinstance(alike, tuple):
            return [self._matrix(members)]
        pair = next((pair for pair in PAIRS if operation in pair), None)
        if pair is None:
            return [self._group(operation, members)]
        other = pair[1] if operation is pair[0] else pair[0]
        waiting = self.ready.pop((other, alike), [])
        by_operands = {self.tape.operands[slot]: slot for slot in waiting}
        partners = {
            slot: by_operands[self.tape.operands[slot]]
            for slot in members
            if self.tape.operands[slot] in by_operands
        }
        taken = set(partners.values())
        alone = [slot for slot in members if slot not in partners]
        rest = [slot for slot in waiting if slot not in taken]
        if rest:
            self.ready[other, alike] = rest
        groups: list[Group | Matrix] = [self._group(operation, alone)] if alone else []
        if partners:
            both = list(partners), list(partners.values())
            first, last = both if operation is pair[0] else both[::-1]
            groups.append(replace(self._group(pair[0], first), other=pair[1], others=last))
        return groups

    def _group(self, operation: Operation, slots: list[int]) -> Group:
        operands = [self.tape.operands[slot] for slot in slots]
        return Group(operation, Kind.VARYING, slots, operands)

    def _finish(self, slot: int) -> None:
        """Make ready what waited for a slot alone."""
        for user in self.users.get(slot, ()):
            self.waiting[user] -= 1
            if not self.waiting[user]:
                self._make_ready(user)

    def _make_ready(self, slot: int) -> None:
        key = self.keys[slot]
        if key in self.ready:
            self.ready[key].append(slot)
        else:
            self.ready[key] = [slot]
            if isinstance(key[1], tuple):
                self.matrices.append(key)

    def _dissolve_small_matrices(self) -> None:
        counts: dict[Key, int] = {}
        for slot in self.rows:
            key = self.keys[slot]
            counts[key] = counts.get(key, 0) + 1
        for slot, row in self.rows.items():
            if counts[self.keys[slot]] * len(row.vector) < SMALLEST:
                self.keys[slot] = TERMS, None

    def _matrix(self, slots: list[int]) -> Matrix:
        """A matrix, and what else is done to its results, if all are only used for that."""
        rows = [self.rows[slot] for slot in slots]
        weights = [row.weights for row in rows]
        matrix = Matrix(slots, weights, rows[0].vector, [b for row in rows for b in row.bias])
        users = [self.users.get(slot, []) for slot in slots]
        if any(len(used) != 1 for used in users) or not self.roots.isdisjoint(slots):
            return matrix
        outcomes = [slot for (slot,) in users]
        kinds = {self.tape.operations[slot] for slot in outcomes}
        if kinds == {relu}:
            return replace(matrix, slots=outcomes, finish="relu")
        if kinds == {OPEN}:
            flows, gates = zip(*[self.tape.operands[slot] for slot in outcomes], strict=True)
            if list(flows) == slots and self.done.issuperset(gates):
                return replace(matrix, slots=outcomes, finish="open", gates=list(gates))
        return matrix


def _matrix_row(tape: Tape, operands: tuple[int, ...]) -> Row | None:
    """Terms as a row of a matrix, if every one has a varying factor and one that is shared."""
    bias: tuple[int, ...] = ()
    if operands[-1] == tape.one and tape.kinds[operands[-2]] == Kind.UNIFORM:
        bias, operands = operands[-2:-1], operands[:-2]
    first, last = operands[::2], operands[1::2]
    kinds = tape.kinds
    first_kinds, last_kinds = {kinds[s] for s in first}, {kinds[s] for s in last}
    if first_kinds == {Kind.UNIFORM} and last_kinds == {Kind.VARYING}:
        return Row(first, last, bias)
    if first_kinds == {Kind.VARYING} and last_kinds == {Kind.UNIFORM}:
        return Row(last, first, bias)
    return None
