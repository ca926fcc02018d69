"""What every test stands on: a real PostgreSQL, closed outgoing sockets, and a real Chromium where there is one."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from yikatong.basics.refused import Refused
from yikatong.setup.cluster import TESTING
from yikatong.setup.places import MADE
from yikatong.setup.postgres import ServerHandle, embedded

SERVER = pytest.StashKey[ServerHandle]()
# Without these a starting Chromium looks up and calls its maker's machines.
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
]


# How long an example takes is measured by benches, never by tests: a busy machine is no fault.
settings.register_profile("yikatong", deadline=None)
settings.load_profile("yikatong")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before Django's settings are read (pytest-django sets Django up after this).

    One server for all processes of a run, and for runs of several terminals; every process has its own database.
    The name DATABASE_URL is never believed here: it may be the city's.
    """
    if not hasattr(config, "workerinput"):
        named = os.environ.get("YK_TEST_DATABASE_URL")
        if named:
            os.environ["DATABASE_URL"] = named
        else:
            server = embedded(MADE / "test-pg", TESTING, shared=True)
            if isinstance(server, Refused):
                raise pytest.UsageError(f"{server.zh}\n{server.en}")
            config.stash[SERVER] = server
            os.environ["DATABASE_URL"] = server.url
        os.environ["YK_DATA"] = tempfile.mkdtemp(prefix="yikatong-test-")
        os.environ["YK_DEMO"] = "1"
        os.environ["YK_LOG"] = "ERROR"
    os.environ["DJANGO_SETTINGS_MODULE"] = "yikatong.settings"
    from django.conf import settings

    # Pages are tested without collecting the static files first; their names carry no digests here.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = Path(os.environ["YK_DATA"]) / "static-root"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    close_outgoing_sockets()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the server back; the last run to do so stops it."""
    if not hasattr(config, "workerinput"):
        server = config.stash.get(SERVER, None)
        if server is not None:
            server.stop()
        shutil.rmtree(os.environ.get("YK_DATA", ""), ignore_errors=True)


class OutgoingClosed(RuntimeError):
    """A test tried to reach another machine."""


def is_here(address: Any) -> bool:
    """Whether a socket's address is on this machine: a Unix socket, or a loopback address."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def close_outgoing_sockets() -> None:
    """From here on this process reaches only its own machine; names of others are not even looked up."""

    def only_here(method: Any) -> Any:
        def checked(self: socket.socket, *arguments: Any) -> Any:
            # connect(address), connect_ex(address), sendto(data[, flags], address)
            if self.family != socket.AF_UNIX and not is_here(arguments[-1]):
                raise OutgoingClosed(f"tests talk to no other machine: {arguments[-1]!r}")
            return method(self, *arguments)

        return checked

    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, only_here(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def look_up_here(host: Any, *arguments: Any, **named: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else host
        if text is not None and not is_here((text,)):
            raise OutgoingClosed(f"tests look up no other machine: {text!r}")
        return look_up(host, *arguments, **named)

    socket.getaddrinfo = look_up_here


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium; skips where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    pytest.skip(
        "no Chromium on this machine (Debian: apt install chromium); pages were not tried in a browser"
    )


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A running Chromium (playwright's Browser) for the tests of one module.

    Not for the whole session: while it runs, this thread counts as being inside an event loop, so that code which
    starts one of its own, and Django's guard against that, would fail in tests that have nothing to do with pages.
    """
    from django.db import connections
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=[*FLAGS, rules], chromium_sandbox=False
        )
        yield running
        running.close()
        # The connection opened meanwhile belongs to that event loop and cannot be found again once it is gone.
        connections.close_all()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def live_page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A playwright Page on a live server: `live_page.goto("/portal/")`. A script error on the page fails the test."""
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"script errors on the page: {errors}"


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be added to a page with `page.add_script_tag(content=axe)`."""
    from yikatong.setup.assets import AXE

    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed (npm ci)")
    return Path(AXE).read_text(encoding="utf-8")


class JournalRefused(Exception):
    """The journal does not take the entry."""


@pytest.fixture
def journal_refuses() -> Callable[[], AbstractContextManager[None]]:
    """`with journal_refuses(): …` one act inside, whose journal refuses; the twin test then finds nothing changed.

    The refusal must come, and must not be swallowed: leaving the block without it fails the test.
    """

    @contextmanager
    def refusing() -> Iterator[None]:
        def refuse(*_: object, **__: object) -> int:
            raise JournalRefused

        with pytest.MonkeyPatch.context() as patch, pytest.raises(JournalRefused):
            patch.setattr("yikatong.office.journal.write", refuse)
            patch.setattr("yikatong.office.journal.write_rows", refuse)
            yield

    return refusing


@pytest.fixture(autouse=True)
def a_house_of_its_own(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test with a database has its own folders outside it, and nothing remembered from the test before.

    Django leaves the language of the last request on in its thread until the next one.
    """
    touches = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not touches and request.node.get_closest_marker("django_db") is None:
        yield
        return
    settings = request.getfixturevalue("settings")
    outside: Path = request.getfixturevalue("tmp_path")
    settings.JOURNAL_HEAD = outside / "journal-head.txt"
    settings.WIRES_FOLDER = outside / "wires"
    _forget()
    # A test that committed left no keys behind; the database fixture comes first, whichever of them it is.
    for name in ("live_server", "transactional_db", "db"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    from yikatong.office import sealing

    sealing.make_missing()
    yield
    _forget()


def _forget() -> None:
    from django.utils import translation

    from yikatong.office import clock, rulebook, sealing

    translation.deactivate()
    sealing.forget()
    rulebook.forget()
    clock.offset.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def the_journal_can_be_emptied_between_tests() -> None:
    """A test that commits is followed by Django's flush, which the journal's own triggers would refuse."""
    from django.db import connection, transaction

    def flush(_operations: object, sql_list: Iterable[str]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in sql_list:
                cursor.execute(sql)

    # On the class: while a browser runs, this thread has a second connection of its own.
    type(connection.ops).execute_sql_flush = flush  # type: ignore[method-assign, assignment]
