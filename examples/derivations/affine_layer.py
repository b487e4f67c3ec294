"""What the symbols of affine_layer.tex stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, dot, gradients, sin, softplus, sum
from autograd_mini.derivation import Notation, entries

notation = Notation(layout="mixed")


@notation.scope
def layer(rng: Random, rows: int, columns: int) -> dict[str, Any]:
    """An affine map, softplus as the nonlinearity, and some smooth function of what comes out."""
    a_matrix = [[Value(rng.gauss()) for _ in range(columns)] for _ in range(rows)]
    x, c = ([Value(rng.gauss()) for _ in range(n)] for n in (columns, rows))
    s = [dot(row, x, bias) for row, bias in zip(a_matrix, c, strict=True)]
    a = [softplus(pre) for pre in s]
    cost = sum([sin(v + rng.gauss()) for v in a]) + a[0] * a[-1]
    delta = gradients(cost, s)
    return {
        "A": a_matrix, r"\mathbf{x}": x, r"\mathbf{c}": c, r"\mathbf{s}": s, r"\mathbf{a}": a,
        "s_i": entries(s), "x_k": entries(x), "g": softplus, "J": cost,
        r"\boldsymbol{\delta}": delta, r"\delta_j": entries(delta),
    }  # fmt: skip
