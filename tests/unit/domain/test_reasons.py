"""The words for refused values are our own and never repeat the input."""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    HttpUrl,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError
from pydantic_core._pydantic_core import list_all_errors

from console.domain.reason_texts import COUNTED, INTERNAL, TEXTS
from console.domain.reasons import OTHER, WHOLE, Reason, reasons

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (int, "many", "write a whole number"),
        (int, 1.5, "write a whole number"),
        (float, "x", "write a number"),
        (bool, "perhaps", "write true or false"),
        (str, 3, "write text"),
        (Annotated[str, StringConstraints(min_length=3)], "a", "at least 3 characters"),
        (Annotated[str, StringConstraints(max_length=2)], "abc", "at most 2 characters"),
        (Annotated[str, StringConstraints(pattern="^x")], "abc", "it must match the pattern ^x"),
        (Annotated[int, Field(gt=1)], 1, "more than 1"),
        (Annotated[int, Field(ge=1)], 0, "1 or more"),
        (Annotated[int, Field(lt=1)], 1, "less than 1"),
        (Annotated[int, Field(le=1)], 2, "1 or less"),
        (Annotated[int, Field(multiple_of=5)], 2, "a multiple of 5"),
        (Annotated[list[int], Field(min_length=2)], [1], "at least 2 entries"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "at most 1 entry"),
        (list[int], [1, "x"], "1: write a whole number"),
        (list[int], "x", "write a list"),
        (dict[str, int], 1, "write keys with values"),
        (Literal["a", "b"], "c", "one of 'a' or 'b'"),
        (datetime.date, "soon", "write a date, such as 2026-01-31"),
        (datetime.datetime, "soon", "write a date and time, such as 2026-01-31T13:30"),
        (decimal.Decimal, "x", "write a number"),
        (uuid.UUID, "x", "write a UUID"),
        (HttpUrl, "nowhere", "write a web address, such as https://example.com"),
        (HttpUrl, "ftp://x", "an address that begins with 'http' or 'https'"),
    ],
)
def test_each_kind_of_refusal_has_a_sentence(kind: Any, value: object, reason: str) -> None:
    # any: whatever pydantic takes as an annotation
    assert refused(create_model("Model", key=(kind, ...)), {"key": value}) == {"key": reason}


def refused(model: type[BaseModel], values: dict[str, object]) -> dict[str, str]:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(values)
    return reasons(raised.value)


@pytest.mark.parametrize("kind", [int, float, bool, datetime.date, uuid.UUID, HttpUrl, Literal["a"], decimal.Decimal])
def test_no_reason_repeats_the_input(kind: Any) -> None:
    # any: whatever pydantic takes as an annotation
    found = refused(create_model("Model", key=(kind, ...)), {"key": SECRET})
    assert SECRET not in str(found)
    assert set(found) == {"key"}


def test_what_is_wrong_with_the_whole_stands_under_a_star() -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(int).validate_python("x")
    assert reasons(raised.value) == {WHOLE: "write a whole number"}


def test_a_refusal_that_only_a_program_can_cause_is_still_a_sentence() -> None:
    class Model(BaseModel):
        key: Callable[[], None]

    assert refused(Model, {"key": 3}) == {"key": OTHER}


def test_every_error_type_of_pydantic_has_its_words_with_the_names_of_its_context() -> None:
    own = {"value_error", "assertion_error"}  # the words of a module's validator
    contexts = {str(each["type"]): each.get("example_context") or {} for each in list_all_errors()}
    assert set(contexts) == {*TEXTS, *COUNTED, *INTERNAL, *own}
    for kind, text in TEXTS.items():
        assert set(re.findall(r"%\((\w+)\)s", text)) <= set(contexts[kind]), kind
    assert all(name in contexts[kind] for kind, (_one, _many, name) in COUNTED.items())


def test_a_reason_is_a_text_that_knows_its_parts() -> None:
    model = create_model("Model", key=(list[Annotated[int, Field(ge=5)]], ...))
    reason = refused(model, {"key": [7, 3, 2, 2]})["key"]
    assert isinstance(reason, Reason)
    assert reason == "1: 5 or more; 2: 5 or more; 3: 5 or more"
    first = reason.faults[0]
    assert (first.text, first.values["ge"], first.path) == ("%(ge)s or more", 5, (1,))


def test_the_words_of_a_modules_own_validator_are_its_own() -> None:
    def even(value: int) -> int:
        if value % 2:
            raise PydanticCustomError("odd", "odd numbers bring bad luck")
        return value

    reason = refused(create_model("Model", key=(Annotated[int, AfterValidator(even)], ...)), {"key": 3})["key"]
    assert reason == "odd numbers bring bad luck"
    assert isinstance(reason, Reason)
    assert reason.faults[0].own


def test_two_refusals_of_one_key_are_joined() -> None:
    model = create_model("Model", key=(int | float, ...))
    assert refused(model, {"key": "x"}) == {"key": "int: write a whole number; float: write a number"}
