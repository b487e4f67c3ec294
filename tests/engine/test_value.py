"""A Value is a number that remembers its operation, and is careful about what counts as one."""

import copy
import math
import operator
import pickle
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_mini
from autograd_mini import Value, dot, exp, maximum, relu, sum, where

REALS = [
    7,
    True,
    0.5,
    Fraction(1, 3),
    np.float64(0.1),
    np.float32(0.1),
    np.float16(0.1),
    np.int64(-3),
    np.int8(-3),
    np.uint8(200),
]

# What is not a real number, and what the error shows of it and says to write instead.
NOT_REALS = [
    ("1.5", "'1.5'", "float("),
    (1 + 2j, "(1+2j)", ".real"),
    (Decimal("1.5"), "Decimal", "float("),
    (None, "None", "float"),
    ([1.0, 2.0], "[1.0, 2.0]", "each element"),
    ((1.0,), "(1.0,)", "each element"),
    ({"a": 1.0}, "{'a': 1.0}", "each element"),
    (np.array([1.0, 2.0]), "array([1., 2.])", "each element"),
    (object, "object", "float"),
]

INFIX = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.mod]
IN_PLACE = [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


@pytest.mark.parametrize("number", REALS, ids=repr)
def test_any_real_number_is_stored_as_a_float(number: Any) -> None:
    assert Value(number).data == float(number)
    assert type(Value(number).data) is float


@pytest.mark.parametrize(("given", "shown", "hint"), NOT_REALS)
def test_what_is_not_a_real_number_is_refused_with_what_to_write(
    given: Any, shown: str, hint: str
) -> None:
    x = Value(3.0)
    x.grad = 4.0
    seedless = x * 2.0
    for attempt in (
        lambda: Value(given),
        lambda: setattr(x, "data", given),
        lambda: setattr(x, "grad", given),
        lambda: seedless.backward(given),
        lambda: maximum(x, given),
        lambda: exp(given),
        lambda: sum([x, given]),
    ):
        with pytest.raises(TypeError) as caught:
            attempt()
        assert shown in str(caught.value)
        assert hint in str(caught.value)
    assert (x.data, x.grad) == (3.0, 4.0)


def test_the_data_of_a_value_is_not_another_value() -> None:
    attempts: list[Callable[[Any], Any]] = [Value, Value(1.0).backward]
    for attempt in attempts:
        with pytest.raises(TypeError, match=r"Value\(2\.0\).*v\.data"):
            attempt(Value(2.0))


def test_a_long_wrong_argument_is_cut_short_in_the_message() -> None:
    with pytest.raises(TypeError) as caught:
        Value(list(range(10_000)))
    assert len(str(caught.value)) < 200


def test_a_new_value_is_a_leaf_without_gradient() -> None:
    x = Value(3)
    assert (x.grad, x.label, x.op, x.operands, x.local_derivatives) == (0.0, "", "", (), ())
    assert Value(3, label="x").label == "x"


def test_data_and_grad_can_be_set_to_any_real_number() -> None:
    x = Value(3.0)
    x.data, x.grad = Fraction(1, 4), np.float32(0.5)
    assert (x.data, x.grad) == (0.25, 0.5)
    assert (type(x.data), type(x.grad)) == (float, float)


def test_a_misspelt_attribute_is_an_error() -> None:
    with pytest.raises(AttributeError):
        Value(3.0).date = 5.0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("make", "op", "data", "positions", "derivatives"),
    [
        (lambda x, y: x + y, "add", 8.0, "xy", (1.0, 1.0)),
        (lambda x, y: x - y, "sub", -4.0, "xy", (1.0, -1.0)),
        (lambda x, y: y - x, "sub", 4.0, "yx", (1.0, -1.0)),
        (lambda x, y: x * y, "mul", 12.0, "xy", (6.0, 2.0)),
        (lambda x, y: y / x, "div", 3.0, "yx", (0.5, -1.5)),
        (lambda x, y: y**x, "pow", 36.0, "yx", (12.0, 36.0 * math.log(6.0))),
        (lambda x, y: y % x, "mod", 0.0, "yx", (1.0, -3.0)),
        (lambda x, y: x * x, "mul", 4.0, "xx", (2.0, 2.0)),
        (lambda x, y: x + 3, "add", 5.0, ("x", 3.0), (1.0, 1.0)),
        (lambda x, y: 3 - x, "sub", 1.0, (3.0, "x"), (1.0, -1.0)),
        (lambda x, y: Fraction(1, 2) * x, "mul", 1.0, (0.5, "x"), (2.0, 0.5)),
        (lambda x, y: 2 / x, "div", 1.0, (2.0, "x"), (0.5, -0.5)),
        (lambda x, y: 2**x, "pow", 4.0, (2.0, "x"), (4.0, 4.0 * math.log(2.0))),
        (lambda x, y: 7 % x, "mod", 1.0, (7.0, "x"), (1.0, -3.0)),
        (lambda x, y: True + x, "add", 3.0, (1.0, "x"), (1.0, 1.0)),
        (lambda x, y: -x, "neg", -2.0, "x", (-1.0,)),
        (lambda x, y: abs(-2 * y), "abs", 12.0, None, (-1.0,)),
        (lambda x, y: round(x / 3), "round", 1.0, None, (0.0,)),
        (lambda x, y: relu(x), "relu", 2.0, "x", (1.0,)),
        (lambda x, y: maximum(2, x), "maximum", 2.0, (2.0, "x"), (0.5, 0.5)),
        (lambda x, y: where(x < y, y, 5), "where", 6.0, (1.0, "y", 5.0), (0.0, 1.0, 0.0)),
        (lambda x, y: sum([x, 1, x]), "sum", 5.0, ("x", 1.0, "x"), (1.0, 1.0, 1.0)),
        (
            lambda x, y: dot([x, 4], [y, x], 1),
            "dot",
            21.0,
            ("x", 4.0, "y", "x", 1.0),
            (6.0, 2.0, 2.0, 4.0, 1.0),
        ),
        (lambda x, y: dot([x], [3]), "dot", 6.0, ("x", 3.0, 0.0), (3.0, 2.0, 1.0)),
        (lambda x, y: dot([], [], x), "dot", 2.0, "x", (1.0,)),
    ],
)
def test_a_node_remembers_operation_operands_in_order_and_local_derivatives(
    make: Callable[..., Value],
    op: str,
    data: float,
    positions: Any,
    derivatives: tuple[float, ...],
) -> None:
    leaves = {"x": Value(2.0), "y": Value(6.0)}
    z = make(**leaves)
    assert (z.op, z.data, z.local_derivatives) == (op, data, derivatives)
    if positions is not None:
        expected = [leaves.get(p, p) for p in positions]
        assert len(z.operands) == len(expected)
        for operand, wanted in zip(z.operands, expected, strict=True):
            assert operand is wanted or (type(operand) is float and operand == wanted)


