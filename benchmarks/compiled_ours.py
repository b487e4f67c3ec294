"""This project's jobs for `benchmarks.compiled`: the graph of one sample, recorded and compiled."""

from __future__ import annotations

from typing import Any

from autograd_mini import Value, cos, dot, exp, logsumexp, relu, sigmoid, sin, sqrt, tanh
from autograd_mini.program import Program, compile
from benchmarks.compiled_c import Job
from benchmarks.compiled_peers import SCAN
from benchmarks.compiled_problems import Problem, Scalars

__all__ = ["OURS", "ours", "record"]

OURS = "autograd-mini"
SCALARS = Scalars(dot, logsumexp, relu, sigmoid, tanh, exp, sqrt, sin, cos)


def record(problem: Problem) -> Program:
    """The program of a problem's sample."""
    parameters = [Value(x) for x in problem.parameters.tolist()]
    inputs = [Value(x) for x in problem.batch[0].tolist()]
    out = problem.scalars(SCALARS, parameters, inputs)
    return compile(out, inputs=inputs, parameters=parameters)


def ours(problem: Problem) -> dict[str, Job]:
    """A step at a time and, where steps follow one another, many in one call."""
    program, batch, start = record(problem), problem.batch, problem.parameters

    def jacobian() -> Any:
        return 0.0, program.jacobian(batch)

    def gradient() -> Any:
        return program.value_and_gradient(batch, parameters=start)

    def step() -> Any:
        parameters = start.copy()
        loss = program.descend(batch, problem.rate, parameters=parameters).item()
        return loss, parameters

    def steps() -> Any:
        parameters = start.copy()
        losses = program.descend(batch, problem.rate, steps=SCAN, parameters=parameters)
        return losses, parameters

    if not len(start):
        return {OURS: jacobian}
    if not problem.rate:
        return {OURS: gradient}
    return {OURS: step, f"{OURS}, {SCAN} steps": steps}
