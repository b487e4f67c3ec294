"""Adding an operation of your own to the table, checked before it is let in."""

from __future__ import annotations

import inspect
import itertools
import keyword
import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .expression import Style, formulas, write
from .gradcheck import gradcheck
from .primitive import OPERATIONS, Primitive, define
from .transforms import grad

__all__ = ["define_operation"]

_AWKWARD = (0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan)
_ORDINARY = (-2.3, -0.7, 0.4, 1.6)
_added: set[Primitive | None] = set()


def define_operation(
    name: str,
    forward: Callable[..., float],
    *derivatives: Callable[..., Any],
    points: Iterable[Sequence[float]] = (),
    selects: bool = False,
    symbol: str | None = None,
    text: str | None = None,
    latex: str | None = None,
    precedence: int = 4,
    doc: str = "",
) -> Primitive:
    """Add an operation to the table: from then on it is like any other.

    It runs on floats and Values, is differentiated to any order, and shows in pictures and
    derivations. Defining it again, as a notebook does, replaces it.

    Args:
        name: what `Value.op` is to say.
        forward: the function, from floats to a float. It must not raise for a numeric reason:
            let it return `math.nan` or `math.inf` where `math` would raise.
        derivatives: for each operand the derivative of the result by it, as a function of the
            operands and the result, written in operators and functions of this package, which
            also choose (`relu`, `maximum`, `sign`) where Python would branch.
        points: where the derivatives are compared with differences, away from their jumps;
            ordinary numbers of either sign by default.
        selects: whether a derivative of 0 means that the operand was not chosen, so that nothing
            flows to it, not even 0 · ∞.
        symbol: what a picture is to write.
        text: how it is written in text, with `{0}` for the first operand, and so on; `{0:2}` puts
            it in parentheses where it binds less tightly than a product (1 sums, 2 products,
            3 powers, 4 functions and names).
        latex: the same in LaTeX, with braces doubled.
        precedence: how tightly the notation itself binds, on that scale.
        doc: one sentence for `help`.

    Returns:
        The operation, to be called with floats or Values.

    Raises:
        ValueError: if the name is taken or no name, forward raises or is undefined at every
            point, or the notation does not fit the operands.
        TypeError: if forward or the derivatives do not take the operands (and the result) or give
            something else than numbers, or the derivatives use `if` or functions of `math`.
        AssertionError: if a derivative, or a derivative of it, is not what differences give.

    >>> from autograd_mini import Value
    >>> cube = define_operation("cube", lambda x: x * x * x, lambda x, z: 3.0 * x * x)
    >>> x = Value(2.0)
    >>> cube(x).backward()
    >>> x.grad
    12.0
    """
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"an operation named {name!r}: give a name as of a Python function")
    _check_widths(name, forward, derivatives)
    before = dict(OPERATIONS)
    if OPERATIONS.get(name) in _added:
        del OPERATIONS[name]
    try:
        operation = define(
            name,
            forward,
            *derivatives,
            selects=selects,
            symbol=symbol,
            text=text,
            latex=latex,
            precedence=precedence,
            doc=doc,
        )
        _check_notation(operation)
        _check_forward(operation)
        _check_derivatives(operation, list(points) or _ordinary(len(derivatives)))
    except BaseException:
        OPERATIONS.clear()
        OPERATIONS.update(before)
        raise
    _added.add(operation)
    return operation


def _check_widths(
    name: str, forward: Callable[..., float], rules: Sequence[Callable[..., Any]]
) -> None:
    width = len(rules)
    if not width:
        raise TypeError(f"{name} has no derivatives: give one for each operand")
    for rule in rules:
        if len(inspect.signature(rule).parameters) != width + 1:
            raise TypeError(
                f"a derivative of {name}, which has {width} of them, must be a function of "
                f"{width} operands and the result, not of {inspect.signature(rule)}"
            )
    try:
        signature = inspect.signature(forward)
    except ValueError:  # a function written in C may have none
        return
    try:
        signature.bind(*rules)
    except TypeError:
        raise TypeError(
            f"forward of {name}, which has {width} derivatives, must be a function of {width} "
            f"operands, not of {signature}"
        ) from None


def _check_notation(operation: Primitive) -> None:
    *operands, _ = formulas(operation)[0]  # refuses a rule that branches, too
    templates: dict[Style, object] = {"text": operation.text, "latex": operation.latex}
    for style, template in templates.items():
        try:
            write(operation.of(tuple(operands)), style)
        except (AttributeError, LookupError, ValueError) as error:
            raise ValueError(
                f"the {style} of {operation.name}, {template!r}, does not fit its {len(operands)} "
                "operands: write {0} for the first, {1} for the second, and braces that are to "
                "stand twice"
            ) from error


def _check_forward(operation: Primitive) -> None:
    for operands in _awkward(len(operation.rules)):
        try:
            result = operation.forward(*operands)
        except (ArithmeticError, ValueError) as error:
            raise ValueError(
                f"forward of {operation.name} raised {error!r} at {operands}: "
                "let it return math.nan or math.inf there"
            ) from error
        if result.__class__ is not float:
            raise TypeError(
                f"forward of {operation.name} gave {type(result).__name__} {result!r} at "
                f"{operands}: let it return a float"
            )


def _awkward(width: int) -> Iterator[list[float]]:
    """Every two awkward numbers as any two of the operands."""
    for places in itertools.combinations(range(width), min(width, 2)):
        for numbers in itertools.product(_AWKWARD, repeat=len(places)):
            at = dict(zip(places, numbers, strict=True))
            yield [at.get(place, 1.0) for place in range(width)]


def _check_derivatives(operation: Primitive, points: Sequence[Sequence[float]]) -> None:
    usable = [point for point in points if math.isfinite(operation.forward(*point))]
    if not usable:
        raise ValueError(
            f"{operation.name} is finite at none of {len(points)} points, the first of which "
            f"is {points[0]}: give points inside its domain"
        )
    signature = inspect.signature(operation)
    functions: dict[str, Callable[..., Any]] = {operation.name: operation}
    for i, operand in enumerate(signature.parameters):
        derivative = grad(operation, i)
        derivative.__signature__ = signature  # type: ignore[attr-defined]  # names for gradcheck
        functions[f"{operation.name} differentiated by {operand}"] = derivative
    for point, (name, function) in itertools.product(usable, functions.items()):
        try:
            gradcheck(function, point)
        except AssertionError as error:
            raise AssertionError(f"in {name}, {error}") from None


def _ordinary(width: int) -> list[Sequence[float]]:
    """Ordinary points without ties: each number for one operand, a choice of eight for more."""
    each = [[x + 0.03125 * place for x in _ORDINARY] for place in range(width)]
    if width == 1:
        return list(zip(*each, strict=True))
    rng = random.Random(width)
    return [[rng.choice(numbers) for numbers in each] for _ in range(8)]
