"""Puts the modules' blueprints on the application, each tried alone first so that a bad one stays outside."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask

from console.domain.problem import Problem
from console.loader import Loaded, Routers, quarantine
from console.phrases import say

PARENTS: Mapping[str, tuple[str, str]] = {
    "admin_pages": ("admin", "/admin/<platform>"),
    "vendor_pages": ("vendor", "/vendor/<vendor>"),
    "admin_router": ("api_admin", "/api/admin"),
    "vendor_router": ("api_vendor", "/api/vendor"),
}


def mount(app: Flask, loaded: Loaded) -> Loaded:
    """Mount every live module; one that cannot be mounted is quarantined, with its dependents, and left out."""
    while True:
        found = _problems(loaded)
        if not found:
            break
        registry = quarantine(loaded.registry, found)
        loaded = Loaded(registry, {code: r for code, r in loaded.routers.items() if registry[code].live})
    for name, (parent_name, prefix) in PARENTS.items():
        parent = Blueprint(parent_name, __name__, url_prefix=prefix)
        for code, routers in loaded.routers.items():
            if name in routers:
                _nest(parent, name, code, routers[name])
        app.register_blueprint(parent)
    return loaded


def _nest(parent: Blueprint, router: str, code: str, child: Blueprint) -> None:
    written = (child.url_prefix or "").rstrip("/")
    own = f"{PARENTS[router][1]}/{code}"
    rest = written.removeprefix(own) if written.startswith(own) else written.removeprefix(f"/{code}")
    parent.register_blueprint(child, name=code, url_prefix=f"/{code}{rest}")


def _problems(loaded: Loaded) -> dict[str, Problem]:
    """Code → what keeps the module from being mounted."""
    found: dict[str, Problem] = {}
    for code, routers in loaded.routers.items():
        try:
            _try(code, routers)
        except Exception as error:  # whatever a blueprint does wrong is that module's problem
            found[code] = Problem(
                "MOD020", code, say("its routes cannot be mounted: %(reason)s", reason=error), fatal=True
            )
    return found


def _try(code: str, routers: Routers) -> None:
    """Mount one module on an application of its own and look at what it did to it."""
    trial = Flask("trial", static_folder=None)
    before = _application_hooks(trial)
    for name, router in routers.items():
        parent = Blueprint(PARENTS[name][0], __name__, url_prefix=PARENTS[name][1])
        _nest(parent, name, code, router)
        trial.register_blueprint(parent)
    touched = sorted(hook for hook, count in _application_hooks(trial).items() if count != before[hook])
    if touched:
        raise ValueError(f"it hooks the whole application ({', '.join(touched)}); a module may only hook its own views")
    seen: dict[tuple[str, str], str] = {}
    for rule in trial.url_map.iter_rules():
        for method in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}):
            other = seen.setdefault((rule.rule, method), rule.endpoint)
            if other != rule.endpoint:
                raise ValueError(f"{method} {rule.rule} leads to both {other} and {rule.endpoint}")


def _application_hooks(app: Flask) -> dict[str, int]:
    environment = app.jinja_env
    return {
        "before_app_request": len(app.before_request_funcs.get(None, ())),
        "after_app_request": len(app.after_request_funcs.get(None, ())),
        "teardown_app_request": len(app.teardown_request_funcs.get(None, ())),
        "app_context_processor": len(app.template_context_processors.get(None, ())),
        "app_errorhandler": sum(len(each) for each in app.error_handler_spec.get(None, {}).values()),
        "app_url_defaults": len(app.url_default_functions.get(None, ())),
        "app_url_value_preprocessor": len(app.url_value_preprocessors.get(None, ())),
        "template filters, tests or globals": len(environment.filters)
        + len(environment.tests)
        + len(environment.globals),
    }
