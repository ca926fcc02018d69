"""Lists, differences and figures on the pages: each task in at most three pages, and nothing shown that need not be."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cards.factories import acting
from tests.web.console.desks import refusals
from tests.web.people import number_of
from yikatong.office.models import Entry
from yikatong.quality.models import Comparison, Difference
from yikatong.quality.services.counting import count_figures
from yikatong.quality.tasks import compare_waiting
from yikatong.residents.models import Resident
from yikatong.residents.services import register

HEADS = "公民身份号码,姓名,户籍地区划,联系电话"
DEATHS = "公民身份号码,姓名,死亡日期"


def on_file(serial: int, name: str = "林小满", region: str = "610402") -> Resident:
    with acting() as act:
        person = register(act, number=number_of(serial), name=name, region=region, phone="13800000001")
    return Resident.objects.get(pk=person.id)  # type: ignore[union-attr]


def bring(desk, *lines: str, heads: str = HEADS, **answers: object):
    """A list of the police as of yesterday, brought at the desk."""
    file = SimpleUploadedFile("名单.csv", "\n".join([heads, *lines]).encode())
    given = {"source": "police", "claim": "whole", "region": "610402", "as_of": "2025-03-09", "file": file}
    return desk.send("comparisons/bring/", **{**given, **answers})


@pytest.fixture
def desk(desk_of):
    return desk_of("card_desk")


def compared(desk, *lines: str, **given: object) -> Comparison:
    assert bring(desk, *lines, **given).status_code == 302
    compare_waiting()
    return Comparison.objects.latest("id")


def renamed(desk) -> Difference:
    on_file(1)
    compared(desk, f"{number_of(1)},林大满,610402,")
    return Difference.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_list_is_brought_compared_in_the_background_and_its_page_leads_to_its_differences(desk):
    on_file(1)
    answer = bring(desk, f"{number_of(1)},林大满,610402,", f"{number_of(2)},林二满,610402,")
    row = Comparison.objects.get()
    assert answer.url == f"/console/comparisons/{row.number}/"
    assert "hx-get" in desk.see(f"comparisons/{row.number}/")
    compare_waiting()
    assert "查看结果" in desk.see(f"comparisons/{row.number}/?part=progress")
    page = desk.see(f"comparisons/{row.number}/")
    assert "姓名不一致" in page and "对方有、我方无" in page and "hx-get" not in page
    assert f"type=name&amp;list={row.number}" in page
    assert row.number in desk.see("comparisons/")


def test_a_list_that_a_source_cannot_give_is_refused_at_its_question(desk):
    page = bring(desk, "x", source="civil").content.decode()
    assert refusals(page) and not Comparison.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_list_that_cannot_be_read_says_why(desk):
    row = compared(desk, "1,2", heads="a,b")
    assert "文件首行缺少列" in desk.see(f"comparisons/{row.number}/")


@pytest.mark.django_db(transaction=True)
def test_a_difference_is_masked_until_taken_and_settled_in_three_pages(desk, clerk):
    difference = renamed(desk)
    person = difference.resident
    queue = clerk.see("differences/")
    assert "林*满" in queue and "林小满" not in queue
    page = clerk.see(f"differences/{difference.pk}/")
    assert "林大满" not in page and person.number not in page
    clerk.send(f"differences/{difference.pk}/take/")
    page = clerk.see(f"differences/{difference.pk}/")
    assert "林大满" in page and "林小满" in page and person.number in page
    assert Entry.objects.get(kind="quality.taken").person == person.pk
    assert "林大满" in clerk.check(f"differences/{difference.pk}/decide/", verdict="keep", proof="户口簿")
    page = clerk.confirm(f"differences/{difference.pk}/decide/", verdict="keep", proof="户口簿")
    assert "维持原值" in page
    assert Difference.objects.get().state == "kept"
    assert "林大满" not in clerk.see(f"differences/{difference.pk}/")
    assert "林*满" in clerk.see("differences/?show=settled")


@pytest.mark.django_db(transaction=True)
def test_a_name_cannot_be_settled_as_corrected_while_it_differs(desk, clerk):
    difference = renamed(desk)
    clerk.send(f"differences/{difference.pk}/take/")
    page = clerk.confirm(f"differences/{difference.pk}/decide/", verdict="correct", proof="户口簿")
    assert any("仍不一致" in each for each in refusals(page))


@pytest.mark.django_db(transaction=True)
def test_a_clerk_puts_back_and_a_manager_gives_to_another(desk, clerk, desk_of):
    difference = renamed(desk)
    clerk.send(f"differences/{difference.pk}/take/")
    clerk.send(f"differences/{difference.pk}/put-back/")
    assert Difference.objects.get().state == "open"
    manager = desk_of("outlet_manager", region="610402")
    page = manager.see(f"differences/{difference.pk}/assign/")
    assert "测试" in page
    owner = clerk.client.session["_auth_user_id"]
    manager.confirm(f"differences/{difference.pk}/assign/", owner=owner)
    assert Difference.objects.get().owner == f"staff:{owner}"
    assert "林大满" in clerk.see(f"differences/{difference.pk}/")
    assert "林*满" in clerk.see("differences/?owner=mine&show=&type=name&source=police")
    assert "没有符合" in clerk.see("differences/?owner=nobody")


@pytest.mark.django_db(transaction=True)
def test_another_countys_difference_is_not_theirs_to_see(desk, desk_of):
    difference = renamed(desk)
    far = desk_of("outlet_clerk", region="610481")
    far.see(f"differences/{difference.pk}/", 403)
    assert far.send(f"differences/{difference.pk}/take/").status_code == 403
    assert "林*满" not in far.see("differences/")
    far.see("differences/999999/", 404)


@pytest.mark.django_db(transaction=True)
def test_deaths_are_approved_by_a_second_person_who_sees_the_number_and_the_digest(desk, desk_of):
    on_file(1)
    on_file(2, "钱小满")
    row = compared(
        desk,
        f"{number_of(1)},林小满,2025-03-01",
        f"{number_of(2)},钱大满,2025-03-01",
        heads=DEATHS,
        claim="deaths",
    )
    path = f"comparisons/{row.number}/deaths/"
    desk.see(path, 403)
    reviewer = desk_of("card_reviewer")
    assert "1 人待登记死亡" in reviewer.see(f"comparisons/{row.number}/")
    page = reviewer.see(path)
    digest = page.split('name="digest" value="')[1][:64]
    assert "1 人" in reviewer.confirm(path, digest=digest)
    assert list(Resident.objects.filter(state="dead").values_list("name", flat=True)) == ["林小满"]
    assert any("请刷新" in each for each in refusals(reviewer.confirm(path, digest=digest)))


@pytest.mark.django_db(transaction=True)
def test_the_figures_stand_with_targets_and_counties_and_lead_to_people_masked(desk):
    on_file(1)
    on_file(2, "钱小满", "610481")
    assert "还没有统计过" in desk.see("quality/")
    with acting() as act:
        count_figures(act)
    page = desk.see("quality/")
    assert all(word in page for word in ("完整", "正确", "统一", "及时", "安全", "秦都", "95.0%"))
    page = desk.see("quality/complete/?reason=address")
    assert "林*满" in page and "缺联系地址" in page and "林小满" not in page
    assert "钱*满" in page and "林*满" not in desk.see("quality/complete/?region=610481")
    assert "测试" in desk.see("quality/secure/?reason=one_factor")
    desk.see("quality/nothing/", 404)
    desk.see("quality/complete/?region=140902", 403)


@pytest.mark.django_db(transaction=True)
def test_all_of_it_reads_in_english(desk, clerk):
    difference = renamed(desk)
    with acting() as act:
        count_figures(act)
    for each in (desk, clerk):
        each.client.cookies["django_language"] = "en"
    assert "another name" in desk.see("differences/")
    assert "Both records" in clerk.see(f"differences/{difference.pk}/")
    assert "Of the living" in desk.see("quality/")
    assert "police" in desk.see("comparisons/bring/")
    assert date(2025, 3, 9).isoformat() in desk.see("comparisons/")
