"""`/?commune=…`: the code of a commune decides its province, as it does at `/xa/…`."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from dashboard import reference
from dashboard.settings import Settings
from dashboard.web.base_path import locate_path
from dashboard.web.documents.document import read_page_view


def register(server: Flask, settings: Settings) -> None:
    """Leads an address of `/` that names a commune of another province to that one."""

    @server.before_request
    def lead_to_its_province() -> ResponseReturnValue | None:
        if request.path != "/" or request.method != "GET":
            return None
        communes = reference.load_communes()
        code = request.args.get("commune", "")
        view = read_page_view(settings)
        if code not in communes.index or communes.at[code, "province_code"] == view.province:
            return None
        fields = {**request.args.to_dict(), "province": str(communes.at[code, "province_code"])}
        return redirect(f"{locate_path('/')}?{urlencode(fields)}")
