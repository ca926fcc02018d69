"""The desk in the morning: find a person, what is mine to do now, and what waits for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from yikatong.cards import album, queries
from yikatong.cards.workload import mine
from yikatong.office import clock
from yikatong.office.doors import duty
from yikatong.office.duties import ROLES, Duty, duties_of
from yikatong.web.console.approvals import approvals_for
from yikatong.web.console.benefit_turn import benefit_turn
from yikatong.web.console.budgets import waiting_for
from yikatong.web.console.doors import any_staff, scope_of, staff_of
from yikatong.web.console.menu import menu_for
from yikatong.web.console.page import page
from yikatong.web.console.residents import Search

WORK = {
    "submitted": Duty.CARD_MATCH,
    "checking": Duty.CARD_MATCH,
    "problem": Duty.CARD_APPLY,
    "bank_opening": Duty.CARD_MATCH,
    "bank_failed": Duty.CARD_APPLY,
    "ready": Duty.CARD_BATCH,
    "batched": Duty.CARD_RELEASE,
    "making": Duty.CARD_RETURN,
    "make_failed": Duty.CARD_BATCH,
    "made": Duty.CARD_STOCK,
    "at_outlet": Duty.CARD_HAND_OVER,
}
"""Whose turn it is in each state: the queues of the others stand folded below."""
AT_ONCE = 8


def day_context(request: HttpRequest) -> dict[str, object]:
    """What waits in the reader's scope: their own turn first, then promises in danger, then what others do."""
    staff, scope = staff_of(request), scope_of(request)
    waiting = [each for each in queries.queues(scope) if each.count]
    turn = [each for each in waiting if (needed := WORK.get(each.state)) and staff.has_duty(needed)]
    return {
        "turn": turn,
        "approvals": approvals_for(request),
        "lacking_photo": album.count_waiting_for_photo(clock.today(), scope),
        "rest": [each for each in waiting if each not in turn],
        "late": sum(each.late for each in waiting),
        "soon": sum(each.soon for each in waiting),
        "urgent": queries.queue("", scope, AT_ONCE, promise="soon"),
        "to_hand_over": next((each for each in waiting if each.state == "at_outlet"), None),
        "mine": queries.queue("", scope, AT_ONCE, owner=staff.pk),
        "mine_count": mine(staff.pk),
    }


@any_staff("everyone starts here and sees only what their own duties open")
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then what is mine to do now."""
    staff = staff_of(request)
    context: dict[str, object] = {
        "form": Search(initial={"purpose": request.session.get("purpose")}),
        "benefit_turn": benefit_turn(request),
        "roles": [ROLES[code] for code in staff.roles if code in ROLES],
    }
    if staff.has_duty(Duty.DISCLOSURE_LOOK):
        context |= waiting_for(request)
    if staff.has_duty(Duty.CARD_LOOK):
        context |= day_context(request)
    else:
        entries = (entry for group in menu_for(duties_of(staff.roles)) for entry in group.entries)
        context["approvals"] = approvals_for(request)
        context["tasks"] = [entry for entry in entries if entry.view != "home"]
    return page(request, "home", context)


@duty(Duty.CARD_LOOK)
def queues(request: HttpRequest) -> HttpResponse:
    """What waits alone, for the front page to refresh itself."""
    return page(request, "day", day_context(request))
