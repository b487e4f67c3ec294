"""Dots of Values, and layers of neurons, faster than one operation at a time.

A layer's neurons share the row of their inputs, and a neuron's weights serve every sample. The
bias is the weight of an input that is 1. The graph is the one that the table's operations make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from . import modes, value
from .operations import dot_product
from .primitive import Primitive, to_operand
from .rows import Row, dots, of_dot
from .traced import Traced
from .value import Value, as_number, layer_of, make_node

__all__ = ["Dense", "dot"]

_RECORDED = {Value, float}


class Dense:
    """A layer of neurons: the function activation(W x + b), a `dot` for each row of W.

    It is made once and called for one sample after another, whose derivatives by W and b are
    then summed row by row. The weighted sums become Values when an output's operands are asked
    for.

    Args:
        weights: rows of n numbers or Values each.
        biases: for each row what is added at the end, None for nothing.
        activation: an operation of one operand, such as `autograd_mini.relu`, or None.
        labels: for each row the label of its weighted sum; none if left out.

    Raises:
        ValueError: if there are not as many biases and labels as rows.
        TypeError: if a weight or a bias is not a real number or a Value, or the activation not an
            operation of one operand.

    Attributes:
        activation: what was given.

    >>> layer = Dense([[1.0, 2.0], [3.0, -4.0]], [0.0, 0.5])
    >>> layer([1.0, 10.0]), layer([0.0, 1.0])
    ([21.0, -36.5], [2.0, -3.5])
    """

    __slots__ = (
        "_is_plain",
        "_read",
        "_records",
        "_rows",
        "_widths",
        "activation",
    )

    def __init__(
        self,
        weights: Sequence[Sequence[Any]],
        biases: Sequence[Any],
        activation: Callable[[Any], Any] | None = None,
        labels: Sequence[str] | None = None,
    ) -> None:
        labels = [""] * len(weights) if labels is None else labels
        for listed, what in (biases, "biases"), (labels, "labels"):
            if len(listed) != len(weights):
                raise ValueError(
                    f"a layer of {len(weights)} rows and {len(listed)} {what}: give as many of each"
                )
        if activation is not None and not _is_unary(activation):
            raise TypeError(
                "the activation of a layer is an operation of one operand such as relu, not "
                f"{activation!r:.60}: apply any other function to the outputs"
            )
        self.activation = activation
        self._rows, self._is_plain, self._records = [], True, True
        for row, bias, label in zip(weights, biases, labels, strict=True):
            weights_and_bias = *_listed(row, "a row of weights"), 0.0 if bias is None else bias
            operands, kinds = _operands(*weights_and_bias)
            self._rows.append(Row(operands, label=label))
            self._is_plain &= kinds <= _RECORDED
            self._records &= Value in kinds
        self._widths = {len(row.operands) for row in self._rows}
        # The numbers of the rows, after when they were read: one pair, for threads.
        self._read: tuple[object, list[tuple[float, ...]]] = (None, [])

    def __call__(self, inputs: Sequence[Any]) -> list[Any]:
        """The outputs for n numbers or Values.

        Returns:
            A list with a Value for each row, or a float where a row, its bias and the inputs are
            numbers alone.

        Raises:
            ValueError: if there are more or fewer inputs than weights in a row.
            TypeError: if an input is not a real number or a Value.
        """
        operands, kinds = _operands(*_listed(inputs, "the inputs of a layer"), 1.0)
        width = len(operands)
        self._check(width)
        records = self._records or Value in kinds
        finds_anomalies = modes.entered and modes.current().origins is not None
        if finds_anomalies or not (records and self._is_plain and kinds <= _RECORDED):
            return self._apart(operands)
        row = Row(operands, _numbers(operands))
        nodes: list[Value] = layer_of(self.activation, width)(self._rows, self._current(), row)
        return nodes

    def weighted_sums(self, inputs: Sequence[float]) -> list[float]:
        """W x + b for n floats, as floats: no graph, and no activation.

        Raises:
            ValueError: if there are more or fewer inputs than weights in a row.
            TypeError: if an input is not a real number.

        >>> Dense([[Value(1.0), 2.0]], [Value(0.5)]).weighted_sums([3.0, 4.0])
        [11.5]
        """
        xs = [as_number(x, "an input of weighted_sums()") for x in inputs]
        self._check(len(xs) + 1)
        return dots(len(xs) + 1)(self.numbers(), [*xs, 1.0])

    @property
    def operands(self) -> tuple[Any, ...]:
        """The weights and biases, row by row."""
        return tuple([operand for row in self._rows for operand in row.operands])

    def numbers(self) -> list[tuple[float, ...]]:
        """For each row the numbers of its weights, as they are now, and that of its bias.

        >>> Dense([[Value(1.0), 2.0]], [None]).numbers()
        [(1.0, 2.0, 0.0)]
        """
        return self._current()

    def _check(self, width: int) -> None:
        if not self._widths <= {width}:
            (wrong, *_) = self._widths - {width}
            raise _of_different_widths(wrong - 1, width - 1)

    def _current(self) -> list[tuple[float, ...]]:
        read, numbers = self._read
        if read is not value.latest_data:
            read = value.latest_data
            numbers = [_numbers(weights.operands) for weights in self._rows]
            self._read = read, numbers
        return numbers

    def _apart(self, operands: tuple[Any, ...]) -> list[Any]:
        """The outputs, an operation at a time, which is noted as such and takes any operand."""
        outputs = []
        for row in self._rows:
            output = dot_product.of(of_dot(row.operands, operands))
            if isinstance(output, Value):
                output.label = row.label
            outputs.append(output if self.activation is None else self.activation(output))
        return outputs


def dot(ws: Sequence[Any], xs: Sequence[Any], bias: Any = 0.0) -> Any:
    """w₁x₁ + w₂x₂ + … + b, from left to right, as one operation: a neuron's pre-activation.

    Args:
        ws: weights, n numbers or Values.
        xs: inputs, as many.
        bias: what is added at the end.

    Raises:
        ValueError: if there are not as many weights as inputs.
        TypeError: if an operand is not a real number or a Value.

    >>> dot([1.0, 2.0], [3.0, 4.0], 5.0)
    16.0
    """
    width = len(ws)
    if width != len(xs):
        raise _of_different_widths(width, len(xs))
    operands, kinds = _operands(*ws, *xs, bias)
    if not (Value in kinds and kinds <= _RECORDED):
        return dot_product.of(operands)
    *numbers, added = _numbers(operands)
    weights, inputs = numbers[:width], numbers[width:]
    (total,) = dots(width)([weights], inputs)
    data = total + added
    return make_node(dot_product, data, Row(operands), None, (*inputs, *weights, 1.0), None)


def _is_unary(activation: object) -> bool:
    return (
        isinstance(activation, Primitive) and len(activation.rules) == 1 and not activation.variadic
    )


def _listed(given: Any, what: str) -> Sequence[Any]:
    if isinstance(given, (list, tuple)):
        return given
    try:
        return tuple(given)
    except TypeError:
        raise TypeError(
            f"{what} must be a sequence of numbers, not {given!r:.60}: write [x] for one"
        ) from None


def _operands(*given: Any) -> tuple[tuple[Any, ...], set[type]]:
    """Values as they are and numbers as floats, and the kinds that there are."""
    kinds = {*map(type, given)}
    if kinds <= _RECORDED:
        return given, kinds
    operands = tuple(
        [
            operand if isinstance(operand, Traced) else to_operand(operand, dot_product)
            for operand in given
        ]
    )
    return operands, {*map(type, operands)}


def _numbers(operands: tuple[Any, ...]) -> tuple[float, ...]:
    return tuple([o._data if o.__class__ is Value else o for o in operands])


def _of_different_widths(weights: int, inputs: int) -> ValueError:
    return ValueError(f"dot() of {weights} weights and {inputs} inputs: give as many of each")
