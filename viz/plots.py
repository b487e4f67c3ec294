"""Plots of learning, with matplotlib: losses, epoch by epoch, and gradients, layer by layer.

Each function draws on the axes it is given, or on new ones, and returns them; none shows a window.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .axes import COLOURS, axes_or_new, is_number, matplotlib, shown_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_gradient_flow", "plot_history"]

MOST_LETTERS = 50  # below the axis, until they would run into one another


def plot_history(history: Any, *, ax: Axes | None = None) -> Axes:
    """The loss and every metric, epoch by epoch.

    Args:
        history: a mapping from names to lists of numbers, one per epoch, or something whose
            `to_dict()` gives one, as `nn.fit` returns it. A mapping of that kind inside it is
            drawn too; learning rates and seconds, which are not to be compared with these, are
            not.
        ax: the axes to draw on, None for new ones.

    Raises:
        TypeError: if there is no list of numbers in it.
        ImportError: if matplotlib is not installed.

    >>> plot_history({"loss": [0.5, 0.25, 0.2]}).get_ylabel()
    'loss'
    """
    found = history.to_dict() if hasattr(history, "to_dict") else history
    curves = _curves(found) if isinstance(found, Mapping) else {}
    if not curves:
        raise TypeError(
            f"a history is a mapping from names to lists of numbers, not {type(history).__name__} "
            f"{history!r:.60}: give what nn.fit returned, or {{'loss': [...]}}"
        )
    axes: Axes = axes_or_new(ax)
    for (name, numbers), colour in zip(curves.items(), COLOURS * len(curves), strict=False):
        # A name that begins with _ would be left out of the legend.
        shown = shown_name(name).replace("_", " ").strip() or "?"
        epochs = range(1, len(numbers) + 1)
        (line,) = axes.plot(epochs, numbers, color=colour, marker="." if len(numbers) == 1 else "")
        line.set_label(shown)
    losses = all("loss" in name.lower() for name in curves)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss" if losses else "loss and metrics")
    ticks = matplotlib("ticker").MaxNLocator(integer=True, steps=[1, 2, 5, 10])
    axes.xaxis.set_major_locator(ticks)
    if len(curves) > 1:
        axes.legend()
    return axes


def plot_gradient_flow(model: Any, *, ax: Axes | None = None) -> Axes:
    """How large the gradients of a model's parameters are, layer by layer, after `backward()`.

    Each box reaches from the first to the third quartile of |gradient|, with a line at the median.
    Gradients of 0, which have no place on the logarithmic scale, are counted below.

    Args:
        model: something with `named_parameters()`, as the modules of `nn` have.
        ax: the axes to draw on, None for new ones.

    Raises:
        TypeError: if the model has no `named_parameters()`.
        ValueError: if every gradient is 0 or not finite.
        ImportError: if matplotlib is not installed.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], rng=0)
    >>> model([1.0, 2.0])[0].backward()
    >>> plot_gradient_flow(model).get_ylabel()
    '|gradient|'
    """
    if not hasattr(model, "named_parameters"):
        raise TypeError(
            f"the gradients of {type(model).__name__} {model!r:.60} cannot be found: give a module "
            "of nn, which has named_parameters()"
        )
    layers: dict[str, list[float]] = {}
    for name, parameter in model.named_parameters():
        layer, neurons, _ = name.rpartition(".neurons.")
        layer = layer if neurons else name.partition(".")[0]
        layers.setdefault(layer or "parameters", []).append(abs(parameter.grad))
    drawn = {n: [g for g in sizes if 0.0 < g < math.inf] for n, sizes in layers.items()}
    if not any(drawn.values()):
        raise ValueError("there are no gradients to plot: call backward() on a loss first")
    axes: Axes = axes_or_new(ax)
    labels = []
    for name, sizes in layers.items():
        left_out = len(sizes) - len(drawn[name])
        note = f"\n{left_out} of {len(sizes)} not shown" if left_out else ""
        labels.append(shown_name(name) + note)
    axes.boxplot(
        list(drawn.values()),
        tick_labels=labels,
        patch_artist=True,
        boxprops={"facecolor": "#dbeafe", "edgecolor": "#2563eb"},
        medianprops={"color": "#d55e00"},
        whis=(0, 100),
    )
    if sum(map(len, labels)) > MOST_LETTERS:
        axes.tick_params("x", labelrotation=20)
    axes.set_yscale("log")
    axes.set(xlabel="layer, from the inputs on", ylabel="|gradient|")
    return axes


def _curves(found: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    curves: dict[str, Sequence[float]] = {}
    for name, thing in found.items():
        if isinstance(thing, Mapping):
            curves |= _curves(thing)
        elif (
            isinstance(thing, Sequence)
            and thing
            and all(is_number(number) for number in thing)
            and name not in ("learning_rate", "seconds")
        ):
            curves[str(name)] = thing
    return curves
