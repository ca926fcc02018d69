"""One difference in a clerk's hands: taken up, given to somebody, put back, and settled with its proof."""

from __future__ import annotations

from datetime import timedelta

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.office import rulebook
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.queries import StaffRow
from yikatong.office.scope import Scope, outside
from yikatong.quality.facts import ASSIGNED, DECIDED, PUT_BACK, TAKEN
from yikatong.quality.models import Difference
from yikatong.quality.queries import DifferenceRow, difference_row, still_differs
from yikatong.quality.rules import (
    CHECKING,
    DIFFERENCE,
    OPEN,
    OURS_TO_SET,
    TYPES,
    UNSETTLED,
    VERDICT_DAYS,
    DifferenceType,
    Verdict,
    proof_problem,
)
from yikatong.quality.source import sources
from yikatong.residents import queries as residents
from yikatong.residents import services as registry
from yikatong.residents.rules import LIFE, TURNS, Trust


def take_difference(act: Act, difference_id: int, *, scope: Scope) -> DifferenceRow | Refused:
    """Take a difference from the queue to look into it; this opens the person's data, so it is a look of theirs.

    Refused: difference.unknown, scope.outside, difference.settled, difference.taken (somebody else has it).
    """
    row = _locked(difference_id, scope)
    if isinstance(row, Refused):
        return row
    if row.state == CHECKING.code and row.owner == act.actor.code:
        return difference_row(row)
    refused = _not_free(row)
    if refused is not None:
        return refused
    advance(row, DIFFERENCE, "take", owner=act.actor.code, state_since=act.at)
    _record(act, TAKEN, row, purpose="数据核对")
    return difference_row(row)


def put_back_difference(act: Act, difference_id: int, *, scope: Scope) -> DifferenceRow | Refused:
    """Put a difference back into the region's queue. Refused: difference.unknown, scope.outside,
    difference.not_yours."""
    row = _own(act, difference_id, scope)
    if isinstance(row, Refused):
        return row
    advance(row, DIFFERENCE, "put_back", owner="", state_since=act.at)
    _record(act, PUT_BACK, row)
    return difference_row(row)


def assign_difference(
    act: Act, difference_id: int, *, owner: StaffRow, scope: Scope
) -> DifferenceRow | Refused:
    """Give a difference to somebody, also one that another has; its deadline stays.

    Refused: difference.unknown, scope.outside, difference.settled, owner.cannot (dismissed, or the region is not
    theirs), owner.same.
    """
    row = _locked(difference_id, scope)
    if isinstance(row, Refused):
        return row
    if row.state not in UNSETTLED:
        return _settled()
    code = f"staff:{owner.id}"
    if not owner.active or not Scope(owner.region, owner.outlet).covers(row.region):
        return Refused(
            "owner.cannot",
            "所选人员不能办理该地区的差异，请另选。",
            "This person does not deal with differences of that region; choose another.",
            at="owner",
        )
    if row.owner == code:
        return Refused("owner.same", "已由此人核实。", "This person already has it.", at="owner")
    if row.state == CHECKING.code:
        advance(row, DIFFERENCE, "put_back", owner="")
    advance(row, DIFFERENCE, "take", owner=code, state_since=act.at)
    _record(act, ASSIGNED, row, owner=owner.full_name)
    return difference_row(row)


def decide_difference(
    act: Act, difference_id: int, *, verdict: Verdict, proof: str, scope: Scope
) -> DifferenceRow | Refused:
    """Settle a difference one has taken up, with the proof.

    "Corrected" sets a region or a death right itself, as far as trust allows; anything else must have been corrected
    on its own way before. A verdict against the source is remembered for the days of rule quality.verdict_valid_days.
    Refused: difference.unknown, scope.outside, difference.not_yours, proof.*, difference.still_differs,
    difference.uncertain (a death whose name or birth do not agree); what the base library refuses.
    """
    row = _own(act, difference_id, scope)
    if isinstance(row, Refused):
        return row
    refused = proof_problem(proof)
    if refused is not None:
        return refused
    type_ = TYPES[row.type]
    if verdict is Verdict.CORRECT:
        refused = _set_right(act, row, type_)
        if refused is not None:
            return refused
        if still_differs(row):
            return _still_differs()
        valid_until = None
    else:
        valid_until = act.today + timedelta(days=rulebook.whole(VERDICT_DAYS, act.today))
    advance(
        row,
        DIFFERENCE,
        verdict.event,
        state_since=act.at,
        decided_by=act.actor.code,
        decided_at=act.at,
        proof=proof.strip(),
        valid_until=valid_until,
    )
    _record(act, DECIDED, row, verdict=verdict.zh, verdict_en=verdict.en, proof=row.proof)
    return difference_row(row)


