"""What a state looks like: colour in light and dark, hatching, sign, word. The only place with hex
colours.

The browser gets the same facts from `assets/theme.css`, which `python -m dashboard.web.theme`
prints (a test keeps the two equal) and from the legend in the layout; nobody writes a colour
elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class LevelLook:
    """One state. `letter` stands for it in /api/state; `on_light`/`on_dark` is text upon its colour
    (4.5:1).
    """

    code: str
    letter: str
    word: str
    sign: str
    light: str
    dark: str
    on_light: str
    on_dark: str
    hatching: str  # name of the SVG pattern that fills areas; "" is a plain fill


INK = "#1b2430"
NIGHT = "#0f1720"
WHITE = "#ffffff"
WORKBOOK_HEAD = "#d9e2f3"  # the heading row of tables taken along as Excel

# From best known to least known: the order of the legend and of every list of states.
LEVELS: dict[str, LevelLook] = {
    level.code: level
    for level in (
        LevelLook("green", "g", "Xanh", "●", "#0a7f78", "#27b08b", WHITE, NIGHT, ""),
        LevelLook("yellow", "y", "Vàng", "◐", "#f4c430", "#ffd34d", INK, NIGHT, ""),
        LevelLook("red", "r", "Đỏ", "▲", "#b5123b", "#e0315a", WHITE, WHITE, "hatch-red"),
        LevelLook(
            "unknown",
            "u",
            "Chưa báo cáo",
            "–",
            "#e6e8ea",
            "#39414b",
            INK,
            "#e8edf2",
            "hatch-unknown",
        ),
        LevelLook("stale", "s", "Số liệu cũ", "◌", "#9fb0be", "#738292", INK, NIGHT, "hatch-stale"),
    )
}
# Who reports in its rhythm: a scale of its own, as silence is neither red nor readiness. One hue,
# a diamond that empties; who never told looks as everywhere.
SILENCE: dict[str, LevelLook] = {
    level.code: level
    for level in (
        LevelLook("fresh", "f", "Đúng kỳ", "◆", "#cfe0f3", "#29415f", INK, "#e8edf2", ""),
        LevelLook("late", "l", "Chậm báo cáo", "◈", "#86abd8", "#5b8ac2", INK, NIGHT, ""),
        LevelLook("silent", "o", "Quá hạn báo cáo", "◇", "#274b7a", "#b9d4f5", WHITE, NIGHT, ""),
        LevelLook(
            "never", "n", "Chưa từng có", "–", "#e6e8ea", "#39414b", INK, "#e8edf2", "hatch-unknown"
        ),
    )
}
LEVEL_OF_LETTER: dict[str, LevelLook] = {level.letter: level for level in LEVELS.values()}

# Everything that is not a state: name → (light, dark). `hatch-*` draws the hatching lines, same
# hue.
SURFACES: dict[str, tuple[str, str]] = {
    "paper": (WHITE, NIGHT),
    "panel": ("#f7f8f9", "#16202b"),
    "ink": (INK, "#e8edf2"),
    "second-ink": ("#5a6673", "#9fb0be"),
    "line": ("#dde2e7", "#2a3642"),
    "border": ("#7d8996", "#6d7c8b"),  # edges of controls: 3:1 against paper
    "accent": ("#1f5fbf", "#7fb0ff"),
    # A thin line of yellow: the area's own is 1.6:1 on white, a line wants 3:1 on both papers.
    "yellow-line": ("#b88a00", "#ffd34d"),
    "hatch-red": ("#d9607c", "#8f1636"),
    "hatch-unknown": ("#b9c0c7", "#59646f"),
    "hatch-stale": ("#6c8091", "#aab8c4"),
}

FONT_SIZES = {"small": 13, "body": 15, "lead": 18, "figure": 24, "hero": 40}  # px at 1rem = 16px
SPACES = {"1": 4, "2": 8, "3": 16, "4": 24, "5": 40}  # px
RADIUS = 6  # px
SANS = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif'


# What was chosen in this browser stands before the first thing is painted. The policy of contents
# names it by its hash (web/security.py).
EARLY_SCRIPT = (
    'try{const chosen=localStorage.getItem("theme");'
    "if(chosen)document.documentElement.dataset.theme=chosen}catch{}"
)
# A choice as it is kept ("": as the system has it) → its words.
CHOICES = {"": "theo máy", "light": "sáng", "dark": "tối"}


def write_early_script() -> str:
    """The script element for the head of a page."""
    return f'<script id="early-theme">{EARLY_SCRIPT}</script>'


def hash_early_script() -> str:
    """Its source expression for a Content-Security-Policy."""
    digest = hashlib.sha256(EARLY_SCRIPT.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def pick_colour(name: str, *, dark: bool = False) -> str:
    """Hex colour of a level ("green") or a surface ("ink"); KeyError for any other name."""
    if name in LEVELS:
        return LEVELS[name].dark if dark else LEVELS[name].light
    return SURFACES[name][1 if dark else 0]


def pick_line_colour(level: str, *, dark: bool = False) -> str:
    """Hex colour of a level's curve: 3:1 against both papers."""
    return pick_colour("yellow-line" if level == "yellow" else level, dark=dark)


def list_css_variables(*, dark: bool) -> dict[str, str]:
    """CSS custom properties of one colour scheme, without the leading dashes."""
    values: dict[str, str] = {}
    for level in (*LEVELS.values(), *SILENCE.values()):
        values[level.code] = level.dark if dark else level.light
        values[f"on-{level.code}"] = level.on_dark if dark else level.on_light
    return values | {name: colours[1 if dark else 0] for name, colours in SURFACES.items()}


def _list_dark_lines() -> list[str]:
    return [f"    --{name}: {value};" for name, value in list_css_variables(dark=True).items()]


def write_theme_css() -> str:
    """The whole text of assets/theme.css. Paper is always light, whatever the screen is."""
    sizes = {f"size-{name}": f"{px / 16}rem" for name, px in FONT_SIZES.items()}
    sizes |= {f"space-{name}": f"{px / 16}rem" for name, px in SPACES.items()}
    sizes |= {"radius": f"{RADIUS}px", "sans": SANS}
    lines = [
        "/* Colours, sizes and spaces; printed by `python -m dashboard.web.theme`. Do not edit. */",
        ":root {",
        "  color-scheme: light dark;",
        *(
            f"  --{name}: {value};"
            for name, value in (sizes | list_css_variables(dark=False)).items()
        ),
        "}",
        # By the system, unless somebody chose (assets/theme.js); who chose the dark has it by any.
        "@media screen and (prefers-color-scheme: dark) {",
        '  :root:not([data-theme="light"]) {',
        *_list_dark_lines(),
        "  }",
        "}",
        "@media screen {",
        '  :root[data-theme="light"] { color-scheme: light; }',
        '  :root[data-theme="dark"] {',
        "    color-scheme: dark;",
        *_list_dark_lines(),
        "  }",
        "}",
    ]
    for level in (*LEVELS.values(), *SILENCE.values()):
        fill = f"url(#{level.hatching})" if level.hatching else f"var(--{level.code})"
        lines.append(
            f'[data-level="{level.code}"], [data-state="{level.code}"] '
            f"{{ --state: var(--{level.code}); --on-state: var(--on-{level.code}); "
            f"--area: {fill}; }}"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(write_theme_css(), end="")
