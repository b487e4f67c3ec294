"""What the symbols of batch_loss.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot, sum
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def batch(rng: Random, samples: int, features: int) -> dict[str, Any]:
    """A linear model on a batch, with a penalty on its weights."""
    w = [Value(rng.gauss()) for _ in range(features)]
    b, penalty = Value(rng.gauss()), rng.uniform(0.1, 1.0)
    x = [[Value(rng.gauss()) for _ in range(features)] for _ in range(samples)]
    t = [Value(rng.gauss()) for _ in range(samples)]
    f = [dot(w, sample, b) for sample in x]
    r = [guess - target for guess, target in zip(f, t, strict=True)]
    loss = sum([v * v for v in r]) / samples + penalty / 2 * dot(w, w)
    return {
        "N": samples, "w": w, "b": b, r"\lambda": penalty, r"\eta": rng.uniform(0.1, 1.0),
        "x^{(i)}": entries(x, "i"), "t^{(i)}": entries(t), "f^{(i)}": entries(f),
        "r^{(i)}": entries(r), r"\mathcal{L}": loss,
    }  # fmt: skip
