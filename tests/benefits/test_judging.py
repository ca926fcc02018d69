"""What every row is asked before money moves, and what it answers; a row that fails holds itself alone."""

from __future__ import annotations

from datetime import date

import pytest

from tests.benefits.envelopes import (
    DEPARTMENT,
    FINANCE,
    LAND,
    MAKER,
    MARCH,
    SCOPE,
    again,
    answered,
    approved,
    digest,
    funded,
    granted,
    holder,
    judged,
    ledger,
    reasons,
    row,
    sent,
    states,
    submitted,
)
from tests.cards.in_hand import NOON, a_person, at, got, set_rule
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.models import Payment, PaymentBatch
from yikatong.benefits.services.approving import (
    approve_batch,
    fund_batch,
    grant_funds,
    publish_batch,
    stop_row,
)
from yikatong.benefits.services.judging import judge_again, judge_batch
from yikatong.benefits.services.submitting import withdraw_batch
from yikatong.benefits.tasks import judge_waiting
from yikatong.benefits.weighing import weighed
from yikatong.cards.models import Card
from yikatong.cards.rules import BANK, CARD
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.code


def checks(batch) -> list[list[str]]:
    return list(Payment.objects.filter(batch_id=batch.id).order_by("line").values_list("checks", flat=True))


def test_each_row_says_its_own_reason_and_the_first_one_counts():
    dead, jailed = holder("赵亡"), holder("钱监")
    Resident.objects.filter(pk=dead.pk).update(state="dead", died_on=date(2025, 1, 5))
    Resident.objects.filter(pk=jailed.pk).update(state="in_prison")
    fresh = a_person("孙无卡", phone="13000000001")
    closed = holder("李销户", bank="closed")
    twice = holder("周两行")
    rows = [
        row(holder()),
        row(holder("王名"), name="王明"),
        row(dead),
        row(jailed),
        row(fresh),
        row(closed),
        row(twice),
        row(twice),
        row(holder("吴多发"), "99999.00"),
        row(holder("郑少发"), "1.00"),
        ("冯错号", "610499199003070012", "200.00"),
        ("陈错", "x", "200.00"),
    ]
    batch = judged(rows)
    assert reasons(batch) == [
        "", "C04", "C05", "C06", "C13", "C14", "C08", "C08", "C16", "C16", "C02", "C02"
    ]  # fmt: skip
    assert states(batch) == ["valid"] + ["held"] * 11


def test_every_finding_has_its_sentence_the_data_it_was_found_by_and_a_next_step():
    dead = holder("赵亡")
    Resident.objects.filter(pk=dead.pk).update(state="dead", died_on=date(2025, 1, 5))
    batch = judged([row(dead), row(holder("王名"), name="王明")])
    first, second = queries.payments(batch, 10)
    assert first.findings[0].zh == "已登记死亡：2025-01-05" and first.findings[0].next_zh
    assert second.findings[0].zh == "姓名与基础库不同，库中为王*", "the name on record is shown masked"


def test_who_died_within_the_period_is_held_for_people_to_decide():
    dead = holder("赵亡")
    Resident.objects.filter(pk=dead.pk).update(state="dead", died_on=date(2025, 3, 5))
    batch = judged([row(dead)])
    assert reasons(batch) == ["C0A"]


def test_a_programme_decides_whether_a_prisoner_is_paid():
    jailed = holder("钱监")
    Resident.objects.filter(pk=jailed.pk).update(state="in_prison")
    set_rule("benefit.pension.holds", [])
    assert reasons(judged([row(jailed)])) == [""]


def test_shared_phones_and_jumps_warn_and_are_paid():
    people = [holder() for _ in range(5)]
    Resident.objects.filter(pk__in=[each.pk for each in people]).update(
        phone_key=Resident.objects.get(pk=people[0].pk).phone_key
    )
    batch = judged([row(each) for each in people])
    assert checks(batch) == [["C19"]] * 5 and states(batch) == ["valid"] * 5
    Payment.objects.update(reason="")
    last = funded(batch)
    sent(last)
    answered(queries.files(last)[0], ["00"] * 5)
    april = judged([row(people[0], "300.00")], period="2025-04")
    assert checks(april) == [["C20"]]


