"""How weights start."""

from random import Random

import pytest

from nn import INITIALIZERS, MLP, Layer, Neuron
from nn.initializers import initializer


class Widest(Random):
    """A generator that draws the upper end of every interval about 0."""

    def uniform(self, a: float, b: float) -> float:  # noqa: D102 - the class says it
        assert a == -b
        return b


RADII = {
    "uniform": lambda nin, nout: 1 / nin**0.5,
    "xavier": lambda nin, nout: (6 / (nin + nout)) ** 0.5,
    "he": lambda nin, nout: (6 / nin) ** 0.5,
}


@pytest.mark.parametrize(("nin", "nout"), [(1, 1), (2, 3), (16, 1), (3, 50)])
@pytest.mark.parametrize("name", INITIALIZERS)
def test_weights_are_drawn_about_zero_within_the_radius_of_the_rule(
    name: str, nin: int, nout: int
) -> None:
    layer = Layer(nin, nout, init=name, bias=False, rng=Widest())
    for weight in layer.parameters():
        assert weight.data == pytest.approx(RADII[name](nin, nout), rel=1e-15)


@pytest.mark.parametrize(
    ("activation", "rule"),
    [
        *[(name, "he") for name in ("relu", "leaky_relu", "elu", "gelu", "gelu_tanh")],
        *[(name, "he") for name in ("silu", "mish", "softplus")],
        *[(name, "xavier") for name in (None, "linear", "sigmoid", "tanh", "hardtanh", "atan")],
        *[(name, "xavier") for name in ("selu", "logsigmoid")],
    ],
)
def test_without_a_rule_each_layer_takes_the_one_that_suits_its_activation(
    activation: str | None, rule: str
) -> None:
    for radius, model in (
        (RADII[rule](4, 3), Layer(4, 3, activation=activation, rng=Widest())),
        (RADII[rule](4, 1), Neuron(4, activation=activation, rng=Widest())),
        (RADII[rule](4, 3), MLP(4, [3, 1], activation=activation, rng=Widest())),
        (RADII[rule](4, 3), MLP(4, [3], output_activation=activation, rng=Widest())),
    ):
        assert model.parameters()[0].data == pytest.approx(radius, rel=1e-15)


def test_a_rule_of_ones_own_is_told_the_width_of_its_layer_and_the_generator() -> None:
    asked = []

    def rule(nin: int, nout: int, rng: Random) -> float:
        asked.append((nin, nout, rng))
        return float(len(asked))

    rng = Random()
    model = MLP(2, [3, 1], init=rule, rng=rng)
    assert asked == [(2, 3, rng)] * 6 + [(3, 1, rng)] * 3
    assert [p.data for p in model.parameters() if p.label.startswith("w")] == list(range(1, 10))


def test_a_bias_starts_at_zero() -> None:
    biases = [p.data for p in MLP(2, [3, 1], rng=0).parameters() if p.label.startswith("b")]
    assert biases == [0.0] * 4


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ("zeros", ValueError, "no initializer is named 'zeros': write one of 'uniform', 'xavier'"),
        (0.5, TypeError, r"initializer must be a name or a function, not float 0\.5"),
    ],
)
def test_an_unknown_rule_is_refused(given: object, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        initializer(given, None)  # type: ignore[arg-type]  # that is the point
