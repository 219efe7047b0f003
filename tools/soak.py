"""`make soak`: days of a wall screen in minutes, with everything that goes wrong in an office.

A real server and a real Chromium; the browser's clock is run faster (Playwright's), and a line
between the two moves the server's time along and fails at random: no server, 500, 503, answers that
are too slow, that are no answers, of another build; or the computer sleeps, or the browser hardly
lets its timers run. Prints what happened and ends with 1 where a requirement of the wall was
missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, sync_playwright

from dashboard import store
from dashboard.batch import READING_COLUMNS, Batch
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port
from tools.wall_line import BEGAN, Line
from tools.wall_screen import SECONDS_A_SCENE, Soak

FAULTS = ("down", "500", "503", "slow", "garbage", "build", "asleep", "throttled")
MOST_GROWTH = 2.0  # MB


def import_something(server: Server, value: float) -> None:
    """Another figure of one commune, through the store's own door, as another process
    imports it.
    """
    now = server.settings.now()
    rows = [("21250", "network_mbps", value, "declared", now.date())]
    readings = pd.DataFrame(rows, columns=READING_COLUMNS)
    moment = now.replace(tzinfo=None, microsecond=0)
    batch = Batch(
        "soak.xlsx",
        f"{time.time_ns():064d}",
        "readiness",
        "51",
        moment,
        1,
        "simulated",
        readings=readings,
    )
    engine = store.open_store(server.settings.database_url)
    store.save_batch(engine, batch, by="soak")
    engine.dispose()


def run(soak: Soak, refreshes: int, imports: int, tell: Callable[[str], None] = print) -> None:
    """Faults at random until so many refreshes were asked for."""
    chance = soak.line.chance
    every = max(1, refreshes // max(1, imports))
    next_import = every
    next_measure = 0
    while soak.line.refreshes < refreshes:
        soak._pass(chance.choice([20, 60, 180]))
        if soak.line.refreshes >= next_measure:
            soak.measure()
            next_measure += max(20, refreshes // 20)
            tell(
                f"{timedelta(seconds=round(soak.line.passed))}: {soak.line.refreshes} refreshes, "
                f"{soak.changes} scenes, {len(soak.problems)} problems"
            )
        fault = chance.choice(FAULTS)
        if soak.line.refreshes >= next_import:
            import_something(soak.line.server, chance.randint(1, 100))
            next_import += every
            fault = chance.choice(FAULTS[:5])  # news that come while nobody can hear them
        soak.endure(fault, chance.choice([10, 60, 240]))
    soak.measure()


def opened(browser: Browser, server: Server, seed: int, seconds: int = SECONDS_A_SCENE) -> Soak:
    """A screen on its line. No worker: what it keeps would never reach the line."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768},
        locale="vi-VN",
        service_workers="block",
        timezone_id="America/New_York",
    )
    return Soak(context.new_page(), Line(server, chance=random.Random(seed)), seconds)


def main() -> int:
    """Prints the figures; 1 where a requirement was missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--refreshes", type=int, default=2500, help="how many times the screen asks (2500)"
    )
    asked.add_argument(
        "--imports", type=int, default=25, help="how many files arrive meanwhile (25)"
    )
    asked.add_argument("--seed", type=int, default=7, help="another order of faults (7)")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        server = Server(
            folder, environment_in(folder, DASHBOARD_TODAY=BEGAN.date().isoformat()), free_port()
        )
        result = server.command("setup")
        if result.returncode:
            print(result.stderr.strip() or result.stdout.strip(), file=sys.stderr)
            return 1
        server.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium_path(), args=CHROMIUM_ARGS
                )
                soak = opened(browser, server, options.seed)
                soak.start()
                began = time.monotonic()
                run(soak, options.refreshes, options.imports)
                took = time.monotonic() - began
                browser.close()
        finally:
            server.stop()
    figures = {
        "simulated": str(timedelta(seconds=round(soak.line.passed))),
        "refreshes": soak.line.refreshes,
        "scene changes": soak.changes,
        "recoveries": soak.recoveries,
        "refreshes until right again, at most": soak.worst_refreshes,
        "loads": soak.loads,
        f"memory growth after warm-up, MB (at most {MOST_GROWTH})": round(soak.growth, 2),
        "problems": len(soak.problems),
        "took, s": round(took),
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    print("\n".join(soak.problems[:20]))
    return 1 if soak.problems or soak.growth > MOST_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
