"""What the drawing functions return: a picture to look at, to save, and to show in a notebook.

It is drawn when it is asked for, so a picture can be made where there is no Graphviz.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .render import rasterize, render
from .saving import save
from .svg import finish

__all__ = ["Drawing", "Picture"]


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A graph drawn by Graphviz.

    Attributes:
        source: the DOT text.
        figure: the id of the picture, which begins every id in its SVG.
        title: what it shows, in a few words.
        description: the same in a sentence, for those who cannot see it.
        details: for the id of a node or an edge, the text shown where one points at it.
    """

    source: str
    figure: str
    title: str
    description: str
    details: Mapping[str, str] = field(hash=False)

    def svg(self) -> str:
        """The picture as SVG text.

        Raises:
            ImportError: if there is no Graphviz to draw it with.
        """
        return finish(
            render(self.source, "svg"),
            figure=self.figure,
            title=self.title,
            description=self.description,
            details=self.details,
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file and return its path.

        Args:
            path: a name that ends in .svg, .png, .pdf or .dot; the ending says what to write.

        Raises:
            ValueError: if it ends in something else.
            FileNotFoundError: if its folder does not exist.
            ImportError: if there is no Graphviz to draw it with.
        """
        return save(
            path,
            {
                ".svg": lambda: self.svg().encode(),
                ".png": lambda: render(self.source, "png"),
                ".pdf": lambda: render(self.source, "pdf"),
                ".dot": self.source.encode,
            },
        )

    def __repr__(self) -> str:
        return f"<picture: {self.title}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows; where nothing can be drawn, the DOT text and the reason."""
        try:
            return {"image/svg+xml": self.svg(), "text/plain": repr(self)}
        except Exception as error:  # noqa: BLE001 - a repr that raises hides the cell's result
            return {"text/plain": f"// {error}\n{self.source}"}


@dataclass(frozen=True, slots=True, repr=False)
class Drawing:
    """A picture whose SVG is at hand.

    Attributes:
        title: what it shows, in a few words.
        text: the SVG.
    """

    title: str
    text: str

    def svg(self) -> str:
        """The picture as SVG text."""
        return self.text

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file and return its path.

        Args:
            path: a name that ends in .svg, .png or .pdf; the ending says what to write.

        Raises:
            ValueError: if it ends in something else.
            FileNotFoundError: if its folder does not exist.
            ImportError: if a PNG or a PDF is wanted and nothing here can convert an SVG.
        """
        return save(
            path,
            {
                ".svg": self.text.encode,
                ".png": lambda: rasterize(self.text, "png"),
                ".pdf": lambda: rasterize(self.text, "pdf"),
            },
        )

    def __repr__(self) -> str:
        return f"<picture: {self.title}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows."""
        return {"image/svg+xml": self.text, "text/plain": repr(self)}
