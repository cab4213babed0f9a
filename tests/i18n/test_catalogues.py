"""Sentences fall back to the source, and the service says clearly when a catalogue is not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.composition import build_replies, languages
from bot.files import ROOT, DataError, read_yaml
from bot.i18n.catalogue_files import DOMAINS, extract, po_path, read_catalogue
from bot.i18n.catalogues import Catalogues
from bot.i18n.checks import problems, problems_of_all
from bot.i18n.languages import load_languages
from bot.redaction import BANK_ACCOUNT, CONTACT, IDENTITY_CODE


def test_every_language_is_complete_and_keeps_what_must_be_kept() -> None:
    """Nothing missing or fuzzy; placeholders, numbers, terms, letters and lengths in order."""
    for domain in DOMAINS.values():
        found = [str(problem) for problem in problems_of_all(languages(), domain)]
        assert found == []


def test_the_catalogues_hold_what_the_product_says_now() -> None:
    """`make i18n` was run after the last change of a sentence."""
    for domain in DOMAINS.values():
        now = {str(message.id) for message in extract(domain) if message.id}
        for language in domain.translated_into(languages()):
            catalogue = read_catalogue(po_path(language.code, domain), language)
            assert now == {str(message.id) for message in catalogue if message.id}, language.code


def test_a_missing_or_broken_catalogue_is_one_clear_error(tmp_path: Path) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(ROOT / "locales", locales)
    compiled = locales / "so" / "LC_MESSAGES" / "messages.mo"
    compiled.write_bytes(b"not a catalogue")
    with pytest.raises(DataError, match="catalogue is broken .*make i18n"):
        Catalogues(languages(), locales)
    compiled.unlink()
    with pytest.raises(DataError, match="so.*catalogue is missing; run: make i18n"):
        Catalogues(languages(), locales)
    source = locales / "so" / "LC_MESSAGES" / "messages.po"
    source.write_text('msgid "a"\nmsgstr[x] broken', encoding="utf-8")
    with pytest.raises(DataError, match="not a readable catalogue"):
        read_catalogue(source, languages()["so"])


def test_an_untranslated_sentence_says_which_language_it_is_in() -> None:
    translate = Catalogues(languages(), ROOT / "locales").translator("fi")
    text = translate("A sentence that nobody wrote.")
    assert (text.text, text.lang) == ("A sentence that nobody wrote.", "en")
    known = translate("Talk to a person")
    assert known.lang == "fi"


def test_the_checks_find_planted_mistakes() -> None:
    """A check that cannot fail is none."""
    planted = {
        "ar": ("Call {number} now at 112 please", "اتصل الآن", "placeholders differ"),
        "fa": ("Call 112 or 116 117 right now", "با ۱۱۲ تماس بگیرید", "numbers differ"),
        "ckb": ("Talk with a person there", "قسە لەگەڵ كەسێک بکە", "a letter of another language"),
        "ru": ("Talk with a person there", "Talk with a person there", "not translated"),
        "sv": (
            "Go to the health station (terveysasema) now",
            "Gå till hälsostationen nu",
            "term is lost",
        ),
        "zh": ("Go to the health station now", "Go there now quickly please 去", "another script"),
        "fi": ("Talk to a person", "x" * 60, "too long for a button"),
        "ti": ("Talk with a person there", "\u2066ሰብ", "not closed"),
    }
    for code, (source, text, expected) in planted.items():
        wanted, catalogue = Catalog(), Catalog()
        wanted.add(source)
        catalogue.add(source, text)
        messages = [message for message in wanted if message.id]
        found = [p.what for p in problems(messages, catalogue, languages()[code])]
        assert any(expected in what for what in found), (code, found)


def test_an_unknown_locale_is_named(tmp_path: Path) -> None:
    path = tmp_path / "languages.yml"
    text = (ROOT / "locales" / "languages.yml").read_text(encoding="utf-8")
    path.write_text(text.replace("locale: so,", "locale: xx_unknown,"), encoding="utf-8")
    with pytest.raises(DataError, match="languages/so/locale: unknown to CLDR"):
        load_languages(path)


def test_every_reply_key_that_an_action_names_exists() -> None:
    """A misspelt key would be found only by the person who needs the reply."""
    import re

    domain = set(read_yaml(ROOT / "domain.yml")["responses"]) | {"utter_answer", "utter_urgent"}
    domain |= set(build_replies().assessment.renderers)
    for folder in ("actions", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            for key in re.findall(
                r'response="(utter_[a-z_]+)"|reply = "(utter_[a-z_]+)"|Said\(\s*"(utter_[a-z_]+)"',
                path.read_text("utf-8"),
            ):
                assert set(key) & domain, f"{path.name}: {key}"
    made = [f"stop_{reason}" for reason in ("minor", "absent_adult", "elsewhere")]
    made += [f"blanked_{kind}" for kind in (IDENTITY_CODE, BANK_ACCOUNT, CONTACT, "topic")]
    assert {f"utter_assessment_{name}" for name in made} <= domain
