"""Act 306/2019, section 6a: what a public body's chatbot must fulfil. One test a condition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from bot.answers.replies import Replies
from bot.composition import languages, library, phrase_book
from bot.content.freshness import Freshness
from bot.files import ROOT, read_yaml
from bot.handoff import talk as talks
from bot.records.advance import STATES
from bot.settings import Settings
from tests.handoff.conftest import MORNING, House

DECIDING = {"accepted", "approved", "granted", "rejected", "refused", "denied", "decided"}
RESPONSES = read_yaml(ROOT / "domain.yml")["responses"]


def test_1_it_makes_no_decision_of_an_authority(replies: Replies) -> None:
    """Nothing that Silta keeps can be in a state that decides, and it says so to everybody."""
    assert not DECIDING & {*STATES, *talks.STATES}
    for key in ("utter_greet", "utter_about_bot"):
        assert "make no decisions" in RESPONSES[key][0]["text"]
        for code in languages():
            reply = replies.render(key, code, {})
            assert {block["lang"] for block in reply.custom["blocks"]} == {code}
    assert phrase_book().phrases["no_decision_here"]


def test_2_its_texts_are_checked_beforehand(replies: Replies) -> None:
    """Every answer has sources and a day of checking, and one that is too old is not told."""
    content = library()
    for topic in content.topics.values():
        assert topic.sources
        assert topic.reviewed <= dt.date.today()
        late = content.policy.review_due(topic) + dt.timedelta(days=2000)
        assert content.policy.freshness(topic, late) is Freshness.WITHHELD
    assert Settings().translation_url == ""  # no text of a machine unless somebody switches it on


async def test_3_the_language_of_its_texts_is_checked_and_its_state_is_told(house: House) -> None:
    """A text that is not translated says so; a language that nobody read twice says that."""
    for code, language in languages().items():
        page = await (await house.newcomer(code)).look()
        told = house.say(library().labels["language_drafted"], code)
        assert (told in page) is not language.is_checked
    untranslated = house.replies.catalogues.translator("so")("A sentence that nobody wrote.")
    assert untranslated.lang == "en"


async def test_4_everybody_is_told_that_it_is_a_program(house: House) -> None:
    """At the beginning, on the page at all times, and again when a person has gone."""
    for code in languages():
        person = await house.newcomer(code)
        page = await person.look()
        assert house.say("A computer program, not an official", code) in page
        assert '<article class="silta greet"' in page
    for key in ("utter_talk_ended", "utter_talk_back", "utter_talk_away"):
        assert "a computer program" in RESPONSES[key][0]["text"]


async def test_5_there_is_a_way_to_a_person_at_all_times(house: House) -> None:
    """A button on the page, and in every reply that does not help; it leads into the queue."""
    person = await house.newcomer("ar")
    assert 'name="choice" value="/handoff"' in await person.look()
    for key in ("utter_out_of_scope", "utter_ask_again", "utter_help", "utter_about_bot"):
        assert "/handoff" in [b["payload"] for b in RESPONSES[key][0]["buttons"]], key
    house.at(MORNING)
    page = await person.press("/handoff")
    waiting = "What you write now goes to the person. I answer only if you are in danger."
    assert house.say(waiting, "ar") in page


async def test_6_the_conversation_can_be_saved_with_what_the_person_wrote(house: House) -> None:
    house.at(MORNING)
    person, worker = await house.newcomer("fi"), await house.worker()
    await person.press("/handoff")
    await person.write("Tarvitsen apua lomakkeeseen")
    talk = (await worker.get("/desk/talks")).split('href="/desk/talks/')[1].split('"')[0]
    await worker.get(f"/desk/talks/{talk}")
    await worker.post(f"/desk/talks/{talk}/take")
    await worker.post(f"/desk/talks/{talk}/phrase", phrase="fill_form_together")
    saved = await (await person.client.get("/conversation.txt?lang=fi")).text()
    assert "Tarvitsen apua lomakkeeseen" in saved
    assert "Voimme täyttää lomakkeen yhdessä, kun tapaamme." in saved


async def test_the_responsible_person_is_named_on_the_page(
    new_house: Callable[..., Awaitable[House]],
) -> None:
    house = await new_house(responsible_person="Maija Vastaava <x>")
    person = await house.newcomer("ar")
    html = await (await person.client.get("/?lang=ar")).text()
    assert "Maija Vastaava &lt;x&gt;" in html
