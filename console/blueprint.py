"""Blueprints of modules, and what a view can demand.

A module mounts what is its own and nothing else: hooks on the whole application raise where they are written, so
the framework's gate cannot be forgotten or gone around by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn, TypeVar

from flask import Blueprint

from console.errors import DefinitionError

View = TypeVar("View", bound=Callable[..., object])

APP_HOOKS = (
    "before_app_request",
    "after_app_request",
    "teardown_app_request",
    "app_context_processor",
    "app_errorhandler",
    "app_template_filter",
    "app_template_test",
    "app_template_global",
    "add_app_template_filter",
    "add_app_template_test",
    "add_app_template_global",
    "app_url_defaults",
    "app_url_value_preprocessor",
)


@dataclass(frozen=True, slots=True)
class Demands:
    """What a view asks for beyond the default of its frontend.

    Args:
        permission: A permission code that the person must hold.
        features: Feature codes that must be on.
        modules: Codes of further modules that must be on.
        public: Whether anybody may call it (console endpoints only).
        proof: Whether the person must have proved lately who it is.
    """

    permission: str | None = None
    features: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    public: bool = False
    proof: bool = False


_NONE = Demands()


def demands_of(view: object) -> Demands:
    """What ``view`` demands; nothing special unless a decorator said so."""
    found = getattr(view, "__demands__", _NONE)
    return found if isinstance(found, Demands) else _NONE


def _set(view: View, demands: Demands) -> View:
    view.__demands__ = demands  # type: ignore[attr-defined]  # read back by demands_of
    return view


def requires_permission(code: str) -> Callable[[View], View]:
    """The view answers 403, naming ``code``, to whoever lacks it."""

    def mark(view: View) -> View:
        return _set(view, replace(demands_of(view), permission=code))

    return mark


def requires_feature(code: str) -> Callable[[View], View]:
    """The view answers 403 ``feature_not_in_tier`` where the feature is off."""

    def mark(view: View) -> View:
        old = demands_of(view)
        return _set(view, replace(old, features=(*old.features, code)))

    return mark


def requires_module(code: str) -> Callable[[View], View]:
    """The view answers like one of a switched-off module where ``code`` is off."""

    def mark(view: View) -> View:
        old = demands_of(view)
        return _set(view, replace(old, modules=(*old.modules, code)))

    return mark


def public(view: View) -> View:
    """Marks a console endpoint that needs no login."""
    return _set(view, replace(demands_of(view), public=True))


def requires_proof(view: View) -> View:
    """The view is dangerous: who proved too long ago who it is, is asked again and goes on with the same form."""
    return _set(view, replace(demands_of(view), proof=True))


class ModuleBlueprint(Blueprint):
    """A blueprint for one frontend of one module; hooks on the whole application are refused.

    Args:
        name: The module's code.
        import_name: ``__name__``.
        url_prefix: Optional; the module's own address in it is recognised and not repeated.
        tags: Names of groups in ``openapi.json``.
    """

    def __init__(self, name: str, import_name: str, *, url_prefix: str | None = None, tags: Sequence[str] = ()) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.tags = tuple(tags)


def _refuse(hook: str) -> Callable[..., NoReturn]:
    def refused(self: ModuleBlueprint, *args: object, **kwargs: object) -> NoReturn:
        raise DefinitionError(
            self.name, [f"{hook} touches the whole application; a module may only hook its own views"]
        )

    refused.__name__ = hook
    refused.__doc__ = "Refused: it would touch the whole application."
    return refused


for _hook in APP_HOOKS:
    setattr(ModuleBlueprint, _hook, _refuse(_hook))
