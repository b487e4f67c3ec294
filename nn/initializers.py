"""How weights start: numbers drawn at random, of a size that suits the layer.

Every rule draws uniformly between −r and r; the rules differ in r alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import cast

from .activations import ACTIVATIONS, ActivationFunction
from .arguments import as_named

__all__ = ["INITIALIZERS", "Initializer", "he", "initializer", "uniform", "xavier"]

Initializer = Callable[[int, int, Random], float]
"""From the number of inputs, the number of units and a generator to one weight."""


def uniform(nin: int, nout: int, rng: Random) -> float:
    """A weight with r = 1/√nin, whatever the number of units.

    >>> abs(uniform(4, 1, Random(0))) <= 0.5
    True
    """
    radius = math.sqrt(1 / nin)
    return rng.uniform(-radius, radius)


def xavier(nin: int, nout: int, rng: Random) -> float:
    """A weight with r = √(6 / (nin + nout)), which suits sigmoid, tanh and no activation.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
    networks (2010), equation 16.

    >>> abs(xavier(4, 2, Random(0))) <= 1.0
    True
    """
    radius = math.sqrt(6 / (nin + nout))
    return rng.uniform(-radius, radius)


def he(nin: int, nout: int, rng: Random) -> float:
    """A weight with r = √(6 / nin), of variance 2/nin, which suits relu.

    Source: He et al., Delving deep into rectifiers (2015), equation 10.

    >>> abs(he(6, 1, Random(0))) <= 1.0
    True
    """
    radius = math.sqrt(6 / nin)
    return rng.uniform(-radius, radius)


INITIALIZERS: dict[str, Initializer] = {"uniform": uniform, "xavier": xavier, "he": he}
"""Every rule by its name."""


def initializer(
    init: str | Initializer | None, activation: ActivationFunction | None
) -> Initializer:
    """The rule for a name, the rule that was given, or for None the one that suits the activation.

    Args:
        init: a name in `INITIALIZERS`, a function like `xavier`, or None.
        activation: the activation of the layer, as `activation_function` returns it.

    Raises:
        ValueError: for an unknown name.
        TypeError: for anything that cannot be called.

    >>> from autograd_mini import relu
    >>> initializer(None, relu) is he
    True
    """
    if init is None:
        return he if activation in _RECTIFIERS else xavier
    return cast("Initializer", as_named(init, "initializer", INITIALIZERS))


# relu and its smooth relatives: about half of what they are given comes through.
_RECTIFIERS = [
    ACTIVATIONS[name]
    for name in ("relu", "leaky_relu", "elu", "gelu", "gelu_tanh", "silu", "mish", "softplus")
]
