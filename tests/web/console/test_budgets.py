"""A budget document at the desks of three people, from the empty form to the public page, and corrected there."""

from __future__ import annotations

import html
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.console.desks import refusals
from yikatong.disclosure.blank_form import lines_workbook
from yikatong.disclosure.ledgers import ledger
from yikatong.office.models import Entry

BOOK = ledger("xianyang_2025")
ANSWERS = {
    "unit_name": BOOK.unit_name,
    "unit": BOOK.unit,
    "parent_name": BOOK.parent_name,
    "parent": BOOK.parent,
    "year": "2025",
    "family": "SN15",
    "replied_on": "2025-03-03",
    "reply": "咸财预〔2025〕1号",
}
PUBLIC = "/disclosure/402015/2025/budget/1/"


@pytest.fixture
def editor(desk_of):
    return desk_of("performance_editor")


@pytest.fixture
def reviewer(desk_of):
    return desk_of("performance_reviewer")


@pytest.fixture
def director(desk_of):
    return desk_of("centre_director")


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page)))


def sheet(content: bytes, name: str = "基础行.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(desk, number: int, file: SimpleUploadedFile, *, follow: bool = True) -> str:
    answer = desk.client.post(f"/console/budgets/{number}/lines/", {"file": file}, follow=follow)
    return str(answer.content.decode())


def opened(editor) -> int:
    page = editor.confirm("budgets/open/", **ANSWERS)
    found = re.search(r"/console/budgets/(\d+)/", page)
    assert found, page
    return int(found[1])


def written(editor) -> int:
    """A document with its lines and words."""
    number = opened(editor)
    assert "已导入 25 行" in upload(editor, number, sheet(lines_workbook(BOOK.lines)))
    answers = {f"reason:{key}": words for key, words in BOOK.reasons.items()}
    answers |= {f"remark:{key}": words for key, words in BOOK.remarks.items()}
    page = editor.client.post(f"/console/budgets/{number}/words/", answers, follow=True).content.decode()
    assert "文字已保存" in page
    return number


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found, text(page)
    return str(found[1])


def step(desk, number: int, what: str, **answers: str) -> str:
    """Open a step's page and confirm what it shows."""
    page = desk.see(f"budgets/{number}/{what}/")
    return str(desk.confirm(f"budgets/{number}/{what}/", digest=digest_on(page), **answers))


def published(editor, reviewer, director) -> int:
    number = written(editor)
    step(editor, number, "prepare")
    step(reviewer, number, "review")
    step(director, number, "approve")
    step(editor, number, "publish", published_on="2025-03-10")
    return number


def test_from_the_empty_form_to_the_public_page(editor, reviewer, director):
    number = written(editor)
    page = text(editor.see(f"budgets/{number}/"))
    assert "待填文字 没有" in page and "没有错误" in page and "1,734,090.00 元" in page
    assert "已送审" in text(step(editor, number, "prepare"))
    assert "等待另一人审核" in text(editor.see(f"budgets/{number}/"))
    assert "等您办理" in text(reviewer.see(""))
    assert "审核通过，等待第三人批准" in text(step(reviewer, number, "review"))
    assert "等您办理" in text(director.see("budgets/"))
    assert "等您办理" not in text(reviewer.see("budgets/"))
    assert Client().get(PUBLIC).status_code == 404
    assert "已批准" in text(step(director, number, "approve"))
    assert "已公布" in text(step(editor, number, "publish", published_on="2025-03-10"))
    answer = Client().get(PUBLIC)
    assert answer.status_code == 200
    said = text(answer.content.decode())
    assert "公布日期 2025-03-10，批复日期 2025-03-03" in said
    assert "表1 部门综合预算收支总表" in said
    assert "173.41" in said


def test_three_people_are_three_people(editor, desk_of):
    from yikatong.office.models import Staff

    number = written(editor)
    step(editor, number, "prepare")
    both = desk_of("performance_reviewer")
    Staff.objects.filter(pk=both.client.session["_auth_user_id"]).update(
        roles=["performance_reviewer", "centre_director"]
    )
    step(both, number, "review")
    page = both.see(f"budgets/{number}/approve/")
    said = both.confirm(f"budgets/{number}/approve/", digest=digest_on(page))
    assert "须由三个不同的人办理" in refusals(said)[0]
    assert "等待第三人批准" in text(both.see(f"budgets/{number}/"))


def test_every_bad_cell_is_told_and_nothing_is_taken_in(editor):
    number = opened(editor)
    rows = lines_workbook(BOOK.lines)
    good = text(upload(editor, number, sheet(rows)))
    assert "已导入 25 行" in good
    lines = (
        "fiscal_year,agency_code,exp_func_code,dep_bgt_eco_code,gov_bgt_eco_code,exp_category,fund_type,amount\n"
        "2025,402015,20801,30101,50501,人员,一般公共预算,1\n"
        "2025,402015,2080150,30101,50501,人头,一般公共预算,很多\n"
    )
    page = upload(editor, number, sheet(lines.encode(), "行.csv"))
    assert "有 3 处不对，一行也没有导入" in text(page)
    said = refusals(page)
    assert [each[:2] for each in said] == ["C2", "F3", "H3"]
    assert "1,734,090.00 元" in text(editor.see(f"budgets/{number}/"))


def test_a_sheet_of_another_year_is_refused_at_its_question(editor):
    number = opened(editor)
    lines = (
        "fiscal_year,agency_code,exp_func_code,dep_bgt_eco_code,gov_bgt_eco_code,exp_category,fund_type,amount\n"
        "2024,402015,2080150,30101,50501,人员,一般公共预算,1\n"
    )
    assert "这份预算是 2025 年" in refusals(upload(editor, number, sheet(lines.encode(), "行.csv")))[0]


@pytest.mark.parametrize(
    "file", [sheet(b"x", "x.pdf"), sheet(b"PK\x03\x04broken", "x.xlsx"), sheet(b"", "x.csv")]
)
def test_what_is_no_sheet_is_said_to_be_none(editor, file):
    file.seek(0)
    assert refusals(upload(editor, opened(editor), file))


def test_the_page_of_words_asks_for_just_what_the_document_has_a_place_for(editor):
    number = opened(editor)
    upload(editor, number, sheet(lines_workbook(BOOK.lines)))
    said = text(editor.see(f"budgets/{number}/"))
    assert "11 处" in said and "住房公积金增加的原因" in said
    asked = set(re.findall(r'name="(\w+:[^"]+)"', editor.see(f"budgets/{number}/words/")))
    assert asked == {f"reason:{key}" for key in BOOK.reasons} | {f"remark:{key}" for key in BOOK.remarks}
    assert "送审" not in re.findall(r'class="yk-button[^>]*>([^<]*)<', editor.see(f"budgets/{number}/"))


def test_what_was_put_up_for_review_asks_for_nothing_more(editor):
    number = written(editor)
    digest = re.search(r'name="digest" value="(\w+)"', editor.see(f"budgets/{number}/prepare/"))
    assert digest is not None
    editor.confirm(f"budgets/{number}/prepare/", digest=digest[1])
    for page in ("words", "lines"):
        assert editor.client.get(f"/console/budgets/{number}/{page}/").url == f"/console/budgets/{number}/"


def test_a_wrong_amount_among_the_words_is_shown_in_its_sentence_and_keeps_the_version_back(editor):
    number = written(editor)
    editor.client.post(f"/console/budgets/{number}/words/", {"reason:301": "较上年增加12.50万元"})
    page = editor.see(f"budgets/{number}/")
    assert "错误 1 处" in text(page)
    assert "<mark>12.50</mark>" in page or "<mark>12.50万元</mark>" in page
    refused = editor.confirm(f"budgets/{number}/prepare/", digest="00" * 32)
    assert "审核发现 1 处错误" in refusals(refused)[0]


def test_sent_back_with_a_note_which_the_editor_reads(editor, reviewer, director):
    number = written(editor)
    step(editor, number, "prepare")
    assert "请填写" in reviewer.check(f"budgets/{number}/send-back/", note="")
    reviewer.confirm(f"budgets/{number}/send-back/", note="上年数请核对")
    page = text(editor.see(f"budgets/{number}/"))
    assert "退回：上年数请核对" in page and "编制中" in page
    step(editor, number, "prepare")
    step(reviewer, number, "review")
    director.confirm(f"budgets/{number}/give-back/", note="单位名称有误")
    assert "单位名称有误" in text(editor.see(f"budgets/{number}/"))
    editor.confirm(f"budgets/{number}/withdraw/", note="重做")
    assert "撤回：重做" in text(editor.see(f"budgets/{number}/"))


def test_a_correction_stands_beside_the_old_version_which_says_so(editor, reviewer, director):
    old = published(editor, reviewer, director)
    page = editor.confirm(f"budgets/{old}/correct/", reason="住房公积金口径调整")
    found = re.search(r"/console/budgets/(\d+)/prepare/", page)
    assert found, text(page)
    new = int(found[1])
    step(editor, new, "prepare")
    step(reviewer, new, "review")
    step(director, new, "approve")
    step(editor, new, "publish", published_on="2025-03-10")
    first = text(Client().get(PUBLIC).content.decode())
    assert "已于 2025-03-10 由第 2 版更正。更正原因：住房公积金口径调整" in first
    second = text(Client().get(PUBLIC.replace("/1/", "/2/")).content.decode())
    assert "第 2 版是更正版" in second and "看第 1 版" in second
    listed = Client().get("/disclosure/").content.decode()
    assert "/disclosure/402015/2025/budget/2/" in listed
    assert "/disclosure/402015/2025/budget/1/" not in listed


def test_every_page_of_a_published_budget_opens_and_every_format_comes_down(editor, reviewer, director):
    number = published(editor, reviewer, director)
    public = Client()
    links = re.findall(rf'href="({PUBLIC}[^"]+)"', public.get(PUBLIC).content.decode())
    files = [link for link in links if "/files/" in link]
    amounts = [link for link in links if "/files/" not in link]
    assert len(amounts) > 300
    for link in amounts[::60]:
        page = public.get(link)
        assert page.status_code == 200, link
        assert "准确金额" in page.content.decode()
    assert {link.split("/")[-2] for link in files} >= {"html", "xlsx", "csv", "json", "markdown"} - {
        "markdown"
    }
    for link in files:
        answer = public.get(link)
        assert answer.status_code == 200 and answer.content, link
        assert "attachment" in answer["Content-Disposition"]
    own = re.findall(
        rf'href="(/console/budgets/{number}/files/[^"]+)"', editor.see(f"budgets/{number}/print/")
    )
    assert len(own) == len(files)
    before = Entry.objects.filter(kind="office.exported").count()
    assert editor.client.get(own[0]).status_code == 200
    assert Entry.objects.filter(kind="office.exported").count() == before + 1
    assert "准确金额" in editor.see(f"budgets/{number}/print/t1-1-2/")
    assert editor.client.get(f"/console/budgets/{number}/lines.xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    "path",
    [
        "budgets/9/",
        "budgets/9/lines/",
        "budgets/9/words/",
        "budgets/9/print/",
        "budgets/9/prepare/",
        "budgets/9/withdraw/",
    ],
)
def test_what_is_not_there_is_said_not_to_be(editor, path):
    assert "没有这一版公开文本" in editor.see(path, status=404)


def test_what_is_not_public_cannot_be_found_by_its_address(editor):
    number = written(editor)
    for path in (PUBLIC, f"{PUBLIC}t1-1-2/", f"{PUBLIC}files/html/"):
        assert Client().get(path).status_code == 404
    for path in (
        f"budgets/{number}/print/t1-1-1/",
        f"budgets/{number}/print/x/",
        f"budgets/{number}/files/exe/",
    ):
        editor.see(path, status=404)


def test_a_day_that_is_near_stands_on_the_editors_first_page(editor, centre):
    from tests.cards.factories import MORNING
    from yikatong.office import clock

    opened(editor)
    assert "法定公开期限将到" not in text(editor.see(""))
    with clock.fixed(MORNING.replace(day=20)):
        assert "还有 3 天" in text(editor.see(""))
    with clock.fixed(MORNING.replace(day=25)):
        assert "已超期 2 天" in text(editor.see("budgets/"))
    assert date(2025, 3, 10) == MORNING.date()


def test_the_day_of_the_reply_is_put_right(editor):
    number = opened(editor)
    assert "2025-03-03" in editor.see(f"budgets/{number}/reply/")
    page = editor.confirm(f"budgets/{number}/reply/", replied_on="2025-03-05", reply="2号")
    assert "最迟公布 2025-03-25" in text(page) and "2025-03-05 2号" in text(page)
    refused = editor.check(f"budgets/{number}/reply/", replied_on="2025-03-12")
    assert "不能晚于今天" in refusals(refused)[0]


def test_the_empty_form_is_offered(editor):
    content = editor.client.get("/console/budgets/form.xlsx").content
    assert io.BytesIO(content).read(2) == b"PK"


def test_in_english_the_pages_say_their_own_words_in_english(editor):
    number = written(editor)
    editor.client.cookies["django_language"] = "en"
    page = text(editor.see(f"budgets/{number}/"))
    assert "being drafted" in page and "Audit findings" in page
    assert "Give the words" in text(editor.see(f"budgets/{number}/words/"))
