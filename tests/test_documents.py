"""Documents cannot rot: every file, `module.name` and command that a document or a comment names is
there.

Read are all documents, the comments and docstrings of all Python files, and the comments of SQL,
templates, style sheets, scripts and settings.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.settings import ROOT
from tests.test_readme import commands

# What a reader takes for a file of this project: a path with a folder in it.
_PATH = re.compile(
    r"(?<![\w/:<>*{.-])(?:[\w*.-]+/)+[\w*.-]+\.(?:py|sql|toml|md|html|css|js|csv|geojson|txt)\b"
)
# What a reader takes for a name of the code: words with dots between them, in backticks.
_DOTTED = re.compile(r"`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?:\(\))?`")
# In comments of Python they stand without backticks, too.
_BARE_DOTTED = re.compile(r"(?<![\w./`:@-])([a-z]\w+(?:\.[A-Za-z_]\w+)+)(?![\w./`@-]|\.\w)")
_LINK = re.compile(r"\]\(([^)#:\s]+)\)")
_MODULE_RUN = re.compile(r"python -m (dashboard(?:\.\w+)*)(?: ([a-z]+))?")
_FILE_RUN = re.compile(r"python ((?:tools|tests)/\w+\.py)")
_MAKE = re.compile(r"`make ([a-z]+)`")
# Objects of a browser, names of libraries as they are written, entries of data/indicators.
_NOT_OURS = {"document", "window", "navigator", "self", "event", "app", "np", "pd", "dcc", "phrase"}
# Files of offices and of libraries.
_FILES_OF_OTHERS = re.compile(
    r"(?:[\w.]+\.xlsx|(?:plotly|overview)\.(?:js|css)|converter_2025\.json|\w+\.figure"
    # what tools/bench_peers.py writes for the tools that it measures
    r"|figures\.csv|communes\.geojson)"
)
# A document about what is no more may name it.
_STRUCK = re.compile(r"~~.*?~~", re.DOTALL)
_PYTHON_COMMENT = re.compile(r"(?m)(?:^[ \t]*|  )#(.*)$")
_COMMENTS = {
    ".sql": re.compile(r"--([^\n]*)"),
    ".html": re.compile(r"\{#(.*?)#\}", re.DOTALL),
    ".css": re.compile(r"/\*(.*?)\*/", re.DOTALL),
    ".js": re.compile(r"/\*(.*?)\*/", re.DOTALL),
    ".toml": re.compile(r"(?m)^\s*#([^\n]*)"),
}


class Passage(NamedTuple):
    """Prose of one file: what somebody reads to find their way."""

    file: Path
    text: str

    def __str__(self) -> str:
        return str(self.file.relative_to(ROOT))


@cache
def project_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def read_python_prose(file: Path) -> str:
    comments = _PYTHON_COMMENT.findall(file.read_text(encoding="utf-8"))
    return "\n".join([*comments, *parse_python(file).docstrings])


def read_prose(file: Path) -> str:
    if file.suffix == ".md":
        return _STRUCK.sub("", file.read_text(encoding="utf-8"))
    if file.suffix == ".py":
        return read_python_prose(file)
    if file.suffix in _COMMENTS:
        comments = _COMMENTS[file.suffix].finditer(file.read_text(encoding="utf-8"))
        return "\n".join("".join(filter(None, comment.groups())) for comment in comments)
    return file.read_text(encoding="utf-8") if file.name == "Makefile" else ""


@cache
def passages() -> list[Passage]:
    read = [Passage(file, read_prose(file)) for file in project_files()]
    return [passage for passage in read if passage.text.strip()]


@cache
def file_names() -> set[str]:
    return {file.name for file in project_files()}


@cache
def modules() -> dict[str, list[Path]]:
    """Every module and package of the project, by each ending of its full dotted name."""
    files: dict[str, list[Path]] = {}
    for file in project_files():
        if file.suffix != ".py":
            continue
        parts = file.relative_to(ROOT).with_suffix("").parts
        packages = [
            (parts[:depth], ROOT.joinpath(*parts[:depth])) for depth in range(1, len(parts))
        ]
        for name_parts, path in [*packages, (parts, file)]:
            for first in range(len(name_parts)):
                of_ending = files.setdefault(".".join(name_parts[first:]), [])
                of_ending += [] if path in of_ending else [path]
    return files


class PythonFile(NamedTuple):
    """What it says in docstrings; what an importer gets from it, and what its classes have."""

    docstrings: list[str]
    names: frozenset[str]
    members: dict[str, dict[str, frozenset[str]]]
    bases: dict[str, frozenset[str]]
    parameters: dict[str, frozenset[str]]


def list_bound_names(statements: list[ast.stmt]) -> Iterator[str]:
    """What these statements bind, also within `if` and `try`, never within a function."""
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from (alias.asname or alias.name for alias in node.names)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield node.name


def list_names_in(expression: ast.expr | None) -> frozenset[str]:
    """The words of a type: `list[pd.DataFrame] | None` as `list`, `pd` and `DataFrame`."""
    nodes = [] if expression is None else list(ast.walk(expression))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(names | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def map_members_to_types(class_node: ast.ClassDef) -> dict[str, frozenset[str]]:
    """Fields, methods, and what methods set on `self`, each with the words of its type."""
    members = dict.fromkeys(list_bound_names(class_node.body), frozenset[str]())
    for node in ast.walk(class_node):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            members.setdefault(node.attr, frozenset())
    for node in class_node.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            members[node.target.id] = list_names_in(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            members[node.name] = list_names_in(node.returns)
    return members


@cache
def parse_python(path: Path) -> PythonFile:
    file = path / "__init__.py" if path.is_dir() else path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    nodes = list(ast.walk(tree))
    documented = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    parameters: dict[str, frozenset[str]] = {}
    for node in nodes:
        if isinstance(node, ast.arg) and node.annotation is not None:
            types = parameters.get(node.arg, frozenset())
            parameters[node.arg] = types | list_names_in(node.annotation)
    return PythonFile(
        [ast.get_docstring(node) or "" for node in nodes if isinstance(node, documented)],
        frozenset(list_bound_names(tree.body)),
        {node.name: map_members_to_types(node) for node in classes},
        {node.name: frozenset().union(*map(list_names_in, node.bases)) for node in classes},
        parameters,
    )


@cache
def python_files() -> list[PythonFile]:
    return [parse_python(file) for file in project_files() if file.suffix == ".py"]


@cache
def class_has(class_name: str, *names: str) -> bool:
    """Whether a class of ours, or one that it inherits from, has this member, and its type the
    next one.
    """
    for file in python_files():
        types = file.members.get(class_name, {}).get(names[0])
        if types is not None and (
            len(names) == 1 or any(class_has(owner, *names[1:]) for owner in types)
        ):
            return True
        bases = file.bases.get(class_name, frozenset()) - {class_name}
        if any(class_has(base, *names) for base in bases):
            return True
    return False


def resolve_in_module(path: Path, names: list[str]) -> bool:
    """Whether a module has a name, and where that is a class, the class its member."""
    return names[0] in parse_python(path).names and (len(names) == 1 or class_has(*names))


def resolve_in_project(dotted: str) -> bool:
    """Whether a module, a name that it has, or a member of one of our classes is called so."""
    if dotted in modules():
        return True
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        paths = modules().get(".".join(parts[:length]), [])
        if any(resolve_in_module(path, parts[length:]) for path in paths):
            return True
    # A class and its member, a parameter and what its class has.
    owners = [parts[0]]
    for file in python_files():
        owners += file.parameters.get(parts[0], ())
    return any(class_has(owner, *parts[1:]) for owner in owners)


def resolve_outside(dotted: str) -> bool:
    """Whether `pandas.read_csv` names something of a library."""
    parts = dotted.split(".")
    try:
        value: Any = importlib.import_module(parts[0])
    except ImportError:
        return False
    return all((value := getattr(value, part, None)) is not None for part in parts[1:])


def resolve_path(passage: Passage, path: str) -> bool:
    bases = [
        ROOT,
        *(ROOT / name for name in ("dashboard", "dashboard/web", "tests")),
        passage.file.parent,
    ]
    return any(any(base.glob(path)) for base in bases)


def missing_names(passage: Passage) -> Iterator[str]:
    patterns = [_DOTTED, _BARE_DOTTED] if passage.file.suffix in (".py", ".html") else [_DOTTED]
    for match in (match for pattern in patterns for match in pattern.finditer(passage.text)):
        dotted = match.group(1)
        if dotted.split(".")[0] in _NOT_OURS or _FILES_OF_OTHERS.fullmatch(dotted):
            continue
        if dotted in file_names():
            continue
        if not resolve_in_project(dotted) and not resolve_outside(dotted):
            yield dotted


def missing_files(passage: Passage) -> Iterator[str]:
    text = re.sub(r"https?://\S+", "", passage.text)
    named = {match.group(0) for match in _PATH.finditer(text)}
    if passage.file.suffix == ".md":
        named |= set(_LINK.findall(text))
    for path in sorted(named):
        if not path.startswith((".", "/")) and not resolve_path(passage, path):
            yield path


def missing_commands(passage: Passage) -> Iterator[str]:
    for module, command in _MODULE_RUN.findall(passage.text):
        if module not in modules() or (module == "dashboard" and command not in {*commands(), ""}):
            yield f"python -m {module} {command}".strip()
    for path in _FILE_RUN.findall(passage.text):
        if not (ROOT / path).is_file():
            yield f"python {path}"
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for target in _MAKE.findall(passage.text):
        if target not in targets:
            yield f"make {target}"


def find_leftovers(find_missing: Callable[[Passage], Iterator[str]]) -> list[str]:
    return sorted(
        {f"{passage}: {name}" for passage in passages() for name in find_missing(passage)}
    )


def test_every_name_of_code_that_is_written_down_is_there() -> None:
    assert find_leftovers(missing_names) == [], (
        "write the name that it has now, or strike it: ~~…~~"
    )


def test_every_file_that_is_written_down_is_there() -> None:
    leftovers = find_leftovers(missing_files)
    assert leftovers == [], "write where it lies now, or strike it: ~~…~~"


def test_every_command_that_is_written_down_runs() -> None:
    leftovers = find_leftovers(missing_commands)
    assert leftovers == [], "write the command as `make help` names it"


def test_what_is_no_more_would_be_noticed() -> None:
    gone = Passage(
        ROOT / "docs" / "decisions.md",
        "`periods.gone_since_long`, `Report.gone`, `report.readiness.gone` in store/gone.sql, "
        "`python -m dashboard gone`, `make gone`",
    )
    assert list(missing_names(gone)) == [
        "periods.gone_since_long",
        "Report.gone",
        "report.readiness.gone",
    ]
    assert list(missing_files(gone)) == ["store/gone.sql"]
    assert list(missing_commands(gone)) == ["python -m dashboard gone", "make gone"]


def test_every_word_of_the_glossary_is_a_word_of_the_code() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    written = set(re.findall(r"`([A-Za-z_]\w*)`", glossary))
    suffixes = {".py", ".toml", ".sql"}
    code = [
        file for file in project_files() if file.suffix in suffixes and "tests" not in file.parts
    ]
    used = set(re.findall(r"\w+", "\n".join(file.read_text(encoding="utf-8") for file in code)))
    assert sorted(written - used) == [], "write the name that the code has now"


def test_every_document_is_reachable_from_the_readme() -> None:
    reached = set()
    to_read = [ROOT / "README.md"]
    while to_read:
        file = to_read.pop()
        if file in reached:
            continue
        reached.add(file)
        links = _LINK.findall(file.read_text(encoding="utf-8")) if file.suffix == ".md" else []
        linked = [(file.parent / link).resolve() for link in links]
        to_read += [path / "README.md" if path.is_dir() else path for path in linked]
    documents = {file for file in project_files() if file.suffix == ".md"}
    unreachable = sorted(str(file.relative_to(ROOT)) for file in documents - reached)
    assert unreachable == [], "link them from README.md or from a document that it links"
