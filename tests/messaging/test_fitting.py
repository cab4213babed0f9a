"""Replies become what an app can show; everything that can be chosen stays choosable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.replies import Replies
from bot.answers.topics import ask_payload
from bot.composition import languages, library
from bot.messages import Button, Reply
from bot.messaging.fitting import Fitted, Words, fit
from bot.messaging.limits import ChoiceForm, Limits
from bot.messaging.numbers import shown_number, typed_number
from bot.messaging.payloads import long, short
from bot.messaging_channels import MAKERS, limits_of

CHANNELS = ("telegram", "gateway", "whatsapp", "messenger", "viber", "sms")
KEYS = ("utter_greet", "utter_menu", "utter_choose_language", "utter_delete_data", "utter_handoff")
NARROW = Limits(
    "narrow",
    200,
    "characters",
    isolates=True,
    forms=(
        ChoiceForm("buttons", 3, title_length=10, text_length=50),
        ChoiceForm("list", 5, title_length=10, description_length=20, text_length=50),
    ),
)


def _fit(reply: Reply, limits: Limits, code: str = "en") -> Fitted:
    return fit([(reply, Words("Choose", "Write a number.", languages()[code]))], limits)


def _buttons(*titles: str) -> tuple[Button, ...]:
    return tuple(Button(title, f"/menu{number}") for number, title in enumerate(titles))


def test_three_short_choices_are_buttons() -> None:
    (part,) = _fit(Reply("Which?", _buttons("One", "Two", "Three")), NARROW).parts
    assert (part.form, [choice.title for choice in part.choices]) == (
        "buttons",
        ["One", "Two", "Three"],
    )


def test_a_long_title_is_cut_only_where_the_whole_stands_beside_it() -> None:
    (part,) = _fit(Reply("Which?", _buttons("One", "A longer title")), NARROW).parts
    assert part.form == "list"
    assert (part.choices[1].title, part.choices[1].detail) == ("A longer…", "A longer title")


def test_too_long_for_every_form_becomes_numbers() -> None:
    fitted = _fit(Reply("Which?", _buttons("One", "x" * 30)), NARROW)
    assert fitted.numbered == ["/menu0", "/menu1"]
    assert fitted.parts[-1].text.endswith("Write a number.")


def test_more_choices_than_a_list_holds_become_several_lists() -> None:
    groups = [{"label": "", "count": 4}, {"label": "More", "count": 3}]
    reply = Reply("Which?", _buttons(*"abcdefg"), {"groups": groups})
    first, second = _fit(reply, NARROW).parts
    assert (len(first.choices), len(second.choices), second.text) == (4, 3, "More")
    assert second.form == "buttons"


def test_a_long_text_goes_before_its_choices() -> None:
    parts = _fit(Reply("A sentence. " * 30, _buttons("One")), NARROW).parts
    assert all(len(part.text) <= 200 for part in parts)
    assert [bool(part.choices) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_a_link_is_kept_apart_from_the_mark_after_it() -> None:
    text = "الصفحة: \u2066https://example.fi/a\u2069"
    (part,) = _fit(Reply(text), NARROW).parts
    assert "https://example.fi/a \u2069" in part.text
    (part,) = _fit(Reply(text), replace(NARROW, isolates=False)).parts
    assert part.text == "الصفحة: https://example.fi/a"


@pytest.mark.parametrize("name", CHANNELS)
def test_everything_that_can_be_said_fits_every_app(name: str, replies: Replies) -> None:
    """All topics and parts, in all languages: within the limits, and every button is there."""
    limits, forms = limits_of(name), {form.name: form for form in limits_of(name).forms}
    for code, language in languages().items():
        said = [replies.render(key, code, {}) for key in KEYS]
        for topic in library().topics:
            said.append(replies.render("utter_answer", code, {"topic": topic}))
        for reply in said:
            fitted = fit([(reply, Words("Choose", "Write a number.", language))], limits)
            sent = [long(choice.payload) for part in fitted.parts for choice in part.choices]
            assert sent or fitted.numbered or not reply.buttons
            assert sorted(sent + fitted.numbered) == sorted(b.payload for b in reply.buttons)
            for part in fitted.parts:
                most = (part.form and forms[part.form].text_length) or limits.text_length
                assert 0 < limits.length(part.text) <= most, (name, code)


def test_every_payload_has_a_short_form_that_reads_back() -> None:
    for topic in library().topics.values():
        for part in (None, *(part.id for part in topic.parts)):
            payload = ask_payload(topic.id, part)
            assert len(short(payload).encode()) <= 64, payload
            assert long(short(payload)) == payload


@pytest.mark.parametrize("code", list(languages()))
def test_a_number_can_be_typed_as_it_is_read(code: str) -> None:
    locale = languages()[code].locale
    assert [typed_number(shown_number(n, locale)) for n in (1, 7, 12)] == [1, 7, 12]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *[("2", 2), ("2.", 2), ("(2)", 2), (" ٢ ", 2), ("۲", 2), ("፪", 2), ("፲፪", 12), ("二", 2)],
        *[
            ("十二", 12),
            ("２", 2),
            ("\u2066٣\u2069", 3),
            ("", None),
            ("two", None),
            ("2 kids", None),
        ],
        *[("1984", None), ("½", None), ("112", 112), ("-2", None)],
    ],
)
def test_numbers_of_all_scripts(typed: str, number: int | None) -> None:
    assert typed_number(typed) == number


def test_every_channel_has_its_limits() -> None:
    assert len(MAKERS) == len(CHANNELS)
    for name in CHANNELS:
        assert limits_of(name).name == name


@pytest.mark.parametrize("code", list(languages()))
def test_the_word_that_opens_a_list_is_short_enough(code: str, replies: Replies) -> None:
    """WhatsApp gives it twenty characters."""
    translate = replies.catalogues.translator(code)
    assert 0 < len(translate.plain(replies.library.labels["choose"])) <= 20
