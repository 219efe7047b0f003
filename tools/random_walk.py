"""A person in a hurry: random actions on `/`, a document and the wall, and after each rest the page
must equal a freshly opened one.

Province, day, layer, Back, Forward, a lost and a restored line, window sizes, printing and a second
tab, at random but repeatable by its seed. Usage: `python -m tools.random_walk [STEPS] [SEED]`.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

TODAY = "2026-11-22"
REST = 5  # actions between two comparisons
WAIT = 30_000
PROVINCES = ("51", "52", "25", "79")
DAYS = ("2026-10-01", "2026-11-01", "2026-11-21", "")
LAYERS = ("overall", "network", "digital_signature", "devices", "on_time", "silence")
SIZES = ((1440, 900), (1024, 768), (1280, 1024), (390, 844))
STARTS = ("?province=51", "ho-so?province=51", "man-hinh?province=51&giay=600&canh=mang")
STANDS = """() => {
    const {ready, pending, incomplete} = document.documentElement.dataset;
    return ready !== undefined && !pending && incomplete === undefined;
}"""
# What a page shows, without what belongs to the moment: hours, fields in use, what was unfolded.
LOOK = """() => {
    const leave = '#movement-all, #checked, #clock, ' +
        '#address-note, #shared, #match-count, .tooltip, #search, ' +
        'script, style, noscript, #charts, #quadrant-place, [data-figure], .not-live, #province';
    const read = root => {
        const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const words = [];
        while (walk.nextNode()) {
            const {data, parentElement} = walk.currentNode;
            if (!data.trim() || parentElement.closest(leave)) continue;
            // rows that are kept for later hold old words, unseen
            if (parentElement.checkVisibility()) words.push(data.trim());
        }
        return words.join('|');
    };
    const shapes = [...document.querySelectorAll('#map [data-commune]')]
        .map(shape => shape.dataset.commune + (shape.dataset.level || '-')).join();
    const fields = ['province', 'as-of', 'show'].map(id => document.getElementById(id)?.value);
    const rows = [...document.querySelectorAll('#table tbody tr')].map(row => row.innerText).join();
    const address = document.getElementById('charts-address')?.dataset.address || '';
    const asked = new URLSearchParams(address.split('?')[1]);
    const charts = ['province', 'as_of'].map(name => asked.get(name)).join();
    const words = read(document.body);
    return {charts, title: document.title, words, shapes, fields, rows};
}"""


class Walker:
    """One page that is walked on, and fresh ones beside it to compare with."""

    def __init__(self, browser: Browser, server: Server, start: str, seed: int) -> None:
        self._random = random.Random(f"{seed} {start}")
        self._server = server
        self._start = start
        self._context: BrowserContext = browser.new_context(locale="vi-VN")
        self._fresh: BrowserContext = browser.new_context(locale="vi-VN")
        self.page: Page = self._context.new_page()
        self.actions: list[str] = []
        self.page.goto(server.address + start)
        self._await_rest(self.page)

    def close(self) -> None:
        self._context.close()
        self._fresh.close()

    def walk(self, steps: int) -> list[str]:
        """Acts so often; what was different after a rest, with the actions that led there."""
        differences: list[str] = []
        for step in range(1, steps + 1):
            self._act()
            if step % REST == 0 or step == steps:
                differences += self._compare()
        return differences

    def _act(self) -> None:
        actions = [self._go_back, self._go_forward, self._cut_line, self._restore_line]
        actions += [self._resize, self._print, self._use_another_tab]
        if not self._start.startswith("man-hinh"):
            actions += [self._choose_province, self._choose_day] * 3
        if self._start.startswith("?"):
            actions += [self._choose_layer] * 2
        action = self._random.choice(actions)
        self.actions.append(action.__name__.strip("_"))
        action()
        self.page.wait_for_timeout(self._random.choice([0, 0, 50, 400]))

    def _choose_province(self) -> None:
        code = self._random.choice(PROVINCES)
        self.actions[-1] += f" {code}"
        self._use("select", "#province", code)

    def _choose_day(self) -> None:
        day = self._random.choice(DAYS)
        self.actions[-1] += f" {day}"
        self._use("fill", "#as-of", day)

    def _choose_layer(self) -> None:
        layer = self._random.choice(LAYERS)
        self.actions[-1] += f" {layer}"
        self._use("select", "#show", layer)

    def _use(self, way: str, field: str, value: str) -> None:
        """A document loads anew for each choice: on a lost line there is nothing to choose on."""
        if not self._start.startswith("?"):
            self._restore_line()
            self._await_rest(self.page)
        if way == "select":
            self.page.select_option(field, value)
        else:
            self.page.fill(field, value)
            self.page.dispatch_event(field, "change")

    def _go_back(self) -> None:
        self._move(-1)

    def _go_forward(self) -> None:
        self._move(1)

    def _move(self, steps: int) -> None:
        if not self._start.startswith("?"):
            self._restore_line()
            self._await_rest(self.page)
        # never before the first page
        if steps > 0 or self.page.evaluate("() => history.length > 2 && location.search") != "":
            with suppress(Error):  # the page may be gone before it answers
                self.page.evaluate("steps => { if (history.length > 2) history.go(steps); }", steps)
        self.page.wait_for_timeout(300)
        if self.page.url == "about:blank":
            self.page.goto(self._server.address + self._start)

    def _cut_line(self) -> None:
        if not self._start.startswith("?"):
            # a document on its way would be the browser's error page, which is none of ours
            self.page.wait_for_timeout(500)
            self._await_rest(self.page)
        self._context.set_offline(True)

    def _restore_line(self) -> None:
        self._context.set_offline(False)

    def _resize(self) -> None:
        width, height = self._random.choice(SIZES)
        self.page.set_viewport_size({"width": width, "height": height})

    def _print(self) -> None:
        self.page.emulate_media(media="print")
        self.page.wait_for_timeout(50)
        self.page.emulate_media(media="screen")

    def _use_another_tab(self) -> None:
        """What is looked at in a second tab changes nothing in the first."""
        code = self._random.choice(PROVINCES)
        self.actions[-1] += f" {code}"
        other = self._context.new_page()
        with suppress(Error):  # on a lost line there is nothing to open
            other.goto(f"{self._server.address}?province={code}&as_of=2026-11-01")
            other.wait_for_timeout(500)
        other.close()
        self.page.bring_to_front()

    @staticmethod
    def _await_rest(page: Page) -> None:
        page.wait_for_function(STANDS, timeout=WAIT)

    def _compare(self) -> list[str]:
        self._restore_line()
        self._await_rest(self.page)
        size = self.page.viewport_size or {"width": 1280, "height": 720}
        self.page.evaluate("() => document.activeElement?.blur()")
        fresh = self._fresh.new_page()
        fresh.set_viewport_size(size)
        fresh.goto(self.page.url)
        self._await_rest(fresh)
        different: list[str] = []
        for _ in range(40):  # a question under way may still bring something
            walked = self.page.evaluate(LOOK)
            opened = fresh.evaluate(LOOK)
            different = [part for part in opened if walked[part] != opened[part]]
            if not different:
                break
            self.page.wait_for_timeout(250)
        fresh.close()
        last_actions = ", ".join(self.actions[-2 * REST :])
        return [
            f"{self.page.url}: {part} after {last_actions}{_tell_first(walked[part], opened[part])}"
            for part in different
        ]


def _tell_first(walked: object, opened: object) -> str:
    """Both texts from shortly before the place where they part."""
    texts = [str(walked), str(opened)]
    pairs = zip(*texts, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    walked_part, opened_part = (words[max(0, same - 60) : same + 120] for words in texts)
    return f"\n  walked … {walked_part}\n  fresh  … {opened_part}"


def walk_all(browser: Browser, server: Server, steps: int, seed: int) -> list[str]:
    """The same number of actions on each of the pages, together `steps`; what differed."""
    differences: list[str] = []
    for place, start in enumerate(STARTS):
        share = steps // len(STARTS) + (place < steps % len(STARTS))
        walker = Walker(browser, server, start, seed)
        differences += walker.walk(share)
        walker.close()
    return differences


def main() -> int:
    """Makes a server of its own with sample data and walks on it."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    folder = Path(tempfile.mkdtemp(prefix="walk-"))
    quick = {"DASHBOARD_TODAY": TODAY, "DASHBOARD_POLL_SECONDS": "1"}
    server = Server(folder, environment_in(folder, **quick), free_port())
    try:
        setup = server.command("setup")
        if setup.returncode:
            print(setup.stderr)
            return 1
        server.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_ARGS
            )
            differences = walk_all(browser, server, steps, seed)
            browser.close()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(*differences, sep="\n")
    print(f"{steps} actions, seed {seed}: {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
