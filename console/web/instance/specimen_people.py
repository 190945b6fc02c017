"""Specimens of the pages about people: who is there, roles, permissions, tokens, and what a change of tiers means."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace as Specimen

HELD = ("owner",)


def people() -> Specimen:
    """Somebody in every state, and a role of each sort."""
    choices = [
        Specimen(value="owner", label="Owner", hint="May everything.", can_give=True),
        Specimen(value="member", label="Member", hint="May look.", can_give=True),
        Specimen(value="above", label="Above", hint="May more than you.", can_give=False),
    ]
    lines = [
        _person(1, "ada", name="Ada Lovelace", is_me=True),
        _person(2, "grace", held=("owner", "member")),
        _person(3, "mallory", is_active=False, held=()),
    ]
    return Specimen(choices=choices, lines=lines)


def _person(number: int, account: str, **facts: object) -> Specimen:
    usual: dict[str, object] = {"id": number, "email": f"{account}@example.test", "name": "", "held": HELD}
    return Specimen(**{**usual, "is_me": False, "is_active": True, **facts})


def permissions() -> list[Specimen]:
    """A permission that is given, one that could be, one that sleeps, one that one does not have."""
    lines = [
        _permission("orders.view", checked=True),
        _permission("orders.manage"),
        _permission("orders.refund", sleeps=True),
        _permission("orders.export", can_give=False),
    ]
    return [Specimen(name="Orders", lines=lines)]


def _permission(code: str, **facts: object) -> Specimen:
    usual: dict[str, object] = {"code": code, "label": code.rpartition(".")[2].title()}
    return Specimen(**{**usual, "checked": False, "sleeps": False, "can_give": True, **facts})


def tokens(now: datetime) -> list[Specimen]:
    """A token in every state."""
    some, month = ("orders.view", "orders.manage"), now + timedelta(days=30)
    return [
        Specimen(
            id=number,
            name=state.title(),
            state=state,
            scope="Acme",
            creator="ada@example.test" * (state != "ended"),
            permissions=None if state == "good" else some,
            expires_at=month,
            last_used_at=now if state == "good" else None,
        )
        for number, state in enumerate(("good", "revoked", "orphan", "ended"))
    ]


def tier_plan() -> Specimen:
    """A change of tiers that takes, gives, and lowers a limit below what is there."""
    limits = [
        Specimen(code="orders", before=None, after=100, used=140, is_over=True),
        Specimen(code="pages", before=10, after=None, used=None, is_over=False),
    ]
    return Specimen(lost=("export",), won=("reports", "themes"), limits=limits)
