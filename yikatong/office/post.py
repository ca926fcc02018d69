"""The outbox and inbox: files and short messages are stored in the act and moved after it.

What is queued here is sent once the act is committed, by a task or by whoever calls `send_files` and
`send_messages`. A file is delivered once, whoever dies on the way; a message handed over twice is harmless because the
same name is always the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.facts import FILE_REFUSED, FILE_RESENT, MESSAGES_ERASED
from yikatong.office.lifecycle import IllegalStep, advance, advance_all
from yikatong.office.models import Message, WireFile
from yikatong.office.rulebook import whole
from yikatong.office.rules import FILE, MESSAGE, QUEUED, RECEIVED, REJECTED, SENT
from yikatong.office.turns import take_turn
from yikatong.office.wires.folder import NameTaken
from yikatong.office.wires.messages import FolderGateway
from yikatong.office.wires.ways import Wire, wire_to

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReceivedFile:
    """A file from a counterpart, waiting to be applied. Its bytes are fetched when they are first asked for."""

    id: int
    counterpart: str
    name: str
    at: datetime

    @cached_property
    def content(self) -> bytes:
        return content_of(self.id)


def content_of(wire_file: int) -> bytes:
    """The bytes of an exchanged file, as they came or went."""
    return bytes(WireFile.objects.values_list("content", flat=True).get(pk=wire_file))


def queue_message(act: Act, *, to: str, text: str, person: int | None = None, subject: str = "") -> None:
    """Queue a short message to a person. An empty number queues nothing: not everyone has a phone."""
    if to:
        Message.objects.create(
            to=to,
            text=text[:300],
            person=person,
            subject=subject,
            act=act.id,
            queued_at=act.at,
            state=QUEUED.code,
        )


def queue_messages(act: Act, select: str, parameters: dict[str, Any]) -> int:
    """Queue a short message to each person of a set, in one statement; returns how many.

    `select` yields (to as it is sealed, text, person, subject); rows without a number queue nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO office_message ("to", text, person, subject, act, queued_at, state) '  # noqa: S608
            "SELECT s.number, left(s.text, 300), s.person, s.subject, %(_act)s, %(_at)s, %(_state)s "
            f"FROM ({select}) AS s (number, text, person, subject) WHERE s.number <> ''",
            {**parameters, "_act": act.id, "_at": act.at, "_state": QUEUED.code},
        )
        return int(cursor.rowcount)


def texts_of(act: UUID) -> tuple[str, ...]:
    """What the short messages of an act say, in the order in which they were queued."""
    return tuple(Message.objects.filter(act=act).order_by("id").values_list("text", flat=True))


def queue_file(act: Act, *, counterpart: str, name: str, content: bytes, rows: int) -> None:
    """Queue a file to a counterpart. The same name a second time is refused by the database."""
    WireFile.objects.create(
        counterpart=counterpart,
        name=name,
        outgoing=True,
        content=content,
        digest=sm3(content),
        rows=rows,
        at=act.at,
        state=QUEUED.code,
    )


def store_received(counterpart: str, name: str, content: bytes, at: datetime) -> ReceivedFile | Refused:
    """Store a file that came in. The same bytes or the same name from one counterpart come in once; a file that was
    rejected as a whole may come again, as it was or mended under its name.

    Refused: file.repeated, file.name_taken. Two who bring the same file at once wait for each other.
    """
    digest = sm3(content)
    with transaction.atomic():
        take_turn(f"files.{counterpart}")
        twin = (
            WireFile.objects.filter(counterpart=counterpart, outgoing=False)
            .filter(digest=digest)
            .exclude(state=REJECTED.code)
            .first()
        )
        if twin is not None:
            came = f"{timezone.localtime(twin.at):%Y-%m-%d}"
            return Refused(
                "file.repeated",
                f"该文件已于 {came} 收到过（{twin.name}），未重复处理。",
                f"This file already came in on {came} as {twin.name}; nothing was done again.",
            )
        named = WireFile.objects.filter(counterpart=counterpart, outgoing=False, name=name)
        if named.exclude(state=REJECTED.code).exists():
            return Refused(
                "file.name_taken",
                f"同名文件 {name} 已收到过但内容不同，请与对方核实后改名重传。",
                f"Another file named {name} came in with other content; settle it with the sender and rename it.",
            )
        row = WireFile.objects.create(
            counterpart=counterpart,
            name=name,
            outgoing=False,
            content=content,
            digest=digest,
            at=at,
            state=RECEIVED.code,
        )
    return ReceivedFile(row.pk, counterpart, name, at)


def waiting_files(*counterparts: str) -> list[ReceivedFile]:
    """Received files that nobody has applied or rejected yet, oldest first."""
    rows = WireFile.objects.filter(outgoing=False, state=RECEIVED.code, counterpart__in=counterparts)
    return [ReceivedFile(*row) for row in rows.order_by("id").values_list("pk", "counterpart", "name", "at")]


def take_in(actor: Actor, counterparts: Sequence[str], apply: Callable[[Act, ReceivedFile], object]) -> int:
    """Apply what counterparts sent, oldest first, each file in its own act; returns how many were applied or rejected.

    A file that breaks a promise of ours stays waiting and is named in the log; it does not hold up the next one.
    """
    done = 0
    for file in waiting_files(*counterparts):
        try:
            with open_act(actor, door=Door.TASK) as act:
                result = apply(act, file)
        except (DatabaseError, IllegalStep):
            log.exception("file %s of %s could not be applied", file.name, file.counterpart)
            continue
        if isinstance(result, Refused):
            log.warning("file %s of %s: %s", file.name, file.counterpart, result.code)
        done += 1
    return done


