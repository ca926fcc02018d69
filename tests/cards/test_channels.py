"""The service sheet (domain.md 2.5), service by channel: what is offered can be had there, what is not says why."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cards import in_hand
from tests.cards.in_hand import BANK_CLERK, CLERK, NOON, a_card, a_person, at, set_rule
from tests.cards.test_loss import refused
from yikatong.basics.refused import Refused
from yikatong.cards.agents import Service
from yikatong.cards.channels import SHEET, UPDATE, Channel, channel_of, rule_of, why_not
from yikatong.cards.services.agency import who_comes
from yikatong.cards.services.apply_by_list import bring_list
from yikatong.cards.services.hand_over import enable
from yikatong.cards.services.hand_over_list import hand_over_list
from yikatong.office import rulebook
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.duties import ROLES, Duty
from yikatong.office.scope import EVERYWHERE

pytestmark = pytest.mark.django_db
ACTS = {
    Channel.WINDOW: (CLERK, Door.CONSOLE),
    Channel.BANK: (BANK_CLERK, Door.CONSOLE),
    Channel.ONLINE: (Actor.resident(1, "本人"), Door.PORTAL),
    Channel.HOTLINE: (Actor("staff:8", "秦玉", "610400"), Door.HOTLINE),
}
# The doors through which each service is done: at a window or a bank by whoever has the duty, elsewhere by its page.
DUTIES = {
    "apply": Duty.CARD_APPLY, "collect": Duty.CARD_HAND_OVER, "enable": Duty.CARD_ENABLE,
    "activate": Duty.CARD_ACTIVATE, "temporary_loss": Duty.CARD_LOSS, "release_temporary": Duty.CARD_LOSS,
    "formal_loss": Duty.CARD_LOSS, "release_formal": Duty.CARD_LOSS, "reissue": Duty.CARD_REISSUE,
    "exchange": Duty.CARD_REISSUE, "reset_pin": Duty.CARD_LOCK, "unlock": Duty.CARD_LOCK,
    "cancel": Duty.CARD_CANCEL, "update": Duty.RESIDENT_REGISTER,
}  # fmt: skip
CONSOLE = {
    "apply": "apply", "collect": "hand_over", "enable": "enable", "activate": "activate",
    "temporary_loss": "temporary_loss", "release_temporary": "release_temporary_loss", "formal_loss": "formal_loss",
    "release_formal": "release_formal_loss", "reissue": "reissue", "exchange": "exchange", "reset_pin": "reset_pin",
    "unlock": "unlock_card", "cancel": "cancel_card", "update": "change",
}  # fmt: skip
PORTAL = {
    "apply": "apply", "enable": "enable", "temporary_loss": "loss", "release_temporary": "undo", "reissue": "apply",
    "exchange": "apply", "update": "particulars",
}  # fmt: skip


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def offered(service: str, channel: Channel) -> bool:
    return why_not(service, channel, NOON.date()) is None


def argument(service: str) -> list[object]:
    return [1] if service in ("apply", "update") else ["S000000000" if service == "collect" else "T00000001"]


@pytest.mark.parametrize("service", SHEET)
def test_what_the_sheet_offers_has_its_door_and_what_it_does_not_has_none(service: str):
    there = {channel: offered(service, channel) for channel in Channel}
    assert reverse(f"console:{CONSOLE[service]}", args=argument(service))
    assert there[Channel.WINDOW] is (DUTIES[service] in ROLES["outlet_clerk"].duties)
    # A bank's outlet is staffed by its operators, and by clerks of ours where it works for the centre.
    at_a_bank = ROLES["outlet_clerk"].duties | ROLES["bank_operator"].duties
    assert there[Channel.BANK] is (DUTIES[service] in at_a_bank)
    assert there[Channel.ONLINE] is (service in PORTAL)
    if there[Channel.ONLINE]:
        # Not signed in, every one of these pages asks who comes; it is there.
        answer = Client().get(reverse(f"portal:{PORTAL[service]}"))
        assert answer.status_code == 302 and "sign-in" in answer["Location"]
    assert there[Channel.HOTLINE] is (service == "temporary_loss")
    # A unit's list brings applications and phones, and its agents collect.
    assert there[Channel.LIST] is (service in ("apply", "collect", "update"))


def test_the_phone_and_the_lists_have_their_doors():
    assert reverse("console:temporary_loss_by_phone", args=["T00000001"]) and reverse("console:unit_lists")
    assert Duty.HOTLINE_LOSS in ROLES["hotline_agent"].duties


@pytest.mark.parametrize("channel", ACTS)
def test_the_gate_of_every_service_keeps_to_the_sheet(channel: Channel):
    actor, door = ACTS[channel]
    holder = a_person()
    with open_act(actor, door=door, at=NOON) as act:
        assert channel_of(act) is channel
        for service in Service:
            came = who_comes(act, service, holder.pk, None)
            not_here = isinstance(came, Refused) and came.code == "channel.not_offered"
            assert not_here is not offered(service.value, channel), service


def test_a_no_says_why_and_where_to_go():
    no = why_not("release_formal", Channel.ONLINE, NOON.date())
    assert no is not None
    assert no.zh == "解除正式挂失不能通过网上办理：须当面核验身份证和社保卡。可通过窗口、银行网点办理。"
    assert no.en == "Releasing a formal loss is not done online, but at a window or at a bank."


def test_every_cell_of_the_sheet_is_filled_in():
    for service in SHEET:
        table = rulebook.ruling(rule_of(service), NOON.date()).value
        assert set(table) == {each.value for each in Channel}
        assert any(text == "" for text in table.values()), service
        assert not any(re.search("[。！]$", text) for text in table.values()), service


def test_a_city_may_close_a_channel_from_one_day_to_the_next():
    card = a_card(state="0", bank="inactive")
    table = rulebook.ruling("card.channels.enable", NOON.date()).value
    set_rule("card.channels.enable", {**table, "window": "系统升级，请在网上启用"})
    with at() as act:
        refused(enable(act, card_no=card.card_no), "channel.not_offered")
    with open_act(Actor.resident(card.resident_id, "本人"), door=Door.PORTAL, at=NOON) as act:
        assert enable(act, card_no=card.card_no)


@pytest.mark.parametrize("service", ["apply", "collect"])
def test_units_bring_and_collect_only_where_the_city_has_it_so(service: str):
    table = rulebook.ruling(rule_of(service), NOON.date()).value
    set_rule(rule_of(service), {**table, "list": "本市不办理集体申领"})
    with at() as act:
        said: object
        if service == "apply":
            where = {"outlet_code": in_hand.QINDU_COUNTER, "bank_code": "102"}
            said = bring_list(
                act, unit_code="1", name="a.csv", content=b"", only_good=True, scope=EVERYWHERE, **where
            )
        else:
            said = hand_over_list(act, "L1", letter="1", agents=(), proof=in_hand.ON_PAPER, scope=EVERYWHERE)
        refused(said, "channel.not_offered")


def test_the_houses_own_work_comes_through_no_channel():
    with open_act(Actor.system("task"), door=Door.TASK, at=NOON) as act:
        assert channel_of(act) is None


def test_the_one_row_about_a_person_is_in_the_sheet():
    assert set(SHEET) == {each.value for each in Service} | {UPDATE}
