"""Pages that people write on: the plain frame, the token of their forms, kept by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_wtf.csrf import generate_csrf

from dashboard.web import bundles
from dashboard.web.documents import navigation
from dashboard.web.documents.document import PRODUCT_TITLE
from dashboard.web.documents.guarded_sections import TEMPLATES

# Tells pages who is signed in, so that they show it: no right comes from it.
NAME_COOKIE = "dashboard_account"


@dataclass(frozen=True)
class FormPage:
    """One answer of a form: its template, whose style it has, what it writes, its status where that
    is not the usual one, and its script: that of all forms or one of its own.
    """

    template: str
    bundle: str
    context: dict[str, Any]
    status: int | None = None
    script: str = bundles.FORMS.name

    def find_status(self) -> int:
        """Usually 200, and 400 where it says what is wrong with what was sent."""
        if self.status is not None:
            return self.status
        return 400 if self.context.get("fault") else 200


def render_form(page: FormPage) -> Response:
    """A page of the plain frame (plain.html); `csrf` is the token that its forms carry."""
    body = TEMPLATES.get_template(page.template).render(
        pages=navigation.PAGES,
        bar_path=navigation.find_bar_path(request.path),
        style=bundles.build_bundle_address(f"{page.bundle}.css"),
        product=PRODUCT_TITLE,
        csrf=generate_csrf(),
        signed_in=request.cookies.get(NAME_COOKIE, "")[:40],
        url=url_for,
        script=bundles.build_bundle_address(page.script),
        **page.context,
    )
    answer = Response(body, status=page.find_status(), mimetype="text/html")
    answer.headers["Cache-Control"] = "no-store"
    return answer
