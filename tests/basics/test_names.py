import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.names import (
    fold,
    grams,
    in_fields,
    initials,
    is_plain,
    name_problems,
    readings,
    same_name,
    tidy,
)

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=8)
RARE = st.characters(min_codepoint=0x20000, max_codepoint=0x323AF)
DOTS = "·•‧∙⋅・･﹒．."


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert fold(fold(text)) == fold(text)


@given(CHINESE, CHINESE, st.sampled_from(DOTS), st.sampled_from(["", " ", "\u3000"]))
def test_every_middle_dot_is_the_same_dot(first: str, second: str, dot: str, space: str) -> None:
    assert fold(first + space + dot + space + second) == f"{first}·{second}"


@given(CHINESE)
def test_spaces_inside_a_chinese_name_do_not_count(name: str) -> None:
    assert same_name("\u3000" + " ".join(name) + "\u200b ", name)


@given(RARE, CHINESE)
def test_rare_characters_are_kept_searched_and_no_problem(rare: str, name: str) -> None:
    assert fold(rare + name) == rare + name
    assert rare in grams(rare + name)
    assert name_problems(rare + name) is None


def test_latin_names_keep_one_space_and_forget_capitals() -> None:
    assert tidy(" Ｊｏｈｎ   Smith ") == "John Smith"
    assert same_name("John Smith", "JOHN  SMITH")
    assert not same_name("John Smith", "JohnSmith")
    assert same_name("Jose\u0301", "José")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("单雄", "shanxiong"),
        ("曾一", "zengyi"),
        ("解一", "xieyi"),
        ("仇一", "qiuyi"),
        ("翟一", "zhaiyi"),
        ("查一", "zhayi"),
        ("盖一", "geyi"),
        ("区一", "ouyi"),
        ("朴一", "piaoyi"),
        ("尉迟一", "yuchiyi"),
        ("万俟一", "moqiyi"),
        ("吕一", "lvyi"),
        ("张三", "zhangsan"),
    ],
)
def test_a_surname_is_read_as_surnames_are(name: str, first: str) -> None:
    assert readings(name)[0] == first


def test_other_readings_follow_so_that_a_guess_also_finds() -> None:
    assert "danxiong" in readings("单雄")
    assert {"zhaiyi", "diyi"} <= set(readings("翟一"))


def test_a_surname_reading_is_for_the_beginning_of_a_name_only() -> None:
    assert readings("张单")[0] == "zhangdan"


@given(CHINESE, st.integers(1, 40))
def test_readings_are_capped_distinct_and_the_likeliest_stay(name: str, most: int) -> None:
    found = readings(name, most)
    assert 1 <= len(found) <= most
    assert len(set(found)) == len(found)
    assert found[0] == readings(name)[0]


@given(CHINESE)
def test_each_initial_belongs_to_each_character(name: str) -> None:
    assert all(len(each) == len(name) for each in initials(name))


def test_initials_of_chinese_and_latin_names() -> None:
    assert initials("张三") == ("zs",)
    assert initials("John Smith") == ("js",)
    assert readings("J. O'Neil") == ("joneil",)
    assert initials("单雄")[0] == "sx"
    assert readings("") == initials("") == ()


@given(st.text())
def test_any_text_has_readings_and_grams(text: str) -> None:
    assert isinstance(readings(text), tuple)
    assert isinstance(initials(text), tuple)
    assert all(1 <= len(gram) <= 2 for gram in grams(text))


@given(CHINESE, st.data())
def test_a_piece_of_a_name_has_only_grams_of_the_name(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    assert set(grams(name[start:end])) <= set(grams(name))


def test_grams_are_the_characters_then_the_pairs() -> None:
    assert grams("阿里·买") == ("阿", "里", "买", "阿里", "里买")


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "努尔买买提·阿卜杜热合曼",
        "𬱖龘",
        "John Smith",
        "O'Neil",
        "欧阳·Anna",
        "张〇",
        "李\U000323af",
        "É",
    ],
)
def test_a_name_is_a_name(name: str) -> None:
    assert name_problems(name) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "name.empty"),
        ("\u3000", "name.empty"),
        ("··", "name.empty"),
        ("张3", "name.digits"),
        ("张３", "name.digits"),
        ("张Ⅲ", "name.digits"),
        ("张\x00三", "name.control"),
        ("张\t三", "name.control"),
        ("张\ud800", "name.control"),
        ("张\ue863", "name.private_use"),
        ("张?", "name.characters"),
        ("张\ufffd", "name.characters"),
        ("张😀", "name.characters"),
        ("张" * 34, "name.length"),
    ],
)
def test_a_refusal_names_what_is_wrong(text: str, code: str) -> None:
    problem = name_problems(text)
    assert problem is not None
    assert problem.code == code
    assert problem.zh and problem.en


@given(st.text())
def test_a_name_without_problems_fits_the_field(text: str) -> None:
    if name_problems(text) is None:
        assert 1 <= len(tidy(text).encode()) <= 100


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=33))
def test_a_long_name_is_parted_between_whole_characters(name: str) -> None:
    field, extension = in_fields(name)
    assert field + extension == name
    assert len(field.encode()) <= 50
    assert not extension or len(name.encode()) > 50


def test_a_name_that_fits_needs_no_extension_and_an_accent_stays_with_its_letter() -> None:
    assert in_fields("阿卜杜热西提·阿卜杜热合曼") == ("阿卜杜热西提·阿卜杜热合曼", "")
    assert in_fields("𠮷野·" + "明" * 20) == ("𠮷野·" + "明" * 13, "明" * 7)
    assert in_fields("a" * 49 + "e\u0301" + "b") == ("a" * 49, "e\u0301b")


def test_a_plain_name_is_kept_compared_and_taken_as_it_stands() -> None:
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    for start in range(0, len(characters), 33):
        name = "".join(characters[start : start + 33])
        assert is_plain(name) and (tidy(name), fold(name), name_problems(name)) == (name, name, None)
    assert not any(map(is_plain, ("", "张三丰 ", "张·三", "𠮷野", "张" * 34, "A张", "〇")))
