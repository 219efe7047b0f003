"""The command line, its parser only: `python -m dashboard COMMAND`; `--help` of each command says what it takes."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from dashboard.commands import exporting, importing, keeping, serving, teaching, telling, watching
from dashboard.errors import DashboardError
from dashboard.settings import Settings, from_environment
from dashboard.templates.forms import FORMS

REFUSED = 2


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} không phải ngày dạng 2025-07-13") from None


def _period(written: str) -> tuple[date, date]:
    try:
        return importing.period(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{written!r} không phải kỳ dạng 2026-08 hoặc 2026-08-01..2026-08-31"
        ) from None


def _seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        seconds = -1.0
    if not 0.05 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{written!r} không phải số giây từ 0.05 đến 3600")
    return seconds


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments; a test looks for each of them in the README."""
    root = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    names = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Settings, argparse.Namespace], int], does: str) -> argparse.ArgumentParser:
        one = names.add_parser(name, help=does, description=does)
        one.set_defaults(run=run)
        return one

    add("setup", serving.setup, "Create the store, fill it with sample data if it is empty, prepare static files.")
    add("serve", serving.serve, "Serve the dashboard (gunicorn).")
    add("sample", serving.fill_sample, "Fill the store with the sample data of three provinces.")

    take = add("import", importing.import_files, "Read files that offices sent into the store.")
    take.add_argument("files", nargs="+", metavar="FILE")
    _add_help_for_reading(take)
    take.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")

    why = add("explain", teaching.explain, "Say how a file is understood: sheet, headings, what is ignored and why.")
    why.add_argument("file", metavar="FILE")
    _add_help_for_reading(why)

    look = add("watch", watching.watch, "Import what is dropped into a folder; moves it to done/ or refused/ there.")
    look.add_argument("folder", metavar="FOLDER")
    look.add_argument("--once", action="store_true", help="look twice, import, end (for cron)")
    look.add_argument("--every", type=_seconds, default=2.0, metavar="SECONDS", help="between two looks (2)")
    look.add_argument("--province", help="province code, where the files do not tell it (51)")
    look.add_argument("--layout", type=Path, metavar="FILE", help="forms to understand besides data/layouts.toml")

    form = add("template", teaching.template, "Write a form (.xlsx) to fill in, with a province's communes.")
    form.add_argument("kind", choices=sorted(FORMS))
    form.add_argument("--province", required=True, help="province code (51)")
    form.add_argument("--as-of", type=_day, help="day, or a day of the month, that the form speaks of (default: today)")
    form.add_argument("--output", metavar="FILE", help="default: mau_KIND_PROVINCE.xlsx in this folder")

    back = add("undo", keeping.undo, "Take an imported batch back; its history is kept.")
    back.add_argument("batch", type=int, metavar="BATCH", help="the number that import and batches print")
    held = add("batches", keeping.batches, "List the batches that were imported, also those taken back.")
    held.add_argument("--province", help="only this province (25)")

    give = add("export", exporting.export, "Write what the store knows to standard output.")
    give.add_argument("what", choices=sorted([*exporting.EXPORTS, "report"]))
    give.add_argument("--province", required=True, help="province code (25)")
    give.add_argument("--as-of", type=_day, help="the latest that was known by this day")
    give.add_argument("--from", dest="first", type=_day, metavar="DATE", help="nothing of earlier days")
    give.add_argument("--to", dest="last", type=_day, metavar="DATE", help="nothing of later days")
    give.add_argument("--format", choices=("csv", "json"), help="default: csv, of a report json")

    draw = add("outlines", importing.take_outlines, "Replace schematic outlines by real ones (GeoJSON).")
    draw.add_argument("path", metavar="FILE_OR_FOLDER")
    return root


def _add_help_for_reading(command: argparse.ArgumentParser) -> None:
    """What a caller may say where a file does not say it itself."""
    command.add_argument("--province", help="province code, where the file does not tell it (51)")
    command.add_argument("--as-of", type=_day, help="day of the figures, where the file does not tell it (2025-07-13)")
    command.add_argument("--period", type=_period, help="period, where the file does not tell it (2026-08)")
    command.add_argument("--layout", type=Path, metavar="FILE", help="forms to understand besides data/layouts.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 all done, 1 some rows refused, 2 refused, with one plain line on standard error."""
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(from_environment(os.environ), asked))
    except DashboardError as error:
        print(telling.printable(str(error)), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:  # the reader of our output (head) has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except Exception as error:
        # Our own mistake. What it says may quote a cell, and a cell may be a person's: only its kind and place.
        told = f"{type(error).__name__}, {_place(error)}"
        print(f"Chương trình gặp lỗi ({told}); hãy báo dòng này cho người phụ trách.", file=sys.stderr)
        return REFUSED


def _place(error: Exception) -> str:
    """Where in our own code it happened: the innermost file and line."""
    steps = traceback.extract_tb(error.__traceback__)
    own = [step for step in steps if Path(step.filename).is_relative_to(Path(__file__).parent)]
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}"


if __name__ == "__main__":
    sys.exit(main())
