"""What exists on the platform, for vendors: each module with its state, and asking for what is off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, current_vendor, runtime
from console.domain.words import FrontendType
from console.errors import ConsoleError, RuleRefused, Unknown, UsageError
from console.services import requests as service
from console.services.requests import RequestView
from console.services.views import VendorView
from console.storage.uow import read_session, unit_of_work
from console.toolbox import may
from console.web import htmx
from console.web.admin.texts import entry_label
from console.web.babel import gettext as _
from console.web.nav import module_links
from console.web.vendor._blueprint import blueprint

Answer = str | Response


@dataclass(frozen=True, slots=True)
class Entry:
    """A module as vendors find it in the catalog.

    Args:
        pages: What it brings to a vendor's menu.
        needs: Names of the modules that come on with it.
        start_url: Its first page, when it is on and this person may open it.
        request: The vendor's newest request for it.
    """

    code: str
    name: str
    description: str
    icon: str
    on: bool
    pages: tuple[str, ...]
    needs: tuple[str, ...]
    start_url: str | None
    request: RequestView | None

    @property
    def waits(self) -> bool:
        """Whether the vendor asked for it and nobody has answered."""
        return not self.on and self.request is not None and self.request.is_open


@blueprint.get("/catalog")
@requires_permission("vendor.view")
def catalog() -> Answer:
    """Everything that exists on the platform, with its state."""
    found = entries(service.of_vendor(read_session(), current_vendor.id))
    return render_template(
        "vendor/catalog.html",
        on=[each for each in found if each.on],
        off=[each for each in found if not each.on],
        may_ask=may("vendor.ask"),
    )


@blueprint.get("/catalog/<code>")
@requires_permission("vendor.view")
def catalog_module(code: str) -> Answer:
    """What a module does, how it stands, and asking for it."""
    return _show(code)


@blueprint.post("/catalog/<code>/ask")
@requires_permission("vendor.ask")
def catalog_ask(code: str) -> Answer:
    """Ask the platform's admins for a module, with a note."""
    rt, note = runtime(), request.form.get("note", "")
    try:
        with unit_of_work() as uow:
            service.ask(uow, rt, _vendor(), code, note=note, actor=current().actor, now=rt.clock())
    except Unknown:
        raise NotFound from None
    except UsageError as error:
        return _show(code, status=422, error=error, typed=note)
    except RuleRefused as error:
        return _show(code, status=409, error=error)
    return _done(code, _("Your request is on its way to the admins of %(platform)s", platform=current_platform.name))


@blueprint.post("/catalog/<code>/withdraw")
@requires_permission("vendor.ask")
def catalog_withdraw(code: str) -> Answer:
    """Take the open request for a module back."""
    rt = runtime()
    _known(code)
    with unit_of_work() as uow:
        taken = service.withdraw(uow, rt, _vendor(), code, actor=current().actor, now=rt.clock())
    return _done(code, _("Your request is withdrawn") if taken else _("There was no open request"))


def entries(asked: Mapping[str, RequestView]) -> list[Entry]:
    """Every module that a vendor may know of, by name.

    Args:
        asked: Module → the vendor's newest request for it.
    """
    codes = [code for code in runtime().registry if service.can_be_asked_for(runtime(), code)]
    starts: dict[str, str] = {}
    for code, item in module_links(current()):
        starts.setdefault(code, item.href)
    found = [_entry(code, starts.get(code), asked.get(code)) for code in codes]
    return sorted(found, key=lambda each: each.name.lower())


def _entry(code: str, start_url: str | None, asked: RequestView | None) -> Entry:
    registry = runtime().registry
    module, snapshot = registry[code], current().snapshot
    assert module.definition is not None
    assert snapshot is not None
    needs = registry.closure(code) - {code} - snapshot.open
    return Entry(
        code=code,
        name=module.name,
        description=module.description,
        icon=module.definition.icon,
        on=snapshot.is_open(code),
        pages=tuple(entry_label(each) for each in module.entries if each.frontend is FrontendType.VENDOR),
        needs=tuple(sorted(registry[each].name for each in needs if service.can_be_asked_for(runtime(), each))),
        start_url=start_url,
        request=asked,
    )


def entry_of(code: str) -> Entry | None:
    """The catalog's entry for one module; None when vendors may not know of it."""
    if not service.can_be_asked_for(runtime(), code):
        return None
    asked = service.of_vendor(read_session(), current_vendor.id).get(code)
    start = next((item.href for owner, item in module_links(current()) if owner == code), None)
    return _entry(code, start, asked)


def _show(code: str, *, status: int = 200, error: ConsoleError | None = None, typed: str = "") -> Answer:
    entry = _known(code)
    template = "vendor/_catalog_module.html" if htmx.is_partial() else "vendor/catalog_module.html"
    html = render_template(template, entry=entry, may_ask=may("vendor.ask"), error=error, typed=typed)
    return make_response(html, status)


def _known(code: str) -> Entry:
    """What vendors may not know of is an unknown address, whether it is installed or not."""
    entry = entry_of(code)
    if entry is None:
        raise NotFound
    return entry


def _done(code: str, message: str) -> Answer:
    if htmx.is_partial():
        return htmx.partial("vendor/_catalog_changed.html", entry=_known(code), may_ask=True, message=message)
    flash(message)
    return htmx.redirect(url_for("home.catalog_module", code=code))


def _vendor() -> VendorView:
    found = current().vendor
    assert found is not None
    return found
