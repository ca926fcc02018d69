"""What each line of a unit's list comes to: against the base library, and by the counter's own noes.

The lines are judged as often as somebody asks: when the list comes in, when missing people have been registered, and
once more in the moment it is taken, since the base may have changed since it was approved.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import connection

from yikatong.basics.crypto import sm3
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.cards.album import people_lacking_photo
from yikatong.cards.collective import Outcome
from yikatong.cards.models import ApplicationList
from yikatong.cards.roll import BadRow, RollRow, Told, told
from yikatong.cards.services.apply_many import who_may_apply
from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.rulebook import whole
from yikatong.office.sealing import lookup, ready
from yikatong.residents.lists import limits_on
from yikatong.residents.rules import Trust
from yikatong.residents.services.comparing import COMPARED
from yikatong.residents.services.register import name_differs
from yikatong.residents.sheets import Limits

LACKING_PHOTO, PHONES = "lacking_photo", "phones"
TRUST = Trust.UNIT
"""A phone is what a person signs in to the portal with: a unit's word never takes the place of their own."""
_COPY = """
COPY cards_listline (application_list_id, line, number_key, folded, division, outcome, problems, phone_key, phone_shown,
                     phone_comes) FROM STDIN
"""
# A number of a former document finds its bearer, and a merged record its survivor; either record's name will do.
_FOUND = """
SELECT l.line, encode(l.number_key, 'hex'), l.folded, r.id, r.name, l.folded IN (r.name_folded, p.name_folded)
  FROM cards_listline l
  LEFT JOIN residents_resident n ON n.number_key = l.number_key
  LEFT JOIN LATERAL (SELECT resident_id FROM residents_identitydocument d
                      WHERE d.number_key = l.number_key AND n.id IS NULL ORDER BY d.id LIMIT 1) d ON true
  LEFT JOIN residents_resident p ON p.id = coalesce(n.id, d.resident_id)
  LEFT JOIN residents_resident r ON r.id = coalesce(p.merged_into_id, p.id)
 WHERE l.application_list_id = %s AND l.number_key <> ''
 ORDER BY l.line
"""
_SETTLE = """
UPDATE cards_listline l SET outcome = j.outcome, resident_id = j.resident_id, problems = j.problems
  FROM unnest(%(lines)s::int[], %(outcomes)s::text[], %(residents)s::bigint[], %(problems)s::jsonb[])
       AS j (line, outcome, resident_id, problems)
 WHERE l.application_list_id = %(list)s AND l.line = j.line
   AND (l.outcome, l.resident_id, l.problems) IS DISTINCT FROM (j.outcome, j.resident_id, j.problems)
"""
# What the phones of good lines come to, by the rule of lists of people.
_OF_GOOD = """(SELECT line, resident_id, phone_key, ''::text AS address, ''::text AS region, ''::text AS ethnicity
                 FROM cards_listline
                WHERE application_list_id = %(list)s AND outcome = %(good)s AND phone_key <> '')"""
_PHONES = f"""
UPDATE cards_listline l SET phone_comes = j.comes
  FROM (SELECT s.line, CASE WHEN s.outcome <> %(good)s OR s.phone_key = '' THEN ''
                            WHEN c.line IS NULL THEN 'same' WHEN NOT c.taken THEN 'kept'
                            WHEN count(*) FILTER (WHERE s.phone_key <> '') OVER (PARTITION BY s.phone_key) > %(most)s
                            THEN 'of_many'
                            WHEN c.old = '' THEN 'new' ELSE 'changed' END AS comes
          FROM cards_listline s LEFT JOIN ({COMPARED.format(rows=_OF_GOOD)}) c ON c.line = s.line
         WHERE s.application_list_id = %(list)s) j
 WHERE l.application_list_id = %(list)s AND l.line = j.line AND l.phone_comes <> j.comes
"""  # noqa: S608 - only texts of the house are put into the statement


class _Found(NamedTuple):
    line: int
    key: str
    folded: str
    resident_id: int | None
    known: str | None
    same_name: bool | None


class _Judged(NamedTuple):
    line: int
    outcome: str
    resident_id: int | None
    problems: tuple[Told, ...]


def limits(act: Act) -> Limits:
    """How large a unit's file may be today (`import.*`, `card.list_rows`)."""
    return replace(limits_on(act.today), rows=whole("card.list_rows", act.today))


