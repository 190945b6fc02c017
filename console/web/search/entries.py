"""What can be found from where somebody stands: every entry is one that the person may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from console.context import current, runtime
from console.domain.permissions import NOBODY
from console.domain.registry import InstalledModule
from console.domain.words import FrontendType, Kind
from console.services import search as service
from console.services import snapshots
from console.storage.uow import read_session
from console.toolbox import may
from console.web import nav
from console.web.admin import texts
from console.web.babel import gettext as _

RECENT = "recent"
MODULES, PAGES, ACTIONS, PLATFORMS, VENDORS, PEOPLE = "modules", "pages", "actions", "platforms", "vendors", "people"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    Args:
        group: Under which title it stands.
        key: What programs know it by: a code, a slug, the key of a menu item, an address of somebody.
        words: Further texts by which it is found: codes, features, tags.
    """

    group: str
    label: str
    href: str
    icon: str
    key: str
    detail: str = ""
    words: tuple[str, ...] = ()


def entries() -> Iterator[Entry]:
    """All that the person of this request can open from here."""
    scope = current()
    yield from _pages()
    if scope.frontend is FrontendType.ADMIN:
        yield from _modules()
        yield from _platform_actions()
    elif scope.frontend is None:
        yield from _installed()
        yield from _instance_actions()
    yield from _tenants()


def _pages() -> Iterator[Entry]:
    for group in nav.nav():
        for item in group.items:
            yield Entry(PAGES, item.label, item.href, item.icon, item.key, group.title)
    if current().token is None:  # a program has neither
        yield Entry(PAGES, _("Account"), url_for("people.account"), "user", "people.account")
        yield Entry(PAGES, _("Keyboard help"), url_for("people.keyboard"), "keyboard", "people.keyboard")


def _modules() -> Iterator[Entry]:
    if not may("modules.view"):
        return
    scope, rt = current(), runtime()
    assert scope.platform is not None
    snapshot = snapshots.current(read_session(), rt, scope.platform.id)
    for module in rt.registry.modules():
        name = texts.module_name(rt.registry, module.code)
        state = _("On") if snapshot.is_open(module.code) else _("Off")
        href = url_for("pages.module", code=module.code)
        icon = texts.module_icon(rt.registry, module.code)
        yield Entry(MODULES, name, href, icon, module.code, state, _words(module))
        row = snapshot.rows.get(module.code)
        yield from _module_actions(module, name, wanted=row is not None and row.wanted)


def _module_actions(module: InstalledModule, name: str, *, wanted: bool) -> Iterator[Entry]:
    definition = module.definition
    if definition is None:
        return
    words = (module.code,)
    if definition.kind is not Kind.CORE and may("modules.toggle"):
        if wanted:
            href = url_for("pages.module_disable", code=module.code)
            yield Entry(
                ACTIONS, _("Disable %(module)s", module=name), href, "power-off", f"disable:{module.code}", words=words
            )
        else:
            href = url_for("pages.module_enable", code=module.code)
            yield Entry(
                ACTIONS, _("Enable %(module)s", module=name), href, "power", f"enable:{module.code}", words=words
            )
    if (definition.config_schema or definition.default_config) and may("modules.configure"):
        href = url_for("pages.module_config", code=module.code)
        yield Entry(
            ACTIONS,
            _("Configure %(module)s", module=name),
            href,
            "sliders-horizontal",
            f"configure:{module.code}",
            words=words,
        )


def _installed() -> Iterator[Entry]:
    registry = runtime().registry
    for module in registry.modules() if may("instance.manage") else ():
        name = texts.module_name(registry, module.code)
        icon = texts.module_icon(registry, module.code)
        href = url_for("instance.modules", _anchor=f"registry-{module.code}")
        yield Entry(MODULES, name, href, icon, module.code, module.version, _words(module))


def _words(module: InstalledModule) -> tuple[str, ...]:
    """What a module is found by beside its name in the language of the request."""
    definition = module.definition
    if definition is None:
        return (module.code,)
    registry = runtime().registry
    features = [each for code in definition.features for each in (code, texts.feature(registry, code))]
    return (module.code, definition.name, *definition.tags, *features)


def _platform_actions() -> Iterator[Entry]:
    if may("vendors.manage"):
        yield Entry(
            ACTIONS, _("Create vendor"), url_for("pages.vendors", _anchor="vendor-form"), "plus", "create:vendor"
        )


def _instance_actions() -> Iterator[Entry]:
    if may("instance.manage"):
        yield Entry(
            ACTIONS,
            _("Create platform"),
            url_for("instance.platforms", _anchor="platform-form"),
            "plus",
            "create:platform",
        )
        yield Entry(
            ACTIONS, _("Create login"), url_for("instance.users", _anchor="user-form"), "user-plus", "create:login"
        )


def _tenants() -> Iterator[Entry]:
    session, grants = read_session(), current().grants or NOBODY
    for platform in service.platforms(session, grants):
        href = url_for("pages.overview", platform=platform.slug)
        yield Entry(PLATFORMS, platform.name, href, "layers", platform.slug, platform.slug, (platform.slug,))
    for vendor in service.vendors(session, grants):
        mine = grants.sees_vendor(vendor.id)
        href = url_for("home.index", vendor=vendor.slug) if mine else url_for("pages.vendors", platform=vendor.platform)
        yield Entry(VENDORS, vendor.name, href, "store", vendor.slug, vendor.platform_name, (vendor.slug,))
    for person in service.people(session, grants):
        yield Entry(PEOPLE, person.email, url_for("instance.users"), "user", person.email, person.name, (person.name,))
