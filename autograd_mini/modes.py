"""Ways of running: without recording, or watching for numbers that are not finite.

A mode belongs to the context that entered it: neither threads nor asynchronous tasks leak into
one another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Mode", "current", "detect_anomaly", "no_grad"]


@dataclass(frozen=True, slots=True)
class Mode:
    """How operations on Values run.

    Attributes:
        recording: whether results remember how they were made.
        origins: the line of the user's code that made each node, while anomalies are looked for.
    """

    recording: bool = True
    origins: dict[Any, str] | None = None


_mode: ContextVar[Mode] = ContextVar("autograd_mini_mode", default=Mode())  # noqa: B039  # frozen
_counting = threading.Lock()

entered = 0
"""How many modes are entered anywhere in the process; while it is 0 nobody needs to look."""


def current() -> Mode:
    """The mode of the running context."""
    return _mode.get()


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: results are detached Values. A context manager and a decorator.

    >>> from autograd_mini import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.operands
    ()
    """
    with _entered(replace(_mode.get(), recording=False)):
        yield


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Stop at the first operation that makes a NaN or an infinity, forward or backward.

    Nodes that are to be found in a backward pass must be made in here too: their lines are noted
    (and the nodes kept alive) until the end of the block.

    Raises:
        FloatingPointError: naming the operation, its operands and the line of the user's code.

    >>> from autograd_mini import Value
    >>> with detect_anomaly():
    ...     Value(0.0).log()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    FloatingPointError: log(0.0) gave -inf, at ...
    """
    with _entered(replace(_mode.get(), origins={})):
        yield


@contextmanager
def recording() -> Iterator[None]:
    """Record even inside `no_grad`: a function asked for its derivative needs its history."""
    if _mode.get().recording:
        yield
    else:
        with _entered(replace(_mode.get(), recording=True)):
            yield


@contextmanager
def _entered(mode: Mode) -> Iterator[None]:
    global entered  # noqa: PLW0603  # a plain global is what a hot path can afford to read
    with _counting:
        entered += 1
    token = _mode.set(mode)
    try:
        yield
    finally:
        _mode.reset(token)
        with _counting:
            entered -= 1
