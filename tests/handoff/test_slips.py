"""What can go wrong between two who write to each other: races, slips, late buttons, too much."""

from __future__ import annotations

import asyncio
import datetime as dt
import re

import pytest

from bot.desk.services import DESK
from bot.handoff import casework, router
from bot.handoff.rules import Patience
from bot.handoff.watch import Watch
from bot.i18n.formats import moment_in_finland
from bot.keys import OFFICE, TALKS, TRANSCRIPTS
from tests.handoff.conftest import MORNING, NIGHT, House


async def test_a_huge_number_is_refused_and_breaks_nothing(house: House) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    for wrong in ("9" * 40, "-1", "x"):
        assert (await person.client.get(f"/talk/news?after={wrong}")).status == 400
    page = await person.press(f'/talk{{"about": "{"9" * 40}", "option": "yes"}}')
    assert house.say("This talk has ended.", "fi") in page


async def test_a_page_that_has_everything_is_told_so_in_a_few_bytes(house: House) -> None:
    house.at(MORNING)
    person, worker = await house.newcomer("fi"), await house.worker()
    await person.press("/handoff")
    (talk,) = house.app_talks()
    await worker.get(talk)
    await worker.post(f"{talk}/take")
    for browser, path in ((person.client, "/talk/news"), (worker.client, f"{talk}/messages")):
        await browser.get(path)  # what it brings is marked as seen, which is news, too
        tag = (await browser.get(path)).headers["ETag"]
        again = await browser.get(path, headers={"If-None-Match": tag})
        assert (again.status, await again.read()) == (304, b"")
        await person.write("Vielä jotakin")
        news = await browser.get(path, headers={"If-None-Match": tag})
        assert news.status == 200
    assert "Vielä jotakin" in await worker.get(f"{talk}/messages")


async def test_a_message_that_is_still_being_written_is_seen_and_can_be_answered(
    house: House,
) -> None:
    """She wrote at night and left the page open: in the morning nobody waits for «ready»."""
    house.at(NIGHT)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    worker = await house.worker()
    assert "/desk/talks/t-" not in await worker.get("/desk/talks")  # nothing to answer yet
    await person.write("Kotimme on kylmä")
    line = await worker.get("/desk/talks")
    assert "Kirjoittaa viestiä (1)" in line
    house.at(MORNING)
    (talk,) = house.app_talks()
    await worker.get(talk)
    await worker.post(f"{talk}/take")
    assert "Kirjoitat nyt ihmisen kanssa." in await person.look()


async def test_who_left_a_message_joins_the_queue_when_the_office_is_open(house: House) -> None:
    house.at(NIGHT)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    await person.write("Kotimme on kylmä")
    await person.press('/talk{"do": "ready"}')
    assert house.say("How may we answer you?", "fi") in await person.press("/handoff")
    house.at(MORNING)
    assert "Numerosi jonossa on 1." in await person.press("/handoff")
    (talk,) = house.app[TALKS].open()
    assert (talk.state, talk.said) == ("waiting", 1)


async def test_two_clicks_take_a_talk_once_and_a_colleague_is_told(house: House) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    anna, olli = await house.worker(), await house.worker("olli.oma")
    (talk,) = house.app_talks()
    await asyncio.gather(anna.get(talk), olli.get(talk))
    await asyncio.gather(*(b.post(f"{talk}/take") for b in (anna, anna, olli, olli)))
    page = await person.look()
    assert page.count("Kirjoitat nyt ihmisen kanssa.") == 1
    (taken,) = house.app[TALKS].open()
    other = olli if taken.taken_by == "anna.virtanen" else anna
    await other.get(talk)
    await other.post(f"{talk}/say", text="Minä ensin", delivery="x")
    assert "Minä ensin" not in await person.look()


async def test_it_stays_known_who_of_the_workers_said_what(house: House) -> None:
    """Also after the talk was passed on; and in the person's own copy who was a person."""
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.write("Hyvää huomenta")
    await person.press("/handoff")
    anna, olli = await house.worker(), await house.worker("olli.oma")
    (talk,) = house.app_talks()
    await anna.get(talk)
    await anna.post(f"{talk}/take")
    await anna.post(f"{talk}/say", text="Olen Anna", delivery="a")
    await anna.post(f"{talk}/hand-over", colleague="olli.oma")
    await olli.get(talk)
    await olli.post(f"{talk}/say", text="Olen Olli", delivery="b")
    shown = re.findall(
        r'class="who quiet">([^ ]+) .*?<p class="mine"[^>]*>([^<]+)', olli.page, re.S
    )
    assert shown == [("anna.virtanen", "Olen Anna"), ("olli.oma", "Olen Olli")]
    saved = await (await person.client.get("/conversation.txt")).text()
    spoken = re.findall(r"— (.+) —\n+(.*)", saved)
    assert ("Sinä", "Hyvää huomenta") in spoken
    assert ("Ihminen", "Olen Anna") in spoken
    assert ("Silta", "Integraatiopalveluiden") not in spoken
    assert {who for who, text in spoken if text.startswith("Olen ")} == {"Ihminen"}
    assert {"Silta", "Sinä", "Ihminen"} == {who for who, _ in spoken}


