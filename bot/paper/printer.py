"""A summary as PDF: one side of A4, by WeasyPrint, with the machine's own Pango and fonts.

Nothing is fetched and nothing is written to disk. Where Pango or a font is missing, everything
else works; ``Printer.missing`` says what to install.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import jinja2

from bot.assessment.summary import Summary
from bot.i18n.bidi import isolate
from bot.i18n.languages import Language
from bot.paper.fonts import font_families, missing_fonts

TEMPLATES = Path(__file__).parent / "templates"
SIZES = (9.0, 8.2, 7.4, 6.8)  # points; the first one that fits on one side is taken
PANGO = "Pango (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)"


class PaperMissing(Exception):
    """No PDF can be made on this machine. The message says what to install."""


@dataclass(frozen=True)
class Sheet:
    """One side: a summary in a language; ``said_in`` is the language of the person's own words."""

    summary: Summary
    language: Language
    said_in: Language


class Printer:
    """Makes PDFs. Slow (a second), so it is called from a worker thread; one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["families"] = font_families()

    def missing(self, languages: Mapping[str, Language]) -> str:
        """What is to be installed before every language can be printed; nothing if all is there."""
        try:
            _weasyprint()
        except PaperMissing as error:
            return str(error)
        return missing_fonts(languages)

    def pdf(self, sheets: Sequence[Sheet]) -> bytes:
        """One side a sheet, if it can be read that small; else more. Raises ``PaperMissing``."""
        weasyprint = _weasyprint()
        absent = missing_fonts({s.language.code: s.language for s in sheets})
        if absent:
            raise PaperMissing(absent)
        with self._lock:
            documents = [self._fitted(weasyprint, sheet) for sheet in sheets]
            pages = [page for document in documents for page in document.pages]
            return bytes(documents[0].copy(pages).write_pdf(pdf_tags=True))

    def _fitted(self, weasyprint: Any, sheet: Sheet) -> Any:
        own = isolate if sheet.language.right_to_left else str
        for size in SIZES:
            template = self._environment.get_template("summary.html")
            html = template.render(sheet=sheet, summary=sheet.summary, size=size, own=own)
            document = weasyprint.HTML(string=html, url_fetcher=_nothing).render()
            if len(document.pages) == 1:
                break
        return document


def _weasyprint() -> Any:
    try:
        return import_module("weasyprint")
    except OSError:  # a library is not found
        raise PaperMissing(PANGO) from None


def _nothing(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError("a summary needs nothing from elsewhere")
