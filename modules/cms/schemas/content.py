"""A content page in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

if TYPE_CHECKING:
    from modules.cms.models import ContentPage


def _empty_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?$", max_length=10)]
Optional = BeforeValidator(_empty_is_none)


class PageIn(BaseModel):
    """What a vendor writes; without a slug it is made from the title, without a language the platform's is taken."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    slug: Annotated[Slug | None, Optional] = None
    content: Annotated[str, Field(max_length=200_000)] = ""
    language: Annotated[Language | None, Optional] = None
    meta_title: Annotated[Annotated[str, Field(max_length=70)] | None, Optional] = None
    meta_description: Annotated[Annotated[str, Field(max_length=160)] | None, Optional] = None


class Publishing(BaseModel):
    """Whether a page shall be seen by its readers."""

    model_config = ConfigDict(extra="forbid")

    published: bool


class PageOut(BaseModel):
    """What goes out."""

    id: str
    vendor: str
    title: str
    slug: str
    content: str
    language: str
    published: bool
    meta_title: str | None
    meta_description: str | None
    created_at: datetime | None
    updated_at: datetime | None

    @classmethod
    def of(cls, page: ContentPage) -> PageOut:
        """The row as it goes out."""
        return cls(
            id=str(page.id),
            vendor=str(page.vendor_id),
            title=page.title,
            slug=page.slug,
            content=page.content or "",
            language=page.language,
            published=page.is_published,
            meta_title=page.meta_title,
            meta_description=page.meta_description,
            created_at=page.created_at,
            updated_at=page.updated_at,
        )


class PageAnswer(BaseModel):
    """One content page."""

    page: PageOut


class PagesAnswer(BaseModel):
    """Some of the content pages."""

    pages: list[PageOut]
    page: int
    count: int
