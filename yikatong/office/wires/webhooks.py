"""A wire to a partner's own address: one signed POST, over TLS, to where the centre lets us call and nowhere else.

A partner names the address itself, so it is not believed: only agreed schemes, and every address that the name stands
for must be public, or in a network that the centre has agreed to (a government intranet). The connection goes to the
very address that was looked at, so that a name cannot stand for another a moment later. No redirect is followed, and
nothing of the answer is read but its first line.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from yikatong.basics.refused import Refused

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
_FIRST_LINE = 1024
_PORTS = {"https": 443, "http": 80}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class MayCall:
    """Where we may call: schemes, and networks (CIDR) beside the public addresses."""

    schemes: tuple[str, ...]
    networks: tuple[str, ...]

    def covers(self, address: Address) -> bool:
        """Whether this address may be called."""
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if address.is_global and not address.is_multicast:
            return True
        nets = (ipaddress.ip_network(each) for each in self.networks)
        return any(address.version == net.version and address in net for net in nets)


def url_problem(url: str, may_call: MayCall) -> Refused | None:
    """What is wrong with an address as it is written (`webhook.url`); what it stands for is looked at when it is called."""
    parts = _parts(url)
    if parts is None or parts.scheme not in may_call.schemes:
        schemes = "、".join(may_call.schemes)
        return Refused(
            "webhook.url",
            f"接收地址应为 {schemes} 开头的完整网址，不含用户名、密码和 # 号。",
            f"The address is a whole one ({schemes}), without user name, password or fragment.",
            at="url",
        )
    try:
        literal = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return None
    return None if may_call.covers(literal) else not_allowed()


def deliver(url: str, headers: Mapping[str, str], body: bytes, may_call: MayCall) -> int | Refused:
    """POST the body; the status of the answer. Refused: webhook.url, webhook.not_allowed (a private or reserved address),
    webhook.no_answer (nobody there, or nothing understandable in time)."""
    if (refused := url_problem(url, may_call)) is not None:
        return refused
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        return _no_answer(trouble)
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses or not all(map(may_call.covers, addresses)):
        return not_allowed()
    try:
        with socket.create_connection((str(addresses[0]), port), timeout=CONNECT_SECONDS) as plain:
            if parts.scheme == "http":
                return _ask(plain, parts, headers, body)
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as safe:
                return _ask(safe, parts, headers, body)
    except (OSError, ValueError) as trouble:
        return _no_answer(trouble)


def not_allowed() -> Refused:
    """The answer to an address that we do not call."""
    return Refused(
        "webhook.not_allowed",
        "接收地址指向内部或保留网段，不能发送；政务内网地址须先由本中心登记网段。",
        "The address is private or reserved; a network of the government intranet has to be entered by the centre first.",
        at="url",
    )


def _ask(wire: socket.socket, parts: SplitResult, headers: Mapping[str, str], body: bytes) -> int:
    """One exchange; ValueError where the answer is none. The time is one for all of it: who answers a byte at a time
    does not keep us."""
    until = time.monotonic() + ANSWER_SECONDS
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = {**headers, "Host": parts.netloc, "Content-Length": str(len(body)), "Connection": "close"}
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    wire.settimeout(ANSWER_SECONDS)
    wire.sendall(head.encode("ascii") + b"\r\n" + body)
    answer = b""
    while b"\r\n" not in answer and len(answer) < _FIRST_LINE:
        wire.settimeout(max(until - time.monotonic(), 0.001))
        more = wire.recv(_FIRST_LINE)
        if not more:
            break
        answer += more
    version, _, rest = answer.partition(b"\r\n")[0].partition(b" ")
    status = rest[:3]
    if not version.startswith(b"HTTP/1.") or not status.isdigit() or len(status) != 3:
        raise ValueError("not an answer over HTTP")
    return int(status)


def _parts(url: str) -> SplitResult | None:
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > 300:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = parts.username is None and parts.password is None and not parts.fragment and port != 0
    return parts if plain and parts.hostname and parts.scheme in _PORTS else None


def _no_answer(trouble: Exception) -> Refused:
    said = type(trouble).__name__
    return Refused("webhook.no_answer", f"对方没有应答（{said}）。", f"No answer from there ({said}).")
