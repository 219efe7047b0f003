"""What is installed is held against the pins, written down, and locked by hash."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dashboard.settings import ROOT
from tools.pins import (
    REQUIREMENTS,
    Pin,
    build_sbom,
    find_installed,
    list_faults,
    read_pins,
    write_lock,
)

_METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.2.0\nLicense-Expression: MIT\n{more}"
_WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_wheel(folder: Path, name: str, more: str = "") -> Path:
    """A package of one module, as a registry has it."""
    files = {
        f"{name}.py": "answer = 42\n",
        f"{name}-1.2.0.dist-info/METADATA": _METADATA.format(name=name, more=more),
        f"{name}-1.2.0.dist-info/WHEEL": _WHEEL,
    }
    record = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest())
        record.append(f"{path},sha256={digest.rstrip(b'=').decode()},{len(content)}")
    files[f"{name}-1.2.0.dist-info/RECORD"] = "\n".join(
        [*record, f"{name}-1.2.0.dist-info/RECORD,,", ""]
    )
    wheel = folder / f"{name}-1.2.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two installed packages, one of which needs the other."""
    folder = tmp_path / "site"
    for name, more in (("alpha", "Requires-Dist: beta>=1\n"), ("beta", "")):
        with zipfile.ZipFile(make_wheel(tmp_path, name, more)) as archive:
            archive.extractall(folder)
    return folder


def faults(site: Path, *pins: Pin) -> list[str]:
    return list(list_faults(pins, find_installed([str(site)])))


def test_what_is_pinned_and_unchanged_has_no_fault(site: Path) -> None:
    assert faults(site, Pin("alpha", "1.2.0"), Pin("beta", "1.2.0")) == []


def test_each_kind_of_fault_is_told(site: Path) -> None:
    (site / "alpha.py").write_text("answer = 43\n", encoding="utf-8")
    assert faults(site, Pin("alpha", "1.2.0"), Pin("gamma", "3.0")) == [
        "alpha: alpha.py is not what was installed",
        "gamma: pinned to 3.0, not installed",
        "beta: 1.2.0 is installed and not pinned",
    ]
    assert faults(site, Pin("alpha", "1.3.0"), Pin("beta", "1.2.0")) == [
        "alpha: pinned to 1.3.0, 1.2.0 is installed"
    ]


def test_every_requirement_is_pinned_to_one_version(tmp_path: Path) -> None:
    pins = read_pins(ROOT / name for name in REQUIREMENTS)
    assert len(pins) > 50
    assert len({pin.name for pin in pins}) == len(pins), "no package is pinned twice"
    loose = tmp_path / "requirements.txt"
    loose.write_text("# why\nalpha>=1.2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is not pinned to one version"):
        read_pins([loose])


def test_the_bill_of_materials_names_version_licence_and_needs(site: Path) -> None:
    bill = build_sbom([Pin("alpha", "1.2.0"), Pin("beta", "1.2.0")], find_installed([str(site)]))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    alpha, beta = bill["components"]
    assert (alpha["purl"], beta["name"]) == ("pkg:pypi/alpha@1.2.0", "beta")
    assert alpha["licenses"] == [{"license": {"name": "MIT"}}]
    assert {"ref": "pkg:pypi/alpha@1.2.0", "dependsOn": ["pkg:pypi/beta@1.2.0"]} in bill[
        "dependencies"
    ]


def test_the_bill_of_this_program_has_all_that_it_runs_on() -> None:
    pins = read_pins([ROOT / "requirements.txt"])
    bill = build_sbom(pins, find_installed(sys.path))
    names = {component["name"] for component in bill["components"]}
    assert {"dash", "sqlalchemy", "filelock", "prometheus-client"} <= names
    assert [entry["name"] for entry in bill["components"] if "licenses" not in entry] == []


def test_a_package_that_was_changed_on_its_way_is_refused(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel = make_wheel(wheels, "alpha")
    lock = write_lock(wheels)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert lock.read_text(encoding="utf-8") == f"alpha==1.2.0 --hash=sha256:{digest}\n"

    def install(target: str) -> int:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index"]
        command += ["--disable-pip-version-check", "--find-links", str(wheels), "--require-hashes"]
        command += ["--target", str(tmp_path / target), "-r", str(lock)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert install("good") == 0
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("alpha_more.py", "import os\n")
    assert install("bad") == 1
    assert not (tmp_path / "bad" / "alpha_more.py").exists()
