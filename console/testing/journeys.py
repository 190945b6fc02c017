"""Ways of a test through the product: the same services as page, CLI and API use."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from console.context import runtime
from console.domain.actor import Actor
from console.domain.plan_types import ChangeRequest
from console.domain.words import OPEN_STATES, OperationState
from console.jobs.runner import drain
from console.services import operations, platforms, snapshots, vendors
from console.services.operation_views import OperationView
from console.services.views import PlatformView, VendorView
from console.storage.uow import end_read, read_session, unit_of_work

TESTER = Actor(name="tester", source="cli")
PATIENCE_S = 60.0


def switch(app: Flask, platform_id: int, code: str, *, on: bool) -> OperationView | None:
    """Switch a module and wait for the operation's end.

    Returns:
        The operation when it has come to rest, None when there was nothing to do.
    """
    with app.app_context(), unit_of_work() as uow:
        rt = runtime()
        request = ChangeRequest({code: on})
        accepted = operations.accept(uow, rt, platform_id, request, actor=TESTER, now=rt.clock())
    return settle(app, platform_id, int(accepted.id)) if accepted is not None else None


def settle(app: Flask, platform_id: int, operation_id: int) -> OperationView:
    """Run what waits on the platform until the operation rests, and give it back.

    Raises:
        TimeoutError: It did not within a minute.
    """

    def rests() -> bool:
        return operations.get(read_session(), operation_id).state not in OPEN_STATES

    with app.app_context():
        if not drain(app, platform_id=platform_id, until=rests, timeout_s=PATIENCE_S):
            raise TimeoutError(f"operation {operation_id} does not come to rest")
        end_read()
        return operations.get(read_session(), operation_id)


def is_on(app: Flask, platform_id: int, code: str) -> bool:
    """Whether the gate of the module is open on the platform."""
    with app.app_context():
        return snapshots.current(read_session(), runtime(), platform_id).is_open(code)


def make_platform(app: Flask, slug: str, name: str) -> PlatformView:
    """A new platform whose first modules are on."""
    with app.app_context():
        with unit_of_work() as uow:
            rt = runtime()
            made = platforms.create(uow, rt, slug, name, actor=TESTER, now=rt.clock())
            view = PlatformView(made.id, made.slug, made.name)
        opened = [each.id for each in operations.open_of(read_session(), view.id)]
    for operation_id in opened:
        ended = settle(app, view.id, int(operation_id))
        if ended.state is not OperationState.SUCCEEDED:
            raise AssertionError(f"the platform's first modules did not come on: {ended}")
    return view


def make_vendor(app: Flask, platform: PlatformView, slug: str, name: str) -> VendorView:
    """A new vendor of the platform."""
    with app.app_context(), unit_of_work() as uow:
        rt = runtime()
        made = vendors.create(uow, rt, platform.id, slug, name=name, actor=TESTER, now=rt.clock())
        return VendorView(made.id, made.slug, made.name, platform.id, made.created_at)


def drained(app: Flask, platform_id: int, until: Callable[[], bool]) -> bool:
    """Run what waits on the platform until ``until()`` holds; False when it does not within a minute."""
    return drain(app, platform_id=platform_id, until=until, timeout_s=PATIENCE_S)
