"""``tiers``: what vendors can have, from the command line."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shop(shell: Shell) -> Shell:
    """A vendor, and two tiers."""
    assert shell.run("vendors", "create", "blue").code == 0
    small = ("--feature", "content_pages", "--limit", "cms.pages=5")
    assert shell.run("tiers", "create", "small", "--name", "Small", *small).code == 0
    assert shell.run("tiers", "create", "large", "--feature", "content_pages", "--feature", "media_library").code == 0
    return shell


def test_tiers_are_listed_with_what_they_hold(shop: Shell) -> None:
    listed = shop.json("tiers", "list")["tiers"]
    assert listed[0] == {
        "code": "small",
        "name": "Small",
        "features": ["content_pages"],
        "limits": {"cms.pages": 5},
        "vendors": 0,
    }
    assert [row[0] for row in shop.run("tiers", "list").rows] == ["small", "large"]


def test_a_tier_is_assigned_after_its_plan(shop: Shell) -> None:
    assert shop.run("tiers", "assign", "large", "--vendor", "blue", "--yes").code == 0
    look = shop.run("tiers", "assign", "small", "--vendor", "blue", "--dry-run", "--json")
    assert (look.code, look.json["plan"]["lost"]) == (1, ["media_library"])
    assert shop.run("tiers", "assign", "small", "--vendor", "blue", "--no-input").code == 2
    why = shop.run("modules", "why", "media_library", "--vendor", "blue", "--json").json
    assert (why["on"], why["facts"][-1]["source"]) == (True, "tier")
    assert shop.run("tiers", "assign", "small", "--vendor", "blue", "--yes").code == 0
    assert shop.run("modules", "why", "media_library", "--vendor", "blue", "--json").json["on"] is False
    assert shop.run("tiers", "delete", "small").code == 4
    assert shop.run("tiers", "assign", "--vendor", "blue").code == 0
    assert shop.run("tiers", "delete", "small").code == 0


def test_a_feature_is_overridden_for_one_vendor(shop: Shell) -> None:
    assert shop.run("tiers", "assign", "small", "--vendor", "blue", "--yes").code == 0
    given = shop.json("tiers", "override", "media_library", "on", "--vendor", "blue", "--days", "7", "--note", "trial")
    assert given["override"]["on"] is True
    assert shop.run("modules", "why", "media_library", "--vendor", "blue", "--json").json["on"] is True
    assert shop.run("tiers", "override", "media_library", "end", "--vendor", "blue").code == 0
    assert shop.run("tiers", "override", "media_library", "end", "--vendor", "blue").code == 3
    assert shop.run("tiers", "override", "nothing", "on", "--vendor", "blue").code == 3


def test_a_tier_is_changed_as_given(shop: Shell) -> None:
    assert shop.run("tiers", "assign", "large", "--vendor", "blue", "--yes").code == 0
    assert shop.run("tiers", "set", "large", "--feature", "content_pages", "--no-input").code == 2
    changed = shop.json("tiers", "set", "large", "--feature", "content_pages", "--limit", "cms.pages=9", "--yes")
    assert changed["tier"]["limits"] == {"cms.pages": 9}
    assert shop.run("tiers", "set", "large", "--limit", "cms.pages=many").code == 2
    assert shop.run("tiers", "create", "small").code == 4
    assert shop.run("tiers", "create", "new", "--feature", "nothing").code == 2
    assert shop.run("tiers", "set", "none").code == 3
