"""By when people are to have their money, whether it was kept, and what is said where it was not."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.benefits.envelopes import (
    LAND,
    answered,
    approved,
    funded,
    holder,
    judged,
    paying,
    row,
    sealed,
    sent,
)
from tests.cards.in_hand import NOON, at
from yikatong.basics.periods import Period
from yikatong.basics.workdays import WorkCalendar
from yikatong.benefits.deadlines import Deadline
from yikatong.benefits.facts import BATCH_COVERED, BATCH_REPLIED, DEADLINE_MISSED
from yikatong.benefits.late import late_batches, unbrought
from yikatong.benefits.models import PaymentBatch
from yikatong.benefits.services.deadlines import note_missed
from yikatong.office.readers import look_up

CALENDAR = WorkCalendar(holidays=frozenset({date(2025, 5, 1), date(2025, 5, 2)}), makeup=frozenset())
TODAY = NOON.date()


def facts(kind):
    return [dict(each.payload) for each in look_up(kind=kind.code)]


def rows_of(kind):
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text FROM office_fact WHERE kind = %s ORDER BY row_id", [kind.code])
        return [json.loads(payload) for (payload,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("deadline", "period", "due"),
    [
        (Deadline(months=0, day=20), "2025-03", date(2025, 3, 20)),
        (Deadline(months=0, day=31), "2025-02", date(2025, 2, 28)),
        (Deadline(months=1, day=3), "2025-04", date(2025, 4, 30)),  # 3 and 4 May a weekend, 1 and 2 May off
        (Deadline(months=1, day=10), "2025-12", date(2026, 1, 9)),
        (Deadline(months=5, day=30), "2025", date(2025, 6, 30)),
        (Deadline(within=20), "2025-03", None),
    ],
)
def test_the_day_is_the_rules_or_the_last_working_day_before(deadline, period, due):
    assert deadline.fixed(Period.parse(period), CALENDAR) == due


def test_who_is_mended_in_a_later_batch_of_the_same_period_has_days_of_their_own():
    deadline = Deadline(months=0, day=20)
    came = date(2025, 3, 24)
    asked = {"supplement_days": 10, "calendar": CALENDAR}
    assert deadline.of_batch(Period.parse("2025-03"), came, supplement=False, **asked) == date(2025, 3, 20)
    assert deadline.of_batch(Period.parse("2025-03"), came, supplement=True, **asked) == date(2025, 4, 7)
    assert Deadline(within=2).of_batch(Period.parse("2025-03"), came, supplement=False, **asked) == date(
        2025, 3, 26
    )


@pytest.mark.usefixtures("city")
def test_a_batch_bears_its_day_from_the_envelope_on():
    first, later = holder(), holder("李四光")
    judged([row(first)])
    judged([row(later)])
    assert list(PaymentBatch.objects.order_by("id").values_list("due_on", flat=True)) == [
        date(2025, 3, 20),
        date(2025, 3, 24),
    ]


@pytest.mark.usefixtures("city")
def test_the_day_is_kept_when_the_banks_have_answered_for_everybody():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00"])
    assert facts(BATCH_REPLIED) == []
    answered(file, {2: "05"})
    (fact,) = facts(BATCH_REPLIED)
    assert (fact["batch"], fact["due_on"], fact["kept"], fact["insurance"]) == (
        batch.number,
        "2025-03-20",
        True,
        True,
    )


@pytest.mark.usefixtures("city")
def test_what_was_due_and_what_came_onto_the_card_is_counted_when_a_batch_is_settled():
    lost = holder("李挂失", state="2", bank="stopped")
    dead = holder("赵已故")
    type(dead).objects.filter(pk=dead.pk).update(state="dead", died_on=date(2024, 12, 1))
    (file,) = sent(funded([row(holder()), row(lost), row(dead)]))
    answered(file, ["00"])
    (told,) = rows_of(BATCH_COVERED)
    assert (told["due"], told["paid"], told["fen"], told["insurance"]) == (2, 1, 20_000, True)


@pytest.mark.usefixtures("city")
def test_what_is_late_says_why_and_whose_turn_it_is():
    people = [holder(name) for name in ("一丁", "二丁", "三丁", "四丁", "五丁")]
    judged([row(people[0])], period="2025-01")
    approved(judged([row(people[1])], period="2025-02"))
    sealed(funded([row(people[2])], period="2024-12"))
    sent(funded([row(people[3])], period="2024-11"))
    judged([row(people[4])])  # due on the 20th
    late = late_batches(TODAY)
    assert [(each.period, each.duty.name, each.why[0]) for each in late] == [
        ("2024-11", "BENEFIT_PAY", "等待银行回盘"),
        ("2024-12", "BENEFIT_PAY", "有代发文件待封存或待发送"),
        ("2025-01", "BENEFIT_APPROVE", "等待业务审批或公示"),
        ("2025-02", "BENEFIT_FUND", "等待财政审批和资金"),
    ]
    assert late[0].days == (TODAY - date(2024, 11, 20)).days
    assert [each.period for each in late_batches(TODAY, ahead=14)][-1] == "2025-03"


@pytest.mark.usefixtures("city")
def test_a_period_for_which_nobody_came_is_late_once_its_day_is_over():
    person = holder()
    judged([row(person)], period="2024-11")
    judged([row(person)], period="2025-01")
    assert [str(each.period) for each in unbrought(TODAY)] == ["2024-12", "2025-02"]
    assert str(unbrought(TODAY + timedelta(days=11))[-1].period) == "2025-03"
    land = (person.name, person.number, "2.00", "150.00")
    judged([land], **LAND)
    assert {each.programme.code for each in unbrought(TODAY)} == {"pension"}


@pytest.mark.usefixtures("city")
def test_what_was_missed_is_noted_once():
    judged([row(holder())], period="2025-01")
    for expected in (2, 0):  # the batch, and February
        with at(NOON) as act:
            assert note_missed(act) == expected
    assert {(each["period"], each["due_on"]) for each in facts(DEADLINE_MISSED)} == {
        ("2025-01", "2025-01-20"),
        ("2025-02", "2025-02-20"),
    }


@pytest.mark.usefixtures("city")
def test_the_journal_refuses_note_missed_so_nothing_happened(journal_refuses):
    judged([row(holder())], period="2025-01")
    with journal_refuses(), at(NOON) as act:
        note_missed(act)
    assert list(PaymentBatch.objects.values_list("missed_at", flat=True)) == [None]
