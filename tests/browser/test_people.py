"""Passkeys with a real browser and a device that it plays, and the question before what is far-reaching."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from console.domain.words import Role
from tests.browser.conftest import OpenTab
from tests.browser.served import PASSWORD, Served, serve
from tests.browser.tabs import Tab
from tests.web.test_people import token_of

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
ROOT = "root@example.test"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console that asks for a proof each time, at an address with a name: no passkey is for one in numbers."""
    folder: Path = tmp_path_factory.mktemp("served")
    with serve(folder / "data", WORKERS="1", RUNNERS="1", PROOF_S="0") as found:
        found.person(ROOT, Role.INSTANCE_ADMIN)
        found.person("other@example.test", Role.INSTANCE_ADMIN)
        yield Served(found.url.replace("127.0.0.1", "localhost"), found.data_dir, found.app)


def with_device(tab: Tab) -> Tab:
    """The tab, with a telephone beside it that knows its owner."""
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return tab


def prove(tab: Tab) -> None:
    """Answer the question with the password."""
    tab.page.get_by_label("Password").fill(PASSWORD)
    tab.test_id("proof-submit").click()


def replayed(served: Served, form: str) -> str:
    """The page after a login by passkey that is sent a second time, from a browser of its own."""
    client = served.app.test_client()
    fields = {**dict(parse_qsl(form)), "csrf_token": token_of(client.get("/login", base_url=served.url))}
    answer = client.post("/login/passkey", data=fields, base_url=served.url)
    return client.get(answer.headers["Location"], base_url=served.url).text


def test_a_passkey_is_added_logs_in_alone_and_is_removed(tab: OpenTab, served: Served) -> None:
    person = with_device(tab(ROOT))
    person.expected |= {403}
    person.go("/account/second-factor")
    person.check_accessible()
    person.test_id("passkey-add").click()
    person.page.get_by_label("Name").fill("Work laptop")
    person.check_accessible()
    person.test_id("passkey-create").click()
    prove(person)
    expect(person.test_id("recovery-codes").locator("li")).to_have_count(10)
    person.check_accessible()
    person.page.locator("#go-on").click()
    expect(person.test_id("factor-passkeys")).to_contain_text("Work laptop")
    person.page.get_by_role("button", name="Log out").click()
    person.page.wait_for_url("**/login")
    with person.page.expect_request("**/login/passkey") as sent:
        person.test_id("passkey-submit").click()
    person.page.wait_for_url(lambda url: "/login" not in url)
    assert "The question to your device is too old." in replayed(served, sent.value.post_data or "")
    person.go("/account/second-factor")
    expect(person.test_id("factor-passkeys")).to_contain_text("last used")

    elsewhere = tab()
    elsewhere.go("/login")
    elsewhere.page.locator("[name=email]").fill(ROOT)
    elsewhere.page.locator("[name=password]").fill(PASSWORD)
    elsewhere.page.locator("#login-submit").click()
    expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("One more step")
    elsewhere.check_accessible()

    person.page.get_by_role("button", name="Remove Work laptop").click()
    person.check_accessible()
    person.test_id("proof-passkey").click()
    expect(person.test_id("factor-passkeys")).not_to_contain_text("Work laptop")


def test_htmx_asks_in_a_dialog_that_goes_on_with_what_was_sent(tab: OpenTab) -> None:
    person = tab("other@example.test")
    person.expected |= {403, 422}
    person.go("/instance/users")
    values = {"email": "new@example.test", "role": "instance-admin", "scope": "", "name": "New"}
    person.page.evaluate(
        "values => htmx.ajax('POST', '/instance/users', {source: document.body, target: '#main', values})", values
    )
    dialog = person.page.locator("dialog[open]")
    expect(dialog).to_contain_text("Is it still you?")
    person.check_accessible()
    dialog.get_by_label("Password").fill("not this one at all")
    person.test_id("proof-submit").click()
    expect(person.page.get_by_role("alert")).to_contain_text("This is not your password.")
    prove(person)
    expect(person.test_id("new-login")).to_contain_text("new@example.test")
