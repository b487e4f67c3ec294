"""The colours of pictures, on white and on black, and the style sheet that switches between them.

Every text has a contrast of at least 4.5 to 1 with what lies behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DARK", "FONT", "LIGHT", "Card", "Theme", "style_sheet"]

FONT = "Helvetica,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Card:
    """The colours of one kind of node."""

    fill: str
    border: str


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a picture: text in the cards, text beside the lines, lines by their kind."""

    background: str
    text: str
    muted: str
    positive: str
    negative: str
    neutral: str
    path: str
    cards: Mapping[str, Card]


LIGHT = Theme(
    background="#ffffff",
    text="#0f172a",
    muted="#64748b",
    positive="#2563eb",
    negative="#dc2626",
    neutral="#64748b",
    path="#9333ea",
    cards={
        "input": Card("#dbeafe", "#2563eb"),
        "weight": Card("#fef3c7", "#d97706"),
        "operation": Card("#f3f4f6", "#6b7280"),
        "activation": Card("#dcfce7", "#16a34a"),
        "target": Card("#e0e7ff", "#4f46e5"),
        "loss": Card("#fee2e2", "#dc2626"),
        "constant": Card("#ffffff", "#94a3b8"),
    },
)

DARK = Theme(
    background="#0f172a",
    text="#f1f5f9",
    muted="#94a3b8",
    positive="#60a5fa",
    negative="#f87171",
    neutral="#94a3b8",
    path="#d8b4fe",
    cards={
        "input": Card("#1e3a8a", "#60a5fa"),
        "weight": Card("#713f12", "#fbbf24"),
        "operation": Card("#374151", "#9ca3af"),
        "activation": Card("#14532d", "#4ade80"),
        "target": Card("#3730a3", "#a5b4fc"),
        "loss": Card("#7f1d1d", "#f87171"),
        "constant": Card("#0f172a", "#64748b"),
    },
)


def style_sheet(figure: str) -> str:
    """The style sheet of one figure, which recolours nothing outside it.

    The light colours also stand in the drawing itself, for programs that do not read style sheets;
    the background is given in both, because a page may stay white where the system is dark.

    >>> "@media (prefers-color-scheme: dark)" in style_sheet("f1")
    True
    """
    whole = f"#{figure}"
    return "\n".join(
        [
            # In a block of its own, which converters pass over: some read auto as no height, or
            # paint the rim that keeps lines off the letters above them.
            "@media all{",
            f"{whole}{{max-width:100%;height:auto}}",
            f"{whole} .edge text{{paint-order:stroke;stroke:{LIGHT.background};stroke-width:3}}",
            f"{whole} .edge text{{transform:translate(0,-2px)}}",
            "}",
            f"{whole}{{background:{LIGHT.background}}}",
            "@media (prefers-color-scheme: dark){",
            *_rules(whole, DARK),
            "}",
        ]
    )


def _rules(figure: str, theme: Theme) -> list[str]:
    rules = [
        f"{figure}{{background:{theme.background}}}",
        f"{figure} text{{fill:{theme.text}}}",
        f"{figure} .edge text,{figure} .cluster text,{figure} .note{{fill:{theme.muted}}}",
        f"{figure} .path text{{fill:{theme.path}}}",
        f"{figure} .cluster path{{stroke:{theme.neutral}}}",
        f"{figure} .halo,{figure} .edge text{{stroke:{theme.background}}}",
    ]
    for role, card in theme.cards.items():
        shapes = f"{figure} .{role} path,{figure} .{role} circle"
        rules.append(f"{shapes}{{fill:{card.fill};stroke:{card.border}}}")
    for sign, colour in (
        ("positive", theme.positive),
        ("negative", theme.negative),
        ("neutral", theme.neutral),
        ("path", theme.path),
    ):
        rules.append(f"{figure} .{sign} path,{figure} .{sign} line{{stroke:{colour}}}")
        rules.append(f"{figure} .{sign} polygon{{stroke:{colour};fill:{colour}}}")
    return rules
