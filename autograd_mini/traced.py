"""The operators and methods shared by everything an operation can be applied to besides floats.

What applying means is left to the two abstract methods: a `Value` records, an `Expression` writes
down.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from . import operations
from .primitive import Primitive

__all__ = ["Traced"]


class Traced:
    """Abstract: an operand that wants to know which operations are applied to it."""

    __slots__ = ()

    @abstractmethod
    def apply_operation(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """The result of an operation of which this is an operand.

        Raises:
            TypeError: if another operand is not a number.
        """

    @abstractmethod
    def apply_infix(self, primitive: Primitive, x: Any, y: Any) -> Any:
        """The same for an operator's two operands; NotImplemented if one is not a number."""

    def __add__(self, other: Any) -> Any:
        return self.apply_infix(operations.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return self.apply_infix(operations.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return self.apply_infix(operations.sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.apply_infix(operations.sub, other, self)

    def __mul__(self, other: Any) -> Any:
        return self.apply_infix(operations.mul, self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.apply_infix(operations.mul, other, self)

    def __truediv__(self, other: Any) -> Any:
        return self.apply_infix(operations.div, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.apply_infix(operations.div, other, self)

    def __pow__(self, other: Any) -> Any:
        return self.apply_infix(operations.power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return self.apply_infix(operations.power, other, self)

    def __neg__(self) -> Any:
        return operations.neg(self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return operations.absolute(self)

    def atan(self) -> Any:
        return operations.atan(self)

    def cos(self) -> Any:
        return operations.cos(self)

    def exp(self) -> Any:
        return operations.exp(self)

    def log(self) -> Any:
        return operations.log(self)

    def relu(self) -> Any:
        return operations.relu(self)

    def sigmoid(self) -> Any:
        return operations.sigmoid(self)

    def sin(self) -> Any:
        return operations.sin(self)

    def sqrt(self) -> Any:
        return operations.sqrt(self)

    def tanh(self) -> Any:
        return operations.tanh(self)
