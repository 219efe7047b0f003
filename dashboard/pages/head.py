"""What stands in the head of every page: its name, its description, and what its scripts need to know."""

from __future__ import annotations

from dashboard import static
from dashboard.settings import Settings
from dashboard.views import theme

TITLE = "Mức độ sẵn sàng của cấp xã"
DESCRIPTION = "Mức độ sẵn sàng và tiến độ giải quyết hồ sơ của các xã, phường, đặc khu, cập nhật trực tiếp."


def metas(settings: Settings) -> list[dict[str, str]]:
    """The attributes of each meta element."""
    return [
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "description", "content": DESCRIPTION},
        {"name": "color-scheme", "content": "light dark"},
        {"name": "theme-color", "content": theme.colour("paper"), "media": "(prefers-color-scheme: light)"},
        {"name": "theme-color", "content": theme.colour("paper", dark=True), "media": "(prefers-color-scheme: dark)"},
        {"name": "build", "content": static.build_stamp()},
        {"name": "poll-seconds", "content": str(settings.poll_seconds)},
    ]
