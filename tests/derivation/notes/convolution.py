"""What the symbols of convolution.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, gradients, sin, sum
from autograd_mini.derivation import Notation

notation = Notation(first_index=0, sizes=[{"n": 6, "K": 3}, {"n": 7, "K": 2}])


@notation.scope
def signal(rng: Random, n: int, K: int) -> dict[str, Any]:  # noqa: N803  # the document's letter
    """A signal, a kernel and some smooth loss."""
    x, w = [[Value(rng.gauss()) for _ in range(length)] for length in (n, K)]
    b = Value(rng.gauss())
    y = [sum([w[k] * x[i + k] for k in range(K)]) + b for i in range(n - K + 1)]
    loss = sum([sin(v + rng.gauss()) for v in y])
    return {
        "n": n, "K": K, "x": x, "w": w, "b": b, "y": y, "L": loss, "g": gradients(loss, y),
    }  # fmt: skip
