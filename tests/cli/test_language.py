"""The command line speaks one language at a time: which one, and no word of the other slips in."""

from __future__ import annotations

import argparse
import ast
import json
import os
import pickle
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from dashboard import reference
from dashboard.__main__ import main
from dashboard.cli.language import (
    PARSER_WORDS,
    choose_language,
    load_english,
    tell_user,
    translate_message,
)
from dashboard.cli.parser import build_parser
from dashboard.errors import SettingInvalid
from dashboard.messages import join_messages, quote_name, write_message
from dashboard.settings import ROOT
from tests.sources.forms import form, save_xlsx, some_communes
from tools.golden_record import list_bad_tables

VIETNAMESE_LETTERS = re.compile(r"[À-ÖØ-öø-ỹ]")
# What a form, a file or an office says is quoted; provinces stand as they are called.
QUOTED = re.compile(r'"[^"\n]*"')
PROVINCES = re.compile("|".join(reference.load_province_names().values()))
ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|or|is|are|for|with|that|this|from|by|not|only|what|which|may|be|it|where|them"
    r"|usage|options|arguments?|show|error|default|command|file|folder|expected|invalid)\b",
    re.IGNORECASE,
)
# Names of options, files and choices are the same in every language.
NAMES = re.compile(r"--?[a-z][a-z-]*|\{[^}]*\}|\[[^\]]*\]|\S*[./_]\S*|'[^']*'|mặc định: \w+")


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_LANG", "en")


def walk_parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for subparser in action.choices.values():
                yield from walk_parsers(subparser)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "fr_FR.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_GB", "LANG": "vi_VN"}, "en"),
        ({"LC_ALL": "C", "LANG": "en_US"}, "vi"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
        ({"DASHBOARD_LANG": "vi", "LANG": "en_US"}, "vi"),
        ({"DASHBOARD_LANG": "en", "LANG": "vi_VN"}, "en"),
        ({"DASHBOARD_LANG": " ", "LANG": "en_US"}, "en"),
    ],
)
def test_vietnamese_unless_the_setting_or_the_locale_says_english(
    environment: dict[str, str], language: str
) -> None:
    assert choose_language(environment) == language


def test_another_language_is_refused_in_one_plain_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingInvalid, match='DASHBOARD_LANG: "fr"'):
        choose_language({"DASHBOARD_LANG": "fr"})
    monkeypatch.setenv("DASHBOARD_LANG", "fr")
    for locale, words in (("C", "hãy đặt vi hoặc en"), ("en_US", "set vi or en")):
        monkeypatch.setenv("LC_ALL", locale)
        assert main(["--help"]) == 2
        error = capsys.readouterr().err
        assert words in error
        assert error.count("\n") == 1


def test_no_page_of_help_holds_a_word_of_english() -> None:
    for parser in walk_parsers(build_parser()):
        text = re.sub(r"(?m)^    ?[a-z]+ ", "", parser.format_help())
        assert not ENGLISH_WORDS.findall(NAMES.sub("", text)), text
        assert all(action.help != "" for action in parser._actions)


