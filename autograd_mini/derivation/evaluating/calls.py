"""Functions applied: those of the notation, of the document, and the known ones; σ′ too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import autograd_mini as engine
from autograd_mini import Value, gradients
from autograd_mini.derivation.meaning import nodes as m
from autograd_mini.derivation.meaning.symbols import ARRAY_FUNCTIONS
from autograd_mini.derivation.reading.vocabulary import FUNCTIONS

from . import linear
from .arrays import Array, Mismatch, from_nested, map_entries, pairwise, write_shape
from .entries import Whole
from .point import Definition, OutOfTime
from .protocol import Evaluating, fold

__all__ = ["apply"]


def apply(evaluator: Evaluating, node: m.Apply) -> Any:
    """A function of its arguments; of one number, to every entry of an array."""
    arguments = [evaluator.value(argument) for argument in node.arguments]
    definition = evaluator.point.definitions.get(node.function)
    if definition is not None:
        function: Any = _defined(evaluator, definition)
    elif node.known:
        if node.function in ARRAY_FUNCTIONS:
            return _array_function(node, arguments)
        name = FUNCTIONS.get(node.function, node.function)
        function = _EXTRA.get(name) or getattr(engine, name)
    else:
        function = evaluator.point.table.values[node.function]
    if isinstance(function, Whole):
        return _whole(node, function, arguments)
    if node.primes:
        if len(arguments) != 1:
            raise m.Unresolved("a prime on a function of several arguments", node.at)
        for _ in range(node.primes):
            function = _slope(function)
    arrays = [a for a in arguments if isinstance(a, Array)]
    if not arrays:
        return _called(node, function, arguments)
    if len(arguments) == 1:
        return map_entries(lambda x: _called(node, function, [x]), arguments[0])
    if len({a.shape for a in arrays}) > 1:
        raise Mismatch("arguments of different shapes in a function of entries")
    rows = [
        _called(node, function, [a.entries[k] if isinstance(a, Array) else a for a in arguments])
        for k in range(len(arrays[0].entries))
    ]
    return Array(arrays[0].shape, tuple(rows))


def _called(node: m.Apply, function: Callable[..., Any], arguments: list[Any]) -> Any:
    try:
        return from_nested(function(*arguments))
    except (OutOfTime, m.Unresolved, Mismatch):
        raise
    except Exception as error:  # noqa: BLE001  # whatever it raises is about the claim
        raise m.Unresolved(
            f"`{node.function}` of the notation raised {type(error).__name__}: {error}", node.at
        ) from None


def _defined(evaluator: Evaluating, definition: Definition) -> Callable[..., Any]:
    def function(*arguments: Any) -> Any:
        if len(arguments) != len(definition.parameters):
            raise TypeError(f"it takes {len(definition.parameters)} arguments")
        given = dict(zip(definition.parameters, arguments, strict=True))
        return evaluator.called_with(definition.tree, given)

    return function


def _whole(node: m.Apply, function: Whole, arguments: list[Any]) -> Any:
    if node.primes:
        raise m.Unresolved("a prime on a function of a whole vector", node.at)
    given = [list(a.entries) if isinstance(a, Array) and 1 in a.shape
             else a if not isinstance(a, Array)
             else [[a.at(i, j) for j in range(a.shape[1])] for i in range(a.shape[0])]
             for a in arguments]  # fmt: skip
    given = [[a] if isinstance(a, (Value, float)) else a for a in given]
    return _called(node, function.function, given)


def _array_function(node: m.Apply, arguments: list[Any]) -> Any:
    name = ARRAY_FUNCTIONS[node.function]
    if node.primes:
        raise m.Unresolved(f"a prime on {node.function}", node.at)
    if name in ("max", "min") and (len(arguments) > 1 or not isinstance(arguments[0], Array)):
        choose = engine.maximum if name == "max" else engine.minimum
        total = arguments[0]
        for other in arguments[1:]:
            if not isinstance(total, Array):
                total, other = other, total  # noqa: PLW2901
            total = (
                pairwise(choose, total, other, name)
                if isinstance(other, Array) or not isinstance(total, Array)
                else map_entries(partial(choose, other), total)
            )
        return total
    x = arguments[0]
    if len(arguments) != 1:
        raise m.Unresolved(f"{node.function} of several arguments", node.at)
    if name == "diag":
        if not isinstance(x, Array):
            return x
        if x.is_column or x.is_row:
            n = len(x.entries)
            zeros = [x.entries[i] if i == j else 0.0 for i in range(n) for j in range(n)]
            return Array((n, n), tuple(zeros))
        return Array((x.shape[0], 1), tuple(x.at(i, i) for i in range(x.shape[0])))
    if name == "det":
        return linear.determinant(x) if isinstance(x, Array) else x
    if name == "trace":
        if not isinstance(x, Array):
            return x
        if len(x.shape) != 2 or x.shape[0] != x.shape[1]:
            raise Mismatch(f"the trace of a {write_shape(x.shape)} matrix")
        return engine.sum([x.at(i, i) for i in range(x.shape[0])])
    entries = list(x.entries) if isinstance(x, Array) else [x]
    if name == "softmax":
        powers = [engine.exp(x) for x in entries]
        total = engine.sum(powers)
        shares = tuple(p / total for p in powers)
        return Array(x.shape, shares) if isinstance(x, Array) else shares[0]
    if name in ("sum", "mean"):
        total = engine.sum(entries)
        return total if name == "sum" else total / float(len(entries))
    if name in ("max", "min"):
        return fold(engine.maximum if name == "max" else engine.minimum, entries)
    raise m.Unresolved(f"{node.function} is not understood", node.at)


def _slope(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def slope(x: Any) -> Any:
        at = x if isinstance(x, Value) else Value(x)
        result = function(at)
        if not isinstance(result, Value):
            return 0.0
        return gradients(result, [at], create_graph=True)[0]

    return slope


_EXTRA: dict[str, Callable[..., Any]] = {
    "logit": lambda x: engine.log(x / (1.0 - x)),
    "sech": lambda x: 1.0 / engine.cosh(x),
    "step": lambda x: engine.where(x > 0.0, 1.0, 0.0),
}  # fmt: skip
