"""The web side of the console: the road of a request, and every page and address of the console itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from console.web import (
    access,
    addresses,
    assets,
    errors,
    flashes,
    headers,
    htmx,
    i18n,
    limits,
    ops,
    template_globals,
    told,
)
from console.web.application import ConsoleFlask

if TYPE_CHECKING:
    from flask import Flask

    from console.services.runtime import Runtime

__all__ = ["ConsoleFlask", "init_app"]


def init_app(app: Flask, rt: Runtime) -> None:
    """Install sessions, gate, headers, errors and languages, and register the console's own blueprints."""
    app.config["TRUSTED_HOSTS"] = list(rt.settings.trusted_hosts) or None
    app.config["MAX_CONTENT_LENGTH"] = limits.LARGEST_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.LARGEST_FIELDS_BYTES
    app.config["MAX_FORM_PARTS"] = limits.MOST_PARTS
    app.session_interface = flashes.SentenceCookie()
    htmx.install(app)
    i18n.install(app, rt.registry)
    told.install(app)
    template_globals.install(app)
    headers.install(app)
    app.after_request(access.leave)
    errors.install(app)
    addresses.install(app)
    _register(app)
    _wrap(app, rt)


def _register(app: Flask) -> None:
    # Imported here: these pull in every form and page, which nothing that imports this package for a helper needs.
    from console.web import admin, api, instance, people, vendor  # noqa: PLC0415

    for package in (ops, people, admin, vendor, instance, api):
        app.register_blueprint(package.blueprint)
    for blueprint in (api.instance_blueprint, api.shop_blueprint):
        app.register_blueprint(blueprint)
    if app.debug:
        app.register_blueprint(instance.styleguide.blueprint)


def _wrap(app: Flask, rt: Runtime) -> None:
    """The layers of WSGI, from the inside: files, the proxies in front of us, and what every answer carries."""
    assets.install(app, rt.registry)
    hops = rt.settings.proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = headers.Envelope(app.wsgi_app, trust_given=hops > 0)  # type: ignore[method-assign]
