"""What of benefit payments waits for this reader: their step of a batch, clues, and what is late by them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yikatong.benefits import queries
from yikatong.benefits.late import late_batches, unbrought
from yikatong.benefits.recovery_rows import to_agree, to_follow
from yikatong.benefits.rules import FUNDED, JUDGED
from yikatong.benefits.statement_queries import open_differences
from yikatong.benefits.supervision import clues_waiting
from yikatong.benefits.whereabouts_rows import to_agree_to
from yikatong.office import clock
from yikatong.office.duties import Duty
from yikatong.web.console.benefits import approver
from yikatong.web.console.doors import actor_of, scope_of, staff_of


@dataclass(frozen=True)
class Turn:
    """So many things of one sort, and where they lie; `bad` where a day has passed."""

    label: str | Promise
    url: str
    count: int
    bad: bool = False


def benefit_turn(request: HttpRequest) -> list[Turn]:
    """What there is of each sort; what nobody waits for is left out."""
    staff, scope, me = staff_of(request), scope_of(request), actor_of(request).code
    today = clock.today()
    if not staff.has_duty(Duty.BENEFIT_LOOK):
        return []
    batches = reverse("console:benefits")
    department, finance = queries.waiting(scope, approver(request))
    turns = [
        Turn(_("待业务审批"), f"{batches}?waiting=1", department),
        Turn(_("待财政审批"), f"{batches}?waiting=1", finance),
    ]
    if staff.has_duty(Duty.BENEFIT_SUBMIT):
        turns.append(
            Turn(_("待公示"), f"{batches}?state={JUDGED.code}", queries.to_publish(scope, me, today))
        )
    if staff.has_duty(Duty.BENEFIT_PAY):
        turns += [
            Turn(_("待封存发送"), f"{batches}?state={FUNDED.code}", queries.count_of(scope, FUNDED)),
            Turn(_("待修复重发"), f"{batches}?state=paying", queries.to_mend(scope)),
        ]
    if staff.has_duty(Duty.BENEFIT_RECONCILE):
        turns += [
            Turn(_("对账差错"), reverse("console:benefit_reconciling"), open_differences(scope, clock.now())),
            Turn(_("待追回"), reverse("console:recoveries"), to_follow(scope)),
        ]
    if staff.has_duty(Duty.BENEFIT_FUND):
        turns += [
            Turn(_("待审批了结的追回"), reverse("console:recoveries"), to_agree(scope, me)),
        ]
        said = to_agree_to(scope, me)
        if said:
            turns.append(Turn(_("待审批的查实"), reverse("console:benefit_row", args=said[0]), len(said)))
    if staff.has_duty(Duty.SUPERVISION_HANDLE):
        turns.append(Turn(_("监管线索"), reverse("console:clues"), clues_waiting(scope, me)))
    late = [each for each in late_batches(today, scope) if each.duty is None or staff.has_duty(each.duty)]
    missing = len(unbrought(today)) if staff.has_duty(Duty.BENEFIT_SUBMIT) else 0
    turns.append(Turn(_("已过发放时限"), reverse("console:late_benefits"), len(late) + missing, bad=True))
    return [each for each in turns if each.count]
