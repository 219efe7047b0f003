"""Three phones of teams on a bad line: for some minutes they write visits, are closed and opened,
lose and find the line, while the relay loses, cuts, doubles and garbles; then the line is quiet,
and every visit must be in the store once, as it was written, and no phone may hold any.

Usage: `python -m tools.bad_phones [MINUTES] [SEED]`.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from sqlalchemy import select

from dashboard import store
from dashboard.accounts.passwords import hash_password
from dashboard.accounts.roles import Account, Role
from dashboard.store import accounts, schema
from dashboard.store.audit import Author, verify_audit
from tools.bad_line import FATES, PASS, BadLine, open_bad_line
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

TODAY = "2026-11-22"
FORM = "to-cong-tac/kiem-tra"
PASSWORD = "con mèo nhỏ ngủ"
PHONES = 3
# Few communes, so that phones meet and visits of one commune queue behind each other.
COMMUNES = ("21250", "21289", "21292", "21034")
# What a form does when it is saved (web/visit/form.js), without its thirty touches.
QUEUE_VISIT = """visit => new Promise((resolve, reject) => {
    const opening = indexedDB.open('visits', 1);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const database = opening.result;
        const step = database.transaction('visits', 'readwrite', {durability: 'strict'});
        step.objectStore('visits').put(visit);
        step.oncomplete = () => { database.close(); resolve(); };
        step.onabort = () => reject(step.error);
    };
})"""
LIST_VISITS = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('visits', 1);
    opening.onsuccess = () => {
        const asked = opening.result.transaction('visits').objectStore('visits').getAll();
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
    };
    opening.onerror = () => reject(opening.error);
})"""
# The page is on the phone: from now on it opens without a line.
WAIT_UNTIL_KEPT = """async () => {
    while (!await caches.match(location.pathname)) await new Promise(done => setTimeout(done, 50));
}"""
SEND = "window.dispatchEvent(new Event('online'))"


def make_visit(number: int, commune: str, speed: float, *, seed: int = 0) -> dict[str, Any]:
    """A visit that waits, as a phone keeps it; `number` makes its id and its place."""
    return {
        "id": str(UUID(int=(seed << 64) + number, version=4)),
        "state": "waiting",
        "queuedAt": number,
        "name": commune,
        "why": [],
        "content": {
            "commune": commune,
            "way": "on_site",
            "moment": f"{TODAY}T00:00:00",
            "findings": [
                {"measure": "network_mbps", "value": speed, "mended": False, "seen": None}
            ],
            "note": f"lượt {number}",
            "promises": [],
        },
    }


def sign_in(page: Page, address: str, name: str) -> None:
    """As a person does, on a line that works."""
    page.goto(f"{address}dang-nhap?next=/{FORM}")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("#view p")
    page.evaluate(WAIT_UNTIL_KEPT)


@dataclass
class Phone:
    """One phone; its page may be closed for a while."""

    context: BrowserContext
    page: Page
    address: str

    def write(self, visit: dict[str, Any]) -> None:
        self.page.evaluate(QUEUE_VISIT, visit)

    def reopen(self) -> None:
        self.page.close()
        self.page = self.context.new_page()
        with suppress(Error):  # no line and no copy in time: tried again at the next step
            self.page.goto(self.address + FORM, wait_until="commit")

    def list_held(self) -> list[str]:
        """State and reasons of each visit that is here yet."""
        visits = self.page.evaluate(LIST_VISITS)
        return [f"{visit['state']}: {'; '.join(visit['why'])}" for visit in visits]


@dataclass
class Run:
    """What was written so far, and what was done."""

    chance: random.Random
    seed: int
    written: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: int = 0
    faults: int = 0

    def play(self, phones: list[Phone], line: BadLine, seconds: float) -> None:
        """Random steps for that long."""

        def choose(method: str, path: str) -> str:
            is_sending = path.startswith(f"/{FORM}/")
            if not is_sending or self.chance.random() < 0.5:
                return PASS
            self.faults += 1
            return self.chance.choice(FATES)

        line.choose = choose
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.steps += 1
            self._take_step(self.chance.choice(phones))
        line.choose = lambda method, path: PASS

    def _take_step(self, phone: Phone) -> None:
        act = self.chance.random()
        if act < 0.3:
            number = len(self.written) + 1
            speed = round(self.chance.uniform(1, 99), 1)
            visit = make_visit(number, self.chance.choice(COMMUNES), speed, seed=self.seed)
            try:
                phone.write(visit)
            except Error:  # the page was on its way; nothing was promised to anybody
                return
            self.written[visit["id"]] = visit["content"]
        elif act < 0.6:
            phone.context.set_offline(self.chance.random() < 0.5)
        elif act < 0.7:
            phone.reopen()
        else:
            with suppress(Error):
                phone.page.evaluate(SEND)
        time.sleep(self.chance.uniform(0, 0.2))


