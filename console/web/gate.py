"""The gate of the web: which module an address belongs to, read from the path alone, and whether it answers.

The decision comes before routing, so neither a redirect to a slash nor a 405 with its ``Allow`` tells that a module
that is off exists. Source: the architecture, section 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlsplit

from flask import current_app, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from console.context import RequestScope, runtime
from console.domain.words import FrontendType
from console.errors import ModuleOff

Area = Literal["admin", "vendor", "instance", "api", "people", "probe"]
PROBES = frozenset({"healthz", "readyz"})
AREAS = frozenset({"admin", "vendor", "instance", "api"})
WRAPPED = "console_wrapped_endpoints"


@dataclass(frozen=True, slots=True)
class Address:
    """What a path says before anybody has asked the router.

    Args:
        area: Which part of the product it is in.
        frontend: Whose pages or JSON, None outside of both.
        slug: The tenant that the path names; the API's paths name none.
        segment: What stands where a module's code would.
    """

    area: Area
    frontend: FrontendType | None = None
    slug: str | None = None
    segment: str | None = None

    @property
    def is_private(self) -> bool:
        """Whether nobody but people who are logged in learns anything here, not even what exists."""
        return self.area in AREAS


def read_address(path: str) -> Address:
    """The address that ``path`` is; doubled slashes count as one, as the router would merge them."""
    parts = [part for part in path.split("/") if part]
    head = parts[0] if parts else ""
    if head in PROBES and len(parts) == 1:
        return Address("probe")
    if head not in AREAS:
        return Address("people")
    if head in ("admin", "vendor"):
        return Address(cast("Area", head), FrontendType(head), _at(parts, 1), _at(parts, 2))
    if head == "api" and _at(parts, 1) in ("admin", "vendor"):
        return Address("api", FrontendType(parts[1]), None, _at(parts, 2))
    return Address(cast("Area", head))


def _at(parts: list[str], index: int) -> str | None:
    return parts[index] if index < len(parts) else None


def check_address(address: Address, scope: RequestScope) -> None:
    """Let the request through unless its path is one of a module that does not answer here.

    Raises:
        NotFound: For this person there is no such module.
        ModuleOff: The module is off.
    """
    if address.segment is not None and address.frontend is not None:
        check_module(address.segment, scope)


def check_module(code: str, scope: RequestScope) -> None:
    """Let the request through unless ``code`` is an installed module that does not answer for this tenant.

    Raises:
        NotFound: It is internal, and this is a vendor's page or a vendor's person.
        ModuleOff: It is off.
    """
    registry = runtime().registry
    if code not in registry or scope.snapshot is None:
        return
    module = registry[code]
    if module.definition is not None and module.definition.is_internal and not _sees_internal(scope):
        raise NotFound
    if not scope.snapshot.is_open(code):
        raise ModuleOff(code, module.name)


def _sees_internal(scope: RequestScope) -> bool:
    if scope.frontend is not FrontendType.ADMIN or scope.grants is None or scope.platform is None:
        return False
    return scope.grants.sees_platform(scope.platform.id)


def check_endpoint(scope: RequestScope) -> None:
    """The same for a console page that a wrapper module groups, whatever method and slash it was asked with.

    Raises:
        NotFound: As for a module's own pages.
        ModuleOff: As for a module's own pages.
    """
    wrapped = wrapped_endpoints()
    if not wrapped:
        return
    code = wrapped.get(_endpoint_in_reach() or "")
    if code is not None:
        check_module(code, scope)


def wrapped_endpoints() -> dict[str, str]:
    """Endpoint of the console → code of the wrapper module that groups it."""
    found = current_app.extensions.get(WRAPPED)
    if found is None:
        live = runtime().registry.live()
        found = {endpoint: definition.code for definition in live for endpoint in definition.endpoints}
        current_app.extensions[WRAPPED] = found
    return cast("dict[str, str]", found)


def _endpoint_in_reach() -> str | None:
    """The endpoint that the path leads to, also when the method or the slash is wrong."""
    refused = request.routing_exception
    if refused is None:
        return request.endpoint
    adapter = request_ctx.url_adapter
    path, method = request.path, request.method
    for _turn in range(3):
        if isinstance(refused, RequestRedirect):
            path = urlsplit(refused.new_url).path
        elif isinstance(refused, MethodNotAllowed) and refused.valid_methods:
            method = next(iter(refused.valid_methods))
        else:
            return None
        try:
            return cast("str", adapter.match(path, method=method)[0]) if adapter is not None else None
        except HTTPException as error:
            refused = error
    return None
