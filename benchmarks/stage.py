"""A console with one platform, one admin and the measured module, and a way to send it requests without a network."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from console.app import create_app
from console.context import runtime
from console.domain.words import Role
from console.services import logins, migrations, users
from console.services.views import PlatformView
from console.storage.uow import unit_of_work
from console.testing.journeys import TESTER, make_platform, switch

MODULE = "hello"
COOKIE = "console"


@dataclass(slots=True)
class Stage:
    """The application, its platform, and the cookie of a logged-in admin."""

    app: Flask
    platform: PlatformView
    cookie: str


def build(folder: Path) -> Stage:
    """A fresh console in ``folder``."""
    app = create_app({"data_dir": folder, "insecure_http": True, "modules_path": (Path(__file__).parent / "modules",)})
    migrations.upgrade(app)
    platform = make_platform(app, "acme", "Acme")
    switch(app, platform.id, MODULE, on=True)
    with app.app_context(), unit_of_work() as uow:
        rt = runtime()
        user = users.create(uow, "admin@example.org", role=Role.INSTANCE_ADMIN, actor=TESTER, now=rt.clock())
        token = logins.start_session(uow, rt, user.id, now=rt.clock())
    return Stage(app, platform, f"{COOKIE}={token}")


def caller(
    app: Flask,
    path: str,
    *,
    status: int,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    data: dict[str, str] | None = None,
) -> Callable[[], bytes]:
    """A function that sends one request straight into the application and checks the status of the answer."""
    builder = EnvironBuilder(
        path=path, method=method, headers=Headers(headers or {}), data=data, base_url="http://localhost"
    )
    environ = builder.get_environ()
    body = environ["wsgi.input"].read()

    def call() -> bytes:
        answered: list[str] = []

        def start_response(
            line: str, fields: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], object]:
            answered.append(line)
            return lambda _chunk: None

        result = app.wsgi_app(dict(environ, **{"wsgi.input": io.BytesIO(body)}), start_response)
        try:
            content = b"".join(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        if not answered[0].startswith(str(status)):
            raise AssertionError(f"{method} {path} answered {answered[0]}, not {status}: {content[:300]!r}")
        return content

    return call
