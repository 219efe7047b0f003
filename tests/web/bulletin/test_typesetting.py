"""A bulletin as PDF: read by another program, at most two pages, tagged, its letters embedded, the
same bytes again; whatever stands in a name stays text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from dashboard.errors import DashboardError
from dashboard.indicators.report import Report
from dashboard.outlines.in_use import load_outlines
from dashboard.settings import ROOT
from dashboard.web.bulletin import typesetting
from dashboard.web.bulletin.drawing import draw_bulletin_map, tell_map_caption
from dashboard.web.bulletin.words import EDITIONS, Bulletin, list_bulletin_sections
from tests import making
from tests.web.reporting import CODES, KINDS, TODAY, report_of

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9) +1",
    "<script>alert(1)</script> &amp; ]]>",
    '#sys.inputs #read("/etc/passwd") #panic()',
    "*đậm* _nghiêng_ $x^2$ [ô] `mã` = tiêu đề \\ // /* - + @nhãn <nhãn>",
]


def compose(report: Report) -> Bulletin:
    sections = list_bulletin_sections(report, EDITIONS["day"], KINDS)
    return Bulletin("Bản tin ngày 22/11/2026", "Quảng Ngãi", "", sections, "Phiên bản 1")


def squeeze(words: str) -> str:
    return re.sub(r"\s+", "", words)


def typeset(bulletin: Bulletin) -> bytes:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    return typesetting.typeset_bulletin(bulletin, svg, "Bản đồ", "Chú giải", TODAY)


def test_every_sentence_is_read_back_from_two_tagged_pages() -> None:
    report = report_of(
        readings=pd.concat(
            [
                making.declaration(code, TODAY - timedelta(days=3), signature_issued=issued)
                for code, issued in zip(CODES[:4], (2, 9, 17, 20), strict=True)
            ]
        )
    )
    bulletin = compose(report)
    content = typeset(bulletin)
    reader: Any = PdfReader(BytesIO(content))

    assert 1 <= len(reader.pages) <= 2
    assert reader.metadata.title == bulletin.title
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith("vi")
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    read = squeeze("".join(page.extract_text() for page in reader.pages))
    for section in bulletin.sections:
        for words in (section.title, *(line.words + line.note for line in section.lines)):
            assert squeeze(words) in read, words
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile3", "/FontFile2"} & set(descendant["/FontDescriptor"])
    assert content == typeset(bulletin)
    assert list_faults(content) == []


def list_faults(pdf: bytes) -> list[str]:
    """What the rules of PDF/UA-1 say against it."""
    report = validate_pdf_bytes(pdf, profile=ValidationProfile.PDF_UA_1)
    return [failure.message for failure in report.failures]


def test_hostile_names_stay_text_in_words_and_on_the_map() -> None:
    declared = [making.declaration(code, TODAY, signature_issued=2) for code in CODES]
    report = report_of(readings=pd.concat(declared))
    report.communes["name"] = HOSTILE
    outline = load_outlines("51", ROOT / "nowhere")
    svg = draw_bulletin_map(report, outline, [0, 1])
    pdf = typesetting.typeset_bulletin(compose(report), svg, HOSTILE[3], HOSTILE[4], TODAY)
    read = squeeze("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))

    assert "<script" not in svg
    for name in HOSTILE:
        assert squeeze(name) in read, name
    assert b"/JavaScript" not in pdf
    assert list_faults(pdf) == []


def test_far_too_much_to_say_still_is_two_pages() -> None:
    bulletin = compose(report_of(declared=dict.fromkeys(CODES, TODAY)))
    sections = tuple(
        replace(section, lines=section.lines * 12) if section.code == "sources" else section
        for section in bulletin.sections
    )

    assert len(PdfReader(BytesIO(typeset(replace(bulletin, sections=sections)))).pages) == 2


def test_a_typesetter_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_MEMORY", 1_000_000)

    with pytest.raises(DashboardError, match="Không dàn được"):
        typeset(compose(report_of()))


def test_map_says_whose_outlines_it_has() -> None:
    outline = load_outlines("51", ROOT / "nowhere")

    assert "không phải địa giới" in tell_map_caption(outline, [0, 1])
    assert "địa giới" not in tell_map_caption(replace(outline, source="office"), [])


def test_the_pages_lead_to_the_pdf_which_few_may_ask_often(own_pages: FlaskClient) -> None:
    for address in ("/ban-tin?province=51", "/ban-tin?edition=month", "/ban-tin/hop?province=51"):
        page = own_pages.get(address)
        assert page.status_code == 200
        assert b"state-box" in page.data or "Tình hình chung".encode() in page.data
        assert "đang lỗi" not in page.text
    assert (
        "/ban-tin/ban-tin.pdf?province=51&amp;edition=week"
        in own_pages.get("/ban-tin?province=51&edition=week").text
    )
    outside = {"REMOTE_ADDR": "192.0.2.7"}
    answers = [
        own_pages.get("/ban-tin/ban-tin.pdf?province=51", environ_overrides=outside)
        for _ in range(31)
    ]
    assert answers[0].mimetype == "application/pdf"
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429


def test_meeting_is_stamped_and_found_again_by_its_address(own_pages: FlaskClient) -> None:
    answer = own_pages.get("/ban-tin/hop?province=51&from=2026-11-08&to=2026-11-20")
    assert answer.status_code == 302
    assert answer.location.endswith("/ban-tin/hop?province=51&as_of=2026-11-20&from=2026-11-08")
    page = own_pages.get(answer.location).text
    assert "Từ lần họp trước: 08/11/2026 đến 20/11/2026" in page
    assert "Phiên bản số liệu" in page
    other = own_pages.get(f"{answer.location}&v=9999").text
    assert "Địa chỉ này lập với phiên bản số liệu 9999" in other
    junk = own_pages.get("/ban-tin/hop?province=51&from=2027-01-01&v=<script>").text
    assert "ngày họp trước không hợp lệ" in junk
    assert "v=<script>" not in junk
