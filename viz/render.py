"""DOT to SVG, PNG or PDF, by whatever this machine has; it looks into nothing that it renders.

The `dot` program comes first; `pygraphviz`, whose wheels bundle Graphviz, stands in for it.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from types import ModuleType

from .palette import FONT

__all__ = ["TIME_LIMIT", "rasterize", "render"]

TIME_LIMIT = 60.0
"""Seconds that an outside program may take."""


def render(source: str, kind: str) -> bytes:
    """A DOT text drawn as "svg", "png" or "pdf".

    Raises:
        ImportError: if neither `dot` nor `pygraphviz` is there.
        TimeoutError: if drawing takes longer than `TIME_LIMIT` seconds.
        RuntimeError: if Graphviz cannot draw the text.
    """
    # A PNG cannot follow the colours of the page it is on, so it brings its own white.
    attributes = {"bgcolor": "white", "dpi": "192"} if kind == "png" else {}
    program = shutil.which("dot")
    if program is not None:
        settings = [f"-G{name}={value}" for name, value in attributes.items()]
        return _run([program, f"-T{kind}", *settings], source.encode())
    if _module("pygraphviz") is None:
        raise ImportError(
            "drawing a graph needs Graphviz: install its `dot` program (https://graphviz.org) or "
            "run `pip install pygraphviz`; .source and .save('picture.dot') do without"
        )
    # In a process of its own, since a library that takes too long cannot be ended.
    search = os.pathsep.join(sys.path)
    command = [sys.executable, "-c", _BY_PYGRAPHVIZ, kind, json.dumps(attributes)]
    return _run(command, source.encode(), name="pygraphviz", env={"PYTHONPATH": search})


_BY_PYGRAPHVIZ = """
import json, sys
import pygraphviz
_, kind, attributes = sys.argv
try:
    graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
    graph.graph_attr.update(json.loads(attributes))
    sys.stdout.buffer.write(graph.draw(format=kind, prog="dot"))
except ValueError as error:
    sys.exit(str(error))
"""


def rasterize(svg: str, kind: str) -> bytes:
    """An SVG text as "png" or "pdf".

    Raises:
        ImportError: if neither `rsvg-convert` nor `cairosvg` is there.
        TimeoutError: if it takes longer than `TIME_LIMIT` seconds.
        RuntimeError: if the SVG cannot be converted.
    """
    program = shutil.which("rsvg-convert")
    if program is not None:
        command = [program, f"--format={kind}", "--zoom=2", "--background-color=white"]
        return _run(command, svg.encode())
    cairosvg = _module("cairosvg")
    if cairosvg is None:
        raise ImportError(
            f"turning this picture into {kind.upper()} needs `rsvg-convert` or `pip install "
            "cairosvg`; or save it as .svg and print that from a browser"
        )
    convert = {"png": cairosvg.svg2png, "pdf": cairosvg.svg2pdf}[kind]
    # It looks in no other font for a sign that the first one lacks, as many lack ∇.
    with_signs = svg.replace(FONT, "DejaVu Sans").encode()
    converted: bytes = convert(bytestring=with_signs, scale=2, background_color="white")
    return converted


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _run(
    command: list[str], text: bytes, *, name: str = "", env: Mapping[str, str] | None = None
) -> bytes:
    # The graphviz package runs dot without a time limit, so it is run here.
    name = name or command[0]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command,
            input=text,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            env=os.environ | (env or {}),
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(
            f"{name} did not finish within {TIME_LIMIT:g} seconds: draw a smaller part of the graph"
        ) from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip() or f"exit status {done.returncode}"
        raise RuntimeError(f"{name} could not draw the picture: {reason:.300}")
    return done.stdout
