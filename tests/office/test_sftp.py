"""Files over SFTP: the system's own client against a small server of the protocol, and what it does when things break."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from yikatong.office.wires import ways
from yikatong.office.wires.folder import FolderWire, NameTaken
from yikatong.office.wires.sftp import Address, NotConnected, SftpWire

ADDRESS = Address.read("sftp://centre@bank.example:2222/yikatong")
SERVER = Path(__file__).with_name("sftp_server.py")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The counterpart's folder on its server, and the client that reaches it."""
    if shutil.which("sftp") is None:
        pytest.skip("no sftp client on this machine (Debian: apt install openssh-client)")
    folder = tmp_path / "home"
    (folder / "yikatong" / "in").mkdir(parents=True)
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SERVER}"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("FAKE_SFTP_HOME", str(folder))
    return folder / "yikatong", SftpWire(ADDRESS, ("sftp", "-S", str(ssh)))


def scripted(tmp_path: Path, script: str) -> SftpWire:
    """A wire whose client is a script: what it says and how it ends."""
    client = tmp_path / "client"
    client.write_text(f"#!/bin/sh\n{script}\n")
    client.chmod(0o755)
    return SftpWire(ADDRESS, (str(client),))


def test_a_file_is_laid_out_whole_and_once_for_each_time_it_is_sent(home):
    folder, wire = home
    content, lies = bytes(range(256)) * 1000, folder / "out" / "pay-P1.txt"
    for _ in range(2):
        wire.deliver("pay-P1.txt", content)
        assert lies.read_bytes() == content
    lies.unlink()  # the counterpart took it, and we never heard that it had been laid out
    wire.deliver("pay-P1.txt", content)
    assert not lies.exists()
    wire.deliver("pay-P1.txt", content, time=2)
    assert lies.read_bytes() == content


def test_other_bytes_under_the_same_name_are_never_laid_over_the_first(home):
    folder, wire = home
    wire.deliver("pay-P1.txt", b"first")
    with pytest.raises(NameTaken):
        wire.deliver("pay-P1.txt", b"other")
    assert (folder / "out" / "pay-P1.txt").read_bytes() == b"first"


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5])
def test_wherever_the_line_breaks_the_file_is_laid_out_once_and_whole(home, monkeypatch, cut):
    """The server stops after so many changes; sent again, the file lies there once, or was taken once."""
    folder, wire = home
    monkeypatch.setenv("FAKE_SFTP_CHANGES", str(cut))
    with suppress(NotConnected):
        wire.deliver("pay-P1.txt", b"first")
    lies = folder / "out" / "pay-P1.txt"
    taken = lies.exists()
    if taken:
        assert lies.read_bytes() == b"first"
        lies.unlink()
    monkeypatch.delenv("FAKE_SFTP_CHANGES")
    wire.deliver("pay-P1.txt", b"first")
    assert lies.exists() is not taken
    assert taken or lies.read_bytes() == b"first"


def test_what_came_in_is_read_in_order_and_put_away_or_aside(home):
    folder, wire = home
    assert list(wire.waiting()) == []
    for name in ("b.txt", "a.txt", ".c.part", "bad name"):
        (folder / "in" / name).write_bytes(name.encode())
    assert list(wire.waiting()) == [("a.txt", b"a.txt"), ("b.txt", b"b.txt")]
    wire.put_away("a.txt")
    wire.put_aside("b.txt")
    (folder / "in" / "b.txt").write_bytes(b"again")
    wire.put_aside("b.txt")
    assert (folder / "done" / "a.txt").read_bytes() == b"a.txt"
    assert sorted(path.name for path in (folder / "refused").iterdir()) == ["b.txt.1", "b.txt.2"]
    assert list(wire.waiting()) == []


def test_nothing_is_asked_of_anybody_and_an_unknown_server_is_refused(tmp_path):
    wire = scripted(tmp_path, f'echo "$@" > {tmp_path}/said; cat >> {tmp_path}/said')
    assert list(wire.waiting()) == []
    said = (tmp_path / "said").read_text()
    assert "-oBatchMode=yes" in said and "-oStrictHostKeyChecking=yes" in said
    assert said.splitlines()[0].endswith("-P 2222 centre@bank.example")
    assert said.splitlines()[1] == 'cd "yikatong"'


def test_a_server_that_cannot_be_reached_is_named_and_nothing_counts_as_sent(tmp_path):
    wire = scripted(tmp_path, "echo 'Connection refused' >&2; exit 255")
    for attempt in (lambda: wire.deliver("pay-P1.txt", b"1"), lambda: list(wire.waiting())):
        with pytest.raises(NotConnected, match=r"bank.example: Connection refused"):
            attempt()


@pytest.mark.parametrize("text", ["ftp://a@b/c", "sftp://b/c", "sftp:///c", "/folder", "sftp://a@/c"])
def test_what_is_no_address_is_refused_at_once(text):
    with pytest.raises(ValueError, match="address"):
        Address.read(text)


def test_a_password_has_no_place_in_an_address():
    with pytest.raises(ValueError, match="no password"):
        Address.read("sftp://centre@bank.example/pay".replace("centre@", "centre:word@"))


def test_a_counterpart_has_a_server_only_where_the_setting_says_so(settings):
    settings.SFTP = "pay-102=sftp://centre@bank.example/pay?key=/keys/102"
    assert isinstance(ways.wire_to("pay-102"), SftpWire)
    assert isinstance(ways.wire_to("pay-103"), FolderWire)
    assert ways.addresses(settings.SFTP)["pay-102"] == Address(
        "centre", "bank.example", 22, "pay", "/keys/102"
    )


def test_a_name_that_could_leave_the_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="safe"):
        scripted(tmp_path, "exit 0").deliver("../x", b"1")
