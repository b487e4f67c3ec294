"""What the symbols of layers.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot, gradients, sum, tanh
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def network(rng: Random, p: int, q: int, r: int, s: int) -> dict[str, Any]:
    """Three layers of different widths."""

    def vector(n: int) -> list[Value]:
        return [Value(rng.gauss()) for _ in range(n)]

    x, y = vector(p), vector(s)
    a, z = {0: x}, {}
    weights, biases = {}, {}
    for level, (inputs, outputs) in enumerate(((p, q), (q, r), (r, s)), start=1):
        weights[level] = [vector(inputs) for _ in range(outputs)]
        biases[level] = vector(outputs)
        z[level] = [
            dot(row, a[level - 1], bias)
            for row, bias in zip(weights[level], biases[level], strict=True)
        ]
        a[level] = [tanh(v) for v in z[level]]
    cost = 0.5 * sum([(u - v) ** 2 for u, v in zip(a[3], y, strict=True)])
    delta = {level: gradients(cost, z[level]) for level in (1, 2, 3)}
    return {
        "x": x, "y": y, "C": cost, "g": tanh, r"\eta": rng.random(),
        r"\delta^{[l]}": entries(delta), "a^{[l]}": entries(a), "z^{[l]}": entries(z),
        "W^{[l]}": entries(weights), "b^{[l]}": entries(biases),
    }  # fmt: skip
