"""A message names the line of the user's code, whichever function of the project it calls."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd_mini import Dense, Value, detect_anomaly, log, mean
from autograd_mini.caller import called_name, user_line


def overflowing() -> nn.MLP:
    model = nn.MLP(1, [2, 1], rng=0)
    for parameter in model.parameters():
        parameter.data = 1e308
    return model


CALLS: dict[str, Callable[[], Any]] = {
    "an operator": lambda: Value(1e308) * 10.0,
    "a method": lambda: Value(0.0).log(),
    "a function": lambda: log(Value(0.0)),
    "a function of several": lambda: mean([Value(1e308), 1e308]),
    "a layer of dots": lambda: Dense([[Value(1e308)]], [0.0])([10.0]),
    "a model": lambda: overflowing()([10.0]),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_line_that_is_blamed_is_the_users(name: str) -> None:
    number = CALLS[name].__code__.co_firstlineno
    with detect_anomaly(), pytest.raises(FloatingPointError) as raised:
        CALLS[name]()
    assert re.search(rf", at .*test_caller\.py:{number}: ", str(raised.value))


def test_a_line_without_a_file_is_named_by_its_number() -> None:
    names: dict[str, Any] = {"user_line": user_line}
    exec(compile("\n\nline = user_line()", "<a cell>", "exec"), names)
    assert names["line"] == "<a cell>:3"


class Asked:
    """A number that says by which function it was asked for its value."""

    name = ""

    def __float__(self) -> float:
        Asked.name = called_name(sys._getframe(1))  # noqa: SLF001  # as a Value does
        return 1.0


def test_the_function_that_is_called_is_told_from_others_in_its_line() -> None:
    x = Asked()
    names = []
    for call in (
        lambda: abs(math.sin(x)) + math.cos(1.0),
        lambda: math.cos(0.5) + float(x),
        lambda: math.hypot(
            x,
            2.0,
        ),
        lambda: [1.0, math.exp(math.sqrt(x))],
    ):
        call()
        names.append(Asked.name)
    assert names == ["sin", "float", "hypot", "sqrt"]


def test_a_call_whose_source_is_not_there_has_no_name() -> None:
    exec(compile("float(x)", "<a cell>", "exec"), {"x": Asked()})
    assert Asked.name == ""
