"""What a model makes of the plane: colours, boundary and samples, in a plot and in a film."""

import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import viz
from autograd_mini import Value
from nn import MLP, moons, spiral
from tests.viz.axes import drawn, legend, plane

plt = pytest.importorskip("matplotlib.pyplot")
DATA = [([0.0, 0.0], 0), ([1.0, 1.0], 1), ([0.0, 1.0], 0)]


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


# ------------------------------------------------------------------------------ plot


def test_a_boundary_lies_where_the_output_is_the_threshold() -> None:
    ax: Any = viz.plot_decision_boundary(plane, DATA, threshold=0.25)
    (boundary,) = [c for c in ax.collections if type(c).__name__ == "QuadContourSet"]
    points = boundary.get_paths()[0].vertices
    assert len(points) > 10
    assert all(plane([x, y]) == pytest.approx(0.25, abs=1e-9) for x, y in points)


def test_samples_are_shown_by_target_and_axes_are_labelled() -> None:
    ax: Any = viz.plot_decision_boundary(plane, DATA)
    assert legend(ax) == ["target 0", "target 1"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x₁", "x₂")
    scatters = [c for c in ax.collections if type(c).__name__ == "PathCollection"]
    assert [len(scatter.get_offsets()) for scatter in scatters] == [2, 1]
    drawn(ax)


def test_targets_have_a_real_minus_sign() -> None:
    data = [([0.0, 0.0], -1), ([1.0, 1.0], 1)]
    assert legend(viz.plot_decision_boundary(plane, data)) == ["target −1", "target 1"]


def test_the_legend_hides_no_sample() -> None:
    corners = [([float(i & 1), float(i > 1)], i & 1) for i in range(4)]
    ax: Any = viz.plot_decision_boundary(plane, corners)
    drawn(ax)
    box = ax.get_legend().get_window_extent()
    for x, _ in corners:
        assert not box.contains(*ax.transData.transform(x))


def test_the_colours_lie_where_the_points_are() -> None:
    ax: Any = viz.plot_decision_boundary(plane, DATA)
    (image,) = ax.images
    left, right, low, high = image.get_extent()
    numbers = image.get_array()
    for i, j in ((0, 0), (3, 98), (99, 99)):
        x, y = left + (right - left) * (j + 0.5) / 100, low + (high - low) * (i + 0.5) / 100
        assert numbers[i][j] == pytest.approx(plane([x, y]), abs=1e-12)


def test_a_boundary_saved_as_svg_is_small(tmp_path: Path) -> None:
    ax: Any = viz.plot_decision_boundary(plane, DATA)
    ax.figure.savefig(tmp_path / "boundary.svg")
    assert (tmp_path / "boundary.svg").stat().st_size < 200_000


def test_a_model_of_several_outputs_is_shown_by_the_largest() -> None:
    ax: Any = viz.plot_decision_boundary(MLP(2, [4, 3], rng=0), spiral(30, rng=0))
    assert legend(ax) == ["target 0", "target 1", "target 2"]
    (image,) = ax.images
    assert set(image.get_array().ravel()) <= {0, 1, 2}
    drawn(ax)


def test_a_module_is_asked_for_floats_and_builds_no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    model = MLP(2, [3, 1], rng=0)
    monkeypatch.setattr(MLP, "__call__", lambda *_: pytest.fail("a graph would be built"))
    assert viz.plot_decision_boundary(model, moons(10, rng=0)).get_xlabel() == "x₁"


@pytest.mark.parametrize(
    "model",
    [
        lambda x: Value(x[0]) - 0.5,
        lambda x: [Value(x[0]) - 0.5],
        lambda x: math.nan,
        lambda x: math.inf if x[0] > 0.5 else -1.0,
        lambda x: 1.0,
        lambda x: (x[0], x[1], 0.0),
    ],
    ids=["a Value", "a list", "NaN", "infinite", "constant", "a tuple"],
)
def test_any_function_of_the_plane_can_be_drawn(model: Any) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=RuntimeWarning)  # of matplotlib, of infinities
        drawn(viz.plot_decision_boundary(model, DATA))


@pytest.mark.parametrize("targets", [[0.1 * i for i in range(8)], [[0.0, 1.0], (1.0, 0.0)]])
def test_targets_need_not_be_classes(targets: list[Any]) -> None:
    data = [([float(i), float(-i)], target) for i, target in enumerate(targets)]
    drawn(viz.plot_decision_boundary(plane, data))


@pytest.mark.parametrize(
    ("data", "found"), [([], "no samples"), ([([1.0], 0)], "1 inputs"), ([([1.0] * 3, 0)], "3 inp")]
)
def test_only_samples_of_two_inputs_lie_in_a_plane(data: Any, found: str) -> None:
    with pytest.raises(ValueError, match=f"needs samples of two inputs, not .*{found}"):
        viz.plot_decision_boundary(plane, data)


# ------------------------------------------------------------------------------ film


def test_a_film_shows_the_model_between_rounds_of_training(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    shift = [0.0]
    seen = []

    def train() -> None:
        seen.append(shift[0])
        shift[0] += 0.5

    film = viz.animate_training(
        lambda x: plane(x) - shift[0], train, DATA, tmp_path / "film.gif", frames=3
    )
    assert seen == [0.0, 0.5]
    assert film.read_bytes()[:6] == b"GIF89a"
    with image.open(film) as opened:
        assert opened.n_frames == 3
    assert plt.get_fignums() == []
    assert list(tmp_path.iterdir()) == [film]


def test_a_training_that_fails_leaves_no_film(tmp_path: Path) -> None:
    def fail() -> None:
        raise FloatingPointError("nan")

    with pytest.raises(FloatingPointError):
        viz.animate_training(plane, fail, DATA, tmp_path / "film.gif", frames=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "frames", "sentence"),
    [("film.mp4", 2, r"end it in \.gif"), ("film.gif", 0, "at least one frame, not 0")],
)
def test_a_wrong_film_is_refused(tmp_path: Path, name: str, frames: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        viz.animate_training(plane, lambda: None, DATA, tmp_path / name, frames=frames)
