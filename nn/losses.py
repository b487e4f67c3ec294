"""How far predictions are from what they should be, as one number to make small.

A loss is of one sample: a vector of predictions beside a vector of targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_mini import sum as total

from .arguments import Number, as_vector

__all__ = ["mse"]


def mse(predictions: Sequence[Number], targets: Sequence[Number]) -> Any:
    """The mean of the squared errors, (1/n) Σ (prediction − target)².

    Args:
        predictions: n numbers, such as what a model returned.
        targets: the n numbers that they should be.

    Returns:
        A Value; a float if all of the numbers are floats.

    Raises:
        TypeError: if either is no sequence of floats or Values.
        ValueError: if there are not as many of the one as of the other, or none.

    >>> mse([1.0, 5.0], [1.0, 2.0])
    4.5
    """
    errors = _errors("mse", predictions, targets)
    return total([error**2 for error in errors]) / len(errors)


def _errors(loss: str, predictions: Sequence[Number], targets: Sequence[Number]) -> list[Any]:
    """Each prediction minus its target."""
    predictions, targets = as_vector(predictions, "predictions"), as_vector(targets, "targets")
    if len(predictions) != len(targets) or not predictions:
        raise ValueError(
            f"{loss} needs as many targets as predictions, and one at least: there are "
            f"{len(predictions)} predictions and {len(targets)} targets"
        )
    return [prediction - target for prediction, target in zip(predictions, targets, strict=True)]
