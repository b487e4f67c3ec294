"""Small neural networks on autograd_mini: from data to a trained model in ten lines.

>>> data = xor()
>>> model = MLP(2, [4, 1], activation="tanh", rng=0)
>>> optimizer = Adam(model.parameters(), 0.1)
>>> history = fit(model, data, loss="binary_cross_entropy", optimizer=optimizer, epochs=100)
>>> evaluate(model, data, loss="binary_cross_entropy", metrics={"accuracy": accuracy})["accuracy"]
1.0
>>> history.loss[0] > 0.5 > 0.1 > history.loss[-1]
True

Learning rates that change with the epoch are in `nn.schedules`.
"""

from .activations import ACTIVATIONS, Activation
from .clipping import clip_norm, clip_value
from .data import Dataset, blobs, circles, curve, moons, spiral, xor
from .history import Epoch, History
from .initializers import INITIALIZERS, he, uniform, xavier
from .layers import Layer, Neuron
from .losses import (
    LOSSES,
    accuracy,
    binary_cross_entropy,
    hinge,
    huber,
    l2,
    mae,
    mse,
    softmax,
    softmax_cross_entropy,
)
from .module import Module
from .networks import MLP, Sequential
from .notation import NOTATIONS, Notation
from .optimizers import SGD, Adam, AdamW, Optimizer, RMSprop
from .training import evaluate, fit, predict

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "MLP",
    "NOTATIONS",
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "Dataset",
    "Epoch",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "Notation",
    "Optimizer",
    "RMSprop",
    "Sequential",
    "accuracy",
    "binary_cross_entropy",
    "blobs",
    "circles",
    "clip_norm",
    "clip_value",
    "curve",
    "evaluate",
    "fit",
    "he",
    "hinge",
    "huber",
    "l2",
    "mae",
    "moons",
    "mse",
    "predict",
    "softmax",
    "softmax_cross_entropy",
    "spiral",
    "uniform",
    "xavier",
    "xor",
]