@pytest.mark.parametrize("number", REALS, ids=repr)
@pytest.mark.parametrize("apply", INFIX)
def test_operators_take_every_kind_of_real_number_on_either_side(
    apply: Callable[[Any, Any], Any], number: Any
) -> None:
    x = Value(2.0)
    for z, constant in ((apply(x, number), 1), (apply(number, x), 0)):
        assert type(z) is Value
        assert type(z.operands[constant]) is float
        assert z.operands[constant] == float(number)
        assert z.operands[1 - constant] is x


@pytest.mark.parametrize("other", ["1", None, 1j, [1.0], Decimal(1), object()], ids=repr)
@pytest.mark.parametrize("apply", [*INFIX, operator.lt, operator.ge])
def test_operators_refuse_what_is_not_a_real_number(
    apply: Callable[[Any, Any], Any], other: Any
) -> None:
    if isinstance(other, str) and apply is operator.mod:
        other = b"1"  # '%' of a text formats
    for operands in ((Value(2.0), other), (other, Value(2.0))):
        with pytest.raises(TypeError):
            apply(*operands)


def test_operators_leave_room_for_types_that_know_values() -> None:
    class Matrix:
        def __radd__(self, other: Any) -> str:
            return "a matrix"

    assert Value(2.0) + Matrix() == "a matrix"


@pytest.mark.parametrize("apply", IN_PLACE)
def test_an_augmented_assignment_makes_a_new_node(apply: Callable[[Any, Any], Any]) -> None:
    x = Value(2.0)
    old = x * 3.0
    new = apply(old, x)
    assert new is not old
    assert (old.data, old.op, old.operands) == (6.0, "mul", (x, 3.0))
    assert new.operands[0] is old


def test_plus_is_the_value_itself() -> None:
    x = Value(2.0)
    assert +x is x


