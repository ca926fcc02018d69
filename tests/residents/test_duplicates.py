"""疑似重复: which records are taken for one person's, and which, however alike, are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.ids import check_digit, fifteen
from yikatong.basics.lookalikes import doubles, look_alike
from yikatong.bench._labelled import labelled
from yikatong.bench.duplicates import auto_4_7, blocked
from yikatong.residents.duplicates import Record, compare, keys, reason
from yikatong.residents.likeness import NameLikeness, NumberLikeness, name_likeness, number_likeness


def number(first17: str) -> str:
    return first17 + check_digit(first17)


NUMBER = number("61049919800517003")
BASE = Record(1, (NUMBER,), ("张晓红",), "1", date(1980, 5, 17), "610402", "13800000001")


def other(**changed: object) -> Record:
    return replace(BASE, id=2, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "another", "likeness"),
    [
        ("张晓红", "张晓红", NameLikeness.SAME),
        ("买买提•江", "买买提·江", NameLikeness.SAME),
        ("SMITH JOHN", "John Smith", NameLikeness.REORDERED),
        ("王小己", "王小已", NameLikeness.LOOK),
        ("張曉紅", "张晓红", NameLikeness.LOOK),
        ("李喆", "李?", NameLikeness.PLACEHOLDER),
        ("李喆", "李zhe", NameLikeness.PLACEHOLDER),
        ("李喆", "李\ue863", NameLikeness.PLACEHOLDER),
        ("张晓红", "张小虹", NameLikeness.SOUND),
        ("张晓明", "张晓敏", NameLikeness.NEAR),
        ("张晓红", "张晓伟", NameLikeness.PART),
        ("张晓红", "李国强", NameLikeness.OTHER),
    ],
)
def test_names_are_alike_in_their_ways(one, another, likeness):
    assert name_likeness((one,), (another,)) is likeness
    assert name_likeness((another,), (one,)) is likeness


def test_a_former_name_is_as_good_as_told():
    assert name_likeness(("林筱曼", "林小满"), ("林小满",)) is NameLikeness.FORMER


@pytest.mark.parametrize(
    ("another", "likeness"),
    [
        (NUMBER, NumberLikeness.SAME),
        (str(fifteen(NUMBER)), NumberLikeness.SAME),
        (NUMBER[:17] + "*", NumberLikeness.SEQUENCE_BROKEN),
        ("61049919810517003" + NUMBER[17], NumberLikeness.SLIP_BROKEN),
        (number("61049919850817003"), NumberLikeness.STRANGE),
        (number("61049918950517003"), NumberLikeness.STRANGE),
        (number("61049919800157003"), NumberLikeness.SLIP),
        (number("61049919810517003"), NumberLikeness.SLIP),
        (number("61049919800517005"), NumberLikeness.NEIGHBOURS),
        (number("61049919800517403"), NumberLikeness.SEQUENCE),
        (number("81000019800517403"), NumberLikeness.UNKNOWN),
        ("E12345678", NumberLikeness.UNKNOWN),
    ],
)
def test_numbers_are_alike_in_their_ways(another, likeness):
    assert number_likeness((NUMBER,), (another,)) is likeness
    assert number_likeness((another,), (NUMBER,)) is likeness


@pytest.mark.parametrize(
    "second",
    [
        other(names=("张小虹",), numbers=(str(fifteen(NUMBER)),), phone=""),
        other(names=("李国强",), numbers=(str(fifteen(NUMBER)),), phone=""),
        other(names=("张?红",), numbers=("610499198105170035",), birth_on=date(1981, 5, 17), phone=""),
        other(numbers=("E12345678",), birth_on=None, sex="9"),
        other(numbers=(number("61049919800517877"),)),
        other(names=("張曉紅",), numbers=(number("61049919800157003"),), birth_on=date(1980, 1, 57 % 28)),
    ],
)
def test_second_records_of_one_person_are_found(second):
    verdict = compare(BASE, second)
    assert verdict.enough, verdict
    assert keys(BASE) & keys(second)
    assert all(each.zh and each.en for each in verdict.reasons)


@pytest.mark.parametrize(
    "second",
    [
        other(names=("张晓敏",), numbers=(number("61049919800517005"),)),  # twins, whose names nearly rhyme
        other(
            numbers=(number("61049919800517877"),), phone="13900000009", share=1e-3
        ),  # namesakes of one day
        other(
            names=("张国强",), numbers=(number("61049919520301003"),), birth_on=date(1952, 3, 1)
        ),  # a father
        other(
            names=("张晓伟",), numbers=(number("61049919820301003"),), birth_on=date(1982, 3, 1)
        ),  # a brother
    ],
)
def test_two_people_are_left_alone(second):
    assert not compare(replace(BASE, share=second.share), second).enough


def test_a_verdict_does_not_depend_on_who_comes_first():
    second = other(names=("张小虹",), numbers=("610499198105170035",), phone="")
    assert compare(BASE, second) == compare(second, BASE)


def test_the_table_of_look_alikes_is_symmetric():
    assert look_alike("己", "已") and look_alike("已", "己") and not look_alike("己", "己")
    assert "巳" in doubles("已") and "已" not in doubles("已")
    assert all(look_alike("玮", each) for each in doubles("玮"))


def test_an_unknown_reason_is_a_broken_promise():
    with pytest.raises(KeyError):
        reason("name.unheard_of", 1.0)


@given(st.text(max_size=12), st.text(max_size=18))
def test_any_record_can_be_compared(name, typed):
    strange = other(names=(name,), numbers=(typed,), birth_on=None)
    assert compare(BASE, strange).score in range(101)
    assert keys(strange)


def test_a_labelled_set_is_searched_well_and_far_better_than_by_a_fuzzy_query():
    made = labelled(6_000, seed=5)
    assert labelled(6_000, seed=5).truth == made.truth
    truth = set(made.truth)
    found = {
        pair for pair in blocked(made.records) if compare(made.records[pair[0]], made.records[pair[1]]).enough
    }
    assert len(found & truth) >= 0.95 * len(truth)
    assert len(found & truth) >= 0.95 * len(found)
    assert len(auto_4_7(made.records) & truth) < 0.5 * len(truth)
