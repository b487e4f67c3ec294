"""Every row of the table replays as the eager engine computes it."""

import itertools
import math
from random import Random

import pytest

from autograd_mini import Value
from autograd_mini.operations import OPERATIONS
from autograd_mini.primitive import Primitive
from autograd_mini.program import compile

pytest.importorskip("llvmlite")

NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 25.0, -30.0, 700.0, -750.0, 1e-9)
EXTREMES = (1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan)
LARGEST = {"pow": 2, "power_rule": 16, "exponent_rule": 16}  # a derivative of several powers

# What is computed by arithmetic, comparison and selection alone
EXACT = [
    "identity",
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "abs",
    "reciprocal",
    "mod",
    "floor_quotient",
    "sqrt",
    "sign",
    "step",
    "floor",
    "ceil",
    "round",
    "minimum",
    "maximum",
    "exceeds",
    "at_most",
    "clamp",
    "where",
    "relu",
    "leaky_relu",
    "leaky_step",
    "sum",
    "mean",
    "dot",
]


def points(row: Primitive) -> list[tuple[float, ...]]:
    """Operands, the awkward ones included."""
    width = {"dot": 5, "softmax_share": 3}.get(row.name, 3 if row.variadic else len(row.rules))
    numbers = NUMBERS + EXTREMES
    if width <= 2:
        return list(itertools.product(numbers, repeat=width))
    random = Random(row.name)
    found = [tuple(random.choices(numbers, k=width)) for _ in range(300)]
    return [(x, x, y) for x, y, _ in found] if row.name == "softmax_share" else found


def ulps(found: float, expected: float) -> float:
    """By how many units in the last place two numbers differ; zeros of either sign do not."""
    if found == expected or (found != found and expected != expected):
        return 0.0
    if not (math.isfinite(found) and math.isfinite(expected)):
        return math.inf
    return abs(found - expected) / math.ulp(expected)


@pytest.mark.parametrize("row", OPERATIONS.values(), ids=lambda row: row.name)
def test_a_row_replays_with_its_derivatives(row: Primitive) -> None:
    batch = points(row)
    inputs = [Value(1.0) for _ in batch[0]]
    program = compile(row.of(tuple(inputs)), inputs)
    values, jacobians = program(batch), program.jacobian(batch)
    is_exact = row.name in EXACT
    for operands, (value,), (slopes,) in zip(batch, values, jacobians, strict=True):
        leaves = [Value(x) for x in operands]
        result = row.of(tuple(leaves))
        result.backward()
        assert ulps(float(value), result.data) <= (0 if is_exact else 2), operands
        for slope, leaf in zip(slopes, leaves, strict=True):
            largest = 0 if is_exact else LARGEST.get(row.name, 2)
            assert ulps(float(slope), leaf.grad) <= largest, operands


@pytest.mark.parametrize("name", EXACT)
def test_a_zero_keeps_its_sign(name: str) -> None:
    row = OPERATIONS[name]
    batch = points(row)
    inputs = [Value(1.0) for _ in batch[0]]
    values = compile(row.of(tuple(inputs)), inputs)(batch)
    for operands, (value,) in zip(batch, values, strict=True):
        expected = row.of(operands)
        assert expected != expected or math.copysign(1.0, value) == math.copysign(1.0, expected)


@pytest.mark.parametrize("row", OPERATIONS.values(), ids=lambda row: row.name)
def test_a_row_runs_in_single_precision(row: Primitive) -> None:
    batch = [p for p in points(row) if all(x == 0.0 or 1e-30 < abs(x) < 5.0 for x in p)]
    inputs = [Value(1.0) for _ in batch[0]]
    found = compile(row.of(tuple(inputs)), inputs, dtype="float32")(batch)
    assert found.dtype == "float32"
    for operands, (value,) in zip(batch, found, strict=True):
        expected = row.of(operands)
        if math.isfinite(expected) and abs(expected) < 1e30:
            assert value == pytest.approx(expected, rel=1e-5, abs=1e-5), operands
