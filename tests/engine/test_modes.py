"""Modes belong to the context that enters them: computing without a record, finding anomalies."""

import asyncio
import contextvars
import math
import re
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograd_mini import (
    Value,
    detect_anomaly,
    dot,
    exp,
    grad,
    gradients,
    jvp,
    log,
    no_grad,
    relu,
    sqrt,
    sum,
    tanh,
    where,
)

EVERY_KIND_OF_NODE: dict[str, Callable[[Value], Any]] = {
    "infix": lambda x: x * x,
    "reflected": lambda x: 2.0 - x,
    "negation": lambda x: -x,
    "method": lambda x: x.tanh(),
    "function": exp,
    "two operands": lambda x: x.atan2(2.0),
    "three operands": lambda x: where(x > 0.0, x, 1.0),
    "any number of operands": lambda x: dot([x, x], [x, 3.0]),
}


def records(x: Value) -> bool:
    product: Value = x * x
    return product.op == "mul"


# ------------------------------------------------------------------- no_grad


@pytest.mark.parametrize("name", EVERY_KIND_OF_NODE)
def test_under_no_grad_results_are_detached(name: str) -> None:
    x = Value(0.5)
    make = EVERY_KIND_OF_NODE[name]
    with no_grad():
        result = make(x)
    assert (result.data, result.op, result.operands) == (make(x).data, "", ())
    assert result.local_derivatives == ()
    assert float(result) == result.data
    (result * x).backward()
    assert (x.grad, result.grad) == (result.data, 0.0)


def test_a_leaf_made_under_no_grad_is_a_leaf() -> None:
    with no_grad():
        w = Value(3.0)
    (w * 2.0).backward()
    assert w.grad == 2.0


def test_backward_works_under_no_grad() -> None:
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
        assert gradients(y, [x]) == [6.0]
    assert x.grad == 6.0


def test_no_grad_decorates_a_function() -> None:
    @no_grad()
    def square(x: Value, *, plus: float = 0.0) -> Any:
        """The square."""
        return x * x + plus

    x = Value(3.0)
    assert (square.__name__, square.__doc__) == ("square", "The square.")
    for _ in range(2):  # a decorator serves every call
        result = square(x, plus=1.0)
        assert (result.data, result.operands) == (10.0, ())
        assert records(x)


def test_no_grad_decorates_a_method() -> None:
    class Model:
        w = Value(2.0)

        @no_grad()
        def predict(self, x: float) -> Any:
            return self.w * x

    assert Model().predict(3.0).operands == ()


def test_no_grad_does_not_decorate_in_vain_what_runs_after_the_call() -> None:
    x = Value(3.0)

    def generator() -> Iterator[bool]:
        yield records(x)

    async def coroutine() -> bool:
        return records(x)

    async def asynchronous_generator() -> AsyncIterator[bool]:
        yield records(x)

    async def first(iterator: AsyncIterator[bool]) -> bool:
        return await anext(iterator)

    calls: list[tuple[Any, Callable[[Any], bool]]] = [
        (generator, next),
        (coroutine, asyncio.run),
        (asynchronous_generator, lambda iterator: asyncio.run(first(iterator))),
    ]
    for function, run in calls:
        try:
            decorated = no_grad()(function)
        except TypeError:
            continue  # refused, which is as good
        assert run(decorated()) is False
        assert records(x)


def test_modes_nest_and_end_in_order() -> None:
    x = Value(3.0)
    found = []
    with no_grad():
        with detect_anomaly():
            with no_grad():
                found.append(records(x))
            found.append(records(x))
        found.append(records(x))
    found.append(records(x))
    assert found == [False, False, False, True]


def test_a_mode_can_be_entered_again() -> None:
    x = Value(3.0)
    for mode in (no_grad, detect_anomaly):
        for _ in range(2):
            with mode():
                assert records(x) is (mode is detect_anomaly)
        assert records(x)


