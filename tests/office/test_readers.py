"""Looking into the journal: by person, thing, kind and day, newest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yikatong.office.facts import EXPORTED, PARTNER_ADMITTED
from yikatong.office.readers import look_up

pytestmark = pytest.mark.django_db

FIRST = datetime(2025, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SET = (
    "SELECT 'card:' || n, n::bigint, '610404', '61040401', jsonb_build_object('rows', n) "
    "FROM generate_series(1, 3) AS n"
)


@pytest.fixture(autouse=True)
def written(acting):
    """One entry about card 1 and person 1, a set about cards 1 to 3 and their holders, one about a partner."""
    with acting(at=FIRST) as act:
        act.record(EXPORTED, subject="card:1", person=1, what="一", rows=1)
    with acting(at=FIRST + timedelta(hours=1)) as act:
        act.record_rows(EXPORTED, SET, {}, what="二")
    with acting(at=FIRST + timedelta(hours=2)) as act:
        act.record(PARTNER_ADMITTED, partner="医保局", purposes="就医")


def test_without_a_question_there_is_one_line_an_entry_newest_first():
    rows = look_up()
    assert [(r.kind, r.rows) for r in rows] == [
        (PARTNER_ADMITTED.code, None),
        (EXPORTED.code, 3),
        (EXPORTED.code, None),
    ]


def test_a_person_has_their_own_row_of_each_set():
    assert [r.payload["what"] for r in look_up(person=1)] == ["二", "一"]
    (row,) = look_up(person=3)
    assert (row.subject, row.region, row.outlet, row.payload) == (
        "card:3",
        "610404",
        "61040401",
        {"what": "二", "rows": 3},
    )
    assert row.row is not None and row.rows is None
    assert look_up(person=4) == ()


def test_a_thing_has_its_own_too():
    assert [r.person for r in look_up(subject="card:2")] == [2]
    assert [r.kind for r in look_up(subject="")] == [PARTNER_ADMITTED.code]


def test_a_row_reads_as_a_sentence_in_both_languages():
    (row,) = look_up(person=3)
    assert row.zh == "王经办 导出 二（3 行）"
    assert row.en == "王经办 exported 二 (3 rows)"
    assert row.at == FIRST + timedelta(hours=1)


@pytest.mark.parametrize("kind", [PARTNER_ADMITTED.code, [PARTNER_ADMITTED.code, "no.such"]])
def test_kinds_are_asked_for_by_one_or_several(kind):
    assert [r.kind for r in look_up(kind=kind)] == [PARTNER_ADMITTED.code]


def test_an_empty_list_of_kinds_finds_nothing():
    assert look_up(kind=[]) == ()


def test_the_end_of_a_span_does_not_belong_to_it():
    assert len(look_up(since=FIRST, until=FIRST + timedelta(hours=2))) == 2
    assert len(look_up(person=1, since=FIRST + timedelta(minutes=1))) == 1


def test_pages_follow_each_other_without_gap_or_repeat():
    pages = [look_up(limit=1, offset=n)[0].entry for n in range(3)]
    assert pages == [r.entry for r in look_up()]
    assert look_up(limit=1, offset=3) == ()


def test_what_is_asked_for_is_never_read_as_sql():
    assert look_up(subject="' OR 1=1 --") == ()
    assert look_up(kind="%(person)s {}") == ()
