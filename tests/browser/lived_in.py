"""A demo that somebody has worked with: what the pictures of the documents show."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image
from sqlalchemy import select

from console.context import runtime
from console.domain.words import Role
from console.services import logins, opaque, operations, platforms, vendors
from console.services import setup as claims
from console.storage.tables import User, WebSession
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import settle
from console.testing.people import Visitor
from tests.browser.served import Served
from tests.support.resting import rest
from tests.web.html import hidden_fields

ADMIN = "marie@acme.test"
OWNER = "owner@blue-bottle.test"
MERCHANT = "owner@gear-lab.test"
NEIGHBOUR = "owner@north-wind.test"
ON = (("acme", "payments"), ("acme", "orders"), ("acme", "dev-tools"), ("acme", "billing"), ("globex", "billing"))
SETTINGS = (
    {"c_max_pages_per_vendor": "250"},
    {"c_max_pages_per_vendor": "400", "on_page_enable_seo": "1", "note": "More room for the spring lists"},
)
PAGES = (
    ("About us", "about-us", "<h2>Books since 1987</h2><p>Three floors, two cats and a cellar full of crime.</p>"),
    ("Delivery and returns", "delivery", "<p>Orders before noon leave the same day.</p><ul><li>14 days</li></ul>"),
    ("Reading evenings", "evenings", "<p>Every first Thursday, with tea.</p>"),
)
ORDERS = (
    ("Ada Lovelace", "42.50", ("placed", "paid", "shipped")),
    ("Grace Hopper", "18.00", ("placed", "paid", "shipped")),
    ("Alan Turing", "129.90", ("placed", "cancelled")),
    ("Mary Shelley", "64.20", ("placed",)),
    ("Emmy Noether", "23.75", ()),
)


def setup_link(served: Served) -> str:
    """The path that makes the first admin, while nobody is there."""
    with served.app.app_context(), unit_of_work() as uow:
        return f"/setup?token={claims.fresh_link(uow, runtime().clock())}"


def live_in(served: Served) -> Mapping[str, int]:
    """Fill the demo with what its people would do; name in an address → id of such a thing."""
    served.person(ADMIN, Role.INSTANCE_ADMIN)
    served.person("theo@acme.test", Role.PLATFORM_ADMIN, platform="acme")
    served.person(OWNER, Role.VENDOR_OWNER, vendor="blue-bottle")
    served.person(MERCHANT, Role.VENDOR_OWNER, vendor="gear-lab")
    served.person(NEIGHBOUR, Role.VENDOR_OWNER, vendor="north-wind")
    admin, owner = visitor(served, ADMIN), visitor(served, OWNER)
    switched = [switch(served, admin, platform, code, on=True) for platform, code in ON]
    subscribe(admin, "acme", vendor_id(served, "blue-bottle"))
    switch(served, admin, "acme", "billing", on=False)
    subscribe(admin, "globex", vendor_id(served, "gear-lab"))
    for revision, settings in enumerate(SETTINGS):
        send(admin, "/admin/acme/modules/cms/config", {**settings, "revision": revision})
    write(owner)
    sell(owner)
    with served.app.app_context():
        globex = platforms.by_slug(read_session(), "globex").id
    rest(served.app, globex)
    offer(admin)
    let_in(admin)
    note = {"note": "Our customers ask for invoices with a number."}
    send(visitor(served, NEIGHBOUR), "/vendor/north-wind/catalog/billing/ask", note)
    return {"vendor": vendor_id(served, "blue-bottle"), "page": 1, "order": 1, "operation": switched[1]}


def switch(served: Served, admin: Visitor, platform: str, code: str, *, on: bool) -> int:
    """The operation by which somebody switched a module on the page, once it has ended."""
    url = f"/admin/{platform}/modules/{code}/{'enable' if on else 'disable'}"
    send(admin, url, hidden_fields(admin.get(url), url))
    with served.app.app_context():
        platform_id = platforms.by_slug(read_session(), platform).id
        number = operations.of_platform(read_session(), platform_id, limit=1)[0].id
    settle(served.app, platform_id, number)
    return number


def offer(admin: Visitor) -> None:
    """Two tiers, one of them a vendor's, and a feature that is given to that vendor alone."""
    for code, name, features, pages in (
        ("starter", "Starter", ["content_pages", "order_management", "payment_methods"], "10"),
        ("growth", "Growth", ["content_pages", "media_library", "order_management", "payment_methods"], "100"),
    ):
        send(admin, "/admin/acme/tiers", {"code": code, "name": name})
        fields = {"name": name, "feature": features, "limit-cms.pages": pages}
        send(admin, f"/admin/acme/tiers/{code}", fields)
    url = "/admin/acme/vendors/blue-bottle"
    send(admin, f"{url}/tier", hidden_fields(admin.get(f"{url}/tier?tier=growth"), f"{url}/tier"))
    given = {"want": "on", "until": "2030-01-31", "note": "A trial for the spring lists"}
    send(admin, f"{url}/features/sales_reports", given)


