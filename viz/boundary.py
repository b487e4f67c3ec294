"""What a model of two inputs makes of the plane, as a plot and, while it learns, as a film.

Nothing here builds a graph of a module of `nn`, and nothing shows a window.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd_mini import Value

from .axes import COLOURS, SHAPES, axes_or_new, is_number, matplotlib, shown_name
from .label import short_number
from .saving import save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["animate_training", "plot_decision_boundary"]

Samples = Iterable[tuple[Sequence[float], Any]]

STEPS = 100  # points of the plane along each side


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
    axes: Axes = axes_or_new(ax)
    left, right = _range([x for (x, _), _ in samples])
    low, high = _range([y for (_, y), _ in samples])
    xs = [left + (right - left) * i / (STEPS - 1) for i in range(STEPS)]
    ys = [low + (high - low) * i / (STEPS - 1) for i in range(STEPS)]
    outputs = _outputs(model, [[x, y] for y in ys for x in xs])
    if len(outputs[0]) == 1:
        _draw_one_output(axes, xs, ys, [output[0] for output in outputs], threshold)
    else:
        _draw_largest(axes, xs, ys, [max(range(len(o)), key=o.__getitem__) for o in outputs])
    classes = sorted({target for _, target in samples}, key=_sortable)
    for k, target in enumerate(classes if len(classes) <= len(SHAPES) else [None]):
        points = [p for p, t in samples if target is None or t == target]
        shown = short_number(target) if is_number(target) else shown_name(str(target))
        label = "samples" if target is None else f"target {shown}"
        axes.scatter(
            [x for x, _ in points],
            [y for _, y in points],
            s=28,
            color=COLOURS[k],
            marker=SHAPES[k],
            edgecolors="black",
            label=label,
        )
    axes.legend(loc="best")  # where it hides the fewest samples
    axes.set(xlabel="x₁", ylabel="x₂", xlim=(left, right), ylim=(low, high))
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
    figure = matplotlib("figure").Figure(figsize=(4.5, 4.5), layout="constrained")
    matplotlib("backends.backend_agg").FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    writer = matplotlib("animation").PillowWriter(fps=8)
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
    colours = matplotlib("colors").LinearSegmentedColormap.from_list(
        "two classes", [COLOURS[0], "white", COLOURS[1]], N=21
    )
    limits = {"vmin": threshold - reach, "vmax": threshold + reach}
    smooth = {"interpolation": "bilinear", "interpolation_stage": "data"}
    rows = _paint(axes, xs, ys, numbers, cmap=colours, alpha=0.55, **limits, **smooth)
    if finite and min(finite) < threshold < max(finite):
        axes.contour(xs, ys, rows, levels=[threshold], colors="black", linewidths=1.5)


def _draw_largest(axes: Any, xs: list[float], ys: list[float], classes: list[int]) -> None:
    count = max(classes) + 1
    colours = matplotlib("colors").ListedColormap([COLOURS[k % len(COLOURS)] for k in range(count)])
    limits = {"vmin": -0.5, "vmax": count - 0.5}
    _paint(axes, xs, ys, classes, cmap=colours, alpha=0.35, interpolation="nearest", **limits)


def _paint(
    axes: Any, xs: list[float], ys: list[float], numbers: Sequence[float], **look: Any
) -> list[Sequence[float]]:
    """Colour the plane by a number for each point; return the numbers row by row."""
    rows = [numbers[i : i + len(xs)] for i in range(0, len(numbers), len(xs))]
    dx, dy = (xs[1] - xs[0]) / 2, (ys[1] - ys[0]) / 2  # a point is the middle of its square
    extent = (xs[0] - dx, xs[-1] + dx, ys[0] - dy, ys[-1] + dy)
    axes.imshow(rows, extent=extent, origin="lower", aspect="auto", **look)
    return rows


def _range(numbers: list[float]) -> tuple[float, float]:
    margin = 0.15 * (max(numbers) - min(numbers)) or 1.0
    return min(numbers) - margin, max(numbers) + margin


def _sortable(target: Any) -> tuple[bool, Any]:
    return (not is_number(target), target if is_number(target) else repr(target))
