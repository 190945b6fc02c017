"""What developer tools answers in JSON, for openapi.json."""

from __future__ import annotations

from pydantic import BaseModel


class RegistryModule(BaseModel):
    """An installed module."""

    code: str
    name: str
    version: str
    kind: str
    source: str
    package: str
    state: str
    requires: list[str]
    problems: list[str]


class RegistryAnswer(BaseModel):
    """Every installed module."""

    modules: list[RegistryModule]


class RouteOut(BaseModel):
    """One address."""

    module: str
    frontend: str
    rule: str
    methods: list[str]
    endpoint: str


class RoutesAnswer(BaseModel):
    """The addresses of the application."""

    routes: list[RouteOut]
