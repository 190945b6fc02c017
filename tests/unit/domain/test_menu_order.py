"""The order of a menu: what is placed, what nobody has placed, and what two orders have not in common."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.domain.menu_draft import (
    Draft,
    Section,
    completed,
    draft_of,
    moved,
    moved_section,
    stands_of,
    tidy_name,
    turned,
    unnamed,
    with_section,
)
from console.domain.menu_order import (
    CONSOLE,
    MODULES,
    Differences,
    Place,
    Slot,
    Stand,
    arrange,
    differences,
    groups,
    hidden_keys,
    places_of,
)

KEYS = "abcdefgh"
SLOTS = (
    Slot("pages.home", CONSOLE, mandatory=True),
    Slot("pages.audit", CONSOLE, mandatory=True),
    *(Slot(key) for key in KEYS),
)
ALL = tuple(slot.key for slot in SLOTS)
PLACES = st.dictionaries(
    st.sampled_from(ALL), st.builds(Place, st.integers(0, 20), st.booleans(), st.sampled_from(["", "Sales", MODULES]))
)


def keys(stands: tuple[Stand, ...]) -> list[str]:
    return [each.key for each in stands]


def test_without_places_everything_stands_as_the_modules_say() -> None:
    stands = arrange(SLOTS, {})
    assert keys(stands) == list(ALL)
    assert {each.group for each in stands} == {CONSOLE, MODULES}


@given(PLACES)
def test_every_item_stands_once_whatever_is_stored(places: dict[str, Place]) -> None:
    assert sorted(keys(arrange(SLOTS, places))) == sorted(ALL)


@given(PLACES)
def test_what_is_stored_comes_back_as_it_was(places: dict[str, Place]) -> None:
    stands = arrange(SLOTS, places)
    assert arrange(SLOTS, places_of(stands)) == stands


@given(PLACES)
def test_the_items_of_one_group_stand_side_by_side(places: dict[str, Place]) -> None:
    stands = arrange(SLOTS, places)
    assert [each for items in groups(stands).values() for each in items] == list(stands)


@given(PLACES)
def test_what_is_mandatory_shows_whatever_is_stored(places: dict[str, Place]) -> None:
    hidden = {each.key for each in arrange(SLOTS, places) if each.hidden}
    assert hidden == hidden_keys(SLOTS, places)
    assert not hidden & {slot.key for slot in SLOTS if slot.mandatory}


def test_an_item_that_is_new_stands_behind_the_one_before_it() -> None:
    places = places_of(arrange([Slot("a"), Slot("b"), Slot("d")], {}))
    reversed_places = {key: Place(-place.position, group=place.group) for key, place in places.items()}
    assert keys(arrange([Slot("a"), Slot("b"), Slot("c"), Slot("d")], reversed_places)) == ["d", "b", "c", "a"]
    assert keys(arrange([Slot("new"), Slot("a"), Slot("b"), Slot("d")], places)) == ["new", "a", "b", "d"]


def test_differences_name_each_item_once() -> None:
    before = tuple(Stand(key, MODULES) for key in "abcde")
    after = (
        Stand("e", MODULES),
        Stand("a", MODULES, hidden=True),
        Stand("b", "Sales"),
        Stand("c", MODULES),
        Stand("d", MODULES),
    )
    assert differences(before, after) == Differences(hidden=("a",), regrouped=("b",), moved=("e",))
    assert differences(after, before).shown == ("a",)
    assert not differences(before, before)


@given(PLACES, PLACES)
def test_orders_without_differences_are_equal(one: dict[str, Place], other: dict[str, Place]) -> None:
    before, after = arrange(SLOTS, one), arrange(SLOTS, other)
    assert bool(differences(before, after)) is (before != after)


# --- drafts -----------------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["move", "section", "hide", "new"]), st.sampled_from(ALL), st.sampled_from([-1, 1])),
    max_size=12,
)


def stepped(draft: Draft, step: tuple[str, str, int]) -> Draft:
    kind, key, by = step
    if kind == "move":
        return moved(draft, key, by=by)
    if kind == "section":
        return moved_section(draft, len(key) % 3, by=by)
    return turned(draft, [key], hidden=by > 0) if kind == "hide" else with_section(draft, f"Group {key}")


@given(PLACES)
def test_a_draft_means_what_it_was_made_from(places: dict[str, Place]) -> None:
    stands = arrange(SLOTS, places)
    assert stands_of(draft_of(stands)) == stands


@given(PLACES, STEPS)
def test_no_step_loses_or_doubles_an_item(places: dict[str, Place], steps: list[tuple[str, str, int]]) -> None:
    draft = draft_of(arrange(SLOTS, places))
    for step in steps:
        draft = stepped(draft, step)
    assert sorted(keys(stands_of(draft))) == sorted(ALL)


def test_an_item_walks_through_its_group_and_into_the_next() -> None:
    draft = Draft((Section(CONSOLE, keys=("a", "b")), Section("", "Sales", ("c",))))
    assert moved(draft, "b", by=-1).sections[0].keys == ("b", "a")
    over = moved(draft, "b", by=1)
    assert [each.keys for each in over.sections] == [("a",), ("b", "c")]
    assert moved(over, "b", by=-1) == draft
    assert moved(draft, "a", by=-1) == draft
    assert moved(draft, "nobody", by=1) == draft


def test_a_draft_is_brought_to_the_items_that_there_are() -> None:
    stands = arrange([Slot("a"), Slot("b"), Slot("c")], {})
    sent = Draft(
        (Section("", "Sales", ("b", "gone", "b")), Section(MODULES, keys=("b", "a"))), frozenset({"gone", "a"})
    )
    assert completed(sent, stands) == Draft(
        (Section("", "Sales", ("b",)), Section(MODULES, keys=("a", "c"))), frozenset({"a"})
    )
    assert completed(Draft(()), stands) == Draft((Section(MODULES, keys=("a", "b", "c")),))


def test_a_name_is_one_line_and_never_a_group_of_the_consoles_own() -> None:
    assert tidy_name("  *console\n and\tmore ") == "console and more"
    assert len(tidy_name("x" * 200)) == 60
    assert unnamed(Draft((Section("", "", ("a",)), Section("", ""), Section(MODULES, keys=("b",))))) == (0,)


def test_groups_of_one_name_become_one() -> None:
    draft = Draft((Section("", "Sales", ("a",)), Section(MODULES, keys=("b",)), Section("", "Sales", ("c",))))
    assert keys(stands_of(draft)) == ["a", "c", "b"]
