"""What an answer says more than once, and codes nobody agreed on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.findings import Findings
from yikatong.benefits.bankfiles.lines import AnswerLine, Answers, Verdict
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.results import Result


def meant(profile: Profile, code: str) -> tuple[Result, Refused | None]:
    """Our result for the bank's code of one payment; OTHER, and why it must be looked at, for a code nobody agreed on."""
    known = profile.codes.get(code)
    if known is not None:
        return known, None
    return Result.OTHER, Refused(
        "code.unknown",
        f"代码“{code[:20]}”不在约定的代码表中，按“99 其他原因未付”挂起；请向银行核实后补入代码表。",
        f"The code “{code[:20]}” is not in the agreed list; held as “99 other”. Ask the bank and add it to the list.",
    )


def verdict(profile: Profile, code: str, text: str) -> tuple[Verdict, Refused | None]:
    """What the bank's code for the file as a whole means. A code nobody agreed on leaves every row open."""
    known = profile.file_codes.get(code)
    if known is not None:
        return Verdict(known, code, text), None
    return Verdict(Result.UNKNOWN, code, text), Refused(
        "code.unknown",
        f"整个文件的代码“{code[:20]}”不在约定的代码表中，不知道银行是否受理；查明前不得重发。",
        f"The code “{code[:20]}” for the whole file is not in the agreed list; not sent again before the bank answers.",
    )


def believed(said: Verdict | None, complete: bool) -> Verdict | None:
    """What may be believed of the whole: a file that did not come whole decides nothing of the rows it does not name."""
    if said is None or complete:
        return said
    return said._replace(result=Result.UNKNOWN, never=said.result is Result.NOT_RECEIVED)


def decisive(answers: Answers, *, asked: bool) -> Answers:
    """The lines of an answer, where it was read without knowing what went before: what decides nothing is UNKNOWN.

    “Duplicate” only says that there was another before it; what became of that one is asked. “Never received” is believed
    only in answer to an enquiry (`asked`).
    """
    open_ones = {Result.DUPLICATE} if asked else {Result.DUPLICATE, Result.NOT_RECEIVED}
    if not any(line.result in open_ones for line in answers.lines):
        return answers
    lines = tuple(
        line._replace(result=Result.UNKNOWN) if line.result in open_ones else line for line in answers.lines
    )
    return replace(answers, lines=lines)


def once(lines: Iterable[tuple[int, AnswerLine]], findings: Findings) -> tuple[AnswerLine, ...]:
    """Each row's answer once, in the order of the file; `lines` come with their place.

    A line repeated with the same words counts once. Lines that contradict each other are not believed, neither of them:
    the row's outcome is UNKNOWN.
    """
    found: dict[str, AnswerLine] = {}
    for place, line in lines:
        first = found.setdefault(line.row_id, line)
        if first is line:
            continue
        if _same(first, line):
            findings.tell(place, _repeated())
        else:
            findings.tell(place, _contradicts(first, line))
            found[line.row_id] = first._replace(result=Result.UNKNOWN)
    return tuple(found.values())


def _same(one: AnswerLine, other: AnswerLine) -> bool:
    return (one.result, one.bank_code, one.serial, one.fen) == (
        other.result,
        other.bank_code,
        other.serial,
        other.fen,
    )


def _repeated() -> Refused:
    return Refused(
        "line.repeated",
        "这一笔在文件中已经答复过，内容相同，只计一次。",
        "This payment was answered in this file before, with the same words; counted once.",
    )


def _contradicts(first: AnswerLine, line: AnswerLine) -> Refused:
    return Refused(
        "line.contradicts",
        f"同一笔先答复“{first.bank_code[:20]}”、后答复“{line.bank_code[:20]}”，互相矛盾，按“98 结果不明”处理；请向银行查询。",
        f"One payment is answered “{first.bank_code[:20]}” and then “{line.bank_code[:20]}”; taken as “98 unknown”. Ask the bank.",
    )
