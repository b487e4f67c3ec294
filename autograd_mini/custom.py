"""Adding an operation of your own to the table, checked before it is let in."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .expression import formulas
from .gradcheck import gradcheck
from .primitive import OPERATIONS, Primitive, define
from .transforms import grad

__all__ = ["define_operation"]

_AWKWARD = (0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan)
_ORDINARY = (-2.3, -0.7, 0.4, 1.6)
_added: set[str] = set()


def define_operation(
    name: str,
    forward: Callable[..., float],
    *derivatives: Callable[..., Any],
    points: Iterable[Sequence[float]] | None = None,
    selects: bool = False,
    symbol: str | None = None,
    text: str | None = None,
    latex: str | None = None,
    doc: str = "",
) -> Primitive:
    """Add an operation to the table: from then on it is like any other.

    It runs on floats and Values, is differentiated to any order, and shows in pictures and
    derivations.

    Args:
        name: what `Value.op` is to say.
        forward: the function, from floats to a float. It must not raise for a numeric reason:
            let it return `math.nan` or `math.inf` where `math` would raise.
        derivatives: for each operand the derivative of the result by it, as a function of the
            operands and the result, written in operators and functions of this package, which
            also choose (`relu`, `maximum`, `sign`) where Python would branch.
        points: where the derivatives are compared with differences; ordinary numbers of either
            sign by default.
        selects: whether a derivative of 0 means that the operand was not chosen, so that nothing
            flows to it, not even 0 · ∞.
        symbol: what a picture is to write.
        text: how it is written in text, with `{0}` for the first operand, and so on.
        latex: the same in LaTeX, with braces doubled.
        doc: one sentence for `help`.

    Returns:
        The operation, to be called with floats or Values.

    Raises:
        ValueError: if the name is taken, or forward raises or is undefined at every point.
        TypeError: if the derivatives do not take the operands and the result, or use `if`.
        AssertionError: if a derivative, or a derivative of it, is not what differences give.

    >>> from autograd_mini import Value
    >>> cube = define_operation("cube", lambda x: x * x * x, lambda x, z: 3.0 * x * x)
    >>> x = Value(2.0)
    >>> cube(x).backward()
    >>> x.grad
    12.0
    """
    _check_rules(name, derivatives)
    before = OPERATIONS.pop(name, None) if name in _added else None
    operation = define(
        name,
        forward,
        *derivatives,
        selects=selects,
        symbol=symbol,
        text=text,
        latex=latex,
        doc=doc,
    )
    try:
        _check(operation, None if points is None else list(points))
    except BaseException:
        del OPERATIONS[name]
        if before is not None:
            OPERATIONS[name] = before
        raise
    _added.add(name)
    return operation


def _check_rules(name: str, rules: Sequence[Callable[..., Any]]) -> None:
    width = len(rules)
    if not width:
        raise TypeError(f"{name} has no derivatives: give one for each operand")
    for rule in rules:
        if len(inspect.signature(rule).parameters) != width + 1:
            raise TypeError(
                f"a derivative of {name}, which has {width} of them, must be a function of "
                f"{width} operands and the result, not of {inspect.signature(rule)}"
            )


def _check(operation: Primitive, points: list[Sequence[float]] | None) -> None:
    formulas(operation)  # refuses a rule that branches
    width = len(operation.rules)
    for awkward in itertools.product(_AWKWARD, repeat=min(width, 2)):
        operands = [*awkward, *(1.0,) * (width - 2)]
        try:
            result = operation.forward(*operands)
        except (ArithmeticError, ValueError) as error:
            raise ValueError(
                f"forward of {operation.name} raised {error!r} at {operands}: "
                "let it return math.nan or math.inf there"
            ) from error
        if not isinstance(result, float):
            raise TypeError(
                f"forward of {operation.name} gave {type(result).__name__} {result!r} at "
                f"{operands}: let it return a float"
            )
    candidates = points or [list(p) for p in itertools.product(_ORDINARY, repeat=width)][:64]
    usable = [point for point in candidates if math.isfinite(operation.forward(*point))]
    if not usable:
        raise ValueError(
            f"{operation.name} is finite at none of {len(candidates)} points, the first of which "
            f"is {candidates[0]}: give points inside its domain"
        )
    for point in usable:
        try:
            gradcheck(operation, point)
            for i in range(width):
                gradcheck(grad(operation, i), point)
        except AssertionError as error:
            raise AssertionError(f"in {operation.name}, {error}") from None