def test_floor_and_ceil_of_math_keep_the_graph() -> None:
    x = Value(2.5)
    assert [(z.op, z.data) for z in (math.floor(x), math.ceil(x))] == [
        ("floor", 2.0),
        ("ceil", 3.0),
    ]


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize(
    "other", [1.0, 2.0, 3, True, Fraction(5, 2), np.float64(2.0), math.nan], ids=repr
)
def test_comparisons_are_those_of_the_numbers(
    compare: Callable[[Any, Any], Any], other: Any
) -> None:
    assert bool(compare(Value(2.0), other)) is bool(compare(2.0, other))
    assert bool(compare(other, Value(2.0))) is bool(compare(other, 2.0))
    assert compare(Value(2.0), Value(other)) is bool(compare(2.0, other))


def test_a_value_does_not_equal_what_is_not_a_number() -> None:
    x = Value(2.0)
    assert [x == "2.0", x == None, x == [2.0], x == 2j] == [False] * 4  # noqa: E711
    assert x != "2.0"


def test_values_are_told_apart_by_identity_as_keys() -> None:
    x, y = Value(2.0), Value(2.0)
    assert x == y
    assert len({x, y, x}) == 2
    assert {x: "x", y: "y"}[x] == "x"


@pytest.mark.parametrize(("number", "truth"), [(0.0, False), (-0.0, False), (2.0, True)])
def test_a_value_is_true_unless_it_is_zero(number: float, truth: bool) -> None:  # noqa: FBT001
    assert bool(Value(number)) is truth


def test_an_integer_beyond_the_floats_is_infinite() -> None:
    huge, x = 10**400, Value(2.0)
    assert x < huge
    assert x > -huge
    assert x != huge
    assert [(x * huge).data, (-huge + x).data, maximum(x, huge).data] == [
        math.inf,
        -math.inf,
        math.inf,
    ]


# ------------------------------------------------------------------- conversions to a float


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("math.sin(v)", "sin"),
        ("math.exp(v)", "exp"),
        ("math.log1p(v)", "log1p"),
        ("math.hypot(1.0, v)", "hypot"),
        ("1.0 + math.tanh(v) * 2.0", "tanh"),
        ("[math.exp(1.0), math.erf(v), math.cos(1.0)]", "erf"),
        ("(lambda m: m.atan(v))(math)", "atan"),
        ("'σσσσσσ', math.sqrt(v)", "sqrt"),
        ("cosine(v)", None),
        ("math.pow(v, 2.0)", None),
        ("math.fabs(v)", None),
        ("math.gamma(v)", None),
        ("float(v)", None),
        ("complex(v)", None),
        ("[*map(math.sin, [v])]", None),
        ("'%f' % v", None),
    ],
)
def test_a_conversion_is_refused_and_names_a_function_that_exists(
    program: str, name: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"import math\nfrom math import cos as cosine\nresult = {program}\n", "utf-8")
    code = compile(path.read_text("utf-8"), path, "exec")
    with pytest.raises(TypeError, match=r"Value\(0\.5\)") as caught:
        exec(code, {"v": Value(0.5)})
    assert "v.data" in str(caught.value)
    found = re.findall(r"autograd_mini\.(\w+)", str(caught.value))
    assert all(callable(getattr(autograd_mini, f, None)) for f in found)
    if name is not None:
        assert found == [name]


def test_a_conversion_without_source_text_is_refused_too() -> None:
    with pytest.raises(TypeError, match=r"v\.data"):
        exec("math.sin(v)", {"math": math, "v": Value(0.5)})


def test_int_is_refused_with_what_to_write() -> None:
    x: Any = Value(2.5)
    with pytest.raises(TypeError, match=r"v\.data"):
        int(x)


def test_a_detached_value_converts() -> None:
    x = Value(2.5) * 1.0
    d = x.detach()
    assert (float(d), math.exp(d), f"{float(d):.2f}") == (2.5, math.exp(2.5), "2.50")
    assert np.array([d, d], dtype=float).tolist() == [2.5, 2.5]


def test_a_detached_value_has_the_number_and_the_label_and_no_history() -> None:
    x = Value(2.5)
    y = x * 2.0
    y.label = "y"
    d = y.detach()
    assert (d.data, d.label, d.op, d.operands, d.local_derivatives) == (5.0, "y", "", (), ())
    (d * y).backward()
    assert (x.grad, y.grad, d.grad) == (10.0, 5.0, 0.0)
    d.data = 1.0
    assert y.data == 5.0


def test_item_is_the_number() -> None:
    x = Value(2.5) * 2.0
    assert x.item() == x.data == 5.0
    assert type(x.item()) is float


