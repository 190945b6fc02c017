"""The shapes of the content module's JSON, and what makes a page or a theme valid, page or API."""

from modules.cms.schemas.content import PageAnswer, PageIn, PageOut, PagesAnswer
from modules.cms.schemas.media import MediaAnswer, MediaOut
from modules.cms.schemas.theme import ThemeIn, ThemesAnswer

__all__ = ["MediaAnswer", "MediaOut", "PageAnswer", "PageIn", "PageOut", "PagesAnswer", "ThemeIn", "ThemesAnswer"]
