"""Cards joined by lines, as the DOT text that Graphviz places.

What the cards say is decided elsewhere; here is how they look.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import graphviz  # type: ignore[import-untyped]  # the package has no annotations

from .label import clean, dot_label
from .palette import FONT, LIGHT
from .picture import Picture
from .svg import figure_id

__all__ = ["Card", "Line", "Scene", "picture"]


@dataclass(frozen=True, slots=True)
class Card:
    """A box with lines of text.

    Attributes:
        key: what tells it from the others; letters and digits.
        lines: the text, clean.
        role: which colours it has.
        gradient: how strong its border is, None if that is not known.
        about: the text shown where one points at it, "" for none.
        frames: the titles of the frames around it, the outermost first.
    """

    key: str
    lines: tuple[str, ...]
    role: str
    gradient: float | None = None
    about: str = ""
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow from card to card.

    Attributes:
        source: the key of a card.
        target: the key of a card.
        label: what is written beside it, in lines.
        flow: how much flows back along it, None if that is not known.
        about: the text shown where one points at it, "" for none.
        look: "" or "path" for a line to be looked at, or "cut" for one that leads out of the
            picture.
    """

    source: str
    target: str
    label: tuple[str, ...] = ()
    flow: float | None = None
    about: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything in a picture.

    Attributes:
        cards: each before those that its lines lead to, if it can be.
        lines: in the order of their targets.
        largest: the gradient or flow that is drawn the widest.
        what: what the picture shows, in a few words.
        description: the same in a sentence, for those who cannot see it.
        notes: lines of text above the picture.
        columns: keys of cards that stand below one another in this order.
    """

    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    largest: float
    what: str
    description: str
    notes: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()


def picture(scene: Scene, *, title: str | None = None) -> Picture:
    """The picture of a scene, with a title above it if there is one."""
    figure = figure_id((scene, title))
    above = ([] if title is None else [clean(title)]) + list(scene.notes)
    attributes = _GRAPH | {"ranksep": _gap(scene)} | ({"label": dot_label(above)} if above else {})
    dot = graphviz.Digraph(graph_attr=attributes, node_attr=_NODE, edge_attr=_EDGE)
    details = {}
    largest = scene.largest or 1.0
    for card in scene.cards:
        if not card.frames:
            _add_card(dot, card, figure, largest)
    for frame, number in _frames(scene.cards):
        with dot.subgraph(name=f"cluster_{number}") as outer:
            outer.attr(label=dot_label([frame[0]]), **_FRAME)
            for card in scene.cards:
                if card.frames == frame:
                    _add_card(outer, card, figure, largest)
            for inner_frame, inner_number in _frames(scene.cards, inside=frame):
                with outer.subgraph(name=f"cluster_{number}_{inner_number}") as inner:
                    inner.attr(label=dot_label([inner_frame[1]]), **_FRAME)
                    for card in scene.cards:
                        if card.frames == inner_frame:
                            _add_card(inner, card, figure, largest)
    for card in scene.cards:
        if card.about:
            details[f"{figure}-{card.key}"] = card.about
    for column in scene.columns:
        with dot.subgraph() as below_one_another:
            below_one_another.attr(rank="same")
            for key, next_key in pairwise(column):
                below_one_another.edge(key, next_key, style="invis")
    frames = {card.key: card.frames[:1] for card in scene.cards}
    parallel = Counter([(line.source, line.target) for line in scene.lines])
    for i, line in enumerate(scene.lines):
        look = _look(line, largest)
        close = line.look == "path" or parallel[line.source, line.target] > 1
        label = (*line.label, " ") if line.label and close else line.label  # else a line touches it
        if line.about:
            look["id"] = f"{figure}-e{i}"
            details[f"{figure}-e{i}"] = line.about
        if frames[line.source] != frames[line.target]:
            look["minlen"] = "2"  # frames beside one another, not in a staircase
        dot.edge(line.source, line.target, label=dot_label(label), **look)
    return Picture(
        source=dot.source,
        figure=figure,
        title=scene.what if title is None else clean(title),
        description=scene.description,
        details=details,
    )


_GRAPH = {
    "rankdir": "LR",
    "nodesep": ".16",
    "bgcolor": "transparent",
    "pad": ".12",
    "outputorder": "edgesfirst",
    "labelloc": "t",
    "fontsize": "14",
    "fontname": FONT,
    "fontcolor": LIGHT.text,
}
_NODE = {
    "shape": "box",
    "style": "filled,rounded",
    "margin": "0.10,0.05",
    "height": ".3",
    "fontsize": "11",
    "fontname": FONT,
    "fontcolor": LIGHT.text,
}
_EDGE = {"fontsize": "9", "arrowsize": ".5", "fontname": FONT, "fontcolor": LIGHT.muted}
_FRAME = {
    "style": "rounded",
    "color": LIGHT.neutral,
    "fontcolor": LIGHT.muted,
    "fontsize": "11",
    "margin": "8",
}


def _frames(
    cards: Iterable[Card], inside: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], int]]:
    """The frames directly inside another one, each with a number, in the order of their cards."""
    depth = len(inside)
    found = {c.frames[: depth + 1] for c in cards if len(c.frames) > depth}
    order = {c.frames[: depth + 1]: None for c in cards}
    frames = [frame for frame in order if frame in found and frame[:depth] == inside]
    return zip(frames, range(len(frames)), strict=True)


def _add_card(dot: graphviz.Digraph, card: Card, figure: str, largest: float) -> None:
    colours = LIGHT.cards[card.role]
    look = {"class": card.role, "fillcolor": colours.fill, "color": colours.border}
    if card.about:
        look["id"] = f"{figure}-{card.key}"
        look["penwidth"] = f"{1 + 2 * _share(card.gradient or 0.0, largest):.2f}"
    else:
        look["width"] = ".3"
    dot.node(card.key, label=dot_label(card.lines), **look)


def _gap(scene: Scene) -> str:
    """The inches between columns: more where many lines cross, so that they can be followed."""
    crowd = len(scene.lines) / len(scene.cards)
    return f"{0.42 * max(1.0, min(crowd - 1.0, 5.0)):.2f}"


def _look(line: Line, largest: float) -> dict[str, str]:
    if line.look == "cut":
        return {"class": "neutral", "color": LIGHT.neutral, "style": "dotted"}
    if line.look == "path":
        return {"class": "path", "color": LIGHT.path, "fontcolor": LIGHT.path, "penwidth": "3.00"}
    flow = line.flow
    if flow is None or math.isnan(flow):
        return {"class": "neutral", "color": LIGHT.neutral}
    sign, colour = ("negative", LIGHT.negative) if flow < 0 else ("positive", LIGHT.positive)
    width = 0.7 + 3 * _share(flow, largest)
    return {"class": sign, "color": colour, "penwidth": f"{width:.2f}"}


def _share(amount: float, largest: float) -> float:
    """From 0 to 1, as the square root, so that an amount a hundred times smaller is still seen."""
    return 0.0 if math.isnan(amount) else math.sqrt(min(abs(amount) / largest, 1.0))
