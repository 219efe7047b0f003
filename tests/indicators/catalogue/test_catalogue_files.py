"""The catalogue's files: every mistake is told at once, with its file, entry and field."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dashboard.indicators.catalogue import FILES, FOLDER, GROUPS, CatalogueInvalid, load_catalogue
from dashboard.indicators.catalogue.loader import LIMITS

SIGNALS = "signals.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real files, to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "indicators"))


def replace_text(file: Path, before: str, after: str) -> None:
    """Exchange the only (or first) occurrence."""
    prose = file.read_text(encoding="utf-8")
    assert before in prose
    file.write_text(prose.replace(before, after, 1), encoding="utf-8")


def list_mistakes(folder: Path) -> list[str]:
    with pytest.raises(CatalogueInvalid) as caught:
        load_catalogue(folder, LIMITS)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def test_the_real_files_are_read_in_the_order_of_the_page(folder: Path) -> None:
    assert load_catalogue(folder, LIMITS).groups == GROUPS
    assert {file.name for file in FOLDER.iterdir()} == set(FILES), "no file is forgotten"


def test_prose_follows_the_limits_of_the_code(folder: Path) -> None:
    changed = load_catalogue(folder, {**LIMITS, "silent_after_days": 45, "source_remains": 0.4})
    indicators = {entry.code: entry for group in changed.groups for entry in group.indicators}
    assert "quá 45 ngày" in indicators["silent"].formula.vi
    assert "older than 45 days" in indicators["silent"].formula.en
    assert any("40%" in edge.vi for edge in indicators["source"].edges)


def test_every_limit_is_quoted_somewhere() -> None:
    prose = "".join((FOLDER / name).read_text(encoding="utf-8") for name in FILES)
    assert set(LIMITS) <= set(re.findall(r"\{(\w+)", prose))


def test_an_unknown_field_is_told_with_file_entry_and_field(folder: Path) -> None:
    replace_text(folder / SIGNALS, "meaning.vi", "sense.vi = 'x'\nmeaning.vi")
    assert list_mistakes(folder) == [
        "signals.toml: indicator network_falling, trường sense: "
        "không có trường này; xóa hoặc sửa tên"
    ]


def test_a_missing_field_is_told_with_file_entry_and_field(folder: Path) -> None:
    replace_text(folder / SIGNALS, 'meaning.en = "A line has become much slower."\n', "")
    assert list_mistakes(folder) == [
        "signals.toml: indicator network_falling, trường meaning.en: thiếu; hãy thêm"
    ]


def test_an_entry_without_a_code_is_told_by_its_number(folder: Path) -> None:
    replace_text(folder / SIGNALS, 'code = "certificates_expiring"\n', "")
    assert list_mistakes(folder) == [
        "signals.toml: indicator 2 (không có code), trường code: thiếu; hãy thêm"
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_unknown_limit_is_told_with_file_entry_and_field(folder: Path, language: str) -> None:
    spoilt = f"formula.{language} = '{{signal_days}}'"
    pattern = rf'formula\.{language} = """.*?"""'
    file = folder / SIGNALS
    prose = file.read_text(encoding="utf-8")
    file.write_text(re.sub(pattern, spoilt, prose, count=1, flags=re.DOTALL), encoding="utf-8")
    (mistake,) = list_mistakes(folder)
    assert mistake.startswith(
        f"signals.toml: indicator network_falling, trường formula.{language}: "
        "{signal_days} không phải số nào; chọn level_codes, "
    )


def test_a_result_may_only_name_figures_that_are_expected(folder: Path) -> None:
    replace_text(folder / SIGNALS, "{now} so với", "{later} so với")
    assert list_mistakes(folder) == [
        "signals.toml: indicator network_falling, trường example.result: "
        "{later} không phải số nào; chọn now, before, since, back"
    ]


@pytest.mark.parametrize("spoilt", ["{probe_days", "{probe_days:y}", "{grain_names:.0%}"])
def test_a_placeholder_that_is_written_wrongly_is_told(folder: Path, spoilt: str) -> None:
    replace_text(folder / SIGNALS, "told days.", f"told days. {spoilt}")
    (mistake,) = list_mistakes(folder)
    assert "indicator network_falling, trường edge.2.en: chỗ trống viết sai" in mistake


def test_an_unknown_phrase_and_unknown_words_are_told_with_those_that_exist(folder: Path) -> None:
    file = folder / "freshness.toml"
    replace_text(file, 'source.phrase = "configured"', 'source.phrase = "set_up"')
    replace_text(file, 'values = "freshness_states"', 'values = "ages"')
    first, second = list_mistakes(folder)
    assert "indicator freshness, trường source: không có [phrase.set_up]; chọn own_rule" in first
    assert "indicator freshness, trường values: không có [terms.ages]; chọn levels" in second


def test_a_phrase_beside_words_is_refused(folder: Path) -> None:
    replace_text(folder / SIGNALS, "unit.phrase", "unit.vi = 'x'\nunit.phrase")
    (mistake,) = list_mistakes(folder)
    assert "trường unit: ghi phrase, hoặc vi và en" in mistake


def test_a_code_that_stands_twice_is_told_with_both_files(folder: Path) -> None:
    replace_text(folder / SIGNALS, 'code = "network_falling"', 'code = "pace"')
    replace_text(folder / SIGNALS, 'code = "signals"', 'code = "moving"')
    assert list_mistakes(folder) == [
        "signals.toml: group moving, trường code: đã có trong readiness.toml; đổi tên",
        "signals.toml: indicator pace, trường code: đã có trong readiness.toml; đổi tên",
    ]


def test_a_phrase_that_stands_in_two_files_is_told(folder: Path) -> None:
    replace_text(folder / SIGNALS, "[phrase.signal]", "[phrase.own_rule]")
    assert "signals.toml: phrase.own_rule: đã ghi ở tệp khác; chỉ giữ một" in list_mistakes(folder)


def test_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    replace_text(folder / "words.toml", 'name.vi = "Xanh"', 'name.vi = ""')
    replace_text(folder / "throughput.toml", 'code = "paused"', 'code = "Paused!"')
    replace_text(folder / "ranking.toml", "[phrase.place", "[owner]\n[phrase.place")
    (folder / SIGNALS).write_text("code = ", encoding="utf-8")
    (folder / "freshness.toml").unlink()
    expected_starts = (
        "signals.toml: không đọc được (",
        "freshness.toml: không đọc được (",
        "words.toml: terms.levels, trường green.name.vi: để trống; hãy viết",
        "throughput.toml: indicator Paused!, trường code: ",
        "ranking.toml: owner: không có trường này; xóa hoặc sửa tên",
    )
    mistakes = list_mistakes(folder)
    for mistake, start in zip(mistakes, expected_starts, strict=True):
        assert mistake.startswith(start)
