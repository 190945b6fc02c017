"""A plan as an answer: the same text as a dialog for htmx and as a page without it."""

from __future__ import annotations

from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from console.context import current, current_platform, runtime
from console.domain.plan_types import Plan
from console.errors import Conflict, ConsoleError
from console.services import plans, snapshots
from console.storage.uow import read_session
from console.web import htmx
from console.web.admin.plan_about import About
from console.web.admin.plan_page import Circumstances, PlanPage, plan_page


def plan_answer(
    plan: Plan, about: About, *, status: int = 200, before: str | None = None, refusal: str = ""
) -> Response:
    """The plan's page, or its dialog when htmx asks.

    Args:
        before: What the plan showed that this one replaces; None when it replaces none.
        refusal: Why it cannot be accepted although no rule blocks it.
    """
    session, rt = read_session(), runtime()
    impact = plans.impact(session, rt, plan)
    around = _circumstances()
    page = plan_page(rt.registry, plan, impact, about=about, around=around, before=before, refusal=refusal)
    return _response(page, status)


def refused(error: ConsoleError, about: About, *, before: str) -> Response:
    """The plan of now, in place of the one that could not be accepted, with 409.

    Raises:
        ConsoleError: ``error`` itself, when there is no plan in it.
    """
    plan = error.details.get("plan")
    if not isinstance(plan, Plan):
        raise error
    if error.code == "plan_stale":
        return plan_answer(plan, about, status=409, before=before)
    return plan_answer(plan, about, status=409, refusal=error.message if isinstance(error, Conflict) else "")


def _circumstances() -> Circumstances:
    session, rt, scope = read_session(), runtime(), current()
    snapshot = snapshots.current(session, rt, current_platform.id)
    sees_migrations = scope.grants is not None and scope.grants.is_instance_admin
    return Circumstances(
        platform=current_platform.name,
        hook_timeout_s=rt.settings.hook_timeout_s,
        unset={code: tuple(sorted(each.problems)) for code, each in snapshot.config.items() if each.problems},
        migrations_url=url_for("instance.migrations") if sees_migrations else None,
    )


def _response(page: PlanPage, status: int) -> Response:
    partial = htmx.is_partial()
    template = "admin/_plan_dialog.html" if partial else "admin/plan.html"
    response: Response = make_response(render_template(template, plan=page), status)
    if partial:
        # A direct switch aims at its row; a plan always belongs into the dialog.
        response.headers["HX-Retarget"] = "#dialog"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
