"""The rules of the house hold for what comes after, too: names, layers, sizes.

`CONTRIBUTING.md` gives the reasons. What import contracts can say stands in `pyproject.toml`; here
stands what they cannot.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboard.settings import ROOT

# Names that say nothing of what they hold.
VAGUE_NAMES = {
    *("found", "one", "told", "at", "asked", "place", "known", "whole", "kind"),
    *("data", "obj", "tmp", "val", "res", "item", "thing", "stuff", "info"),
}
VAGUE_SHARE = 0.02
CLEAR_FUNCTION_SHARE = 0.95
# What a protocol calls for: each room adds itself to the server, each command starts, each
# migration upgrades.
PROTOCOL_NAMES = frozenset({"register", "main", "upgrade"})
REPEATED_FUNCTION_NAMES = 10
SINGLE_IMPORTERS = 17
# In a thousand lines of code.
MOST_CONDITIONAL_EXPRESSIONS = 18.5
SQL = re.compile(r"(?s)\s*(?:SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s.+\sSET\s|DELETE\s+FROM\s)")
# Such a remark must stand on the line that it speaks of.
REMARK_FOR_TOOLS = re.compile(r"\s+# (?:type: ignore|noqa)\b.*$")
CLOCKS = frozenset({"today", "now", "utcnow"})


class Module(NamedTuple):
    """A module: its dotted name, its text, its tree and all nodes of it."""

    name: str
    file: Path
    text: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]

    @property
    def path(self) -> str:
        return str(self.file.relative_to(ROOT))


@cache
def list_modules(folder: str) -> tuple[Module, ...]:
    modules = []
    for file in sorted((ROOT / folder).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(text)
        modules.append(Module(name, file, text, tree, tuple(ast.walk(tree))))
    return tuple(modules)


def product_modules() -> tuple[Module, ...]:
    return list_modules("dashboard")


def assigned_names(module: Module) -> Iterator[tuple[str, int]]:
    """Variables, parameters and fields, with the line where each stands."""
    for node in module.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def public_functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in module.tree.body:
        if isinstance(node, functions) and not node.name.startswith("_"):
            yield node


def public_function_names() -> list[tuple[str, str]]:
    """Each with its module."""
    return [
        (function.name, module.name)
        for module in product_modules()
        for function in public_functions(module)
    ]


def modules_by_name(names: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    modules: dict[str, set[str]] = defaultdict(set)
    for name, module in names:
        modules[name].add(module)
    return modules


def select_repeated(modules: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {name: sorted(several) for name, several in modules.items() if len(several) > 1}


def imported_modules(module: Module) -> Iterator[str]:
    """Modules of the product that a module imports, also inside its functions."""
    product_names = {other.name for other in product_modules()}
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full_name = f"{node.module}.{alias.name}"
                yield full_name if full_name in product_names else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def page_folders() -> list[Path]:
    """Folders of `web` that hold one page each: all but what pages share."""
    shared = {"documents", "words", "charts", "api", "__pycache__"}
    folders = (path for path in (ROOT / "dashboard" / "web").iterdir() if path.is_dir())
    return sorted(folder for folder in folders if folder.name not in shared)


@pytest.mark.parametrize("folder", ["dashboard", "tests", "tools"])
def test_names_say_what_they_hold(folder: str) -> None:
    total = 0
    vague = []
    for module in list_modules(folder):
        for name, line in assigned_names(module):
            total += name not in {"self", "cls", "_"}
            if name.strip("_") in VAGUE_NAMES:
                vague.append(f"{module.path}:{line} {name}")
    assert len(vague) <= VAGUE_SHARE * total, (
        f"{len(vague)} of {total} names say nothing; name the thing in the office's or the field's "
        f"words (docs/glossary.md): {vague}"
    )


def test_public_functions_are_verb_and_object() -> None:
    names = [
        (node.name, module.path)
        for module in product_modules()
        for node in public_functions(module)
    ]
    short = [f"{path}: {name}" for name, path in names if "_" not in name]
    assert len(short) <= (1 - CLEAR_FUNCTION_SHARE) * len(names), (
        f"say what each does with what, as in `fetch_open_dossiers`: {short}"
    )


def test_a_class_name_exists_once() -> None:
    classes = modules_by_name(
        (node.name, module.name)
        for module in product_modules()
        for node in module.nodes
        if isinstance(node, ast.ClassDef)
    )
    repeated = select_repeated(classes)
    assert not repeated, f"name each by what sets it apart from the other: {repeated}"


def test_a_public_function_name_stands_for_one_function() -> None:
    functions = modules_by_name(public_function_names())
    repeated = select_repeated(functions)
    own = {name: modules for name, modules in repeated.items() if name not in PROTOCOL_NAMES}
    assert len(own) <= REPEATED_FUNCTION_NAMES, f"say of what each speaks: {own}"


def test_modules_are_ideas_of_their_own() -> None:
    importers: dict[str, set[str]] = defaultdict(set)
    for module in product_modules():
        for imported in imported_modules(module):
            importers[imported].add(module.name)
    single = sorted(
        module.name
        for module in product_modules()
        if not module.file.name.startswith("__")
        and len(importers[module.name]) == 1
        # one module a command and one a page is the rule (CONTRIBUTING.md): the parser names each
        # command once, the server each page
        and importers[module.name] != {"dashboard.__main__"}
        and not (
            module.name.endswith(".page") and importers[module.name] == {"dashboard.web.server"}
        )
        # nor one a kind of file, which the list of kinds names once
        and not (
            module.name.startswith("dashboard.sources.kinds.") and module.name.endswith(".reader")
        )
        # what a page alone says and draws stands in its folder, beside it; a folder's own way in
        # is that folder, too
        and module.name.rpartition(".")[0]
        not in {importer.rpartition(".")[0] for importer in importers[module.name]}
        | importers[module.name]
    )
    assert len(single) <= SINGLE_IMPORTERS, (
        "what one file alone uses, and nobody would look for by its name, belongs into that file: "
        f"{single}"
    )


@pytest.mark.parametrize("folder", ["dashboard", "tools"])
def test_a_conditional_expression_is_one_choice_on_one_line(folder: str) -> None:
    long = [
        f"{module.path}:{node.lineno}"
        for module in list_modules(folder)
        for node in module.nodes
        if isinstance(node, ast.IfExp)
        and (
            isinstance(node.body, ast.IfExp)
            or isinstance(node.orelse, ast.IfExp)
            or node.lineno != node.end_lineno
        )
    ]
    assert not long, f"write an early return, a small function or a mapping: {long}"


def test_conditional_expressions_are_few() -> None:
    lines = 0
    choices: Counter[str] = Counter()
    for module in product_modules():
        written = (line.strip() for line in module.text.splitlines())
        lines += sum(bool(line) and not line.startswith("#") for line in written)
        choices[module.path] = sum(isinstance(node, ast.IfExp) for node in module.nodes)
    share = 1000 * choices.total() / lines
    assert share <= MOST_CONDITIONAL_EXPRESSIONS, (
        f"{share:.1f} in a thousand lines; an early return, a small function or a mapping reads "
        f"plainer: {choices.most_common(10)}"
    )


@pytest.mark.parametrize("folder", ["dashboard", "tools"])
def test_a_line_assigns_one_value(folder: str) -> None:
    """But for a swap: two names that take each other's values."""
    packed = [
        f"{module.path}:{node.lineno}"
        for module in list_modules(folder)
        for node in module.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Tuple)
        and any(
            isinstance(target, ast.Tuple)
            and {ast.unparse(name) for name in target.elts}
            != {ast.unparse(value) for value in node.value.elts}
            for target in node.targets
        )
    ]
    assert not packed, f"give each name a line of its own: {packed}"


