"""Requirements: a code and a range of versions."""

from __future__ import annotations

import pytest

from console.domain.requirement import Requirement, parse


@pytest.mark.parametrize(
    ("text", "code", "specifier"),
    [
        ("payments", "payments", ""),
        ("payments>=1.2,<2", "payments", ">=1.2,<2"),
        ("dev-tools ~=1.0", "dev-tools", "~=1.0"),
        ("dev_tools==1.*", "dev_tools", "==1.*"),
    ],
)
def test_a_requirement_is_a_code_and_a_range(text: str, code: str, specifier: str) -> None:
    assert parse(text) == Requirement(code, specifier)


@pytest.mark.parametrize(
    ("text", "version", "accepted"),
    [
        ("payments", "0.0.1", True),
        ("payments>=1.2,<2", "1.2.0", True),
        ("payments>=1.2,<2", "2.0.0", False),
        ("payments>=1.2,<2", "1.1.9", False),
        ("payments>=1", "2.0.0-rc.1", True),
    ],
)
def test_a_range_must_hold(text: str, version: str, accepted: bool) -> None:
    assert parse(text).accepts(version) is accepted


@pytest.mark.parametrize("text", ["", "Payments", "payments 1.2", "payments>>1", "payments[fast]"])
def test_what_cannot_be_read_says_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r'write "payments'):
        parse(text)
