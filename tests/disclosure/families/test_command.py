"""`./yk disclose`: a unit prints its document from its own lines; bad input is told and nothing is written."""

from __future__ import annotations

from importlib import resources

import pytest
from typer.testing import CliRunner

from yikatong.cli import app
from yikatong.disclosure.audit.reading import read_document

LEDGERS = resources.files("yikatong.disclosure.ledgers")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("xinzhou_2024.csv", "xinzhou_2024.toml"):
        (tmp_path / name).write_bytes((LEDGERS / name).read_bytes())
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(app, ["disclose", *words])


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx", "md"])
def test_a_document_is_written_under_its_title(folder, form):
    done = run("xinzhou_2024.csv", "--family", "SX13", "--words", "xinzhou_2024.toml", "--format", form)
    assert done.exit_code == 0, done.output
    (written,) = folder.glob(f"忻州市社会保障卡服务中心2024年度单位预算公开.{form}")
    assert read_document(written.name, written.read_bytes()).blocks


def test_missing_reasons_are_told_and_the_document_is_written_all_the_same(folder):
    done = run(
        "xinzhou_2024.csv", "--family", "SX13", "--name", "某中心", "--format", "md", "--out", "own.md"
    )
    assert done.exit_code == 1 and "还缺：总体增加的原因" in done.output
    assert "某中心" in (folder / "own.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.csv", "--family", "SX13"), "missing.csv"),
        (("xinzhou_2024.csv", "--family", "XX1"), "没有模板族 XX1"),
        (("xinzhou_2024.csv", "--family", "SX13", "--format", "ps"), "没有格式 ps"),
        (("xinzhou_2024.csv", "--family", "SX13"), "不知道单位名称"),
        (("xinzhou_2024.csv", "--family", "SX13", "--words", "xinzhou_2024.csv"), "不是 TOML 文件"),
        (("xinzhou_2024.toml", "--family", "SX13", "--name", "某中心"), "不是可读的 CSV 或 XLSX"),
        (("bad.csv", "--family", "SX13", "--name", "某中心"), "应为四位年份"),
        (("two.csv", "--family", "SX13", "--name", "某中心"), "不止一个单位或年度"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(folder, words, said):
    text = (folder / "xinzhou_2024.csv").read_text("utf-8")
    (folder / "bad.csv").write_text(text.replace("2024,", "24,"), "utf-8")
    (folder / "two.csv").write_text(text + text.splitlines()[1].replace("2024,", "2023,") + "\n", "utf-8")
    before = set(folder.iterdir())
    done = run(*words)
    assert done.exit_code == 2 and said in done.output, done.output
    assert set(folder.iterdir()) == before
