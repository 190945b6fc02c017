"""Requests of one tenant's people and programs for what another tenant has, by every road, each with its own twin."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from console.storage.tables import User
from console.storage.uow import read_session
from tests.isolation.endpoints import HEADERS, Endpoint, by_owner, endpoints, is_well, send, tenant_header
from tests.isolation.state import CANARY
from tests.isolation.stock import Tenant
from tests.isolation.trial import taken_back

MISSING: Mapping[str, str] = {"slug": "globey-shop", "code": "gold-globey", "key": "delivery-987654321"}
REFUSED = frozenset({303, 400, 401, 403, 404})
SHAPES: tuple[Mapping[str, str], ...] = ({}, {"HX-Request": "true", "HX-Request-Type": "partial"})
SENTENCES = "console-said"
"""The cookie with what the next page says; what the twin left there is no answer to the attempt."""
ROADS = ("argument", "tenant", "both", "header", "query", "body")


@dataclass(frozen=True)
class Attempt:
    """One request for what is another's.

    Args:
        road: How the other tenant's things come into it: as an ``argument`` of an own address, as the ``tenant`` of
            the address, as ``both``, in the ``header`` that names the tenant, in the ``query``, in the ``body``.
        argument: Which argument, for the first road.
    """

    endpoint: Endpoint
    road: str
    role: str
    argument: str = ""
    shape: int = 0

    def __str__(self) -> str:
        return f"{self.endpoint} by {self.road} {self.argument} as {self.role}"


@dataclass
class Tally:
    """What came of the attempts."""

    requests: int = 0
    twins: int = 0
    refused: int = 0
    leaks: list[str] = field(default_factory=list)
    let_in: list[str] = field(default_factory=list)
    told_apart: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    twins_refused: list[str] = field(default_factory=list)


def attempts(app: Flask, chance: random.Random, count: int) -> Iterator[Attempt]:
    """Every attempt that there is, in any order and as often as it takes."""
    roles = ("platform-admin", "platform-viewer", "vendor-owner", "vendor-member", "platform", "vendor")
    every = [
        Attempt(endpoint, road, role, argument, shape)
        for endpoint in endpoints(app)
        for road in _roads(endpoint)
        for argument in (endpoint.foreign_arguments if road == "argument" else [""])
        for role in roles
        for shape in range(1 if endpoint.is_api else 2)
        if endpoint.is_api or role not in ("platform", "vendor")
    ]
    made = 0
    while made < count:
        chance.shuffle(every)
        yield from every[: count - made]
        made += len(every[: count - made])


def _roads(endpoint: Endpoint) -> Iterator[str]:
    yield from ("query",)
    if endpoint.foreign_arguments:
        yield "argument"
    if endpoint.is_api:
        yield "header"
    else:
        yield from ("tenant", "both") if endpoint.foreign_arguments else ("tenant",)
    if endpoint.method != "GET":
        yield "body"


@dataclass
class Raid:
    """Makes attempts of ``own`` on ``other`` and judges the answers.

    Args:
        marks: Texts that only the other tenant has.
    """

    app: Flask
    own: Tenant
    other: Tenant
    marks: tuple[str, ...]
    tally: Tally = field(default_factory=Tally)

    def make(self, attempt: Attempt) -> None:
        """The twin, then the attempt itself."""
        tally, endpoint = self.tally, attempt.endpoint
        with taken_back(self.app):
            tally.twins += 1
            twin = by_owner(endpoint, self.own)
            if not is_well(twin):
                tally.twins_refused.append(f"{attempt}: {twin.status_code}")
            if attempt.road in ("query", "body"):
                self._judge(attempt, self._send(attempt, self.other))
                return
        answer = self._send(attempt, self.other)
        self._judge(attempt, answer)
        if answer.status_code not in REFUSED or (answer.status_code == 303 and not self._is_login(answer)):
            tally.let_in.append(f"{attempt}: {answer.status_code}")
        tally.refused += 1
        if attempt.road == "argument":
            self._compare(attempt, answer)

    def _send(self, attempt: Attempt, other: Tenant, **instead: str) -> TestResponse:
        endpoint, own = attempt.endpoint, self.own
        who = own.sender(attempt.role)
        who.client.delete_cookie(SENTENCES)
        headers = {**SHAPES[attempt.shape], **tenant_header(endpoint, own)}
        path, fields = endpoint.path(own), dict(endpoint.fields(own))
        if attempt.road == "argument":
            values = instead or {attempt.argument: endpoint.value(other, attempt.argument)}
            path = endpoint.path(own, **values)
        elif attempt.road == "tenant":
            name = endpoint.area
            path = endpoint.path(own, **{"platform" if name == "admin" else "vendor": _slug(endpoint, other)})
        elif attempt.road == "both":
            path = endpoint.path(other)
        elif attempt.road == "header":
            headers[HEADERS[endpoint.area]] = _slug(endpoint, other)
        elif attempt.road == "query":
            path += ("&" if "?" in path else "?") + "&".join(f"{key}={value}" for key, value in _asked(other).items())
        else:
            fields |= _given(fields, other, is_json=endpoint.is_api)
        return send(who, endpoint, path, fields=fields, headers=headers)

    def _judge(self, attempt: Attempt, answer: TestResponse) -> None:
        self.tally.requests += 1
        text = answer.get_data() + str(answer.headers).encode()
        if any(mark.encode() in text for mark in self.marks):
            self.tally.leaks.append(str(attempt))
        if answer.status_code >= 500:
            self.tally.failures.append(f"{attempt}: {answer.status_code}")

    def _compare(self, attempt: Attempt, answer: TestResponse) -> None:
        """What is another's answers as what does not exist, byte for byte but for what the address itself says."""
        name = attempt.argument
        there = attempt.endpoint.value(self.other, name)
        missing = MISSING.get(name, "987654321")
        nothing = self._send(attempt, self.other, **{name: missing})
        if _plain(answer) != _plain(nothing, (missing, there)):
            self.tally.told_apart.append(str(attempt))

    def _is_login(self, answer: TestResponse) -> bool:
        return "/login" in answer.headers["Location"]


