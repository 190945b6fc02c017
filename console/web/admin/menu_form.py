"""The form in which a menu is arranged: the whole draft travels in it, so that nothing is kept between two clicks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from console.domain.menu_draft import Draft, Section, moved, moved_section, tidy_name, turned, with_section
from console.domain.menu_order import CONSOLE, MODULES, Stand
from console.errors import UsageError
from console.phrases import say

SECTION_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form brought.

    Args:
        seen: The menu as it was stored when the person began.
        action: What the pressed button does, ``save`` say.
        subject: To which item or group.
    """

    draft: Draft
    seen: tuple[Stand, ...]
    action: str
    subject: str


def read(form: MultiDict[str, str]) -> Sent:
    """The draft as it was sent.

    Raises:
        UsageError: The form is not one of ours.
    """
    action, _, subject = form.get("do", "").partition(" ")
    try:
        sections = _sections(form)
        seen = tuple(_stand(each) for each in json.loads(form.get("seen", "[]")))
    except (ValueError, TypeError, RecursionError) as error:
        raise UsageError(say("The form is not complete."), hint=say("Load the page again.")) from error
    return Sent(Draft(sections, frozenset(form.getlist("hidden"))), seen, action, subject)


def _sections(form: MultiDict[str, str]) -> tuple[Section, ...]:
    """Groups and items in the order in which they stand in the page."""
    found: dict[int, Section] = {}
    for text in form.getlist("group")[:SECTION_LIMIT]:
        index, _, origin = text.partition(" ")
        known = origin if origin in (CONSOLE, MODULES) else ""
        found[int(index)] = Section(known, tidy_name(form.get(f"name-{index}", "")))
    for text in form.getlist("at"):
        index, _, key = text.partition(" ")
        section = found.get(int(index))
        if section is not None:
            found[int(index)] = replace(section, keys=(*section.keys, key))
    return tuple(found.values())


def _stand(given: object) -> Stand:
    if not isinstance(given, list) or len(given) != 3:
        raise TypeError
    key, group, hidden = given
    return Stand(str(key), str(group), hidden is True)


def seen_text(stands: Sequence[Stand]) -> str:
    """The stored menu as the form carries it."""
    return json.dumps([[each.key, each.group, each.hidden] for each in stands], separators=(",", ":"))


def changed(sent: Sent, *, new_name: str) -> Draft:
    """The draft after the pressed button.

    Args:
        new_name: What a new group is called at first.
    """
    draft, subject = sent.draft, sent.subject
    match sent.action:
        case "up" | "down":
            return moved(draft, subject, by=-1 if sent.action == "up" else 1)
        case "group-up" | "group-down":
            index = int(subject) if subject.isdecimal() else -1
            return moved_section(draft, index, by=-1 if sent.action == "group-up" else 1)
        case "hide" | "show":
            return turned(draft, [subject], hidden=sent.action == "hide")
        case "group" if len(draft.sections) < SECTION_LIMIT:
            return with_section(draft, new_name)
    return draft
