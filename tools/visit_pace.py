"""A usual visit at a human pace, on a weak phone and line: how many touches and seconds it takes
from the commune's name on the list to the word that it is saved.

The model: 1.2 s for each touch (finding it and hitting it), 0.4 s for each letter, 0.8 s for each
screen that is scrolled, four syllables a second for what is read: the doubtful criteria whole, of
the others name and value. Counting machines in the office takes its own time and is not in it.

Usage: `python -m tools.visit_pace`.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tools.bad_phones import FORM, TODAY, add_teams, sign_in
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

TOUCH = 1.2
LETTER = 0.4
SCREEN = 0.8
SYLLABLE = 0.25
MOST_TOUCHES = 25
MOST_SECONDS = 90
# 400 kbit/s both ways and 300 ms; a processor six times slower than this one.
LINE = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 6
# From a touch to the next picture, as the browser itself measures it.
WATCH_DELAYS = """() => {
    window.delays = [];
    const keep = list => list.getEntries().forEach(one => window.delays.push(one.duration));
    new PerformanceObserver(keep).observe({type: 'event', durationThreshold: 16});
}"""


@dataclass
class Hand:
    """One thumb and two eyes; counts what they do."""

    page: Page
    touches: int = 0
    waited: dict[str, float] = field(default_factory=dict)

    def spend(self, what: str, seconds: float) -> None:
        self.waited[what] = self.waited.get(what, 0) + seconds
        time.sleep(seconds)

    def read(self, words: str) -> None:
        self.spend("reading", SYLLABLE * len(re.findall(r"[^\W_]+", words)))

    def touch(self, target: Locator) -> None:
        """Scrolls there, finds it, hits it."""
        top = target.evaluate("one => one.getBoundingClientRect().top")
        height = self.page.evaluate("innerHeight")
        if not 60 < top < height - 120:
            self.spend("scrolling", SCREEN * max(1, abs(top - height / 2) / height))
        self.spend("touching", TOUCH)
        target.tap()
        self.touches += 1

    def write(self, target: Locator, words: str) -> None:
        """Touches a field and writes into it."""
        self.touch(target)
        self.spend("writing", LETTER * len(words))
        self.page.keyboard.type(words)


def record_usual_visit(page: Page, hand: Hand) -> None:
    """One value measured, one machine less than declared that was promised until a day, one thing
    mended on the spot, the rest as declared.
    """
    hand.touch(page.locator("[data-sheets] a").first)
    page.wait_for_selector(".question")
    questions = page.locator(".question")
    for question in questions.all():
        is_doubtful = question.locator(".doubt").count() > 0
        told = question.locator("legend, .told" if is_doubtful else "legend").all_inner_texts()
        hand.read(" ".join(told))
    number = page.locator(".question", has=page.locator(".doubt")).locator("input[type=number]")
    hand.write(number.first, "18")
    scanner = page.locator(".question", has_text="Máy scan")
    hand.touch(scanner.get_by_role("button", name="bớt 1"))
    hand.touch(scanner.get_by_text("Việc hứa"))
    hand.write(scanner.get_by_label("Cơ quan hứa"), "Sở Tài chính")
    hand.touch(scanner.get_by_role("button", name="2 tuần"))
    meeting = page.locator(".question", has_text="Họp trực tuyến")
    hand.touch(meeting.get_by_role("button", name="Có", exact=True))
    hand.touch(meeting.get_by_text("Đã khắc phục tại chỗ"))
    hand.touch(page.get_by_role("button", name="Còn lại đúng như kê khai"))
    hand.touch(page.get_by_role("button", name="Lưu lượt kiểm tra"))
    page.wait_for_selector("[data-sheets]")


def measure_visit(page: Page) -> bool:
    """Prints what the second visit of a phone takes; whether it is within the limits."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.get_by_role("button", name="Mang theo").tap()
    page.wait_for_selector("[data-sheets] a")
    page.evaluate(WATCH_DELAYS)
    hand = Hand(page)
    started = time.monotonic()
    record_usual_visit(page, hand)
    kept = time.monotonic() - started
    page.locator("#notice", has_text="Máy chủ đã nhận").wait_for(timeout=60_000)
    sent = time.monotonic() - started
    delays = page.evaluate("window.delays")
    by_hand = sum(hand.waited.values())
    parts = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in hand.waited.items())
    print(f"{hand.touches} touches, {kept:.0f} s until it is kept on the phone ({parts}, waiting")
    print(f"for the phone {kept - by_hand:.1f} s); the server has it {sent - kept:.1f} s later;")
    print(f"longest from a touch to its picture {max(delays, default=0):.0f} ms")
    return hand.touches <= MOST_TOUCHES and kept <= MOST_SECONDS


def main() -> int:
    """Measure on a store of its own; 1 where a usual visit takes too much."""
    folder = Path(tempfile.mkdtemp(prefix="pace"))
    server = Server(folder, environment_in(folder, DASHBOARD_TODAY=TODAY), free_port())
    assert server.command("setup").returncode == 0
    server.start()
    try:
        add_teams(server)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_ARGS
            )
            context = browser.new_context(
                viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
            )
            page = context.new_page()
            sign_in(page, server.address, "to.1")
            assert page.url.endswith(FORM)
            is_good = measure_visit(page)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main())
