"""Sentences read as facts."""

from yikatong.disclosure.audit.document import Line
from yikatong.disclosure.audit.prose import sentences_of
from yikatong.disclosure.audit.region import region
from yikatong.disclosure.audit.sentences import Said, read_sentences


def said(*lines: str) -> Said:
    return read_sentences("x.txt", sentences_of(Line(text, number) for number, text in enumerate(lines, 1)))


def test_a_wrapped_sentence_is_one_and_keeps_its_lines():
    found = said(
        "本单位当年预算收入 173.41 万元，其中一般公共预算",
        "拨款收入 173.41 万元、政府性基金拨款收入 0 万元，较上年增",
        "加 17.53 万元。",
    )
    assert [(each.text, each.place.line) for each in found.amounts] == [
        ("173.41万元", 1),
        ("173.41万元", 2),
        ("0万元", 2),
        ("17.53万元", 3),
    ]


def test_a_change_is_of_the_whole_not_of_the_part_told_last():
    found = said("预算收入100万元，其中一般公共预算拨款收入90万元、单位资金10万元，较上年减少5万元。")
    assert found.amounts[-1].about == region(flow="收入", phase="增减")
    assert found.amounts[-1].fen == -5_000_000


def test_a_numbered_list_sums_to_its_whole_and_so_do_its_changes():
    found = said(
        "一般公共预算支出30万元，其中：",
        "1.信息化建设（2080108）10万元，较上年增加1万元，原因是扩容；",
        "2.事业运行（2080150）20万元，较上年持平；",
    )
    assert [[part.text for part in parts] for _, parts in found.lists] == [
        ["10万元", "20万元"],
        ["1万元", "持平"],
    ]
    assert [(each.code, each.name) for each in found.named] == [
        ("2080108", "信息化建设"),
        ("2080150", "事业运行"),
    ]


def test_an_amount_of_something_else_is_said_to_be_unread():
    found = said("本年度补充绩效工资支出3.7万元列入预算。单价20万元以上的设备0台。")
    assert [text for text, _ in found.unread] == ["3.7万元"]
    assert found.amounts == []


def test_shares_are_of_the_whole_and_growth_of_last_year():
    found = said("支出预算200万元，其中：基本支出50万元，占25%；项目支出150万元，占75%。")
    assert [(share.part.text, share.whole.text, str(share.percent)) for share in found.shares] == [
        ("50万元", "200万元", "25"),
        ("150万元", "200万元", "75"),
    ]
    (growth,) = said("预算支出110万元，比上年增长10万元，增长10%。").shares
    assert (growth.kind, growth.change.text, growth.percent) == ("growth", "10万元", 10)


def test_an_amount_at_the_beginning_of_a_line_is_no_numbering():
    found = said("本单位当年预算支出 173.41 万元，较上年增加", "17.53 万元。")
    assert found.amounts[-1].about == region(flow="支出", phase="增减")
