"""Roles that admins make, and who may give what to whom."""

from __future__ import annotations

import pytest

from console.domain.actor import Actor
from console.domain.permissions import OPERATOR, Grants
from console.domain.words import FrontendType, Role
from console.errors import Forbidden, RuleRefused, Unknown, UsageError
from console.services import audit, passwords, people, persons, roles, users, vendors
from console.services.people import Held, Place
from console.services.roles import Author, RoleDraft
from console.storage.tables import User
from tests.services.bench import ANNA, Bench, Statements, module
from tests.services.conftest import MakeBench

HASHED = passwords.hash("correct horse battery")
CLERK = RoleDraft("Clerk", frozenset({"orders.view", "orders.manage"}))
CHIEF = Author(ANNA, OPERATOR)


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(
        module("orders", permissions=["orders.view", "orders.manage"]),
        module("notes", permissions=["notes.view"], is_internal=True),
    )


def made(
    bench: Bench,
    platform_id: int,
    draft: RoleDraft = CLERK,
    *,
    author: Author = CHIEF,
    frontend: FrontendType = FrontendType.ADMIN,
) -> int:
    with bench.unit() as uow:
        return roles.create(uow, bench.rt, platform_id, draft, frontend=frontend, author=author, now=bench.now)


def invited(bench: Bench, place: Place, email: str, held: Held, *, author: Author = CHIEF) -> int:
    with bench.unit() as uow:
        found = people.invite(uow, bench.rt, place, email, held=held, password=HASHED, author=author, now=bench.now)
    return found.user_id


def grants_of(bench: Bench, user_id: int) -> Grants:
    return persons.grants_of(bench.session, user_id)


def author(bench: Bench, user_id: int) -> Author:
    return Author(Actor("them@example.com", "page", user_id), grants_of(bench, user_id))


def vendor(bench: Bench, platform_id: int, slug: str = "blue") -> int:
    with bench.unit() as uow:
        return vendors.create(uow, bench.rt, platform_id, slug, name=slug, actor=ANNA, now=bench.now).id


def standing(bench: Bench, platform_id: int, user_id: int) -> tuple[int, int]:
    """The two numbers that caches go by: the platform's revision and the account's generation."""
    return bench.revision(platform_id), bench.session.get_one(User, user_id).generation


def test_a_role_gives_its_permissions_and_no_others(bench: Bench) -> None:
    acme, globex = bench.platform(), bench.platform("globex")
    held = Held(made=frozenset({made(bench, acme)}))
    found = grants_of(bench, invited(bench, Place(acme), "bob@example.com", held))
    assert [found.allows(each, platform_id=acme) for each in ("orders.manage", "platform.view")] == [True, True]
    assert not any(found.allows(each, platform_id=acme) for each in ("modules.view", "notes.view", "users.manage"))
    assert (found.sees_platform(acme), found.sees_platform(globex)) == (True, False)


def test_a_role_for_vendors_holds_at_that_vendor_alone(bench: Bench) -> None:
    acme = bench.platform()
    blue, red = vendor(bench, acme), vendor(bench, acme, "red")
    held = Held(made=frozenset({made(bench, acme, frontend=FrontendType.VENDOR)}))
    found = grants_of(bench, invited(bench, Place(acme, blue), "bob@example.com", held))
    assert found.allows("orders.manage", platform_id=acme, vendor_id=blue)
    assert found.allows("vendor.view", platform_id=acme, vendor_id=blue)
    assert not found.allows("vendor.ask", platform_id=acme, vendor_id=blue)
    assert not found.sees_vendor(red)
    assert not found.sees_platform(acme)


def test_a_change_of_a_role_reaches_its_holders_at_once(bench: Bench) -> None:
    acme = bench.platform()
    role = made(bench, acme)
    bob = invited(bench, Place(acme), "bob@example.com", Held(made=frozenset({role})))
    revision, generation = standing(bench, acme, bob)
    less = RoleDraft("Clerk", frozenset({"orders.view"}))
    with bench.unit() as uow:
        assert roles.save(uow, bench.rt, acme, role, less, author=CHIEF, now=bench.now)
    assert standing(bench, acme, bob) == (revision + 1, generation + 1)
    assert not grants_of(bench, bob).allows("orders.manage", platform_id=acme)
    with bench.unit() as uow:
        assert not roles.save(uow, bench.rt, acme, role, less, author=CHIEF, now=bench.now)
    assert standing(bench, acme, bob) == (revision + 1, generation + 1)
    with bench.unit() as uow:
        roles.remove(uow, bench.rt, acme, role, author=CHIEF, now=bench.now)
    assert not grants_of(bench, bob).sees_platform(acme)
    actions = [each.action for each in audit.listing(bench.session, acme)]
    assert actions[:4] == ["roles.delete", "roles.save", "users.grant", "roles.create"]


def test_nobody_gives_what_they_do_not_have(bench: Bench) -> None:
    acme = bench.platform()
    blue = vendor(bench, acme)
    keeper = made(bench, acme, RoleDraft("Keeper", frozenset({"users.view", "users.manage", "orders.view"})))
    clerk = made(bench, acme)
    eve = author(bench, invited(bench, Place(acme), "eve@example.com", Held(made=frozenset({keeper}))))
    for held in (
        Held(built_in=frozenset({Role.PLATFORM_ADMIN})),
        Held(built_in=frozenset({Role.PLATFORM_VIEWER})),
        Held(made=frozenset({clerk})),
    ):
        with pytest.raises(Forbidden):
            invited(bench, Place(acme), "mallory@example.com", held, author=eve)
    with pytest.raises(Forbidden, match=r"orders\.manage"):
        made(bench, acme, RoleDraft("Mine", frozenset({"orders.manage"})), author=eve)
    with pytest.raises(Forbidden), bench.unit() as uow:
        more = RoleDraft("Keeper", frozenset({"users.manage", "modules.toggle"}))
        roles.save(uow, bench.rt, acme, keeper, more, author=eve, now=bench.now)
    with pytest.raises(Forbidden):
        invited(bench, Place(acme, blue), "mallory@example.com", Held(frozenset({Role.VENDOR_OWNER})), author=eve)
    assert invited(bench, Place(acme), "new@example.com", Held(made=frozenset({keeper})), author=eve)


