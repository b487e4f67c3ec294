"""Value: a number that remembers how it was made, and can therefore be differentiated."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, NoReturn, final

from . import anomaly, caller, modes
from .fuse import fuse
from .graph import topological_order
from .methods import layer, methods
from .operations import dot_product
from .primitive import OPERATIONS, Primitive, not_a_number, to_float, to_operand
from .reverse import exclusive, sweep
from .rows import Row, dots, of_dot
from .traced import Traced

__all__ = ["Value", "as_number", "inputs_of", "layer_of", "make_node", "set_data", "set_grad"]

_DETACHED = object()  # stands where a node has its operation: a number cut off from its history
_new = object.__new__

latest_data = object()
"""A new object whenever the number of a Value is set: what was read before may be out of date."""


@final
class Value(Traced):
    """A real number that remembers the operation and the operands it was made from.

    Operators and functions of Values give new Values; `backward()` then finds the derivative of
    a result by every number that it was made from.

    Args:
        data: any real number; stored as a float.
        label: a name for pictures and derivations.

    Raises:
        TypeError: if data is not a real number.

    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1.0
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 6.0)
    """

    # z = primitive(x, y) with ∂z/∂x and ∂z/∂y. An operation of other than one or two operands
    # has a Row of them in _x and a row of derivatives in _dx: no row for the common case, since it
    # would add half to a node's size. A neuron's output, made by `Dense`, has two rows, of weights
    # and of inputs, whose dot is made when it is asked for; _dx is the derivative by the dot, and
    # _dy that of the dot by the inputs. _mark and _adjoint belong to the sweep.
    __slots__ = (
        "_adjoint",
        "_data",
        "_dx",
        "_dy",
        "_grad",
        "_mark",
        "_primitive",
        "_x",
        "_y",
        "label",
    )

    label: str
    _data: float
    _grad: float
    _primitive: Any
    _x: Any
    _y: Any
    _dx: Any
    _dy: Any
    _mark: object
    _adjoint: float | None

    def __init__(self, data: Any, *, label: str = "") -> None:
        self._primitive = self._x = self._y = self._mark = None
        self._data = as_number(data, "data of a Value")
        self._grad = 0.0
        self.label = label

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Value cannot be subclassed; write functions of Values instead")

    @property
    def data(self) -> float:
        """The number itself. Setting it does not change what was computed from it before."""
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        global latest_data  # noqa: PLW0603
        checked, latest = as_number(number, "data of a Value"), object()
        self._data = checked
        latest_data = latest  # with no call since the line before, after which a signal could come

    @property
    def grad(self) -> float:
        """The derivative that `backward()` left here, 0.0 before."""
        return self._grad

    @grad.setter
    def grad(self, number: Any) -> None:
        self._grad = as_number(number, "grad of a Value")

    @property
    def op(self) -> str:
        """The name of the operation that made this Value, empty for a leaf."""
        return self._primitive.name if isinstance(self._primitive, Primitive) else ""

    @property
    def operands(self) -> tuple[Value | float, ...]:
        """What the operation was applied to, in order, with repeats; constants are floats."""
        if self._y.__class__ is Row and self._primitive is not dot_product:
            _open(self)
        x, y = self._x, self._y
        if y.__class__ is Row:
            operands: Sequence[Any] = of_dot(x.operands, y.operands)
        elif x.__class__ is Row:
            operands = x.operands
        else:
            operands = [operand for operand in (x, y) if operand is not None]
        return tuple([o if isinstance(o, Value) else float(o) for o in operands])

    @property
    def local_derivatives(self) -> tuple[float, ...]:
        """The derivative by each operand alone, as recorded when the Value was made."""
        x, y = self._x, self._y
        if x is None:
            return ()
        dx, dy = self._dx, self._dy
        if y.__class__ is Row:
            is_dot = self._primitive is dot_product
            derivatives: Sequence[Any] = of_dot(y.numbers, dy) if is_dot else [dx]
        elif x.__class__ is Row:
            derivatives = dx
        else:
            derivatives = [dx] if y is None else [dx, dy]
        return tuple(map(float, derivatives))

    def backward(self, seed: float = 1.0) -> None:
        """Add seed · ∂self/∂leaf to the grad of every leaf; set it on the nodes in between.

        Nothing is changed before every derivative is known, and then all of it at once.

        Args:
            seed: the factor; the derivative of some final result by this Value.

        Raises:
            TypeError: if seed is not a real number.
            FloatingPointError: under `detect_anomaly`, at the first derivative not finite.

        >>> x, y = Value(2.0), Value(3.0)
        >>> (x * y + x).backward()
        >>> x.grad, y.grad
        (4.0, 2.0)
        """
        seed = as_number(seed, "seed of backward()")
        origins = modes.current().origins
        if origins is not None:
            anomaly.check_backward(topological_order([self], inputs_of), seed, origins)
        with exclusive():
            order = sweep(self, seed)
            grads = [
                (node._adjoint or 0.0)
                if node._x is not None
                else node._grad
                if node._primitive is _DETACHED
                else node._grad + (node._adjoint or 0.0)
                for node in order
            ]
            set_grad(order, grads)

    def apply_infix(self, primitive: Primitive, x: Any, y: Any) -> Any:
        """A new node for an operator's two operands, or NotImplemented."""
        if x.__class__ is Value:
            a = x._data
        elif x.__class__ is float:
            a = x
        else:
            a = x = to_float(x)
            if a is NotImplemented:
                return a
        if y.__class__ is Value:
            b = y._data
        elif y.__class__ is float:
            b = y
        else:
            b = y = to_float(y)
            if b is NotImplemented:
                return b
        data, dx, dy = (primitive.evaluate or fuse(primitive))(a, b)
        return make_node(primitive, data, x, y, dx, dy)

    def apply_operation(self, primitive: Primitive, operands: tuple[Any, ...]) -> Value:
        """A new node for the operands of a function."""
        evaluate = primitive.evaluate or fuse(primitive)
        if len(primitive.rules) == 1 and not primitive.variadic:
            data, derivative = evaluate(self._data)
            return make_node(primitive, data, self, None, derivative, None)
        operands = tuple(
            [
                o if o.__class__ is Value or o.__class__ is float else to_operand(o, primitive)
                for o in operands
            ]
        )
        numbers = [o._data if o.__class__ is Value else o for o in operands]
        if primitive.variadic:
            data, derivatives = evaluate(tuple(numbers))
            return make_node(primitive, data, Row(operands), None, derivatives, None)
        data, *derivatives = evaluate(*numbers)
        if len(derivatives) == 2:
            return make_node(primitive, data, *operands, *derivatives)
        return make_node(primitive, data, Row(operands), None, derivatives, None)

    def detach(self) -> Value:
        """The same number and label without the history: no derivative flows through it."""
        copy = Value(self._data, label=self.label)
        copy._primitive = _DETACHED
        return copy

    def item(self) -> float:
        """The number itself, as `data`."""
        return self._data

    def __float__(self) -> float:
        if self._primitive is _DETACHED:
            return self._data
        name = caller.called_name(sys._getframe(1))
        name = name if name in OPERATIONS and hasattr(self, name) else "exp"
        raise TypeError(
            f"a conversion to float would drop the history of {self!r}: use the functions of "
            f"autograd_mini in place of those of math, as in autograd_mini.{name}(v), "
            "or v.data for the number alone"
        )

    def __int__(self) -> int:
        return int(float(self))

    def __lt__(self, other: Any) -> Any:
        return self._data < number if (number := _number(other)) is not None else NotImplemented

    def __le__(self, other: Any) -> Any:
        return self._data <= number if (number := _number(other)) is not None else NotImplemented

    def __gt__(self, other: Any) -> Any:
        return self._data > number if (number := _number(other)) is not None else NotImplemented

    def __ge__(self, other: Any) -> Any:
        return self._data >= number if (number := _number(other)) is not None else NotImplemented

    def __eq__(self, other: object) -> Any:
        return self._data == number if (number := _number(other)) is not None else NotImplemented

    __hash__ = object.__hash__  # by identity: two numbers may be equal and mean different things

    def __bool__(self) -> bool:
        return self._data != 0.0

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        grad = f", grad={self._grad!r}" if self._grad else ""
        return f"Value({self._data!r}{label}{grad})"

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        for node in topological_order([self], inputs_of):
            if id(node) not in memo:
                copy = memo[id(node)] = _new(Value)
                for slot in Value.__slots__:
                    if slot not in ("_mark", "_adjoint"):
                        setattr(copy, slot, getattr(node, slot, None))
                copy._mark = None
                copy._x, copy._y = deepcopy(node._x, memo), deepcopy(node._y, memo)
        found: Value = memo[id(self)]
        return found

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Value is not pickled, since its whole graph would come along: save the numbers "
            "instead, v.data of each or model.save(path), and build the graph again from them"
        )

    if sys.version_info[:2] == (3, 13):
        # This version lets destructors nest ten thousand deep before it defers one, which is too
        # deep for the stack of a small thread: take a long chain apart by a loop. The price is that
        # an interrupt which comes in here is reported and dropped.
        def __del__(self) -> None:
            if self._x is None:
                return
            count = sys.getrefcount
            pending = [self]
            while pending:
                node = pending.pop()
                operands = [node._x, node._y]
                node._x = node._y = None
                while operands:
                    operand = operands.pop()
                    # If nothing but this name, and the argument of count, holds it:
                    if count(operand) == 2:
                        if operand.__class__ is Value:
                            pending.append(operand)
                        elif operand.__class__ is Row:
                            operands.extend(operand.operands)


