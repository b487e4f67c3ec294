"""A scalar reverse-mode automatic differentiation engine.

>>> from autograd_mini import Value, exp
>>> x = Value(0.5)
>>> y = exp(x * x)
>>> y.backward()
>>> x.grad == y.data
True
"""

from .functions import dot, sum
from .modes import detect_anomaly, no_grad
from .operations import atan, cos, exp, log, relu, sigmoid, sin, sqrt, tanh
from .transforms import grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad
from .value import Value

__all__ = [
    "Value",
    "atan",
    "cos",
    "detect_anomaly",
    "dot",
    "exp",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "log",
    "no_grad",
    "relu",
    "sigmoid",
    "sin",
    "sqrt",
    "sum",
    "tanh",
    "value_and_grad",
]
