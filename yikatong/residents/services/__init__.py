"""What may be done to the base library; every service takes the act first."""

from yikatong.residents.services.importing import ImportReport, import_people
from yikatong.residents.services.loading import NewPerson, load_people
from yikatong.residents.services.looking import look, note_search
from yikatong.residents.services.register import (
    GuardianInput,
    add_guardian,
    change,
    record_death,
    register,
    withdraw_death,
)
from yikatong.residents.services.sign_in import SentCode, send_code, sign_in

__all__ = [
    "GuardianInput",
    "ImportReport",
    "NewPerson",
    "SentCode",
    "add_guardian",
    "change",
    "import_people",
    "load_people",
    "look",
    "note_search",
    "record_death",
    "register",
    "send_code",
    "sign_in",
    "withdraw_death",
]