def test_nobody_takes_a_role_that_holds_more_than_theirs(bench: Bench) -> None:
    acme = bench.platform()
    keeper = made(bench, acme, RoleDraft("Keeper", frozenset({"users.manage"})))
    chief = invited(bench, Place(acme), "chief@example.com", Held(frozenset({Role.PLATFORM_ADMIN})))
    eve = author(bench, invited(bench, Place(acme), "eve@example.com", Held(made=frozenset({keeper}))))
    with pytest.raises(Forbidden), bench.unit() as uow:
        people.set_roles(uow, bench.rt, Place(acme), chief, held=Held(), author=eve, now=bench.now)
    assert grants_of(bench, chief).allows("modules.toggle", platform_id=acme)


def test_an_admin_of_a_platform_gives_its_vendors_roles_and_no_instance_admin(bench: Bench) -> None:
    acme, globex = bench.platform(), bench.platform("globex")
    blue = vendor(bench, acme)
    chief = author(bench, invited(bench, Place(acme), "chief@example.com", Held(frozenset({Role.PLATFORM_ADMIN}))))
    owner = invited(bench, Place(acme, blue), "own@example.com", Held(frozenset({Role.VENDOR_OWNER})), author=chief)
    assert grants_of(bench, owner).sees_vendor(blue)
    with pytest.raises(Forbidden):
        invited(bench, Place(globex), "own@example.com", Held(frozenset({Role.PLATFORM_VIEWER})), author=chief)
    with pytest.raises(UsageError):
        invited(bench, Place(acme), "own@example.com", Held(frozenset({Role.INSTANCE_ADMIN})), author=chief)
    assert not grants_of(bench, owner).is_instance_admin


def test_an_account_that_exists_keeps_its_password_and_its_other_roles(bench: Bench) -> None:
    acme, globex = bench.platform(), bench.platform("globex")
    bob = invited(bench, Place(acme), "bob@example.com", Held(frozenset({Role.PLATFORM_ADMIN})))
    with bench.unit() as uow:
        again = people.invite(
            uow,
            bench.rt,
            Place(globex),
            " Bob@Example.com ",
            held=Held(frozenset({Role.PLATFORM_VIEWER})),
            password=passwords.hash("another long password"),
            author=CHIEF,
            now=bench.now,
        )
    assert (again.user_id, again.is_new) == (bob, False)
    assert users.by_email(bench.session, "bob@example.com").password_hash == HASHED
    assert grants_of(bench, bob).allows("modules.toggle", platform_id=acme)
    with bench.unit() as uow:
        assert people.set_roles(uow, bench.rt, Place(globex), bob, held=Held(), author=CHIEF, now=bench.now)
    assert [each.email for each in people.listing(bench.session, Place(globex))] == []
    assert grants_of(bench, bob).allows("modules.toggle", platform_id=acme)


def test_a_role_belongs_to_its_platform_and_its_frontend(bench: Bench) -> None:
    acme, globex = bench.platform(), bench.platform("globex")
    blue = vendor(bench, acme)
    role = made(bench, acme)
    for place in (Place(globex), Place(acme, blue)):
        with pytest.raises(UsageError):
            invited(bench, place, "bob@example.com", Held(made=frozenset({role})))
    with pytest.raises(Unknown), bench.unit() as uow:
        roles.remove(uow, bench.rt, globex, role, author=CHIEF, now=bench.now)


@pytest.mark.parametrize(
    ("draft", "frontend", "error"),
    [
        (RoleDraft("", CLERK.permissions), FrontendType.ADMIN, UsageError),
        (RoleDraft("Empty", frozenset()), FrontendType.ADMIN, UsageError),
        (RoleDraft("Unknown", frozenset({"orders.fly"})), FrontendType.ADMIN, UsageError),
        (RoleDraft("Instance", frozenset({"instance.manage"})), FrontendType.ADMIN, UsageError),
        (RoleDraft("Console", frozenset({"modules.toggle"})), FrontendType.VENDOR, UsageError),
        (RoleDraft("Internal", frozenset({"notes.view"})), FrontendType.VENDOR, UsageError),
        (CLERK, FrontendType.ADMIN, RuleRefused),
    ],
    ids=lambda value: value.name if isinstance(value, RoleDraft) else None,
)
def test_a_role_that_cannot_be_is_refused(
    bench: Bench, draft: RoleDraft, frontend: FrontendType, error: type[Exception]
) -> None:
    acme = bench.platform()
    made(bench, acme)
    with pytest.raises(error):
        made(bench, acme, draft, frontend=frontend)
    assert [each.name for each in roles.listing(bench.session, acme)] == ["Clerk"]


def test_the_list_asks_no_more_when_there_are_more(bench: Bench) -> None:
    acme = bench.platform()
    for number in range(5):
        role = made(bench, acme, RoleDraft(f"Role {number}", CLERK.permissions))
        invited(bench, Place(acme), f"{number}@example.com", Held(made=frozenset({role})))
    with Statements() as executed:
        assert len(roles.listing(bench.session, acme)) == 5
        assert len(people.listing(bench.session, Place(acme))) == 5
    assert len(executed) == 5
