"""The forms of the content module; the schemas decide what is valid."""

from __future__ import annotations

from wtforms import Form, StringField, TextAreaField

from console.sdk import lazy_gettext


class PageForm(Form):
    """A content page."""

    title = StringField(description=lazy_gettext("cms.wanted.title"))
    slug = StringField(description=lazy_gettext("cms.wanted.slug"))
    language = StringField(description=lazy_gettext("cms.wanted.language"))
    content = TextAreaField(description=lazy_gettext("cms.wanted.content"))
    meta_title = StringField(description=lazy_gettext("cms.wanted.meta_title"))
    meta_description = TextAreaField(description=lazy_gettext("cms.wanted.meta_description"))

    def without_seo(self, *, enable_seo: bool) -> PageForm:
        """The form, without the search engine texts where the platform has them switched off."""
        if not enable_seo:
            del self.meta_title
            del self.meta_description
        return self


class ThemeForm(Form):
    """The look of a vendor's pages."""

    accent = StringField(description=lazy_gettext("cms.wanted.accent"))
    typeface = StringField()
    width = StringField()
