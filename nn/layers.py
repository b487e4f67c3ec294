"""Neurons, layers of them, and networks of layers.

Their derivatives are autograd_mini's: nothing here differentiates. The labels number layers and
units from 1, the inputs being layer 1: w^{L}_{ij} is the weight from unit i of layer L to unit j
of layer L + 1, whose output is O^{L+1}_{j} and whose weighted sum is I_{O^{L+1}_{j}}.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any, final

from autograd_mini import Value, dot

from .activations import Activation, activation_function
from .arguments import Number, as_count, as_random, as_vector
from .initializers import Initializer, initializer
from .module import Module

__all__ = ["MLP", "Layer", "Neuron", "Sequential"]


@final
class Neuron(Module):
    """One unit: an activation of the weighted sum of its inputs.

    Args:
        nin: the number of inputs.
        activation: a name in `ACTIVATIONS`, a function from a Value to a Value, or None.
        bias: whether the sum has a bias; it starts at zero.
        init: how the weights start: a name in `INITIALIZERS`, a function like `nn.xavier`, or None
            for the one that suits the activation.
        rng: where the weights are drawn from: a random.Random, an int seed, or None for weights
            that differ from run to run.
        layer: the number of the layer that feeds it, for the labels.
        unit: its own number in its layer, for the labels.

    Attributes:
        weights: a tuple of Values, one per input.
        bias: a Value, or None.

    >>> neuron = Neuron(2, activation="relu", init=lambda nin, nout, rng: 0.5)
    >>> neuron([1.0, 3.0]).data
    2.0
    """

    def __init__(
        self,
        nin: int,
        *,
        activation: str | Activation | None = None,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: Random | int | None = None,
        layer: int = 1,
        unit: int = 1,
    ) -> None:
        nin = as_count(nin, "nin")
        layer, unit = as_count(layer, "layer"), as_count(unit, "unit")
        self.activation = activation_function(activation)
        draw, random = initializer(init, self.activation), as_random(rng)
        self.weights = tuple(
            Value(draw(nin, 1, random), label=f"w^{{{layer}}}_{{{_subscript(i, unit)}}}")
            for i in range(1, nin + 1)
        )
        self.bias = Value(0.0, label=f"b^{{{layer}}}_{{{unit}}}") if bias else None
        # Made here once: a call is the inner loop of training.
        self._output_label = f"O^{{{layer + 1}}}_{{{unit}}}"
        self._sum_label = f"I_{{{self._output_label}}}"

    def __call__(self, inputs: Sequence[Number], /) -> Value:
        """The output for one vector of inputs, as a Value.

        Raises:
            TypeError: if `inputs` is no sequence of floats or Values.
            ValueError: if there are more or fewer than `nin` of them.
        """
        vector = as_vector(inputs, "inputs")
        if len(vector) != len(self.weights):
            raise ValueError(
                f"inputs of width {len(vector)} were given, but {self!r} takes width "
                f"{len(self.weights)}"
            )
        weighted_sum: Value = dot(self.weights, vector, 0.0 if self.bias is None else self.bias)
        if self.activation is None:
            weighted_sum.label = self._output_label
            return weighted_sum
        weighted_sum.label = self._sum_label
        output = self.activation(weighted_sum)
        if not isinstance(output, Value):
            raise TypeError(
                f"an activation must return a Value, not {type(output).__name__} {output!r:.60}: "
                "write it in operations of autograd_mini"
            )
        output.label = self._output_label
        return output

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)})"


@final
class Layer(Module):
    """Units side by side, each with all of the inputs.

    Args:
        nin: the number of inputs.
        nout: the number of units, hence of outputs.
        activation, bias, init, rng: as for `Neuron`.
        number: the number of the layer that feeds it, for the labels.

    Attributes:
        neurons: a tuple of Neurons.

    >>> layer = Layer(3, 1, rng=0)
    >>> [output.label for output in layer([1.0, 2.0, 3.0])]
    ['O^{2}_{1}']
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        *,
        activation: str | Activation | None = None,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: Random | int | None = None,
        number: int = 1,
    ) -> None:
        nout = as_count(nout, "nout")
        draw, random = initializer(init, activation_function(activation)), as_random(rng)
        self.neurons = tuple(
            Neuron(
                nin,
                activation=activation,
                bias=bias,
                init=lambda nin, _, rng: draw(nin, nout, rng),
                rng=random,
                layer=number,
                unit=unit,
            )
            for unit in range(1, nout + 1)
        )

    def __call__(self, inputs: Sequence[Number], /) -> list[Value]:
        """The outputs for one vector of inputs: a list of `nout` Values, also if that is one.

        Raises:
            TypeError: if `inputs` is no sequence of floats or Values.
            ValueError: if there are more or fewer than `nin` of them.
        """
        return [neuron(inputs) for neuron in self.neurons]

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].weights)}, {len(self.neurons)})"


