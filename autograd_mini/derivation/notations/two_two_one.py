r"""Notation of notes on a 2-2-1 network of sigmoid units without biases.

w^{L}_{ij} is the weight from unit i of layer L to unit j of the next, O^{L}_{i} what unit i of
layer L puts out and I_{O^{L}_{i}} the weighted sum that goes into it. \Delta is target − output,
\delta its square.
"""

from random import Random
from typing import Any

from autograd_mini import Value, dot, sigmoid
from autograd_mini.derivation import Notation, entries

notation = Notation(macros={r"\Sigma": r"\sum"})


@notation.scope
def network(rng: Random) -> dict[str, Any]:
    """The network at random weights and inputs."""
    inputs = {i: Value(rng.gauss()) for i in (1, 2)}
    target = Value(rng.gauss())
    w = {(1, i, j): Value(rng.gauss()) for i in (1, 2) for j in (1, 2)}
    w |= {(2, i, 1): Value(rng.gauss()) for i in (1, 2)}
    output = {(1, i): x for i, x in inputs.items()}
    weighted = {}
    for layer, width_in, width_out in ((1, 2, 2), (2, 2, 1)):
        for j in range(1, width_out + 1):
            weights = [w[layer, i, j] for i in range(1, width_in + 1)]
            below = [output[layer, i] for i in range(1, width_in + 1)]
            weighted[layer + 1, j] = dot(weights, below)
            output[layer + 1, j] = sigmoid(weighted[layer + 1, j])
    difference = target - output[3, 1]
    error = difference**2
    return {
        "w^{L}_{ij}": entries(w),
        "O^{L}_{i}": entries(output),
        "I_{O^{L}_{i}}": entries(weighted),
        "I_{i}": entries(inputs),
        r"\sigma": sigmoid,
        "target": [target],
        "target_{i}": entries({1: target}),
        "calculated": [output[3, 1]],
        r"\Delta": [difference],
        r"\Delta_{O^{L}_{i}}": entries({(3, 1): difference}),
        r"\delta_{O^{L}_{i}}": entries({(3, 1): error}),
        r"\delta_{O}": error,
        "Error": error,
    }
