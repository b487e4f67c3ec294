"""Plots of learning, with matplotlib: losses, decision boundaries, gradients by layer.

Each function draws on the axes it is given, or on new ones, and returns them; none shows a window.
Nothing here builds a graph.
"""

from __future__ import annotations

import importlib
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd_mini import Value

from .label import clean
from .saving import save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["animate_training", "plot_decision_boundary", "plot_gradient_flow", "plot_history"]

Samples = Iterable[tuple[Sequence[float], Any]]

# Told apart also by those who see few colours (Okabe and Ito), and by their shapes in grey.
_COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_SHAPES = "os^Dv*"
_STEPS = 100  # points of the plane along each side


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
    axes: Axes = _axes(ax)
    for (name, numbers), colour in zip(curves.items(), _COLOURS * len(curves), strict=False):
        # A name that begins with _ would be left out of the legend, and $ would begin a formula.
        shown = clean(name).lstrip("_") or "?"
        epochs = range(1, len(numbers) + 1)
        (line,) = axes.plot(epochs, numbers, color=colour, marker="." if len(numbers) == 1 else "")
        line.set_label(shown.replace("$", r"\$"))
    losses = all("loss" in name.lower() for name in curves)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss" if losses else "loss and metrics")
    axes.xaxis.set_major_locator(_matplotlib("ticker").MaxNLocator(integer=True))
    if len(curves) > 1:
        axes.legend()
    return axes


def plot_decision_boundary(
    model: Callable[..., Any], data: Samples, *, threshold: float = 0.0, ax: Axes | None = None
) -> Axes:
    """What a model of two inputs makes of the plane, with the samples it learns from.

    A model of one output is shown by the colour of that output, with a line where it is equal to
    the threshold. One of several outputs is shown by the colour of the largest.

    Args:
        model: from two numbers to one or several; a module of `nn`, or any function.
        data: pairs of inputs and a target, as an `nn.Dataset` holds them.
        threshold: where the output of one class ends and that of the other begins: 0 for logits
            and for targets −1 and 1, 0.5 for probabilities.
        ax: the axes to draw on, None for new ones.

    Raises:
        ValueError: if there are no samples, or they are not of two inputs.
        ImportError: if matplotlib is not installed.

    >>> samples = [([0.0, 0.0], 0), ([1.0, 1.0], 1)]
    >>> plot_decision_boundary(lambda x: x[0] + x[1] - 1.0, samples).get_xlabel()
    'x₁'
    """
    samples = [(tuple(x), tuple(t) if isinstance(t, list) else t) for x, t in data]
    if not samples or any(len(inputs) != 2 for inputs, _ in samples):
        found = f"samples of {len(samples[0][0])} inputs" if samples else "no samples"
        raise ValueError(
            f"a decision boundary is drawn in a plane, so it needs samples of two inputs, not "
            f"{found}"
        )
    axes: Axes = _axes(ax)
    left, right = _range([x for (x, _), _ in samples])
    low, high = _range([y for (_, y), _ in samples])
    xs = [left + (right - left) * i / (_STEPS - 1) for i in range(_STEPS)]
    ys = [low + (high - low) * i / (_STEPS - 1) for i in range(_STEPS)]
    outputs = _outputs(model, [[x, y] for y in ys for x in xs])
    if len(outputs[0]) == 1:
        numbers = [output[0] for output in outputs]
        _draw_one_output(axes, xs, ys, numbers, threshold)
    else:
        _draw_largest(axes, xs, ys, [max(range(len(o)), key=o.__getitem__) for o in outputs])
    classes = sorted({target for _, target in samples}, key=_sortable)
    for k, target in enumerate(classes if len(classes) <= len(_SHAPES) else [None]):
        points = [p for p, t in samples if target is None or t == target]
        shown = f"{target:g}" if _is_number(target) else clean(str(target)).replace("$", r"\$")
        label = "samples" if target is None else f"target {shown}"
        axes.scatter(
            [x for x, _ in points],
            [y for _, y in points],
            s=28,
            color=_COLOURS[k],
            marker=_SHAPES[k],
            edgecolors="black",
            label=label,
        )
    axes.legend(loc="upper right")
    axes.set(xlabel="x₁", ylabel="x₂", xlim=(left, right), ylim=(low, high))
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
    axes: Axes = _axes(ax)
    labels = []
    for name, sizes in layers.items():
        left_out = len(sizes) - len(drawn[name])
        note = f"\n{left_out} of {len(sizes)} not shown" if left_out else ""
        labels.append(clean(name).replace("$", r"\$") + note)
    axes.boxplot(
        list(drawn.values()),
        tick_labels=labels,
        patch_artist=True,
        boxprops={"facecolor": "#dbeafe", "edgecolor": "#2563eb"},
        medianprops={"color": "#d55e00"},
        whis=(0, 100),
    )
    axes.set_yscale("log")
    axes.set(xlabel="layer, from the inputs on", ylabel="|gradient|")
    return axes


