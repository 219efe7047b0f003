"""Static files, compressed once and served in front of Dash with the right cache lives.

Dash would compress nothing, or (flask-compress) everything on each request and break 304.
Instead every file that the page asks for is fetched from the app once at set-up, written under its
own address with a brotli and a gzip twin, and served by WhiteNoise.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
import dash
from flask import Flask
from werkzeug.test import Client
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from dashboard.settings import ROOT, Settings
from dashboard.version import compute_build_stamp
from dashboard.web import bundles, plotly_bundle
from dashboard.web.base_path import locate_path

MANIFEST = "manifest.json"
_PREPARED_FOR = "build"  # the stamp of the program whose files were compressed
_REFERENCE = re.compile(
    r'(?:src|href|content)="(/(?:_dash-component-suites|assets|bundles|vendor)/[^"#]+)"'
)
_FINGERPRINT = re.compile(r"\.v[\w-]+m[0-9a-f]+\.")
_FOR_EVER = "max-age=31536000, public, immutable"
_REVALIDATE = "no-cache"
_ANOTHER_BUILD = Response(status=404, headers={"Cache-Control": "no-store"})


def find_asset_address(name: str) -> str:
    """The address of an asset with its content's fingerprint; empty where there is none."""
    file = ROOT / "assets" / name
    if not file.is_file():
        return ""
    return locate_path(f"/assets/{name}?m={_fingerprint_asset(file, file.stat().st_mtime_ns)}")


@lru_cache(maxsize=100)
def _fingerprint_asset(file: Path, _modified: int) -> str:
    return _hash_content(file.read_bytes())[:12]


def is_of_other_build(path: str, fingerprint: str, static_dir: Path) -> bool:
    """Whether an address names a file that another build has: what stands here under its name would
    be kept as that one for ever, by browsers and by a proxy.
    """
    own = ""
    if path.startswith(bundles.FOLDER):
        name = path.removeprefix(bundles.FOLDER)
        own = bundles.build_bundle_address(name) if name in bundles.list_bundles() else ""
    elif path == plotly_bundle.PLOTLY_PATH:
        own = plotly_bundle.make_plotly_address(static_dir)
    elif path.startswith("/assets/"):
        own = find_asset_address(path.removeprefix("/assets/"))
    return bool(own) and not own.endswith(f"?m={fingerprint}")


def list_referenced_files(html: str) -> list[str]:
    """Addresses of this server's files that a page names, without their query, in their order."""
    addresses = [address for several in _REFERENCE.findall(html) for address in several.split()]
    return list(dict.fromkeys(address.partition("?")[0] for address in addresses))


def build_static_files(settings: Settings, app: dash.Dash) -> list[str]:
    """Writes what the pages need, compressed, to `settings.static_dir`; returns the addresses that
    changed.

    A file whose content is as before is not compressed again, so that a second start takes a
    second.
    """
    static_dir = settings.static_dir
    server = app.server
    digests_before = _read_manifest(static_dir)
    client = make_inner_client(server)
    contents: dict[str, bytes] = {}
    page_bundles = [f"{bundles.FOLDER}{name}" for name in bundles.list_bundles()]
    page = client.get("/").text.replace(f'="{settings.base_path}/', '="/')
    for address in [*list_referenced_files(page), *page_bundles]:
        response = client.get(address)
        if response.status_code == 200:
            contents[address] = response.get_data()
        response.close()
    digests = {address: _hash_content(content) for address, content in contents.items()}
    changed = [
        address
        for address, digest in digests.items()
        if digests_before.get(address) != digest or not _locate_file(static_dir, address).is_file()
    ]
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(
            pool.map(
                lambda address: _write_compressed(
                    _locate_file(static_dir, address), contents[address]
                ),
                changed,
            )
        )
    for address in digests_before.keys() - digests.keys():
        for suffix in ("", ".br", ".gz"):
            Path(f"{_locate_file(static_dir, address)}{suffix}").unlink(missing_ok=True)
    static_dir.mkdir(parents=True, exist_ok=True)
    (static_dir / MANIFEST).write_text(json.dumps(digests, indent=1), encoding="utf-8")
    (static_dir / _PREPARED_FOR).write_text(compute_build_stamp(), encoding="utf-8")
    return changed


