"""我的待遇: what I was to get, where each payment is, and in plain words why one is held."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yikatong.benefits import queries
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.rows import PaymentRow
from yikatong.benefits.rules import DROPPED, FAILED, HELD, PAID, REPLACED, RETURNED, SENT, UNKNOWN, VALID
from yikatong.residents.queries import Person
from yikatong.web.portal.doors import resident_only
from yikatong.web.portal.page import page
from yikatong.web.templatetags.house import english

SHOWN = 60
_AT_THE_BANK = {
    Result.NO_ACCOUNT,
    Result.CLOSED,
    Result.LOST,
    Result.STOPPED,
    Result.NOT_ACTIVATED,
    Result.DORMANT,
    Result.FROZEN,
    Result.LIMITED,
}


@dataclass(frozen=True)
class Mine:
    """One payment as its person reads it."""

    payment: PaymentRow
    headline: str
    advice: str
    mood: str


@resident_only
@require_safe
def benefits(request: HttpRequest, person: Person) -> HttpResponse:
    """All payments of the last years, the newest first."""
    rows = [row for row in queries.payments_of(person.id, SHOWN) if row.state not in (DROPPED, REPLACED)]
    return page(request, "benefits", person, rows=[_said(row) for row in rows], shown=SHOWN)


def _said(row: PaymentRow) -> Mine:
    headline, mood = {
        VALID: (gettext("正在审批，还没有发放"), "wait"),
        HELD: (gettext("暂缓发放"), "bad"),
        SENT: (gettext("正在发放，等待到账"), "wait"),
        UNKNOWN: (gettext("银行正在查询结果"), "wait"),
        PAID: (gettext("已到账"), "good"),
        FAILED: (gettext("没有发成功"), "bad"),
        RETURNED: (gettext("长期没有发成功，钱已退回财政"), "bad"),
    }[row.state]
    return Mine(row, headline, _advice(row), mood)


def _advice(row: PaymentRow) -> str:
    if row.state is HELD:
        stops = [each for each in row.findings if not each.level.payable]
        return " ".join(each.resident_en if english() else each.resident_zh for each in stops)
    if row.state is RETURNED:
        return gettext("应发给您的记录还在，请与报送部门联系补发。")
    if row.state is not FAILED:
        return ""
    last = next((each.result for each in reversed(queries.attempts(row.id)) if each.result), None)
    if last is Result.NAME_DIFFERS:
        return gettext("银行的户名与您的姓名不一致，请带证件到社保卡网点核对。")
    if last in _AT_THE_BANK:
        return gettext("您的银行账户现在不能收款，请带证件到发卡银行办理；办好后会重新发放。")
    return gettext("原因正在核实，请拨打 12333 询问。")