def test_nobody_is_paid_twice_for_a_period_whatever_the_batch():
    person = holder()
    first = judged([row(person)])
    second = judged([row(person), row(holder("李四光"))])
    assert reasons(second) == ["C09", ""], first.number
    said = queries.payments(second, 1)[0].findings[0]
    assert first.number in said.zh
    with at(NOON, MAKER) as act:
        got(withdraw_batch(act, first.number, scope=SCOPE))
        got(judge_again(act, second.number, scope=SCOPE))
    assert reasons(second) == ["", ""], "a batch that was given up stands in nobody's way"


def test_a_person_known_by_a_second_record_is_the_same_person():
    one, other = holder("张三丰"), a_person("张三丰", phone="13000000002")
    Resident.objects.filter(pk=other.pk).update(merged_into=one)
    batch = judged([row(one), row(other)])
    assert reasons(batch) == ["C08", "C08"]


def test_who_was_paid_under_a_record_that_was_merged_since_is_not_paid_again():
    one, other = holder("张三丰"), holder("张三丰")
    funded([row(other)])
    Resident.objects.filter(pk=other.pk).update(merged_into=one)
    assert reasons(judged([row(one)])) == ["C09"]


def test_what_is_not_declared_is_not_accepted_and_nothing_is_kept():
    batch = got(submitted([row(holder()), row(holder("李四光"))], yuan="400.01"))
    with at() as act:
        rejected = got(judge_batch(act, batch.number))
    assert rejected.state.code == "rejected"
    assert "申报2人、400.01元" in rejected.note_zh and "清册为2人、400.00元" in rejected.note_zh
    assert not Payment.objects.exists()


def test_an_amount_that_cannot_be_read_is_named_where_the_sums_differ():
    batch = got(submitted([row(holder()), row(holder("李四光"), "两百")], yuan="400"))
    with at() as act:
        rejected = got(judge_batch(act, batch.number))
    assert "第3行" in rejected.note_zh and "金额" in rejected.note_zh


def test_the_same_roster_comes_once():
    rows = [row(holder())]
    got(submitted(rows))
    assert code(submitted(rows)) == "benefit.known"


@pytest.mark.parametrize(
    ("programme", "period", "refusal"),
    [
        ("nothing", MARCH, "benefit.programme"),
        ("pension", "2025", "benefit.period"),
        ("farmland", MARCH, "benefit.period"),
        ("pension", "三月", "benefit.period"),
    ],
)
def test_an_envelope_names_a_programme_and_one_of_its_periods(programme, period, refusal):
    assert code(submitted([row(holder())], programme=programme, period=period)) == refusal


def test_a_roster_with_other_columns_is_refused_whole():
    batch = got(submitted([row(holder())], head="姓名,金额（元）,电话号"))
    with at() as act:
        assert "列名不对" in got(judge_batch(act, batch.number)).note_zh


def test_land_is_paid_by_its_area_to_the_head_of_the_household():
    head = holder("户主")
    rows = [(head.name, head.number, "3.33", "249.75"), (*row(holder("李四光"))[:2], "2.00", "150.01")]
    batch = judged(rows, **LAND)
    assert reasons(batch) == ["", "C16"]
    assert queries.payments(batch, 10)[1].findings[0].zh == "金额与标准不符，应为150.00元"


def test_skills_are_paid_by_the_grade_of_the_certificate():
    head = "姓名,证件号码,证书等级,金额（元）"
    rows = [
        (*row(holder())[:2], "四级", "1500"),
        (*row(holder())[:2], "高级工", "2000"),
        (*row(holder())[:2], "二级", "2000"),
    ]
    assert reasons(judged(rows, programme="skills", head=head)) == ["", "", "C01"]


# --- three people -------------------------------------------------------------------------------------------------


def test_maker_department_and_finance_are_three_people():
    batch = judged([row(holder())])
    with at(NOON, MAKER) as act:
        assert (
            code(approve_batch(act, batch.number, digest=digest(batch), scope=SCOPE)) == "benefit.same_person"
        )
    batch = approved(batch)
    granted()
    for one in (MAKER, DEPARTMENT):
        with at(NOON, one) as act:
            assert (
                code(fund_batch(act, batch.number, digest=digest(batch), scope=SCOPE))
                == "benefit.same_person"
            )
    with at(NOON, FINANCE) as act:
        got(fund_batch(act, batch.number, digest=digest(batch), scope=SCOPE))


