"""A judged batch is put in public view, approved by the department and, by a third person, funded."""

from __future__ import annotations

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits.approved import Approvable, approvable
from yikatong.benefits.balances import available, known
from yikatong.benefits.events import Told
from yikatong.benefits.facts import (
    BATCH_PUBLIC,
    DEPARTMENT_APPROVED,
    FINANCE_APPROVED,
    FUNDS_GRANTED,
    ROW_STOPPED,
)
from yikatong.benefits.models import Payment
from yikatong.benefits.programme import programmes
from yikatong.benefits.rows import BatchRow, batch_row
from yikatong.benefits.rules import (
    AVAILABLE,
    BENEFIT_BATCH,
    BLOCKED,
    BUDGET,
    DEPARTMENT,
    JUDGED,
    PUBLIC,
    VALID,
    another_person,
)
from yikatong.benefits.services.holding import hold_row
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.locked import alone, locked_batch
from yikatong.benefits.services.reasons import reason_of
from yikatong.benefits.services.submitting import no_programme
from yikatong.benefits.services.telling import tell_department
from yikatong.benefits.terms import terms_of
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.rulebook import work_calendar
from yikatong.office.scope import Scope

PAPER_LENGTH = 60


def publish_batch(act: Act, number: str, *, scope: Scope) -> BatchRow | Refused:
    """Put a batch in public view for as many working days as rule benefit.<programme>.publicity_days says.

    Refused: benefit.unknown, benefit.not_waiting, benefit.nobody, benefit.no_publicity.
    """
    row = locked_batch(number, scope, JUDGED)
    if isinstance(row, Refused):
        return row
    programme = programmes()[row.programme]
    days = terms_of(programme, act.today).publicity_days
    if not days:
        return Refused(
            "benefit.no_publicity",
            f"{programme.zh}不需要公示，请直接送审。",
            "This programme is not put in public view; go on to the approval.",
        )
    if not approvable(row.pk).rows:
        return _nobody()
    until = work_calendar().add(act.today, days)
    advance(row, BENEFIT_BATCH, "publish", state_since=act.at, public_from=act.today, public_until=until)
    act.record(
        BATCH_PUBLIC,
        subject=f"benefit:{row.number}",
        batch=row.number,
        until=f"{until:%Y-%m-%d}",
        digest=approvable(row.pk).digest.hex(),
    )
    tell_department(act, row, Told.PUBLIC, until=f"{until:%Y-%m-%d}")
    return batch_row(row)


def stop_row(act: Act, number: str, *, line: int, reason: str, scope: Scope) -> BatchRow | Refused:
    """Stop one row that somebody objected to while it was in public view; the others go on.

    Refused: benefit.unknown, benefit.not_waiting, benefit.reason, benefit.row (no such row, or it is not payable).
    """
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    row = locked_batch(number, scope, PUBLIC)
    if isinstance(row, Refused):
        return row
    payment = (
        Payment.objects.select_for_update(no_key=True).filter(batch=row, line=line, state=VALID.code).first()
    )
    if payment is None:
        return Refused(
            "benefit.row",
            "批次里没有这一行，或者它本来就不发放。",
            "There is no such row in the batch, or it is not to be paid anyway.",
            at="line",
        )
    hold_row(act, payment, "S01", (said, said))
    act.record(
        ROW_STOPPED,
        subject=f"payment:{payment.pk}",
        person=payment.resident_id,
        batch=row.number,
        line=line,
        reason=said,
    )
    return batch_row(row)


def approve_batch(act: Act, number: str, *, digest: str, scope: Scope) -> BatchRow | Refused:
    """业务审批: what the page showed (`digest`, hex), by somebody else than who brought it.

    Refused: benefit.unknown, benefit.not_waiting, benefit.same_person, benefit.nobody, benefit.in_view (public view has
    to run out first), benefit.changed.
    """
    row = locked_batch(number, scope, JUDGED, PUBLIC)
    if isinstance(row, Refused):
        return row
    if (refused := another_person(act.actor.code, row.maker)) is not None:
        return refused
    days = terms_of(programmes()[row.programme], act.today).publicity_days
    if days and (row.public_until is None or act.today <= row.public_until):
        until = f"{row.public_until:%Y-%m-%d}" if row.public_until else "—"
        return Refused(
            "benefit.in_view",
            f"须先公示{days}个工作日，公示期满（{until}）后再审批。",
            f"It has to be in public view for {days} working days first (until {until}).",
        )
    what = approvable(row.pk)
    if (refused := _not_seen(what, digest)) is not None:
        return refused
    advance(
        row,
        BENEFIT_BATCH,
        "approve",
        state_since=act.at,
        digest=what.digest,
        approved_rows=what.rows,
        approved_fen=what.fen,
        department_by=act.actor.code,
        department_name=act.actor.name,
        department_at=act.at,
    )
    act.record(
        DEPARTMENT_APPROVED,
        subject=f"benefit:{row.number}",
        batch=row.number,
        rows=what.rows,
        fen=what.fen,
        yuan=print_yuan(what.fen, thousands=True),
        digest=digest,
    )
    return batch_row(row)


