"""What the symbols of logistic_regression.tex stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot, log, sigmoid, sum
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def regression(rng: Random, m: int, n: int) -> dict[str, Any]:
    """m samples of n features, labels 0 and 1."""
    theta = [Value(rng.gauss()) for _ in range(n)]
    x = [[Value(rng.gauss()) for _ in range(n)] for _ in range(m)]
    y = [Value(float(rng.random() < 0.5)) for _ in range(m)]
    s = [dot(theta, sample) for sample in x]
    chance = [sigmoid(score) for score in s]
    loss = -sum([t * log(p) + (1 - t) * log(1 - p) for t, p in zip(y, chance, strict=True)])
    return {
        "m": m, "n": n, r"\theta": theta, "X": x, "y": y, r"\pi": chance, "N": loss,
        r"\sigma": sigmoid, r"\eta": rng.uniform(0.1, 1.0),
        "x^{(i)}": entries(x, "i"), "y^{(i)}": entries(y), "s^{(i)}": entries(s),
        r"\pi^{(i)}": entries(chance),
    }  # fmt: skip
