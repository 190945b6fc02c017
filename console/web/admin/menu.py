"""Arranging the menus of a platform: every button sends the whole draft, and only *Save* writes."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.domain import menu_order
from console.domain.menu_draft import Draft, completed, draft_of, stands_of, unnamed
from console.domain.menu_order import Differences, Stand
from console.domain.words import FrontendType
from console.errors import Conflict, ConsoleError, RuleRefused
from console.services import menus, snapshots
from console.services.menus import MenuChange
from console.storage.uow import read_session, unit_of_work
from console.toolbox import may
from console.web import htmx
from console.web.admin import menu_form
from console.web.admin._blueprint import blueprint
from console.web.admin.menu_page import Menu, menu_page
from console.web.babel import gettext as _
from console.web.nav import page_keys

Answer = str | Response


@blueprint.get("/menu")
@requires_permission("menu.view")
def menu() -> Answer:
    """The menu of one frontend as it stands, with what it looks like to people."""
    found = _menu()
    return _show(found, draft_of(found.stands), seen=found.stands)


@blueprint.post("/menu")
@requires_permission("menu.manage")
def menu_change() -> Answer:
    """One step of arranging, which writes nothing, or saving all of them."""
    sent = menu_form.read(request.form)
    found = _menu()
    draft = completed(sent.draft, found.stands)
    if sent.action == "save":
        return _save(found, draft, sent.seen)
    if sent.action == "reset":
        draft = draft_of(menu_order.arrange(found.slots, {}))
    else:
        draft = menu_form.changed(replace(sent, draft=draft), new_name=_("New group"))
    return _show(found, draft, seen=sent.seen, focus=request.form.get("do", ""))


def _menu() -> Menu:
    frontend = FrontendType.VENDOR if request.args.get("frontend") == "vendor" else FrontendType.ADMIN
    snapshot = snapshots.current(read_session(), runtime(), current_platform.id)
    registry = runtime().registry
    places = snapshot.places.get(frontend, {})
    slots, stands = menu_order.standing(registry, frontend, places, pages=page_keys(frontend))
    return Menu(registry, snapshot, frontend, slots, stands)


def _save(found: Menu, draft: Draft, seen: tuple[Stand, ...]) -> Answer:
    if unnamed(draft):
        return _show(found, draft, seen=seen, status=422)
    rt = runtime()
    change = MenuChange(found.frontend, page_keys(found.frontend), seen, stands_of(draft))
    try:
        with unit_of_work() as uow:
            saved = menus.save(uow, rt, current_platform.id, change, actor=current().actor, now=rt.clock())
    except Conflict as error:
        since = error.details.get("changes")
        fresh = _menu()
        draft = completed(draft, fresh.stands)
        return _show(
            fresh, draft, seen=fresh.stands, status=409, since=since if isinstance(since, Differences) else None
        )
    except RuleRefused as error:
        return _show(_menu(), draft, seen=seen, status=error.status, refusal=error)
    return _saved(saved=saved)


def _saved(*, saved: bool) -> Answer:
    said = _("The menu is saved") if saved else _("There was nothing to save")
    found = _menu()
    if not htmx.is_partial():
        flash(said)
        return htmx.redirect(url_for("pages.menu", frontend=found.frontend.value))
    current().look_at(found.snapshot, runtime().clock())
    page = menu_page(found, draft_of(found.stands), seen=found.stands)
    return htmx.partial("admin/_menu_saved.html", page=page, may_manage=True, message=said)


def _show(
    found: Menu,
    draft: Draft,
    *,
    seen: tuple[Stand, ...],
    status: int = 200,
    since: Differences | None = None,
    refusal: ConsoleError | None = None,
    focus: str = "",
) -> Answer:
    template = "admin/_menu.html" if htmx.is_partial() else "admin/menu.html"
    page = menu_page(found, draft, seen=seen, since=since)
    html = render_template(
        template, page=page, may_manage=may("menu.manage"), stale=since is not None, refusal=refusal, focus=focus
    )
    return make_response(html, status)
