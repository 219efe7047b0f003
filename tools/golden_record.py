"""Writes down everything the program says, to hold a change that must change nothing against it.

    python tools/golden_record.py take FOLDER [--root CHECKOUT] [--python FILE] [--store FILE]
                                              [--quick]
    python tools/golden_record.py compare FOLDER_BEFORE FOLDER_AFTER

The program is a black box: it is started as its users start it, asked over HTTP as a browser asks,
and called as `python -m dashboard …`; none of its modules is imported here. Each answer becomes one
text file: HTML with one tag a line, JSON indented and sorted, tables and messages as they are. What
differs from run to run or from build to build is replaced by a word in angle brackets: fingerprints
in addresses, build stamps, ETags, ports, absolute paths, the moments of imports. Scripts, styles
and the lines by which a page names them are left out.

A store given with `--store` is copied, never changed; without one the sample data are made anew.
Files to import come from `--shared` (samples, cases/importer, boundaries, as far as they are there)
and from BAD_TABLES below. `compare` prints each difference once, with the names of all records that
have it, and ends with 1 if there is any.
"""

from __future__ import annotations

import argparse
import codecs
import gzip
import hashlib
import html
import http.client
import json
import os
import re
import runpy
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import unquote, urlencode

HERE = Path(__file__).resolve().parent.parent
TODAY = "2026-11-22"
# The day on which the cases of the importer are meant to be read.
CASES_TODAY = "2026-11-28"
# Three communes of each province of the sample, and of one that told nothing.
COMMUNES = {
    "51": ("21025", "21250", "21548"),
    "52": ("23954", "21628", "21769"),
    "25": ("05425", "07948", "08152"),
    "01": ("00004", "09877", "00292"),
}
NOT_TOLD = "01"
COMMAND_SECONDS = 120
LINE_LENGTH = 100
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Scope:
    """How much is asked: provinces, days, and of every list of files each n-th (`step`)."""

    provinces: tuple[str, ...]
    days: tuple[str, ...]
    views_after_import: tuple[tuple[str, str], ...]
    step: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.step == 1


WHOLE = Scope(
    provinces=("51", "52", "25"),
    days=("2025-07-13", "2026-03-02", "2026-11-13", TODAY),
    views_after_import=(("51", "2026-11-13"), ("51", TODAY), ("25", "2025-07-13")),
    step=1,
)
QUICK = Scope(
    provinces=("51",),
    days=("2026-11-13",),
    views_after_import=(("51", TODAY),),
    step=4,
)


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text, for long lists of names."""
    return tuple(text.split())


# What differs from run to run ---------------------------------------------------------------------

REPLACED = (
    # Fingerprints in addresses: `?m=…`, `/map/51-….svg`, `/days/51-2025-….json`, `/assets/a.….svg`.
    (re.compile(r"\?m=[0-9a-f.]+"), ""),
    (
        re.compile(r"(/(?:map|names|days)/[\w-]*?-)[0-9a-f]{12}(\.(?:svg|json))"),
        r"\1<fingerprint>\2",
    ),
    (re.compile(r"(/assets/[\w/-]+?)[.-][0-9a-f]{8,}(\.\w+)"), r"\1\2"),
    # Stamps of the build and of the answer, scripts named in the head.
    (re.compile(r'("build": ?)"[0-9a-f]{8,16}"'), r'\1"<build>"'),
    (
        re.compile(r'(<meta content=")[0-9a-f-]{8,40}(" name="(?:build|wall-build|tag)")'),
        r"\1<stamp>\2",
    ),
    (re.compile(r"(bản dựng )[0-9a-f]{8,16}"), r"\1<build>"),
    # What is drawn at random: tokens of commits and stores, secrets of links and screens, numbers
    # of requests.
    (re.compile(r'("(?:token|stamp|store)": ?)"[0-9a-f]{8,40}"'), r'\1"<random>"'),
    (re.compile(r'(data-token=)"[0-9a-f]{8,40}"'), r'\1"<random>"'),
    (re.compile(r"(/lien-ket/)[\w-]{20,}"), r"\1<random>"),
    (re.compile(r"(?m)^(set-cookie: dashboard_screen=).*"), r"\1<random>"),
    (re.compile(r"(?m)^(x-request-id: )\w+"), r"\1<random>"),
    (
        re.compile(r"(?m)^\S+( \w+) process=\d+ request=\w+( client=.*?) seconds=[\d.]+"),
        r"<moment>\1\2",
    ),
    (re.compile(r'(<meta content=")[^"]*(" name="plotly")'), r"\1<scripts>\2"),
    (re.compile(r" 'sha(?:256|384|512)-[\w+/=]+'"), ""),
    # Dash draws it by lot whenever it starts.
    (re.compile(r'("end_id":)"[^"]*"'), r'\1"<random>"'),
    (re.compile(r"127\.0\.0\.1:\d+"), "<server>"),
    # Where in the code something went wrong; how many static files were compressed.
    (re.compile(r"[\w/.<>-]+\.py:\d+"), "<place in the code>"),
    (re.compile(r'File "[^"]+", line \d+, in \S+'), "<place in the code>"),
    (re.compile(r"\d+ tệp đã nén"), "<n> tệp đã nén"),
    (
        re.compile(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d+\]"),
        "[<moment>] [<process>]",
    ),
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|\d\d:\d\d \d\d/\d\d/\d{4}")


@dataclass
class Normaliser:
    """Replaces what differs from run to run; `words` stand for paths, ports and the like."""

    words: dict[str, str]
    # Minutes (UTC) in which something was imported by the real clock.
    import_minutes: set[datetime] = field(default_factory=set)

    def clean_text(self, text: str) -> str:
        """The text as any run on any machine would give it."""
        for written in sorted(self.words, key=len, reverse=True):
            text = text.replace(written, self.words[written])
        for pattern, instead in REPLACED:
            text = pattern.sub(instead, text)
        now = datetime.now(UTC)
        for moment in (now, now - timedelta(minutes=1)):
            self.note_import(moment)
        # As the store writes moments, and as people in Vietnam read them.
        moments = {f"{minute:%Y-%m-%dT%H:%M}" for minute in self.import_minutes}
        local = {minute + timedelta(hours=7) for minute in self.import_minutes}
        moments |= {f"{minute:%H:%M %d/%m/%Y}" for minute in local}

        def replace_moment(match: re.Match[str]) -> str:
            return "<moment of import>" if match.group()[:16] in moments else match.group()

        return MOMENT.sub(replace_moment, text)

    def note_import(self, moment: datetime) -> None:
        """Remember a moment (UTC) as one in which something was imported."""
        self.import_minutes.add(moment.replace(second=0, microsecond=0, tzinfo=None))


# How answers are written down ---------------------------------------------------------------------

MARKUP = re.compile(
    r"<!--.*?-->|<script\b.*?</script\s*>|<style\b.*?</style\s*>"
    r"""|<[!?/]?[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*>""",
    re.DOTALL | re.IGNORECASE,
)
TAG = re.compile(r"""<([^\s/>]+)((?:"[^"]*"|'[^']*'|[^'">])*)>(.*)""", re.DOTALL)
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?""")
# Left out: where a page names its scripts and styles.
LEFT_OUT = re.compile(
    r"""<script\b[^>]*\bsrc=|<link\b[^>]*\brel=["']?(?:stylesheet|preload|modulepreload)\b""",
    re.IGNORECASE,
)
# Beside any other element a space is not seen.
INLINE = frozenset(
    split_words(
        "a abbr b bdi button code em i img input kbd label mark q s select small span strong sub"
        " sup svg time tspan u"
    )
)
SPACE = "␣"
UNRECORDED_KINDS = {"text/javascript", "application/javascript", "text/css"}


def format_json(value: Any, indent: str = "") -> str:
    """Sorted and indented; a list of plain values stands on one line where it fits."""
    deeper = f"{indent} "
    if isinstance(value, dict) and value:
        members = (
            f"{deeper}{json.dumps(key, ensure_ascii=False)}: {format_json(value[key], deeper)}"
            for key in sorted(value)
        )
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        if not any(isinstance(member, (dict, list)) for member in value):
            line = json.dumps(value, ensure_ascii=False)
            if len(line) <= LINE_LENGTH:
                return line
        members = (deeper + format_json(member, deeper) for member in value)
        return "[\n" + ",\n".join(members) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def format_markup(markup: str) -> str:
    """HTML or SVG, one tag or piece of text a line, attributes sorted, unseen spaces dropped."""
    pieces: list[str] = []
    position = 0
    for match in MARKUP.finditer(markup):
        pieces += [markup[position : match.start()], match.group()]
        position = match.end()
    pieces.append(markup[position:])
    pieces = [piece for piece in pieces if piece and not LEFT_OUT.match(piece)]
    neighbours = zip(["", *pieces], pieces, [*pieces[1:], ""], strict=False)
    lines = [format_piece(before, piece, after) for before, piece, after in neighbours]
    return "\n".join(filter(None, lines))


def format_piece(before: str, piece: str, after: str) -> str:
    """A tag or a text, which stands between two other pieces."""
    if MARKUP.match(piece):
        return format_tag(piece)
    return format_text(piece, after_inline=is_inline(before), before_inline=is_inline(after))


def is_inline(tag: str) -> bool:
    """Whether a space beside this tag is seen."""
    name = re.match(r"</?([a-zA-Z]+)", tag)
    return name is not None and name.group(1).lower() in INLINE


def format_text(text: str, *, after_inline: bool, before_inline: bool) -> str:
    """One line; a space at its ends is marked where it is seen, beside an inline tag."""
    words = html.escape(html.unescape(re.sub(r"[ \t\r\n]+", " ", text)), quote=False)
    if words == " ":
        return SPACE if after_inline and before_inline else ""
    start = SPACE if words.startswith(" ") and after_inline else ""
    end = SPACE if words.endswith(" ") and before_inline else ""
    return f"{start}{words.strip(' ')}{end}"


def format_tag(tag: str) -> str:
    """The tag with its attributes in the order of their names, each written alike."""
    parts = TAG.match(tag)
    if parts is None or tag.startswith(("<!", "<?", "</")):
        return re.sub(r"\s+", " ", tag).lower()
    name, written, inside = parts.groups()
    attributes = []
    for key, value in ATTRIBUTE.findall(written):
        plain = html.unescape(value[1:-1] if value[:1] in "\"'" else value)
        attributes.append(f' {key}="{html.escape(plain)}"' if value else f" {key}")
    return f"<{name.lower()}{''.join(sorted(attributes))}>{inside.strip()}"


def format_body(body: bytes, kind: str) -> str:
    """The body of an answer as text, by its content type."""
    if kind in UNRECORDED_KINDS:
        return "(a script or a style: not recorded)"
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return f"({len(body)} bytes, sha256 {hashlib.sha256(body).hexdigest()})"
    if kind == "application/json":
        with suppress(ValueError):
            return format_json(json.loads(text))
    if kind in ("text/html", "image/svg+xml"):
        return format_markup(text)
    return show_marks(text)


def show_marks(text: str) -> str:
    """Makes visible what is not: the byte-order mark and carriage returns."""
    return text.replace("\ufeff", "<BOM>").replace("\r", "␍")


def describe_workbook(path: Path) -> str:
    """Every cell of a workbook with what decides its look and what may be typed in it."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    lines = []
    for sheet in book.worksheets:
        columns = sorted(sheet.column_dimensions.items())
        widths = {key: round(column.width, 2) for key, column in columns}
        lines += [
            f"sheet {sheet.title!r}: {sheet.dimensions}, {sheet.sheet_state}",
            f" protected {sheet.protection.sheet}, frozen at {sheet.freeze_panes}",
            f" merged {sorted(map(str, sheet.merged_cells.ranges))}",
            f" widths {widths}",
            f" hidden {[key for key, column in columns if column.hidden]}",
        ]
        for rule in sheet.data_validations.dataValidation:
            lines.append(
                f" rule {rule.sqref}: {rule.type} {rule.operator} {rule.formula1!r}"
                f" {rule.formula2!r} blank {rule.allow_blank}, error {rule.errorTitle!r}"
                f" {rule.error!r}, prompt {rule.promptTitle!r} {rule.prompt!r}"
            )
        cells = (cell for row in sheet.iter_rows() for cell in row)
        lines += [describe_cell(cell) for cell in cells if cell.value is not None or cell.has_style]
    names = sorted((name, defined.attr_text) for name, defined in book.defined_names.items())
    return "\n".join([*lines, f"names {names}"])


def describe_cell(cell: Any) -> str:
    """A cell's value and its look on one line."""
    fill = cell.fill.start_color.rgb if cell.fill.fill_type else "-"
    return (
        f" {cell.coordinate}: {cell.value!r} | {cell.number_format} | fill {fill}"
        f" | bold {cell.font.b} | locked {cell.protection.locked}"
        f" | wrap {cell.alignment.wrap_text}"
    )