async def test_whoever_reads_a_talk_of_somebody_else_stands_in_the_log(house: House) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    await person.write("Salaisuus")
    curious = await house.worker("olli.oma")
    (talk,) = house.app_talks()
    assert "Salaisuus" in await curious.get(f"{talk}/messages")
    reference = talk.rpartition("/")[2]
    trail = [(e.who, e.what) for e in house.app[DESK].audit.trail(reference)]
    assert trail == [("olli.oma", "talk_opened")]


async def test_too_much_is_answered_kept_nowhere_in_clear_and_danger_in_it_is_heard(
    house: House,
) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    page = await person.write(
        "I study Finnish in the mornings and work in a restaurant in the evenings. " * 60
    )
    assert "liian pitkä" in page
    assert "restaurant in the" not in page
    (talk,) = house.app[TALKS].open()
    assert not talk.urgent
    page = await person.write(
        "kissa " * 600 + "Mieheni hakkaa minua, pelkään että hän tappaa minut"
    )
    assert "112" in page
    assert "liian pitkä" in page
    (talk,) = house.app[TALKS].open()
    assert talk.urgent
    everything = str(house.app[TRANSCRIPTS].latest(talk.sender, 99))
    assert "restaurant in the" not in everything
    assert "hakkaa" not in everything


async def test_only_what_nobody_has_answered_counts_as_too_many(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "MOST_UNANSWERED", 2)
    house.at(MORNING)
    person, worker = await house.newcomer("fi"), await house.worker()
    await person.press("/handoff")
    (talk,) = house.app_talks()
    await worker.get(talk)
    await worker.post(f"{talk}/take")
    for number in range(4):
        assert "hyvin pitkä" not in await person.write(f"Viesti {number}")
        await worker.post(f"{talk}/say", text="Kiitos", delivery=f"d{number}")
    await person.write("Yksi")
    await person.write("Kaksi")
    assert "hyvin pitkä" in await person.write("Kolme")


async def test_an_answer_to_a_phrase_of_an_old_talk_does_not_slip_into_the_new_one(
    house: House,
) -> None:
    house.at(MORNING)
    person, worker = await house.newcomer("fi"), await house.worker()
    await person.press("/handoff")
    (talk,) = house.app_talks()
    await worker.get(talk)
    await worker.post(f"{talk}/take")
    await worker.post(f"{talk}/phrase", phrase="need_interpreter", delivery="one")
    await worker.post(f"{talk}/end")
    await person.look()
    old = person.page
    await person.press("/handoff")
    person.page = old
    page = await person.press_titled("Kyllä")
    assert house.say("This talk has ended.", "fi") in page
    (new,) = house.app[TALKS].open()
    assert new.said == 0


async def test_a_notice_speaks_the_language_she_reads_now_its_dates_too(house: House) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    house.at(MORNING + 7 * 3600)
    watch = Watch(house.app[TALKS], house.app[OFFICE], Patience())
    assert watch.look() == 1  # the office has closed
    assert "torstai 26. marraskuuta 2026" in await person.look()
    await person.press('/change_language{"locale": "en"}')
    person.language = "en"
    page = await person.look()
    en = house.replies.catalogues.languages["en"]
    opens = moment_in_finland(dt.datetime(2026, 11, 26, 7, tzinfo=dt.timezone.utc), en)
    assert ", ".join(opens) in page
    assert "torstai" not in page
    assert "2026-11" not in page


async def test_a_message_that_a_worker_has_taken_cannot_be_taken_back(house: House) -> None:
    house.at(NIGHT)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    await person.write("Kotimme on kylmä")
    await person.press('/talk{"do": "ready"}')
    (left,) = house.app[TALKS].open()
    house.app[TALKS].change(left.id, "kajaani", lambda t: casework.take(t, "anna", MORNING))
    assert not house.app[TALKS].take_back(left)
    assert [m.body["text"] for m in house.app[TALKS].messages.of(left.id)] == ["Kotimme on kylmä"]
