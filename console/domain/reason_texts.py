"""The words for every error type of pydantic, with ``%(name)s`` for what its context holds.

They speak to whoever filled in a form or wrote a file, so types of Python that only programs meet share one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

OTHER = "the value cannot be used"
_WHOLE_NUMBER = "write a whole number"
_NUMBER = "write a number"
_SWITCH = "write true or false"
_TEXT = "write text"
_LIST = "write a list"
_KEYS = "write keys with values"
_DATE = "write a date, such as 2026-01-31"
_TIME = "write a time, such as 13:30"
_MOMENT = "write a date and time, such as 2026-01-31T13:30"
_SPAN = "write a duration, such as PT30M"
_ADDRESS = "write a web address, such as https://example.com"
_ENCODING = "write it in the encoding %(encoding)s"

TEXTS: Mapping[str, str] = {
    "missing": "a value is needed",
    "extra_forbidden": "there is no such key",
    "none_required": "leave it empty",
    "recursion_depth_exceeded": "it is nested too deeply",
    "recursion_loop": "it is nested too deeply",
    "json_invalid": "it is not valid JSON",
    "json_type": "it is not valid JSON",
    "invalid_key": "keys must be text",
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_not_ascii": "only letters without accents, digits and signs",
    "string_pattern_mismatch": "it must match the pattern %(pattern)s",
    "bytes_type": _TEXT,
    "bytes_invalid_encoding": _ENCODING,
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": "the number is too long",
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "write a finite number",
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "fraction_type": "write a fraction, such as 3/4",
    "fraction_parsing": "write a fraction, such as 3/4",
    "complex_type": _NUMBER,
    "complex_str_parsing": _NUMBER,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "greater_than": "more than %(gt)s",
    "greater_than_equal": "%(ge)s or more",
    "less_than": "less than %(lt)s",
    "less_than_equal": "%(le)s or less",
    "multiple_of": "a multiple of %(multiple_of)s",
    "literal_error": "one of %(expected)s",
    "enum": "one of %(expected)s",
    "list_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "tuple_type": _LIST,
    "deque_type": _LIST,
    "iterable_type": _LIST,
    "named_tuple_type": _LIST,
    "iteration_error": _LIST,
    "set_item_not_hashable": "entries cannot be lists or keys with values",
    "dict_type": _KEYS,
    "frozen_dict_type": _KEYS,
    "ordered_dict_type": _KEYS,
    "counter_type": _KEYS,
    "mapping_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "dataclass_type": _KEYS,
    "dataclass_exact_type": _KEYS,
    "union_tag_invalid": "%(discriminator)s must be one of %(expected_tags)s",
    "union_tag_not_found": "%(discriminator)s is missing",
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "url_scheme": "an address that begins with %(expected_schemes)s",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": "a date without a time",
    "date_past": "a date in the past",
    "date_future": "a date in the future",
    "time_type": _TIME,
    "time_parsing": _TIME,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_past": "a moment in the past",
    "datetime_future": "a moment in the future",
    "timezone_naive": "leave the time zone out",
    "timezone_aware": "a time zone is needed, such as 2026-01-31T13:30+01:00",
    "timezone_offset": "it must be in another time zone",
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    "uuid_type": "write a UUID",
    "uuid_parsing": "write a UUID",
    "uuid_version": "a UUID of version %(expected_version)s",
}

COUNTED: Mapping[str, tuple[str, str, str]] = {
    "string_too_short": ("at least %(num)s character", "at least %(num)s characters", "min_length"),
    "string_too_long": ("at most %(num)s character", "at most %(num)s characters", "max_length"),
    "bytes_too_short": ("at least %(num)s byte", "at least %(num)s bytes", "min_length"),
    "bytes_too_long": ("at most %(num)s byte", "at most %(num)s bytes", "max_length"),
    "url_too_long": ("at most %(num)s character", "at most %(num)s characters", "max_length"),
    "too_short": ("at least %(num)s entry", "at least %(num)s entries", "min_length"),
    "too_long": ("at most %(num)s entry", "at most %(num)s entries", "max_length"),
    "decimal_max_digits": ("at most %(num)s digit", "at most %(num)s digits", "max_digits"),
    "decimal_max_places": (
        "at most %(num)s digit after the point",
        "at most %(num)s digits after the point",
        "decimal_places",
    ),
    "decimal_whole_digits": (
        "at most %(num)s digit before the point",
        "at most %(num)s digits before the point",
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