def test_lines_have_at_most_100_characters() -> None:
    folders = [ROOT / name for name in ("dashboard", "tests", "tools")]
    files = [ROOT / "app.py", *(file for folder in folders for file in folder.rglob("*.py"))]
    long_lines = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(REMARK_FOR_TOOLS.sub("", line)) > 100
    ]
    assert not long_lines, f"split the line, or the idea: {long_lines}"


def test_layout_is_the_formatter_s() -> None:
    kept = [module.path for module in product_modules() if "fmt: skip" in module.text]
    assert not kept, f"write it so that `make format` may lay it out: {kept}"


def test_pages_never_import_each_other() -> None:
    pages = {f"dashboard.web.{folder.name}" for folder in page_folders()}
    crossing = []
    for module in product_modules():
        own = next((page for page in pages if module.name.startswith(page + ".")), None)
        for imported in imported_modules(module) if own else ():
            other = next((page for page in pages if f"{imported}.".startswith(page + ".")), own)
            if other != own:
                crossing.append(f"{module.path} imports {imported}")
    assert not crossing, (
        f"what two pages need belongs into web/words, web/charts or web/documents: {crossing}"
    )


def test_each_page_folder_opens_with_its_page() -> None:
    without = [folder.name for folder in page_folders() if not (folder / "page.py").is_file()]
    assert not without, f"one folder a page, and its way in is page.py: {without}"


def test_every_page_folder_is_named_in_the_contract_of_siblings() -> None:
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    siblings = re.search(r'"(overview \| [^"]+)"', contracts)
    assert siblings is not None, "the contract `within the web` lists the page folders"
    named = set(siblings.group(1).split(" | "))
    missing = {folder.name for folder in page_folders()} - named
    assert not missing, (
        f"add the folder to the contract `within the web` in pyproject.toml: {missing}"
    )


def test_only_the_store_speaks_sql() -> None:
    speaking = [
        f"{module.path}:{node.lineno}"
        for module in product_modules()
        if not module.name.startswith("dashboard.store")
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert not speaking, f"a question to the store is a function of dashboard/store: {speaking}"
    stray = [str(file) for file in ROOT.glob("dashboard/**/*.sql") if "store" not in file.parts]
    assert not stray, f"queries lie in dashboard/store/queries: {stray}"


def test_indicators_have_no_clock() -> None:
    reading = [
        f"{module.path}:{node.lineno}"
        for module in product_modules()
        if module.name.startswith("dashboard.indicators")
        for node in module.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value) in {"date", "datetime", "pd.Timestamp", "time"}
    ]
    assert not reading, f"take the day as a parameter: yesterday must compute as it did: {reading}"


def test_migrations_follow_each_other_in_one_line() -> None:
    """Two of one number are two heads, and no store opens."""
    files = sorted((ROOT / "dashboard" / "store" / "migrations" / "versions").glob("*.py"))
    revisions: list[str] = []
    for number, file in enumerate(files, 1):
        content = file.read_text(encoding="utf-8")
        revision = re.search(r'^revision = "(\d+)"$', content, re.MULTILINE)
        previous = re.search(r'^down_revision = (?:"(\d+)"|None)$', content, re.MULTILINE)
        assert revision is not None, file.name
        assert previous is not None, file.name
        assert revision[1] == file.name[:4] == f"{number:04}", file.name
        assert previous[1] == (revisions[-1] if revisions else None), file.name
        revisions.append(revision[1])
