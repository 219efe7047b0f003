"""What the tests of files that are sent share: small files, and steps that are done at once."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.__main__ import main

READINGS = (
    "commune_code,measure,value,as_of\n"
    "21250,signature_needed,20,2026-11-21\n"
    "21250,signature_issued,19,2026-11-21\n"
)
OF_PHU_THO = "commune_code,measure,value,as_of\n07942,signature_needed,20,2026-11-21\n"


class StepInPlace:
    """A step that is done at once, by the command's own code and not in a process of its own."""

    def __init__(self, command: list[str], *, env: dict[str, str], **_options: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in env.items():
                patch.setenv(name, value)
            self.status = main(command[3:])

    def wait(self) -> int:
        return self.status
