"""The kernels: what an instruction of a program does to rows of samples, written as LLVM code.

A kernel is made from its name; `matrix` has those that multiply matrices, `moves` those that do not
compute. Arguments are in the order of the `arguments` of each function; a table is the address of
an array of offsets.
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
from .frame import Frame
from .state import WIDTH, State

__all__ = ["kernel_code"]

# Chains of instructions that wait for one another, while those of other vectors need not
CHAINS = frozenset(
    ("cos", "exp", "expm1", "sech_squared", "sigmoid", "sigmoid_prime", "sin", "softplus", "tanh")
)
VECTORS = 4  # that are worked on at a time in these


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
        names = operation.split("+")
        vectors = VECTORS if is_wide and CHAINS.issuperset(names) else 1
        elementwise(frame, [_ELEMENTWISE[each] for each in names], int(count), vectors)
    else:
        _KERNELS[operation](frame)
    return frame.finished()


def elementwise(
    frame: Frame, emitters: Sequence[Callable[..., Any]], count: int, vectors: int
) -> None:
    """z[s] = f(x[s], y[s], …) for some rows and all samples s; or for several f at a time.

    So many vectors of samples are worked on at a time. Arguments: how many rows; how many samples,
    0 for those of the block; for each f the table of results, and one of operands for each operand.
    """
    rows, given, *tables = frame.arguments(2 + len(emitters) + count)
    samples = _samples(frame, given)
    whole = frame.whole(samples, vectors * WIDTH) if vectors > 1 else samples

    def work(sample: Any, lanes: int) -> None:
        kind = ir.VectorType(frame.element, lanes)
        operands = [frame.load_at(frame.at(place, sample), kind) for place in places]
        found = [emit(frame.builder, *operands) for emit in emitters]
        for vector, result in zip(found, results, strict=True):
            frame.store(vector, result, sample)

    with frame.loop(rows) as row:
        results = [frame.entry(table, row) for table in tables[: len(emitters)]]
        places = [frame.entry(table, row) for table in tables[len(emitters) :]]
        with frame.loop(whole, step=vectors * WIDTH) as sample:
            work(sample, vectors * WIDTH)
        if vectors > 1:
            with frame.loop(samples, start=whole, step=WIDTH) as sample:
                work(sample, WIDTH)


def terms(frame: Frame) -> None:
    """z[s] = a₁[s] b₁[s] + a₂[s] b₂[s] + …, from left to right, for some rows and all samples.

    Each product and each sum is rounded. Arguments: how many rows; the table of results; for each
    row, and beyond the last, the number of its first pair; the table of pairs.
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
                frame.add_product(total, x, y)
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
            x, y = frame.load_number(a), frame.load_number(b)
            frame.add_product(total, x, y)
        frame.store_number(builder.load(total, typ=frame.element), frame.entry(results, row))


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
    "matrix": partial(matrix.matrix, finish=""),
    "matrix_relu": partial(matrix.matrix, finish="relu"),
    "matrix_open": partial(matrix.matrix, finish="open"),
    "matrix_mul": partial(matrix.matrix, finish="mul"),
    "read_batch": moves.read_batch,
    "write_outputs": partial(moves.write_outputs, derivatives=False),
    "write_derivatives": partial(moves.write_outputs, derivatives=True),
    "splat": moves.splat,
    "gather": moves.gather,
    "count_samples": moves.count_samples,
    "note": moves.note,
    "watch": partial(moves.watch, derivatives=False),
    "watch_derivatives": partial(moves.watch, derivatives=True),
    "outer": matrix.outer,
}
