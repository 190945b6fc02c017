"""Time zones as people choose them: by region, each with its city in the language of the request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_location

from console.domain.matching import folded
from console.phrases import say
from console.web.told import told

REGIONS = {
    "Africa": say("Africa"),
    "America": say("America"),
    "Antarctica": say("Antarctica"),
    "Asia": say("Asia"),
    "Atlantic": say("Atlantic"),
    "Australia": say("Australia"),
    "Europe": say("Europe"),
    "Indian": say("Indian Ocean"),
    "Pacific": say("Pacific"),
}
UTC = "UTC"


@dataclass(frozen=True, slots=True)
class Region:
    """The zones of one part of the world, by city: pairs of name and city."""

    name: str
    zones: tuple[tuple[str, str], ...]


def regions(language: str, chosen: str = "") -> tuple[Region, ...]:
    """Every region with its zones, and ``chosen`` by itself when it is another name of one of them."""
    found = [Region(told(REGIONS[name]), zones) for name, zones in zones_by_region(language)]
    if chosen and chosen != UTC and not any(chosen == zone for each in found for zone, _city in each.zones):
        found.append(Region(chosen.partition("/")[0], ((chosen, chosen),)))
    return tuple(found)


def is_known(name: str) -> bool:
    """Whether there is a zone of that name."""
    return name == UTC or name in available_timezones()


@lru_cache(maxsize=16)
def zones_by_region(language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Region → its zones; two names of one place count once."""
    locale = Locale.parse(language)
    found: dict[str, dict[str, str]] = {name: {} for name in REGIONS}
    for zone in sorted(available_timezones()):
        region = zone.partition("/")[0]
        if region in found:
            city = str(get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True))
            found[region].setdefault(city, zone)
    return tuple((name, tuple(_by_city(cities))) for name, cities in found.items())


def _by_city(cities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for city in sorted(cities, key=folded):
        yield cities[city], city
