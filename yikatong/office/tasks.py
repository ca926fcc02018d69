"""The office's timed work: one call each."""

from __future__ import annotations

from yikatong.office import events, jobs, journal, keys, post, sealing
from yikatong.office.act import Actor, Door, open_act


@jobs.task("office.seal_journal", every="* * * * * */5")
def seal_journal() -> None:
    """Seal what the last seconds recorded."""
    journal.seal()


@jobs.task("office.seal_journal_whole", every="17 2 * * *")
def seal_journal_whole() -> None:
    """Once a night look at every entry, not only the last hour's."""
    journal.seal(whole=True)


@jobs.task("office.move_to_new_key", every="41 2 * * *")
def move_to_new_key() -> None:
    """Seal anew what an older data key sealed, and drop the keys that seal nothing any more."""
    moved, left = sealing.reseal()
    with open_act(keys.NIGHT, door=Door.TASK) as act:
        keys.finish_move(act, moved=moved, left=left)


@jobs.task("office.erase", every="11 3 * * *")
def erase() -> None:
    """Erase the short messages whose time is over."""
    with open_act(Actor.system("clock"), door=Door.TASK, purpose="保存期满") as act:
        post.erase_messages(act)


@jobs.task("office.send_files", every="* * * * * */10")
def send_files() -> None:
    """Lay out queued files."""
    post.send_files()


@jobs.task("office.send_messages", every="* * * * * */10")
def send_messages() -> None:
    """Hand queued short messages over."""
    post.send_messages()


@jobs.task("office.send_events", every="* * * * * */10")
def send_events() -> None:
    """Tell partners what they wait for, at the addresses they gave."""
    events.send_events()


@jobs.task(
    "office.reap_jobs", every="* * * * *", alone=False
)  # a killed reaper must not keep the next one out
def reap_jobs() -> None:
    """Put the jobs of dead workers back."""
    jobs.reap()
