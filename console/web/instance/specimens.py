"""What the style guide shows: made-up modules, plans and steps in every state that the product knows.

A specimen says only what its picture needs; templates treat what is absent as empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace

from console.domain.words import HealthStatus, Kind, OperationState, StepState
from console.web.instance.specimen_drawings import activity, branches, drawing, entries
from console.web.instance.specimen_people import people, permissions, tier_plan, tokens
from console.web.instance.specimen_settings import SpecimenForm, changes, lines, nested

Specimen = SimpleNamespace
LEVELS = ("started", "progress", "waiting", "warning", "error", "critical", "failed")
NOTHING: Mapping[str, object] = {}
TRACE = """Traceback (most recent call last):
  File "modules/orders/services/hooks.py", line 14, in on_enable
    raise ConnectionError("the warehouse does not answer")
ConnectionError: the warehouse does not answer"""


class Specimens:
    """Everything that the pages of the style guide show.

    Args:
        endpoint: Where every link and form of a specimen leads: the style guide itself.
        url: Its address.
        now: The moment of the request.
    """

    def __init__(self, endpoint: str, url: str, now: datetime) -> None:
        self.endpoint = endpoint
        self.url = url
        self.now = now
        self.form = SpecimenForm()
        self.lines = lines()
        self.nested = nested()
        self.changes = changes()
        self.crumbs = (("Acme", url), ("Modules", url), ("Orders", ""))
        self.drawing = drawing(url)
        self.branches = branches(url)
        self.activity = activity(now)
        self.people = people()
        self.permissions = permissions()
        self.tokens = tokens(now)
        self.tier_plan = tier_plan()
        self.entries = tuple(entries(now))
        self.pages = Specimen(number=2, count=5, previous_url=url, next_url=url)
        self.health = tuple(HealthStatus)
        self.states = tuple(OperationState)

    @property
    def rows(self) -> list[Specimen]:
        """A module in every look."""
        ways = [Specimen(name=name, label=name.title(), url=self.url, method="post") for name in ("retry", "keep")]
        undo = Specimen(name="undo", label="Undo", url=self.url, method="get")
        moving: dict[str, object] = {
            "look": "busy",
            "word": "Enabling…",
            "state": "enabling",
            "operation_url": self.url,
        }
        failed: dict[str, object] = {
            "look": "failed",
            "word": "Enabling failed",
            "state": "failed",
            "detail": "the warehouse is closed",
        }
        return [
            self._row("on", look="on", word="On", health="healthy", config_url=self.url, switch=self._by_plan),
            self._row("degraded", look="on", word="On", health="degraded", health_text="slow answers"),
            self._row("unhealthy", look="on", word="On", health="unhealthy", health_text="no answer"),
            self._row("unknown", look="on", word="On", health="unknown"),
            self._row("off", look="off", word="Off", wanted=False, state="disabled"),
            self._row("waiting", look="waiting", word="On, waiting for Payments", operation_url=self.url, alarm=True),
            self._row("cleanup", look="cleanup", word="Off, clean-up pending", operation_url=self.url),
            self._row("config", look="config", word="On, needs configuration", detail="api_key", alarm=True),
            self._row("quarantined", look="quarantined", word="Quarantined", detail="no definition", url=None),
            self._row("migration", look="migration", word="Needs migration", alarm=True),
            self._row("gone", look="gone", word="Its package is gone", alarm=True),
            self._row("busy", **moving, detail="the hook has not said how far it is"),
            self._row("progress", **moving, detail="3 of 8 · copying", progress=Specimen(done=3, total=8)),
            self._row("failed", **failed, ways=[ways[0], undo, ways[1]], operation_url=self.url),
            self._row("core", look="on", word="On", kind=Kind.CORE, switch=None),
            self._row("internal", look="off", word="Off", kind=Kind.INTERNAL, wanted=False, switch=None),
        ]

    @property
    def switches(self) -> Mapping[str, Specimen]:
        """A module for every kind of switch."""
        return {
            "On, direct": self._row("direct"),
            "On, by a plan": self._row("planned", switch=self._by_plan),
            "Off": self._row("idle", wanted=False),
            "Core": self._row("fixed", kind=Kind.CORE, switch=None),
            "Not switchable": self._row("foreign", switch=None),
        }

    @property
    def _by_plan(self) -> Specimen:
        return Specimen(part=self.url, digest=None)

    def _row(self, code: str, **facts: object) -> Specimen:
        near = (Specimen(code="payments", on=True, href=self.url), Specimen(code="billing", on=False, href=self.url))
        usual: dict[str, object] = {
            "code": code,
            "name": code.title(),
            "description": "One line that says what it is for.",
            "version": "1.0.0",
            "icon": "package",
            "kind": Kind.OPTIONAL,
            "state": "enabled",
            "wanted": True,
            "ways": (),
            "health": "healthy",
            "health_text": facts.get("health", "healthy"),
            "requires": near,
            "required_by": near[:1],
            "switch": Specimen(part=self.url, digest="0"),
            "url": self.url,
            "row_url": self.url,
            "changed": Specimen(at=self.now - timedelta(hours=3), actor="ada@example.test"),
            "badge": Specimen(look="accent", href=self.url, text="3 changed"),
        }
        return Specimen(**{**usual, **facts})

    @property
    def steps(self) -> list[Specimen]:
        """A step in every state; the failed one with all that can be said of it."""
        failure = {
            "error_class": "ConnectionError",
            "error_message": "the warehouse does not answer",
            "error_field": "api_key",
            "field_url": self.url,
            "traceback": TRACE,
            "force_url": self.url,
            "facts": ("2 of 5 attempts", "took 1.2 s"),
            "log": [self._said(level) for level in LEVELS],
        }
        more: Mapping[str, Mapping[str, object]] = {"running": {"done": 3, "total": 8}, "failed": failure}
        return [self._step(at, str(state), **more.get(state, NOTHING)) for at, state in enumerate(StepState)]

    def _step(self, position: int, state: str, **facts: object) -> Specimen:
        usual: dict[str, object] = {
            "position": position,
            "module": state,
            "icon": "package",
            "title": f"Enable {state.title()}",
            "reason": "required by Orders",
            "state": state,
            "word": state,
            "facts": (),
        }
        return Specimen(**{**usual, **facts})

    def _said(self, level: str) -> Specimen:
        return Specimen(level=level, at=self.now, word=level, text="what the hook says", hint="")

    @property
    def operations(self) -> list[Specimen]:
        """An operation in every state, as a list shows it."""
        usual: dict[str, object] = {"title": "Enable Orders", "summary": "2 steps", "actor": "ada@example.test"}
        usual |= {"url": self.url, "source": "page", "created_at": self.now, "took": "1.2 s", "done": 1, "total": 2}
        return [Specimen(id=at, state=state, word=state, **usual) for at, state in enumerate(OperationState)]

    @property
    def said(self) -> list[Specimen]:
        """What a toast says of an operation."""
        return [
            Specimen(text="Orders is on", operation_id=1, undo_url=self.url, undo_digest="0"),
            Specimen(text="Enabling Orders", look="info", operation_id=2, url=self.url),
            Specimen(text="Enabling Orders failed", look="error", operation_id=3, url=self.url),
        ]

    @property
    def plan(self) -> Specimen:
        """A plan with everything that one can say."""
        about = Specimen(icon="package", enabling=True, title="Enable Orders", url=self.url, back_url=self.url)
        steps = [
            Specimen(code=code, name=code.title(), icon="package", action=action, verb=action, text=text, hook=hook)
            for code, action, text, hook in (
                ("payments", "enable", "required by Orders", ""),
                ("orders", "enable", "requested", "runs a hook"),
                ("billing", "disable", "nothing needs it any more", ""),
                ("cms", "configure", "requested", ""),
            )
        ]
        return Specimen(
            about=about,
            subtitle="Acme Market",
            stale=True,
            blocks=[
                Specimen(message="Coupons is in conflict with Orders.", hint="Off first.", url=self.url, link="Open")
            ],
            steps=steps,
            changes=["Billing was switched on"],
            has_impact=True,
            impact_title="For 3 vendors",
            gained=["the page Orders"],
            lost=["the page Invoices"],
            kept=["12 rows stay"],
            pages=[Specimen(sign="plus", text="Pages", paths=["/orders/"])],
            notes=[Specimen(message="Orders needs a setting.", hint="api_key", url=self.url, link="Configure")],
            idle="Nothing changes for vendors.",
            warnings=[Specimen(message="Its health check failed an hour ago.", hint="It is switched on all the same.")],
            prune_url=self.url,
            prune_label="Switch Billing off too: nothing needs it",
            confirm="Enable",
            foot="Nothing happens before you confirm.",
        )

    @property
    def moments(self) -> Iterator[datetime]:
        """Just now, an hour ago, last month."""
        return (self.now - timedelta(minutes=minutes) for minutes in (0, 60, 45_000))
