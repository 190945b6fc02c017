"""Accounts, passwords, sessions, tokens and the set-up link."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from console.domain.words import Role
from console.errors import RuleRefused, Unknown, UsageError
from console.services import access, logins, opaque, passwords, persons, setup, tokens, users, vendors
from console.storage.tables import ApiToken, SetupClaim, User, WebSession
from tests.services.bench import ANNA, Bench, Statements, module
from tests.services.conftest import MakeBench

WORD = "correct horse battery"
HASHED = passwords.hash(WORD)


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(module("orders"), session_idle_s=3600.0, session_max_s=7200.0)


def person(bench: Bench, email: str = "bob@example.com", **more: object) -> int:
    with bench.unit() as uow:
        more = {"role": Role.INSTANCE_ADMIN, "password": HASHED, **more}
        made: User = users.create(uow, email, actor=ANNA, now=bench.now, **more)  # type: ignore[arg-type]
    return made.id


def login(bench: Bench, user_id: int) -> str:
    with bench.unit() as uow:
        return logins.start_session(uow, bench.rt, user_id, now=bench.now)


def test_a_password_is_stored_as_argon2id_and_verified(bench: Bench) -> None:
    user_id = person(bench)
    user = bench.session.get(User, user_id)
    assert user is not None
    assert (user.password_hash or "").startswith("$argon2id$")
    assert logins.verify(bench.session, " Bob@Example.com ", WORD) == user_id
    assert logins.verify(bench.session, "bob@example.com", "wrong password") is None


@pytest.mark.parametrize("email", ["nobody@example.com", "bob@example.com", "off@example.com", "new@example.com"])
def test_every_refused_login_does_the_same_work(bench: Bench, monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    person(bench)
    person(bench, "new@example.com", password=None)
    off = person(bench, "off@example.com", role=Role.INSTANCE_ADMIN)
    with bench.unit() as uow:
        users.disable(uow, off, actor=ANNA, now=bench.now)
    verified: list[str] = []
    real = passwords._hasher.verify

    class Counting:
        def verify(self, stored: str, given: str) -> bool:
            verified.append(stored)
            return real(stored, given)

    passwords.verify(None, WORD)  # the hash of nobody is made once
    monkeypatch.setattr(passwords, "_hasher", Counting())
    given = WORD if email == "off@example.com" else "wrong password"
    assert logins.verify(bench.session, email, given) is None
    assert len(verified) == 1
    assert verified[0].split("$")[1:4] == passwords._of_nobody().split("$")[1:4]


def test_no_more_than_two_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event, Lock

    at_once, most, lock, gate = 0, 0, Lock(), Event()

    class Slow:
        def hash(self, password: str) -> str:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
                if most == passwords.AT_ONCE:
                    gate.set()
            gate.wait(5)
            with lock:
                at_once -= 1
            return "hash"

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [Thread(target=passwords.hash, args=(WORD,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == passwords.AT_ONCE == 2


@pytest.mark.parametrize("password", ["short", "x" * 1001])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        passwords.hash(password)
    assert refused.value.code == "password_weak"


def test_a_role_needs_its_own_kind_of_scope(bench: Bench) -> None:
    acme = bench.platform()
    with pytest.raises(UsageError, match="platform-admin"):
        person(bench, role=Role.PLATFORM_ADMIN)
    with pytest.raises(UsageError):
        person(bench, role=Role.VENDOR_OWNER, platform_id=acme)
    with pytest.raises(UsageError):
        person(bench, "no address")


def test_grants_are_cached_by_generation(bench: Bench) -> None:
    acme = bench.platform()
    user_id = person(bench, role=Role.PLATFORM_VIEWER, platform_id=acme)
    first = persons.view(bench.session, user_id, 1)
    assert not first.grants.allows("modules.toggle", platform_id=acme)
    with Statements() as executed:
        assert persons.view(bench.session, user_id, 1) is first
    assert executed == []
    with bench.unit() as uow:
        assert users.grant(uow, user_id, Role.PLATFORM_ADMIN, platform_id=acme, actor=ANNA, now=bench.now)
        assert not users.grant(uow, user_id, Role.PLATFORM_ADMIN, platform_id=acme, actor=ANNA, now=bench.now)
    assert persons.view(bench.session, user_id, 2).grants.allows("modules.toggle", platform_id=acme)
    with bench.unit() as uow:
        assert users.revoke(uow, user_id, Role.PLATFORM_ADMIN, platform_id=acme, actor=ANNA, now=bench.now)
    assert not persons.view(bench.session, user_id, 3).grants.allows("modules.toggle", platform_id=acme)


def test_the_last_admin_stays(bench: Bench) -> None:
    user_id = person(bench)
    for refused in (
        lambda uow: users.disable(uow, user_id, actor=ANNA, now=bench.now),
        lambda uow: users.revoke(uow, user_id, Role.INSTANCE_ADMIN, actor=ANNA, now=bench.now),
    ):
        with pytest.raises(RuleRefused) as last, bench.unit() as uow:
            refused(uow)
        assert last.value.code == "last_admin"


def test_a_session_is_an_opaque_token_of_which_the_row_has_the_hash(bench: Bench) -> None:
    token = login(bench, person(bench))
    row = bench.session.scalars(select(WebSession)).one()
    assert row.token_hash == opaque.digest(token)
    assert token.encode() not in row.token_hash
    assert row.expires_at == bench.now + timedelta(hours=1)


def test_a_session_is_touched_at_most_every_five_minutes_and_never_outlives_its_maximum(bench: Bench) -> None:
    login(bench, person(bench))
    session_id = bench.session.scalars(select(WebSession.id)).one()

    def touch() -> bool:
        with bench.unit() as uow:
            return logins.touch(uow, bench.rt, session_id, now=bench.now)

    bench.pass_s(299)
    assert not touch()
    bench.pass_s(1)
    assert touch()
    assert not touch()
    bench.pass_s(6000)
    assert touch()
    row = bench.session.scalars(select(WebSession)).one()
    assert row.expires_at == row.created_at + timedelta(hours=2)


def test_a_changed_password_and_a_disabled_account_end_its_sessions(bench: Bench) -> None:
    user_id = person(bench)
    person(bench, "second@example.com")
    login(bench, user_id)
    kept = logins.sessions_of(bench.session, user_id, now=bench.now)[0].id
    login(bench, user_id)
    with bench.unit() as uow:
        users.set_password(uow, user_id, HASHED, actor=ANNA, now=bench.now, keep=kept)
    assert [each.id for each in logins.sessions_of(bench.session, user_id, now=bench.now)] == [kept]
    with bench.unit() as uow:
        users.disable(uow, user_id, actor=ANNA, now=bench.now)
    assert bench.count(WebSession) == 0


def test_expired_sessions_are_forgotten(bench: Bench) -> None:
    login(bench, person(bench))
    bench.pass_s(3600)
    with bench.unit() as uow:
        assert logins.forget_expired(uow, bench.now) == 1
    assert bench.count(WebSession) == 0


def token_of(bench: Bench, secret: str) -> access.TokenFacts:
    """What a request finds by the secret."""
    found = access.request_facts(bench.session, token_hash=opaque.digest(secret)).token
    assert found is not None
    return found


def test_a_token_is_shown_once_scoped_and_revocable(bench: Bench) -> None:
    acme = bench.platform()
    with bench.unit() as uow:
        view, secret = tokens.create(uow, "deploy", expires_days=30, platform_id=acme, actor=ANNA, now=bench.now)
    assert secret.encode() not in bench.session.scalars(select(ApiToken.token_hash)).one()
    found = token_of(bench, secret)
    assert (found.platform_id, found.vendor_id, found.permissions) == (acme, None, None)
    assert found.is_good(bench.now)
    assert not found.is_good(bench.now + timedelta(days=30))
    with bench.unit() as uow:
        tokens.revoke(uow, view.id, actor=ANNA, now=bench.now)
    assert not token_of(bench, secret).is_good(bench.now)


def test_the_setup_link_has_one_winner_and_is_then_unknown(bench: Bench) -> None:
    with bench.unit() as uow:
        old = setup.fresh_link(uow, bench.now)
        token = setup.fresh_link(uow, bench.now)
    assert not setup.is_good(bench.session, old)
    assert setup.is_good(bench.session, token)
    with pytest.raises(UsageError), bench.unit() as uow:
        setup.claim(uow, token, email="bob", password=HASHED, now=bench.now)
    assert setup.is_good(bench.session, token)
    with bench.unit() as uow:
        admin = setup.claim(uow, token, email="bob@example.com", password=HASHED, now=bench.now)
    assert persons.grants_of(bench.session, admin.id).is_instance_admin
    with pytest.raises(Unknown), bench.unit() as uow:
        setup.claim(uow, token, email="eve@example.com", password=HASHED, now=bench.now)
    with pytest.raises(RuleRefused) as done, bench.unit() as uow:
        setup.fresh_link(uow, bench.now)
    assert done.value.code == "setup_done"
    assert bench.count(User) == bench.count(SetupClaim) == 1


def test_concurrent_claims_of_the_link_have_one_winner(bench: Bench) -> None:
    with bench.unit() as uow:
        token = setup.fresh_link(uow, bench.now)
    outcomes: list[str] = []

    def claim(number: int) -> None:
        with bench.app.app_context():
            try:
                with bench.unit() as uow:
                    setup.claim(uow, token, email=f"user{number}@example.com", password=HASHED, now=bench.now)
                outcomes.append("won")
            except Unknown:
                outcomes.append("unknown")

    threads = [Thread(target=claim, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["unknown"] * 5 + ["won"]
    assert bench.count(User) == 1


def test_vendors_get_logins_with_generated_passwords_that_work(bench: Bench) -> None:
    acme = bench.platform()
    with bench.unit() as uow:
        vendors.create(uow, bench.rt, acme, "petal", name="Petal", actor=ANNA, now=bench.now)
    drawn = setup.draw_logins(bench.session, domain="example.com")
    assert bench.count(User) == 0
    with bench.unit() as uow:
        made = setup.add_logins(uow, drawn, actor=ANNA, now=bench.now)
    assert [(each.vendor, each.email) for each in made] == [("petal", "petal@example.com")]
    user_id = logins.verify(bench.session, "petal@example.com", made[0].password)
    assert user_id is not None
    assert persons.grants_of(bench.session, user_id).vendors
    assert setup.draw_logins(bench.session, domain="example.com") == []
    with bench.unit() as uow:
        assert setup.add_logins(uow, drawn, actor=ANNA, now=bench.now) == [], "they have an owner by now"


def test_a_request_needs_one_statement_for_session_account_platform_and_revision(bench: Bench) -> None:
    acme = bench.platform()
    token = login(bench, person(bench))
    session = bench.session
    with Statements() as executed:
        facts = access.request_facts(session, session_hash=opaque.digest(token), platform_slug="acme")
    assert len(executed) == 1
    assert facts.session is not None
    assert facts.session.is_good(bench.now)
    assert not facts.session.is_good(bench.now + timedelta(hours=1))
    assert facts.session.generation == 1
    assert facts.session.csrf_token
    assert facts.platform is not None
    assert (facts.platform.id, facts.revision, facts.archived) == (acme, bench.revision(acme), False)
    assert facts.vendor is None
    assert facts.token is None


def test_a_vendors_request_finds_its_platform_in_the_same_statement(bench: Bench) -> None:
    acme = bench.platform()
    with bench.unit() as uow:
        petal = vendors.create(uow, bench.rt, acme, "petal", name="Petal", actor=ANNA, now=bench.now)
        _, secret = tokens.create(uow, "t", expires_days=1, vendor_id=petal.id, actor=ANNA, now=bench.now)
    with Statements() as executed:
        named = access.request_facts(bench.session, session_hash=b"x" * 32, vendor_slug="petal")
        scoped = access.request_facts(bench.session, token_hash=opaque.digest(secret))
        nothing = access.request_facts(bench.session, platform_slug="nowhere")
    assert len(executed) == 3
    assert named.session is None
    assert named.vendor is not None
    assert named.platform is not None
    assert (named.vendor.slug, named.platform.slug) == ("petal", "acme")
    assert scoped.vendor == named.vendor
    assert scoped.platform == named.platform
    assert scoped.token is not None
    assert scoped.token.is_good(bench.now)
    assert (nothing.platform, nothing.revision) == (None, 0)
