"""Tests reach no other machine, and this proves it."""

from __future__ import annotations

import socket
import urllib.request

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("8.8.8.8", 53), ("2001:db8::1", 80, 0, 0)])
def test_a_connection_to_another_machine_is_refused(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(RuntimeError, match="no other machine"):
        one.connect(address)


def test_a_datagram_to_another_machine_is_refused():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, pytest.raises(RuntimeError):
        one.sendto(b"x", ("192.0.2.1", 9))


def test_the_name_of_another_machine_is_not_looked_up():
    with pytest.raises(RuntimeError, match="look up"):
        urllib.request.urlopen("http://example.com/")


def test_this_machine_is_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        accepted, _ = server.accept()
        accepted.sendall(b"here")
        accepted.close()
        assert client.recv(4) == b"here"
