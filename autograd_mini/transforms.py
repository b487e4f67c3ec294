"""Derivatives as functions: gradients of a graph, and grad, jacobian and their kin of a function.

Nothing here touches a `.grad`. Derivatives of derivatives come from running the table's rules on
Values: the gradient is then itself a graph.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from . import anomaly, modes
from .expression import formulas, interpret
from .fuse import fuse
from .graph import topological_order
from .operations import identity
from .primitive import not_a_number, to_float
from .reverse import adjoints, exclusive, sweep
from .value import Value, inputs_of

__all__ = ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad"]

Function = Callable[..., Any]

_enclosing: ContextVar[frozenset[Value]] = ContextVar(
    "autograd_mini_enclosing", default=frozenset()
)  # the variables of the differentiations under way, outermost to innermost


def gradients(output: Value, inputs: Iterable[Value], *, create_graph: bool = False) -> list[Any]:
    """The derivatives of one Value by others, which may lie anywhere in its graph.

    Args:
        output: the Value to differentiate.
        inputs: what to differentiate it by.
        create_graph: give Values that can be differentiated again, rather than floats.

    Returns:
        One derivative per input, 0 for an input that the output does not depend on.

    Raises:
        TypeError: if output or an input is not a Value.
        RuntimeError: with create_graph, if a number in the graph was changed since it was used.
        FloatingPointError: under `detect_anomaly`, at the first derivative not finite.

    >>> x = Value(3.0)
    >>> (slope,) = gradients(x**3, [x], create_graph=True)
    >>> slope.data, gradients(slope, [x])
    (27.0, [18.0])
    """
    if not isinstance(inputs, Iterable):
        raise TypeError(f"gradients() takes a list of inputs: write [x] in place of {inputs!r}")
    inputs = list(inputs)
    for given in (output, *inputs):
        if not isinstance(given, Value):
            raise TypeError(
                f"gradients() differentiates a Value by Values, not {type(given).__name__} "
                f"{given!r:.60}: make it a Value before computing with it"
            )
    if create_graph:
        order = _between(inputs, output)
        reached = set(order)
        edges = lambda node: _edges(node, reached, _differentiable)  # noqa: E731
        found = adjoints(order, Value(1.0), edges) if order else {}
        return [found[x] if x in found else Value(0.0) for x in inputs]
    origins = modes.current().origins
    if origins is not None:
        anomaly.check_backward(_between(inputs, output), 1.0, origins)
    with exclusive():
        mark = sweep(output, 1.0)[-1]._mark
        return [(x._adjoint or 0.0) if x._mark is mark else 0.0 for x in inputs]


def grad(f: Function, argnum: int = 0) -> Function:
    """The derivative of f by one of its arguments, as a function of the same arguments.

    Args:
        f: a function from numbers, or sequences of numbers, to one number.
        argnum: which argument to differentiate by, counted from 0, or from the last as −1.

    Returns:
        A function that gives the derivative in the form of that argument: a number or a list.
        Floats give floats; Values give Values, which can be differentiated again.

    Raises:
        TypeError: when called, if there is no such argument, or f does not give one number.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda xs: xs[0] * xs[1])([2.0, 3.0])
    [3.0, 2.0]
    """
    return lambda *arguments: value_and_grad(f, argnum)(*arguments)[1]


def value_and_grad(f: Function, argnum: int = 0) -> Callable[..., tuple[Any, Any]]:
    """As `grad`, giving the value of f as well.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """

    def both(*arguments: Any) -> tuple[Any, Any]:
        call = _Call(f, arguments, argnum)
        derivatives = call.gradients_of(call.single_output())
        return call.finished(call.output), derivatives

    return both


def jacobian(f: Function) -> Function:
    """The derivatives of every output of f by every input, as a function of the same argument.

    Args:
        f: a function from a number or a sequence of numbers to a number or a sequence.

    Returns:
        A function that gives a row per output, each in the form of the argument; for an f with
        a single output, that row alone.

    >>> jacobian(lambda xs: [xs[0] * xs[1], xs[0] + xs[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """

    def rows(argument: Any) -> Any:
        call = _Call(f, (argument,), 0)
        if _is_sequence(call.output):
            return [call.gradients_of(output) for output in call.output]
        return call.gradients_of(call.single_output())

    return rows


def hessian(f: Function) -> Function:
    """The second derivatives of f, from numbers to one number, as a function of its argument.

    >>> hessian(lambda xs: xs[0] ** 2 * xs[1])([2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    return jacobian(grad(f))


def jvp(f: Function, x: Any, v: Any) -> tuple[Any, Any]:
    """The value of f at x, and its derivative along v: a single forward pass, for any outputs.

    Args:
        f: a function from a number or a sequence of numbers to a number or a sequence.
        x: where to evaluate it.
        v: the direction, of the form of x.

    Raises:
        ValueError: if v is not of the form of x.

    >>> jvp(lambda xs: xs[0] * xs[1], [2.0, 3.0], [1.0, 0.0])
    (6.0, 3.0)
    """
    if _is_sequence(x) != _is_sequence(v) or (_is_sequence(x) and len(x) != len(v)):
        raise ValueError(f"jvp() at {x!r:.60} along {v!r:.60}: give a direction of the same form")
    direction = _listed(v)
    for number in direction:
        _check_number(number, "a number of a direction")
    call = _Call(f, (x,), 0, also=direction)
    derivatives_of = _differentiable if call.create_graph else _recorded
    tangents = dict(zip(call.variables, direction, strict=True))
    for node in topological_order([y for y in call.outputs if isinstance(y, Value)], inputs_of):
        for operand, derivative in _edges(node, tangents, derivatives_of):
            flow = derivative * tangents[operand]
            tangents[node] = tangents[node] + flow if node in tangents else flow
    along = [call.finished(tangents.get(y, 0.0)) for y in call.outputs]
    values = [call.finished(y) for y in call.outputs]
    return (values, along) if _is_sequence(call.output) else (values[0], along[0])


def hvp(f: Function, x: Any, v: Any) -> Any:
    """The Hessian of f at x times v, without the Hessian: the gradient's derivative along v.

    >>> hvp(lambda xs: xs[0] ** 2 * xs[1], [2.0, 3.0], [1.0, 0.0])
    [6.0, 4.0]
    """
    return jvp(grad(f), x, v)[1]


class _Call:
    """One call of a function on fresh variables, by which its output can be differentiated.

    The variables are nodes of their own, made by `identity`: differentiating by them rather than
    by the Values that were given keeps one differentiation inside another apart from it, as in
    the derivative at x of x · (the derivative at y of x + y).

    Attributes:
        variables: the fresh variables.
        output: what the function gave.
        outputs: the same as a list.
        gives_values: whether derivatives are to be Values, because a Value was given or because
            the output depends on a variable of a differentiation around this one.
        create_graph: whether these Values are to be differentiable again: not under `no_grad`.
    """

    def __init__(
        self, f: Function, arguments: tuple[Any, ...], argnum: int, also: Sequence[Any] = ()
    ) -> None:
        if not -len(arguments) <= argnum < len(arguments):
            raise TypeError(
                f"cannot differentiate by argument {argnum} of {len(arguments)}: "
                "argnum counts the arguments of the call from 0"
            )
        argnum %= len(arguments)
        before, given, after = arguments[:argnum], arguments[argnum], arguments[argnum + 1 :]
        self.is_sequence = _is_sequence(given)
        around = _enclosing.get()
        recording = modes.current().recording
        with modes.recording():
            self.variables = [
                identity(x if isinstance(x, Value) else Value(x)) for x in _listed(given)
            ]
            variables = list(self.variables) if self.is_sequence else self.variables[0]
            token = _enclosing.set(around.union(self.variables))
            try:
                self.output = f(*before, variables, *after)
            finally:
                _enclosing.reset(token)
        self.outputs = _listed(self.output)
        for output in self.outputs:
            _check_number(output, "a result of a function to differentiate")
        numbers = [x for argument in (*arguments, also) for x in _listed(argument)]
        self.gives_values = any(isinstance(x, Value) for x in numbers)
        if around and not self.gives_values:
            roots = [y for y in self.outputs if isinstance(y, Value)]
            order = topological_order(roots, inputs_of)
            self.gives_values = not around.isdisjoint(order)
        self.create_graph = self.gives_values and recording

    def single_output(self) -> Any:
        """The output, if it is one number."""
        if _is_sequence(self.output):
            raise TypeError(
                f"the function gave {len(self.output)} results, {self.output!r:.60}, where one "
                "number is to be differentiated: use jacobian()"
            )
        return self.output

    def gradients_of(self, output: Any) -> Any:
        """The derivatives of one output in the form of the argument."""
        found = [0.0] * len(self.variables)
        if isinstance(output, Value):
            with modes.recording():
                found = gradients(output, self.variables, create_graph=self.create_graph)
        finished = list(map(self.finished, found))
        return finished if self.is_sequence else finished[0]

    def finished(self, number: Any) -> Any:
        """A number as the caller is to have it: a Value if derivatives are to be."""
        if not self.gives_values:
            return number.data if isinstance(number, Value) else float(number)
        value = number if isinstance(number, Value) else Value(number)
        return value if self.create_graph else value.detach()


def _is_sequence(argument: Any) -> bool:
    return (
        hasattr(argument, "__len__")
        and hasattr(argument, "__getitem__")
        and not isinstance(argument, (str, Mapping))
    )


def _listed(argument: Any) -> list[Any]:
    return list(argument) if _is_sequence(argument) else [argument]


def _check_number(given: Any, what: str) -> None:
    if not isinstance(given, Value) and to_float(given) is NotImplemented:
        raise TypeError(not_a_number(given, what))


def _between(inputs: Sequence[Value], output: Value) -> list[Value]:
    """The nodes on the way from any input to the output, in topological order, output last."""
    reached = set(inputs)
    order = topological_order([output], inputs_of)
    for node in order:
        if node not in reached and not reached.isdisjoint(inputs_of(node)):
            reached.add(node)
    return [node for node in order if node in reached] if output in reached else []


Derivatives = Callable[[Value, list[int]], list[Any]]


def _edges(
    node: Value, wanted: Container[Value], derivatives_of: Derivatives
) -> Iterator[tuple[Value, Any]]:
    """The wanted operands that a node selects, each with the local derivative by it."""
    selected = [
        (position, operand)
        for position, (operand, derivative) in enumerate(
            zip(node.operands, node.local_derivatives, strict=True)
        )
        if isinstance(operand, Value)
        and operand in wanted
        and (derivative or not node._primitive.selects)
    ]
    if selected:
        derivatives = derivatives_of(node, [position for position, _ in selected])
        for (_, operand), derivative in zip(selected, derivatives, strict=True):
            yield operand, derivative


def _recorded(node: Value, positions: list[int]) -> list[float]:
    """Local derivatives as the floats that were recorded."""
    return [node.local_derivatives[i] for i in positions]


def _differentiable(node: Value, positions: list[int]) -> list[Any]:
    """Local derivatives as Values, or floats where they are constant: the table's rules.

    Raises:
        RuntimeError: if an operand's number was changed since the node was made.
    """
    primitive, operands = node._primitive, node.operands
    numbers = tuple([o.data if isinstance(o, Value) else o for o in operands])
    evaluate = primitive.evaluate or fuse(primitive)
    if primitive.variadic:
        data, local_derivatives = evaluate(numbers)
    else:
        data, *local_derivatives = evaluate(*numbers)
    recorded = (node.data, *node.local_derivatives)
    if list(map(repr, recorded)) != list(map(repr, (data, *local_derivatives))):
        raise RuntimeError(
            f"an operand of {node.op}{numbers} was changed after {node!r} was made from it: "
            "compute the result again before differentiating it with create_graph"
        )
    if primitive.variadic:
        derivatives = primitive.rules[0](operands, node)
        return [derivatives[i] for i in positions]
    symbols, expressions = formulas(primitive)
    bindings = dict(zip(symbols, (*operands, node), strict=True))
    return interpret([expressions[i] for i in positions], bindings)