def test_a_repr_is_short_however_large_the_graph() -> None:
    x = Value(0.5, label="x")
    y = x
    for _ in range(50):
        y = y * x + 1.0
    assert repr(Value(0.5)) == "Value(0.5)"
    assert repr(x) == "Value(0.5, label='x')"
    assert len(repr(y)) < 60
    y.backward()
    assert repr(x.grad) in repr(x)


# ------------------------------------------------------------------- copies


def test_a_deep_copy_keeps_what_is_shared_and_shares_nothing_with_the_original() -> None:
    x = Value(3.0, label="x")
    s = x * x
    z = sum([s, s * 2.0, x])
    z.label = "z"
    z.backward()
    copied = copy.deepcopy(z)
    s2, t2, x2 = copied.operands
    assert isinstance(s2, Value)
    assert isinstance(t2, Value)
    assert isinstance(x2, Value)
    assert s2.operands == (x2, x2)
    assert s2.operands[0] is s2.operands[1] is x2
    assert t2.operands[0] is s2
    assert {id(v) for v in (copied, s2, t2, x2)}.isdisjoint(map(id, (z, *z.operands, x)))
    assert [(v.data, v.grad, v.label, v.op) for v in (x2, copied)] == [
        (3.0, 19.0, "x", ""),
        (30.0, 1.0, "z", "sum"),
    ]
    assert copied.local_derivatives == z.local_derivatives
    copied.backward()
    assert (x2.grad, x.grad) == (38.0, 19.0)


def test_a_deep_copy_of_a_container_keeps_what_its_elements_share() -> None:
    x = Value(3.0)
    y = x * 2.0
    copied = copy.deepcopy({"x": [x, y], "y": y, "z": (y + x, x)})
    x2, y2 = copied["x"]
    assert x2 is not x
    assert copied["y"] is y2
    assert y2.operands[0] is x2
    assert copied["z"][1] is x2
    assert copied["z"][0].operands == (y2, x2)
    assert copied["z"][0].operands[0] is y2


def test_a_deep_copy_of_a_detached_value_is_detached() -> None:
    assert float(copy.deepcopy(Value(3.0).detach())) == 3.0


def test_a_deep_copy_is_no_recursion() -> None:
    y = x = Value(1.0)
    for _ in range(20_000):
        y = y + x
    copied = copy.deepcopy([y])[0]
    copied.backward()
    assert copied.data == 20_001.0
    assert x.grad == 0.0


@pytest.mark.parametrize("attempt", [pickle.dumps, copy.copy, lambda v: pickle.dumps([v * v])])
def test_a_value_is_not_pickled_or_copied_without_its_graph(
    attempt: Callable[[Value], Any],
) -> None:
    with pytest.raises(TypeError, match=r"v\.data"):
        attempt(Value(3.0))


def test_value_cannot_be_subclassed() -> None:
    with pytest.raises(TypeError, match="functions of Values"):
        type("Special", (Value,), {})


# ------------------------------------------------------------------- NumPy


def test_functions_of_numpy_on_an_array_of_values_are_those_of_autograd_mini() -> None:
    x, y = Value(0.5), Value(2.0)
    array = np.array([x, y])
    assert array.dtype == object
    for function in (np.exp, np.sin, np.tanh, np.sqrt, np.log, np.floor):
        results = function(array)
        assert [z.op for z in results] == [function.__name__] * 2
        assert [z.operands for z in results] == [(x,), (y,)]


def test_operators_of_numpy_on_an_array_of_values_record() -> None:
    x, y = Value(0.5), Value(2.0)
    array = np.array([x, y])
    numbers = np.array([3.0, 4.0])
    for result in (array * numbers, numbers * array, array + x, x + array, 1.0 - array, -array):
        assert all(type(z) is Value and z.op for z in result)
    total = array @ numbers
    assert type(total) is Value
    total.backward()
    assert (total.data, x.grad, y.grad) == (9.5, 3.0, 4.0)
    assert type(array.sum()) is Value
    assert ((np.eye(2) @ array)[1]).data == 2.0


def test_a_value_times_an_array_of_floats_is_an_array_of_values() -> None:
    x = Value(2.0)
    for result in (x * np.array([1.0, 3.0]), np.array([1.0, 3.0]) * x):
        assert [type(z) for z in result] == [Value, Value]
        assert [z.data for z in result] == [2.0, 6.0]


def test_an_array_of_floats_is_not_made_of_values_in_silence() -> None:
    with pytest.raises(TypeError, match=r"v\.data"):
        np.array([Value(1.0), Value(2.0)], dtype=float)