def let_in(admin: Visitor) -> None:
    """A role of single permissions, somebody who holds it, and a token."""
    desk = {"name": "Order desk", "permission": ["orders.view", "orders.manage", "vendors.view"]}
    send(admin, "/admin/acme/users/roles/new/admin", desk)
    send(admin, "/admin/acme/users", {"email": "desk@acme.test", "role": ["1"]})
    token = {"name": "Nightly report", "days": "90", "permission": ["orders.view", "audit.view"]}
    send(admin, "/admin/acme/users/tokens", token)


def subscribe(admin: Visitor, platform: str, vendor: int) -> None:
    """Start a vendor's subscription."""
    send(admin, f"/admin/{platform}/billing/vendors/{vendor}/start", {"plan": "starter"})


def visitor(served: Served, email: str) -> Visitor:
    """That person, logged in without a password."""
    with served.app.app_context():
        rt, session = runtime(), read_session()
        user_id = session.scalars(select(User.id).where(User.email == email)).one()
        with unit_of_work() as uow:
            token = logins.start_session(uow, rt, user_id, now=rt.clock())
        csrf = select(WebSession.csrf_token).where(WebSession.token_hash == opaque.digest(token))
        forms = read_session().scalars(csrf).one()
    client = served.app.test_client()
    client.set_cookie("console", token)
    return Visitor(client, forms, user_id)


def write(owner: Visitor) -> None:
    """Pages and pictures of one shop; all pages but the last are published."""
    for number, (title, slug, content) in enumerate(PAGES, 1):
        fields = {"title": title, "slug": slug, "language": "en", "content": content}
        send(owner, "/vendor/blue-bottle/cms/new", fields)
        if number < len(PAGES):
            send(owner, f"/vendor/blue-bottle/cms/pages/{number}/publish", {"want": "on"})
    for name, colour in (("shelf.png", "#8a5a2b"), ("window.png", "#2b6f8a")):
        file = io.BytesIO()
        Image.new("RGB", (320, 200), colour).save(file, "PNG")
        file.seek(0)
        send(owner, "/vendor/blue-bottle/cms/media", {"file": (file, name)})


def sell(owner: Visitor) -> None:
    """A payment method and orders of one shop."""
    card = {"label": "Shop card", "gateway": "card", "last_four": "4242"}
    send(owner, "/vendor/blue-bottle/payments/", card)
    for number, (customer, total, states) in enumerate(ORDERS, 1):
        wish = {"customer": customer, "total": total, "payment_method": 1}
        send(owner, "/vendor/blue-bottle/orders/new", wish)
        for state in states:
            send(owner, f"/vendor/blue-bottle/orders/{number}/move", {"state": state})


def vendor_id(served: Served, slug: str) -> int:
    """The vendor with that slug."""
    with served.app.app_context():
        return vendors.by_slug(read_session(), slug).id


def send(person: Visitor, path: str, fields: Mapping[str, object]) -> None:
    """Post a form that must be taken."""
    answer = person.post(path, fields)
    assert answer.status_code in (200, 303), answer.text
