"""The embedded PostgreSQL starts, stops, is shared, and comes back after every kind of death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from yikatong.basics.refused import Refused
from yikatong.setup import postgres
from yikatong.setup.cluster import url_of
from yikatong.setup.places import ROOT
from yikatong.setup.postgres import ServerHandle, embedded, held, require_postgres

SMALL = {"shared_buffers": "16MB"}


def started(folder: Path, **options: bool) -> ServerHandle:
    handle = embedded(folder, SMALL, **options)
    assert isinstance(handle, ServerHandle), handle
    return handle


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def elsewhere(folder: Path, shared: bool = False) -> subprocess.Popen[bytes]:
    """Another process that opens the folder's server and then waits to be killed."""
    script = textwrap.dedent(f"""
        import sys, time, pathlib
        from yikatong.setup.postgres import embedded
        handle = embedded(pathlib.Path({str(folder)!r}), {SMALL!r}, shared={shared})
        print(handle.owned, flush=True)
        time.sleep(600)
    """)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline().strip() == (b"False" if shared else b"True")
    return process


@pytest.fixture
def folder():
    # pytest's own folders are closed to others, and as root the server runs under an account of its own.
    with tempfile.TemporaryDirectory(prefix="yikatong-test-") as parent:
        Path(parent).chmod(0o711)
        path = Path(parent) / "城 a'b"
        path.mkdir()
        yield path


def test_it_starts_in_a_folder_with_spaces_quotes_and_chinese_and_keeps_its_data(folder):
    handle = started(folder)
    with psycopg.connect(handle.url) as connection:
        connection.execute("CREATE TABLE kept (note text)")
        connection.execute("INSERT INTO kept VALUES ('一卡通')")
    handle.stop()
    again = started(folder)
    try:
        assert one(again.url, "SELECT note FROM kept") == "一卡通"
        assert one(again.url, "SELECT current_setting('TimeZone')") == "Asia/Shanghai"
        assert one(again.url, "SELECT current_setting('listen_addresses')") == ""
        assert require_postgres(again.url) is None
    finally:
        again.stop()


def test_a_path_too_long_for_a_socket_works_too(folder):
    deep = folder / ("很长" * 30)
    handle = started(deep)
    try:
        assert one(handle.url, "SELECT 1") == 1
    finally:
        handle.stop()


def test_a_second_process_is_a_guest_and_does_not_stop_the_server(folder):
    owner = started(folder)
    try:
        guest = started(folder)
        assert not guest.owned
        guest.stop()
        assert one(owner.url, "SELECT 1") == 1
        assert held(folder)
    finally:
        owner.stop()
    assert not held(folder)


def test_a_server_that_is_stopped_is_nobodys_though_a_forked_process_holds_the_lock_open(folder):
    owner = started(folder)
    assert owner._lock is not None
    copy = os.dup(owner._lock.fileno())  # as a child has it
    try:
        owner.stop()
        assert not held(folder)
    finally:
        os.close(copy)


def test_when_its_owner_is_killed_the_server_goes_and_the_next_one_finds_the_data(folder):
    process = elsewhere(folder)
    url = url_of(folder / "pg", "yikatong")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    process.kill()
    process.wait()
    handle = started(folder)
    try:
        assert handle.owned
        assert one(handle.url, "SELECT answer FROM kept") == 42
    finally:
        handle.stop()


def test_after_kill_9_of_owner_and_server_it_recovers(folder):
    process = elsewhere(folder)
    url = url_of(folder / "pg", "yikatong")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    server = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGSTOP)
    process.kill()
    os.kill(server, signal.SIGKILL)
    process.wait()
    handle = started(folder)
    try:
        assert one(handle.url, "SELECT answer FROM kept") == 42
    finally:
        handle.stop()


def test_a_number_in_the_pid_file_that_now_belongs_to_another_program_is_no_server(folder):
    started(folder).stop()
    (folder / "pg" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{folder / 'pg'}\n1\n5432\n{folder / 'pg'}\n\n\nready\n"
    )
    handle = started(folder)
    try:
        assert one(handle.url, "SELECT 1") == 1
    finally:
        handle.stop()


def test_an_initdb_that_was_interrupted_is_done_again(folder):
    (folder / "pg").mkdir()
    (folder / "pg" / "PG_VERSION").write_text("18\n")
    handle = started(folder)
    try:
        assert one(handle.url, "SELECT 1") == 1
    finally:
        handle.stop()


def test_a_shared_server_goes_with_its_last_user(folder):
    here = started(folder, shared=True)
    other = elsewhere(folder, shared=True)
    server = psutil.Process(int((folder / "pg" / "postmaster.pid").read_text().split()[0]))
    here.stop()
    time.sleep(0.2)
    assert server.is_running()
    assert one(here.url, "SELECT 1") == 1
    other.kill()
    other.wait()
    last = started(folder, shared=True)
    last.stop()
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_data_of_another_version_is_refused(folder):
    started(folder).stop()
    (folder / "pg" / "PG_VERSION").write_text("16\n")
    refused = embedded(folder, SMALL)
    assert isinstance(refused, Refused)
    assert refused.code == "setup.data_version"


def test_a_folder_that_cannot_be_written_is_refused_by_name(tmp_path):
    (tmp_path / "file").write_text("")
    refused = embedded(tmp_path / "file" / "data")
    assert isinstance(refused, Refused)
    assert refused.code == "setup.folder"
    assert str(tmp_path) in refused.zh
    assert "--data" in refused.zh


def test_a_database_that_does_not_answer_is_refused():
    refused = require_postgres("postgresql://nobody@/x?host=/nonexistent")
    assert isinstance(refused, Refused)
    assert refused.code == "setup.database"


def test_an_old_server_is_refused_with_its_version(folder, monkeypatch):
    handle = started(folder)
    try:
        monkeypatch.setattr(postgres, "OLDEST", 99)
        refused = require_postgres(handle.url)
    finally:
        handle.stop()
    assert isinstance(refused, Refused)
    assert refused.code == "setup.database_version"
    assert "18" in refused.zh
