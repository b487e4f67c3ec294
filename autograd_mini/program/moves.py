"""Kernels that bring numbers where others need them, and look at them: nothing is computed.

Arguments are in the order of the `arguments` of each function; see `kernels`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from .frame import Frame
from .state import WIDTH, State

__all__ = [
    "count_samples",
    "gather",
    "note",
    "read_batch",
    "splat",
    "watch",
    "write_outputs",
]


def read_batch(frame: Frame) -> None:
    """x[s] = the k-th number of sample s; past the last sample, that of the last.

    Arguments: how many numbers to a sample; the table of rows x.
    """
    columns, rows = frame.arguments(2)
    width, valid = frame.state(State.BATCH_WIDTH), frame.state(State.VALID)
    begin = frame.product(frame.state(State.START), width)
    complete = frame.whole(valid, WIDTH)
    tiled, tile_at = _tiles(frame, columns)

    def source(sample: Any, column: Any) -> Any:
        place = frame.sum(begin, frame.product(sample, width), column)
        return frame.elsewhere(State.BATCH, place)

    with frame.loop(complete, step=WIDTH) as lane, frame.loop(tiled, step=WIDTH) as column:
        first = tile_at(column)
        samples = [frame.sum(lane, frame.integer(i)) for i in range(WIDTH)]
        tile = frame.transposed([frame.load_at(source(sample, first)) for sample in samples])
        for i, vector in enumerate(tile):
            frame.store(vector, frame.entry(rows, frame.sum(first, frame.integer(i))), lane)
    last = frame.builder.sub(valid, frame.integer(1))
    with frame.loop(columns) as column:
        row = frame.entry(rows, column)
        is_tiled = frame.builder.icmp_signed("<", column, tiled)
        start = frame.builder.select(is_tiled, complete, frame.integer(0))
        with frame.loop(valid, start=start) as lane:
            number = frame.builder.load(source(lane, column), typ=frame.element)
            frame.store_number(number, row, lane)
        number = frame.builder.load(source(last, column), typ=frame.element)
        with frame.loop(frame.state(State.LANES), start=valid) as lane:
            frame.store_number(number, row, lane)


def write_outputs(frame: Frame, *, derivatives: bool) -> None:
    """The j-th output of sample s = z[s].

    If they are derivatives, a −0.0 becomes 0.0, and they are watched for NaN. Arguments: how many
    outputs; the table of rows z.
    """
    columns, rows = frame.arguments(2)
    width, valid = frame.state(State.OUT_WIDTH), frame.state(State.VALID)
    begin = frame.product(frame.state(State.START), width)
    complete = frame.whole(valid, WIDTH)
    tiled, tile_at = _tiles(frame, columns)
    seen = frame.nan_seen()

    def target(sample: Any, column: Any) -> Any:
        place = frame.sum(begin, frame.product(sample, width), column)
        return frame.elsewhere(State.OUT, place)

    def shown(vector: Any) -> Any:
        if not derivatives:
            return vector
        frame.look(seen, vector)
        return frame.builder.fadd(vector, frame.constant(0.0))

    def write_lanes(vector: Any, lane: Any, column: Any, count: Any) -> None:
        """The lanes of a vector one by one."""
        with frame.loop(count) as i:
            number = frame.builder.extract_element(vector, i)
            frame.builder.store(number, target(frame.sum(lane, i), column))

    with frame.loop(complete, step=WIDTH) as lane, frame.loop(tiled, step=WIDTH) as column:
        first = tile_at(column)
        places = [frame.entry(rows, frame.sum(first, frame.integer(i))) for i in range(WIDTH)]
        tile = frame.transposed([shown(frame.load(place, lane)) for place in places])
        for i, vector in enumerate(tile):
            frame.store_at(vector, target(frame.sum(lane, frame.integer(i)), first))
    with frame.loop(columns) as column:
        row = frame.entry(rows, column)
        is_tiled = frame.builder.icmp_signed("<", column, tiled)
        start = frame.builder.select(is_tiled, complete, frame.integer(0))
        with frame.loop(complete, start=start, step=WIDTH) as lane:
            write_lanes(shown(frame.load(row, lane)), lane, column, frame.integer(WIDTH))
        with frame.rest(complete, valid):
            count = frame.builder.sub(valid, complete)
            vector = shown(frame.only_below(frame.load(row, complete), count))
            write_lanes(vector, complete, column, count)
    frame.flag(seen)


def splat(frame: Frame) -> None:
    """z[s] = a number, for some rows. Arguments: how many; samples; the table of z, of numbers."""
    rows, samples, results, numbers = frame.arguments(4)
    with frame.loop(rows) as row:
        vector = frame.splat(frame.load_number(frame.entry(numbers, row)))
        result = frame.entry(results, row)
        with frame.loop(samples, step=WIDTH) as sample:
            frame.store(vector, result, sample)


def gather(frame: Frame) -> None:
    """z[i] = the i-th number of a table. Arguments: how many; the offset of z; the table."""
    count, result, numbers = frame.arguments(3)
    with frame.loop(count) as i:
        frame.store_number(frame.load_number(frame.entry(numbers, i)), result, i)


def count_samples(frame: Frame) -> None:
    """z = the number of samples of the step. Arguments: the offset of z."""
    (result,) = frame.arguments(1)
    count = frame.builder.sub(frame.state(State.LAST), frame.state(State.FIRST))
    frame.store_number(frame.builder.sitofp(count, frame.element), result)


def note(frame: Frame) -> None:
    """The history of the step = z, which is watched for NaN. Arguments: the offset of z."""
    (place,) = frame.arguments(1)
    number = frame.load_number(place)
    frame.builder.store(number, frame.elsewhere(State.HISTORY, frame.state(State.STEP)))
    seen = frame.nan_seen()
    frame.look(seen, frame.splat(number))
    frame.flag(seen)


def watch(frame: Frame, *, derivatives: bool) -> None:
    """Watch for NaN among x[0], x[1], …; if they are derivatives, a −0.0 becomes 0.0.

    Arguments: how many; the offset of x.
    """
    count, place = frame.arguments(2)
    whole = frame.whole(count, WIDTH)
    seen = frame.nan_seen()
    with frame.loop(whole, step=WIDTH) as i:
        vector = frame.load(place, i)
        frame.look(seen, vector)
        if derivatives:
            frame.store(frame.builder.fadd(vector, frame.constant(0.0)), place, i)
    with frame.rest(whole, count):
        rest = frame.builder.sub(count, whole)
        frame.look(seen, frame.only_below(frame.load(place, whole), rest))
    if derivatives:
        zero = ir.Constant(frame.element, 0.0)
        with frame.loop(count, start=whole) as i:  # what lies beyond is not ours
            frame.store_number(frame.builder.fadd(frame.load_number(place, i), zero), place, i)
    frame.flag(seen)


def _tiles(frame: Frame, columns: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Up to where columns are moved in tiles of eight, and where the tile of a column begins.

    The last begins early where eight are not left. Fewer than eight are not moved in tiles.
    """
    builder, size = frame.builder, frame.integer(WIDTH)
    are_enough = builder.icmp_signed(">=", columns, size)
    last = builder.sub(columns, size)

    def tile_at(column: Any) -> Any:
        return builder.select(builder.icmp_signed("<", column, last), column, last)

    return builder.select(are_enough, columns, frame.integer(0)), tile_at
