"""People and programs of a test: logged in without a password, each with the roles that the test is about."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from console.context import runtime
from console.domain.words import Role
from console.services import logins, opaque, tokens, users
from console.services.views import PlatformView, VendorView
from console.storage.tables import WebSession
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import TESTER


@dataclass(slots=True)
class Visitor:
    """A browser that is logged in; forms are sent with the session's token."""

    client: FlaskClient
    csrf: str
    user_id: int

    def get(self, path: str, **headers: str) -> TestResponse:
        """The page at ``path``, read to its end as a server does: what is sent piece by piece keeps nothing open."""
        return self.client.get(path, headers=_dashed(headers), buffered=True)

    def post(self, path: str, data: Mapping[str, object] | None = None, **headers: str) -> TestResponse:
        """The answer to a form."""
        fields = {"csrf_token": self.csrf, **(data or {})}
        return self.client.post(path, data=fields, headers=_dashed(headers), buffered=True)


@dataclass(slots=True)
class Program:
    """A client of the JSON API with a token."""

    client: FlaskClient
    headers: dict[str, str] = field(repr=False)

    def send(self, method: str, path: str, body: object = None) -> TestResponse:
        """The answer to a request whose body, if any, is JSON."""
        return self.client.open(path, method=method, json=body, headers=self.headers, buffered=True)


def log_in(
    app: Flask, role: Role | str, *, platform: PlatformView | None = None, vendor: VendorView | None = None
) -> Visitor:
    """A new account with one role, logged in.

    Args:
        role: Its name, ``platform-admin`` say.
        platform: The platform of the role, for the platform's roles.
        vendor: The vendor of the role, for the vendor's roles.
    """
    email = f"{secrets.token_hex(6)}@example.test"
    with app.app_context():
        with unit_of_work() as uow:
            rt = runtime()
            user = users.create(
                uow,
                email,
                role=Role(role),
                actor=TESTER,
                now=rt.clock(),
                platform_id=platform.id if platform else None,
                vendor_id=vendor.id if vendor else None,
            )
            user_id = user.id
            token = logins.start_session(uow, rt, user_id, now=rt.clock())
        csrf = read_session().scalars(
            select(WebSession.csrf_token).where(WebSession.token_hash == opaque.digest(token))
        )
        client = app.test_client()
        client.set_cookie("console", token)
        return Visitor(client, csrf.one(), user_id)


def program(app: Flask, *, platform: PlatformView | None = None, vendor: VendorView | None = None) -> Program:
    """A client with a token for the platform, for the vendor, or for the instance."""
    with app.app_context(), unit_of_work() as uow:
        _token, secret = tokens.create(
            uow,
            "test",
            expires_days=1,
            actor=TESTER,
            now=runtime().clock(),
            platform_id=platform.id if platform else None,
            vendor_id=vendor.id if vendor else None,
        )
    return Program(app.test_client(), {"Authorization": f"Bearer {secret}"})


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    """``HX_Request`` → ``HX-Request``: keyword arguments have no dashes."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
