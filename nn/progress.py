"""A progress bar for work that takes a while, by rich where it is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

__all__ = ["progress_bar"]

DELAY = 1.0  # seconds without a bar: shorter work needs none


@contextmanager
def progress_bar(total: int, *, shown: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function to be called after each of `total` steps, with a few words beside the bar.

    The bar appears after a second, on standard error if that is a terminal, and goes when the block
    is left. Without rich there is none.

    >>> with progress_bar(2, shown=False) as advance:
    ...     advance("loss 0.5")
    """
    bar = _bar() if shown and sys.stderr.isatty() else None
    if bar is None:
        yield lambda words: None
        return
    task = bar.add_task("", total=total)
    start = monotonic()

    def advance(words: str) -> None:
        if not bar.live.is_started and monotonic() - start >= DELAY:
            bar.start()
        bar.update(task, advance=1, description=words)

    try:
        yield advance
    finally:
        bar.stop()


def _bar() -> Any:
    """A bar of rich's that is not shown yet; None without rich."""
    try:
        from rich.console import Console  # noqa: PLC0415  # only who wants a bar waits for it
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    except ImportError:
        return None
    words = TextColumn("{task.completed}/{task.total} {task.description}")
    console = Console(stderr=True)
    return Progress(BarColumn(), words, TimeRemainingColumn(), console=console, transient=True)
