"""A kernel under construction: loops, tables, rows of samples. What it computes is said elsewhere.

Every kernel is a function of two arrays of 64-bit integers: the state of the call (where the
numbers are, which samples are being worked on) and the arguments of one instruction. Numbers are
addressed by their offset from the base; samples are the lanes of vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

from .state import WIDTH, State

__all__ = ["INTEGER", "POINTER", "Frame"]

INTEGER = ir.IntType(64)
POINTER = ir.PointerType()


class Frame:
    """The function of one kernel, with the words that kernels are written in.

    Args:
        name: of the kernel.
        element: the type of its numbers.
        is_wide: whether registers hold a whole vector.
    """

    def __init__(self, name: str, element: Any, *, is_wide: bool) -> None:
        self.element, self.is_wide = element, is_wide
        self.vector = ir.VectorType(element, WIDTH)
        self.module = ir.Module(name)
        kind = ir.FunctionType(ir.VoidType(), [POINTER] * (1 if name == "run" else 2))
        self.function = ir.Function(self.module, kind, name)
        self.builder = ir.IRBuilder(self.function.append_basic_block("entry"))
        self._state, *self._arguments = self.function.args
        self._base = self.builder.inttoptr(self.state(State.BASE), POINTER)

    def finished(self) -> str:
        """The kernel in LLVM's language."""
        self.builder.ret_void()
        return str(self.module)

    # ------------------------------------------------------------------ integers

    def integer(self, number: int) -> Any:
        """A constant."""
        return ir.Constant(INTEGER, number)

    def state(self, place: int) -> Any:
        """A number of the state."""
        return self._word(self._state, self.integer(place))

    def set_state(self, place: State, number: Any) -> None:
        """Change a number of the state."""
        at = self.builder.gep(self._state, [self.integer(place)], source_etype=INTEGER)
        self.builder.store(number, at)

    def arguments(self, count: int) -> list[Any]:
        """The first arguments of the instruction."""
        (words,) = self._arguments
        return [self._word(words, self.integer(i)) for i in range(count)]

    def entry(self, table: Any, index: Any) -> Any:
        """A number in the table of integers at an address."""
        return self._word(self.builder.inttoptr(table, POINTER), index)

    def _word(self, pointer: Any, index: Any) -> Any:
        at = self.builder.gep(pointer, [index], source_etype=INTEGER)
        return self.builder.load(at, typ=INTEGER)

    def sum(self, *numbers: Any) -> Any:
        """The sum of integers."""
        result = numbers[0]
        for number in numbers[1:]:
            result = self.builder.add(result, number)
        return result

    def product(self, x: Any, y: Any) -> Any:
        """The product of integers."""
        return self.builder.mul(x, y)

    def whole(self, number: Any, unit: int) -> Any:
        """The largest multiple of a power of two up to a number."""
        return self.builder.and_(number, self.integer(-unit))

    def unknown(self, number: Any) -> Any:
        """The same integer, of which LLVM does not know that it is the same."""
        kind = ir.FunctionType(INTEGER, [INTEGER])
        return self.builder.asm(kind, "", "=r,0", [number], side_effect=True)

    # ------------------------------------------------------------------ loops

    @contextmanager
    def loop(self, stop: Any, *, start: Any = None, step: int = 1) -> Iterator[Any]:
        """The body is run for start, start + step, … up to stop, which is excluded."""
        builder = self.builder
        before = builder.block
        head, body, end = [builder.append_basic_block(n) for n in ("head", "body", "end")]
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(INTEGER)
        index.add_incoming(self.integer(0) if start is None else start, before)
        builder.cbranch(builder.icmp_signed("<", index, stop), body, end)
        builder.position_at_end(body)
        yield index
        index.add_incoming(builder.add(index, self.integer(step)), builder.block)
        builder.branch(head)
        builder.position_at_end(end)

    @contextmanager
    def rest(self, start: Any, stop: Any) -> Iterator[None]:
        """The body is run if start is below stop."""
        with self.builder.if_then(self.builder.icmp_signed("<", start, stop)):
            yield

    # ------------------------------------------------------------------ numbers

    def at(self, *offsets: Any) -> Any:
        """The address of the number at an offset, given as a sum."""
        return self.builder.gep(self._base, [self.sum(*offsets)], source_etype=self.element)

    def beyond(self, address: Any, index: Any) -> Any:
        """The address of the number that comes so many later."""
        return self.builder.gep(address, [index], source_etype=self.element)

    def elsewhere(self, place: State, index: Any) -> Any:
        """The address of a number in another array, whose address the state has."""
        pointer = self.builder.inttoptr(self.state(place), POINTER)
        return self.builder.gep(pointer, [index], source_etype=self.element)

    def load(self, *offsets: Any) -> Any:
        """The vector at an offset."""
        return self.builder.load(self.at(*offsets), typ=self.vector, align=self._align)

    def store(self, vector: Any, *offsets: Any) -> None:
        """Put a vector at an offset."""
        self.builder.store(vector, self.at(*offsets), align=self._align)

    def load_at(self, address: Any, kind: Any = None) -> Any:
        """The vector at an address, or one of another length."""
        return self.builder.load(address, typ=kind or self.vector, align=self._align)

    def store_at(self, vector: Any, address: Any) -> None:
        """Put a vector at an address."""
        self.builder.store(vector, address, align=self._align)

    def load_number(self, *offsets: Any) -> Any:
        """The number at an offset."""
        return self.builder.load(self.at(*offsets), typ=self.element)

    def store_number(self, number: Any, *offsets: Any) -> None:
        """Put a number at an offset."""
        self.builder.store(number, self.at(*offsets))

    def splat(self, number: Any) -> Any:
        """A number in every lane."""
        one = self.builder.insert_element(
            ir.Constant(self.vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0)
        )
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
        return self.builder.shuffle_vector(one, one, lanes)

    def constant(self, number: float) -> Any:
        """A constant in every lane."""
        return ir.Constant(self.vector, [number] * WIDTH)

    def variables(self, count: int, kind: Any = None) -> list[Any]:
        """Places for vectors, or for something else, which become registers."""
        with self.builder.goto_entry_block():  # elsewhere they would stay in memory
            return [self.builder.alloca(kind or self.vector) for _ in range(count)]

    def add_product(self, place: Any, x: Any, y: Any) -> None:
        """place += x y, rounded twice."""
        total = self.builder.load(place, typ=x.type)
        self.builder.store(self.builder.fadd(total, self.builder.fmul(x, y)), place)

    def add_fused_product(self, place: Any, x: Any, y: Any) -> None:
        """place += x y, rounded once where the processor can."""
        total = self.builder.load(place, typ=x.type)
        self.builder.store(self.builder.call(self._fmuladd(x.type), [x, y, total]), place)

    def add_totals(self, vectors: Sequence[Any], address: Any) -> None:
        """Add the sum of the lanes of each vector to one of the numbers side by side at an address.

        The halves of a vector are added until one lane is left. Two vectors, as long as there are
        as many, are added as one, in whose halves the halves of each lie side by side.
        """
        builder = self.builder
        width, each = WIDTH, 1  # lanes for each of the vectors that a part serves
        parts = list(vectors)
        while width > 1:
            width //= 2
            pairs = [*zip(parts[::2], parts[1::2], strict=True)] if parts[1:] else [(parts[0],) * 2]
            each *= 2 if parts[1:] else 1
            low = [2 * g * width + lane for g in range(each) for lane in range(width)]
            high = [lane + width for lane in low]
            halves = [self._lane_numbers(lanes) for lanes in (low, high)]
            parts = [
                builder.fadd(*[builder.shuffle_vector(x, y, half) for half in halves])
                for x, y in pairs
            ]
        (found,) = parts
        before = builder.load(address, typ=found.type, align=self._align)
        builder.store(builder.fadd(before, found), address, align=self._align)

    def transposed(self, rows: Sequence[Any]) -> list[Any]:
        """The columns of as many vectors as each has lanes.

        In three rounds: pairs of vectors exchange every other block of lanes, of one lane, of two,
        of four.
        """
        found = list(rows)
        size = 1
        while size < WIDTH:
            mixed = list(found)
            for i in range(WIDTH):
                if not i & size:
                    low, high = found[i], found[i + size]
                    for k, offset in ((i, 0), (i + size, size)):
                        lanes = [
                            (lane - size + offset + WIDTH) if lane & size else (lane + offset)
                            for lane in range(WIDTH)
                        ]
                        mask = self._lane_numbers(lanes)
                        mixed[k] = self.builder.shuffle_vector(low, high, mask)
            found = mixed
            size *= 2
        return found

    def nan_seen(self) -> Any:
        """A place that remembers in which lanes a NaN was seen."""
        kind = ir.VectorType(ir.IntType(1), WIDTH)
        (place,) = self.variables(1, kind)
        self.builder.store(ir.Constant(kind, [0] * WIDTH), place)
        return place

    def look(self, seen: Any, vector: Any) -> None:
        """Remember the lanes in which a vector is NaN."""
        is_nan = self.builder.fcmp_unordered("uno", vector, vector)
        before = self.builder.load(seen, typ=is_nan.type)
        self.builder.store(self.builder.or_(before, is_nan), seen)

    def flag(self, seen: Any) -> None:
        """Note in the state whether a NaN was seen."""
        bits = self.builder.load(seen, typ=ir.VectorType(ir.IntType(1), WIDTH))
        mask = self.builder.bitcast(bits, ir.IntType(WIDTH))
        is_nan = self.builder.icmp_unsigned("!=", mask, ir.Constant(ir.IntType(WIDTH), 0))
        flag = self.builder.zext(is_nan, INTEGER)
        self.set_state(State.IS_NAN, self.builder.or_(self.state(State.IS_NAN), flag))

    def only_below(self, vector: Any, count: Any) -> Any:
        """The vector with zeros from lane `count` on."""
        limit = self.builder.trunc(count, ir.IntType(32))
        lanes = self._lane_numbers(range(WIDTH))
        limits = ir.Constant(lanes.type, ir.Undefined)
        for lane in range(WIDTH):
            limits = self.builder.insert_element(limits, limit, ir.Constant(ir.IntType(32), lane))
        is_below = self.builder.icmp_signed("<", lanes, limits)
        return self.builder.select(is_below, vector, self.constant(0.0))

    def _fmuladd(self, kind: Any) -> Any:
        lanes = f"v{WIDTH}" if kind == self.vector else ""
        name = f"llvm.fmuladd.{lanes}f{64 if self.element == ir.DoubleType() else 32}"
        if name not in self.module.globals:
            ir.Function(self.module, ir.FunctionType(kind, [kind] * 3), name)
        return self.module.globals[name]

    @property
    def _align(self) -> int:
        return 8 if self.element == ir.DoubleType() else 4

    def _lane_numbers(self, lanes: Sequence[int]) -> Any:
        return ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), list(lanes))