def end_quietly(phones: list[Phone], patience: float) -> list[list[str]]:
    """A line for all, the button until nothing is left: what each phone still holds."""
    until = time.monotonic() + patience
    held = [["not asked"]]
    for phone in phones:
        phone.context.set_offline(False)
        phone.reopen()
    while any(held) and time.monotonic() < until:
        for phone in phones:
            with suppress(Error):
                phone.page.evaluate(SEND)
        time.sleep(1)
        with suppress(Error):
            held = [phone.list_held() for phone in phones]
    return held


def compare_with_store(server: Server, written: dict[str, dict[str, Any]]) -> list[str]:
    """What is not as it was written: lost, doubled, changed, or told by nobody; [] if all is."""
    engine = store.open_store(server.settings.database_url)
    try:
        with engine.connect() as connection:
            entries = schema.field_entry
            rows = connection.execute(select(entries.c.entry_id, entries.c.content)).all()
            batches = connection.scalars(
                select(schema.import_batch.c.id).where(
                    schema.import_batch.c.file_name.like("Lượt kiểm tra%")
                )
            ).all()
        there = {row.entry_id: json.loads(row.content) for row in rows}
        faults = [f"lost: {entry}" for entry in written.keys() - there.keys()]
        faults += [f"of nobody: {entry}" for entry in there.keys() - written.keys()]
        for entry in written.keys() & there.keys():
            (finding,) = written[entry]["findings"]
            same = there[entry]["findings"] == [["network_mbps", finding["value"], False]]
            if not (same and there[entry]["note"] == written[entry]["note"]):
                faults.append(f"changed: {entry}")
        if len(batches) != len(there):
            faults.append(f"{len(batches)} batches for {len(there)} visits")
        if not verify_audit(engine).intact:
            faults.append("the audit is broken")
        return faults
    finally:
        engine.dispose()


def add_teams(server: Server) -> list[str]:
    """An account a phone."""
    engine = store.open_store(server.settings.database_url)
    names = [f"to.{number}" for number in range(1, PHONES + 1)]
    for name in names:
        account = Account(0, name, "Sở Khoa học và Công nghệ", Role.TEAM, frozenset({"51"}))
        accounts.create_account(engine, account, hash_password(PASSWORD), Author("quantri"))
    engine.dispose()
    return names


def play_phones(browser: Browser, server: Server, seconds: float, seed: int) -> Run:
    """The whole run. Raises AssertionError where anything is lost, doubled or kept."""
    run = Run(random.Random(seed), seed)
    with open_bad_line(server.port) as line:
        phones = []
        for name in add_teams(server):
            context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
            page = context.new_page()
            sign_in(page, line.address, name)
            phones.append(Phone(context, page, line.address))
        run.play(phones, line, seconds)
        held = end_quietly(phones, 60 + len(run.written))
        for phone in phones:
            phone.context.close()
    faults = compare_with_store(server, run.written)
    assert not any(held), f"phones still hold {held}"
    assert not faults, "\n".join(faults[:20])
    return run


def main(arguments: list[str]) -> int:
    """Play for some minutes on a store of its own; 1 where anything went wrong."""
    minutes = float(arguments[0]) if arguments else 5
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    folder = Path(tempfile.mkdtemp(prefix="phones"))
    server = Server(folder, environment_in(folder, DASHBOARD_TODAY=TODAY), free_port())
    assert server.command("setup").returncode == 0
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_ARGS
            )
            run = play_phones(browser, server, minutes * 60, seed)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{run.steps} steps, {len(run.written)} visits of {PHONES} phones, {run.faults} requests "
        "on a bad line: each visit is in the store once, no phone holds any, the audit is whole"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
