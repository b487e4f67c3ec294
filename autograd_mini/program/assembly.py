"""From a job to its instructions in the form that kernels read, and a place for every number."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise

import numpy as np

from .instructions import Assembly, Job, Line, Offsets, PythonStep, Table
from .internals import TERMS, has_kernel
from .ordering import varying_groups
from .passes import Passes, whole
from .reuse import shared_out
from .schedule import Group, Matrix, Outer, live_slots, outers, shared_groups
from .state import WIDTH
from .tape import Kind, Tape

__all__ = ["assembled"]

# The bytes that the rows of a block should fit into, for one of up to so many samples
CACHES = (512 * 1024, 256), (4 * 1024 * 1024, 96)
BEFORE, DURING, AFTER = range(3)


def assembled(tape: Tape, job: Job, dtype: str) -> Assembly:
    """The instructions of a job."""
    return _Assembler(tape, job, dtype).finished()


class _Assembler:
    """Writes down the instructions, and gives every slot its place.

    The place of a number that all samples share is its offset, from the beginning. Those that vary
    are known by their slots, until all instructions are there and `reuse` shares out the rows.
    """

    def __init__(self, tape: Tape, job: Job, dtype: str) -> None:
        self.tape, self.job, self.dtype = tape, job, np.dtype(dtype)
        self.places = np.full(len(tape), -1, np.int64)
        self.numbers_used = 0
        self.entries = array("q")  # of the tables of numbers
        self.row_slots = array("q")  # of the tables of rows
        self.row_ends: list[int] = []  # for each instruction where its tables of rows end
        self.sections: tuple[list[Line], list[Line], list[Line]] = ([], [], [])
        self.passes = Passes(self.sections, self.table, self._space)

    def finished(self) -> Assembly:
        """All of it."""
        tape, job = self.tape, self.job
        sums = [leaf for leaf, _ in job.reductions]
        ends = [slot for _, pairs in job.reductions for pair in pairs for slot in pair]
        roots = [*job.outputs, *job.results, *job.updates, *ends]
        if job.history is not None:
            roots.append(job.history)
        uniform, varying, reduced = live_slots(tape, roots)
        for leaves in (job.parameters, job.others, sums):
            self._numbers(leaves)
        self._numbers([slot for slot in uniform if slot in tape.constants])
        if job.count is not None:
            self._line(BEFORE, "count_samples", int(self._numbers([job.count])[0]), said="samples")
        if sums:
            zero = self._space(WIDTH)
            tables = self.table([self.places[sums[0]]]), self.table([zero])
            self._line(BEFORE, "splat", 1, whole(len(sums)), *tables, said="sums := 0")
        if job.inputs:
            table = self.rows(job.inputs)
            self._line(DURING, "read_batch", len(job.inputs), table, said="read the inputs")
        groups: list[Group | Matrix] = [*shared_groups(tape, uniform, Kind.UNIFORM)]
        groups += varying_groups(tape, varying, roots)
        groups += shared_groups(tape, reduced, Kind.REDUCED)
        for group in groups:
            if isinstance(group, Matrix):
                self._matrix(group)
            elif group.operation is TERMS:
                self._terms(group)
            elif group.kind == Kind.VARYING:
                self._varying(group)
            else:
                is_last = group is groups[-1] and group.slots == job.updates
                self._uniform(group, in_place=is_last)
        for block in outers(job.reductions):
            self._outer(block)
        if job.outputs:
            table = self.rows(job.outputs)
            name = "write_derivatives" if job.derivatives else "write_outputs"
            self._line(DURING, name, len(job.outputs), table, said="write the outputs")
        if job.history is not None:
            self._line(AFTER, "note", int(self.places[job.history]), said="note the value")
        return self._laid_out(self._results())

    # ------------------------------------------------------------------ instructions

    def _uniform(self, group: Group, *, in_place: bool) -> None:
        section = BEFORE if group.kind == Kind.UNIFORM else AFTER
        # In place, those of the parameters, which come first of all
        places = np.arange(len(group.slots)) if in_place else self._numbers(group.slots)
        operands = self.places[np.array(self._operands(group))]
        if has_kernel(group.operation):
            name = f"{group.operation.name}/{operands.shape[1]}"
            self.passes.add(section, name, places, operands, _said(group), group.slots[0])
        else:
            step = PythonStep(group.operation, False, places, operands)  # noqa: FBT003
            self._line(section, step, said=_said(group), slot=group.slots[0])

    def _varying(self, group: Group) -> None:
        operation, said, slots = group.operation, _said(group), group.slots
        results = (slots, group.others) if group.other else (slots,)
        columns = [*zip(*self._operands(group), strict=True)]
        tables = [*map(self.rows, (*results, *columns))]
        if has_kernel(operation):
            both = f"{operation.name}+{group.other.name}" if group.other else operation.name
            name = f"{both}/{len(columns)}"
            self._line(DURING, name, len(slots), 0, *tables, said=said, slot=slots[0])
        else:  # the tables only serve to give everything a row
            made, used = np.array(slots), np.array(self._operands(group))
            step = PythonStep(operation, True, made, used)  # noqa: FBT003
            self._line(DURING, step, said=said, slot=slots[0])

    def _terms(self, group: Group) -> None:
        operands = self._operands(group)
        flat = [*chain.from_iterable(operands)]
        ends = [*accumulate([len(each) // 2 for each in operands], initial=0)]
        said, first = f"{_said(group)} of {len(flat) // 2} products", group.slots[0]
        count = len(group.slots)
        if group.kind == Kind.VARYING:
            tables = self.rows(group.slots), self.table(ends), self.rows(flat)
            self._line(DURING, "terms", count, *tables, said=said, slot=first)
        else:
            section = BEFORE if group.kind == Kind.UNIFORM else AFTER
            results = self._numbers(group.slots)
            tables = self.table(results), self.table(ends), self.table(self.places[flat])
            self._line(section, "uniform_terms", count, *tables, said=said, slot=first)

    def _operands(self, group: Group) -> list[tuple[int, ...]]:
        return [*map(self.tape.operands.__getitem__, group.slots)]

    def _matrix(self, matrix: Matrix) -> None:
        height, width = len(matrix.slots), len(matrix.vector)
        weights = self.places[np.array(matrix.weights)]
        strides = _strides(weights)
        if strides is None:
            strides = self._space(whole(height * width)), width, 1
            arguments = height * width, strides[0], self.table(weights.ravel())
            self._line(BEFORE, "gather", *arguments, said=f"gather {height} × {width}")
        tables = (
            self.rows(matrix.slots),
            self.rows(matrix.vector),
            self.table(self.places[matrix.biases]) if matrix.biases else 0,
            self.rows(matrix.gates) if matrix.gates else 0,
        )
        name = f"matrix_{matrix.finish}" if matrix.finish else "matrix"
        said = f"matrix {height} × {width}: W x{' + b' * bool(matrix.biases)}"
        said += f", {matrix.finish}" * bool(matrix.finish)
        self._line(DURING, name, height, width, *strides, *tables, said=said)

    def _outer(self, outer: Outer) -> None:
        sums = self.places[np.array(outer.sums)]
        ends = [0, len(outer.columns)]
        if len(outer.columns) > 1:
            apart = (np.diff(sums, axis=1) != 1).any(axis=0)  # from the next column, in some row
            ends[1:1] = (np.flatnonzero(apart) + 1).tolist()
        for start, end in pairwise(ends):
            rows, columns = self.rows(outer.rows), self.rows(outer.columns[start:end])
            arguments = len(outer.rows), end - start, self.table(sums[:, start]), rows, columns
            said = f"outer {len(outer.rows)} × {end - start}: sums of products"
            self._line(DURING, "outer", *arguments, said=said)

    def _results(self) -> int:
        """Where the results lie side by side; those of a step are the parameters."""
        self.passes.finish()
        places = self.places[[*(self.job.updates or self.job.results)]]
        count = len(places)
        if not count:
            return 0
        is_moved = not self.job.updates and bool((np.diff(places) == 1).all())
        first = 0 if self.job.updates else int(places[0])
        if places[0] >= 0 and not is_moved:
            first = 0 if self.job.updates else self._space(whole(count))
            self._line(AFTER, "gather", count, first, self.table(places), said=f"gather {count}")
        name = "watch" if self.job.updates else "watch_derivatives"
        self._line(AFTER, name, count, first, said="watch for NaN")
        return first

    def _line(
        self,
        section: int,
        what: str | PythonStep,
        *arguments: int | Table,
        said: str,
        slot: int | None = None,
    ) -> None:
        if section == DURING:
            self.row_ends.append(len(self.row_slots))
        else:
            self.passes.finish()
        self.sections[section].append(Line(what, arguments, said, slot))

    # ------------------------------------------------------------------ places

    def _space(self, count: int) -> int:
        """Room for so many numbers."""
        place = self.numbers_used
        self.numbers_used += count
        return place

    def _numbers(self, slots: Sequence[int]) -> Offsets:
        """Places side by side, with room for the last vector to be whole."""
        first = self._space(whole(len(slots)))
        places = np.arange(first, first + len(slots))
        self.places[[*slots]] = places
        return places

    def rows(self, slots: Sequence[int]) -> Table:
        """A table of the rows of slots; one that all samples share gets a row for itself."""
        table = Table(len(self.row_slots), True)  # noqa: FBT003
        self.row_slots.extend(slots)
        return table

    def table(self, entries: Sequence[int] | Offsets) -> Table:
        """A table of numbers."""
        table = Table(len(self.entries), False)  # noqa: FBT003
        self.entries.extend(entries)
        return table

    def _laid_out(self, first: int) -> Assembly:
        tape, job = self.tape, self.job
        slots = np.array(self.row_slots)
        is_varying = np.array(tape.kinds)[slots] == Kind.VARYING
        ends = np.append(0, np.cumsum(is_varying))[self.row_ends]
        varying, rows_of_varying, reused = shared_out(slots[is_varying], ends.tolist())
        is_shared = np.zeros(len(tape), bool)
        is_shared[slots[~is_varying]] = True
        shared = np.flatnonzero(is_shared)
        rows = reused + len(shared)
        row_of = np.empty(len(tape), np.int64)
        row_of[varying], row_of[shared] = rows_of_varying, np.arange(reused, rows)
        row_of_one = max(rows, 1) * self.dtype.itemsize
        fitting = max([min(size // row_of_one, most) for size, most in CACHES])
        block = max(WIDTH, fitting // WIDTH * WIDTH)
        # Rows a power of two apart would compete for the same few lines of the cache.
        stride = block + (WIDTH if block > 4 * WIDTH else 0)
        begin = whole(self.numbers_used) + WIDTH  # a whole vector may be read at the last number
        is_constant = np.array([slot in tape.constants for slot in shared.tolist()], bool)
        moving = shared[~is_constant]
        if len(moving):
            tables = self.table(begin + stride * row_of[moving]), self.table(self.places[moving])
            said = f"rows of {len(moving)} shared numbers"
            self._line(BEFORE, "splat", len(moving), block, *tables, said=said)
        numbers = np.zeros(begin + rows * stride + WIDTH, self.dtype)
        for slot, number in tape.constants.items():
            if self.places[slot] >= 0:
                numbers[self.places[slot]] = number
        for slot in shared[is_constant].tolist():
            place = begin + stride * int(row_of[slot])
            numbers[place : place + stride] = tape.constants[slot]
        for line in self.sections[DURING]:
            if isinstance(line.what, PythonStep):
                line.what.results = begin + stride * row_of[line.what.results]
                line.what.operands = begin + stride * row_of[line.what.operands]
        pool = np.concatenate([np.array(self.entries), begin + stride * row_of[slots], [0]])
        count = len(job.updates or job.results)
        return Assembly(
            numbers=numbers,
            block=block,
            pool=pool,
            rows_begin=len(self.entries),
            sections=self.sections,
            results=slice(first, first + count),
            rows=rows,
            inputs=len(job.inputs),
        )


def _strides(places: Offsets) -> tuple[int, int, int] | None:
    """The first of a matrix of places, and how far it is to the next row and column, if regular."""
    height, width = places.shape
    first = int(places[0, 0])
    row_stride = int(places[1, 0]) - first if height > 1 else 0
    column_stride = int(places[0, 1]) - first if width > 1 else 0
    regular = first + row_stride * np.arange(height)[:, None] + column_stride * np.arange(width)
    return (first, row_stride, column_stride) if bool((regular == places).all()) else None


def _said(group: Group) -> str:
    name = f"{group.operation.name} and {group.other.name}" if group.other else group.operation.name
    return f"{name} {len(group.slots)}"
