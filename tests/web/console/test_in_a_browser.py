"""The console in a real Chromium: axe finds nothing serious, nothing scrolls sideways, the keyboard alone is enough."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests.cards.conftest import open_the_centre
from tests.cards.factories import CENTRE_OUTLET, apply, at_outlet, in_making, resident
from tests.disclosure.desk import EDITOR, do, published
from tests.web.console.desks import appointed
from tests.web.test_pages_in_a_browser import check
from yikatong.cards.models import Card, Order, Photo
from yikatong.disclosure.services import open_correction
from yikatong.simulation.portraits import portrait

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-passphrase-9"
DESK = {"width": 1280, "height": 900}
ZOOMED = {"width": 640, "height": 450}  # 1280 at 200 %


@pytest.fixture
def sit_down(transactional_db: None, live_page: Any, live_server: Any) -> Callable[..., Any]:
    """`sit_down("card_desk")`: the page of somebody with that role, logged in."""
    open_the_centre()

    def as_role(role: str, **where: str) -> Any:
        client = Client()
        client.force_login(appointed(role, **where))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        live_page.context.add_cookies([cookie])
        return live_page

    return as_role


@pytest.fixture
def clerk(sit_down: Callable[..., Any]) -> Any:
    return sit_down("outlet_clerk", region="610402", outlet=CENTRE_OUTLET)


def look(page: Any, axe: str, path: str | None = None) -> None:
    """Go there (or stay, where there is no `path`) and check it at full width and at 200 % zoom."""
    if path is not None:
        page.goto(f"/console/{path}")
    for size in (DESK, ZOOMED):
        page.set_viewport_size(size)
        check(page, axe, f"{page.url} at {size['width']}")
    page.set_viewport_size(DESK)


def test_logging_in_by_keyboard_alone(sit_down: Callable[..., Any], live_page: Any, axe: str):
    staff = appointed("outlet_clerk", region="610402", outlet=CENTRE_OUTLET, password=PASSWORD)
    live_page.goto("/accounts/login/")
    check(live_page, axe, "log-in")
    live_page.keyboard.press("Tab")
    assert live_page.evaluate("document.activeElement.className") == "yk-skip"
    live_page.focus("#id_login")
    live_page.keyboard.type(staff.username)
    live_page.keyboard.press("Tab")
    live_page.keyboard.type(PASSWORD)
    live_page.keyboard.press("Enter")
    live_page.wait_for_url("**/console/")
    look(live_page, axe)


def test_an_application_from_search_to_receipt_by_keyboard_alone(clerk: Any, axe: str):
    person = resident()
    clerk.goto("/console/")
    assert clerk.evaluate("document.activeElement.id") == "id_text"
    clerk.keyboard.type(person.number)
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("ArrowDown")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("td form button")
    look(clerk, axe)
    clerk.focus("td form button")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/residents/*/")
    look(clerk, axe)
    clerk.focus("text=申领社保卡")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("button[value=check]")
    look(clerk, axe)
    clerk.focus("#id_bank_code")
    clerk.keyboard.press("ArrowDown")
    clerk.focus("button[value=check]")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("button[value=confirm]")
    look(clerk, axe)
    clerk.focus("button[value=confirm]")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector(".yk-done")
    look(clerk, axe)
    assert Order.objects.get().resident_id == person.pk


def test_a_refusal_takes_the_focus_and_leads_to_its_question(clerk: Any, axe: str):
    clerk.goto("/console/residents/register/")
    clerk.fill("#id_number", "610499199103077330")
    clerk.fill("#id_name", "单晓雨")
    clerk.click("button[value=check]")
    clerk.wait_for_selector(".yk-error-summary")
    look(clerk, axe)
    clerk.click(".yk-error-summary a")
    assert clerk.evaluate("document.activeElement.id") == "id_number"


def test_handing_over_and_what_follows(clerk: Any, axe: str):
    order = at_outlet()[0]
    look(clerk, axe, f"orders/{order.number}/")
    look(clerk, axe, f"orders/{order.number}/hand-over/")
    clerk.fill("#id_shown_name", order.resident.name)
    sign(clerk)
    photo = {"name": "receiver.jpg", "mimeType": "image/jpeg", "buffer": portrait()}
    clerk.set_input_files("[data-camera] [data-file]", photo)
    clerk.wait_for_selector("[data-camera] [data-preview]:not([hidden])")
    look(clerk, axe)
    clerk.click("button[value=check]")
    assert clerk.locator("img.yk-shown").count() == 2
    look(clerk, axe)
    clerk.click("button[value=confirm]")
    clerk.click("text=接着启用社保功能")
    look(clerk, axe)
    clerk.click("button[value=check]")
    clerk.click("button[value=confirm]")
    card = Card.objects.get()
    assert card.state == "1"
    for path in ("", "loss/", "formal-loss/", "reissue/", "exchange/"):
        look(clerk, axe, f"cards/{card.card_no}/{path}")


def sign(page: Any) -> None:
    """A few strokes on the pad."""
    page.locator("[data-pad]").scroll_into_view_if_needed()
    place = page.locator("[data-pad]").bounding_box()
    page.mouse.move(place["x"] + 40, place["y"] + 80)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(place["x"] + 40 + step * 30, place["y"] + (40 if step % 2 else 120))
    page.mouse.up()
    assert page.input_value("[name=signature]").startswith("data:image/png")


def test_a_portrait_is_cut_on_the_page_by_keyboard(clerk: Any, axe: str):
    person = resident(photo=False)
    look(clerk, axe, f"residents/{person.pk}/photo/")
    large = io.BytesIO()
    Image.open(io.BytesIO(portrait())).resize((716, 882)).save(large, "JPEG", quality=95)
    clerk.set_input_files(
        "[data-portrait] [data-file]",
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": large.getvalue()},
    )
    clerk.wait_for_selector("[data-frame]")
    look(clerk, axe)
    assert clerk.input_value("[data-crop]") == "0,0,716,882"
    clerk.focus("[data-frame]")
    for key in ("+", "+", "ArrowRight", "ArrowDown", "-", "ArrowUp"):
        clerk.keyboard.press(key)
    left, top, width, height = map(int, clerk.input_value("[data-crop]").split(","))
    assert left > 0 and top >= 0 and 358 <= width < 716 and abs(height - width * 441 / 358) < 2
    clerk.click("text=保存照片")
    clerk.wait_for_selector(".yk-shown")
    look(clerk, axe)
    assert Photo.objects.get().crop == f"{left},{top},{width},{height}"


def test_the_pages_of_the_file_desk(sit_down: Callable[..., Any], axe: str):
    batch, _ = in_making()
    apply(resident())
    page = sit_down("card_desk")
    for path in ("", "queues/submitted/", "match/", "files/codes/", "returns/", "batches/",
                 f"batches/{batch.number}/", "batches/assemble/", "lists/", "lists/upload/"):  # fmt: skip
        look(page, axe, path)


def test_the_pages_of_everybody_else(sit_down: Callable[..., Any], axe: str):
    page = sit_down("performance_editor")
    for path in ("indicators/", "indicators/XL1/", "indicators/XQ1/2025/", "journal/"):
        look(page, axe, path)
    page = sit_down("auditor")
    look(page, axe, "journal/")
    page.click("text=查阅 >> nth=-1")
    look(page, axe)
    page = sit_down("security_admin")
    for path in ("staff/", "staff/appoint/", "partners/"):
        look(page, axe, path)
    for path in (
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/2fa/totp/activate/",
    ):
        page.goto(path)
        check(page, axe, path)


def test_the_queues_refresh_themselves(sit_down: Callable[..., Any]):
    page = sit_down("card_desk")
    page.goto("/console/")
    assert page.query_selector("#day table") is None
    apply(resident())
    page.evaluate("htmx.ajax('GET', '/console/queues/', '#day')")
    page.wait_for_selector("#day table >> text=已申请")


def test_the_pages_of_budget_documents(sit_down: Callable[..., Any], axe: str):
    row = published()
    correction = do(open_correction, EDITOR, row.id, reason="口径调整")
    page = sit_down("performance_editor")
    for path in ("budgets/", "budgets/open/", f"budgets/{row.id}/", f"budgets/{correction.id}/"):
        look(page, axe, path)
    for path in ("lines/", "words/", "reply/", "withdraw/", "print/", "print/t1-1-2/"):
        look(page, axe, f"budgets/{correction.id}/{path}")
    for path in ("", "402015/2025/budget/1/", "402015/2025/budget/1/t1-1-2/"):
        page.goto(f"/disclosure/{path}")
        look(page, axe)
