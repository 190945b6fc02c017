"""The list of operations: what the address asks for, tabs with counts, rows that follow their operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.orm import Session

from console.context import current, runtime
from console.domain.words import OPEN_STATES, OperationKind, OperationState
from console.services import given_up, operation_search
from console.services.operation_search import OperationQuery
from console.services.operation_views import OperationView
from console.services.paging import Page
from console.web.admin import filters, texts
from console.web.admin.filters import DayFields, Pager
from console.web.admin.operation_page import OperationPage, operation_page
from console.web.babel import gettext as _

PAGE = "pages.operations"
PAGE_SIZE = 50
GIVEN_UP = ("pages.given_up", "pages.given_up_decide")
SHOWS: Mapping[str, tuple[OperationState, ...]] = {
    "all": (),
    "open": tuple(OPEN_STATES),
    "failed": (OperationState.FAILED,),
    "done": (OperationState.SUCCEEDED,),
    "other": (OperationState.KEPT, OperationState.UNDONE, OperationState.CANCELLED),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A group of states with how many operations are in it."""

    name: str
    label: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """The filters as the form shows them."""

    show: str
    module: str
    modules: tuple[tuple[str, str], ...]
    kind: str
    kinds: tuple[tuple[str, str], ...]
    actor: str
    days: DayFields

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.show != "all" or self.module or self.kind or self.actor or self.days.first or self.days.last)


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as the page shows it."""

    fields: Fields
    tabs: tuple[Tab, ...]
    rows: tuple[OperationPage, ...]
    pager: Pager


def listing(session: Session, platform_id: int) -> Listing:
    """The page of operations that the address asks for; five statements."""
    fields = _fields()
    query = _query(fields)
    found: Page[OperationView] = Page(())
    if not fields.days.error:
        found = operation_search.find(session, platform_id, query, size=PAGE_SIZE, place=filters.place())
    return Listing(fields, _tabs(session, platform_id, fields, query), rows(found.rows), filters.pager(PAGE, found))


def tabs(session: Session, platform_id: int) -> tuple[Tab, ...]:
    """The tabs alone, for a row that has come to its end."""
    fields = _fields()
    return _tabs(session, platform_id, fields, _query(fields))


def rows(views: tuple[OperationView, ...] | list[OperationView]) -> tuple[OperationPage, ...]:
    """The operations as the person may see them."""
    return tuple(page(view) for view in views)


def page(view: OperationView) -> OperationPage:
    """One operation as the person may see it."""
    grants = current().grants
    may_manage = grants is not None and grants.allows("operations.manage", platform_id=view.platform_id)
    rt = runtime()
    return operation_page(rt.registry, view, now=rt.clock(), may_manage=may_manage)


def _fields() -> Fields:
    show, kind = filters.text("show"), filters.text("kind")
    registry = runtime().registry
    return Fields(
        show=show if show in SHOWS else "all",
        module=filters.text("module"),
        modules=tuple((module.code, module.name) for module in registry.modules()),
        kind=kind if kind in set(OperationKind) else "",
        kinds=tuple((each.value, texts.operation_kind(each)) for each in OperationKind),
        actor=filters.text("actor"),
        days=filters.days(),
    )


def _query(fields: Fields) -> OperationQuery:
    return OperationQuery(
        states=SHOWS[fields.show],
        kind=OperationKind(fields.kind) if fields.kind else None,
        module=fields.module,
        actor=fields.actor,
        period=fields.days.period,
    )


def _tabs(session: Session, platform_id: int, fields: Fields, query: OperationQuery) -> tuple[Tab, ...]:
    found = operation_search.counts(session, platform_id, query)
    at_given_up = request.endpoint in GIVEN_UP
    labels = {
        "all": _("All"),
        "open": _("In progress"),
        "failed": _("Failed"),
        "done": _("Done"),
        "other": _("Set aside"),
    }
    shown = (
        Tab(
            name=name,
            label=labels[name],
            count=sum(found.get(state, 0) for state in (states or tuple(OperationState))),
            href=filters.link(PAGE, show=None if name == "all" else name),
            current=name == fields.show and not at_given_up,
        )
        for name, states in SHOWS.items()
    )
    return (*shown, _given_up(session, platform_id, current=at_given_up))


def _given_up(session: Session, platform_id: int, *, current: bool) -> Tab:
    """Deliveries and tasks that rest beside the failed operations."""
    count = given_up.count(session, platform_id)
    return Tab("given-up", _("Given up"), count, url_for("pages.given_up"), current=current)
