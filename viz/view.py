"""`draw`: which part of a graph is drawn, and how finely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

from autograd_mini import Value
from autograd_mini.snapshot import Graph, Role, snapshot

from .card import Scene, picture
from .collapse import collapsed
from .focus import around as nodes_around
from .focus import before, of_neuron
from .neurons import structure
from .nodes import node_scene, readable
from .paths import paths_between
from .picture import Picture

__all__ = ["Detail", "draw"]

Detail = Literal["auto", "nodes", "neurons", "layers"]

READABLE = 150
LARGEST = 1500


def draw(
    outputs: Value | Iterable[Value],
    *,
    names: Mapping[Value, str] | Mapping[str, Any] | None = None,
    roles: Mapping[Value, Role] | None = None,
    title: str | None = None,
    detail: Detail = "auto",
    grouped: bool = False,
    around: Value | None = None,
    radius: int = 2,
    depth: int | None = None,
    neuron: Value | None = None,
    path: tuple[Value, Value] | None = None,
    force: bool = False,
) -> Picture:
    """A picture of what the outputs were computed from.

    Each card shows a name and an operation, a value and, once `backward()` has run, a gradient ∇;
    each line the local derivative ∂ where it is not 1. A line is as wide as what flows back along
    it, local derivative times gradient; it is red where that is negative, and else blue.

    A graph of more than 150 nodes is drawn with one card for each neuron, or for each layer where
    that is still too much to see; the picture then says so.

    Args:
        outputs: one Value or several.
        names: names to show in place of the Values' own labels; or `locals()`, to name those that
            have no label after the user's variables.
        roles: "input", "weight", "target", "operation", "activation" or "loss" for Values whose
            role is not found from their labels as it should be.
        title: a line above the picture.
        detail: "nodes", "neurons" or "layers" to choose what gets a card.
        grouped: frame the nodes of each neuron and the neurons of each layer.
        around: draw only what is near this Value.
        radius: how many lines away that is, not counting what else a leaf on the way is used for.
        depth: draw only what is at most so many lines before the outputs.
        neuron: draw only the neuron that this Value belongs to, with its inputs.
        path: (x, y) to highlight every way from x to y and write the product of the local
            derivatives along each, and what they add up to: ∂y/∂x.
        force: draw more than 1,500 nodes, which takes minutes and cannot be read.

    Raises:
        TypeError: if something that should be a Value is not.
        ValueError: if there are no outputs, a Value is not part of the graph, there is nothing of
            the kind asked for, or there are too many nodes.

    >>> x, w = Value(2.0, label="x"), Value(-3.0, label="w_1")
    >>> draw(w * x)
    <picture: the computation graph of u₁>
    """
    if detail not in get_args(Detail):
        raise ValueError(f"there is no detail {detail!r}; use one of {', '.join(get_args(Detail))}")
    if (around is not None) + (depth is not None) + (neuron is not None) > 1:
        raise ValueError("around, depth and neuron each choose a part of the graph: give one")
    for name, count in (("radius", radius), ("depth", depth)):
        if count is not None and (not isinstance(count, int) or count < 0):
            raise ValueError(f"{name} is a number of lines, 0 or more, not {count!r:.60}")
    if path is not None and (not isinstance(path, tuple) or len(path) != 2):
        raise ValueError(f"path is a pair of Values, as in (x, y), not {path!r:.60}")
    marks = [value for value in (around, neuron) if value is not None] + list(path or ())
    graph = readable(snapshot(outputs, names=names, roles=roles, marks=marks))
    marked = iter(graph.marked)
    kept, notes = None, []
    if around is not None:
        centre = next(marked)
        kept = nodes_around(graph, centre, radius)
        notes.append(f"up to {_lines(radius)} from {graph.nodes[centre].name}")
    if neuron is not None:
        kept = of_neuron(graph, next(marked))
        notes.append("one neuron and its inputs")
    if depth is not None:
        kept = before(graph, depth)
        notes.append(f"up to {_lines(depth)} before the end")
    labels = None
    if path is not None:
        labels, on_path, rule = paths_between(graph, next(marked), next(marked))
        kept = None if kept is None else kept | on_path
        notes.append(rule)
    if kept is not None:
        notes[0] = f"{len(kept):,} of {len(graph.nodes):,} nodes: {notes[0]}"
    whole = kept is None and labels is None and not grouped
    scene = _collapsed(graph, detail, force=force) if whole else None
    if scene is None:
        size = len(graph.nodes if kept is None else kept)
        if size > LARGEST and not force:
            raise ValueError(
                f"a picture of {size:,} nodes takes minutes and cannot be read: draw a part with "
                "around=, depth= or neuron=, the network with detail='layers', or pass force=True"
            )
        scene = node_scene(graph, kept=kept, grouped=grouped, path_labels=labels)
    return picture(replace(scene, notes=(*scene.notes, *notes)), title=title)


def _lines(count: int) -> str:
    return f"{count} line{'s' * (count != 1)}"


def _collapsed(graph: Graph, detail: Detail, *, force: bool) -> Scene | None:
    """The scene of neurons or layers that is asked for or called for, None for one of nodes."""
    if detail in ("neurons", "layers"):
        scene = collapsed(graph, "neurons" if detail == "neurons" else "layers")
        if len(scene.cards) > LARGEST and not force:
            raise ValueError(
                f"a picture of {len(scene.cards):,} {detail} and other nodes takes minutes and "
                "cannot be read: use detail='layers', or pass force=True"
            )
        return scene
    readable_already = len(graph.nodes) <= READABLE
    if detail == "nodes" or force or readable_already or not structure(graph).neurons:
        return None
    for scene in (collapsed(graph, "neurons"), collapsed(graph, "layers")):
        if len(scene.cards) <= READABLE and len(scene.lines) <= 2 * READABLE:
            hint = "; detail='nodes' draws them all" if len(graph.nodes) <= LARGEST else ""
            return replace(scene, notes=(scene.notes[0] + hint,))
    return None
