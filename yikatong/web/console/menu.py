"""What stands in the console's menu, for whom: groups in the order in which a card comes about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from yikatong.office.duties import Duty


@dataclass(frozen=True)
class Entry:
    """One entry: shown to whoever has one of `duties` (to everyone where there are none)."""

    view: str
    label: str | Promise
    duties: tuple[Duty, ...] = ()

    @cached_property
    def url(self) -> str:
        """Where it leads, looked up once."""
        return reverse(f"console:{self.view}")

    def open_to(self, duties: frozenset[Duty]) -> bool:
        """Whether somebody with these duties has anything to do there."""
        return not self.duties or not duties.isdisjoint(self.duties)


@dataclass(frozen=True)
class Group:
    """What belongs together, under one heading."""

    label: str | Promise
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        _("今日工作"),
        (
            Entry("home", _("工作台")),
            Entry("workload", _("工作量与分派"), (Duty.CARD_ASSIGN,)),
            Entry("told", _("短信告知"), (Duty.CARD_ASSIGN,)),
        ),
    ),
    Group(
        _("人员信息"),
        (
            Entry("search", _("查询人员"), (Duty.RESIDENT_LOOK,)),
            Entry("register", _("登记人员"), (Duty.RESIDENT_REGISTER,)),
            Entry("corrections", _("姓名号码更正"), (Duty.RESIDENT_REGISTER, Duty.RESIDENT_CORRECT)),
            Entry("duplicates", _("疑似重复"), (Duty.RESIDENT_DUPLICATE, Duty.RESIDENT_MERGE)),
            Entry("import_lists", _("导入名单"), (Duty.RESIDENT_IMPORT_LOOK,)),
        ),
    ),
    Group(
        _("卡片制作"),
        (
            Entry("match_desk", _("比对与预开户"), (Duty.CARD_MATCH,)),
            Entry("batches", _("制卡批次"), (Duty.CARD_BATCH, Duty.CARD_RELEASE)),
            Entry("return_desk", _("回盘文件"), (Duty.CARD_RETURN,)),
            Entry("courier_lists", _("寄递回单"), (Duty.CARD_RETURN,)),
            Entry("unit_lists", _("集体申领"), (Duty.CARD_LIST, Duty.CARD_LIST_APPROVE)),
            Entry("instant_list", _("即时制卡"), (Duty.CARD_INSTANT, Duty.CARD_INSTANT_CONFIRM)),
        ),
    ),
    Group(
        _("发卡与库存"),
        (
            Entry("receive_box", _("成品卡入库"), (Duty.CARD_STOCK,)),
            Entry("parcels", _("邮寄"), (Duty.CARD_HAND_OVER,)),
            Entry("slots", _("卡位"), (Duty.CARD_STOCK,)),
            Entry("blanks", _("空白卡"), (Duty.BLANK_KEEP, Duty.BLANK_EXPLAIN)),
            Entry("cases", _("待核办"), (Duty.CARD_CASE, Duty.CARD_CASE_CONFIRM)),
            Entry("fees", _("工本费"), (Duty.FEE_COLLECT, Duty.FEE_DECIDE)),
            Entry("copies", _("放行补打凭条"), (Duty.RECEIPT_RELEASE,)),
            Entry("meanings", _("卡状态含义"), (Duty.CARD_LOOK,)),
        ),
    ),
    Group(
        _("数据质量"),
        (
            Entry("comparisons", _("名单比对"), (Duty.QUALITY_LOOK,)),
            Entry("differences", _("数据差异"), (Duty.QUALITY_VERIFY, Duty.QUALITY_ASSIGN)),
            Entry("quality", _("数据质量"), (Duty.QUALITY_LOOK,)),
        ),
    ),
    Group(
        _("待遇发放"),
        (
            Entry("benefits", _("发放批次"), (Duty.BENEFIT_LOOK,)),
            Entry("late_benefits", _("发放时限"), (Duty.BENEFIT_LOOK,)),
            Entry("benefit_funds", _("发放资金"), (Duty.BENEFIT_LOOK,)),
            Entry("benefit_reconciling", _("发放对账"), (Duty.BENEFIT_LOOK,)),
            Entry("recoveries", _("待遇追回"), (Duty.BENEFIT_LOOK,)),
            Entry("supervision", _("基金监管"), (Duty.SUPERVISION_LOOK,)),
        ),
    ),
    Group(
        _("绩效与公开"),
        (
            Entry("board", _("绩效指标"), (Duty.INDICATOR_LOOK,)),
            Entry("budgets", _("预算公开"), (Duty.DISCLOSURE_LOOK,)),
            Entry("voucher_lists", _("支出凭证"), (Duty.EXPENSE_LOOK,)),
            Entry("execution", _("预算执行"), (Duty.EXPENSE_LOOK,)),
            Entry("disclosure", _("公开报表"), (Duty.DISCLOSURE_LOOK,)),
            Entry("audit", _("文本审核"), (Duty.DISCLOSURE_LOOK,)),
        ),
    ),
    Group(
        _("系统管理"),
        (
            Entry("journal", _("查阅日志"), (Duty.JOURNAL_LOOK,)),
            Entry("exports", _("导出审批"), (Duty.EXPORT_LOOK,)),
            Entry("staff", _("人员与角色"), (Duty.STAFF_APPOINT,)),
            Entry("partners", _("合作单位"), (Duty.PARTNER_ADMIT,)),
        ),
    ),
)


def menu_for(duties: frozenset[Duty]) -> list[Group]:
    """The menu of whoever has these duties: the groups in which they have anything to do, with what that is."""
    own = [Group(each.label, tuple(one for one in each.entries if one.open_to(duties))) for each in GROUPS]
    return [each for each in own if each.entries]


@lru_cache(maxsize=2_000)
def menu_said(duties: frozenset[Duty], here: str, language: str) -> SafeString:
    """That menu in HTML, in this language, on the page `here`: the same for everybody with the same duties."""
    with override(language):
        return render_to_string("console/menu.html", {"menu": menu_for(duties), "here": here})
