"""Settings as they stand in documents: with their source, and nothing of a secret."""

from __future__ import annotations

from console.settings import SECRETS, Settings


def setting_json(settings: Settings, name: str) -> dict[str, object]:
    """One setting in force with where it comes from; of an address with a password all but the password."""
    value = getattr(settings, name)
    return {"value": _masked(str(value)) if name in SECRETS else _plain(value), "source": settings.sources[name]}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _masked(url: str) -> str:
    from sqlalchemy.engine import make_url  # noqa: PLC0415  # a command that shows settings needs no database
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "***"