_set_data = Value.__dict__["_data"].__set__
_set_grad = Value.__dict__["_grad"].__set__


def set_data(values: Iterable[Value], numbers: Iterable[float]) -> None:
    """Set the number of each Value, all at once."""
    global latest_data  # noqa: PLW0603
    latest = object()
    try:
        # One call into C, which neither a signal nor another thread can interrupt.
        deque(map(_set_data, values, numbers), maxlen=0)
    finally:
        latest_data = latest


def set_grad(values: Iterable[Value], numbers: Iterable[float]) -> None:
    """Set the gradient of each Value, all at once, as `set_data` does."""
    deque(map(_set_grad, values, numbers), maxlen=0)


def inputs_of(node: Value) -> list[Value]:
    """The operands of a node that are Values, in order, with repeats."""
    return [operand for operand in node.operands if operand.__class__ is Value]


def _open(node: Value) -> None:
    """Make the dot of a neuron's rows a node, as if it had been one from the start."""
    with exclusive():  # a sweep has its order already
        weights, inputs, ws = node._x, node._y, node._dy
        if ws is None:
            return  # another thread was here
        (data,) = dots(len(ws))([ws], inputs.numbers)
        made = _node(dot_product, data, weights, inputs, 1.0, ws)
        made.label = weights.label
        # What the last sweep has left on a node flowed on from it, unless nothing did.
        if node._grad and (node._dx or not node._primitive.selects):
            made._grad = node._grad * node._dx or 0.0
        # No call in between, so that nothing can interrupt.
        node._x = made
        node._y = node._dy = None


