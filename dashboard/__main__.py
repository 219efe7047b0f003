"""The command line: `python -m dashboard COMMAND`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cli.language import choose_language, tell_user
from dashboard.cli.parser import build_parser
from dashboard.errors import DashboardError

if TYPE_CHECKING:
    from dashboard.settings import Settings

# A command's module is imported when it is run: they bring every library that there is, and who
# asks for help or starts a server waits for none but its own.
REFUSED = 2


def import_command(place: str) -> Callable[[Settings, argparse.Namespace], int]:
    """A command of `dashboard.cli` by its place there: `serve.serve_dashboard`."""
    module, _, function = place.partition(".")
    command: Callable[[Settings, argparse.Namespace], int] = getattr(
        import_module(f"dashboard.cli.{module}"), function
    )
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 all done, 1 some rows refused, 2 refused, with one plain line on standard
    error.
    """
    try:
        choose_language(os.environ)
        options = build_parser().parse_args(arguments)
        from dashboard.settings import read_settings  # here: help needs no settings

        gc.disable()  # while modules come nothing is let go
        command = import_command(options.run)
        gc.freeze()  # what was imported lives as long as the command: no collection walks it
        gc.enable()
        return command(read_settings(os.environ), options)
    except DashboardError as error:
        from dashboard.cli.console import make_printable

        print(make_printable(error.args[0]), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:  # the reader of our output (head) has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except Exception as error:
        # Our own mistake. What it says may quote a cell, and a cell may be a person's: only its
        # kind and place.
        summary = f"{type(error).__name__}, {_locate_own_line(error)}"
        print(
            tell_user(
                "Chương trình gặp lỗi ({summary}); hãy báo dòng này cho người phụ trách.",
                summary=summary,
            ),
            file=sys.stderr,
        )
        return REFUSED
    finally:
        gc.enable()


def _locate_own_line(error: Exception) -> str:
    """Where in our own code it happened: the innermost file and line."""
    steps = traceback.extract_tb(error.__traceback__)
    own_steps = [
        step for step in steps if Path(step.filename).is_relative_to(Path(__file__).parent)
    ]
    return f"{Path(own_steps[-1].filename).name}:{own_steps[-1].lineno}"


if __name__ == "__main__":
    sys.exit(main())
