"""Who asks, for which tenant, and whether the address exists for them: all that comes before routing.

The order is that of the architecture, section 6: host, session, membership, gate. A warm request needs one statement
here; people and snapshots come from caches, by their generation and revision.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import NotFound, SecurityError

from console.context import RequestScope, TokenInUse, current, runtime
from console.domain.actor import Actor
from console.domain.permissions import NOBODY, Grants, RoleGrant, grants
from console.domain.words import FrontendType, Role
from console.errors import Busy, LoginRequired, PlatformRequired, SecondFactorNeeded
from console.phrases import say
from console.services import access as service
from console.services import logins, persons, tokens, vendors
from console.services.access import RequestFacts, SessionFacts, TokenFacts
from console.services.runtime import Runtime
from console.services.views import UserView
from console.storage.uow import read_session, unit_of_work
from console.web import gate, second_factor, session
from console.web.gate import Address
from console.web.headers import request_id

log = logging.getLogger(__name__)
TENANT_HEADERS = {FrontendType.ADMIN: "X-Console-Platform", FrontendType.VENDOR: "X-Console-Vendor"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A session or token whose last use is to be written once the answer is out."""

    session_id: int | None = None
    token_id: int | None = None


def enter() -> None:
    """Fill the request's scope, or refuse the request.

    Raises:
        SecurityError: The host is not one of ours.
        LoginRequired: The address is private and nobody is logged in.
        PlatformRequired: An API request names no tenant.
        NotFound: The tenant is not one of this person's.
        ModuleOff: The path belongs to a module that is off.
        SecondFactorNeeded: This person has to set one up before anything else.
    """
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception
    address = gate.read_address(request.path)
    if address.area == "probe":
        return
    rt = runtime()
    slug = _tenant_slug(address)
    facts = _identify(rt, address, slug)
    scope = current()
    if scope.user is None:
        if address.is_private:
            raise LoginRequired(say("Log in first.") if address.area != "api" else say("A valid API token is needed."))
        return
    if g.get("console_needs_factor") and request.endpoint not in second_factor.OPEN:
        raise SecondFactorNeeded(
            say("This console asks you for a second factor."), hint=say("Set one up on the page of your account.")
        )
    if address.frontend is not None and facts is not None:
        _enter_tenant(rt, address.frontend, facts, named=slug is not None or address.area != "api")
    gate.check_address(address, scope)
    gate.check_endpoint(scope)


def _tenant_slug(address: Address) -> str | None:
    slug = address.slug
    if address.area == "api" and address.frontend is not None:
        slug = request.headers.get(TENANT_HEADERS[address.frontend])
    # Not every database takes every character; what no slug can hold is a tenant that does not exist.
    return slug if slug is None or slug.isprintable() else ""


def _identify(rt: Runtime, address: Address, slug: str | None) -> RequestFacts | None:
    """Who asks; the one statement of the request. Visitors without a cookie cost none."""
    bearer = session.bearer_hash() if address.area == "api" else None
    by_token = address.area == "api" and "Authorization" in request.headers
    cookie = None if by_token else session.login_hash()
    if bearer is None and cookie is None:
        return None
    facts = service.request_facts(
        read_session(),
        session_hash=cookie,
        token_hash=bearer,
        platform_slug=slug if address.frontend is FrontendType.ADMIN else None,
        vendor_slug=slug if address.frontend is FrontendType.VENDOR else None,
    )
    now = rt.clock()
    if facts.session is not None and facts.session.is_good(now):
        _is_person(rt, facts.session, address, now)
    elif facts.token is not None and facts.token.is_good(now):
        _is_token(facts.token, facts, now)
    return facts


def _is_person(rt: Runtime, found: SessionFacts, address: Address, now: datetime) -> None:
    person = persons.view(read_session(), found.user_id, found.generation)
    scope = current()
    scope.user, scope.grants, scope.session_id = person.user, person.grants, found.id
    source = "api" if address.area == "api" else "page"
    scope.actor = Actor(person.user.email, source, person.user.id, request_id())
    scope.proved_at = found.proved_at
    g.console_csrf = found.csrf_token
    if found.needs_token:
        session.rotate_later(keep_former=True)
    if not person.has_second_factor and second_factor.must_have(rt, person.grants):
        g.console_needs_factor = True
    if logins.is_seen_late(found.last_seen_at, now):
        g.console_seen = Seen(session_id=found.id)


