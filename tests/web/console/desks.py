"""What a test does at a desk: go to a page, answer its questions, confirm, and read what it says."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import count

from django.http import HttpResponse
from django.test import Client

from tests.cards.factories import MORNING
from yikatong.basics.refused import Refused
from yikatong.cards.models import Order
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.appointments import appoint
from yikatong.office.duties import BANK_OPERATOR
from yikatong.office.models import Staff

BANK_OUTLET = "61040201"
"""Of bank 102, whose cards the tests' factories make."""
_serial = count(1)


def appointed(role: str, *, region: str = "610400", outlet: str = "", password: str | None = None) -> Staff:
    """A member of staff with one role; a bank's operator at that bank's outlet, where no other is said."""
    if role == BANK_OPERATOR and not outlet:
        outlet = BANK_OUTLET
    with open_act(Actor.system("test"), door=Door.TASK, at=MORNING) as act:
        staff = appoint(
            act,
            username=f"{role}{next(_serial)}",
            full_name=f"测试·{role[:8]}",
            roles=[role],
            region=region,
            outlet_code=outlet,
            password=password,
        )
    assert not isinstance(staff, Refused), staff.zh
    return staff


@dataclass
class Desk:
    """One member of staff's browser, without JavaScript."""

    client: Client

    def hand_over(self, order: Order) -> str:
        """Give a card to its holder, who signs on paper and is not photographed."""
        return self.confirm(
            f"orders/{order.number}/hand-over/",
            role="holder",
            shown_name=order.resident.name,
            unsigned_reason="纸质签名存档",
            no_photo_reason="摄像头故障",
        )

    def see(self, path: str, status: int = 200) -> str:
        """The page at this address."""
        response = self.client.get(f"/console/{path}")
        assert response.status_code == status, (path, response.status_code)
        return response.content.decode()

    def send(self, path: str, **answers: object) -> HttpResponse:
        """Send a form."""
        return self.client.post(f"/console/{path}", answers)  # type: ignore[return-value]

    def check(self, path: str, **answers: object) -> str:
        """Answer a task's questions; the page to check them over."""
        return self.send(path, step="check", **answers).content.decode()

    def confirm(self, path: str, **answers: object) -> str:
        """Confirm a task: the page one is led to, or the page that says no."""
        response = self.client.post(f"/console/{path}", {"step": "confirm", **answers}, follow=True)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def open(self, resident_id: int, purpose: str = "受理申领") -> str:
        """Open a person's record for a purpose."""
        response = self.client.post(
            f"/console/residents/{resident_id}/open/", {"purpose": purpose}, follow=True
        )
        return response.content.decode()


def refusals(page: str) -> list[str]:
    """What the error summary says, as text; empty where there is none."""
    found = re.search(r'<section class="yk-error-summary".*?</section>', page, re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL) if found else []
    return [html.unescape(re.sub(r"<.*?>", "", line)).strip() for line in lines]
