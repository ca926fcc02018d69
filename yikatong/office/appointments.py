"""Appointing and dismissing staff, admitting and withdrawing partners."""

from __future__ import annotations

import secrets
from datetime import date

from yikatong.basics.crypto import same, sm3
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.duties import BANK_OPERATOR, ROLES, clash
from yikatong.office.facts import PARTNER_ADMITTED, PARTNER_WITHDRAWN, STAFF_APPOINTED, STAFF_DISMISSED
from yikatong.office.models import Outlet, Partner, Staff

__all__ = ["admit_partner", "appoint", "dismiss", "partner_of_key", "withdraw_partner"]


def appoint(
    act: Act,
    *,
    username: str,
    full_name: str,
    roles: list[str],
    region: str,
    outlet_code: str = "",
    password: str | None = None,
) -> Staff | Refused:
    """Give a person a log-in and roles.

    Refused: `staff.role_unknown`, `staff.roles_clash` (roles that together make and approve), `staff.exists`,
    `staff.outlet_unknown`, `staff.bank_outlet` (a bank's operator sits at an outlet of that bank). Without a password they cannot log in.
    """
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        return Refused("staff.role_unknown", f"没有这个角色：{unknown[0]}", f"No such role: {unknown[0]}")
    if clash(roles):
        return Refused(
            "staff.roles_clash",
            "同一人不能既经办又审核，请分配给两个人。",
            "One person may not both make and approve; give the roles to two people.",
        )
    if Staff.objects.filter(username=username).exists():
        return Refused(
            "staff.exists", f"用户名 {username} 已有人使用。", f"The name {username} is taken.", at="username"
        )
    outlet = Outlet.objects.filter(code=outlet_code).first() if outlet_code else None
    if outlet_code and outlet is None:
        return Refused(
            "staff.outlet_unknown", f"没有网点 {outlet_code}。", f"No outlet {outlet_code}.", at="outlet_code"
        )
    if BANK_OPERATOR in roles and not (outlet and outlet.bank_code):
        return Refused(
            "staff.bank_outlet",
            f"{ROLES[BANK_OPERATOR].zh}只办理本行的卡，请选择由银行代办的网点。",
            f"A {ROLES[BANK_OPERATOR].en} works for one bank: choose an outlet that a bank runs.",
            at="outlet_code",
        )
    staff = Staff(username=username, full_name=full_name, roles=sorted(roles), region=region, outlet=outlet)
    staff.set_password(password)
    staff.save()
    act.record(STAFF_APPOINTED, username=username, roles="、".join(ROLES[r].zh for r in sorted(roles)))
    return staff


def dismiss(act: Act, username: str, *, reason: str) -> Staff | Refused:
    """Take a person's access away; every session of theirs ends with their next request. The row stays.

    Refused: `staff.unknown`, `staff.dismissed` (already), `staff.self`.
    """
    staff = Staff.objects.select_for_update(no_key=True, of=("self",)).filter(username=username).first()
    if staff is None:
        return Refused("staff.unknown", f"没有用户 {username}。", f"There is nobody called {username}.")
    if not staff.is_active:
        return Refused("staff.dismissed", f"{staff} 已停用。", f"{staff} has already been dismissed.")
    if act.actor.code == f"staff:{staff.pk}":
        return Refused(
            "staff.self", "不能停用自己，请由另一人办理。", "Nobody dismisses themselves; ask another."
        )
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    act.record(STAFF_DISMISSED, username=username, reason=reason.strip()[:60])
    return staff


def withdraw_partner(act: Act, code: str, *, reason: str) -> Partner | Refused:
    """Shut a partner out: its key opens nothing from now on. Refused: `partner.unknown`, `partner.withdrawn` (already)."""
    partner = Partner.objects.select_for_update(no_key=True).filter(code=code).first()
    if partner is None:
        return Refused("partner.unknown", f"没有合作单位 {code}。", f"There is no partner {code}.")
    if not partner.active:
        return Refused(
            "partner.withdrawn",
            f"{partner.name}的密钥已停用。",
            f"The key of {partner.name} is already withdrawn.",
        )
    partner.active = False
    partner.save(update_fields=["active"])
    act.record(PARTNER_WITHDRAWN, partner=partner.name, reason=reason.strip()[:60])
    return partner


def admit_partner(
    act: Act, *, code: str, name: str, purposes: list[str], expires_on: date, per_minute: int = 60
) -> tuple[Partner, str]:
    """Admit a partner; returns it with its key, which is shown this once and kept only as a digest."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    partner = Partner.objects.create(
        code=code,
        name=name,
        purposes=sorted(purposes),
        key_prefix=prefix,
        key_digest=sm3(secret.encode()),
        per_minute=per_minute,
        expires_on=expires_on,
    )
    act.record(PARTNER_ADMITTED, partner=name, purposes="、".join(sorted(purposes)))
    return partner, f"yk_{prefix}_{secret}"


def partner_of_key(key: str, today: date) -> Partner | None:
    """The partner whose valid key this is."""
    parts = key.split("_", 2)
    if len(parts) != 3 or parts[0] != "yk":
        return None
    partner = Partner.objects.filter(key_prefix=parts[1], active=True, expires_on__gte=today).first()
    if partner is None or not same(sm3(parts[2].encode()), bytes(partner.key_digest)):
        return None
    return partner
