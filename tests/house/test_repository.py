"""What is in the repository can be given to anyone: nothing of one machine, no key, no stale migration."""

from __future__ import annotations

import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.house.sources import ROOT

PLACES = re.compile(r"(?<![\w./])/(?:home|root|Users|work|mnt|opt/[a-z]+/bin)/[\w.-]+|(?<![\w./])/tmp/[\w-]+")
HOSTS = re.compile(
    r"files\.pythonhosted\.org|registry\.npm|npmmirror|pypi\.org/simple|--(?:extra-)?index-url|\"resolved\":",
    re.IGNORECASE,
)
KEYS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bglpat-[\w-]{20}|"
    r"\bxox[abp]-[\w-]{10,}|://[^/\s:@{}$]+:[^/\s:@{}$]+@"
)

OF_THE_STANDARD = ("11010519491231002X", "440524188001010014")  # GB 11643's examples


def tracked() -> list[Path]:
    try:
        told = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in told.split("\0") if name and (ROOT / name).is_file()]


def lines_with(pattern: re.Pattern[str], but: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("tests/house/test_repository", *but)):
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # fonts and the like
        found += [
            f"{name}:{number}: {match[0]}"
            for number, line in enumerate(text.splitlines(), 1)
            for match in [pattern.search(line)]
            if match
        ]
    return found


def test_no_path_of_one_machine_is_in_it():
    assert lines_with(PLACES) == []


def test_no_address_of_a_package_registry_is_in_it():
    # yk reads which mirror pip was told of, and names no mirror itself.
    assert lines_with(HOSTS, but=("requirements/", "docs/")) == []
    assert [
        line
        for line in lines_with(re.compile(r"https?://"))
        if line.startswith("requirements/") and ".lock" in line
    ] == []


def test_no_key_or_password_is_in_it():
    examples = ("://user:password@", "://用户:口令@")
    assert [line for line in lines_with(KEYS) if not line.endswith(examples)] == []


@pytest.mark.parametrize("where", ["tests", "yikatong"])
def test_everyone_in_it_is_made_up(where):
    """Identity numbers carry an area code that was never assigned; only the standard's own two examples do not."""
    from yikatong.basics.ids import check_digit
    from yikatong.basics.regions import ever_assigned

    found = []
    for path in tracked():
        if path.suffix in (".py", ".csv", ".html", ".md", ".json", ".toml") and where in path.parts:
            for number in re.findall(r"(?<![0-9])[0-9]{17}[0-9X](?![0-9])", path.read_text("utf-8")):
                real = number[6:8] in ("18", "19", "20") and check_digit(number[:17]) == number[17]
                if (
                    real
                    and number not in OF_THE_STANDARD
                    and ever_assigned(number[:6])
                    and number[:2] not in ("81", "82", "83")
                ):
                    found.append(f"{path.relative_to(ROOT)}: {number}")
    assert found == []


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    told = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=told, stderr=told)
    except SystemExit:
        pytest.fail(told.getvalue())


def test_a_test_that_reads_what_may_be_absent_skips_without_it():
    """The seeds beside a checkout are read where they are; the suite passes without them."""
    for path in (ROOT / "tests").rglob("*.py"):
        text = path.read_text("utf-8")
        if path.parent.name != "house" and re.search(r"\bSHARED\b|YK_SHARED", text):
            assert re.search(r"\bskip(if)?\(", text), (
                f"{path.relative_to(ROOT)} would fail where there is no such folder"
            )


def test_no_test_waits_for_the_network():
    assert [
        p for p in tracked() if p.parts[-2:-1] == ("tests",) and "allow_hosts" in p.read_text("utf-8")
    ] == []


def test_commit_messages_and_pages_do_not_speak_of_how_they_were_typed():
    """The house is described, not its making."""
    words = re.compile(r"\b(as an AI|language model|chatgpt|copilot)\b", re.IGNORECASE)
    assert lines_with(words) == []
