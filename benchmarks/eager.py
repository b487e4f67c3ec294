"""The eager engine beside its peers, on the same scalar programs: `python -m benchmarks.eager`.

a   one training step of the moons network 2-16-16-1 (relu, 337 parameters, 100 samples, hinge
    loss and L2), written with scalar operators
b   the same through `nn`, a neuron's pre-activation being one `dot`
c   a chain of additions and multiplications: time and memory for each operation, with the
    cycle collector off
d   the loss of the 2-2-1 sigmoid network and its six derivatives

Every engine does the same work and must find the same gradient. The rounds of the engines are
interleaved; a figure is the fastest round, and the ratio is to this engine's. The cycle collector
is left as it is elsewhere.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.peers import Engine, installed
from nn import MLP

SIZES = (2, 16, 16, 1)
SAMPLES = 100


def moons(rng: random.Random) -> tuple[list[tuple[float, float]], list[float]]:
    """Two half circles facing each other, with labels −1 and 1."""
    points, labels = [], []
    for i in range(SAMPLES):
        angle, label = rng.uniform(0.0, math.pi), 1.0 if i % 2 else -1.0
        x = math.cos(angle) if label < 0 else 1.0 - math.cos(angle)
        y = math.sin(angle) if label < 0 else 0.5 - math.sin(angle)
        points.append((x + rng.gauss(0.0, 0.1), y + rng.gauss(0.0, 0.1)))
        labels.append(label)
    return points, labels


POINTS, LABELS = moons(random.Random(1))


def scalar_loss(parameters: list[Any], relu: Callable[[Any], Any]) -> Any:
    """Hinge loss and L2 of the moons network, an operation at a time."""
    rest = iter(parameters)
    layers = [
        [([next(rest) for _ in range(nin)], next(rest)) for _ in range(nout)]
        for nin, nout in pairwise(SIZES)
    ]
    margins = []
    for point, label in zip(POINTS, LABELS, strict=True):
        xs: list[Any] = list(point)
        for depth, layer in enumerate(layers, 1):
            xs = [sum((w * x for w, x in zip(ws, xs, strict=True)), b) for ws, b in layer]
            if depth < len(layers):
                xs = [relu(x) for x in xs]
        margins.append(relu(1.0 + -label * xs[0]))
    return sum(margins) * (1.0 / SAMPLES) + 1e-4 * sum(p * p for p in parameters)


def network_221(weights: list[Any], sigmoid: Callable[[Any], Any]) -> Any:
    """(target − output)² of the 2-2-1 sigmoid network at one input."""
    w111, w112, w121, w122, w211, w221 = weights
    o1 = sigmoid(0.3 * w111 + -0.8 * w121)
    o2 = sigmoid(0.3 * w112 + -0.8 * w122)
    difference = 1.0 - sigmoid(o1 * w211 + o2 * w221)
    return difference * difference


def fastest(jobs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The shortest time of each job in seconds, the rounds of all of them interleaved.

    What the job before has left to the cycle collector is collected before the clock starts, and a
    short job is run again for a fifth of a second, so that caches are warm for all.
    """
    times = dict.fromkeys(jobs, math.inf)
    for _ in range(rounds):
        for name, job in jobs.items():
            gc.collect()
            stop = time.perf_counter() + 0.2
            while (start := time.perf_counter()) < stop:
                job()
                times[name] = min(times[name], time.perf_counter() - start)
    return times


def agree(name: str, found: Sequence[float], expected: Sequence[float]) -> None:
    for a, b in zip(found, expected, strict=True):
        if not math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12):
            raise SystemExit(f"{name} finds a derivative of {a}, this engine {b}")


def report(title: str, times: dict[str, float], reference: str, unit: float, name: str) -> None:
    table = Table("", name, f"ratio to {reference}", title=title, title_justify="left")
    for engine, seconds in times.items():
        table.add_row(engine, f"{seconds / unit:,.3g}", f"{seconds / times[reference]:,.3g}")
    Console().print(table)


