"""Vouchers entered by one person and posted by another; what was posted stays."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from tests.spending.books import CHECKER, MAKER, POWER, WAGES, acting, entered, good, posted, read
from yikatong.basics.refused import Refused
from yikatong.spending.models import Voucher, VoucherList
from yikatong.spending.queries import ListRow, Spent, spent, voucher_list, vouchers, waiting
from yikatong.spending.services import enter_vouchers, post_vouchers, send_vouchers_back, withdraw_vouchers

pytestmark = pytest.mark.django_db
RED = "记-8,20250401,多付冲回,项目,30206,一卡通运行,,{}"


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.code


def picture() -> list[object]:
    return [*VoucherList.objects.order_by("id").values(), *Voucher.objects.order_by("id").values()]


def test_what_one_enters_and_another_posts_was_spent(city):
    row = entered(POWER, WAGES)
    assert (row.lines, row.fen, row.state.code) == (2, 20_100_050, "entered")
    assert spent(2025) == (), "entered money is not spent money"
    assert (waiting(but=MAKER.code), waiting(but=CHECKER.code)) == (0, 1)
    with acting(CHECKER) as act:
        assert isinstance(post_vouchers(act, row.number, digest=row.digest), ListRow)
    assert spent(2025) == (
        Spent("人员", "", "30101", 20_000_000),
        Spent("项目", "一卡通运行", "30206", 100_050),
    )


def test_only_what_was_paid_by_a_day_counts_up_to_it(city):
    posted(POWER, WAGES)
    assert [each.fen for each in spent(2025, good(POWER).lines[0].paid_on)] == [100_050]
    assert spent(2024) == ()


def test_the_journal_holds_each_line_with_its_money_and_no_summary(city):
    posted(POWER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, payload FROM office_fact WHERE kind = 'expense.posted'")
        ((subject, text),) = cursor.fetchall()
    payload = json.loads(text)
    assert subject == f"voucher:{Voucher.objects.get().pk}"
    assert (payload["fen"], payload["economic"], payload["voucher"]) == (100_050, "30206", "记-1/1")
    assert "机房电费" not in str(payload)


def test_who_entered_them_does_not_post_them_by_service_or_by_sql(city):
    row = entered(POWER)
    with acting(MAKER) as act:
        assert code(post_vouchers(act, row.number, digest=row.digest)) == "vouchers.same_person"
        assert code(send_vouchers_back(act, row.number, note="不对")) == "vouchers.same_person"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE spending_voucherlist SET state = 'posted', checker = maker")


def test_a_file_with_a_wrong_cell_is_not_taken_in_at_all(city):
    found = read(POWER, "记-3,x,电费,公用,30206,,,1")
    with acting(MAKER) as act:
        assert code(enter_vouchers(act, file_name="三月.csv", read=found)) == "vouchers.cells"
    assert picture() == []


def test_a_voucher_is_entered_once_and_the_list_that_has_it_is_named(city):
    first = posted(POWER)
    with acting(MAKER) as act:
        refused = enter_vouchers(act, file_name="又一份.csv", read=good(WAGES, POWER))
    assert code(refused) == "vouchers.known" and first.number in refused.zh
    assert Voucher.objects.count() == 1


def test_what_is_sent_back_or_withdrawn_may_be_entered_again(city):
    row = entered(POWER)
    with acting(CHECKER) as act:
        assert code(send_vouchers_back(act, row.number, note=" ")) == "vouchers.note"
        assert isinstance(send_vouchers_back(act, row.number, note="摘要不清"), ListRow)
    again = entered(POWER)
    with acting(CHECKER) as act:
        assert code(withdraw_vouchers(act, again.number)) == "vouchers.not_yours"
    with acting(MAKER) as act:
        assert isinstance(withdraw_vouchers(act, again.number), ListRow)
        assert code(withdraw_vouchers(act, again.number)) == "vouchers.decided"
    assert vouchers(again.number, 10) == ()
    told = voucher_list(row.number)
    assert told is not None and (told.state.code, told.note) == ("sent_back", "摘要不清")
    posted(POWER)


def test_only_what_the_checker_saw_is_posted(city):
    row = entered(POWER)
    with acting(CHECKER) as act:
        assert code(post_vouchers(act, row.number, digest="00" * 32)) == "vouchers.changed"
        assert code(post_vouchers(act, "V0", digest=row.digest)) == "vouchers.unknown"


def test_more_is_not_reversed_than_was_paid(city):
    posted(POWER)
    row = entered(RED.format("-1000.51"))
    with acting(CHECKER) as act:
        assert code(post_vouchers(act, row.number, digest=row.digest)) == "vouchers.below"
    with acting(MAKER) as act:
        withdraw_vouchers(act, row.number)
    posted(RED.format("-1000.50"))
    assert [each.fen for each in spent(2025)] == [0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE spending_voucher SET fen = 1",
        "DELETE FROM spending_voucher",
        "UPDATE spending_voucherlist SET fen = 1",
        "UPDATE spending_voucherlist SET digest = '\\x00'",
        "INSERT INTO spending_voucher (voucher_list_id, row, year, voucher, place, paid_on, summary, category, economic, "
        "project, tag, fen) SELECT id, 9, 2025, 'x', 1, '2025-01-01', 'x', '公用', '30201', '', '', 1 FROM spending_voucherlist",
    ],
)
def test_what_was_posted_is_not_changed_by_sql_either(city, statement):
    posted(POWER)
    with (
        pytest.raises(ProgrammingError, match=r"stays|read-only|Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_journal_refuses_enter_vouchers_so_nothing_happened(city, journal_refuses):
    with journal_refuses(), acting(MAKER) as act:
        enter_vouchers(act, file_name="三月.csv", read=good(POWER))
    assert picture() == []


def test_the_journal_refuses_post_vouchers_so_nothing_happened(city, journal_refuses):
    row = entered(POWER)
    before = picture()
    with journal_refuses(), acting(CHECKER) as act:
        post_vouchers(act, row.number, digest=row.digest)
    assert picture() == before


def test_the_journal_refuses_send_vouchers_back_so_nothing_happened(city, journal_refuses):
    row = entered(POWER)
    before = picture()
    with journal_refuses(), acting(CHECKER) as act:
        send_vouchers_back(act, row.number, note="摘要不清")
    assert picture() == before


def test_the_journal_refuses_withdraw_vouchers_so_nothing_happened(city, journal_refuses):
    row = entered(POWER)
    before = picture()
    with journal_refuses(), acting(MAKER) as act:
        withdraw_vouchers(act, row.number)
    assert picture() == before
