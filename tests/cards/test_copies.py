"""凭条: what each says, and who may print it how often."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
import typst
from django.db import DatabaseError, connection, transaction

from tests.cards import in_hand
from tests.cards.in_hand import CLERK, ON_PAPER, QINDU, QINDU_COUNTER, a_card, a_person, an_order, at, got
from yikatong.basics.refused import Refused
from yikatong.cards import receipts
from yikatong.cards.agents import Agent, Role
from yikatong.cards.copies import KINDS, LABELS, RECEIPTS
from yikatong.cards.facts import KINDS as FACTS
from yikatong.cards.models import Card, Order, ReceiptCopy
from yikatong.cards.posting import Destination
from yikatong.cards.receipts import copies_waiting, paper_of, papers_of
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card, cancel_order
from yikatong.cards.services.apply_many import apply_for_many
from yikatong.cards.services.cancel import cancel_card
from yikatong.cards.services.copies import print_receipt, release_copy
from yikatong.cards.services.hand_over import enable, hand_over
from yikatong.cards.services.loss import (
    release_expired,
    release_temporary_loss,
    report_formal_loss,
    report_temporary_loss,
)
from yikatong.cards.services.posting import wish_post
from yikatong.cards.services.reissue import reissue
from yikatong.cards.standing import EndReason, Side
from yikatong.office.act import Actor
from yikatong.office.models import Entry
from yikatong.office.scope import Scope

WISHES = {"mode": Mode.BATCH, "outlet_code": QINDU_COUNTER, "bank_code": "102", "channel": "window"}
MANAGER = Actor("staff:9", "李主任", QINDU, QINDU_COUNTER)


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


@pytest.fixture
def pages(monkeypatch):
    """What was put on each printed page."""
    seen: list[dict] = []
    compile_it = typst.compile

    def noted(template, *, sys_inputs, **more):
        seen.append(json.loads(sys_inputs["receipt"]))
        return compile_it(template, sys_inputs=sys_inputs, **more)

    monkeypatch.setattr(receipts.typst, "compile", noted)
    return seen


def an_application():
    with at() as act:
        order = got(apply_for_card(act, resident_id=a_person().pk, kind=OrderKind.NEW, **WISHES))
    return papers_of(f"order:{order.id}")[0]


def of_card(card: Card):
    return papers_of(f"card:{card.pk}")[0]


def printed(paper, reason: str = "", actor: Actor = CLERK, **more):
    with at(actor=actor) as act:
        return print_receipt(act, subject=paper.subject, matter=paper.matter, reason=reason, **more)


def release(copy_id: int, actor: Actor = MANAGER, **more):
    with at(actor=actor) as act:
        return release_copy(act, copy_id=copy_id, **more)


def refused(result: object, code: str) -> None:
    assert isinstance(result, Refused) and result.code == code, result
    assert result.zh and result.en


# --- the table --------------------------------------------------------------------------------------------------


def test_every_receipt_is_of_a_kind_we_record_and_every_line_has_its_label():
    assert set(KINDS) <= {kind.code for kind in FACTS}
    assert {line for receipt in RECEIPTS.values() for line in receipt.lines} == set(LABELS)


# --- what they say ----------------------------------------------------------------------------------------------


def test_an_application_s_receipt_says_the_number_and_the_promised_day_and_no_full_number(pages):
    paper = an_application()
    copy = got(printed(paper))
    assert copy.number == 1 and copy.pdf.startswith(b"%PDF")
    said = dict(pages[0]["rows"])
    assert said["受理编号"].startswith("S") and "前可领卡" in said["承诺日期"]
    assert "*" in said["社会保障号码"] and "*" in said["申请人"]
    assert pages[0]["copy"] == "第 1 次打印" and pages[0]["again"] == ""


def test_who_applied_in_a_list_has_the_same_receipt(pages):
    person = a_person()
    with at() as act:
        many = apply_for_many(act, resident_ids=[person.pk], **WISHES)
    assert got(many).taken == 1
    order = Order.objects.get()
    got(printed(papers_of(f"order:{order.pk}")[0]))
    assert dict(pages[0]["rows"])["受理编号"] == order.number


def test_a_withdrawn_application_has_two_receipts_the_newer_first():
    paper = an_application()
    order = Order.objects.get()
    with at() as act:
        got(cancel_order(act, order.number, "写错网点"))
    both = papers_of(paper.subject)
    assert {each.receipt.title for each in both} == {"社会保障卡业务受理凭条", "社会保障卡申请撤销凭条"}


def test_a_hand_over_names_the_receiver(pages):
    card = a_card(an_order(a_person()).resident, "0", "inactive", order=Order.objects.get(), collected=False)
    with at() as act:
        got(
            hand_over(
                act,
                order_number=Order.objects.get().number,
                shown_name="张三丰",
                proof=ON_PAPER,
            )
        )
    got(printed(of_card(card)))
    said = dict(pages[0]["rows"])
    assert said["领卡人"] == "张*丰（本人）" and said["社保卡号"] == card.card_no


@pytest.mark.parametrize("which", Side)
def test_a_temporary_loss_says_which_side_and_until_when(pages, which):
    card = a_card()
    with at() as act:
        got(report_temporary_loss(act, card_no=card.card_no, channel="window", which=which))
    got(printed(of_card(card)))
    said = dict(pages[0]["rows"])
    wanted = {Side.BOTH: "社保功能、金融账户", Side.SOCIAL: "社保功能", Side.BANK: "金融账户"}
    assert pages[0]["title"] == "社会保障卡临时挂失凭条"
    assert said["范围"] == wanted[which] and said["有效期至"].startswith("2025-03-17")


def test_a_formal_loss_by_an_agent_names_the_agent(pages):
    card = a_card()
    by = Agent(
        Role.AGENT,
        name="李四光",
        number=in_hand.identity_number(in_hand.date(1985, 5, 5), 321),
        letter_number="委1号",
        letter_on=in_hand.date(2025, 3, 1),
        reason="住院",
        proof="授权委托书",
    )
    with at() as act:
        got(report_formal_loss(act, card_no=card.card_no, channel="window", which=Side.BANK, by=by))
    got(printed(of_card(card)))
    assert pages[0]["title"] == "社会保障卡正式挂失凭条"
    assert dict(pages[0]["rows"])["代为办理"] == "李*光（代办人，居民身份证，授权委托书）"


def test_a_release_says_how_and_one_that_ran_out_by_itself_has_no_receipt(pages):
    card = a_card(state="4", bank="stopped")
    with at() as act:
        got(release_temporary_loss(act, card_no=card.card_no))
    got(printed(of_card(card)))
    assert dict(pages[0]["rows"])["解除方式"] == "本人解挂"
    other = a_card(a_person("李四光"), state="4", bank="stopped")
    with at(in_hand.NOON + in_hand.timedelta(days=8), Actor.system("clock")) as act:
        assert release_expired(act) == 1
    assert papers_of(f"card:{other.pk}") == ()


def test_enabling_has_its_receipt(pages):
    card = a_card(state="0", bank="inactive")
    with at() as act:
        got(enable(act, card_no=card.card_no))
    got(printed(of_card(card)))
    assert pages[0]["title"] == "社会保障卡启用凭条" and dict(pages[0]["rows"])["持卡人"] == "张*丰"


@pytest.mark.parametrize(("fen", "shown"), [(1200, "12.00 元"), (0, "免邮费")])
def test_a_posting_has_its_receipt_with_the_postage_and_without_the_address(pages, fen: int, shown: str):
    paper = an_application()
    order = Order.objects.get()
    where = {"name": "张三丰", "phone": "13900000009", "address": "陕西省咸阳市秦都区某某路9号"}
    in_hand.set_rule("card.post_fee_fen", fen)
    with at() as act:
        assert wish_post(act, order.number, **where) is None
    posted = next(each for each in papers_of(paper.subject) if "邮寄" in each.receipt.title)
    got(printed(posted))
    assert dict(pages[0]["rows"])["邮费"] == shown and where["address"] not in str(pages[0])


def test_who_asks_for_the_post_while_applying_is_not_sent_to_the_outlet(pages):
    person = a_person()
    where = Destination("张三丰", "13900000009", "陕西省咸阳市秦都区某某路9号")
    in_hand.set_rule("card.post_fee_fen", 1200)
    with at() as act:
        order = got(apply_for_card(act, resident_id=person.pk, kind=OrderKind.NEW, post=where, **WISHES))
    got(printed(papers_of(f"order:{order.id}")[0]))
    said = dict(pages[0]["rows"])
    assert said["邮费"] == "12.00 元" and "领卡网点" not in said and said["承诺日期"].endswith("前制成")
    assert "寄到" in pages[0]["advice"] and "到领卡网点领卡" not in pages[0]["advice"]


def test_a_cancellation_says_why(pages):
    card = a_card()
    with at() as act:
        got(cancel_card(act, card_no=card.card_no, reason=EndReason.WISH))
    got(printed(of_card(card)))
    assert dict(pages[0]["rows"])["原因"] == EndReason.WISH.zh


def test_a_reissue_gives_two_receipts_of_one_act():
    card = a_card()
    with at() as act:
        order = got(reissue(act, card_no=card.card_no, **WISHES))
    assert of_card(card).matter == papers_of(f"order:{order.id}")[0].matter


# --- copies -----------------------------------------------------------------------------------------------------


def test_a_second_copy_says_why_and_is_marked(pages):
    paper = an_application()
    printed(paper)
    refused(printed(paper), "receipt.reason_missing")
    assert got(printed(paper, "卡纸")).number == 2
    assert pages[1]["again"] == "补打：卡纸" and pages[1]["copy"] == "第 2 次打印"
    assert in_hand.kinds()[-2:] == ["card.receipt_printed", "card.receipt_reprinted"]
    assert Entry.objects.get(kind="card.receipt_reprinted").payload["reason"] == "卡纸"


def test_one_copy_too_many_waits_for_somebody_else(pages):
    paper = an_application()
    printed(paper)
    printed(paper, "卡纸")
    asked = got(printed(paper, "又丢了"))
    assert asked.number == 3 and not asked.pdf and len(pages) == 2
    refused(printed(paper, "再试"), "receipt.waits")
    ((copy, number),) = copies_waiting(Scope(QINDU, QINDU_COUNTER))
    assert number.startswith("S") and copies_waiting(Scope(in_hand.WEICHENG)) == ()
    refused(release(copy.id, CLERK), "receipt.own")
    refused(release(copy.id, scope=Scope(in_hand.WEICHENG)), "scope.outside")
    assert release(copy.id) == 3
    refused(release(copy.id), "receipt.not_waiting")
    assert got(printed(paper)).pdf and pages[2]["again"] == "补打：又丢了"
    row = papers_of(paper.subject)[0].copies[-1]
    assert (row.asked_by, row.released_by, row.printed_by) == ("staff:1", "staff:9", "staff:1")
    assert papers_of(paper.subject)[0].again


def test_the_number_of_free_copies_is_a_dated_rule():
    in_hand.set_rule("card.receipt_prints", 1)
    paper = an_application()
    assert got(printed(paper)).pdf and not got(printed(paper, "卡纸")).pdf


def test_the_table_itself_wants_two_people_and_a_reason():
    paper = an_application()
    printed(paper)
    printed(paper, "卡纸")
    printed(paper, "丢了")
    waiting = ReceiptCopy.objects.get(number=3)
    for change in (
        "released_by = 'staff:1', state = 'free'",
        "state = 'free'",
        "reason = ''",
        "state = 'printed'",
    ):
        with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cards_receiptcopy SET {change} WHERE id = %s", [waiting.pk])
        assert "cards_receiptcopy" in str(caught.value) or "receipt_copy" in str(caught.value)


def test_there_is_no_receipt_of_what_nobody_did():
    order = an_order(a_person())
    with at() as act:
        refused(print_receipt(act, subject=f"order:{order.pk}", matter=uuid4()), "receipt.none")
        refused(print_receipt(act, subject="order:0", matter=uuid4()), "order.unknown")
        refused(print_receipt(act, subject="card:0", matter=uuid4()), "card.unknown")
        refused(release_copy(act, copy_id=0), "receipt.no_copy")
    paper = an_application()
    refused(printed(paper, scope=Scope(in_hand.WEICHENG)), "scope.outside")
    assert paper_of(paper.subject, paper.matter) is not None


@pytest.mark.parametrize("what", ["print_receipt", "release_copy"])
def test_the_journal_refuses_so_nothing_happened(journal_refuses, what):
    paper = an_application()
    if what == "release_copy":
        for reason in ("", "卡纸", "丢了"):
            printed(paper, reason)
    before = list(ReceiptCopy.objects.values())
    with journal_refuses():
        if what == "release_copy":
            release(before[-1]["id"])
        else:
            printed(paper)
    assert list(ReceiptCopy.objects.values()) == before
