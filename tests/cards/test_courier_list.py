"""寄递回单: a courier's list, judged row by row; what was settled stays settled, and a death meanwhile is respected."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from tests.cards import in_hand
from tests.cards.in_hand import NOON, a_card, a_person, an_order, at, got
from tests.cards.test_loss import refused
from tests.cards.test_posting import WHERE, stands
from yikatong.cards import tasks
from yikatong.cards.files.courier import read_courier_day, read_courier_list
from yikatong.cards.models import Card, Case, FileProblem, HandOver, Order, Posting
from yikatong.cards.parcels import under_way
from yikatong.cards.services import posting
from yikatong.cards.services.after_death import follow_deaths
from yikatong.cards.services.courier_list import bring_courier_list, couriers, take_courier_list
from yikatong.cards.services.retained import lay_out_again, suggest_destruction
from yikatong.office import clock, post
from yikatong.office.models import Entry, EntryRow, Message, WireFile
from yikatong.office.scope import EVERYWHERE
from yikatong.residents.lists import limits_on
from yikatong.residents.models import Resident

COMPANY = "邮政速递"
WORDS = {"delivered": ["签收", "妥投"], "came_back": ["退回"], "lost": ["遗失"]}


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def sent(waybill: str, name: str = "张三丰", company: str = COMPANY) -> Order:
    order = an_order(a_person(name), "at_outlet")
    a_card(order=order, state="0", bank="inactive", collected=False)
    with at() as act:
        assert posting.wish_post(act, order.number, **WHERE) is None
        assert posting.hand_to_courier(act, order.number, company=company, waybill=waybill) is None
    Message.objects.all().delete()
    return order


def csv(*rows: str) -> bytes:
    return "\n".join(("运单号,结果,日期,签收人,原因", *rows)).encode()


def bring(content: bytes, name: str = "回单.csv", moment=NOON, company: str = COMPANY):
    with at(moment) as act:
        return bring_courier_list(act, counterpart=f"courier-{company}", name=name, content=content)


def codes() -> list[str]:
    return list(FileProblem.objects.order_by("file_id", "line").values_list("refusal", flat=True))


def dies(order: Order) -> None:
    Resident.objects.filter(pk=order.resident_id).update(state="dead")
    with at() as act:
        follow_deaths(act, [order.resident_id])


# --- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["2025-03-10", "2025/3/10", "20250310", "2025年3月10日", "2025-03-10 14:05:09"]
)
def test_a_day_is_read_as_couriers_write_it(text):
    assert str(read_courier_day(text)) == "2025-03-10"


@pytest.mark.parametrize("text", ["", "2025-02-30", "昨天", "2025-03", "10/03/2025"])
def test_what_is_no_day_is_none(text):
    assert read_courier_day(text) is None


def test_words_and_columns_in_any_order_and_xlsx_like_csv():
    held = BytesIO()
    with Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            (("签收日期", "投递结果", "邮件号", "签收人"), ("2025-03-10", "妥投", "ea1", "李四"))
        ):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    (word,) = got(read_courier_list(held.getvalue(), limits_on(NOON.date()), WORDS)).words
    assert (word.waybill, got(word.end).code, str(word.on), word.said, word.wrong) == (
        "EA1",
        "delivered",
        "2025-03-10",
        "李四",
        "",
    )


def test_a_list_without_its_columns_is_rejected_as_a_whole_and_may_come_mended():
    order = sent("EA100001")
    refused(bring(b"a,b\n1,2"), "file.columns")
    assert WireFile.objects.get().state == "rejected"
    got(bring(csv("EA100001,签收,2025-03-10,张三丰,")))
    assert stands(order) == ("collected", "delivered")


# --- judging ----------------------------------------------------------------------------------------------------


def test_each_row_brings_its_parcel_to_its_end():
    here, back, lost, still = (sent(f"EA10000{n}") for n in range(4))
    report = got(
        bring(
            csv(
                "EA100000,签收,2025-03-10,张三丰,",
                "ea100001,退回,2025-03-10,,无人签收",
                "EA100002,遗失,2025-03-10,,车辆起火",
            )
        )
    )
    assert (report.rows, report.taken, report.failed, report.strangers, report.unfinished) == (3, 1, 2, (), 1)
    assert [stands(each) for each in (here, back, lost, still)] == [
        ("collected", "delivered"),
        ("at_outlet", "came_back"),
        ("cancelled", "lost"),
        ("in_post", "sent"),
    ]
    row = Posting.objects.get(order=here)
    assert (row.signed_by, str(row.signed_on)) == ("张三丰", "2025-03-10")
    assert Card.objects.get(order=here).collected_by == "张三丰（邮寄签收）"
    assert "EA100000" in HandOver.objects.get(card__order=here).unsigned_reason
    assert (Card.objects.get(order=back).state, Card.objects.get(order=lost).state) == ("0", "9")
    texts = sorted(Message.objects.values_list("text", flat=True))
    assert [word in text for word, text in zip(("未能投递", "遗失", "已签收"), texts, strict=True)] == [
        True
    ] * 3
    problems = FileProblem.objects.order_by("line").values_list("stage", "reason", "order")
    assert list(problems) == [("未妥投退回", "无人签收", back.pk), ("寄失", "车辆起火", lost.pk)]


def test_what_cannot_be_is_listed_and_nothing_of_it_done():
    first, second, third = sent("EA100000"), sent("EA100001"), sent("EA100002")
    sent("SF100003", company="顺丰速运")
    report = got(
        bring(
            csv(
                "EA999999,签收,2025-03-10,甲,",
                "EA100000,签收,2025-03-11,甲,",
                "EA100000,签收,2025-03-09,甲,",
                "EA100001,签收,2025-03-10,甲,",
                "EA100001,退回,2025-03-10,,拒收",
                "EA100002,签收,2025-03-10,,",
                "EA100002,派送中,2025-03-10,,",
                "EA100002,退回,下周,,拒收",
                "EA100002,签收,2025-03-10,=1+1,",
                "EA100002,签收",
                "SF100003,签收,2025-03-10,甲,",
                "13800000001234567,签收,2025-03-10,甲,",
            )
        )
    )
    assert codes() == [
        "row.waybill_unknown",
        "row.parcel_day",
        "row.parcel_day",
        "row.contradicts_itself",
        "row.contradicts_itself",
        "row.parcel_said",
        "row.parcel_result",
        "row.parcel_day",
        "cell.formula",
        "row.width",
        "row.waybill_unknown",
        "row.waybill_unknown",
    ]
    assert {stands(each) for each in (first, second, third)} == {("in_post", "sent")}
    assert report.strangers[-1].named == "1380…"
    left = EntryRow.objects.filter(entry_id__in=Entry.objects.filter(kind="card.row_left").values("pk"))
    assert left.count() == 12 and "1380000" not in str(list(left.values_list("payload", flat=True)))


def test_the_same_list_twice_changes_nothing_and_a_contradiction_is_named():
    order, back = sent("EA100000"), sent("EA100001")
    content = csv(
        "EA100000,签收,2025-03-10,甲,", "EA100000,签收,2025-03-10,甲,", "EA100001,退回,2025-03-10,,拒收"
    )
    got(bring(content))
    assert codes()[0] == "row.repeated"
    before = (stands(order), stands(back), Entry.objects.filter(kind="card.collected").count())
    refused(bring(content), "file.repeated")
    again = got(bring(content + b"\n", name="again.csv", moment=NOON + timedelta(days=1)))
    assert (again.taken, again.failed, len(again.strangers)) == (0, 0, 3)
    got(bring(csv("EA100000,退回,2025-03-10,,拒收"), name="other.csv"))
    assert codes()[-4:] == ["row.same_again", "row.same_again", "row.same_again", "row.contradicts"]
    assert before == (stands(order), stands(back), Entry.objects.filter(kind="card.collected").count())


def test_a_list_that_the_courier_lays_out_is_taken_in_by_itself(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("yikatong.office.jobs.close_old_connections", lambda: None)
    settings.WIRES_FOLDER = tmp_path
    order = sent("EA100000")
    with clock.fixed(NOON):
        assert couriers(NOON.date())[0] == "courier-邮政速递"
        folder = tmp_path / "courier-邮政速递" / "in"
        folder.mkdir(parents=True)
        (folder / "huidan.csv").write_bytes(csv("EA100000,签收,2025-03-10,张三丰,"))
        tasks.take_in_files.func()
    assert stands(order) == ("collected", "delivered")


# --- a holder who dies while the card is on its way ---------------------------------------------------------------


def test_a_delivery_to_somebody_who_died_is_not_recorded_and_nobody_is_told():
    order = sent("EA100000")
    dies(order)
    (row,) = under_way(EVERYWHERE)
    assert row.frozen
    report = got(bring(csv("EA100000,签收,2025-03-10,家属,")))
    assert [each.refused.code for each in report.strangers] == ["row.frozen"]
    assert stands(order) == ("in_post", "sent") and not Message.objects.exists()


def test_what_comes_back_for_somebody_who_died_goes_to_the_centre_and_is_destroyed_in_time():
    order = sent("EA100000")
    dies(order)
    got(bring(csv("EA100000,退回,2025-03-10,,收件人已故")))
    assert stands(order) == ("taken_back", "came_back")
    assert not Message.objects.exists()
    with at() as act:
        assert suggest_destruction(act) == 0
    with at(NOON + timedelta(days=4_000)) as act:
        assert suggest_destruction(act) == 1
    assert Case.objects.get().kind == "destroy"


def test_a_death_that_is_withdrawn_lets_the_card_be_laid_out_again():
    order = sent("EA100000")
    dies(order)
    with at() as act:
        assert posting.bring_back(act, waybill="EA100000", note="收件人已故") is None
    with at() as act:
        refused(lay_out_again(act, order.number), "order.stopped")
    Resident.objects.filter(pk=order.resident_id).update(state="alive")
    with at() as act:
        follow_deaths(act, [order.resident_id])
        got(lay_out_again(act, order.number))
    assert stands(order)[0] == "at_outlet"


def test_where_the_city_keeps_it_at_the_outlet_it_lies_there_frozen():
    in_hand.set_rule("card.post_dead_to_centre", False)
    order = sent("EA100000")
    dies(order)
    got(bring(csv("EA100000,退回,2025-03-10,,收件人已故")))
    assert stands(order) == ("at_outlet", "came_back")


def test_what_is_lost_for_somebody_who_died_ends_without_a_word():
    order = sent("EA100000")
    dies(order)
    got(bring(csv("EA100000,遗失,2025-03-10,,查无下落")))
    assert stands(order) == ("cancelled", "lost") and not Message.objects.exists()


# --- twins ------------------------------------------------------------------------------------------------------


def test_nothing_of_a_list_happens_when_the_journal_refuses(journal_refuses):
    orders = [sent(f"EA10000{n}") for n in range(3)]
    with journal_refuses():
        bring(
            csv(
                "EA100000,签收,2025-03-10,张三丰,",
                "EA100001,退回,2025-03-10,,拒收",
                "EA100002,遗失,2025-03-10,,丢失",
            )
        )
    assert {stands(each) for each in orders} == {("in_post", "sent")}
    with clock.fixed(NOON):
        file = got(
            post.store_received("courier-邮政速递", "a.csv", csv("EA100000,签收,2025-03-10,甲,"), NOON)
        )
    with journal_refuses(), at() as act:
        take_courier_list(act, file)
    assert stands(orders[0]) == ("in_post", "sent")
    assert not WireFile.objects.filter(state="applied").exists() and not Message.objects.exists()
