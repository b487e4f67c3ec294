"""How parameters, weighted sums and outputs are called: labels with LaTeX indices.

Pictures and derivations show them; nothing computes with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["NOTATIONS", "Notation", "notation_named"]


@dataclass(frozen=True, slots=True)
class Notation:
    """A way to write labels. Functions take the layer first, if there is one, then unit numbers.

    Attributes:
        first: the number of the first layer and of the first unit.
        input: of the network, from its number.
        weight: from the layer, the unit it leads from and the unit it leads to.
        bias: from the layer and the unit it is added to.
        weighted_sum: from the layer and the unit.
        output: from the layer and the unit.

    >>> NOTATIONS["from_to"].weight(2, 1, 3), NOTATIONS["matrix"].weight(2, 1, 3)
    ('w^{2}_{13}', 'w^{(2)}_{31}')
    """

    first: int
    input: Callable[[int], str]
    weight: Callable[[int, int, int], str]
    bias: Callable[[int, int], str]
    weighted_sum: Callable[[int, int], str]
    output: Callable[[int, int], str]


def _side_by_side(i: int, j: int) -> str:
    """Two indices, with a comma where that could be misread."""
    return f"{i}{j}" if i < 10 and j < 10 else f"{i},{j}"


NOTATIONS = {
    # Layers and units count from 1, the inputs are layer 1: w^{L}_{ij} leads from unit i of layer
    # L to unit j of layer L + 1, whose output is O^{L+1}_{j}.
    "from_to": Notation(
        first=1,
        input=lambda i: f"x_{{{i}}}",
        weight=lambda layer, i, j: f"w^{{{layer}}}_{{{_side_by_side(i, j)}}}",
        bias=lambda layer, j: f"b^{{{layer}}}_{{{j}}}",
        weighted_sum=lambda layer, j: f"I_{{O^{{{layer + 1}}}_{{{j}}}}}",
        output=lambda layer, j: f"O^{{{layer + 1}}}_{{{j}}}",
    ),
    # Everything counts from 0, and w^{(L)}_{mn} is the entry of W in row m, column n: it leads to
    # unit m from unit n. Y = WX + B, and what comes out is the next layer's X.
    "matrix": Notation(
        first=0,
        input=lambda i: f"x^{{(0)}}_{{{i}}}",
        weight=lambda layer, i, j: f"w^{{({layer})}}_{{{_side_by_side(j, i)}}}",
        bias=lambda layer, j: f"b^{{({layer})}}_{{{j}}}",
        weighted_sum=lambda layer, j: f"y^{{({layer})}}_{{{j}}}",
        output=lambda layer, j: f"x^{{({layer + 1})}}_{{{j}}}",
    ),
}
"""Every notation by its name."""


def notation_named(notation: str | Notation) -> Notation:
    """The notation for a name, or the one that was given.

    Raises:
        ValueError: for an unknown name.
        TypeError: for anything else.

    >>> notation_named("matrix").first
    0
    """
    if isinstance(notation, Notation):
        return notation
    if not isinstance(notation, str):
        raise TypeError(
            f"notation must be a name or a Notation, not {type(notation).__name__} {notation!r:.60}"
        )
    if notation not in NOTATIONS:
        raise ValueError(
            f"no notation is named {notation!r}: write one of {', '.join(map(repr, NOTATIONS))}, "
            "or give a Notation"
        )
    return NOTATIONS[notation]
