"""Specimens of configuration pages: an input of every kind with its source and fault, and values in words."""

from __future__ import annotations

from types import SimpleNamespace as Specimen

from wtforms import BooleanField, Form, IntegerField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs


class SpecimenForm(Form):
    """One input of every kind that a configuration has."""

    trial = IntegerField(default=14, render_kw={"class": "input"})
    sender = StringField(default="shop@example", render_kw={"class": "input"})
    secret = PasswordField(render_kw={"class": "input"})
    gateway = SelectField(choices=[SelectChoice("card"), SelectChoice("invoice")], render_kw={"class": "select"})
    rules = TextAreaField(default='{"country": "FR"}', render_kw={"class": "textarea mono", "rows": "3"})
    invoices = BooleanField(default=True, render_kw={"class": "check-switch", "role": "switch"})
    first = StringField(render_kw={"class": "input"})
    last = StringField(render_kw={"class": "input"})
    locked = BooleanField(render_kw={"class": "check-switch", "role": "switch"})


def lines() -> list[Specimen]:
    """An input of every kind, with every source and with what can be wrong."""
    here = Specimen(text="this platform", look="platform", resettable=True)
    default, file = Specimen(text="default", look=""), Specimen(text="file", look="locked")
    text = Specimen(text="shop@example.org")
    return [
        _line("trial", "Trial", unit="days", hint="Between 0 and 90.", origin=default),
        _line("sender", "Sender", error="This is no e-mail address.", default=text, origin=here),
        _line("secret", "Key", hint="Stored encrypted and never shown.", clear="clear-key", origin=here),
        _line("gateway", "Gateway", locked=True, instead=text, origin=file),
        _line("rules", "Rules", hint="As JSON."),
        _line("invoices", "Invoices", kind="switch", hint="Sent with every order."),
        _line("locked", "Test mode", kind="switch", locked=True, origin=file),
    ]


def nested() -> Specimen:
    """A group of inputs, with what is wrong with the whole."""
    children = [_line("first", "From"), _line("last", "To")]
    return _line("range", "Range", children=children, error="It ends before it begins.")


def _line(key: str, label: str, **facts: object) -> Specimen:
    attributes: dict[str, object] = {"disabled": bool(facts.get("locked"))}
    if facts.get("error"):
        attributes |= {"aria-invalid": "true", "aria-describedby": f"error-{key}"}
    usual: dict[str, object] = {"key": key, "id": key, "name": key, "label": label, "kind": "text", "markers": ()}
    return Specimen(**{**usual, "attributes": attributes, **facts})


def changes() -> list[Specimen]:
    """A change of settings with every kind of value."""
    empty, items = Specimen(text="empty", quiet=True), Specimen(items=["card", "invoice"])
    block = Specimen(text='{"country": "FR"}', block=True)
    pairs = ((Specimen(text="7"), Specimen(text="14")), (empty, items), (items, block))
    return [
        Specimen(key=f"change-{at}", label="Setting", before=before, after=after, note="needs a restart" * (at == 0))
        for at, (before, after) in enumerate(pairs)
    ]
