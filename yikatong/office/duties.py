"""Duties and roles (domain.md 7.10).

A duty is one thing a person may do. Its step says whether it looks, makes or approves; no role, and no person by
the sum of their roles, may both make and approve. What has no duty is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache


class Step(StrEnum):
    LOOK = "look"
    MAKE = "make"
    APPROVE = "approve"


class Duty(Enum):
    """Every duty: code, step, Chinese, English."""

    RESIDENT_LOOK = ("resident.look", Step.LOOK, "查询人员", "look up residents")
    RESIDENT_REGISTER = ("resident.register", Step.MAKE, "登记人员", "register residents")
    RESIDENT_IMPORT_LOOK = ("resident.import_look", Step.LOOK, "查看导入名单", "look at lists of residents")
    RESIDENT_IMPORT = ("resident.import", Step.MAKE, "导入人员名单", "import residents")
    RESIDENT_IMPORT_APPROVE = (
        "resident.import_approve",
        Step.APPROVE,
        "审批导入名单",
        "approve lists of residents",
    )
    RESIDENT_CORRECT = ("resident.correct", Step.APPROVE, "审核更正", "approve corrections of residents")
    QUALITY_LOOK = (
        "quality.look",
        Step.LOOK,
        "查看名单比对与数据质量",
        "look at comparisons and data quality",
    )
    QUALITY_COMPARE = ("quality.compare", Step.MAKE, "提交比对名单", "bring lists to compare")
    QUALITY_VERIFY = ("quality.verify", Step.MAKE, "核实数据差异", "look into differences")
    QUALITY_ASSIGN = ("quality.assign", Step.APPROVE, "指派数据差异", "give differences to clerks")
    QUALITY_DEATHS = ("quality.deaths", Step.APPROVE, "审核死亡名单", "approve lists of deaths")
    RESIDENT_DUPLICATE = (
        "resident.duplicate",
        Step.MAKE,
        "核对疑似重复人员",
        "look into duplicate residents",
    )
    RESIDENT_MERGE = ("resident.merge", Step.APPROVE, "审核合并人员", "approve merges of residents")
    CARD_LOOK = ("card.look", Step.LOOK, "查看制卡与卡状态", "look at orders and cards")
    # A look at the work and whose it is. Giving it to somebody decides nothing about an order, so it may stand beside
    # duties that approve.
    CARD_ASSIGN = ("card.assign", Step.LOOK, "查看工作量与分派", "look at the workload and share it out")
    CARD_APPLY = ("card.apply", Step.MAKE, "受理申领", "take card applications")
    CARD_LIST = ("card.list", Step.MAKE, "办理集体申领", "bring lists of schools and employers")
    CARD_LIST_APPROVE = (
        "card.list_approve",
        Step.APPROVE,
        "审批集体申领",
        "approve lists of schools and employers",
    )
    CARD_MATCH = ("card.match", Step.MAKE, "数据比对与预开户", "data matching and pre-opening")
    CARD_BATCH = ("card.batch", Step.MAKE, "组批", "assemble making batches")
    CARD_RELEASE = ("card.release", Step.APPROVE, "审核下发制卡批次", "release making batches")
    CARD_RETURN = ("card.return", Step.MAKE, "接收回盘文件", "take in return files")
    CARD_STOCK = ("card.stock", Step.MAKE, "成品卡入库", "receive boxes at the outlet")
    CARD_HAND_OVER = ("card.hand_over", Step.MAKE, "发卡", "hand cards over")
    CARD_INSTANT = ("card.instant", Step.MAKE, "即时制卡", "make cards while the holder waits")
    CARD_INSTANT_CONFIRM = ("card.instant_confirm", Step.APPROVE, "确认即时制卡", "confirm instant making")
    CARD_ENABLE = ("card.enable", Step.MAKE, "启用", "enable cards")
    CARD_ACTIVATE = ("card.activate", Step.MAKE, "登记金融账户激活", "record bank activation")
    CARD_LOSS = ("card.loss", Step.MAKE, "挂失解挂", "loss reports and releases")
    CARD_REISSUE = ("card.reissue", Step.MAKE, "补领换领", "re-issue and exchange")
    BLANK_KEEP = ("blank.keep", Step.MAKE, "空白卡出入库与盘点", "keep and count blank cards")
    BLANK_EXPLAIN = (
        "blank.explain",
        Step.APPROVE,
        "说明空白卡盘点差异",
        "explain differences of blank stock",
    )
    RECEIPT_PRINT = ("receipt.print", Step.MAKE, "打印凭条", "print receipts")
    RECEIPT_RELEASE = ("receipt.release", Step.APPROVE, "放行补打凭条", "release further copies of receipts")
    CARD_PROOF = ("card.proof", Step.LOOK, "查看领卡签名与照片", "look at receivers' signatures and photos")
    FEE_COLLECT = ("fee.collect", Step.MAKE, "登记工本费", "register fees")
    FEE_DECIDE = ("fee.decide", Step.APPROVE, "免收与退还工本费", "waive and refund fees")
    CARD_CANCEL = ("card.cancel", Step.MAKE, "注销", "cancel cards")
    CARD_CASE = ("card.case", Step.MAKE, "提出注销与销毁", "propose cancellations and destructions")
    CARD_CASE_CONFIRM = (
        "card.case_confirm",
        Step.APPROVE,
        "复核注销与销毁",
        "confirm cancellations and destructions",
    )
    CARD_LOCK = ("card.lock", Step.MAKE, "锁定与密码", "locks and PINs")
    CARD_CLOSE = ("card.close", Step.MAKE, "登记金融账户销户", "record closed bank accounts")
    CARD_ERROR = ("card.error", Step.APPROVE, "确认发卡差错", "confirm issuing errors")
    HOTLINE_LOSS = ("hotline.loss", Step.MAKE, "电话临时挂失", "temporary loss by phone")
    INDICATOR_LOOK = ("indicator.look", Step.LOOK, "查看指标及明细", "look at indicators and their events")
    PERIOD_PREPARE = ("period.prepare", Step.MAKE, "编报期间指标", "prepare a period's figures")
    PERIOD_LOCK = ("period.lock", Step.APPROVE, "审核锁定期间", "review and lock a period")
    BENEFIT_LOOK = ("benefit.look", Step.LOOK, "查看待遇发放", "look at benefit payments")
    BENEFIT_SUBMIT = ("benefit.submit", Step.MAKE, "提交发放清册", "bring rosters to be paid")
    BENEFIT_APPROVE = (
        "benefit.approve",
        Step.APPROVE,
        "业务审批发放批次",
        "approve batches for the department",
    )
    BENEFIT_FUND = ("benefit.fund", Step.APPROVE, "财政审批发放批次", "approve batches for finance")
    BENEFIT_PAY = ("benefit.pay", Step.MAKE, "发放到银行", "seal and send payment files")
    BENEFIT_RECONCILE = (
        "benefit.reconcile",
        Step.MAKE,
        "发放对账与差错处理",
        "take statements and look into differences",
    )
    SUPERVISION_LOOK = ("supervision.look", Step.LOOK, "查看基金监管", "look at fund supervision")
    SUPERVISION_HANDLE = (
        "supervision.handle",
        Step.MAKE,
        "核查监管线索",
        "look into clues of fund supervision",
    )
    EXPENSE_LOOK = ("expense.look", Step.LOOK, "查看支出凭证", "look at vouchers")
    EXPENSE_ENTER = ("expense.enter", Step.MAKE, "提交支出凭证", "enter vouchers")
    EXPENSE_POST = ("expense.post", Step.APPROVE, "复核支出凭证", "check and post vouchers")
    DISCLOSURE_LOOK = ("disclosure.look", Step.LOOK, "查看公开报表", "look at public tables")
    DISCLOSURE_PREPARE = (
        "disclosure.prepare",
        Step.MAKE,
        "编制公布预算公开文本",
        "prepare and publish budget documents",
    )
    DISCLOSURE_REVIEW = ("disclosure.review", Step.APPROVE, "审核预算公开文本", "review budget documents")
    DISCLOSURE_APPROVE = ("disclosure.approve", Step.APPROVE, "批准预算公开文本", "approve budget documents")
    JOURNAL_LOOK = ("journal.look", Step.LOOK, "查阅日志", "look into the journal")
    EXPORT_LOOK = ("export.look", Step.LOOK, "查看导出审批", "look at requests to export")
    EXPORT_ASK = ("export.ask", Step.MAKE, "申请超限导出", "ask for exports above the limit")
    EXPORT_APPROVE = ("export.approve", Step.APPROVE, "审批超限导出", "approve exports above the limit")
    STAFF_APPOINT = ("staff.appoint", Step.MAKE, "任命人员与角色", "appoint staff and roles")
    PARTNER_ADMIT = ("partner.admit", Step.MAKE, "接入合作单位", "admit partners and issue keys")

    def __init__(self, code: str, step: Step, zh: str, en: str) -> None:
        self.code = code
        self.step = step
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Role:
    code: str
    zh: str
    en: str
    duties: frozenset[Duty]


BANK_OPERATOR = "bank_operator"
"""The one role that is bound to a bank: its outlet is that bank's, and so are the cards it may touch."""


