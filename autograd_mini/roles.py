"""What the nodes of a graph are for, found from labels and operations.

The rules are those that `snapshot` states; whoever knows better gives it other roles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from .value import Value

__all__ = ["ACTIVATIONS", "Role", "find_roles"]

Role = Literal["input", "weight", "target", "operation", "activation", "loss"]

ACTIVATIONS = frozenset(
    {"elu", "gelu", "gelu_tanh", "leaky_relu", "logsigmoid", "mish", "relu"}
    | {"selu", "sigmoid", "silu", "softplus", "tanh"}
)
"""The operations that end a neuron."""


def find_roles(
    values: Sequence[Value], labels: Sequence[str], roots: Sequence[Value]
) -> list[Role]:
    """The role of each value.

    Args:
        values: the Values of a graph, each after its operands.
        labels: their labels, "" for none.
        roots: those of them that the graph was asked for.

    >>> w, x = Value(0.5, label="w"), Value(2.0, label="x")
    >>> find_roles([w, x, w * x], ["w", "x", ""], [])
    ['weight', 'input', 'operation']
    """
    summed = {
        operand
        for value in values
        if value.op == "dot"
        for operand in (*value.operands[: len(value.operands) // 2], value.operands[-1])
        if isinstance(operand, Value)
    }
    multiplied = {
        operand
        for value in values
        if value.op in ("mul", "dot")
        for operand in value.operands[: -1 if value.op == "dot" else None]
        if isinstance(operand, Value)
    }
    learns = any(_WEIGHT.match(label) for v, label in zip(values, labels, strict=True) if not v.op)
    roles: list[Role] = []
    for value, label in zip(values, labels, strict=True):
        if value.op:
            roles.append("activation" if value.op in ACTIVATIONS else "operation")
        elif not label:
            roles.append("weight" if value in summed else "input")
        elif _WEIGHT.match(label) or (
            learns and _BIAS_BESIDE_WEIGHTS.match(label) and value not in multiplied
        ):
            roles.append("weight")
        elif _TARGET.match(label) or (learns and _TARGET_BESIDE_WEIGHTS.match(label)):
            roles.append("target")
        else:
            roles.append("input")
    if len(roots) == 1 and roots[0].op:
        root, label = roots[0], labels[-1]  # the only output comes last
        compares = "target" in roles or (learns and root.op not in _ENDS_OF_MODELS)
        if _LOSS.match(label) or (compares and not label):
            roles[-1] = "loss"
    return roles


def _named(*words: str) -> re.Pattern[str]:
    """Labels that are one of the words, alone or indexed: w, w2, w_1, w^{2}_{11}, but not wind."""
    return re.compile(rf"({'|'.join(words)})(?=$|[\d_^\[({{.'′⁰¹²³⁴-⁹₀-₉])")


_WEIGHT = _named("w", "W", "θ", "theta", "weights?", "bias", "biases")
_TARGET = _named("targets?")
_LOSS = _named("L", "E", "C", "J", "ℒ", "[lL]oss", "[eE]rror", "[cC]ost")
# What these letters stand for beside weights; elsewhere they are as likely inputs.
_BIAS_BESIDE_WEIGHTS = _named("b", "B")
_TARGET_BESIDE_WEIGHTS = _named("t", "T", "y", "Y")

_ENDS_OF_MODELS = ACTIVATIONS | {"add", "sub", "mul", "neg", "dot"}
