"""Searching, opening for a purpose, registering, changing."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.cards.factories import number_of, resident
from tests.web.console.desks import refusals
from yikatong.office.models import Entry
from yikatong.residents.models import Guardian, Resident
from yikatong.residents.services import register


def on_file(name: str = "林小满", region: str = "610402") -> Resident:
    """A person who came through the services, so that search finds them."""
    from datetime import date
    from itertools import count

    from tests.cards.factories import acting

    on_file.serial = getattr(on_file, "serial", count(500))  # type: ignore[attr-defined]
    number = number_of(date(1990, 3, 7), next(on_file.serial))  # type: ignore[attr-defined]
    with acting() as act:
        person = register(act, number=number, name=name, region=region, phone="13800000001")
    return Resident.objects.get(pk=person.id)  # type: ignore[union-attr]


def test_a_search_shows_people_masked_and_is_journalled(clerk):
    person = on_file()
    page = clerk.send("residents/", text="林小满", purpose="咨询答复").content.decode()
    assert "林*满" in page and "林小满" not in page.split("<table")[1]
    assert person.number not in page and person.number[-4:] in page
    assert Entry.objects.get(kind="resident.searched").purpose == "咨询答复"


def test_a_search_without_a_purpose_finds_nothing(clerk):
    on_file()
    page = clerk.send("residents/", text="林小满", purpose="").content.decode()
    assert refusals(page) and "<table" not in page
    assert not Entry.objects.filter(kind="resident.searched").exists()


def test_a_record_opens_only_for_a_purpose_and_the_look_is_journalled(clerk):
    person = on_file()
    assert clerk.client.get(f"/console/residents/{person.pk}/").status_code == 302
    assert person.number not in clerk.see(f"residents/{person.pk}/open/")
    page = clerk.open(person.pk, "数据核对")
    assert person.number in page and "林小满" in page
    look = Entry.objects.get(kind="resident.looked_up")
    assert (look.person, look.purpose) == (person.pk, "数据核对")
    clerk.see(f"residents/{person.pk}/")
    assert Entry.objects.filter(kind="resident.looked_up").count() == 1


def test_the_records_opened_last_stand_open_whenever_they_were_opened_first(clerk):
    again, *others = [on_file().pk for _ in range(22)]
    for key in (others[0], again, *others[1:19], again, *others[19:]):
        clerk.open(key)
    assert "本次查看用途" in clerk.see(f"residents/{again}/")
    assert clerk.client.get(f"/console/residents/{others[1]}/").status_code == 302


def test_a_clerk_may_not_open_a_person_of_another_county(clerk):
    person = on_file(region="610481")
    answer = clerk.send(f"residents/{person.pk}/open/", purpose="咨询答复")
    assert answer.status_code == 403 and person.number not in answer.content.decode()
    assert not Entry.objects.filter(kind="resident.looked_up").exists()


def test_somebody_unknown_is_not_found(clerk):
    assert clerk.send("residents/999999/open/", purpose="咨询答复").status_code == 404


NEW = {"number": "61049919900307733X", "name": "单晓雨", "region": "610402", "phone": "13800000009"}


def test_a_person_is_registered_after_checking_the_answers(clerk):
    from datetime import date

    given = {**NEW, "number": number_of(date(1991, 5, 5), 7)}
    page = clerk.check("residents/register/", **given)
    assert "单晓雨" in page and "秦都区" in page and not Resident.objects.exists()
    assert "单晓雨" in clerk.confirm("residents/register/", **given)
    assert Resident.objects.get().name == "单晓雨"


def test_a_bad_check_digit_is_said_at_its_question(clerk):
    page = clerk.check("residents/register/", **{**NEW, "number": "610499199103077330"})
    assert any("证件号码" in line for line in refusals(page))
    assert 'href="#id_number"' in page and 'aria-invalid="true"' in page


def test_a_warning_is_a_sentence_and_not_its_key(clerk):
    from datetime import date

    page = clerk.confirm("residents/register/", **{**NEW, "number": number_of(date(1991, 5, 5), 9)})
    assert "不是已知的行政区划代码" in page and "id.area_unknown" not in page


def test_a_minor_is_not_registered_without_a_guardian(clerk):
    from datetime import date

    given = {**NEW, "number": number_of(date(2019, 5, 5), 7)}
    assert any("监护人" in line for line in refusals(clerk.check("residents/register/", **given)))
    assert not Resident.objects.exists()
    guarded = {
        **given,
        "guardian_name": "单大雨",
        "guardian_number": number_of(date(1990, 1, 1), 8),
        "guardian_relation": "父母",
        "guardian_proof": "居民户口簿",
        "guardian_phone": "13800000008",
    }
    assert "单大雨" in clerk.confirm("residents/register/", **guarded)


def test_nothing_typed_of_a_guardian_is_dropped(clerk):
    from datetime import date

    given = {**NEW, "number": number_of(date(1991, 5, 5), 7), "guardian_phone": "13800000008"}
    for step in (clerk.check, clerk.confirm):
        assert any("监护人姓名" in line for line in refusals(step("residents/register/", **given)))
    assert not Resident.objects.exists()


def test_what_to_look_at_twice_is_said_before_the_document_is_handed_back(clerk):
    from datetime import date

    page = clerk.check("residents/register/", **{**NEW, "number": number_of(date(1991, 5, 5), 9)})
    assert "不是已知的行政区划代码" in page and "监护人" not in page


def test_whoever_serves_several_counties_chooses_one(desk_of):
    city = desk_of("outlet_clerk")
    page = city.see("residents/register/")
    assert '<option value="" selected>请选择</option>' in page
    assert any(
        "居住地" in line for line in refusals(city.check("residents/register/", **{**NEW, "region": ""}))
    )


def test_a_clerk_cannot_register_into_another_county(clerk):
    assert refusals(clerk.confirm("residents/register/", **{**NEW, "region": "610481"}))
    assert not Resident.objects.exists()


def test_a_phone_number_is_changed_once_the_record_is_open(clerk):
    person = on_file()
    given = {"field": "phone", "value": "13900000000", "source": "本人到窗口申请"}
    assert clerk.client.get(f"/console/residents/{person.pk}/change/").status_code == 404
    clerk.open(person.pk, "更新信息")
    assert "已更新" in clerk.confirm(f"residents/{person.pk}/change/", **given)
    assert Resident.objects.get().phone == "13900000000"
    assert refusals(clerk.confirm(f"residents/{person.pk}/change/", **{**given, "value": "12"}))


def test_a_place_of_residence_is_chosen_by_name_and_not_typed(clerk):
    person = on_file()
    clerk.open(person.pk, "更新信息")
    path = f"residents/{person.pk}/move/"
    page = clerk.see(path)
    assert '<option value="610481">兴平市</option>' in page and 'value="610400"' not in page
    given = {"region": "610481", "source": "本人到窗口申请"}
    assert "兴平市" in clerk.check(path, **given) and Resident.objects.get().region == "610402"
    assert refusals(clerk.confirm(path, **{**given, "region": "610499"}))
    assert Resident.objects.get().region == "610402"
    # The clerk of one county loses sight of who moved to another, and is led back to the search.
    page = clerk.confirm(path, **given)
    assert "居住地已更新为兴平市" in page and "查询人员" in page
    assert Resident.objects.get().region == "610481"
    assert clerk.client.get(f"/console/residents/{person.pk}/").status_code == 403


def test_a_region_is_not_changed_by_its_code(clerk):
    person = on_file()
    clerk.open(person.pk, "更新信息")
    page = clerk.confirm(f"residents/{person.pk}/change/", field="region", value="610481", source="本人")
    assert refusals(page) and Resident.objects.get().region == "610402"


def guardian_of(serial: int, born: str = "19800101") -> dict[str, str]:
    return {
        "guardian_name": "林大满",
        "guardian_number": number_of(datetime.strptime(born, "%Y%m%d").date(), serial),
        "guardian_relation": "父母",
        "guardian_proof": "居民户口簿",
        "guardian_phone": "13800000002",
    }


def test_a_guardian_is_recorded_after_checking_and_not_twice(clerk):
    person = on_file()
    path = f"residents/{person.pk}/guardian/"
    assert clerk.client.get(f"/console/{path}").status_code == 404
    clerk.open(person.pk, "更新信息")
    assert "林大满" in clerk.check(path, **guardian_of(700)) and not Guardian.objects.exists()
    assert "已登记监护人 林大满" in clerk.confirm(path, **guardian_of(700))
    assert Guardian.objects.get().number == guardian_of(700)["guardian_number"]
    assert any("已登记" in line for line in refusals(clerk.confirm(path, **guardian_of(700))))
    assert Guardian.objects.count() == 1


def test_a_guardian_who_is_a_minor_is_refused_at_their_number(clerk):
    person = on_file()
    clerk.open(person.pk, "更新信息")
    page = clerk.confirm(f"residents/{person.pk}/guardian/", **guardian_of(701, born="20150101"))
    assert any("监护人证件号码" in line and "18" in line for line in refusals(page))
    assert not Guardian.objects.exists()


def test_a_death_is_recorded_after_checking_and_not_twice(clerk):
    person = on_file()
    path = f"residents/{person.pk}/death/"
    given = {"on": "2025-03-01", "source": "死亡医学证明"}
    assert clerk.client.get(f"/console/{path}").status_code == 404
    clerk.open(person.pk, "更新信息")
    page = clerk.check(path, **given)
    assert "死亡医学证明" in page and "不能撤销" in page and Resident.objects.get().state == "alive"
    page = clerk.confirm(path, **given)
    assert "已登记死亡" in page and "已故" in page and "2025-03-01" in page and "登记监护人" not in page
    assert Resident.objects.get().state == "dead"
    assert refusals(clerk.confirm(path, **given))
    assert Entry.objects.filter(kind="resident.died").count() == 1


@pytest.mark.parametrize("day", ["2025-03-11", "1990-03-06", "", "2025-02-30"])
def test_a_day_of_death_that_cannot_be_is_refused_at_its_question(clerk, day):
    person = on_file()
    clerk.open(person.pk, "更新信息")
    page = clerk.confirm(f"residents/{person.pk}/death/", on=day, source="死亡医学证明")
    assert any("死亡日期" in line for line in refusals(page))
    assert Resident.objects.get().state == "alive"


@pytest.mark.parametrize("task", ["move", "guardian", "death"])
def test_what_is_on_file_of_another_county_is_not_touched(clerk, task):
    person = on_file(region="610481")
    assert clerk.client.get(f"/console/residents/{person.pk}/{task}/").status_code == 403


def test_the_record_shows_cards_orders_and_story(clerk):
    from tests.cards.factories import apply

    person = resident()
    order = apply(person)
    page = clerk.open(person.pk)
    assert order.number in page and "受理制卡申请" in page
