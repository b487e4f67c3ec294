"""Depth and size cost what they must: no recursion, no cycles, no more than linear work."""

import copy
import gc
import os
import random
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from autograd_mini import (
    Dense,
    Value,
    detect_anomaly,
    dot,
    exp,
    grad,
    gradients,
    hessian,
    hvp,
    jvp,
    log,
    no_grad,
    relu,
    sum,
)
from autograd_mini.graph import topological_order
from autograd_mini.value import inputs_of


def chain(
    step: Callable[[Value, Value], Value], length: int, start: Value | None = None
) -> tuple[Value, Value]:
    """A leaf, and what the step makes of it again and again."""
    x = node = Value(1.0) if start is None else start
    for _ in range(length):
        node = step(node, x)
    return x, node


# Steps whose results stay near 1, and the derivative of a long chain of them.
STEPS: dict[str, Callable[[Value, Value], Value]] = {
    "unary": lambda node, x: -node,
    "repeated": lambda node, x: node * node,
    "first operand": lambda node, x: node + 1.0,
    "second operand": lambda node, x: 1.0 - node,
    "leaf beside": lambda node, x: node * x,
    "leaf before": lambda node, x: x * node,
    "diamond": lambda node, x: (node + x) - node * 1.0,
    "sum of repeats": lambda node, x: sum([node, x, node]) - node - x,
    "dot": lambda node, x: dot([node, 0.0], [x, node]),
    "dot of the bias": lambda node, x: dot([0.0], [x], node),
    "three operands": lambda node, x: node.clamp(0.0, 2.0),
    "input of a layer": lambda node, x: Dense([[x, 0.0]], [None], relu)([node, node])[0],
    "weight of a layer": lambda node, x: Dense([[node, x]], [None])([1.0, 0.0])[0],
}

if __name__ == "__main__":  # run by the test below: shape, length, what to do with the graph
    import threading

    def work(shape: str, length: int, use: str) -> None:
        x, root = chain(STEPS[shape], length)
        if use == "backward":
            root.backward()
        elif use == "gradients":
            assert len(gradients(root, [x])) == 1
        elif use == "create_graph":
            assert len(gradients(root, [x], create_graph=True)) == 1
        elif use == "jvp":
            assert len(jvp(lambda y: chain(STEPS[shape], length, y)[1], x, 1.0)) == 2
        elif use == "deepcopy":
            x, root = copy.deepcopy([x, root])
        print("done", end=" ", flush=True)

    threading.stack_size(256 * 1024)
    for use in sys.argv[3:]:
        thread = threading.Thread(target=work, args=(sys.argv[1], int(sys.argv[2]), use))
        thread.start()
        thread.join()
    print("freed")


# ------------------------------------------------------------------- linear work


