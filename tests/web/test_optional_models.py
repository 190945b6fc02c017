"""A model that may be None has a switch and fields: set, changed, taken away, reviewed, compared with another edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pydantic import create_model
from werkzeug.datastructures import MultiDict

from console.app import create_app
from console.domain.config import EffectiveConfig
from console.domain.config_schema import schema_of
from console.domain.definition import ModuleDefinition
from console.domain.plain import equal
from console.domain.reasons import Reason
from console.services.configs import Preview
from console.web.admin.config_desk import Desk
from console.web.admin.config_words import differences, recorded
from console.web.forms import inputs_for, read_changes, spoken
from console.web.forms.merge import Side, partings, pick_name_of, settle
from tests.web.drawn_forms import INNERS, QUICK, Inner, sheet_of, untouched, write


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application for its templates; nothing of this touches a database."""
    folder: Path = tmp_path_factory.mktemp("forms")
    made = create_app({"data_dir": folder / "data"})
    with made.test_request_context("/"):
        yield made


def optional_desk(value: Inner | None, usual: Inner | None) -> Desk:
    schema = create_model("Outer", inner=(Inner | None, usual))
    definition = ModuleDefinition(code="drawn", name="Drawn", config_schema=schema)
    inputs = spoken(inputs_for(definition), str, on="On", off="Off", present="Is set")
    return Desk("drawn", "Drawn", definition, EffectiveConfig(values={"inner": value}), 0, inputs)


@QUICK
@given(before=st.none() | INNERS, after=st.none() | INNERS, usual=st.none() | INNERS)
def test_a_model_that_may_be_none_is_set_changed_and_taken_away_by_its_own_fields(
    app: Flask, before: Inner | None, after: Inner | None, usual: Inner | None
) -> None:
    desk = optional_desk(before, usual)
    posted = untouched(app, desk)
    assert not read_changes(sheet_of(desk), posted)
    posted.pop("c_inner-", None)
    if after is not None:
        posted["c_inner-"] = "y"
        for each in desk.inputs[0].children[1:]:
            write(posted, each, getattr(after, each.key))
    changes = read_changes(sheet_of(desk), posted)
    assert bool(changes) is not equal(before, after)
    read = schema_of(desk.definition).read({"inner": before, **changes.values})
    assert read.problems == {}
    assert equal(read.values["inner"], after)


@QUICK
@given(began=st.none() | INNERS, theirs=st.none() | INNERS, yours=st.none() | INNERS)
def test_of_two_people_who_set_a_model_the_chosen_side_is_what_comes_out(
    app: Flask, began: Inner | None, theirs: Inner | None, yours: Inner | None
) -> None:
    sheets = [sheet_of(optional_desk(value, None)) for value in (began, theirs, yours)]
    typed = untouched(app, optional_desk(yours, None))
    parted = partings(sheets[0], sheets[1], typed, defaults=sheets[0])
    for side, wanted in ((Side.THEIRS, theirs), (Side.YOURS, yours)):
        chosen = MultiDict([*typed.items(multi=True), *((pick_name_of(each.name), side) for each in parted)])
        made, still_open = settle(parted, chosen)
        assert still_open == ()
        values = {**sheets[1].values, **read_changes(sheets[1], made).values}
        read = schema_of(optional_desk(None, None).definition).read(values)
        assert equal(read.values["inner"], wanted)


def test_what_a_model_goes_away_with_is_one_line_of_the_review(app: Flask) -> None:
    desk = optional_desk(Inner(size=9), None)
    before, after = (EffectiveConfig(values={"inner": value}) for value in (Inner(size=9), None))
    gone = Preview(before, after, ("inner",))
    lines = [(each.label, each.before.text, each.after.text) for each in differences(desk, gone)]
    assert lines == [("Inner · Is set", "On", "Off")]
    came = Preview(gone.after, gone.before, ("inner",))
    rows = {each.label: (each.before.text, each.after.text) for each in differences(desk, came)}
    assert rows["Inner · Is set"] == ("Off", "On")
    assert rows["Inner · Size"] == ("not set", "9")
    past = {each.label: each.after.text for each in recorded(desk, {"inner": {"before": None, "after": {"size": 9}}})}
    assert past["Inner · Size"] == "9"


def test_a_fault_inside_a_model_that_is_off_is_no_fault(app: Flask) -> None:
    desk = optional_desk(None, None)
    posted = untouched(app, desk)
    posted["c_inner-size"] = "many"
    assert not read_changes(sheet_of(desk), posted)
    posted["c_inner-"] = "y"
    changes = read_changes(sheet_of(desk), posted)
    problem = schema_of(desk.definition).read(changes.values).problems["inner"]
    assert isinstance(problem, Reason)
    assert [fault.path for fault in problem.faults] == [("size",)]
