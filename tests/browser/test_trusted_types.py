"""In a page only htmx may make markup out of text, and nothing makes a script out of it; everything still works so."""

from __future__ import annotations

from tests.browser.conftest import OpenTab

REFUSED = "() => { try { %s } catch (error) { return error.name } return 'done' }"


WRITES = (
    "document.body.innerHTML = '<p>markup</p>'",
    "document.body.insertAdjacentHTML('beforeend', '<p>markup</p>')",
    "document.createElement('iframe').srcdoc = '<p>markup</p>'",
    "new DOMParser().parseFromString('<p>markup</p>', 'text/html')",
    "document.createElement('script').text = 'window.fired = 1'",
    "document.createElement('script').src = '/static/app.js'",
    "trustedTypes.createPolicy('htmx-answers', { createHTML: text => text })",
    "trustedTypes.createPolicy('default', { createHTML: text => text })",
)


def test_no_script_of_a_page_makes_markup_or_code_out_of_text(tab: OpenTab) -> None:
    visitor = tab()
    visitor.go("/login")
    for done in WRITES:
        assert visitor.page.evaluate(REFUSED % done) == "TypeError", done
    assert len(visitor.complaints) >= len(WRITES), "the policy says what it refused"
    visitor.complaints.clear()


def test_htmx_still_swaps_what_the_console_answers(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    assert admin.page.evaluate("trustedTypes.getPropertyType('div', 'innerHTML')") == "TrustedHTML"
    admin.page.evaluate("document.documentElement.dataset.same = 'page'")
    admin.test_id("toggle-orders").click()
    admin.test_id("plan-confirm").wait_for()
    assert admin.page.evaluate("document.documentElement.dataset.same") == "page", "htmx put the plan into this page"
    planted = "<p id=planted>there</p><script>window.fired = 1</script>"
    admin.page.route("**/planted", lambda route: route.fulfill(body=planted, content_type="text/html"))
    admin.page.evaluate("htmx.ajax('GET', '/planted', { target: '#dialog', swap: 'innerHTML' })")
    admin.page.locator("#planted").wait_for()
    assert admin.page.evaluate("window.fired") is None, "a script in an answer does not run"


def test_the_policy_is_there_before_htmx_looks_at_the_page(tab: OpenTab) -> None:
    """htmx begins by a timer: a policy that stands behind it and comes late would come too late."""
    visitor = tab()
    visitor.go("/login")
    scripts = "[...document.scripts].map((each) => /trusted|htmx|app/.exec(each.src)[0])"
    assert visitor.page.evaluate(scripts) == ["trusted", "htmx", "app"]
