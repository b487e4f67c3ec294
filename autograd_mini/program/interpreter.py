"""The kernel that runs a program: it calls the others, instruction by instruction."""

from __future__ import annotations

from llvmlite import ir

from .frame import POINTER, Frame
from .state import WIDTH, State

__all__ = ["run"]


def run(frame: Frame) -> None:
    """Steps: the instructions before, those of every block of samples, those after."""
    builder = frame.builder
    bounds, block = frame.state(State.BOUNDS), frame.state(State.BLOCK)
    frame.set_state(State.IS_NAN, frame.integer(0))
    with frame.loop(frame.state(State.STEPS)) as step:
        begin = frame.product(step, frame.integer(2))
        first = frame.entry(bounds, begin)
        last = frame.entry(bounds, frame.sum(begin, frame.integer(1)))
        frame.set_state(State.STEP, step)
        frame.set_state(State.FIRST, first)
        frame.set_state(State.LAST, last)
        _instructions(frame, State.BEFORE)
        rounded_up = frame.sum(builder.sub(last, first), block, frame.integer(-1))
        with frame.loop(builder.sdiv(rounded_up, block)) as number:
            start = frame.sum(first, frame.product(number, block))
            left = builder.sub(last, start)
            valid = builder.select(builder.icmp_signed("<", left, block), left, block)
            lanes = frame.whole(frame.sum(valid, frame.integer(WIDTH - 1)), WIDTH)
            frame.set_state(State.START, start)
            frame.set_state(State.VALID, valid)
            frame.set_state(State.LANES, lanes)
            _instructions(frame, State.DURING)
        _instructions(frame, State.AFTER)


def _instructions(frame: Frame, place: int) -> None:
    """Call the kernels of some instructions: length, address of the kernel, arguments, again."""
    builder = frame.builder
    kind = ir.FunctionType(ir.VoidType(), [POINTER, POINTER])
    address, length = frame.state(place), frame.state(place + 1)
    code = builder.inttoptr(address, POINTER)
    (position,) = frame.variables(1, ir.IntType(64))
    builder.store(frame.integer(0), position)
    head, body, end = [builder.append_basic_block(n) for n in ("next", "call", "done")]
    builder.branch(head)
    builder.position_at_end(head)
    at = builder.load(position, typ=ir.IntType(64))
    builder.cbranch(builder.icmp_signed("<", at, length), body, end)
    builder.position_at_end(body)
    size = frame.entry(address, at)
    kernel = frame.entry(address, frame.sum(at, frame.integer(1)))
    arguments = builder.gep(code, [frame.sum(at, frame.integer(2))], source_etype=ir.IntType(64))
    function = builder.inttoptr(kernel, kind.as_pointer())
    builder.call(function, [frame.function.args[0], arguments])
    builder.store(frame.sum(at, size), position)
    builder.branch(head)
    builder.position_at_end(end)