@pytest.mark.usefixtures("english")
def test_no_page_of_help_holds_a_letter_of_vietnamese() -> None:
    for parser in walk_parsers(build_parser()):
        text = parser.format_help()
        assert not VIETNAMESE_LETTERS.findall(text), text


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["undo", "x"],
        ["backup"],
        ["watch", ".", "--every", "x"],
        ["export", "x", "--province", "51"],
        ["import", "a", "--as-of", "x"],
        ["import", "a", "--period", "x"],
        ["import", "a", "--dry-run=x"],
        ["user", "nothing"],
        ["batches", "--province"],
        ["batches", "--unknown"],
    ],
)
def test_what_the_parser_refuses_is_told_in_one_language(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("vi", "en"):
        monkeypatch.setenv("DASHBOARD_LANG", language)
        with pytest.raises(SystemExit):
            main(arguments)
        error = capsys.readouterr().err
        if language == "en":
            assert not VIETNAMESE_LETTERS.findall(error), error
        else:
            assert not ENGLISH_WORDS.findall(NAMES.sub("", error.replace("dashboard", ""))), error


def test_every_word_of_argparse_that_a_caller_meets_is_translated() -> None:
    """What is left are mistakes of a program that builds its parser wrongly."""
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    words = {
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}
        for part in node.args[:2]
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    mistakes_of_programs = re.compile(
        r"conflict|merge|invalid (option|argument)|dest=|mutually|multiple subparser|callable|mode"
        r"|can't open|is an invalid|subcommands|unexpected option|deprecated|not defined"
    )
    assert not {
        word for word in words - PARSER_WORDS.keys() if not mistakes_of_programs.search(word)
    }
    assert len(words & PARSER_WORDS.keys()) >= 18


@pytest.mark.parametrize("language", ["vi", "en"])
def test_make_help_speaks_the_language_of_the_commands(language: str) -> None:
    # The suite itself may run under make, which would say in which folder it is.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment = {**own, "DASHBOARD_LANG": language}
    help_text = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    lines = [line.split(maxsplit=2)[2] for line in help_text.splitlines()]
    assert len(lines) >= 13
    for line in lines:
        assert bool(VIETNAMESE_LETTERS.search(line)) == (language == "vi"), line
        assert bool(ENGLISH_WORDS.search(line)) <= (language == "en"), line


def marked_templates() -> Iterator[str]:
    """Every template that the code says, as `write_message` or `tell_user` get it."""
    for file in sorted((ROOT / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node, "func", None)
            if getattr(name, "id", "") not in {"write_message", "tell_user"}:
                continue
            assert isinstance(node, ast.Call)
            template = node.args[0]
            assert isinstance(template, ast.Constant), f"{file}:{node.lineno}: write it out"
            assert isinstance(template.value, str)
            fields = {field.split("!")[0] for field in list_fields(template.value)}
            assert fields == {keyword.arg for keyword in node.keywords}, template.value
            yield template.value


# What is Vietnamese whatever the terminal speaks.
NOT_FOR_THE_TERMINAL = {
    "cli/uploads.py": "for the page that sent the file",
    "cli/language.py": "the other way round",
    "cli/notify.py": "words of the mail",
    "cli/watch.py": "advice in the report beside a file",
    "cli/put_away.py": "the note in the report of a file that was deleted",
    "cli/console.py": "who gave a command, as the store keeps it",
}
SPEAKING_MODULES = (
    *("cli/*.py", "*settings.py", "setting_values.py", "__main__.py", "store/*.py", "errors.py"),
    *("indicators/criteria*.py", "indicators/catalogue/*.py", "workdays.py"),
    *("sources/__init__.py", "sources/problems.py"),
)


def unmarked_lines(file: Path) -> Iterator[str]:
    """Words in Vietnamese that neither `write_message` nor `tell_user` gets."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    marked = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"write_message", "tell_user"}
        for part in ast.walk(node.args[0])
    }
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and VIETNAMESE_LETTERS.search(node.value)
            and id(node) not in marked | docstrings
        ):
            yield node.value


@pytest.mark.parametrize("pattern", SPEAKING_MODULES)
def test_no_line_of_a_command_is_left_unmarked(pattern: str) -> None:
    folder = ROOT / "dashboard"
    lines = {
        str(file.relative_to(folder)): [*unmarked_lines(file)] for file in folder.glob(pattern)
    }
    left = {name for name, unmarked in lines.items() if unmarked}
    assert left <= NOT_FOR_THE_TERMINAL.keys(), {name: lines[name] for name in left}
    assert len(lines.get("cli/notify.py", ())) <= 2
    assert len(lines.get("cli/watch.py", ())) <= 1
    assert len(lines.get("cli/put_away.py", ())) <= 2
    assert len(lines.get("cli/console.py", ())) <= 1


def list_fields(template: str) -> list[str]:
    return [field for _, field, _, _ in Formatter().parse(template) if field]


def needs_english(template: str) -> bool:
    """Whether there is a word in it: what only strings values together has none."""
    texts = [literal for literal, _, _, _ in Formatter().parse(template)]
    return any(map(str.isalpha, "".join(texts)))


def test_the_catalogue_has_what_the_code_says_and_nothing_else() -> None:
    said = set(marked_templates())
    needed = set(filter(needs_english, said))
    assert needed - load_english().keys() == set(), "write their English into data/messages/"
    assert load_english().keys() - said == set(), "nobody says them any more: take them out"


def test_no_template_has_its_english_twice() -> None:
    files = sorted((ROOT / "data" / "messages").glob("*.toml"))
    assert len(files) > 1
    templates = [
        template for file in files for template in tomllib.loads(file.read_text(encoding="utf-8"))
    ]
    assert len(templates) == len(set(templates)) == len(load_english())


def test_both_languages_have_the_same_places_and_no_word_of_each_other() -> None:
    # Digits are grouped in both, or in neither: 1.234 is another number in English.
    grouped = re.compile(r"\{\w+:,[^}]*\}")
    for template, english in load_english().items():
        assert sorted(set(list_fields(english))) == sorted(set(list_fields(template))), template
        assert not VIETNAMESE_LETTERS.search(PROVINCES.sub("", QUOTED.sub("", english))), template
        assert sorted(grouped.findall(english)) == sorted(grouped.findall(template)), template


@pytest.mark.usefixtures("english")
def test_a_message_is_vietnamese_everywhere_but_on_the_terminal() -> None:
    message = write_message("{written!r} không phải số giây từ 0.05 đến 3600", written="x")
    assert message == "'x' không phải số giây từ 0.05 đến 3600"
    assert translate_message(message) == "'x' is not a number of seconds from 0.05 to 3600"
    assert tell_user("TỆP") == "FILE"
    assert translate_message("Quảng Ngãi") == "Quảng Ngãi"


@pytest.mark.usefixtures("english")
def test_what_commands_print_holds_no_letter_of_vietnamese(run: Any, tmp_path: Path) -> None:
    file = save_xlsx(tmp_path / "declaration.xlsx", form(some_communes("51", 3)))
    copy = tmp_path / "copy.sqlite"
    square = [[[108.5, 15.0], [108.6, 15.0], [108.6, 15.1], [108.5, 15.0]]]
    feature = {
        "type": "Feature",
        "properties": {"ma_xa": "99999"},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    outlines = tmp_path / "outlines.geojson"
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    commands = [
        ["import", str(file), "--dry-run"],
        ["import", str(file)],
        ["import", str(file)],
        ["batches"],
        ["undo", "1"],
        ["undo", "1"],
        ["undo", "99"],
        ["doctor"],
        ["check"],
        ["upgrade"],
        ["backup", str(copy)],
        ["backup", str(copy)],
        ["restore", str(copy)],
        ["restore", str(file)],
        ["user", "add", "clerk.one", "--role", "clerk", "--province", "51"],
        ["user", "add", "-", "--role", "clerk"],
        ["user", "list"],
        ["user", "lock", "clerk.one"],
        ["user", "role", "clerk.one", "--role", "viewer"],
        ["user", "password", "clerk.one"],
        ["user", "signout", "nobody.here"],
        ["key", "add", "Office"],
        ["key", "list"],
        ["key", "revoke", "9"],
        ["screen", "add", "Wall"],
        ["screen", "list"],
        ["screen", "accept", "9"],
        ["audit", "verify"],
        ["audit", "verify", "--checkpoint", "1"],
        ["notify"],
        ["export", "teams", "--province", "99"],
        ["export", "teams", "--province", "51", "--from", "2026-02-01", "--to", "2026-01-01"],
        ["export", "form-II.06a", "--province", "51"],
        ["bulletin", "--province", "51", "--day", "2020-01-01", "--output", "x"],
        ["watch", str(tmp_path / "nowhere")],
        ["outlines", str(tmp_path / "nowhere")],
        ["outlines", str(file)],
        ["outlines", str(outlines)],
    ]
    for arguments in commands:
        _, out, err = run(*arguments)
        assert out or err, arguments
        assert not VIETNAMESE_LETTERS.search(PROVINCES.sub("", out + err)), (arguments, out, err)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("name", ["PORT", "DASHBOARD_TODAY", "DASHBOARD_LOG_FORMAT"])
def test_a_setting_that_cannot_be_used_is_told_in_english(
    name: str, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "nonsense")
    status, _, err = run("check")
    assert status == 2
    assert err.startswith(f'Setting {name}: "nonsense" cannot be used; ')
    assert not VIETNAMESE_LETTERS.search(err)


def find_vietnamese(output: str) -> list[str]:
    """The lines in which a Vietnamese letter stands outside quotation marks."""
    return [
        line
        for line in output.splitlines()
        if VIETNAMESE_LETTERS.search(PROVINCES.sub("", QUOTED.sub("", line)))
    ]


@pytest.mark.usefixtures("english")
def test_problems_and_refusals_are_told_in_english(run: Any, tmp_path: Path) -> None:
    grid = form(some_communes("51", 3))
    column = next(index for row in grid for index, cell in enumerate(row) if cell == "Đã cấp")
    grid[-1][column] = "abc"
    file = save_xlsx(tmp_path / "declaration.xlsx", grid)
    (tmp_path / "letter.txt").write_text("Kính gửi", encoding="utf-8")
    _, out, err = run("import", str(file), str(tmp_path / "letter.txt"), "--dry-run")
    assert f'row {len(grid)}, column "Chữ ký số > Đã cấp": "abc" is not a number; ' in out
    assert "letter.txt: no table was found in the file; " in err
    assert find_vietnamese(out + err) == []


@pytest.mark.usefixtures("english")
def test_files_of_all_sorts_are_explained_and_refused_in_english(run: Any, tmp_path: Path) -> None:
    """The bad files of the golden record: a mistake of each kind that a reader knows."""
    files = [bad for bad in list_bad_tables() if bad.name.endswith((".csv", ".json"))]
    assert len(files) > 50
    for bad in files:
        (tmp_path / bad.name).write_bytes(bad.content)
    _, out, err = run("import", "--dry-run", *(str(tmp_path / bad.name) for bad in files))
    assert find_vietnamese(out + err) == []
    assert len(err.splitlines()) > 20
    assert len(out.splitlines()) > 100


@pytest.mark.usefixtures("english")
def test_collected_files_are_told_in_english(run: Any, shared: Path) -> None:
    files = [
        path
        for folder in ("samples", "cases/importer")
        for path in sorted((shared / folder).rglob("*.*"))
        if path.suffix in {".xlsx", ".csv", ".json", ".xls"}
        and path.name not in {"truth.json", "expected.json"}
    ]
    assert len(files) > 30
    _, out, err = run("import", "--dry-run", *map(str, files))
    assert find_vietnamese(out + err) == []
    for path in files[::8]:
        _, out, err = run("explain", str(path))
        assert find_vietnamese(out + err) == []


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "criteria.toml",
            '[[rule]]\nvalid_from = 2025-07-01\nred_when = "never"\n',
            "has mistakes (7):",
        ),
        ("criteria.toml", "[[", "is no valid TOML"),
        ("layouts.toml", '[[layout]]\nname = "X"\nkind = "readiness"\n', 'field "headings": there'),
        ("layouts.toml", '[[layout]]\nname = "X"\nkind = "no"\nignore = ["Cột"]\n', 'no kind "no"'),
    ],
)
def test_files_of_the_administrator_are_refused_in_english(
    name: str, content: str, words: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    if name == "criteria.toml":
        monkeypatch.setenv("DASHBOARD_CRITERIA", str(file))
        status, out, err = run("doctor")
    else:
        status, out, err = run("explain", str(file), "--layout", str(file))
    assert status == 2
    assert words in out + err
    assert find_vietnamese(out + err) == []


@pytest.mark.usefixtures("english")
def test_a_part_is_translated_wherever_it_stands_and_lives_through_a_pickle() -> None:
    """Problems cross processes, and one message stands within another, or in a list."""
    part = write_message("dòng {row}", row=7)
    message = write_message("trang {sheets}: {note}", sheets=['"A"', '"B"'], note=part)
    line = join_messages(
        "; ",
        [
            message,
            write_message(
                "{rows:,.0f} dòng có số ô khác dòng tiêu đề (dòng {named})", rows=1234.0, named="7"
            ),
        ],
    )
    assert line == 'trang "A", "B": dòng 7; 1.234 dòng có số ô khác dòng tiêu đề (dòng 7)'
    english = 'sheet "A", "B": row 7; rows with another number of cells than the row of headings: '
    copied = pickle.loads(pickle.dumps(line))
    assert translate_message(copied) == translate_message(line) == f"{english}1,234 (7)"
    assert translate_message(quote_name("Xã Sơn Hà")) == '"Xã Sơn Hà"'
