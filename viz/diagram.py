"""The textbook picture of a network: a circle for each unit, a line for each weight.

It draws the SVG itself, because Graphviz would put the weights on top of one another.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from autograd_mini import Value

from .label import all_digits, number, subscript, superscript, two_digits
from .palette import FONT, LIGHT
from .picture import Drawing
from .svg import add, figure_id, frame
from .units import Quantity, Unit, read_network

__all__ = ["network"]

RADIUS = 32
ROW = 110  # from the centre of a unit to that of the next in its layer
MARGIN = 16
MOST_UNITS = 10  # of a layer that are drawn; of a wider one, its first and last
MOST_LABELLED = 4  # units in a layer up to which the weights into it are written


def network(model: Any, *, outputs: Value | Iterable[Value] | None = None) -> Drawing:
    """The diagram of a network: units as circles, weights as lines.

    A line is as wide as its weight is large; it is blue where the weight is positive, red where
    negative. Weights into a layer of more than four units are not written beside their lines, nor
    are gradients of those from such a layer; of more than ten units the middle ones are left out.

    Args:
        model: a Neuron, a Layer, an MLP, or a Sequential of them.
        outputs: what the model returned, or a loss made from that, to show what came out of each
            unit and, after `backward()`, the gradients ∇; of several samples, the last.

    Raises:
        TypeError: if the model is none of these, or the outputs are no Values.
        ValueError: if a layer does not take as many inputs as the one before has units, or if the
            outputs were not computed by this model.

    >>> from nn import MLP
    >>> network(MLP(2, [2, 1], rng=0))
    <picture: a 2-2-1 network>
    """
    layers = read_network(model, outputs)
    title = f"a {'-'.join([str(len(layer)) for layer in layers])} network"
    root = _draw(layers)
    description = f"{title.capitalize()}, drawn as circles joined by lines."
    figure = figure_id(layers)
    return Drawing(title, frame(root, figure=figure, title=title, description=description))


Place = tuple[float, float]


def _draw(layers: list[list[Unit]]) -> ET.Element:
    shown = [_shown(len(layer)) for layer in layers]
    places = _places(layers, shown)
    lowest = MARGIN + RADIUS + ROW * (max([len(row) for row in shown]) - 1)
    biased = any(unit.bias is not None for layer in layers for unit in layer)
    width = places[-1][0][0] + RADIUS + MARGIN
    height = lowest + RADIUS + 18 * biased + MARGIN
    root = ET.Element("svg", {"width": f"{width:g}", "height": f"{height:g}"})
    root.attrib |= {"viewBox": f"0 0 {width:g} {height:g}", "font-family": FONT}
    root.attrib |= {"font-size": "11", "text-anchor": "middle"}
    # Later groups lie above earlier ones: no line crosses out a number.
    lines, labels, circles = (add(root, "g") for _ in range(3))
    weights = [w.value for layer in layers for unit in layer for w in unit.weights]
    largest = max([abs(weight) for weight in weights if math.isfinite(weight)], default=0.0) or 1.0
    for layer, units in enumerate(layers):
        few = max(len(units), len(layers[layer - 1])) <= 2 * MOST_LABELLED
        for j, place in places[layer].items():
            unit = units[j]
            for i, source in places[layer - 1].items() if layer else ():
                weight = unit.weights[i]
                size = 0.0 if math.isnan(weight.value) else min(abs(weight.value) / largest, 1.0)
                thickness = (1 + 5 * size) / (1 if few else 2)
                _draw_line(lines, weight, source, place, thickness)
                ends, above = (source, place), -3 - thickness / 2
                if len(units) <= MOST_LABELLED:
                    text = _written(weight) if len(units) < 3 else number(weight.value)
                    _write_along(labels, text, ends, _fraction(len(units)), above)
                if weight.gradient is not None and len(unit.weights) <= MOST_LABELLED:
                    text = f"∇ {two_digits(weight.gradient)}"
                    _write_along(labels, text, ends, 1 - _fraction(len(unit.weights)), above)
            _draw_unit(circles, place, unit, unit.name or _name(layer, j), is_input=not layer)
            if unit.bias is not None:
                x, y = place
                text = _written(unit.bias)
                if unit.bias.gradient is not None:
                    text += f"  ∇ {two_digits(unit.bias.gradient)}"
                _write_with_rim(circles, (x, y + RADIUS + 15), text)
        left_out = len(units) - len(places[layer])
        if left_out:
            x, y = places[layer][0]
            gap = (x, y + ROW * shown[layer].index(None))
            for offset in (-26, -16, -6):
                dot = add(circles, "circle", {"cx": f"{x:g}", "cy": f"{gap[1] + offset:g}"})
                dot.attrib |= {"r": "2.5", "fill": LIGHT.neutral}
            _write(circles, (x, gap[1] + 16), f"{left_out:,} more", "note")
    return root


def _shown(width: int) -> list[int | None]:
    """The units of a layer that are drawn, None for the gap in place of the others."""
    if width <= MOST_UNITS:
        return list(range(width))
    half = MOST_UNITS // 2
    return [*range(half), None, *range(width - half + 1, width)]


def _places(layers: list[list[Unit]], shown: list[list[int | None]]) -> list[dict[int, Place]]:
    """The centres of the units that are drawn, layer by layer, each layer around the middle."""
    most = max([len(row) for row in shown])
    columns = [float(MARGIN + RADIUS)]
    for before, layer in pairwise(layers):
        # Room to write the weights, with their names if there are few, and then the gradients;
        # and no line much too steep to follow.
        length = _length(len(layer), 72 if len(layer) < 3 else 60)
        if layer[0].weights[0].gradient is not None and len(before) <= MOST_LABELLED:
            length = max(length, _length(len(before), 64))
        columns.append(columns[-1] + max(length, ROW * most / 3))
    middle = MARGIN + RADIUS + ROW * (most - 1) / 2
    return [
        {
            unit: (x, middle + ROW * (slot - (len(row) - 1) / 2))
            for slot, unit in enumerate(row)
            if unit is not None
        }
        for x, row in zip(columns, shown, strict=True)
    ]


def _fraction(units: int) -> float:
    """Where on the lines into a layer their weights stand, from 0 at the source to 1.

    Lines from neighbours cross at 1 / units at the nearest; the weights stand a little before that.
    """
    return min(0.3, 0.76 / min(units, MOST_LABELLED))


def _length(units: int, room: float) -> float:
    """How far apart columns must be for labels that need some room from the centre of a unit."""
    fraction = _fraction(units)
    return max(room / fraction, 28 / (1 / min(units, MOST_LABELLED) - fraction))


def _draw_unit(parent: ET.Element, place: Place, unit: Unit, name: str, *, is_input: bool) -> None:
    role = "input" if is_input else "activation" if unit.symbol else "operation"
    symbol = "" if is_input else unit.symbol or "Σ"
    card = LIGHT.cards[role]
    x, y = place
    group = add(parent, "g", {"class": role})
    circle = add(group, "circle", {"cx": f"{x:g}", "cy": f"{y:g}", "r": RADIUS})
    circle.attrib |= {"fill": card.fill, "stroke": card.border, "stroke-width": "1.5"}
    lines, size, step = [name, symbol] if symbol else [name], "14", 18
    if unit.output is not None:
        size, step = "11", 14
        lines = [f"{name} {symbol}".strip(), number(unit.output.value)]
        if unit.output.gradient is not None:
            lines.append(f"∇ {two_digits(unit.output.gradient)}")
        add(group, "title", text=_about(name, unit.output), place=0)
    for i, line in enumerate(lines):
        written = _write(group, (x, y + 4 + step * (i - (len(lines) - 1) / 2)), line)
        written.set("font-size", size if len(line) < 9 else "9.5")  # what fits in the circle


def _draw_line(
    parent: ET.Element, weight: Quantity, source: Place, target: Place, width: float
) -> None:
    value = weight.value
    sign = "negative" if value < 0 else "positive" if value > 0 else "neutral"
    group = add(parent, "g", {"class": f"edge {sign}"})
    add(group, "title", text=_about(weight.label, weight))
    (x1, y1), (x2, y2) = source, target
    line = add(group, "line", {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"})
    line.attrib |= {"stroke": getattr(LIGHT, sign), "stroke-width": f"{width:.2f}"}


def _write_along(
    parent: ET.Element, text: str, ends: tuple[Place, Place], fraction: float, above: float
) -> None:
    """A text on a line from end to end, with a rim that keeps other lines off the letters."""
    (x1, y1), (x2, y2) = ends
    x, y = x1 + fraction * (x2 - x1), y1 + fraction * (y2 - y1)
    angle = math.degrees(math.atan2(y2 - y1, x2 - x1))
    turned = add(parent, "g", {"transform": f"translate({x:.1f} {y:.1f}) rotate({angle:.1f})"})
    _write_with_rim(turned, (0, above), text)


def _write_with_rim(parent: ET.Element, place: Place, text: str) -> None:
    # The rim is a text of its own: not every program knows how to paint it below the letters.
    rim = _write(parent, place, text, "halo")
    rim.attrib |= {"stroke": LIGHT.background, "stroke-width": "3", "aria-hidden": "true"}
    _write(parent, place, text, "note")


def _write(parent: ET.Element, place: Place, text: str, kind: str = "") -> ET.Element:
    written = add(parent, "text", {"x": f"{place[0]:g}", "y": f"{place[1]:g}"}, text=text)
    written.set("fill", LIGHT.muted if kind else LIGHT.text)
    if kind:
        written.set("class", kind)
    return written


def _written(quantity: Quantity) -> str:
    return f"{quantity.label} {number(quantity.value)}".strip()


def _about(name: str, quantity: Quantity) -> str:
    about = f"{name} {all_digits(quantity.value)}".strip()
    if quantity.gradient is None:
        return about
    return f"{about}\ngradient {all_digits(quantity.gradient)}"


def _name(layer: int, place: int) -> str:
    """What a unit without a name is called: x₁ is the first input, O²₁ the first unit after it."""
    letter = f"O{superscript(str(layer + 1))}" if layer else "x"
    return letter + subscript(str(place + 1))
