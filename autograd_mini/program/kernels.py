"""The kernels: what an instruction of a program does to rows of samples, written as LLVM code.

A kernel is made from its name; `matrix` has those that multiply matrices, `moves` those that do not
compute. Arguments are in the
order of the `arguments` of each function; a table is the address of an array of offsets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from llvmlite import ir

from . import interpreter, matrix, moves
from .elementary import ELEMENTARY, emitter, logarithm
from .elementary.lanes import Lanes, absolute
from .frame import WIDTH, Frame, State

__all__ = ["has_kernel", "kernel_code"]


def has_kernel(name: str) -> bool:
    """Whether a row of the table has a kernel."""
    return name in _ELEMENTWISE


def kernel_code(name: str, element: Any, *, is_wide: bool = True) -> str:
    """A kernel in LLVM's language.

    Args:
        name: an operation, or several joined by a plus, followed by a slash and the number of
            operands; or one of `_KERNELS`.
        element: the type of the numbers.
        is_wide: whether the processor has 32 registers for a vector of eight doubles, rather than
            16 for half of one.
    """
    frame = Frame(name, element, is_wide=is_wide)
    operation, _, count = name.partition("/")
    if count:
        elementwise(frame, [_ELEMENTWISE[each] for each in operation.split("+")], int(count))
    else:
        _KERNELS[operation](frame)
    return frame.finished()


def elementwise(frame: Frame, emitters: Sequence[Callable[..., Any]], count: int) -> None:
    """z[s] = f(x[s], y[s], …) for some rows and all samples s; or for several f at a time.

    Arguments: how many rows; how many samples, 0 for those of the block; for each f the table of
    results, and one of operands for each operand.
    """
    rows, given, *tables = frame.arguments(2 + len(emitters) + count)
    samples = _samples(frame, given)
    with frame.loop(rows) as row:
        results = [frame.entry(table, row) for table in tables[: len(emitters)]]
        places = [frame.entry(table, row) for table in tables[len(emitters) :]]
        with frame.loop(samples, step=WIDTH) as sample:
            vectors = [frame.load(place, sample) for place in places]
            found = [emit(frame.builder, *vectors) for emit in emitters]
            for vector, result in zip(found, results, strict=True):
                frame.store(vector, result, sample)


def terms(frame: Frame) -> None:
    """z[s] = a₁[s] b₁[s] + a₂[s] b₂[s] + …, from left to right, for some rows and all samples.

    Arguments: how many rows; the table of results; for each row, and beyond the last, the number
    of its first pair; the table of pairs.
    """
    rows, results, firsts, pairs = frame.arguments(4)
    samples = frame.state(State.LANES)
    (total,) = frame.variables(1)
    with frame.loop(rows) as row:
        result = frame.entry(results, row)
        first = frame.entry(firsts, row)
        last = frame.entry(firsts, frame.sum(row, frame.integer(1)))
        with frame.loop(samples, step=WIDTH) as sample:
            frame.builder.store(frame.constant(0.0), total)
            with frame.loop(last, start=first) as pair:
                a, b = _pair(frame, pairs, pair)
                x, y = frame.load(a, sample), frame.load(b, sample)
                frame.add_product(total, x, y, fused=False)
            frame.store(frame.builder.load(total, typ=frame.vector), result, sample)


def uniform_terms(frame: Frame) -> None:
    """The same for numbers that all samples share. Arguments as for `terms`."""
    rows, results, firsts, pairs = frame.arguments(4)
    builder = frame.builder
    (total,) = frame.variables(1, frame.element)
    with frame.loop(rows) as row:
        first = frame.entry(firsts, row)
        last = frame.entry(firsts, frame.sum(row, frame.integer(1)))
        builder.store(ir.Constant(frame.element, 0.0), total)
        with frame.loop(last, start=first) as pair:
            a, b = _pair(frame, pairs, pair)
            product = builder.fmul(frame.load_number(a), frame.load_number(b))
            before = builder.load(total, typ=frame.element)
            builder.store(builder.fadd(before, product), total)
        frame.store_number(builder.load(total, typ=frame.element), frame.entry(results, row))


def products(frame: Frame) -> None:
    """total += Σ a[s] b[s] over the samples of the block, for some totals.

    Arguments: how many totals; their table; the tables of a and b.
    """
    rows, totals, first, last = frame.arguments(4)
    valid = frame.state(State.VALID)
    whole = frame.whole(valid, WIDTH)
    (total,) = frame.variables(1)
    with frame.loop(rows) as row:
        a, b = frame.entry(first, row), frame.entry(last, row)
        frame.builder.store(frame.constant(0.0), total)
        with frame.loop(whole, step=WIDTH) as sample:
            frame.add_product(total, frame.load(a, sample), frame.load(b, sample), fused=True)
        with frame.rest(whole, valid):
            count = frame.builder.sub(valid, whole)
            x, y = [frame.only_below(frame.load(place, whole), count) for place in (a, b)]
            frame.add_product(total, x, y, fused=True)
        place = frame.entry(totals, row)
        (found,) = frame.totals([frame.builder.load(total, typ=frame.vector)])
        frame.store_number(frame.builder.fadd(frame.load_number(place), found), place)


# ---------------------------------------------------------------------- what only tapes have


def gate(builder: Any, flow: Any, derivative: Any) -> Any:
    """The flow times the derivative, 0 where the derivative is."""
    x, d = Lanes(builder, flow), Lanes(builder, derivative)
    return _equals_zero(d).choose(x.constant(0.0), x * d).value


def keep(builder: Any, flow: Any, derivative: Any, kept: Any) -> Any:
    """What is kept, −0.0 where the flow is −0.0 or the derivative 0."""
    x, d, z = Lanes(builder, flow), Lanes(builder, derivative), Lanes(builder, kept)
    element = flow.type.element
    integers = ir.VectorType(ir.IntType(64 if element == ir.DoubleType() else 32), WIDTH)
    bits = builder.bitcast(flow, integers)
    nothing = builder.bitcast(x.constant(-0.0).value, integers)
    is_absent = type(_equals_zero(d))(builder, builder.icmp_signed("==", bits, nothing))
    return (is_absent | _equals_zero(d)).choose(x.constant(-0.0), z + 0.0).value


def _top(*operands: Lanes) -> Lanes:
    top, unknown = logarithm.largest(operands)
    return unknown.choose(top.constant(math.nan), top)


def _log_whole(top: Lanes, *weights: Lanes) -> Lanes:
    others = logarithm.exact_total([top.constant(-1.0), *weights])
    return absolute(top).equals(math.inf).choose(top, top + logarithm.log1p(others))


def _equals_zero(x: Lanes) -> Any:
    return x.equals(0.0)


def _samples(frame: Frame, given: Any) -> Any:
    is_block = frame.builder.icmp_signed("==", given, frame.integer(0))
    return frame.builder.select(is_block, frame.state(State.LANES), given)


def _pair(frame: Frame, pairs: Any, number: Any) -> tuple[Any, Any]:
    place = frame.product(number, frame.integer(2))
    return frame.entry(pairs, place), frame.entry(pairs, frame.sum(place, frame.integer(1)))


_ELEMENTWISE: dict[str, Callable[..., Any]] = ELEMENTARY | {
    "gate": gate,
    "keep": keep,
    "open": matrix.opened,
    "softmax_top": emitter(_top),
    "softmax_weight": emitter(logarithm.exp_of_difference),
    "softmax_whole": emitter(lambda *weights: logarithm.exact_total(list(weights))),
    "softmax_log": emitter(_log_whole),
}

_KERNELS: dict[str, Callable[[Frame], None]] = {
    "run": interpreter.run,
    "terms": terms,
    "uniform_terms": uniform_terms,
    "products": products,
    "read_batch": moves.read_batch,
    "write_outputs": partial(moves.write_outputs, derivatives=False),
    "write_derivatives": partial(moves.write_outputs, derivatives=True),
    "splat": moves.splat,
    "gather": moves.gather,
    "count_samples": moves.count_samples,
    "note": moves.note,
    "watch": partial(moves.watch, derivatives=False),
    "watch_derivatives": partial(moves.watch, derivatives=True),
    "matrix": partial(matrix.matrix, finish=""),
    "matrix_relu": partial(matrix.matrix, finish="relu"),
    "matrix_open": partial(matrix.matrix, finish="open"),
    "outer": matrix.outer,
}
