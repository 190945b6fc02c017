"""platforms, vendors, users, tokens."""

from __future__ import annotations

import pyotp
import pytest

from console.context import runtime
from console.domain.actor import SYSTEM
from console.domain.waiting import LIMITS, Tried
from console.services import access, audit, factors, opaque, passwords, throttle, users
from console.services.throttle import Try
from console.storage.uow import end_read, read_session, unit_of_work
from tests.cli.documents import ErrorDocument, ListDocument, Operation
from tests.cli.shell import Shell

PASSWORD = "a good long passphrase 42"


def test_creating_a_platform_is_an_operation_that_is_followed(shell: Shell) -> None:
    made = shell.json("platforms", "create", "globex", "--name", "Globex Mall")
    assert (made["platform"]["slug"], made["platform"]["name"]) == ("globex", "Globex Mall")
    operation = Operation.model_validate(made["operation"])
    assert (operation.kind, operation.state) == ("create", "succeeded")
    assert {step.module for step in operation.steps} == {"tenancy", "cms"}
    found = shell.document(ListDocument, "modules", "list", "-p", "globex").by_code()
    assert {code for code, each in found.items() if each.wanted} == {"tenancy", "cms"}


@pytest.mark.parametrize(
    ("slug", "exit_code", "error"), [("acme", 4, "platform_exists"), ("Acme Market", 2, "slug_invalid")]
)
def test_a_platform_needs_a_slug_of_its_own(shell: Shell, slug: str, exit_code: int, error: str) -> None:
    assert shell.document(ErrorDocument, "platforms", "create", slug, code=exit_code).error.code == error


def test_an_archived_platform_is_out_of_use(shell: Shell) -> None:
    archived = shell.json("platforms", "archive", "acme")["platform"]
    assert archived["archived_at"] is not None
    assert shell.json("platforms", "list")["platforms"] == []
    assert [each["slug"] for each in shell.json("platforms", "list", "--archived")["platforms"]] == ["acme"]
    assert shell.run("platforms", "list", "--archived").rows[0][3] == "archived"
    refused = shell.document(ErrorDocument, "modules", "enable", "analytics", "-p", "acme", code=4).error
    assert refused.code == "platform_archived"
    assert shell.document(ErrorDocument, "platforms", "archive", "acne", code=3).error.hint == "Did you mean 'acme'?"


def test_vendors_belong_to_a_platform(shell: Shell) -> None:
    assert shell.run("platforms", "create", "globex").code == 0
    made = shell.json("vendors", "create", "blue", "--name", "Blue Books", "-p", "acme")["vendor"]
    assert (made["slug"], made["name"], made["platform"]) == ("blue", "Blue Books", "acme")
    assert shell.run("vendors", "create", "green", "-p", "globex").code == 0
    assert [each["slug"] for each in shell.json("vendors", "list")["vendors"]] == ["blue", "green"]
    assert [each["slug"] for each in shell.json("vendors", "list", "-p", "globex")["vendors"]] == ["green"]
    assert shell.run("vendors", "create", "red").code == 2, "there are two platforms"
    assert shell.document(ErrorDocument, "vendors", "create", "blue", "-p", "globex", code=4).error.code
    assert shell.run("vendors", "list").rows == [["blue", "Blue Books", "acme"], ["green", "green", "globex"]]


def test_an_account_gets_its_password_from_stdin(shell: Shell) -> None:
    words = ("users", "create", "Ann@Example.com", "--role", "platform-admin", "--password-stdin")
    answer = shell.run(*words, "--json", typed=f"{PASSWORD}\n")
    assert answer.code == 0
    user = answer.json["user"]
    assert (user["email"], user["has_password"]) == ("ann@example.com", True)
    assert user["roles"] == [{"role": "platform-admin", "platform": "acme", "vendor": None}]
    assert PASSWORD not in answer.out + answer.err
    assert password_fits(shell, "ann@example.com", PASSWORD)


def password_fits(shell: Shell, email: str, password: str) -> bool:
    with shell.app.app_context():
        stored = users.by_email(read_session(), email).password_hash
        return stored is not None and passwords.verify(stored, password)


def test_each_role_holds_where_it_fits(shell: Shell) -> None:
    assert shell.run("vendors", "create", "blue").code == 0
    good = [
        ("root@example.com", "instance-admin", []),
        ("view@example.com", "platform-viewer", ["-p", "acme"]),
        ("own@example.com", "vendor-owner", ["--vendor", "blue"]),
    ]
    for email, role, scope in good:
        assert shell.run("users", "create", email, "--role", role, *scope).code == 0
    bad = [("vendor-owner", []), ("platform-admin", ["--vendor", "blue"]), ("instance-admin", ["-p", "acme"])]
    for role, scope in bad:
        words = ("users", "create", "x@example.com", "--role", role, *scope)
        assert shell.document(ErrorDocument, *words, code=2).error.code == "usage"
    found = {each["email"]: each["roles"] for each in shell.json("users", "list")["users"]}
    assert found["own@example.com"] == [{"role": "vendor-owner", "platform": None, "vendor": "blue"}]
    assert set(found) == {"root@example.com", "view@example.com", "own@example.com"}
    narrowed = shell.json("users", "list", "--vendor", "blue")["users"]
    assert [each["email"] for each in narrowed] == ["own@example.com"]
    on_platform = shell.json("users", "list", "-p", "acme")["users"]
    assert {each["email"] for each in on_platform} == {"own@example.com", "view@example.com"}
    assert ["view@example.com", "-", "platform-viewer of acme", "yes"] in shell.run("users", "list").rows


