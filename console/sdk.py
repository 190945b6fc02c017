"""All that a module may import from the console, and nothing else.

Source: the contract, section 5. Names of the guide keep the guide's signatures; each is documented where it lives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import render_template

from console.blueprint import ModuleBlueprint, requires_feature, requires_module, requires_permission
from console.context import current, current_platform, current_user, current_vendor, runtime
from console.described import described
from console.domain.codes import Feature, Limit, Permission, Tier
from console.domain.definition import ModuleDefinition
from console.domain.events import ModuleEventData, module_event_bus
from console.domain.menu import MenuItem
from console.domain.plan_types import ModuleStatus
from console.domain.registry import InstalledModule
from console.domain.words import FrontendType, Kind, ModuleEvent
from console.errors import AuthFailed, ConfigInvalid, ModuleError, NotReady
from console.inputs import read_form, read_json
from console.jobs.step import current_step
from console.jobs.tasks import periodic_task, task
from console.services.module_service import ModuleService
from console.services.views import PlatformView, UserView, VendorView
from console.storage.base import Base, db
from console.storage.tenancy import PlatformOwned, VendorOwned, scope
from console.storage.types import Json, UTCDateTime, words
from console.storage.uow import unit_of_work
from console.texts import gettext, lazy_gettext, ngettext
from console.toolbox import (
    Figure,
    Figures,
    RouteView,
    figures,
    installed_modules,
    is_partial,
    may,
    module_states,
    routes,
    sanitize_html,
    see_other,
    utc_now,
    vendors_of,
)

module_service = ModuleService(runtime, lambda: current().actor)
"""The guide's service: ``get_module_config(db, platform_id, code)`` and its siblings."""


class _Definitions(Mapping[str, ModuleDefinition]):
    """Code → definition of the running application, those of some kinds; read-only."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = kinds

    def _found(self) -> dict[str, ModuleDefinition]:
        return {each.code: each for each in runtime().registry.live() if each.kind in self._kinds}

    def __getitem__(self, code: str) -> ModuleDefinition:
        return self._found()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())


CORE_MODULES: Mapping[str, ModuleDefinition] = _Definitions(Kind.CORE)
OPTIONAL_MODULES: Mapping[str, ModuleDefinition] = _Definitions(Kind.OPTIONAL)
INTERNAL_MODULES: Mapping[str, ModuleDefinition] = _Definitions(Kind.INTERNAL)
MODULES: Mapping[str, ModuleDefinition] = _Definitions(*Kind)

__all__ = [
    "CORE_MODULES",
    "INTERNAL_MODULES",
    "MODULES",
    "OPTIONAL_MODULES",
    "AuthFailed",
    "Base",
    "ConfigInvalid",
    "Feature",
    "Figure",
    "Figures",
    "FrontendType",
    "InstalledModule",
    "Json",
    "Limit",
    "MenuItem",
    "ModuleBlueprint",
    "ModuleDefinition",
    "ModuleError",
    "ModuleEvent",
    "ModuleEventData",
    "ModuleStatus",
    "NotReady",
    "Permission",
    "PlatformOwned",
    "PlatformView",
    "RouteView",
    "Tier",
    "UTCDateTime",
    "UserView",
    "VendorOwned",
    "VendorView",
    "current_platform",
    "current_step",
    "current_user",
    "current_vendor",
    "db",
    "described",
    "figures",
    "gettext",
    "installed_modules",
    "is_partial",
    "lazy_gettext",
    "may",
    "module_event_bus",
    "module_service",
    "module_states",
    "ngettext",
    "periodic_task",
    "read_form",
    "read_json",
    "render_template",
    "requires_feature",
    "requires_module",
    "requires_permission",
    "routes",
    "sanitize_html",
    "scope",
    "see_other",
    "task",
    "unit_of_work",
    "utc_now",
    "vendors_of",
    "words",
]
