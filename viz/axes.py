"""What the plots share: axes to draw on, colours, and names as matplotlib shows them.

Nothing here loads matplotlib before a plot is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, TypeGuard

from .label import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "SHAPES", "axes_or_new", "is_number", "matplotlib", "shown_name"]

# Told apart also by those who see few colours (Okabe and Ito), and by their shapes in grey.
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
SHAPES = "os^Dv*"


def axes_or_new(ax: Axes | None) -> Any:
    """The axes that were given, or those of a new figure."""
    return matplotlib("pyplot").subplots(layout="constrained")[1] if ax is None else ax


def matplotlib(module: str) -> Any:
    """A module of matplotlib, which loads slowly and need not be installed.

    Raises:
        ImportError: if matplotlib is not installed.
    """
    try:
        return importlib.import_module(f"matplotlib.{module}")
    except ImportError as error:
        raise ImportError("plots need matplotlib: run pip install 'autograd-mini[plot]'") from error


def shown_name(name: str) -> str:
    r"""A name that matplotlib shows as it is: a $ would begin a formula.

    >>> shown_name("cost in $")
    'cost in \\$'
    """
    return clean(name).replace("$", r"\$")


def is_number(thing: object) -> TypeGuard[float]:
    """Whether it is a plain number.

    >>> is_number(1), is_number("1")
    (True, False)
    """
    return isinstance(thing, int | float)
