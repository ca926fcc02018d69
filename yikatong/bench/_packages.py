"""Budget documents in files: the package of a publication in all its formats, what reading a PDF costs, many documents at once."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pypdfium2
from rich.progress import track

from yikatong.basics.refused import Refused
from yikatong.bench._ledgers import random_ledger
from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.reading import read_document
from yikatong.disclosure.family import families
from yikatong.disclosure.formats import formats
from yikatong.disclosure.formats.markdown import as_markdown
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.printing import publish
from yikatong.disclosure.publication import Publication

SEEDS = (("xianyang_2025", "SN15"), ("xinzhou_2024", "SX13"))
READ = ("pdf", "docx", "xlsx")
CORES = 2
_AGAIN = 5


def published(name: str, family: str) -> Publication:
    """A publication of one of the ledgers kept with the house."""
    publication = publish(ledger(name), families()[family])
    assert not isinstance(publication, Refused), publication
    return publication


def package(name: str, family: str) -> dict[str, tuple[bytes, int]]:
    """Each format of a publication by its suffix: its bytes, and the milliseconds it took, its fonts loaded before."""
    book, publication = ledger(name), published(name, family)
    found: dict[str, tuple[bytes, int]] = {}
    for form in formats().values():
        form.render(publication, book)
        begun = time.perf_counter_ns()
        content = form.render(publication, book)
        found[form.suffix] = content, (time.perf_counter_ns() - begun) // 1_000_000
    return found


def of_pdf(content: bytes) -> dict[str, int | str]:
    """Pages of a PDF, and the best of several times in milliseconds: read, read and audited, by bare pdftotext."""
    with_audit, bare = [], []
    read_only = []
    for _ in range(_AGAIN):
        begun = time.perf_counter_ns()
        document = read_document("budget.pdf", content)
        read_only.append(time.perf_counter_ns() - begun)
        assert isinstance(document, Document), document
        audit(document)
        with_audit.append(time.perf_counter_ns() - begun)
        program = shutil.which("pdftotext")
        if program is not None:
            begun = time.perf_counter_ns()
            subprocess.run(
                [program, "-layout", "-", "-"], input=content, stdout=subprocess.DEVNULL, check=True
            )
            bare.append(time.perf_counter_ns() - begun)
    return {
        "pages": len(pypdfium2.PdfDocument(content)),
        "read": min(read_only) // 1_000_000,
        "audited": min(with_audit) // 1_000_000,
        "pdftotext": min(bare) // 1_000_000 if bare else "not installed",
    }


def many(count: int, file: Path | None) -> tuple[int, int]:
    """(milliseconds, errors found) of so many documents on two cores: packages in their formats, random texts, the file given."""
    begun = time.perf_counter_ns()
    errors = 0
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        work = pool.map(_audited, range(count), [file] * count, chunksize=4)
        for found in track(work, description="audit", total=count):
            errors += found
    return (time.perf_counter_ns() - begun) // 1_000_000, errors


def _audited(which: int, file: Path | None) -> int:
    name, content = _brought(which, file)
    document = read_document(name, content)
    assert isinstance(document, Document), document
    return audit(document).errors


def _brought(which: int, file: Path | None) -> tuple[str, bytes]:
    files = _files(file)
    if which % (len(files) + 1) < len(files):
        return files[which % (len(files) + 1)]
    random, family = Random(which), list(families().values())[which % len(families())]
    publication = publish(random_ledger(random, family), family)
    assert isinstance(publication, Publication), publication
    return "budget.md", as_markdown(publication).encode()


@cache
def _files(file: Path | None) -> Sequence[tuple[str, bytes]]:
    return list(_made(file))


def _made(file: Path | None) -> Iterator[tuple[str, bytes]]:
    if file is not None:
        yield file.name, file.read_bytes()
    for name, family in SEEDS:
        for suffix, (content, _) in package(name, family).items():
            if suffix in READ:
                yield f"budget.{suffix}", content
