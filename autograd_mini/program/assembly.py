"""From a job to its instructions in the form that the kernels read, and a place for every number.

Rows are used again once nothing needs what they hold, so that many samples fit into the cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .frame import WIDTH
from .instructions import Assembly, Job, Line, Offsets, PythonStep, Table
from .internals import TERMS
from .kernels import has_kernel
from .ordering import varying_groups
from .passes import Passes, whole
from .schedule import Group, Matrix, Outer, live_slots, outers, shared_groups
from .tape import Kind, Tape

__all__ = ["assembled"]

# The bytes that the rows of a block should fit into, for one of up to so many samples
CACHES = (512 * 1024, 256), (4 * 1024 * 1024, 96)
BEFORE, DURING, AFTER = range(3)


def assembled(tape: Tape, job: Job, dtype: str) -> Assembly:
    """The instructions of a job."""
    return _Assembler(tape, job, dtype).finished()


class _Assembler:
    """Gives every slot its place while it writes down the instructions.

    The place of a shared number is its offset; of a varying one, the number of its row.
    """

    def __init__(self, tape: Tape, job: Job, dtype: str) -> None:
        self.tape, self.job, self.dtype = tape, job, np.dtype(dtype)
        self.places = [-1] * len(tape)
        self.numbers_used = 0
        self.rows_used = 0
        self.free_rows: list[int] = []
        self.tables: list[Offsets] = []
        self.tables_length = 0
        self.row_slots: list[int] = []  # of the tables of rows
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
        live = live_slots(tape, roots)
        for leaves in (job.parameters, job.others, sums):
            self._numbers(leaves)
        self._rows(job.inputs)
        self._numbers([slot for slot in live if slot in tape.constants])
        if job.count is not None:
            self._line(BEFORE, "count_samples", self._numbers([job.count])[0], said="samples")
        if sums:
            zero = self._space(WIDTH)
            tables = self.table([self.places[sums[0]]]), self.table([zero])
            self._line(BEFORE, "splat", 1, whole(len(sums)), *tables, said="sums := 0")
        if job.inputs:
            table = self.rows(job.inputs)
            self._line(DURING, "read_batch", len(job.inputs), table, said="read the inputs")
        groups: list[Group | Matrix] = [*shared_groups(tape, live, Kind.UNIFORM)]
        groups += varying_groups(tape, live, roots)
        groups += shared_groups(tape, live, Kind.REDUCED)
        self._operations(groups, roots)
        for block in outers(job.reductions):
            self._outer(block)
        if job.outputs:
            table = self.rows(job.outputs)
            name = "write_derivatives" if job.derivatives else "write_outputs"
            self._line(DURING, name, len(job.outputs), table, said="write the outputs")
        if job.history is not None:
            self._line(AFTER, "note", self.places[job.history], said="note the value")
        return self._laid_out(self._results())

    # ------------------------------------------------------------------ instructions

    def _operations(self, groups: Sequence[Group | Matrix], roots: Iterable[int]) -> None:
        freed = self._last_uses(groups, roots)
        updates = list(self.job.updates)
        for i, group in enumerate(groups):
            if isinstance(group, Matrix):
                self._matrix(group)
            elif group.operation is TERMS:
                self._terms(group)
            elif group.kind == Kind.VARYING:
                self._varying(group)
            else:
                is_last = i == len(groups) - 1 and group.slots == updates
                self._uniform(group, in_place=is_last)
            self.free_rows += [self.places[slot] for slot in freed[i]]

    def _last_uses(self, groups: Sequence[Group | Matrix], roots: Iterable[int]) -> list[list[int]]:
        """For each group the varying slots that nothing needs after it."""
        last: dict[int, int] = {}
        for i, group in enumerate(groups):
            if isinstance(group, Matrix):
                last |= dict.fromkeys((*group.vector, *group.gates), i)
            elif group.kind == Kind.VARYING:
                for operands in group.operands:
                    for operand in operands:
                        last[operand] = i
        freed: list[list[int]] = [[] for _ in groups]
        kept = set(roots)
        for slot, i in last.items():
            if self.tape.kinds[slot] == Kind.VARYING and slot not in kept:
                freed[i].append(slot)
        return freed

    def _uniform(self, group: Group, *, in_place: bool) -> None:
        section = BEFORE if group.kind == Kind.UNIFORM else AFTER
        # In place, those of the parameters, which come first of all
        places = np.arange(len(group.slots)) if in_place else np.array(self._numbers(group.slots))
        operands = np.array([[self.places[slot] for slot in row] for row in group.operands])
        if has_kernel(group.operation.name):
            name = f"{group.operation.name}/{operands.shape[1]}"
            self.passes.add(section, name, places, operands, _said(group), group.slots[0])
        else:
            step = PythonStep(group.operation, False, places, operands)  # noqa: FBT003
            self._line(section, step, said=_said(group), slot=group.slots[0])

    def _varying(self, group: Group) -> None:
        results = [group.slots, group.others] if group.other else [group.slots]
        for slots in results:
            self._rows(slots)
        operation, said, slot = group.operation, _said(group), group.slots[0]
        if has_kernel(operation.name):
            columns = zip(*group.operands, strict=True)
            tables = [self.rows(slots) for slots in (*results, *columns)]
            both = f"{operation.name}+{group.other.name}" if group.other else operation.name
            name = f"{both}/{len(tables) - len(results)}"
            self._line(DURING, name, len(group.slots), 0, *tables, said=said, slot=slot)
        else:
            operands = np.array(group.operands)
            self.row_slots += operands.ravel().tolist()  # those that are shared get a row
            step = PythonStep(operation, True, np.array(group.slots), operands)  # noqa: FBT003
            self._line(DURING, step, said=said, slot=slot)

    def _terms(self, group: Group) -> None:
        flat = [slot for operands in group.operands for slot in operands]
        ends = np.cumsum([0] + [len(operands) // 2 for operands in group.operands])
        said, first = f"{_said(group)} of {len(flat) // 2} products", group.slots[0]
        count = len(group.slots)
        if group.kind == Kind.VARYING:
            self._rows(group.slots)
            tables = self.rows(group.slots), self.table(ends), self.rows(flat)
            self._line(DURING, "terms", count, *tables, said=said, slot=first)
        else:
            places = self._numbers(group.slots)
            pairs = [self.places[slot] for slot in flat]
            section = BEFORE if group.kind == Kind.UNIFORM else AFTER
            tables = self.table(places), self.table(ends), self.table(pairs)
            self._line(section, "uniform_terms", count, *tables, said=said, slot=first)

    def _matrix(self, matrix: Matrix) -> None:
        height, width = len(matrix.slots), len(matrix.vector)
        weights = np.array([[self.places[slot] for slot in row] for row in matrix.weights])
        strides = _strides(weights)
        if strides is None:
            strides = self._space(whole(height * width)), width, 1
            arguments = height * width, strides[0], self.table(weights.ravel())
            self._line(BEFORE, "gather", *arguments, said=f"gather {height} × {width}")
        self._rows(matrix.slots)
        biases = [self.places[slot] for slot in matrix.biases]
        tables = (
            self.rows(matrix.slots),
            self.rows(matrix.vector),
            self.table(biases) if biases else 0,
            self.rows(matrix.gates) if matrix.gates else 0,
        )
        name = f"matrix_{matrix.finish}" if matrix.finish else "matrix"
        said = f"matrix {height} × {width}: W x{' + b' * bool(biases)}"
        said += f", {matrix.finish}" * bool(matrix.finish)
        self._line(DURING, name, height, width, *strides, *tables, said=said)

    def _outer(self, outer: Outer) -> None:
        height, width = len(outer.rows), len(outer.columns)
        sums = np.array([[self.places[slot] for slot in row] for row in outer.sums])
        strides = _strides(sums)
        if strides is None or height * width == 1:
            rows = [row for row in outer.rows for _ in outer.columns]
            tables = self.table(sums.ravel()), self.rows(rows), self.rows(outer.columns * height)
            said = f"sums of {height * width} products"
            self._line(DURING, "products", height * width, *tables, said=said)
        else:
            arguments = *strides, self.rows(outer.rows), self.rows(outer.columns)
            said = f"outer {height} × {width}: sums of products"
            self._line(DURING, "outer", height, width, *arguments, said=said)

    def _results(self) -> int:
        """Where the results lie side by side; those of a step are the parameters."""
        self.passes.finish()
        places = [self.places[slot] for slot in self.job.updates or self.job.results]
        count = len(places)
        if not count:
            return 0
        is_moved = not self.job.updates and bool((np.diff(places) == 1).all())
        first = 0 if self.job.updates else places[0]
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
        self.passes.finish()
        self.sections[section].append(Line(what, arguments, said, slot))

    # ------------------------------------------------------------------ places

    def _space(self, count: int) -> int:
        """Room for so many numbers."""
        place = self.numbers_used
        self.numbers_used += count
        return place

    def _numbers(self, slots: Sequence[int]) -> list[int]:
        """Places side by side, with room for the last vector to be whole."""
        first = self._space(whole(len(slots)))
        places = list(range(first, first + len(slots)))
        for slot, place in zip(slots, places, strict=True):
            self.places[slot] = place
        return places

    def _rows(self, slots: Iterable[int]) -> None:
        free = self.free_rows
        for slot in slots:
            if free:
                self.places[slot] = free.pop()
            else:
                self.places[slot] = self.rows_used
                self.rows_used += 1

    def rows(self, slots: Sequence[int]) -> Table:
        """A table of the rows of slots; one that all samples share gets a row for itself."""
        table = Table(len(self.row_slots), of_rows=True)
        self.row_slots += slots
        return table

    def table(self, entries: Sequence[int] | Offsets) -> Table:
        """A table of numbers."""
        array = np.asarray(entries, np.int64)
        table = Table(self.tables_length, of_rows=False)
        self.tables.append(array)
        self.tables_length += len(array)
        return table

    def _laid_out(self, first: int) -> Assembly:
        tape, job = self.tape, self.job
        kinds = np.array(tape.kinds, np.int8)
        slots = np.array(self.row_slots, np.int64)
        shared = np.unique(slots[kinds[slots] != Kind.VARYING])
        row_of = np.array(self.places, np.int64)
        row_of[shared] = np.arange(self.rows_used, self.rows_used + len(shared))
        rows = self.rows_used + len(shared)
        row_of_one = max(rows, 1) * self.dtype.itemsize
        fitting = max([min(size // row_of_one, most) for size, most in CACHES])
        block = max(WIDTH, fitting // WIDTH * WIDTH)
        # Rows a power of two apart would compete for the same few lines of the cache.
        stride = block + (WIDTH if block > 4 * WIDTH else 0)
        begin = whole(self.numbers_used) + WIDTH  # a whole vector may be read at the last number
        is_constant = np.array([slot in tape.constants for slot in shared.tolist()], bool)
        moving = shared[~is_constant]
        if len(moving):
            copied = np.array(self.places, np.int64)[moving]
            tables = self.table(begin + stride * row_of[moving]), self.table(copied)
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
        pool = np.concatenate([*self.tables, begin + stride * row_of[slots], np.zeros(1, np.int64)])
        count = len(job.updates or job.results)
        return Assembly(
            numbers=numbers,
            block=block,
            pool=pool,
            rows_begin=self.tables_length,
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
