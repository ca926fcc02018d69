"""The Fiscal Data Package: its descriptor keeps the rules of the specification, its files hold what it says of them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from decimal import Decimal

import pytest

from yikatong.disclosure.family import families
from yikatong.disclosure.formats import formats
from yikatong.disclosure.intake import read_lines
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.printing import publish

NAMES = {
    "exp_func_code", "dep_bgt_eco_code", "gov_bgt_eco_code", "pro_code", "fund_type_code", "mof_div_code", "fiscal_year",
    "agency_code",
}  # fmt: skip
DIMENSION_TYPES = {"datetime", "entity", "classification", "activity", "fact", "location", "fund", "other"}
CHECKS = {
    "year": lambda text: re.fullmatch(r"\d{4}", text),
    "integer": lambda text: re.fullmatch(r"-?\d+", text),
    "number": lambda text: re.fullmatch(r"-?\d+\.\d\d", text),
    "string": lambda text: True,
}


@pytest.fixture(params=[("xinzhou_2024", "SX13"), ("xianyang_2025", "SN15")], ids=lambda seed: seed[1])
def package(request):
    name, code = request.param
    book = ledger(name)
    publication = publish(book, families()[code])
    content = formats()["datapackage"].render(publication, book)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return book, publication, {each: archive.read(each) for each in archive.namelist()}


def test_the_descriptor_keeps_the_rules_of_the_specification(package):
    _, publication, files = package
    told = json.loads(files["datapackage.json"])
    assert told["profile"] == "fiscal-data-package" and told["title"] == publication.title
    assert re.fullmatch(r"[-a-z0-9._/]+", told["name"]) and told["countryCode"] == "CN"
    assert told["fiscalPeriod"]["start"] < told["fiscalPeriod"]["end"]
    fields = {}
    for resource in told["resources"]:
        assert resource["profile"] == "tabular-data-resource" and re.fullmatch(
            r"[-a-z0-9._/]+", resource["name"]
        )
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert len(set(names)) == len(names)
        fields[resource["name"]] = set(names)
    model = told["model"]
    for measure in model["measures"].values():
        assert measure["source"] in fields[measure["resource"]] and measure["currency"] == "CNY"
    for dimension in model["dimensions"].values():
        assert dimension["dimensionType"] in DIMENSION_TYPES
        assert (dimension["dimensionType"] == "classification") == ("classificationType" in dimension)
        assert set(dimension["primaryKey"]) <= set(dimension["attributes"])
        assert all(each["source"] in fields[each["resource"]] for each in dimension["attributes"].values())
    assert fields["lines"] >= NAMES


def test_each_file_is_what_its_descriptor_says(package):
    files = package[2]
    resources = json.loads(files["datapackage.json"])["resources"]
    assert {"datapackage.json", *(each["path"] for each in resources)} == set(files)
    for resource in resources:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        head, *rows = csv.reader(io.StringIO(content.decode(resource["encoding"])))
        fields = resource["schema"]["fields"]
        assert head == [field["name"] for field in fields]
        assert rows
        for row in rows:
            for field, text in zip(fields, row, strict=True):
                assert text == "" or CHECKS[field["type"]](text), (field["name"], text)


def test_its_lines_are_taken_in_again_as_they_were(package):
    book, _, files = package
    intake = read_lines("lines.csv", files["data/lines.csv"])
    assert (intake.lines, intake.refused) == (book.lines, ())


def test_its_cells_are_the_printed_amounts(package):
    _, publication, files = package
    rows = list(csv.DictReader(io.StringIO(files["data/cells.csv"].decode())))
    slots = [slot for table in publication.tables for slot in table.amounts]
    assert [(row["printed"], Decimal(row["amount"]) * 100) for row in rows] == [
        (slot.text, slot.fen) for slot in slots
    ]
