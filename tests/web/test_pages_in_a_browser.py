"""The residents' and the public pages in a real Chromium: nothing serious for axe, no sideways scrolling, keyboard works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 320, "height": 700}
DESK = {"width": 1280, "height": 900}
SERIOUS = ("serious", "critical")


@pytest.fixture
def look(live_page: Any, axe: str, shots: Any) -> Any:
    """Go to an address and fail where axe finds something serious or the page is wider than the screen."""

    def at(path: str, name: str, **size: Any) -> Any:
        for width in (PHONE, DESK):
            live_page.set_viewport_size(width)
            if path:
                live_page.goto(path)
            check(live_page, axe, f"{name} at {width['width']}")
            shots(live_page, f"{name}-{width['width']}")
        return live_page

    return at


@pytest.fixture
def year(transactional_db: None) -> Iterator[None]:
    from tests.web.public.a_year import a_small_year

    with a_small_year():
        yield


@pytest.fixture
def visitor(transactional_db: None) -> Iterator[Any]:
    from tests.web.portal.visiting import visitor_of_the_portal

    with visitor_of_the_portal() as visitor:
        yield visitor


@pytest.fixture
def shots() -> Any:
    """Keeps pictures of the pages where YK_SHOTS names a folder."""
    import os
    from pathlib import Path

    folder = os.environ.get("YK_SHOTS", "")

    def keep(page: Any, name: str) -> None:
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)

    return keep


def check(page: Any, axe: str, where: str) -> None:
    page.evaluate(axe)  # as the debugger would: the page's own policy allows no foreign script
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    bad = [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]
    assert not bad, f"{where}: {bad}"
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where} scrolls sideways by {wide} px"


def test_the_public_pages(look: Any, year: None):
    look("/", "public-home")
    page = look("/indicators/", "public-board")
    page.wait_for_selector("#main [data-chart] svg")
    look("/indicators/XT1/", "public-measure").wait_for_selector("[data-chart='quarter-chart'] svg")
    look("/definitions/", "public-definitions")
    look("/disclosure/", "public-sheets")
    look("/disclosure/2025/", "public-sheet")


def test_the_portal_from_signing_in_to_a_loss_by_keyboard_alone(look: Any, visitor: Any):
    from tests.web.people import NAME, NUMBER
    from tests.web.portal.visiting import code_in

    visitor.hold_card()
    page = look("/portal/sign-in/", "portal-sign-in")
    page.focus("#id_number")
    page.keyboard.type(NUMBER)
    page.keyboard.press("Tab")
    page.keyboard.type(NAME)
    page.keyboard.press("Enter")
    page.wait_for_selector("#demo-sms")
    look("", "portal-code")
    code = code_in(page.content())
    page.focus("#id_code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_selector(".portal-states")
    look("/portal/", "portal-home")
    look("/portal/apply/", "portal-exchange")
    look("/portal/loss/", "portal-loss")
    page.focus("main form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已临时挂失")
    look("/portal/", "portal-home-lost")
    look("/portal/loss/undo/", "portal-undo")
    look("/portal/looks/", "portal-looks")


def test_the_portal_in_large_type_with_an_order(look: Any, visitor: Any, live_page: Any, live_server: Any):
    visitor.sign_in()
    cookie = visitor.client.cookies["sessionid"].value
    live_page.context.add_cookies(
        [
            {"name": "sessionid", "value": cookie, "url": live_server.url},
            {"name": "yk_large_type", "value": "1", "url": live_server.url},
        ]
    )
    look("/portal/apply/", "portal-apply-large")
    live_page.select_option("#id_outlet_code", "61040201")
    live_page.check("input[value='102']")
    live_page.click("text=下一步，核对")
    look("", "portal-check-large")
    live_page.click("text=提交申请")
    live_page.wait_for_selector(".yk-done")
    look("", "portal-applied-large")
    look("/portal/", "portal-order-large")


def test_a_mistake_is_said_where_axe_and_people_find_it(look: Any, visitor: Any, live_page: Any):
    live_page.goto("/portal/sign-in/")
    live_page.fill("#id_number", "123")
    live_page.click("main form button")
    live_page.wait_for_selector(".yk-error-summary")
    look("", "portal-mistake")
    live_page.click(".yk-error-summary a")
    assert live_page.evaluate("document.activeElement.id") in ("id_number", "id_name")
