"""What the symbols of through_time.tex stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot, sum
from autograd_mini.derivation import Notation, entries

notation = Notation(layout="numerator")


@notation.scope
def network(rng: Random, states: int, inputs: int, outputs: int) -> dict[str, Any]:
    """Three steps, with an output and a loss at each; the state begins at time 0."""

    def vector(n: int) -> list[Value]:
        return [Value(rng.gauss()) for _ in range(n)]

    def matrix(rows: int, columns: int) -> list[list[Value]]:
        return [vector(columns) for _ in range(rows)]

    w, u, v = matrix(states, states), matrix(states, inputs), matrix(outputs, states)
    b, c, times = vector(states), vector(outputs), (1, 2, 3)
    x, y = {t: vector(inputs) for t in times}, {t: vector(outputs) for t in times}
    h, a, o = {0: vector(states)}, {}, {}
    for t in times:
        a[t] = [dot([*w[i], *u[i]], [*h[t - 1], *x[t]], b[i]) for i in range(states)]
        h[t] = [s.tanh() for s in a[t]]
        o[t] = [dot(v[k], h[t], c[k]) for k in range(outputs)]
    losses = {t: 0.5 * sum([(p - q) ** 2 for p, q in zip(o[t], y[t], strict=True)]) for t in times}
    return {
        r"\tau": 3, "W": w, "U": u, "V": v, "b": b, "c": c, "x_t": entries(x), "y_t": entries(y),
        "h_t": entries(h), "a_t": entries(a), "o_t": entries(o), "L_t": entries(losses),
        "L": sum(list(losses.values())),
    }  # fmt: skip
