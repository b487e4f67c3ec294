"""Rows written out give the bits of the loops that they stand for."""

import math
import random

import pytest

from autograd_mini import Dense, Value, gradients, rows

WIDTHS = [0, 1, 2, 7, rows.WIDEST, rows.WIDEST + 1]


def drawn(rng: random.Random, width: int) -> list[float]:
    """Numbers of any size and sign."""
    awkward = [0.0, -0.0, math.inf, 1e308, 5e-324]
    return [
        rng.choice(awkward) if rng.random() < 0.02 else rng.gauss() * 2.0 ** rng.randint(-40, 40)
        for _ in range(width)
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_dot_of_any_width_is_summed_from_left_to_right(width: int) -> None:
    rng = random.Random(width)
    for _ in range(100):
        ws, xs = drawn(rng, width), drawn(rng, width)
        expected = 0.0
        for w, x in zip(ws, xs, strict=True):
            expected += w * x
        assert repr(rows.dots(width)([ws], xs)) == repr([expected])


@pytest.mark.parametrize("width", WIDTHS)
def test_what_flows_to_a_row_is_summed_in_the_order_in_which_it_comes(width: int) -> None:
    rng = random.Random(width)
    for count in [1, 2, 3, 4] * 25:
        adjoints, derivatives = drawn(rng, count), [drawn(rng, width) for _ in range(count)]
        expected = [adjoints[0] * d for d in derivatives[0]]
        for adjoint, row in zip(adjoints[1:], derivatives[1:], strict=True):
            expected = [total + adjoint * d for total, d in zip(expected, row, strict=True)]
        found = rows.total_flow(width)(adjoints, derivatives)
        assert list(map(repr, found)) == list(map(repr, expected))


@pytest.mark.parametrize("width", [2, rows.WIDEST + 1])
def test_rows_of_different_widths_are_refused(width: int) -> None:
    short, long = [1.0] * width, [1.0] * (width + 1)
    with pytest.raises(ValueError, match=r"too many values|longer|shorter"):
        rows.dots(width)([short], long)
    with pytest.raises(ValueError, match=r"too many values|longer|shorter"):
        rows.total_flow(width)([1.0, 1.0], [short, long])


@pytest.mark.parametrize("width", [1, 3, rows.WIDEST + 1])
def test_a_row_that_neurons_share_receives_what_flows_from_each_and_from_elsewhere(
    width: int,
) -> None:
    weights = [[Value(float(i + j)) for j in range(width)] for i in range(3)]
    xs = [Value(float(j - 1)) for j in range(width)]
    for constants in [], [5.0]:  # a constant among the inputs
        ws = [row + [1.0] * len(constants) for row in weights]
        outputs = Dense(ws, [0.0, Value(1.0), 2.0])(xs + constants)
        total = outputs[0] + 2.0 * outputs[1] + 3.0 * outputs[2] + xs[0] * weights[0][0]
        found = gradients(total, [*xs, *weights[0], *weights[2]])
        by_x = [
            weights[0][j].data + 2.0 * weights[1][j].data + 3.0 * weights[2][j].data
            for j in range(width)
        ]
        by_x[0] += weights[0][0].data
        by_w = [x.data for x in xs]
        assert found[:width] == by_x
        assert found[width : 2 * width] == [2.0 * by_w[0], *by_w[1:]]
        assert found[2 * width :] == [3.0 * x for x in by_w]


def test_a_shared_row_is_complete_before_its_operands_pass_on() -> None:
    """The second layer's inputs are the first one's outputs, and one row is used at both depths."""
    x, w = Value(2.0), Value(3.0)
    layer = Dense([(w, w)] * 2, [None, None])
    hidden = layer([x, x])  # 2 w x, twice
    outputs = layer(hidden)  # w (h₁ + h₂), twice
    root = outputs[0] + outputs[1]
    assert root.data == 144.0  # 8 w² x
    assert gradients(root, [x, w]) == [72.0, 96.0]
