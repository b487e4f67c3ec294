"""What the symbols of layer_normalisation.tex stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, mean, sin, sqrt, sum
from autograd_mini.derivation import Notation

notation = Notation()


@notation.scope
def vector(rng: Random, d: int) -> dict[str, Any]:
    """A vector, centred and scaled, with some smooth loss after it."""
    x = [Value(rng.gauss()) for _ in range(d)]
    centre = mean(x)
    s = sqrt(mean([(v - centre) ** 2 for v in x]))
    y = [(v - centre) / s for v in x]
    loss = sum([sin(v + rng.gauss()) for v in y])
    return {"d": d, "x": x, r"\bar{x}": centre, "s": s, "y": y, r"\ell": loss}
