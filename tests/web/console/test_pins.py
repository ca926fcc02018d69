"""重置社保密码、解锁 at the window."""

from __future__ import annotations

import pytest

from tests.web.console.desks import refusals
from yikatong.cards.models import Card, PinRequest
from yikatong.office.models import Message
from yikatong.office.wires.simulators.gateway import SimulatedGateway

HOLDER = {"role": "holder"}


@pytest.fixture
def centre(transactional_db):
    """咸阳, open and committed: the gateway is asked between two acts."""
    from tests.cards.conftest import open_the_centre
    from tests.cards.factories import MORNING
    from yikatong.office import clock

    open_the_centre()
    with clock.fixed(MORNING):
        yield MORNING


def locked(clerk, card: Card) -> None:
    assert "社保功能锁定" in clerk.confirm(f"cards/{card.card_no}/lock/", where="窗口读卡器")


def test_a_pin_is_reset_at_the_window(clerk, card):
    path = f"cards/{card.card_no}/reset-pin/"
    assert path in clerk.see(f"cards/{card.card_no}/")
    page = clerk.check(path, **HOLDER)
    assert "连续输错 3 次" in page and not PinRequest.objects.exists()
    assert "已重置为初始密码" in clerk.confirm(path, **HOLDER)
    assert PinRequest.objects.get().state == "done"
    assert "首次使用请先修改" in Message.objects.latest("id").text


def test_a_locked_card_is_unlocked_at_the_window(clerk, card):
    path = f"cards/{card.card_no}/unlock/"
    assert path not in clerk.see(f"cards/{card.card_no}/")
    locked(clerk, card)
    assert path in clerk.see(f"cards/{card.card_no}/")
    assert "已解锁" in clerk.confirm(path, **HOLDER)
    assert Card.objects.get().state == "1"
    assert refusals(clerk.confirm(path, **HOLDER))


def test_without_an_answer_the_page_says_so_and_asks_again(clerk, card):
    locked(clerk, card)
    SimulatedGateway().fall_silent()
    page = clerk.confirm(f"cards/{card.card_no}/unlock/", **HOLDER)
    assert "没有答复" in page and "结果不明" in page and "已解锁" not in page
    assert Card.objects.get().state == "3"
    again = f"cards/{card.card_no}/pin-outcome/"
    assert again in page and f"cards/{card.card_no}/unlock/" not in page
    assert "没有答复" in clerk.confirm(again)
    SimulatedGateway().speak()
    assert "已解锁" in clerk.confirm(again)
    assert Card.objects.get().state == "1" and PinRequest.objects.count() == 1
    assert refusals(clerk.confirm(again)) == ["该卡没有等待结果的密码请求，可能已有结果，请回卡片页查看。"]


def test_an_agent_is_not_even_offered(clerk, card):
    page = clerk.see(f"cards/{card.card_no}/reset-pin/")
    assert 'value="holder"' in page and 'value="agent"' not in page
    assert refusals(clerk.confirm(f"cards/{card.card_no}/reset-pin/", role="agent"))
    assert not PinRequest.objects.exists()


@pytest.mark.parametrize("role", ["hotline_agent", "bank_operator", "auditor"])
@pytest.mark.parametrize("what", ["reset-pin", "unlock", "pin-outcome"])
def test_nobody_else_resets_or_unlocks(desk_of, card, role, what):
    desk_of(role).see(f"cards/{card.card_no}/{what}/", status=403)


def test_without_a_gateway_the_page_says_so(clerk, card, settings):
    settings.CARD_GATEWAY = ""
    assert any(
        "尚未接入" in line for line in refusals(clerk.confirm(f"cards/{card.card_no}/reset-pin/", **HOLDER))
    )