@pytest.mark.parametrize("mode", [no_grad, detect_anomaly])
def test_an_exception_ends_the_mode(mode: Callable[[], Any]) -> None:
    x = Value(3.0)
    with pytest.raises(LookupError), mode():
        raise LookupError
    assert records(x)
    assert log(Value(0.0)).data == -math.inf


def test_a_thread_starts_outside_the_modes_of_others_and_does_not_leak() -> None:
    x = Value(3.0)
    entered, checked = threading.Event(), threading.Event()
    found = {}

    def inside() -> None:
        with no_grad():
            entered.set()
            checked.wait(10)
            found["inside"] = records(x)

    thread = threading.Thread(target=inside)
    thread.start()
    entered.wait(10)
    found["outside"] = records(x)
    with no_grad():
        other = threading.Thread(target=lambda: found.update(other=records(x)))
        # A context of its own: some builds of Python let a thread inherit the one it starts in.
        contextvars.Context().run(other.start)
        other.join()
    checked.set()
    thread.join()
    assert found == {"inside": False, "outside": True, "other": True}


def test_tasks_do_not_leak_into_one_another() -> None:
    x = Value(3.0)
    found = []

    async def without(first: asyncio.Event, second: asyncio.Event) -> None:
        with no_grad():
            first.set()
            await second.wait()
            found.append(("without", records(x)))

    async def beside(first: asyncio.Event, second: asyncio.Event) -> None:
        await first.wait()
        found.append(("beside", records(x)))
        second.set()

    async def both() -> None:
        events = asyncio.Event(), asyncio.Event()
        await asyncio.gather(without(*events), beside(*events))
        found.append(("after", records(x)))

    asyncio.run(both())
    assert found == [("beside", True), ("without", False), ("after", True)]


def test_a_generator_that_is_left_inside_a_mode_ends_it_when_closed() -> None:
    x = Value(3.0)

    def inside() -> Generator[bool, None, None]:
        with no_grad():
            yield records(x)

    generator = inside()
    assert next(generator) is False
    generator.close()
    assert records(x)


def test_a_function_that_is_differentiated_under_no_grad_records() -> None:
    x = Value(3.0)
    with no_grad():
        assert grad(lambda y: y * y)(3.0) == 6.0
        assert jvp(lambda y: y * y, 3.0, 1.0) == (9.0, 6.0)
        assert not records(x)


# ------------------------------------------------------------------- detect_anomaly

# A program, what its error says, and the line (from 1) that it names.
ANOMALIES: dict[str, tuple[str, str, int]] = {
    "forward, an infinity": ("x = Value(0.0)\ny = log(x)\nz = y * 0.0", "log(0.0) gave -inf", 2),
    "forward, a NaN": ("x = Value(-4.0)\n\ny = 1.0 + sqrt(x)", "sqrt(-4.0) gave nan", 3),
    "forward, an operator": (
        "x = Value(1.0)\ny = x - 1.0\nz = x / y",
        "div(1.0, 0.0) gave inf",
        3,
    ),
    "forward, a reflected operator": ("x = Value(0.0)\nz = 3.0 / x", "div(3.0, 0.0) gave inf", 2),
    "forward, a method": ("x = Value(0.0)\nz = x.log()", "log(0.0) gave -inf", 2),
    "forward, a NaN from infinite numbers": (
        "x = Value(inf)\nz = x - x",
        "sub(inf, inf) gave nan",
        2,
    ),
    "forward, of several operands": (
        "x = Value(1e200)\nz = dot([x], [x], 1.0)",
        "dot(1e+200, 1e+200, 1.0) gave inf",
        2,
    ),
    "forward, in a function": (
        "def f(x):\n    return exp(x)\nf(Value(1000.0))",
        "exp(1000.0) gave inf",
        2,
    ),
    "forward, in a derivative": (
        (
            "x = Value(0.0)\n[g] = gradients(x ** 1.5, [x], create_graph=True)\n\n"
            "gradients(g, [x], create_graph=True)"
        ),
        "inf",
        4,
    ),
    "backward, an infinity": (
        "x = Value(0.0)\ny = sqrt(x)\nz = y * 2.0\nz.backward()",
        "sqrt(0.0)",
        2,
    ),
    "backward, a NaN": (
        "x = Value(0.0)\ny = sqrt(x)\nz = y * 0.0\nz.backward()",
        "sqrt(0.0)",
        2,
    ),
    "backward, an overflow": (
        "x = Value(1e200)\ny = x * 1e-200\nz = y * 1e200\n(z * 1e-150).backward(1e300)",
        "mul(",
        3,
    ),
    "backward, by gradients": (
        "x = Value(0.0)\ny = sqrt(x)\ngradients(y * 2.0, [x])",
        "sqrt(0.0)",
        2,
    ),
    "backward, by grad": ("grad(\n    lambda x: 2.0 * sqrt(x)\n)(0.0)", "sqrt(0.0)", 2),
}


