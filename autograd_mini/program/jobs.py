"""What a program can do with a batch, as work on its tape: derivatives, sums over samples, steps.

Leaves that a call sets beside the data of Values (a direction, a learning rate) come after these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from autograd_mini.operations import add, div, mul, sub

from .derivatives import Pair, flows_to, tangents
from .instructions import Job
from .recording import Recording
from .tape import Kind, Tape

__all__ = ["JOBS", "Way"]


class Way(NamedTuple):
    """How a job is to be done.

    Attributes:
        reduction: what becomes of the samples' outputs.
        strict: whether flows stop at what no operation selected (see `flows_to`).
    """

    reduction: Literal["mean", "sum"]
    strict: bool


def values(recording: Recording, way: Way) -> Job:
    """The outputs of every sample."""
    slots = recording.slots
    job = _job(recording, [slots[output] for output in recording.outputs])
    return replace(job, derivatives=False)


def jacobian(recording: Recording, way: Way) -> Job:
    """The derivatives of every output by every input, row by row."""
    rows = [_by_inputs(recording, output, way) for output in recording.outputs]
    return _job(recording, [slot for row in rows for slot in row])


def value_and_row(recording: Recording, way: Way) -> Job:
    """The output of every sample, and its derivatives by the inputs."""
    (output,) = recording.outputs
    row = _by_inputs(recording, output, way)
    return _job(recording, [recording.slots[output], *row])


def gradient(recording: Recording, way: Way) -> Job:
    """The mean or sum of the output over the samples, and its derivatives by the parameters."""
    sums = _Sums(recording.tape, way)
    value = sums.value(recording)
    return _job(recording, [], sums=sums, results=_gradient(sums, recording), history=value)


def descent(recording: Recording, way: Way) -> Job:
    """The same, and a step against the gradient: parameter − rate · derivative."""
    tape = recording.tape
    sums = _Sums(tape, way)
    value = sums.value(recording)
    rate = tape.leaf(Kind.UNIFORM)
    updates = [
        tape.record(sub, (recording.slots[p], tape.record(mul, (rate, derivative))))
        for p, derivative in zip(recording.parameters, _gradient(sums, recording), strict=True)
    ]
    return _job(recording, [], sums=sums, more=[rate], updates=updates, history=value)


def second(recording: Recording, way: Way) -> Job:
    """The derivative along a direction of the gradient."""
    tape, slots = recording.tape, recording.slots
    (output,) = recording.outputs
    by_parameters = bool(recording.parameters)
    wanted = recording.parameters if by_parameters else recording.inputs
    kind = Kind.UNIFORM if by_parameters else Kind.VARYING
    direction = {slots[number]: tape.leaf(kind) for number in wanted}
    flows = flows_to(recording, output, wanted, strict=way.strict)
    moved = tangents(tape, {slot for pairs in flows for p in pairs for slot in p}, direction)
    changes = [
        [(moved[a], b) for a, b in pairs if a in moved]
        + [(a, moved[b]) for a, b in pairs if b in moved]
        for pairs in flows
    ]
    leaves = list(direction.values())
    if by_parameters:
        sums = _Sums(tape, way)
        results = [sums.of(pairs) for pairs in changes]
        return _job(recording, [], sums=sums, more=leaves, results=results)
    columns = [_sum(tape, pairs) for pairs in changes]
    return _job(recording, columns, more_inputs=leaves)


JOBS: dict[str, Callable[[Recording, Way], Job]] = {
    "values": values,
    "jacobian": jacobian,
    "rows": value_and_row,
    "gradient": gradient,
    "descend": descent,
    "hvp": second,
}
"""By name."""


class _Sums:
    """Sums over the samples, and what is made of them."""

    def __init__(self, tape: Tape, way: Way) -> None:
        self.tape, self.way = tape, way
        self.count = tape.leaf(Kind.UNIFORM)
        self.reductions: list[tuple[int, list[Pair]]] = []

    def value(self, recording: Recording) -> int:
        """The output's."""
        (output,) = recording.outputs
        return self.of([(recording.slots[output], self.tape.one)])

    def of(self, pairs: Sequence[Pair]) -> int:
        """The mean or sum over the samples of a sum of products.

        Products that are the same for all samples are not added up.
        """
        tape, kinds = self.tape, self.tape.kinds
        varying, shared = [], []
        for a, b in pairs:
            if kinds[a] == kinds[b] == Kind.UNIFORM:
                shared.append((a, b))
            elif kinds[a] == kinds[b] or tape.one in (a, b):
                varying.append((b, a) if a == tape.one else (a, b))
            else:
                varying.append((tape.record(mul, (a, b)), tape.one))
        found = None
        if varying:
            found = tape.leaf(Kind.REDUCED)
            self.reductions.append((found, varying))
            if self.way.reduction == "mean":
                found = tape.record(div, (found, self.count))
        if shared:
            common = tape.sum_of_flows(shared)
            if self.way.reduction == "sum":
                common = tape.record(mul, (common, self.count))
            found = common if found is None else tape.record(add, (found, common))
        return tape.zero if found is None else found


def _gradient(sums: _Sums, recording: Recording) -> list[int]:
    (output,) = recording.outputs
    return [
        sums.of(p)
        for p in flows_to(recording, output, recording.parameters, strict=sums.way.strict)
    ]


def _by_inputs(recording: Recording, output: int, way: Way) -> list[int]:
    flows = flows_to(recording, output, recording.inputs, strict=way.strict)
    return [_sum(recording.tape, pairs) for pairs in flows]


def _sum(tape: Tape, pairs: Sequence[Pair]) -> int:
    return tape.sum_of_flows(list(pairs)) if pairs else tape.zero


def _job(
    recording: Recording,
    outputs: Sequence[int],
    *,
    sums: _Sums | None = None,
    more: Sequence[int] = (),
    more_inputs: Sequence[int] = (),
    results: Sequence[int] = (),
    updates: Sequence[int] = (),
    history: int | None = None,
) -> Job:
    inputs = [recording.slots[number] for number in recording.inputs]
    uniforms = [slot for _, slot in recording.uniforms]
    count = len(recording.parameters)
    return Job(
        parameters=uniforms[:count],
        others=[*uniforms[count:], *more],
        inputs=[*inputs, *more_inputs],
        outputs=outputs,
        reductions=sums.reductions if sums else (),
        results=results,
        updates=updates,
        history=history,
        count=sums.count if sums else None,
    )
