"""The Flask application whose requests take the console's road.

Host, session, membership and gate come before routing has a say; then the permission; then the view, inside the
tenant's scope and, when the method can change something, inside one unit of work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from console.context import current
from console.storage import tenancy
from console.storage.uow import unit_of_work
from console.web import access, csrf, idempotency, limits, permit, proofs
from console.web.headers import request_id
from console.web.links import LateRule, RowId

View = TypeVar("View", bound=Callable[..., object])
ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


def own_unit_of_work(view: View) -> View:
    """The view opens its unit of work itself: it does slow work first that must not hold a lock."""
    view.__own_unit_of_work__ = True  # type: ignore[attr-defined]  # read back when the view is called
    return view


class _Refused(Exception):
    """Carries an answer of 400 or more out of the unit of work, which it rolls back."""

    def __init__(self, response: Response) -> None:
        self.response = response


class ConsoleFlask(Flask):
    """Flask, with the order of a request held in one place."""

    url_rule_class = LateRule

    def __init__(self, *arguments: Any, **options: Any) -> None:  # handed through
        super().__init__(*arguments, **options)
        self.url_map.converters["int"] = RowId

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,  # Any: Flask's own type of a view
        provide_automatic_options: bool | None = None,
        **options: Any,  # handed through
    ) -> None:
        """Register a route; a console view without a permission cannot be."""
        if view_func is not None:
            permit.check_registration(endpoint or view_func.__name__, view_func)
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Everything before the view; a refusal happens before any code of the addressed module runs."""
        try:
            access.enter()
            if request.routing_exception is not None:
                self.raise_routing_exception(request)
            permit.check_permission(self.view_functions[request.endpoint or ""])
            limits.check()
            csrf.check()
            proofs.check(self.view_functions[request.endpoint or ""])
        except Exception:
            # The answer is the console's: error handlers and hooks of the module must not see the request.
            request.url_rule = None
            current().module = None
            raise
        with _tenant():
            return super().preprocess_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """The view's answer, its changes committed when it is below 400."""
        with _tenant():
            view = self.view_functions[request.endpoint or ""]
            if request.method in csrf.SAFE_METHODS or hasattr(view, "__own_unit_of_work__"):
                return super().dispatch_request()
            try:
                with unit_of_work() as uow:
                    response = idempotency.once(uow, self._view_response)
                    if response.status_code >= 400:
                        raise _Refused(response)
            except _Refused as refused:
                return refused.response
            return response

    def _view_response(self) -> Response:
        return self.make_response(super().dispatch_request())

    def log_exception(self, exc_info: ExcInfo) -> None:
        """Log what failed, with the id that the person sees on the page."""
        logging.getLogger("console.web").error(
            "request %s: %s %s failed", request_id(), request.method, request.path, exc_info=exc_info
        )


@contextmanager
def _tenant() -> Generator[None]:
    """The scope in which module tables hold the rows of this request's tenant."""
    scope = current()
    if scope.platform is None:
        yield
        return
    with tenancy.scope(platform_id=scope.platform.id, vendor_id=scope.vendor.id if scope.vendor else None):
        yield
