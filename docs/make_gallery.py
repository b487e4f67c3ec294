"""Draw every picture of the gallery and write the page that shows them.

Run it as `make gallery`. Each function below is one entry: its docstring is the caption, its body
the program that the page shows, and what it returns is saved.
"""

# ruff: noqa: INP001  # a folder of pages is no package

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl

import viz
from autograd_mini import Value, exp, sigmoid
from nn import MLP, Adam, accuracy, fit, moons, mse

mpl.use("agg")


def expression() -> Any:
    """Every operation is a card with its value and its gradient ∇.

    On the lines stand local derivatives ∂. A line is as wide as what flows back along it, and red
    where that is negative.
    """
    x, y = Value(2.0, label="x"), Value(-3.0, label="y")
    z = (x * y + exp(x)) * x
    z.label = "z"
    z.backward()
    return viz.draw(z)


def variables() -> Any:
    """Values without a label take the names of your variables."""
    a, b = Value(2.0), Value(3.0)
    product = a * b
    result = product + a
    result.backward()
    return viz.draw(result, names=locals())


def network_graph() -> Any:
    """The graph of the squared error of a 2-2-1 network, after `backward()`."""
    model = MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid", rng=15)
    inputs = [Value(0.35, label="x_1"), Value(0.9, label="x_2")]
    loss = (Value(1.0, label="target") - model(inputs)[0]) ** 2
    loss.label = "L"
    loss.backward()
    return viz.draw(loss)


def frames() -> Any:
    """The same graph, framed by layer and neuron."""
    model = MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid", rng=15)
    inputs = [Value(0.35, label="x_1"), Value(0.9, label="x_2")]
    loss = (Value(1.0, label="target") - model(inputs)[0]) ** 2
    loss.label = "L"
    loss.backward()
    return viz.draw(loss, grouped=True)


def path() -> Any:
    """The chain rule along every path from one number to another."""
    x, w = Value(0.5, label="x"), Value(-1.5, label="w")
    y = sigmoid(w * x) * x
    y.label = "y"
    return viz.draw(y, path=(x, y))


def around() -> Any:
    """A part of a larger graph: what is near one of its numbers."""
    r, state = Value(3.7, label="r"), Value(0.4, label="x")
    for _ in range(100):
        state = r * state * (1.0 - state)
    state.backward()
    return viz.draw(state, around=state, radius=3)


def neurons() -> Any:
    """More than 150 nodes are drawn a neuron at a time."""
    model = MLP(4, [10, 8, 1], activation="tanh", rng=3)
    loss = mse(model([0.5, -1.0, 2.0, 0.1]), [1.0])
    loss.backward()
    return viz.draw(loss)


def layers() -> Any:
    """Still larger networks are drawn a layer at a time."""
    model = MLP(20, [64, 32, 10], activation="tanh", rng=3)
    loss = mse(model([0.1] * 20), [0.0] * 10)
    loss.backward()
    return viz.draw(loss)


def diagram() -> Any:
    """The neuron diagram, with the values and gradients of the last pass."""
    model = MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid", rng=15)
    loss = mse(model([0.35, 0.9]), 1.0)
    loss.backward()
    return viz.network(model, outputs=loss)


def wide_diagram() -> Any:
    """Of a wide layer the first and the last units are drawn."""
    return viz.network(MLP(64, [24, 10], rng=5))


def history() -> Any:
    """How the loss falls and the accuracy rises, epoch by epoch."""
    model, data = MLP(2, [8, 8, 1], activation="tanh", rng=0), moons(60, rng=0)
    loss, optimizer = "binary_cross_entropy", Adam(model.parameters(), 0.1)
    metrics = {"accuracy": accuracy}
    done = fit(model, data, loss=loss, optimizer=optimizer, epochs=40, metrics=metrics)
    return viz.plot_history(done)


def boundary() -> Any:
    """What the network makes of the plane after the same training."""
    model, data = MLP(2, [8, 8, 1], activation="tanh", rng=0), moons(60, rng=0)
    loss, optimizer = "binary_cross_entropy", Adam(model.parameters(), 0.1)
    fit(model, data, loss=loss, optimizer=optimizer, epochs=40)
    return viz.plot_decision_boundary(model, data)


def gradient_flow() -> Any:
    """Gradients that vanish on their way back through a deep network of sigmoids."""
    model = MLP(2, [8, 8, 8, 8, 1], activation="sigmoid", rng=0)
    mse(model([0.5, -1.0]), [1.0]).backward()
    return viz.plot_gradient_flow(model)


def learning(path: Path) -> Any:
    """A film of the boundary while the network learns."""
    model, data = MLP(2, [8, 8, 1], activation="tanh", rng=0), moons(60, rng=0)
    loss, optimizer = "binary_cross_entropy", Adam(model.parameters(), 0.05)
    train = partial(fit, model, data, loss=loss, optimizer=optimizer, epochs=4)
    return viz.animate_training(model, train, data, path, frames=16)


def player(path: Path) -> Any:
    """A page that plays the forward and the backward pass; open it in a browser."""
    model = MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid", rng=15)
    inputs = [Value(0.35, label="x_1"), Value(0.9, label="x_2")]
    loss = (Value(1.0, label="target") - model(inputs)[0]) ** 2
    loss.label = "L"
    return viz.player(loss, path)


ENTRIES: tuple[Callable[..., Any], ...] = (
    expression, variables, network_graph, frames, path, around, neurons, layers,
    diagram, wide_diagram, history, boundary, gradient_flow, learning, player,
)  # fmt: skip


def make(folder: Path) -> None:
    """Write pictures/ and gallery.md into a folder."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    page = ["# Gallery", "", "Made by `make gallery`, which draws every picture."]
    for entry in ENTRIES:
        name = entry.__name__
        if entry is learning:
            made = entry(pictures / f"{name}.gif")
        elif entry is player:
            made = entry(pictures / f"{name}.html")
        else:
            made = _saved(entry(), pictures / name)
        caption = " ".join((entry.__doc__ or "").split())
        shown = f"pictures/{made.name}"
        link = f"[{made.name}]({shown})" if entry is player else f"![{caption}]({shown})"
        heading = name.replace("_", " ").capitalize()
        program = _program(entry, made.name)
        page += ["", f"## {heading}", "", caption, "", "```python", program, "```", "", link]
    (folder / "gallery.md").write_text("\n".join(page) + "\n", encoding="utf-8")


def _saved(picture: Any, path: Path) -> Path:
    if hasattr(picture, "figure") and hasattr(picture.figure, "savefig"):
        picture.figure.set_size_inches(5, 3.6)
        target = path.with_suffix(".png")
        picture.figure.savefig(target, dpi=120, metadata={"Software": None})
        return target
    saved: Path = picture.save(path.with_suffix(".svg"))
    return saved


def _program(entry: Callable[..., Any], file_name: str) -> str:
    """The body of an entry without its docstring, as a program."""
    body = inspect.getsource(entry).partition('"""')[2].partition('"""')[2]
    named = re.sub(r"\bpath(?=[,)])", f'"{file_name}"', body)
    return inspect.cleandoc(named).replace("return ", "")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
