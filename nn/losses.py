"""How far predictions are from what they should be, as one number to make small.

A loss is of one sample: a vector of predictions beside its target. Values among the numbers give a
Value, floats alone give a float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import Any

from autograd_mini import Value, clamp, dot, logsumexp, mean, relu, sigmoid, softplus

from .arguments import Number, as_rate, as_vector, is_integer

__all__ = [
    "FOR_ANY_TARGET",
    "LOSSES",
    "Loss",
    "accuracy",
    "binary_cross_entropy",
    "hinge",
    "huber",
    "l2",
    "mae",
    "mse",
    "softmax",
    "softmax_cross_entropy",
]

Loss = Callable[[Sequence[Any], Any], Any]
"""From predictions and a target to one number."""


def mse(predictions: Sequence[Number], target: Number | Sequence[Number]) -> Any:
    """The mean of the squared errors, (1/n) Σ (prediction − target)².

    Args:
        predictions: n numbers, such as what a model returned.
        target: the n numbers that they should be; a number alone stands for a list of one.

    Raises:
        TypeError: if predictions is no sequence of numbers.
        ValueError: if there are not as many of the one as of the other, or none.

    >>> mse([1.0, 5.0], [1.0, 2.0])
    4.5
    """
    return mean([error**2 for error in _errors("mse", predictions, target)])


def mae(predictions: Sequence[Number], target: Number | Sequence[Number]) -> Any:
    """The mean of the errors' sizes, (1/n) Σ |prediction − target|. Arguments as for `mse`.

    >>> mae([1.0, 5.0], [1.0, 2.0])
    1.5
    """
    return mean([abs(error) for error in _errors("mae", predictions, target)])


def huber(
    predictions: Sequence[Number], target: Number | Sequence[Number], *, delta: float = 1.0
) -> Any:
    """The mean of e²/2 for errors up to delta, which goes on as a straight line beyond.

    Huber, Robust Estimation of a Location Parameter (1964).

    Args:
        predictions: n numbers.
        target: the n numbers that they should be.
        delta: where the parabola ends.

    >>> huber([1.0, 5.0], [1.5, 2.0])
    1.3125
    """
    delta = as_rate(delta, "delta")
    errors = _errors("huber", predictions, target)
    near = [clamp(error, -delta, delta) for error in errors]
    return mean([c * (error - 0.5 * c) for c, error in zip(near, errors, strict=True)])


def hinge(predictions: Sequence[Number], target: Number | Sequence[Number]) -> Any:
    """The mean of max(0, 1 − target · prediction), for targets −1 and 1.

    Raises:
        ValueError: if a target is another number.

    >>> hinge([0.25, 3.0], [1, 1])
    0.375
    """
    pairs = _pairs("hinge", predictions, target)
    for _, t in pairs:
        if t not in (-1, 1):
            raise ValueError(
                f"hinge takes targets −1 and 1, not {t!r}: data.relabeled(-1, 1) renames two "
                "classes so"
            )
    return _hinge(pairs)


def binary_cross_entropy(predictions: Sequence[Number], target: Number | Sequence[Number]) -> Any:
    """The mean of −t log σ(z) − (1 − t) log(1 − σ(z)), for logits z and probabilities t.

    It is made of the terms t softplus(−z) and (1 − t) softplus(z), so that it keeps its digits
    where the loss is tiny, and never overflows.

    Args:
        predictions: logits: the sigmoid of each is the probability that it stands for.
        target: for each the right probability, mostly 0 or 1.

    Raises:
        ValueError: if a target is not between 0 and 1.

    >>> binary_cross_entropy([40.0], 1)
    4.248354255291589e-18
    """
    terms = []
    for z, t in _pairs("binary_cross_entropy", predictions, target):
        if not 0 <= t <= 1:
            raise ValueError(
                f"binary_cross_entropy takes targets from 0 to 1, not {t!r}: data.relabeled(0, 1) "
                "renames two classes so"
            )
        if t in (0, 1):
            terms.append(softplus(-z if t == 1 else z))
        else:
            terms.append(_cross_entropy(z, t))
    return mean(terms)


def softmax_cross_entropy(predictions: Sequence[Number], target: int | Sequence[Number]) -> Any:
    """−log of the probability that softmax gives to the right class: log Σ exp(z) − z_target.

    It is computed as softplus(log Σ exp(the other z) − z_target), which keeps its digits where the
    loss is tiny.

    Args:
        predictions: a logit per class, two at least.
        target: the right class, an int from 0; or a probability per class, for which the loss is
            the mean over the classes that is weighted so.

    Raises:
        TypeError: if target is neither.
        ValueError: if there is no such class, or the probabilities are none.

    >>> softmax_cross_entropy([0.0, 0.0], 1) == softmax_cross_entropy([5.0, 5.0], [0.5, 0.5])
    True
    >>> f"{softmax_cross_entropy([0.0, 50.0, 0.0], 1):.12g}"  # 2 exp(−50)
    '3.85749969593e-22'
    """
    logits = as_vector(predictions, "predictions")
    classes = len(logits)
    if classes < 2:
        raise ValueError(
            f"softmax_cross_entropy needs a logit per class, two at least, not {classes}: "
            "binary_cross_entropy takes a single one"
        )
    if is_integer(target):
        if not 0 <= (k := target.__index__()) < classes:
            raise ValueError(f"there is no class {k}: {classes} logits are those of classes from 0")
        return _class_loss(logits, k)
    shares = as_vector(target, "the target, if it is not an int,")
    if len(shares) != classes or not all(0 <= t <= 1 for t in shares):
        raise ValueError(f"a target of {classes} classes needs a probability for each: {shares!r}")
    if abs(sum(t.data if isinstance(t, Value) else t for t in shares) - 1.0) > 1e-6:
        raise ValueError(f"the probabilities of a target must add up to 1: {shares!r}")
    terms = [(t, _class_loss(logits, k)) for k, t in enumerate(shares) if t != 0]
    return dot(*zip(*terms, strict=True))


LOSSES: dict[str, Loss] = {
    "mse": mse,
    "mae": mae,
    "huber": huber,
    "hinge": hinge,
    "binary_cross_entropy": binary_cross_entropy,
    "softmax_cross_entropy": softmax_cross_entropy,
}
"""Every loss by its name."""

FOR_ANY_TARGET: dict[Loss, Loss] = {
    hinge: lambda predictions, target: _hinge(_pairs("hinge", predictions, target)),
    binary_cross_entropy: lambda predictions, target: mean(
        [_cross_entropy(z, t) for z, t in _pairs("binary_cross_entropy", predictions, target)]
    ),
    softmax_cross_entropy: lambda logits, shares: dot(
        shares, [_class_loss(logits, k) for k in range(len(logits))]
    ),
}
"""The losses that look at their target, as functions of one that is not known yet: Values."""


def l2(parameters: Iterable[Number]) -> Any:
    """The sum of the squares, to be added to a loss so that weights stay small.

    >>> l2([3.0, 4.0])
    25.0
    """
    values = list(parameters)
    return dot(values, values)


def softmax(logits: Sequence[Number]) -> list[Any]:
    """The probabilities that logits stand for, exp(z) / Σ exp(z).

    >>> softmax([0.0, 0.0, -1000.0])
    [0.5, 0.5, 0.0]
    """
    vector = as_vector(logits, "logits")
    return [sigmoid(-_margin(vector, k)) for k in range(len(vector))]


def accuracy(predictions: Sequence[Number], target: Number | Sequence[Number]) -> float:
    """1.0 if the prediction is of the right class, else 0.0; the mean over samples is a share.

    A single prediction is right if it lies on the same side of 0 as the target (1 against 0 or
    −1); of several, if the largest belongs to the target: an int, or the largest of a vector.

    >>> accuracy([0.3], 1), accuracy([0.1, 2.0, -1.0], 0)
    (1.0, 0.0)
    """
    if len(predictions) == 1:
        ((prediction, right),) = _pairs("accuracy", predictions, target)
        return float((prediction > 0) == (right > 0))
    best = max(range(len(predictions)), key=predictions.__getitem__)
    if not is_integer(target):
        shares = as_vector(target, "the target of several predictions, if it is not an int,")
        target = max(range(len(shares)), key=shares.__getitem__)
    return float(best == target)


def _hinge(pairs: Sequence[tuple[Any, Any]]) -> Any:
    return mean([relu(1.0 - t * p) for p, t in pairs])


def _cross_entropy(z: Any, t: Any) -> Any:
    """−t log σ(z) − (1 − t) log(1 − σ(z))."""
    return dot([t, 1.0 - t], [softplus(-z), softplus(z)])


def _class_loss(logits: Sequence[Any], k: int) -> Any:
    """−log of the probability of class k."""
    return softplus(_margin(logits, k))


def _margin(logits: Sequence[Any], k: int) -> Any:
    """By how much the other classes together outweigh class k, on the scale of logits."""
    return logsumexp([*logits[:k], *logits[k + 1 :]]) - logits[k]


def _errors(loss: str, predictions: Any, target: Any) -> list[Any]:
    """Each prediction minus its target."""
    return [p - t for p, t in _pairs(loss, predictions, target)]


def _pairs(loss: str, predictions: Any, target: Any) -> list[tuple[Any, Any]]:
    """Each prediction beside its target."""
    predictions = as_vector(predictions, "predictions")
    targets = [target] if isinstance(target, Real | Value) else as_vector(target, "target")
    if len(predictions) != len(targets) or not predictions:
        raise ValueError(
            f"{loss} needs as many targets as predictions, and one at least: there are "
            f"{len(predictions)} predictions and {len(targets)} targets"
        )
    return list(zip(predictions, targets, strict=True))
