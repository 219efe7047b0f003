"""The path under which a portal shows the dashboard (`DASHBOARD_BASE_PATH`), such as `/dashboard`.

Inside, every address begins at `/`, as if there were no portal; what leaves in a page, a redirect
or a header goes through `locate_path`, and scripts put the path before what they ask for
(assets/base_path.js). A portal may hand requests on with the path or without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, has_request_context, request


def locate_path(path: str) -> str:
    """Where a browser finds a path of ours."""
    return f"{request.script_root}{path}" if has_request_context() else path


class BasePathMiddleware:
    """Takes the path of the portal from what is asked and remembers it as WSGI does."""

    def __init__(self, app: Callable[..., Iterable[bytes]], base_path: str) -> None:
        self._app = app
        self._base_path = base_path

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == self._base_path:
            query = environ.get("QUERY_STRING", "")
            location = f"{path}/{f'?{query}' if query else ''}"
            headers = [("Location", location), ("Content-Length", "0")]
            start_response("308 PERMANENT REDIRECT", headers)
            return []
        if path.startswith(f"{self._base_path}/"):
            environ["PATH_INFO"] = path.removeprefix(self._base_path)
        environ["SCRIPT_NAME"] = self._base_path
        return self._app(environ, start_response)


def install_base_path(server: Flask, base_path: str) -> None:
    """Puts the middleware before all others; without a path nothing changes."""
    if base_path:
        server.wsgi_app = BasePathMiddleware(  # type: ignore[method-assign]
            server.wsgi_app, base_path
        )
