"""A generated method makes the node that the table's operation makes, at every point and mode."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograd_mini import Value, detect_anomaly, modes, no_grad
from autograd_mini.expression import formulas, interpret
from autograd_mini.operations import OPERATIONS
from autograd_mini.traced import Traced
from tests.operations.reference import REFERENCES
from tests.operations.sampling import points

AWKWARD = (
    *(0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, math.inf, -math.inf, math.nan, 5e-324, -1e-310),
    *(1e308, -1e308, 745.2, -745.2, math.nextafter(1.0, 2.0)),
)

# The operation of each generated method, and whether the Value is its second operand.
SIGNS = {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "pow": "pow", "mod": "mod"}
INFIX = {f"__{sign}__": (name, False) for sign, name in SIGNS.items()}
INFIX |= {f"__r{sign}__": (name, True) for sign, name in SIGNS.items()}
UNARY = {"__neg__": "neg", "__abs__": "abs"}
UNARY |= {
    name: name
    for name, operation in OPERATIONS.items()
    if name in vars(Traced) and not operation.variadic and len(operation.rules) == 1
}
del UNARY["gelu"]  # whose method takes an argument


def fields(node: Value) -> tuple[Any, ...]:
    """Everything that tells one node from another, floats to the bit."""
    numbers = repr((node.data, node.grad, node.local_derivatives))
    operands = [o if isinstance(o, Value) else repr(o) for o in node.operands]
    return node.op, node.label, numbers, list(map(id_or_number, operands))


def id_or_number(operand: Value | str) -> int | str:
    return id(operand) if isinstance(operand, Value) else operand


def outcome(make: Callable[[], Any]) -> Any:
    """The fields of the node that is made, or the error, but for the line of its message."""
    try:
        return fields(make())
    except FloatingPointError as error:
        return str(error).partition(", at ")[0]


def in_every_mode(method: Callable[[], Any], plain: Callable[[], Any]) -> None:
    assert outcome(method) == outcome(plain)
    with no_grad():
        assert outcome(method) == outcome(plain)
        assert method().operands == ()
    with detect_anomaly():
        assert outcome(method) == outcome(plain)
    with detect_anomaly(), no_grad():
        assert outcome(method) == outcome(plain)


def ordinary(name: str, count: int) -> list[tuple[float, ...]]:
    return list(points(REFERENCES[name], count, name))


def test_no_operator_and_no_method_of_one_operand_is_left_out() -> None:
    generated = {name for name, method in vars(Value).items() if is_generated(method)}
    assert generated == {*UNARY, *INFIX}


def is_generated(method: Any) -> bool:
    code = getattr(method, "__code__", None)
    return code is not None and code.co_filename.startswith("<rules of ")


@pytest.mark.parametrize("name", UNARY)
def test_a_method_of_one_operand_makes_the_operations_node(name: str) -> None:
    row = UNARY[name]
    plain = vars(Traced)[name]
    for x in (*AWKWARD, *(x for (x,) in ordinary(row, 30))):
        v = Value(x)
        in_every_mode(getattr(v, name), partial(plain, v))
        assert fields(getattr(v, name)()) == fields(OPERATIONS[row](v))
        assert repr(getattr(v, name)().data) == repr(OPERATIONS[row](x))


@pytest.mark.parametrize("name", INFIX)
def test_an_operator_makes_the_operations_node(name: str) -> None:
    row, reflected = INFIX[name]
    plain = vars(Traced)[name]
    for x, y in (*itertools.product(AWKWARD, repeat=2), *ordinary(row, 30)):
        v = Value(x)
        for other in (y, Value(y), v):
            in_every_mode(partial(getattr(v, name), other), partial(plain, v, other))
            operands = (other, v) if reflected else (v, other)
            node = getattr(v, name)(other)
            assert fields(node) == fields(OPERATIONS[row](*operands))
            assert node.op == row


@pytest.mark.parametrize("name", INFIX)
@pytest.mark.parametrize(
    "other", [2, True, Fraction(3, 4), np.float64(0.5), np.int32(7), -(10**30)], ids=repr
)
def test_an_operator_takes_any_real_number_as_a_float(name: str, other: Any) -> None:
    v = Value(1.5)
    node = getattr(v, name)(other)
    (constant,) = (operand for operand in node.operands if operand is not v)
    assert type(constant) is float
    assert fields(node) == fields(getattr(v, name)(float(other)))


@pytest.mark.parametrize("name", INFIX)
@pytest.mark.parametrize(
    "other", ["2", None, 1j, [1.0], (), object()], ids=lambda o: type(o).__name__
)
def test_an_operator_leaves_what_is_no_number_to_the_other_operand(name: str, other: Any) -> None:
    assert getattr(Value(1.5), name)(other) is NotImplemented


def operands_of(name: str, count: int) -> list[tuple[float, ...]]:
    operation = OPERATIONS[name]
    if operation.variadic:
        return ordinary(name, count)
    width = len(operation.rules)
    awkward = AWKWARD if width < 3 else AWKWARD[:10]
    return [*itertools.product(awkward, repeat=width), *ordinary(name, count)]


def expected(name: str, numbers: Sequence[float]) -> str:
    """Value and local derivatives by the table alone."""
    operation = OPERATIONS[name]
    value = operation(*numbers)
    if operation.variadic:
        return repr((value, tuple(operation.rules[0](tuple(numbers), value))))
    symbols, derivatives = formulas(operation)
    bindings = dict(zip(symbols, (*numbers, value), strict=True))
    return repr((value, tuple(interpret(derivatives, bindings))))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_node_holds_what_the_table_says(name: str) -> None:
    """Whichever of the operands are Values and which are plain numbers."""
    for i, numbers in enumerate(operands_of(name, 30)):
        chosen = [(i + place) % 3 > 0 for place in range(len(numbers))]
        if not any(chosen):
            chosen[i % len(numbers)] = True
        pairs = zip(numbers, chosen, strict=True)
        operands = [Value(number) if is_value else number for number, is_value in pairs]
        node = OPERATIONS[name](*operands)
        assert (node.op, node.label, node.grad) == (name, "", 0.0)
        assert repr((node.data, node.local_derivatives)) == expected(name, numbers), numbers
        assert list(map(id, node.operands)) == list(map(id, operands))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_node_under_no_grad_holds_the_number_alone(name: str) -> None:
    for numbers in operands_of(name, 5)[-5:]:
        operands = list(map(Value, numbers))
        with no_grad():
            node = OPERATIONS[name](*operands)
        assert (node.op, node.operands, node.local_derivatives) == ("", (), ())
        assert repr(node.data) == repr(OPERATIONS[name](*numbers))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_node_under_detect_anomaly_is_the_same_or_refused(name: str) -> None:
    for numbers in operands_of(name, 5):
        with detect_anomaly():
            operands = list(map(Value, numbers))
            made = outcome(partial(OPERATIONS[name], *operands))
        plain = OPERATIONS[name](*operands)
        if isinstance(made, str):
            assert not math.isfinite(plain.data)
            assert made == f"{name}({', '.join(map(str, numbers))}) gave {plain.data}"
        else:
            assert made == fields(plain)


def test_outside_of_every_mode_no_operation_looks_for_one() -> None:
    assert modes.entered == 0
    with no_grad(), detect_anomaly():
        assert modes.entered == 2
    with pytest.raises(KeyboardInterrupt), no_grad():
        raise KeyboardInterrupt
    assert modes.entered == 0
