"""The order in which varying slots are computed, many of one operation at a time.

Of the operations whose operands are there, the one that most slots wait for comes next. A matrix
comes as soon as its vector is there, and takes with it what is done to its results.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import chain, count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd_mini.operations import cos, mul, relu, sech_squared, sigmoid, sigmoid_prime, sin, tanh

from .internals import OPEN, TERMS, Operation
from .schedule import Group, Matrix
from .tape import Kind, Tape

__all__ = ["varying_groups"]

UNIFORM, VARYING = Kind.UNIFORM, Kind.VARYING  # members of an enumeration are slow to look up
SMALLEST = 4  # products that a matrix must have to be worth an instruction of its own

# Operations that have most of their work in common, mostly a function and its slope
PAIRS: tuple[tuple[Operation, Operation], ...] = (
    (tanh, sech_squared),
    (sigmoid, sigmoid_prime),
    (sin, cos),
)

PAIR_OF = {operation: pair for pair in PAIRS for operation in pair}

Key = tuple[Operation, object]


Indices = npt.NDArray[np.intp]


class Row(NamedTuple):
    """Terms that are a row of a matrix: weights, the vector, and the bias if there is one."""

    weights: tuple[int, ...]
    vector: tuple[int, ...]
    bias: tuple[int, ...]


def varying_groups(tape: Tape, slots: Sequence[int], roots: Iterable[int]) -> list[Group | Matrix]:
    """The operations on varying slots in groups, each after what it depends on.

    Args:
        tape: the operations.
        slots: the varying ones that are needed, in order.
        roots: those that are needed for themselves.
    """
    return _Ordering(tape, slots, roots).groups()


class _Ordering:
    """Keys are numbered, and what is known of a slot stands in an array by slot."""

    def __init__(self, tape: Tape, slots: Sequence[int], roots: Iterable[int]) -> None:
        self.tape, self.size = tape, len(tape)
        self.roots = frozenset(roots)
        self.rows: dict[int, Row] = {}  # of slots that are a row of a matrix
        self.numbers: defaultdict[Key, int] = defaultdict(count().__next__)  # of keys
        self.matrices: deque[int] = deque()  # the keys of those that are ready
        self.ready: dict[int, list[int]] = {}  # by key the other slots that are
        self.done = bytearray(self.size)
        widths = np.fromiter(map(len, tape.operands), np.intp, self.size)
        wanted = np.zeros(self.size, bool)
        wanted[slots] = True
        self.leaves = np.flatnonzero(wanted & (widths == 0)).tolist()
        self.key_of = self._keys(widths, wanted)
        self.keys = list(self.numbers)
        self.members: list[list[int]] = [[] for _ in self.keys]  # by key the slots that are ready
        used = np.fromiter(chain.from_iterable(tape.operands), np.intp, int(widths.sum()))
        users = np.repeat(np.arange(self.size, dtype=np.intp), widths)
        waited_for = wanted[users] & (np.array(tape.kinds) == VARYING)[used]
        users, used = users[waited_for], used[waited_for]
        self.waiting = _by_slot(np.bincount(users, minlength=self.size))  # for how many operands
        # The users of slot s, in order, are users[begins[s] : begins[s + 1]].
        self.users = _by_slot(users[np.argsort(used, kind="stable")])
        self.begins = _by_slot(np.cumsum(np.append(0, np.bincount(used, minlength=self.size))))

    def groups(self) -> list[Group | Matrix]:
        """All of them, in order."""
        found: list[Group | Matrix] = []
        users, begins, waiting, key_of = self.users, self.begins, self.waiting, self.key_of
        members, matrices, ready, done = self.members, self.matrices, self.ready, self.done
        slots: Iterable[int] = self.leaves
        while True:
            for slot in slots:
                done[slot] = 1
                for user in users[begins[slot] : begins[slot + 1]]:
                    left = waiting[user] - 1
                    waiting[user] = left
                    if left:
                        continue
                    key = key_of[user]
                    alike = members[key]
                    if not alike:
                        if isinstance(self.keys[key][1], tuple):
                            matrices.append(key)
                        else:
                            ready[key] = alike
                    alike.append(user)
            if not (matrices or ready):
                return found
            key = matrices.popleft() if matrices else key_of[max(ready.values(), key=len)[0]]
            made, slots = self._made(key, self._taken(key))
            found += made

    def _keys(self, widths: Indices, wanted: npt.NDArray[np.bool_]) -> array[int]:
        """By slot the number of its key; of those that are not wanted it means nothing."""
        tape, numbers = self.tape, self.numbers
        alike = map(numbers.__getitem__, zip(tape.operations, widths.tolist(), strict=True))
        keys = np.fromiter(alike, np.intp, self.size)
        are_terms = np.array([operation is TERMS for operation, _ in numbers])
        terms = np.flatnonzero(wanted & are_terms[keys])
        keys[terms] = numbers[TERMS, None]
        for slot in terms.tolist():
            row = _matrix_row(tape, tape.operands[slot])
            if row is not None:
                self.rows[slot] = row
        of_rows = {slot: (TERMS, (row.vector, bool(row.bias))) for slot, row in self.rows.items()}
        heights = Counter(of_rows.values())
        for slot, key in of_rows.items():
            if heights[key] * len(self.rows[slot].vector) >= SMALLEST:
                keys[slot] = numbers[key]
        return _by_slot(keys)

    def _made(self, key: int, members: list[int]) -> tuple[Sequence[Group | Matrix], Sequence[int]]:
        """What computes slots that are ready, and the slots that are then known."""
        operation, alike = self.keys[key]
        if isinstance(alike, tuple):
            matrix = self._matrix(members)
            return [matrix], matrix.slots
        pair = PAIR_OF.get(operation)
        if pair is None:
            return [Group(operation, VARYING, members)], members
        operands = self.tape.operands
        other = self.numbers.get((pair[1] if operation is pair[0] else pair[0], alike), -1)
        waiting = self._taken(other) if other in self.ready else []
        by_operands = {operands[slot]: slot for slot in waiting}
        partners = {
            slot: by_operands[operands[slot]] for slot in members if operands[slot] in by_operands
        }
        taken = set(partners.values())
        alone = [slot for slot in members if slot not in partners]
        rest = [slot for slot in waiting if slot not in taken]
        if rest:
            self.ready[other] = self.members[other] = rest
        groups = [Group(operation, VARYING, alone)] if alone else []
        if partners:
            both = [*partners], [*partners.values()]
            first, last = both if operation is pair[0] else both[::-1]
            groups.append(Group(pair[0], VARYING, first, pair[1], last))
        return groups, [*members, *partners.values()]

    def _taken(self, key: int) -> list[int]:
        """The slots of a key that are ready, which are so no more."""
        slots, self.members[key] = self.members[key], []
        self.ready.pop(key, None)
        return slots

    def _matrix(self, slots: list[int]) -> Matrix:
        """A matrix, and what else is done to its results, if all are only used for that."""
        rows = [self.rows[slot] for slot in slots]
        weights = [row.weights for row in rows]
        matrix = Matrix(slots, weights, rows[0].vector, [b for row in rows for b in row.bias])
        users = [self.users[self.begins[slot] : self.begins[slot + 1]] for slot in slots]
        if any(len(used) != 1 for used in users) or not self.roots.isdisjoint(slots):
            return matrix
        outcomes = [slot for (slot,) in users]
        kinds = {self.tape.operations[slot] for slot in outcomes}
        if kinds == {relu}:
            return matrix._replace(slots=outcomes, finish="relu")
        pairs = [self.tape.operands[slot] for slot in outcomes]
        if kinds == {mul}:  # in either order
            pairs = [(x, b if a == x else a) for x, (a, b) in zip(slots, pairs, strict=True)]
        if kinds in ({mul}, {OPEN}):
            (finish,) = kinds
            flows, gates = zip(*pairs, strict=True)
            if list(flows) == slots and all(map(self.done.__getitem__, gates)):
                return matrix._replace(slots=outcomes, finish=finish.name, gates=list(gates))
        return matrix


def _by_slot(indices: Indices) -> array[int]:
    """The same for a loop, which reads an array of Python sooner."""
    return array("q", indices.astype(np.int64).tobytes())


def _matrix_row(tape: Tape, operands: tuple[int, ...]) -> Row | None:
    """Terms as a row of a matrix, if every one has a varying factor and one that is shared."""
    kinds = tape.kinds
    first, second = kinds[operands[0]], kinds[operands[1]]
    if first == second:
        return None
    bias: tuple[int, ...] = ()
    if operands[-1] == tape.one and kinds[operands[-2]] == UNIFORM:
        bias, operands = operands[-2:-1], operands[:-2]
    left, right = operands[::2], operands[1::2]
    for a, b in zip(left, right, strict=True):
        if kinds[a] != first or kinds[b] != second:
            return None
    return Row(left, right, bias) if first == UNIFORM else Row(right, left, bias)
