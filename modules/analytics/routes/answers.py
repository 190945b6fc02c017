"""What analytics answers in JSON, for openapi.json."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class FigureOut(BaseModel):
    """One number; money is a decimal text."""

    label: str
    value: int | str
    unit: str


class ModuleFigures(BaseModel):
    """What one module says about itself."""

    code: str
    name: str
    problem: str
    figures: list[FigureOut]


class FiguresAnswer(BaseModel):
    """What the modules say about themselves."""

    modules: list[ModuleFigures]


class EventOut(BaseModel):
    """What happened to a module."""

    id: str
    module: str
    event: str
    actor: str
    occurred_at: datetime


class EventsAnswer(BaseModel):
    """A page of what happened."""

    events: list[EventOut]
    page: int
    pages: int
