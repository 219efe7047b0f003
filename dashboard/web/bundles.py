"""One script and one style sheet a page, put together from what its opening files import.

`dashboard/web/<page>/page.js` opens a page: it imports what it needs, and so do those, until all is
there. The modules become one file: each in a function of its own that returns what it exports,
those that others need first. So a name may stand in several modules, and nothing depends on the
order of files. `page.css` does the same with `@import` for styles. Comments stay here; nothing else
is minified (docs/decisions.md says what that would save).

Only simple forms are understood, and a test keeps to them: `import { a, b } from "./x.js";` and
`export function|async function|const|class`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, abort

from dashboard.errors import DashboardError
from dashboard.settings import ROOT
from dashboard.web.base_path import locate_path

WEB = ROOT / "dashboard" / "web"
# Every page's frame asks for it: it asks again for what was lost.
LOADER = ROOT / "assets" / "loading.js"
# What all forms open with that have no script of their own (documents/forms.py).
FORMS = ROOT / "assets" / "writing.js"
# What stands in frames of other sites (documents/small_views.py).
SMALL_VIEW = (WEB / "documents" / "small_view.js", WEB / "documents" / "small_view.css")
_OF_NO_PAGE = {file.name: file for file in (LOADER, FORMS, *SMALL_VIEW)}
FOLDER = "/bundles/"
# What is written in place of the packages of components (overview/dash_parts.js says why).
DASH_PARTS = WEB / "overview" / "dash_parts.js"
# A rendered `/` must name a script of this name: Dash checks that its renderer is there. What it is
# made of stands in its name as in those of Dash's own, so that a copy made of other packages is
# never taken for it.
DASH = f"{FOLDER}dash_renderer."
_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "(\.[^"]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)
_STYLE_IMPORT = re.compile(r'^@import "(\.[^"]+\.css)";\n', re.MULTILINE)
# Comments on lines of their own, and those that end a line of code: nothing that may be part of a
# string.
_COMMENT = re.compile(
    r"^[ \t]*/\*(?s:(?:(?!\*/).)*)\*/[ \t]*\n|^[ \t]*//.*\n| // [^\"'`\n]*$| /\*[^\"'`\n*]*\*/$",
    re.MULTILINE,
)
_INSTALLED_AT = re.compile(r"(\.v[\w-]+)m[0-9a-f]+(?=\.)")
_MAP = re.compile(rb"^//# sourceMappingURL=.*$", re.MULTILINE)
# What assets/loading.js asks of every script: whether it came. Those put together with others
# run as part of one element, which is marked by each of them.
_SAY_HERE = 'if (document.currentScript) document.currentScript.dataset.ran = "";\n'
# Dash's own line starts its renderer where the script before it came in time; a late one does it
# itself.
_START_LATE_RENDERER = (
    'if ("late" in document.currentScript.dataset) window.renderer = new window.DashRenderer();'
)
# Between two questions for the loading script: a kilobyte, which a slow line brings in time.
_LOADER_SECONDS = 8
_TYPES = {".js": "text/javascript", ".css": "text/css"}


class BundleError(DashboardError):
    """A script or style that cannot be put together: which, and why."""


def list_bundles() -> list[str]:
    """Of every bundle: `overview.js`, `overview.css` …, and the scripts of no page."""
    pages = (file for file in WEB.glob("*/page.*") if file.suffix in _TYPES)
    return sorted([*_OF_NO_PAGE, *(f"{file.parent.name}{file.suffix}" for file in pages)])


def locate_opening(name: str) -> Path:
    """The file that a bundle begins with."""
    page, _, kind = name.partition(".")
    return _OF_NO_PAGE.get(name) or WEB / page / f"page.{kind}"


@lru_cache(maxsize=64)
def build_bundle(name: str) -> str:
    """The text of a bundle, made once: a running program keeps the scripts of its own version."""
    opening = locate_opening(name)
    if opening.suffix not in _TYPES or not opening.is_file():
        raise BundleError(f"{name}: there is no {opening.relative_to(ROOT)}")
    return build_script(opening) if opening.suffix == ".js" else build_style(opening)


def build_bundle_address(name: str) -> str:
    """Where a bundle is fetched from, with the fingerprint of its text, so that a browser may keep
    it for ever.
    """
    return locate_path(f"{FOLDER}{name}?m={_fingerprint_bundle(name)}")


@lru_cache(maxsize=64)
def _fingerprint_bundle(name: str) -> str:
    return _fingerprint(build_bundle(name).encode())


def build_loader_frame() -> str:
    """What every page carries in its own text: a frame without a document of its own that asks for
    the script which asks again for whatever was lost (assets/loading.js), and renews itself until
    that one came. So no single lost file leaves a page dead, and no inline script is needed.
    """
    inside = (
        f"<meta http-equiv='refresh' content='{_LOADER_SECONDS}'>"
        f"<script src='{build_bundle_address(LOADER.name)}'></script>"
    )
    return f'<iframe hidden data-loader title="Tải lại tệp thiếu" srcdoc="{inside}"></iframe>'


def build_script(opening: Path) -> str:
    """The modules that `opening` needs and itself, in one function.

    Each module in one of its own.
    """
    modules = _COMMENT.sub("", "".join(_as_function(module) for module in list_modules(opening)))
    return f'(function () {{\n"use strict";\n{_SAY_HERE}{modules}}})();\n'


def list_modules(opening: Path) -> list[Path]:
    """Every module that is needed, those that others import before them. Raises BundleError for a
    circle.
    """
    return list(_in_order(opening, _IMPORT, lambda match: match[2]))


def build_style(opening: Path) -> str:
    """The style sheets that `opening` imports, in that order, each once, and its own rules after
    them.
    """
    files = _in_order(opening, _STYLE_IMPORT, lambda match: match[1])
    return _COMMENT.sub(
        "", "".join(_STYLE_IMPORT.sub("", file.read_text(encoding="utf-8")) for file in files)
    )


def list_exports(source: str) -> list[str]:
    """The names that a module gives to others."""
    return [name for _, name in _EXPORT.findall(source)]


def join_dash_scripts(sources: list[str], fetch: Callable[[str], bytes]) -> bytes:
    """What Dash would have a page load one by one, in one: React, its renderer, the elements of
    HTML, our parts.
    """
    parts = [_MAP.sub(b"", fetch(source)) for source in sources]
    parts.insert(-1, _build_dash_parts().encode())
    parts.append(_START_LATE_RENDERER.encode())
    return b"\n;\n".join(parts)


def build_dash_address(sources: list[str]) -> str:
    """The address of those, whose own addresses say of which version they are. When they were
    installed is another moment on each machine, and no part of it.
    """
    versions = [_INSTALLED_AT.sub(r"\1", source) for source in sources]
    parts = "\n".join([*versions, _build_dash_parts(), _START_LATE_RENDERER])
    return f"{DASH}v1m{_fingerprint(parts.encode())}.js"


@cache
def _build_dash_parts() -> str:
    return build_script(DASH_PARTS)


def register(server: Flask) -> None:
    """Serves the bundles; their compressed copies, once built, stand in front of this."""

    @server.get(f"{FOLDER}<name>")
    def bundle(name: str) -> Response:
        if name not in list_bundles():
            abort(404)
        return respond_with_file(build_bundle(name).encode(), Path(name).suffix)


def respond_with_file(body: bytes, suffix: str) -> Response:
    """A script or a style sheet, asked for again each time unless its address carries a
    fingerprint.
    """
    response = Response(body, mimetype=_TYPES[suffix])
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    return response


def _in_order(
    file: Path,
    pattern: re.Pattern[str],
    path_of: Callable[[re.Match[str]], str],
    done: list[Path] | None = None,
    open_: tuple[Path, ...] = (),
) -> Iterator[Path]:
    done = [] if done is None else done
    if file in open_:
        raise BundleError(
            f"{file.relative_to(ROOT)} imports itself through {open_[-1].relative_to(ROOT)}"
        )
    if file in done:
        return
    if not file.is_file():
        raise BundleError(f"{open_[-1].relative_to(ROOT)} imports {file}, which is not there")
    for match in pattern.finditer(file.read_text(encoding="utf-8")):
        yield from _in_order(
            (file.parent / path_of(match)).resolve(), pattern, path_of, done, (*open_, file)
        )
    done.append(file)
    yield file


def _as_function(module: Path) -> str:
    """`const dashboard_web_wall_clock_js = (function () { … return { clock }; })();`"""
    source = module.read_text(encoding="utf-8")

    def taken(match: re.Match[str]) -> str:
        given = " ".join(match[1].split()).rstrip(",")
        return f"const {{ {given} }} = {_variable((module.parent / match[2]).resolve())};\n"

    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(taken, source))
    given = ", ".join(list_exports(source))
    return f"const {_variable(module)} = (function () {{\n{body}return {{ {given} }};\n}})();\n"


def _variable(module: Path) -> str:
    return re.sub(r"\W", "_", module.relative_to(ROOT).as_posix())


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:12]
