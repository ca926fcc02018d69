"""What the commands refuse before anything is started."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from yikatong.basics.refused import Refused
from yikatong.cli import app
from yikatong.cli.demo import LIFE, _make_room, _write_life
from yikatong.cli.environment import MARK, _mark
from yikatong.cli.serve import insecure
from yikatong.setup import assets

SECURE = {
    "DATABASE_URL": "postgresql://yikatong@/yikatong",
    "YK_SECRET_KEY": "q8Zr2mVtXw5LkJ3nB7yHc9PdGf4sAe6uRiTo1QxWvNzMbKjU",
    "YK_ENVELOPE_KEYS": "2026:Qm6VwRy2LcNh8JfPd5GsAe7uXiZo4EtWqBvMnCkHUb3Kx9Tz00",
    "YK_JOURNAL_KEY": "Ub3Kx9TzQm6VwRy2LcNh8JfPd5GsAe7uXiZo4EtWqBvMnCkH",
    "YK_ALLOWED_HOSTS": "card.example.cn",
}
SECURE = {name: value * 2 if name.endswith("KEY") else value for name, value in SECURE.items()}
NOTHING = {"centre": None, "residents": None, "seed": None}


@pytest.fixture(autouse=True)
def no_named_database(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_a_complete_environment_is_served():
    assert insecure(SECURE) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in SECURE),
        ("YK_SECRET_KEY", "short"),
        ("YK_SECRET_KEY", "demo-only-" * 8),
        ("YK_SECRET_KEY", "a" * 80),
        ("YK_JOURNAL_KEY", "demo-journal"),
        ("YK_JOURNAL_KEY", SECURE["YK_SECRET_KEY"]),
        ("YK_ENVELOPE_KEYS", "2026:short"),
        ("YK_ENVELOPE_KEYS", "2026:" + SECURE["YK_JOURNAL_KEY"]),
        ("YK_ALLOWED_HOSTS", "*"),
        ("YK_DEMO", "1"),
    ],
)
def test_an_insecure_environment_is_refused_by_the_name_of_the_setting(name, value):
    refused = insecure({**SECURE, name: value})
    assert isinstance(refused, Refused)
    assert refused.at == name
    assert name in refused.zh and name in refused.en


def test_help_names_every_command():
    done = CliRunner().invoke(app, ["help"])
    assert done.exit_code == 0
    for command in ("demo", "serve", "test", "check", "bench", "journal", "centre", "worker", "manage"):
        assert command in done.output


def test_a_folder_with_other_peoples_files_is_never_used_or_emptied(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(typer.Exit):
        _mark(tmp_path)
    _make_room(tmp_path, NOTHING, fresh=True)
    assert (tmp_path / "thesis.txt").exists()


def test_fresh_empties_a_folder_of_ours(tmp_path):
    _mark(tmp_path)
    _write_life(tmp_path, "lived", {"centre": "xianyang", "residents": 20_000, "seed": 1})
    (tmp_path / "pg").mkdir()
    _make_room(tmp_path, NOTHING, fresh=True)
    assert [entry.name for entry in tmp_path.iterdir()] == [MARK]


def test_a_city_that_was_not_finished_is_begun_again(tmp_path, capsys):
    _mark(tmp_path)
    _write_life(tmp_path, "living", {"centre": "xianyang", "residents": 20_000, "seed": 1})
    (tmp_path / "pg").mkdir()
    _make_room(tmp_path, NOTHING, fresh=False)
    assert not (tmp_path / "pg").exists()
    assert "从头再建" in capsys.readouterr().err


def test_a_finished_city_is_kept(tmp_path):
    _mark(tmp_path)
    _write_life(tmp_path, "lived", {"centre": "xianyang", "residents": 20_000, "seed": 1})
    _make_room(tmp_path, {**NOTHING, "centre": "xianyang"}, fresh=False)
    assert json.loads((tmp_path / LIFE).read_text(encoding="utf-8"))["state"] == "lived"


def test_another_city_in_the_same_folder_is_refused(tmp_path, capsys):
    _mark(tmp_path)
    _write_life(tmp_path, "lived", {"centre": "xianyang", "residents": 20_000, "seed": 1})
    with pytest.raises(typer.Exit):
        _make_room(tmp_path, {**NOTHING, "centre": "xinzhou"}, fresh=False)
    said = capsys.readouterr().err
    assert "xianyang" in said and "--fresh" in said


def test_a_named_database_is_never_emptied(tmp_path, monkeypatch):
    _mark(tmp_path)
    _write_life(tmp_path, "lived", {})
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with pytest.raises(typer.Exit):
        _make_room(tmp_path, NOTHING, fresh=True)
    assert (tmp_path / LIFE).exists()


def test_front_end_files_are_copied_once_and_without_their_source_maps(tmp_path, monkeypatch):
    script = tmp_path / "node_modules" / "x" / "a.js"
    script.parent.mkdir(parents=True)
    script.write_text("run();\n//# sourceMappingURL=a.js.map\n")
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(assets, "FILES", {"x/a.js": tmp_path / "out" / "a.js"})
    assert assets.place() == 1
    assert (tmp_path / "out" / "a.js").read_text() == "run();"
    assert assets.place() == 0
    script.unlink()
    refused = assets.place()
    assert isinstance(refused, Refused)
    assert "npm ci" in refused.zh
