"""Everybody is found as if each were looked for alone: by today's number, an older document, or as a second record."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.benefits.envelopes import holder
from tests.cards.in_hand import NOON, a_person
from yikatong.basics.periods import Period
from yikatong.benefits.laying import _ROSTER, Question, judged
from yikatong.benefits.programme import programmes
from yikatong.benefits.terms import terms_of
from yikatong.cards.rules import CARD, ENDED
from yikatong.residents.models import IdentityDocument, Resident

pytestmark = pytest.mark.usefixtures("city")

_ALONE = """
SELECT s.line, p.id, p.name_folded, p.state, p.died_on, p.region, p.phone_key, c.id, c.state, c.bank_state,
       c.collected_at IS NOT NULL OR c.state <> %(fresh)s,
       CASE WHEN p.id IS NOT NULL THEN 'r' || p.id WHEN s.number_key <> '' THEN encode(s.number_key, 'hex') END
  FROM roster s
  LEFT JOIN residents_resident r ON r.number_key = s.number_key AND s.number_key <> ''
  LEFT JOIN residents_resident p ON p.id = CASE WHEN r.id IS NOT NULL THEN coalesce(r.merged_into_id, r.id)
       ELSE (SELECT coalesce(o.merged_into_id, o.id)
               FROM residents_identitydocument d JOIN residents_resident o ON o.id = d.resident_id
              WHERE d.number_key = s.number_key AND s.number_key <> '' ORDER BY d.id LIMIT 1) END
  LEFT JOIN cards_card c ON c.resident_id = p.id AND c.state <> %(ended)s ORDER BY s.line
"""
_TOGETHER = """
SELECT line, resident_id, name_folded, life, died_on, region, phone_key, card_id, card, bank, collected, who
  FROM benefit_found ORDER BY line
"""


def known_before(person: Resident, number: str) -> bytes:
    IdentityDocument.objects.create(
        resident=person, type="citizen_id", number=number, seen_at=NOON, until=NOON
    )
    return bytes(IdentityDocument.objects.get(resident=person, until=NOON).number_key)


def test_everybody_is_found_as_if_looked_for_alone():
    plain, lost, without = holder("王一"), holder("李二", state="2"), a_person("周三")
    survivor, second, third = holder("吴四"), holder("吴四"), a_person("吴四")
    Resident.objects.filter(pk__in=[second.pk, third.pk]).update(merged_into=survivor)
    older, older_of_second = (
        known_before(plain, "610499900307001"),
        known_before(second, "610499900307002"),
    )
    keys = [
        *(bytes(each.number_key) for each in (plain, lost, without, survivor, second, third)),
        *(older, older_of_second, older, b"\x01" * 16, b"\x01" * 16, b""),
    ]
    pension = programmes()["pension"]
    period = Period.parse("2025-03")
    question = Question(0, pension, period, terms_of(pension, period.start), NOON.date())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ROSTER)
        cursor.executemany(
            "INSERT INTO roster VALUES (%s, NULL, %s, '', '', '', '', 1, '{}', '{}')",
            list(enumerate(keys, start=2)),
        )
        cursor.execute(_ALONE, {"ended": ENDED.code, "fresh": CARD.firsts[0].code})
        alone = cursor.fetchall()
        with judged(question):
            cursor.execute(_TOGETHER)
            assert cursor.fetchall() == alone
    people = [row[1] for row in alone]
    assert people[:3] == [plain.pk, lost.pk, without.pk] and set(people[3:6]) == {survivor.pk}
    assert people[6:] == [plain.pk, survivor.pk, plain.pk, None, None, None]
