"""What may be done to the base library; every service takes the act first."""

from yikatong.residents.services.correcting import (
    approve_correction,
    correct_name,
    correct_number,
    return_correction,
    withdraw_correction,
)
from yikatong.residents.services.deaths import record_deaths
from yikatong.residents.services.documents import add_document
from yikatong.residents.services.duplicates import (
    ask_merge,
    find_duplicates,
    find_duplicates_of,
    keep_pair,
    merge,
    send_merge_back,
    tell_apart,
    undo_merge,
)
from yikatong.residents.services.erasing import erase_contacts
from yikatong.residents.services.exporting import export_problems
from yikatong.residents.services.importing import approve_list, refuse_list, upload_list, withdraw_list
from yikatong.residents.services.life import correct_life, record_death, record_turn, withdraw_death
from yikatong.residents.services.loading import NewPerson, load_people
from yikatong.residents.services.locked import hold
from yikatong.residents.services.looking import look, note_list, note_search, note_seen
from yikatong.residents.services.new_phone import change_phone, send_phone_code
from yikatong.residents.services.register import (
    Beside,
    GuardianInput,
    add_guardian,
    change,
    guardian_wanted,
    look_alikes_of,
    register,
)
from yikatong.residents.services.sign_in import SentCode, send_code, sign_in
from yikatong.residents.services.updating import take_phones

__all__ = [
    "Beside",
    "GuardianInput",
    "NewPerson",
    "SentCode",
    "add_document",
    "add_guardian",
    "approve_correction",
    "approve_list",
    "ask_merge",
    "change",
    "change_phone",
    "correct_life",
    "correct_name",
    "correct_number",
    "erase_contacts",
    "export_problems",
    "find_duplicates",
    "find_duplicates_of",
    "guardian_wanted",
    "hold",
    "keep_pair",
    "load_people",
    "look",
    "look_alikes_of",
    "merge",
    "note_list",
    "note_search",
    "note_seen",
    "record_death",
    "record_deaths",
    "record_turn",
    "refuse_list",
    "register",
    "return_correction",
    "send_code",
    "send_merge_back",
    "send_phone_code",
    "sign_in",
    "take_phones",
    "tell_apart",
    "undo_merge",
    "upload_list",
    "withdraw_correction",
    "withdraw_death",
    "withdraw_list",
]
