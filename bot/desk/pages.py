"""Renders the desk's templates in the language of the caseworker."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from bot.assets import Asset
from bot.desk import formats
from bot.desk.labels import Labels
from bot.i18n.catalogues import Catalogues
from bot.i18n.formats import language_name, minutes
from bot.i18n.languages import Language, Languages

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Templates, with the desk's own words."""

    def __init__(
        self, catalogues: Catalogues, everyone: Languages, labels: Labels, assets: dict[str, Asset]
    ) -> None:
        self.languages = catalogues.languages
        self.everyone = everyone
        self.labels = labels
        self._catalogues = catalogues
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=jinja2.select_autoescape(["html"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            desk_languages=self.languages,
            labels=labels.groups,
            static=lambda name: f"/desk/static/{name}?v={assets[name].version}",
            language_name=language_name,
            minutes=minutes,
            direction=self.direction,
            moment=formats.moment,
            weekday=formats.weekday,
            day=formats.day,
            short_day=formats.short_day,
            age=formats.age,
            iso=formats.iso,
        )

    def render(self, template: str, language: Language, **context: Any) -> str:
        """One template, its sentences in ``language``."""
        translate = self._catalogues.translator(language.code)
        context |= {"_": translate.plain, "language": language}
        return self._environment.get_template(template).render(**context)

    def say(self, language: Language, message: str, **params: str | int) -> str:
        """One sentence of the desk in ``language``."""
        return self._catalogues.translator(language.code).plain(message, **params)

    def label(self, language: Language, group: str, key: str) -> str:
        """A label of data/desk.yml in ``language``; an id that is not known stays an id."""
        return self.say(language, self.labels.groups[group].get(key, key))

    def direction(self, code: str) -> str:
        """The direction of a language that people write in."""
        spoken: Mapping[str, Language] = self.everyone
        return spoken[code].direction if code in spoken else "auto"
