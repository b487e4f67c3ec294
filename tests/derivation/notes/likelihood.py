"""What the symbols of likelihood.tex stand for."""

from math import pi
from random import Random
from typing import Any

from autograd_mini import Value, log, mean, sqrt, sum
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def sample(rng: Random, n: int) -> dict[str, Any]:
    """A sample; the variance is a variable, its root a result."""
    x = [Value(rng.gauss()) for _ in range(n)]
    mu, variance = Value(rng.gauss()), Value(rng.uniform(0.5, 2.0))
    terms = [-0.5 * log(2 * pi * variance) - (v - mu) ** 2 / (2 * variance) for v in x]
    return {
        "n": n, "x_i": entries(x), r"\bar{x}": mean(x), r"\mu": mu, r"\sigma^2": variance,
        r"\sigma": sqrt(variance), r"\ell": sum(terms),
    }  # fmt: skip
