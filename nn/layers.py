"""Neurons, and layers of them.

Their derivatives are autograd_mini's: nothing here differentiates.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from random import Random
from typing import final

from autograd_mini import Dense, Value, relu

from .activations import ActivationFunction, activation_function, activation_on_floats
from .arguments import Number, as_count, as_random, as_vector
from .initializers import Initializer, initializer
from .module import Module
from .notation import Notation, notation_named
from .plain import outputs

__all__ = ["Layer", "Neuron", "on_floats"]


_latest = object()  # a new one whenever an attribute of a neuron or a layer is set


class _Watched(Module):
    """A module made of neurons, which are put together again when an attribute was set."""

    _units: _Units | None = None

    def __setattr__(self, name: str, attribute: object) -> None:
        global _latest  # noqa: PLW0603
        super().__setattr__(name, attribute)
        _latest = object()

    @abstractmethod
    def side_by_side(self) -> Sequence[Neuron]:
        """Its neurons."""

    def together(self) -> _Units:
        """Its neurons as one function."""
        units = self._units
        if units is None or units.latest is not _latest:
            units = vars(self)["_units"] = _Units(self.side_by_side())
        return units

    def on_floats(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """The outputs for each row of inputs, without building graphs: a list for each."""
        return on_floats([self], rows)

    def _outputs(self, inputs: Sequence[Number]) -> list[Value]:
        vector, neurons = as_vector(inputs, "inputs"), self.side_by_side()
        if len(vector) != len(neurons[0].weights):
            raise _of_wrong_width(len(vector), neurons[0])
        return self.together()(neurons, vector)


@final
class Neuron(_Watched):
    """One unit: an activation of the weighted sum of its inputs.

    Args:
        nin: the number of inputs.
        activation: a name in `ACTIVATIONS`, a function from a Value to a Value, or None.
        bias: whether the sum has a bias; it starts at zero.
        init: how the weights start: a name in `INITIALIZERS`, a function like `nn.xavier`, or None
            for the one that suits the activation.
        rng: where the weights are drawn from: a random.Random, an int seed, or None for weights
            that differ from run to run.
        notation: how labels are written: "from_to" (w²₁₁, counted from 1, from unit i to unit j),
            "matrix" (w⁽¹⁾₀₀, counted from 0, row and column of W), or a Notation of yours.
        layer: the number of its weights' layer in the labels; None for the notation's first.
        unit: its own number in the labels; None for the notation's first.

    Attributes:
        weights: a tuple of Values, one per input.
        bias: a Value, or None.
        activation: a function, or None.
        notation: a Notation.
        sum_label, output_label: what it calls its weighted sum and its output.

    >>> neuron = Neuron(2, activation="relu", init=lambda nin, nout, rng: 0.5)
    >>> neuron([1.0, 3.0]).data
    2.0
    """

    def __init__(
        self,
        nin: int,
        *,
        activation: str | ActivationFunction | None = None,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: Random | int | None = None,
        notation: str | Notation = "from_to",
        layer: int | None = None,
        unit: int | None = None,
    ) -> None:
        nin = as_count(nin, "nin")
        labels = notation_named(notation)
        layer = labels.first if layer is None else as_count(layer, "layer", least=labels.first)
        unit = labels.first if unit is None else as_count(unit, "unit", least=labels.first)
        function, random = activation_function(activation), as_random(rng)
        draw = initializer(init, function)
        # The weights come first: who pickles a neuron is told by them to save its numbers instead.
        self.weights = tuple(
            Value(draw(nin, 1, random), label=labels.weight(layer, i, unit))
            for i in range(labels.first, labels.first + nin)
        )
        self.bias = Value(0.0, label=labels.bias(layer, unit)) if bias else None
        self.activation = function
        self.notation = labels
        # Made here once: a call is the inner loop of training.
        self.sum_label = labels.weighted_sum(layer, unit)
        self.output_label = labels.output(layer, unit)

    def __call__(self, inputs: Sequence[Number], /) -> Value:
        """The output for one vector of inputs, as a Value.

        Raises:
            TypeError: if `inputs` is no sequence of floats or Values.
            ValueError: if there are more or fewer than `nin` of them.
        """
        return self._outputs(inputs)[0]

    def side_by_side(self) -> Sequence[Neuron]:
        """Itself alone."""
        return (self,)

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)})"


@final
class Layer(_Watched):
    """Units side by side, each with all of the inputs.

    Args:
        nin: the number of inputs.
        nout: the number of units, hence of outputs.
        activation, bias, init, rng, notation: as for `Neuron`.
        number: its number in the labels; None for the notation's first.

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
        activation: str | ActivationFunction | None = None,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: Random | int | None = None,
        notation: str | Notation = "from_to",
        number: int | None = None,
    ) -> None:
        nout = as_count(nout, "nout")
        labels = notation_named(notation)
        draw, random = initializer(init, activation_function(activation)), as_random(rng)
        self.neurons = tuple(
            Neuron(
                nin,
                activation=activation,
                bias=bias,
                init=lambda nin, _, rng: draw(nin, nout, rng),
                rng=random,
                notation=labels,
                layer=number,
                unit=unit,
            )
            for unit in range(labels.first, labels.first + nout)
        )

    def __call__(self, inputs: Sequence[Number], /) -> list[Value]:
        """The outputs for one vector of inputs: a list of `nout` Values, also if that is one.

        Raises:
            TypeError: if `inputs` is no sequence of floats or Values.
            ValueError: if there are more or fewer than `nin` of them.
        """
        return self._outputs(inputs)

    def side_by_side(self) -> Sequence[Neuron]:
        """Its neurons."""
        return self.neurons

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].weights)}, {len(self.neurons)})"


