"""A network as plain data: its layers of units, and what they were in the last pass.

A network is read by its attributes, so anything built like one can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd_mini import Value
from autograd_mini.snapshot import ACTIVATIONS, Graph, snapshot

from .label import clean, with_indices

__all__ = ["Quantity", "Unit", "read_network"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its name, "" for none, and its gradient, None if that is not known."""

    label: str
    value: float
    gradient: float | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a layer.

    Attributes:
        name: what its output is called, "" for no name of its own.
        weights: from each unit of the layer before; none for an input.
        bias: None if it has none.
        symbol: of its activation, "" for none.
        output: what came out of it, None if that is not known.
    """

    name: str = ""
    weights: tuple[Quantity, ...] = ()
    bias: Quantity | None = None
    symbol: str = ""
    output: Quantity | None = None


def read_network(model: Any, outputs: Value | Iterable[Value] | None) -> list[list[Unit]]:
    """The layers of a network; the first one is its inputs.

    Args:
        model: as for `viz.network`.
        outputs: Values computed from what the model returned, whose graph tells of the last pass;
            None to read the weights alone.

    Raises:
        TypeError: if the model is no network.
        ValueError: if layers do not fit together, or the outputs do not come from the model.
    """
    neurons: list[Sequence[Any]] = []
    symbols: list[str] = []
    for part in _parts(model):
        if hasattr(part, "function"):  # an activation on its own, after the layer it belongs to
            if symbols:
                symbols[-1] = _symbol(part.function)
        else:
            neurons.append(part)
            symbols.append(_symbol(part[0].activation))
    if not neurons:
        raise _no_network(model)
    width = len(neurons[0][0].weights)
    for number, layer in enumerate(neurons, start=1):
        for neuron in layer:
            if len(neuron.weights) != width:
                raise ValueError(
                    f"layer {number} takes {len(neuron.weights)} inputs, but what is before it has "
                    f"{width} outputs: give both the same number"
                )
        width = len(layer)
    graph, keys = None, {}
    if outputs is not None:
        keys = {
            value: f"{part} {layer} {j} {i}"
            for layer, units in enumerate(neurons)
            for j, neuron in enumerate(units)
            for part, values in (("w", neuron.weights), ("b", [neuron.bias]))
            for i, value in enumerate(values)
            if value is not None
        }
        graph = snapshot(outputs, names=keys)
    gradients = {n.name: n.gradient for n in graph.nodes if not n.operation} if graph else {}

    def quantity(value: Value) -> Quantity:
        return Quantity(_shown(value.label), value.data, gradients.get(keys.get(value, "")))

    layers = [[Unit(name=name) for name in _input_names(neurons[0][0])]]
    layers += [
        [
            Unit(
                name=_shown(getattr(neuron, "output_label", "")),
                weights=tuple([quantity(weight) for weight in neuron.weights]),
                bias=None if neuron.bias is None else quantity(neuron.bias),
                symbol=symbol,
            )
            for neuron in units
        ]
        for units, symbol in zip(neurons, symbols, strict=True)
    ]
    return layers if graph is None else _with_outputs(layers, graph)


def _parts(model: Any) -> list[Any]:
    """The neurons of each layer, and activations on their own."""
    if hasattr(model, "weights"):
        return [(model,)]
    if hasattr(model, "neurons"):
        return [model.neurons]
    if hasattr(model, "function"):
        return [model]
    parts = getattr(model, "layers", getattr(model, "modules", None))
    if not isinstance(parts, Sequence):
        raise _no_network(model)
    return [found for part in parts for found in _parts(part)]


def _input_names(neuron: Any) -> list[str]:
    """The names of what goes into the first layer, from the notation of one of its neurons."""
    notation = getattr(neuron, "notation", None)
    first = notation.first if notation else 0
    numbers = range(first, first + len(neuron.weights))
    return [_shown(notation.input(i)) if notation else "" for i in numbers]


def _shown(label: str) -> str:
    return with_indices(clean(label))


def _no_network(model: Any) -> TypeError:
    return TypeError(
        "a network diagram shows a Neuron, a Layer, an MLP or a Sequential of them, not "
        f"{type(model).__name__} {model!r:.60}: use viz.draw for the graph of a Value"
    )


def _symbol(activation: Any) -> str:
    if activation is None:
        return ""
    return clean(getattr(activation, "symbol", getattr(activation, "__name__", "f")))


def _with_outputs(layers: list[list[Unit]], graph: Graph) -> list[list[Unit]]:
    """The layers with what went in and came out, in the last pass that the graph holds."""
    index = {node.name: node.index for node in graph.nodes if not node.operation}
    operands = {(edge.target, edge.position): edge.source for edge in graph.edges}
    found = [list(layer) for layer in layers]

    def weighted_sum(layer: int, unit: int) -> int:
        weight = index.get(f"w {layer} {unit} 0")
        sums = [e.target for e in graph.edges if e.source == weight]
        sums = [i for i in sums if graph.nodes[i].operation == "dot"]
        if not sums:
            raise ValueError(
                "the outputs were not computed by this model: give what it returned, or a loss "
                "made from that"
            )
        return sums[-1]

    for layer in range(len(layers) - 1):  # what goes into each layer of neurons
        target, width = weighted_sum(layer, 0), len(layers[layer])
        constants = dict(graph.nodes[target].constants)
        for i, unit in enumerate(layers[layer]):
            source = operands.get((target, width + i))
            if source is None:
                output = Quantity("", constants[width + i])
            else:
                node = graph.nodes[source]
                output = Quantity("", node.value, node.gradient)
            found[layer][i] = replace(unit, output=output)
    for i, unit in enumerate(layers[-1]):
        end = weighted_sum(len(layers) - 2, i)
        if unit.symbol:
            after = [e.target for e in graph.edges if e.source == end]
            after = [j for j in after if graph.nodes[j].operation in ACTIVATIONS]
            if not after:  # a function of the user's, of any number of operations
                continue
            end = after[0]
        node = graph.nodes[end]
        found[-1][i] = replace(unit, output=Quantity("", node.value, node.gradient))
    return found
