"""A page that plays the forward and the backward pass of a graph, in one file of its own.

The page loads nothing and sends nothing: its policy allows its own script and style alone.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from autograd_mini import Value
from autograd_mini.snapshot import Graph, Role, snapshot

from .card import picture
from .label import clean
from .nodes import node_scene, readable
from .palette import style_sheet
from .saving import save
from .steps import Step, about, passes, with_gradients
from .svg import parse

__all__ = ["player"]

LARGEST = 150


def player(
    output: Value,
    path: str | os.PathLike[str],
    *,
    names: Mapping[Value, str] | Mapping[str, Any] | None = None,
    roles: Mapping[Value, Role] | None = None,
    title: str | None = None,
) -> Path:
    """Write a web page that steps through the forward and the backward pass; return its path.

    Each step on the way back states the chain rule in symbols and in numbers, with the running sum
    where a number was used more than once. The page is played with its buttons, its slider or the
    keys ← → Home End and Space, and works without a network. It finds the gradients itself and
    touches no `.grad`.

    Args:
        output: the Value whose derivatives are found.
        path: a name that ends in .html.
        names: as for `draw`.
        roles: as for `draw`.
        title: the heading of the page.

    Raises:
        TypeError: if the output is no Value.
        ValueError: if the graph has more than 150 nodes, or the path does not end in .html.
        FileNotFoundError: if the folder does not exist.
        ImportError: if there is no Graphviz to draw the graph with.

    >>> import tempfile
    >>> x = Value(3.0, label="x")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     player(x * x, f"{folder}/square.html").name
    'square.html'
    """
    if not isinstance(output, Value):
        raise TypeError(
            f"a player plays the passes of one Value, not of {type(output).__name__} "
            f"{output!r:.60}: give the result of a computation on Values"
        )
    return save(path, {".html": lambda: _page(output, names, roles, title).encode()})


def _page(
    output: Value,
    names: Mapping[Value, str] | Mapping[str, Any] | None,
    roles: Mapping[Value, Role] | None,
    title: str | None,
) -> str:
    graph = readable(snapshot(output, names=names, roles=roles))
    if len(graph.nodes) > LARGEST:
        raise ValueError(
            f"a page that plays {len(graph.nodes):,} nodes cannot be followed: play a graph of at "
            f"most {LARGEST}, such as one sample through a smaller network"
        )
    graph = with_gradients(graph)
    steps = passes(graph)
    figure, drawn, style = _drawn(graph, steps)
    root = graph.nodes[graph.outputs[0]].name
    style = _packaged("player.css") + style
    script = _packaged("player.js")
    return Template(_packaged("player.html")).substitute(
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        title=html.escape(f"Forward and backward to {root}" if title is None else clean(title)),
        style=style,
        svg=drawn,
        steps=_embedded(_data(graph, steps, figure)),
        last=len(steps) - 1,
        script=script,
    )


def _drawn(graph: Graph, steps: list[Step]) -> tuple[str, str, str]:
    """The id of the drawing, its SVG without a style sheet, and its style sheet."""
    widest: dict[int, str] = {}
    for step in steps:
        if step.gradient:
            widest[step.nodes[0]] = max(widest.get(step.nodes[0], ""), step.gradient, key=len)
    scene = node_scene(graph)
    cards = []
    for card in scene.cards:
        if card.about:
            index = int(card.key.removeprefix("n"))
            name, value, gradient = card.lines
            lines = (name, value, widest.get(index, gradient))
            said = "\n".join(card.about.split("\n")[:2])  # the gradient is not known yet
            cards.append(replace(card, lines=lines, about=said))
        else:
            cards.append(card)
    drawn = picture(replace(scene, cards=tuple(cards)))
    svg = parse(drawn.svg())
    svg.remove(svg.findall("style")[0])
    svg.set("role", "group")
    for group in svg.iter("g"):
        if group.get("id") in drawn.details and "node" in group.get("class", "").split():
            group.attrib |= {"tabindex": "0", "role": "img"}
    return drawn.figure, ET.tostring(svg, encoding="unicode"), style_sheet(drawn.figure)


def _data(graph: Graph, steps: list[Step], figure: str) -> dict[str, object]:
    """What the script reads; the keys are those of the cards and lines in the drawing."""
    lines = node_scene(graph).lines
    drawn = [i for i, line in enumerate(lines) if line.about]  # the others are plain numbers
    return {
        "figure": figure,
        "nodes": {f"n{node.index}": about(graph, node) for node in graph.nodes},
        "edges": [f"e{i}" for i in drawn],
        "targets": [f"n{edge.target}" for edge in graph.edges],
        "steps": [
            {
                "phase": step.phase,
                "title": step.title,
                "lines": step.lines,
                "nodes": [f"n{i}" for i in step.nodes],
                "edge": step.edge,
                "gradient": step.gradient,
            }
            for step in steps
        ],
    }


def _packaged(name: str) -> str:
    return resources.files("viz").joinpath(name).read_text(encoding="utf-8")


def _embedded(data: object) -> str:
    """JSON that no text in it can end or leave."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
