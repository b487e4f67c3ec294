"""The textbook picture of a network: a circle for each unit, a line for each weight.

It draws the SVG itself, because Graphviz would put the weights on top of one another. A network is
read by its attributes, so anything built like one can be drawn.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .label import all_digits, clean, number, subscript, superscript, with_indices
from .palette import FONT, LIGHT
from .picture import Drawing
from .svg import add, figure_id, frame

__all__ = ["network"]

RADIUS = 32
ROW = 110  # from the centre of a unit to that of the next in its layer
MARGIN = 16
MOST_UNITS = 12  # drawn of a layer
MOST_LABELLED = 4  # units in a layer up to which the weights into it are written


def network(model: Any) -> Drawing:
    """The diagram of a network: units as circles, weights as lines.

    A line is as wide as its weight is large; it is blue where the weight is positive, red where
    negative. Weights into a layer of more than four units are not written beside their lines, and
    of more than twelve units only the first twelve are drawn.

    Args:
        model: a Neuron, a Layer, an MLP, or a Sequential of them.

    Raises:
        TypeError: if it is none of these.
        ValueError: if a layer does not take as many inputs as the one before has units.

    >>> from nn import MLP
    >>> network(MLP(2, [2, 1], rng=0))
    <picture: a 2-2-1 network>
    """
    layers = [[_read(neuron) for neuron in neurons] for neurons in _layers(model)]
    widths = [len(layers[0][0].weights), *[len(units) for units in layers]]
    for layer, units in enumerate(layers, start=1):
        for unit in units:
            if len(unit.weights) != widths[layer - 1]:
                raise ValueError(
                    f"layer {layer} takes {len(unit.weights)} inputs, but what is before it has "
                    f"{widths[layer - 1]} outputs: give both the same number"
                )
    title = f"a {'-'.join(map(str, widths))} network"
    root = _draw(layers, widths)
    figure = figure_id(layers)
    description = f"{title.capitalize()}, drawn as circles joined by lines."
    return Drawing(title, frame(root, figure=figure, title=title, description=description))


@dataclass(frozen=True, slots=True)
class _Number:
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class _Unit:
    weights: tuple[_Number, ...]
    bias: _Number | None
    symbol: str  # of its activation, empty for none


def _layers(model: Any) -> list[Sequence[Any]]:
    """The neurons of each layer."""
    if hasattr(model, "weights"):
        return [(model,)]
    if hasattr(model, "neurons"):
        return [model.neurons]
    parts = getattr(model, "layers", getattr(model, "modules", None))
    if not isinstance(parts, Sequence):
        raise TypeError(
            "a network diagram shows a Neuron, a Layer, an MLP or a Sequential of them, not "
            f"{type(model).__name__} {model!r:.60}: use viz.draw for the graph of a Value"
        )
    return [layer for part in parts for layer in _layers(part)]


def _read(neuron: Any) -> _Unit:
    activation = neuron.activation
    symbol = getattr(activation, "symbol", getattr(activation, "__name__", "f"))
    return _Unit(
        weights=tuple([_number(weight) for weight in neuron.weights]),
        bias=None if neuron.bias is None else _number(neuron.bias),
        symbol="" if activation is None else clean(symbol),
    )


def _number(value: Any) -> _Number:
    return _Number(with_indices(clean(value.label)), value.data)


Place = tuple[float, float]


def _draw(layers: list[list[_Unit]], widths: list[int]) -> ET.Element:
    places = _places(widths)
    lowest = MARGIN + RADIUS + ROW * (max([len(row) for row in places]) - 1)
    biased = any(unit.bias is not None for units in layers for unit in units)
    below = 18 * (biased + (max(widths) > MOST_UNITS))
    width, height = places[-1][0][0] + RADIUS + MARGIN, lowest + RADIUS + below + MARGIN
    root = ET.Element("svg", {"width": f"{width:g}", "height": f"{height:g}"})
    root.attrib |= {"viewBox": f"0 0 {width:g} {height:g}", "font-family": FONT}
    root.attrib |= {"font-size": "11", "text-anchor": "middle"}
    # Later groups lie above earlier ones: no line crosses out a number.
    lines, labels, circles = (add(root, "g") for _ in range(3))
    for j, place in enumerate(places[0]):
        _draw_circle(circles, place, "input", [_name(0, j)])
    weights = [weight.value for units in layers for unit in units for weight in unit.weights]
    largest = max([abs(weight) for weight in weights if math.isfinite(weight)], default=0.0) or 1.0
    for layer, units in enumerate(layers, start=1):
        for j, (unit, (x, y)) in enumerate(zip(units, places[layer], strict=False)):
            for weight, source in zip(unit.weights, places[layer - 1], strict=False):
                size = 0.0 if math.isnan(weight.value) else min(abs(weight.value) / largest, 1.0)
                _draw_line(lines, weight, source, (x, y), 1 + 5 * size)
                if widths[layer] <= MOST_LABELLED:
                    text = _written(weight) if widths[layer] < 3 else number(weight.value)
                    _write_along(
                        labels, text, source, (x, y), _fraction(widths[layer]), 1 + 5 * size
                    )
            role = "activation" if unit.symbol else "operation"
            _draw_circle(circles, (x, y), role, [_name(layer, j), unit.symbol or "Σ"])
            if unit.bias is not None:
                _write(circles, (x, y + RADIUS + 15), _written(unit.bias), "note")
    for units_of_layer, row in zip(widths, places, strict=True):
        if units_of_layer > len(row):
            x, y = row[-1]
            more = f"and {units_of_layer - len(row)} more"
            _write(circles, (x, y + RADIUS + 31), more, "note")
    return root


def _places(widths: list[int]) -> list[list[Place]]:
    """The centres of the units that are drawn, layer by layer, each layer around the middle."""
    shown = [min(width, MOST_UNITS) for width in widths]
    columns = [float(MARGIN + RADIUS)]
    for width in widths[1:]:  # room to write a weight, and no line much too steep to follow
        columns.append(columns[-1] + max(72 / _fraction(width), ROW * max(shown) / 3))
    middle = MARGIN + RADIUS + ROW * (max(shown) - 1) / 2
    return [
        [(x, middle + ROW * (j - (count - 1) / 2)) for j in range(count)]
        for x, count in zip(columns, shown, strict=True)
    ]


def _fraction(units: int) -> float:
    """Where on the lines into a layer their weights stand, from 0 at the source to 1.

    Near 1 / (units + 1) they stand apart: no line has the height there that another has.
    """
    return max(0.2, min(0.3, 1 / (units + 1)))


def _draw_circle(parent: ET.Element, place: Place, role: str, lines: list[str]) -> None:
    x, y = place
    card = LIGHT.cards[role]
    group = add(parent, "g", {"class": role})
    circle = add(group, "circle", {"cx": f"{x:g}", "cy": f"{y:g}", "r": RADIUS})
    circle.attrib |= {"fill": card.fill, "stroke": card.border, "stroke-width": "1.5"}
    for i, line in enumerate(lines):
        height = y + 5 + 18 * (i - (len(lines) - 1) / 2)
        _write(group, (x, height), line).set("font-size", "14")


def _draw_line(
    parent: ET.Element, weight: _Number, source: Place, target: Place, width: float
) -> None:
    value = weight.value
    sign = "negative" if value < 0 else "positive" if value > 0 else "neutral"
    group = add(parent, "g", {"class": f"edge {sign}"})
    add(group, "title", text=f"{weight.label} {all_digits(value)}".strip())
    (x1, y1), (x2, y2) = source, target
    line = add(group, "line", {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"})
    line.attrib |= {"stroke": getattr(LIGHT, sign), "stroke-width": f"{width:.2f}"}


def _write_along(
    parent: ET.Element, text: str, source: Place, target: Place, fraction: float, width: float
) -> None:
    """A text on a line of some width, with a rim that keeps other lines off the letters."""
    along = [end - start for start, end in zip(source, target, strict=True)]
    x, y = (start + fraction * step for start, step in zip(source, along, strict=True))
    angle = math.degrees(math.atan2(along[1], along[0]))
    turned = add(parent, "g", {"transform": f"translate({x:.1f} {y:.1f}) rotate({angle:.1f})"})
    above = (0, -3 - width / 2)
    # The rim is a text of its own: not every program knows how to paint it below the letters.
    rim = _write(turned, above, text, "halo")
    rim.attrib |= {"stroke": LIGHT.background, "stroke-width": "3", "aria-hidden": "true"}
    _write(turned, above, text, "note")


def _write(parent: ET.Element, place: Place, text: str, kind: str = "") -> ET.Element:
    written = add(parent, "text", {"x": f"{place[0]:g}", "y": f"{place[1]:g}"}, text=text)
    written.set("fill", LIGHT.muted if kind else LIGHT.text)
    if kind:
        written.set("class", kind)
    return written


def _written(weight: _Number) -> str:
    return f"{weight.label} {number(weight.value)}".strip()


def _name(layer: int, place: int) -> str:
    """x₁ for the first input, O²₁ for the first unit of the layer after the inputs."""
    letter = f"O{superscript(str(layer + 1))}" if layer else "x"
    return letter + subscript(str(place + 1))
