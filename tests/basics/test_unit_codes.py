"""统一社会信用代码: the check of GB 32100-2015."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from yikatong.basics.ids import read_unit_code, unit_check_character
from yikatong.basics.refused import Refused

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FIRST = st.builds("12610499{}".format, st.text(ALPHABET, min_size=9, max_size=9))


@given(FIRST)
def test_the_check_is_the_one_others_compute(first):
    code = first + unit_check_character(first)
    assert read_unit_code(code) == code == uscc.validate(code)


@given(FIRST, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(first, place, other):
    code = first + unit_check_character(first)
    changed = code[:place] + other + code[place + 1 :]
    assert isinstance(read_unit_code(changed), Refused) == (changed != code)


@given(FIRST)
def test_full_width_small_letters_and_spaces_are_the_same_code(first):
    code = first + unit_check_character(first)
    typed = " ".join((code[:8].lower(), "".join(chr(ord(each) + 0xFEE0) for each in code[8:])))
    assert read_unit_code(typed) == code


def test_letters_that_look_like_others_are_refused():
    refused = read_unit_code("12610499O00000000I")
    assert isinstance(refused, Refused) and refused.code == "unit_code.format" and refused.at == "code"
