"""Content pages, for the people of a vendor; the media library stands beside them."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from console.sdk import (
    ModuleBlueprint,
    ModuleError,
    current_platform,
    current_vendor,
    db,
    described,
    gettext,
    module_service,
    read_form,
    read_json,
    render_template,
    requires_feature,
    requires_permission,
    sanitize_html,
    see_other,
    utc_now,
)
from modules.cms.exceptions import SlugTaken
from modules.cms.forms import PageForm
from modules.cms.models import ContentPage
from modules.cms.routes import vendor_media
from modules.cms.routes.shared import as_json, asked, config, pager
from modules.cms.schemas import PageAnswer, PageIn, PageOut, PagesAnswer, Publishing
from modules.cms.services import content_service, theme_service

vendor_router = ModuleBlueprint("cms", __name__, tags=["Vendor - Content"])
vendor_pages = ModuleBlueprint("cms", __name__)
vendor_media.mount(vendor_pages, vendor_router)


def _mine(page_id: int) -> ContentPage:
    return content_service.get_page(db.session(), page_id, vendor_id=current_vendor.id)


def _create(wish: PageIn) -> ContentPage:
    most = module_service.limit(db, current_platform.id, "cms.pages", vendor_id=current_vendor.id)
    return content_service.create_page(
        db.session(), current_vendor.id, wish=wish, config=config(), now=utc_now(), most=most
    )


def _json(page: ContentPage) -> dict[str, object]:
    return {"page": PageOut.of(page).model_dump(mode="json")}


@vendor_router.get("/pages")
@requires_permission("cms.view")
@requires_feature("content_pages")
@described(PagesAnswer)
def list_own_pages() -> dict[str, object]:
    """List the vendor's content pages."""
    return as_json(asked(current_vendor.id))


@vendor_router.post("/pages")
@requires_permission("cms.manage")
@requires_feature("content_pages")
@described({201: PageAnswer}, takes=PageIn)
def add_page() -> tuple[dict[str, object], int]:
    """Write a new content page."""
    return _json(_create(read_json(PageIn))), 201


@vendor_router.get("/pages/<int:page_id>")
@requires_permission("cms.view")
@requires_feature("content_pages")
@described(PageAnswer)
def show_page(page_id: int) -> dict[str, object]:
    """Give one content page."""
    return _json(_mine(page_id))


@vendor_router.put("/pages/<int:page_id>")
@requires_permission("cms.manage")
@requires_feature("content_pages")
@described(PageAnswer, takes=PageIn)
def replace_page(page_id: int) -> dict[str, object]:
    """Write a content page anew."""
    page = _mine(page_id)
    return _json(content_service.save_page(db.session(), page, wish=read_json(PageIn), config=config(), now=utc_now()))


@vendor_router.delete("/pages/<int:page_id>")
@requires_permission("cms.manage")
@requires_feature("content_pages")
@described({204: ()})
def remove_page(page_id: int) -> tuple[str, int]:
    """Delete a content page."""
    content_service.delete_page(db.session(), _mine(page_id))
    return "", 204


@vendor_router.put("/pages/<int:page_id>/published")
@requires_permission("cms.manage")
@requires_feature("content_pages")
@described(PageAnswer, takes=Publishing)
def change_published(page_id: int) -> dict[str, object]:
    """Publish a content page, or take it offline."""
    page = _mine(page_id)
    content_service.set_published(page, published=read_json(Publishing).published, now=utc_now())
    return _json(page)


@vendor_pages.get("/")
@requires_permission("cms.view")
@requires_feature("content_pages")
def content_pages() -> str:
    """The vendor's content pages."""
    found = asked(current_vendor.id)
    return render_template("vendor/pages.html", listing=found, pager=pager(found), config=config())


@vendor_pages.get("/new")
@requires_permission("cms.manage")
@requires_feature("content_pages")
def new_page() -> str:
    """The form for a new page."""
    return _form(PageForm(data={"language": config().default_language}))


