"""The script `yk` on machines that lack something: a sentence that says what to do, and no traceback."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from yikatong.setup.places import ROOT

TOOLS = "sh cat sed awk cksum tr tail mkdir chmod ln rm dirname".split()  # noqa: SIM905


@pytest.fixture
def checkout(tmp_path):
    """A copy of the script and the locks in a folder with a space, without anything set up."""
    home = tmp_path / "a checkout"
    shutil.copytree(ROOT / "requirements", home / "requirements")
    shutil.copy(ROOT / "yk", home / "yk")
    return home


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with a system's own small tools and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    return folder


def run(script: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [script, *arguments], capture_output=True, text=True, env=environment, cwd="/", timeout=120
    )


def python_that(folder: Path, body: str) -> None:
    """A `python3` that does what a shell line says."""
    program = folder / "python3"
    program.write_text(f'#!/bin/sh\n{body}\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)


def test_without_python_it_says_which_one_to_install(checkout, bare_path):
    done = run(checkout / "yk", "help", PATH=str(bare_path))
    assert done.returncode == 1
    assert "没有找到 Python 3.11" in done.stderr
    assert "apt install python3" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_that_is_too_old_counts_as_none(checkout, bare_path):
    python_that(bare_path, 'case "$2" in *version_info*) exit 1 ;; esac')
    done = run(checkout / "yk", "help", PATH=str(bare_path))
    assert done.returncode == 1
    assert "没有找到 Python 3.11" in done.stderr


def test_a_python_without_venv_and_pip_is_told_what_to_install(checkout, bare_path):
    python_that(bare_path, 'case "$2" in *"import venv"*) exit 1 ;; esac')
    done = run(checkout / "yk", "help", PATH=str(bare_path))
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr


def test_without_network_the_first_set_up_says_so(checkout, bare_path):
    python_that(bare_path, ":")
    closed = "http://127.0.0.1:9/simple"
    done = run(checkout / "yk", "help", PATH=str(bare_path), PIP_INDEX_URL=closed, PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert "需要联网" in done.stderr
    assert "PIP_INDEX_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_checkout_that_cannot_be_written_is_named(checkout, bare_path):
    checkout.chmod(0o555)
    done = run(checkout / "yk", "help", PATH=str(bare_path))
    checkout.chmod(0o755)
    assert done.returncode == 1
    assert str(checkout) in done.stderr


def test_the_locks_carry_hashes_and_no_addresses():
    for name in ("base", "dev", "node"):
        lock = (ROOT / "requirements" / f"{name}.lock").read_text()
        assert "://" not in lock
        packages = [line for line in lock.splitlines() if "==" in line and not line.lstrip().startswith("#")]
        assert packages
        assert all(line.endswith("\\") for line in packages), "a package without hashes"
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_every_dependency_says_why_it_is_there_and_its_licence():
    for name in ("base", "dev", "node"):
        lines = (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
        for before, line in itertools.pairwise(lines):
            if line and not line.startswith(("#", "-r")):
                group = before.startswith("#") or not before.startswith("-r")
                assert group and before, f"{line}: no comment above it"


def test_the_base_lock_is_part_of_the_dev_lock():
    def pins(name: str) -> set[str]:
        lock = (ROOT / "requirements" / f"{name}.lock").read_text().splitlines()
        return {line.removesuffix(" \\") for line in lock if "==" in line and not line.startswith((" ", "#"))}

    assert pins("base") <= pins("dev"), "a demo set up after the tests would run on other versions"
