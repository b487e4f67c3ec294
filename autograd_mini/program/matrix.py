"""The kernels that multiply matrices: a layer forward and backward, and its parameters' gradients.

Both work on tiles, whose sums stay in registers: some outputs by some vectors of samples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from math import nan
from typing import Any

from .elementary import ELEMENTARY
from .elementary.lanes import Lanes
from .frame import Frame
from .state import WIDTH, State

__all__ = ["matrix", "opened", "outer"]

OUTPUTS = 4  # of a tile of a matrix


def matrix(frame: Frame, finish: str) -> None:
    """z[i, s] = w[i, 1] x[1, s] + w[i, 2] x[2, s] + … + b[i], from left to right.

    Each product and each sum is rounded, as in the eager engine. To finish, the `relu` of each may
    be taken, or it may be `open` where another row is above 0, or be multiplied with that.

    Arguments: how many rows z; how many x; the offset of w[0, 0], and how far it is to the next
    row and to the next column; the tables of rows z and x; the table of b, 0 if there is none;
    the table of the other rows.
    """
    outputs, *arguments = frame.arguments(9)
    # Samples in the outer loop: what the vector holds for them stays in the first cache.
    lanes, done = frame.state(State.LANES), frame.integer(0)
    for vectors in (4, 2, 1) if frame.is_wide else (1,):
        whole = frame.whole(lanes, WIDTH * vectors)
        with frame.loop(whole, start=done, step=WIDTH * vectors) as sample:
            tile = partial(_matrix_tile, frame, finish, arguments, sample, vectors)
            _tiled(frame, outputs, OUTPUTS, tile)
        done = whole


def _matrix_tile(
    frame: Frame,
    finish: str,
    arguments: Sequence[Any],
    sample: Any,
    vectors: int,
    output: Any,
    count: int,
) -> None:
    """Some outputs for some vectors of samples."""
    inputs, weights, row_stride, column_stride, results, vector, biases, gates = arguments
    numbers = [frame.sum(output, frame.integer(i)) for i in range(count)]
    rows = [frame.at(weights, frame.product(number, row_stride)) for number in numbers]
    begin = frame.at(sample)

    def places(row: Any) -> list[Any]:
        start = frame.beyond(begin, row)
        return [frame.beyond(start, frame.integer(WIDTH * j)) for j in range(vectors)]

    sums = [frame.variables(vectors) for _ in numbers]
    for total in chain.from_iterable(sums):
        frame.builder.store(frame.constant(0.0), total)
    with frame.loop(inputs) as k:
        columns = [frame.load_at(place) for place in places(frame.entry(vector, k))]
        shift = frame.product(k, column_stride)
        shifts = [shift] * vectors
        if vectors > 1:
            # A multiplication is quicker if it takes the weight
            # from memory than from a register that others read too, which LLVM would choose.
            shifts = [frame.unknown(shift) for _ in columns]
        for row, row_sums in zip(rows, sums, strict=True):
            for total, column, at in zip(row_sums, columns, shifts, strict=True):
                weight = frame.builder.load(frame.beyond(row, at), typ=frame.element)
                frame.add_product(total, frame.splat(weight), column)
    with frame.rest(frame.integer(0), biases):
        for number, row_sums in zip(numbers, sums, strict=True):
            bias = frame.splat(frame.load_number(frame.entry(biases, number)))
            for total in row_sums:
                frame.add_product(total, bias, frame.constant(1.0))
    for number, row_sums in zip(numbers, sums, strict=True):
        found = [frame.builder.load(total, typ=frame.vector) for total in row_sums]
        if finish == "relu":
            found = [ELEMENTARY["relu"](frame.builder, flow) for flow in found]
        elif finish:
            others = [frame.load_at(place) for place in places(frame.entry(gates, number))]
            emit = opened if finish == "open" else ELEMENTARY[finish]
            found = [emit(frame.builder, *pair) for pair in zip(found, others, strict=True)]
        for result, place in zip(found, places(frame.entry(results, number)), strict=True):
            frame.store_at(result, place)


def opened(builder: Any, flow: Any, above: Any) -> Any:
    """The flow where the other number is above 0; 0 elsewhere, NaN where it is that."""
    x, r = Lanes(builder, flow), Lanes(builder, above)
    return (r > 0.0).choose(x, (r <= 0.0).choose(x.constant(0.0), nan)).value


def outer(frame: Frame) -> None:
    """g[i, k] += Σ a[i, s] x[k, s] over the samples of the block.

    A product and its sum are rounded once where the processor can. Every lane has a sum of its
    own; at the end of the block the lanes are added, half to half.

    Arguments: how many rows a; how many x; the table of g[i, 0], each followed by the rest of its
    row; the tables of rows a and x.
    """
    rows, columns, totals, first, last = frame.arguments(5)
    valid = frame.state(State.VALID)
    whole = frame.whole(valid, WIDTH)

    def tile(i: Any, height: int, k: Any, width: int) -> None:
        numbers = [frame.sum(i, frame.integer(n)) for n in range(height)]
        a = [frame.entry(first, number) for number in numbers]
        x = [frame.entry(last, frame.sum(k, frame.integer(n))) for n in range(width)]
        sums = [frame.variables(width) for _ in a]
        for place in chain.from_iterable(sums):
            frame.builder.store(frame.constant(0.0), place)

        def accumulate(sample: Any, shown: Callable[[Any], Any]) -> None:
            columns = [shown(frame.load(place, sample)) for place in x]
            for place, row_sums in zip(a, sums, strict=True):
                row = shown(frame.load(place, sample))
                for total, column in zip(row_sums, columns, strict=True):
                    frame.add_fused_product(total, row, column)

        with frame.loop(whole, step=WIDTH) as sample:
            accumulate(sample, lambda vector: vector)
        with frame.rest(whole, valid):
            count = frame.builder.sub(valid, whole)
            accumulate(whole, lambda vector: frame.only_below(vector, count))
        for number, row_sums in zip(numbers, sums, strict=True):
            found = [frame.builder.load(total, typ=frame.vector) for total in row_sums]
            frame.add_totals(found, frame.at(frame.entry(totals, number), k))

    def tiles(i: Any, height: int) -> None:
        _tiled(frame, columns, size, lambda k, width: tile(i, height, k, width))

    size = 4 if frame.is_wide else 2
    _tiled(frame, rows, size, tiles)


def _tiled(frame: Frame, count: Any, size: int, body: Callable[[Any, int], None]) -> None:
    """The body for tiles of a size, then one by one for what is left."""
    whole = frame.whole(count, size)
    with frame.loop(whole, step=size) as i:
        body(i, size)
    with frame.loop(count, start=whole) as i:
        body(i, 1)
