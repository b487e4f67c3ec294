"""The engines that the benchmarks compare: each gives a function's value and gradient.

A peer that is not installed is left out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_mini import Value, relu, sigmoid

__all__ = ["Engine", "installed"]

Function = Callable[[list[Any]], Any]


@dataclass(frozen=True)
class Engine:
    """An engine for scalars.

    Attributes:
        name: what the tables call it.
        value_and_gradient: from a function of a list of scalars, and where to take it, to its
            value and its derivatives.
        relu: the engine's own function of one scalar.
        sigmoid: the same; None if it has no exponential.
        longest: how many operations in a row to give it.
    """

    name: str
    value_and_gradient: Callable[[Function, Sequence[float]], tuple[float, list[float]]]
    relu: Callable[[Any], Any]
    sigmoid: Callable[[Any], Any] | None
    longest: int


def installed() -> list[Engine]:
    """This engine first, then the peers that can be imported."""
    engines = []
    for make in (_ours, _micrograd, _xad, _autograd, _torch):
        try:
            engines.append(make())
        except ImportError as error:
            print(f"left out: {error}")
    return engines


def _ours() -> Engine:
    def value_and_gradient(f: Function, at: Sequence[float]) -> tuple[float, list[float]]:
        xs = [Value(x) for x in at]
        y = f(xs)
        y.backward()
        return y.data, [x.grad for x in xs]

    return Engine("autograd-mini", value_and_gradient, relu, sigmoid, 1_000_000)


def _micrograd() -> Engine:
    engine = importlib.import_module("micrograd.engine")

    def value_and_gradient(f: Function, at: Sequence[float]) -> tuple[float, list[float]]:
        xs = [engine.Value(x) for x in at]
        y = f(xs)
        y.backward()
        return y.data, [x.grad for x in xs]

    # Its backward pass recurses, and a longer chain ends in a RecursionError.
    return Engine("micrograd", value_and_gradient, lambda x: x.relu(), None, 300)


def _xad() -> Engine:
    adjoint = importlib.import_module("xad.adj_1st")
    xad_math = importlib.import_module("xad.math")

    def value_and_gradient(f: Function, at: Sequence[float]) -> tuple[float, list[float]]:
        with adjoint.Tape() as tape:
            xs = [adjoint.Real(x) for x in at]
            tape.registerInputs(xs)
            tape.newRecording()
            y = f(xs)
            tape.registerOutput(y)
            y.derivative = 1.0
            tape.computeAdjoints()
            return y.value, [x.derivative for x in xs]

    return Engine(
        "xad",
        value_and_gradient,
        lambda x: xad_math.max(x, 0.0),
        lambda x: 1.0 / (1.0 + xad_math.exp(-x)),
        1_000_000,
    )


def _autograd() -> Engine:
    autograd = importlib.import_module("autograd")
    numpy = importlib.import_module("autograd.numpy")

    def value_and_gradient(f: Function, at: Sequence[float]) -> tuple[float, list[float]]:
        value, gradient = autograd.value_and_grad(f)(list(at))
        return float(value), [float(g) for g in gradient]

    return Engine(
        "HIPS autograd",
        value_and_gradient,
        lambda x: numpy.maximum(x, 0.0),
        lambda x: 1.0 / (1.0 + numpy.exp(-x)),
        100_000,
    )


def _torch() -> Engine:
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)

    def value_and_gradient(f: Function, at: Sequence[float]) -> tuple[float, list[float]]:
        xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in at]
        y = f(xs)
        y.backward()
        return y.item(), [x.grad.item() for x in xs]

    return Engine("PyTorch", value_and_gradient, torch.relu, torch.sigmoid, 100_000)
