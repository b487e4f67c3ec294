"""Networks: modules one after another.

What a layer is, its own module says.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any, final

from autograd_mini import Value

from .activations import ActivationFunction, activation_function
from .arguments import Number, as_random, as_vector
from .initializers import Initializer
from .layers import Layer, on_floats
from .module import Module
from .notation import Notation, notation_named

__all__ = ["MLP", "Sequential"]


@final
class MLP(Module):
    """A multilayer perceptron: layers one after another.

    Args:
        nin: the number of inputs.
        nouts: the number of units in each layer, the output layer last.
        activation: of every layer but the last; as for `Neuron`.
        output_activation: of the last layer.
        bias, init, rng, notation: as for `Neuron`.

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
        activation: str | ActivationFunction | None = "relu",
        output_activation: str | ActivationFunction | None = None,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: Random | int | None = None,
        notation: str | Notation = "from_to",
    ) -> None:
        widths = [nin, *as_vector(nouts, "nouts")]
        if len(widths) == 1:
            raise ValueError("nouts must name at least one layer: write [1] for a single output")
        hidden, output = activation_function(activation), activation_function(output_activation)
        random, labels = as_random(rng), notation_named(notation)
        self.layers = tuple(
            Layer(
                fan_in,
                fan_out,
                activation=hidden if position < len(widths) - 2 else output,
                bias=bias,
                init=init,
                rng=random,
                notation=labels,
                number=labels.first + position,
            )
            for position, (fan_in, fan_out) in enumerate(pairwise(widths))
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

    def on_floats(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """The outputs for each row of inputs, without building graphs."""
        return on_floats(self.layers, rows)

    def __repr__(self) -> str:
        nin = len(self.layers[0].neurons[0].weights)
        return f"MLP({nin}, {[len(layer.neurons) for layer in self.layers]})"


@final
class Sequential(Module):
    """Modules one after another, each called with what the one before returned.

    Args:
        modules: any modules; `Layer(…, number=2)` labels the second of two layers as such, and
            `Activation("tanh")` is a function as a module.

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
                    "write Activation(f) for a function"
                )
        self.modules = modules

    def __call__(self, inputs: Sequence[Number], /) -> Any:
        """What the last module returns."""
        outputs: Any = inputs
        for module in self.modules:
            outputs = module(outputs)
        return outputs

    def on_floats(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """What the last module makes of each row of inputs, without building graphs."""
        outputs = self.modules[0].on_floats(rows)
        for module in self.modules[1:]:
            outputs = module.on_floats(outputs)
        return outputs

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.modules))})"
