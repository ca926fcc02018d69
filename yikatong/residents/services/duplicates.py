"""Records that may be one person's: found, told apart, merged by two people, and parted again.

A merge moves nothing. The second record points at its survivor, who is shown with the orders, cards and documents of
both; undoing it takes the pointer away. Which of two may be merged at all, as to their cards, is for the floor above.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Q

from yikatong.basics.crypto import same
from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.lifecycle import advance
from yikatong.residents import facts
from yikatong.residents.comparing import MOST_IN_A_BLOCK, digests, evidence, records
from yikatong.residents.corrections import same_person
from yikatong.residents.duplicates import Record, Verdict, compare
from yikatong.residents.merging import DISTINCT, DUPLICATE, MERGE_ASKED, MERGED, OPEN, why_problem
from yikatong.residents.models import DuplicateKey, DuplicatePair, Resident
from yikatong.residents.pairs import DuplicateRow, duplicate_row
from yikatong.residents.services.locked import locked, unknown

SLICE = 2_000
_WITHOUT_KEYS = """
SELECT r.id FROM residents_resident r
 WHERE r.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM residents_duplicatekey k WHERE k.resident_id = r.id)
 ORDER BY r.id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
_PAIRS = """
WITH mine AS MATERIALIZED (SELECT DISTINCT key FROM residents_duplicatekey WHERE resident_id = ANY(%(new)s)),
     useful AS MATERIALIZED (SELECT k.key FROM residents_duplicatekey k JOIN mine USING (key)
                              GROUP BY k.key HAVING count(*) BETWEEN 2 AND %(most)s)
SELECT DISTINCT least(a.resident_id, b.resident_id), greatest(a.resident_id, b.resident_id)
  FROM useful u
  JOIN residents_duplicatekey a ON a.key = u.key AND a.resident_id = ANY(%(new)s)
  JOIN residents_duplicatekey b ON b.key = u.key AND b.resident_id <> a.resident_id
  JOIN residents_resident r ON r.id = b.resident_id AND r.merged_into_id IS NULL
"""
_FOUND = """
SELECT 'duplicate:' || d.id, r.id, r.region, '', jsonb_build_object('pair', d.id)
  FROM residents_duplicatepair d JOIN residents_resident r ON r.id IN (d.one_id, d.other_id)
 WHERE d.id = ANY(%(pairs)s)
"""


