"""Irregular random graphs, and the straight-line C program of one: operations in any order.

A node's operands are drawn from all nodes before it, those that nothing has used yet first; where
numbers might grow, a sine brings them back. What is left unused is added up, in a balanced tree.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.compiled_c import Job, aligned, bound, build, columns
from benchmarks.compiled_problems import Problem

__all__ = ["random_graph", "straight_line"]

INPUTS, PARAMETERS = 16, 64
LARGEST = 4.0
Operation = tuple[str, int, int]

APPLY: dict[str, Callable[[Any, Any, Any], Any]] = {
    "add": lambda f, x, y: x + y,
    "sub": lambda f, x, y: x - y,
    "mul": lambda f, x, y: x * y,
    "sin": lambda f, x, y: f.sin(x),
}
GROW: dict[str, Callable[[float, float], float]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "sin": lambda x, y: 1.0,
}
# forward, and what the adjoint a of a result adds to those of its operands
IN_C = {
    "add": ("{x} + {y}", "{a}", "{a}"),
    "sub": ("{x} - {y}", "{a}", "-{a}"),
    "mul": ("{x} * {y}", "{a} * {y}", "{a} * {x}"),
    "sin": ("vsin({x})", "{a} * vcos({x})", ""),
}


def random_graph(nodes: int, samples: int) -> Problem:
    """A loss of about so many operations on 16 inputs and 64 parameters."""
    rng = random.Random(nodes)
    start = [rng.uniform(-1.0, 1.0) for _ in range(PARAMETERS)]
    bounds = [1.0] * (INPUTS + PARAMETERS)  # of the absolute value of each node
    operations: list[Operation] = []
    unused = list(range(len(bounds)))

    def operand() -> int:
        if unused and rng.random() < 0.6:
            i = rng.randrange(len(unused))
            unused[i], unused[-1] = unused[-1], unused[i]
            return unused.pop()
        return rng.randrange(len(bounds))

    def append(name: str, x: int, y: int) -> None:
        operations.append((name, x, y))
        bounds.append(GROW[name](bounds[x], bounds[y]))

    while len(operations) < nodes - len(unused):
        append(rng.choices(["add", "sub", "mul", "sin"], [3, 2, 4, 1])[0], operand(), operand())
        if bounds[-1] > LARGEST:
            append("sin", len(bounds) - 1, 0)
        unused.append(len(bounds) - 1)
    while len(unused) > 1:
        pairs = zip(unused[::2], unused[1::2], strict=False)
        odd = unused[-1:] if len(unused) % 2 else []
        before = len(bounds)
        for x, y in pairs:
            append("add", x, y)
        unused = [*range(before, len(bounds)), *odd]

    def run(f: Any, leaves: list[Any]) -> Any:
        for name, x, y in operations:
            leaves.append(APPLY[name](f, leaves[x], leaves[y]))
        return leaves[-1]

    def scalars(f: Any, p: Sequence[Any], sample: Sequence[Any]) -> Any:
        return run(f, [*sample, *p])

    def arrays(xp: Any, p: Any, batch: Any) -> Any:
        columns = [batch[:, i] for i in range(INPUTS)]
        return run(xp, [*columns, *[p[i] for i in range(PARAMETERS)]]).mean()

    batch = np.random.default_rng(5).uniform(-1.0, 1.0, (samples, INPUTS))
    problem = Problem(
        "graph",
        f"random graph of {len(operations):,} nodes, batch {samples:,}",
        np.array(start),
        batch,
        arrays,
        scalars,
    )
    OPERATIONS_OF[problem.title] = operations
    return problem


OPERATIONS_OF: dict[str, list[Operation]] = {}


def straight_line(problem: Problem, seconds: float) -> dict[str, Job]:
    """The graph and its adjoints as C on vectors, if it builds in so many seconds.

    A short one is a function with a variable for each node. The compiler's time grows faster than
    that function, so a longer one keeps its nodes in an array, in functions of 500 statements.
    """
    operations = OPERATIONS_OF[problem.title]
    short = len(operations) < 2_000
    lines = _statements(operations, "v{}", "a{}") if short else _statements(operations)
    size = len(lines) if short else 500
    arguments = "const double *p, const double *data, long length, vec *g"
    parts = [lines[i : i + size] for i in range(0, len(lines), size)]
    count = INPUTS + PARAMETERS + len(operations)
    source = ['#include "vectors.h"']
    if not short:
        source.append(f"static vec v[{count}], a[{count}];")
    for i, part in enumerate(parts):
        source += [f"static __attribute__((noinline)) void part{i}({arguments}) {{", *part, "}"]
    source += [
        "double graph(const double *p, const double *data, int length, double *gradient) {",
        f"vec g[{PARAMETERS + 1}] = {{{{0}}}};",
        "for (int s = 0; s < length; s += W) {",
        *[f"part{i}(p, data + s, length, g);" for i in range(len(parts))],
        "}",
        f"for (int i = 0; i < {PARAMETERS}; i++) gradient[i] = total(g[i]);",
        f"return total(g[{PARAMETERS}]);",
        "}",
    ]
    data = columns(problem.batch, 8, mean=True)
    gradient = aligned((PARAMETERS,))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "graph.c"
        path.write_text("\n".join(source))
        found = build(
            path,
            flags=(f"-I{Path(__file__).parent / 'c'}", *([] if short else ["-O1"])),
            seconds=seconds,
        )
    if found is None:
        print(f"left out: C of the {problem.title} (no compiler, or not done in {seconds:.0f} s)")
        return {}
    function = ctypes.CDLL(str(found)).graph
    passed = (problem.parameters, data, data.shape[1], gradient)
    return {"C, straight-line": bound(function, *passed, result=gradient)}


def _statements(operations: list[Operation], v: str = "v[{}]", a: str = "a[{}]") -> list[str]:
    """Forward and backward, a statement for each node, named by these patterns."""
    define = "" if "[" in v else "vec "
    leaves = INPUTS + PARAMETERS
    names, adjoints = ([p.format(i) for i in range(leaves + len(operations))] for p in (v, a))
    lines = [f"{define}{names[i]} = *(loose *)(data + {i} * length);" for i in range(INPUTS)]
    lines += [f"{define}{names[INPUTS + i]} = all(p[{i}]);" for i in range(PARAMETERS)]
    for z, (name, x, y) in enumerate(operations, leaves):
        lines.append(f"{define}{names[z]} = {IN_C[name][0].format(x=names[x], y=names[y])};")
    last = leaves + len(operations) - 1
    lines.append(f"{define}{adjoints[last]} = *(loose *)(data + {INPUTS} * length);")
    lines.append(f"g[{PARAMETERS}] += {adjoints[last]} * {names[last]};")
    reached = {last}
    for z, (name, x, y) in reversed(list(enumerate(operations, leaves))):
        for operand, term in zip((x, y), IN_C[name][1:], strict=True):
            if z in reached and term and operand >= INPUTS:
                plus, new = ("+", "") if operand in reached else ("", define)
                reached.add(operand)
                said = term.format(x=names[x], y=names[y], a=adjoints[z])
                lines.append(f"{new}{adjoints[operand]} {plus}= {said};")
    used = [i for i in range(PARAMETERS) if INPUTS + i in reached]
    return lines + [f"g[{i}] += {adjoints[INPUTS + i]};" for i in used]