def marks_of(app: Flask, tenant: Tenant) -> tuple[str, ...]:
    """The canary and the addresses of the tenant's people."""
    ids = [each.user_id for each in tenant.people.values()]
    with app.app_context():
        return (CANARY, *read_session().scalars(select(User.email).where(User.id.in_(ids))))


def zeros(tally: Tally) -> Mapping[str, int]:
    """What must never happen, and how often it did."""
    return {
        "requests that showed something of the other tenant": len(tally.leaks),
        "requests for the other tenant's things that were let in": len(tally.let_in),
        "foreign things that did not answer like missing ones": len(tally.told_apart),
        "requests that failed": len(tally.failures),
        "twins that were refused": len(tally.twins_refused),
    }


def _slug(endpoint: Endpoint, tenant: Tenant) -> str:
    return tenant.ids["platform" if endpoint.area.endswith("admin") else "vendor"]


def _asked(other: Tenant) -> Mapping[str, str]:
    ids = other.ids
    return {
        "platform": ids["platform"],
        "platform_id": str(other.platform.id),
        "vendor": ids["vendor"],
        "vendor_id": ids["vendor_id"],
        "operation": ids["operation_id"],
        "created": ids["slug"],
        "tier": ids["tier"],
        "user": ids["user_id"],
        "role": ids["role_id"],
    }


def _given(fields: Mapping[str, object], other: Tenant, *, is_json: bool) -> dict[str, object]:
    """The other tenant's ids in the place of one's own, and beside what the address asks for."""
    ids = other.ids
    named: dict[str, object] = {
        "payment_method": int(ids["method_id"]),
        "tier": ids["tier"],
        "role": ids["role_id"],
        "scope": ids["slug"],
        "confirm": f"{ids['platform']}/unused",
    }
    swapped = {key: value for key, value in named.items() if key in fields}
    more: dict[str, object] = {"platform_id": str(other.platform.id), "vendor_id": ids["vendor_id"]}
    return swapped if is_json else {**more, "scope": ids["slug"], "back": f"/admin/{ids['platform']}/", **swapped}


def _plain(answer: TestResponse, swap: tuple[str, str] = ("", "")) -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and text without what chance decides; ``swap``: what stands for what was asked for."""
    hidden = [answer.headers["X-Request-Id"], *re.findall(r"'nonce-([^']+)'", str(answer.headers))]

    def plain(text: str) -> str:
        for secret in hidden:
            text = text.replace(secret, "·")
        return text.replace(*swap) if swap[0] else text

    headers = [(name, plain(value)) for name, value in answer.headers.items() if name != "Content-Length"]
    return answer.status_code, headers, plain(answer.text)
