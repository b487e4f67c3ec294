"""What tests of plots draw, and what they read from the axes."""

from typing import Any


def plane(x: list[float]) -> float:
    return x[0] + x[1] - 1.0


def legend(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def drawn(ax: Any) -> None:
    """Draw in earnest: much goes wrong only then."""
    ax.figure.canvas.draw()
