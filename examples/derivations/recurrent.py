"""What the symbols of recurrent.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot, gradients, sum
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def network(rng: Random, states: int, inputs: int) -> dict[str, Any]:
    """Two steps; the states and inputs by time."""

    def vector(n: int) -> list[Value]:
        return [Value(rng.gauss()) for _ in range(n)]

    u, v = [vector(inputs) for _ in range(states)], [vector(states) for _ in range(states)]
    g, x, h = vector(states), {t: vector(inputs) for t in (1, 2)}, {0: vector(states)}
    a: dict[int, list[Value]] = {}
    for t in (1, 2):
        a[t] = [dot([*u[i], *v[i]], [*x[t], *h[t - 1]]) for i in range(states)]
        h[t] = [pre.tanh() for pre in a[t]]
    error = 0.5 * sum([(s - goal) ** 2 for s, goal in zip(h[2], g, strict=True)])
    delta = {t: gradients(error, a[t]) for t in (1, 2)}
    return {
        "U": u, "V": v, "g": g, "E": error, "x_t": entries(x), "h_t": entries(h),
        "a_t": entries(a), r"\delta_t": entries(delta),
    }  # fmt: skip
