"""What a URL asks of the module list: search, tab, filters, order and grouping; nothing of it lives elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from console.domain.words import HealthStatus, Kind
from console.web.links import parts_of

SHOWS = ("all", "on", "off", "attention", "core")
SORTS = ("kind", "name", "state", "health", "changed")
TEXT_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Query:
    """The state of the list; a value that is not known counts as not given.

    Args:
        text: What name, code, description, feature or tag must contain, as ``q`` in the URL.
        show: The tab.
        kind: Only modules of this kind; all when empty.
        tag: Only modules with this tag.
        health: Only modules whose last report has this status.
        sort: The order; ``kind`` puts core first and internal last.
        group: ``tag`` puts the rows under titles.
        selected: The modules that are chosen, as ``code``; without scripts that is how a selection outlives a filter.
    """

    text: str = ""
    show: str = "all"
    kind: str = ""
    tag: str = ""
    health: str = ""
    sort: str = "kind"
    group: str = ""
    selected: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: MultiDict[str, str]) -> Query:
        """The query of these parameters."""
        return cls(
            text=given.get("q", "").strip()[:TEXT_LENGTH],
            show=_known(given, "show", SHOWS, "all"),
            kind=_known(given, "kind", tuple(Kind)),
            tag=given.get("tag", "")[:TEXT_LENGTH],
            health=_known(given, "health", tuple(HealthStatus)),
            sort=_known(given, "sort", SORTS, "kind"),
            group=_known(given, "group", ("tag",)),
            selected=tuple(dict.fromkeys(given.getlist("code"))),
        )

    @classmethod
    def of_url(cls, url: str) -> Query:
        """The query that the list in the browser was made with."""
        return cls.of(MultiDict(parse_qsl(parts_of(url).query)))

    @property
    def narrows(self) -> bool:
        """Whether it leaves modules out besides the tab."""
        return bool(self.text or self.kind or self.tag or self.health)

    @property
    def parameters(self) -> dict[str, str]:
        """What stands in the URL: only what differs from the plain list."""
        plain = Query()
        given = {each.name: str(getattr(self, each.name)) for each in fields(self) if each.name != "selected"}
        found = {name: value for name, value in given.items() if value != getattr(plain, name)}
        return {"q" if name == "text" else name: value for name, value in found.items()}

    def url(self, **changes: str) -> str:
        """The address of the list with these parameters changed; an empty one is left out."""
        asked = {**self.parameters, **changes}
        kept = [(name, value) for name, value in asked.items() if value] + [("code", code) for code in self.selected]
        return url_for("pages.modules") + (f"?{urlencode(kept)}" if kept else "")


def _known(given: Mapping[str, str], name: str, values: Collection[str], default: str = "") -> str:
    value = given.get(name, default)
    return value if value in values else default