def test_only_what_the_page_showed_is_approved():
    batch = judged([row(holder())])
    with at(NOON, DEPARTMENT) as act:
        assert code(approve_batch(act, batch.number, digest="00" * 32, scope=SCOPE)) == "benefit.changed"


def test_a_voucher_of_the_treasury_is_entered_once():
    with at(NOON, FINANCE) as act:
        assert got(grant_funds(act, programme="pension", fen=100, paper="财拨〔2025〕1号")) == 100
        again_ = grant_funds(act, programme="pension", fen=100, paper="财拨〔2025〕1号")
        assert code(again_) == "benefit.paper_known"
        assert got(grant_funds(act, programme="skills", fen=100, paper="财拨〔2025〕1号")) == 100
    assert ledger() == {"budget": -200, "available": 200}


def test_more_than_there_is_cannot_be_approved():
    batch = approved(judged([row(holder())]))
    granted(fen=19_999)
    with at(NOON, FINANCE) as act:
        assert code(fund_batch(act, batch.number, digest=digest(batch), scope=SCOPE)) == "benefit.funds"
    assert ledger() == {"budget": -19_999, "available": 19_999}


def test_land_is_in_public_view_for_its_days_before_anybody_approves():
    batch = judged([(*row(holder())[:2], "2.00", "150.00")], **LAND)
    with at(NOON, DEPARTMENT) as act:
        assert code(approve_batch(act, batch.number, digest=digest(batch), scope=SCOPE)) == "benefit.in_view"
    with at(NOON, MAKER) as act:
        public = got(publish_batch(act, batch.number, scope=SCOPE))
    assert public.public_until == date(2025, 3, 19), "seven working days"
    last_day = NOON.replace(day=19)
    with at(last_day, DEPARTMENT) as act:
        assert code(approve_batch(act, batch.number, digest=digest(batch), scope=SCOPE)) == "benefit.in_view"
    assert approved(batch, NOON.replace(day=20)).state.code == "department"


def test_an_objection_stops_one_row_for_good_and_says_so():
    rows = [(*row(holder(name))[:2], "2.00", "150.00") for name in ("张三丰", "李四光")]
    batch = judged(rows, **LAND)
    with at(NOON, MAKER) as act:
        got(publish_batch(act, batch.number, scope=SCOPE))
    with at(NOON, MAKER) as act:
        got(stop_row(act, batch.number, line=3, reason="土地已流转", scope=SCOPE))
    with at(NOON, MAKER) as act:
        got(judge_again(act, batch.number, scope=SCOPE))
    assert reasons(batch) == ["", "S01"], "no judging takes an objection away"
    assert again(batch).state.code == "public", "whom it concerns has not changed"


def test_where_judging_again_changes_who_is_paid_public_view_begins_anew():
    person = holder("李四光", state="4", bank="stopped")
    rows = [(*row(each)[:2], "2.00", "150.00") for each in (holder(), person)]
    batch = judged(rows, **LAND)
    with at(NOON, MAKER) as act:
        got(publish_batch(act, batch.number, scope=SCOPE))
    card = Card.objects.get(resident=person)
    advance(card, CARD, "release_temporary_loss")
    advance(card, BANK, "release_bank_loss", field="bank_state")
    with at(NOON, MAKER) as act:
        got(judge_again(act, batch.number, scope=SCOPE))
    assert states(batch) == ["valid", "valid"]
    assert (again(batch).state.code, again(batch).public_until) == ("judged", None)


def test_a_batch_is_seen_from_its_own_place_alone():
    batch = judged([row(holder())])
    assert queries.batch(batch.number, Scope("140900")) is None
    assert PaymentBatch.objects.count() == 1


def test_a_roster_that_the_database_does_not_take_holds_up_no_other(monkeypatch):
    poisoned, fine = got(submitted([row(holder("毒"))])), got(submitted([row(holder("李四光"))]))

    def with_a_null(*arguments):
        return (text.replace("毒", "\0") for text in weighed(*arguments))

    monkeypatch.setattr("yikatong.benefits.laying.weighed", with_a_null)
    assert judge_waiting() == 1
    assert [again(each).state.code for each in (poisoned, fine)] == ["uploaded", "judged"]
