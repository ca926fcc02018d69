"""申领单位: schools and employers are written into the register at the desk, corrected, closed and reopened."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from yikatong.basics.ids import read_unit_code
from yikatong.basics.kinds import Kind
from yikatong.basics.names import name_problems, tidy
from yikatong.basics.refused import Refused
from yikatong.basics.regions import within
from yikatong.cards import collective_facts as facts
from yikatong.cards.collective import ACTIVE, UNIT, UnitKind
from yikatong.cards.models import Unit
from yikatong.cards.unit_lists import UnitRow, unit_row
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.queries import regions
from yikatong.office.scope import Scope, outside
from yikatong.residents.rules import read_phone

NAME_LENGTH, REASON_LENGTH = 60, 60


def register_unit(
    act: Act, *, code: str, name: str, kind: str, region: str, contact: str, phone: str, scope: Scope
) -> UnitRow | Refused:
    """Write a unit into the register. `region` is a county of the city; `kind` school or employer.

    Refused: unit_code.*, unit.known, unit.name, unit.kind, unit.region, scope.outside, unit.contact, phone.*.
    """
    read = read_unit_code(code)
    if isinstance(read, Refused):
        return read
    said = _particulars(name, contact, phone)
    if isinstance(said, Refused):
        return said
    if kind not in set(UnitKind):
        return Refused(
            "unit.kind", "请选择学校或用人单位。", "Say whether it is a school or an employer.", at="kind"
        )
    if not any(within(region, county.code) for county in regions() if county.parent):
        return Refused("unit.region", "请选择单位所在县区。", "Choose the unit's county.", at="region")
    if not scope.covers(region):
        return outside(region)
    name, contact, phone = said
    try:
        with transaction.atomic():
            row = Unit.objects.create(
                code=read,
                name=name,
                kind=kind,
                region=region,
                contact=contact,
                phone=phone,
                state_since=act.at,
                registered_by=act.actor.code,
                registered_at=act.at,
            )
    except IntegrityError as error:
        if "code" not in str(error):
            raise
        known = Unit.objects.get(code=read)
        return Refused(
            "unit.known",
            f"该统一社会信用代码已登记为“{known.name}”，请直接选用。",
            f"This code is on the register already, as “{known.name}”.",
            at="code",
        )
    _record(act, facts.UNIT_REGISTERED, row, unit_kind=row.kind)
    return unit_row(row)


def correct_unit(
    act: Act, code: str, *, name: str, contact: str, phone: str, scope: Scope
) -> UnitRow | Refused:
    """Set a unit's name, contact and phone right. Refused: unit.unknown, unit.same, unit.name, unit.contact, phone.*."""
    row = locked_unit(code, scope)
    if isinstance(row, Refused):
        return row
    said = _particulars(name, contact, phone)
    if isinstance(said, Refused):
        return said
    words = (
        ("name", "名称", "its name"),
        ("contact", "联系人", "its contact"),
        ("phone", "电话", "its phone"),
    )
    changed = [
        (column, zh, en)
        for (column, zh, en), value in zip(words, said, strict=True)
        if getattr(row, column) != value
    ]
    if not changed:
        return Refused("unit.same", "没有改动。", "Nothing was changed.", at="name")
    row.name, row.contact, row.phone = said
    row.save(update_fields=[column for column, _, _ in changed])
    what, what_en = "、".join(zh for _, zh, _ in changed), ", ".join(en for _, _, en in changed)
    _record(act, facts.UNIT_CHANGED, row, what=what, what_en=what_en)
    return unit_row(row)


def close_unit(act: Act, code: str, *, reason: str, scope: Scope) -> UnitRow | Refused:
    """Take a unit out of use: it brings no more lists. Refused: unit.unknown, unit.closed, reason.missing."""
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        return Refused(
            "reason.missing",
            f"请写明停用原因（最多{REASON_LENGTH}字）。",
            f"Say why it is closed (at most {REASON_LENGTH} characters).",
            at="reason",
        )
    row = locked_unit(code, scope)
    if isinstance(row, Refused):
        return row
    if row.state != ACTIVE.code:
        return unit_closed(row)
    advance(row, UNIT, "close", state_since=act.at)
    _record(act, facts.UNIT_CLOSED, row, reason=reason)
    return unit_row(row)


def reopen_unit(act: Act, code: str, *, scope: Scope) -> UnitRow | Refused:
    """Bring a closed unit back. Refused: unit.unknown, unit.active."""
    row = locked_unit(code, scope)
    if isinstance(row, Refused):
        return row
    if row.state == ACTIVE.code:
        return Refused(
            "unit.active", "该单位在册，无需恢复。", "This unit is on the register and needs no reopening."
        )
    advance(row, UNIT, "reopen", state_since=act.at)
    _record(act, facts.UNIT_REOPENED, row)
    return unit_row(row)


def locked_unit(code: str, scope: Scope) -> Unit | Refused:
    """The unit with this code, locked for the rest of the act. Refused: unit.unknown."""
    row = Unit.objects.select_for_update(no_key=True).filter(code=code.strip().upper()).first()
    if row is None or not scope.covers(row.region):
        return Refused(
            "unit.unknown",
            "没有登记这个单位，或不在您的经办范围内；请先登记单位。",
            "There is no such unit on the register, or it is outside your area; register it first.",
            at="unit",
        )
    return row


def unit_closed(row: Unit) -> Refused:
    return Refused(
        "unit.closed",
        f"“{row.name}”已停用，不能办理；仍在办理的请先恢复。",
        f"“{row.name}” is closed; reopen it first if it still brings lists.",
        at="unit",
    )


def _particulars(name: str, contact: str, phone: str) -> tuple[str, str, str] | Refused:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        return Refused(
            "unit.name",
            f"请填写单位全称（最多{NAME_LENGTH}字）。",
            f"Give the unit's full name (at most {NAME_LENGTH} characters).",
            at="name",
        )
    problem = name_problems(contact)
    if problem is not None:
        return Refused("unit.contact", problem.zh, problem.en, at="contact")
    read = read_phone(phone)
    if isinstance(read, Refused):
        return read
    if not read:
        return Refused(
            "phone.missing",
            "请填写联系电话，卡到网点后通知单位来领。",
            "Give a phone: the unit is told when its cards are there.",
            at="phone",
        )
    return name, tidy(contact), read


def _record(act: Act, kind: Kind, row: Unit, **payload: str) -> None:
    act.record(
        kind,
        subject=f"unit:{row.pk}",
        person=None,
        region=row.region,
        outlet=act.actor.outlet,
        code=row.code,
        name=row.name,
        **payload,
    )
