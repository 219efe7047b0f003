"""Charts and the map taken along as pictures: a file of its own that says whose it is, in light
colours.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.web import theme
from tests.browser.test_pages_document import FITS, opened
from tools.running import Server

DARK = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}
# Size of a picture, the colour of its corner, and how many of its pixels have each of the given
# colours.
LOOK = """async ({file, colours}) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + file;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const {data} = pen.getImageData(0, 0, image.width, image.height);
    const counts = new Map();
    for (let at = 0; at < data.length; at += 4) {
        const key = (data[at] << 16) + (data[at + 1] << 8) + data[at + 2];
        counts.set(key, (counts.get(key) || 0) + 1);
    }
    const number = (colour) => parseInt(colour.slice(1), 16);
    return [image.width, image.height,
            (data[0] << 16) + (data[1] << 8) + data[2] === number(colours[0]),
        colours.map((colour) => counts.get(number(colour)) || 0)];
}"""
LIGHT = [theme.pick_colour(name) for name in ("paper", "ink", "green", "red", "unknown", "accent")]


# What a picture would be made of: its words, and its drawing as an image's address.
MADE = """button => new Promise((resolve) => {
    dashboard.on('picture', resolve);
    button.click();
})"""


def saved(page: Page, button: Locator) -> tuple[str, int, int, list[int]]:
    """Name, width, height and the pixels in each of LIGHT, of the picture that `button` gives;
    white to its corner.
    """
    with page.expect_download() as waiting:
        button.click()
    file = Path(waiting.value.path()).read_bytes()
    assert file.startswith(b"\x89PNG\r\n")
    assert 20_000 < len(file) < 2_000_000
    width, height, white, colours = page.evaluate(
        LOOK, {"file": base64.b64encode(file).decode(), "colours": LIGHT}
    )
    assert white
    return waiting.value.suggested_filename, width, height, colours


def test_the_map_is_saved_whole_with_title_and_legend_in_light_colours(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**DARK), server, "?province=51&commune=21250")
    page.evaluate("() => dashboard.zoomBy(4)")
    name, width, height, (paper, ink, green, red, unknown, _) = saved(
        page, page.locator("#save-map")
    )
    assert (name, width) == ("ban-do_51_2026-11-22.png", 2048)
    assert height > 1200
    size = width * height
    assert paper > size * 0.3
    assert green > size * 0.1  # half of the province, the patterns of the others apart
    assert min(red, unknown) > size * 0.005
    assert ink > 2000  # title and legend


def test_tiles_of_another_layer_and_day_are_saved_as_such(page: Page, server: Server) -> None:
    opened(page, server, "?province=25&view=tiles&show=on_time&as_of=2026-08-31")
    page.wait_for_selector("#dossiers-over-time .main-svg")
    below = page.locator("#save-map").evaluate(MADE)["below"]
    assert below[0].startswith("Nguồn: Số liệu mô phỏng, đến 31/08/2026")
    name, _, height, (_, ink, *_) = saved(page, page.get_by_role("button", name="Tải ảnh bản đồ"))
    assert name == "ban-do_25_2026-08-31.png"
    assert height > 1200
    assert ink > 10_000  # names upon tiles


def test_charts_of_the_first_page_are_saved_in_light_colours(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**DARK), server, "?province=51")
    page.wait_for_selector("#dossiers-over-time .main-svg")
    for title, plain, colour in (
        ("Đơn vị đạt mức Xanh theo ngày", "don-vi-dat-muc-xanh-theo-ngay", 2),
        ("Hồ sơ tiếp nhận và giải quyết theo ngày", "ho-so-tiep-nhan-va-giai-quyet-theo-ngay", 5),
    ):
        name, width, height, colours = saved(
            page, page.get_by_role("button", name=f"Tải ảnh biểu đồ {title}")
        )
        assert name == f"{plain}_51_2026-11-22.png"
        assert (width, height > 1000) == (2048, True)
        assert colours[0] > width * height * 0.55
        assert colours[colour] > 1000  # its main line, its mean


def test_what_a_document_draws_is_saved_with_whose_it_is_and_from_whom(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**DARK), server, "xa/21250?province=51")
    button = page.locator('[data-picture="criteria"]')
    made = button.evaluate(MADE)
    assert made["above"] == "Xã Nghĩa Giang · Quảng Ngãi · ngày 22/11/2026"
    assert made["below"][0].startswith(
        "Nguồn: các đơn vị tự kê khai và kết quả kiểm tra, tính đến 20/11/2026 · "
    )
    drawn = unquote(made["drawing"])
    assert "110,2 Mbps" in drawn
    assert drawn.count('class="spark') == page.locator("#criteria .spark").count() > 10
    name, width, height, colours = saved(page, button)
    assert name.endswith("_21250_2026-11-22.png")
    assert (width, height > 700) == (2048, True)
    assert colours[0] > width * height * 0.7
    assert colours[2] > 2000  # the signs of what is green
    page.locator("#figure-ket-qua").scroll_into_view_if_needed()
    page.wait_for_selector("#figure-tiep-nhan [data-drawn=yes] .main-svg >> nth=0")
    meta = page.evaluate(
        "() => document.querySelector('#figure-tiep-nhan .js-plotly-plot').layout.meta"
    )
    assert meta["subject"] == "Xã Nghĩa Giang"
    assert meta["source"].startswith("Số liệu mô phỏng, đến 22/11/2026")
    name, width, _, colours = saved(page, page.locator("#figure-tiep-nhan .picture"))
    assert (name, width) == ("tiep-nhan-moi-tuan-so-voi-nhom_21250_2026-11-22.png", 2048)
    assert colours[5] > 1000
    opened(page, server, "so-sanh?province=51&xa=21250,21548")
    compared = unquote(page.locator('[data-picture="compared"]').evaluate(MADE)["drawing"])
    assert "Đặc khu Lý Sơn" in compared
    assert 'class="remove"' not in compared, "what is pressed stays on the page"


@pytest.mark.parametrize("path", ["", "ho-so"])
def test_the_button_is_reached_by_keyboard_and_is_not_on_paper(
    page: Page, server: Server, path: str
) -> None:
    opened(page, server, path)
    button = page.locator("#save-map" if not path else "#figure-theo-tuan .picture")
    (page.locator("#figure-theo-tuan") if path else button).scroll_into_view_if_needed()
    if path:
        page.wait_for_selector("#figure-theo-tuan [data-drawn=yes] .main-svg >> nth=0")
    button.focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    box = button.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    assert page.evaluate(FITS)
    page.emulate_media(media="print")
    expect(button).to_be_hidden()


def test_a_picture_that_cannot_be_made_is_told_on_the_button(page: Page, server: Server) -> None:
    opened(page, server, "?province=51")
    button = page.locator("#save-map")
    page.evaluate(
        "() => { HTMLCanvasElement.prototype.toBlob = () => { throw new Error('no memory'); }; }"
    )
    button.click()
    expect(button).to_have_text("Chưa tải được ảnh bản đồ")


def test_the_first_page_copies_its_address_too(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(
        new_page(permissions=["clipboard-read", "clipboard-write"]), server, "?show=network"
    )
    for choice, day in (
        ("của ngày 22/11/2026", "&as_of=2026-11-22"),
        ("luôn theo số liệu mới nhất", ""),
    ):
        page.get_by_text("Sao chép liên kết").click()
        page.get_by_role("button", name=choice).click()
        expect(page.locator("#shared")).to_contain_text("Đã chép liên kết")
        address = page.evaluate("navigator.clipboard.readText()")
        assert address == f"{server.address}?show=network&province=51{day}"
