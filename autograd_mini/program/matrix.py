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
from .frame import WIDTH, Frame, State

__all__ = ["matrix", "opened", "outer"]

OUTPUTS = 4  # of a tile of a matrix


def matrix(frame: Frame, finish: str) -> None:
    """z[i, s] = w[i, 1] x[1, s] + w[i, 2] x[2, s] + … + b[i], from left to right.

    Each product and each sum is rounded, as in the eager engine. To finish, the `relu` of each may
    be taken, or it may be `open` where another row is above 0.

    Arguments: how many rows z; how many x; the offset of w[0, 0], and how far it is to the next
    row and to the next column; the tables of rows z and x; the table of b, 0 if there is none;
    the table of the other rows.
    """
    outputs, *arguments = frame.arguments(9)

    def tiles(sample: Any, vectors: int) -> None:
        tile = partial(_matrix_tile, frame, finish, arguments, sample, vectors)
        _tiled(frame, outputs, OUTPUTS, tile)

    step = 4 if frame.is_wide else 1
    # Samples in the outer loop: what the vector holds for them stays in the first cache.
    lanes = frame.state(State.LANES)
    whole = frame.whole(lanes, WIDTH * step)
    with frame.loop(whole, step=WIDTH * step) as sample:
        tiles(sample, step)
    with frame.loop(lanes, start=whole, step=WIDTH) as sample:
        tiles(sample, 1)


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
    samples = [frame.sum(sample, frame.integer(WIDTH * j)) for j in range(vectors)]
    numbers = [frame.sum(output, frame.integer(i)) for i in range(count)]
    rows = [frame.sum(weights, frame.product(number, row_stride)) for number in numbers]
    sums = [frame.variables(vectors) for _ in numbers]
    for place in chain.from_iterable(sums):
        frame.builder.store(frame.constant(0.0), place)
    with frame.loop(inputs) as k:
        x = frame.entry(vector, k)
        columns = [frame.load(x, s) for s in samples]
        shift = frame.product(k, column_stride)
        for row, row_sums in zip(rows, sums, strict=True):
            weight = frame.splat(frame.load_number(row, shift))
            for place, column in zip(row_sums, columns, strict=True):
                frame.add_product(place, weight, column, fused=False)
    with frame.rest(frame.integer(0), biases):
        for number, row_sums in zip(numbers, sums, strict=True):
            bias = frame.splat(frame.load_number(frame.entry(biases, number)))
            for place in row_sums:
                frame.add_product(place, bias, frame.constant(1.0), fused=False)
    for number, row_sums in zip(numbers, sums, strict=True):
        result = frame.entry(results, number)
        gate = frame.entry(gates, number) if finish == "open" else None
        for s, place in zip(samples, row_sums, strict=True):
            found = frame.builder.load(place, typ=frame.vector)
            if finish == "relu":
                found = ELEMENTARY["relu"](frame.builder, found)
            elif gate is not None:
                found = opened(frame.builder, found, frame.load(gate, s))
            frame.store(found, result, s)


def opened(builder: Any, flow: Any, above: Any) -> Any:
    """The flow where the other number is above 0; 0 elsewhere, NaN where it is that."""
    x, r = Lanes(builder, flow), Lanes(builder, above)
    return (r > 0.0).choose(x, (r <= 0.0).choose(x.constant(0.0), nan)).value


def outer(frame: Frame) -> None:
    """g[i, k] += Σ a[i, s] x[k, s] over the samples of the block.

    A product and its sum are rounded once where the processor can. Every lane has a sum of its
    own; at the end of the block the lanes are added, half to half.

    Arguments: how many rows a; how many x; the offset of g[0, 0], and how far it is to the next
    row and to the next column; the tables of rows a and x.
    """
    rows, columns, totals, row_stride, column_stride, first, last = frame.arguments(7)
    valid = frame.state(State.VALID)
    whole = frame.whole(valid, WIDTH)

    def tile(i: Any, height: int, k: Any, width: int) -> None:
        a = [frame.entry(first, frame.sum(i, frame.integer(n))) for n in range(height)]
        x = [frame.entry(last, frame.sum(k, frame.integer(n))) for n in range(width)]
        sums = [frame.variables(width) for _ in a]
        for place in chain.from_iterable(sums):
            frame.builder.store(frame.constant(0.0), place)

        def accumulate(sample: Any, shown: Callable[[Any], Any]) -> None:
            columns = [shown(frame.load(place, sample)) for place in x]
            for place, row_sums in zip(a, sums, strict=True):
                row = shown(frame.load(place, sample))
                for total, column in zip(row_sums, columns, strict=True):
                    frame.add_product(total, row, column, fused=True)

        with frame.loop(whole, step=WIDTH) as sample:
            accumulate(sample, lambda vector: vector)
        with frame.rest(whole, valid):
            count = frame.builder.sub(valid, whole)
            accumulate(whole, lambda vector: frame.only_below(vector, count))
        found = frame.totals([frame.builder.load(p, typ=frame.vector) for p in chain(*sums)])
        for n in range(height):
            row = frame.sum(totals, frame.product(frame.sum(i, frame.integer(n)), row_stride))
            for m in range(width):
                column = frame.product(frame.sum(k, frame.integer(m)), column_stride)
                before = frame.load_number(row, column)
                total = found[n * width + m]
                frame.store_number(frame.builder.fadd(before, total), row, column)

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
