"""The command line, its parser only: `python -m dashboard COMMAND`; `--help` of each command says
what it takes.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.accounts.roles import Role
from dashboard.errors import DashboardError
from dashboard.version import compute_build_stamp, read_program_version

if TYPE_CHECKING:
    from dashboard.settings import Settings

# A command's module is imported when it is run: they bring every library that there is, and who
# asks for help or starts a server waits for none but its own.
REFUSED = 2


def _parse_day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} không phải ngày dạng 2025-07-13") from None


def _parse_period(written: str) -> tuple[date, date]:
    from dashboard.cli.import_files import parse_period_option

    try:
        return parse_period_option(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{written!r} không phải kỳ dạng 2026-08 hoặc 2026-08-01..2026-08-31"
        ) from None


def _parse_seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        seconds = -1.0
    if not 0.05 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{written!r} không phải số giây từ 0.05 đến 3600")
    return seconds


def _list_forms() -> list[str]:
    from dashboard.forms.columns import FORMS

    return sorted(FORMS)


def _list_exports() -> list[str]:
    from dashboard.cli.export import list_exports

    return list_exports()


class _LateChoices:
    """What an argument may be, computed when somebody asks: by giving it, or for its help."""

    def __init__(self, list_choices: Callable[[], list[str]]) -> None:
        self._list_choices = list_choices

    def __iter__(self) -> Iterator[str]:
        return iter(self._list_choices())

    def __contains__(self, choice: object) -> bool:
        return choice in self._list_choices()


def import_command(place: str) -> Callable[[Settings, argparse.Namespace], int]:
    """A command of `dashboard.cli` by its place there: `serve.serve_dashboard`."""
    module, _, function = place.partition(".")
    command: Callable[[Settings, argparse.Namespace], int] = getattr(
        import_module(f"dashboard.cli.{module}"), function
    )
    return command


class _PrintVersion(argparse.Action):
    """`--version`: the number of the program and the stamp of this build, as /du-lieu shows."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"dashboard {read_program_version()} (build {compute_build_stamp()})")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Every command with its arguments; a test looks for each of them in the README."""
    root = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    root.add_argument("--version", action=_PrintVersion, help="say which version this is")
    subparsers = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add_command(name: str, place: str, summary: str) -> argparse.ArgumentParser:
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        subparser.set_defaults(run=place)
        return subparser

    add_command(
        "setup",
        "set_up.set_up_machine",
        "Create the store, fill it with sample data if it is empty, prepare static files.",
    )
    add_command("serve", "serve.serve_dashboard", "Serve the dashboard (gunicorn).")
    add_command(
        "sample", "set_up.fill_sample", "Fill the store with the sample data of three provinces."
    )

    backup_command = add_command(
        "backup", "safekeeping.back_up_store", "Write the whole store into one new file, in use."
    )
    backup_command.add_argument("file", metavar="FILE", help="must not be there yet")
    restore_command = add_command(
        "restore",
        "safekeeping.restore_store",
        "Put a backup in the place of the store; the old one is kept aside.",
    )
    restore_command.add_argument("file", metavar="FILE", help="what backup wrote")
    add_command(
        "check",
        "safekeeping.check_store",
        "Look whether the store is sound: pages, rules, totals, orphans, schema.",
    )
    add_command(
        "upgrade",
        "safekeeping.upgrade_store",
        "Bring the store to this program's schema, after a backup.",
    )
    add_command(
        "doctor",
        "doctor.examine_machine",
        "Look at settings, store, rights, disk, clock, files and watchers; a remedy for each.",
    )

    import_command = add_command(
        "import", "import_files.import_files", "Read files that offices sent into the store."
    )
    import_command.add_argument("files", nargs="+", metavar="FILE")
    _add_help_for_reading(import_command)
    import_command.add_argument(
        "--dry-run", action="store_true", help="say what would change and change nothing"
    )

    explain_command = add_command(
        "explain",
        "explain.print_file_explanation",
        "Say how a file is understood: sheet, headings, what is ignored and why.",
    )
    explain_command.add_argument("file", metavar="FILE")
    _add_help_for_reading(explain_command)

    watch_command = add_command(
        "watch",
        "watch.watch_folder",
        "Import what is dropped into a folder; moves it to done/ or refused/ there.",
    )
    watch_command.add_argument("folder", metavar="FOLDER")
    watch_command.add_argument(
        "--once", action="store_true", help="look twice, import, end (for cron)"
    )
    watch_command.add_argument(
        "--every", type=_parse_seconds, default=2.0, metavar="SECONDS", help="between two looks (2)"
    )
    watch_command.add_argument(
        "--province", help="province code, where the files do not tell it (51)"
    )
    watch_command.add_argument(
        "--layout", type=Path, metavar="FILE", help="forms to understand besides data/layouts.toml"
    )

    template_command = add_command(
        "template",
        "explain.create_form",
        "Write a form (.xlsx) to fill in, with a province's communes.",
    )
    template_command.add_argument(
        "kind", choices=_LateChoices(_list_forms), metavar="KIND", help="one of: %(choices)s"
    )
    template_command.add_argument("--province", required=True, help="province code (51)")
    template_command.add_argument(
        "--as-of",
        type=_parse_day,
        help="day, or a day of the month, that the form speaks of (default: today)",
    )
    template_command.add_argument(
        "--output", metavar="FILE", help="default: mau_KIND_PROVINCE.xlsx in this folder"
    )

    undo_command = add_command(
        "undo", "batches.undo_import", "Take an imported batch back; its history is kept."
    )
    undo_command.add_argument(
        "batch", type=int, metavar="BATCH", help="the number that import and batches print"
    )
    batches_command = add_command(
        "batches",
        "batches.list_batches",
        "List the batches that were imported, also those taken back.",
    )
    batches_command.add_argument("--province", help="only this province (25)")

    export_command = add_command(
        "export",
        "export.export_rows",
        "Write what the store knows to standard output. No backup: rows that were replaced or "
        "undone, agencies and accounts are not in it; see backup.",
    )
    export_command.add_argument(
        "what", choices=_LateChoices(_list_exports), metavar="WHAT", help="one of: %(choices)s"
    )
    export_command.add_argument("--province", required=True, help="province code (25)")
    export_command.add_argument(
        "--as-of", type=_parse_day, help="the latest that was known by this day"
    )
    export_command.add_argument(
        "--from", dest="first", type=_parse_day, metavar="DATE", help="nothing of earlier days"
    )
    export_command.add_argument(
        "--to", dest="last", type=_parse_day, metavar="DATE", help="nothing of later days"
    )
    export_command.add_argument(
        "--format", choices=("csv", "json"), help="default: csv, of a report json"
    )
    export_command.add_argument(
        "--output", type=Path, metavar="FILE", help="of form-II.06a and form-declaration: the .xlsx"
    )

    bulletin_command = add_command(
        "bulletin",
        "bulletin.write_bulletin",
        "Write a province's bulletin of a day, week or month as PDF.",
    )
    bulletin_command.add_argument("--province", required=True, help="province code (51)")
    bulletin_command.add_argument(
        "--edition", choices=("day", "week", "month"), default="day", help="default: day"
    )
    bulletin_command.add_argument("--day", type=_parse_day, help="its day (default: today)")
    bulletin_command.add_argument(
        "--output", required=True, metavar="FILE", help="the .pdf, or a folder that is there"
    )

    notify_command = add_command(
        "notify",
        "notify.send_alerts",
        "Send what needs a decision, by the channels that are configured, in office hours.",
    )
    notify_command.add_argument(
        "--now", action="store_true", help="also outside office hours, and without the pauses"
    )

    _add_user_commands(
        add_command("user", "users.list_users", "Accounts: who may write, and where.")
    )
    _add_screen_commands(
        add_command(
            "screen", "wall_screens.list_wall_screens", "Wall screens: which are the office's."
        )
    )
    _add_key_commands(
        add_command("key", "keys.list_keys", "Keys of programs that read or send files.")
    )
    _add_audit_commands(
        add_command("audit", "audit_lines.verify_audit_chain", "The audit of all writes.")
    )

    upload_command = add_command(
        "upload",
        "uploads.work_on_upload",
        "Started by the server: read or import a file that was sent through the page.",
    )
    upload_command.add_argument("upload", type=int, metavar="NUMBER")

    outlines_command = add_command(
        "outlines",
        "import_files.replace_outlines",
        "Replace schematic outlines by real ones (GeoJSON).",
    )
    outlines_command.add_argument("path", metavar="FILE_OR_FOLDER")
    return root


