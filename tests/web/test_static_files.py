"""Static files are compressed once, served with the right cache lives, and never stale."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import brotli
import dash
import pytest
from flask.testing import FlaskClient

from dashboard import store
from dashboard.cli.serve import compress_changed_files
from dashboard.settings import Settings, read_settings
from dashboard.web import plotly_bundle, static_files
from dashboard.web.server import create_app
from tools.running import environment_in


@pytest.fixture(scope="module")
def built_once(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with compressed static files, over a small stand-in for plotly.js; what set-up
    compressed for the sample is not compressed again.
    """
    folder = tmp_path_factory.mktemp("built")
    settings = read_settings(environment_in(folder))
    store.prepare_store(settings.database_url).dispose()
    shutil.copytree(sample_folder / "static", settings.static_dir)
    put_bundle(settings, b"/* plotly.js stand-in */" * 100)
    static_files.build_static_files(settings, create_app(settings))
    return folder


@pytest.fixture
def built(settings: Settings, built_once: Path, tmp_path: Path) -> dash.Dash:
    """An app with its compressed static files in front of it."""
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    return create_app(settings)


def put_bundle(settings: Settings, content: bytes) -> None:
    """A lean bundle as set-up would have fetched it; the real one takes ten seconds to compress."""
    lean = plotly_bundle.locate_lean_plotly(settings.static_dir)
    lean.parent.mkdir(parents=True, exist_ok=True)
    lean.write_bytes(content)


@pytest.fixture
def client(built: dash.Dash) -> Iterator[FlaskClient]:
    with built.server.test_client() as client:
        yield client


def references(client: FlaskClient) -> list[str]:
    return static_files.list_referenced_files(client.get("/").text)


def test_every_file_that_the_page_names_is_compressed_and_reads_back_the_same(
    settings: Settings, client: FlaskClient
) -> None:
    named = references(client)
    assert any("dash_renderer" in address for address in named)
    assert plotly_bundle.PLOTLY_PATH in named
    for address in named:
        file = settings.static_dir / address.lstrip("/")
        content = file.read_bytes()
        assert brotli.decompress(Path(f"{file}.br").read_bytes()) == content
        assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == content


def test_a_second_build_compresses_nothing_again(
    settings: Settings, built: dash.Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert static_files.build_static_files(settings, built) == []
    assert static_files.is_prepared(settings.static_dir)
    monkeypatch.setattr(static_files, "compute_build_stamp", lambda: "of another program")
    assert not static_files.is_prepared(settings.static_dir), "serve compresses first"


def test_serve_compresses_what_changed_and_serves_where_it_cannot(
    settings: Settings, built: dash.Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert compress_changed_files(settings) == ""
    manifest = settings.static_dir / static_files.MANIFEST
    digests = json.loads(manifest.read_text(encoding="utf-8"))
    digests["/bundles/overview.js"] = "of another program"
    manifest.write_text(json.dumps(digests), encoding="utf-8")
    stamp = settings.static_dir / "build"
    stamp.write_text("of another program", encoding="utf-8")
    assert compress_changed_files(settings) == "Đã nén 1 tệp tĩnh cho bản này."
    assert static_files.is_prepared(settings.static_dir)
    stamp.unlink()
    stamp.mkdir()
    assert "python -m dashboard setup" in compress_changed_files(settings)


def test_a_bundle_fetched_after_the_first_build_replaces_the_copy_made_before(
    settings: Settings, built: dash.Dash
) -> None:
    put_bundle(settings, b"/* another bundle */")
    assert static_files.build_static_files(settings, create_app(settings)) == [
        plotly_bundle.PLOTLY_PATH
    ]
    with (
        create_app(settings).server.test_client() as client,
        client.get(plotly_bundle.PLOTLY_PATH) as response,
    ):
        assert response.data == b"/* another bundle */"


def test_a_file_that_no_page_names_any_more_is_taken_away(
    settings: Settings, built: dash.Dash
) -> None:
    gone = settings.static_dir / "assets" / "gone.js"
    static_files._write_compressed(gone, b"old")
    manifest = settings.static_dir / static_files.MANIFEST
    manifest.write_text(manifest.read_text().replace("{", '{"/assets/gone.js": "0",', 1))
    static_files.build_static_files(settings, built)
    assert not gone.exists()
    assert not Path(f"{gone}.br").exists()


def test_an_address_with_a_fingerprint_is_kept_for_ever(client: FlaskClient) -> None:
    page = client.get("/").text
    addresses = [
        address for several in static_files._REFERENCE.findall(page) for address in several.split()
    ]
    assert any(address.startswith(plotly_bundle.PLOTLY_PATH) for address in addresses)
    for address in addresses:
        with client.get(address) as response:
            assert "immutable" in response.headers["Cache-Control"], address


def test_a_fingerprint_of_another_build_is_not_here(client: FlaskClient) -> None:
    for address in references(client):
        if "_dash-component-suites" not in address and "dash_renderer" not in address:
            with client.get(f"{address}?m=0123456789ab") as response:
                assert response.status_code == 404, address
                assert response.headers["Cache-Control"] == "no-store"
    with client.get("/bundles/dash_renderer.v1m0123456789ab.js") as response:
        assert response.status_code == 404


@pytest.mark.parametrize("address", ["/bundles/overview.js", plotly_bundle.PLOTLY_PATH])
def test_an_address_without_a_fingerprint_is_asked_again_and_answered_with_304(
    client: FlaskClient, address: str
) -> None:
    with client.get(address, headers={"Accept-Encoding": "br"}) as first:
        assert first.headers["Cache-Control"] == "no-cache"
        assert first.headers["Content-Encoding"] == "br"
        etag = first.headers["ETag"]
    with client.get(address, headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304
        assert again.data == b""


def test_a_browser_that_takes_no_compression_gets_the_plain_file(client: FlaskClient) -> None:
    with client.get(plotly_bundle.PLOTLY_PATH, headers={"Accept-Encoding": "identity"}) as response:
        assert "Content-Encoding" not in response.headers
        assert response.data.startswith(b"/* plotly.js")


def test_a_bundle_edited_since_the_build_is_served_as_it_is_now(
    settings: Settings, built: dash.Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.static_dir / "bundles" / "wall.js").write_text("old", encoding="utf-8")
    manifest = settings.static_dir / static_files.MANIFEST
    manifest.write_text(
        manifest.read_text().replace('"/bundles/wall.js": "', '"/bundles/wall.js": "0')
    )
    (settings.static_dir / "build").write_text("of the program before", encoding="utf-8")
    with (
        create_app(settings).server.test_client() as client,
        client.get("/bundles/wall.js") as response,
    ):
        assert response.data != b"old"


def test_without_a_build_the_app_serves_everything_itself(settings: Settings) -> None:
    with create_app(settings).server.test_client() as client:
        for address in references(client):
            with client.get(address) as response:
                assert response.status_code == 200, address


def test_the_plotly_bundle_in_use_is_the_version_that_the_plotly_package_speaks(
    settings: Settings,
) -> None:
    from plotly.offline import get_plotlyjs_version

    assert (
        f"v{get_plotlyjs_version()}".encode()
        in plotly_bundle.locate_plotly(settings.static_dir).read_bytes()[:400]
    )


def test_without_npm_the_bundle_of_the_package_is_used_and_said_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert "bản đầy đủ" in plotly_bundle.fetch_lean_plotly(settings.static_dir)
    assert plotly_bundle.locate_plotly(settings.static_dir).name == "plotly.min.js"