def run_in(path: Path, program: str) -> None:
    path.write_text(program, encoding="utf-8")
    names = {
        "Value": Value,
        "dot": dot,
        "exp": exp,
        "grad": grad,
        "gradients": gradients,
        "inf": math.inf,
        "log": log,
        "sqrt": sqrt,
    }
    exec(compile(program, path, "exec"), names)


@pytest.mark.parametrize("name", ANOMALIES)
def test_an_anomaly_is_named_with_operation_operands_and_line(name: str, tmp_path: Path) -> None:
    program, sentence, line = ANOMALIES[name]
    path = tmp_path / "program.py"
    run_in(path, program)  # runs through outside of detect_anomaly
    with pytest.raises(FloatingPointError) as caught, detect_anomaly():
        run_in(path, program)
    message = str(caught.value)
    assert sentence in message
    assert re.search(rf"{re.escape(str(path))}:(\d+)", message)[1] == str(line)  # type: ignore[index]
    assert program.splitlines()[line - 1].strip() in message


FINE: dict[str, str] = {
    "infinite data": "x = Value(inf)\n(x + 1.0).backward()",
    "what was not finite before": "x = Value(inf)\ny = x * 2.0\nz = y - 1.0",
    "an infinite seed": "x = Value(1.0)\n(x * 2.0).backward(inf)",
    "infinite derivatives of what is not used": "x = Value(0.0)\nsqrt(x)\n(x * 2.0).backward()",
    "an infinite derivative not selected": (
        "x = Value(0.0)\ny = (sqrt(x) - 1.0).relu() + x\ny.backward()\nassert x.grad == 1.0"
    ),
    "a derivative that is NaN by a constant": "(Value(-8.0) ** 3.0).backward()",
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_not_finite_from_the_start_or_never_used_is_no_anomaly(
    name: str, tmp_path: Path
) -> None:
    with detect_anomaly():
        run_in(tmp_path / "program.py", FINE[name])


def test_an_anomaly_in_backward_changes_no_gradient() -> None:
    x, w = Value(0.0), Value(2.0)
    w.grad = 5.0
    with detect_anomaly():
        root = sqrt(x) * w
        with pytest.raises(FloatingPointError):
            root.backward()
    assert (x.grad, w.grad, root.grad) == (0.0, 5.0, 0.0)
    root.backward()
    assert x.grad == math.inf


def test_an_anomaly_of_a_node_from_before_is_found_without_its_line() -> None:
    x = Value(0.0)
    root = sqrt(x) * 2.0
    with detect_anomaly(), pytest.raises(FloatingPointError, match=r"sqrt\(0\.0\).*outside"):
        root.backward()


def test_anomalies_are_found_under_no_grad() -> None:
    with detect_anomaly(), no_grad(), pytest.raises(FloatingPointError, match=r"log\(0\.0\)"):
        log(Value(0.0))


def test_detect_anomaly_changes_no_number() -> None:
    def run(x: Value) -> list[float]:
        root = sum([tanh(x) * x, relu(-x), exp(x)])
        root.backward()
        return [root.data, x.grad]

    plain = run(Value(0.7))
    with detect_anomaly():
        assert run(Value(0.7)) == plain
