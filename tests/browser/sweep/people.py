"""Who walks through the sweep's console, how they come in, and what accounts, roles, tokens and tiers it holds."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import pyotp
from flask import Flask
from sqlalchemy import update

from console.context import runtime
from console.domain.permissions import OPERATOR
from console.domain.tiers import Override
from console.domain.words import FrontendType, Role
from console.services import factors, logins, roles, tiers, tokens, users, vendor_tiers
from console.services.roles import Author, RoleDraft
from console.services.tiers import TierDraft
from console.services.views import VendorView
from console.storage.tables import Passkey, WebSession
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import TESTER
from console.web.session import LOGIN
from tests.browser.served import Served
from tests.browser.tabs import Tab

ROOT = "root@example.test"
OWNER = "owner@blue.test"
GREEN = "owner@green.test"
VIEWER = "viewer@acme.test"
KEEPER = "keeper@acme.test"  # has an authenticator app and a passkey
DOUBTED = "doubted@acme.test"  # has not said lately who it is
GUEST = "guest@acme.test"  # has factors too, which an admin takes away
EVERYBODY = (ROOT, OWNER, GREEN, VIEWER, KEEPER, DOUBTED)
ROLES: Mapping[str, Role] = {
    ROOT: Role.INSTANCE_ADMIN,
    OWNER: Role.VENDOR_OWNER,
    VIEWER: Role.PLATFORM_VIEWER,
    KEEPER: Role.PLATFORM_ADMIN,
}
TIER, FEATURE = "small", "media_library"


def let_in(served: Served) -> None:
    """Make the accounts of all people."""
    served.person(ROOT, Role.INSTANCE_ADMIN)
    served.person(OWNER, Role.VENDOR_OWNER, vendor="blue")
    served.person(GREEN, Role.VENDOR_OWNER, vendor="green")
    served.person(VIEWER, Role.PLATFORM_VIEWER, platform="acme")
    for person in (KEEPER, DOUBTED, GUEST):
        served.person(person, Role.PLATFORM_ADMIN, platform="acme")


def id_of(app: Flask, email: str) -> int:
    """The account's id."""
    with app.app_context():
        return users.by_email(read_session(), email).id


def session_of(app: Flask, email: str) -> tuple[int, str]:
    """The id of a new session, and its token."""
    user_id = id_of(app, email)
    with app.app_context():
        rt, now = runtime(), runtime().clock()
        with unit_of_work() as uow:
            token = logins.start_session(uow, rt, user_id, now=now)
            if email == DOUBTED:
                uow.session.execute(update(WebSession).where(WebSession.user_id == user_id).values(proved_at=None))
        return max(each.id for each in logins.sessions_of(read_session(), user_id, now=now)), token


def stay(app: Flask, email: str) -> None:
    """Let somebody be logged in somewhere."""
    with app.app_context():
        found = logins.sessions_of(read_session(), users.by_email(read_session(), email).id, now=runtime().clock())
    if not found:
        session_of(app, email)


def enter(tab: Tab, app: Flask, email: str) -> None:
    """Let a tab be that person's, who logged in a moment ago."""
    token = session_of(app, email)[1]
    tab.page.context.add_cookies([{"name": LOGIN, "value": token, "url": tab.url, "httpOnly": True}])


def with_factors(app: Flask, email: str) -> int:
    """The id of a passkey of the account, which has an authenticator app too."""
    user_id = id_of(app, email)
    with app.app_context(), unit_of_work() as uow:
        rt, now = runtime(), runtime().clock()
        found = factors.of(uow.session, user_id)
        if found.app_since is None:
            key = factors.fresh_key()
            factors.connect_app(uow, rt, user_id, key, shown_by(key), actor=TESTER, now=now)
        if found.passkeys:
            return found.passkeys[0].id
        passkey = Passkey(user_id=user_id, name="Work laptop", public_key=b"", created_at=now)
        passkey.credential_id = secrets.token_bytes(16)
        uow.session.add(passkey)
        uow.session.flush()
        return passkey.id


def shown_by(key: str) -> str:
    """The code that an authenticator app with this key shows now."""
    return pyotp.TOTP("".join(key.split()), interval=factors.STEP_S).now()


def recovery_code(app: Flask, email: str) -> str:
    """One that works."""
    user_id = id_of(app, email)
    with app.app_context(), unit_of_work() as uow:
        return factors.fresh_codes(uow, user_id)[0]


def role(app: Flask, platform_id: int) -> int:
    """A new role."""
    draft = RoleDraft(f"Clerk {secrets.token_hex(4)}", frozenset({"modules.view"}))
    with app.app_context(), unit_of_work() as uow:
        rt, author = runtime(), Author(TESTER, OPERATOR)
        return roles.create(uow, rt, platform_id, draft, frontend=FrontendType.ADMIN, author=author, now=rt.clock())


def token(app: Flask, platform_id: int | None) -> int:
    """A new API token of a platform or of the instance."""
    with app.app_context(), unit_of_work() as uow:
        now = runtime().clock()
        made, _secret = tokens.create(uow, "Till", expires_days=30, actor=TESTER, now=now, platform_id=platform_id)
        return made.id


def tier(app: Flask, platform_id: int, code: str = "") -> str:
    """A new tier that no vendor has."""
    code = code or f"tier-{secrets.token_hex(4)}"
    draft = TierDraft(code.title(), frozenset({"content_pages"}), {"cms.pages": 50})
    with app.app_context(), unit_of_work() as uow:
        rt = runtime()
        tiers.create(uow, rt, platform_id, code, draft=draft, actor=TESTER, now=rt.clock())
    return code


def give(app: Flask, vendor: VendorView) -> None:
    """Let something be different for the vendor alone."""
    with app.app_context(), unit_of_work() as uow:
        rt, wish = runtime(), Override(FEATURE, is_on=True, until=None, note="A trial")
        vendor_tiers.override(uow, rt, vendor_tiers.holder(vendor), wish, actor=TESTER, now=rt.clock())