def test_accounts_can_get_a_new_password_and_be_disabled(shell: Shell) -> None:
    create = ("users", "create", "ann@example.com", "--role", "platform-viewer")
    assert "before `users passwd`" in shell.run(*create).out
    assert shell.run("users", "passwd", "ann@example.com").code == 2, "no password was given"
    assert shell.run("users", "passwd", "ann@example.com", "--password-stdin", typed="short\n").code == 4
    assert shell.run("users", "passwd", "ann@example.com", "--password-stdin", typed=f"{PASSWORD}\n").code == 0
    assert password_fits(shell, "ann@example.com", PASSWORD)
    assert shell.json("users", "disable", "ann@example.com")["user"]["active"] is False
    unknown = shell.document(ErrorDocument, "users", "disable", "anne@example.com", code=3).error
    assert unknown.hint == "Did you mean 'ann@example.com'?"


def test_the_last_admin_of_the_instance_stays(shell: Shell) -> None:
    assert shell.run("users", "create", "root@example.com", "--role", "instance-admin").code == 0
    assert shell.document(ErrorDocument, "users", "disable", "root@example.com", code=4).error.code == "last_admin"


def test_a_token_is_printed_once_and_works(shell: Shell) -> None:
    made = shell.json("tokens", "create", "--name", "ci", "-p", "acme", "--expires", "7")
    secret = made["secret"]
    with shell.app.app_context():
        token = access.request_facts(read_session(), token_hash=opaque.digest(secret)).token
        assert token is not None
        assert (token.name, token.is_good(runtime().clock())) == ("ci", True)
    listed = shell.run("tokens", "list", "--json")
    assert secret not in listed.out
    assert [(each["name"], each["platform"]) for each in listed.json["tokens"]] == [("ci", "acme")]
    plain = shell.run("tokens", "create", "--name", "all")
    assert plain.out.startswith("mct_")
    assert len(plain.out.splitlines()) == 1, "the secret alone, for scripts"
    assert "instance" in plain.err


def test_tokens_are_for_one_scope_and_a_life(shell: Shell) -> None:
    assert shell.run("vendors", "create", "blue").code == 0
    assert shell.json("tokens", "create", "--name", "v", "--vendor", "blue")["token"]["vendor"] == "blue"
    assert shell.run("tokens", "create", "--name", "x", "--vendor", "blue", "-p", "acme").code == 2
    assert shell.run("tokens", "create", "--name", "x", "--expires", "0").code == 2
    assert shell.run("tokens", "create").code == 2
    assert [each["name"] for each in shell.json("tokens", "list", "--vendor", "blue")["tokens"]] == ["v"]


def test_a_revoked_token_is_not_valid_any_more(shell: Shell) -> None:
    made = shell.json("tokens", "create", "--name", "ci")
    gone = shell.json("tokens", "revoke", made["token"]["id"])["token"]
    assert gone["revoked_at"] is not None
    with shell.app.app_context():
        token = access.request_facts(read_session(), token_hash=opaque.digest(made["secret"])).token
        assert token is not None
        assert not token.is_good(runtime().clock())
    assert shell.run("tokens", "list").rows[0][3] == "revoked"
    assert shell.run("tokens", "revoke", "99").code == shell.run("tokens", "revoke", "ci").code == 3


def test_an_operator_lets_somebody_in_again(shell: Shell) -> None:
    shell.run("users", "create", "ann@example.com", "--role", "instance-admin")
    tried = Try("ann@example.com", "192.0.2.7")
    with shell.app.app_context():
        rt = runtime()
        now = rt.clock()
        for _try in range(LIMITS[Tried.ACCOUNT].free + 1):
            with unit_of_work() as uow:
                throttle.admit(uow, rt, tried, now)
        user_id = users.by_email(read_session(), "ann@example.com").id
        key = factors.fresh_key()
        with unit_of_work() as uow:
            factors.connect_app(uow, rt, user_id, key, pyotp.TOTP(key).at(now), actor=SYSTEM, now=now)
    assert shell.run("users", "unlock", "ann@example.com").code == 0
    assert shell.run("users", "reset-second-factor", "ann@example.com").code == 0
    assert shell.run("users", "unlock", "nobody@example.com").code == 3
    with shell.app.app_context():
        end_read()
        assert not factors.of(read_session(), user_id).any
        with unit_of_work() as uow:
            throttle.admit(uow, rt, tried, now)
        entries = {each.action: each for each in audit.listing(read_session(), None, target="ann@example.com")}
    assert {"users.unlock", "users.factors_reset"} <= set(entries)
    assert entries["users.unlock"].source == "cli"
