"""What the tables themselves refuse, and what comes back from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from console.domain.words import ModuleState, Role
from console.storage.base import Base, db
from console.storage.tables import AuditEntry, Membership, ModuleRow, Platform, Vendor
from console.storage.tables.access import User
from console.storage.uow import unit_of_work
from tests.storage.made import NOW, add_tenants


@pytest.fixture
def people(bare: Flask) -> Flask:
    with bare.app_context():
        add_tenants()
        with unit_of_work() as uow:
            uow.session.add(User(email="anna@example.com", created_at=NOW))
    return bare


def add(app: Flask, *rows: Base) -> None:
    with app.app_context(), unit_of_work() as uow:
        uow.session.add_all(rows)


@pytest.mark.parametrize("place", [{}, {"platform_id": 1}, {"vendor_id": 1}])
def test_a_role_is_given_once_in_each_place(people: Flask, place: dict[str, int]) -> None:
    """NULL equals nothing in a unique constraint; the instance's roles are unique all the same."""
    add(people, Membership(user_id=1, role=Role.PLATFORM_ADMIN, **place))
    with pytest.raises(IntegrityError):
        add(people, Membership(user_id=1, role=Role.PLATFORM_ADMIN, **place))
    add(people, Membership(user_id=1, role=Role.PLATFORM_VIEWER, **place))


def test_the_same_role_in_other_places_is_another_one(people: Flask) -> None:
    places: list[dict[str, int]] = [{}, {"platform_id": 1}, {"platform_id": 2}, {"vendor_id": 1}, {"vendor_id": 2}]
    add(people, *(Membership(user_id=1, role=Role.VENDOR_OWNER, **place) for place in places))
    with people.app_context():
        assert len(db.session.scalars(select(Membership)).all()) == len(places)


def test_a_role_has_one_place_at_most(people: Flask) -> None:
    with pytest.raises(IntegrityError):
        add(people, Membership(user_id=1, role=Role.VENDOR_OWNER, platform_id=1, vendor_id=1))


@pytest.mark.parametrize(
    "row",
    [
        Platform(slug="north", name="Again", created_at=NOW),
        Vendor(slug="north-shop", platform_id=2, name="Again", created_at=NOW),
        Vendor(slug="nowhere", platform_id=9, name="Nowhere", created_at=NOW),
        User(email="anna@example.com", created_at=NOW),
    ],
)
def test_names_are_unique_and_tenants_exist(people: Flask, row: Base) -> None:
    copy = type(row)(**{name: value for name, value in vars(row).items() if not name.startswith("_")})
    with pytest.raises(IntegrityError):
        add(people, copy)


def test_a_naive_time_is_refused(people: Flask) -> None:
    with pytest.raises(StatementError, match="naive"):
        add(people, Platform(slug="x", name="X", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001  # that is the point


def test_a_time_of_any_zone_comes_back_as_the_same_moment_in_utc(people: Flask) -> None:
    moment = datetime(2026, 7, 1, 23, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    add(people, Platform(slug="x", name="X", created_at=moment))
    with people.app_context():
        found = db.session.scalars(select(Platform).where(Platform.slug == "x")).one()
        assert (found.created_at, found.created_at.tzinfo) == (moment, UTC)
        later = select(Platform.slug).where(Platform.created_at > moment - timedelta(microseconds=1))
        assert db.session.scalars(later).all() == ["x"]


def test_words_and_documents_come_back_as_they_were(people: Flask) -> None:
    document: dict[str, object] = {"on": True, "list": [1, "zwei", None], "deep": {"ß": 1.5}}
    entry = AuditEntry(at=NOW, actor="a", source="cli", action="x", target="y", before=None, after=document)
    row = ModuleRow(platform_id=1, module="orders", wanted=True, state=ModuleState.FAILED, changed_at=NOW)
    add(people, entry, row)
    with people.app_context():
        found = db.session.scalars(select(AuditEntry)).one()
        assert (found.before, found.after) == (None, document)
        assert db.session.scalars(select(AuditEntry).where(AuditEntry.before.is_(None))).all() == [found]
        assert db.session.scalars(select(ModuleRow)).one().state is ModuleState.FAILED
