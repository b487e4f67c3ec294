"""Compiled programs beside hand-written C and their peers: `python -m benchmarks.compiled`.

Everything does the same work in double precision on one processor and must find the same numbers
before it is timed. The rounds of all are interleaved. A ratio compares fastest rounds, with those
of the fastest C program; times include the call from Python, for C too (about 0.4 µs). On a machine
that others use, medians mean little, and fastest rounds vary by a fifth from run to run.

`--quick` takes a part of the sizes; `--only moons` (activations, network, mixture, camera,
graph, build) one kind.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.compiled_build import report_building
from benchmarks.compiled_c import Job, hand_written
from benchmarks.compiled_graphs import random_graph, straight_line
from benchmarks.compiled_numpy import by_hand
from benchmarks.compiled_ours import OURS, ours
from benchmarks.compiled_peers import SCAN, peers
from benchmarks.compiled_problems import Problem, camera, mixture, moons, network

SECONDS_OF_A_ROUND = 0.002
CASADI_LIMIT = 4e5  # parameters times samples, beyond which its C takes minutes to compile


def agree(name: str, found: tuple[Any, Any], expected: tuple[Any, Any]) -> None:
    for a, b in zip(found, expected, strict=True):
        a, b = np.asarray(a), np.asarray(b)  # noqa: PLW2901  # tensors of other libraries
        if a.shape != b.shape or not np.allclose(a, b, rtol=1e-9, atol=1e-11 * np.abs(b).max()):
            raise SystemExit(f"{name} does not find what {OURS} finds: {a} {b}")


def timed(jobs: dict[str, Job], rounds: int) -> dict[str, list[float]]:
    """Seconds of a call, by job and round; a short job is called several times in a round."""
    repeats = {}
    for name, job in jobs.items():
        once = math.inf
        for _ in range(5):
            start = time.perf_counter()
            job()
            once = min(once, time.perf_counter() - start)
        repeats[name] = max(1, round(SECONDS_OF_A_ROUND / once))
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                job()
            times[name].append((time.perf_counter() - start) / repeats[name])
    return times


def compare(problem: Problem, jobs: dict[str, Job], rounds: int) -> dict[str, float]:
    """Check, time and print; the ratios to the fastest C (or to this project) by name."""
    expected = jobs[OURS]()
    for name, job in jobs.items():
        found = job()
        if SCAN_NAME in name:
            agree(name, found, after_many_steps(problem))
        else:
            agree(name, found, expected)
    times = timed(jobs, rounds)
    for name in times:
        if SCAN_NAME in name:
            times[name] = [seconds / SCAN for seconds in times[name]]
    fastest = {name: min(seconds) for name, seconds in times.items()}
    in_c = [seconds for name, seconds in fastest.items() if name.startswith("C,")]
    reference = min(in_c) if in_c else fastest[OURS]
    table = Table("", "median, µs", "fastest, µs", f"ratio to {'C' if in_c else OURS}")
    table.title, table.title_justify = problem.title, "left"
    for name, seconds in times.items():
        middle, least = statistics.median(seconds), fastest[name]
        table.add_row(
            name, f"{middle * 1e6:,.4g}", f"{least * 1e6:,.4g}", f"{least / reference:.2f}"
        )
    Console().print(table)
    return {name: seconds / reference for name, seconds in fastest.items()}


SCAN_NAME = f"{SCAN}"


def after_many_steps(problem: Problem) -> tuple[Any, Any]:
    """The losses of steps that follow one another, and the parameters they end with."""
    losses, parameters = [], problem.parameters
    for _ in range(SCAN):
        at = Problem(**{**vars(problem), "parameters": parameters})
        loss, parameters = by_hand(at)["NumPy by hand"]()
        losses.append(loss)
    return losses, parameters


def all_jobs(problem: Problem) -> dict[str, Job]:
    large = len(problem.parameters) * len(problem.batch) > CASADI_LIMIT
    others = peers(problem, left_out=("CasADi",) if large else ())
    return ours(problem) | hand_written(problem) | by_hand(problem) | others


def networks(rounds: int, *, quick: bool) -> None:
    """The moons step at every size, and what remains of it in two small tables."""
    hidden, samples = ((8, 64), (10, 1000)) if quick else ((8, 16, 32, 64), (10, 100, 1000, 10_000))
    ratios = {}
    for h in hidden:
        for n in samples:
            problem = moons(h, n)
            ratios[h, n] = compare(problem, all_jobs(problem), rounds)
    ours_to_c = Table("batch", *[f"H = {h}" for h in hidden], title=f"{OURS}, ratio to C")
    to_peers = Table("batch", *[f"H = {h}" for h in hidden], title=f"best peer, ratio to {OURS}")
    for n in samples:
        mine = [min(v for k, v in ratios[h, n].items() if k.startswith(OURS)) for h in hidden]
        single = [ratios[h, n][OURS] for h in hidden]
        others = [
            min(v for k, v in ratios[h, n].items() if not k.startswith((OURS, "C,")))
            for h in hidden
        ]
        cells = [f"{a:.2f}; {b:.2f}" for a, b in zip(single, mine, strict=True)]
        ours_to_c.add_row(f"{n:,}", *cells)
        cells = [f"{o / b:.2f}" for o, b in zip(others, mine, strict=True)]
        to_peers.add_row(f"{n:,}", *cells)
    ours_to_c.caption = f"one step in a call; one of {SCAN} in a call"
    Console().print(ours_to_c, to_peers)


def activations(rounds: int, *, quick: bool) -> None:
    """What a sigmoid or a tanh costs in place of relu."""
    names = "relu", "sigmoid", "tanh"
    table = Table("", *names, title=f"{OURS}, a step of moons, µs (ratio to relu)")
    for hidden, samples in (
        ((16, 1000),) if quick else ((8, 100), (16, 1000), (64, 100), (64, 1000))
    ):
        jobs = {name: ours(moons(hidden, samples, name))[OURS] for name in names}
        fastest = {name: min(seconds) for name, seconds in timed(jobs, rounds).items()}
        cells = [f"{fastest[n] * 1e6:.4g} ({fastest[n] / fastest['relu']:.2f})" for n in names]
        table.add_row(f"H = {hidden}, batch {samples:,}", *cells)
    Console().print(table)


def graphs(rounds: int, *, quick: bool) -> None:
    for nodes in (1_000,) if quick else (1_000, 10_000, 100_000):
        problem = random_graph(nodes, 128)
        jobs = ours(problem) | straight_line(problem, 150.0)
        if nodes == 1_000:
            jobs |= peers(problem, left_out=("torch.func", "JAX"))
        compare(problem, jobs, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    parser.add_argument(
        "--only", help="moons, activations, network, mixture, camera, graph or build"
    )
    options = parser.parse_args()
    if hasattr(
        os, "sched_setaffinity"
    ):  # one processor, for a peer that does not heed the settings
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rounds = 7 if options.quick else 40
    chosen = options.only
    if chosen in (None, "moons"):
        networks(rounds, quick=options.quick)
    if chosen in (None, "moons", "activations"):
        activations(rounds, quick=options.quick)
    small = [network(1), network(1000), mixture(1000), camera(1000)]
    for problem in small:
        if chosen in (None, problem.name):
            compare(problem, all_jobs(problem), rounds)
    if chosen in (None, "graph"):
        graphs(rounds, quick=options.quick)
    if chosen in (None, "build"):
        report_building(quick=options.quick)


if __name__ == "__main__":
    main()
