"""Predictions without graphs beside those that build them: `python -m benchmarks.predict`.

For several networks and numbers of samples: the time per sample for calling the model, which builds
a graph, and for `nn.predict`, which computes the same bits with plain floats. The rounds of both
are interleaved, and a figure is the fastest round.

What limits the ratio: a graph costs little more than the arithmetic in Python does, so without
numpy, or for a few samples, predicting is only 1.5 to 3.5 times as fast. With numpy the cost of a
sample falls until a hundred or a thousand samples share that of a network; then it is 7 to 22 times
as fast with relu, and less with activations that numpy computes to other bits and that are
therefore computed one by one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from nn import MLP, predict

NETWORKS = [[8, 1], [16, 16, 1], [64, 64, 1]]
SAMPLES = [1, 10, 100, 1000]
ROUNDS = 9


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def main() -> None:
    table = Table("network", "samples", "graphs, µs", "predict, µs", "ratio")
    rng = random.Random(0)
    for nouts in NETWORKS:
        model = MLP(2, nouts, rng=0)
        for n in SAMPLES:
            rows = [[rng.gauss(), rng.gauss()] for _ in range(n)]
            jobs: tuple[Callable[[], list[list[float]]], ...] = (
                lambda model=model, rows=rows: [[y.data for y in model(row)] for row in rows],  # type: ignore[misc]
                lambda model=model, rows=rows: predict(model, rows),  # type: ignore[misc]
            )
            assert jobs[0]() == jobs[1]()
            rounds = [[seconds(job) / n * 1e6 for job in jobs] for _ in range(ROUNDS)]
            graphs, floats = map(min, zip(*rounds, strict=True))
            name = "-".join(map(str, [2, *nouts]))
            table.add_row(name, f"{n}", f"{graphs:.1f}", f"{floats:.2f}", f"{graphs / floats:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