def settle(act: Act, file: ReceivedFile, *, rows: int, refused: Refused | None = None) -> None:
    """Mark a received file as applied, or as rejected with the reason."""
    row = WireFile.objects.select_for_update(no_key=True).get(pk=file.id)
    if refused is None:
        advance(row, FILE, "apply", rows=rows, moved_at=act.at)
    else:
        advance(row, FILE, "reject", rows=rows, moved_at=act.at, note=refused.zh[:300])


@dataclass(frozen=True)
class SentFile:
    """A file of ours that was queued: its id, the SM3 of its bytes, and when it left; None while it waits in the outbox."""

    id: int
    digest: bytes
    left_at: datetime | None


def sent_file(counterpart: str, name: str) -> SentFile | None:
    """The file of this name that was queued to a counterpart; there is one at most."""
    row = (
        WireFile.objects.filter(counterpart=counterpart, name=name, outgoing=True)
        .only("pk", "digest", "state", "moved_at")
        .first()
    )
    if row is None:
        return None
    return SentFile(row.pk, bytes(row.digest), row.moved_at if row.state == SENT.code else None)


def resend(act: Act, *, file_id: int) -> Refused | None:
    """Queue a sent file once more: the same bytes under the same name, never made anew.

    Whether it is still unanswered is for the caller to know. Refused: file.unknown, file.not_sent (it waits to be sent
    already, or somebody else queued it a moment ago).
    """
    row = WireFile.objects.select_for_update(no_key=True).filter(pk=file_id, outgoing=True).first()
    if row is None:
        return Refused("file.unknown", "没有这份发出的文件。", "There is no such outgoing file.")
    if row.state != SENT.code:
        return Refused(
            "file.not_sent",
            f"文件 {row.name} 正等待发送，不必重发。",
            f"{row.name} is waiting to be sent; there is nothing to send again.",
        )
    advance(row, FILE, "resend", note="")
    act.record(
        FILE_RESENT,
        subject=f"file:{row.pk}",
        file=row.name,
        counterpart=row.counterpart,
        sendings=row.sendings,
        digest=bytes(row.digest).hex(),
    )
    return None


def send_files() -> int:
    """Lay out every queued file; returns how many.

    Each once, also where a process dies between laying it out and committing that it did (`FolderWire.deliver`). A file
    that cannot be laid out stays queued with the reason in its note, and does not hold up the next one.
    """
    count = 0
    for number in (
        WireFile.objects.filter(outgoing=True, state=QUEUED.code).order_by("id").values_list("pk", flat=True)
    ):
        with transaction.atomic():
            row = (
                WireFile.objects.select_for_update(no_key=True, skip_locked=True)
                .filter(pk=number, state=QUEUED.code)
                .first()
            )
            if row is None:  # somebody else is sending it
                continue
            try:
                wire_to(row.counterpart).deliver(row.name, bytes(row.content), time=row.sendings + 1)
            except (NameTaken, OSError) as trouble:
                row.note = f"{type(trouble).__name__}: {trouble}"[:300]
                row.save(update_fields=["note"])
                log.error("file %s to %s could not be sent: %s", row.name, row.counterpart, row.note)
                continue
            advance(row, FILE, "send", moved_at=clock.now(), note="", sendings=row.sendings + 1)
        count += 1
    return count


def send_messages(limit: int = 500) -> int:
    """Hand queued messages over, a few at a time; returns how many.

    A message that cannot be handed over stays queued, and does not hold up the next one.
    """
    gateway = FolderGateway(settings.WIRES_FOLDER)
    with transaction.atomic():
        batch = list(
            Message.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(state=QUEUED.code)
            .order_by("id")[:limit]
        )
        sent = [message.pk for message in batch if _handed_over(gateway, message)]
        advance_all(Message.objects.filter(pk__in=sent), MESSAGE, "send", sent_at=clock.now())
    return len(sent)


def erase_messages(act: Act) -> int:
    """Erase the short messages that were sent longer ago than rule keep.message_days says, with the phones they went
    to; returns how many. The journal keeps how many."""
    before = act.at - timedelta(days=whole("keep.message_days", act.today))
    count, _ = Message.objects.filter(state=SENT.code, sent_at__lt=before).delete()
    if count:
        act.record(MESSAGES_ERASED, messages=count)
    return count


def _handed_over(gateway: FolderGateway, message: Message) -> bool:
    try:
        gateway.send(message.pk, message.to, message.text)
    except (NameTaken, OSError) as trouble:
        log.error("message %s could not be handed over: %s: %s", message.pk, type(trouble).__name__, trouble)
        return False
    return True


def collect_files(counterparts: list[str]) -> int:
    """Store what counterparts have laid out for us; returns how many new files.

    A file that came before, or whose name is taken by other bytes, is not stored: it is put aside, and journalled. A
    counterpart that cannot be reached is named in the log, and does not hold up the next one.
    """
    count = 0
    for counterpart in counterparts:
        wire = wire_to(counterpart)
        try:
            for name, content in wire.waiting():
                count += _collected(counterpart, wire, name, content)
        except OSError as trouble:
            log.error(
                "files of %s could not be collected: %s: %s", counterpart, type(trouble).__name__, trouble
            )
    return count


def _collected(counterpart: str, wire: Wire, name: str, content: bytes) -> bool:
    stored = store_received(counterpart, name, content, clock.now())
    if not isinstance(stored, Refused):
        wire.put_away(name)
        return True
    with open_act(Actor.system("files"), door=Door.TASK) as act:
        act.record(FILE_REFUSED, counterpart=counterpart, file=name, reason=stored.zh, code=stored.code)
    wire.put_aside(name)
    return False