def is_prepared(static_dir: Path) -> bool:
    """Whether the compressed files are those of this program as it stands."""
    try:
        return (static_dir / _PREPARED_FOR).read_text(encoding="utf-8") == compute_build_stamp()
    except (OSError, ValueError):
        return False


def make_inner_client(server: Flask) -> Client:
    """Asks Flask itself, past the middleware: a copy made earlier must not be copied once more."""
    return Client(lambda environ, start: Flask.wsgi_app(server, environ, start))


def _read_manifest(static_dir: Path) -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((static_dir / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return manifest


def _hash_content(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _locate_file(static_dir: Path, address: str) -> Path:
    return static_dir / address.lstrip("/")


def _write_compressed(target: Path, content: bytes) -> None:
    """The file and its two twins; each appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    variants = {
        "": content,
        ".br": brotli.compress(content, quality=11, lgwin=24 if len(content) > 4_000_000 else 22),
        ".gz": gzip.compress(content, 9, mtime=0),
    }
    for suffix, payload in variants.items():
        unfinished = Path(f"{target}{suffix}.new")
        unfinished.write_bytes(payload)
        unfinished.replace(f"{target}{suffix}")


class StaticMiddleware(WhiteNoise):
    """Answers for the files of `static_dir`; everything else goes on to the app.

    A file is kept for ever only when the address that was asked for carries a fingerprint: in its
    name (Dash's bundles) or as `?m=…` (assets). All others are asked for again and answered with
    304. A fingerprint of another build is 404: while machines change one by one, the other has it.
    """

    def __init__(self, *args: Any, static_dir: Path, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._static_dir = static_dir

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if query.startswith("m="):
            fingerprint = query[2:].partition("&")[0]
            if is_of_other_build(environ.get("PATH_INFO", ""), fingerprint, self._static_dir):
                return _ANOTHER_BUILD(environ, start_response)
            start_response = _keep_for_ever(start_response)
        result: Iterable[bytes] = super().__call__(environ, start_response)
        return result


def _keep_for_ever(start_response: Callable[..., Any]) -> Callable[..., Any]:
    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        if status.startswith("200") and ("Cache-Control", _REVALIDATE) in headers:
            headers = [
                (name, _FOR_EVER if name == "Cache-Control" else value) for name, value in headers
            ]
        return start_response(status, headers, *rest)

    return start


def install_static_middleware(server: Flask, static_dir: Path) -> None:
    """Serves the files of `static_dir` before Flask is asked; without a manifest nothing changes.

    A file whose source was edited since the last build is left out: the app serves it as it is now.
    Where the program is the one that they were built for, no source was, but plotly.js, which is
    none of it.
    """
    is_same_program = is_prepared(static_dir)
    middleware = StaticMiddleware(
        server.wsgi_app,
        static_dir=static_dir,
        allow_all_origins=False,
        max_age=None,
        add_headers_function=_set_cache_headers,
    )
    for address, digest in _read_manifest(static_dir).items():
        is_there = _locate_file(static_dir, address).is_file()
        if is_there and (
            (is_same_program and address != plotly_bundle.PLOTLY_PATH)
            or _is_as_built(address, digest, static_dir)
        ):
            middleware.add_file_to_dictionary(address, str(_locate_file(static_dir, address)))
    server.wsgi_app = middleware  # type: ignore[method-assign]


def _is_as_built(address: str, digest: str, static_dir: Path) -> bool:
    """Whether the source still is what the copy was made of.

    Dash's own files carry their version and time in the address; ours are compared.
    """
    name = address.removeprefix(bundles.FOLDER)
    if name in bundles.list_bundles():
        return _hash_content(bundles.build_bundle(name).encode()) == digest
    if not address.startswith(("/assets/", "/vendor/")):
        return True
    original = ROOT / address.lstrip("/")
    if address == plotly_bundle.PLOTLY_PATH:
        original = plotly_bundle.locate_plotly(static_dir)
    return original.is_file() and _hash_content(original.read_bytes()) == digest


def _set_cache_headers(headers: Any, _path: str, url: str) -> None:
    headers["Cache-Control"] = _FOR_EVER if _FINGERPRINT.search(url) else _REVALIDATE
    headers["X-Content-Type-Options"] = "nosniff"
