"""How errors look: a page, a sentence for htmx, or the API's one shape; always with the request's id."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from flask import Flask, Response, jsonify, render_template, request, url_for
from flask.globals import request_ctx
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, MethodNotAllowed, NotFound

from console.context import current
from console.domain.plan_types import Plan
from console.errors import (
    Busy,
    ConsoleError,
    Forbidden,
    LoginRequired,
    ModuleOff,
    NotReady,
    SchemaBehind,
    SecondFactorNeeded,
    StorageUnavailable,
    TooManyTries,
)
from console.phrases import joined, say
from console.services import plans, schema
from console.storage.session import UNIT
from console.storage.uow import end_read, read_session
from console.toolbox import may
from console.web import denials, htmx, proofs
from console.web.babel import gettext as _
from console.web.headers import request_id
from console.web.links import own_path, page_above, parts_of
from console.web.vendor.catalog import entry_of

log = logging.getLogger("console.web")
TEMPLATES = {401: "forbidden", 403: "forbidden", 404: "not_found", 409: "conflict"}
STORAGE = {Busy.code: "busy", StorageUnavailable.code: "unavailable", SchemaBehind.code: "behind"}
NAMES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "media_type"}
OURS = {
    400: say("The console does not understand this request."),
    405: say("This address does not take requests of that kind."),
    413: say("What was sent is too large."),
    415: say("What was sent is not of a kind that this address takes."),
}


@dataclass(frozen=True, slots=True)
class ShownError:
    """An error as templates and the API show it."""

    status: int
    code: str
    message: str
    hint: str | None
    details: dict[str, object]
    request_id: str


def install(app: Flask) -> None:
    """Answer every error of ``app`` in the right shape."""
    app.register_error_handler(ConsoleError, console_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OverflowError, out_of_range)
    app.register_error_handler(DataError, out_of_range)
    app.register_error_handler(DBAPIError, refused_by_the_database)


def console_error(error: ConsoleError) -> Response:
    """The answer to an error that was raised on purpose."""
    if isinstance(error, LoginRequired):
        return login_first(error)
    if isinstance(error, Forbidden):
        denials.note(error)
    if isinstance(error, SecondFactorNeeded) and not wants_json():
        return htmx.redirect(url_for("people.second_factor"))
    if error.status >= 500 and not isinstance(error, Busy | NotReady | SchemaBehind):
        log.error("request %s: %s %s failed", request_id(), request.method, request.path, exc_info=error)
    if isinstance(error, StorageUnavailable):
        error = _without_reason(error)
    shown = ShownError(error.status, error.code, error.message, error.hint, _plain(error.details), request_id())
    response = proofs.ask(error) if proofs.asks(error) and not wants_json() else _shaped(error, shown)
    if isinstance(error, Busy | NotReady | TooManyTries):
        response.headers["Retry-After"] = str(_seconds(error))
    return response


def _shaped(error: ConsoleError, shown: ShownError) -> Response:
    return _module_off(error, shown) if isinstance(error, ModuleOff) else _answer(shown)


def _without_reason(error: StorageUnavailable) -> StorageUnavailable:
    """The error as everybody may read it; where the database is, and what it said, stays in the log."""
    log.error("request %s: %s %s failed: %s", request_id(), request.method, request.path, error)
    return StorageUnavailable(_("The database cannot be used at the moment. Nothing was changed."))


def http_error(error: HTTPException) -> Response:
    """The answer to an error of HTTP itself; redirects of the router pass."""
    if error.response is not None or (error.code or 500) < 400:
        return cast("Response", Response.force_type(error.get_response(), request.environ))
    status = error.code or 500
    if isinstance(error, MethodNotAllowed) and request.method in ("GET", "HEAD") and not wants_json():
        page = page_above(request_ctx.url_adapter, request.path) if request_ctx.url_adapter else None
        if page is not None:  # the address of a form, loaded again
            return Response("", 303, {"Location": page}, mimetype="text/html")
    if isinstance(error, InternalServerError):
        message: str = say("The request failed and nothing of it was saved.")
        code = "internal_error"
    elif isinstance(error, NotFound):
        message, code = say("There is nothing at this address."), NAMES[404]
    else:
        message, code = _description(error), NAMES.get(status, error.name.lower().replace(" ", "_"))
    response = _answer(ShownError(status, code, message, None, {}, request_id()))
    for name, value in error.get_headers(request.environ):
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _description(error: HTTPException) -> str:
    """What is wrong, in words of ours where werkzeug would use its own."""
    own = error.description != type(error).description
    return (error.description if own else OURS.get(error.code or 0)) or error.description or error.name


def out_of_range(error: Exception) -> Response:
    """The answer when the database cannot even compare what the request gave, a number of thirty digits say."""
    log.warning("request %s: %s %s was out of range", request_id(), request.method, request.path, exc_info=error)
    return http_error(BadRequest(say("A number or text in the request is out of range.")))


def refused_by_the_database(error: DBAPIError) -> Response:
    """The answer to a statement that the database does not understand: its tables may be of another version."""
    end_read()
    if UNIT not in read_session().info and not schema.console_at_head(read_session()):
        return console_error(SchemaBehind(say("The database is not at the version of this code.")))
    raise error


def wants_json() -> bool:
    """Whether the answer is for a program: everything under the API, and whoever asks for JSON before HTML."""
    if request.path.startswith("/api/") or request.path == "/api":
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json" and not accepted.accept_html


def login_first(error: LoginRequired) -> Response:
    """The one answer for visitors, the same whether the address exists or not."""
    if wants_json():
        return _answer(ShownError(401, error.code, error.message, error.hint, {}, request_id()))
    if htmx.is_htmx():
        here = parts_of(request.headers.get("HX-Current-URL"))
        return htmx.sent_elsewhere(_login_url(here.path, here.query), status=401)
    target = _login_url(request.path, request.query_string.decode("latin-1")) if request.method == "GET" else None
    return Response("", 303, {"Location": target or url_for("people.login")}, mimetype="text/html")


def _login_url(path: str, query: str) -> str:
    encoded = quote(path, safe="/%:@!$&'()*+,;=~")
    wanted = own_path(f"{encoded}?{query}" if query else encoded)
    return url_for("people.login", next=wanted if wanted != "/" else None)


def _module_off(error: ModuleOff, shown: ShownError) -> Response:
    scope = current()
    admin = scope.vendor is None and may("modules.toggle")
    platform = scope.platform.name if scope.platform else ""
    is_page = not wants_json() and not htmx.is_partial()
    return _answer(
        shown,
        template="module_off",
        module_name=error.name,
        enable_url=url_for("pages.module_enable", code=error.module) if admin else None,
        admins=_("An admin of %(platform)s can switch it on.", platform=platform),
        entry=entry_of(error.module) if is_page and scope.vendor is not None else None,
        may_ask=may("vendor.ask"),
    )


def _answer(shown: ShownError, *, template: str | None = None, **context: object) -> Response:
    if wants_json():
        names = ("code", "message", "hint", "details", "request_id")
        response = jsonify({"error": {name: getattr(shown, name) for name in names}})
        response.status_code = shown.status
        return response
    if htmx.is_partial():
        text = joined(" ", (shown.message, shown.hint)) if shown.hint else shown.message
        return htmx.toast(text, status=shown.status, look="error")
    name = template or _template(shown)
    page = render_template(f"errors/{name}.html", error=shown, **context)
    return Response(page, shown.status, mimetype="text/html")


def _template(shown: ShownError) -> str:
    if shown.code in STORAGE:
        return STORAGE[shown.code]
    return TEMPLATES.get(shown.status, "bad_request" if shown.status < 500 else "server_error")


def _plain(details: dict[str, object]) -> dict[str, object]:
    """The facts as JSON: a plan in its own document's shape."""
    return {name: plans.as_json(value) if isinstance(value, Plan) else value for name, value in details.items()}


def _seconds(error: Busy | NotReady | TooManyTries) -> int:
    return max(1, round(error.retry_after)) if isinstance(error, NotReady) else error.retry_after_s
