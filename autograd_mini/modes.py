"""Ways of running: without recording, or watching for numbers that are not finite.

A mode belongs to the context that entered it: neither threads nor asynchronous tasks leak into
one another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ContextDecorator, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, Self, TypeVar

__all__ = ["Entered", "Mode", "current", "detect_anomaly", "no_grad"]


F = TypeVar("F", bound=Callable[..., Any])


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


class Entered(ContextDecorator):
    """A mode that is entered by `with`, or around every call of a function.

    Args:
        change: from the mode outside to the mode inside.
    """

    def __init__(self, change: Callable[[Mode], Mode]) -> None:
        self._change = change

    def __enter__(self) -> None:
        global entered  # noqa: PLW0603  # a plain global is what a hot path can afford to read
        with _counting:
            entered += 1
        self._token = _mode.set(self._change(_mode.get()))

    def __exit__(self, *exception: object) -> None:
        global entered  # noqa: PLW0603
        _mode.reset(self._token)
        with _counting:
            entered -= 1

    def __call__(self, function: F) -> F:
        """The function, every call of which runs in a mode of its own.

        Raises:
            TypeError: if the function computes after the call, and so outside of it.
        """
        if (
            isgeneratorfunction(function)
            or iscoroutinefunction(function)
            or isasyncgenfunction(function)
        ):
            raise TypeError(
                f"{function.__qualname__}() computes after it was called, when the mode has "
                "ended: write a with block inside it"
            )
        return super().__call__(function)

    def _recreate_cm(self) -> Self:
        return type(self)(self._change)


def no_grad() -> Entered:
    """Compute without recording: results are detached Values. A context manager and a decorator.

    >>> from autograd_mini import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.operands
    ()
    """
    return Entered(lambda mode: replace(mode, recording=False))


def detect_anomaly() -> Entered:
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
    return Entered(lambda mode: replace(mode, origins={}))


def recording() -> AbstractContextManager[None]:
    """Record even inside `no_grad`: a function asked for its derivative needs its history."""
    if _mode.get().recording:
        return nullcontext()
    return Entered(lambda mode: replace(mode, recording=True))