def _role(code: str, zh: str, en: str, *duties: Duty) -> Role:
    return Role(code, zh, en, frozenset(duties))


D = Duty
ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role(
            "outlet_clerk",
            "网点经办",
            "outlet clerk",
            D.QUALITY_LOOK,
            D.QUALITY_VERIFY,
            D.RESIDENT_LOOK,
            D.RESIDENT_REGISTER,
            D.RESIDENT_DUPLICATE,
            D.CARD_LOOK,
            D.CARD_APPLY,
            D.CARD_LIST,
            D.CARD_STOCK,
            D.BLANK_KEEP,
            D.CARD_HAND_OVER,
            D.FEE_COLLECT,
            D.RECEIPT_PRINT,
            D.CARD_INSTANT,
            D.CARD_ENABLE,
            D.CARD_LOSS,
            D.CARD_REISSUE,
            D.CARD_CANCEL,
            D.CARD_CASE,
            D.CARD_LOCK,
            D.CARD_CLOSE,
        ),
        _role(
            "outlet_manager",
            "网点负责人",
            "outlet manager",
            D.QUALITY_LOOK,
            D.QUALITY_ASSIGN,
            D.RESIDENT_LOOK,
            D.RESIDENT_CORRECT,
            D.RESIDENT_MERGE,
            D.RESIDENT_IMPORT_LOOK,
            D.RESIDENT_IMPORT_APPROVE,
            D.CARD_LOOK,
            D.CARD_ASSIGN,
            D.CARD_LIST_APPROVE,
            D.CARD_PROOF,
            D.CARD_INSTANT_CONFIRM,
            D.BLANK_EXPLAIN,
            D.CARD_CASE_CONFIRM,
            D.FEE_DECIDE,
            D.RECEIPT_RELEASE,
            D.CARD_ERROR,
        ),
        _role(
            "card_desk",
            "制卡经办",
            "card file desk",
            D.QUALITY_LOOK,
            D.QUALITY_COMPARE,
            D.QUALITY_VERIFY,
            D.RESIDENT_LOOK,
            D.RESIDENT_IMPORT_LOOK,
            D.RESIDENT_IMPORT,
            D.RESIDENT_DUPLICATE,
            D.CARD_LOOK,
            D.CARD_MATCH,
            D.CARD_BATCH,
            D.CARD_RETURN,
            D.EXPORT_LOOK,
            D.EXPORT_ASK,
        ),
        _role(
            "card_reviewer",
            "制卡审核",
            "card reviewer",
            D.QUALITY_LOOK,
            D.QUALITY_ASSIGN,
            D.QUALITY_DEATHS,
            D.RESIDENT_LOOK,
            D.RESIDENT_IMPORT_LOOK,
            D.RESIDENT_IMPORT_APPROVE,
            D.CARD_LOOK,
            D.CARD_ASSIGN,
            D.CARD_LIST_APPROVE,
            D.CARD_CASE_CONFIRM,
            D.CARD_RELEASE,
            D.CARD_ERROR,
        ),
        _role(
            "centre_director",
            "中心主任",
            "centre director",
            D.QUALITY_LOOK,
            D.CARD_LOOK,
            D.INDICATOR_LOOK,
            D.DISCLOSURE_LOOK,
            D.DISCLOSURE_APPROVE,
            D.PERIOD_LOCK,
            D.EXPENSE_LOOK,
            D.BENEFIT_LOOK,
            D.SUPERVISION_LOOK,
            D.EXPORT_LOOK,
            D.EXPORT_APPROVE,
        ),
        _role("hotline_agent", "12333 咨询员", "hotline agent", D.RESIDENT_LOOK, D.CARD_LOOK, D.HOTLINE_LOSS),
        _role(
            BANK_OPERATOR,
            "银行经办",
            "bank operator",
            D.RESIDENT_LOOK,
            D.CARD_LOOK,
            D.CARD_APPLY,
            D.FEE_COLLECT,
            D.RECEIPT_PRINT,
            D.CARD_ACTIVATE,
            D.CARD_LOSS,
            D.CARD_REISSUE,
            D.CARD_CLOSE,
        ),
        _role(
            "performance_editor",
            "绩效编报",
            "performance editor",
            D.INDICATOR_LOOK,
            D.DISCLOSURE_LOOK,
            D.DISCLOSURE_PREPARE,
            D.PERIOD_PREPARE,
            D.EXPENSE_LOOK,
            D.EXPENSE_ENTER,
        ),
        _role(
            "performance_reviewer",
            "绩效审核",
            "performance reviewer",
            D.INDICATOR_LOOK,
            D.DISCLOSURE_LOOK,
            D.DISCLOSURE_REVIEW,
            D.PERIOD_LOCK,
            D.EXPENSE_LOOK,
            D.EXPENSE_POST,
        ),
        _role("benefit_clerk", "待遇经办", "benefit clerk", D.BENEFIT_LOOK, D.BENEFIT_SUBMIT),
        _role("benefit_approver", "待遇业务审批", "benefit approver", D.BENEFIT_LOOK, D.BENEFIT_APPROVE),
        _role("benefit_finance", "待遇财政审批", "benefit finance", D.BENEFIT_LOOK, D.BENEFIT_FUND),
        _role("benefit_payer", "待遇发放", "benefit payer", D.BENEFIT_LOOK, D.BENEFIT_PAY),
        _role("benefit_reconciler", "待遇对账", "benefit reconciler", D.BENEFIT_LOOK, D.BENEFIT_RECONCILE),
        _role(
            "fund_supervisor",
            "基金监管",
            "fund supervisor",
            D.BENEFIT_LOOK,
            D.SUPERVISION_LOOK,
            D.SUPERVISION_HANDLE,
        ),
        _role("security_admin", "安全管理员", "security administrator", D.STAFF_APPOINT, D.PARTNER_ADMIT),
        _role(
            "auditor",
            "审计员",
            "auditor",
            D.QUALITY_LOOK,
            D.JOURNAL_LOOK,
            D.INDICATOR_LOOK,
            D.BENEFIT_LOOK,
            D.SUPERVISION_LOOK,
            D.CARD_LOOK,
            D.CARD_PROOF,
            D.EXPORT_LOOK,
            D.EXPORT_ASK,
        ),
    )
}


def duties_of(roles: Iterable[str]) -> frozenset[Duty]:
    """All duties of these roles; an unknown role gives nothing (default deny)."""
    return _together(tuple(roles))


@cache  # asked some thirty times for every page, of a handful of sets of roles
def _together(roles: tuple[str, ...]) -> frozenset[Duty]:
    return frozenset(duty for code in roles if code in ROLES for duty in ROLES[code].duties)


def clash(roles: Iterable[str]) -> bool:
    """Whether these roles together would let one person both make and approve."""
    steps = {duty.step for duty in duties_of(roles)}
    return {Step.MAKE, Step.APPROVE} <= steps
