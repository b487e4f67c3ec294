"""Plots say what they show, on the axes they are given, and leave no graph behind."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

import viz
from nn import MLP, SGD, Sequential, fit, moons
from tests.viz.axes import drawn, legend, plane

plt = pytest.importorskip("matplotlib.pyplot")
DATA = [([0.0, 0.0], 0), ([1.0, 1.0], 1)]


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


# ------------------------------------------------------------------------------ history


def test_a_history_of_a_training_shows_loss_and_metrics() -> None:
    model = MLP(2, [1], rng=0)
    history = fit(
        model,
        moons(10, rng=0),
        loss="mse",
        optimizer=SGD(model.parameters(), 0.1),
        epochs=3,
        progress=False,
        metrics={"hits": lambda prediction, target: float(prediction[0] > 0) == target},
    )
    ax: Any = viz.plot_history(history)
    assert legend(ax) == ["loss", "hits"]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2, 3]] * 2
    assert list(ax.lines[0].get_ydata()) == history.loss
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss and metrics")
    drawn(ax)


def test_a_history_may_be_a_mapping() -> None:
    ax: Any = viz.plot_history({"loss": [2.0, 1.0], "validation_loss": [3.0]})
    assert legend(ax) == ["loss", "validation loss"]
    assert ax.get_ylabel() == "loss"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("_hidden", "hidden"), ("$x^{$", r"\$x^{\$"), ("<b>", "<b>"), ("a\x00b", "ab"), ("_", "?")],
)
def test_any_name_is_shown_as_text(name: str, shown: str) -> None:
    ax: Any = viz.plot_history({name: [1.0, 2.0], "loss": [1.0, 2.0]})
    assert legend(ax) == [shown, "loss"]
    drawn(ax)


@pytest.mark.parametrize("history", [{}, [1.0], None, {"stopped": ""}, {"loss": []}, {"a": ["b"]}])
def test_what_is_no_history_is_refused(history: Any) -> None:
    with pytest.raises(TypeError, match="a history is a mapping from names to lists of numbers"):
        viz.plot_history(history)


def test_more_curves_than_colours_are_all_drawn() -> None:
    assert len(viz.plot_history({f"loss {i}": [1.0, 2.0] for i in range(20)}).lines) == 20


# ------------------------------------------------------------------------------ gradients by layer


def test_gradients_are_gathered_by_layer() -> None:
    model = Sequential(MLP(2, [3, 2], activation="tanh", rng=0), MLP(2, [1], rng=1))
    model([1.0, 2.0])[0].backward()
    ax: Any = viz.plot_gradient_flow(model)
    names = [label.get_text() for label in ax.get_xticklabels()]
    assert names == ["modules.0.layers.0", "modules.0.layers.1", "modules.1.layers.0"]
    assert ax.get_yscale() == "log"
    medians = [line.get_ydata()[0] for line in ax.lines[4::6]]
    last = sorted(abs(p.grad) for p in model.modules[1].parameters())
    assert medians[-1] == last[1]
    drawn(ax)


def test_long_names_of_layers_are_turned_so_that_they_do_not_overlap() -> None:
    model = Sequential(*[Sequential(MLP(1, [1, 1], rng=i)) for i in range(4)])
    model([1.0])[0].backward()
    ax: Any = viz.plot_gradient_flow(model)
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {20.0}


def test_gradients_of_zero_are_counted() -> None:
    model = MLP(1, [2, 1], activation="relu", rng=0, init=lambda *_: -1.0)
    model([1.0])[0].backward()
    names = [label.get_text() for label in viz.plot_gradient_flow(model).get_xticklabels()]
    assert names == ["layers.0\n4 of 4 not shown", "layers.1\n2 of 3 not shown"]


def test_before_backward_there_is_nothing_to_plot() -> None:
    with pytest.raises(ValueError, match=r"no gradients to plot: call backward\(\)"):
        viz.plot_gradient_flow(MLP(1, [1]))


def test_what_has_no_parameters_is_refused() -> None:
    with pytest.raises(TypeError, match=r"gradients of list \[\] cannot be found: give a module"):
        viz.plot_gradient_flow([])


# ------------------------------------------------------------------------------ all plots

MODEL = MLP(2, [1], rng=0)
MODEL([1.0, 2.0])[0].backward()
PLOTS = pytest.mark.parametrize(
    ("plot", "arguments"),
    [
        (viz.plot_history, [{"loss": [1.0]}]),
        (viz.plot_decision_boundary, [plane, DATA]),
        (viz.plot_gradient_flow, [MODEL]),
    ],
)


@PLOTS
def test_a_plot_goes_on_the_axes_it_is_given_and_returns_them(plot: Any, arguments: Any) -> None:
    _, axes = plt.subplots(1, 2)
    assert plot(*arguments, ax=axes[1]) is axes[1]
    assert not axes[0].has_data()
    assert axes[1].has_data()


@PLOTS
def test_a_plot_opens_no_window(plot: Any, arguments: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("it opened a window"))
    plot(*arguments)


@PLOTS
def test_without_matplotlib_the_error_says_how_to_get_it(
    plot: Any, arguments: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"pip install 'autograd-mini\[plot\]'"):
        plot(*arguments)
