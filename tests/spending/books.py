"""A small set of books: files of vouchers, and the two people who enter and post them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.indicators.happenings import moment
from yikatong.basics.refused import Refused
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.residents.sheets import Limits
from yikatong.spending.queries import ListRow
from yikatong.spending.services import enter_vouchers, post_vouchers
from yikatong.spending.vouchers import FORM, Vouchers, read_vouchers

MAKER, CHECKER = Actor("staff:903", "会计"), Actor("staff:904", "复核人")
LIMITS = Limits(megabytes=20, unpacked_megabytes=200, ratio=200, parts=200, rows=10_000)
HEAD = "凭证号,日期,摘要,支出类别,部门经济科目编码,项目名称,成本指标,金额（元）"
POWER = "记-1,20250310,机房电费,项目,30206,一卡通运行,,1000.50"
WAGES = "记-2,2025-03-15,工资,人员,30101,,,200000"


def acting(actor: Actor, day: str = "2026-01-05") -> Act:
    return open_act(actor, door=Door.CONSOLE, at=moment(day))  # type: ignore[return-value]


def read(*lines: str, head: str = HEAD) -> Vouchers | Refused:
    return read_vouchers("\n".join([head, *lines]).encode(), LIMITS, date(2026, 1, 5))


def good(*lines: str) -> Vouchers:
    found = read(*lines)
    assert isinstance(found, Vouchers) and not found.problems, found
    return found


def entered(*lines: str) -> ListRow:
    with acting(MAKER) as act:
        row = enter_vouchers(act, file_name="三月.csv", read=good(*lines))
    assert isinstance(row, ListRow), row
    return row


def posted(*lines: str) -> ListRow:
    row = entered(*lines)
    with acting(CHECKER) as act:
        done = post_vouchers(act, row.number, digest=row.digest)
    assert isinstance(done, ListRow), done
    return done


def codes(found: Vouchers | Refused) -> list[tuple[int, str, str]]:
    assert isinstance(found, Vouchers), found
    return [(each.row, each.column, each.refused.code) for each in found.problems]


def required() -> Iterable[str]:
    return (FORM.columns[column][0] for column in FORM.required)
