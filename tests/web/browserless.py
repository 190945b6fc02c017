"""What a browser would post of a form: it empties what a type does not allow, drops newlines and sends CRLF."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

ALLOWED = {
    "number": re.compile(r"-?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d+)?"),
    "date": re.compile(r"\d{4,}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?"),
    "datetime-local": re.compile(r"\d{4,}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?"),
}


class _Form(HTMLParser):
    """Collects successful controls. Source: the HTML standard, value sanitization and constructing the entry list."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.posted: MultiDict[str, str] = MultiDict()
        self._area: tuple[str, list[str]] | None = None
        self._select: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and "disabled" not in given:
            self._input(given)
        elif tag == "textarea":
            self._area = (given["name"], [])
        elif tag == "select":
            self._select = [given["name"], None]
        elif tag == "option" and (self._select[1] is None or "selected" in given):
            self._select[1] = given.get("value", "")

    def _input(self, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self.posted.add(given["name"], value or "on")
            return
        if kind != "hidden":
            value = re.sub(r"[\r\n]", "", value)
        if kind in ALLOWED and not ALLOWED[kind].fullmatch(value):
            value = ""
        self.posted.add(given["name"], value.strip() if kind in ("url", "email") else value)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            name, parts = self._area
            text = re.sub(r"\r\n?", "\n", "".join(parts)).removeprefix("\n")
            self.posted.add(name, text.replace("\n", "\r\n"))
            self._area = None
        elif tag == "select":
            if len(self._select) == 2 and self._select[1] is not None:
                self.posted.add(str(self._select[0]), self._select[1])
            self._select = []


def posted_by(html: str) -> MultiDict[str, str]:
    """The form data of ``html`` as it comes, before anybody touches it."""
    parser = _Form()
    parser.feed(html)
    parser.close()
    return parser.posted
