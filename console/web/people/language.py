"""The language of whoever is not logged in: a cookie that the switch on the login page writes."""

from __future__ import annotations

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from console.blueprint import public
from console.web.i18n import LANGUAGE, TEXTS
from console.web.links import own_path
from console.web.people._blueprint import blueprint
from console.web.session import is_secure

LIVES_S = 365 * 24 * 3600


@blueprint.post("/language")
@public
def language() -> Response:
    """Keep the chosen language in this browser and go back; one that nobody wrote texts for is forgotten."""
    chosen = request.form.get("language", "")
    response = redirect(own_path(request.form.get("next")), 303)
    if chosen in current_app.extensions[TEXTS].languages:
        response.set_cookie(
            LANGUAGE, chosen, max_age=LIVES_S, path="/", secure=is_secure(request), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(LANGUAGE, path="/")
    return response
