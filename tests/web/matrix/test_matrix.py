"""Every role × every endpoint × method × own and foreign tenant × modules on and off.

The endpoints come from the URL map, what is expected from the table that is kept by hand beside this file. Views are
replaced by one that only says that it was reached, so that the answer is that of everything before the view.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from console.context import runtime
from console.domain.actor import Actor
from console.domain.permissions import OPERATOR, Grants
from console.domain.words import FrontendType, Role
from console.services import people, persons, roles, tokens
from console.services.people import Held
from console.services.roles import Author, RoleDraft
from console.services.tokens import Creator
from console.storage.uow import unit_of_work
from console.testing.people import Program, Visitor, log_in
from tests.support.shop import Shop
from tests.web.matrix.expected import LOGIN, OFF, PEOPLE, REACHED, UNKNOWN, expected, place_of
from tests.web.matrix.table import NEEDS, ON_PLATFORM

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SAID = 299
VALUES = {"platform": ("acme", "globex"), "vendor": ("blue", "green")}
HEADERS = {"admin": ("X-Console-Platform", "acme", "globex"), "vendor": ("X-Console-Vendor", "blue", "green")}
TESTER = Actor("tester", "cli")


@dataclass(frozen=True)
class Endpoint:
    """One method of one rule of the URL map."""

    name: str
    rule: Rule
    method: str

    def path(self, *, own: bool) -> str:
        """An address that leads to it."""

        def fill(found: re.Match[str]) -> str:
            kind, options, name = found.groups()
            if name in VALUES:
                return VALUES[name][0 if own else 1]
            return "1" if kind == "int" else options.split(",")[0].strip(" '") if options else "x"

        return re.sub(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>", fill, self.rule.rule)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def endpoints(app: Flask) -> list[Endpoint]:
    """Every method of every rule; OPTIONS is answered by Flask itself, and HEAD is GET without its body."""
    return [
        Endpoint(rule.endpoint, rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def clerk(shop: Shop) -> Visitor:
    """Somebody whose role an admin made."""
    visitor = log_in(shop.app, Role.VENDOR_MEMBER, vendor=shop.green)
    author = Author(TESTER, OPERATOR)
    with shop.app.app_context(), unit_of_work() as uow:
        rt = runtime()
        draft = RoleDraft("Clerk", ON_PLATFORM["clerk"] - {"platform.view"})
        made = roles.create(uow, rt, shop.acme.id, draft, frontend=FrontendType.ADMIN, author=author, now=rt.clock())
        here, there = people.Place(shop.acme.id), people.Place(shop.globex.id, shop.green.id)
        held = Held(made=frozenset({made}))
        people.set_roles(uow, rt, here, visitor.user_id, held=held, author=author, now=rt.clock())
        people.set_roles(uow, rt, there, visitor.user_id, held=Held(), author=author, now=rt.clock())
    return visitor


def robot(shop: Shop) -> Program:
    """A token with three permissions, made by an admin of the platform."""
    chief = log_in(shop.app, Role.PLATFORM_ADMIN, platform=shop.acme)
    with shop.app.app_context(), unit_of_work() as uow:
        grants: Grants = persons.grants_of(uow.session, chief.user_id)
        _view, secret = tokens.create(
            uow,
            "robot",
            expires_days=1,
            platform_id=shop.acme.id,
            permissions=ON_PLATFORM["robot"],
            creator=Creator(chief.user_id, grants),
            actor=TESTER,
            now=runtime().clock(),
        )
    shown = visitor(shop.app)
    return Program(shown.client, {"Authorization": f"Bearer {secret}", "X-CSRF-Token": shown.csrf})


@dataclass
class Asker:
    """Somebody, or nobody, who sends requests."""

    client: Visitor | Program
    role: str | None

    def ask(self, endpoint: Endpoint, *, own: bool) -> TestResponse:
        place = place_of(endpoint.name)
        headers = {"Accept": "application/json" if place.is_api else "text/html"}
        if place.is_api and place.area in HEADERS:
            name, mine, theirs = HEADERS[place.area]
            headers[name] = mine if own else theirs
        if isinstance(self.client, Program):
            headers |= self.client.headers
        else:
            headers["X-CSRF-Token"] = self.client.csrf
        return self.client.client.open(endpoint.path(own=own), method=endpoint.method, headers=headers, buffered=True)


def visitor(app: Flask) -> Visitor:
    """Somebody who is not logged in, with the token of the form that they were shown."""
    client = app.test_client()
    page = client.get("/login").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return Visitor(client, found[1], 0)


def askers(shop: Shop) -> list[Asker]:
    """Nobody, the built-in roles, the made one and the token."""
    known = [Asker(shop.person(Role(role)), role) for role in PEOPLE if role != "clerk"]
    return [Asker(visitor(shop.app), None), *known, Asker(clerk(shop), "clerk"), Asker(robot(shop), "robot")]


def said(answer: TestResponse) -> str:
    """What the answer is, in the table's words."""
    if answer.status_code == SAID:
        return REACHED
    if answer.status_code == 401 or (answer.status_code == 303 and "/login" in answer.headers["Location"]):
        return LOGIN
    if answer.status_code == 403:
        named = re.findall(r"\w+\.\w+", answer.text)
        return next((each for each in named if each in set(NEEDS.values())), "403 that names nothing")
    if answer.status_code == 404:
        return OFF if "switched off" in answer.text or "module_off" in answer.text else UNKNOWN
    return str(answer.status_code)


def stub(app: Flask) -> None:
    """Replace every view, but not what is asked before it."""
    for name, view in list(app.view_functions.items()):

        def reached(**_values: object) -> tuple[str, int]:
            return "", SAID

        reached.__dict__.update(view.__dict__, __own_unit_of_work__=True)
        app.view_functions[name] = reached


def test_every_endpoint_has_an_expectation_and_none_is_left_over(shop: Shop) -> None:
    known = {rule.endpoint for rule in shop.app.url_map.iter_rules()}
    assert known - set(NEEDS) == set(), "give each of these a row in tests/web/matrix/table.py"
    assert set(NEEDS) - known == set()


def test_every_role_gets_exactly_what_the_table_says(shop: Shop) -> None:
    shop.switch_all(on=True)
    everybody, found = askers(shop), endpoints(shop.app)
    views = dict(shop.app.view_functions)
    wrong: list[str] = []
    for on in (True, False):
        shop.app.view_functions.update(views)
        shop.switch_all(on=on)
        stub(shop.app)
        for asker in everybody:
            for endpoint in found:
                for own in (True, False) if place_of(endpoint.name).area in HEADERS else (True,):
                    answer = said(asker.ask(endpoint, own=own))
                    right = expected(endpoint.name, asker.role, own=own, on=on)
                    if answer != right:
                        where = f"{'own' if own else 'foreign'}, modules {'on' if on else 'off'}"
                        wrong.append(f"{endpoint} as {asker.role} ({where}): {answer}, not {right}")
    assert wrong == []
