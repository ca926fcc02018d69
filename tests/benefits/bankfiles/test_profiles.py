"""A bank's agreement is one file, and one that would let money go astray is not loaded."""

from __future__ import annotations

import pytest

from tests.benefits.bankfiles.made import ALL, COMMON
from yikatong.benefits.bankfiles.formats import formats
from yikatong.benefits.bankfiles.profiles import FOLDER, read_profile
from yikatong.benefits.bankfiles.results import Result, Step

TEXT = (FOLDER / "common.toml").read_text("utf-8")


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.name)
def test_every_profile_names_forms_that_can_do_it(profile):
    assert formats()[profile.payments.format].rows
    assert formats()[profile.payments.format].framed
    assert formats()[profile.answers.format].read
    assert profile.title
    assert profile.title_en
    assert set(profile.file_codes.values()) >= {Result.UNKNOWN, Result.DUPLICATE, Result.FORMAT}


@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.name)
def test_every_profile_has_a_code_for_unknown_and_for_every_failure_it_may_see(profile):
    assert set(profile.codes.values()) >= {
        Result.PAID,
        Result.UNKNOWN,
        Result.NO_ACCOUNT,
        Result.NAME_DIFFERS,
    }


ANSWER_TRAILER = 'trailer = "=T rows total digest"\n\n[statements]'
ANSWER_HEADER = "=H number on rows code text"


@pytest.mark.parametrize(
    "changes",
    [
        {"assumed = true": ""},
        {"assumed = true": 'assumed = true\ndocument = "x"'},
        {'00 = "00"\n01': "01"},
        {'01 = "01"': '01 = "77"'},
        {'"delimited"': '"delimited"\nencoding = "latin-1"'},
        {'"delimited"': '"delimited"\namounts = "wan"'},
        {"row_id name id_tail": "name id_tail"},
        {"row_id name id_tail": "row_id name shoe_size"},
        {"sequence row_id code": "sequence row_id"},
        {ANSWER_HEADER: "=H on rows code text"},
        {ANSWER_HEADER: "=H number on code text", ANSWER_TRAILER: "[statements]"},
        {ANSWER_TRAILER: 'trailer = "rows total"\n[statements]'},
        {ANSWER_TRAILER: 'trailer = "=D rows total"\n[statements]'},
        {"at serial amount": "at serial"},
        {"=D sequence row_id name": "=D sequence:8 row_id name"},
        {'"delimited"': '"fixed"'},
    ],
    ids=str,
)
def test_a_profile_that_contradicts_itself_is_not_loaded(changes):
    assert read_profile("bank", TEXT).codes == COMMON.codes
    spoilt = TEXT
    for old, new in changes.items():
        assert old in spoilt
        spoilt = spoilt.replace(old, new)
    with pytest.raises(ValueError, match=r"^bank"):
        read_profile("bank", spoilt)


def test_every_result_says_what_has_to_happen_next():
    assert [each for each in Result if each.step is Step.NONE] == [Result.PAID]
    assert [each for each in Result if each.step is Step.ENQUIRE] == [Result.UNKNOWN]
    assert all(each.zh and each.en and each.step.zh and each.step.en for each in Result)
    assert COMMON.codes == {each.value: each for each in Result}
