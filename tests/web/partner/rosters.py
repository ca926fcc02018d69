"""A department's own system: rosters of farmland, brought over the API and followed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.benefits import envelopes
from tests.benefits.envelopes import holder, roster
from tests.cards.in_hand import at, got
from yikatong.benefits.services.judging import judge_batch
from yikatong.office.act import Actor
from yikatong.office.appointments import admit_partner
from yikatong.residents.models import Resident

BATCHES = "/api/v1/benefit-batches"
HEAD = envelopes.LAND["head"]


@dataclass
class Department:
    """A partner that may bring rosters. Its clock is the tests' noon."""

    client: Client
    key: str
    id: int

    @property
    def actor(self) -> Actor:
        return Actor(f"partner:{self.id}", "农业农村局")

    def bring(self, content: bytes, key: str = "k-1", **other: object) -> Any:
        rows = content.decode().splitlines()[1:]
        fen = sum(round(float(each.rsplit(",", 1)[1]) * 100) for each in rows)
        declared = {
            "programme": "farmland",
            "period": "2025",
            "declared_rows": len(rows),
            "declared_fen": fen,
        }
        file = SimpleUploadedFile("清册.csv", content, "text/csv")
        return self.client.post(
            BATCHES, {**declared, **other, "roster": file}, headers=self.headers | {"Idempotency-Key": key}
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def get(self, path: str = "", **query: object) -> Any:
        return self.client.get(BATCHES + path, query, headers=self.headers)

    def post(self, path: str, body: object = None) -> Any:
        return self.client.post(
            BATCHES + path, body or {}, content_type="application/json", headers=self.headers
        )


def department(code: str = "nongye", *purposes: str) -> Department:
    with at() as act:
        partner, key = admit_partner(
            act,
            code=code,
            name="农业农村局",
            purposes=list(purposes or ("pay:farmland",)),
            expires_on=date(2026, 12, 31),
            per_minute=1000,
        )
    return Department(Client(), key, partner.pk)


def land_roster(*people: Resident, yuan: str = "150.00") -> bytes:
    return roster([(each.name, each.number, "2.00", yuan) for each in people], HEAD)


def judged_by_house(number: str) -> None:
    with at() as act:
        got(judge_batch(act, number))


def holders(count: int = 3) -> list[Resident]:
    return [holder() for _ in range(count)]