def shorten_name(text: str) -> str:
    """A file name that reads like the text; a long one ends in a fingerprint."""
    name = re.sub(r"[^\w=,&.+?-]+", "_", text).strip("_.") or "index"
    name = name.replace("?", "~")
    if len(name) <= LINE_LENGTH:
        return name
    return f"{name[:LINE_LENGTH]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@dataclass
class Recorder:
    """Writes records into a folder; each name may be used once."""

    folder: Path
    normaliser: Normaliser
    count: int = 0

    def write_record(self, name: str, text: str) -> None:
        """One record: `name` is its path below the folder, without `.txt`."""
        path = self.folder / f"{name}.txt"
        if path.exists():
            raise RuntimeError(f"two records have the name {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.normaliser.clean_text(text).rstrip("\n") + "\n", encoding="utf-8")
        self.count += 1


# Commands -----------------------------------------------------------------------------------------

# Loaded once for all commands, as far as they are installed.
LIBRARIES = split_words("numpy pandas sqlalchemy alembic openpyxl dash plotly")


class Outcome(NamedTuple):
    """How a command ended and what it printed."""

    status: int
    out: str
    errors: str


class CommandHost:
    """Runs `python -m dashboard …`, each command in a process forked from one that is warm.

    A command takes a quarter of the time of a new interpreter, most of which loads libraries.
    """

    def __init__(self, python: Path, folder: Path, environment: Mapping[str, str]):
        self._python = python
        self._folder = folder
        self._environment = dict(environment)
        self._hosts: dict[Path, subprocess.Popen[str]] = {}

    def run_command(
        self, root: Path, arguments: Sequence[str], settings: Mapping[str, str] = NO_SETTINGS
    ) -> Outcome:
        """One command in the checkout `root`, with `settings` in its environment."""
        host = self._hosts.get(root) or self._start_host(root)
        files = [self._folder / "out", self._folder / "errors"]
        order = {"arguments": arguments, "settings": dict(settings), "files": list(map(str, files))}
        assert host.stdin is not None
        assert host.stdout is not None
        host.stdin.write(json.dumps(order) + "\n")
        host.stdin.flush()
        status = int(host.stdout.readline())
        out, errors = (file.read_bytes().decode("utf-8", "backslashreplace") for file in files)
        return Outcome(status, out, errors)

    def _start_host(self, root: Path) -> subprocess.Popen[str]:
        self._hosts[root] = subprocess.Popen(
            [str(self._python), str(Path(__file__).resolve()), "host"],
            cwd=root,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self._hosts[root]

    def stop_hosts(self) -> None:
        """End the hosts; they end by themselves once nobody speaks to them."""
        for host in self._hosts.values():
            assert host.stdin is not None
            host.stdin.close()
            host.wait(timeout=10)


def host_commands() -> None:
    """The other end of CommandHost: a line of JSON is a command, a number is its exit status."""
    sys.path[0] = os.getcwd()
    for name in LIBRARIES:
        with suppress(ImportError):
            __import__(name)
    load_program()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run_forked(json.loads(line))
        _, waited = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(waited), flush=True)


def load_program() -> None:
    """Load the program itself, too; whatever goes wrong is told by the commands that follow."""
    with (
        open(os.devnull, "w") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
        suppress(BaseException),
    ):
        run_module(["--help"])


def run_module(arguments: Sequence[str]) -> None:
    """`python -m dashboard` in this process."""
    sys.argv = ["dashboard", *arguments]
    runpy.run_module("dashboard", run_name="__main__", alter_sys=True)


def run_forked(order: Mapping[str, Any]) -> None:
    """In the forked process: run the order's command into its files, then end the process."""
    os.environ.update(order["settings"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in enumerate(order["files"], start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    signal.alarm(COMMAND_SECONDS)
    status = 0
    try:
        run_module(order["arguments"])
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


# The web ------------------------------------------------------------------------------------------

# Of these headers nothing is promised to anybody.
UNRECORDED_HEADERS = frozenset(
    split_words("date server connection content-length keep-alive transfer-encoding last-modified")
)
AS_JSON = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    """One answer over HTTP; `body` is unpacked."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def find_header(self, name: str) -> str:
        """The header's value, empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class WebClient:
    """Asks one server, one question after another on one connection; follows no redirect."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask_server(
        self,
        address: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = NO_SETTINGS,
    ) -> Answer:
        """One question and its answer."""
        sent = {"Accept-Encoding": "gzip", **headers}
        try:
            response = self._send_request(method, address, body, sent)
        except (http.client.HTTPException, OSError):
            # A server may close a connection that was quiet, or whose question it refused.
            self.close_connection()
            response = self._send_request(method, address, body, sent)
        content = response.read()
        if response.headers.get("Content-Encoding") == "gzip" and content:
            content = gzip.decompress(content)
        return Answer(response.status, response.getheaders(), content)

    def _send_request(
        self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        self._connection.request(method, address, body, headers)
        return self._connection.getresponse()

    def close_connection(self) -> None:
        """Let the server go; the next question opens a new connection."""
        self._connection.close()


def describe_answer(question: str, answer: Answer, again: Answer | None) -> str:
    """Question, status, headers and body; `again` answers the same question asked with the tag."""
    lines = [question, f"status {answer.status}"]
    for name, value in sorted((key.lower(), value) for key, value in answer.headers):
        if name not in UNRECORDED_HEADERS:
            tagless = re.sub(r'"[^"]*"', '"<tag>"', value)
            shown = {"etag": tagless, "x-now": "<now>"}.get(name, value)
            lines.append(f"{name}: {shown}")
    if again is not None:
        lines.append(f"asked again with its tag: status {again.status}, {len(again.body)} bytes")
    kind = answer.find_header("content-type").partition(";")[0]
    return "\n".join([*lines, "", format_body(answer.body, kind)])


@contextmanager
def run_server(
    python: Path, root: Path, environment: Mapping[str, str], log: Path
) -> Iterator[WebClient]:
    """The program serving, from when it is ready until the block ends."""
    port = find_free_port()
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [str(python), "-m", "dashboard", "serve"],
            cwd=root,
            env={**environment, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    client = WebClient(port)
    try:
        wait_until_ready(client, server, log)
        yield client
    finally:
        client.close_connection()
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def find_free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(client: WebClient, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once the server answers; raises RuntimeError with its log where it does not."""
    for _ in range(600):
        if server.poll() is not None:
            break
        with suppress(OSError, http.client.HTTPException):
            if client.ask_server("/ready").status == 200:
                return
        sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


# What is asked over HTTP --------------------------------------------------------------------------

# Addresses of a province on a day; {a}, {b}, {c} are three of its communes.
PAGES = split_words("""
    /xa/{a} /xa/{b}
    /so-sanh?xa={a},{b},{c} /so-sanh?xa={a} /so-sanh /so-sanh?xa={a}&them={b}
    /ho-so /ho-so?period=2025-07 /ho-so?period=2026-10&by=on_time_766
    /ho-so?period=2025-12-15..2026-01-20&by=open_overdue
    /ho-so?period=2026-W07&by=online&form=multiples /ho-so?form=multiples /ho-so?by=digitised
    /ho-so?period=khong-ro&by=x&form=y /ho-so?from=2026-02-10&to=2026-02-03&by=resolved
    /xep-hang /xep-hang?by=online&order=worst /xep-hang?by=digitised&period=2025-07
    /xep-hang?by=on_time_report&order=name&period=2026-02 /xep-hang?by=e_result&group=khong-co
    /xep-hang?by=count_received /xep-hang?by=count_open_overdue&order=worst&period=2026
    /xep-hang?from=2025-07-04&by=online
    /thieu-gi /thieu-gi?level=red&order=name /thieu-gi?fix=buy&dimension=devices
    /to-cong-tac /to-cong-tac?level=yellow&fix=issue /to-cong-tac?order=near
    /to-cong-tac?dimension=network&from={a}&order=near
    /du-lieu /du-lieu?only=late /chi-so
    /tim /tim?q=son+ha /tim?q=S%C6%A1n+H%C3%A0 /tim?q=212 /tim?q=xa /tim?q=%3Cb%3Ezzz
""")
TABLES = split_words("""
    toan-canh dot-nap van-de im-lang do-day-du khac-kiem-tra so-giam so-bat-thuong chenh-lech
    khong-khop xep-hang danh-muc thieu-gi diem-nghen to-cong-tac ho-so-theo-xa ho-so-sap-den-han
    toan-canh?xa={a},{b},{c} so-sanh?xa={a},{b},{c} tieu-chi-xa?xa={a} xep-hang?by=count_received
    xep-hang?by=online&period=2026-02 thieu-gi?level=red to-cong-tac?from={a}&order=near
    ho-so-theo-xa?period=2026-02
""")
FIGURES = split_words("""
    /ho-so/bieu-do/theo-tuan.json /ho-so/bieu-do/theo-kenh.json
    /ho-so/bieu-do/theo-tuan.json?period=2026-02
    /xa/{a}/bieu-do/tiep-nhan.json /xa/{a}/bieu-do/ket-qua.json
""")
SCENES = split_words("""
    tong-the mang chu-ky-so thiet-bi ho-so bien-dong viec-can-quyet duong-den-xanh im-lang
""")
SINGLE_ADDRESSES = split_words("""
    / /?province=25&as_of=2026-03-02 /man-hinh /man-hinh/worker.js /_dash-layout /_dash-dependencies
    /health /ready /assets/favicon.svg /assets/favicon.svg?m=1 /vendor/plotly.min.js
""")
JUNK_ADDRESSES = split_words("""
    /khong-co /xa/99999 /xa/ /xa/21250/ /tai/khong-co.csv /tai/van-de /days/x
    /days/51-2025-000000000000.json /days/51-2024-000000000000.json /names/51-0.json
    /names/99-000000000000.json /map/51-000000000000.svg /map/99-000000000000.svg
    /ho-so/bieu-do/khong-co.json /xa/21250/bieu-do/khong-co.json /man-hinh/khac.js
    /assets/khong-co.js /assets/../README.md /.git/config /_dash-component-suites/x.js
    /_dash-component-suites/dash/x.js
    /api /api/khac /ho-so/ /HO-SO /index.html /_favicon.ico /robots.txt
    /api/state?province=99&as_of=2026-02-30 /api/report?province=99&as_of=2026-02-30
    /api/wall?province=99&scenes=x&group=1,2&since=x /ho-so?province=99&as_of=2027-01-01
    /api/movement?province=51 /api/movement?province=51&since=x
    /api/movement?province=51&since=2027-01-01
    /xa/21250?province=25 /xa/05425 /so-sanh?xa=05425,07948 /so-sanh?xa=21250&xa=21289
    /so-sanh?province=51&xa=21250,05425,junk /tai/tieu-chi-xa.csv?province=51
    /tai/so-sanh.csv?province=51
""")
AWAY_ADDRESSES = split_words("""
    / /man-hinh /xa/21250 /ho-so /thieu-gi /du-lieu /chi-so /tim /api/state /api/report /api/wall
    /api/movement?since=2026-11-01 /ready /health /ho-so/bieu-do/theo-tuan.json /tai/van-de.csv
""")


def list_view_addresses(province: str, day: str) -> list[str]:
    """Everything that speaks of a province on a day: state, report, pages, tables, charts."""
    addresses = ["/api/state", "/api/report"]
    for days in (1, 7, 60):
        addresses.append(f"/api/movement?since={date.fromisoformat(day) - timedelta(days=days)}")
    addresses += PAGES
    for table in TABLES:
        name, mark, query = table.partition("?")
        addresses.append(f"/tai/{name}.csv{mark}{query}")
    addresses += [*FIGURES, *(add_query(figure, {"dark": "1"}) for figure in FIGURES)]
    communes = dict(zip("abc", COMMUNES[province], strict=True))
    return [address.format(**communes) for address in addresses]


def add_query(address: str, query: Mapping[str, str]) -> str:
    """The address with more in its query, in front of what is there."""
    path, _, rest = address.partition("?")
    return f"{path}?{'&'.join(filter(None, (urlencode(query), rest)))}"


@dataclass
class WebRecord:
    """Records what the server answers; `stage` stands before every name."""

    client: WebClient
    recorder: Recorder
    stage: str

    def record_address(
        self,
        folder: str,
        address: str,
        *,
        view: Mapping[str, str] = NO_SETTINGS,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = NO_SETTINGS,
        name: str = "",
    ) -> Answer:
        """Ask and write the record; what has a tag is asked for once more with it.

        The record is named after the address without `view` (province and day), or by `name`.
        """
        full_address = add_query(address, view) if view else address
        answer = self.client.ask_server(full_address, method, body, headers)
        tag = answer.find_header("etag")
        again = None
        if tag and method == "GET":
            again = self.client.ask_server(full_address, headers={"If-None-Match": tag})
        question = f"{method} {full_address}"
        record = name or shorten_name(unquote(address)) + ("" if method == "GET" else f"~{method}")
        text = describe_answer(question, answer, again)
        self.recorder.write_record("/".join(filter(None, (self.stage, folder, record))), text)
        return answer

    def record_view(self, province: str, day: str) -> None:
        """A province on a day; today's view is the live one, whose address has no day."""
        view = {"province": province} | ({} if day == TODAY else {"as_of": day})
        folder = f"{province}/{day}"
        for address in list_view_addresses(province, day):
            answer = self.record_address(folder, address, view=view)
            if address == "/xep-hang":
                self.record_group(answer, view, folder)
        self.record_charts(view, folder)

    def record_group(self, answer: Answer, view: Mapping[str, str], folder: str) -> None:
        """The ranking within the last peer group that the page offers, if it offers any."""
        labels = re.findall(r"[?&;]group=([^&\"]+)", answer.body.decode())
        if labels:
            address = f"/xep-hang?group={labels[-1]}"
            self.record_address(folder, address, view=view, name="xep-hang~a-group")

    def record_charts(self, view: Mapping[str, str], folder: str) -> None:
        """The charts of the first page: by day on a wide screen, by night on a narrow one."""
        for more in ({}, {"dark": "1", "narrow": "1"}):
            query = urlencode({**view, **more})
            name = f"charts-{'dark' if more else 'light'}"
            self.record_address(folder, f"/api/charts?{query}", name=name)

    def record_kept_files(self, province: str) -> None:
        """The files whose addresses carry a fingerprint: names, map, the days of the replay."""
        state = json.loads(self.client.ask_server(f"/api/state?province={province}").body)
        for address in (state["map"], state["names"], *state["days"]):
            name = shorten_name(re.sub(r"-[0-9a-f]{12}\.", ".", address))
            self.record_address(province, address, name=name)

    def record_wall(self, province: str) -> None:
        """The wall screen's answers: all scenes, each alone, a group of communes, since a day."""
        group = ",".join(COMMUNES[province])
        addresses = ["/api/wall", *(f"/api/wall?scenes={scene}" for scene in SCENES)]
        addresses.append(f"/api/wall?scenes=mang,ho-so,khong-co&group={group}")
        addresses.append("/api/wall?scenes=bien-dong&since=2026-09-01")
        for address in addresses:
            self.record_address(province, address, view={"province": province})

    def record_junk(self) -> None:
        """Addresses that are none, values that fall back, questions that nobody of ours asks."""
        for address in JUNK_ADDRESSES:
            # Unlike /ho-so, /ho-so/ is no page: the ending is kept in the name.
            name = shorten_name(address) + ("~slash" if address.endswith("/") else "")
            self.record_address("junk", address, name=name)
        for address in split_words("/ho-so /api/state /tai/van-de.csv /health"):
            self.record_address("junk", address, method="POST", body=b"x=1")
            self.record_address("junk", address, method="HEAD")
        unknown = {"output": "charts.children", "inputs": [], "changedPropIds": ["a.b"]}
        bodies = {
            "no-json": b"{",
            "a-list": b"[1]",
            "no-output": b"{}",
            "unknown-output": json.dumps(unknown).encode(),
            "deep": b"[" * 50_000,
            "too-large": b" " * 1_100_000,
        }
        for word, body in bodies.items():
            for address in ("/_dash-update-component", "/api/screens"):
                name = f"{shorten_name(address)}~{word}"
                self.record_address(
                    "junk", address, method="POST", body=body, headers=AS_JSON, name=name
                )

    def record_screens(self) -> None:
        """Wall screens that report, and how the page of the office lists them."""
        version = json.loads(self.client.ask_server("/ready").body)["version"]
        plain = {"name": "Phòng họp 1", "province": "51", "scene": "mang", "version": version}
        plain |= {"build": "0123abcd", "fresh": 3, "errors": 0}
        changes: dict[str, dict[str, Any]] = {
            "fresh": {},
            "older": {"name": "Sảnh", "version": 1},
            "waiting": {"name": "Hội trường", "fresh": None},
            "cut-off": {"name": "Tầng 2", "fresh": 900, "errors": 4},
            "unnamed": {"name": "không tên 7"},
            "nameless": {"name": "<>"},
            "strange": {"version": "x"},
            "elsewhere": {},
        }
        for word, changed in changes.items():
            headers = {"Sec-Fetch-Site": "cross-site"} if word == "elsewhere" else {}
            body = json.dumps({**plain, **changed}).encode()
            self.record_address(
                "screens",
                "/api/screens",
                method="POST",
                body=body,
                headers=headers,
                name=f"heartbeat-{word}",
            )
        self.record_address("screens", "/du-lieu", view={"province": "51"})


# Files with mistakes ------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Heads of tables: a line `@name` in BAD_TABLES stands for one of them.
HEADS = {
    "declared": "KÊ KHAI ĐIỀU KIỆN TỈNH QUẢNG NGÃI\n(Số liệu tính đến 16h ngày 13/11/2026)\n",
    "declaration": "Mã ĐVHC;Xã, phường, đặc khu;Đường truyền thông suốt;Tốc độ (Mbps);"
    "Chữ ký số cần;Chữ ký số đã cấp;Máy tính cần;Máy tính có;Tự đánh giá;Ngày kê khai",
    "plain-row": "21250;Xã Nghĩa Giang;Đạt;120,5;20;20;12;12;Xanh;12/11/2026",
    "report": "TT;Đơn vị;Tổng tiếp nhận;Kỳ trước chuyển sang;Tiếp nhận trong kỳ;"
    "Tiếp nhận trực tuyến;Tiếp nhận trực tiếp;Đã giải quyết;Đã giải quyết trước hạn;"
    "Đã giải quyết đúng hạn;Đã giải quyết quá hạn;Đang giải quyết;Đang giải quyết trong hạn;"
    "Đang giải quyết quá hạn",
    "list": "STT;Mã hồ sơ;Mã TTHC;Chủ hồ sơ;Số điện thoại;Đơn vị tiếp nhận;Ngày tiếp nhận;"
    "Ngày hẹn trả;Ngày kết thúc xử lý;Trạng thái;Hình thức tiếp nhận;Số hóa",
    "listed": "DANH SÁCH HỒ SƠ TỈNH QUẢNG NGÃI (tính đến 17h ngày 13/11/2026)",
    "portal": "Mã cơ quan;Tên cơ quan, đơn vị;Cấp;Tổng số hồ sơ tiếp nhận;Số hồ sơ đúng hạn;"
    "Quá hạn;Số ngày xử lý trung bình",
    "certificates": "TT;Họ tên;Đơn vị;Số hiệu chứng thư;Ngày cấp;Ngày hết hạn;Trạng thái;Email",
    "certified": "CHỨNG THƯ SỐ TỈNH QUẢNG NGÃI\nTính đến ngày 13/11/2026\n",
    "visits": "STT;Tên xã;Ngày kiểm tra;Tiêu chí;Kết quả kiểm tra;Tổ công tác;Ghi chú",
    "counted": "BẢNG KIỂM KÊ THIẾT BỊ TỈNH QUẢNG NGÃI\n(Tính đến ngày 13/11/2026)\n",
    "devices": "STT;Đơn vị;Loại thiết bị;Mã tài sản;Tình trạng;Người quản lý",
    "probes": "STT;Mã xã;Xã;Thời gian;Trạng thái;Tốc độ (Mbps)",
    "exported": "commune_code,measure,value,basis,as_of,batch",
}
# Each begins with its name and what is said on the command line beside it. The mistakes are such as
# clerks make; the persons are invented, and no message may quote them.
BAD_TABLES = """
=== thu-tu.txt
một lá thư không có bảng nào
kính gửi
=== trang.xls
<html><body><table><tr><td>1</td></tr></table></body></html>
=== bang.xlsx
<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>
=== khong-biet.csv
a;b;c
1;2;3
=== cot-khac.csv
TT;Đơn vị;Chữ kí số cần có;Lương;Họ tên
1;Xã Sơn Hà;5;7;Trần Văn Một
=== nhay-kep.csv
@declared
@declaration
"21289;Xã Sơn Hà;Đạt;1;2;2;2;2;Xanh;
@plain-row
=== hong.json
{"data": [1, 2
=== hai-lan.json
{"a": [{"x": 1, "y": 2}], "a": 3}
=== khong-danh-sach.json
{"a": 1, "b": {"c": "d"}}
=== rong.json
[]
=== so.json
[1, 2]
=== long.json
[{"commune_code": ["21250"], "measure": "x", "value": 1}]
=== dut.json
[{"commune_code": "21250", "measure": "network_mbps"
=== dung.json
[{"commune_code": "21250", "measure": "network_mbps", "value": 1, "as_of": "2026-11-13"}]
=== tien_do_2026-08.json
{"success": true, "data": {"parent": {"departmentCode": "H44", "departmentName":
"UBND tỉnh Phú Thọ", "level": "PROVINCE", "totalReceived": 9999, "totalOnTime": 2000,
"totalOverdue": 7999, "avgProcessingDays": 7.0}, "children": [
{"departmentCode": "H44.100", "departmentName": "UBND Xã An Bình - Tỉnh Phú Thọ", "level":
"COMMUNE", "totalReceived": 1200, "totalOnTime": 900, "totalOverdue": 300,
"avgProcessingDays": 7.05},
{"departmentCode": "H44.101", "departmentName": "UBND Phường Âu Cơ - Tỉnh Phú Thọ", "level":
"COMMUNE", "totalReceived": 1100, "totalOnTime": 900, "totalOverdue": 17,
"avgProcessingDays": 6.5},
{"departmentCode": "H44.42", "departmentName": "Sở Nội vụ - Tỉnh Phú Thọ", "level":
"PROVINCE", "totalReceived": 50, "totalOnTime": 20, "totalOverdue": 30,
"avgProcessingDays": 3.31}]}}
=== o-sai.csv
@declared
@declaration
@plain-row
21025;Phường Cẩm Thành;có lúc;85 km;abc;-5;1,5;5/7;xanh lá;31/02/2026
21040;Xã Bình Sơn;2;-4;1.2.3;1e400;#N/A;99999999999;3;hôm qua
21220;Xã Sơn Tịnh;x;99.000;Nguyễn Thị Bí Mật;0912345678;-;–;ĐỎ;01/01/2024
21289;Xã Sơn Hà;không;1.234,5;20;25;;;Vàng;31/12/2026
21292;Xã Sơn Hạ;;;;;;;;
21034;Xã An Phú;chưa đạt;67,9 Mbps;1.000;900;10;9;mức xanh;46338
21496;Xã Ba Động;Đạt;50;2;2;2;2;Xanh;31/02/2026
21205;Xã Ba Gia;Đạt;50;2;2;2;2;Xanh;hôm qua
21499;Xã Ba Dinh;Có;=1+1;1;1;1;1;Xanh;12
;Tổng cộng;;;99;99;99;99;;
=== xa-sai.csv --province 51
@declared
@declaration
@plain-row
;Xã Không Có;Đạt;50;2;2;2;2;Xanh;
;Xã Sơn Hã;Đạt;50;2;2;2;2;Xanh;
;Xã Nghĩa Thuận;Đạt;50;2;2;2;2;Xanh;
21289;Xã Sơn Hạ;Đạt;50;2;2;2;2;Xanh;
99999;Xã Bình Sơn;Đạt;50;2;2;2;2;Xanh;
99998;;Đạt;50;2;2;2;2;Xanh;
;;Đạt;50;2;2;2;2;Xanh;
21025;P. Cẩm Thanh;Đạt;50;2;2;2;2;Xanh;
21025;Phường Cẩm Thành;Đạt;50;2;2;2;2;Xanh;
21250;Xã Nghĩa Giang;Không;1;1;1;1;1;Đỏ;12/11/2026
21034;Thành phố An Phú cũ;Đạt;50;2;2;2;2;Xanh;
;la Chim;Đạt;50;2;2;2;2;Xanh;
21499;Xã Ba Dinh;Đạt;50;2;2;2;2;Xanh;
21220;Xã Sơn Tịnh;Đạt;50;2;2;2;2;Xanh;
21496;Xã Ba Động;Đạt;50;2;2;2;2;Xanh;
I;UBND cấp xã;;;;;;;;
=== xa-khong-ro.csv
@declared
@declaration
;Xã Không Có;Đạt;50;2;2;2;2;Xanh;
=== hai-cot.csv
@declared
Xã;Đường truyên thông suôt;Tốc đọ (Mbps);Tốc độ mạng (Mbps);Chữ kí số cần;Chữ ký số đã cấp;Họ tên
Xã Sơn Hà;Đạt;50;60;2;3;Trần Văn Một
=== cot-gan-giong.csv
@declared
Xã, phường, đặc khu;Đường truyền thông suốt;Máy tính cần;Máy tính cóó;Tự đánh gía;Ngày kê khaii
Xã Sơn Hà;Đạt;5;4;Xanh;12/11/2026
=== khong-ngay.csv
KÊ KHAI QUẢNG NGÃI
@declaration
@plain-row
=== ngay-toi.csv
KÊ KHAI TỈNH QUẢNG NGÃI (Số liệu tính đến ngày 13/12/2026)
@declaration
@plain-row
=== ngay-cu.csv
KÊ KHAI TỈNH QUẢNG NGÃI (Số liệu tính đến ngày 13/06/2025)
@declaration
@plain-row
=== ngay-them.csv --as-of 2026-11-20
KÊ KHAI
@declaration
@plain-row
=== tinh-khac.csv --province 25
@declared
@declaration
@plain-row
=== tinh-khong-co.csv --province 99
@declared
@declaration
@plain-row
=== nhieu-tinh.csv
@declared
@declaration
@plain-row
05425;Xã An Bình;Đạt;50;2;2;2;2;Xanh;
07948;Phường Âu Cơ;Đạt;50;2;2;2;2;Xanh;
=== chi-tieu-de.csv
@declared
@declaration
=== II.06a_sai.csv
UBND TỈNH QUẢNG NGÃI
(Từ ngày 01/10/2026 đến ngày 31/10/2026)
@report
;Tổng cộng;999;10;900;500;400;800;500;200;100;100;90;10
I;UBND cấp xã;998;10;900;500;400;800;500;200;100;100;90;10
1;UBND xã Sơn Hà;110;10;100;60;40;80;50;20;10;30;20;10
2;UBND xã Sơn Hạ;100;10;80;60;40;90;50;20;10;30;20;5
3;UBND xã Ba Dinh;100;10;90;60;30;900;500;200;200;10;5;5
4;UBND xã An Phú;100;10;90;-3;nhiều;70;50;20;0;30;20;10
5;UBND xã Bình Sơn;100;10;90;60;30;70;50;20;0;30;20;10
6;UBND xã Bình Sơn;100;10;90;60;30;70;50;20;0;30;20;10
7;UBND xã Sơn Tịnh;100;10;90;60;30;70;50;20;0;30;20;10
8;UBND xã Sơn Tịnh;101;11;90;60;30;71;51;20;0;30;20;10
9;UBND xã Không Có;100;10;90;60;30;70;50;20;0;30;20;10
10;UBND phường Cẩm Thành;;;;;;;;;;;;
II;Sở, ban, ngành;50;0;50;50;0;50;50;0;0;0;0;0
1;Sở Tài chính;40;0;40;40;0;40;40;0;0;0;0;0
;Người lập biểu
=== II.06a_khong-ky.csv
UBND TỈNH QUẢNG NGÃI
@report
1;UBND xã Sơn Hà;9;1;8;4;4;5;5;0;0;4;4;0
=== II.06a_nguoc.csv
UBND TỈNH QUẢNG NGÃI
(Từ ngày 01/11/2026 đến ngày 31/10/2026)
@report
1;UBND xã Sơn Hà;9;1;8;4;4;5;5;0;0;4;4;0
=== II.06a_hai-tinh.csv
(Từ ngày 01/10/2026 đến ngày 31/10/2026)
TT;Đơn vị;Mã đơn vị;Tổng tiếp nhận;Đã giải quyết;Đã giải quyết trước hạn;Đã giải quyết đúng hạn
1;Xã Sơn Hà;21289;9;5;5;0
2;Xã An Bình;05425;9;5;5;0
=== ho_so_sai.csv --province 51
@listed
@list
@dossiers
=== ho_so_tinh_khac.csv --province 25
@listed
@list
@dossiers
=== ho_so_khong_don_vi.csv --province 51
@listed
@list
1;H48.113-261008-0001;2.000815;A;09;Trần Văn Một;08/10/2026;20/10/2026;;Đang xử lý;BCCI;Có
=== ho_so_khong_ngay.csv --province 51
@list
1;H48.113-261008-0001;2.000815;A;0912345678;Xã Sơn Hà;;;;Đang xử lý;Trực tuyến;Có
=== ho_so_nhay.csv --province 51
@listed
@list
1;H48.113-261008-0001;2.000815;"A;0;Xã Sơn Hà;;;;Đang xử lý;x
=== ho_so_hai_tinh.csv
@listed
@list
1;H48.113-261008-0001;2.000815;A;09;21289;08/10/2026;20/10/2026;;Đang xử lý;Trực tuyến;Có
2;H44.113-261008-0002;2.000815;A;09;05425;08/10/2026;20/10/2026;;Đang xử lý;Trực tuyến;Có
=== ho_so_hai_ma_tinh.csv
Mã hồ sơ;Đơn vị tiếp nhận;Mã đơn vị tiếp nhận;Ngày tiếp nhận;Trạng thái
H48.113-261008-0001;Xã Sơn Hà;21289;08/10/2026;Đang xử lý
H44.113-261008-0002;Xã An Bình;05425;08/10/2026;Đang xử lý
=== ho_so_ma_sai.csv --province 51
@listed
@list
1;khong-ma;2.000815;A;09;Xã Sơn Hà;08/10/2026;20/10/2026;;Đang xử lý;Trực tuyến;Có
=== tien_do_2026-08.csv
@portal
@progress
=== tien_do.csv
@portal
@progress
=== tien_do_ky.csv --period 2026-07-01..2026-07-15
@portal
@progress
=== tien_do_2026-07.csv
@portal
H44.100;UBND Xã An Bình - Tỉnh Phú Thọ;COMMUNE;1200;900;300;7.05
H48.101;UBND Xã Sơn Hà - Tỉnh Quảng Ngãi;COMMUNE;1200;900;300;7.05
=== cts_sai.csv
@certified
@certificates
1;Trần Văn Một;Xã Sơn Hà;A5D400001;06/06/2022;20/11/2026;Hoạt động;mot@example.vn
2;Trần Văn Một;Xã Sơn Hà;A5D400002;06/06/2022;01/01/1900;Hoạt động;
3;Trần Văn Một;Xã Sơn Hà;A5D400003;06/06/2022;lâu lắm;Bị khóa;
4;Trần Văn Một;Xã Sơn Hà;A5D400004;06/06/2022;20/12/2027;gọi 0912 345 678;
5;Trần Văn Một;Xã Sơn Hà;A5D400005;06/06/2022;20/12/2027;;
6;Trần Văn Một;Xã Sơn Hà;A5D400001;06/06/2022;20/11/2026;Hoạt động;mot@example.vn
7;Trần Văn Một;Xã Sơn Hạ;A5D400007;06/06/2022;20/12/2027;Hoạt động;
8;Trần Văn Một;Xã Sơn Hạ;A5D400007;06/06/2022;20/12/2027;Thu hồi;
9;Trần Văn Một;Sở Nội vụ;A5D400009;06/06/2022;20/12/2027;Hoạt động;
10;Trần Văn Một;Xã Không Có;A5D400010;06/06/2022;20/12/2027;Hết hạn;
=== cts_khong_ngay.csv
CHỨNG THƯ SỐ TỈNH QUẢNG NGÃI
@certificates
1;Trần Văn Một;Xã Sơn Hà;A5D400001;06/06/2022;20/11/2026;Hoạt động;mot@example.vn
=== cts_dem.csv
@certified
Xã;Tổng số;Đang hoạt động;Bị khóa;Đã thu hồi;Hết hạn;Sắp hết hạn 30 ngày;Sắp hết hạn 60 ngày
Xã Sơn Hà;15;12;1;0;2;3;4
Xã Sơn Hạ;9;7;1;0;2;8;1
Xã Ba Dinh;;7;;;-;;
Xã Sơn Hà;15;12;1;0;2;3;4
Xã An Phú;x;-1;1,5;;;;
Tổng cộng;99;99;9;9;9;9;9
=== xuat-so-do.csv
@exported
21025,network_mbps,7,declared,2026-11-13,1
21025,network_mbps,7,declared,2026-11-13,1
99999,network_mbps,1,declared,2026-11-13,1
21250,network_speed,1,declared,2026-11-13,1
21250,network_mbps,nhanh,declared,2026-11-13,1
21250,network_mbps,-4,declared,2026-11-13,1
21250,network_mbps,inf,declared,2026-11-13,1
21250,computer_needed,1.5,declared,2026-11-13,1
21250,self_rating,blue,declared,2026-11-13,1
21250,network_uptime,99.5,verified,2026-11-13,1
21250,network_stable,maybe,verified,2026-11-13,1
21250,network_mbps,1,guessed,2026-11-13,1
21250,network_mbps,1,declared,2099-01-01,1
21250,network_mbps,1,declared,,1
21250,,1,declared,2026-11-13,1
,network_mbps,1,declared,2026-11-13,1
21289,network_mbps,1,declared,2026-11-13,1
21289,network_mbps,2,declared,2026-11-13,1
=== xuat-lech.csv
@exported
21250,network_mbps,1,declared,2026-11-13,1,7,8
=== xuat-khong-gi.csv
@exported
99999,x,1,declared,2026-11-13,1
=== xuat-tinh.csv --province 51
@exported
21250,network_mbps,1,declared,2026-11-13,1
05425,network_mbps,2,declared,2026-11-13,1
=== xuat-hai-tinh.csv
@exported
21250,network_mbps,1,declared,2026-11-13,1
05425,network_mbps,2,declared,2026-11-13,1
=== xuat-ho-so.csv
commune_code,from,to,received,open,accepting_unit,deciding_unit
21250,2026-10-01,2026-10-31,5,0,,
21250,2026-10-01,2026-10-31,2,,21025,21250
21025,2026-10-31,2026-10-01,2,,,
21025,2026-10-01,2026-10-31,2,,,21250
21289,2026-10-01,2026-10-31,-2,x,,H48 15
=== xuat-cts.csv
commune_code,as_of,active,locked,expired
21250,2026-11-13,12,1,
21289,x,1.5,-1,
=== kiem_tra_quang_ngai.csv
@visits
1;Xã Sơn Hà;10/11/2026;Đường truyền;Không đạt;Tổ 1 - Ông Trần Văn Một;chập chờn
2;Xã Sơn Hạ;11/11/2026;Tốc độ mạng;85,5 Mbps;Tổ 1;gọi 0912.345.678
3;Xã Ba Dinh;12/11/2026;Máy scan (có);2;Tổ 1;
4;Xã An Phú;12/11/2026;Chữ ký số;30/37;Tổ 2;
5;Xã Không Có;12/11/2026;Đường truyền;Đạt;Tổ 2;
6;Xã Bình Sơn;;Đường truyền;Đạt;Tổ 2;
7;Xã Bình Sơn;31/12/2099;Đường truyền;Đạt;Tổ 2;
8;Xã Bình Sơn;hôm qua;Đường truyền;Đạt;Tổ 2;
9;Xã Bình Sơn;12/11/2026;Wifi công cộng;Đạt;Tổ 2;
10;Xã Bình Sơn;12/11/2026;;Đạt;Tổ 2;
11;Xã Bình Sơn;12/11/2026;Tốc độ mạng;-5;Tổ 2;
12;Xã Bình Sơn;12/11/2026;Máy scan;Đạt;Tổ 2;
13;Xã Sơn Hà;10/11/2026;Đường truyền;Không đạt;Tổ 1;
14;Xã Sơn Hạ;11/11/2026;Tốc độ mạng;70;Tổ 1;
15;Xã Sơn Tịnh;12/11/2026;Nhân sự một cửa hiện có trên biên chế;5/7;Tổ 3;
=== kiem_tra_khong_ngay.csv
Tên xã;Tiêu chí;Kết quả kiểm tra;Tổ công tác
Xã Sơn Hà;Đường truyền;Đạt;Tổ 1
=== kiem_ke.csv
@counted
@devices
1;Xã Sơn Hà;Máy tính để bàn Dell;TS1;Đang sử dụng;Trần Văn Một
2;Xã Sơn Hà;Máy tính để bàn Dell;TS2;Hỏng, chờ sửa chữa;Trần Văn Một
3;Xã Sơn Hà;Máy tính để bàn Dell;TS1;Đang sử dụng;Trần Văn Một
4;Xã Sơn Hà;Ghế xoay;TS4;Tốt;Trần Văn Một
5;Xã Sơn Hà;Máy scan HP;TS5;chưa bàn giao;Trần Văn Một
6;Xã Sơn Hà;Máy scan HP;TS6;;Trần Văn Một
7;Xã Sơn Hà;;TS7;Tốt;Trần Văn Một
8;Xã Không Có;Máy scan HP;TS8;Tốt;Trần Văn Một
9;Xã Sơn Hạ;Màn hình tra cứu TTHC;TS9;Tốt;Trần Văn Một
=== kiem_ke_so.csv
@counted
Xã;Loại thiết bị;Số lượng;Hỏng
Xã Sơn Hà;Máy scan;-2;0
Xã Sơn Hà;Máy tính;2;3
Xã Sơn Hà;Máy photo;hai;0
Xã Sơn Hạ;Máy scan;;1
Xã Sơn Hạ;Máy tính;5000;1
Xã Ba Dinh;Máy scan;4;1
Xã Ba Dinh;Máy scan;5;1
=== kiem_ke_cot.csv
@counted
Xã, phường;Máy vi tính;Máy quét;Kiosk
Xã Sơn Hà;3;1;0
Xã Sơn Hà;4;1;0
Xã Sơn Hạ;x;1;
=== kiem_ke_khong_ngay.csv
KIỂM KÊ TỈNH QUẢNG NGÃI
@devices
1;Xã Sơn Hà;Máy scan;TS1;Tốt;A
=== do_mang.csv
@probes
1;21250;Xã Nghĩa Giang;10/11/2026 08:00:00;up;85,5
2;21250;Xã Nghĩa Giang;10/11/2026 08:10:00;down;
3;21250;Xã Nghĩa Giang;01/01/1900 08:00;up;1
4;21250;Xã Nghĩa Giang;31/12/2099 08:00;up;1
5;21250;Xã Nghĩa Giang;lúc nãy;up;1
6;21250;Xã Nghĩa Giang;;up;1
7;21250;Xã Nghĩa Giang;10/11/2026 08:20:00;chập chờn;1
8;21250;Xã Nghĩa Giang;10/11/2026 08:30:00;up;-5
9;21250;Xã Nghĩa Giang;10/11/2026 08:40:00;up;99000
10;21250;Xã Nghĩa Giang;25:00 10/11/2026;up;1
11;21250;Xã Nghĩa Giang;12;up;1
12;;Xã Không Có;10/11/2026 08:00:00;up;5
=== do_mang_rong.csv
@probes
1;21250;Xã Nghĩa Giang;lúc nãy;up;1
2;21289;Xã Sơn Hà;lúc nãy;up;1
=== do_mang_khong_xa.csv --province 51
@probes
1;;Xã Không Có;10/11/2026 08:00:00;up;5
"""
HEADS["progress"] = """\
H44.100;UBND Xã An Bình - Tỉnh Phú Thọ;COMMUNE;1200;900;300;7.05
H44.101;UBND Phường Âu Cơ - Tỉnh Phú Thọ;COMMUNE;-5;900;;6.05
H44.102;UBND Xã An Nghĩa - Tỉnh Phú Thọ;COMMUNE;1,5;;1;5.05
H44.103;UBND Xã Bản Nguyên - Tỉnh Phú Thọ;COMMUNE;100;130;0;4.05
Trần Văn Một;UBND Xã Bao La - Tỉnh Phú Thọ;COMMUNE;100;90;10;3.05
H44.105;UBND xã Không Có - Tỉnh Phú Thọ;COMMUNE;100;90;10;2.05
H44.106;UBND Xã Bằng Luân - Tỉnh Phú Thọ;COMMUNE;100;90;17;-1.05
H44.100;UBND Xã An Bình - Tỉnh Phú Thọ;COMMUNE;1200;900;300;7.05
H44.106;UBND Xã Bằng Luân - Tỉnh Phú Thọ;COMMUNE;200;190;10;2.05
H44.42;Sở Nội vụ - Tỉnh Phú Thọ;PROVINCE;50;20;30;3.310"""
# What differs in each row of a dossier list from the plainest row: place of the cell, its content.
DOSSIER_CHANGES: tuple[dict[int, str], ...] = (
    {},
    {9: "Đã trả kết quả", 8: "09/10/2026 10:00:00", 10: "BCCI"},
    {1: "khong-ma"},
    {1: ""},
    {2: "thủ tục"},
    {5: "UBND xã Sơn Hã"},
    {5: ""},
    {5: "Sở Xây dựng"},
    {5: "Xã Nghĩa Thuận"},
    {6: "31/02/2026"},
    {6: "hôm qua"},
    {6: "01/01/1900"},
    {6: ""},
    {6: "30/11/2026 08:00:00"},
    {7: "07/10/2026 08:00:00"},
    {7: "14/11/2026 08:00:00"},
    {7: "2026-10-20T25:61:00Z"},
    {8: "01/10/2026 08:00:00", 9: "Đã xử lý xong"},
    {9: "Đã trả kết quả"},
    {8: "10/10/2026 08:00:00"},
    {9: "để đó"},
    {9: ""},
    {10: "bồ câu"},
    {9: "Tạm dừng", 10: "Trực tiếp", 11: "có lẽ"},
)
DOSSIER_ROW = (
    ";{code};2.000815;TRẦN VĂN MỘT;0912345678;UBND xã Sơn Hạ;08/10/2026 09:15:00;"
    "20/10/2026 09:15:00;;Đang xử lý;Trực tuyến;Có"
)


def list_dossier_rows() -> str:
    """The rows of a dossier list in which every oddity stands once, and one row twice."""
    rows = []
    for number, changes in enumerate(DOSSIER_CHANGES, start=1):
        cells = DOSSIER_ROW.format(code=f"H48.113-261008-{number:04d}").split(";")
        for column, content in changes.items():
            cells[column] = content
        rows.append(";".join(cells))
    return "\n".join([*rows, rows[0], "Tổng cộng: 24 hồ sơ", ";Người lập biểu"])


class BadFile(NamedTuple):
    """A file to import, and what is said on the command line beside its name."""

    name: str
    content: bytes
    arguments: tuple[str, ...] = ()


def list_bad_tables() -> Iterator[BadFile]:
    """The files of BAD_TABLES."""
    heads = {**HEADS, "dossiers": list_dossier_rows()}
    for part in BAD_TABLES.split("\n=== ")[1:]:
        title, _, written = part.partition("\n")
        name, *arguments = title.split()
        lines = [heads[line[1:]] if line[:1] == "@" else line for line in written.splitlines()]
        yield BadFile(name, "\n".join([*lines, ""]).encode(), tuple(arguments))


def list_bad_bytes() -> Iterator[BadFile]:
    """Files that are no text, or too long to be written out here."""
    declaration = "\n".join(HEADS[name] for name in ("declared", "declaration", "plain-row")) + "\n"
    wrong_row = "21025;Phường Cẩm Thành;có lúc;x;x;x;x;x;x;x\n"
    wrong_export = "99999,network_mbps,1,declared,2026-11-13,1\n"
    dossiers = "\n".join((HEADS["listed"], HEADS["list"], *([DOSSIER_ROW] * 200)))
    lists = ",".join(f'"l{number}": [{{"a": 1, "b": 2}}]' for number in range(60))
    keys = ",".join(f'{{"k{number}": 1}}' for number in range(300))
    contents = {
        "rong.xlsx": b"",
        "anh.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "anh.csv": b"\xff\xd8\xff\xe0" + bytes(100),
        "anh-gif.csv": b"GIF89a" + bytes(100),
        "giay.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "nen.csv": b"Rar!\x1a\x07\x00" + bytes(100),
        "nen7z.csv": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "gzip.csv": b"\x1f\x8b" + bytes(100),
        "kho.csv": b"SQLite format 3\x00" + bytes(100),
        "thu.xls": b"{\\rtf1\\ansi Xa, phuong}",
        "hong.xlsx": b"PK\x03\x04" + bytes(300),
        "ole.xls": OLE + bytes(1000),
        "ole-word.xls": OLE + "WordDocument".encode("utf-16-le") + bytes(1000),
        "ole-hong.xls": OLE + "Workbook".encode("utf-16-le") + bytes(1000),
        "mat-khau.xlsx": OLE + "EncryptedPackage".encode("utf-16-le") + bytes(1000),
        "word.xlsx": make_archive("word/document.xml"),
        "trinh-chieu.xlsx": make_archive("ppt/a.xml"),
        "zip.xlsx": make_archive("a.txt"),
        "so-rong.xlsx": make_archive("xl/workbook.xml"),
        "nhi-phan.csv": b"xa;phuong\n\x00\x00\x07\n",
        "nua-chu.csv": (codecs.BOM_UTF16_LE + declaration.encode("utf-16-le"))[:-1],
        "mot-dong.csv": b"xa;phuong" * 200_000,
        "qua-dai.csv": (declaration + "21025;X;x;1;1;1;1;1;;\n" * 21_000).encode(),
        "nhieu-loi.csv": (declaration + wrong_row * 200).encode(),
        "xuat-nhieu-loi.csv": f"{HEADS['exported']}\n{wrong_export * 1100}".encode(),
        "ho_so_nhay_xa.csv": change_text(dossiers + '\n1;"a', ("{code}", "H48.1-2-3")).encode(),
        "o-la.xlsx": make_workbook([time(3, 0), True, "#N/A", date(2026, 11, 12), 1e300, "=1+1"]),
        "goc-xa.xlsx": make_workbook([1], corner=True),
        "nhieu-trang.xlsx": make_workbook([1], sheets=120),
        "sau.json": b'{"a": ' * 60 + b"1" + b"}" * 60,
        "nhieu-danh-sach.json": f"{{{lists}}}".encode(),
        "khoa.json": f"[{keys}]".encode(),
        "ma-la.json": b'{"a": "\xff\xfe"}',
        "so-dai.json": b'{"a": [{"x": ' + b"9" * 5000 + b"}]}",
    }
    for name, content in contents.items():
        yield BadFile(name, content)


def make_archive(*names: str) -> bytes:
    """A zip file with parts of these names."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "<a/>")
    return out.getvalue()


def make_workbook(cells: Sequence[Any], *, corner: bool = False, sheets: int = 1) -> bytes:
    """A declaration of one commune with odd cells, a value in the last corner, many sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    for line in HEADS["declared"].splitlines():
        page.append([line])
    page.append(HEADS["declaration"].split(";"))
    page.append([21250, "Xã Nghĩa Giang", "Đạt", *cells])
    if corner:
        page.cell(1_048_576, 16_384, 1)
    for number in range(1, sheets):
        book.create_sheet(f"Trang {number}").append(["a", "b"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def make_unusual_files(folder: Path) -> list[Path]:
    """What is no ordinary file: a folder, none at all, a pipe, files of too many bytes (holes)."""
    made = [folder / "thu-muc", folder / "khong-co.csv", folder / "ong-dan.csv"]
    made[0].mkdir(parents=True)
    os.mkfifo(made[2])
    for name, start, size in (
        ("qua-nang.xlsx", b"PK\x03\x04", 60_000_000),
        ("qua-nang.csv", b"xa;phuong\n", 1_100_000_000),
        ("qua-nang.json", b'{"a": 1', 60_000_000),
        ("danh-sach-qua-nang.json", b"[{", 210_000_000),
    ):
        made.append(folder / name)
        with made[-1].open("wb") as stream:
            stream.write(start)
            stream.truncate(size)
    return made


# Settings and their files with mistakes -----------------------------------------------------------

BAD_SETTINGS = (
    ("HOST", "a b"),
    ("PORT", "abc"),
    ("PORT", "0"),
    ("PORT", "٨٠٥٠"),
    ("DASHBOARD_DATABASE_URL", "not an address"),
    ("DASHBOARD_DATABASE_URL", "mysql+no://user:secret@host/name"),
    ("DASHBOARD_STATIC_DIR", "{file}/static"),
    ("DASHBOARD_PROVINCE", "99"),
    ("DASHBOARD_TODAY", "22/11/2026"),
    ("DASHBOARD_POLL_SECONDS", "-1"),
    ("DASHBOARD_WORKERS", "0"),
    ("DASHBOARD_THREADS", "1000"),
    ("DASHBOARD_MAX_BODY", "10"),
)
GOOD_CRITERION = """
[[criterion]]
code = "line"
name = "Đường truyền"
name_en = "Line"
dimension = "network"
kind = "flag"
measure = "network_stable"
fix = "repair"
essential = true
stale_after_days = 30
valid_from = 2025-07-01
why = "vì"
why_en = "because"
"""
GOOD_CRITERIA = f"""owner = "Sở KH&CN"
[[rule]]
valid_from = 2025-07-01
red_when = "essential"
green_when = "all"
verified_expires_after_days = 90
why = "vì"
[[throughput]]
valid_from = 2025-07-01
on_time_green_from = 0.95
on_time_red_below = 0.8
minimum_received = 30
why = "vì"
{GOOD_CRITERION}"""
EARLIER_RULE = """[[rule]]
valid_from = 2025-07-01
valid_to = 2025-12-31
red_when = "essential"
green_when = "all"
verified_expires_after_days = 30
why = "vì"
"""
MORE_ENTRIES = """
[[criterion]]
code = "speed"
name = "Tốc độ"
name_en = "Speed"
dimension = "network"
kind = "number"
measure = "network_mbps"
unit = "Mbps"
green_from = 60
red_below = 30
fix = "repair"
essential = false
stale_after_days = 10
valid_from = 2025-07-01
valid_to = 2026-03-01
why = "vì"
why_en = "because"
[[peer_flag]]
code = "highland"
name = "miền núi"
communes = ["21289", "21292", "21499", "21496"]
[[source]]
kind = "visits"
name = "Kiểm tra"
expected_every_days = 7
"""
STRANGE_ENTRIES = """
[unknown]
a = 1
[[criterion]]
name = ""
kind = "ratio"
essential = "yes"
part = "sunshine"
[[criterion]]
code = "speed"
kind = "number"
measure = "network_mbps"
green_from = 10
red_below = 20
[[source]]
kind = "rumours"
name = "Tin đồn"
expected_every_days = 0
[[peer_flag]]
code = "coast"
name = "ven biển"
communes = ["1"]
"""
TWO_SOURCES = '\n[[source]]\nkind = "visits"\nname = "Kiểm tra"\nexpected_every_days = 7\n' * 2


def change_text(text: str, *changes: tuple[str, str]) -> str:
    """The text with each old part replaced by a new one; the old part must be there."""
    for old, new in changes:
        if old not in text:
            raise ValueError(f"{old!r} is not in the text")
        text = text.replace(old, new)
    return text


def write_other_criteria() -> str:
    """Criteria of another province: other rules from 2026 on, a criterion that ended."""
    rule = "valid_from = 2025-07-01\nred_when"
    later = change_text(
        GOOD_CRITERIA,
        (rule, rule.replace("2025-07", "2026-01")),
        ('red_when = "essential"', 'red_when = "any"'),
        ('green_when = "all"', 'green_when = "essential"'),
    )
    return change_text(later, ("[[throughput]]", f"{EARLIER_RULE}[[throughput]]")) + MORE_ENTRIES


def list_bad_criteria() -> dict[str, str | bytes]:
    """Files of criteria by name: one that is right, then with mistakes."""
    return {
        "good": GOOD_CRITERIA,
        "not-toml": "owner = \n[[rule",
        "not-utf8": b'owner = "\xff"',
        "empty": "",
        "no-lists": 'criterion = 1\nrule = "x"\nthroughput = []\n',
        "rule": change_text(
            GOOD_CRITERIA,
            ('red_when = "essential"', 'red_when = "never"'),
            ("expires_after_days = 90", "expires_after_days = -1.5\nstrange = 1"),
            ("green_from = 0.95", "green_from = 95"),
            ("red_below = 0.8", "red_below = 96"),
        ),
        "criterion": change_text(
            GOOD_CRITERIA,
            ('dimension = "network"', 'dimension = "weather"\ngreen_from = 1\nunit = "x"'),
            ('measure = "network_stable"', 'measure = "sunshine"'),
            ('fix = "repair"', 'fix = "pray"'),
            ("stale_after_days = 30", "stale_after_days = true\nvalid_to = 2025-06-01"),
        ),
        "strange-entries": GOOD_CRITERIA + STRANGE_ENTRIES,
        "days": change_text(
            GOOD_CRITERIA + GOOD_CRITERION,
            ("valid_from = 2025-07-01\nred", "valid_from = 2025-08-01\nred"),
            ("2025-07-01\non_time", "2025-07-01\nvalid_to = 2025-12-31\non_time"),
        ),
        "two-sources": GOOD_CRITERIA + TWO_SOURCES,
        "counted-twice": GOOD_CRITERIA + change_text(GOOD_CRITERION, ('"line"', '"line_again"')),
        "nothing-to-judge": change_text(
            GOOD_CRITERIA,
            ('green_when = "all"', 'green_when = "essential"'),
            ("essential = true", "essential = false"),
        ),
    }


GOOD_LAYOUT = """[[layout]]
name = "Biểu 03"
kind = "readiness"
[layout.headings]
"Tên cơ sở" = "commune"
"CTS > SL có" = "signature_issued"
"CTS > SL thiếu" = "ignore"
"""
TAUGHT_FORM = """KÊ KHAI TỈNH QUẢNG NGÃI (Số liệu tính đến ngày 13/11/2026)
Tên cơ sở;CTS > SL có;CTS > SL thiếu;Tốc độ (Mbps);Tỷ lệ chữ ký số (%)
Xã Sơn Hà;5;1;50;83
"""


def list_bad_layouts() -> dict[str, str | bytes]:
    """Files of layouts by name: one that is right, then with a mistake each."""
    headings = "[layout.headings]"
    return {
        "good": GOOD_LAYOUT,
        "not-toml": "[[layout",
        "not-utf8": b"# \xff",
        "too-large": "#" * 1_000_001,
        "stray-table": f"{GOOD_LAYOUT}[other]\na = 1\n",
        "no-list": "layout = 1\n",
        "stray-field": change_text(GOOD_LAYOUT, ("name =", "colour = 1\nname =")),
        "no-name": change_text(GOOD_LAYOUT, ('"Biểu 03"', '" "')),
        "unknown-kind": change_text(GOOD_LAYOUT, ('"readiness"', '"weather"')),
        "no-headings": GOOD_LAYOUT.partition(headings)[0],
        "unknown-field": change_text(GOOD_LAYOUT, ('"signature_issued"', '"sunshine"')),
        "no-words": change_text(GOOD_LAYOUT, ('"Tên cơ sở"', '" - "')),
        "two-meanings": f'{GOOD_LAYOUT}"TÊN CƠ SỞ" = "commune_code"\n',
        "heading-rows": change_text(GOOD_LAYOUT, (headings, f"heading_rows = [9, 4]\n{headings}")),
        "bad-sheet": change_text(GOOD_LAYOUT, (headings, f'sheet = ""\n{headings}')),
    }


BAD_DAYS = {
    "not-toml": "[[day",
    "no-day": "[[day]]\ndate = 2026-01-02\nworking = true\n[[day]]\ndate = 2026-01-03\n",
    "moment": "[[day]]\ndate = 2026-01-02T08:00:00\nworking = true\n",
    "changed": "[[day]]\ndate = 2026-11-14\nworking = true\n",
}


def list_bad_outlines() -> dict[str, str]:
    """GeoJSON by name: none, without outlines, elsewhere, turned round, of too few communes."""
    return {
        "not-json": "{",
        "no-polygon": write_outlines([]),
        "elsewhere": write_outlines([("21250", "Xã Nghĩa Giang", 1, 1)]),
        "turned": write_outlines([("21250", "Xã Nghĩa Giang", 15, 108.5)]),
        "metres": write_outlines([("21250", "Xã Nghĩa Giang", 585_000, 1_670_000)]),
        "strangers": write_outlines(
            [
                ("21250", "Xã Nghĩa Giang", 108.5, 15),
                ("", "Xã Không Có", 108.7, 15),
                ("21289", "Xã Sơn Hạ", 108.9, 15),
            ]
        ),
    }


def write_outlines(communes: Iterable[tuple[str, str, float, float]]) -> str:
    """GeoJSON of squares: code, name, west and south end of each."""
    features = []
    for code, name, west, south in communes:
        east = west + 0.1
        north = south + 0.1
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append(
            {
                "type": "Feature",
                "properties": {"ma_xa": code, "ten_xa": name},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def spoil_outlines(written: str) -> str:
    """GeoJSON with features left out, without a name, with a strange one, without a shape."""
    collection = json.loads(written)
    features = collection["features"][4:]
    for feature in features[:3]:
        changed = dict.fromkeys(feature["properties"], "Xã Không Có")
        feature["properties"] = changed if feature is not features[0] else {}
    features[2]["geometry"] = {"type": "Point", "coordinates": [108.5, 15]}
    strange = json.loads(write_outlines([("", "Xã Xa Lạ", 1, 1)]))["features"]
    return json.dumps({**collection, "features": [*features, *strange]}, ensure_ascii=False)


# The commands that are recorded -------------------------------------------------------------------

COMMANDS = split_words("""
    setup serve sample import explain watch template undo batches export outlines
""")
EXPORTS = split_words("readings dossiers certificates batches problems communes")
FORMS = split_words("dossier_report readiness visits")
# Said wrongly; "" is the program without a command, {file} is a file where a folder is needed.
MISTYPED = (
    "",
    "fly",
    "import",
    "import a.csv --as-of 13/07/2025",
    "import a.csv --period 2026-13",
    "import a.csv --period 2026-08-31..2026-08-01",
    "import a.csv --province 99",
    "import a.csv --layout khong-co.toml",
    "explain a.csv --province xx",
    "watch khong-co --once",
    "watch . --every 0",
    "template weather --province 51",
    "template readiness --province 99",
    "template readiness --province 51 --output {file}/all.xlsx",
    "undo x",
    "undo 999",
    "batches --province 99",
    "export weather --province 51",
    "export readings",
    "export readings --province 99",
    "export readings --province 51 --from 2026-02-01 --to 2026-01-01",
    "export report --province 51 --as-of 2025-06-30",
    "export report --province 51 --from 2026-02-01",
    "export report --province 51 --from 2026-02-01 --to 2026-12-31",
    "watch {file} --once",
    "outlines {file}/all",
)
# {p} is a province.
EXPORTED = (
    "readings --province {p} --as-of 2026-11-13",
    "readings --province {p} --as-of 2025-07-13 --format json",
    "readings --province {p} --from 2026-11-01 --to 2026-11-05",
    "readings --province {p} --from 2026-11-01 --as-of 2026-11-13 --format json",
    "dossiers --province {p} --from 2026-10-01 --to 2026-10-31",
    "dossiers --province {p} --from 2026-11-10 --as-of 2026-11-13 --format json",
    "certificates --province {p}",
    "certificates --province {p} --as-of 2026-11-13 --format json",
    "batches --province {p}",
    "batches --province {p} --format json",
    "problems --province {p}",
    "problems --province {p} --format json",
    "communes --province {p}",
    "communes --province {p} --format json",
    "report --province {p}",
    "report --province {p} --as-of 2026-11-13 --format csv",
    "report --province {p} --from 2026-02-01 --to 2026-03-15",
)
# Of BAD_TABLES: what is imported into the recorded store, besides the samples.
IMPORTED_TOO = split_words("""
    kiem_tra_quang_ngai.csv kiem_ke.csv do_mang.csv xa-sai.csv cts_sai.csv II.06a_sai.csv
    ho_so_sai.csv tien_do_2026-08.json xuat-so-do.csv
""")
WATCHED = split_words("dung.json o-sai.csv xuat-so-do.csv khong-biet.csv")
# Folders of a checkout that its program does not need.
UNUSED = split_words(".git .venv var tests docs node_modules .*cache")


@dataclass
class Take:
    """One golden record being taken: what is run, on what, and where it is written."""

    root: Path
    python: Path
    shared: Path
    scope: Scope
    folder: Path
    recorder: Recorder
    host: CommandHost
    environment: dict[str, str]

    @property
    def store(self) -> Path:
        """The store that is recorded."""
        return self.folder / "store.sqlite"

    def record_command(
        self,
        name: str,
        arguments: Sequence[str],
        settings: Mapping[str, str] = NO_SETTINGS,
        root: Path | None = None,
    ) -> Outcome:
        """Run a command, on the recorded store unless `settings` name another; write it down."""
        outcome = self.host.run_command(root or self.root, arguments, settings)
        shown = [f"{key}={value}" for key, value in settings.items()]
        text = [
            " ".join(["$", *shown, "python -m dashboard", *arguments]),
            f"status {outcome.status}",
            "--- output",
            show_marks(outcome.out),
            "--- errors",
            show_marks(outcome.errors),
        ]
        self.recorder.write_record(f"commands/{name}", "\n".join(text))
        return outcome

    def select_some(self, items: Iterable[Any]) -> list[Any]:
        """All of a list, or each n-th."""
        return list(items)[:: self.scope.step]

    def copy_empty_store(self, name: str) -> dict[str, str]:
        """The settings of a store of its own, empty."""
        copy = self.folder / "stores" / f"{name}.sqlite"
        empty = copy.with_name("empty.sqlite")
        if not empty.exists():
            copy.parent.mkdir()
            settings = {"DASHBOARD_DATABASE_URL": f"sqlite:///{empty}"}
            # Where nothing is, an import for trial makes a store.
            self.host.run_command(self.root, ["import", "missing.csv"], settings)
        shutil.copyfile(empty, copy)
        return {"DASHBOARD_DATABASE_URL": f"sqlite:///{copy}"}

    def write_file(self, name: str, content: str | bytes) -> Path:
        """A file in the temporary folder."""
        path = self.folder / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def note_imports(self) -> None:
        """Learn when the store's batches were imported."""
        for province in COMMUNES:
            words = split_words(f"export batches --province {province} --format json")
            for batch in json.loads(self.host.run_command(self.root, words).out):
                moments = filter(None, (batch["imported_at"], batch["undone_at"]))
                for moment in moments:
                    self.recorder.normaliser.note_import(datetime.fromisoformat(moment))

    def record_all(self) -> None:
        """Everything, in an order in which nothing disturbs what comes later."""
        self.record_help()
        self.record_bad_settings()
        self.record_bad_criteria()
        self.record_bad_layouts()
        self.record_fixed_files()
        self.record_exports("sample", self.scope.provinces)
        self.record_templates()
        self.record_bad_files()
        self.record_cases()
        self.record_watching()
        self.record_bad_outlines()
        self.record_web()

    def record_help(self) -> None:
        """The help of every command; what is said of commands that are mistyped; an empty store."""
        self.record_command("help/all", ["--help"])
        for name in self.select_some(COMMANDS):
            self.record_command(f"help/{name}", [name, "--help"])
        empty = self.copy_empty_store("mistyped")
        for words in self.select_some(MISTYPED):
            name = shorten_name(words or "nothing")
            command = words.format(file=self.write_file("plain.txt", "x")).split()
            self.record_command(f"mistyped/{name}", command, empty)
        self.record_command("empty/batches", ["batches"], empty)
        for what in self.select_some(EXPORTS):
            words = split_words(f"export {what} --province 51")
            self.record_command(f"empty/export-{what}", words, empty)

    def record_bad_settings(self) -> None:
        """Each setting with a value that cannot be used; addresses that cannot be listened on."""
        for name, value in self.select_some(BAD_SETTINGS):
            settings = {name: value.format(file=self.write_file("plain.txt", "x"))}
            record = shorten_name(f"{name}={value}")
            self.record_command(f"settings/{record}", ["setup"], settings)
        self.record_bad_stores()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen(1)
            self.record_serving("settings/port-taken", taken.getsockname()[1], NO_SETTINGS)
        unknown = {"HOST": "no.such.host.invalid"}
        self.record_serving("settings/host-unknown", find_free_port(), unknown)

    def record_bad_stores(self) -> None:
        """A store that is no database, one that is a folder, one of a newer program."""
        garbage = self.write_file("garbage.sqlite", "x" * 5000)
        newer = self.copy_empty_store("newer")
        file = newer["DASHBOARD_DATABASE_URL"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        for name, settings in (
            ("garbage", {"DASHBOARD_DATABASE_URL": f"sqlite:///{garbage}"}),
            ("folder", {"DASHBOARD_DATABASE_URL": f"sqlite:///{self.folder}"}),
            ("below-a-file", {"DASHBOARD_DATABASE_URL": f"sqlite:///{garbage}/store.sqlite"}),
            ("newer", newer),
        ):
            self.record_command(f"stores/{name}-batches", ["batches"], settings)
            report = split_words("export report --province 51")
            self.record_command(f"stores/{name}-report", report, settings)
        self.record_serving("stores/newer-serve", find_free_port(), newer)

    def record_serving(self, name: str, port: int, settings: Mapping[str, str]) -> None:
        """`serve` that fails; the port's number, and the next one that it may propose, as words."""
        words = {str(port): "<port>", str(port % 65535 + 1): "<next port>"}
        self.recorder.normaliser.words.update(words)
        self.record_command(name, ["serve"], {**settings, "PORT": str(port)})
        for word in words:
            del self.recorder.normaliser.words[word]

    def record_bad_criteria(self) -> None:
        """Files of criteria with mistakes, as `export report` and `serve` tell them."""
        empty = self.copy_empty_store("criteria")
        report = split_words("export report --province 51")
        for name, content in self.select_some(list_bad_criteria().items()):
            path = self.write_file(f"criteria-{name}.toml", content)
            settings = {**empty, "DASHBOARD_CRITERIA": str(path)}
            self.record_command(f"criteria/{name}", report, settings)
        missing = {**empty, "DASHBOARD_CRITERIA": str(self.folder / "files" / "khong-co.toml")}
        self.record_command("criteria/missing", report, missing)
        self.record_serving("criteria/serve", find_free_port(), missing)

    def record_bad_layouts(self) -> None:
        """Files of layouts with mistakes, as `explain` tells them; one right one."""
        form = str(self.write_file("taught.csv", TAUGHT_FORM))
        for name, content in self.select_some(list_bad_layouts().items()):
            path = self.write_file(f"layout-{name}.toml", content)
            self.record_command(f"layouts/{name}", ["explain", form, "--layout", str(path)])

    def record_fixed_files(self) -> None:
        """Files of settings that have a fixed place, with mistakes, in a copy of the checkout."""
        copy = self.folder / "checkout"
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns(*UNUSED))
        self.recorder.normaliser.words[str(copy)] = "<root>"
        empty = self.copy_empty_store("fixed")
        table = "\n".join((HEADS["listed"], HEADS["list"], list_dossier_rows()))
        dossiers = str(self.write_file("ho_so_ngay.csv", table))
        report = split_words("export report --province 51 --format csv")
        reading = ["import", dossiers, *split_words("--province 51 --dry-run")]
        days = copy / "data" / "working_days.toml"
        before = days.read_bytes()
        for name, content in self.select_some(BAD_DAYS.items()):
            days.write_text(content, encoding="utf-8")
            self.record_command(f"working-days/{name}-report", report, empty, copy)
            self.record_command(f"working-days/{name}-import", reading, empty, copy)
        days.write_bytes(before)
        layouts = change_text(GOOD_LAYOUT, ("name =", "colour = 1\nname ="))
        (copy / "data" / "layouts.toml").write_text(layouts, encoding="utf-8")
        self.record_command("layouts/of-the-checkout", reading, empty, copy)

    def record_exports(self, stage: str, provinces: Sequence[str]) -> None:
        """What the store knows, as CSV and JSON, whole and by days; the report."""
        for province in provinces:
            for words in self.select_some(EXPORTED):
                command = words.format(p=province)
                self.record_command(
                    f"{stage}/{shorten_name(command)}", ["export", *command.split()]
                )
        self.record_command(f"{stage}/all-batches", ["batches"])
        self.record_command(f"{stage}/batches-25", split_words("batches --province 25"))

    def record_templates(self) -> None:
        """The forms to fill in, cell by cell."""
        for kind in self.select_some(FORMS):
            for province, more in (("51", ""), ("25", "--as-of 2026-08-20")):
                path = self.folder / f"{kind}_{province}.xlsx"
                command = split_words(f"template {kind} --province {province} {more}")
                words = [*command, "--output", str(path)]
                self.record_command(f"template/{kind}-{province}", words)
                self.record_command(f"template/{kind}-{province}-explain", ["explain", str(path)])
                text = describe_workbook(path)
                self.recorder.write_record(f"commands/template/{kind}-{province}-cells", text)
            self.record_command(f"template/{kind}-again", words)

    def record_bad_files(self) -> None:
        """Files with mistakes, explained and imported into one store; what the store knows then."""
        store = self.copy_empty_store("bad")
        for name, content, arguments in self.select_some([*list_bad_tables(), *list_bad_bytes()]):
            words = [str(self.write_file(name, content)), *arguments]
            self.record_command(f"bad/{name}-import", ["import", *words], store)
            self.record_command(f"bad/{name}-explain", ["explain", *words], store)
        for path in make_unusual_files(self.folder / "unusual"):
            self.record_command(f"unusual/{path.name}", ["import", str(path)], store)
        several = [self.folder / "files" / name for name in ("no.csv", "taught.csv", "rong.xlsx")]
        words = ["import", "--dry-run", *map(str, several)]
        self.record_command("bad/several", words, store)
        for province in ("51", "25"):
            for what in EXPORTS[:-1]:
                words = ["export", what, "--province", province]
                self.record_command(f"bad-store/{province}-{what}", words, store)

    def record_cases(self) -> None:
        """The importer's cases: rehearsed, explained, imported into an empty store and exported."""
        cases = self.shared / "cases" / "importer"
        for folder in self.select_some(sorted(path.parent for path in cases.glob("*/truth.json"))):
            truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            settings = {**self.copy_empty_store("case"), "DASHBOARD_TODAY": CASES_TODAY}
            files = {file.name: str(file) for file in folder.iterdir()}
            words = [files[truth["file"]], *(files.get(word, word) for word in truth["args"])]
            name = f"cases/{folder.name}"
            self.record_command(f"{name}/explain", ["explain", *words], settings)
            rehearsed = ["import", "--dry-run", *words]
            if self.record_command(f"{name}/dry-run", rehearsed, settings).status == 2:
                continue
            self.record_command(f"{name}/import", ["import", *words], settings)
            for what, province in sorted(
                {(row["what"], row["province"]) for row in truth["truth"]}
            ):
                export = ["export", what, "--province", province]
                self.record_command(f"{name}/{what}-{province}", export, settings)

    def record_watching(self) -> None:
        """A watched folder with good and bad files and one that is not finished."""
        inbox = self.folder / "inbox"
        inbox.mkdir()
        for name, content, _ in list_bad_tables():
            if name in WATCHED:
                (inbox / name).write_bytes(content)
        (inbox / "dang-chep.csv.part").write_bytes(b"x")
        words = ["watch", str(inbox), *split_words("--once --every 0.05")]
        self.record_command("watch/once", words, self.copy_empty_store("watch"))
        lines = []
        for path in sorted(inbox.rglob("*")):
            lines.append(str(path.relative_to(inbox)))
            if path.suffix == ".txt":
                lines += [f"  {line}" for line in path.read_text(encoding="utf-8").splitlines()]
        self.recorder.write_record("commands/watch/folder", "\n".join(lines))

    def record_bad_outlines(self) -> None:
        """Outlines that are none, lie elsewhere or are of too few communes."""
        settings = {"DASHBOARD_OUTLINES_DIR": str(self.folder / "own-outlines")}
        for name, content in list_bad_outlines().items():
            path = self.write_file(f"{name}.geojson", content)
            self.record_command(f"outlines/{name}", ["outlines", str(path)], settings)

    def record_web(self) -> None:
        """What the server answers: on sample data, after imports, with real outlines, after an
        undo, and while its store is away; at last what it wrote into its log."""
        log = self.folder / "server.log"
        with run_server(self.python, self.root, self.environment, log) as client:
            web = WebRecord(client, self.recorder, "sample")
            self.record_sample(web)
            self.record_imports(web)
            self.record_outlines(web)
            self.record_undoing(web)
            self.record_away(web)
        text = log.read_text(encoding="utf-8", errors="replace")
        self.recorder.write_record("server-log", text)
        if self.scope.is_whole:
            self.record_other_settings()

    def record_other_settings(self) -> None:
        """The same store some weeks later, judged by other rules, another province first."""
        criteria = self.write_file("other-criteria.toml", write_other_criteria())
        environment = {
            **self.environment,
            "DASHBOARD_CRITERIA": str(criteria),
            "DASHBOARD_TODAY": "2027-01-15",
            "DASHBOARD_PROVINCE": "25",
            "DASHBOARD_POLL_SECONDS": "7",
            "DASHBOARD_MAX_BODY": "5000",
        }
        log = self.folder / "other-server.log"
        with run_server(self.python, self.root, environment, log) as client:
            web = WebRecord(client, self.recorder, "other-settings")
            web.record_address("once", "/")
            web.record_address("once", "/api/wall")
            web.record_address("once", "/api/screens", method="POST", body=b" " * 6000)
            web.record_view("25", TODAY)
            web.record_view("51", "2025-12-31")

    def record_sample(self, web: WebRecord) -> None:
        """What there is once, every view of the sample data, and junk."""
        for address in SINGLE_ADDRESSES:
            web.record_address("once", address)
        for province in self.scope.provinces:
            web.record_kept_files(province)
            web.record_wall(province)
            for day in self.scope.days:
                web.record_view(province, day)
        web.record_view(NOT_TOLD, TODAY)
        web.record_wall(NOT_TOLD)
        web.record_junk()

    def record_imports(self, web: WebRecord) -> None:
        """Samples, what teams, inventories and probes told, and what is shown then."""
        samples = [path for path in sorted(self.shared.glob("samples/*")) if path.suffix != ".json"]
        for path in samples:
            name = f"samples/{path.name}"
            if self.scope.is_whole or path == samples[0]:
                self.record_command(f"{name}-explain", ["explain", str(path)])
                self.record_command(f"{name}-dry-run", ["import", "--dry-run", str(path)])
            self.record_command(f"{name}-import", ["import", str(path)])
        for path in samples[:1]:
            name = f"samples/{path.name}-again"
            self.record_command(name, ["import", str(path)])
            self.record_command(f"{name}-dry-run", ["import", "--dry-run", str(path)])
        for name, content, arguments in list_bad_tables():
            if name in IMPORTED_TOO:
                path = self.write_file(f"them-{name}", content)
                self.record_command(f"samples/{name}", ["import", str(path), *arguments])
        self.record_exports("imported", self.select_some(("51", "25")))
        web.stage = "imported"
        for province in sorted({province for province, _ in self.scope.views_after_import}):
            web.record_wall(province)
        for province, day in self.scope.views_after_import:
            web.record_view(province, day)

    def record_outlines(self, web: WebRecord) -> None:
        """Real outlines in the place of the schematic ones, where there are any."""
        web.stage = "outlined"
        for path in sorted(self.shared.glob("boundaries/51_*.geojson")):
            if self.scope.is_whole:
                odd = self.write_file(f"odd-{path.name}", spoil_outlines(path.read_text("utf-8")))
                self.record_command(f"outlines/odd-{path.name}", ["outlines", str(odd)])
            self.record_command(f"outlines/{path.name}", ["outlines", str(path)])
            web.record_kept_files("51")
            for address in ("/xa/21250", "/api/state"):
                web.record_address("51", address, view={"province": "51"})

    def record_undoing(self, web: WebRecord) -> None:
        """Two batches taken back, one of them twice; wall screens that report."""
        web.stage = "undone"
        for name, batch in (("first", "11"), ("first-again", "11"), ("second", "12")):
            self.record_command(f"undo/{name}", ["undo", batch])
        self.record_command("undo/batches", ["batches"])
        self.record_command("undo/export", split_words("export batches --province 51"))
        for address in ("/du-lieu", "/ho-so", "/tai/dot-nap.csv"):
            web.record_address("51", address, view={"province": "51"})
        web.record_screens()

    def record_away(self, web: WebRecord) -> None:
        """What is answered while the store is not there, and once it is back."""
        web.stage = "away"
        away = self.store.with_suffix(".away")
        self.store.rename(away)
        for address in AWAY_ADDRESSES:
            web.record_address("", address, view={"province": "51"})
        away.rename(self.store)
        web.record_address("", "/ready", name="ready-again")


# Taking and comparing -----------------------------------------------------------------------------


def take_record(options: argparse.Namespace) -> int:
    """`take`: a golden record into a folder that is empty or not there yet."""
    began = monotonic()
    output = Path(options.output).resolve()
    if output.exists() and any(output.iterdir()):
        print(f"{output} is not empty", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="golden-") as temporary:
        take = prepare_take(options, Path(temporary), output)
        try:
            started = take.host.run_command(take.root, ["--help"])
            if started.status != 0:
                print(f"the program does not start:\n{started.errors}", file=sys.stderr)
                return 2
            prepare_store(take, options.store)
            take.note_imports()
            take.record_all()
        finally:
            take.host.stop_hosts()
    size = sum(path.stat().st_size for path in output.rglob("*.txt"))
    seconds = monotonic() - began
    print(f"{take.recorder.count} records, {size / 1e6:.1f} MB, {seconds:.0f} s")
    return 0


def prepare_take(options: argparse.Namespace, folder: Path, output: Path) -> Take:
    """Everything that a take needs but its store."""
    root = Path(options.root).resolve()
    shared = Path(options.shared).resolve()
    # Not resolved: the interpreter of a virtual environment is a link.
    python = Path(os.path.abspath(options.python))
    words = {root: "<root>", folder: "<temporary>", shared: "<shared>"}
    words[python.parent.parent] = "<python>"
    normaliser = Normaliser({str(path): word for path, word in words.items()})
    environment = {
        # Without npm nothing is fetched from outside.
        "PATH": str(folder / "no-programs"),
        "HOME": str(folder),
        "LOGNAME": "golden",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": str(LINE_LENGTH),
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "DASHBOARD_DATABASE_URL": f"sqlite:///{folder / 'store.sqlite'}",
        "DASHBOARD_STATIC_DIR": str(folder / "static" / "static"),
        "DASHBOARD_KEPT_DIR": str(folder / "kept"),
        "DASHBOARD_OUTLINES_DIR": str(folder / "outlines"),
        "DASHBOARD_LANG": "vi",
        "DASHBOARD_TODAY": TODAY,
        "DASHBOARD_WORKERS": "1",
        "DASHBOARD_THREADS": "4",
    }
    return Take(
        root=root,
        python=python,
        shared=shared,
        scope=QUICK if options.quick else WHOLE,
        folder=folder,
        recorder=Recorder(output, normaliser),
        host=CommandHost(python, folder, environment),
        environment=environment,
    )


def prepare_store(take: Take, given: str | None) -> None:
    """Copies the given store and prepares static files; a whole take also makes a store anew."""
    put_small_plotly(take)
    if given:
        shutil.copyfile(given, take.store)
        take.record_command("setup/on-a-store", ["setup"])
    if take.scope.is_whole or not given:
        anew = take.folder / "anew.sqlite" if given else take.store
        settings = {"DASHBOARD_DATABASE_URL": f"sqlite:///{anew}"}
        take.record_command("setup/anew", ["setup"], settings)
        take.record_command("setup/sample-again", ["sample"], settings)
        for what in ("readings", "dossiers"):
            words = ["export", what, "--province", "51"]
            take.record_command(f"setup/anew-{what}", words, settings)


def put_small_plotly(take: Take) -> None:
    """A stand-in for plotly.js, of which only headers are recorded: no megabytes to compress."""
    words = "from plotly.offline import get_plotlyjs_version; print(get_plotlyjs_version())"
    command = [str(take.python), "-c", words]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    file = take.folder / "static" / "vendor" / f"plotly-cartesian-{version}.min.js"
    file.parent.mkdir(parents=True)
    file.write_text(f"// plotly.js v{version}\n", encoding="utf-8")
    take.recorder.normaliser.words[f"plotly.js {version}"] = "plotly.js <version>"


@dataclass
class Difference:
    """A difference and the records that have it; `lines` are the diff of the first of them."""

    lines: list[str]
    names: list[str] = field(default_factory=list)


def compare_records(options: argparse.Namespace) -> int:
    """`compare`: every difference once, with the records that have it; 1 if there is any."""
    before = Path(options.before)
    after = Path(options.after)
    names = {path.relative_to(side) for side in (before, after) for path in side.rglob("*.txt")}
    if not names:
        print("no records in either folder", file=sys.stderr)
        return 2
    differences: dict[tuple[str, ...], Difference] = {}
    lone: list[str] = []
    for name in sorted(map(str, names)):
        old = before / name
        new = after / name
        if not old.exists() or not new.exists():
            lone.append(f"only {'before' if old.exists() else 'after'}: {name}")
        elif old.read_bytes() != new.read_bytes():
            lines = list_differences(old, new, name)
            changed = tuple(line for line in lines[2:] if line[:1] in ("+", "-"))
            differences.setdefault(changed, Difference(lines)).names.append(name)
    for difference in differences.values():
        print_difference(difference, options.lines)
    for line in lone[: options.lines]:
        print(line)
    if len(lone) > options.lines:
        print(f"… {len(lone) - options.lines} more on one side only")
    differing = sum(len(difference.names) for difference in differences.values())
    kinds = f"{len(differences)} different ways" if differences else "none"
    print(f"{len(names)} records: {differing} differ ({kinds}), {len(lone)} on one side only")
    return 1 if differing or lone else 0


def list_differences(before: Path, after: Path, name: str) -> list[str]:
    """The lines of a unified diff. `diff` is quick with long files; difflib takes minutes."""
    labels = ["--label", f"before/{name}", "--label", f"after/{name}"]
    command = ["diff", "--unified=2", "--text", *labels, str(before), str(after)]
    printed = subprocess.run(command, capture_output=True, check=False).stdout
    return printed.decode("utf-8", "replace").splitlines()


def print_difference(difference: Difference, most: int) -> None:
    """The first `most` lines of a difference, and which other records have the same."""
    for line in difference.lines[:most]:
        print(line[:400])
    if len(difference.lines) > most:
        print(f"… {len(difference.lines) - most} more lines")
    others = difference.names[1:]
    if others:
        more = " …" if len(others) > 5 else ""
        print(f"The same in {len(others)} more: {', '.join(others[:5])}{more}")
    print()


def parse_arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    commands = parser.add_subparsers(required=True, metavar="{take,compare}")
    take = commands.add_parser("take", help="write a golden record into a folder")
    take.add_argument("output", metavar="FOLDER", help="empty, or not there yet")
    take.add_argument("--root", default=HERE, help="which checkout to run (this one)")
    take.add_argument(
        "--python", default=sys.executable, help="interpreter that runs it (this one)"
    )
    take.add_argument(
        "--store", help="SQLite store to copy, instead of making the sample data anew"
    )
    take.add_argument(
        "--shared",
        default=HERE.parent / "shared",
        help="folder with samples, cases/importer, boundaries (../shared)",
    )
    take.add_argument("--quick", action="store_true", help="about a third, in less than a minute")
    take.set_defaults(run=take_record)
    compare = commands.add_parser("compare", help="print what differs between two records")
    compare.add_argument("before")
    compare.add_argument("after")
    compare.add_argument("--lines", type=int, default=80, help="of each list at most (80)")
    compare.set_defaults(run=compare_records)
    host = commands.add_parser("host")  # for CommandHost alone
    host.set_defaults(run=lambda _: host_commands())
    return parser.parse_args(words)


def main() -> int:
    """Run what the command line asks for."""
    options = parse_arguments()
    run: Callable[[argparse.Namespace], int | None] = options.run
    return run(options) or 0


if __name__ == "__main__":
    sys.exit(main())
