"""等我审核: what colleagues have prepared and this reader may decide, how many of each, and where it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yikatong.cards import pending, queries, shelf
from yikatong.cards.blanks import DIFFERS
from yikatong.cards.receipts import copies_waiting
from yikatong.cards.rules import BATCHED, Mode
from yikatong.cards.unit_lists import lists_waiting
from yikatong.office.duties import Duty
from yikatong.office.exports.approvals import exports_asked
from yikatong.office.scope import Scope
from yikatong.residents.corrected import corrections_asked
from yikatong.residents.lists import lists_to_approve
from yikatong.residents.pairs import merges_asked
from yikatong.spending import queries as spending
from yikatong.web.console.doors import actor_of, scope_of, staff_of

MOST_INSTANT = 100


@dataclass(frozen=True)
class Approval:
    """One sort of thing that waits for a second person."""

    duty: Duty
    label: str | Promise
    view: str
    count: Callable[[Scope, str], int]
    """How many there are within a scope for this actor to decide."""
    asked: str = ""

    @property
    def url(self) -> str:
        return reverse(f"console:{self.view}") + self.asked


def _instant(scope: Scope) -> int:
    return len(queries.queue(BATCHED.code, scope, MOST_INSTANT, mode=Mode.INSTANT))


def _differing(scope: Scope) -> int:
    return sum(row.state is DIFFERS for row in shelf.open_counts(scope))


def _anybodys(count: Callable[[Scope], int]) -> Callable[[Scope, str], int]:
    return lambda scope, _me: count(scope)


APPROVALS = (
    Approval(Duty.CARD_INSTANT_CONFIRM, _("确认即时制卡"), "instant_list", _anybodys(_instant)),
    Approval(
        Duty.RECEIPT_RELEASE, _("放行补打凭条"), "copies", _anybodys(lambda scope: len(copies_waiting(scope)))
    ),
    Approval(Duty.RESIDENT_CORRECT, _("姓名号码更正"), "corrections", _anybodys(corrections_asked)),
    Approval(Duty.RESIDENT_MERGE, _("合并重复人员"), "duplicates", _anybodys(merges_asked), "?state=asked"),
    Approval(Duty.RESIDENT_IMPORT_APPROVE, _("导入名单"), "import_lists", _anybodys(lists_to_approve)),
    Approval(Duty.CARD_LIST_APPROVE, _("集体申领"), "unit_lists", _anybodys(lists_waiting)),
    Approval(Duty.CARD_CASE_CONFIRM, _("注销与销毁"), "cases", _anybodys(pending.cases_proposed)),
    Approval(Duty.BLANK_EXPLAIN, _("空白卡盘点差异"), "blanks", _anybodys(_differing)),
    Approval(Duty.EXPORT_APPROVE, _("超限导出"), "exports", lambda scope, me: exports_asked(scope, but=me)),
    Approval(Duty.EXPENSE_POST, _("支出凭证"), "voucher_lists", lambda _scope, me: spending.waiting(but=me)),
)
"""In the order in which somebody stands waiting for it. Budget documents stand by name above (`budgets.waiting_for`)."""


def approvals_for(request: HttpRequest) -> list[tuple[Approval, int]]:
    """What waits for this reader's decision, with how many; what nobody asked for is left out."""
    staff, scope, me = staff_of(request), scope_of(request), actor_of(request).code
    counted = [(each, each.count(scope, me)) for each in APPROVALS if staff.has_duty(each.duty)]
    return [(each, count) for each, count in counted if count]