class _Units:
    """Neurons side by side as one function of their inputs."""

    def __init__(self, neurons: Sequence[Neuron]) -> None:
        # A list may change without anybody being told.
        is_fixed = all(isinstance(of, tuple) for of in (neurons, *[n.weights for n in neurons]))
        self.latest = _latest if is_fixed else None
        first = self.activation = neurons[0].activation
        self.is_uniform = all(neuron.activation is first for neuron in neurons)
        # An operation of the table is applied with the sums; any other function is called for each.
        together = isinstance(first, type(relu)) and self.is_uniform
        self.dense = Dense(
            [neuron.weights for neuron in neurons],
            [neuron.bias for neuron in neurons],
            first if together else None,
            [neuron.sum_label for neuron in neurons],
        )

    def __call__(self, neurons: Sequence[Neuron], inputs: Sequence[Number]) -> list[Value]:
        outputs = self.dense(inputs)
        if self.dense.activation is None:
            outputs = list(map(_activated, neurons, outputs))
        for neuron, output in zip(neurons, outputs, strict=True):
            output.label = neuron.output_label
        return outputs


def _activated(neuron: Neuron, weighted_sum: Value) -> Value:
    if neuron.activation is None:
        return weighted_sum
    weighted_sum.label = neuron.sum_label
    output = neuron.activation(weighted_sum)
    if not isinstance(output, Value):
        raise TypeError(
            f"an activation must return a Value, not {type(output).__name__} {output!r:.60}: "
            "write it in operations of autograd_mini"
        )
    return output


def on_floats(layers: Sequence[_Watched], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """What layers, one after another, make of each row of inputs, without building graphs.

    Raises:
        ValueError: if a row has more or fewer numbers than the first layer takes.
    """
    first = layers[0].side_by_side()[0]
    for width in set(map(len, rows)):
        if width != len(first.weights):
            raise _of_wrong_width(width, first)
    units = [layer.together() for layer in layers]
    if all(unit.is_uniform for unit in units):
        return outputs(
            [(unit.dense, activation_on_floats(unit.activation)) for unit in units], rows
        )
    found = [list(row) for row in rows]
    for layer in layers:
        found = Module.on_floats(layer, found)
    return found


def _of_wrong_width(width: int, neuron: Neuron) -> ValueError:
    return ValueError(
        f"inputs of width {width} were given, but {neuron!r} takes width {len(neuron.weights)}"
    )
