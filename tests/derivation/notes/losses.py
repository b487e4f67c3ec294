"""What the symbols of losses.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, exp, log, maximum, sigmoid, sum, where
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def prediction(rng: Random, n: int) -> dict[str, Any]:
    """One prediction with its label and target, and two distributions."""
    f, y, t = Value(rng.gauss()), Value(rng.choice([-1.0, 1.0])), Value(rng.random())
    m, p, delta = y * f, sigmoid(f), 0.7
    first, second = [[Value(rng.uniform(0.1, 1.0)) for _ in range(n)] for _ in range(2)]

    def huber(r: Value) -> Any:
        return where(abs(r) <= delta, 0.5 * r * r, delta * (abs(r) - 0.5 * delta))

    return {
        "f": f, "y": y, "t": t, "m": m, "p": p, "r": f - y, r"\sigma": sigmoid, r"\delta": delta,
        r"\ell_h": maximum(0.0, 1 - m), r"\ell_\delta": huber, r"\ell_l": log(1 + exp(-m)),
        r"\ell_b": -t * log(p) - (1 - t) * log(1 - p), "p_i": entries(first),
        "q_i": entries(second),
        "D": sum([a * log(a / b) for a, b in zip(first, second, strict=True)]),
    }  # fmt: skip
