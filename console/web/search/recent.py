"""What a search offers before anything is typed: what the person changed lately, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import url_for

from console.context import current, runtime
from console.domain.permissions import NOBODY
from console.domain.words import Action, FrontendType
from console.services import recent as service
from console.services.recent import Deed
from console.storage.uow import read_session
from console.toolbox import may
from console.web.admin import texts
from console.web.babel import format_span
from console.web.babel import gettext as _
from console.web.search.entries import RECENT, Entry

MODULES, OPERATIONS, PLATFORMS = 3, 3, 2
SWITCHED = {f"modules.{action.value}": action for action in Action}


def recent() -> Iterator[Entry]:
    """The modules, operations and platforms that the person of this request had to do with last.

    None for vendors, and none for programs: a token's name is not its own alone.
    """
    scope = current()
    if scope.user is None or scope.token is not None or scope.frontend is FrontendType.VENDOR:
        return
    found = service.deeds(read_session(), scope.actor.name)
    here = [deed for deed in found if scope.platform is not None and deed.platform_id == scope.platform.id]
    yield from _modules(here)
    yield from _operations(here)
    yield from _platforms([deed for deed in found if deed not in here])


def _modules(deeds: Sequence[Deed]) -> Iterator[Entry]:
    registry = runtime().registry
    last = {deed.target: deed for deed in reversed(deeds) if deed.target in registry}
    newest = sorted(last.values(), key=lambda deed: deed.at, reverse=True)
    for deed in newest[:MODULES] if may("modules.view") else ():
        href = url_for("pages.module", code=deed.target)
        name, icon = texts.module_name(registry, deed.target), texts.module_icon(registry, deed.target)
        yield Entry(RECENT, name, href, icon, deed.target, _("last change %(when)s", when=_ago(deed)))


def _operations(deeds: Sequence[Deed]) -> Iterator[Entry]:
    newest = dict.fromkeys(deed.operation_id for deed in deeds if deed.operation_id is not None)
    for number in list(newest)[:OPERATIONS] if may("operations.view") else ():
        own = [deed for deed in deeds if deed.operation_id == number]
        href = url_for("pages.operation", operation_id=number)
        yield Entry(RECENT, _title(number, own), href, "history", str(number), _ago(own[0]))


def _title(number: int, deeds: Sequence[Deed]) -> str:
    """What the operation was asked for; a note that somebody gave stands in place of each step's reason."""
    switched = [deed for deed in reversed(deeds) if deed.action in SWITCHED]
    asked = [deed for deed in switched if deed.reason == "requested"] or switched
    if not asked:
        return _("Operation %(id)s", id=number)
    names = ", ".join(texts.module_name(runtime().registry, deed.target) for deed in asked[:3])
    return texts.action_title(SWITCHED[asked[0].action], names + ("…" if len(asked) > 3 else ""))


def _platforms(deeds: Sequence[Deed]) -> Iterator[Entry]:
    grants = current().grants or NOBODY
    last: dict[str, Deed] = {}
    for deed in deeds:
        if grants.sees_platform(deed.platform_id):
            last.setdefault(deed.platform, deed)
    for slug, deed in list(last.items())[:PLATFORMS]:
        href = url_for("pages.overview", platform=slug)
        yield Entry(RECENT, deed.platform_name, href, "layers", slug, _("last change %(when)s", when=_ago(deed)))


def _ago(deed: Deed) -> str:
    return format_span(deed.at - runtime().clock())
