"""The wall's colours: dark unless its address asks for light, whatever the screen's computer
prefers.

`dashboard/web/wall/colours.css` is what `python -m dashboard.web.wall.colours` prints (a test keeps
the two equal).
"""

from __future__ import annotations

from dashboard.web import theme


def write_wall_css() -> str:
    """The whole text of web/wall/colours.css; it follows theme.css and outlives its question for
    the scheme.
    """
    lines = [
        "/* Colours of the wall; printed by `python -m dashboard.web.wall.colours`. Do not edit. */"
    ]
    for selector, dark in ((":root", True), (':root[data-ground="light"]', False)):
        lines.append(f"{selector} {{")
        lines.append(f"  color-scheme: {'dark' if dark else 'light'};")
        lines += [
            f"  --{name}: {value};" for name, value in theme.list_css_variables(dark=dark).items()
        ]
        lines.append("}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(write_wall_css(), end="")
