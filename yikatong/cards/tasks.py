"""This room's timed work: files in and applied, files out, losses that run out. One act for each piece."""

from __future__ import annotations

from datetime import timedelta

from yikatong.basics.refused import Refused
from yikatong.cards.pending import lives_since
from yikatong.cards.pin_desk import ask_again
from yikatong.cards.rows import FileReport
from yikatong.cards.services.after_death import follow_deaths
from yikatong.cards.services.apply_by_list import clear_list_files
from yikatong.cards.services.bank import ask_accounts, take_account_answer
from yikatong.cards.services.courier_list import COURIER, couriers, take_courier_list
from yikatong.cards.services.erasing import erase_closed_cards, erase_photos
from yikatong.cards.services.loss import release_expired
from yikatong.cards.services.making import MAKER, take_return_file
from yikatong.cards.services.match import PROVINCE, send_to_match, take_match_answer
from yikatong.cards.services.retained import close_stopped, remind_uncollected, suggest_destruction
from yikatong.office import clock, jobs, post
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.post import ReceivedFile
from yikatong.office.rulebook import NoSuchRule, ruling

FILES = Actor.system("files")
CLOCK = Actor.system("clock")


def counterparts() -> tuple[str, ...]:
    """Everyone we ask and are answered by about cards today; nobody before the centre is open."""
    try:
        banks = ruling("card.banks", clock.today()).value
    except NoSuchRule:
        return ()
    return (PROVINCE, MAKER, *(f"bank-{code}" for code in banks))


def apply_file(act: Act, file: ReceivedFile) -> FileReport | Refused:
    """Bring home one answer, by whom it comes from."""
    if file.counterpart == PROVINCE:
        return take_match_answer(act, file)
    if file.counterpart == MAKER:
        return take_return_file(act, file)
    if file.counterpart.startswith(COURIER):
        return take_courier_list(act, file)
    return take_account_answer(act, file)


def apply_waiting_files() -> int:
    """Apply what has come in, oldest first, each file in its own act; returns how many were applied or rejected."""
    return post.take_in(FILES, [*counterparts(), *couriers(clock.today())], apply_file)


@jobs.task("cards.take_in_files", every="* * * * * */20")
def take_in_files() -> None:
    """Collect and apply the answers of province, banks and maker, and the lists of couriers."""
    post.collect_files([*counterparts(), *couriers(clock.today())])
    apply_waiting_files()


@jobs.task("cards.send_to_match", every="*/10 * * * *")
def send_applications() -> None:
    """Send new applications to be matched."""
    with open_act(FILES, door=Door.TASK) as act:
        send_to_match(act)


@jobs.task("cards.ask_accounts", every="*/10 * * * *")
def send_account_questions() -> None:
    """Ask the banks for the accounts of matched orders."""
    with open_act(FILES, door=Door.TASK) as act:
        ask_accounts(act)


@jobs.task("cards.release_expired", every="7 * * * *")
def release_losses() -> None:
    """Release temporary losses whose time has run out."""
    with open_act(CLOCK, door=Door.TASK) as act:
        release_expired(act)


@jobs.task("cards.follow_deaths", every="*/2 * * * *")
def follow_recent_deaths() -> None:
    """Bring orders and cards in line with the deaths and other states of life recorded in the last two days, from whatever source."""
    with open_act(CLOCK, door=Door.TASK) as act:
        people = lives_since(act.at - timedelta(days=2))
        if people:
            follow_deaths(act, people)


@jobs.task("cards.follow_all_deaths", every="40 2 * * *")
def follow_all_deaths() -> None:
    """The same for everybody, once a night: whatever was missed is found."""
    with open_act(CLOCK, door=Door.TASK) as act:
        follow_deaths(act)


@jobs.task("cards.uncollected", every="20 * * * *")
def look_after_uncollected() -> None:
    """Remind, retain, close what was stopped and came home, and suggest what is to be destroyed."""
    with open_act(CLOCK, door=Door.TASK) as act:
        remind_uncollected(act)
        close_stopped(act)
        suggest_destruction(act)


@jobs.task("cards.pins", every="*/2 * * * *")
def settle_pins() -> None:
    """Ask the card security gateway again for what it has not answered."""
    ask_again(CLOCK, clock.now())


@jobs.task("cards.clear_lists", every="50 2 * * *")
def clear_lists() -> None:
    """Remove the files of schools and employers when their time is over."""
    with open_act(CLOCK, door=Door.TASK) as act:
        clear_list_files(act)


@jobs.task("cards.erase", every="51 3 * * *")
def erase() -> None:
    """Erase the photos of people who have no card any more, and what cards that ended long ago told of people."""
    with open_act(CLOCK, door=Door.TASK, purpose="保存期满") as act:
        erase_photos(act)
        erase_closed_cards(act)
