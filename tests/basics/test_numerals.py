"""Chinese numerals of headings and lists."""

from yikatong.basics.numerals import in_han, of_han


def test_numbers_in_chinese():
    said = ["一", "十", "十一", "二十", "二十一", "三十", "九十九"]
    assert [in_han(number) for number in (1, 10, 11, 20, 21, 30, 99)] == said


def test_every_number_is_read_back_and_nothing_else_is_one():
    assert [of_han(in_han(number)) for number in range(1, 100)] == list(range(1, 100))
    assert [of_han(text) for text in ("", "甲", "一一", "二三十", "十甲", "第一")] == [0] * 6
