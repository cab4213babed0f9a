"""Summaries as PDF, in every script: one side each, the words in it, the fonts inside."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdf
import pytest

from bot.assessment.summary import summarise
from bot.assessment.wording import caseworker_words, person_words
from bot.composition import assessment, build_replies, languages
from bot.paper import fonts
from bot.paper.printer import PaperMissing, Printer, Sheet
from tests.assessment.persons import PERSONS, TODAY, subject
from tests.conftest import missing

# A font that only letters of the script bring into the file, and a word of the original.
SCRIPTS = {
    "salma": ("Noto-Sans-Arabic", "سلمى"),
    "hiwa": ("Noto-Sans-Arabic", "هیوا"),
    "navid": ("Noto-Sans-Arabic", "نوید"),
    "dawit": ("Noto-Sans-Ethiopic", "ዳዊት"),
    "mei": ("Noto-Sans-CJK", "李梅"),
}


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    made = Printer()
    lacking = made.missing(languages())
    if lacking:
        missing("pango", f"no PDF without {lacking}")
    yield made


def both_sides(name: str, office: str = "fi") -> list[Sheet]:
    person = subject(assessment().questionnaire, name)
    spoken = languages()[person.language]
    words = person_words(build_replies().catalogues.translator(spoken.code), "Kajaani")
    return [
        Sheet(
            summarise(assessment(), person, caseworker_words(office), TODAY, True),
            languages()[office],
            spoken,
        ),
        Sheet(summarise(assessment(), person, words, TODAY, False), spoken, spoken),
    ]


@pytest.mark.parametrize("name", list(SCRIPTS))
def test_a_sheet_has_two_sides(printer: Printer, name: str) -> None:
    """The office's language on one side, the person's on the other, all fonts inside."""
    font, word = SCRIPTS[name]
    pdf = pypdf.PdfReader(io.BytesIO(printer.pdf(both_sides(name))))
    assert len(pdf.pages) == 2
    office, own = (page.extract_text() for page in pdf.pages)
    assert "ENNAKKOTIEDOT" in office
    assert "4829-1730-5126" in office
    assert word in office.replace("\u200c", "")  # her name as she wrote it
    assert "ENNAKKOTIEDOT" not in own
    found = embedded_fonts(pdf)
    assert any(font in name for name in found), found
    assert all(found.values()), found


def test_every_person_fits_in_every_office_language(printer: Printer) -> None:
    longest = max(PERSONS, key=lambda name: len(PERSONS[name][2]))
    for office in ("sv", "en"):
        pdf = pypdf.PdfReader(io.BytesIO(printer.pdf(both_sides(longest, office))))
        assert len(pdf.pages) == 2


def test_a_long_story_takes_another_page_and_loses_nothing(printer: Printer) -> None:
    sheet = both_sides("salma")[0]
    block = sheet.summary.blocks[0]
    many = tuple(block.lines[0].__class__(f"x{n}", f"Kysymys {n}", "a" * 60) for n in range(200))
    long = sheet.summary.__class__(
        **{**vars(sheet.summary), "blocks": (block.__class__("x", 1, "Paljon", many),)}
    )
    pdf = pypdf.PdfReader(io.BytesIO(printer.pdf([Sheet(long, sheet.language, sheet.said_in)])))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert len(pdf.pages) > 1
    assert all(f"Kysymys {number}" in text for number in range(200))


def test_what_a_person_wrote_is_no_markup(printer: Printer) -> None:
    """Neither an element nor an address that would be fetched."""
    sheet = both_sides("salma")[0]
    block = sheet.summary.blocks[0]
    line = block.lines[0].__class__("x", "Nimi", "<img src='http://127.0.0.1:9/x'>")
    summary = sheet.summary.__class__(
        **{**vars(sheet.summary), "blocks": (block.__class__("x", 1, "A", (line,)),)}
    )
    pdf = printer.pdf([Sheet(summary, sheet.language, sheet.said_in)])
    assert "<img src=" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_a_machine_without_a_font_says_what_to_install(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(PaperMissing, match=r"fonts for ar .*fonts-noto-core"):
        printer.pdf(both_sides("salma"))
    assert "fonts-noto-cjk" in printer.missing(languages())


def embedded_fonts(pdf: pypdf.PdfReader) -> dict[str, bool]:
    """Names of the fonts, and whether the file itself holds each."""
    found = {}
    for page in pdf.pages:
        for entry in page["/Resources"]["/Font"].values():
            font = entry.get_object()
            inner = font["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            files = ("/FontFile", "/FontFile2", "/FontFile3")
            found[str(font["/BaseFont"])] = any(key in descriptor for key in files)
    return found