def animate_training(
    model: Callable[..., Any],
    train: Callable[[], Any],
    data: Samples,
    path: str | os.PathLike[str],
    *,
    frames: int = 30,
    threshold: float = 0.0,
) -> Path:
    """Write a film of the decision boundary while a model learns; return its path.

    Args:
        model: as for `plot_decision_boundary`.
        train: called between one frame and the next to train the model a little, as in
            `lambda: fit(model, data, …, epochs=5)`.
        data: as for `plot_decision_boundary`.
        path: a name that ends in .gif.
        frames: how many pictures the film has; the first one is from before the training.
        threshold: as for `plot_decision_boundary`.

    Raises:
        ValueError: if the path does not end in .gif, there is no frame, or the data cannot be
            drawn.
        FileNotFoundError: if the folder does not exist.
        ImportError: if matplotlib is not installed.
    """
    if frames < 1:
        raise ValueError(f"a film has at least one frame, not {frames!r}")
    samples = list(data)
    return save(path, {".gif": lambda: _film(model, train, samples, frames, threshold)})


def _film(
    model: Callable[..., Any],
    train: Callable[[], Any],
    samples: list[tuple[Sequence[float], Any]],
    frames: int,
    threshold: float,
) -> bytes:
    figure = _matplotlib("figure").Figure(figsize=(4.5, 4.5), layout="constrained")
    _matplotlib("backends.backend_agg").FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    writer = _matplotlib("animation").PillowWriter(fps=8)
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder, "film.gif")
        with writer.saving(figure, str(film), dpi=72):
            for frame in range(frames):
                if frame:
                    train()
                axes.clear()
                plot_decision_boundary(model, samples, threshold=threshold, ax=axes)
                axes.set_title(f"after {frame} of {frames - 1} rounds of training")
                writer.grab_frame()
        return film.read_bytes()


def _axes(ax: Axes | None) -> Any:
    return _matplotlib("pyplot").subplots(layout="constrained")[1] if ax is None else ax


def _matplotlib(module: str) -> Any:
    """A module of matplotlib, which loads slowly and need not be installed."""
    try:
        return importlib.import_module(f"matplotlib.{module}")
    except ImportError as error:
        raise ImportError("plots need matplotlib: run pip install 'autograd-mini[plot]'") from error


def _curves(found: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    curves: dict[str, Sequence[float]] = {}
    for name, thing in found.items():
        if isinstance(thing, Mapping):
            curves |= _curves(thing)
        elif (
            isinstance(thing, Sequence)
            and thing
            and all(_is_number(number) for number in thing)
            and name not in ("learning_rate", "seconds")
        ):
            curves[str(name)] = thing
    return curves


def _outputs(model: Callable[..., Any], points: list[list[float]]) -> list[list[float]]:
    """What the model makes of each point, as floats."""
    on_floats = getattr(model, "on_floats", None)  # a module's own way to compute without a graph
    found = on_floats(points) if on_floats else [model(point) for point in points]
    return [
        [n.data if isinstance(n, Value) else float(n) for n in numbers]
        for numbers in [o if isinstance(o, list | tuple) else [o] for o in found]
    ]


def _draw_one_output(
    axes: Any, xs: list[float], ys: list[float], numbers: list[float], threshold: float
) -> None:
    finite = [number for number in numbers if math.isfinite(number)]
    reach = max([abs(number - threshold) for number in finite], default=0.0) or 1.0
    rows = [numbers[i : i + len(xs)] for i in range(0, len(numbers), len(xs))]
    colours = _matplotlib("colors").LinearSegmentedColormap.from_list(
        "two classes", [_COLOURS[0], "white", _COLOURS[1]], N=21
    )
    limits = {"vmin": threshold - reach, "vmax": threshold + reach}
    axes.pcolormesh(xs, ys, rows, cmap=colours, alpha=0.55, shading="nearest", **limits)
    if finite and min(finite) < threshold < max(finite):
        axes.contour(xs, ys, rows, levels=[threshold], colors="black", linewidths=1.5)


def _draw_largest(axes: Any, xs: list[float], ys: list[float], classes: list[int]) -> None:
    rows = [classes[i : i + len(xs)] for i in range(0, len(classes), len(xs))]
    count = max(classes) + 1
    colours = _matplotlib("colors").ListedColormap(
        [_COLOURS[k % len(_COLOURS)] for k in range(count)]
    )
    limits = {"vmin": -0.5, "vmax": count - 0.5}
    axes.pcolormesh(xs, ys, rows, cmap=colours, alpha=0.35, shading="nearest", **limits)


def _range(numbers: list[float]) -> tuple[float, float]:
    margin = 0.15 * (max(numbers) - min(numbers)) or 1.0
    return min(numbers) - margin, max(numbers) + margin


def _is_number(thing: Any) -> bool:
    return isinstance(thing, int | float)


def _sortable(target: Any) -> tuple[bool, Any]:
    return (not _is_number(target), target if _is_number(target) else repr(target))
