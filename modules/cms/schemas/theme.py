"""The look of a vendor's pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints


class ThemeIn(BaseModel):
    """What an admin chooses; the defaults are the look of a vendor that has none."""

    model_config = ConfigDict(extra="forbid")

    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#4f46e5"
    typeface: Literal["sans", "serif", "mono"] = "sans"
    width: Literal["narrow", "wide"] = "narrow"


class ThemeOut(ThemeIn):
    """The look of one vendor's pages."""

    vendor: str


class ThemeAnswer(BaseModel):
    """The look of one vendor's pages, as it is now."""

    theme: ThemeOut


class ThemesAnswer(BaseModel):
    """The looks of all vendors of a platform; those without a theme of their own have the plain one."""

    themes: list[ThemeOut]