def _add_user_commands(user_command: argparse.ArgumentParser) -> None:
    subparsers = user_command.add_subparsers(dest="user_command", required=True, metavar="WHAT")
    commands = {
        "add": ("users.add_user", "Add an account; prints its first password."),
        "list": ("users.list_users", "List all accounts."),
        "lock": ("users.lock_user", "Lock an account and sign it out."),
        "unlock": ("users.unlock_user", "Unlock an account."),
        "role": ("users.change_user_role", "Another role, other provinces or communes."),
        "password": ("users.reset_user_password", "A new first password."),
        "signout": ("users.sign_user_out", "End all sessions of an account."),
    }
    for name, (place, summary) in commands.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        subparser.set_defaults(run=place)
        if name != "list":
            subparser.add_argument("name", metavar="NAME")
        if name in {"add", "role"}:
            subparser.add_argument("--role", required=True, choices=[*Role])
            subparser.add_argument(
                "--province", action="append", metavar="CODE", help="only this one; may be repeated"
            )
            subparser.add_argument(
                "--commune", action="append", metavar="CODE", help="only this one; may be repeated"
            )
        if name == "add":
            subparser.add_argument("--office", default="", help="office of the account")


def _add_screen_commands(screen_command: argparse.ArgumentParser) -> None:
    subparsers = screen_command.add_subparsers(dest="screen_command", required=True, metavar="WHAT")
    listing = subparsers.add_parser("list", help="List all screens that report.")
    listing.set_defaults(run="wall_screens.list_wall_screens")
    adding = subparsers.add_parser("add", help="A link for a screen; opened once on it.")
    adding.set_defaults(run="wall_screens.add_wall_screen")
    adding.add_argument("name", metavar="NAME")
    for name, place, summary in (
        ("accept", "wall_screens.accept_wall_screen", "Say that a screen is the office's."),
        ("remove", "wall_screens.remove_wall_screen", "Forget a screen; its link no longer works."),
    ):
        subparser = subparsers.add_parser(name, help=summary)
        subparser.set_defaults(run=place)
        subparser.add_argument("number", type=int, metavar="NUMBER")