def _is_token(found: TokenFacts, facts: RequestFacts, now: datetime) -> None:
    held = _grants_of_token(found, facts)
    if held is None:
        return
    scope = current()
    scope.user = UserView(0, f"token:{found.name}", found.name, 0)
    scope.grants = held
    scope.token = TokenInUse(found.user_id, found.expires_at)
    scope.actor = Actor(f"token:{found.name}", "api", None, request_id())
    g.console_bearer = True
    if found.last_used_at is None or logins.is_seen_late(found.last_used_at, now):
        g.console_seen = Seen(token_id=found.id)


def _grants_of_token(found: TokenFacts, facts: RequestFacts) -> Grants | None:
    """A token acts for everything in its scope: one of a platform, or of the instance, for the vendors in it too.

    It may do what it was made for, as far as its creator still may; None when they have nothing left to give there.
    """
    roles = []
    vendor = facts.vendor
    if found.vendor_id is not None:
        roles.append(RoleGrant(Role.VENDOR_OWNER, vendor_id=found.vendor_id))
    elif found.platform_id is not None:
        roles.append(RoleGrant(Role.PLATFORM_ADMIN, platform_id=found.platform_id))
    else:
        roles.append(RoleGrant(Role.INSTANCE_ADMIN))
    if vendor is not None and found.vendor_id is None and found.platform_id in (None, vendor.platform_id):
        roles.append(RoleGrant(Role.VENDOR_OWNER, vendor_id=vendor.id))
    only = None if found.permissions is None else frozenset(found.permissions)
    giver = None
    if found.user_id is not None and found.generation is not None:
        giver = persons.view(read_session(), found.user_id, found.generation).grants
        if not _reaches_scope(giver, found, facts):
            return None
    return replace(grants(roles), only=only, giver=giver)


def _reaches_scope(giver: Grants, found: TokenFacts, facts: RequestFacts) -> bool:
    """Whether the creator still has any right where the token is for."""
    if found.vendor_id is None:
        return giver.is_instance_admin if found.platform_id is None else giver.sees_platform(found.platform_id)
    if facts.vendor is None or facts.vendor.id != found.vendor_id:
        return True  # the request names another tenant, which is refused for itself
    return giver.sees_vendor(found.vendor_id) or giver.sees_platform(facts.vendor.platform_id)


def _enter_tenant(rt: Runtime, frontend: FrontendType, facts: RequestFacts, *, named: bool) -> None:
    """Put the tenant into the scope when it is one of this person's."""
    scope = current()
    platform, vendor = facts.platform, facts.vendor
    if platform is None or (frontend is FrontendType.VENDOR and vendor is None):
        if named:
            raise NotFound
        raise PlatformRequired(
            "The request names no tenant.", hint=f"Send the header {TENANT_HEADERS[frontend]} with its slug."
        )
    scope.frontend = frontend
    scope.platform = platform
    scope.vendor = vendor if frontend is FrontendType.VENDOR else None
    if facts.archived or not _is_member(scope):
        scope.frontend = scope.platform = scope.vendor = None
        raise NotFound
    scope.open_requests = facts.open_requests
    scope.look_at(rt.snapshots.get(read_session(), rt, platform.id, facts.revision), rt.clock())


def _is_member(scope: RequestScope) -> bool:
    """Whether the tenant is no stranger to this person, in whatever role."""
    assert scope.platform is not None
    held = scope.grants or NOBODY
    if held.sees_platform(scope.platform.id):
        return True
    if scope.vendor is not None:
        return held.sees_vendor(scope.vendor.id)
    return vendors.any_on(read_session(), held.vendors, scope.platform.id)


def leave(response: Response) -> Response:
    """Change the session's token where that is due; write its last use after the answer is out, every five minutes."""
    try:
        session.rotate(response)
    except Busy:
        log.info("a session did not get its new token: the database is busy; the next request tries again")
    seen: Seen | None = g.pop("console_seen", None)
    if seen is not None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
        response.call_on_close(lambda: _write_seen(app, seen))
    return response


def _write_seen(app: Flask, seen: Seen) -> None:
    with app.app_context():
        rt = runtime()
        try:
            with unit_of_work() as uow:
                if seen.session_id is not None:
                    logins.touch(uow, rt, seen.session_id, now=rt.clock())
                elif seen.token_id is not None:
                    tokens.touch(uow, seen.token_id, now=rt.clock())
        except Busy:
            log.info("the last use of a login was not written: the database is busy; the next request tries again")
