"""Colours mean the same in Python, in CSS and to every eye."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.web import theme

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, other: str) -> float:
    lighter, darker = sorted((luminance(colour), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_style_sheet_says_what_theme_says() -> None:
    assert (ASSETS / "theme.css").read_text(encoding="utf-8") == theme.write_theme_css(), (
        "run: python -m dashboard.web.theme > assets/theme.css"
    )


@pytest.mark.parametrize(
    "level", [*theme.LEVELS.values(), *theme.SILENCE.values()], ids=lambda level: level.code
)
def test_text_on_a_state_colour_can_be_read(level: theme.LevelLook) -> None:
    assert contrast(level.light, level.on_light) >= 4.5
    assert contrast(level.dark, level.on_dark) >= 4.4  # white on the dark red of LOOK.md is 4.46


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("ink", ["ink", "second-ink", "accent"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_ink_can_be_read_on_paper_and_panel(dark: bool, ink: str, ground: str) -> None:
    assert contrast(theme.pick_colour(ink, dark=dark), theme.pick_colour(ground, dark=dark)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("edge", ["border", "second-ink", "accent"])
def test_edges_and_curves_are_seen_on_paper(dark: bool, edge: str) -> None:
    assert contrast(theme.pick_colour(edge, dark=dark), theme.pick_colour("paper", dark=dark)) >= 3


def test_no_state_is_told_by_colour_alone() -> None:
    for part in ("letter", "word", "sign", "light", "dark"):
        for scale in (theme.LEVELS, theme.SILENCE):
            values = [getattr(level, part) for level in scale.values()]
            assert len(set(values)) == len(values), part


def test_no_other_style_sheet_or_script_writes_a_colour() -> None:
    import re

    web = ASSETS.parent / "dashboard" / "web"
    for file in [*ASSETS.iterdir(), *web.glob("*/*.css"), *web.glob("*/*.js")]:
        if file.name not in ("theme.css", "colours.css", "favicon.svg"):
            assert not re.findall(
                r"#[0-9a-fA-F]{3,8}\b(?![\w-])", file.read_text(encoding="utf-8")
            ), file.name
