"""Configuration forms from Pydantic schemas: what is shown, what is read back, what never leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import pytest
from pydantic import AnyUrl, AwareDatetime, BaseModel, Field, HttpUrl, SecretStr
from werkzeug.datastructures import MultiDict

from console.domain.config_schema import of_model, schema_of
from console.domain.definition import ModuleDefinition
from console.errors import ConfigInvalid
from console.web.forms import Changes, InputKind, Sheet, config_form, inputs_for, inputs_of
from console.web.forms import read_changes as read_sheet


class Mode(Enum):
    TEST = "test"
    LIVE = "live"


class Address(BaseModel):
    city: str = "Luxembourg"
    floor: int = 0


class Everything(BaseModel):
    mode: Literal["test", "live"] = "test"
    level: Literal[1, 2, 3] = 2
    enum_mode: Mode = Mode.TEST
    trial_days: int = Field(default=14, ge=0, le=365, description="Days before the first invoice.")
    factor: float = Field(default=1.5, gt=0)
    price: Decimal = Decimal("9.90")
    send_mail: bool = True
    prefix: str = Field(default="INV-", max_length=10)
    terms: str = Field(default="", max_length=4000)
    api_key: SecretStr = SecretStr("")
    endpoint: HttpUrl | None = None
    callback: AnyUrl = AnyUrl("https://example.org/hook")
    since: date | None = None
    tags: list[str] = ["new"]
    sizes: list[int] = []
    limits: dict[str, int] = {"a": 1}
    address: Address = Address()
    data: str = "a key that a form uses itself"
    maximum: Annotated[int, Field(lt=10)] = 3


VALUES: dict[str, object] = dict(Everything(api_key=SecretStr("sk_live_1")))


def sheet(values: dict[str, object], model: type[BaseModel] = Everything, zone: tzinfo = UTC) -> Sheet:
    """The form of a model with values in it."""
    return Sheet(of_model(model), inputs_of(model), values, zone)


def read_changes(model: type[BaseModel], form: MultiDict[str, str], values: dict[str, object]) -> Changes:
    """The edits of a posted form."""
    return read_sheet(sheet(values, model), form)


def kinds() -> dict[str, InputKind]:
    return {each.key: each.kind for each in inputs_of(Everything)}


def posted(**changes: str) -> MultiDict[str, str]:
    """The form as a browser posts it untouched, with ``changes`` (the value None-like "-" leaves a checkbox out)."""
    form = config_form(sheet(VALUES))
    values: MultiDict[str, str] = MultiDict()
    for name, field in form._fields.items():
        if field.type == "BooleanField":
            values["on_page_" + name.removeprefix("c_")] = "1"
            if field.data:
                values[name] = "y"
        else:
            values[name] = str(field.data)
    for name, value in changes.items():
        if value == "-":
            values.pop("c_" + name)
        else:
            values["c_" + name] = value
    return values


def test_each_annotation_gets_its_input() -> None:
    assert kinds() == {
        "mode": InputKind.CHOICE,
        "level": InputKind.CHOICE,
        "enum_mode": InputKind.CHOICE,
        "trial_days": InputKind.INTEGER,
        "factor": InputKind.NUMBER,
        "price": InputKind.NUMBER,
        "send_mail": InputKind.SWITCH,
        "prefix": InputKind.TEXT,
        "terms": InputKind.LONG_TEXT,
        "api_key": InputKind.SECRET,
        "endpoint": InputKind.URL,
        "callback": InputKind.URL,
        "since": InputKind.DATE,
        "tags": InputKind.LINES,
        "sizes": InputKind.LINES,
        "limits": InputKind.JSON,
        "address": InputKind.GROUP,
        "data": InputKind.TEXT,
        "maximum": InputKind.INTEGER,
    }


def test_bounds_of_the_schema_are_the_browsers_bounds() -> None:
    by_key = {each.key: each for each in inputs_of(Everything)}
    assert by_key["trial_days"].attributes == {"min": "0", "max": "365", "step": "1"}
    assert by_key["maximum"].attributes["max"] == "9"
    assert by_key["prefix"].attributes == {"maxlength": "10"}
    assert by_key["trial_days"].hint == "Days before the first invoice."
    assert by_key["trial_days"].label == "Trial days"


def test_a_secret_is_never_in_the_page() -> None:
    html = "".join(str(field()) for field in config_form(sheet(VALUES)))
    assert "sk_live_1" not in html
    assert "**" not in html


def test_an_untouched_form_changes_nothing() -> None:
    assert not read_changes(Everything, posted(), VALUES)


def test_only_what_was_edited_is_a_change() -> None:
    changes = read_changes(Everything, posted(trial_days="30", prefix="A-"), VALUES)
    assert changes.values == {"trial_days": 30, "prefix": "A-"}


def test_an_unchecked_switch_is_off_and_an_absent_one_unchanged() -> None:
    assert read_changes(Everything, posted(send_mail="-"), VALUES).values == {"send_mail": False}
    assert not read_changes(Everything, MultiDict({"c_prefix": "INV-"}), VALUES)


def test_an_empty_secret_is_kept_and_a_typed_one_replaces_it() -> None:
    assert not read_changes(Everything, posted(api_key=""), VALUES)
    assert read_changes(Everything, posted(api_key="sk_2"), VALUES).values == {"api_key": "sk_2"}


def test_empty_means_none_where_none_is_allowed() -> None:
    values = {**VALUES, "since": date(2026, 1, 27)}
    assert read_changes(Everything, posted(), values).values == {"since": None}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("level", "3", 3),
        ("enum_mode", "live", "live"),
        ("sizes", "1\n\n 2 ", [1, 2]),
        ("tags", "a\r\nb", ["a", "b"]),
        ("limits", '{"b": 2}', {"b": 2}),
        ("trial_days", "many", "many"),
        ("endpoint", "https://x.example/", "https://x.example/"),
        ("factor", "2.5", 2.5),
        ("price", "1234567890123456789.55", "1234567890123456789.55"),
    ],
)
def test_text_becomes_the_value_that_the_schema_judges(key: str, text: str, value: object) -> None:
    assert read_changes(Everything, posted(**{key: text}), VALUES).values == {key: value}


def test_a_nested_model_is_changed_as_a_whole() -> None:
    changes = read_changes(Everything, posted(**{"address-floor": "4"}), VALUES)
    assert changes.values == {"address": {"city": "Luxembourg", "floor": 4}}


def test_broken_json_is_named_by_its_key() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        read_changes(Everything, posted(limits="{"), VALUES)
    assert "limits" in caught.value.errors
    assert "line 1" in caught.value.errors["limits"]


def test_broken_json_hides_no_other_fault_of_the_form() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        read_changes(Everything, posted(limits="{", trial_days="999", level="3"), VALUES)
    assert set(caught.value.errors) == {"limits", "trial_days"}


def test_json_nested_deeper_than_python_reads_is_refused_beside_its_key() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        read_changes(Everything, posted(limits="[" * 100_000), VALUES)
    assert caught.value.errors == {"limits": "it is nested too deeply"}


def test_a_key_that_is_unset_is_not_also_changed() -> None:
    form = posted(trial_days="30")
    form.add("unset", "trial_days")
    changes = read_changes(Everything, form, VALUES)
    assert changes.unset == ("trial_days",)
    assert changes.values == {}


def test_what_was_typed_comes_back_to_be_corrected() -> None:
    form = config_form(sheet(VALUES), posted(trial_days="many"))
    assert 'value="many"' in str(form["c_trial_days"]())


class Decoy:
    """Not a type that JSON knows."""


def test_a_type_without_a_json_schema_gets_the_json_input() -> None:
    class Odd(BaseModel):
        model_config = {"arbitrary_types_allowed": True}
        thing: Decoy | None = None
        either: int | list[str] = 1

    assert {each.kind for each in inputs_of(Odd)} == {InputKind.JSON}


class Pages(BaseModel):
    notes: str = ""
    when: AwareDatetime | None = None
    naive: datetime = datetime(2026, 1, 31, 13, 30)  # noqa: DTZ001  # one without a zone
    lines: list[str] = []
    flag: bool | None = None
    empty: Literal["", "a"] | None = None


def page(zone: tzinfo = UTC, **values: object) -> Sheet:
    """The form of ``Pages``."""
    return sheet({**dict(Pages()), **values}, Pages, zone)


def test_a_moment_is_read_and_written_in_the_persons_time_zone() -> None:
    home = page(ZoneInfo("Europe/Luxembourg"), when=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
    assert config_form(home)["c_when"].data == "2026-07-01T12:00"
    assert not read_sheet(home, MultiDict({"c_when": "2026-07-01T12:00"}))
    changes = read_sheet(home, MultiDict({"c_when": "2026-07-01T13:00"}))
    assert changes.values == {"when": "2026-07-01T13:00:00+02:00"}
    assert read_sheet(home, MultiDict({"c_naive": "2026-02-01T09:00"})).values == {"naive": "2026-02-01T09:00"}


def test_a_list_whose_entries_do_not_fit_on_lines_is_written_as_json() -> None:
    odd = page(lines=["two\nlines"])
    assert config_form(odd)["c_lines"].data == '[\n  "two\\nlines"\n]'
    form = MultiDict({"c_lines": '["one"]', "as_json_lines": "1"})
    assert read_sheet(odd, form).values == {"lines": ["one"]}
    assert read_sheet(page(), MultiDict({"c_lines": "one\r\ntwo"})).values == {"lines": ["one", "two"]}


def test_text_with_a_newline_gets_an_input_that_keeps_it() -> None:
    assert "<textarea" in str(config_form(page(notes="a\nb"))["c_notes"]())
    assert "<textarea" not in str(config_form(page(notes="ab"))["c_notes"]())


def test_what_a_number_input_would_empty_stands_in_one_of_text() -> None:
    form = config_form(sheet(VALUES), posted(trial_days="many"))
    assert 'type="text"' in str(form["c_trial_days"]())
    assert 'type="number"' in str(config_form(sheet(VALUES))["c_trial_days"]())


def test_nothing_and_an_empty_text_are_two_choices() -> None:
    for text, value in (("", None), ('""', ""), ('"a"', "a")):
        current = "a" if value != "a" else None
        changed = read_sheet(page(empty=current), MultiDict({"c_empty": text})).values
        assert changed == {"empty": value}
    assert read_sheet(page(flag=None), MultiDict({"c_flag": "false"})).values == {"flag": False}


def test_the_order_group_unit_and_labels_of_a_schema_are_those_of_the_form() -> None:
    class Told(BaseModel):
        second: int = Field(default=1, title="B", json_schema_extra={"group": "G", "unit": "days"})
        first: Literal["x"] = Field(default="x", json_schema_extra={"order": -1, "labels": {"x": "The X"}})

    first, second = inputs_of(Told)
    assert (first.key, second.key) == ("first", "second")
    assert (second.group, second.unit, second.label) == ("G", "days", "B")
    assert first.choices[0].label == "The X"


def test_a_module_without_a_schema_gets_inputs_from_its_defaults() -> None:
    free = ModuleDefinition(code="free", name="Free", default_config={"a b": 1, "on": True, "_x": "t", "data": [1]})
    inputs = inputs_for(free)
    assert [each.kind for each in inputs] == [InputKind.INTEGER, InputKind.SWITCH, InputKind.TEXT, InputKind.JSON]
    shown = Sheet(schema_of(free), inputs, free.default_config)
    assert inputs[0].name == "c_x612062"
    assert read_sheet(shown, MultiDict({"c_x612062": "2"})).values == {"a b": 2}
    with pytest.raises(ConfigInvalid) as caught:
        read_sheet(shown, MultiDict({"c_x612062": "two"}))
    assert caught.value.errors == {"a b": "write a whole number"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a value is missing (line 1, column 1)"),
        ('{"a" 1}', "a colon is missing (line 1, column 6)"),
        ('{"a": 1\n "b": 2}', "a comma is missing (line 2, column 2)"),
        ("{a: 1}", "a key in double quotes is missing (line 1, column 2)"),
        ("{} {}", "there is more after the end (line 1, column 4)"),
        ('{"a', "a text has no closing quote (line 1, column 2)"),
        ("[1" + "0" * 5000 + "]", "the number is too long"),
    ],
)
def test_what_is_no_json_says_where_and_why(text: str, reason: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        read_changes(Everything, posted(limits=text), VALUES)
    assert caught.value.errors == {"limits": reason}


def test_a_stored_secret_can_be_removed_and_a_typed_one_wins() -> None:
    assert read_changes(Everything, MultiDict({"clear_api_key": "1", "c_api_key": ""}), VALUES).unset == ("api_key",)
    both = read_changes(Everything, MultiDict({"clear_api_key": "1", "c_api_key": "sk_3"}), VALUES)
    assert (both.values, both.unset) == ({"api_key": "sk_3"}, ())