def fund_batch(act: Act, number: str, *, digest: str, scope: Scope) -> BatchRow | Refused:
    """财政审批: the same rows, by a third person; their money is blocked with it.

    Refused: benefit.unknown, benefit.not_waiting, benefit.same_person, benefit.nobody, benefit.changed, benefit.funds.
    """
    row = locked_batch(number, scope, DEPARTMENT)
    if isinstance(row, Refused):
        return row
    if (refused := another_person(act.actor.code, row.maker, row.department_by)) is not None:
        return refused
    what = approvable(row.pk)
    if (refused := _not_seen(what, digest)) is not None:
        return refused
    if what.digest != bytes(row.digest):
        return _changed()
    alone(row.programme)
    purse = available(row.programme)
    if purse < what.fen:
        return Refused(
            "benefit.funds",
            f"可用资金{print_yuan(purse)}元，不足以发放{print_yuan(what.fen)}元，请待拨款到位后再审批。",
            f"{print_yuan(purse)} yuan are available, {print_yuan(what.fen)} are needed; wait for the treasury.",
        )
    advance(
        row,
        BENEFIT_BATCH,
        "fund",
        state_since=act.at,
        finance_by=act.actor.code,
        finance_name=act.actor.name,
        finance_at=act.at,
    )
    post(act, row.programme, off=AVAILABLE, onto=BLOCKED, values={"batch": row.pk, "fen": what.fen})
    act.record(
        FINANCE_APPROVED,
        subject=f"benefit:{row.number}",
        batch=row.number,
        fen=what.fen,
        yuan=print_yuan(what.fen, thousands=True),
        digest=digest,
    )
    tell_department(act, row, Told.APPROVED, fen=what.fen)
    return batch_row(row)


def grant_funds(act: Act, *, programme: str, fen: int, paper: str) -> int | Refused:
    """Enter money of the treasury for a programme, with the number of its voucher; returns what is available then.

    Refused: benefit.programme, benefit.declared, benefit.paper, benefit.paper_known (its money is entered already).
    """
    found = programmes().get(programme)
    if found is None:
        return no_programme()
    if fen < 1:
        return Refused(
            "benefit.declared", "拨款金额应大于零。", "The sum is more than nothing.", at="declared"
        )
    paper = paper.strip()
    if not paper or len(paper) > PAPER_LENGTH:
        return Refused(
            "benefit.paper",
            f"请填写财政拨款凭证号（最多{PAPER_LENGTH}字）。",
            f"Enter the number of the treasury's voucher (at most {PAPER_LENGTH} characters).",
            at="paper",
        )
    alone(programme)
    if known(programme, paper):
        return Refused(
            "benefit.paper_known",
            f"凭证{paper}的拨款已登记过，请勿重复登记。",
            f"The money of voucher {paper} has been entered already.",
            at="paper",
        )
    post(act, programme, off=BUDGET, onto=AVAILABLE, values={"batch": None, "fen": fen}, paper=paper)
    act.record(
        FUNDS_GRANTED,
        subject=f"fund:{programme}",
        programme=found.zh,
        programme_en=found.en,
        fen=fen,
        yuan=print_yuan(fen, thousands=True),
        paper=paper,
    )
    return available(programme)


def _not_seen(what: Approvable, digest: str) -> Refused | None:
    if not what.rows:
        return _nobody()
    return None if what.digest.hex() == digest else _changed()


def _changed() -> Refused:
    return Refused(
        "benefit.changed",
        "名单与打开页面时不一致，请重新查看后再审批。",
        "The rows are not those the page showed; look at them again.",
    )


def _nobody() -> Refused:
    return Refused(
        "benefit.nobody",
        "批次中没有可以发放的人员，请先处理暂缓的行。",
        "Nobody of this batch can be paid; look at the rows that are held first.",
    )