def lay_out(act: Act, row: ApplicationList, rows: Iterable[RollRow | BadRow]) -> None:
    """Lay the rows of a list's file out, to be judged. Part of bringing it: `act` records that."""
    ready()
    with connection.cursor() as cursor, copied(cursor, _COPY) as copy:
        for each in rows:
            if isinstance(each, RollRow):
                copy.write_row(
                    (
                        row.pk,
                        each.line,
                        lookup(Sensitive.IDENTITY_NUMBER, each.number),
                        each.folded,
                        each.division,
                        Outcome.GOOD.value,
                        "[]",
                        lookup(Sensitive.PHONE, each.phone),
                        mask(Sensitive.PHONE, each.phone),
                        "",
                    )
                )
            else:
                problems = _kept(each.problems)
                copy.write_row((row.pk, each.line, b"", "", "", Outcome.CELLS.value, problems, b"", "", ""))


def judge_lines(act: Act, row: ApplicationList) -> bytes:
    """Judge every line as things stand now, and keep what each comes to; returns the judgement over all of them.

    `row.counts` is set and not saved.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cards_listline")
        cursor.execute(_FOUND, [row.pk])
        found = [_Found(*each) for each in cursor.fetchall()]
    judged = list(_judged(act, found))
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            {
                "list": row.pk,
                "lines": [each.line for each in judged],
                "outcomes": [each.outcome for each in judged],
                "residents": [each.resident_id for each in judged],
                "problems": [_kept(each.problems) for each in judged],
            },
        )
        cursor.execute(
            "SELECT count(*) FROM cards_listline WHERE application_list_id = %s AND number_key = ''", [row.pk]
        )
        bad = cursor.fetchone()[0]
    good = [each.resident_id for each in judged if each.outcome == Outcome.GOOD and each.resident_id]
    counts: dict[str, Any] = dict(Counter(each.outcome for each in judged))
    if bad:
        counts[Outcome.CELLS.value] = bad
    counts[LACKING_PHOTO] = people_lacking_photo(good, act.today)
    phones = _phones(act, row)
    counts[PHONES] = dict(Counter(phones.values()))
    row.counts = counts
    choices = [row.unit_id, row.outlet_id, row.bank_code, row.only_good]
    lines = "\n".join(
        f"{each.line}:{each.outcome}:{each.resident_id or ''}:{phones.get(each.line, '')}" for each in judged
    )
    return sm3(bytes(row.digest), json.dumps(choices).encode(), lines.encode())


def _phones(act: Act, row: ApplicationList) -> dict[int, str]:
    """What the phone of each good line comes to, by line (lines without one are left out)."""
    with connection.cursor() as cursor:
        most = whole("card.list_phone_shared", act.today)
        told: dict[str, int | str] = {
            "list": row.pk,
            "good": Outcome.GOOD.value,
            "trust": TRUST.value,
            "most": most,
        }
        cursor.execute(_PHONES, told)
        cursor.execute(
            "SELECT line, phone_comes FROM cards_listline WHERE application_list_id = %s AND phone_comes <> ''",
            [row.pk],
        )
        return dict(cursor.fetchall())


def _judged(act: Act, found: list[_Found]) -> Iterator[_Judged]:
    people = [each.resident_id for each in found if each.resident_id is not None]
    _, left_out = who_may_apply(act, people)
    noes = {each.resident_id: each.refused for each in left_out}
    at_once: dict[object, list[int]] = {}
    for each in found:
        at_once.setdefault(each.resident_id or each.key, []).append(each.line)
    for each in found:
        lines = at_once[each.resident_id or each.key]
        outcome, problem = _comes_to(each, lines, noes)
        yield _Judged(each.line, outcome, each.resident_id, (problem,) if problem else ())


def _comes_to(row: _Found, lines: list[int], noes: dict[int, Refused]) -> tuple[str, Told | None]:
    who = mask(Sensitive.NAME, row.folded)
    if len(lines) > 1:
        return Outcome.REPEATED.value, told("", who, _again(lines))
    if row.resident_id is None:
        return Outcome.UNKNOWN.value, told("", who, _unknown())
    if not row.same_name:
        return Outcome.NAME.value, told("姓名", who, name_differs(row.known or ""))
    refused = noes.get(row.resident_id)
    if refused is None:
        return Outcome.GOOD.value, None
    return refused.code, told("", who, refused)


def _unknown() -> Refused:
    return Refused(
        "order.unknown_person",
        "人员库中没有此人。请先用“导入名单”登记，再回到本名单重新核验。",
        "This person is not registered. Bring them in by a list of people first, then have this list judged again.",
    )


def _again(lines: list[int]) -> Refused:
    zh, en = "、".join(map(str, lines[:5])), ", ".join(map(str, lines[:5]))
    return Refused(
        "row.repeated",
        f"同一人出现在第{zh}行，请只留一行。",
        f"The same person stands in rows {en}; keep one of them.",
    )


def _kept(problems: Iterable[Told]) -> str:
    return json.dumps([each._asdict() for each in problems], ensure_ascii=False)
