from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from tests.web.public.a_year import lock_the_year
from yikatong.disclosure import queries as disclosure
from yikatong.indicators import queries as indicators
from yikatong.web.public import urls

pytestmark = pytest.mark.django_db


def read(path: str) -> str:
    """The page's main part as people read it."""
    answer = Client().get(path)
    assert answer.status_code == 200, path
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"<script.*?</script>", " ", main, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def chart(path: str, block: str) -> dict[str, Any]:
    page = Client().get(path).content.decode()
    found = re.search(rf'<script id="{block}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found, f"{path} has no block {block}"
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.mark.parametrize("path", ["/", "/indicators/", "/definitions/", "/disclosure/"])
def test_before_the_centre_is_opened_the_pages_still_answer(path: str):
    assert Client().get(path).status_code == 200


def test_every_page_says_why_it_is_public():
    for pattern in urls.urlpatterns:
        assert pattern.callback.door.startswith("public:"), pattern.name


def test_the_front_page_shows_measured_figures_beside_their_targets(year: None):
    text = read("/")
    assert "2025年的成绩单" in text
    assert "社保卡业务申报时限" in text and "40 天" in text


def test_the_board_shows_targets_figures_and_what_they_are_made_of(year: None):
    text = read("/indicators/")
    assert re.search(r"实体卡发放准确率 \S+ 100% 6 ÷ 6 达到", text)
    assert re.search(r"社保卡业务申报时限 ≤60 天 40 天 95% 在 40 天以内 达到", text)


def test_what_has_no_measure_is_said_to_have_none(year: None):
    text = read("/indicators/")
    assert "12333热线接听量 ≥10 万通 尚无计量" in text


def test_every_measured_bar_of_the_chart_stands_in_the_table(year: None):
    drawn = chart("/indicators/", "board-chart")
    text = read("/indicators/")
    assert len(drawn["names"]) == len(drawn["values"]) == len(drawn["labels"]) > 0
    for name, label in zip(drawn["names"], drawn["labels"], strict=True):
        assert name in text and label in text


def test_a_bar_is_the_figures_share_of_its_target(year: None):
    drawn = chart("/indicators/", "board-chart")
    wait = drawn["names"].index("社保卡业务申报时限")
    assert drawn["values"][wait] == "67" and drawn["missed"][wait] is False  # 40 of 60 days


def test_a_county_shows_its_own_figures(year: None):
    assert "40 天" in read("/indicators/?region=610422")
    assert "40 天" not in read("/indicators/?region=610402")


@pytest.mark.parametrize(
    "query", ["?period=1999", "?period=x", "?region=999999", "?region=610400'", "?period=2025&region="]
)
def test_a_wrong_choice_shows_the_year_of_the_whole_city(year: None, query: str):
    assert read(f"/indicators/{query}") == read("/indicators/")


def test_a_measure_is_split_by_county_and_quarter(year: None):
    text = read("/indicators/XT1/")
    for expected in ("秦都区 20 天", "三原县 40 天", "2025年第一季度 40 天", "2025年第二季度 12 天"):
        assert expected in text, expected
    assert chart("/indicators/XT1/", "quarter-chart")["values"] == ["40.0000", "12.0000"]
    assert "三原县" in chart("/indicators/XT1/", "county-chart")["names"]


def test_an_unknown_measure_is_not_found(year: None):
    assert Client().get("/indicators/XX9/").status_code == 404


def test_every_measure_has_its_page_and_its_definition(year: None):
    text = read("/definitions/")
    for definition in indicators.definitions():
        assert definition.name in text and definition.definition in text
        assert definition.definition in read(f"/indicators/{definition.id}/")


def test_an_open_period_says_that_figures_may_change(year: None):
    assert "尚未锁定，数字可能变动" in read("/indicators/")


def test_a_locked_period_shows_its_digest(year: None):
    lock_the_year()
    row = next(row for row in indicators.periods() if str(row.period) == "2025")
    text = read("/indicators/")
    assert "已审核锁定" in text and row.digest in text and len(row.digest) == 64


def test_the_sheet_on_the_page_and_in_the_workbook_are_one(year: None):
    assert "2025 年 XLSX" in read("/disclosure/")
    text = read("/disclosure/2025/")
    answer = Client().get("/disclosure/2025.xlsx")
    assert "attachment" in answer["Content-Disposition"] and answer["Content-Type"].endswith("sheet")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    cells = {str(cell) for row in rows for cell in row}
    sheet = disclosure.performance_sheet(2025)
    assert sheet
    for line in sheet.lines:
        if line.code:
            assert line.label in text and line.label in cells
    assert "尚无计量" in text and "尚无计量" in cells


@pytest.mark.parametrize(
    "path", ["/disclosure/1999/", "/disclosure/1999.xlsx", "/disclosure/0/", "/disclosure/99999999/"]
)
def test_a_year_without_a_sheet_is_not_found(year: None, path: str):
    assert Client().get(path).status_code == 404


def test_the_english_board_names_measures_in_english(year: None):
    with translation.override("en"):
        page = Client().get("/indicators/", headers={"Accept-Language": "en"}).content.decode()
    assert "Longest time from application" in page
    assert " days" in page and " 天" not in page.split("<table")[1]


def test_no_page_runs_a_script_of_its_own(year: None):
    for path in (
        "/",
        "/indicators/",
        "/indicators/XT1/",
        "/definitions/",
        "/disclosure/",
        "/disclosure/2025/",
    ):
        answer = Client().get(path)
        page = answer.content.decode()
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        for script in re.findall(r"<script[^>]*>", page):
            assert "src=" in script or 'type="application/json"' in script, (path, script)
        assert not re.search(r"\son\w+=", page)
