"""Small neural networks on autograd_mini: modules, losses, optimizers.

>>> model = MLP(2, [3, 1], activation="tanh", rng=0)
>>> optimizer = SGD(model.parameters(), learning_rate=0.1)
>>> loss = mse(model([1.0, -1.0]), [0.5])
>>> loss.backward()
>>> optimizer.step()
>>> mse(model([1.0, -1.0]), [0.5]) < loss
True
"""

from .activations import ACTIVATIONS
from .initializers import INITIALIZERS
from .layers import MLP, Layer, Neuron, Sequential
from .losses import mse
from .module import Module
from .optimizers import SGD, Optimizer

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "MLP",
    "SGD",
    "Layer",
    "Module",
    "Neuron",
    "Optimizer",
    "Sequential",
    "mse",
]
