"""Two records side by side: told apart by one, merged by two, parted again."""

from __future__ import annotations

from tests.cards.factories import apply
from tests.residents.people import acting, number_of, registered
from tests.web.console.desks import refusals
from yikatong.office.models import Entry
from yikatong.office.scope import Scope
from yikatong.residents import queries
from yikatong.residents.merging import DISTINCT
from yikatong.residents.models import Resident
from yikatong.residents.pairs import DuplicateRow, duplicates
from yikatong.residents.services import find_duplicates

WHY = "与公安信息核对"


def found() -> DuplicateRow:
    registered(number=number_of(1), name="林小满")
    registered(number=number_of(777), name="林晓曼")
    with acting() as act:
        find_duplicates(act)
    (row,) = duplicates(Scope("610400"))
    return row


def test_a_clerk_asks_a_manager_merges_and_undoes(clerk, desk_of):
    row = found()
    page = clerk.see("duplicates/")
    assert "姓名同音" in page and row.one.number not in page
    one = f"duplicates/{row.id}/"
    side = clerk.see(one)
    assert row.one.number in side and row.other.number in side and "<mark>林晓曼</mark>" in side
    assert any("核对疑似重复人员" in each.why for each in queries.looks(row.one.id))
    assert "已提请合并" in clerk.confirm(f"{one}ask/", survivor=row.one.id, why=WHY)
    clerk.see(f"{one}merge/", status=403)
    manager = desk_of("outlet_manager", region="610402")
    assert "批准合并" in manager.see(one)
    assert "已合并" in manager.confirm(f"{one}merge/")
    clerk.open(row.one.id)
    whole = clerk.see(f"residents/{row.one.id}/")
    assert row.other.number in whole
    assert whole.count("批准合并重复登记") == 1  # told of both records, and read once
    assert "撤销合并" in manager.see(one)
    assert "待核" in manager.confirm(f"{one}undo/", why="本人否认")
    assert queries.ids_of(row.one.id) == (row.one.id,)


def test_told_apart_leaves_the_list(clerk):
    row = found()
    assert "非同一人" in clerk.confirm(f"duplicates/{row.id}/apart/", why=WHY)
    assert "没有要核对的" in clerk.see("duplicates/")
    assert f"/console/duplicates/{row.id}/" in clerk.see("duplicates/?state=distinct")


def test_a_record_with_an_open_application_does_not_give_way(clerk, desk_of):
    row = found()
    apply(Resident.objects.get(pk=row.other.id))
    path = f"duplicates/{row.id}/ask/"
    said = refusals(clerk.confirm(path, survivor=row.one.id, why=WHY))
    assert any("有效卡或在办申请" in line for line in said)
    assert "已提请合并" in clerk.confirm(path, survivor=row.other.id, why=WHY)
    manager = desk_of("outlet_manager", region="610402")
    assert "已合并" in manager.confirm(f"duplicates/{row.id}/merge/")
    clerk.open(row.other.id)
    assert "制卡申请" in clerk.see(f"residents/{row.other.id}/")


def test_a_pair_of_another_county_is_not_shown(clerk, desk_of):
    row = found()
    other = desk_of("outlet_manager", region="610481")
    assert "没有要核对的" in other.see("duplicates/")
    other.see(f"duplicates/{row.id}/", status=403)
    other.see("duplicates/0/", status=404)


def test_at_registration_the_look_alikes_come_first(clerk):
    registered(number=number_of(1), name="林小满")
    with acting() as act:
        find_duplicates(act)
    given = {"number": number_of(777), "name": "林晓曼", "region": "610402", "phone": "13800000001"}
    page = clerk.check("residents/register/", **given)
    assert "先核对相似人员" in page and "姓名同音" in page and "林*满" in page
    assert number_of(1) not in page and Resident.objects.count() == 1
    listed = Entry.objects.get(kind="resident.listed")
    other = Resident.objects.get().pk
    assert listed.payload["shown"] == [other]
    page = clerk.send(
        "residents/register/", step="apart", others=str(other), why="", **given
    ).content.decode()
    assert refusals(page) and Resident.objects.count() == 1
    # Whoever skips the look is brought back to it.
    assert "先核对相似人员" in clerk.confirm("residents/register/", **given)
    told = {**given, "others": str(other), "why": "本人说明是双胞胎"}
    page = clerk.send("residents/register/", step="apart", **told).content.decode()
    assert "已核对 1 人，都不是此人：本人说明是双胞胎" in page and Resident.objects.count() == 1
    assert "已登记林晓曼" in clerk.confirm("residents/register/", **told)
    (row,) = duplicates(Scope("610400"), state=DISTINCT)
    assert row.why == "本人说明是双胞胎"


def test_a_clerk_looks_for_duplicates_of_one_person(clerk):
    row = found()
    of = f"residents/{row.one.id}/duplicates/"
    assert "查找此人的重复登记" in clerk.open(row.one.id)
    assert "待核 1 对" in clerk.confirm(of)
    page = clerk.see(of)
    assert f"/console/duplicates/{row.id}/" in page and row.other.number not in page
    clerk.see("residents/0/duplicates/", status=404)