def as_number(number: Any, what: str) -> float:
    """A real number as a float, or a TypeError that says what it was given as."""
    if number.__class__ is float:
        return number
    converted: float = to_float(number)
    if converted is NotImplemented:
        if number.__class__ is Value:
            raise TypeError(f"{what} must be a number, not {number!r}: write v.data or v.detach()")
        raise TypeError(not_a_number(number, what, "a real number"))
    return converted


def _number(other: object) -> Any:
    """The number to compare with, None if there is none."""
    number = other._data if isinstance(other, Value) else to_float(other)
    return None if number is NotImplemented else number


def make_node(primitive: Primitive, data: float, x: Any, y: Any, dx: Any, dy: Any) -> Value:
    """A new interior node."""
    node = _node(primitive, data, x, y, dx, dy)
    return _in_mode(node) if modes.entered else node


def _node(primitive: Primitive, data: float, x: Any, y: Any, dx: Any, dy: Any) -> Value:
    node = _new(Value)
    node._data = data
    node._grad = 0.0
    node._primitive = primitive
    node._x = x
    node._y = y
    node._dx = dx
    node._dy = dy
    node._mark = None
    node.label = ""
    return node


def _in_mode(node: Value) -> Value:
    """What the modes that are entered make of a new node."""
    mode = modes.current()
    if mode.origins is not None:
        anomaly.note(node, mode.origins)
    if not mode.recording:
        node._x = node._y = None
        node._primitive = _DETACHED
    return node


_namespace = {
    "Value": Value,
    "new": _new,
    "to_float": to_float,
    "modes": modes,
    "in_mode": _in_mode,
}
for _name, _method in methods(_namespace).items():
    setattr(Value, _name, _method)


@cache
def layer_of(operation: Any, width: int) -> Any:
    """The function that makes a layer's nodes, as `methods.layer` says."""
    return layer(operation, width, _namespace)