def training_step(engines: list[Engine], rounds: int) -> None:
    """Benchmarks a and b."""
    model = MLP(2, SIZES[1:], activation="relu", rng=1)
    start = [p.data for p in model.parameters()]

    def step(engine: Engine) -> list[float]:
        _, gradient = engine.value_and_gradient(lambda ps: scalar_loss(ps, engine.relu), start)
        return [p - 0.05 * g for p, g in zip(start, gradient, strict=True)]

    def layered() -> list[float]:
        parameters = model.parameters()
        model.zero_grad()
        hinges = [
            (1.0 - label * model(point)[0]).relu()
            for point, label in zip(POINTS, LABELS, strict=True)
        ]
        loss = sum(hinges) * (1.0 / SAMPLES) + 1e-4 * sum(p * p for p in parameters)
        loss.backward()
        return [p.data - 0.05 * p.grad for p in parameters]

    expected = step(engines[0])
    jobs: dict[str, Callable[[], object]] = {}
    for engine in engines:
        agree(engine.name, step(engine), expected)
        jobs[engine.name] = partial(step, engine)
    agree("nn", layered(), expected)
    jobs["autograd-mini, nn with dot (b)"] = layered
    times = fastest(jobs, rounds)
    reference = "micrograd" if "micrograd" in times else "autograd-mini"
    report("a, b: a training step of the moons network", times, reference, 1e-3, "ms")


def chain(engines: list[Engine], rounds: int) -> None:
    """Benchmark c."""
    table = Table("", "operations", "forward, ns", "backward, ns", "bytes", title="c: a chain")
    gc.disable()
    best = {engine.name: (math.inf, math.inf) for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            gc.collect()
            best[engine.name] = tuple(map(min, best[engine.name], chain_times(engine)))  # type: ignore[assignment]
    gc.enable()
    for engine in engines:
        forward, backward = (f"{1e9 * s / engine.longest:.0f}" for s in best[engine.name])
        size = f"{size_of_chain(engine):.0f}" if engine.longest >= 100_000 else "–"
        table.add_row(engine.name, f"{engine.longest:,}", forward, backward, size)
    Console().print(table)


def chain_times(engine: Engine) -> tuple[float, float]:
    """The seconds that building the chain takes, and those of its derivatives."""
    built, kept = 0.0, []

    def build(xs: list[Any]) -> Any:
        nonlocal built
        x, y = xs
        z = x
        for _ in range(engine.longest // 2):
            z = z * 1.0000001
            z = z + y
        kept.append(z)  # freeing it is not timed
        built = time.perf_counter()
        return z

    start = time.perf_counter()
    engine.value_and_gradient(build, [1.0, 1e-9])
    stop = time.perf_counter()
    del kept[:]
    return built - start, stop - built


def size_of_chain(engine: Engine) -> float:
    """The bytes for each operation of a chain, as a process of its own sees them."""
    command = [sys.executable, "-m", "benchmarks.eager", "--size-of-chain", engine.name]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(result.stdout.split()[-1])


def print_size_of_chain(engine: Engine) -> None:
    def build(xs: list[Any]) -> Any:
        x, y = xs
        z = x * 1.0 + y  # what is loaded on first use is loaded
        before = resident()
        for _ in range(engine.longest // 2):
            z = z * 1.0000001
            z = z + y
        print((resident() - before) / engine.longest)
        return z

    gc.disable()
    engine.value_and_gradient(build, [1.0, 1e-9])


def resident() -> float:
    """The memory that this process occupies, in bytes; NaN where the system does not say."""
    path = Path("/proc/self/statm")
    if not path.exists():
        return math.nan
    return float(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def small_network(engines: list[Engine], rounds: int) -> None:
    """Benchmark d."""
    weights = [0.5, -0.4, 0.1, 0.9, -1.2, 0.7]
    able = [engine for engine in engines if engine.sigmoid is not None]

    def run(engine: Engine) -> list[float]:
        sigmoid: Any = engine.sigmoid
        return engine.value_and_gradient(lambda ws: network_221(ws, sigmoid), weights)[1]

    expected = run(able[0])
    for engine in able:
        agree(engine.name, run(engine), expected)
    jobs: dict[str, Callable[[], object]] = {engine.name: partial(run, engine) for engine in able}
    times = fastest(jobs, rounds)
    report("d: the 2-2-1 network's loss and derivatives", times, able[0].name, 1e-6, "µs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each job is run")
    parser.add_argument("--size-of-chain", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    engines = installed()
    if arguments.size_of_chain:
        by_name = {engine.name: engine for engine in engines}
        print_size_of_chain(by_name[arguments.size_of_chain])
        return
    training_step(engines, arguments.rounds)
    chain(engines, arguments.rounds)
    small_network(engines, arguments.rounds)


if __name__ == "__main__":
    main()
