"""English follows Chinese: every text of the pages has a translation, and the table gettext reads is made rightly."""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yikatong.setup.messages import compile_stale, read, table
from yikatong.setup.places import ROOT

HOUSE = ROOT / "yikatong"
CALLS = {"gettext", "gettext_lazy", "_", "ngettext"}
QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATES = re.compile(rf"\b(?:gettext|ngettext|_)\(u?({QUOTED}|\"\"\".*?\"\"\")", re.DOTALL)


def english() -> dict[str, str]:
    return read((HOUSE / "locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8"))


def texts_in_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in CALLS and isinstance(node.args[0].value, str):
                yield node.args[0].value


def texts_in_template(source: str) -> Iterator[str]:
    from django.utils.translation.template import templatize

    for found in IN_TEMPLATES.finditer(templatize(source)):
        yield ast.literal_eval(found[1])


def test_every_text_of_the_pages_has_its_english():
    known = {key.split("\0")[0] for key in english()}
    wanting = {
        (str(path.relative_to(HOUSE)), text)
        for pattern, texts in (("web/**/*.py", texts_in_code), ("**/templates/**/*.html", texts_in_template))
        for path in HOUSE.glob(pattern)
        for text in texts(path.read_text(encoding="utf-8"))
        if text not in known
    }
    assert not wanting


def test_a_translation_keeps_the_places_of_its_text():
    places = re.compile(r"%\(\w+\)[sd]|%s|%%")
    for key, value in english().items():
        assert {*places.findall(key.split("\0")[0])} == {*places.findall(value.split("\0")[0])}, key


def test_names_that_rows_carry_in_chinese_only_have_their_english():
    from yikatong.cards.rules import Mode, OrderKind
    from yikatong.cards.standing import ExchangeReason, Receiver
    from yikatong.residents.rules import FIELDS

    names = [each.zh for kind in (OrderKind, Mode, Receiver, ExchangeReason) for each in kind] + [
        *FIELDS.values()
    ]
    assert not {name for name in names if name not in english()}


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the table
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    )
)
def test_gettext_reads_what_we_write(messages):
    whole = {"": "Content-Type: text/plain; charset=UTF-8\n", **messages}
    made = gettext.GNUTranslations(io.BytesIO(table(whole)))  # type: ignore[arg-type]
    for key, value in messages.items():
        assert made.gettext(key) == value


def test_a_table_is_made_anew_only_when_its_text_is_newer(tmp_path: Path):
    folder = tmp_path / "en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "卡"\nmsgstr "card"\n', encoding="utf-8")
    assert compile_stale(tmp_path) == 1
    assert compile_stale(tmp_path) == 0


@pytest.mark.parametrize("text", ['msgid "卡\n', 'nonsense "卡"\n', '"alone"\n'])
def test_a_text_that_cannot_be_read_is_named_with_its_line(text):
    with pytest.raises(ValueError, match="line 1"):
        read(text, "django.po")