def find_duplicates(act: Act, most: int = SLICE) -> int:
    """Compare up to `most` people who are new or whose particulars changed with everybody; returns how many people.

    Pairs alike enough are proposed; one found to be two people only if what that was decided on has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_KEYS, [most])
        new = [row[0] for row in cursor.fetchall()]
    if not new:
        return 0
    _compare(act, new)
    return len(new)


def find_duplicates_of(act: Act, resident_id: int) -> int | Refused:
    """Compare one person with everybody at once; returns how many pairs of theirs wait to be looked at.

    Refused: resident.unknown (a merged record, too).
    """
    row = locked(resident_id)
    if row is None:
        return unknown()
    DuplicateKey.objects.filter(resident=row).delete()
    _compare(act, [row.pk])
    theirs = DuplicatePair.objects.filter(Q(one=row) | Q(other=row))
    return theirs.filter(state__in=(OPEN.code, MERGE_ASKED.code)).count()


def remember_apart(act: Act, resident_id: int, *, others: Iterable[int], why: str) -> None:
    """Of one person just registered: compare them with everybody, and tell apart from those a clerk saw and found to
    be `others`. Whoever else turns out alike is a pair to be looked at."""
    find_duplicates_of(act, resident_id)
    seen = Q(one=resident_id, other__in=list(others)) | Q(other=resident_id, one__in=list(others))
    for pair_id in DuplicatePair.objects.filter(seen, state=OPEN.code).values_list("pk", flat=True):
        told = tell_apart(act, pair_id, why=why)
        assert not isinstance(told, Refused), told.code


def _compare(act: Act, new: list[int]) -> None:
    """Give these people, who have none, their keys, and propose the pairs they make with anybody."""
    known = records(new)
    with connection.cursor() as cursor:
        with copied(cursor, "COPY residents_duplicatekey (resident_id, key) FROM STDIN") as copy:
            for record in known.values():
                for key in digests(record):
                    copy.write_row((record.id, key))
        cursor.execute(_PAIRS, {"new": new, "most": MOST_IN_A_BLOCK})
        candidates = cursor.fetchall()
    proposed: list[int] = []
    for some in _slices(candidates, SLICE):
        compared = known | records({each for pair in some for each in pair} - known.keys())
        for one, other in some:
            verdict = compare(compared[one], compared[other])
            if verdict.enough:
                proposed += _propose(act, compared[one], compared[other], verdict)
    if proposed:
        act.record_rows(facts.DUPLICATES_FOUND, _FOUND, {"pairs": proposed}, pairs=len(proposed))


def tell_apart(act: Act, pair_id: int, *, why: str) -> DuplicateRow | Refused:
    """Decide that two records are two people's; remembered until either's particulars change.

    Refused: duplicate.unknown, duplicate.state, merge.why.
    """
    pair = _pair(pair_id, OPEN.code, why)
    if isinstance(pair, Refused):
        return pair
    both = records((pair.one_id, pair.other_id))
    _decide(
        act,
        pair,
        "tell_apart",
        facts.TOLD_APART,
        why,
        maker=act.actor.code,
        maker_name=act.actor.name[:40],
        asked_at=act.at,
        checker="",
        evidence=evidence(both[pair.one_id], both[pair.other_id]),
    )
    return duplicate_row(pair)


def ask_merge(act: Act, pair_id: int, *, survivor: int, why: str) -> DuplicateRow | Refused:
    """Ask for two records to be one, under the record `survivor` (its id).

    Refused: duplicate.unknown, duplicate.state, merge.why, merge.survivor (neither of the two), merge.chain.
    """
    pair = _pair(pair_id, OPEN.code, why)
    if isinstance(pair, Refused):
        return pair
    if survivor not in (pair.one_id, pair.other_id):
        return Refused(
            "merge.survivor",
            "请选择保留两份档案中的一份。",
            "Choose one of the two records to stay.",
            at="survivor",
        )
    refused = _chain(pair, survivor)
    if refused is not None:
        return refused
    both = records((pair.one_id, pair.other_id))
    _decide(
        act,
        pair,
        "ask",
        facts.MERGE_ASKED,
        why,
        survivor_id=survivor,
        maker=act.actor.code,
        maker_name=act.actor.name[:40],
        asked_at=act.at,
        checker="",
        decided_at=None,
        evidence=evidence(both[pair.one_id], both[pair.other_id]),
    )
    return duplicate_row(pair)


def send_merge_back(act: Act, pair_id: int, *, why: str) -> DuplicateRow | Refused:
    """Send a merge back to be looked at again. Refused: duplicate.unknown, duplicate.state, merge.why."""
    pair = _pair(pair_id, MERGE_ASKED.code, why)
    if isinstance(pair, Refused):
        return pair
    _decide(act, pair, "send_back", facts.MERGE_SENT_BACK, why, survivor_id=None)
    return duplicate_row(pair)


def merge(act: Act, pair_id: int) -> DuplicateRow | Refused:
    """Approve a merge: the other record points at its survivor from now on.

    Refused: duplicate.unknown, duplicate.state, correction.same_person, merge.changed (particulars changed since it
    was asked for), merge.chain (one of the two is merged already, or the second record is itself a survivor).
    """
    keep_pair(pair_id)
    pair = _pair(pair_id, MERGE_ASKED.code)
    if isinstance(pair, Refused):
        return pair
    if (refused := same_person(pair.maker, act.actor.code)) is not None:
        return refused
    assert pair.survivor_id is not None
    rows = {row.pk: row for row in _both(pair)}
    if (refused := _chain(pair, pair.survivor_id)) is not None:
        return refused
    both = records(rows)
    if not same(bytes(pair.evidence), evidence(both[pair.one_id], both[pair.other_id])):
        return Refused(
            "merge.changed",
            "提请之后两人的资料已有变动，请退回后重新核对。",
            "The particulars changed since this was asked for; send it back and compare again.",
        )
    second = rows[pair.other_id if pair.survivor_id == pair.one_id else pair.one_id]
    second.merged_into_id = pair.survivor_id
    second.save(update_fields=["merged_into"])
    _decide(act, pair, "merge", facts.MERGED, pair.why, checker=act.actor.code, decided_at=act.at)
    return duplicate_row(pair)


def undo_merge(act: Act, pair_id: int, *, why: str) -> DuplicateRow | Refused:
    """Part two merged records again, each with what it had. Refused: duplicate.unknown, duplicate.state, merge.why,
    correction.same_person (not by who asked for the merge).
    """
    keep_pair(pair_id)
    pair = _pair(pair_id, MERGED.code, why)
    if isinstance(pair, Refused):
        return pair
    if (refused := same_person(pair.maker, act.actor.code)) is not None:
        return refused
    for row in _both(pair):
        if row.merged_into_id == pair.survivor_id and row.pk != pair.survivor_id:
            row.merged_into = None
            row.save(update_fields=["merged_into"])
    _decide(
        act,
        pair,
        "undo",
        facts.UNMERGED,
        why,
        survivor_id=None,
        checker=act.actor.code,
        decided_at=act.at,
    )
    return duplicate_row(pair)


def _slices(pairs: Iterable[tuple[int, int]], size: int) -> Iterator[list[tuple[int, int]]]:
    rest = iter(pairs)
    while some := list(islice(rest, size)):
        yield some


def _propose(act: Act, one: Record, other: Record, verdict: Verdict) -> list[int]:
    """Keep one pair; its id where it is to be looked at (anew)."""
    reasons = [[each.code, round(each.bits, 1)] for each in verdict.reasons]
    pair = DuplicatePair.objects.select_for_update(no_key=True).filter(one=one.id, other=other.id).first()
    if pair is None:
        made = DuplicatePair.objects.create(
            one_id=one.id,
            other_id=other.id,
            score=verdict.score,
            reasons=reasons,
            evidence=evidence(one, other),
            found_at=act.at,
        )
        return [made.pk]
    now = evidence(one, other)
    if pair.state == OPEN.code:
        pair.score, pair.reasons, pair.evidence = verdict.score, reasons, now
        pair.save(update_fields=["score", "reasons", "evidence"])
    elif pair.state == DISTINCT.code and not same(bytes(pair.evidence), now):
        advance(
            pair,
            DUPLICATE,
            "compare_again",
            score=verdict.score,
            reasons=reasons,
            evidence=now,
            found_at=act.at,
        )
        return [pair.pk]
    return []


def _pair(pair_id: int, state: str, why: str | None = None) -> DuplicatePair | Refused:
    if why is not None and (refused := why_problem(why)) is not None:
        return refused
    pair = DuplicatePair.objects.select_for_update(no_key=True).filter(pk=pair_id).first()
    if pair is None:
        return Refused("duplicate.unknown", "没有这一对疑似重复人员。", "There is no such pair.")
    if pair.state != state:
        now = DUPLICATE.state(pair.state)
        return Refused(
            "duplicate.state",
            f"这一对现为“{now.zh}”，不能办理这一步，请刷新后再看。",
            f"This pair is now “{now.en}”; look at it again.",
        )
    return pair


def keep_pair(pair_id: int) -> None:
    """Lock both people of a pair until the act ends: people before their pair, as the nightly comparison does."""
    both = DuplicatePair.objects.filter(pk=pair_id).values_list("one_id", "other_id").first() or ()
    list(Resident.objects.select_for_update(no_key=True).filter(pk__in=both).order_by("pk").values_list("pk"))


def _both(pair: DuplicatePair) -> list[Resident]:
    return list(Resident.objects.filter(pk__in=(pair.one_id, pair.other_id)).order_by("pk"))


def _chain(pair: DuplicatePair, survivor: int) -> Refused | None:
    second = pair.other_id if survivor == pair.one_id else pair.one_id
    merged = Resident.objects.filter(pk__in=(pair.one_id, pair.other_id), merged_into__isnull=False).exists()
    if not merged and not Resident.objects.filter(merged_into=second).exists():
        return None
    return Refused(
        "merge.chain",
        "其中一份已与别的档案合并，请先撤销那次合并，或改选保留它。",
        "One of the two is merged with another record already; undo that first, or let that one stay.",
    )


def _decide(act: Act, pair: DuplicatePair, event: str, kind: Kind, why: str, **also: Any) -> None:
    advance(pair, DUPLICATE, event, why=why.strip(), **also)
    for mine, theirs in ((pair.one_id, pair.other_id), (pair.other_id, pair.one_id)):
        region = Resident.objects.values_list("region", flat=True).get(pk=mine)
        act.record(
            kind,
            subject=f"duplicate:{pair.pk}",
            person=mine,
            region=region,
            pair=pair.pk,
            other=theirs,
            why=why.strip(),
        )
