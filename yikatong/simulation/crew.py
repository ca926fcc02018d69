"""The centre's people in the demo city: who they are, and how they act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from yikatong.basics.refused import Refused
from yikatong.office import clock, places
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.appointments import appoint

PASSWORD = "Yikatong-demo-2026"  # noqa: S105  (shown on the demo's closing table; no city uses it)

P = ParamSpec("P")
R = TypeVar("R")

CENTRE_STAFF = (
    ("clerk", "何敏", ("outlet_clerk",)),
    ("desk", "田宁", ("card_desk",)),
    ("reviewer", "姚军", ("card_reviewer", "performance_reviewer")),
    ("hotline", "秦玉", ("hotline_agent",)),
    ("editor", "石磊", ("performance_editor",)),
    ("director", "高平", ("centre_director", "performance_reviewer")),
    ("security", "龙海", ("security_admin",)),
    ("auditor", "尹洁", ("auditor",)),
    ("manager", "方华", ("outlet_manager",)),
)


@dataclass
class Crew:
    """Everyone who acts for the centre: by user name, and clerks and bank operators by outlet code."""

    staff: dict[str, Actor] = field(default_factory=dict)
    clerks: dict[str, Actor] = field(default_factory=dict)
    operators: dict[str, Actor] = field(default_factory=dict)


def appoint_crew(act: Act, region: str) -> Crew:
    """Appoint the centre's own staff for the city, and a clerk and a bank operator at each outlet.

    The centre's staff, and the clerk and the operator of the first outlet, have a password; the others only act.
    """
    crew = Crew()
    for username, name, roles in CENTRE_STAFF:
        crew.staff[username] = _appoint(act, username, name, roles, region, "", PASSWORD)
    for number, outlet in enumerate(places.outlets(), start=1):
        password = PASSWORD if number == 1 else None
        for username, title, role, team in (
            (f"clerk{number}", "经办", "outlet_clerk", crew.clerks),
            (f"bank{number}", "银行经办", "bank_operator", crew.operators),
        ):
            name = f"{outlet.name[:2]}{title}"
            team[outlet.code] = _appoint(act, username, name, (role,), outlet.region, outlet.code, password)
    return crew


def _appoint(
    act: Act, username: str, name: str, roles: tuple[str, ...], region: str, outlet: str, password: str | None
) -> Actor:
    staff = appoint(
        act,
        username=username,
        full_name=name,
        roles=list(roles),
        region=region,
        outlet_code=outlet,
        password=password,
    )
    if isinstance(staff, Refused):
        raise RuntimeError(staff.zh)
    return Actor.staff(staff)


@contextmanager
def acting(actor: Actor, door: Door, moment: datetime, purpose: str = "") -> Iterator[Act]:
    """Open an act at a moment of the city's year."""
    with clock.fixed(moment), open_act(actor, door=door, purpose=purpose, at=moment) as act:
        yield act


def do(
    service: Callable[Concatenate[Act, P], R],
    actor: Actor,
    door: Door,
    moment: datetime,
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """One act with one service call."""
    with acting(actor, door, moment) as act:
        return service(act, *args, **kwargs)
