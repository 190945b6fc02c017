"""What the sdk offers to views and hooks beyond the guide: small answers about this request and this platform."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import nh3
from flask import Response, current_app, redirect, request
from markupsafe import Markup

from console.context import current, runtime
from console.domain.plan_types import ModuleStatus
from console.domain.registry import InstalledModule
from console.services import snapshots, vendors
from console.services.views import VendorView
from console.storage.base import db

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RouteView:
    """One address: whose it is (empty for the console), which frontend, rule, methods and endpoint."""

    module: str
    frontend: str
    rule: str
    methods: tuple[str, ...]
    endpoint: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a module says about itself; money is a ``Decimal``, which JSON carries as text."""

    label: str
    value: int | Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one module; ``problem`` says why there are none."""

    module: str
    name: str
    items: tuple[Figure, ...]
    problem: str = ""


def utc_now() -> datetime:
    """The console's clock: aware, UTC."""
    return runtime().clock()


def is_partial() -> bool:
    """Whether htmx asks for a part of the page (not a boosted or restored whole one)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Request-Type") != "full"
    )


def see_other(url: str) -> Response:
    """The answer after a successful POST: 303, or ``HX-Redirect`` when htmx asked."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": url})
    answer = redirect(url, 303)
    return Response(answer.get_data(), status=303, headers={"Location": url}, mimetype="text/html")


def may(permission: str) -> bool:
    """Whether the person of this request holds ``permission`` here."""
    return current().allows(permission)


def sanitize_html(text: str) -> Markup:
    """User-written HTML with only harmless tags and attributes left."""
    return Markup(nh3.clean(text))  # noqa: S704  # nh3 is the sanitiser


def vendors_of(platform_id: int) -> tuple[VendorView, ...]:
    """The live vendors of a platform, by name."""
    return tuple(
        VendorView(vendor.id, vendor.slug, vendor.name, vendor.platform_id, vendor.created_at)
        for vendor in vendors.listing(db.session(), platform_id)
    )


def module_states(platform_id: int) -> Mapping[str, ModuleStatus]:
    """Code → wanted, origin and state of every module that has a row on the platform."""
    return snapshots.current(db.session(), runtime(), platform_id).rows


def installed_modules() -> tuple[InstalledModule, ...]:
    """Every installed module, quarantined ones with their reason, in dependency order."""
    return runtime().registry.modules()


def routes() -> tuple[RouteView, ...]:
    """Every address of the application, by rule."""
    found = []
    for rule in current_app.url_map.iter_rules():
        parts = rule.endpoint.split(".")
        ours = len(parts) == 3 and parts[0].removeprefix("api_") in ("admin", "vendor")
        methods = tuple(sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}))
        found.append(RouteView(parts[1] if ours else "", parts[0] if ours else "", rule.rule, methods, rule.endpoint))
    return tuple(sorted(found, key=lambda each: (each.rule, each.endpoint)))


def figures(platform_id: int, *, vendor_id: int | None = None) -> tuple[Figures, ...]:
    """What the modules that are on say about themselves, by the ``figures`` function of their ``api.py``.

    Internal modules are asked only for admins. A module that fails says so and the others still answer.
    """
    snapshot = snapshots.current(db.session(), runtime(), platform_id)
    return tuple(
        _figures_of(module, platform_id, vendor_id)
        for module in runtime().registry.modules()
        if snapshot.is_open(module.code)
        and module.definition is not None
        and not (module.definition.is_internal and vendor_id is not None)
        and _has_figures(module)
    )


def _has_figures(module: InstalledModule) -> bool:
    name = f"{module.package}.api"
    return importlib.util.find_spec(name) is not None and hasattr(importlib.import_module(name), "figures")


def _figures_of(module: InstalledModule, platform_id: int, vendor_id: int | None) -> Figures:
    name = module.name
    try:
        ask = importlib.import_module(f"{module.package}.api").figures
        items: Sequence[Figure] = ask(platform_id=platform_id, vendor_id=vendor_id)
        return Figures(module.code, name, tuple(items))
    except Exception as error:
        log.exception("the figures of module %s failed", module.code)
        return Figures(module.code, name, (), problem=type(error).__name__)
