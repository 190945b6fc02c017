"""Platforms: creating one is an operation; an archived one keeps everything and changes no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.plan_types import ChangeRequest, Plan
from console.domain.planner import make_plan
from console.domain.registry import Registry
from console.domain.words import OperationKind, Origin
from console.errors import RuleRefused, Unknown
from console.phrases import say
from console.services import acceptance, audit, slugs
from console.services.acceptance import Order
from console.services.locked import LockedPlatform, lock
from console.services.runtime import Runtime
from console.storage.tables import Platform
from console.storage.uow import UnitOfWork


def create(uow: UnitOfWork, rt: Runtime, slug: str, name: str, *, actor: Actor, now: datetime) -> Platform:
    """A new platform, with core and default modules on their way in an operation of kind ``create``.

    A core or default module that is blocked (its migrations wait, say) is left out; each start reconciles core.

    Raises:
        UsageError: The slug cannot stand in a URL.
        RuleRefused: ``platform_exists``.
    """
    slugs.checked(slug)
    if uow.session.scalar(select(Platform.id).where(Platform.slug == slug)) is not None:
        raise slugs.taken("platform", slug)
    platform = Platform(slug=slug, name=slugs.checked_name(name) or slug, revision=1, created_at=now)
    with slugs.unique("platform", slug):
        uow.session.add(platform)
        uow.session.flush()
    audit.record(
        uow,
        actor,
        action="platforms.create",
        target=slug,
        now=now,
        platform_id=platform.id,
        after={"slug": slug, "name": platform.name},
    )
    held = lock(uow, rt, platform.id, now)
    plan = plan_for(held, first_modules(rt.registry))
    if plan.steps:
        acceptance.record(held, plan, Order(OperationKind.CREATE, actor))
    return platform


def plan_for(held: LockedPlatform, codes: Iterable[str]) -> Plan:
    """The plan that turns those modules on; what is blocked, or needs something blocked, is left out.

    Core modules get the origin ``core`` by themselves, the others ``default``.
    """
    registry = held.rt.registry
    wanted = set(codes)
    while True:
        request = ChangeRequest(want=dict.fromkeys(sorted(wanted), True), origin=Origin.DEFAULT)
        plan = make_plan(registry, held.modules(), request, unavailable=held.rt.unavailable)
        blocked = {block.module for block in plan.blocks}
        left = {code for code in wanted if registry.closure(code) & blocked}
        if not left:
            return plan
        wanted -= left


def core_modules(registry: Registry) -> list[str]:
    """Codes of the core modules that can be on."""
    return [definition.code for definition in registry.live() if definition.is_core]


def first_modules(registry: Registry) -> list[str]:
    """Codes of the modules that a new platform gets: core, and what is on by default."""
    return [each.code for each in registry.live() if each.is_core or each.default_enabled]


def archive(uow: UnitOfWork, rt: Runtime, platform_id: int, *, actor: Actor, now: datetime) -> Platform:
    """The platform, no longer served; its data stays. Archiving again changes nothing.

    Raises:
        RuleRefused: ``operation_open`` while an operation runs.
    """
    held = lock(uow, rt, platform_id, now)
    if held.platform.archived_at is not None:
        return held.platform
    if held.open_operations():
        raise RuleRefused(
            say("An operation of this platform is still open."),
            code="operation_open",
            hint=say("Wait for its end, or cancel it."),
        )
    held.platform.archived_at = now
    held.bump()
    audit.record(uow, actor, action="platforms.archive", target=held.platform.slug, now=now, platform_id=platform_id)
    return held.platform


def by_slug(session: Session, slug: str) -> Platform:
    """The platform with that slug, archived ones too.

    Raises:
        Unknown: Suggests what comes close.
    """
    found = session.scalars(
        select(Platform).where(Platform.slug == slug).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Unknown("platform", slug, session.scalars(select(Platform.slug).order_by(Platform.slug)).all())
    return found


def listing(session: Session, *, archived: bool = False) -> list[Platform]:
    """Platforms by slug; archived ones only when asked for."""
    found = select(Platform).order_by(Platform.slug).execution_options(populate_existing=True)
    if not archived:
        found = found.where(Platform.archived_at.is_(None))
    return list(session.scalars(found))


def slug_by_id(session: Session) -> dict[int, str]:
    """Platform id → slug, archived ones too; one statement."""
    return {row.id: row.slug for row in session.execute(select(Platform.id, Platform.slug))}
