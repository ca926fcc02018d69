"""Appointing staff and admitting partners."""

from __future__ import annotations

import secrets
from datetime import date

from yikatong.basics.crypto import same, sm3
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.duties import ROLES, clash
from yikatong.office.facts import PARTNER_ADMITTED, STAFF_APPOINTED
from yikatong.office.models import Outlet, Partner, Staff

__all__ = ["admit_partner", "appoint", "partner_of_key"]


def appoint(
    act: Act,
    *,
    username: str,
    full_name: str,
    roles: list[str],
    region: str,
    outlet: Outlet | None = None,
    password: str | None = None,
) -> Staff | Refused:
    """Give a person a log-in and roles. Refuses unknown roles and roles that together make and approve."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        return Refused("staff.role_unknown", f"没有这个角色：{unknown[0]}", f"No such role: {unknown[0]}")
    if clash(roles):
        return Refused(
            "staff.roles_clash",
            "同一人不能既经办又审核，请分配给两个人。",
            "One person may not both make and approve; give the roles to two people.",
        )
    staff = Staff(username=username, full_name=full_name, roles=sorted(roles), region=region, outlet=outlet)
    staff.set_password(password)
    staff.save()
    act.record(STAFF_APPOINTED, username=username, roles="、".join(ROLES[r].zh for r in sorted(roles)))
    return staff


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
