"""A short random walk (tools/random_walk.py): after each rest a page equals a fresh one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tools.random_walk import STARTS, Walker
from tools.running import Server


@pytest.mark.parametrize("start", STARTS)
def test_after_a_random_walk_a_page_equals_a_freshly_opened_one(
    browser: Browser, server: Server, start: str
) -> None:
    walker = Walker(browser, server, start, seed=20)
    differences = walker.walk(10)
    walker.close()
    assert not differences, "\n".join(differences)
