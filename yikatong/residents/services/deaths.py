"""Deaths of a whole list, approved by two people, recorded as a set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection
from django.db.models.expressions import RawSQL

from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.lifecycle import advance_all
from yikatong.residents.facts import DIED
from yikatong.residents.models import Resident
from yikatong.residents.rules import LIFE, Trust, source_problem

_STAGING = "CREATE TEMP TABLE resident_deaths (resident_id bigint PRIMARY KEY, died_on date) ON COMMIT DROP"
_LIVING = """
DELETE FROM resident_deaths d USING residents_resident r WHERE r.id = d.resident_id AND r.state = 'dead'
"""
_CHANGES = """
INSERT INTO residents_lifechange (resident_id, event, before, after, "on", source, trust, by, takes_back, at, act)
SELECT r.id, 'die', r.state, 'dead', d.died_on, %(source)s, %(trust)s, %(by)s, '', %(at)s, %(act)s
  FROM resident_deaths d JOIN residents_resident r ON r.id = d.resident_id ORDER BY r.id
"""
_ROWS = """
SELECT 'resident:' || r.id, r.id, r.region, '', jsonb_build_object('on', d.died_on)
  FROM resident_deaths d JOIN residents_resident r ON r.id = d.resident_id
"""


def record_deaths(act: Act, *, days: Mapping[int, date], source: str, trust: Trust) -> int:
    """Record that these people (id -> day) died, in one entry; who is recorded as dead already stays as they are.

    The caller has had the list approved by a second person and the days checked against birth and today; a day after
    the act's, or a source that is none, raises ValueError. Returns how many were recorded.
    """
    if source_problem(source) is not None or any(day > act.today for day in days.values()):
        raise ValueError("deaths need their source, and days that have been")
    with connection.cursor() as cursor:
        cursor.execute(_STAGING)
        with copied(cursor, "COPY resident_deaths FROM STDIN") as copy:
            for row in days.items():
                copy.write_row(row)
        cursor.execute("ANALYZE resident_deaths")
        cursor.execute(
            "SELECT r.id FROM residents_resident r JOIN resident_deaths d ON d.resident_id = r.id "
            "ORDER BY r.id FOR NO KEY UPDATE OF r"
        )
        cursor.execute(_LIVING)
        cursor.execute("SELECT resident_id FROM resident_deaths")
        living = [key for (key,) in cursor.fetchall()]
        told = {"source": source, "trust": trust.value, "by": act.actor.code, "at": act.at, "act": act.id}
        cursor.execute(_CHANGES, told)
    day = RawSQL("(SELECT d.died_on FROM resident_deaths d WHERE d.resident_id = residents_resident.id)", [])
    count = advance_all(Resident.objects.filter(pk__in=living), LIFE, "die", state_source=source, died_on=day)
    act.record_rows(DIED, _ROWS, {}, source=source)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE resident_deaths")
    return count
