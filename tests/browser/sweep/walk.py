"""One way through all pages that uses every control once, in the page or in the dialog that it opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.browser.sweep.controls import Control
from tests.browser.sweep.hands import Hands, fresh
from tests.browser.sweep.people import enter
from tests.browser.sweep.places import Place

LAST = "people.logout"  # whoever uses it is gone


@dataclass(slots=True)
class Walk:
    """What was used on the way, and what went wrong.

    Args:
        people: Person → their hands.
        used: Key → the control that was used.
    """

    people: Mapping[str, Hands]
    used: dict[str, Control] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def through(self, places: Iterable[Place]) -> None:
        """Go to each place and use what was not used before; those who log out do so at the end."""
        left: list[tuple[Place, Control]] = []
        for place in map(self._now, places):
            for control in self._look(place, place.path):
                if control.endpoint == LAST:
                    left = left or [(place, control)]
                elif control.key not in self.used:
                    self._use(place, control)
        for place, control in left:
            self._use(place, control)

    def _look(self, place: Place, path: str) -> list[Control]:
        """The controls of the place, with what is done there first possible again."""
        mine = self.people[place.person]
        if place.first is not None:
            mine.stock.restore()
        return mine.look(path, place.first)

    def _now(self, place: Place) -> Place:
        """The place, with an operation that nobody has decided about in the meantime."""
        if place.endpoint != "pages.operation_undo":
            return place
        return replace(place, path=f"/admin/acme/operations/{self.people[place.person].stock.failed()}/undo")

    @property
    def patterns(self) -> set[str]:
        """The test ids of what was used."""
        return {control.pattern for control in self.used.values()}

    @property
    def endpoints(self) -> set[str]:
        """The views that were asked to change something."""
        return {control.endpoint for control in self.used.values() if control.method == "POST"}

    def _use(self, place: Place, control: Control) -> None:
        mine = self.people[place.person]
        path, address = place.path, control.path
        if control.method == "POST" and control.endpoint:
            path, address = fresh(mine.stock, place, control)
            mine.prepare(control)
        same = [each for each in self._look(place, path) if each.key == control.key]
        meant = [each for each in same if each.path == address] or same
        if not meant:
            return  # it stands no more, and is met again elsewhere or named at the end
        self._note(place, meant[0])
        if mine.way != "plain" and mine.has_dialog():
            self._in_dialog(place, path, meant[0])
        if not place.person:
            mine.page.context.clear_cookies()
        elif mine.page.url.endswith("/login") and control.endpoint != LAST:
            enter(mine.tab, mine.stock.served.app, place.person)

    def _in_dialog(self, place: Place, path: str, opener: Control) -> None:
        """Use every control of the dialog that has just opened, which opens again for each."""
        mine = self.people[place.person]
        for control in self._unused(mine.glance(root="dialog")):
            if not mine.has_dialog():
                again = [each for each in self._look(place, path) if each.key == opener.key]
                if not again or list(mine.use(again[0])) or not mine.has_dialog():
                    continue
            found = [each for each in mine.glance(root="dialog") if each.key == control.key]
            if found:
                mine.prepare(found[0])
                self._note(place, found[0])

    def _unused(self, controls: Iterable[Control]) -> Iterator[Control]:
        """The controls of a dialog that were not used yet, what closes it at the end."""
        for control in sorted(controls, key=lambda each: each.kind == "close"):
            if control.key not in self.used:
                yield control

    def _note(self, place: Place, control: Control) -> None:
        self.used[control.key] = control
        mine = self.people[place.person]
        self.wrong += [f"{mine.way}: {control.key} on {place}: {text}" for text in mine.use(control)]
