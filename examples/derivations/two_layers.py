"""What the symbols of two_layers.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def network(rng: Random) -> dict[str, Any]:
    """Two inputs, two hidden units, one output."""
    x, b, u = ([Value(rng.gauss()) for _ in range(2)] for _ in range(3))
    v = [[Value(rng.gauss()) for _ in range(2)] for _ in range(2)]  # from input i to unit j
    c, y = Value(rng.gauss()), Value(rng.gauss())
    z = [dot([v[0][j], v[1][j]], x, b[j]) for j in range(2)]
    h = [pre.tanh() for pre in z]
    guess = dot(u, h, c)
    return {
        "x_i": entries(x), "b_j": entries(b), "u_j": entries(u), "v_{ij}": entries(v), "c": c,
        "z_j": entries(z), "h_j": entries(h), r"\hat{y}": guess, "y": y,
        r"\ell": 0.5 * (guess - y) ** 2,
    }  # fmt: skip
