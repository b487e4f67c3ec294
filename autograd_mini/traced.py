"""The operators and methods shared by everything an operation can be applied to besides floats.

What applying means is left to the two abstract methods: a `Value` records, an `Expression` writes
down.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any, Literal

from . import functions, operations
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

    def __mod__(self, other: Any) -> Any:
        return self.apply_infix(operations.mod, self, other)

    def __rmod__(self, other: Any) -> Any:
        return self.apply_infix(operations.mod, other, self)

    def __neg__(self) -> Any:
        return operations.neg(self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return operations.absolute(self)

    def __round__(self) -> Any:
        return functions.round(self)

    def __floor__(self) -> Any:
        return operations.floor(self)

    def __ceil__(self) -> Any:
        return operations.ceil(self)

    def exp(self) -> Any:
        return operations.exp(self)

    def expm1(self) -> Any:
        return operations.expm1(self)

    def log(self) -> Any:
        return operations.log(self)

    def log1p(self) -> Any:
        return operations.log1p(self)

    def log2(self) -> Any:
        return operations.log2(self)

    def log10(self) -> Any:
        return operations.log10(self)

    def sqrt(self) -> Any:
        return operations.sqrt(self)

    def cbrt(self) -> Any:
        return operations.cbrt(self)

    def sin(self) -> Any:
        return operations.sin(self)

    def cos(self) -> Any:
        return operations.cos(self)

    def tan(self) -> Any:
        return operations.tan(self)

    def asin(self) -> Any:
        return operations.asin(self)

    def acos(self) -> Any:
        return operations.acos(self)

    def atan(self) -> Any:
        return operations.atan(self)

    def sinh(self) -> Any:
        return operations.sinh(self)

    def cosh(self) -> Any:
        return operations.cosh(self)

    def tanh(self) -> Any:
        return operations.tanh(self)

    def asinh(self) -> Any:
        return operations.asinh(self)

    def acosh(self) -> Any:
        return operations.acosh(self)

    def atanh(self) -> Any:
        return operations.atanh(self)

    def erf(self) -> Any:
        return operations.erf(self)

    def erfc(self) -> Any:
        return operations.erfc(self)

    def lgamma(self) -> Any:
        return operations.lgamma(self)

    def sigmoid(self) -> Any:
        return operations.sigmoid(self)

    def logsigmoid(self) -> Any:
        return operations.logsigmoid(self)

    def softplus(self) -> Any:
        return operations.softplus(self)

    def relu(self) -> Any:
        return operations.relu(self)

    def selu(self) -> Any:
        return operations.selu(self)

    def silu(self) -> Any:
        return operations.silu(self)

    def mish(self) -> Any:
        return operations.mish(self)

    def sign(self) -> Any:
        return operations.sign(self)

    def floor(self) -> Any:
        return operations.floor(self)

    def ceil(self) -> Any:
        return operations.ceil(self)

    def atan2(self, other: Any) -> Any:
        return operations.atan2(self, other)

    def hypot(self, other: Any) -> Any:
        return operations.hypot(self, other)

    def logaddexp(self, other: Any) -> Any:
        return operations.logaddexp(self, other)

    def minimum(self, other: Any) -> Any:
        return operations.minimum(self, other)

    def maximum(self, other: Any) -> Any:
        return operations.maximum(self, other)

    def round(self) -> Any:
        return functions.round(self)

    def leaky_relu(self, slope: Any = 0.01) -> Any:
        return functions.leaky_relu(self, slope)

    def elu(self, alpha: Any = 1.0) -> Any:
        return functions.elu(self, alpha)

    def gelu(self, approximate: Literal["none", "tanh"] = "none") -> Any:
        return functions.gelu(self, approximate)

    def hardtanh(self) -> Any:
        return functions.hardtanh(self)

    def clamp(self, low: Any = -math.inf, high: Any = math.inf) -> Any:
        return functions.clamp(self, low, high)

    def where(self, condition: Any, other: Any) -> Any:
        return functions.where(condition, self, other)
