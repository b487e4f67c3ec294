"""What it costs to build a program: time and memory by the size of the graph, and the first use.

Each figure is taken in a process of its own, the least of a few. Seconds are the processor's, which
other programs on the machine do not lengthen. `python -m benchmarks.compiled_build 1000` is one of
these processes: it writes its seconds and megabytes as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["report_building"]

IMPORTS = {
    "Python alone": "pass",
    "autograd_mini": "import autograd_mini",
    "autograd_mini.program": "import autograd_mini.program",
    "numpy": "import numpy",
    "llvmlite": "import llvmlite.binding",
}


def report_building(*, quick: bool) -> None:
    """Print the three tables."""
    runs = 2 if quick else 3
    table = Table(
        "import of", "seconds", title="import, a process of its own", title_justify="left"
    )
    for name, statement in IMPORTS.items():
        table.add_row(name, f"{min(started(['-c', statement]) for _ in range(runs)):.3f}")
    Console().print(table)
    loaded = "import autograd_mini, sys; print('llvmlite' in sys.modules, 'numpy' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", loaded], check=True, capture_output=True, text=True
    )
    print(f"import autograd_mini loads llvmlite, numpy: {answer.stdout.strip()}\n")

    with tempfile.TemporaryDirectory() as cache:
        cold = [one(1_000, f"{cache}/{i}") for i in range(runs)]
        warm = [one(1_000, f"{cache}/0") for _ in range(runs)]
        first = min(run["first"] for run in cold), min(run["first"] for run in warm)
        print(
            "from the recorded graph of 1,000 nodes to the first gradient, imports included: "
            f"{first[0]:.3f} s cold, {first[1]:.3f} s with the cache warm\n"
        )
        table = Table(
            *("nodes", "eager graph, s", "compile, s", "µs a node", "first call, s"),
            *("second call, ms", "graph, MB", "program, MB"),
            title="building, a process of its own, the cache warm",
            title_justify="left",
        )
        for nodes in (1_000, 10_000) if quick else (1_000, 10_000, 100_000, 1_000_000):
            results = [one(nodes, f"{cache}/0") for _ in range(2 if nodes < 1_000_000 else 1)]
            best = {key: min(run[key] for run in results) for key in results[0]}
            table.add_row(
                f"{best['nodes']:,.0f}",
                f"{best['graph']:.3f}",
                f"{best['compile']:.3f}",
                f"{(best['compile'] + best['call'] - best['again']) / best['nodes'] * 1e6:.1f}",
                f"{best['call']:.3f}",
                f"{best['again'] * 1e3:.2f}",
                f"{best['graph_memory']:.0f}",
                f"{best['program_memory']:.0f}",
            )
        Console().print(table)
        print("µs a node: compile() and what the first call does beyond the second\n")


def started(arguments: list[str]) -> float:
    before = os.times()
    subprocess.run([sys.executable, *arguments], check=True)
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def one(nodes: int, cache: str) -> dict[str, Any]:
    """The figures of one process."""
    places = dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"), cache)
    # Where Python keeps no bytecode, every process would compile the modules anew.
    places |= {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(Path(cache).parent / "modules"),
    }
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.compiled_build", str(nodes)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | places,
    )
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def measure(nodes: int) -> dict[str, float]:
    """Build a random graph's program in this process."""
    from benchmarks.compiled_graphs import random_graph  # noqa: PLC0415  # see `first`
    from benchmarks.eager import resident  # noqa: PLC0415

    problem = random_graph(nodes, 8)
    from autograd_mini import Value, sin  # noqa: PLC0415

    before, start = resident(), time.process_time()
    parameters = [Value(x) for x in problem.parameters.tolist()]
    inputs = [Value(x) for x in problem.batch[0].tolist()]

    class Functions:
        pass

    Functions.sin = sin  # type: ignore[attr-defined]
    out = problem.scalars(Functions, parameters, inputs)  # type: ignore[arg-type]
    graph, graph_memory = time.process_time() - start, resident() - before

    start = time.process_time()
    from autograd_mini.program import compile  # noqa: PLC0415

    program = compile(out, inputs=inputs, parameters=parameters)
    compiled = time.process_time() - start
    program.value_and_gradient(problem.batch, parameters=problem.parameters)
    first = time.process_time() - start
    program_memory = resident() - before - graph_memory
    start = time.process_time()
    program.value_and_gradient(problem.batch, parameters=problem.parameters)
    again = time.process_time() - start
    return {
        "nodes": float(nodes),
        "graph": graph,
        "compile": compiled,
        "call": first - compiled,
        "first": first,
        "again": again,
        "graph_memory": graph_memory / 1e6,
        "program_memory": program_memory / 1e6,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
