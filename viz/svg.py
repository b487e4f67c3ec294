"""SVG made fit to be shown: readable titles, a description for those who cannot see, a dark mode.

Positions and shapes are the business of whoever drew it.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Mapping

from .palette import style_sheet

__all__ = ["add", "figure_id", "finish", "frame", "parse"]

NAMESPACE = "http://www.w3.org/2000/svg"


def figure_id(content: object) -> str:
    """An id that is the same for the same content, and hence not that of its neighbour on a page.

    >>> figure_id(("x", 1.0)) == figure_id(("x", 1.0)) != figure_id(("x", 2.0))
    True
    """
    return "f" + hashlib.sha256(repr(content).encode()).hexdigest()[:8]


def finish(
    svg: bytes, *, figure: str, title: str, description: str, details: Mapping[str, str]
) -> str:
    """What Graphviz wrote, framed, with titles for people in place of its own.

    Args:
        svg: what Graphviz wrote.
        figure: as for `frame`.
        title: as for `frame`.
        description: as for `frame`.
        details: for the id of a node or an edge, the text shown where one points at it.
    """
    root = parse(svg)
    for element in root.iter():
        for name, value in element.items():
            if value == "transparent":  # not a colour of SVG 1.1
                element.set(name, "none")
    for group in root.iter("g"):
        for generated in group.findall("title"):
            group.remove(generated)
        identity = group.get("id", "")
        if identity in details:
            add(group, "title", text=details[identity], place=0)
        else:
            group.attrib.pop("id", None)  # "graph0", the same in every picture of a page
    return frame(root, figure=figure, title=title, description=description)


def parse(svg: str | bytes) -> ET.Element:
    """The svg element of a text, with plain names."""
    root = ET.fromstring(svg)  # noqa: S314 - written by Graphviz, not by a stranger
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    return root


def frame(root: ET.Element, *, figure: str, title: str, description: str) -> str:
    """The text of an SVG, with what belongs around every picture.

    Args:
        root: the svg element; it is changed.
        figure: the id of the whole picture, to which its style sheet is confined.
        title: what the picture shows, in a few words.
        description: the same in a sentence, for those who cannot see it.
    """
    root.attrib |= {
        "xmlns": NAMESPACE,
        "id": figure,
        "role": "img",
        "aria-labelledby": f"{figure}-title",
        "aria-describedby": f"{figure}-description",
    }
    add(root, "title", {"id": f"{figure}-title"}, text=title, place=0)
    add(root, "desc", {"id": f"{figure}-description"}, text=description, place=1)
    add(root, "style", text=style_sheet(figure), place=2)
    return ET.tostring(root, encoding="unicode") + "\n"


def add(
    parent: ET.Element,
    tag: str,
    attributes: Mapping[str, object] | None = None,
    *,
    text: str = "",
    place: int | None = None,
) -> ET.Element:
    """A new element, at a place among the parent's children or after them all."""
    element = ET.Element(tag, {name: str(value) for name, value in (attributes or {}).items()})
    element.text = text
    parent.insert(len(parent) if place is None else place, element)
    return element
