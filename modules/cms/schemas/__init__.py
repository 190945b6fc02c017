"""The shapes of the content module's JSON, and what makes a page or a theme valid, page or API."""

from modules.cms.schemas.content import PageAnswer, PageIn, PageOut, PagesAnswer, Publishing
from modules.cms.schemas.media import MediaAnswer, MediaIn, MediaOut, PictureAnswer
from modules.cms.schemas.theme import ThemeAnswer, ThemeIn, ThemeOut, ThemesAnswer

__all__ = [
    "MediaAnswer",
    "MediaIn",
    "MediaOut",
    "PageAnswer",
    "PageIn",
    "PageOut",
    "PagesAnswer",
    "PictureAnswer",
    "Publishing",
    "ThemeAnswer",
    "ThemeIn",
    "ThemeOut",
    "ThemesAnswer",
]
