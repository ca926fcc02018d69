"""Whatever a clerk types is found, inside their region only, and from an index."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from tests.residents.people import acting, number_of, registered
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.residents import queries, services
from yikatong.residents.models import IdentityDocument
from yikatong.residents.search import By, plan, search

pytestmark = pytest.mark.django_db

NAMES = (
    "张伟",
    "张伟强",
    "小张伟",
    "单雄信",
    "阿依古丽·买买提",
    "欧阳若曦",
    "\U00020bb7田一",
    "MARIA SILVA",
    "吕布",
)
KINDS = {
    number_of(1): By.NUMBER,
    f"{number_of(1)[:-1].lower()}{number_of(1)[-1]} ": By.NUMBER,
    number_of(1)[-6:]: By.NUMBER_END,
    number_of(1)[-4:]: By.NUMBER_END,
    number_of(1)[:14]: By.NUMBER_BEGINNING,
    "610499800517001": By.NUMBER,
    "13800000001": By.PHONE,
    "029-12345678": By.PHONE,
    "张伟": By.NAME,
    "张": By.NAME,
    "伟": By.NAME,
    "伟强": By.NAME,
    "古丽·买": By.NAME,
    "zhangwei": By.PINYIN,
    "zw": By.PINYIN,
    "???": By.NOTHING,
    "": By.NOTHING,
}


@pytest.fixture
def some(db: None) -> None:
    rows = [(number_of(i), name, "610402", f"1380000000{i}") for i, name in enumerate(NAMES, start=1)]
    with acting() as act:
        assert services.load_people(act, rows, "省平台") == len(NAMES)


def found(text: str, scope: Scope = EVERYWHERE, limit: int = 20) -> list[str]:
    return [row.name for row in search(text, scope, limit).rows]


@pytest.mark.parametrize(("text", "by"), KINDS.items())
def test_what_was_typed_is_recognised(text: str, by: By):
    assert plan(text)[0] is by


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (number_of(1), ["张伟"]),
        (f"６{number_of(1)[1:]}", ["张伟"]),
        (number_of(2)[-5:].lower(), ["张伟强"]),
        (number_of(3)[:17], ["小张伟"]),
        ("13800000004", ["单雄信"]),
        ("138 0000 0004", ["单雄信"]),
        ("张伟", ["张伟", "张伟强", "小张伟"]),
        ("张", ["张伟", "张伟强", "小张伟"]),
        ("强", ["张伟强"]),
        ("伟强", ["张伟强"]),
        ("张伟强", ["张伟强"]),
        ("古丽买买", ["阿依古丽·买买提"]),
        ("阿依古丽•买买提", ["阿依古丽·买买提"]),
        ("古丽.买", ["阿依古丽·买买提"]),
        ("若曦", ["欧阳若曦"]),
        ("\U00020bb7", ["\U00020bb7田一"]),
        ("zhangwei", ["张伟"]),
        ("Zhang Wei", ["张伟"]),
        ("zhāng wěi", ["张伟"]),
        ("zwq", ["张伟强"]),
        ("shanxiongxin", ["单雄信"]),
        ("lvbu", ["吕布"]),
        ("lü bu", ["吕布"]),
        ("maria", ["MARIA SILVA"]),
        ("maria silva", ["MARIA SILVA"]),
        ("silva", ["MARIA SILVA"]),
        ("李", []),
        ("%", []),
        ("张%", []),
        ("_", []),
    ],
)
@pytest.mark.usefixtures("some")
def test_people_are_found_best_first(text: str, names: list[str]):
    assert found(text) == names


@pytest.mark.usefixtures("some")
def test_pairs_that_stand_apart_are_not_taken_for_the_whole():
    with acting() as act:
        services.load_people(act, [(number_of(40), "买买提·古丽·买提", "610402")], "省平台")
    assert found("古丽买买") == ["阿依古丽·买买提"]


@pytest.mark.usefixtures("some")
def test_only_people_of_the_region_are_found():
    for text in ("张伟", number_of(1), "13800000001", "zw", number_of(1)[-4:]):
        assert found(text, Scope("610400")), text
        assert not found(text, Scope("610403")), text
        assert not found(text, Scope("")), text


@pytest.mark.usefixtures("some")
def test_a_full_page_says_that_there_is_more():
    assert search("张", EVERYWHERE, 2).more
    assert found("张", limit=2) == ["张伟", "张伟强"]
    assert not search("张", EVERYWHERE, 3).more


def test_one_of_a_crowd_is_found_however_few_the_index_gives_at_first(monkeypatch, db: None):
    monkeypatch.setattr("yikatong.residents.search.CROWD", 3)
    rows = [(number_of(serial), f"张{chr(0x4E10 + serial)}驰", "610402") for serial in range(1, 400)]
    with acting() as act:
        services.load_people(act, [*rows, (number_of(400), "李山驰", "610403")], "省平台")
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('resident_grams'); SET LOCAL enable_seqscan = off")
    assert found("驰", Scope("610403")) == ["李山驰"]
    assert len(found("驰", Scope("610402"))) == 20
    assert found("山驰") == ["李山驰"]


@pytest.mark.usefixtures("centre")
def test_an_older_document_leads_to_its_person():
    person = registered()
    IdentityDocument.objects.create(
        resident_id=person.id, type="old", number="610499800517001", seen_at="2025-01-01T00:00Z"
    )
    assert found("610499800517001") == ["林小满"]
    known = queries.person_by_number("610499800517001")
    assert known is not None and known.id == person.id


def test_every_kind_of_search_is_answered_from_an_index(db: None):
    dice = Random(7)
    given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
    rows = [
        (
            number_of(serial % 1000, _birth(serial)),
            f"{dice.choice('张王李赵')}{dice.choice(given)}{dice.choice(given)}",
            "610402",
            f"12{serial:09d}",
        )
        for serial in range(5_000)
    ]
    with acting() as act:
        services.load_people(act, rows, "省平台")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE residents_resident")
    for text in (
        rows[9][0],
        rows[9][0][-4:],
        rows[9][0][-6:],
        rows[9][0][:14],
        rows[9][3],
        "张伟芳",
        "张",
        "芳",
        "伟芳",
        "伟芳娜",
        "张伟芳娜",
        "zhangweifang",
        "zwf",
        "maria silva",
    ):
        for step in plan(text)[1]:
            with connection.cursor() as cursor:
                values = {**step.values, "scope": "6104%", "seen": [], "most": 21}
                cursor.execute("EXPLAIN " + step.sql, values)
                told = "\n".join(line for (line,) in cursor.fetchall())
            assert "Index" in told and "Seq Scan on residents_resident " not in told, f"{text}: {told}"


def _birth(serial: int) -> date:
    return date(1950, 1, 1) + timedelta(days=serial)
