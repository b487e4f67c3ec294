"""Notation of notes on dense layers, Y = WX + B, and on gradient descent.

Indices count from 0; w_{mn} leads to output m from input n, and m and n are also the last of them.
A cost stands for any smooth function of the outputs where nothing more is said about it.
"""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

from autograd_mini import Value, atan, dot, relu, sigmoid, sin, sum
from autograd_mini.derivation import Notation, entries

notation = Notation(layout="denominator", first_index=0)


def vector(rng: Random, last: int) -> list[Value]:
    """Random entries 0 … last."""
    return [Value(rng.gauss()) for _ in range(last + 1)]


def some_cost(rng: Random, outputs: Sequence[Value]) -> Value:
    """A smooth function of all the outputs."""
    terms = [sin(y * rng.uniform(0.5, 1.5) + rng.gauss()) for y in outputs]
    terms += [rng.gauss() * y * z for y, z in pairwise(outputs)]
    cost: Value = sum(terms)
    return cost


@notation.scope
def dense_layer(rng: Random, m: int, n: int) -> dict[str, Any]:
    """One layer of inputs 0 … n and outputs 0 … m."""
    w = [vector(rng, n) for _ in range(m + 1)]
    b, x = vector(rng, m), vector(rng, n)
    y = [dot(row, x, bias) for row, bias in zip(w, b, strict=True)]
    return {
        "m": m, "n": n, "W": w, "B": b, "X": x, "Y": y, "C": some_cost(rng, y),
        "w_{mn}": entries(w), "b_m": entries(b), "x_n": entries(x), "y_m": entries(y),
    }  # fmt: skip


@notation.scope(section="Indexing")
def layers(rng: Random, m: int, n: int) -> dict[str, Any]:
    """Two layers of one size and the connection between them."""
    w = {layer: [vector(rng, n) for _ in range(m + 1)] for layer in (0, 2)}
    b = {layer: vector(rng, m) for layer in (0, 2)}
    x = vector(rng, n)
    y = [dot(row, x, bias) for row, bias in zip(w[0], b[0], strict=True)]
    numbers = {
        (layer, i, j): w[layer][i][j] for layer in w for i in range(m + 1) for j in range(n + 1)
    }
    return {
        "m": m, "n": n, "W^{(L)}": entries(w), "B^{(L)}": entries(b),
        "w^{(L)}_{ij}": entries(numbers),
        "b^{(L)}_{i}": entries({(k, i): b[k][i] for k in b for i in range(m + 1)}),
        "X^{(L)}": entries({0: x, 1: y}), "Y^{(L)}": entries({0: y}),
    }  # fmt: skip


@notation.scope(section="Activation")
def activations(rng: Random) -> dict[str, Any]:
    """Functions of one number."""
    return {"x": Value(rng.gauss()), r"\sigma": sigmoid, "R": relu, "ReLU": relu}


@notation.scope(section="Cost")
def squares(rng: Random, n: int) -> dict[str, Any]:
    """The mean squared error of n outputs."""
    y, target = vector(rng, n - 1), vector(rng, n - 1)
    errors = [(t - o) ** 2 for t, o in zip(target, y, strict=True)]
    return {"n": n, "y_i": entries(y), r"\hat{y}_i": entries(target), "C": sum(errors) / n}


@notation.scope(section="Backpropagation 2")
def activation_layer(rng: Random, n: int) -> dict[str, Any]:
    """A function of each input."""
    x = vector(rng, n)
    y = [atan(v) for v in x]
    return {
        "n": n, "f": atan, "X": x, "Y": y, "C": some_cost(rng, y),
        "x_n": entries(x), "y_n": entries(y),
    }  # fmt: skip


@notation.scope(section="Gradient Descent")
def descent(rng: Random, n: int) -> dict[str, Any]:
    """Parameters of a cost."""
    theta = vector(rng, n)
    return {r"\theta": theta, r"\alpha": rng.uniform(0.1, 1.0), "C": some_cost(rng, theta)}


@notation.scope(section="Example")
def network(rng: Random, inputs: int, hidden: int, outputs: int) -> dict[str, Any]:
    """Layer 0 is dense, layer 1 an activation, layer 2 dense; the cost is the mean square."""
    w0 = [vector(rng, inputs - 1) for _ in range(hidden)]
    w2 = [vector(rng, hidden - 1) for _ in range(outputs)]
    b0, b2, x0 = vector(rng, hidden - 1), vector(rng, outputs - 1), vector(rng, inputs - 1)
    y0 = [dot(row, x0, bias) for row, bias in zip(w0, b0, strict=True)]
    y1 = [sigmoid(v) for v in y0]
    y2 = [dot(row, y1, bias) for row, bias in zip(w2, b2, strict=True)]
    target = vector(rng, outputs - 1)
    cost = sum([(t - o) ** 2 for t, o in zip(target, y2, strict=True)]) / outputs
    return {
        "W^{(L)}": entries({0: w0, 2: w2}), "B^{(L)}": entries({0: b0, 2: b2}),
        "X^{(L)}": entries({0: x0, 1: y0, 2: y1}), "Y^{(L)}": entries({0: y0, 1: y1, 2: y2}),
        "Y": y2, r"\hat{Y}": target, "C": cost,
        r"\sigma": sigmoid, r"\alpha": rng.uniform(0.1, 1.0),
    }  # fmt: skip