@vendor_pages.post("/new")
@requires_permission("cms.manage")
@requires_feature("content_pages")
def create_page() -> Response | tuple[str, int]:
    """On to the new page, or the form with what is wrong."""
    form = PageForm(request.form).without_seo(enable_seo=config().enable_seo)
    wish = read_form(form, PageIn)
    if wish is None:
        return _form(form), 422
    try:
        page = _create(wish)
    except ModuleError as error:
        return _refused(form, error)
    flash(gettext("cms.pages.created", title=page.title))
    return see_other(url_for(".edit_page", page_id=page.id))


@vendor_pages.get("/pages/<int:page_id>")
@requires_permission("cms.view")
@requires_feature("content_pages")
def edit_page(page_id: int) -> str:
    """One page with its form."""
    page = _mine(page_id)
    return _form(PageForm(obj=page), page=page)


@vendor_pages.post("/pages/<int:page_id>")
@requires_permission("cms.manage")
@requires_feature("content_pages")
def save_page(page_id: int) -> Response | tuple[str, int]:
    """Back to the page with its new texts, or the form with what is wrong."""
    page = _mine(page_id)
    form = PageForm(request.form).without_seo(enable_seo=config().enable_seo)
    wish = read_form(form, PageIn)
    if wish is None:
        return _form(form, page=page), 422
    try:
        content_service.save_page(db.session(), page, wish=wish, config=config(), now=utc_now())
    except ModuleError as error:
        return _refused(form, error, page=page)
    flash(gettext("cms.pages.saved", title=page.title))
    return see_other(url_for(".edit_page", page_id=page.id))


@vendor_pages.post("/pages/<int:page_id>/publish")
@requires_permission("cms.manage")
@requires_feature("content_pages")
def publish_page(page_id: int) -> Response:
    """Back to the page, now published or not."""
    page = _mine(page_id)
    content_service.set_published(page, published=request.form.get("want") == "on", now=utc_now())
    flash(gettext("cms.pages.published" if page.is_published else "cms.pages.unpublished", title=page.title))
    return see_other(url_for(".edit_page", page_id=page.id))


@vendor_pages.get("/pages/<int:page_id>/delete")
@requires_permission("cms.manage")
@requires_feature("content_pages")
def confirm_delete(page_id: int) -> str:
    """The question before the page is gone for good."""
    return render_template("vendor/page_delete.html", page=_mine(page_id))


@vendor_pages.post("/pages/<int:page_id>/delete")
@requires_permission("cms.manage")
@requires_feature("content_pages")
def delete_page(page_id: int) -> Response:
    """Back to the list, without the page."""
    page = _mine(page_id)
    content_service.delete_page(db.session(), page)
    flash(gettext("cms.pages.deleted", title=page.title))
    return see_other(url_for(".content_pages"))


@vendor_pages.get("/pages/<int:page_id>/preview")
@requires_permission("cms.view")
@requires_feature("content_pages")
def preview_page(page_id: int) -> str:
    """The page as its readers see it, in the vendor's theme."""
    page = _mine(page_id)
    return render_template("vendor/preview.html", page=page, body=sanitize_html(page.content or ""))


@vendor_pages.get("/theme.css")
@requires_permission("cms.view")
@requires_feature("vendor_themes")
def theme_css() -> Response:
    """The vendor's theme as a stylesheet."""
    css = theme_service.stylesheet(theme_service.theme_of(db.session(), current_vendor.id))
    return Response(css, mimetype="text/css", headers={"Cache-Control": "private, no-cache"})


def _form(form: PageForm, *, page: ContentPage | None = None) -> str:
    settings = config()
    shown = form if "meta_title" not in form else form.without_seo(enable_seo=settings.enable_seo)
    return render_template("vendor/page_form.html", form=shown, page=page, config=settings)


def _refused(form: PageForm, error: ModuleError, *, page: ContentPage | None = None) -> tuple[str, int]:
    field = form.slug if isinstance(error, SlugTaken) else form.title
    field.errors = (error.message,)
    return _form(form, page=page), error.status
