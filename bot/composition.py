"""Builds the parts that more than one entrance needs: service, commands, rasa's own tools."""

from __future__ import annotations

from functools import cache

from bot.answers.replies import Replies
from bot.content.library import Library, load_library
from bot.files import ROOT, read_yaml
from bot.i18n.catalogues import Catalogues
from bot.i18n.languages import Languages, load_languages
from bot.records.database import open_database
from bot.records.ratings import Ratings
from bot.settings import Settings, load_settings


@cache
def settings() -> Settings:
    """The settings of this process."""
    return load_settings()


@cache
def library() -> Library:
    """The content of the configured municipality. Raises ``DataError``."""
    return load_library(ROOT / "data", settings().municipality)


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
