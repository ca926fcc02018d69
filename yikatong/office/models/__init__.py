"""Tables of the office floor."""

from yikatong.office.models.events import Event, EventAddress
from yikatong.office.models.exports import ExportRequest
from yikatong.office.models.journal import Entry, EntryRow, Seal
from yikatong.office.models.keys import DataKey
from yikatong.office.models.messages import Message, WireFile
from yikatong.office.models.partners import Partner
from yikatong.office.models.places import CalendarDay, Centre, Outlet, Population, Region, Rule
from yikatong.office.models.staff import Staff

__all__ = [
    "CalendarDay",
    "Centre",
    "DataKey",
    "Entry",
    "EntryRow",
    "Event",
    "EventAddress",
    "ExportRequest",
    "Message",
    "Outlet",
    "Partner",
    "Population",
    "Region",
    "Rule",
    "Seal",
    "Staff",
    "WireFile",
]