def _set_right(act: Act, row: Difference, type_: DifferenceType) -> Refused | None:
    if type_ not in OURS_TO_SET or row.resident_id is None or not still_differs(row):
        return None
    source = sources()[row.source]
    told = f"{source.zh}名单（截至{row.as_of}）"
    result: object
    if type_ is DifferenceType.REGION:
        result = registry.change(
            act, row.resident_id, field="region", value=row.theirs, source=told, trust=source.trust
        )
    elif type_ is DifferenceType.STATUS:
        return _turn(act, row, told, source.trust)
    elif not row.certain or row.happened_on is None:
        return Refused(
            "difference.uncertain",
            "对方的死亡记录与此人的姓名或出生日期不符，或没有死亡日期，不能直接登记；请向来源单位核实。",
            "Name or birth of the recorded death do not agree, or its day is missing; ask the source.",
        )
    else:
        result = registry.record_death(
            act, row.resident_id, on=row.happened_on, source=told, trust=source.trust
        )
    return result if isinstance(result, Refused) else None


def _turn(act: Act, row: Difference, told: str, trust: Trust) -> Refused | None:
    """Record the state the source gives, where one event leads there from ours; as of the list where it names no day."""
    person = residents.person(row.resident_id or 0)
    leads = (
        event
        for event in TURNS
        if person is not None
        and (to := LIFE.target(event, person.state)) is not None
        and to.code == row.theirs
    )
    event = next(leads, None)
    if person is None or event is None:
        return None
    result = registry.record_turn(
        act, person.id, event=event, on=row.happened_on or row.as_of, source=told, trust=trust
    )
    return result if isinstance(result, Refused) else None


def _locked(difference_id: int, scope: Scope) -> Difference | Refused:
    row = Difference.objects.select_for_update(no_key=True).filter(pk=difference_id).first()
    if row is None:
        return Refused("difference.unknown", "没有这条差异。", "There is no such difference.")
    return row if scope.covers(row.region) else outside(row.region)


def _own(act: Act, difference_id: int, scope: Scope) -> Difference | Refused:
    row = _locked(difference_id, scope)
    if isinstance(row, Refused):
        return row
    if row.state != CHECKING.code or row.owner != act.actor.code:
        return Refused(
            "difference.not_yours",
            "这条差异不在您名下，请先领取后再办理。",
            "This difference is not yours; take it up first.",
        )
    return row


def _not_free(row: Difference) -> Refused | None:
    if row.state not in UNSETTLED:
        return _settled()
    if row.state != OPEN.code:
        return Refused(
            "difference.taken",
            "这条差异已由他人领取核实；需要换人请由负责人指派。",
            "Somebody else looks into this difference; a manager can give it to you.",
        )
    return None


def _settled() -> Refused:
    return Refused("difference.settled", "这条差异已办结。", "This difference has been settled.")


def _still_differs() -> Refused:
    return Refused(
        "difference.still_differs",
        "我方数据与来源仍不一致：请先在该人员页面凭证件办理更正（登记、更名、更号、合并或更正死亡），再回来办结。",
        "Our record still differs: have it corrected on the person's page first, then settle this.",
        at="verdict",
    )


def _record(act: Act, kind: Kind, row: Difference, **payload: str) -> None:
    type_ = TYPES[row.type]
    act.record(
        kind,
        subject=f"difference:{row.pk}",
        person=row.resident_id,
        region=row.region,
        type=type_.zh,
        type_en=type_.en,
        **payload,
    )
