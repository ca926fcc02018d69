"""The centre's people in the demo city: who they are, and how they act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.appointments import appoint
from yikatong.office.models import Centre, Outlet, Staff

PASSWORD = "Yikatong-demo-2026"

P = ParamSpec("P")
R = TypeVar("R")

# username, name, roles, outlet wanted
CENTRE_STAFF = (
    ("desk", "制卡经办·何敏", ["card_desk"]),
    ("reviewer", "制卡审核·姚军", ["card_reviewer"]),
    ("hotline", "12333 咨询员·秦玉", ["hotline_agent"]),
    ("editor", "绩效编报·石磊", ["performance_editor"]),
    ("director", "中心主任·高平", ["centre_director", "performance_reviewer"]),
    ("security", "安全管理员·龙海", ["security_admin"]),
    ("auditor", "审计员·尹洁", ["auditor"]),
    ("manager", "网点负责人·方华", ["outlet_manager"]),
)


@dataclass
class Crew:
    """Everyone who acts for the centre, by user name; clerks and bank operators by outlet code."""

    staff: dict[str, Staff]
    clerks: dict[str, Staff]
    operators: dict[str, Staff]
    system: Actor


def appoint_crew(act: Act, centre: Centre) -> Crew:
    """Appoint the demo crew: one clerk and one bank operator at each outlet, the centre's own staff at the city."""
    crew = Crew({}, {}, {}, Actor.system("demo"))
    for username, name, roles in CENTRE_STAFF:
        crew.staff[username] = _appoint(act, username, name, roles, centre.region, None)
    for number, outlet in enumerate(Outlet.objects.select_related("region").order_by("code"), start=1):
        clerk = _appoint(
            act, "clerk" if number == 1 else f"clerk{number}", f"网点经办·{outlet.name[:6]}", ["outlet_clerk"],
            outlet.region_id, outlet,
        )
        operator = _appoint(
            act, "bank" if number == 1 else f"bank{number}", f"银行经办·{outlet.name[:6]}", ["bank_operator"],
            outlet.region_id, outlet,
        )
        crew.clerks[outlet.code], crew.operators[outlet.code] = clerk, operator
    return crew


def _appoint(
    act: Act, username: str, name: str, roles: list[str], region: str, outlet: Outlet | None
) -> Staff:
    staff = appoint(
        act, username=username, full_name=name, roles=roles, region=region, outlet=outlet, password=PASSWORD
    )
    if isinstance(staff, Refused):
        raise RuntimeError(staff.zh)
    return staff


@contextmanager
def acting(actor: Actor | Staff, door: Door, moment: datetime, purpose: str = "") -> Iterator[Act]:
    """Open an act at a moment of the city's year."""
    who = Actor.staff(actor) if isinstance(actor, Staff) else actor
    with clock.fixed(moment), open_act(who, door=door, purpose=purpose, at=moment) as act:
        yield act


def do(
    service: Callable[Concatenate[Act, P], R], actor: Actor | Staff, door: Door, moment: datetime, /,
    *args: P.args, **kwargs: P.kwargs,
) -> R:
    """One act with one service call."""
    with acting(actor, door, moment) as act:
        return service(act, *args, **kwargs)
