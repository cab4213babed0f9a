"""Builds the parts that more than one entrance needs: service, commands, rasa's own tools."""

from __future__ import annotations

from functools import cache

from bot.answers.replies import Replies
from bot.assessment.assessment import Assessment, load_assessment
from bot.assessment.export import ExportPlan, load_export_plan
from bot.content.library import Library, load_library
from bot.files import ROOT, read_yaml
from bot.i18n.catalogues import Catalogues
from bot.i18n.languages import Languages, load_languages
from bot.records.advance import AdvanceRecords
from bot.records.database import open_database
from bot.records.periods import Periods
from bot.records.pseudonyms import Pseudonyms
from bot.records.ratings import Ratings
from bot.records.vault import Vault, open_vault
from bot.records.web_links import WebLinks
from bot.settings import Settings, load_settings

_configured: list[Settings] = []


def settings() -> Settings:
    """The settings of this process: those it was configured with, else the environment's."""
    if not _configured:
        _configured.append(load_settings())
    return _configured[0]


def configure(chosen: Settings) -> None:
    """Use these settings. What was opened by others before is opened anew when it is needed."""
    if _configured != [chosen]:
        _configured[:] = [chosen]
        for opened in (ratings, vault, advance_records, web_links):
            opened.cache_clear()


def periods(chosen: Settings) -> Periods:
    """How long things are kept, by the settings."""
    return Periods(
        conversation_days=chosen.retention_days,
        draft_hours=chosen.draft_hours,
        sent_days=chosen.sent_days,
        imported_days=chosen.imported_days,
    )


@cache
def library() -> Library:
    """The content of the configured municipality. Raises ``DataError``."""
    return load_library(ROOT / "data", settings().municipality)


def municipalities() -> list[str]:
    """The municipalities that have a file."""
    return sorted(path.stem for path in (ROOT / "data" / "municipalities").glob("*.yml"))


@cache
def assessment() -> Assessment:
    """The questions of the advance information. Raises ``DataError``."""
    return load_assessment(ROOT / "data")


@cache
def export_plan() -> ExportPlan:
    """How advance information is cut for other systems. Raises ``DataError``."""
    return load_export_plan(ROOT / "data" / "assessment" / "export.yml")


def municipality_name() -> str:
    """The configured municipality's name in Finnish, as it stands in all languages."""
    return library().municipality.name["fi"]


@cache
def languages() -> Languages:
    """The languages of the service. Raises ``DataError``."""
    return load_languages(ROOT / "locales" / "languages.yml")


@cache
def build_replies() -> Replies:
    """Everything that can be said. Raises ``DataError``."""
    catalogues = Catalogues(languages(), ROOT / "locales")
    responses = read_yaml(ROOT / "domain.yml")["responses"]
    return Replies(library(), catalogues, responses, settings().retention_days)


@cache
def ratings() -> Ratings:
    """Where ratings are counted."""
    return Ratings(open_database(settings().database))


@cache
def vault() -> Vault:
    """What seals advance information. Raises ``VaultError``."""
    return open_vault(settings().keys, settings().key_file)


@cache
def advance_records() -> AdvanceRecords:
    """Where advance information is kept. Raises ``VaultError``."""
    return AdvanceRecords(open_database(settings().database), vault(), periods(settings()))


@cache
def web_links() -> WebLinks:
    """One-time links from messaging apps to the web chat. Raises ``VaultError``."""
    database = open_database(settings().database)
    return WebLinks(database, Pseudonyms(database, vault()))


def web_link(language: str, begin: str) -> str:
    """An address that opens the web chat once in a language, beginning with a button."""
    return f"{settings().public_url.rstrip('/')}/go/{web_links().new(language, begin)}"
