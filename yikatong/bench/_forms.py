"""The forms of a page as a browser has them, and answers to them: plausible ones, and such as nobody would think of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

Answers = dict[str, object]
GARBAGE = (
    "", " ", "0", "-1", "9" * 40, "1e400", "NaN", "２０２５", "2025-02-30", "9999-12-31", "0001-01-01", "null", "'; --",
    "<b>x</b>", "=1+1", "\u202e回", "\U0002a700" * 20, "很长" * 400, "a\x00b", "\n\n", "on", "true", "[]", "%00", "../..",
    "😀", "1,000", "٣", "staff:1", "2147483648", "9223372036854775808",
)  # fmt: skip


@dataclass
class Form:
    """One form that is sent by POST: its address (empty: the page's own), its questions with what they offer."""

    action: str = ""
    questions: dict[str, Question] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Question:
    kind: str
    values: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            self._form = Form(said.get("action", ""))
            if said.get("method", "").lower() == "post":
                self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "select":
            self._select = name
            self._form.questions[name] = Question("select")
        elif tag == "option" and self._select:
            self._form.questions[self._select].values.append(said.get("value", ""))
        elif tag == "textarea" and name:
            self._form.questions[name] = Question("text")
        elif (
            tag in ("button", "input")
            and said.get("type", "submit" if tag == "button" else "text") == "submit"
        ):
            self._form.buttons.append((name, said.get("value", "")))
        elif tag == "input" and name:
            question = self._form.questions.setdefault(name, Question(said.get("type", "text")))
            question.values.append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def forms_in(page: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def answered(form: Form, random: Random, words: Sequence[str], *, garbled: float) -> Answers:
    """Answers to a form, each with the chance `garbled` of being nonsense; at times one is left out or one too many."""
    answers: Answers = {}
    for name, question in form.questions.items():
        if random.random() < garbled / 4:
            continue
        answers[name] = _answer(question, random, words, garbled)
    if form.buttons:
        name, value = random.choice(form.buttons)
        if name:
            answers[name] = value
    if random.random() < garbled:
        answers[random.choice(("step", "extra", "id", "number"))] = random.choice(GARBAGE)
    return answers


def _answer(question: Question, random: Random, words: Sequence[str], garbled: float) -> object:
    if question.kind == "file":
        return _file(random)
    if random.random() < garbled:
        return random.choice(GARBAGE)
    offered = [value for value in question.values if value]
    match question.kind:
        case "hidden":
            return question.values[-1] if question.values else ""
        case "select" | "radio" | "checkbox" if offered:
            return random.choice(offered)
        case "date":
            return random.choice(("2025-03-03", "1990-03-07", "2026-01-01", "2030-12-31"))
        case "number":
            return str(random.choice((0, 1, 1, 2, 3, 12)))
    return random.choice(offered) if offered and random.random() < 0.6 else random.choice(words)


def _file(random: Random) -> object:
    content = random.choice((
        b"", b"\xff\xd8\xff\xe0 no picture", b"PK\x03\x04 no book", random.randbytes(300),
        "证件号码,姓名,居住地区划\n610499199003070011,张三丰,610402\n".encode(), "证件号码\n=1+1\n".encode("gb18030"),
    ))  # fmt: skip
    return SimpleUploadedFile(random.choice(("list.csv", "list.xlsx", "photo.jpg", "名单.CSV")), content)
