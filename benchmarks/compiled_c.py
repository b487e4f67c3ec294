"""The C programs beside which `benchmarks.compiled` places everything, built where a compiler is.

They stand in `benchmarks/c`, with explicit vectors, as fast as we can write them: one for samples
as lanes and one for a sample at a time where both make sense. A ratio is to the fastest.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.compiled_problems import DECAY, Array, Problem

__all__ = ["Job", "bound", "build", "compiler", "hand_written", "hidden_units"]

SOURCES = Path(__file__).parent / "c"
FLAGS = ["-O3", "-march=native", "-mprefer-vector-width=512", "-fPIC", "-shared", "-Wno-psabi"]
Job = Callable[[], Any]


def compiler() -> str | None:
    """The machine's C compiler, if there is one."""
    return shutil.which(os.environ.get("CC", "cc"))


def build(*sources: Path, flags: tuple[str, ...] = (), seconds: float = 120.0) -> Path | None:
    """A shared library of these sources; None if there is no compiler or it takes longer."""
    found = compiler()
    if found is None:
        return None
    target = Path(tempfile.mkdtemp(dir=_scratch())) / "library.so"
    command = [found, *FLAGS, *flags, "-o", str(target), *map(str, sources)]
    for vector_math in (["-lmvec", "-lm"], ["-lm"]):
        try:
            done = subprocess.run(
                [*command, *vector_math], check=False, capture_output=True, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode == 0:
            return target
    raise SystemExit(f"{found} fails: {done.stderr.decode()}")


@cache
def _scratch() -> str:
    """A folder that goes when the process does."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def library(name: str, *flags: str) -> Any:
    """One of the programs, built and loaded."""
    return ctypes.CDLL(str(build(SOURCES / f"{name}.c", flags=flags)))


def hand_written(problem: Problem) -> dict[str, Job]:
    """Jobs that give (value, gradient), one for each way to write the program in C."""
    if compiler() is None:
        print("left out: C, for there is no compiler (set CC to name one)")
        return {}
    written = {"moons": _moons, "network": _network, "mixture": _mixture, "camera": _camera}
    return written[problem.name](problem)


def aligned(shape: tuple[int, ...]) -> Array:
    """Zeros, the first of which stands where a line of the cache begins."""
    size = int(np.prod(shape))
    raw = np.zeros(size + 8)
    start = (-raw.ctypes.data // 8) % 8
    return raw[start : start + size].reshape(shape)


def columns(batch: Array, lanes: int, *, mean: bool) -> Array:
    """The batch by columns, padded to a multiple of lanes, and a sample's share in a mean."""
    samples, inputs = batch.shape
    length = -(-samples // lanes) * lanes
    result = aligned((inputs + mean, length))
    result[:inputs] = batch[-1][:, None]
    result[:inputs, :samples] = batch.T
    if mean:
        result[inputs, :samples] = 1.0 / samples
    return result


def bound(function: Any, *arguments: Any, result: Array | None = None) -> Job:
    """A call with arguments that are converted once."""
    kinds = {int: ctypes.c_int, float: ctypes.c_double, np.ndarray: ctypes.c_void_p}
    function.argtypes = [kinds[type(argument)] for argument in arguments]
    function.restype = ctypes.c_double
    passed = [ctypes.c_void_p(a.ctypes.data) if isinstance(a, np.ndarray) else a for a in arguments]

    def job(_: Any = arguments) -> Any:  # which live as long as this
        return function(*passed), result

    return job


def hidden_units(p: Array) -> int:
    """The H of the moons network, which has H² + 5H + 1 parameters."""
    return isqrt(len(p)) - 2


def _moons(problem: Problem) -> dict[str, Job]:
    p, batch = problem.parameters, problem.batch
    hidden = hidden_units(p)
    jobs = {}
    for panel in (1, 2, 4):
        tuned = library("moons_tuned", f"-DTILE={panel}")
        lanes = tuned.moons_lanes()
        data = columns(batch, lanes, mean=True)
        panels = data.shape[1] // lanes
        rows = aligned((panels, 4, lanes))
        rows[:] = data.reshape(4, panels, lanes).transpose(1, 0, 2)
        updated = aligned(p.shape)
        jobs[f"C, panels of {lanes}"] = bound(
            tuned.moons_tuned, p, hidden, rows, panels, problem.rate, DECAY, updated, result=updated
        )
    plain = library("moons_plain")
    points, labels = np.ascontiguousarray(batch[:, :2]), np.ascontiguousarray(batch[:, 2])
    updated = aligned(p.shape)
    arguments = (p, hidden, points, labels, len(batch), problem.rate, DECAY, updated)
    jobs["C, plain"] = bound(plain.moons_plain, *arguments, result=updated)
    return jobs


def _network(problem: Problem) -> dict[str, Job]:
    built = library("network")
    data, p = columns(problem.batch, 8, mean=True), problem.parameters
    gradients = np.zeros(6), np.zeros(6)
    batch = problem.batch
    return {
        "C, lanes": bound(
            built.network_tuned, p, data, data.shape[1], gradients[0], result=gradients[0]
        ),
        "C, plain": bound(
            built.network_plain, p, batch, len(batch), gradients[1], result=gradients[1]
        ),
    }


def _mixture(problem: Problem) -> dict[str, Job]:
    built = library("mixture")
    data, gradient = columns(problem.batch, 8, mean=True), np.zeros(len(problem.parameters))
    arguments = (problem.parameters, data, data.shape[1], gradient)
    return {"C, lanes": bound(built.mixture, *arguments, result=gradient)}


def _camera(problem: Problem) -> dict[str, Job]:
    built = library("camera")
    data = columns(problem.batch, 8, mean=False)
    length = data.shape[1]
    residuals, jacobian = np.zeros((length, 2)), np.zeros((length, 2, 14))
    call = bound(built.camera, data, length, residuals, jacobian)
    built.camera.restype = None
    samples = len(problem.batch)

    def job() -> Any:
        call()
        return 0.0, jacobian[:samples]

    return {"C, lanes": job}
