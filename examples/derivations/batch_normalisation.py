"""What the symbols of batch_normalisation.tex stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, mean, sin, sqrt, sum
from autograd_mini.derivation import Notation, entries

notation = Notation(sizes=[{"m": 4}, {"m": 3}])


@notation.scope
def normalisation(rng: Random, m: int) -> dict[str, Any]:
    """One feature of a batch; what follows it is some smooth function."""
    x = [Value(rng.gauss()) for _ in range(m)]
    gamma, beta, epsilon = Value(rng.gauss()), Value(rng.gauss()), 0.01
    centre = mean(x)
    variance = mean([(v - centre) ** 2 for v in x])
    scale = sqrt(variance + epsilon)
    normal = [(v - centre) / scale for v in x]
    y = [gamma * v + beta for v in normal]
    cost = sum([sin(v + rng.gauss()) for v in y]) + y[0] * y[-1]
    return {
        "m": m, "x_i": entries(x), r"\mu": centre, "v": variance, r"\hat{x}_i": entries(normal),
        "y_i": entries(y), r"\gamma": gamma, r"\beta": beta, r"\epsilon": epsilon, r"\ell": cost,
    }  # fmt: skip