def lines_of(call: Callable[[], Any]) -> int:
    """How many lines of Python a call runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    gc.disable()  # what others do when it collects is not counted
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


GRAPHS: dict[str, Callable[[int], Value]] = {
    "chain": lambda n: chain(STEPS["leaf beside"], n)[1],
    "diamonds": lambda n: chain(STEPS["diamond"], n)[1],
    "repeats": lambda n: chain(STEPS["sum of repeats"], n)[1],
    "leaf used often": lambda n: sum([Value(1.0)] * n),
    "layers": lambda n: chain(STEPS["input of a layer"], n)[1],
    "many leaves": lambda n: dot([Value(1.0) for _ in range(n)], [1.0] * n),
    "node used often": lambda n: sum([node * 2.0 for node in [exp(Value(1.0))] * n]),
}
USES: dict[str, Callable[[Value], Any]] = {
    "backward": lambda root: root.backward(),
    "gradients": lambda root: gradients(root, [root]),
    "create_graph": lambda root: gradients(root, [first_leaf(root)], create_graph=True),
    "deepcopy": copy.deepcopy,
    "topological_order": lambda root: topological_order([root], inputs_of),
    "detect_anomaly": lambda root: detect_anomaly()(root.backward)(),
}


def first_leaf(root: Value) -> Value:
    return topological_order([root], inputs_of)[0]


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("use", USES)
def test_work_grows_in_step_with_the_graph(graph: str, use: str) -> None:
    counts = []
    for size in (20, 40, 60, 80):  # the first warms up what is made on first use
        root = GRAPHS[graph](size)
        counts.append(lines_of(lambda root=root: USES[use](root)))  # type: ignore[misc]
    assert counts[3] - counts[2] == counts[2] - counts[1]


def test_a_forward_pass_costs_the_same_at_every_depth() -> None:
    counts = [lines_of(lambda n=n: chain(STEPS["diamond"], n)) for n in (20, 40, 60, 80)]  # type: ignore[misc]
    assert counts[3] - counts[2] == counts[2] - counts[1]


# ------------------------------------------------------------------- long chains


def run_in_a_small_thread(shape: str, length: int, *uses: str) -> None:
    process = subprocess.run(
        [sys.executable, __file__, shape, str(length), *uses],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.split() == ["done"] * len(uses) + ["freed"]


@pytest.mark.parametrize("shape", STEPS)
def test_a_long_chain_lives_and_dies_in_a_thread_with_a_small_stack(shape: str) -> None:
    run_in_a_small_thread(shape, 20_000, "build", "backward")


@pytest.mark.parametrize("shape", ["leaf beside", "sum of repeats", "dot of the bias"])
def test_derivatives_as_graphs_and_copies_of_long_chains_need_no_stack(shape: str) -> None:
    run_in_a_small_thread(shape, 10_000, "gradients", "create_graph", "jvp", "deepcopy")


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [
        "unary",
        "repeated",
        "second operand",
        "sum of repeats",
        "dot",
        "three operands",
        "input of a layer",
    ],
)
def test_a_chain_of_a_million_nodes_lives_and_dies_in_a_thread_with_a_small_stack(
    shape: str,
) -> None:
    run_in_a_small_thread(shape, 1_000_000, "backward", "gradients")


@pytest.mark.slow
def test_derivatives_as_graphs_and_copies_of_longer_chains_need_no_stack() -> None:
    run_in_a_small_thread("leaf beside", 200_000, "create_graph", "jvp", "deepcopy")


def test_a_long_chain_has_the_right_derivative() -> None:
    x, root = chain(STEPS["leaf beside"], 100_000)
    root.backward()
    assert x.grad == 100_001.0
    x, root = chain(STEPS["sum of repeats"], 1000)
    assert gradients(root, [x]) == [1.0]


# ------------------------------------------------------------------- memory


def live_values() -> int:
    return len([o for o in gc.get_objects() if type(o) is Value])


def raising(call: Callable[[], Any]) -> None:
    try:
        call()
    except (LookupError, TypeError, RuntimeError, FloatingPointError):
        return
    raise AssertionError


def fails_after(x: Value) -> None:
    _ = exp(x) * x
    raise LookupError


def stale(x: Value) -> None:
    root = x * x
    x.data = 7.0
    gradients(root, [x], create_graph=True)


def suspicious(x: Value) -> None:
    with detect_anomaly():
        log(x * 0.0 + 1.0) / 0.0


def unrecorded(x: Value) -> None:
    with no_grad():
        exp(x) * x


LIVES: dict[str, Callable[[Value], Any]] = {
    "built": lambda x: chain(STEPS["diamond"], 50),
    "differentiated": lambda x: (exp(x) * x + sum([x, x])).backward(),
    "differentiated twice": lambda x: gradients(
        gradients(exp(x) * x, [x], create_graph=True)[0], [x], create_graph=True
    ),
    "grad": grad(lambda y: exp(y) * y),
    "grad of grad": lambda x: grad(grad(lambda y: exp(y) * x))(2.0),
    "hessian": lambda x: hessian(lambda ys: dot(ys, ys) ** 2.0)([x, 2.0]),
    "jvp and hvp": lambda x: (jvp(exp, x, 1.0), hvp(exp, x, 1.0)),
    "copied": lambda x: copy.deepcopy([exp(x) * x, x]),
    "detached": lambda x: exp(x).detach(),
    "under no_grad": unrecorded,
    "an exception afterwards": lambda x: raising(lambda: fails_after(x)),
    "an exception in a function differentiated": lambda x: raising(lambda: grad(fails_after)(x)),
    "a wrong operand": lambda x: raising(lambda: exp(x) + "1"),
    "a wrong argument": lambda x: raising(lambda: sum([exp(x), "1"])),
    "a stale operand": lambda x: raising(lambda: stale(exp(x))),
    "an anomaly": lambda x: raising(lambda: suspicious(x)),
    "a refused conversion": lambda x: raising(lambda: float(exp(x))),
    "a refused copy": lambda x: raising(lambda: copy.copy(exp(x))),
}


@pytest.mark.parametrize("name", LIVES)
def test_values_are_freed_at_once_and_leave_no_cycles(name: str) -> None:
    LIVES[name](Value(0.5))  # what is made on first use stays
    gc.collect()
    gc.disable()
    try:
        before = live_values()
        LIVES[name](Value(0.5))
        assert live_values() == before
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")
@pytest.mark.skipif(
    hasattr(Value, "__del__"),
    reason="Python 3.13 needs a destructor to free long chains, and drops an interrupt inside it",
)
def test_an_interrupt_is_not_lost_while_graphs_are_made_and_freed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost: list[Any] = []
    raised = caught = 0

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal raised
        raised += 1
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "unraisablehook", lambda given: lost.append(given.exc_type))
    rng = random.Random(0)
    before = signal.signal(signal.SIGALRM, interrupt)
    gc.disable()  # an exception in a callback of the collector's would be lost
    try:
        for _ in range(200):
            try:
                signal.setitimer(signal.ITIMER_REAL, rng.uniform(1e-5, 1e-3))
                for _ in range(50):
                    chain(STEPS["diamond"], 20)[1].backward()
            except KeyboardInterrupt:
                caught += 1
            signal.setitimer(signal.ITIMER_REAL, 0.0)
    finally:
        signal.signal(signal.SIGALRM, before)
        gc.enable()
    assert (caught, lost) == (raised, [])
    assert raised > 0


@pytest.mark.parametrize(
    ("use", "most"), [(lambda root: None, 180), (lambda root: root.backward(), 260)]
)
def test_a_node_of_a_sum_or_a_product_is_small(use: Callable[[Value], Any], most: int) -> None:
    length = 20_000
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        _, root = chain(lambda node, x: node * x + 1e-9, length)
        use(root)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert root.op == "add"
    assert (after - before) / (2 * length) <= most
