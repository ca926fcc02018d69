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
from yikatong.office.duties import BANK_OPERATOR

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
    ("benefits", "许岚", ("benefit_clerk",)),
    ("department", "顾斌", ("benefit_approver",)),
    ("finance", "江月", ("benefit_finance",)),
    ("payer", "宋涛", ("benefit_payer",)),
    ("reconciler", "潘慧", ("benefit_reconciler",)),
    ("supervisor", "路遥", ("fund_supervisor",)),
)


@dataclass
class Crew:
    """Everyone who acts for the centre: by user name, clerks by outlet code, banks' operators by outlet and by bank."""

    staff: dict[str, Actor] = field(default_factory=dict)
    clerks: dict[str, Actor] = field(default_factory=dict)
    operators: dict[str, Actor] = field(default_factory=dict)

    def operator_for(self, outlet: str, bank: str) -> Actor:
        """Who activates an account: the operator where the card was collected, else one of the card's bank."""
        return self.operators.get(outlet) or self.operators[bank]


def appoint_crew(act: Act, region: str) -> Crew:
    """Appoint the centre's own staff for the city, a clerk at each outlet, and an operator where a bank runs it.

    The centre's staff, the first clerk and the first operator have a password; the others only act.
    """
    crew = Crew()
    for username, name, roles in CENTRE_STAFF:
        crew.staff[username] = _appoint(act, username, name, roles, region, "", PASSWORD)
    for number, outlet in enumerate(places.outlets(), start=1):
        crew.clerks[outlet.code] = _at(act, outlet, f"clerk{number}", "经办", "outlet_clerk")
    for number, outlet in enumerate((each for each in places.outlets() if each.bank_code), start=1):
        operator = _at(act, outlet, f"bank{number}", "银行经办", BANK_OPERATOR)
        crew.operators[outlet.code] = operator
        crew.operators.setdefault(outlet.bank_code, operator)
    return crew


def _at(act: Act, outlet: places.OutletRow, username: str, title: str, role: str) -> Actor:
    password = PASSWORD if username in ("clerk1", "bank1") else None
    name = f"{outlet.name[:2]}{title}"
    return _appoint(act, username, name, (role,), outlet.region, outlet.code, password)


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
