"""Log lines, in a process of their own because logging belongs to a process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

TELL = """
import logging
from console.logs import to_stderr
from console.settings import load_settings
to_stderr(load_settings({{"log_format": "{0}", "log_level": "{1}"}}, {{}}))
logging.getLogger("console.test").info("a line of\\n%s", "two")
logging.getLogger("alembic.runtime").info("housekeeping")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("console.test").exception("it went wrong")
"""


def lines(log_format: str, log_level: str = "INFO") -> list[str]:
    program = TELL.format(log_format, log_level)
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return answer.stderr.splitlines()


def test_each_json_line_is_a_document() -> None:
    first, second = [json.loads(line) for line in lines("json")]
    assert (first["level"], first["logger"], first["message"]) == ("INFO", "console.test", "a line of\ntwo")
    assert first["time"].endswith("+00:00")
    assert "ZeroDivisionError" in second["error"]
    assert "error" not in first


def test_text_is_for_people() -> None:
    assert lines("text")[0].endswith("INFO console.test a line of")


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_the_level_leaves_lines_out(log_format: str) -> None:
    assert not any("a line of" in line for line in lines(log_format, "WARNING"))


def test_housekeeping_of_libraries_is_for_debugging() -> None:
    assert not any("housekeeping" in line for line in lines("text"))
    assert any("housekeeping" in line for line in lines("text", "DEBUG"))
