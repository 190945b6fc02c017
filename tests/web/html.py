"""Reading answers: forms and elements by what people and tests know them by."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def element(page: TestResponse, test_id: str) -> str:
    """The markup from the element with that ``data-testid`` to the next row or the end."""
    _before, found, after = page.text.partition(f'data-testid="{test_id}"')
    assert found, f"{test_id} is not on the page"
    return unescape(after.partition("</tr>")[0])


def hidden_fields(page: TestResponse, action: str) -> dict[str, str]:
    """Name → value of what the form that posts to ``action`` sends by itself, or the button that posts there."""
    button = re.search(
        rf'<button [^>]*form="switches" name="plan" value="(\w+)" formaction="{_part(action)}"', page.text
    )
    if button:
        return {**hidden_fields(page, "/" + "/".join(action.split("/")[1:4])), "plan": button[1]}
    form = re.search(rf'<form (?:id="\w+" )?method="post" action="{re.escape(action)}".*?</form>', page.text, re.S)
    assert form, f"no form posts to {action}"
    return {name: unescape(value) for name, value in HIDDEN.findall(form[0])}


def _part(action: str) -> str:
    """An address as a page one segment above it names it."""
    return re.escape("/".join(action.split("/")[3:]))
