"""What happened while a model learned: plain numbers, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Epoch", "History"]


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the data.

    Attributes:
        loss: the mean of the losses, penalty included, each taken before the step that it led to.
        metrics: the mean of every metric over the same predictions, and "validation_…" for those
            of the validation data at the end of the epoch.
        learning_rate: the optimizer's.
        seconds: how long it took.
    """

    loss: float
    metrics: Mapping[str, float]
    learning_rate: float
    seconds: float


@dataclass(slots=True)
class History:
    """Every finished epoch of a training.

    Attributes:
        epochs: an `Epoch` for each.
        stopped: why it ended before its last epoch, "" if it did not.

    >>> history = History([Epoch(0.5, {"accuracy": 0.9}, 0.1, 2.0)])
    >>> history.loss, history.metrics, history.seconds
    ([0.5], {'accuracy': [0.9]}, 2.0)
    """

    epochs: list[Epoch] = field(default_factory=list)
    stopped: str = ""

    def __len__(self) -> int:
        return len(self.epochs)

    @property
    def loss(self) -> list[float]:
        """The loss of every epoch."""
        return [epoch.loss for epoch in self.epochs]

    @property
    def metrics(self) -> dict[str, list[float]]:
        """Every metric by its name, epoch by epoch."""
        names = self.epochs[0].metrics if self.epochs else {}
        return {name: [epoch.metrics[name] for epoch in self.epochs] for name in names}

    @property
    def seconds(self) -> float:
        """How long all epochs took together."""
        return sum(epoch.seconds for epoch in self.epochs)

    def to_dict(self) -> dict[str, Any]:
        """The same as lists and numbers that JSON can write.

        >>> History([Epoch(0.5, {}, 0.1, 2.0)]).to_dict()
        {'loss': [0.5], 'metrics': {}, 'learning_rate': [0.1], 'seconds': [2.0], 'stopped': ''}
        """
        return {
            "loss": self.loss,
            "metrics": self.metrics,
            "learning_rate": [epoch.learning_rate for epoch in self.epochs],
            "seconds": [epoch.seconds for epoch in self.epochs],
            "stopped": self.stopped,
        }

    def __repr__(self) -> str:
        last = f", loss {self.epochs[-1].loss:.6g}" if self.epochs else ""
        stopped = f", stopped: {self.stopped}" if self.stopped else ""
        return f"<history of {len(self)} epochs{last}{stopped}>"
