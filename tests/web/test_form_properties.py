"""For any schema of the kinds that are supported: what nobody touched is no change, and one edit is one change."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy
from pydantic import BaseModel, Field, HttpUrl, SecretStr, create_model

from console.app import create_app
from console.domain.config import EffectiveConfig
from console.domain.config_schema import schema_of
from console.domain.definition import ModuleDefinition
from console.domain.plain import equal
from console.web.admin.config_desk import Desk
from console.web.forms import InputKind, inputs_for, read_changes
from tests.web.drawn_forms import INNERS, LETTERS, QUICK, TEXTS, Inner, sheet_of, untouched, write


class Colour(enum.Enum):
    RED = "red"
    TWO = 2


class Box(BaseModel):
    kind: Literal["box"] = "box"
    litres: int = 1


class Bag(BaseModel):
    kind: Literal["bag"] = "bag"
    note: str = ""


WORDS = st.text(LETTERS, min_size=1).filter(lambda text: bool(text.strip()))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001  # with and without a zone
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(LETTERS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(LETTERS), inner, max_size=3),
    max_leaves=5,
)
# Any: whatever pydantic takes as an annotation
KINDS: list[tuple[Any, SearchStrategy[Any]]] = [
    (bool, st.booleans()),
    (bool | None, st.none() | st.booleans()),
    (Annotated[int, Field(ge=-5, le=10**30)], st.integers(-5, 10**30)),
    (int | None, st.none() | st.integers()),
    (float, st.floats(allow_nan=False)),
    (Annotated[float, Field(gt=0, multiple_of=0.5)], st.sampled_from([0.5, 1.0, 2.5])),
    (Decimal, st.decimals(allow_nan=False, allow_infinity=False)),
    (str, TEXTS),
    (Annotated[str, Field(max_length=5000)], st.text(LETTERS, min_size=200, max_size=400)),
    (str | None, st.none() | WORDS),
    (Literal["a", "", 1, "1", None], st.sampled_from(["a", "", 1, "1", None])),
    (Literal["test", "live"], st.sampled_from(["test", "live"])),
    (Colour, st.sampled_from(Colour)),
    (Colour | None, st.none() | st.sampled_from(Colour)),
    (date, st.dates()),
    (date | None, st.none() | st.dates()),
    (datetime, MOMENTS),
    (datetime, MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))),
    (time, st.times()),
    (timedelta, st.timedeltas(timedelta(days=-999), timedelta(days=999))),
    (list[str], st.lists(TEXTS, max_size=4)),
    (list[int], st.lists(st.integers(), max_size=4)),
    (list[Decimal], st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=2), max_size=3)),
    (list[Colour], st.lists(st.sampled_from(Colour), max_size=3)),
    (set[str], st.sets(WORDS, max_size=4)),
    (tuple[int, str], st.tuples(st.integers(), TEXTS)),
    (dict[str, int], st.dictionaries(st.text(LETTERS), st.integers(), max_size=3)),
    (Any, JSON),
    (Annotated[Box | Bag, Field(discriminator="kind")], st.builds(Box) | st.builds(Bag, note=TEXTS)),
    (int | list[str], st.integers() | st.lists(TEXTS, max_size=2)),
    (Inner, INNERS),
    (Inner | None, st.none() | INNERS),
    (HttpUrl, st.sampled_from(["https://example.org/a?b=1", "http://x.example/"]).map(HttpUrl)),
    (SecretStr | None, st.none() | WORDS.map(SecretStr)),
]
# Names that WTForms, the form itself or its neighbours use.
NAMES = ["data", "errors", "process", "populate_obj", "filters", "meta", "revision", "unset", "review", "csrf_token"]
NAMES += ["check", "note", "edit", "größe", "c_data", "on_page_data"]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application for its templates; nothing of this touches a database."""
    folder: Path = tmp_path_factory.mktemp("forms")
    made = create_app({"data_dir": folder / "data"})
    with made.test_request_context("/"):
        yield made


@st.composite
def filled(draw: st.DrawFn) -> tuple[Desk, dict[str, tuple[Any, SearchStrategy[Any]]]]:  # Any: as above
    """A desk with a random schema and random values in force."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    kinds = {name: draw(st.sampled_from(KINDS)) for name in names}
    values = {name: draw(strategy) for name, (_kind, strategy) in kinds.items()}
    fields = {name: (kind, Field(default_factory=lambda: None)) for name, (kind, _strategy) in kinds.items()}
    schema = create_model("Drawn", **fields)  # type: ignore[call-overload]  # fields are made from data
    definition = ModuleDefinition(code="drawn", name="Drawn", config_schema=schema)
    effective = EffectiveConfig(values=values)
    return Desk("drawn", "Drawn", definition, effective, 0, inputs_for(definition)), kinds


@QUICK
@given(drawn=filled())
def test_a_form_that_nobody_touched_changes_nothing(
    app: Flask, drawn: tuple[Desk, dict[str, tuple[Any, SearchStrategy[Any]]]]
) -> None:
    desk, _kinds = drawn
    assert not read_changes(sheet_of(desk), untouched(app, desk))


@QUICK
@given(drawn=filled(), data=st.data())
def test_one_edit_changes_exactly_that_key_to_exactly_that_value(
    app: Flask, drawn: tuple[Desk, dict[str, tuple[Any, SearchStrategy[Any]]]], data: DataObject
) -> None:
    desk, kinds = drawn
    editable = [one for one in desk.inputs if one.kind is not InputKind.GROUP]
    assume(editable)
    each = data.draw(st.sampled_from(editable))
    value = data.draw(kinds[each.key][1])
    posted, before = untouched(app, desk), desk.effective.values[each.key]
    assume(not equal(value, before))
    write(posted, each, value)
    changes = read_changes(sheet_of(desk), posted)
    assert list(changes.values) == [each.key]
    read = schema_of(desk.definition).read({**desk.effective.values, **changes.values})
    assert read.problems == {}
    found = read.values[each.key]
    if isinstance(found, SecretStr):
        assert found.get_secret_value() == value.get_secret_value().strip("\r\n")
    else:
        assert equal(found, value)


@QUICK
@given(value=INNERS, other=st.integers(), text=TEXTS)
def test_an_edit_inside_a_nested_model_leaves_its_neighbours(app: Flask, value: Inner, other: int, text: str) -> None:
    assume(other != value.size and text != value.name)
    definition = ModuleDefinition(
        code="drawn", name="Drawn", config_schema=create_model("Outer", inner=(Inner, Inner()))
    )
    desk = Desk("drawn", "Drawn", definition, EffectiveConfig(values={"inner": value}), 0, inputs_for(definition))
    posted = untouched(app, desk)
    posted["c_inner-size"], posted["c_inner-name"] = str(other), text
    changes = read_changes(sheet_of(desk), posted)
    assert equal(changes.values, {"inner": value.model_copy(update={"size": other, "name": text})})
