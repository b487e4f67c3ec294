"""Activations and losses as mpmath has them: the textbook formulas, in as many digits as wanted."""

from collections.abc import Callable, Sequence
from typing import Any

import mpmath as mp


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def softplus(x: Any) -> Any:
    return mp.log(1 + mp.exp(x))


def elu(x: Any) -> Any:
    return x if x > 0 else mp.exp(x) - 1


def gelu_tanh(x: Any) -> Any:
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)))


def selu(x: Any) -> Any:
    alpha, scale = mp.mpf("1.6732632423543772848"), mp.mpf("1.0507009873554804934")
    return scale * (x if x > 0 else alpha * (mp.exp(x) - 1))


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda x: x,
    "sigmoid": sigmoid,
    "logsigmoid": lambda x: mp.log(sigmoid(x)),
    "tanh": mp.tanh,
    "hardtanh": lambda x: max(mp.mpf(-1), min(mp.mpf(1), x)),
    "atan": mp.atan,
    "relu": lambda x: max(mp.mpf(0), x),
    "leaky_relu": lambda x: x if x > 0 else mp.mpf(0.01) * x,
    "elu": elu,
    "selu": selu,
    "gelu": lambda x: x * mp.ncdf(x),
    "gelu_tanh": gelu_tanh,
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * mp.tanh(softplus(x)),
    "softplus": softplus,
}


def mean(numbers: Sequence[Any]) -> Any:
    return mp.fsum(numbers) / len(numbers)


def huber(error: Any) -> Any:
    return error**2 / 2 if abs(error) <= 1 else abs(error) - mp.mpf(0.5)


def cross_entropy(z: Any, t: Any) -> Any:
    return -t * mp.log(sigmoid(z)) - (1 - t) * mp.log(sigmoid(-z))


def softmax_cross_entropy(ys: Sequence[Any], target: Any) -> Any:
    shares = [float(k == target) for k in range(len(ys))] if isinstance(target, int) else target
    total = mp.log(mp.fsum([mp.exp(y) for y in ys]))
    return mp.fsum([t * (total - y) for y, t in zip(ys, shares, strict=True)])


def _each(loss: Callable[[Any, Any], Any]) -> Callable[[Sequence[Any], Sequence[Any]], Any]:
    return lambda ys, ts: mean([loss(y, t) for y, t in zip(ys, ts, strict=True)])


LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mse": _each(lambda y, t: (y - t) ** 2),
    "mae": _each(lambda y, t: abs(y - t)),
    "huber": _each(lambda y, t: huber(y - t)),
    "hinge": _each(lambda y, t: max(mp.mpf(0), 1 - t * y)),
    "binary_cross_entropy": _each(cross_entropy),
    "softmax_cross_entropy": softmax_cross_entropy,
}
