"""The words for every error type of pydantic, with ``%(name)s`` for what its context holds.

They speak to whoever filled in a form or wrote a file, so types of Python that only programs meet share one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.errors import UNUSABLE_VALUE
from console.phrases import counted, mark

OTHER = UNUSABLE_VALUE
_WHOLE_NUMBER = mark("write a whole number")
_NUMBER = mark("write a number")
_SWITCH = mark("write true or false")
_TEXT = mark("write text")
_LIST = mark("write a list")
_KEYS = mark("write keys with values")
_DATE = mark("write a date, such as 2026-01-31")
_TIME = mark("write a time, such as 13:30")
_MOMENT = mark("write a date and time, such as 2026-01-31T13:30")
_SPAN = mark("write a duration, such as PT30M")
_ADDRESS = mark("write a web address, such as https://example.com")
_ENCODING = mark("write it in the encoding %(encoding)s")

TEXTS: Mapping[str, str] = {
    "missing": mark("a value is needed"),
    "extra_forbidden": mark("there is no such key"),
    "none_required": mark("leave it empty"),
    "recursion_depth_exceeded": mark("it is nested too deeply"),
    "recursion_loop": mark("it is nested too deeply"),
    "json_invalid": mark("it is not valid JSON"),
    "json_type": mark("it is not valid JSON"),
    "invalid_key": mark("keys must be text"),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_not_ascii": mark("only letters without accents, digits and signs"),
    "string_pattern_mismatch": mark("it must match the pattern %(pattern)s"),
    "bytes_type": _TEXT,
    "bytes_invalid_encoding": _ENCODING,
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": mark("the number is too long"),
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": mark("write a finite number"),
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "fraction_type": mark("write a fraction, such as 3/4"),
    "fraction_parsing": mark("write a fraction, such as 3/4"),
    "complex_type": _NUMBER,
    "complex_str_parsing": _NUMBER,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "greater_than": mark("more than %(gt)s"),
    "greater_than_equal": mark("%(ge)s or more"),
    "less_than": mark("less than %(lt)s"),
    "less_than_equal": mark("%(le)s or less"),
    "multiple_of": mark("a multiple of %(multiple_of)s"),
    "literal_error": mark("one of %(expected)s"),
    "enum": mark("one of %(expected)s"),
    "list_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "tuple_type": _LIST,
    "deque_type": _LIST,
    "iterable_type": _LIST,
    "named_tuple_type": _LIST,
    "iteration_error": _LIST,
    "set_item_not_hashable": mark("entries cannot be lists or keys with values"),
    "dict_type": _KEYS,
    "frozen_dict_type": _KEYS,
    "ordered_dict_type": _KEYS,
    "counter_type": _KEYS,
    "mapping_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "dataclass_type": _KEYS,
    "dataclass_exact_type": _KEYS,
    "union_tag_invalid": mark("%(discriminator)s must be one of %(expected_tags)s"),
    "union_tag_not_found": mark("%(discriminator)s is missing"),
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "url_scheme": mark("an address that begins with %(expected_schemes)s"),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": mark("a date without a time"),
    "date_past": mark("a date in the past"),
    "date_future": mark("a date in the future"),
    "time_type": _TIME,
    "time_parsing": _TIME,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_past": mark("a moment in the past"),
    "datetime_future": mark("a moment in the future"),
    "timezone_naive": mark("leave the time zone out"),
    "timezone_aware": mark("a time zone is needed, such as 2026-01-31T13:30+01:00"),
    "timezone_offset": mark("it must be in another time zone"),
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    "uuid_type": mark("write a UUID"),
    "uuid_parsing": mark("write a UUID"),
    "uuid_version": mark("a UUID of version %(expected_version)s"),
}

COUNTED: Mapping[str, tuple[str, str, str]] = {
    "string_too_short": (*counted("at least %(num)s character", "at least %(num)s characters"), "min_length"),
    "string_too_long": (*counted("at most %(num)s character", "at most %(num)s characters"), "max_length"),
    "bytes_too_short": (*counted("at least %(num)s byte", "at least %(num)s bytes"), "min_length"),
    "bytes_too_long": (*counted("at most %(num)s byte", "at most %(num)s bytes"), "max_length"),
    "url_too_long": (*counted("at most %(num)s character", "at most %(num)s characters"), "max_length"),
    "too_short": (*counted("at least %(num)s entry", "at least %(num)s entries"), "min_length"),
    "too_long": (*counted("at most %(num)s entry", "at most %(num)s entries"), "max_length"),
    "decimal_max_digits": (*counted("at most %(num)s digit", "at most %(num)s digits"), "max_digits"),
    "decimal_max_places": (
        *counted("at most %(num)s digit after the point", "at most %(num)s digits after the point"),
        "decimal_places",
    ),
    "decimal_whole_digits": (
        *counted("at most %(num)s digit before the point", "at most %(num)s digits before the point"),
        "whole_digits",
    ),
}
"""One thing, several things, and the name of their number in the context."""

INTERNAL = frozenset(
    (
        *("no_such_attribute", "needs_python_object", "frozen_field", "frozen_instance", "get_attribute_error"),
        *("default_factory_not_called", "missing_sentinel_error", "ellipsis_error", "is_instance_of"),
        *("is_subclass_of", "callable_type", "arguments_type", "missing_argument", "unexpected_keyword_argument"),
        *("missing_keyword_only_argument", "unexpected_positional_argument", "missing_positional_only_argument"),
        "multiple_argument_values",
    )
)
"""What no value that a person wrote can cause, or what only the module's author can mend."""
