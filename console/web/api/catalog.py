"""What exists on the platform, for a vendor, and asking for what is off."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_vendor, runtime
from console.described import described
from console.errors import Unknown
from console.inputs import read_json
from console.services import requests as service
from console.services.requests import RequestView
from console.services.views import VendorView
from console.storage.uow import current_uow, read_session
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import shop as blueprint


class Ask(BaseModel):
    """What the admins of the platform read."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=service.NOTE_LIMIT)


@blueprint.get("/catalog")
@requires_permission("vendor.view")
@described(shapes.CatalogDocument)
def catalog() -> Response:
    """Every module that vendors may know of, with the vendor's newest request for it."""
    rt, asked = runtime(), service.of_vendor(read_session(), current_vendor.id)
    found = [_json(code, asked.get(code)) for code in rt.registry if service.can_be_asked_for(rt, code)]
    return jsonify({"schema": 1, "modules": found})


@blueprint.get("/catalog/<code>")
@requires_permission("vendor.view")
@described(shapes.CatalogModuleDocument)
def catalog_module(code: str) -> Response:
    """One of them."""
    return _shown(code)


@blueprint.post("/catalog/<code>/ask")
@requires_permission("vendor.ask")
@described(shapes.CatalogModuleDocument, takes=Ask)
def catalog_ask(code: str) -> Response:
    """Ask the admins of the platform for a module; asking again changes nothing."""
    wish, rt = read_json(Ask), runtime()
    service.ask(current_uow(), rt, _vendor(), code, note=wish.note, actor=current().actor, now=rt.clock())
    return _shown(code)


@blueprint.post("/catalog/<code>/withdraw")
@requires_permission("vendor.ask")
@described(shapes.CatalogModuleDocument)
def catalog_withdraw(code: str) -> Response:
    """Take the open request for a module back; without one nothing changes."""
    rt = runtime()
    _must_be_known(code)
    service.withdraw(current_uow(), rt, _vendor(), code, actor=current().actor, now=rt.clock())
    return _shown(code)


def _vendor() -> VendorView:
    found = current().vendor
    assert found is not None
    return found


def _must_be_known(code: str) -> None:
    """What vendors may not know of is unknown, whether it is installed or not."""
    if not service.can_be_asked_for(runtime(), code):
        raise Unknown("module", code)


def _shown(code: str) -> Response:
    _must_be_known(code)
    asked = service.of_vendor(read_session(), current_vendor.id).get(code)
    return jsonify({"schema": 1, "module": _json(code, asked)})


def _json(code: str, asked: RequestView | None) -> dict[str, object]:
    rt, snapshot = runtime(), current().snapshot
    assert snapshot is not None
    module = rt.registry[code]
    needs = rt.registry.closure(code) - {code} - snapshot.open
    return {
        "code": code,
        "name": module.name,
        "description": module.description,
        "on": snapshot.is_open(code),
        "needs": sorted(each for each in needs if service.can_be_asked_for(rt, each)),
        "request": None if asked is None else service.request_json(asked),
    }
