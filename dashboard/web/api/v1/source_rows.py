"""Rows of /api/v1 about what was told: readings with their files, and the files themselves."""

from __future__ import annotations

from typing import Any

from dashboard.measures import MEASURES
from dashboard.web.api.report import jsonify_number
from dashboard.web.api.v1.asking import ProvinceQuestion, count_days, find_day, zone_moment
from dashboard.web.api.v1.models import ReadingRow, SourceRow
from dashboard.web.documents import data_sources


def list_reading_rows(question: ProvinceQuestion) -> list[ReadingRow]:
    """The newest value by the day of each commune, measure and basis; communes as on the screen."""
    frame = question.reports.latest_readings(question.province, question.day, question.version)
    # Of any day: one batch of today can tell of last year.
    sources = question.reports.loaded(question.province, question.version).sources
    files = sources.set_index("id").to_dict("index")
    names = question.commune_names
    order = {code: position for position, code in enumerate(names)}
    rows = [
        _build_reading_row(question, reading, files[reading["batch"]], names)
        for reading in frame.to_dict("records")
    ]
    return sorted(rows, key=lambda row: order[row.commune_code])


def _build_reading_row(
    question: ProvinceQuestion, reading: dict[Any, Any], file: dict[Any, Any], names: dict[str, str]
) -> ReadingRow:
    measure = MEASURES[reading["measure"]]
    value = jsonify_number(float(reading["value"]))
    assert value is not None, "a reading without a value is not stored"
    return ReadingRow(
        commune_code=reading["commune_code"],
        name=names[reading["commune_code"]],
        measure=measure.code,
        measure_name=measure.name,
        type=measure.type,
        basis=reading["basis"],
        value=value,
        as_of=reading["as_of"].date(),
        age_days=count_days(question.day, reading["as_of"]),
        batch=int(reading["batch"]),
        source=file["kind"],
        origin=file["origin"],
        file_name=file["file_name"],
    )


def list_source_rows(question: ProvinceQuestion) -> list[SourceRow]:
    """The files of which figures are of the day or before, newest import first, as /du-lieu lists
    them; not who imported them.
    """
    words = data_sources.list_kind_words()
    batches = data_sources.fetch_batches_until(
        question.reports.engine, question.province, question.day
    )
    return [
        SourceRow.model_validate(
            {
                "batch": int(batch["batch"]),
                "source": batch["kind"],
                "source_name": words.get(batch["kind"], batch["kind"]),
                "origin": batch["origin"],
                "file_name": batch["file_name"],
                "as_of": zone_moment(batch["as_of"]),
                "period_from": find_day(batch["period_from"]),
                "period_to": find_day(batch["period_to"]),
                "imported_at": zone_moment(batch["imported_at"]),
                "rows": int(batch["row_count"]),
                "problems": int(batch["problem_count"]),
                "counts": bool(batch["counts"]),
                "undone_at": zone_moment(batch["undone_at"]),
            }
        )
        for batch in batches.to_dict("records")
    ]
