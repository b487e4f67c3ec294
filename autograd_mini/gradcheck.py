"""Checking derivatives against differences of the function itself.

Differences can refute a derivative and say where; that they agree with it is no proof.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .modes import no_grad
from .primitive import not_a_number, to_float
from .transforms import jacobian
from .value import Value

__all__ = ["gradcheck"]

Function = Callable[..., Any]


def gradcheck(
    f: Function, inputs: Any, *, gradient: Function | None = None, tolerance: float = 1e-6
) -> bool:
    """Compare the derivatives of a function with central differences of high order.

    At a kink, where the slopes to the left and to the right differ, any derivative between the
    two passes. At the edge of the function's domain the slope inside counts.

    Args:
        f: a function from numbers, or sequences of numbers, to a number or a sequence of them.
        inputs: where to check it: the arguments of f in a sequence, or its only argument.
        gradient: the derivatives to check, as a function of the same arguments that gives one
            number per input number (or a row of them per output), in lists or not; by default
            the engine's own.
        tolerance: the difference that passes, relative to the slope.

    Returns:
        True.

    Raises:
        AssertionError: at the first derivative that is wrong, with the argument, the point, both
            numbers and the likely slip.
        ValueError: if there are no numbers, gradient gives more or fewer of them than there are
            derivatives, or tolerance is negative.
        TypeError: if an input, a result or a derivative is not a real number.

    >>> gradcheck(lambda x, y: x * y.sin(), [2.0, 3.0])
    True
    >>> gradcheck(lambda x: x**2, [3.0], gradient=lambda x: [x])
    Traceback (most recent call last):
    AssertionError: the derivative by x at x = 3.0 is 3.0, differences give 6: a factor 2 is missing
    """
    if not tolerance >= 0.0:
        raise ValueError(f"gradcheck() with tolerance {tolerance!r}: give a number from 0 on")
    call = _Arguments.of(f, inputs)
    found = call.numbers(f, call.point)
    several = isinstance(found, list)
    if gradient is None:
        claims = jacobian(lambda xs: f(*call.shaped(xs)))(call.point)
    else:
        claims = gradient(*call.shaped(call.point))
    claimed, width = _numbers(claims, "a derivative of gradcheck()"), len(call.point)
    outputs = len(found) if several else 1
    if len(claimed) != outputs * width:
        raise ValueError(
            f"gradcheck() of {len(claimed)} derivatives: give {outputs * width}, "
            f"one for each of {width} inputs and {outputs} outputs"
        )
    for k in range(outputs):

        def output(xs: Sequence[float], k: int = k) -> float:
            found: Any = call.numbers(f, xs)
            return float(found[k] if several else found)

        slopes = [_Slope.of(output, call.point, i) for i in range(width)]
        for i, slope in enumerate(slopes):
            derivative = claimed[k * width + i]
            if not slope.admits(derivative, tolerance):
                at = ", ".join(map("{} = {!r}".format, call.names, call.point))
                raise AssertionError(
                    f"the derivative{f' of output {k}' if several else ''} by {call.names[i]} "
                    f"at {at} is {derivative!r}, differences {slope}: "
                    f"{_slip(derivative, slope, dict(zip(call.names, slopes, strict=True)))}"
                )
    return True


@dataclass(frozen=True)
class _Arguments:
    """The arguments of a function as one flat list of numbers.

    Attributes:
        point: the numbers.
        names: what to call each of them.
        widths: for each argument its length, None for a number.
    """

    point: list[float]
    names: list[str]
    widths: list[int | None]

    @staticmethod
    def of(f: Function, inputs: Any) -> _Arguments:
        arguments = list(inputs) if _is_list(inputs) else [inputs]
        names = [f"argument {i}" for i in range(len(arguments))]
        try:
            signature = inspect.signature(f)
        except ValueError:  # a function written in C may have none
            pass
        else:
            try:
                signature.bind(*arguments)
            except TypeError:  # it takes all the numbers in one argument
                arguments = [arguments]
            kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
            known = [name for name, p in signature.parameters.items() if p.kind in kinds]
            names = (known + names[len(known) :])[: len(arguments)]
        point, flat, widths = [], [], []
        for name, argument in zip(names, arguments, strict=True):
            inside = _is_list(argument)
            widths.append(len(argument) if inside else None)
            for i, number in enumerate(argument if inside else [argument]):
                point.extend(_numbers(number, "an input of gradcheck()", 0))
                flat.append(f"{name}[{i}]" if inside else name)
        if not point:
            raise ValueError("gradcheck() at no numbers: give at least one to differentiate by")
        return _Arguments(point, flat, widths)

    def shaped(self, numbers: Sequence[Any]) -> list[Any]:
        """The numbers in the form of the arguments."""
        rest = iter(numbers)
        return [
            next(rest) if width is None else [next(rest) for _ in range(width)]
            for width in self.widths
        ]

    def numbers(self, f: Function, point: Sequence[float]) -> Any:
        """The value of a function, or its values in a list, as floats."""
        with no_grad():
            found = f(*self.shaped([Value(x) for x in point]))
            several = _is_list(found)
            numbers = _numbers(found, "a result of a function to check", int(several))
            return numbers if several else numbers[0]


def _is_list(given: Any) -> bool:
    return hasattr(given, "__len__") and not isinstance(given, str)


def _numbers(given: Any, what: str, depth: int = 2) -> list[float]:
    """The numbers in a list of at most so many dimensions, or a number alone."""
    if depth and _is_list(given):
        return [x for part in given for x in _numbers(part, what, depth - 1)]
    number = given.data if isinstance(given, Value) else to_float(given)
    if number is NotImplemented:
        raise TypeError(not_a_number(given, what))
    return [number]


@dataclass(frozen=True)
class _Slope:
    """What differences say of a slope.

    Attributes:
        low: the slope, or the smaller of those to the two sides where they differ.
        high: the slope, or the larger of them.
        error: an estimate of how wrong these are; infinite if differences do not settle.
    """

    low: float
    high: float
    error: float

    @staticmethod
    def of(output: Callable[[Sequence[float]], float], point: list[float], i: int) -> _Slope:
        """The slope of an output along one input at a point."""
        x = point[i]

        def along(t: float) -> float:
            return output([*point[:i], t, *point[i + 1 :]])

        centre = along(x)
        middle = _limit(lambda h: (along(x + h) - along(x - h)) / (2.0 * h), x, centre, 2)
        right = _limit(lambda h: (along(x + h) - centre) / h, x, centre, 1)
        left = _limit(lambda h: (centre - along(x - h)) / h, x, centre, 1)
        sides = [side for side in (left, right) if math.isfinite(side[1])]
        apart = len(sides) == 2 and abs(left[0] - right[0]) > max(
            1e-5 * (abs(left[0]) + abs(right[0])), 10.0 * (left[1] + right[1])
        )
        if math.isfinite(middle[1]) and not apart:
            sides = [middle]
        slopes = [slope for slope, _ in sides]
        if not slopes:
            return _Slope(math.nan, math.nan, math.inf)
        return _Slope(min(slopes), max(slopes), max(error for _, error in sides))

    def admits(self, claimed: float, tolerance: float) -> bool:
        """Whether a derivative agrees with the differences, which a finite one can be held to."""
        if math.isinf(self.error):
            return not math.isfinite(claimed)
        allowance = 10.0 * self.error + tolerance * max(abs(self.low), abs(self.high))
        return self.low - allowance <= claimed <= self.high + allowance

    def __str__(self) -> str:
        if math.isinf(self.error):
            return "do not settle"
        return f"give {self.low:.9g}" + (f" to {self.high:.9g}" if self.low < self.high else "")


def _limit(
    quotient: Callable[[float], float], x: float, centre: float, order: int
) -> tuple[float, float]:
    """The limit of a difference quotient for small steps, and an estimate of its error.

    Extrapolated from steps that shrink, keeping the entry that changed least for its size
    (Ridders, Advances in Engineering Software 4, 1982); the quotient's error is a series in the
    powers order, 2 · order, … of the step. The error is infinite if the quotient has no limit.
    """
    slope, error, least = math.nan, math.inf, 1e-3
    small = 1e-6 * (1.0 + abs(centre))
    # By no simple fraction, lest jumps, or periods, grow fewer in step with it: then quotients
    # would agree at large steps on what is no slope.
    shrink = 0.618
    for start in {0.25 * max(1.0, abs(x)), 0.25 * abs(x)} - {0.0}:
        previous: list[float] = []
        for shrunk in range(45):
            step = start * shrink**shrunk
            row = [quotient(step)]
            rounding = 2.0**-52 * (abs(centre) + abs(row[0] * x)) / step
            for column, before in enumerate(previous[:8], 1):
                row.append(row[-1] + (row[-1] - before) / (shrink ** (-order * column) - 1.0))
                change = max(abs(row[-1] - row[-2]), abs(row[-1] - before)) + rounding
                relative = change / (abs(row[-1]) + small)
                if relative < least:
                    slope, error, least = row[-1], change, relative
            previous = row if math.isfinite(row[0]) else []
    return slope, error


def _slip(claimed: float, slope: _Slope, others: Mapping[str, _Slope]) -> str:
    """What may have gone wrong."""

    def near(x: float, y: float) -> bool:
        return math.isclose(x, y, rel_tol=1e-5, abs_tol=1e-12)

    true = slope.low
    if not math.isfinite(claimed) or math.isinf(slope.error):
        return "the function and its derivative do not agree on where it is smooth"
    if near(claimed, 0.0):
        return "a term is missing, or a Value became a float on the way"
    if near(claimed, -true):
        return "the sign is wrong"
    for n in range(2, 1001):
        if near(claimed * n, true):
            return f"a factor {n} is missing"
        if near(claimed, true * n):
            return f"a factor 1/{n} is missing"
    for name, other in others.items():
        if near(claimed, other.low):
            return f"this is the derivative by {name}"
    return f"they differ by {claimed - true:.3g}, a term may be missing or wrong"