@final
class MLP(Module):
    """A multilayer perceptron: layers one after another.

    Args:
        nin: the number of inputs.
        nouts: the number of units in each layer, the output layer last.
        activation: of every layer but the last; as for `Neuron`.
        output_activation: of the last layer.
        bias, init, rng: as for `Neuron`.

    Attributes:
        layers: a tuple of Layers.

    >>> model = MLP(2, [3, 1], rng=0)
    >>> [output.label for output in model([1.0, -1.0])]
    ['O^{3}_{1}']
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        activation: str | Activation | None = "relu",
        output_activation: str | Activation | None = None,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: Random | int | None = None,
    ) -> None:
        widths = [nin, *as_vector(nouts, "nouts")]
        if len(widths) == 1:
            raise ValueError("nouts must name at least one layer: write [1] for a single output")
        hidden, output = activation_function(activation), activation_function(output_activation)
        random = as_random(rng)
        self.layers = tuple(
            Layer(
                fan_in,
                fan_out,
                activation=hidden if number < len(widths) - 1 else output,
                bias=bias,
                init=init,
                rng=random,
                number=number,
            )
            for number, (fan_in, fan_out) in enumerate(pairwise(widths), start=1)
        )

    def __call__(self, inputs: Sequence[Number], /) -> list[Value]:
        """The outputs for one vector of inputs: a list of Values, also if there is one.

        Raises:
            TypeError: if `inputs` is no sequence of floats or Values.
            ValueError: if there are more or fewer than `nin` of them.
        """
        first, *others = self.layers
        outputs = first(inputs)
        for layer in others:
            outputs = layer(outputs)
        return outputs

    def __repr__(self) -> str:
        nin = len(self.layers[0].neurons[0].weights)
        return f"MLP({nin}, {[len(layer.neurons) for layer in self.layers]})"


@final
class Sequential(Module):
    """Modules one after another, each called with what the one before returned.

    Args:
        modules: any modules; `Layer(…, number=2)` labels the second of two layers as such.

    Attributes:
        modules: a tuple of Modules.

    >>> model = Sequential(Layer(2, 3, activation="tanh"), Layer(3, 1, number=2))
    >>> len(model([1.0, -1.0]))
    1
    """

    def __init__(self, *modules: Module) -> None:
        if not modules:
            raise ValueError("there is no module to call: give at least one")
        for module in modules:
            if not isinstance(module, Module):
                raise TypeError(
                    f"Sequential is made of modules, not {type(module).__name__} {module!r:.60}: "
                    "write Layer(…, activation=f) for a layer followed by a function"
                )
        self.modules = modules

    def __call__(self, inputs: Sequence[Number], /) -> Any:
        """What the last module returns."""
        outputs: Any = inputs
        for module in self.modules:
            outputs = module(outputs)
        return outputs

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.modules))})"


def _subscript(i: int, j: int) -> str:
    """The indices side by side, with a comma where that could be misread."""
    return f"{i}{j}" if i < 10 and j < 10 else f"{i},{j}"
