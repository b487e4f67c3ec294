"""Pictures can be read on white and on black."""

import re
from typing import get_args

import pytest

from autograd_mini.snapshot import Role
from viz.palette import DARK, LIGHT, Theme, style_sheet


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2, of a colour like #0f172a."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(theme: Theme) -> None:
    pairs = [(theme.text, theme.background), (theme.muted, theme.background)]
    pairs.append((theme.path, theme.background))
    pairs += [(theme.text, card.fill) for card in theme.cards.values()]
    assert min(contrast(*pair) for pair in pairs) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_and_borders_stand_out_from_the_background(theme: Theme) -> None:
    colours = [theme.positive, theme.negative, theme.neutral, theme.path]
    colours += [card.border for role, card in theme.cards.items() if role != "constant"]
    assert min(contrast(colour, theme.background) for colour in colours) >= 3.0


def test_every_role_has_a_card_in_both_themes() -> None:
    assert set(LIGHT.cards) == set(DARK.cards) == {*get_args(Role), "constant"}


def test_the_style_sheet_has_a_dark_half_that_names_every_dark_colour() -> None:
    dark = style_sheet("fig").partition("@media (prefers-color-scheme: dark)")[2]
    colours = [
        DARK.background,
        DARK.text,
        DARK.muted,
        DARK.positive,
        DARK.negative,
        DARK.neutral,
        DARK.path,
    ]
    colours += [colour for card in DARK.cards.values() for colour in (card.fill, card.border)]
    assert [colour for colour in colours if colour not in dark] == []


def test_a_rim_keeps_lines_off_the_labels_beside_them() -> None:
    light, _, dark = style_sheet("fig").partition("@media (prefers-color-scheme: dark)")
    assert f".edge text{{paint-order:stroke;stroke:{LIGHT.background};stroke-width:3}}" in light
    assert f".edge text{{stroke:{DARK.background}}}" in dark


def test_no_rule_reaches_outside_its_figure() -> None:
    rules = re.sub(r"@media[^{]*\{", "", style_sheet("fig"))
    selectors = [s for rule in re.findall(r"([^{}]+)\{", rules) for s in rule.split(",")]
    assert len(selectors) > 20
    assert [s for s in selectors if not s.strip().startswith("#fig")] == []
