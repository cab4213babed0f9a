"""Catalogue files: extract, update, compile. Babel does the work; this keeps it to one way."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.files import ROOT, DataError
from bot.i18n.languages import Language, Languages

LOCALES = ROOT / "locales"


@dataclass(frozen=True)
class Domain:
    """A set of sentences with catalogues of its own. ``languages`` None: all of them."""

    name: str
    mapping: Path
    languages: tuple[str, ...] | None

    @property
    def template(self) -> Path:
        """The file with the source sentences."""
        return LOCALES / f"{self.name}.pot"

    def translated_into(self, languages: Languages) -> list[Language]:
        """The languages in which this domain has a catalogue."""
        wanted = self.languages or tuple(languages)
        return [languages[code] for code in wanted if not languages[code].is_source]


# What newcomers read is in every language; what caseworkers read, in the languages of the office.
MESSAGES = Domain("messages", LOCALES / "babel.cfg", None)
DESK = Domain("desk", LOCALES / "desk.cfg", ("fi", "sv", "en"))
DOMAINS = {domain.name: domain for domain in (MESSAGES, DESK)}


def po_path(code: str, domain: Domain = MESSAGES) -> Path:
    """Where a language's catalogue stands."""
    return LOCALES / code / "LC_MESSAGES" / f"{domain.name}.po"


def extract(domain: Domain = MESSAGES) -> Catalog:
    """Collect every sentence of a domain, with the places where it stands."""
    with domain.mapping.open(encoding="utf-8") as file:
        method_map, options_map = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's
    catalogue = Catalog(project="Silta", charset="utf-8", header_comment="# Made by `make i18n`.")
    found = extract_from_dir(
        str(ROOT), method_map, options_map, keywords={"_": None}, comment_tags=()
    )
    for filename, line, message, comments, context in sorted(found, key=lambda f: (f[0], f[1])):
        catalogue.add(
            message, None, [(filename, line)], auto_comments=comments[:1], context=context
        )
    return catalogue


def read_catalogue(path: Path, language: Language) -> Catalog:
    """Read one .po file. Raises ``DataError`` for a missing or broken one."""
    try:
        text = path.read_text(encoding="utf-8")
        return read_po(io.StringIO(text), locale=None, domain=language.code, abort_invalid=True)
    except FileNotFoundError:
        raise DataError(path, "", "the catalogue is missing; run: make i18n") from None
    except (PoFileError, ValueError, UnicodeDecodeError) as error:
        raise DataError(path, "", f"not a readable catalogue: {error}") from None


def update_all(languages: Languages, domain: Domain) -> None:
    """Write the domain's .pot and bring its languages' .po files up to date with it."""
    template = extract(domain)
    _write(domain.template, template)
    for language in domain.translated_into(languages):
        path = po_path(language.code, domain)
        catalogue = read_catalogue(path, language) if path.exists() else Catalog(charset="utf-8")
        catalogue.update(template, no_fuzzy_matching=False)
        catalogue.header_comment = f"# {language.code}. Made by `make i18n`, translated by people."
        _write(path, catalogue)


def compile_all(languages: Languages, domain: Domain) -> None:
    """Compile every .po into the .mo that the service reads; a fuzzy message is left out."""
    for language in domain.translated_into(languages):
        path = po_path(language.code, domain)
        catalogue = read_catalogue(path, language)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, include_previous=True, include_lineno=False)
    lines = buffer.getvalue().decode("utf-8").splitlines(keepends=True)
    # Dates and tool versions would make every run a change.
    kept = (x for x in lines if not x.startswith(('"POT-Creation', '"PO-Revision', '"Generated')))
    path.write_text("".join(kept), encoding="utf-8")