def _add_key_commands(key_command: argparse.ArgumentParser) -> None:
    subparsers = key_command.add_subparsers(dest="key_command", required=True, metavar="WHAT")
    adding = subparsers.add_parser("add", help="A key for a program; its secret is shown once.")
    adding.set_defaults(run="keys.add_key")
    adding.add_argument("office", metavar="OFFICE")
    adding.add_argument(
        "--province", action="append", metavar="CODE", help="only this one; may be repeated"
    )
    listing = subparsers.add_parser("list", help="List all keys, without their secrets.")
    listing.set_defaults(run="keys.list_keys")
    revoking = subparsers.add_parser("revoke", help="A key no longer works.")
    revoking.set_defaults(run="keys.revoke_key")
    revoking.add_argument("number", type=int, metavar="NUMBER")


def _add_audit_commands(audit_command: argparse.ArgumentParser) -> None:
    subparsers = audit_command.add_subparsers(dest="audit_command", required=True, metavar="WHAT")
    verify = subparsers.add_parser("verify", help="Whether no line was changed or removed.")
    verify.set_defaults(run="audit_lines.verify_audit_chain")
    verify.add_argument(
        "--checkpoint", metavar="NUMBER:HASH", help="as an earlier verify printed it"
    )
    export_lines = subparsers.add_parser("export", help="Every line as JSON, one a line.")
    export_lines.set_defaults(run="audit_lines.export_audit_lines")


def _add_help_for_reading(command: argparse.ArgumentParser) -> None:
    """What a caller may say where a file does not say it itself."""
    command.add_argument("--province", help="province code, where the file does not tell it (51)")
    command.add_argument(
        "--as-of",
        type=_parse_day,
        help="day of the figures, where the file does not tell it (2025-07-13)",
    )
    command.add_argument(
        "--period", type=_parse_period, help="period, where the file does not tell it (2026-08)"
    )
    command.add_argument(
        "--layout", type=Path, metavar="FILE", help="forms to understand besides data/layouts.toml"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 all done, 1 some rows refused, 2 refused, with one plain line on standard
    error.
    """
    options = build_parser().parse_args(arguments)
    try:
        from dashboard.settings import read_settings  # here: help needs no settings

        command = import_command(options.run)
        gc.freeze()  # what was imported lives as long as the command: no collection walks it
        return command(read_settings(os.environ), options)
    except DashboardError as error:
        from dashboard.cli.console import make_printable

        print(make_printable(str(error)), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:  # the reader of our output (head) has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except Exception as error:
        # Our own mistake. What it says may quote a cell, and a cell may be a person's: only its
        # kind and place.
        summary = f"{type(error).__name__}, {_locate_own_line(error)}"
        print(
            f"Chương trình gặp lỗi ({summary}); hãy báo dòng này cho người phụ trách.",
            file=sys.stderr,
        )
        return REFUSED


def _locate_own_line(error: Exception) -> str:
    """Where in our own code it happened: the innermost file and line."""
    steps = traceback.extract_tb(error.__traceback__)
    own_steps = [
        step for step in steps if Path(step.filename).is_relative_to(Path(__file__).parent)
    ]
    return f"{Path(own_steps[-1].filename).name}:{own_steps[-1].lineno}"


if __name__ == "__main__":
    sys.exit(main())
